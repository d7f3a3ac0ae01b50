//! What would have changed the order of an answer.

use crate::domain::{
    answer::{Feature, Recommendation},
    ranking::Trait,
};

/// A suggestion in its place.
struct Standing<'a> {
    name: &'a str,
    features: &'a [Feature],
    exploratory: bool,
}

impl Standing<'_> {
    fn sum(&self) -> f64 {
        self.features.iter().map(|f| f.contribution).sum()
    }

    fn brought(&self, name: &str) -> f64 {
        self.features.iter().find(|f| f.name == name).map_or(0.0, |f| f.contribution)
    }

    /// The feature without which this one would stand behind another, in words: the one that decides most clearly.
    fn decided_by(&self, behind: &Self) -> Option<String> {
        let lead = self.sum() - behind.sum();
        let lead_by = |name: &str| self.brought(name) - behind.brought(name);
        let names = self.features.iter().chain(behind.features).map(|f| f.name.as_str());
        let most = names.max_by(|a, b| lead_by(a).total_cmp(&lead_by(b)))?;
        (lead > 0.0 && lead_by(most) > lead).then(|| Trait::in_words(most))
    }
}

/// For each suggestion, the one thing without which it would stand elsewhere, as a sentence; none where no single thing decides.
///
/// A score is a squashed sum of what each feature brought, so who stands before whom is decided by the difference of the sums:
/// a feature whose own difference is greater than that would turn the two about.
pub fn turning_points(recommendations: &[Recommendation]) -> Vec<Option<String>> {
    let standings: Vec<Standing> = recommendations
        .iter()
        .map(|r| Standing { name: &r.fragrance.name, features: &r.features, exploratory: r.exploratory })
        .collect();
    told(&standings)
}

fn told(standings: &[Standing]) -> Vec<Option<String>> {
    let sentence = |(at, here): (usize, &Standing)| {
        if here.exploratory {
            return None;
        }
        if at > 0 {
            let ahead = &standings[at - 1];
            return Some(format!("It would stand before {} but for {}.", ahead.name, ahead.decided_by(here)?));
        }
        let behind = standings.get(1).filter(|behind| !behind.exploratory)?;
        Some(format!("But for {}, {} would stand first.", here.decided_by(behind)?, behind.name))
    };
    standings.iter().enumerate().map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_decides_or_none_does() {
        let features = |features: &[(&str, f64)]| {
            features
                .iter()
                .map(|(name, contribution)| Feature { name: (*name).into(), contribution: *contribution, value: None })
                .collect::<Vec<_>>()
        };
        let (a, b) = (features(&[("memory_notes", 1.0), ("season", 0.2)]), features(&[("memory_notes", 0.2), ("season", 0.5)]));
        let (c, d) = (features(&[("memory_notes", 0.1), ("season", 0.3)]), features(&[("price", 0.3)]));
        let standing = |(name, features)| Standing { name, features, exploratory: name == "E" };
        let said = told(&[("A", &*a), ("B", &*b), ("C", &*c), ("D", &*d), ("E", &*a)].map(standing));
        assert_eq!(said[0].as_deref(), Some("But for notes of your memories, B would stand first."));
        assert_eq!(said[1].as_deref(), Some("It would stand before A but for notes of your memories."));
        // Behind in everything: nothing alone decides.
        assert_eq!(said[2], None);
        assert_eq!(said[3].as_deref(), Some("It would stand before C but for season."));
        assert_eq!(said[4], None);
        assert_eq!(told(&[]), Vec::<Option<String>>::new());
    }
}
