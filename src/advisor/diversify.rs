//! From the ranking to five that differ: presentation, after the laws.

use super::{
    rank::{Scored, Trait},
    verdict::Verdict,
};
use crate::{
    catalog::{Snapshot, similarity},
    domain::intent::Intent,
};

/// How many perfumes an answer holds.
pub const ANSWERS: usize = 5;
/// From this likeness on, two perfumes are one suggestion.
const NEAR_DUPLICATE: f64 = 0.72;
/// How deep the fifth place looks for something unlike the others.
const EXPLORED: usize = 40;
/// The fifth is exploratory only if it is less like each of the others than this.
const UNLIKE: f64 = 0.3;
/// How much of what was asked for an exploratory perfume must meet, against the least of the others.
const STILL_ASKED_FOR: f64 = 0.8;

/// A perfume that will be suggested.
#[derive(Clone, Debug)]
pub struct Choice {
    pub scored: Scored,
    pub exploratory: bool,
}

/// Chooses up to [`ANSWERS`] perfumes: no house twice unless houses were asked for, and no near-duplicates; where that
/// leaves too few, houses may repeat. Scores never rise with rank.
pub fn diversify(snapshot: &Snapshot, intent: &Intent, verdict: &Verdict) -> Vec<Choice> {
    let mut chosen: Vec<&Scored> = Vec::new();
    for houses_may_repeat in [!intent.wanted_brands.is_empty(), true] {
        for scored in &verdict.ranked {
            if chosen.len() == ANSWERS {
                break;
            }
            let fits = |other: &&Scored| is_other(snapshot, scored, other, houses_may_repeat);
            if chosen.iter().all(fits) {
                chosen.push(scored);
            }
        }
    }
    let place = |scored: &Scored| verdict.ranked.iter().position(|s| s.index == scored.index);
    chosen.sort_by_key(|scored| place(scored));
    let mut choices: Vec<Choice> = chosen.iter().map(|scored| Choice { scored: (*scored).clone(), exploratory: false }).collect();
    if let Some(explored) = explore(snapshot, intent, verdict, &chosen) {
        choices[ANSWERS - 1] = Choice { scored: explored.clone(), exploratory: true };
    }
    let mut ceiling = 1.0_f64;
    for choice in &mut choices {
        ceiling = ceiling.min(choice.scored.score);
        choice.scored.score = ceiling;
    }
    choices
}

fn is_other(snapshot: &Snapshot, a: &Scored, b: &Scored, houses_may_repeat: bool) -> bool {
    let brand = |s: &Scored| &snapshot.fragrances()[s.index].brand;
    a.index != b.index
        && (houses_may_repeat || brand(a) != brand(b))
        && !snapshot.is_same_line(a.index, b.index)
        && similarity(snapshot, a.index, b.index) < NEAR_DUPLICATE
}

/// How much of what was asked for a perfume meets.
fn asked_for(scored: &Scored) -> f64 {
    [
        Trait::WantedNotes,
        Trait::WantedKinds,
        Trait::WantedAccords,
        Trait::WantedFamily,
        Trait::WantedHouse,
        Trait::Moods,
        Trait::Anchor,
        Trait::Season,
        Trait::Time,
        Trait::Occasion,
        Trait::Loudness,
        Trait::Price,
    ]
    .into_iter()
    .map(|feature| scored.contribution(feature))
    .sum()
}

/// A perfume for the fifth place that serves the question as well and is unlike the first four.
fn explore<'a>(snapshot: &Snapshot, intent: &Intent, verdict: &'a Verdict, chosen: &[&Scored]) -> Option<&'a Scored> {
    if chosen.len() < ANSWERS || intent.like.is_some() {
        return None;
    }
    let others = &chosen[..ANSWERS - 1];
    let least = others.iter().map(|s| asked_for(s)).fold(f64::MAX, f64::min);
    let needed = if least > 0.0 { STILL_ASKED_FOR * least } else { least };
    let priced = |s: &Scored| snapshot.fragrances()[s.index].price.is_some();
    let last = others.last()?;
    verdict
        .ranked
        .iter()
        .take(EXPLORED)
        .filter(|s| asked_for(s) >= needed && s.score <= last.score && priced(s) >= priced(last))
        .filter(|s| others.iter().all(|o| is_other(snapshot, s, o, !intent.wanted_brands.is_empty())))
        .map(|s| (s, others.iter().map(|o| similarity(snapshot, s.index, o.index)).fold(0.0, f64::max)))
        .filter(|(_, likeness)| *likeness < UNLIKE)
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(s, _)| s)
}
