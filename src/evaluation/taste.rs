//! A person's ratings → what else they will love: what their ratings leave in the profile, and the advisor's ranking.

use std::{collections::HashSet, time::Instant};

use anyhow::Result;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Options, Prediction, cases, house::EvaluationHouse};
use crate::{
    advisor::{Person, rank::Model, rank_for},
    server::settings::Settings,
};

#[derive(Deserialize)]
struct Case {
    id: String,
    history: Vec<Rated>,
    #[serde(default)]
    candidates: Option<Vec<Candidate>>,
}

#[derive(Deserialize)]
struct Rated {
    pid: String,
    /// 0 to 10.
    rating: f64,
}

#[derive(Deserialize)]
struct Candidate {
    pid: String,
}

pub(super) async fn predict(settings: &Settings, options: &Options) -> Result<Vec<Prediction>> {
    let cases: Vec<Case> = cases::read(&options.cases)?;
    let house = EvaluationHouse::open(settings, options.catalog()?).await?;
    let model = Model::standard();
    let mut predictions = Vec::with_capacity(cases.len());
    for case in cases {
        let started = Instant::now();
        let places: Vec<usize> = case.history.iter().map(|rated| house.place(&rated.pid)).collect::<Result<_>>()?;
        let ratings = places.iter().zip(&case.history).map(|(&at, rated)| (at, rated.rating / 10.0));
        let person = Person::of_ratings(&house.snapshot, ratings);
        let among: Option<HashSet<usize>> = match &case.candidates {
            Some(candidates) => Some(candidates.iter().map(|c| house.place(&c.pid)).collect::<Result<_>>()?),
            None => None,
        };
        let fits = |at: usize| among.as_ref().map_or_else(|| !places.contains(&at), |among| among.contains(&at));
        let ranked = rank_for(&model, &house.snapshot, person).into_iter().filter(|scored| fits(scored.index));
        let ranked: Vec<Value> =
            ranked.map(|scored| json!({ "pid": house.named[scored.index].pid, "score": scored.score })).collect();
        predictions.push(Prediction::since(started, json!({ "id": case.id, "ranked": ranked })));
    }
    Ok(predictions)
}
