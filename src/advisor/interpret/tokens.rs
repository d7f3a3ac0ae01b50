//! The words, numbers and stops of a question, with their places in it.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::domain::text::fold;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Word,
    Number(f64),
    /// `€`, `$`, `£`.
    Sign,
    Comma,
    /// A dash that stands alone or between numbers; a hyphen inside a word is no token.
    Dash,
    /// The end of a clause: `.`, `;`, `:`, `!`, `?`, a new line.
    Stop,
}

/// A piece of the text. Words are folded, without apostrophes: `Don’t` is `dont`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub text: String,
    pub kind: Kind,
    /// In bytes of the original text.
    pub bytes: Range<usize>,
}

const APOSTROPHES: [char; 4] = ['\'', '’', '‘', 'ʼ'];

/// Takes a text apart. Whatever is neither word, number nor stop is left out.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let at = |i: usize| chars.get(i).map(|(_, c)| *c);
    let byte = |i: usize| chars.get(i).map_or(text.len(), |(b, _)| *b);
    let mut found = Vec::new();
    let mut i = 0;
    while let Some(c) = at(i) {
        let start = i;
        i += 1;
        let (kind, folded) = if c.is_ascii_digit() {
            while at(i).is_some_and(|c| c.is_ascii_digit())
                || (at(i).is_some_and(|c| c == '.' || c == ',') && at(i + 1).is_some_and(|c| c.is_ascii_digit()))
            {
                i += 1;
            }
            let written: String = (start..i).filter_map(at).collect();
            (number(&written).map_or(Kind::Word, Kind::Number), written)
        } else if c.is_alphanumeric() {
            let inside = |i: usize| {
                at(i).is_some_and(|c| {
                    (c.is_alphabetic() || is_combining_mark(c))
                        || (APOSTROPHES.contains(&c) && at(i + 1).is_some_and(char::is_alphabetic))
                })
            };
            while inside(i) {
                i += 1;
            }
            let written: String = (start..i).filter_map(at).filter(|c| !APOSTROPHES.contains(c)).collect();
            (Kind::Word, fold(&written))
        } else {
            match c {
                '€' | '$' | '£' => (Kind::Sign, c.to_string()),
                ',' | '،' | '、' => (Kind::Comma, ",".into()),
                ':' => (Kind::Stop, ":".into()),
                '.' | ';' | '!' | '?' | '…' | '\n' | '\r' | '。' => (Kind::Stop, ".".into()),
                '&' | '+' => (Kind::Word, "and".into()),
                '/' => (Kind::Word, "or".into()),
                '–' | '—' => (Kind::Dash, "-".into()),
                '-' if stands_alone(start.checked_sub(1).and_then(at), at(i)) => (Kind::Dash, "-".into()),
                _ => continue,
            }
        };
        found.push(Token { text: folded, kind, bytes: byte(start)..byte(i) });
    }
    found
}

fn stands_alone(before: Option<char>, after: Option<char>) -> bool {
    let amount = |c: char| c.is_ascii_digit() || matches!(c, '€' | '$' | '£');
    let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
    blank(before) || blank(after) || (before.is_some_and(amount) && after.is_some_and(amount))
}

/// `1,200` and `1.200` are thousands; `79,50` and `79.50` have cents.
fn number(written: &str) -> Option<f64> {
    let mut plain = String::new();
    let mut rest = written;
    while let Some(at) = rest.find(['.', ',']) {
        plain.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let digits = after.find(['.', ',']).unwrap_or(after.len());
        if digits != 3 {
            plain.push('.');
        }
        rest = after;
    }
    plain.push_str(rest);
    plain.parse().ok().filter(|n: &f64| n.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_stops() {
        let texts: Vec<String> =
            tokens("I don’t want ylang-ylang - max. 1,200.50€/£80, Hermès!").into_iter().map(|t| t.text).collect();
        assert_eq!(
            texts,
            ["i", "dont", "want", "ylang", "ylang", "-", "max", ".", "1,200.50", "€", "or", "£", "80", ",", "hermes", "."]
        );
        assert_eq!(tokens("50-90")[1].kind, Kind::Dash);
        assert_eq!(tokens("1,200.50")[0].kind, Kind::Number(1200.5));
        assert_eq!(tokens("79,5")[0].kind, Kind::Number(79.5));
        assert_eq!(tokens("80eur").len(), 2);
    }
}
