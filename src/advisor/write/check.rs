//! The check of one sentence: it speaks of what may be spoken of, and every claim stands in the evidence that it cites.
//!
//! The check knows the model for no friend: it asks what the words say, not what they mean to say. A true sentence that it
//! does not understand is lost, and the local writer says it instead.

use std::collections::BTreeSet;

use super::brief::{Brief, Candidate, Passage};
use crate::{
    catalog::{ACCORDS, Word, is_stop_word, words},
    domain::{
        answer::Evidence,
        text::{fold, sentences},
    },
    learning::form::Draft,
};

/// The bounds of a sentence, in characters.
const SHORTEST: usize = 12;
const LONGEST: usize = 360;
/// The longest quote, in bytes.
const LONGEST_QUOTE: usize = 220;
/// Evidence of one sentence.
const MOST_EVIDENCE: usize = 5;
/// So many words before a note, a word may deny it.
const NEGATION_REACHES: usize = 5;

/// Why a sentence is not released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// No sentence at all.
    Malformed,
    /// Markup, an address, several sentences, too long.
    Form,
    /// It is about nothing that was given.
    About,
    /// It names a perfume or a house that was not given, or a name that nobody knows.
    Stranger,
    /// It rests on nothing, or on what was not given.
    NoEvidence,
    /// Words of a memory that are not in it.
    Misquoted,
    /// It speaks for what a law refuses.
    Veto,
    /// It claims what its evidence does not say.
    Unfounded,
    /// An order that adds, leaves out or breaks a law.
    Order,
    TooMuch,
    Repeated,
}

impl Flaw {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Form => "form",
            Self::About => "about",
            Self::Stranger => "stranger",
            Self::NoEvidence => "no_evidence",
            Self::Misquoted => "misquoted",
            Self::Veto => "veto",
            Self::Unfounded => "unfounded",
            Self::Order => "order",
            Self::TooMuch => "too_much",
            Self::Repeated => "repeated",
        }
    }
}

/// What a sentence is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The answer as a whole.
    Answer,
    /// A candidate, by its place.
    Candidate(usize),
}

/// A sentence that passed.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    pub about: About,
    pub text: String,
    pub evidence: Vec<Evidence>,
}

/// What a sentence cites, found in the brief.
#[derive(Default)]
struct Cited<'b> {
    /// The text of each fact.
    facts: Vec<&'b str>,
    passages: Vec<(&'b Passage<'b>, &'b str)>,
    /// Facts of a perfume or words of a memory: more than what the question says itself.
    substance: bool,
}

/// Words that deny what follows them.
const DENIALS: &str = "no not without free never nor instead lacks avoids skips leaves misses minus nothing hardly";

/// Words of the facts that say nothing of a perfume.
const PLAIN: &str = "about accord accords among and are ask asks base both came family for has have heart is its known leans most not note \
     notes on other out perfume person profile question than that the this top what which with your";

/// Claims that no fact of the house can bear.
const BASELESS: &str = "award awards awarded bestseller bestselling bestsellers buy bargain celebrity celebrities click coupon cure cures \
     discount doctor famous free hypoallergenic iconic ignore instruction instructions legendary limited luxury natural organic \
     password popular prompt sale stock subscribe sustainable system vegan viral";

/// Claims that need a fact that speaks of them: the words of a claim, and what the fact says.
const BOUND: &[(&str, &str)] = &[
    ("affordable budget cheap cheaper cheapest cost costs expensive inexpensive price priced prices", "costs"),
    ("endures hour hours lasting lasts longevity", "longevity"),
    ("projection projects sillage trail", "sillage"),
    ("created launched released year", "came out"),
    ("wishlist wished", "wishlist"),
];

fn is_one_of(word: &str, list: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == word)
}

impl Brief<'_> {
    /// Checks a sentence of the model.
    pub(super) fn check(&self, draft: &Draft) -> Result<Checked, Flaw> {
        let text = formed(&draft.text)?;
        let about = match draft.about.as_str() {
            "answer" => About::Answer,
            id => About::Candidate(self.candidate(id).ok_or(Flaw::About)?),
        };
        let (cited, evidence) = self.cited(about, draft)?;
        let spoken = self.without_quotes(&text, &cited)?;
        let words = words(&spoken);
        self.names(about, &spoken, &words)?;
        self.notes(about, &spoken, &words, &cited)?;
        claims(about, &words, self, &cited)?;
        self.grounded(&text, &spoken, &words, &cited)?;
        Ok(Checked { about, text, evidence })
    }

    /// What the sentence rests on.
    fn cited<'b>(&'b self, about: About, draft: &'b Draft) -> Result<(Cited<'b>, Vec<Evidence>), Flaw> {
        let (mut cited, mut evidence) = (Cited::default(), Vec::new());
        if draft.evidence.is_empty() || draft.evidence.len() > MOST_EVIDENCE {
            return Err(Flaw::NoEvidence);
        }
        for given in &draft.evidence {
            let new = if let Some(passage) = self.passages.iter().find(|p| p.id == given.id) {
                let quote = given.quote.trim();
                let in_one_sentence = sentences(passage.text).iter().any(|s| passage.text[s.clone()].contains(quote));
                if quote.chars().count() < 3 || quote.len() > LONGEST_QUOTE || !in_one_sentence {
                    return Err(Flaw::Misquoted);
                }
                let note = self.note_between(about, passage);
                cited.passages.push((passage, quote));
                cited.substance = true;
                passage.evidence(quote, note).ok_or(Flaw::Misquoted)?
            } else {
                let of_candidates = self.candidates.iter().enumerate().find_map(|(at, candidate)| {
                    let fact = candidate.facts.iter().find(|fact| fact.id == given.id)?;
                    // What holds of one candidate says nothing of another.
                    (about == About::Answer || about == About::Candidate(at)).then_some(fact)
                });
                cited.substance |= of_candidates.is_some();
                let known = || self.known.iter().find(|fact| fact.id == given.id);
                let fact = of_candidates.or_else(known).ok_or(Flaw::NoEvidence)?;
                cited.facts.push(&fact.text);
                fact.evidence()
            };
            if !evidence.contains(&new) {
                evidence.push(new);
            }
        }
        // What the question says itself is no reason for a perfume.
        if about != About::Answer && !cited.substance { Err(Flaw::NoEvidence) } else { Ok((cited, evidence)) }
    }

    /// A note that the memory of a passage and the perfume share.
    fn note_between<'b>(&'b self, about: About, passage: &Passage<'b>) -> Option<&'b str> {
        let About::Candidate(at) = about else { return None };
        self.candidates[at].fragrance.notes.notes().map(|(_, note)| note).find(|note| passage.notes.contains(note))
    }

    /// The sentence without what it quotes. Each quotation stands in a cited passage, or in the question.
    fn without_quotes(&self, text: &str, cited: &Cited) -> Result<String, Flaw> {
        let mut spoken = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('“') {
            let (quotation, after) = after.split_once('”').ok_or(Flaw::Form)?;
            let inner = quotation.trim().trim_end_matches([',', '.']);
            let stands = cited.passages.iter().any(|(passage, _)| passage.text.contains(inner)) || self.question.contains(inner);
            let is_title = cited.passages.iter().any(|(passage, _)| passage.chunk.memory_title == inner);
            if inner.is_empty() || !(stands || is_title) {
                return Err(Flaw::Misquoted);
            }
            spoken.push_str(before);
            // Something stands there, so that the words around it do not run together.
            spoken.push_str("it");
            rest = after;
        }
        if rest.contains('”') {
            return Err(Flaw::Form);
        }
        spoken.push_str(rest);
        Ok(spoken)
    }

    /// Perfumes, houses, and whatever else bears a capital.
    fn names(&self, about: About, spoken: &str, words: &[Word]) -> Result<(), Flaw> {
        let snapshot = self.facts.snapshot;
        let strange_perfume =
            snapshot.fragrance_mentions(spoken).iter().any(|(bearers, _)| !bearers.iter().any(|at| self.nameable.contains(at)));
        let strange_house = snapshot.brand_mentions(spoken).iter().any(|(house, _)| !self.houses.contains(house.as_str()));
        if strange_perfume || strange_house {
            return Err(Flaw::Stranger);
        }
        // A name that stands in a memory is quoted or left out: else a memory could name perfumes.
        let known = |word: &Word| self.capitals.contains(&word.folded);
        for word in words {
            let written = &spoken[word.bytes.clone()];
            let is_latin =
                written.chars().all(|c| c.is_ascii_alphanumeric() || ('\u{c0}'..='\u{24f}').contains(&c) || !c.is_alphabetic());
            let has_capital = written.chars().any(char::is_uppercase);
            let begins = word.starts_sentence && written.chars().skip(1).all(|c| !c.is_uppercase());
            let fits = if begins { known(word) || self.is_everyday(&word.folded) } else { !has_capital || known(word) };
            if !is_latin || !fits {
                return Err(Flaw::Stranger);
            }
        }
        // "Like Shalimar" of a candidate that the question does not compare with anything.
        if let About::Candidate(at) = about {
            let own = &self.candidates[at].fragrance.brand;
            let others = snapshot.brand_mentions(spoken).into_iter().filter(|(house, _)| house != own);
            let anchored = self.facts.intent.like.as_ref().map(|anchor| anchor.brand.as_str());
            let asked = |house: &str| anchored == Some(house) || self.facts.intent.wanted_brands.iter().any(|b| b == house);
            if others.into_iter().any(|(house, _)| !asked(&house)) {
                return Err(Flaw::Stranger);
            }
        }
        Ok(())
    }

    /// An English word as far as the house knows: also with an ending.
    fn is_everyday(&self, word: &str) -> bool {
        let has = |stem: &str| stem.len() > 1 && (self.everyday.contains(stem) || self.everyday.contains(&format!("{stem}e")));
        has(word) || ["s", "d", "ed", "ing", "ly", "y", "er"].iter().any(|ending| word.strip_suffix(ending).is_some_and(has))
    }

    /// A sentence says something of its evidence: it quotes, or shares a telling word with what it cites.
    fn grounded(&self, text: &str, spoken: &str, words: &[Word], cited: &Cited) -> Result<(), Flaw> {
        if text != spoken {
            return Ok(());
        }
        let mut names = BTreeSet::new();
        self.nameable.iter().for_each(|&at| {
            names.extend(fold(&self.facts.snapshot.fragrances()[at].full_name()).split(' ').map(str::to_owned));
        });
        let stem = |word: &str| word.strip_suffix('s').unwrap_or(word).to_owned();
        let quotes = cited.passages.iter().map(|(_, quote)| *quote);
        let told: BTreeSet<String> =
            cited.facts.iter().copied().chain(quotes).flat_map(|t| fold(t).split(' ').map(stem).collect::<Vec<_>>()).collect();
        let is_telling = |word: &Word| {
            let says_little = is_stop_word(&word.folded) || is_one_of(&word.folded, PLAIN);
            word.folded.len() > 2 && !says_little && !names.contains(&word.folded)
        };
        if words.iter().any(|word| is_telling(word) && told.contains(&stem(&word.folded))) {
            Ok(())
        } else {
            Err(Flaw::Unfounded)
        }
    }

    /// Every note that is named is in the perfume, in the cited words, or denied. What a law refuses is never spoken for.
    fn notes(&self, about: About, spoken: &str, words: &[Word], cited: &Cited) -> Result<(), Flaw> {
        let taxonomy = self.facts.snapshot.taxonomy();
        for mention in taxonomy.mentions(spoken) {
            let note = &taxonomy.notes()[mention.note];
            if is_denied(words, mention.bytes.start) {
                continue;
            }
            // A perfume that may be suggested has nothing of what is refused: whoever says so does not tell the truth.
            if self.refused.contains(&note.name) {
                return Err(Flaw::Veto);
            }
            let general = |carried: &str| {
                let at = taxonomy.index_of(carried);
                carried == note.name || at.is_some_and(|at| taxonomy.kinds_of(mention.note).contains(&at))
            };
            let carries = |candidate: &Candidate| candidate.fragrance.notes.notes().any(|(_, carried)| general(carried));
            let is_carried = match about {
                About::Answer => self.candidates.iter().any(carries),
                About::Candidate(at) => carries(&self.candidates[at]),
            };
            let says = |text: &str| taxonomy.mentions(text).iter().any(|said| said.note == mention.note);
            // What is said of the person stands in the person's words, and is said to the person.
            let to_the_person = words.iter().any(|word| matches!(word.folded.as_str(), "you" | "your"));
            let is_remembered = to_the_person
                && cited.passages.iter().any(|(passage, quote)| passage.notes.contains(note.name.as_str()) || says(quote));
            let is_told = cited.facts.iter().any(|fact| says(fact));
            if !is_carried && !is_remembered && !is_told {
                return Err(Flaw::Unfounded);
            }
        }
        let refused_accord = ACCORDS.iter().filter(|accord| self.refused.contains(**accord)).any(|accord| {
            let folded = fold(accord);
            words.iter().any(|word| word.folded == folded && !is_denied(words, word.bytes.start))
        });
        if refused_accord { Err(Flaw::Veto) } else { Ok(()) }
    }
}

/// Whether a word before this place denies what stands there.
fn is_denied(words: &[Word], start: usize) -> bool {
    let at = words.iter().position(|word| word.bytes.start >= start).unwrap_or(words.len());
    words[at.saturating_sub(NEGATION_REACHES)..at].iter().any(|word| is_one_of(&word.folded, DENIALS))
}

/// Numbers, prices, hours and years stand in the cited facts; some things no fact can say.
fn claims(about: About, words: &[Word], brief: &Brief, cited: &Cited) -> Result<(), Flaw> {
    let own: Vec<&str> = match about {
        About::Candidate(at) => vec![brief.candidates[at].fragrance.name.as_str()],
        About::Answer => brief.candidates.iter().map(|c| c.fragrance.name.as_str()).collect(),
    };
    let is_own = |word: &Word| own.iter().any(|name| fold(name).split(' ').any(|part| part == word.folded));
    let told: String = cited.facts.join(" ");
    let told_words: BTreeSet<String> = fold(&told).split(' ').map(str::to_owned).collect();
    for word in words.iter().filter(|word| !is_own(word)) {
        let is_number = word.folded.chars().any(|c| c.is_ascii_digit());
        let unfounded = (is_number && !told_words.contains(&word.folded))
            || is_one_of(&word.folded, BASELESS)
            || BOUND.iter().any(|(claim, fact)| is_one_of(&word.folded, claim) && !told.contains(fact));
        if unfounded {
            return Err(Flaw::Unfounded);
        }
    }
    Ok(())
}

/// One or two plain sentences, with straight quotation marks made curly.
fn formed(text: &str) -> Result<String, Flaw> {
    let text = text.trim();
    let mut open = false;
    let text: String = text
        .chars()
        .map(|c| match c {
            '"' => {
                open = !open;
                if open { '“' } else { '”' }
            }
            c => c,
        })
        .collect();
    let length = text.chars().count();
    let marked = |c: char| {
        c.is_control()
            || "<>[]{}|`*_#\\@=~^".contains(c)
            || ('\u{200b}'..='\u{206f}').contains(&c) && !('\u{2010}'..='\u{2027}').contains(&c)
    };
    let lower = text.to_lowercase();
    let linked = ["http", "www.", ".com", ".net", ".org", "://"].iter().any(|part| lower.contains(part));
    let ends = text.trim_end_matches('”').ends_with(['.', '!', '?']);
    let plain = (SHORTEST..=LONGEST).contains(&length) && !open && ends && !linked && !text.contains(marked);
    if plain && sentences(&text).len() <= 2 { Ok(text) } else { Err(Flaw::Form) }
}
