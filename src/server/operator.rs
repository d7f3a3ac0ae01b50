//! What the operator orders from the command line, be the server running or not.

use std::{path::PathBuf, sync::Arc};

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};

use crate::{
    accounts::Accounts,
    advisor::WRITING,
    catalog::{
        Catalog,
        import::{Importer, Source},
    },
    domain::{
        account::Role,
        ids::UserId,
        training::{Actor, RankerReport},
    },
    learning::{Learning, examples, ranker::Ranker},
    store::{Store, backup, scent_memory},
    understanding::Understanding,
};

/// An order. It travels over the socket of a running server as JSON.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Order {
    /// Says whether the database answers, and does nothing.
    Ping,
    Grant {
        email: String,
    },
    Revoke {
        email: String,
    },
    Export {
        email: String,
    },
    Import {
        file: PathBuf,
        source: Source,
        dry_run: bool,
    },
    Backup {
        file: PathBuf,
    },
    /// Trains the ranking on the reactions so far.
    Train {
        dry_run: bool,
    },
    /// Writes the training examples as JSONL, those of the held-out people beside them.
    ExportExamples {
        file: PathBuf,
    },
    /// All memories, or those of one person.
    Reprocess {
        email: Option<String>,
        /// Files are read anew, too; texts that people put right stay.
        files: bool,
    },
}

/// What of a running server has to hear of what is new.
#[derive(Clone)]
pub(super) struct Running {
    pub catalog: Arc<Catalog>,
    pub learning: Arc<Learning>,
}

/// Who carries orders out.
#[derive(Clone)]
pub(super) struct Operator {
    store: Store,
    running: Option<Running>,
}

impl Operator {
    pub fn new(store: Store, running: Option<Running>) -> Self {
        Self { store, running }
    }

    /// Carries an order out. `say` is told what a person wants to read, line by line, as it comes.
    pub async fn carry_out(&self, order: Order, say: &(dyn Fn(String) + Send + Sync)) -> Result<()> {
        let accounts = Accounts::new(self.store.clone());
        match order {
            Order::Ping => {
                if !self.store.ping().await {
                    bail!("the database does not answer the running server");
                }
            }
            Order::Grant { email } => say(role_line(&accounts, &email, Role::Admin).await?),
            Order::Revoke { email } => say(role_line(&accounts, &email, Role::Member).await?),
            Order::Export { email } => say(serde_json::to_string_pretty(&accounts.export_by_email(&email).await?)?),
            Order::Import { file, source, dry_run } => {
                if !file.is_file() {
                    bail!("{} is no file", file.display());
                }
                let importer = Importer::new(self.store.clone());
                importer.run(&file, source, dry_run, say).await?;
                if let (Some(running), false) = (&self.running, dry_run) {
                    running.catalog.refresh().await?;
                }
            }
            Order::Backup { file } => {
                backup::write(&self.store, &file).await?;
                say(format!("everything is in {}", file.display()));
            }
            Order::Train { dry_run } => {
                let ranker = match &self.running {
                    Some(running) => running.learning.ranker().clone(),
                    None => Arc::new(Ranker::new(self.store.clone())),
                };
                let report = ranker.train(dry_run, Actor::CommandLine, None).await?;
                training_lines(&report, dry_run).into_iter().for_each(say);
            }
            Order::ExportExamples { file } => examples::write(&self.store, &file, WRITING, say).await?,
            Order::Reprocess { email, files } => {
                let user = match email {
                    Some(email) => Some(accounts.id_by_email(&email).await?),
                    None => None,
                };
                let count = self.reprocess(user.as_ref(), files).await?;
                say(format!("{count} memories are understood anew; nothing that was written is changed"));
            }
        }
        Ok(())
    }

    /// Queues memories whose way has ended; the server's worker, now or when it next runs, takes them.
    async fn reprocess(&self, user: Option<&UserId>, files: bool) -> Result<usize> {
        let ended = scent_memory::ended(&self.store, user).await?;
        for (user, memory, memory_type) in &ended {
            let job = Understanding::job(user, memory, *memory_type);
            match files {
                true => scent_memory::repeat_with_file(&self.store, user, memory, job).await?,
                false => scent_memory::repeat(&self.store, user, memory, job).await?,
            };
        }
        Ok(ended.len())
    }
}

async fn role_line(accounts: &Accounts, email: &str, role: Role) -> Result<String> {
    let person = accounts.set_role(email, role).await?;
    Ok(format!("{} is now {}", person.email, role.label()))
}

/// A training for a person to read.
fn training_lines(report: &RankerReport, dry_run: bool) -> Vec<String> {
    let mut lines = vec![
        format!("learned from   {} preferences of {} people who consented", report.pairs, report.people),
        format!("measured on    {} preferences of {} others", report.held_out_pairs, report.held_out_people),
        format!("in service     {}: pairs {:.4}, NDCG@5 {:.4}", report.base, report.before.pair_accuracy, report.before.ndcg),
        format!("trained        pairs {:.4}, NDCG@5 {:.4}", report.after.pair_accuracy, report.after.ndcg),
    ];
    let moved = report.moved.iter().take(12);
    lines.extend(moved.map(|weight| format!("  {:<18} {:.2} to {:.2}", weight.feature, weight.from, weight.to)));
    lines.push(report.decision.clone());
    lines.push(match (&report.model, dry_run) {
        (Some(name), _) => format!("{name} is in service now"),
        (None, true) => "nothing was changed (--dry-run)".to_owned(),
        (None, false) => format!("{} stays in service", report.base),
    });
    lines
}
