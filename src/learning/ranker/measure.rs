//! How good a model is on people it has not learned from, and whether that is enough.

use std::collections::BTreeMap;

use super::{feedback::Answered, model::Model};
use crate::domain::{ids::UserId, training::Figures};

/// So many preferences are needed to learn from, and so many of so many other people to decide by.
pub const LEAST_PAIRS: usize = 300;
pub const LEAST_HELD_OUT_PAIRS: usize = 150;
pub const LEAST_HELD_OUT_PEOPLE: usize = 6;
/// A new model must order so many more of the held-out pairs as people did.
pub const MARGIN: f64 = 0.01;
/// And be better for the mean person by so many standard errors (one-sided 95 %), people being the units.
const STANDARD_ERRORS: f64 = 1.645;
/// What NDCG@5 may lose at most.
const NDCG_SLACK: f64 = 0.005;

/// How a model does on a set of answers.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    pub figures: Figures,
    /// Each person's share of pairs that are ordered as they did.
    by_person: BTreeMap<UserId, f64>,
}

/// Measures a model. Preferences are weighed as in learning, so that their places matter as little as there.
pub fn measure(model: &Model, answers: &[&Answered]) -> Measured {
    let mut tally: BTreeMap<&UserId, (f64, f64)> = BTreeMap::new();
    let (mut gains, mut graded) = (0.0, 0_usize);
    for answered in answers {
        let (right, all) = tally.entry(&answered.user).or_default();
        for pair in answered.pairs() {
            let margin = model.merit(&pair.difference);
            let correct = if margin.abs() < 1e-12 { 0.5 } else { f64::from(u8::from(margin > 0.0)) };
            *right += pair.weight * correct;
            *all += pair.weight;
        }
        if let Some(ndcg) = ndcg(model, answered) {
            gains += ndcg;
            graded += 1;
        }
    }
    let (right, all) = tally.values().fold((0.0, 0.0), |(r, a), (right, all)| (r + right, a + all));
    let by_person =
        tally.into_iter().filter(|(_, (_, all))| *all > 0.0).map(|(user, (right, all))| (user.clone(), right / all)).collect();
    let figures = Figures {
        pair_accuracy: if all > 0.0 { right / all } else { 0.0 },
        ndcg: if graded > 0 { gains / graded as f64 } else { 0.0 },
    };
    Measured { figures, by_person }
}

/// NDCG@5 of what was shown, in the model's order. None where nothing was good.
fn ndcg(model: &Model, answered: &Answered) -> Option<f64> {
    let gain = |order: &[f64]| -> f64 { order.iter().take(5).zip(2..).map(|(gain, place)| gain / f64::from(place).log2()).sum() };
    let mut shown: Vec<(f64, f64)> = answered.shown.iter().map(|s| (model.merit(&s.values), s.grade.gain())).collect();
    shown.sort_by(|a, b| b.0.total_cmp(&a.0));
    let gains: Vec<f64> = shown.iter().map(|(_, gain)| *gain).collect();
    let mut ideal = gains.clone();
    ideal.sort_by(|a, b| b.total_cmp(a));
    let best = gain(&ideal);
    (best > 0.0).then(|| gain(&gains) / best)
}

/// How much there was to learn from and to decide by.
#[derive(Clone, Copy, Debug)]
pub struct Amount {
    pub pairs: usize,
    pub held_out_pairs: usize,
    pub held_out_people: usize,
}

impl Amount {
    /// Whether it is enough to decide anything by.
    pub const fn is_enough(&self) -> bool {
        self.pairs >= LEAST_PAIRS && self.held_out_pairs >= LEAST_HELD_OUT_PAIRS && self.held_out_people >= LEAST_HELD_OUT_PEOPLE
    }
}

/// Whether the new model replaces the one in service, and why, as a sentence.
pub fn decide(amount: Amount, before: &Measured, after: &Measured) -> (bool, String) {
    let Amount { pairs, held_out_pairs, held_out_people } = amount;
    if !amount.is_enough() {
        let reason = format!(
            "Not deployed: {pairs} preferences to learn from and {held_out_pairs} of {held_out_people} held-out people to decide \
             by are too few; {LEAST_PAIRS}, and {LEAST_HELD_OUT_PAIRS} of {LEAST_HELD_OUT_PEOPLE}, are needed."
        );
        return (false, reason);
    }
    let gain = after.figures.pair_accuracy - before.figures.pair_accuracy;
    let (mean, error) = gain_by_person(before, after);
    let told = format!(
        "On {held_out_pairs} preferences of {held_out_people} held-out people it orders {:.1} % as they did, the model in \
         service {:.1} % (NDCG@5 {:.3} and {:.3}); the mean person's gain is {:+.1} ± {:.1} points",
        100.0 * after.figures.pair_accuracy,
        100.0 * before.figures.pair_accuracy,
        after.figures.ndcg,
        before.figures.ndcg,
        100.0 * mean,
        100.0 * error,
    );
    let needs = if gain < MARGIN {
        Some(format!("{:.0} point more is needed", 100.0 * MARGIN))
    } else if mean - STANDARD_ERRORS * error <= 0.0 {
        Some(format!("the gain must be {STANDARD_ERRORS} standard errors above nothing"))
    } else if after.figures.ndcg < before.figures.ndcg - NDCG_SLACK {
        Some(format!("NDCG@5 may fall by {NDCG_SLACK} at most"))
    } else {
        None
    };
    match needs {
        Some(needs) => (false, format!("Not deployed. {told}; {needs}.")),
        None => (true, format!("Better. {told}.")),
    }
}

/// The mean over people of what they gain, and its standard error.
fn gain_by_person(before: &Measured, after: &Measured) -> (f64, f64) {
    let gains: Vec<f64> = after.by_person.iter().filter_map(|(user, share)| Some(share - before.by_person.get(user)?)).collect();
    let count = gains.len() as f64;
    if gains.len() < 2 {
        return (gains.iter().sum(), f64::INFINITY);
    }
    let mean = gains.iter().sum::<f64>() / count;
    let variance = gains.iter().map(|gain| (gain - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean, (variance / count).sqrt())
}
