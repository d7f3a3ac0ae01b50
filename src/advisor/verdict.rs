//! What is left of the ranking when the laws have spoken.

use std::collections::BTreeMap;

use super::{
    rank::{Ranked, SHARE, Scoring},
    veto::{Breach, Laws},
};
use crate::parallel;

/// The ranking after the laws.
pub struct Verdict {
    /// Best first; under a price limit those of unknown price come last. Scores never rise.
    pub ranked: Vec<Ranked>,
    /// How many of them come first: all, or under a price limit those whose price is known.
    pub sure: usize,
    /// For each law, how many perfumes it alone keeps out; the harshest first.
    pub alone: Vec<(String, usize)>,
    /// The price limit cannot be applied: the perfume to be cheaper than has no known price.
    pub lacks_anchor_price: bool,
}

/// Ranks the whole catalog and applies the laws.
pub fn decide(scoring: &Scoring) -> Verdict {
    let snapshot = scoring.snapshot;
    let laws = Laws::new(snapshot, scoring.intent, &scoring.found.person);
    let mut alone: BTreeMap<String, usize> = BTreeMap::new();
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    let ranked = scoring.rank();
    let broken = parallel::map(&ranked, SHARE, |ranked| laws.breaches(ranked.index));
    for (scored, breaches) in ranked.into_iter().zip(broken) {
        // No law of the person's: relaxing nothing would bring it back.
        if breaches.contains(&Breach::NothingKnown) {
            continue;
        }
        let mut broken: Vec<String> = breaches.iter().map(Breach::law).collect();
        broken.dedup();
        match broken.as_slice() {
            [] if laws.limits_price() && snapshot.fragrances()[scored.index].price.is_none() => unknown.push(scored),
            [] => known.push(scored),
            [law] => *alone.entry(law.clone()).or_default() += 1,
            _ => {}
        }
    }
    let sure = known.len();
    let mut ranked = known;
    let floor = ranked.last().map_or(1.0, |last| last.score);
    unknown.iter_mut().for_each(|scored| scored.score = scored.score.min(floor));
    ranked.append(&mut unknown);
    let mut alone: Vec<(String, usize)> = alone.into_iter().collect();
    alone.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    Verdict { ranked, sure, alone, lacks_anchor_price: laws.lacks_anchor_price() }
}
