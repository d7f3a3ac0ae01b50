//! What is left of the ranking when the laws have spoken.

use super::{
    rank::{Ranked, SHARE, Scoring},
    veto::{Law, Laws, Standing},
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
    /// Whether a price limit holds.
    pub limits_price: bool,
    /// The price limit cannot be applied: the perfume to be cheaper than has no known price.
    pub lacks_anchor_price: bool,
}

/// Ranks the whole catalog and applies the laws.
pub fn decide(scoring: &Scoring) -> Verdict {
    let fragrances = scoring.snapshot.fragrances();
    let laws = Laws::new(scoring.snapshot, scoring.intent, &scoring.found.person);
    // In the order of the catalog, which is that of its memory.
    let places: Vec<usize> = (0..fragrances.len()).collect();
    let standings = parallel::map(&places, SHARE, |&index| laws.standing(index));
    let limits_price = laws.limits_price();
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for ranked in scoring.rank() {
        match standings[ranked.index] {
            Standing::Kept if limits_price && fragrances[ranked.index].price.is_none() => unknown.push(ranked),
            Standing::Kept => known.push(ranked),
            Standing::OutBy(_) | Standing::Out => {}
        }
    }
    let sure = known.len();
    let mut ranked = known;
    let floor = ranked.last().map_or(1.0, |last| last.score);
    unknown.iter_mut().for_each(|ranked| ranked.score = ranked.score.min(floor));
    ranked.append(&mut unknown);
    Verdict { ranked, sure, alone: alone(&standings), limits_price, lacks_anchor_price: laws.lacks_anchor_price() }
}

/// How many perfumes each law alone keeps out, the harshest first.
fn alone(standings: &[Standing]) -> Vec<(String, usize)> {
    let mut counts: Vec<(Law, usize)> = Vec::new();
    for standing in standings {
        if let Standing::OutBy(law) = standing {
            match counts.iter_mut().find(|(counted, _)| counted == law) {
                Some((_, count)) => *count += 1,
                None => counts.push((*law, 1)),
            }
        }
    }
    let mut alone: Vec<(String, usize)> = counts.into_iter().map(|(law, count)| (law.to_string(), count)).collect();
    alone.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    alone
}
