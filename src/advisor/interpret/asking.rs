//! Whether a text asks for something, or describes it.
//!
//! Who describes a scent at length says what it is not (`not too sweet`, `nothing like my grandmother's roses`) without ruling
//! anything out. Laws are read from requests alone; who names a limit or an allergy requests, however much else is told.

use super::tokens::{Kind, Token};

/// A text of so few words is a request, however it is put.
const SHORT: usize = 30;

/// Phrases with which people ask, as words.
const ASKING: &[&str] = &[
    "a budget",
    "a perfume that",
    "a scent that",
    "allergic to",
    "an allergy to",
    "any ideas",
    "any recommendations",
    "any suggestions",
    "are there",
    "at most",
    "budget is",
    "budget of",
    "can you",
    "could you",
    "do you have",
    "do you know",
    "find me",
    "give me",
    "help me",
    "i am after",
    "i am looking for",
    "i am searching for",
    "i need a",
    "i need an",
    "i need something",
    "i want a",
    "i want an",
    "i want something",
    "i want to smell like",
    "i would like a",
    "i would like something",
    "i would love a",
    "id like",
    "id love",
    "im after",
    "im looking for",
    "im searching for",
    "is there",
    "leave out",
    "looking for",
    "must not",
    "my budget",
    "no more than",
    "not more than",
    "please no",
    "please recommend",
    "recommend me",
    "recommend something",
    "searching for",
    "show me",
    "suggest me",
    "suggest something",
    "tell me",
    "what can i",
    "what can you",
    "what do you",
    "what else",
    "what perfume",
    "what perfumes",
    "what scent",
    "what should i",
    "what would suit",
    "what would you",
    "which fragrance",
    "which perfume",
    "which perfumes",
    "which scent",
    "would you recommend",
    "would you suggest",
];

/// With one of these words at its very beginning, a text wishes for something.
const WISHING: &[&str] = &["something", "anything"];

/// True of a short text, and of one in which somebody asks.
pub(super) fn asks(tokens: &[Token]) -> bool {
    let words: Vec<&str> = tokens.iter().filter(|token| token.kind == Kind::Word).map(|token| token.text.as_str()).collect();
    let says = |phrase: &str| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        words.windows(phrase.len()).any(|window| window == phrase)
    };
    let wishes = words.first().is_some_and(|first| WISHING.contains(first));
    words.len() < SHORT || wishes || ASKING.iter().any(|phrase| says(phrase))
}
