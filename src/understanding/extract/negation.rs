//! Whether a scent that is named is said not to be there: "no trace of vanilla", "without rose, musk or amber".
//!
//! A cue reaches forward to the end of its clause, over commas only inside a list that ends in "or" (as in NegEx: Chapman et
//! al. 2001, "A simple algorithm for identifying negated findings and diseases in discharge summaries"). Not liking a scent
//! is not its absence: "I couldn't stand the patchouli" speaks of patchouli.

use std::ops::Range;

use super::clause::{Gap, Sentence};
use crate::understanding::words::Word;

/// How many words a cue reaches over.
const REACH: usize = 9;

/// How many words an item of a list has at most.
const ITEM: usize = 3;

const CUES: &[&str] =
    &["no", "not", "never", "without", "nothing", "neither", "nor", "cannot", "unlike", "sans", "minus", "zero"];

/// Nouns and verbs of absence, with the words that must follow them: "devoid of", "instead of", "rather than".
const CUE_PAIRS: &[(&str, &[&str])] = &[
    ("devoid", &["of"]),
    ("void", &["of"]),
    ("lack", &["of"]),
    ("absence", &["of"]),
    ("free", &["of", "from"]),
    ("instead", &["of"]),
    ("rather", &["than"]),
    ("lacks", &[]),
    ("lacked", &[]),
    ("lacking", &[]),
];

/// What is said after a scent that is not there.
const ABSENT: &[&str] = &["absent", "nowhere", "missing", "lacking"];

/// Verbs whose denial is about the person and not about the scent.
const ATTITUDES: &[&str] = &[
    "like",
    "liked",
    "love",
    "loved",
    "enjoy",
    "enjoyed",
    "stand",
    "bear",
    "mind",
    "care",
    "cared",
    "tolerate",
    "abide",
    "want",
    "wanted",
    "forget",
    "forgot",
    "forgotten",
    "resist",
    "help",
    "stop",
    "stopped",
    "believe",
    "imagine",
    "wait",
    "know",
    "knew",
    "known",
    "realize",
    "realise",
    "realized",
    "expect",
    "think",
    "remember",
    "understand",
    "recognize",
    "recognise",
    "recognized",
    "get",
    "got",
    "afford",
    "escape",
    "shake",
    "lose",
    "lost",
    "leave",
    "left",
    "fade",
    "faded",
    "explain",
    "appreciate",
    "hate",
    "dislike",
    "miss",
    "regret",
    "breathe",
    "tire",
    "cease",
    "wash",
    "fail",
    "failed",
];

/// Words right after a cue with which it is no cue: "not only", "no doubt", "nothing but".
const FALSE_CUES: &[(&str, &[&str])] = &[
    ("not", &["only", "just", "merely", "simply", "unlike", "far", "to", "without", "least", "until"]),
    ("no", &["doubt", "wonder", "matter", "one", "sooner", "less", "other", "better", "end", "surprise", "question"]),
    (
        "nothing",
        &[
            "but", "beats", "beat", "compares", "compared", "better", "quite", "can", "could", "brings", "says", "makes", "more",
            "takes", "less",
        ],
    ),
    ("never", &["mind"]),
];

/// Words that make of "I had never smelled jasmine before" the first time.
const FIRST_TIMES: &[&str] = &["before", "until", "till", "such", "so", "again", "since"];

/// Subjects and articles with which something new begins after a comma or "and".
const STARTERS: &[&str] = &[
    "i", "you", "he", "she", "it", "we", "they", "there", "this", "that", "these", "those", "the", "a", "an", "my", "our", "his",
    "her", "their", "your", "just", "only", "then", "instead", "still", "always", "all",
];

const SUBJECTS: &[&str] = &["i", "you", "he", "she", "it", "we", "they", "there"];

/// Whether the scent named by the words of `mention` is said not to be there.
pub(super) fn is_negated(sentence: &Sentence, mention: &Range<usize>) -> bool {
    denied_before(sentence, mention) || denied_after(sentence, mention)
}

fn denied_before(sentence: &Sentence, mention: &Range<usize>) -> bool {
    let mut commas = 0;
    for at in (mention.start.saturating_sub(REACH)..mention.start).rev() {
        match sentence.gap(at + 1) {
            Gap::Hard => return false,
            Gap::Comma => commas += 1,
            Gap::Plain => {}
        }
        let word = &sentence.words[at];
        if word.is("but") {
            return at.checked_sub(1).is_some_and(|before| sentence.words[before].is("anything"));
        }
        if let Some(width) = cue_at(sentence, at) {
            let scope = at + width..mention.start;
            return is_meant(sentence, at, &scope) && (commas == 0 || is_list(sentence, scope, mention.end));
        }
        let begins_anew = word.is_one_of(STARTERS) && (sentence.gap(at) != Gap::Plain || follows_and(sentence, at));
        if sentence.turns(at) || word.is_one_of(SUBJECTS) || begins_anew {
            return false;
        }
    }
    false
}

fn follows_and(sentence: &Sentence, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| sentence.words[before].is("and"))
}

/// The number of words of the cue that begins at `at`.
fn cue_at(sentence: &Sentence, at: usize) -> Option<usize> {
    let word = &sentence.words[at];
    let next = sentence.words.get(at + 1);
    if let Some((_, after)) = CUE_PAIRS.iter().find(|(cue, _)| word.is(cue)) {
        return match (after.is_empty(), next) {
            (true, _) => Some(1),
            (false, Some(next)) if next.is_one_of(after) => Some(2),
            _ => None,
        };
    }
    if !word.is_one_of(CUES) && !word.form.ends_with("n't") {
        return None;
    }
    // "No, it was jasmine."
    let answers = sentence.gap_after(at) != Gap::Plain;
    let kind = if word.form.ends_with("n't") { "not" } else { word.form.as_str() };
    let is_false = FALSE_CUES.iter().any(|(cue, after)| kind == *cue && next.is_some_and(|n| n.is_one_of(after)));
    (!answers && !is_false).then_some(1)
}

/// Whether the cue at `at` denies that something is there, and not something else.
fn is_meant(sentence: &Sentence, at: usize, scope: &Range<usize>) -> bool {
    let words = &sentence.words;
    let cue = &words[at];
    let verbal = cue.is_one_of(&["not", "never", "cannot"]) || cue.form.ends_with("n't");
    let denies = |w: &Word| w.is_one_of(&["not", "never", "no", "cannot", "nothing"]) || w.form.ends_with("n't");
    if verbal && words[scope.clone()].iter().take(3).any(|w| w.is_one_of(ATTITUDES)) {
        return false;
    }
    // "I can't smell jasmine without thinking of her."
    if verbal && words[scope.start..].iter().any(|w| w.is("without")) {
        return false;
    }
    if cue.is_one_of(&["without", "unlike"]) && words[at.saturating_sub(4)..at].iter().any(denies) {
        return false;
    }
    if cue.is("never") && words[scope.start..].iter().any(|w| w.is_one_of(FIRST_TIMES)) {
        return false;
    }
    !(cue.is("nothing") && is_praise(sentence, at))
}

/// "There is nothing like fresh bread", "Nothing smells like hay": as against "it smelled nothing like vanilla".
fn is_praise(sentence: &Sentence, at: usize) -> bool {
    let words = &sentence.words;
    let like = words[at + 1..].iter().take(3).any(|w| w.is_one_of(&["like", "as"]));
    like && (at == 0 || words[at.saturating_sub(2)..at].iter().any(|w| w.form.starts_with("there")))
}

/// Whether what the cue reaches over is one list with "or": short items, nothing that begins anew.
fn is_list(sentence: &Sentence, scope: Range<usize>, end: usize) -> bool {
    let mut item = 0;
    for at in scope.clone() {
        let word = &sentence.words[at];
        if at > scope.start && sentence.gap(at) == Gap::Comma {
            item = 0;
        }
        item += 1;
        if item > ITEM + 3 || (at > scope.start && item == 1 && word.is_one_of(STARTERS)) {
            return false;
        }
    }
    let is_or = |w: &Word| w.is_one_of(&["or", "nor"]);
    let before = sentence.words[scope].iter().any(is_or);
    let mut after = 0;
    for at in end..sentence.words.len() {
        let word = &sentence.words[at];
        if before || is_or(word) {
            return true;
        }
        after = if sentence.gap(at) == Gap::Comma { 1 } else { after + 1 };
        if sentence.gap(at) == Gap::Hard || after > ITEM || word.is_one_of(STARTERS) {
            return false;
        }
    }
    before
}

fn denied_after(sentence: &Sentence, mention: &Range<usize>) -> bool {
    let Some(next) = sentence.words.get(mention.end) else { return false };
    let last = &sentence.words[mention.end - 1];
    let between = &sentence.text[last.bytes.end - sentence.bytes.start..next.bytes.start - sentence.bytes.start];
    if next.is("free") && between == "-" {
        return true;
    }
    let following = (mention.end..sentence.words.len()).take(4).take_while(|&at| sentence.gap(at) == Gap::Plain);
    let words: Vec<&Word> = following.map(|at| &sentence.words[at]).collect();
    let linked = words.first().is_some_and(|w| w.is_one_of(&["was", "is", "were", "are", "seemed", "seems", "felt"]));
    let denied = words.first().is_some_and(|w| w.is_one_of(&["wasn't", "isn't", "weren't", "aren't"]));
    (linked && words.iter().skip(1).any(|w| w.is_one_of(ABSENT))) || (denied && words.get(1).is_some_and(|w| w.is("there")))
}
