//! Which of the things that a question names are wanted: signs and how far they reach.

use super::{
    mentions::{Meaning, Mention},
    polarity::{Cue, cue_at},
    senses::Sense,
    tokens::{Kind, Token},
};

/// How a thing is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Polarity {
    Wanted,
    Unwanted,
    /// Only spoken of.
    Neutral,
}

/// What a list is made of: a list of refusals ends where another sort of word follows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Noun,
    Adjective,
    /// Either, as `citrus`.
    Both,
    /// When, for whom, how costly: never part of such a list.
    Circumstance,
}

fn sort_of(meaning: &Meaning) -> Sort {
    match meaning {
        Meaning::Note(_) | Meaning::Brand(_) | Meaning::Fragrance(_) => Sort::Noun,
        Meaning::Budget(_) => Sort::Circumstance,
        Meaning::Senses(senses) => match senses.first() {
            Some(Sense::Kind(..)) => Sort::Both,
            Some(Sense::Accord(_) | Sense::Family(_) | Sense::Mood(_) | Sense::Intensity(_)) => Sort::Adjective,
            _ => Sort::Circumstance,
        },
    }
}

/// Words that may stand between a refusal and the circumstance that it refuses: `not for the winter`.
const FILLERS: &[&str] = &[
    "for",
    "the",
    "a",
    "an",
    "in",
    "at",
    "my",
    "too",
    "to",
    "really",
    "very",
    "so",
    "by",
    "from",
    "it",
    "anything",
    "something",
];

/// Where the reading stands.
struct State {
    polarity: Polarity,
    /// What the sign has reached so far.
    reached: Option<Sort>,
    /// The sign reaches one thing alone.
    once: bool,
    /// The token after the sign.
    since: usize,
}

impl State {
    fn wish(at: usize) -> Self {
        Self { polarity: Polarity::Wanted, reached: None, once: false, since: at }
    }
}

/// What the signs make of the mentions, and the tokens that are signs.
pub(super) struct Reading {
    pub polarities: Vec<Polarity>,
    pub signs: Vec<bool>,
}

/// Reads the signs of a sentence from left to right.
pub(super) fn read(tokens: &[Token], mentions: &[Mention]) -> Reading {
    let mut polarities = vec![Polarity::Wanted; mentions.len()];
    let mut signs = vec![false; tokens.len()];
    let mut state = State::wish(0);
    // The mentions since the last stop, comma or turn, and those of the clause before.
    let (mut clause, mut clause_before): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut next = 0;
    let mut at = 0;
    while at < tokens.len() {
        if mentions.get(next).is_some_and(|m| m.words.start == at) {
            let mention = &mentions[next];
            polarities[next] = reach(&mut state, tokens, mention);
            clause.push(next);
            at = mention.words.end;
            next += 1;
            continue;
        }
        match tokens[at].kind {
            // `Hates: vanilla.`
            Kind::Stop if tokens[at].text == ":" && state.since == at && state.polarity != Polarity::Wanted => {
                state.since = at + 1;
                at += 1;
                continue;
            }
            Kind::Stop | Kind::Dash => {
                state = State::wish(at + 1);
                if !clause.is_empty() {
                    clause_before = std::mem::take(&mut clause);
                }
                at += 1;
                continue;
            }
            Kind::Comma => {
                if !clause.is_empty() {
                    clause_before = std::mem::take(&mut clause);
                }
                at += 1;
                continue;
            }
            _ => {}
        }
        let limit = mentions.get(next).map_or(tokens.len(), |m| m.words.start);
        let words: Vec<&str> =
            tokens[at..limit].iter().take(6).take_while(|t| t.kind == Kind::Word).map(|t| t.text.as_str()).collect();
        let Some((cue, length)) = cue_at(&words) else {
            at += 1;
            continue;
        };
        signs[at..at + length].fill(true);
        let end = at + length;
        let governs = state.reached.is_some();
        match cue {
            Cue::Decline if tokens.get(end).is_some_and(|t| t.kind == Kind::Comma) && words[..length] == ["no"] => {}
            Cue::Decline => state = State { polarity: Polarity::Unwanted, reached: None, once: false, since: end },
            Cue::DeclineOne => {
                if state.polarity == Polarity::Wanted && mentions.get(next).is_some_and(|m| m.words.start <= end + 1) {
                    state = State { polarity: Polarity::Unwanted, reached: None, once: true, since: end };
                }
            }
            Cue::Except => {
                let polarity =
                    if state.polarity == Polarity::Unwanted && governs { Polarity::Wanted } else { Polarity::Unwanted };
                state = State { polarity, reached: None, once: false, since: end };
            }
            Cue::Mention => state = State { polarity: Polarity::Neutral, reached: None, once: false, since: end },
            Cue::Turn => {
                state = State::wish(end);
                if !clause.is_empty() {
                    clause_before = std::mem::take(&mut clause);
                }
            }
            // After a refusal `with` mostly says more of what is refused.
            Cue::Wish if words[..length] == ["with"] && at > 0 && tokens[at - 1].kind != Kind::Comma => {}
            Cue::Insist => state = State::wish(end),
            Cue::Wish if governs => state = State::wish(end),
            Cue::DeclineBefore | Cue::DeclineAllBefore => {
                let clause = if clause.is_empty() { &clause_before } else { &clause };
                let things = clause.iter().rev().filter(|&&m| sort_of(&mentions[m].meaning) != Sort::Circumstance);
                for &mention in things.take(if cue == Cue::DeclineBefore { 1 } else { usize::MAX }) {
                    polarities[mention] = Polarity::Unwanted;
                }
                state = State::wish(end);
            }
            Cue::Free => {
                if next > 0 && mentions[next - 1].words.end == at && sort_of(&mentions[next - 1].meaning) != Sort::Circumstance {
                    polarities[next - 1] = Polarity::Unwanted;
                }
            }
            Cue::Wish | Cue::Nothing => {}
        }
        at = end;
    }
    Reading { polarities, signs }
}

/// What the current sign makes of a mention, and what that does to the sign.
fn reach(state: &mut State, tokens: &[Token], mention: &Mention) -> Polarity {
    let sort = sort_of(&mention.meaning);
    if state.polarity == Polarity::Wanted {
        return Polarity::Wanted;
    }
    if sort == Sort::Circumstance {
        let between = &tokens[state.since.min(mention.words.start)..mention.words.start];
        let direct = state.reached.is_none() && between.iter().all(|t| FILLERS.contains(&t.text.as_str()));
        if direct {
            let polarity = state.polarity;
            *state = State::wish(mention.words.end);
            return polarity;
        }
        return Polarity::Wanted;
    }
    if let Some(reached) = state.reached
        && (state.once || another_matter(reached, sort, tokens, mention))
    {
        *state = State::wish(mention.words.start);
        return Polarity::Wanted;
    }
    state.reached = Some(match state.reached {
        Some(reached) if sort == Sort::Both => reached,
        _ => sort,
    });
    state.polarity
}

/// Whether a mention no longer belongs to the list of refusals before it: `no geranium, aromatic`.
fn another_matter(reached: Sort, sort: Sort, tokens: &[Token], mention: &Mention) -> bool {
    let word = |at: Option<usize>| at.and_then(|at| tokens.get(at));
    let before = word(mention.words.start.checked_sub(1));
    let after_comma = before.is_some_and(|t| t.kind == Kind::Comma);
    let after_and = before.is_some_and(|t| t.text == "and");
    let before_or = word(Some(mention.words.end)).is_some_and(|t| matches!(t.text.as_str(), "or" | "nor" | "and"));
    match (reached, sort) {
        (Sort::Noun, Sort::Adjective) | (Sort::Adjective, Sort::Noun) => (after_comma && !before_or) || after_and,
        (Sort::Noun, Sort::Both) => after_comma && !before_or,
        _ => false,
    }
}
