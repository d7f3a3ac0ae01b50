//! The command line.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};
use flowery::{
    domain::account::Role as AccountRole,
    evaluation,
    server::{self, Role, doctor, settings::Settings, telemetry},
    store::Store,
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
    /// Give an account a role. The server must not be running on an embedded database.
    Grant {
        email: String,
        #[arg(value_parser = ["admin"])]
        role: String,
    },
    /// Take a role from an account. The server must not be running on an embedded database.
    Revoke {
        email: String,
        #[arg(value_parser = ["admin"])]
        role: String,
    },
    /// Print everything that is kept of a person, as JSON. The server must not be running on an embedded database.
    Export {
        #[arg(long, value_name = "EMAIL")]
        user: String,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
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
        Command::Grant { email, .. } => set_role(&settings, &email, AccountRole::Admin).await?,
        Command::Revoke { email, .. } => set_role(&settings, &email, AccountRole::Member).await?,
        Command::Export { user } => {
            let accounts = flowery::accounts::Accounts::new(Store::open(&settings.database).await?);
            println!("{}", serde_json::to_string_pretty(&accounts.export_by_email(&user).await?)?);
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn set_role(settings: &Settings, email: &str, role: AccountRole) -> Result<()> {
    let accounts = flowery::accounts::Accounts::new(Store::open(&settings.database).await?);
    let person = accounts.set_role(email, role).await?;
    println!("{} is now {}", person.email, role.label());
    Ok(())
}
