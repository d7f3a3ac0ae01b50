//! What was found in a memory, note by note.

use crate::domain::{
    memory::{Memory, ScentSource, ScentView},
    notes::Category,
    text::slug,
};

/// A note with everything that speaks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundNote {
    pub name: String,
    /// Unknown where the flower does not have the note.
    pub category: Option<Category>,
    /// What it smells of, in one line. May be empty.
    pub evocation: String,
    /// Said in so many words at least once.
    pub literal: bool,
    /// The person said that it is there.
    pub confirmed: bool,
    /// That of its surest mention, 0 to 1.
    pub confidence: f64,
    pub source: ScentSource,
}

impl FoundNote {
    /// The id of its entry on the page.
    pub fn anchor(&self) -> String {
        format!("note-{}", slug(&self.name))
    }

    /// How it was found and how sure that is, in words.
    pub fn standing(&self) -> String {
        match (self.source, self.confirmed, self.literal) {
            (ScentSource::Person, ..) => self.source.label().to_owned(),
            (_, true, _) => "confirmed by you".to_owned(),
            (ScentSource::Text, _, true) => format!("said, {}", certainty(self.confidence)),
            (_, _, true) => format!("{}, {}", self.source.label(), certainty(self.confidence)),
            (_, _, false) => format!("implied, {}", certainty(self.confidence)),
        }
    }
}

/// A confidence of 0 to 1 in words.
pub fn certainty(confidence: f64) -> &'static str {
    match confidence {
        c if c >= 0.85 => "certain",
        c if c >= 0.6 => "quite sure",
        c if c >= 0.35 => "perhaps",
        _ => "a faint guess",
    }
}

/// The notes of a memory, each once: what was said before what is implied, the surest first.
pub fn found_notes(memory: &Memory) -> Vec<FoundNote> {
    let mut found: Vec<FoundNote> = Vec::new();
    for scent in &memory.scents {
        match found.iter_mut().find(|note| note.name == scent.name) {
            Some(note) => {
                note.literal |= scent.literal;
                note.confirmed |= scent.confirmed;
                note.confidence = note.confidence.max(scent.confidence);
            }
            None => found.push(first_mention(memory, scent)),
        }
    }
    found.sort_by(|a, b| b.literal.cmp(&a.literal).then(b.confidence.total_cmp(&a.confidence)).then(a.name.cmp(&b.name)));
    found
}

fn first_mention(memory: &Memory, scent: &ScentView) -> FoundNote {
    let petal = memory.flower.petals.iter().find(|petal| petal.note == scent.name);
    FoundNote {
        name: scent.name.clone(),
        category: petal.map(|petal| petal.category),
        evocation: petal.map(|petal| petal.evocation.clone()).unwrap_or_default(),
        literal: scent.literal,
        confirmed: scent.confirmed,
        confidence: scent.confidence,
        source: scent.source,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn memory(scents: serde_json::Value) -> Memory {
        serde_json::from_value(json!({
            "id": "m", "title": "", "content": "", "memory_type": "text", "status": "ready", "occasion": null, "emotion": null,
            "location": null, "season": null, "happened_at": null, "valence": 0.0, "chunks": [], "fragrances": [],
            "suggested": {"emotion": null, "season": null, "location": null, "occasion": null, "people": []},
            "scents": scents, "created_at": "2024-01-01T00:00:00Z", "updated_at": "2024-01-01T00:00:00Z",
            "flower": {"petals": [
                {"note": "smoke", "category": "smoke", "layer": "base", "weight": 1.0, "literal": true, "evocation": "a fire gone out"}
            ], "thorns": []},
        }))
        .unwrap()
    }

    #[test]
    fn a_note_is_listed_once_with_its_strongest_mention() {
        let found = found_notes(&memory(json!([
            {"id": "a", "name": "cold ash", "literal": false, "confidence": 0.9, "source": "text"},
            {"id": "b", "name": "smoke", "literal": false, "confidence": 0.4, "source": "text"},
            {"id": "c", "name": "smoke", "literal": true, "confidence": 0.7, "source": "text", "confirmed": false},
        ])));
        let listed: Vec<_> = found.iter().map(|n| (n.name.as_str(), n.standing())).collect();
        assert_eq!(listed, [("smoke", "said, quite sure".to_owned()), ("cold ash", "implied, certain".to_owned())]);
        assert_eq!((found[0].category, found[0].evocation.as_str()), (Some(Category::Smoke), "a fire gone out"));
        assert_eq!(found[1].anchor(), "note-cold_ash");
    }

    #[test]
    fn what_the_person_said_needs_no_certainty() {
        let found = found_notes(&memory(json!([
            {"id": "a", "name": "smoke", "literal": false, "confidence": 0.2, "source": "text", "confirmed": true},
            {"id": "b", "name": "rose", "literal": true, "confidence": 1.0, "source": "person", "confirmed": true},
        ])));
        assert_eq!(found[0].standing(), "added by you");
        assert_eq!(found[1].standing(), "confirmed by you");
    }
}
