//! What the words of a question can mean.

use crate::domain::{
    fragrance::{Family, Gender, Intensity, Longevity},
    intent::TimeOfDay,
    memory::Season,
    notes::Category,
};

/// Meanings with the phrases that have them. A phrase may stand in several lines.
pub(super) type Lexicon = &'static [(Sense, &'static [&'static str])];

/// One meaning of a word or phrase.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Sense {
    /// An adjective: the overall impression.
    Accord(&'static str),
    /// A noun for a kind of smell: wished for as an accord, declined as a whole category.
    Kind(&'static str, Category),
    Family(Family),
    Mood(&'static str),
    Season(Season),
    Time(TimeOfDay),
    Occasion(&'static str),
    Intensity(Intensity),
    /// Said of what is too much: it asks for softness, negated or not.
    TooMuch,
    Longevity(Longevity),
    Gender(Gender),
    /// Less costly than the perfume that is named, or cheap at all.
    Cheaper,
    /// From a house other than that of the perfume that is named.
    OtherHouse,
    SameHouse,
    Obtainable,
    Discontinued,
    Wishlist,
    /// A phrase that only looks like one of the others.
    Nothing,
}
