//! The command line.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};
use flowery::{
    bench,
    catalog::import::Source,
    decode::apart,
    evaluation,
    server::{self, Order, Role, doctor, settings::Settings, telemetry},
    store::backup,
};

/// Perfume recommendations that grow out of your own scent memories.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// The configuration file.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the site and run the background jobs.
    Serve {
        #[arg(long, value_enum, default_value_t = Role::All)]
        role: Role,
    },
    /// Tell what works here: settings, database, models, browser bundle.
    Doctor,
    /// Measure how good the advice is, on cases with known answers.
    Eval(evaluation::Options),
    /// Measure how fast it answers, on a catalog and with a person of any size.
    Bench(bench::Options),
    /// Give an account a role.
    Grant {
        email: String,
        #[arg(value_parser = ["admin"])]
        role: String,
    },
    /// Take a role from an account.
    Revoke {
        email: String,
        #[arg(value_parser = ["admin"])]
        role: String,
    },
    /// Bring a catalog in from a CSV file. Known perfumes are completed, never doubled; it can be run again at any time.
    Import {
        #[arg(value_name = "CATALOG.csv")]
        file: PathBuf,
        #[arg(long, value_enum, default_value_t = Source::Auto)]
        source: Source,
        /// Only tell what would be done.
        #[arg(long)]
        dry_run: bool,
    },
    /// Train the ranking on the reactions so far, of those who consented; deploys only what is better.
    Train {
        /// Train nothing: write the training examples as JSONL for a provider, and those of the held-out people beside it.
        #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
        export: Option<PathBuf>,
        /// Only tell what would be done.
        #[arg(long)]
        dry_run: bool,
    },
    /// Understand memories anew, as after a change of the models. What people wrote and corrected stays.
    Reprocess {
        /// Only those of one person.
        #[arg(long, value_name = "EMAIL")]
        user: Option<String>,
        /// The first stage to repeat. From `read` on (the default), files are read anew, too; the stages after it build on each
        /// other within one walk, so all of them are repeated.
        #[arg(long, value_parser = ["read", "enhance", "chunk", "embed", "extract", "learn"])]
        stage: Option<String>,
    },
    /// Write the whole database to a file.
    Backup { file: PathBuf },
    /// Fill an empty database from a backup.
    Restore { file: PathBuf },
    /// Print everything that is kept of a person, as JSON.
    Export {
        #[arg(long, value_name = "EMAIL")]
        user: String,
    },
}

fn main() -> ExitCode {
    // A decoder has limits of its own, and neither settings nor a runtime.
    apart::decoder(std::env::args_os()).unwrap_or_else(command_line)
}

#[tokio::main]
async fn command_line() -> ExitCode {
    telemetry::start();
    match run(Cli::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("flowery: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<ExitCode> {
    let settings = Settings::load(cli.config.as_deref())?;
    match cli.command {
        Command::Serve { role } => server::serve(settings, role).await?,
        Command::Doctor => return Ok(if doctor::examine(&settings).await { ExitCode::SUCCESS } else { ExitCode::FAILURE }),
        Command::Eval(options) => evaluation::run(&settings, &options).await?,
        Command::Bench(options) => bench::run(&settings, &options).await?,
        Command::Grant { email, .. } => server::order(&settings, Order::Grant { email }).await?,
        Command::Revoke { email, .. } => server::order(&settings, Order::Revoke { email }).await?,
        Command::Export { user } => server::order(&settings, Order::Export { email: user }).await?,
        Command::Reprocess { user, stage } => {
            let files = stage.is_none_or(|stage| stage == "read");
            server::order(&settings, Order::Reprocess { email: user, files }).await?;
        }
        Command::Train { export: Some(file), .. } => {
            server::order(&settings, Order::ExportExamples { file: std::path::absolute(&file)? }).await?;
        }
        Command::Train { dry_run, .. } => server::order(&settings, Order::Train { dry_run }).await?,
        Command::Backup { file } => server::order(&settings, Order::Backup { file: std::path::absolute(&file)? }).await?,
        Command::Restore { file } => {
            settings.make_data_folder()?;
            backup::read(&settings.database, &file).await?;
            println!("everything of {} is in the database", file.display());
        }
        Command::Import { file, source, dry_run } => {
            // The server that carries it out may stand in another folder.
            let file = std::path::absolute(&file)?;
            server::order(&settings, Order::Import { file, source, dry_run }).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
