//! How well a language model writes, on held-out examples, and whether a tuned one is enough better.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::learning::form::{self, Cited, Draft};

/// So many held-out examples are needed to decide by, and so many are looked at at most.
pub const LEAST: usize = 10;
pub const MOST: usize = 40;
/// The mean score must rise by this much.
pub const MARGIN: f64 = 0.02;
/// And by so many standard errors (one-sided 95 %).
pub const STANDARD_ERRORS: f64 = 1.645;

/// How good an answer to an example is, 0 to 1: half for the part of its sentences that are about a candidate and rest on
/// evidence that is there, quoted letter by letter; half for how high it puts the perfume that the person chose, 1 over its
/// place. It is read as the advisor reads it. An answer that cannot be used is worth nothing.
pub fn score(prompt: &Value, wanted: &str, answer: &str) -> f64 {
    let answer = form::read(answer);
    let words = |value: &Value, list: &str, field: &str| -> BTreeMap<String, Value> {
        let items = value[list].as_array().into_iter().flatten();
        items.filter_map(|item| Some((item[field].as_str()?.to_owned(), item.clone()))).collect()
    };
    let candidates = words(prompt, "candidates", "ref");
    let order = answer.order.unwrap_or_default();
    let named: BTreeSet<&String> = order.iter().collect();
    let is_whole =
        order.len() == candidates.len() && named.len() == order.len() && order.iter().all(|id| candidates.contains_key(id));
    if !is_whole || answer.sentences.is_empty() {
        return 0.0;
    }
    let passages = words(prompt, "passages_of_memories", "id");
    let facts: BTreeSet<&str> = candidates
        .values()
        .flat_map(|candidate| candidate["facts"].as_array().into_iter().flatten().filter_map(|fact| fact["id"].as_str()))
        .collect();
    let rests = |Cited { id, quote }: &Cited| match passages.get(id).and_then(|passage| passage["words_of_the_person"].as_str()) {
        Some(text) => !quote.is_empty() && text.contains(quote.as_str()),
        None => facts.contains(id.as_str()),
    };
    let holds = |sentence: &&Draft| {
        (sentence.about == "answer" || candidates.contains_key(&sentence.about))
            && !sentence.text.trim().is_empty()
            && !sentence.evidence.is_empty()
            && sentence.evidence.iter().all(rests)
    };
    let said = answer.sentences.len() + answer.malformed;
    let sound = answer.sentences.iter().filter(holds).count() as f64 / said as f64;
    let chosen = form::read(wanted).order.and_then(|order| order.into_iter().next()).unwrap_or_default();
    let place = order.iter().position(|id| *id == chosen).map_or(0.0, |at| 1.0 / (at as f64 + 1.0));
    0.5 * sound + 0.5 * place
}

/// Whether the tuned model takes the place of the one in service, and why, as a sentence. Scores stand in the same order.
pub fn decide(before: &[f64], after: &[f64]) -> (bool, String) {
    let count = before.len().min(after.len());
    if count < LEAST {
        return (false, format!("Not deployed: {count} held-out examples are too few to decide by; {LEAST} are needed."));
    }
    let mean = |scores: &[f64]| scores.iter().take(count).sum::<f64>() / count as f64;
    let gains: Vec<f64> = before.iter().zip(after).map(|(before, after)| after - before).collect();
    let gain = mean(&gains);
    let variance = gains.iter().map(|g| (g - gain).powi(2)).sum::<f64>() / (count - 1) as f64;
    let error = (variance / count as f64).sqrt();
    let told = format!(
        "On {count} held-out examples the tuned model scores {:.3}, the one in service {:.3}; the gain is {gain:+.3} ± {error:.3}",
        mean(after),
        mean(before),
    );
    if gain < MARGIN {
        (false, format!("Not deployed. {told}; at least {MARGIN} is needed."))
    } else if gain - STANDARD_ERRORS * error <= 0.0 {
        (false, format!("Not deployed. {told}; it must be {STANDARD_ERRORS} standard errors above nothing."))
    } else {
        (true, format!("Better. {told}."))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_are_worth_what_holds_of_them() {
        let prompt = json!({
            "question": "cedar", "candidates": [
                { "ref": "c1", "name": "One", "facts": [{ "id": "c1.f1", "fact": "One has cedar." }] },
                { "ref": "c2", "name": "Two", "facts": [] },
            ],
            "passages_of_memories": [{ "id": "m1", "words_of_the_person": "The attic smelled of cedar." }],
        });
        let wanted = json!({ "order": { "first": "c2", "second": "c1" }, "sentences": [] }).to_string();
        let of = |answer: Value| score(&prompt, &wanted, &answer.to_string());
        let said = |evidence: Value| json!([{ "about": "c1", "text": "It has cedar.", "evidence": [evidence] }]);
        let fact = json!({ "id": "c1.f1", "quote": "" });
        assert_eq!(of(json!({ "order": ["c2", "c1"], "sentences": said(fact.clone()) })), 1.0);
        assert_eq!(of(json!({ "order": ["c1", "c2"], "sentences": said(fact.clone()) })), 0.75);
        assert_eq!(of(json!({ "order": ["c2", "c1"], "sentences": said(json!({ "id": "m1", "quote": "attic smelled" })) })), 1.0);
        for invented in
            [json!({ "id": "m1", "quote": "oud" }), json!({ "id": "m9", "quote": "" }), json!({ "id": "m1", "quote": "" })]
        {
            assert_eq!(of(json!({ "order": ["c2", "c1"], "sentences": said(invented) })), 0.5);
        }
        // As it is asked for, and as models wrap it.
        let places = json!({ "order": { "first": "c2", "second": "c1" }, "sentences": said(fact.clone()) });
        assert_eq!(of(places.clone()), 1.0);
        assert_eq!(score(&prompt, &wanted, &format!("Here you are:\n```json\n{places:#}\n```")), 1.0);
        for order in [
            json!(["c2"]),
            json!(["c2", "c2"]),
            json!(["c2", "c9"]),
            json!("c2"),
            json!({ "first": "c2" }),
            json!({ "best": "c2" }),
        ] {
            assert_eq!(of(json!({ "order": order, "sentences": said(fact.clone()) })), 0.0);
        }
        assert_eq!(score(&prompt, &wanted, "<html>"), 0.0);
    }

    #[test]
    fn only_a_clear_gain_is_deployed() {
        let flat = vec![0.5; 20];
        assert!(decide(&flat, &[0.7; 20]).0);
        assert!(!decide(&flat, &flat).0 && !decide(&flat, &[0.51; 20]).0 && !decide(&flat[..5], &[0.9; 5]).0);
        let noisy: Vec<f64> = (0..20).map(|n| if n % 2 == 0 { 1.0 } else { 0.1 }).collect();
        assert!(!decide(&flat, &noisy).0, "a gain within its own error");
    }
}
