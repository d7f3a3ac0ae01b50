//! How alike the names of perfumes are.
//!
//! A name tells what a perfume is about (`Iris`, `Vétiver`), the line it belongs to and the language its house dreams in.
//! People come back to all three.

use std::collections::HashMap;

use super::phrases::key;

/// The letters that are compared at a time.
const LETTERS: usize = 3;

/// Names as unit vectors over the groups of three letters in them, rare ones weighing more (Salton & Buckley, 1988).
pub(super) struct Names {
    /// By name: its groups, in order, each with its weight.
    rows: Vec<Vec<(u64, f32)>>,
}

impl Names {
    pub fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let groups: Vec<Vec<u64>> = names.map(groups).collect();
        let mut found: HashMap<u64, u32> = HashMap::new();
        for group in groups.iter().flatten() {
            *found.entry(*group).or_default() += 1;
        }
        let all = groups.len() as f32 + 1.0;
        let rows = groups.into_iter().map(|groups| {
            let mut row: Vec<(u64, f32)> =
                groups.into_iter().map(|group| (group, (all / (found[&group] as f32 + 1.0)).ln())).collect();
            let length = row.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
            row.iter_mut().for_each(|(_, weight)| *weight /= length.max(f32::EPSILON));
            row
        });
        Self { rows: rows.collect() }
    }

    /// The cosine of two names, 0 to 1.
    pub fn likeness(&self, a: usize, b: usize) -> f64 {
        let (mut a, mut b) = (self.rows[a].as_slice(), self.rows[b].as_slice());
        let mut sum = 0.0;
        while let (Some(((one, x), after_one)), Some(((other, y), after_other))) = (a.split_first(), b.split_first()) {
            if one == other {
                sum += x * y;
            }
            (a, b) = (if one <= other { after_one } else { a }, if other <= one { after_other } else { b });
        }
        f64::from(sum)
    }
}

/// The groups of letters in a name, each once, in order.
fn groups(name: &str) -> Vec<u64> {
    let letters: Vec<u64> = format!(" {} ", key(name)).chars().map(|letter| u64::from(u32::from(letter))).collect();
    let mut groups: Vec<u64> =
        letters.windows(LETTERS).map(|group| group.iter().fold(0, |all, letter| all << 21 | letter)).collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_thing_are_alike_whatever_their_accents() {
        let names = Names::of(["Vétiver", "Vetiver Extraordinaire", "Grey Vetiver", "Iris Poudre", ""].into_iter());
        assert!((names.likeness(0, 0) - 1.0).abs() < 1e-5);
        assert!(names.likeness(0, 1) > names.likeness(0, 3) && names.likeness(1, 2) > names.likeness(1, 3));
        assert_eq!(names.likeness(0, 4), 0.0);
    }
}
