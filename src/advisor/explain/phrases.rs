//! Ways of saying things: the same facts in changing words, chosen by a hash so that the same answer reads the same.

/// A choice that depends on nothing but its seed (FNV-1a).
pub fn pick<'a>(seed: &str, turn: usize, ways: &[&'a str]) -> &'a str {
    let bytes = seed.bytes().chain(turn.to_le_bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    let place = usize::try_from((hash >> 17) % ways.len().max(1) as u64).unwrap_or_default();
    ways.get(place).copied().unwrap_or_default()
}

/// Fills `{a}`, `{b}` … with values, once: a value that holds braces stays as it is.
pub fn fill(way: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::new();
    let mut rest = way;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, after)) = after.split_once('}') else { break };
        text.push_str(values.iter().find(|(n, _)| *n == name).map_or("", |(_, value)| value));
        rest = after;
    }
    text + rest
}

/// `a`, `a and b`, `a, b and c`.
pub fn list<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", most.join(", "), last.as_ref())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_ways() {
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
        assert_eq!(fill("{a} of {b}", &[("a", "{b}"), ("b", "x")]), "{b} of x");
        assert_eq!(pick("seed", 1, &["a", "b", "c"]), pick("seed", 1, &["a", "b", "c"]));
        let said: std::collections::BTreeSet<&str> = (0..40).map(|n| pick(&format!("s{n}"), 0, &["a", "b", "c"])).collect();
        assert_eq!(said.len(), 3);
    }
}
