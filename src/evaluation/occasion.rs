//! The facts of a perfume → when it is worn.

use std::time::Instant;

use anyhow::Result;
use serde::Deserialize;
use serde_json::json;

use super::{Options, Prediction, cases};
use crate::catalog::{Seed, Setting, Taxonomy, facts};

#[derive(Deserialize)]
struct Case {
    id: String,
    brand: String,
    name: String,
    top: Vec<String>,
    middle: Vec<String>,
    base: Vec<String>,
    notes: Vec<String>,
    accords: Vec<String>,
}

pub(super) fn predict(options: &Options) -> Result<Vec<Prediction>> {
    let cases: Vec<Case> = cases::read(&options.cases)?;
    let taxonomy = Taxonomy::new(Seed::read()?.notes);
    let predict = |case: Case| {
        let started = Instant::now();
        let layers = [&case.top, &case.middle, &case.base, &case.notes];
        let fragrance = facts(&taxonomy, &case.brand, &case.name, layers.map(Vec::as_slice), &case.accords);
        let setting = Setting::of(&taxonomy, &fragrance);
        let season = json!({
            "winter": setting.winter, "spring": setting.spring, "summer": setting.summer, "fall": setting.fall,
        });
        let line = json!({ "id": case.id, "season": season, "day": setting.day, "night": setting.night });
        Prediction::since(started, line)
    };
    Ok(cases.into_iter().map(predict).collect())
}
