//! The vocabulary of notes: categories, layers, and a note itself.

use serde::{Deserialize, Serialize};

use super::ids::NoteId;

/// Declares a closed vocabulary: its words on the wire (`as_str`) and for people (`label`).
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($variant:ident => $word:literal, $label:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $(#[serde(rename = $word)] $variant,)* }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The word used on the wire and in the store.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }

            /// The word that people read.
            pub const fn label(self) -> &'static str {
                match self { $($name::$variant => $label,)* }
            }

            /// The member with that word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.as_str() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.label())
            }
        }
    };
}
pub(crate) use vocabulary;

vocabulary! {
    /// What kind of smell a note is. The order is the order of petals inside a ring.
    Category {
        Citrus => "citrus", "citrus";
        Fruit => "fruit", "fruit";
        Green => "green", "green";
        Flower => "flower", "flower";
        WhiteFlower => "white_flower", "white flower";
        Spice => "spice", "spice";
        Herb => "herb", "herb";
        Wood => "wood", "wood";
        Resin => "resin", "resin and amber";
        Gourmand => "gourmand", "gourmand";
        Musk => "musk", "musk";
        Animal => "animal", "animal";
        Marine => "marine", "marine";
        Earth => "earth", "earth and moss";
        Leather => "leather", "leather";
        Smoke => "smoke", "smoke and incense";
        Tobacco => "tobacco", "tobacco";
        Powder => "powder", "powder";
    }
}

vocabulary! {
    /// Where in a perfume's life a note is smelled.
    Layer {
        Top => "top", "top";
        Middle => "middle", "heart";
        Base => "base", "base";
        Other => "other", "unplaced";
    }
}

/// A note of the taxonomy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Note {
    pub id: NoteId,
    /// The canonical name, in lower case.
    pub name: String,
    pub category: Category,
    /// Other names, spellings and varieties, in lower case.
    pub synonyms: Vec<String>,
    /// One line: what it smells of and when one meets it.
    pub evocation: String,
    /// `#RRGGBB`.
    pub color: String,
    /// It came with an imported catalog, and nobody has described it yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub flagged: bool,
}
