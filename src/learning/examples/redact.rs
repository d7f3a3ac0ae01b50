//! Taking personal names and contact data out of texts, before they become examples.
//!
//! Rules, not a model: emails, addresses on the web, handles, telephone and other long numbers, street addresses; the account's
//! own name; names after a relation or a title ("my friend Mia", "Dr. Okafor"), after "named", and owners ("Mia's kitchen").
//! A name that is found once is taken out everywhere. *Limits:* a name that stands alone and owns nothing ("Mia laughed"),
//! names in lower case, places and employers stay; and a word that is also a perfume may be taken for a name.

use std::{collections::BTreeSet, ops::Range};

use crate::domain::text::fold;

/// What is known of whose texts these are.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Folded words of the account's name and email.
    own: BTreeSet<String>,
    /// Folded words that are also notes: as names only with a capital.
    notes: BTreeSet<String>,
    /// Folded words of houses and perfumes, which own things without being persons.
    brands: BTreeSet<String>,
    /// Folded words of the perfumes that the example is about, which stay.
    kept: BTreeSet<String>,
}

impl Known {
    /// `notes` and `brands` are the words of the catalog, `kept` those of the perfumes that are spoken of.
    pub fn new<'a>(
        name: &str,
        email: &str,
        notes: impl IntoIterator<Item = &'a str>,
        brands: impl IntoIterator<Item = &'a str>,
        kept: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let words = |text: &str, least: usize| -> Vec<String> {
            fold(text).split(|c: char| !c.is_alphabetic()).filter(|w| w.chars().count() >= least).map(str::to_owned).collect()
        };
        let local = email.split('@').next().unwrap_or_default();
        Self {
            own: words(name, 2).into_iter().chain(words(local, 3)).collect(),
            notes: notes.into_iter().flat_map(|text| words(text, 1)).collect(),
            brands: brands.into_iter().flat_map(|text| words(text, 1)).collect(),
            kept: kept.into_iter().flat_map(|text| words(text, 1)).collect(),
        }
    }
}

const RELATIONS: &str = "friend friends girlfriend boyfriend bestie wife husband partner fiance fiancee mother mom mum mama mommy \
    father dad papa daddy sister brother son daughter aunt auntie uncle cousin niece nephew grandmother grandma granny nana nanny \
    gran grandfather grandpa granddad colleague coworker boss manager neighbor neighbour teacher professor roommate flatmate \
    godmother godfather stepmother stepfather mentor ex classmate crush lover baby freundin freund mutter vater schwester bruder \
    oma opa tante onkel kollegin kollege nachbarin nachbar";
const TITLES: &str = "mr mrs ms miss dr prof professor sir madam madame monsieur mademoiselle herr frau senor senora aunt auntie \
    uncle tante onkel oma opa grandma grandpa granny dear";
/// Words with a capital that are no names.
const CAPITALS: &str = "i a an the she he it we they you my our his her their this that these those in on at of to for from with \
    and but or so then when while as if who what where there here let how why not no yes is was were are be one all some every each \
    after before during since until because monday tuesday wednesday thursday friday saturday sunday january february march april \
    may june july august september october november december spring summer autumn fall winter christmas easter god eau de parfum \
    toilette cologne edp edt perfume fragrance";
const STREETS: &str =
    "street st road rd avenue ave lane ln drive dr boulevard blvd square sq court ct way terrace close place crescent row";
const STREETS_BEFORE: &str = "rue via calle piazza plaza rua";
const STREET_ENDS: [&str; 7] = ["straße", "strasse", "gasse", "weg", "platz", "allee", "str"];
const THINGS: &str = "perfume fragrance scent cologne parfum bottle brand house book song film movie shop store place city town";
const SITES: [&str; 10] = [".com", ".org", ".net", ".de", ".ch", ".at", ".fr", ".io", ".me", ".co.uk"];

fn is_in(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|w| w == word)
}

/// A run of letters or digits, with the apostrophes and hyphens inside it.
struct Word<'a> {
    range: Range<usize>,
    text: &'a str,
    folded: String,
}

impl Word<'_> {
    fn is_number(&self) -> bool {
        let digits = self.text.chars().filter(char::is_ascii_digit).count();
        digits > 0 && digits + 1 >= self.text.chars().count() && self.text.starts_with(|c: char| c.is_ascii_digit())
    }

    fn is_capitalized(&self) -> bool {
        let mut chars = self.text.chars();
        chars.next().is_some_and(char::is_uppercase) && self.text.chars().count() > 1
    }

    /// Without the sign of owning.
    fn base(&self) -> &str {
        self.text.strip_suffix("'s").or_else(|| self.text.strip_suffix("’s")).unwrap_or(self.text)
    }

    fn base_folded(&self) -> String {
        fold(self.base())
    }
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start = None;
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’');
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, inside(c)) {
            (None, true) if c.is_alphanumeric() => start = Some(at),
            (Some(from), false) => {
                let word = text[from..at].trim_end_matches(['\'', '’']);
                words.push(Word { range: from..from + word.len(), text: word, folded: fold(word) });
                start = None;
            }
            _ => {}
        }
    }
    words
}

type Cuts = Vec<(Range<usize>, &'static str)>;

fn cut(text: &str, mut cuts: Cuts) -> String {
    cuts.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (range, instead) in cuts {
        if range.start < at {
            continue;
        }
        out.push_str(&text[at..range.start]);
        out.push_str(instead);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// Emails, web addresses and handles.
fn contacts(text: &str) -> Cuts {
    let mut cuts = Cuts::new();
    let mut at = 0;
    for chunk in text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '“' | '”' | '(' | ')' | ',' | ';')) {
        let from = at + chunk.len() - chunk.trim_start_matches(['\'', '[', '.']).len();
        let trimmed = chunk.trim_start_matches(['\'', '[', '.']).trim_end_matches(['.', '!', '?', ':', '\'', ']']);
        let lower = trimmed.to_lowercase();
        let range = from..from + trimmed.len();
        let site = |site: &str| {
            lower.find(site).is_some_and(|end| {
                let after = &lower[end + site.len()..];
                end > 1
                    && (after.is_empty() || after.starts_with('/'))
                    && lower[..end].chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.')
            })
        };
        if let Some((name, host)) = trimmed.split_once('@') {
            if name.is_empty() && host.chars().count() > 1 {
                cuts.push((range, "[handle]"));
            } else if !name.is_empty() && !host.is_empty() {
                cuts.push((range, "[email]"));
            }
        } else if lower.contains("://") || lower.starts_with("www.") || SITES.iter().any(|s| site(s)) {
            cuts.push((range, "[link]"));
        }
        at += chunk.len();
        at += text[at..].chars().next().map_or(0, char::len_utf8);
    }
    cuts
}

/// Telephone numbers, and whatever else has as many digits.
fn numbers(text: &str) -> Cuts {
    let mut cuts = Cuts::new();
    let mut run: Option<(usize, usize, usize)> = None;
    let mut before = ' ';
    for (at, c) in text.char_indices().chain([(text.len(), '\0')]) {
        let joins = matches!(c, ' ' | '-' | '.' | '/' | '(' | ')' | '\u{a0}');
        match &mut run {
            Some((_, end, digits)) if c.is_ascii_digit() => (*end, *digits) = (at + 1, *digits + 1),
            Some((_, end, _)) if joins && at - *end < 3 => {}
            _ => {
                if let Some((start, end, digits)) = run.take() {
                    let first = text[start..].chars().next().unwrap_or(' ');
                    if digits >= 9 || (digits >= 7 && matches!(first, '+' | '0' | '(')) {
                        cuts.push((start..end, "[number]"));
                    }
                }
                if (c.is_ascii_digit() || matches!(c, '+' | '(')) && !before.is_alphanumeric() {
                    run = Some((at, at + c.len_utf8(), usize::from(c.is_ascii_digit())));
                }
            }
        }
        before = c;
    }
    cuts
}

/// Streets with a number, and postal codes with a place.
fn addresses(text: &str) -> Cuts {
    let words = words(text);
    let gap = |a: &Word, b: &Word| &text[a.range.end..b.range.start];
    let mut cuts = Cuts::new();
    for (at, word) in words.iter().enumerate() {
        let rest = &words[at + 1..];
        let near = |n: usize| {
            rest.iter().take(n).zip(words[at..].iter()).take_while(|(b, a)| matches!(gap(a, b), " " | ", " | ". ")).count()
        };
        if word.is_number() {
            let reach = near(5);
            if rest.first().is_some_and(|next| reach > 0 && is_in(STREETS_BEFORE, &next.folded)) {
                let last = (1..reach)
                    .take_while(|n| {
                        rest[*n].is_capitalized() || matches!(rest[*n].folded.as_str(), "de" | "la" | "du" | "des" | "della")
                    })
                    .last();
                cuts.push((word.range.start..rest[last.unwrap_or(0)].range.end, "[address]"));
            } else if let Some(end) = (0..reach.min(4)).find(|n| is_in(STREETS, &rest[*n].folded))
                && end > 0
                && rest[..end].iter().all(Word::is_capitalized)
                && rest[end].is_capitalized()
            {
                cuts.push((word.range.start..rest[end].range.end, "[address]"));
            } else if word.text.len() == 5
                && word.text.bytes().all(|b| b.is_ascii_digit())
                && reach > 0
                && rest[0].is_capitalized()
            {
                cuts.push((word.range.start..rest[0].range.end, "[address]"));
            }
        } else if let Some(next) = rest.first()
            && next.is_number()
            && matches!(gap(word, next), " " | ". ")
            && STREET_ENDS.iter().any(|end| word.text.to_lowercase().ends_with(end))
            && word.is_capitalized()
        {
            cuts.push((word.range.start..next.range.end, "[address]"));
        }
    }
    cuts
}

/// Folded words that are names of persons in this text.
fn names(text: &str, known: &Known) -> BTreeSet<String> {
    let words = words(text);
    let gap = |at: usize| &text[words[at].range.end..words[at + 1].range.start];
    let is_name = |at: usize| {
        let word = &words[at];
        let base = word.base_folded();
        word.is_capitalized() && !is_in(CAPITALS, &base) && !is_in(RELATIONS, &base) && !is_in(TITLES, &base)
    };
    let mut names = BTreeSet::new();
    for (at, word) in words.iter().enumerate() {
        let base = word.base_folded();
        let own = known.own.contains(&base) && (word.is_capitalized() || !known.notes.contains(&base));
        if own {
            names.insert(base.clone());
        }
        let owner =
            word.base().len() < word.text.len() && is_name(at) && !known.brands.contains(&base) && !known.notes.contains(&base);
        if owner {
            names.insert(base.clone());
        }
        let title = is_in(TITLES, &base) && word.is_capitalized();
        let called = matches!(base.as_str(), "named" | "called")
            && !words[at.saturating_sub(3)..at].iter().any(|w| is_in(THINGS, &w.folded));
        let is_called = matches!(base.as_str(), "is" | "was") && at > 0 && words[at - 1].folded == "name";
        if !(title || called || is_called || is_in(RELATIONS, &base)) {
            continue;
        }
        let mut next = at + 1;
        // "my friend, a painter named Mia" is met by the rule for "named".
        while next < words.len() && next <= at + 3 {
            let between = gap(next - 1);
            let joins = between == " " || (next == at + 1 && matches!(between, ", " | ". " | ": ") && (title || between != ". "));
            if !joins || !is_name(next) || (between == ", " && known.brands.contains(&words[next].base_folded())) {
                break;
            }
            names.insert(words[next].base_folded());
            next += 1;
        }
    }
    names.retain(|name| known.own.contains(name) || !known.kept.contains(name));
    names
}

/// Takes names and contact data out of several texts that belong together: a name found in one is taken out of all.
pub fn redact(texts: &[&str], known: &Known) -> Vec<String> {
    let cleaned: Vec<String> = texts
        .iter()
        .map(|text| {
            let text = cut(text, contacts(text));
            let text = cut(&text, addresses(&text));
            cut(&text, numbers(&text))
        })
        .collect();
    let names: BTreeSet<String> = cleaned.iter().flat_map(|text| names(text, known)).collect();
    let nameless = |text: &String| {
        let cuts = words(text)
            .into_iter()
            .filter(|word| {
                let base = word.base_folded();
                names.contains(&base) && (word.is_capitalized() || (known.own.contains(&base) && !known.notes.contains(&base)))
            })
            .map(|word| (word.range.start..word.range.start + word.base().len(), "[name]"))
            .collect();
        cut(text, cuts).replace("[name] [name] [name]", "[name]").replace("[name] [name]", "[name]")
    };
    cleaned.iter().map(nameless).collect()
}

/// Whether a text still holds an email, a web address, a handle or a long number.
pub fn holds_contacts(text: &str) -> bool {
    !contacts(text).is_empty() || !numbers(text).is_empty()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn known() -> Known {
        Known::new(
            "Ada Rose",
            "ada.lovelace7@example.org",
            ["rose", "iris", "cedar"],
            ["Penhaligon's", "Dior", "Guerlain"],
            ["Guerlain Shalimar"],
        )
    }

    fn one(text: &str) -> String {
        redact(&[text], &known()).remove(0)
    }

    #[test]
    fn contact_data_goes() {
        for (text, redacted) in [
            ("Write to mia.b+x@mail.example.co.uk, please.", "Write to [email], please."),
            ("It is on https://example.org/a?b=c#d and www.shop.example.", "It is on [link] and [link]."),
            ("see flowershop.com/roses!", "see [link]!"),
            ("I am @scentlover there", "I am [handle] there"),
            ("Call +41 79 123 45 67 or (030) 1234567.", "Call [number] or [number]."),
            ("My card is 4111-1111-1111-1111 ok", "My card is [number] ok"),
            ("We lived at 12 Baker Street, then Bahnhofstrasse 7.", "We lived at [address], then [address]."),
            ("at 5 rue de la Paix", "at [address]"),
            ("from 10115 Berlin", "from [address]"),
        ] {
            assert_eq!(one(text), redacted);
        }
    }

    #[test]
    fn names_of_persons_go() {
        for (text, redacted) in [
            ("My friend Mia Okafor wore it.", "My friend [name] wore it."),
            ("my sister, Anna, and I", "my sister, [name], and I"),
            ("Dr. Müller and Mrs Smith", "Dr. [name] and Mrs [name]"),
            ("Aunt Lucy baked. Lucy smelled of vanilla.", "Aunt [name] baked. [name] smelled of vanilla."),
            ("In Tom's kitchen", "In [name]'s kitchen"),
            ("a boy named Leo", "a boy named [name]"),
            ("My name is Zoë Kravitz.", "My name is [name]."),
            ("Ada here, ada as always", "[name] here, [name] as always"),
            ("lovelace asks", "[name] asks"),
        ] {
            assert_eq!(one(text), redacted);
        }
        let both = redact(&["my wife Carla", "Carla’s scarf and Carla"], &known());
        assert_eq!(both[1], "[name]’s scarf and [name]");
    }

    #[test]
    fn scents_houses_prices_and_years_stay() {
        for text in [
            "My grandmother wore Shalimar by Guerlain, under 150 € since 1995.",
            "Something like Dior's Sauvage from 1990-2000, 100 ml",
            "Penhaligon's roses, a rose and an iris",
            "a perfume called Angel for my mother. The rain on Tuesday's market",
            "It's what I'm after: 24 Faubourg, No. 5, 4711!",
            "between 40 and 120 euros, 7.5 of 10",
        ] {
            assert_eq!(one(text), text);
        }
    }

    proptest! {
        #[test]
        fn nothing_breaks_and_no_contact_is_left(text in "\\PC{0,80}", tail in "[a-z]{2,8}@[a-z]{2,8}\\.org|\\+[0-9]{8,12}|https://[a-z]{1,9}\\.de/[a-z]{0,5}") {
            let redacted = one(&format!("{text} {tail}"));
            prop_assert!(!redacted.contains(&tail), "{redacted}");
        }
    }
}
