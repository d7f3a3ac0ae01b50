//! What keeps a perfume out, as a law that people know and as a sentence about the perfume.

use std::fmt;

use crate::domain::{
    fragrance::{Family, Fragrance, Gender},
    notes::{Category, Layer},
};

/// Where a refusal came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    Question,
    Profile,
}

/// A law that a perfume breaks, with what it is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Breach<'a> {
    Note {
        refused: &'a str,
        note: &'a str,
        layer: Layer,
        source: Source,
    },
    Kind {
        category: Category,
        note: &'a str,
    },
    Accord {
        accord: &'a str,
        /// What takes the accord with it: a refused note, a kind of notes, or the accord itself.
        law: Law<'a>,
    },
    Family {
        family: Family,
        source: Source,
    },
    House {
        source: Source,
    },
    Perfume,
    /// In euros.
    OverBudget {
        price: f64,
        limit: f64,
    },
    UnderBudget {
        price: f64,
        limit: f64,
    },
    NotCheaper {
        price: f64,
        anchor: f64,
    },
    Gender {
        asked: Gender,
    },
    Owned,
    OnWishlist,
    DislikedBefore,
    TheAnchor {
        name: &'a str,
    },
    Discontinued,
    /// It came with an imported catalog that tells neither notes nor accords.
    NothingKnown,
}

/// A law as people know it: what breaks it may come from several places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law<'a> {
    NoNote(&'a str, Source),
    NoKind(Category),
    NoAccord(&'a str, Source),
    NoFamily(Family, Source),
    NoHouse(Source),
    NoPerfume,
    /// In euros.
    Budget(f64),
    LeastBudget(f64),
    Cheaper,
    Gender(Gender),
    Owned,
    OnWishlist,
    DislikedBefore,
    NotTheAnchor(&'a str),
    Obtainable,
}

impl fmt::Display for Law<'_> {
    /// In short, for counting and for saying which one leaves little.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoNote(note, Source::Question) => write!(f, "no {note}"),
            Self::NoNote(note, Source::Profile) => write!(f, "your dislike of {note}"),
            Self::NoKind(category) => write!(f, "no {}", category.label()),
            Self::NoAccord(accord, Source::Question) => write!(f, "nothing {accord}"),
            Self::NoAccord(accord, Source::Profile) => write!(f, "your dislike of what is {accord}"),
            Self::NoFamily(family, Source::Question) => write!(f, "nothing {family}"),
            Self::NoFamily(family, Source::Profile) => write!(f, "your dislike of what is {family}"),
            Self::NoHouse(Source::Question) => f.write_str("the houses you left out"),
            Self::NoHouse(Source::Profile) => f.write_str("the houses you dislike"),
            Self::NoPerfume => f.write_str("the perfumes you left out"),
            Self::Budget(limit) => write!(f, "the limit of {limit:.0} €"),
            Self::LeastBudget(limit) => write!(f, "the lower limit of {limit:.0} €"),
            Self::Cheaper => f.write_str("being cheaper"),
            Self::Gender(asked) => write!(f, "being marketed {asked}"),
            Self::Owned => f.write_str("not repeating what you own"),
            Self::OnWishlist => f.write_str("not repeating your wishlist"),
            Self::DislikedBefore => f.write_str("not repeating what you disliked"),
            Self::NotTheAnchor(name) => write!(f, "not repeating {name}"),
            Self::Obtainable => f.write_str("still being sold"),
        }
    }
}

/// What the laws together say of a perfume.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Standing<'a> {
    Kept,
    /// Relaxing this law would bring it back.
    OutBy(Law<'a>),
    /// Relaxing one law would not.
    Out,
}

impl<'a> Breach<'a> {
    /// The law; none where it is nobody's wish that keeps the perfume out.
    pub const fn law(&self) -> Option<Law<'a>> {
        Some(match self {
            Self::Note { refused, source, .. } => Law::NoNote(refused, *source),
            Self::Kind { category, .. } => Law::NoKind(*category),
            Self::Accord { law, .. } => *law,
            Self::Family { family, source } => Law::NoFamily(*family, *source),
            Self::House { source } => Law::NoHouse(*source),
            Self::Perfume => Law::NoPerfume,
            Self::OverBudget { limit, .. } => Law::Budget(*limit),
            Self::UnderBudget { limit, .. } => Law::LeastBudget(*limit),
            Self::NotCheaper { .. } => Law::Cheaper,
            Self::Gender { asked } => Law::Gender(*asked),
            Self::Owned => Law::Owned,
            Self::OnWishlist => Law::OnWishlist,
            Self::DislikedBefore => Law::DislikedBefore,
            Self::TheAnchor { name } => Law::NotTheAnchor(name),
            Self::Discontinued => Law::Obtainable,
            Self::NothingKnown => return None,
        })
    }

    /// Why the law excludes this perfume, as a sentence.
    pub fn sentence(&self, fragrance: &Fragrance) -> String {
        let name = fragrance.full_name();
        let whose = |source: &Source, refused: &str| match source {
            Source::Question => format!("you asked for no {refused}"),
            Source::Profile => format!("{refused} is among your stated dislikes"),
        };
        match self {
            Self::Note { refused, note, layer, source } => {
                let place = match layer {
                    Layer::Other => "among its notes".into(),
                    layer => format!("in its {}", layer.label()),
                };
                format!("{name} has {note} {place}, and {}.", whose(source, refused))
            }
            Self::Kind { category, note } => format!("{name} has {note}, and you asked for no {}.", category.label()),
            Self::Accord { accord, law: law @ (Law::NoNote(_, Source::Profile) | Law::NoAccord(_, Source::Profile)) } => {
                format!("{name} has the accord {accord}, which {law} rules out.")
            }
            Self::Accord { accord, law } => format!("{name} has the accord {accord}, and you asked for {law}."),
            Self::Family { family, source: Source::Question } => {
                format!("{name} is {family}, and you asked for nothing {family}.")
            }
            Self::Family { family, source } => format!("{name} is {family}, and {}.", whose(source, family.label())),
            Self::House { source: Source::Question } => format!("{name} is by {}, a house that you left out.", fragrance.brand),
            Self::House { source } => format!("{name} is by {}, and {}.", fragrance.brand, whose(source, &fragrance.brand)),
            Self::Perfume => format!("{name} belongs to a perfume that you left out."),
            Self::OverBudget { price, limit } => format!("{name} costs about {price:.0} €, more than the limit of {limit:.0} €."),
            Self::UnderBudget { price, limit } => {
                format!("{name} costs about {price:.0} €, less than the {limit:.0} € you start from.")
            }
            Self::NotCheaper { price, anchor } => {
                format!("{name} costs about {price:.0} €, which is not less than the {anchor:.0} € of the perfume you named.")
            }
            Self::Gender { asked } => match fragrance.gender {
                Some(gender) => format!("{name} is marketed {gender}, and you asked for one {asked}."),
                None => format!("For whom {name} is marketed is not known, and you asked for one {asked}."),
            },
            Self::Owned => format!("You own {name} already."),
            Self::OnWishlist => format!("{name} is on your wishlist already; ask for your wishlist to see it."),
            Self::DislikedBefore => format!("You have said that you dislike {name}."),
            Self::TheAnchor { name: anchor } if *anchor == name => format!("{name} is the perfume that you want something like."),
            Self::TheAnchor { name: anchor } => format!("{name} belongs to {anchor}, the perfume that you want something like."),
            Self::NothingKnown => format!("Nothing is known here of what {name} smells of."),
            Self::Discontinued => format!("{name} is no longer made, and you asked for what is still sold."),
        }
    }
}
