//! Text → [`Intent`]: what a question asks for and what it refuses. Deterministic; nothing is guessed that was not said.

mod asking;
mod budget;
pub mod check;
mod circumstances;
mod mentions;
pub(crate) mod moods;
mod polarity;
mod remembrance;
mod scope;
mod senses;
mod smells;
mod tokens;

#[cfg(test)]
mod tests;

use mentions::{Meaning, Mention};
use scope::Polarity;
use senses::Sense;
use tokens::{Kind, Token};

use crate::{
    catalog::Snapshot,
    domain::{
        fragrance::{Currency, Intensity, Longevity},
        intent::{Anchor, Budget, Chip, Intent},
    },
};

/// In euros: what `cheap` means where no perfume is named to be cheaper than.
const CHEAP: f64 = 60.0;

/// Words that make a perfume that is only spoken of one to be like.
const SIMILAR: &[&str] = &[
    "alike",
    "alternative",
    "alternatives",
    "close",
    "closest",
    "comparable",
    "dupe",
    "equivalent",
    "resemble",
    "resembles",
    "similar",
];

/// A question as it was understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Understood {
    pub intent: Intent,
    /// The text without what it refuses and without proper names, prices and signs: what to search by.
    pub search: String,
    /// What is read as a description: the whole text, unless it refuses something or a wish of it was taken out.
    pub description: String,
}

/// Reads a question.
pub fn interpret(snapshot: &Snapshot, text: &str) -> Understood {
    let question = Question::read(snapshot, text);
    question.understood(question.intent(snapshot), |_| true)
}

/// Reads a question whose intent was put right: the wishes that were taken out of the intent are taken out of its words.
pub fn put_right(snapshot: &Snapshot, text: &str, intent: Intent) -> Understood {
    let question = Question::read(snapshot, text);
    let (before, after) = (question.intent(snapshot).chips(), intent.chips());
    question.understood(intent, |mention| {
        let mut draft = Draft::new(snapshot);
        draft.add(&mention.meaning, Polarity::Wanted);
        let says = draft.intent.chips();
        let is_among = |chips: &[Chip]| says.iter().any(|said| chips.contains(said));
        !is_among(&before) || is_among(&after)
    })
}

/// A text with what it names and how.
struct Question<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    mentions: Vec<Mention>,
    reading: scope::Reading,
}

impl<'t> Question<'t> {
    fn read(snapshot: &Snapshot, text: &'t str) -> Self {
        let mut tokens = tokens::tokens(text);
        let mentions = remembrance::without_scenes(&tokens, mentions::mentions(snapshot, text, &tokens));
        // The dots of `Geo. F. Trumper` end no clause.
        let names = |mention: &&Mention| matches!(mention.meaning, Meaning::Fragrance(_) | Meaning::Brand(_));
        for mention in mentions.iter().filter(names) {
            tokens[mention.words.clone()].iter_mut().for_each(|token| token.kind = Kind::Word);
        }
        let reading = scope::read(&tokens, &mentions);
        Self { text, tokens, mentions, reading }
    }

    fn intent(&self, snapshot: &Snapshot) -> Intent {
        let mut draft = Draft::new(snapshot);
        for (mention, polarity) in self.mentions.iter().zip(&self.reading.polarities) {
            draft.add(&mention.meaning, *polarity);
        }
        let similar = self.tokens.iter().any(|t| SIMILAR.contains(&t.text.as_str()));
        let intent = draft.finish(similar);
        if asking::asks(&self.tokens) { intent } else { intent.wishes() }
    }

    /// The question with its intent, and without the wishes that are not kept.
    fn understood(&self, intent: Intent, keeps: impl Fn(&Mention) -> bool) -> Understood {
        let refuses =
            !intent.unwanted_notes.is_empty() || !intent.unwanted_accords.is_empty() || !intent.unwanted_categories.is_empty();
        let mut kept: Vec<bool> = self.reading.signs.iter().map(|sign| !sign).collect();
        let mut is_whole = !refuses;
        for (mention, polarity) in self.mentions.iter().zip(&self.reading.polarities) {
            let keeps = keeps(mention);
            is_whole &= keeps;
            if *polarity != Polarity::Wanted || is_proper(mention) || !keeps {
                kept[mention.words.clone()].fill(false);
            }
        }
        let words: Vec<&str> = self
            .tokens
            .iter()
            .zip(kept)
            .filter(|(token, kept)| *kept && token.kind == Kind::Word)
            .map(|(token, _)| &self.text[token.bytes.clone()])
            .collect();
        let search = words.join(" ");
        Understood { description: if is_whole { self.text.to_owned() } else { search.clone() }, intent, search }
    }
}

fn is_proper(mention: &Mention) -> bool {
    matches!(mention.meaning, Meaning::Fragrance(_) | Meaning::Brand(_) | Meaning::Budget(_))
}

/// An intent in the making.
struct Draft<'a> {
    snapshot: &'a Snapshot,
    intent: Intent,
    cheaper: bool,
    other_house: bool,
    /// A perfume that is named without being asked for: `I own Shalimar`.
    spoken_of: Option<Anchor>,
}

fn add<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

/// A perfume as something to be like.
fn anchor(snapshot: &Snapshot, index: usize) -> Option<Anchor> {
    let fragrance = snapshot.fragrances().get(index)?;
    let (brand, name) = (fragrance.brand.clone(), fragrance.name.clone());
    Some(Anchor { fragrance_id: fragrance.id.clone(), brand, name, cheaper: false })
}

impl<'a> Draft<'a> {
    fn new(snapshot: &'a Snapshot) -> Self {
        Self { snapshot, intent: Intent::default(), cheaper: false, other_house: false, spoken_of: None }
    }

    fn add(&mut self, meaning: &Meaning, polarity: Polarity) {
        let anchor = match meaning {
            Meaning::Fragrance(indexes) => indexes.first().and_then(|&index| anchor(self.snapshot, index)),
            _ => None,
        };
        let intent = &mut self.intent;
        match (meaning, polarity) {
            (Meaning::Note(note), Polarity::Wanted) => add(&mut intent.wanted_notes, note.clone()),
            (Meaning::Note(note), Polarity::Unwanted) => add(&mut intent.unwanted_notes, note.clone()),
            (Meaning::Brand(brand), Polarity::Wanted) => add(&mut intent.wanted_brands, brand.clone()),
            (Meaning::Brand(brand), Polarity::Unwanted) => add(&mut intent.unwanted_brands, brand.clone()),
            (Meaning::Fragrance(_), Polarity::Wanted) if intent.like.is_none() => intent.like = anchor,
            (Meaning::Fragrance(_), Polarity::Wanted) => {}
            (Meaning::Fragrance(_), Polarity::Unwanted) => {
                anchor.into_iter().for_each(|anchor| add(&mut intent.unwanted_fragrances, anchor.fragrance_id));
            }
            (Meaning::Fragrance(_), Polarity::Neutral) => self.spoken_of = anchor,
            (Meaning::Budget(budget), _) => intent.budget = Some(*budget),
            (Meaning::Senses(senses), polarity) => senses.iter().for_each(|sense| self.add_sense(*sense, polarity)),
            (Meaning::Note(_) | Meaning::Brand(_), Polarity::Neutral) => {}
        }
    }

    fn add_sense(&mut self, sense: Sense, polarity: Polarity) {
        let intent = &mut self.intent;
        match (sense, polarity) {
            (Sense::Discontinued, Polarity::Unwanted) | (Sense::Obtainable, _) => intent.obtainable = true,
            (Sense::OtherHouse, _) | (Sense::SameHouse, Polarity::Unwanted) => self.other_house = true,
            (Sense::Cheaper, _) => self.cheaper = true,
            (Sense::Wishlist, Polarity::Wanted) => intent.from_wishlist = true,
            (Sense::TooMuch, _) => intent.intensity = Some(Intensity::Soft),
            (_, Polarity::Neutral) => {}
            (Sense::Accord(accord) | Sense::Kind(accord, _), Polarity::Wanted) => {
                add(&mut intent.wanted_accords, accord.to_owned());
            }
            (Sense::Accord(accord), Polarity::Unwanted) => add(&mut intent.unwanted_accords, accord.to_owned()),
            (Sense::Kind(_, category), Polarity::Unwanted) => add(&mut intent.unwanted_categories, category),
            (Sense::Family(family), Polarity::Wanted) => add(&mut intent.wanted_families, family),
            (Sense::Family(family), Polarity::Unwanted) => add(&mut intent.unwanted_families, family),
            (Sense::Mood(mood), Polarity::Wanted) => add(&mut intent.moods, mood.to_owned()),
            (Sense::Season(season), Polarity::Wanted) => add(&mut intent.seasons, season),
            (Sense::Time(time), Polarity::Wanted) => intent.time = Some(time),
            (Sense::Occasion(occasion), Polarity::Wanted) => {
                intent.occasion.get_or_insert_with(|| occasion.to_owned());
            }
            (Sense::Intensity(intensity), Polarity::Wanted) => intent.intensity = Some(intensity),
            (Sense::Intensity(Intensity::Strong), Polarity::Unwanted) => intent.intensity = Some(Intensity::Soft),
            (Sense::Intensity(Intensity::Soft), Polarity::Unwanted) => intent.intensity = Some(Intensity::Strong),
            (Sense::Longevity(longevity), Polarity::Wanted) => intent.longevity = Some(longevity),
            (Sense::Longevity(Longevity::Short), Polarity::Unwanted) => intent.longevity = Some(Longevity::Long),
            (Sense::Gender(gender), Polarity::Wanted) => intent.gender = Some(gender),
            // What is left says nothing that could be asked for: `not for the winter`, `nothing dark`.
            _ => {}
        }
    }

    /// Puts together what only the whole text tells.
    fn finish(self, similar: bool) -> Intent {
        let mut intent = self.intent;
        if intent.like.is_none() && similar {
            intent.like = self.spoken_of;
        }
        match &mut intent.like {
            Some(anchor) => {
                anchor.cheaper = self.cheaper;
                intent.wanted_brands.retain(|brand| *brand != anchor.brand);
                if self.other_house {
                    add(&mut intent.unwanted_brands, anchor.brand.clone());
                }
            }
            None if self.cheaper && intent.budget.is_none() => {
                intent.budget = Some(Budget { min: None, max: CHEAP, currency: Currency::Eur });
            }
            None => {}
        }
        if intent.like.is_none() && self.other_house {
            intent.unwanted_brands.append(&mut intent.wanted_brands);
        }
        // Who both asks for a thing and refuses it is believed in the refusal.
        intent.wanted_notes.retain(|n| !intent.unwanted_notes.contains(n));
        intent.wanted_accords.retain(|a| !intent.unwanted_accords.contains(a) && !intent.unwanted_notes.contains(a));
        intent.wanted_families.retain(|f| !intent.unwanted_families.contains(f));
        intent.wanted_brands.retain(|b| !intent.unwanted_brands.contains(b));
        intent
    }
}
