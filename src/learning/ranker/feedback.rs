//! What people made of what they were shown, as preferences between perfumes of one answer.
//!
//! *Position bias.* What stands higher is looked at more, whatever it is. After Joachims, Swaminathan and Schnabel (2017) each
//! preference is weighed by how likely it was to be noticed: a perfume that was preferred from a low place counts more, one
//! that was passed over at a low place, where it may not have been seen, counts less. How likely a place is to be looked at is
//! assumed to fall with the square root of its rank; this was not measured. Between two perfumes that the person both spoke
//! about, places do not matter.

use std::collections::{BTreeMap, HashMap};

use super::model::{Model, STANDARD, TRAITS, Trait, Values};
use crate::{
    domain::{
        answer::Feature,
        ids::{FragranceId, QueryId, UserId},
    },
    store::feedback::{Given, ShownRow},
};

/// How much a place's chance to be looked at falls with its rank: rank to the power of minus this.
const ATTENTION: f64 = 0.5;
/// No preference counts less or more than this for its place.
const PLACE_BOUNDS: (f64, f64) = (0.3, 3.0);
/// All of one person's preferences together count at most as much as this many: one busy person does not decide for all.
const PERSON: f64 = 40.0;

/// What a person made of a perfume, from the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    Disliked,
    /// Shown and passed over.
    Ignored,
    Clicked,
    Liked,
    Purchased,
}

impl Grade {
    /// How good it is. A preference counts as much as the two differ.
    const fn worth(self) -> f64 {
        match self {
            Self::Disliked => -1.0,
            Self::Ignored => 0.0,
            Self::Clicked => 0.3,
            Self::Liked => 1.0,
            Self::Purchased => 1.3,
        }
    }

    /// What it gains in NDCG.
    pub const fn gain(self) -> f64 {
        match self {
            Self::Disliked | Self::Ignored => 0.0,
            Self::Clicked => 1.0,
            Self::Liked => 3.0,
            Self::Purchased => 7.0,
        }
    }

    fn of(row: &ShownRow, stars: Option<u8>) -> Self {
        match stars {
            Some(1 | 2) => return Self::Disliked,
            Some(4 | 5) if !row.purchased => return Self::Liked,
            _ => {}
        }
        if row.purchased {
            Self::Purchased
        } else if row.liked {
            Self::Liked
        } else if row.disliked {
            Self::Disliked
        } else if row.clicked {
            Self::Clicked
        } else {
            Self::Ignored
        }
    }
}

/// A perfume of an answer.
#[derive(Clone, Debug)]
pub struct Shown {
    pub rank: usize,
    pub values: Values,
    pub grade: Grade,
}

/// An answer that somebody reacted to.
#[derive(Clone, Debug)]
pub struct Answered {
    pub user: UserId,
    pub shown: Vec<Shown>,
}

/// One perfume was preferred to another.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The values of the better one, less those of the other.
    pub difference: Values,
    pub weight: f64,
}

impl Answered {
    /// The preferences within the answer.
    pub fn pairs(&self) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for better in &self.shown {
            for worse in self.shown.iter().filter(|worse| worse.grade < better.grade) {
                let mut difference = better.values;
                difference.iter_mut().zip(worse.values).for_each(|(x, y)| *x -= y);
                // Two perfumes that differ in nothing say nothing of any weight.
                if difference.iter().any(|x| x.abs() > 1e-9) {
                    pairs.push(Pair { difference, weight: weight(better, worse) });
                }
            }
        }
        pairs
    }
}

fn weight(better: &Shown, worse: &Shown) -> f64 {
    let attention = |shown: &Shown| (shown.rank.max(1) as f64).powf(-ATTENTION);
    let place = match (better.grade, worse.grade) {
        (Grade::Ignored, _) => attention(better),
        (_, Grade::Ignored) => attention(worse) / attention(better),
        _ => 1.0,
    };
    (better.grade.worth() - worse.grade.worth()) * place.clamp(PLACE_BOUNDS.0, PLACE_BOUNDS.1)
}

/// The preferences of several people, none of whom counts for more than so many.
pub fn pairs_of(answers: &[&Answered]) -> Vec<Pair> {
    let mut by_person: BTreeMap<&UserId, Vec<Pair>> = BTreeMap::new();
    for answered in answers {
        by_person.entry(&answered.user).or_default().extend(answered.pairs());
    }
    let mut all = Vec::new();
    for mut pairs in by_person.into_values() {
        let said: f64 = pairs.iter().map(|pair| pair.weight).sum();
        let share = (PERSON / said.max(PERSON)).min(1.0);
        pairs.iter_mut().for_each(|pair| pair.weight *= share);
        all.extend(pairs);
    }
    all
}

/// Answers out of what is kept: the perfumes of each with what was measured of them and what the person made of them. Stars
/// that were given after the answer count over reactions. Answers to which nobody reacted are left out.
pub fn answers(given: Given) -> Vec<Answered> {
    let stars: HashMap<(UserId, FragranceId), _> =
        given.stars.into_iter().map(|row| ((row.user, row.fragrance), (row.rating, row.at))).collect();
    let mut by_query: BTreeMap<QueryId, Answered> = BTreeMap::new();
    for row in given.shown {
        let later = stars.get(&(row.user.clone(), row.fragrance.clone())).filter(|(_, at)| *at > row.asked_at);
        let grade = Grade::of(&row, later.map(|(rating, _)| *rating));
        let Some(values) = values(&row) else { continue };
        let answered = by_query.entry(row.query).or_insert_with(|| Answered { user: row.user.clone(), shown: Vec::new() });
        answered.shown.push(Shown { rank: row.rank, values, grade });
    }
    by_query.into_values().filter(|answered| answered.shown.iter().any(|shown| shown.grade != Grade::Ignored)).collect()
}

/// What was measured. Answers of earlier versions kept only what it brought: where that was by the hand-set weights, it is
/// divided by them. What brought next to nothing was not kept and counts as nothing.
fn values(row: &ShownRow) -> Option<Values> {
    let mut values = [0.0; TRAITS];
    let standard = Model::standard();
    let by_hand = row.model_version.split('+').next() == Some(STANDARD);
    for Feature { name, contribution, value } in &row.features {
        let Some(feature) = Trait::from_word(name) else { continue };
        let value = match value {
            Some(value) => *value,
            None if by_hand => contribution / standard.weights()[feature as usize],
            None => return None,
        };
        if !value.is_finite() {
            return None;
        }
        values[feature as usize] = value;
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(rank: usize, grade: Grade, value: f64) -> Shown {
        let mut values = [0.0; TRAITS];
        values[0] = value;
        Shown { rank, values, grade }
    }

    #[test]
    fn preferences_go_from_better_to_worse_and_mind_the_place() {
        let user = UserId::from_key("ada");
        let answered = Answered {
            user,
            shown: vec![
                shown(1, Grade::Ignored, 0.1),
                shown(2, Grade::Disliked, 0.2),
                shown(4, Grade::Liked, 0.7),
                shown(5, Grade::Ignored, 0.35),
            ],
        };
        let pairs = answered.pairs();
        assert_eq!(pairs.len(), 5);
        let weight = |better: f64, worse: f64| {
            let found: Vec<f64> =
                pairs.iter().filter(|p| (p.difference[0] - (better - worse)).abs() < 1e-9).map(|p| p.weight).collect();
            assert_eq!(found.len(), 1);
            found[0]
        };
        // Liked at the fourth place over what was passed over at the first: noticed against the odds.
        assert!((weight(0.7, 0.1) - 2.0).abs() < 1e-9);
        // Over what was passed over at the fifth: it may not have been seen.
        assert!(weight(0.7, 0.35) < 1.0);
        // Between what was liked and what was disliked, places do not matter.
        assert!((weight(0.7, 0.2) - 2.0).abs() < 1e-9);
    }

    #[test]
    fn one_busy_person_does_not_decide_for_all() {
        let answer = |user: &str| Answered {
            user: UserId::from_key(user),
            shown: vec![shown(1, Grade::Ignored, 0.9), shown(2, Grade::Liked, 0.1)],
        };
        let busy: Vec<Answered> = (0..500).map(|_| answer("busy")).chain([answer("ada")]).collect();
        let pairs = pairs_of(&busy.iter().collect::<Vec<_>>());
        let all: f64 = pairs.iter().map(|p| p.weight).sum();
        let ada = answer("ada").pairs()[0].weight;
        assert!((all - PERSON - ada).abs() < 1e-6);
    }
}
