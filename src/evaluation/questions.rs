//! A question → perfumes: interpretation, retrieval, ranking and laws, as they serve people.

use std::{collections::HashSet, time::Instant};

use anyhow::Result;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Options, Prediction, cases,
    house::{EvaluationHouse, Named},
};
use crate::{
    advisor::{Person, judge, rank::Model},
    server::settings::Settings,
};

/// How many perfumes are named for a case.
#[derive(Clone, Copy, Debug)]
pub(super) enum Length {
    Ten = 10,
    Twenty = 20,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    query: String,
    /// If there are some, only these are ranked.
    #[serde(default)]
    candidates: Option<Vec<String>>,
}

pub(super) async fn predict(settings: &Settings, options: &Options, length: Length) -> Result<Vec<Prediction>> {
    let cases: Vec<Case> = cases::read(&options.cases)?;
    let house = EvaluationHouse::open(settings, options.catalog()?).await?;
    let model = Model::standard();
    let mut predictions = Vec::with_capacity(cases.len());
    for case in cases {
        let started = Instant::now();
        let verdict = judge(&model, house.embedder.as_ref(), &house.snapshot, Person::default(), &case.query).await;
        let among: Option<HashSet<usize>> = match &case.candidates {
            Some(pids) => Some(pids.iter().map(|pid| house.place(pid)).collect::<Result<_>>()?),
            None => None,
        };
        let ranked = verdict.ranked.iter().filter(|scored| among.as_ref().is_none_or(|among| among.contains(&scored.index)));
        let ranked: Vec<Value> =
            ranked.take(length as usize).map(|scored| line(&house.named[scored.index], scored.score)).collect();
        predictions.push(Prediction::since(started, json!({ "id": case.id, "ranked": ranked })));
    }
    Ok(predictions)
}

/// A perfume with its score, as predictions name it.
pub(super) fn line(named: &Named, score: f64) -> Value {
    json!({ "pid": named.pid, "brand": named.brand, "name": named.name, "score": score })
}
