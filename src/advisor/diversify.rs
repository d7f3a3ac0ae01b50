//! From the ranking to five that differ: presentation, after the laws.

use super::{
    rank::{Ranked, Scored, Scoring, Trait},
    verdict::Verdict,
};
use crate::catalog::{Snapshot, similarity};

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
pub fn diversify(scoring: &Scoring, verdict: &Verdict) -> Vec<Choice> {
    let (snapshot, wanted_houses) = (scoring.snapshot, !scoring.intent.wanted_brands.is_empty());
    let mut chosen: Vec<usize> = Vec::new();
    for houses_may_repeat in [wanted_houses, true] {
        for (place, ranked) in verdict.ranked.iter().enumerate() {
            if chosen.len() == ANSWERS {
                break;
            }
            if chosen.iter().all(|&other| is_other(snapshot, ranked, &verdict.ranked[other], houses_may_repeat)) {
                chosen.push(place);
            }
        }
    }
    chosen.sort_unstable();
    // Under a price limit, a place may have lowered the score that the features add up to.
    let scored = |place: &usize| Scored { score: verdict.ranked[*place].score, ..scoring.scored(verdict.ranked[*place].index) };
    let chosen: Vec<Scored> = chosen.iter().map(scored).collect();
    let explored = explore(scoring, verdict, &chosen);
    let mut choices: Vec<Choice> = chosen.into_iter().map(|scored| Choice { scored, exploratory: false }).collect();
    if let Some(scored) = explored {
        choices[ANSWERS - 1] = Choice { scored, exploratory: true };
    }
    let mut ceiling = 1.0_f64;
    for choice in &mut choices {
        ceiling = ceiling.min(choice.scored.score);
        choice.scored.score = ceiling;
    }
    choices
}

fn is_other(snapshot: &Snapshot, a: &Ranked, b: &Ranked, houses_may_repeat: bool) -> bool {
    let brand = |s: &Ranked| &snapshot.fragrances()[s.index].brand;
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
fn explore(scoring: &Scoring, verdict: &Verdict, chosen: &[Scored]) -> Option<Scored> {
    let (snapshot, intent) = (scoring.snapshot, scoring.intent);
    if chosen.len() < ANSWERS || intent.like.is_some() {
        return None;
    }
    let others = &chosen[..ANSWERS - 1];
    let least = others.iter().map(asked_for).fold(f64::MAX, f64::min);
    let needed = if least > 0.0 { STILL_ASKED_FOR * least } else { least };
    let priced = |index: usize| snapshot.fragrances()[index].price.is_some();
    let last = others.last()?;
    let houses_may_repeat = !intent.wanted_brands.is_empty();
    let differs = |s: &Ranked| others.iter().all(|o| is_other(snapshot, s, &o.place(), houses_may_repeat));
    verdict
        .ranked
        .iter()
        .take(EXPLORED)
        .filter(|s| s.score <= last.score && priced(s.index) >= priced(last.index) && differs(s))
        .map(|s| (s, others.iter().map(|o| similarity(snapshot, s.index, o.index)).fold(0.0, f64::max)))
        .filter(|(_, likeness)| *likeness < UNLIKE)
        .map(|(s, likeness)| (Scored { score: s.score, ..scoring.scored(s.index) }, likeness))
        .filter(|(s, _)| asked_for(s) >= needed)
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(s, _)| s)
}
