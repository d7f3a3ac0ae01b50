//! A person's own weights: those of all, moved a little by what the person preferred.

use super::{
    feedback::Pair,
    fit::{Prior, fit},
    model::{Model, TRAITS, Values},
};

/// How far a person's weight goes by itself, against the square root of that of all.
const SPREAD: f64 = 0.35;
/// No weight of a person differs from that of all by more than this part of it.
pub const FURTHEST: f64 = 0.5;

/// How a person's weights differ from the model's. Without preferences, not at all.
pub fn offsets(model: &Model, pairs: &[Pair]) -> Values {
    let mean = *model.weights();
    let prior = Prior {
        mean,
        spread: mean.map(|weight| SPREAD * weight.abs().max(0.1).sqrt()),
        bounds: mean.map(|weight| (weight - FURTHEST * weight.abs(), weight + FURTHEST * weight.abs())),
    };
    let mut offsets = fit(&prior, pairs);
    for at in 0..TRAITS {
        offsets[at] -= mean[at];
    }
    offsets
}
