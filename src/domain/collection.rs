//! What a person owns or wants.

use serde::{Deserialize, Serialize};

use super::{flower::Flower, fragrance::Fragrance, ids::MemoryId, notes::vocabulary, time::Timestamp};

vocabulary! {
    /// A part of a collection. The rated one also has what is neither owned nor wished for any more, but has personal notes.
    Shelf { Owned => "owned", "Owned"; Wished => "wished", "Wished for"; Rated => "rated", "Rated"; }
}

/// Who gives a perfume fewer stars than these dislikes it.
pub const FAIR_STARS: u8 = 3;

/// A person's relation to one perfume.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Holding {
    pub owned: bool,
    pub wishlist: bool,
    /// 1 to 5.
    pub rating: Option<u8>,
    pub personal_notes: Option<String>,
}

/// An entry of the collection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CollectionItem {
    pub fragrance: Fragrance,
    #[serde(flatten)]
    pub holding: Holding,
    pub updated_at: Timestamp,
    pub flower: Flower,
}

/// Two bottles of a collection to wear together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Layering {
    /// Goes on first: the heavier one.
    pub base: LayeredBottle,
    pub over: LayeredBottle,
    /// What both smell of.
    pub meets: Vec<String>,
    /// A memory that they come nearer to together than either does alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<LayeredMemory>,
    /// Why, in a few sentences.
    pub reason: String,
}

/// One of the two.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayeredBottle {
    pub fragrance: Fragrance,
    pub flower: Flower,
    /// What it smells of and the other does not.
    pub brings: Vec<String>,
}

/// A memory that two perfumes share between them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayeredMemory {
    pub id: MemoryId,
    pub title: String,
    /// One note of it from either perfume.
    pub notes: Vec<String>,
}
