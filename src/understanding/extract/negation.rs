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

const CUES: &str = "no not never without nothing neither nor cannot sans minus zero";

/// Nouns and verbs of absence, with the words that must follow them: "devoid of", "instead of", "rather than".
const CUE_PAIRS: &[(&str, &str)] = &[
    ("devoid", "of"),
    ("void", "of"),
    ("lack", "of"),
    ("absence", "of"),
    ("free", "of from"),
    ("instead", "of"),
    ("rather", "than"),
    ("lacks", ""),
    ("lacked", ""),
    ("lacking", ""),
];

/// What is said after a scent that is not there.
const ABSENT: &str = "absent nowhere missing lacking";

/// Verbs whose denial denies a scent: "I never smelled jasmine there", "it doesn't have any musk". Other verbs are denied
/// for themselves: who "couldn't stand the patchouli" or "will never forget the cinnamon" smelled it.
const OF_PRESENCE: &str = "smell smells smelled smelt smelling detect detected find found notice noticed sense sensed catch caught pick \
     have has had contain contains contained include includes included use used wear wore worn be been taste \
     tasted hold held carry carried come came reek reeked encounter encountered perceive perceived any a an the \
     even one";

/// Verbs with which a denial says nothing yet: "was not", "did not", "could not".
const HELPERS: &str = "don't doesn't didn't can't cannot couldn't won't wouldn't never haven't hasn't hadn't shouldn't";

const DO_FORMS: &str = "do does did can could will would have has had should may might";

/// Adverbs that may stand between a denial and its verb.
const ADVERBS: &str = "really actually quite ever even once again longer ever exactly yet have been";

/// What is measured out: "no trace of", "without a hint of".
const MEASURES: &str = "trace traces hint hints sign signs smell smells scent scents whiff touch note notes suggestion sense \
     presence drop bit aroma taste perfume fragrance odor odour kind sort breath memory shadow ghost waft lack \
     absence devoid void free instead smelled smelt reeked spoke spoken speck pinch dash";

/// Words that a denial does not reach over.
const BEYOND: &str = "in on for to with from than that which who at by into about between through when where if enough mood";

/// Words with which a denial compares: "not your typical citrus", "no old-fashioned rose".
const COMPARING: &str = "typical typically usual average ordinary conventional old traditional mere simple regular standard";

/// Words right after a cue with which it is no cue: "not only", "no doubt", "nothing but".
const FALSE_CUES: &[(&str, &str)] = &[
    ("not", "only just merely simply unlike far to without least until so your yet"),
    (
        "no",
        "doubt wonder matter one sooner less other better end surprise question man man's further stranger small \
     secret mistake exception mere way time need prisoner",
    ),
    ("nothing", "but beats beat compares compared better quite can could brings says makes more takes less"),
    ("never", "mind"),
];

/// Words that make of "I had never smelled jasmine before" the first time.
const FIRST_TIMES: &str = "before until till such so again since";

/// Subjects and articles with which something new begins after a comma or "and".
const STARTERS: &str = "i you he she it we they there this that these those the a an my our his her their your just only then \
     instead still always all";

const SUBJECTS: &str = "i you he she it we they there";

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
    let answers = sentence.gap_after(at) != Gap::Plain || sentence.is_hyphenated(at);
    let kind = if word.form.ends_with("n't") { "not" } else { word.form.as_str() };
    let is_false = FALSE_CUES.iter().any(|(cue, after)| kind == *cue && next.is_some_and(|n| n.is_one_of(after)));
    (!answers && !is_false).then_some(1)
}

/// Whether the cue at `at` denies that something is there, and not something else.
fn is_meant(sentence: &Sentence, at: usize, scope: &Range<usize>) -> bool {
    let words = &sentence.words;
    let cue = &words[at];
    let denies = |w: &Word| w.is_one_of("not never no cannot nothing") || w.form.ends_with("n't");
    if words[scope.clone()].iter().any(|w| w.is_one_of(COMPARING)) || !reaches(sentence, scope) {
        return false;
    }
    let helped = cue.is("not") && at.checked_sub(1).is_some_and(|before| words[before].is_one_of(DO_FORMS));
    let verbal = cue.is_one_of(HELPERS) || helped || cue.is("no") && words.get(at + 1).is_some_and(|w| w.is("longer"));
    if verbal && !words[scope.clone()].iter().find(|w| !w.is_one_of(ADVERBS)).is_some_and(|w| w.is_one_of(OF_PRESENCE)) {
        return false;
    }
    // "I can't smell jasmine without thinking of her."
    if verbal && words[scope.start..].iter().any(|w| w.is("without")) {
        return false;
    }
    if cue.is("without") && words[at.saturating_sub(4)..at].iter().any(denies) {
        return false;
    }
    if cue.is("never") && words[scope.start..].iter().any(|w| w.is_one_of(FIRST_TIMES)) {
        return false;
    }
    !(cue.is("nothing") && is_praise(sentence, at))
}

/// Whether nothing stands in the way: "little to no experience of oud" does not deny oud, "no trace of oud" does.
fn reaches(sentence: &Sentence, scope: &Range<usize>) -> bool {
    let words = &sentence.words;
    scope.clone().all(|at| {
        let of_something = words[at].is("of") && !(at > 0 && words[at - 1].is_one_of(MEASURES)) && at > scope.start;
        !of_something && !words[at].is_one_of(BEYOND)
    })
}

/// "There is nothing like fresh bread", "Nothing smells like hay": as against "it smelled nothing like vanilla".
fn is_praise(sentence: &Sentence, at: usize) -> bool {
    let words = &sentence.words;
    let like = words[at + 1..].iter().take(3).any(|w| w.is_one_of("like as"));
    like && (at == 0 || words[at.saturating_sub(2)..at].iter().any(|w| w.form.starts_with("there")))
}

/// Whether what the cue reaches over, and the mention that ends at `end`, are one list with "or": short items, nothing that
/// begins anew, and no comma after the "or".
fn is_list(sentence: &Sentence, scope: Range<usize>, end: usize) -> bool {
    let is_or = |w: &Word| w.is_one_of("or nor");
    let mut item = 0;
    let mut closing = false;
    for at in scope.clone() {
        let word = &sentence.words[at];
        if at > scope.start && sentence.gap(at) == Gap::Comma {
            // "Not sweet or cloying, Oud Extrait …": what follows is not of the list.
            if closing {
                return false;
            }
            item = 0;
        }
        closing |= is_or(word);
        item += 1;
        if item > ITEM + 3 || (at > scope.start && item == 1 && word.is_one_of(STARTERS)) {
            return false;
        }
    }
    if closing {
        return sentence.gap(scope.end) != Gap::Comma;
    }
    let mut after = 0;
    for at in end..sentence.words.len() {
        let word = &sentence.words[at];
        if is_or(word) {
            return true;
        }
        after = if sentence.gap(at) == Gap::Comma { 1 } else { after + 1 };
        if sentence.gap(at) == Gap::Hard || after > ITEM || word.is_one_of(STARTERS) {
            return false;
        }
    }
    false
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
    let linked = words.first().is_some_and(|w| w.is_one_of("was is were are seemed seems felt"));
    let denied = words.first().is_some_and(|w| w.is_one_of("wasn't isn't weren't aren't"));
    (linked && words.iter().skip(1).any(|w| w.is_one_of(ABSENT))) || (denied && words.get(1).is_some_and(|w| w.is("there")))
}
