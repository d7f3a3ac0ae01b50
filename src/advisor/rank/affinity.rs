//! How well a perfume suits somebody of whom it is known what they know and how they rate it.
//!
//! Two questions are answered at once, as both are needed to find what somebody will love: whether they will come to wear it
//! (it is by a house or a perfumer they know, of like character and name, of the same years, about as well known), and whether they
//! will like it (it resembles what they rate above their own mean and not what they rate below, and others rate it well).
//! Ratings are centered on the person's own mean, which is drawn towards the usual one while there are few.

use crate::catalog::{Likeness, Snapshot};
use crate::learning::ranker::Trait;

/// The usual rating, 0 to 1, and as how many of a person's ratings it counts.
const USUAL: f64 = 0.77;
const USUAL_COUNTS: f64 = 3.0;
/// As how many of the public's votes it counts.
const VOTES: f64 = 30.0;
/// How much public ratings differ between perfumes: one standard deviation, on a scale of 0 to 1.
const RATINGS_DIFFER: f64 = 0.04;

/// How well known the perfumes are that lovers of perfume know, and as how many perfumes it counts.
const POPULARITY: f64 = 0.63;
const POPULARITY_COUNTS: f64 = 5.0;
/// The difference in popularity that counts one.
const POPULARITY_DIFFERS: f64 = 0.143;

/// The year that speaks neither for nor against a perfume, and how many before it count one. What is still sold after fifty
/// years is good, whatever it is; what came out last year may be forgotten in the next.
const RECENT: i32 = 2012;
const YEARS: f64 = 12.0;
const CLASSIC: std::ops::RangeInclusive<i32> = 1975..=2024;

/// As how many perfumes of other houses and perfumers it counts that little is known of the person.
const HOUSES: f64 = 5.0;
/// The same for character, names and years.
const CHARACTERS: f64 = 3.0;
/// One standard deviation of the nearness of two perfumes' vectors, and of the likeness of two names.
const NEARNESS_DIFFERS: f64 = 0.182;
const NAMES_DIFFER: f64 = 0.04;
/// The mean nearness of the years of two perfumes, and its standard deviation.
const ERA: f64 = 0.54;
const ERA_DIFFERS: f64 = 0.367;
/// The likeness of two perfumes that have nothing to do with each other, and what a likeness to what is rated well counts.
const STRANGERS: f64 = 0.13;
const LIKENESS: f64 = 100.0;

/// How many likenesses may be computed for one person, and with how many of their perfumes the others are compared at least.
const COMPARISONS: usize = 100_000;
const FEWEST: usize = 12;

/// What somebody knows.
pub(crate) struct Affinity {
    /// Places of perfumes, each with how far it is rated above the person's own mean, −1 to 1.
    known: Vec<(usize, f64)>,
    /// How well known what they know is.
    popularity: f64,
}

impl Affinity {
    /// Made of ratings: the places of perfumes, each with its rating, 0 to 1. None without any.
    pub fn of(snapshot: &Snapshot, ratings: &[(usize, f64)]) -> Option<Self> {
        if ratings.is_empty() {
            return None;
        }
        let count = ratings.len() as f64;
        let own = (ratings.iter().map(|(_, rating)| rating).sum::<f64>() + USUAL_COUNTS * USUAL) / (count + USUAL_COUNTS);
        let popularity = ratings.iter().map(|(at, _)| snapshot.fragrances()[*at].popularity).sum::<f64>();
        let mut known: Vec<(usize, f64)> = ratings.iter().map(|(at, rating)| (*at, rating - own)).collect();
        // Where the catalog is big, only the clearest ratings are compared with.
        known.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
        known.truncate((COMPARISONS / snapshot.fragrances().len().max(1)).max(FEWEST));
        Some(Self { known, popularity: (popularity + POPULARITY_COUNTS * POPULARITY) / (count + POPULARITY_COUNTS) })
    }

    /// The features of a perfume.
    pub fn values(&self, snapshot: &Snapshot, index: usize) -> [(Trait, f64); 10] {
        let fragrance = &snapshot.fragrances()[index];
        let (mut house, mut perfumer, mut name, mut nearness, mut era) = (0.0, 0.0, 0.0, 0.0, 0.0);
        let (mut liked, mut disliked) = (0.0, 0.0);
        for (other, above) in &self.known {
            let likeness = Likeness::between(snapshot, *other, index);
            house += likeness.house;
            perfumer += likeness.perfumer;
            name += snapshot.name_likeness(*other, index);
            nearness += likeness.meaning;
            era += likeness.era - ERA;
            *(if *above > 0.0 { &mut liked } else { &mut disliked }) += above * (likeness.overall() - STRANGERS);
        }
        let count = self.known.len() as f64;
        let rated = fragrance.rating.map_or(0.0, |rating| {
            let votes = f64::from(rating.count);
            votes * (rating.mean - USUAL) / (votes + VOTES) / RATINGS_DIFFER
        });
        let years_before = fragrance.year.map_or(0, |year| RECENT - year.clamp(*CLASSIC.start(), *CLASSIC.end()));
        let like = |sum: f64| LIKENESS * sum / (count + CHARACTERS).sqrt();
        [
            (Trait::Rating, rated),
            (Trait::AsKnown, -((fragrance.popularity - self.popularity) / POPULARITY_DIFFERS).powi(2)),
            (Trait::Classic, f64::from(years_before) / YEARS),
            (Trait::KnownHouse, HOUSES * house / (count + HOUSES)),
            (Trait::KnownPerfumer, HOUSES * perfumer / (count + HOUSES)),
            (Trait::Familiar, nearness / (count + CHARACTERS) / NEARNESS_DIFFERS),
            (Trait::KnownName, name / (count + CHARACTERS) / NAMES_DIFFER),
            (Trait::Era, era / (count + CHARACTERS) / ERA_DIFFERS),
            (Trait::Liked, like(liked)),
            (Trait::Disliked, like(disliked)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisor::fixture::snapshot;

    fn place(name: &str) -> usize {
        snapshot().fragrances().iter().position(|f| f.name == name).unwrap()
    }

    fn value(affinity: &Affinity, index: usize, feature: Trait) -> f64 {
        affinity.values(snapshot(), index).into_iter().find(|(is, _)| *is == feature).unwrap().1
    }

    #[test]
    fn likes_draw_and_dislikes_push_what_resembles_them() {
        let (shalimar, aventus) = (place("Shalimar"), place("Aventus"));
        let near = |of: usize| crate::catalog::reminders(snapshot(), of)[0].0;
        let affinity = Affinity::of(snapshot(), &[(shalimar, 1.0), (aventus, 0.3)]).unwrap();
        let leaning = |at: usize| value(&affinity, at, Trait::Liked) + value(&affinity, at, Trait::Disliked);
        assert!(leaning(near(shalimar)) > 0.0 && leaning(near(aventus)) < 0.0);
        let guerlain = snapshot().fragrances().iter().position(|f| f.brand == "Guerlain" && f.name != "Shalimar").unwrap();
        assert!(value(&affinity, guerlain, Trait::KnownHouse) > 0.0);
        assert!(value(&affinity, guerlain, Trait::AsKnown) <= 0.0);
    }

    #[test]
    fn who_rates_everything_alike_leans_nowhere() {
        let ratings: Vec<(usize, f64)> = (0..30).map(|at| (at * 7, 0.77)).collect();
        let affinity = Affinity::of(snapshot(), &ratings).unwrap();
        for at in [1, 100, 500] {
            assert!((value(&affinity, at, Trait::Liked) + value(&affinity, at, Trait::Disliked)).abs() < 1e-6);
        }
        assert!(Affinity::of(snapshot(), &[]).is_none());
    }
}
