//! How good the house is: its own code, run on cases with known answers.
//!
//! Nothing is done here that is not done for people: what is measured is the pipeline's extraction, the advisor's
//! interpretation, ranking and laws, and the taste that reactions leave. Only what is presentation (diversity, exploration,
//! words) is left out.

mod cases;
mod extraction;
mod house;
mod occasion;
mod questions;
mod scores;
mod similar;
mod taste;

use std::{path::PathBuf, time::Instant};

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};

use crate::server::settings::Settings;

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Task {
    /// A text about a perfume → the perfume.
    Retrieval,
    /// A text → the notes it names or evokes.
    Extraction,
    /// A person's ratings → what else they will love.
    Taste,
    /// A perfume's facts → when it is worn.
    Occasion,
    /// A perfume → what reminds people of it.
    Similar,
    /// Requests with constraints → perfumes that keep them.
    Commands,
}

/// Where the cases come from and where the predictions go.
#[derive(Args, Debug)]
pub struct Options {
    #[arg(value_enum)]
    pub task: Task,
    /// The perfumes to choose from (CSV).
    #[arg(long, value_name = "CSV")]
    pub catalog: Option<PathBuf>,
    /// The cases, one JSON object a line.
    #[arg(long, value_name = "JSONL")]
    pub cases: PathBuf,
    /// Where the predictions go, one JSON object a line.
    #[arg(long, value_name = "JSONL")]
    pub out: PathBuf,
    /// The answers; with them, figures are printed.
    #[arg(long, value_name = "JSONL")]
    pub answers: Option<PathBuf>,
}

impl Options {
    fn catalog(&self) -> Result<&PathBuf> {
        self.catalog.as_ref().context("this task needs --catalog")
    }
}

/// What was predicted for a case, and how long it took.
struct Prediction {
    line: serde_json::Value,
    milliseconds: f64,
}

impl Prediction {
    fn since(started: Instant, line: serde_json::Value) -> Self {
        Self { line, milliseconds: started.elapsed().as_secs_f64() * 1000.0 }
    }
}

/// Predicts every case, writes the predictions and prints a small table.
pub async fn run(settings: &Settings, options: &Options) -> Result<()> {
    let started = Instant::now();
    let predictions = match options.task {
        Task::Retrieval => questions::predict(settings, options, questions::Length::Twenty).await?,
        Task::Commands => questions::predict(settings, options, questions::Length::Ten).await?,
        Task::Similar => similar::predict(settings, options).await?,
        Task::Taste => taste::predict(settings, options).await?,
        Task::Occasion => occasion::predict(options)?,
        Task::Extraction => extraction::predict(settings, options).await?,
    };
    ensure!(!predictions.is_empty(), "{} holds no case", options.cases.display());
    let lines: Vec<&serde_json::Value> = predictions.iter().map(|prediction| &prediction.line).collect();
    cases::write(&options.out, &lines)?;

    let mut times: Vec<f64> = predictions.iter().map(|prediction| prediction.milliseconds).collect();
    times.sort_by(f64::total_cmp);
    println!("cases              {:>9}", predictions.len());
    println!("seconds            {:>9.1}", started.elapsed().as_secs_f64());
    println!("median ms a case   {:>9.2}", times[times.len() / 2]);
    if let Some(answers) = &options.answers {
        for (figure, value) in scores::figures(options.task, &lines, &cases::read(answers)?)? {
            println!("{figure:<18} {value:>9.3}");
        }
    }
    Ok(())
}
