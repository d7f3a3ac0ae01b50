//! An open load: questions come on time, whether the last one is answered or not.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use serde::Serialize;
use tokio::{sync::mpsc, time::interval};

use super::Times;
use crate::{
    advisor::{Advisor, AskEvent},
    domain::ids::UserId,
};

/// As people ask: short and long, with laws and without.
const QUESTIONS: &[&str] = &[
    "Something woody for the office, no patchouli",
    "A warm evening by the fire, under 150 €, not Dior",
    "like Terre d'Hermès but softer",
    "The garden of my grandmother after the rain: wet earth, roses, and the smoke of a far fire",
    "Citrus but never lemon, for hot days",
    "Something that smells like an old library, quiet and a little sweet",
    "A floral without tuberose or jasmine, under 90 euros",
    "The sea in winter, salt and driftwood, nothing sweet",
];

/// What came of the questions.
#[derive(Debug, Serialize)]
pub(super) struct Asks {
    pub asked: usize,
    pub failed: usize,
    /// From asking to the first perfume.
    pub first_candidate: Times,
    /// From asking to the end of the answer.
    pub whole: Times,
    pub stages: BTreeMap<&'static str, Times>,
}

/// How long one answer took.
struct Answered {
    first_candidate: f64,
    whole: f64,
    stages: [(&'static str, f64); 4],
}

pub(super) async fn ask(advisor: &Arc<Advisor>, user: &UserId, rate: f64, during: Duration) -> Result<Asks> {
    // The first questions fill caches, and are not counted.
    for question in QUESTIONS {
        one(advisor, user, question).await?;
    }
    let mut ticks = interval(Duration::from_secs_f64(1.0 / rate));
    let started = Instant::now();
    let mut running = Vec::new();
    while started.elapsed() < during {
        ticks.tick().await;
        let (advisor, user, question) = (Arc::clone(advisor), user.clone(), QUESTIONS[running.len() % QUESTIONS.len()]);
        running.push(tokio::spawn(async move { one(&advisor, &user, question).await }));
    }
    let asked = running.len();
    let mut answered = Vec::with_capacity(asked);
    for task in running {
        answered.extend(task.await.context("a question panicked")?.ok());
    }
    let times = |of: &dyn Fn(&Answered) -> f64| Times::of(answered.iter().map(of).collect()).context("no question was answered");
    let stages = answered.first().map(|first| first.stages.map(|(name, _)| name)).unwrap_or_default();
    let stages = stages.into_iter().enumerate().map(|(at, name)| Ok((name, times(&|a| a.stages[at].1)?)));
    Ok(Asks {
        asked,
        failed: asked - answered.len(),
        first_candidate: times(&|a| a.first_candidate)?,
        whole: times(&|a| a.whole)?,
        stages: stages.collect::<Result<_>>()?,
    })
}

async fn one(advisor: &Advisor, user: &UserId, question: &str) -> Result<Answered> {
    let (events, mut heard) = mpsc::channel(64);
    let started = Instant::now();
    let milliseconds = || started.elapsed().as_secs_f64() * 1000.0;
    let mut first_candidate = None;
    let mut done = None;
    let listening = async {
        while let Some(event) = heard.recv().await {
            match event {
                AskEvent::Recommendation(_) => {
                    first_candidate.get_or_insert_with(milliseconds);
                }
                AskEvent::Done(answer) => done = Some((milliseconds(), answer.query_id)),
                AskEvent::Intent { .. } | AskEvent::Token(_) | AskEvent::Reason { .. } => {}
            }
        }
    };
    let (asked, ()) = tokio::join!(advisor.ask_live(user, question, events), listening);
    asked?;
    let (whole, id) = done.context("an answer did not end")?;
    let latency = advisor.get(user, &id).await?.latency_ms;
    let stages =
        [("interpret", latency.interpret), ("retrieve", latency.retrieve), ("rank", latency.rank), ("explain", latency.explain)];
    Ok(Answered { first_candidate: first_candidate.context("nothing was suggested")?, whole, stages })
}
