//! Amounts of money: `under 80 €`, `between 50 and 90 euros`, `around 60`, `I have 120 euros`.

use std::ops::Range;

use super::tokens::{Kind, Token};
use crate::domain::{fragrance::Currency, intent::Budget};

/// `around 60` allows this much more or less.
const AROUND: f64 = 0.25;

/// Words before an amount that make it an upper limit, also without a currency.
const LIMITS: &[&str] = &[
    "under",
    "below",
    "less than",
    "for less than",
    "not more than",
    "no more than",
    "not over",
    "not above",
    "max",
    "maximum",
    "maximum of",
    "a maximum of",
    "up to",
    "at most",
    "cheaper than",
    "budget of",
    "a budget of",
    "budget is",
    "my budget is",
    "budget",
    "within",
    "not exceeding",
    "limit of",
    "limit is",
    "costs less than",
    "costing less than",
    "no higher than",
    "should not cost more than",
    "cant spend more than",
    "cannot spend more than",
    "dont want to spend more than",
    "do not want to spend more than",
    "dont want to pay more than",
    "do not want to pay more than",
    "rather not spend more than",
    "not spend more than",
    "wont pay more than",
    "wouldnt pay more than",
    "wont spend more than",
    "not pay more than",
    "without spending more than",
    "that doesnt cost more than",
    "doesnt cost more than",
    "not cost more than",
    "costs no more than",
    "costs at most",
    "costs up to",
    "price limit",
    "price cap",
    "upper limit",
    "limit",
    "cap of",
    "not exceed",
    "doesnt exceed",
    "stay under",
    "staying under",
    "stays under",
    "for under",
    "for up to",
    "for at most",
    "only have",
    "have only",
    "spend",
    "spend up to",
    "less then",
];

const AROUNDS: &[&str] = &["around", "about", "roughly", "circa", "approximately", "near", "close to"];

/// Words before an amount that make it a lower limit, of which nothing is made.
const FLOORS: &[&str] = &["over", "above", "more than", "at least", "from", "minimum", "starting at"];

/// Words after a number that make it no amount of money.
const UNITS: &[&str] = &[
    "ml",
    "milliliters",
    "oz",
    "ounces",
    "years",
    "year",
    "yrs",
    "hours",
    "hour",
    "hrs",
    "h",
    "minutes",
    "minute",
    "min",
    "days",
    "day",
    "degrees",
    "percent",
    "notes",
    "perfumes",
    "people",
    "sprays",
    "times",
    "weeks",
    "months",
    "something",
    "th",
    "st",
    "nd",
];

/// The first budget that the text names, and the tokens that name it.
pub(super) fn budget(tokens: &[Token], taken: &[bool]) -> Option<(Budget, Range<usize>)> {
    (0..tokens.len()).find_map(|at| between(tokens, taken, at).or_else(|| single(tokens, taken, at)))
}

/// An amount with the currency on either side of it.
struct Amount {
    value: f64,
    currency: Option<Currency>,
    words: Range<usize>,
}

fn currency(token: &Token) -> Option<Currency> {
    Some(match token.text.as_str() {
        "€" | "eur" | "euro" | "euros" => Currency::Eur,
        "$" | "usd" | "dollar" | "dollars" | "bucks" => Currency::Usd,
        "£" | "gbp" | "pound" | "pounds" | "quid" => Currency::Gbp,
        "chf" | "franc" | "francs" => Currency::Chf,
        _ => return None,
    })
}

/// The amount whose first token is `at`.
fn amount(tokens: &[Token], taken: &[bool], at: usize) -> Option<Amount> {
    let before = tokens.get(at).and_then(currency);
    let place = if before.is_some() { at + 1 } else { at };
    let (value, last) = match tokens.get(place)?.kind {
        Kind::Number(value) => (value, place),
        Kind::Word => spelled(tokens, place)?,
        _ => return None,
    };
    let next = tokens.get(last + 1);
    let after = next.and_then(currency);
    let other_unit = after.is_none() && before.is_none() && next.is_some_and(|t| UNITS.contains(&t.text.as_str()));
    let end = last + 1 + usize::from(after.is_some() && before.is_none());
    if taken[at..end].contains(&true) || other_unit || value <= 0.0 || value > 100_000.0 {
        return None;
    }
    Some(Amount { value, currency: before.or(after), words: at..end })
}

/// A number in words, before a currency: `sixty euros`, `a hundred and twenty dollars`. With the last of its tokens.
fn spelled(tokens: &[Token], at: usize) -> Option<(f64, usize)> {
    let small = |at: usize| {
        let word = tokens.get(at)?.text.as_str();
        let place = SPELLED.iter().position(|&spelled| spelled == word)?;
        let place = f64::from(u8::try_from(place + 1).ok()?);
        Some(if place < 10.0 { place } else { (place - 9.0) * 10.0 })
    };
    let (mut value, mut last) = (0.0, at);
    let hundreds = if is_word(tokens, at, &["a"]) { Some(1.0) } else { small(at).filter(|n| *n < 10.0) };
    let mut rest = at;
    if is_word(tokens, at, &["hundred"]) || (hundreds.is_some() && is_word(tokens, at + 1, &["hundred"])) {
        last = if is_word(tokens, at, &["hundred"]) { at } else { at + 1 };
        value = 100.0 * if last == at { 1.0 } else { hundreds? };
        rest = last + 1 + usize::from(is_word(tokens, last + 1, &["and"]));
    }
    if let Some(tens) = small(rest) {
        (value, last) = (value + tens, rest);
        if let Some(units) = small(rest + 1).filter(|units| tens >= 20.0 && *units < 10.0) {
            (value, last) = (value + units, rest + 1);
        }
    }
    (value > 0.0 && tokens.get(last + 1).is_some_and(|token| currency(token).is_some())).then_some((value, last))
}

/// One to nine, then ten to ninety.
const SPELLED: &[&str] = &[
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twenty", "thirty", "forty", "fifty", "sixty",
    "seventy", "eighty", "ninety",
];

/// How many tokens before `at` a phrase of the list takes up; a full stop after an abbreviation is passed over.
fn phrase_before(tokens: &[Token], at: usize, phrases: &[&str]) -> Option<usize> {
    let skip = usize::from(at > 0 && tokens[at - 1].kind == Kind::Stop && at > 1 && tokens[at - 2].text.starts_with("max"));
    let end = at - skip;
    phrases
        .iter()
        .filter_map(|phrase| {
            let words: Vec<&str> = phrase.split(' ').collect();
            let start = end.checked_sub(words.len())?;
            tokens[start..end].iter().map(|t| t.text.as_str()).eq(words.iter().copied()).then_some(words.len() + skip)
        })
        .max()
}

fn is_word(tokens: &[Token], at: usize, words: &[&str]) -> bool {
    tokens.get(at).is_some_and(|t| words.contains(&t.text.as_str()))
}

fn between(tokens: &[Token], taken: &[bool], at: usize) -> Option<(Budget, Range<usize>)> {
    let low = amount(tokens, taken, at)?;
    if !is_word(tokens, low.words.end, &["and", "to", "-"]) {
        return None;
    }
    let high = amount(tokens, taken, low.words.end + 1)?;
    let opened = at > 0 && is_word(tokens, at - 1, &["between", "from"]);
    let money = low.currency.or(high.currency);
    if high.value <= low.value || (money.is_none() && !opened) {
        return None;
    }
    let start = if opened { at - 1 } else { at };
    let budget = Budget { min: Some(low.value), max: high.value, currency: money.unwrap_or(Currency::Eur) };
    Some((budget, start..high.words.end))
}

fn single(tokens: &[Token], taken: &[bool], at: usize) -> Option<(Budget, Range<usize>)> {
    // A sign that belongs to the number before it, as in `80 €`.
    if at > 0 && matches!(tokens[at - 1].kind, Kind::Number(_)) && currency(&tokens[at]).is_some() {
        return None;
    }
    let found = amount(tokens, taken, at)?;
    let limit = phrase_before(tokens, at, LIMITS);
    let around = phrase_before(tokens, at, AROUNDS);
    let floor = phrase_before(tokens, at, FLOORS);
    let capped = is_word(tokens, found.words.end, &["max", "maximum", "tops"])
        || (is_word(tokens, found.words.end, &["or"])
            && is_word(tokens, found.words.end + 1, &["less", "below", "under", "cheaper"]));
    let currency = found.currency.unwrap_or(Currency::Eur);
    let upto = |words: usize| (Budget { min: None, max: found.value, currency }, at - words..found.words.end);
    match (limit, around, floor) {
        (Some(words), _, _) => Some(upto(words)),
        (_, Some(words), _)
            if !is_word(tokens, (at - words).wrapping_sub(1), &["woman", "man", "person", "people", "age", "im"]) =>
        {
            let (min, max) = (found.value * (1.0 - AROUND), found.value * (1.0 + AROUND));
            Some((Budget { min: Some(min), max, currency }, at - words..found.words.end))
        }
        (_, _, Some(_)) if !capped => None,
        _ if capped || found.currency.is_some() => Some(upto(0)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisor::interpret::tokens::tokens;

    fn read(text: &str) -> Option<Budget> {
        let tokens = tokens(text);
        budget(&tokens, &vec![false; tokens.len()]).map(|(budget, _)| budget)
    }

    #[test]
    fn upper_limits() {
        for text in [
            "under 80 €",
            "below €80",
            "less than 80 euros",
            "max 80",
            "max. 80 EUR",
            "up to 80€",
            "at most 80 EUR",
            "no more than 80",
            "cheaper than 80 €",
            "not more than 80 euros",
            "I have 80 euros",
            "80€ max",
            "80 euros or less",
            "my budget is 80",
            "for less than 80 €.",
            "a rose under 80",
            "I don't want to spend more than 80 euros on it",
            "under eighty euros",
        ] {
            assert_eq!(read(text), Some(Budget { min: None, max: 80.0, currency: Currency::Eur }), "{text}");
        }
        assert_eq!(read("at most a hundred and twenty-five euros").unwrap().max, 125.0);
        assert_eq!(read("two hundred dollars at most").unwrap().max, 200.0);
        assert_eq!(read("under $100").unwrap().currency, Currency::Usd);
        assert_eq!(read("below £50").unwrap().currency, Currency::Gbp);
        assert_eq!(read("up to 120 CHF").unwrap().currency, Currency::Chf);
        assert_eq!(read("under 1,200 €").unwrap().max, 1200.0);
    }

    #[test]
    fn ranges() {
        for text in ["between 50 and 90 euros", "50-90 €", "from 50 to 90 €", "€50–€90", "between 50 and 90"] {
            assert_eq!(read(text), Some(Budget { min: Some(50.0), max: 90.0, currency: Currency::Eur }), "{text}");
        }
        assert_eq!(read("around 60"), Some(Budget { min: Some(45.0), max: 75.0, currency: Currency::Eur }));
    }

    #[test]
    fn numbers_that_are_no_money() {
        for text in [
            "under 30 minutes",
            "a 50 ml bottle",
            "Chanel No 5",
            "more than 100 euros",
            "a woman around 60",
            "lasts 8 hours",
            "4711",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
