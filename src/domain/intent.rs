//! What a question asks for.

use serde::{Deserialize, Serialize};

use super::{
    fragrance::{Currency, Family, Fragrance, Gender, Intensity, Longevity},
    ids::FragranceId,
    memory::Season,
    notes::{Category, vocabulary},
};

vocabulary! {
    /// When in the day.
    TimeOfDay { Day => "day", "day"; Night => "night", "night"; }
}

/// An upper (and rarely a lower) limit on the price of a bottle.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    pub max: f64,
    pub currency: Currency,
}

impl Budget {
    pub fn max_euros(&self) -> f64 {
        self.max * self.currency.in_euros()
    }
}

/// The perfume that the answer should resemble.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Anchor {
    pub fragrance_id: FragranceId,
    pub brand: String,
    pub name: String,
    /// It must also cost less than that perfume does.
    #[serde(default)]
    pub cheaper: bool,
}

/// What a question asks for. Names are canonical: notes of the taxonomy, accords of the catalog, houses of the catalog.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Intent {
    pub wanted_notes: Vec<String>,
    pub unwanted_notes: Vec<String>,
    pub wanted_categories: Vec<Category>,
    pub unwanted_categories: Vec<Category>,
    pub wanted_accords: Vec<String>,
    pub unwanted_accords: Vec<String>,
    pub wanted_families: Vec<Family>,
    pub unwanted_families: Vec<Family>,
    pub wanted_brands: Vec<String>,
    pub unwanted_brands: Vec<String>,
    pub unwanted_fragrances: Vec<FragranceId>,
    /// Perfumes that the answer should resemble less; they themselves are ruled out.
    pub unlike: Vec<FragranceId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<Budget>,
    pub seasons: Vec<Season>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<TimeOfDay>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occasion: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intensity: Option<Intensity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longevity: Option<Longevity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub like: Option<Anchor>,
    /// Only what can still be bought.
    pub obtainable: bool,
    /// Perfumes on the wishlist may come back.
    pub from_wishlist: bool,
    pub moods: Vec<String>,
}

/// One thing that was understood, as a removable chip.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chip {
    /// The field of the intent it stands for.
    pub kind: String,
    pub value: String,
    /// As people read it: `no patchouli`, `under 80 €`.
    pub label: String,
    /// A law that excludes, as opposed to a wish.
    pub excludes: bool,
}

impl Intent {
    /// Everything that was understood, laws last.
    pub fn chips(&self) -> Vec<Chip> {
        let mut chips = Vec::new();
        let mut push = |kind: &str, value: &str, label: String, excludes: bool| {
            chips.push(Chip { kind: kind.into(), value: value.into(), label, excludes });
        };
        if let Some(like) = &self.like {
            let label = if like.cheaper { "cheaper than" } else { "like" };
            push("like", like.fragrance_id.as_str(), format!("{label} {} {}", like.brand, like.name), false);
        }
        for note in &self.wanted_notes {
            push("wanted_notes", note, note.clone(), false);
        }
        for category in &self.wanted_categories {
            push("wanted_categories", category.as_str(), category.label().into(), false);
        }
        for accord in &self.wanted_accords {
            push("wanted_accords", accord, accord.clone(), false);
        }
        for family in &self.wanted_families {
            push("wanted_families", family.as_str(), family.label().into(), false);
        }
        for brand in &self.wanted_brands {
            push("wanted_brands", brand, format!("by {brand}"), false);
        }
        for season in &self.seasons {
            push("seasons", season.as_str(), format!("for {}", season.label()), false);
        }
        if let Some(time) = self.time {
            push("time", time.as_str(), format!("for the {}", time.label()), false);
        }
        if let Some(occasion) = &self.occasion {
            push("occasion", occasion, format!("for {occasion}"), false);
        }
        if let Some(intensity) = self.intensity {
            push("intensity", intensity.as_str(), intensity.label().into(), false);
        }
        if let Some(longevity) = self.longevity {
            push("longevity", longevity.as_str(), longevity.label().into(), false);
        }
        for mood in &self.moods {
            push("moods", mood, mood.clone(), false);
        }
        if let Some(gender) = self.gender {
            push("gender", gender.as_str(), gender.label().into(), true);
        }
        if let Some(budget) = &self.budget {
            let currency = budget.currency.label();
            let label = match budget.min {
                Some(min) => format!("{min:.0} to {:.0} {currency}", budget.max),
                None => format!("under {:.0} {currency}", budget.max),
            };
            push("budget", "", label, true);
        }
        if self.obtainable {
            push("obtainable", "", "still sold".into(), true);
        }
        if self.from_wishlist {
            push("from_wishlist", "", "from the wishlist too".into(), false);
        }
        for note in &self.unwanted_notes {
            push("unwanted_notes", note, format!("no {note}"), true);
        }
        for category in &self.unwanted_categories {
            push("unwanted_categories", category.as_str(), format!("no {}", category.label()), true);
        }
        for accord in &self.unwanted_accords {
            push("unwanted_accords", accord, format!("nothing {accord}"), true);
        }
        for family in &self.unwanted_families {
            push("unwanted_families", family.as_str(), format!("nothing {}", family.label()), true);
        }
        for brand in &self.unwanted_brands {
            push("unwanted_brands", brand, format!("not {brand}"), true);
        }
        for id in &self.unwanted_fragrances {
            push("unwanted_fragrances", id.as_str(), format!("not {}", id.as_str().replace('_', " ")), true);
        }
        for id in &self.unlike {
            push("unlike", id.as_str(), format!("less like {}", id.as_str().replace('_', " ")), true);
        }
        chips
    }

    /// The same intent without what a chip stands for. An unknown chip changes nothing.
    #[must_use]
    pub fn without(&self, kind: &str, value: &str) -> Self {
        let mut intent = self.clone();
        match kind {
            "like" => intent.like = None,
            "wanted_notes" => intent.wanted_notes.retain(|n| n != value),
            "unwanted_notes" => intent.unwanted_notes.retain(|n| n != value),
            "wanted_categories" => intent.wanted_categories.retain(|c| c.as_str() != value),
            "unwanted_categories" => intent.unwanted_categories.retain(|c| c.as_str() != value),
            "wanted_accords" => intent.wanted_accords.retain(|a| a != value),
            "unwanted_accords" => intent.unwanted_accords.retain(|a| a != value),
            "wanted_families" => intent.wanted_families.retain(|f| f.as_str() != value),
            "unwanted_families" => intent.unwanted_families.retain(|f| f.as_str() != value),
            "wanted_brands" => intent.wanted_brands.retain(|b| b != value),
            "unwanted_brands" => intent.unwanted_brands.retain(|b| b != value),
            "unwanted_fragrances" => intent.unwanted_fragrances.retain(|f| f.as_str() != value),
            "unlike" => intent.unlike.retain(|f| f.as_str() != value),
            "seasons" => intent.seasons.retain(|s| s.as_str() != value),
            "time" => intent.time = None,
            "occasion" => intent.occasion = None,
            "intensity" => intent.intensity = None,
            "longevity" => intent.longevity = None,
            "gender" => intent.gender = None,
            "budget" => intent.budget = None,
            "obtainable" => intent.obtainable = false,
            "from_wishlist" => intent.from_wishlist = false,
            "moods" => intent.moods.retain(|m| m != value),
            _ => {}
        }
        intent
    }

    /// The same intent, but more like a perfume than before: like it, and no longer less like it.
    #[must_use]
    pub fn closer_to(mut self, fragrance: &Fragrance) -> Self {
        self.unlike.retain(|id| *id != fragrance.id);
        let (brand, name) = (fragrance.brand.clone(), fragrance.name.clone());
        self.like = Some(Anchor { fragrance_id: fragrance.id.clone(), brand, name, cheaper: false });
        self
    }

    /// The same intent, but less like a perfume than before.
    #[must_use]
    pub fn further_from(mut self, fragrance: &FragranceId) -> Self {
        if self.like.as_ref().is_some_and(|like| like.fragrance_id == *fragrance) {
            self.like = None;
        }
        if !self.unlike.contains(fragrance) {
            self.unlike.push(fragrance.clone());
        }
        self
    }

    /// What is wished for, without anything that rules a perfume out.
    #[must_use]
    pub fn wishes(self) -> Self {
        Self {
            wanted_notes: self.wanted_notes,
            wanted_categories: self.wanted_categories,
            wanted_accords: self.wanted_accords,
            wanted_families: self.wanted_families,
            seasons: self.seasons,
            time: self.time,
            occasion: self.occasion,
            intensity: self.intensity,
            longevity: self.longevity,
            moods: self.moods,
            from_wishlist: self.from_wishlist,
            ..Self::default()
        }
    }

    /// Nothing was understood.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chip_can_be_removed() {
        let intent = Intent {
            wanted_notes: vec!["rose".into()],
            unwanted_notes: vec!["patchouli".into()],
            unwanted_categories: vec![Category::Citrus],
            unwanted_brands: vec!["Dior".into()],
            budget: Some(Budget { min: None, max: 80.0, currency: Currency::Eur }),
            seasons: vec![Season::Winter],
            time: Some(TimeOfDay::Night),
            intensity: Some(Intensity::Soft),
            gender: Some(Gender::Unisex),
            obtainable: true,
            moods: vec!["calm".into()],
            unlike: vec![FragranceId::from_key("z")],
            like: Some(Anchor { fragrance_id: FragranceId::from_key("x"), brand: "X".into(), name: "Y".into(), cheaper: true }),
            ..Intent::default()
        };
        let left = intent.chips().iter().fold(intent.clone(), |i, chip| i.without(&chip.kind, &chip.value));
        assert!(left.is_empty(), "{left:?}");
    }
}
