//! Reads the model's JSON while it comes: each sentence as soon as it is closed.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::PLACES;

/// A sentence as the model gave it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// `answer`, or the reference of a candidate.
    pub about: String,
    pub text: String,
    pub evidence: Vec<Cited>,
}

/// What a sentence rests on, as the model says.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Cited {
    pub id: String,
    /// Words of a memory; empty for facts.
    pub quote: String,
}

/// A part of the answer that is complete.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    Order(Vec<String>),
    Sentence(Draft),
    /// Something that is no sentence.
    Malformed,
}

/// The references of the candidates, by place or in a row.
#[derive(Deserialize)]
#[serde(untagged)]
enum Order {
    Places(BTreeMap<String, String>),
    Row(Vec<String>),
}

impl Order {
    fn refs(self) -> Vec<String> {
        match self {
            Self::Places(mut places) => PLACES.iter().filter_map(|place| places.remove(*place)).collect(),
            Self::Row(refs) => refs,
        }
    }
}

/// More than any answer: what comes after it is not read.
const LONGEST: usize = 64 * 1024;

/// Collects pieces until they make whole items. What stands around the JSON (a fence, a preamble) is passed over.
#[derive(Debug, Default)]
pub struct Reader {
    text: String,
    /// Up to where the text was read.
    at: usize,
    within: Within,
}

#[derive(Debug, Default, PartialEq)]
enum Within {
    #[default]
    Head,
    Sentences,
    End,
}

impl Reader {
    /// Takes the next piece and gives what it completes.
    pub fn push(&mut self, piece: &str) -> Vec<Item> {
        let mut items = Vec::new();
        if self.text.len() + piece.len() > LONGEST {
            self.within = Within::End;
            return items;
        }
        self.text.push_str(piece);
        if self.within == Within::Head {
            items.extend(self.head());
        }
        while self.within == Within::Sentences {
            let rest = &self.text[self.at..];
            let Some(start) = rest.find(|c: char| !c.is_whitespace() && c != ',') else { break };
            if !rest[start..].starts_with('{') {
                self.within = Within::End;
                if !rest[start..].starts_with(']') {
                    items.push(Item::Malformed);
                }
                break;
            }
            let Some(length) = closed(&rest[start..]) else { break };
            let object = &rest[start..start + length];
            items.push(serde_json::from_str(object).map_or(Item::Malformed, Item::Sentence));
            self.at += start + length;
        }
        items
    }

    /// What stands before the sentences: the order, if there is one.
    fn head(&mut self) -> Option<Item> {
        const KEY: &str = "\"sentences\"";
        let (key, bracket) = {
            let key = self.text.find(KEY)?;
            (key, key + KEY.len() + self.text[key + KEY.len()..].find('[')?)
        };
        self.at = bracket + 1;
        self.within = Within::Sentences;
        let head = &self.text[..key];
        let name = head.find("\"order\"")?;
        let order = head[name..].find(['[', '{']).map(|at| name + at)?;
        let read = closed(&head[order..]).and_then(|length| serde_json::from_str(&head[order..order + length]).ok());
        Some(read.map_or(Item::Malformed, |order: Order| Item::Order(order.refs())))
    }
}

/// The length of the object or list that a text begins with; none while it is not closed.
fn closed(text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_u32, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WHOLE: &str = r#"```json
{"order": ["c2", "c1"], "sentences": [
  {"about": "c2", "text": "It has “fig” [and] {smoke}, \"é\" 🌿.", "evidence": [{"id": "m1", "quote": "a }] b"}]},
  {"about": "answer", "text": "Both are green.", "evidence": []},
  {"about": 7}
]}
```"#;

    fn read(pieces: &[&str]) -> Vec<Item> {
        let mut reader = Reader::default();
        pieces.iter().flat_map(|piece| reader.push(piece)).collect()
    }

    #[test]
    fn sentences_come_as_they_are_closed() {
        let items = read(&[WHOLE]);
        assert_eq!(items[0], Item::Order(vec!["c2".into(), "c1".into()]));
        let places = WHOLE.replace("[\"c2\", \"c1\"]", "{\"second\": \"c1\", \"first\": \"c2\"}");
        assert_eq!(read(&[&places]), items);
        let Item::Sentence(first) = &items[1] else { panic!("{items:?}") };
        assert_eq!((first.about.as_str(), first.evidence[0].quote.as_str()), ("c2", "a }] b"));
        assert!(matches!(&items[2], Item::Sentence(draft) if draft.about == "answer"));
        assert_eq!(items[3..], [Item::Malformed]);
        let cut = WHOLE.find("Both").unwrap();
        assert_eq!(read(&[&WHOLE[..cut]]).len(), 2, "half a sentence is none");
    }

    #[test]
    fn nonsense_is_nothing() {
        for nonsense in ["", "I am sorry.", "<html>", "{\"sentences\": \"none\"}", "]]]}}}", "{\"sentences\": [[[["] {
            let items = read(&[nonsense]);
            assert!(items.iter().all(|item| *item == Item::Malformed), "{items:?}");
        }
    }

    proptest! {
        #[test]
        fn it_reads_the_same_however_it_is_cut(mut cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..20)) {
            let bounds: Vec<usize> = WHOLE.char_indices().map(|(at, _)| at).chain([WHOLE.len()]).collect();
            let mut places: Vec<usize> = cuts.drain(..).map(|cut| bounds[cut.index(bounds.len())]).chain([0, WHOLE.len()]).collect();
            places.sort_unstable();
            let pieces: Vec<&str> = places.windows(2).map(|w| &WHOLE[w[0]..w[1]]).collect();
            prop_assert_eq!(read(&pieces), read(&[WHOLE]));
        }

        #[test]
        fn nothing_makes_it_stumble(pieces in prop::collection::vec("[\\[\\]{}\",:a\\\\é]{0,20}|\"sentences\": ?\\[", 0..12)) {
            let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
            read(&pieces);
        }
    }
}
