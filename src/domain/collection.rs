//! What a person owns or wants.

use serde::{Deserialize, Serialize};

use super::{flower::Flower, fragrance::Fragrance, notes::vocabulary, time::Timestamp};

vocabulary! {
    /// A part of a collection. The rated one also has what is neither owned nor wished for any more, but has personal notes.
    Shelf { Owned => "owned", "Owned"; Wished => "wished", "Wished for"; Rated => "rated", "Rated"; }
}

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
