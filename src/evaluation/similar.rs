//! A perfume → the perfumes that remind people of it.

use std::time::Instant;

use anyhow::Result;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Options, Prediction, cases, house::EvaluationHouse, questions::line};
use crate::{catalog::reminders, server::settings::Settings};

const COUNT: usize = 20;

#[derive(Deserialize)]
struct Case {
    id: String,
    anchor: Anchor,
}

#[derive(Deserialize)]
struct Anchor {
    pid: String,
}

pub(super) async fn predict(settings: &Settings, options: &Options) -> Result<Vec<Prediction>> {
    let cases: Vec<Case> = cases::read(&options.cases)?;
    let house = EvaluationHouse::open(settings, options.catalog()?).await?;
    let mut predictions = Vec::with_capacity(cases.len());
    for case in cases {
        let started = Instant::now();
        let reminders = reminders(&house.snapshot, house.place(&case.anchor.pid)?);
        let ranked: Vec<Value> = reminders.into_iter().take(COUNT).map(|(at, reminds)| line(&house.named[at], reminds)).collect();
        predictions.push(Prediction::since(started, json!({ "id": case.id, "ranked": ranked })));
    }
    Ok(predictions)
}
