//! A perfume and the facts about it.

use serde::{Deserialize, Serialize};

use super::{
    ids::FragranceId,
    notes::{Layer, vocabulary},
};

vocabulary! {
    /// The strength at which a perfume is sold.
    Concentration {
        EauDeCologne => "eau_de_cologne", "Eau de Cologne";
        EauDeToilette => "eau_de_toilette", "Eau de Toilette";
        EauDeParfum => "eau_de_parfum", "Eau de Parfum";
        Parfum => "parfum", "Parfum";
        Extrait => "extrait", "Extrait";
    }
}

vocabulary! {
    /// The olfactory family: the one word under which a perfume is shelved.
    Family {
        Citrus => "citrus", "citrus";
        Aquatic => "aquatic", "aquatic";
        Green => "green", "green";
        Aromatic => "aromatic", "aromatic";
        Fougere => "fougere", "fougère";
        Floral => "floral", "floral";
        Fruity => "fruity", "fruity";
        Chypre => "chypre", "chypre";
        Woody => "woody", "woody";
        Amber => "amber", "amber";
        Spicy => "spicy", "spicy";
        Gourmand => "gourmand", "gourmand";
        Leather => "leather", "leather";
        Musk => "musk", "musk";
        Powdery => "powdery", "powdery";
    }
}

vocabulary! {
    /// How loud a perfume is.
    Intensity { Soft => "soft", "soft"; Moderate => "moderate", "moderate"; Strong => "strong", "strong"; }
}

vocabulary! {
    /// How long it stays on skin.
    Longevity {
        Short => "short", "fades within three hours";
        Moderate => "moderate", "lasts half a day";
        Long => "long", "lasts all day";
        VeryLong => "very_long", "lasts into the next day";
    }
}

vocabulary! {
    /// How far it carries.
    Sillage {
        Intimate => "intimate", "stays close to the skin";
        Moderate => "moderate", "is noticed at arm's length";
        Strong => "strong", "leaves a trail";
        Enormous => "enormous", "fills a room";
    }
}

vocabulary! {
    /// As marketed. Never asked, and never a filter unless the request names it.
    Gender { Women => "women", "for women"; Men => "men", "for men"; Unisex => "unisex", "for everyone"; }
}

vocabulary! {
    /// Currencies that a budget can be given in.
    Currency { Eur => "EUR", "€"; Usd => "USD", "$"; Gbp => "GBP", "£"; Chf => "CHF", "CHF"; }
}

impl Currency {
    /// What one unit is worth in euros. Fixed, rounded rates: a budget is a wish, not an invoice.
    pub const fn in_euros(self) -> f64 {
        match self {
            Self::Eur => 1.0,
            Self::Usd => 0.9,
            Self::Gbp => 1.15,
            Self::Chf => 1.05,
        }
    }
}

/// An amount for a bottle of a size.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Price {
    pub amount: f64,
    pub currency: Currency,
    pub ml: f64,
}

impl Price {
    pub fn euros(&self) -> f64 {
        self.amount * self.currency.in_euros()
    }

    /// As people read it, e.g. `98 € for 50 ml`.
    pub fn text(&self) -> String {
        format!("{:.0} {} for {:.0} ml", self.amount, self.currency.label(), self.ml)
    }
}

/// What the public thinks of a perfume.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rating {
    /// The mean, 0 (worst) to 1 (best).
    pub mean: f64,
    /// Of how many ratings.
    pub count: u32,
}

/// The notes of a perfume by layer: canonical names, strongest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pyramid {
    pub top: Vec<String>,
    pub middle: Vec<String>,
    pub base: Vec<String>,
    /// Notes whose layer is unknown.
    pub other: Vec<String>,
}

impl Pyramid {
    pub fn layer(&self, layer: Layer) -> &[String] {
        match layer {
            Layer::Top => &self.top,
            Layer::Middle => &self.middle,
            Layer::Base => &self.base,
            Layer::Other => &self.other,
        }
    }

    pub fn layer_mut(&mut self, layer: Layer) -> &mut Vec<String> {
        match layer {
            Layer::Top => &mut self.top,
            Layer::Middle => &mut self.middle,
            Layer::Base => &mut self.base,
            Layer::Other => &mut self.other,
        }
    }

    /// All notes with their layers: all four count, also for vetoes.
    pub fn notes(&self) -> impl Iterator<Item = (Layer, &str)> {
        Layer::ALL.iter().flat_map(|&layer| self.layer(layer).iter().map(move |n| (layer, n.as_str())))
    }

    pub fn contains(&self, note: &str) -> bool {
        self.notes().any(|(_, n)| n == note)
    }

    pub fn is_empty(&self) -> bool {
        self.notes().next().is_none()
    }
}

/// A perfume of the catalog.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fragrance {
    pub id: FragranceId,
    pub brand: String,
    /// Without the house and without the concentration.
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concentration: Option<Concentration>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
    pub perfumers: Vec<String>,
    pub family: Family,
    /// Strongest first.
    pub accords: Vec<String>,
    pub notes: Pyramid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intensity: Option<Intensity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longevity: Option<Longevity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sillage: Option<Sillage>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// One typical price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    pub discontinued: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How widely it is known, 0 to 1.
    pub popularity: f64,
    /// Known of imported perfumes only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
}

impl Fragrance {
    /// `Guerlain Shalimar`.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.brand, self.name)
    }
}

/// What a search of the catalog asks for. Blank fields do not filter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CatalogFilter {
    pub q: Option<String>,
    pub note: Option<String>,
    pub family: Option<String>,
    pub brand: Option<String>,
    /// In euros.
    pub max_price: Option<f64>,
}
