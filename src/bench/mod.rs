//! How fast the house is: its own code under an open load, on a catalog and a person of any size.

mod load;
mod stock;

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Args;
use serde::Serialize;

use crate::{
    catalog::Catalog,
    server::{
        Open, open,
        settings::{FileSettings, ProviderSettings, Settings},
    },
};

/// What is asked of the house.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Perfumes in the catalog; those beyond the seed are mixtures of it.
    #[arg(long, default_value_t = 60_000)]
    perfumes: usize,
    /// Memories of the person who asks.
    #[arg(long, default_value_t = 1_000)]
    memories: usize,
    /// Questions a second, asked on time whether the last one is answered or not.
    #[arg(long, default_value_t = 10.0)]
    rate: f64,
    /// For how long questions are asked.
    #[arg(long, default_value_t = 20.0)]
    seconds: f64,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// Times in milliseconds.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Times {
    count: usize,
    p50: f64,
    p90: f64,
    p99: f64,
    max: f64,
}

impl Times {
    /// None of nothing.
    fn of(mut milliseconds: Vec<f64>) -> Option<Self> {
        milliseconds.sort_by(f64::total_cmp);
        let last = milliseconds.len().checked_sub(1)?;
        let at = |part: f64| milliseconds[((last as f64) * part).round() as usize];
        Some(Self { count: milliseconds.len(), p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1.0) })
    }
}

#[derive(Debug, Serialize)]
struct Report {
    build: &'static str,
    cores: usize,
    /// What else the machine had to do when the measuring began: the load average of the last minute, where it is told.
    load_before: Option<f64>,
    perfumes: usize,
    memories: usize,
    rate_per_second: f64,
    /// Seconds to fill the catalog and to understand the memories.
    stock_s: f64,
    memories_s: f64,
    vector_search: Times,
    asks: load::Asks,
}

/// Stocks a house in memory, measures, and prints what was seen.
pub async fn run(settings: &Settings, options: &Options) -> Result<()> {
    let load_before = load_average();
    // Nothing of the house that is set up here is touched, and nobody is paid.
    let data = tempfile::tempdir().context("no folder for the measuring")?;
    let settings = Settings {
        database: "mem://".into(),
        data: data.path().to_owned(),
        files: FileSettings { originals: Some("memory:".into()), ..settings.files.clone() },
        provider: ProviderSettings::default(),
        rate_limits: false,
        ..settings.clone()
    };
    eprintln!("opening the house");
    let Open { house, worker, store, catalog, .. } = open(&settings).await?;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let worker = tokio::spawn(worker.run(stopped));

    eprintln!("stocking {} perfumes", options.perfumes);
    let started = Instant::now();
    stock::perfumes(&store, &catalog, options.perfumes).await?;
    let stock_s = started.elapsed().as_secs_f64();
    eprintln!("writing {} memories", options.memories);
    let started = Instant::now();
    let user = stock::person(&house, options.memories).await?;
    let memories_s = started.elapsed().as_secs_f64();

    let vector_search = vector_search(&catalog)?;
    eprintln!("asking {} times a second for {} s", options.rate, options.seconds);
    let asks = load::ask(&house.advisor, &user, options.rate, Duration::from_secs_f64(options.seconds)).await?;
    let _ = stop.send(true);
    let _ = worker.await;
    let report = Report {
        build: if cfg!(debug_assertions) { "development" } else { "release" },
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        load_before,
        perfumes: catalog.snapshot().fragrances().len(),
        memories: options.memories,
        rate_per_second: options.rate,
        stock_s,
        memories_s,
        vector_search,
        asks,
    };
    if options.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        report.print();
    }
    Ok(())
}

/// One exact search after the other.
fn vector_search(catalog: &Catalog) -> Result<Times> {
    let snapshot = catalog.snapshot();
    let rows = snapshot.fragrances().len();
    let times = (0..200).map(|at| {
        let query = snapshot.vector((at * 7919) % rows);
        let started = Instant::now();
        let found = snapshot.vectors().nearest(query, 20);
        assert!(!found.is_empty());
        started.elapsed().as_secs_f64() * 1000.0
    });
    Times::of(times.collect()).context("nothing was searched")
}

fn load_average() -> Option<f64> {
    std::fs::read_to_string("/proc/loadavg").ok()?.split(' ').next()?.parse().ok()
}

impl Report {
    fn print(&self) {
        println!(
            "{} build, {} cores, load before {}",
            self.build,
            self.cores,
            self.load_before.map_or("unknown".into(), |l| l.to_string())
        );
        println!("{} perfumes in {:.1} s, {} memories in {:.1} s", self.perfumes, self.stock_s, self.memories, self.memories_s);
        println!("{:<24} {:>8} {:>8} {:>8} {:>8}", "milliseconds", "p50", "p90", "p99", "max");
        let line = |what: &str, times: &Times| {
            println!("{what:<24} {:>8.2} {:>8.2} {:>8.2} {:>8.2}", times.p50, times.p90, times.p99, times.max);
        };
        line("vector search", &self.vector_search);
        line("ask: first candidate", &self.asks.first_candidate);
        line("ask: whole answer", &self.asks.whole);
        for (stage, times) in &self.asks.stages {
            line(&format!("  {stage}"), times);
        }
        println!("{} asked, {} failed", self.asks.asked, self.asks.failed);
    }
}
