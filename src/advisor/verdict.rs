//! The laws, and the order of what keeps them.

use super::{
    rank::{Ranked, SHARE, Scoring},
    veto::{Law, Laws, Standing},
};
use crate::parallel;

/// The ranking after the laws.
pub struct Verdict {
    /// Best first, as many as were asked for; under a price limit those of unknown price come last. Scores never rise.
    pub ranked: Vec<Ranked>,
    /// How many keep the laws, and under a price limit have a known price.
    pub sure: usize,
    /// For each law, how many perfumes it alone keeps out; the harshest first.
    pub alone: Vec<(String, usize)>,
    /// Whether a price limit holds.
    pub limits_price: bool,
    /// The price limit cannot be applied: the perfume to be cheaper than has no known price.
    pub lacks_anchor_price: bool,
}

/// Applies the laws to the whole catalog and ranks what keeps them: the best so many.
pub fn decide(scoring: &Scoring, most: usize) -> Verdict {
    let fragrances = scoring.snapshot.fragrances();
    let laws = Laws::new(scoring.snapshot, scoring.intent, &scoring.found.person);
    // In the order of the catalog, which is that of its memory.
    let places: Vec<usize> = (0..fragrances.len()).collect();
    let standings = parallel::map(&places, SHARE, |&index| laws.standing(index));
    let limits_price = laws.limits_price();
    let kept = places.into_iter().filter(|&index| standings[index] == Standing::Kept);
    let (known, unknown): (Vec<usize>, Vec<usize>) = kept.partition(|&at| !limits_price || fragrances[at].price.is_some());
    let mut ranked = scoring.rank(&known, most);
    let floor = ranked.last().map_or(1.0, |last| last.score);
    let late = scoring.rank(&unknown, most - ranked.len());
    ranked.extend(late.into_iter().map(|late| Ranked { score: late.score.min(floor), ..late }));
    Verdict { ranked, sure: known.len(), alone: alone(&standings), limits_price, lacks_anchor_price: laws.lacks_anchor_price() }
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
