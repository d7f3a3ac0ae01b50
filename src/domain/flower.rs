//! The data of a scent flower: petals with their weights. How it is drawn is the business of the page.

use serde::{Deserialize, Serialize};

use super::notes::{Category, Layer};

/// One note in a flower.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Petal {
    pub note: String,
    pub category: Category,
    pub layer: Layer,
    /// How much of it there is, 0 to 1.
    pub weight: f32,
    /// Said in so many words (or a fact), as opposed to implied.
    pub literal: bool,
    /// What the note smells of, in one line.
    pub evocation: String,
}

/// A perfume, a memory or a person as a flower.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Flower {
    pub petals: Vec<Petal>,
    /// Notes that a person does not want.
    pub thorns: Vec<Petal>,
}

impl Flower {
    pub fn is_empty(&self) -> bool {
        self.petals.is_empty() && self.thorns.is_empty()
    }

    /// The notes of one layer, in the fixed order of a ring: by category, then by name.
    pub fn ring(&self, layer: Layer) -> Vec<&Petal> {
        let mut ring: Vec<&Petal> = self.petals.iter().filter(|p| p.layer == layer).collect();
        ring.sort_by(|a, b| (a.category, &a.note).cmp(&(b.category, &b.note)));
        ring
    }

    /// The same facts in words, for those who do not see the drawing.
    pub fn describe(&self) -> String {
        let list = |petals: &[&Petal]| petals.iter().map(|p| p.note.as_str()).collect::<Vec<_>>().join(", ");
        let mut parts = Vec::new();
        for (layer, title) in [(Layer::Top, "Top"), (Layer::Middle, "Heart"), (Layer::Base, "Base"), (Layer::Other, "Notes")] {
            let ring = self.ring(layer);
            if !ring.is_empty() {
                parts.push(format!("{title}: {}.", list(&ring)));
            }
        }
        if !self.thorns.is_empty() {
            parts.push(format!("Avoids: {}.", list(&self.thorns.iter().collect::<Vec<_>>())));
        }
        if parts.is_empty() { "No notes yet.".to_owned() } else { parts.join(" ") }
    }
}
