//! The forms in which a note's name stands in a sentence: `lilies of the valley`, `figs`, `peppery`.

/// Other forms of a folded name. Not all of them exist; those that do are found.
pub(super) fn forms(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split(' ').collect();
    let Some((last, before)) = words.split_last() else { return Vec::new() };
    let joined = |last: &str| if before.is_empty() { last.to_owned() } else { format!("{} {last}", before.join(" ")) };
    let mut forms = vec![joined(&plural(last))];
    forms.extend(singular(last).map(|last| joined(&last)));
    // The head of "lily of the valley" is its first word.
    if words.len() > 2 && words[1] == "of" {
        forms.push(format!("{} {}", plural(words[0]), words[1..].join(" ")));
    }
    if before.is_empty() {
        forms.extend(adjective(last));
    }
    forms
}

fn plural(word: &str) -> String {
    let ends = |endings: &[&str]| endings.iter().any(|e| word.ends_with(e));
    if let Some(stem) = word.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'o', 'u'])
    {
        return format!("{stem}ies");
    }
    if let Some(stem) = word.strip_suffix("leaf") {
        return format!("{stem}leaves");
    }
    if ends(&["s", "x", "z", "ch", "sh", "tomato", "potato", "mango"]) {
        return format!("{word}es");
    }
    format!("{word}s")
}

fn singular(word: &str) -> Option<String> {
    if word.len() < 4 || ["ss", "us", "is", "as", "os"].iter().any(|e| word.ends_with(e)) {
        return None;
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return Some(format!("{stem}y"));
    }
    if let Some(stem) = word.strip_suffix("leaves") {
        return Some(format!("{stem}leaf"));
    }
    if let Some(stem) = word.strip_suffix("es")
        && ["s", "x", "z", "ch", "sh"].iter().any(|e| stem.ends_with(e))
    {
        return Some(stem.to_owned());
    }
    word.strip_suffix('s').map(str::to_owned)
}

/// `pepper` → `peppery`, `fig` → `figgy`. Only for words that take it: those of two syllables and more rarely mislead.
fn adjective(word: &str) -> Option<String> {
    let letters = word.as_bytes();
    let vowel = |b: u8| b"aeiouy".contains(&b);
    match letters {
        [first, middle, last] if !vowel(*first) && vowel(*middle) && !vowel(*last) => {
            Some(format!("{word}{}y", char::from(*last)))
        }
        [.., last] if letters.len() > 3 && !vowel(*last) && word.is_ascii() => Some(format!("{word}y")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_names() {
        for (name, form) in [
            ("rose", "roses"),
            ("berry", "berries"),
            ("lily of the valley", "lilies of the valley"),
            ("fig leaf", "fig leaves"),
            ("peach", "peaches"),
            ("peach", "peachy"),
            ("fig", "figgy"),
            ("resinous notes", "resinous note"),
            ("iris", "irises"),
        ] {
            assert!(forms(name).contains(&form.to_owned()), "{name}: {:?}", forms(name));
        }
        assert!(!forms("iris").contains(&"iri".to_owned()));
    }
}
