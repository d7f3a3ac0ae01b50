//! The form in which a language model writes an answer: the advisor asks for it, the examples teach it, and what is tuned is
//! measured by it. One form for the three, so that a model is never held to another one than it was told.

mod parse;

use serde_json::{Map, Value, json};

pub use parse::{Cited, Draft, Item, Reader};

use crate::ai::Schema;

/// The places of an order.
pub const PLACES: [&str; 5] = ["first", "second", "third", "fourth", "fifth"];

/// Tokens of the longest answer.
pub const LONGEST: u32 = 1_600;

/// An answer that was read to its end.
#[derive(Debug, Default)]
pub struct Whole {
    /// The references of the candidates, if it begins with an order.
    pub order: Option<Vec<String>>,
    pub sentences: Vec<Draft>,
    /// What stands among the sentences and is none.
    pub malformed: usize,
}

/// Reads an answer as the advisor does, all at once.
pub fn read(answer: &str) -> Whole {
    let mut whole = Whole::default();
    for item in Reader::default().push(answer) {
        match item {
            Item::Order(refs) => whole.order = Some(refs),
            Item::Sentence(draft) => whole.sentences.push(draft),
            Item::Malformed => whole.malformed += 1,
        }
    }
    whole
}

/// An order as it is asked for: each reference at its place.
pub fn by_place(refs: &[String]) -> Value {
    Value::Object(PLACES.iter().zip(refs).map(|(place, id)| ((*place).to_owned(), json!(id))).collect())
}

/// The shape of an answer to this material. Where a server holds its model to it, the model cannot even begin to name what it was
/// not given, and an order has as many places as there are candidates: small models never stop a list.
pub fn schema(material: &Value) -> Schema {
    let list = |value: &Value, name: &str| value[name].as_array().cloned().unwrap_or_default();
    let named = |items: &[Value], key: &str| -> Vec<String> {
        items.iter().filter_map(|item| item[key].as_str().map(str::to_owned)).collect()
    };
    let candidates = list(material, "candidates");
    let refs = named(&candidates, "ref");
    let ids: Vec<String> = candidates
        .iter()
        .map(|candidate| list(candidate, "facts"))
        .chain([list(material, "known_of_the_person_and_the_question"), list(material, "passages_of_memories")])
        .flat_map(|items| named(&items, "id"))
        .collect();
    let text = json!({ "type": "string" });
    let one_of = |words: &[String]| json!({ "type": "string", "enum": words });
    let object = |properties: Value| {
        let required: Vec<&String> = properties.as_object().into_iter().flat_map(Map::keys).collect();
        json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties })
    };
    let places: Map<String, Value> = PLACES.iter().zip(&refs).map(|(place, _)| ((*place).to_owned(), one_of(&refs))).collect();
    let evidence = object(json!({ "id": one_of(&ids), "quote": text }));
    let about = one_of(&[vec!["answer".to_owned()], refs].concat());
    let sentence = object(json!({ "about": about, "text": text, "evidence": { "type": "array", "items": evidence } }));
    let schema = object(json!({ "order": object(Value::Object(places)), "sentences": { "type": "array", "items": sentence } }));
    Schema { name: "answer", schema }
}
