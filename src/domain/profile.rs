//! A person's taste, as they see it.

use serde::{Deserialize, Serialize};

use super::{
    flower::Flower,
    fragrance::{Family, Intensity},
    intent::Budget,
    taste::Leaning,
};

/// A leaning with its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NamedLeaning {
    pub name: String,
    #[serde(flatten)]
    pub leaning: Leaning,
}

/// A count with its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NamedCount {
    pub name: String,
    pub count: u64,
}

/// What a person has done here, counted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Analytics {
    pub memories: u64,
    pub queries: u64,
    pub likes: u64,
    /// Notes that the memories evoke, by the layer in which perfumes carry them.
    pub top_notes: Vec<NamedCount>,
    pub middle_notes: Vec<NamedCount>,
    pub base_notes: Vec<NamedCount>,
    pub emotions: Vec<NamedCount>,
    pub seasons: Vec<NamedCount>,
}

/// A person's taste.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    pub preferred_families: Vec<Family>,
    /// Stated dislikes: laws for every answer.
    pub disliked_notes: Vec<String>,
    pub intensity_preference: Option<Intensity>,
    pub budget: Option<Budget>,
    /// Notes with their leanings, strongest first, liked and avoided.
    pub notes: Vec<NamedLeaning>,
    pub families: Vec<NamedLeaning>,
    pub accords: Vec<NamedLeaning>,
    pub analytics: Analytics,
    pub flower: Flower,
}
