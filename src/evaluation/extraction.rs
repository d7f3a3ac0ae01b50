//! A text → the notes it names or evokes: the pipeline's own extraction.

use std::{sync::Arc, time::Instant};

use anyhow::Result;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Options, Prediction, cases, house};
use crate::{
    catalog::{FlatVectors, Snapshot},
    server::settings::Settings,
    understanding::Perception,
};

/// So many notes are named for a text.
const MOST: usize = 60;

#[derive(Deserialize)]
struct Case {
    id: String,
    text: String,
}

pub(super) async fn predict(settings: &Settings, options: &Options) -> Result<Vec<Prediction>> {
    let cases: Vec<Case> = cases::read(&options.cases)?;
    let (embedder, taxonomy) = house::notes(settings).await?;
    let snapshot = Snapshot::new(Arc::new(taxonomy), Vec::new(), FlatVectors::default())?;
    let perception = Perception::new(Arc::new(snapshot), embedder)?;
    let mut predictions = Vec::with_capacity(cases.len());
    for case in cases {
        let started = Instant::now();
        let notes = perception.notes(&case.text).await?.into_iter().take(MOST);
        let notes: Vec<Value> = notes.map(|(name, confidence)| json!({ "name": name, "confidence": confidence })).collect();
        predictions.push(Prediction::since(started, json!({ "id": case.id, "notes": notes })));
    }
    Ok(predictions)
}
