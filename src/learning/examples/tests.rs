use serde_json::{Value, json};

use super::*;
use crate::{
    domain::{
        account::{Role, User},
        answer::{Evidence, Latency, TokenUsage},
        ids::{FragranceId, MemoryId, RecommendationId},
        intent::Intent,
        time::Timestamp,
        training::ExampleSource,
    },
    store::{
        query_log::{QueryRow, RecommendsRow},
        training_example::ExampleRow,
    },
};

fn ada() -> User {
    User {
        id: UserId::from_key("ada"),
        email: "ada.lovelace@example.org".into(),
        name: "Ada".into(),
        role: Role::Member,
        consent_training: true,
        created_at: Timestamp::from_unix_nanos(0),
    }
}

fn question() -> QueryRow {
    QueryRow {
        id: QueryId::from_key("first"),
        user: UserId::from_key("ada"),
        text: "Something for my friend Mia, mia@example.org".into(),
        intent: Intent::default(),
        retrieved_chunks: vec![],
        response: String::new(),
        model_version: "linear-2+minilm".into(),
        token_usage: TokenUsage::default(),
        latency_ms: Latency::default(),
        rating: None,
        writing: None,
        notice: None,
        created_at: Timestamp::from_unix_nanos(0),
    }
}

fn suggestions() -> Vec<RecommendsRow> {
    let snapshot = crate::advisor::fixture::snapshot();
    let quote = "Mia's kitchen smelled of cedar.";
    let row = |number: usize| {
        let fragrance = &snapshot.fragrances()[number * 5];
        let fact = format!("{} has cedar.", fragrance.full_name());
        RecommendsRow {
            id: RecommendationId::from_key(format!("r{number}")),
            user: UserId::from_key("ada"),
            query: QueryId::from_key("first"),
            fragrance: FragranceId::from_key(fragrance.id.as_str()),
            rank: number,
            score: 0.5,
            reasoning: format!("It has cedar. You wrote: “{quote}”"),
            exploratory: false,
            evidence: vec![
                Evidence { fact: Some(fact), ..Evidence::default() },
                Evidence { memory_id: Some(MemoryId::from_key("attic")), quote: Some(quote.into()), ..Evidence::default() },
            ],
            features: vec![],
            clicked: false,
            liked: number == 3,
            disliked: number == 1,
            purchased: false,
        }
    };
    (1..=3).map(row).collect()
}

fn built() -> build::Built {
    build(crate::advisor::fixture::snapshot(), &ada(), &question(), &suggestions()).unwrap()
}

fn row(user: &str, example: &build::Built, question: &str) -> ExampleRow {
    let mut prompt = example.prompt.clone();
    prompt["question"] = json!(question);
    ExampleRow {
        id: ExampleId::from_key(question.replace(' ', "_")),
        user: UserId::from_key(user),
        query: QueryId::from_key("first"),
        prompt: prompt.to_string(),
        completion: example.completion.to_string(),
        quality_score: 0.8,
        source: ExampleSource::Liked,
        included_in_training: true,
        created_at: Timestamp::from_unix_nanos(0),
    }
}

#[test]
fn an_answer_becomes_an_example_without_names() {
    let built = built();
    let text = format!("{}{}", built.prompt, built.completion);
    assert!(!text.contains("Mia") && !text.contains("example.org"), "{text}");
    assert_eq!(built.prompt["question"], "Something for my friend [name], [email]");
    assert_eq!(built.prompt["passages_of_memories"][0]["words_of_the_person"], "[name]'s kitchen smelled of cedar.");
    assert_eq!(built.completion["order"], json!({ "first": "c3", "second": "c2", "third": "c1" }), "liked first, disliked last");
    assert_eq!(built.memories.iter().collect::<Vec<_>>(), ["attic"]);
    let sentences = built.completion["sentences"].as_array().unwrap();
    assert_eq!(sentences[0]["text"], "It has cedar.");
    assert_eq!(sentences[1]["evidence"][0]["quote"], "[name]'s kitchen smelled of cedar.");
}

#[test]
fn quality_follows_what_was_said_of_the_answer() {
    let suggestions = suggestions();
    let score = |rating| build::quality(rating, &suggestions).unwrap().0;
    assert!(score(Some(5)) > score(Some(4)) && score(Some(4)) > score(None) && score(None) > score(Some(2)));
    assert!(score(None) < build::BEST_WORTH, "one liked and one disliked is not worth learning from");
    let mut unloved = suggestions.clone();
    unloved.iter_mut().for_each(|s| s.liked = false);
    assert!(build::quality(None, &unloved).is_none());
    unloved[0].purchased = true;
    assert_eq!(build::quality(Some(1), &unloved).unwrap().1, ExampleSource::Purchased);
}

#[test]
fn lines_are_valid_split_by_person_and_each_once() {
    let built = built();
    let mut examples: Vec<ExampleRow> =
        (0..40).map(|n| row(&format!("person{n}"), &built, &format!("a cedar for day {n}"))).collect();
    examples.push(ExampleRow { user: UserId::from_key("person77"), ..examples[0].clone() });
    let mut told = row("person3", &built, "call me");
    told.prompt = told.prompt.replace("call me", "call me at +41 79 123 45 67");
    examples.push(told);
    let exported = lines(examples, "Write the words of an answer.");
    assert_eq!((exported.training.len() + exported.held_out.len(), exported.left_out), (40, 2));
    assert!(exported.training.len() > exported.held_out.len() && !exported.held_out.is_empty());
    for line in exported.training.iter().chain(&exported.held_out) {
        validate(&line.text).unwrap();
        let value: Value = serde_json::from_str(&line.text).unwrap();
        assert_eq!(value["messages"][2]["role"], "assistant");
    }
}

#[test]
fn an_order_in_a_row_is_taught_by_place() {
    let mut before = built();
    let by_place = lines(vec![row("person1", &before, "cedar")], "Write.");
    before.completion["order"] = json!(["c3", "c2", "c1"]);
    let in_a_row = lines(vec![row("person1", &before, "cedar")], "Write.");
    let text = |exported: Exported| exported.training.into_iter().chain(exported.held_out).next().unwrap().text;
    assert_eq!(text(in_a_row), text(by_place));
}

#[test]
fn what_is_wrong_with_a_line_is_found() {
    let built = built();
    let line = lines(vec![row("person1", &built, "cedar")], "Write the words of an answer.");
    let line = line.training.into_iter().chain(line.held_out).next().unwrap().text;
    validate(&line).unwrap();
    for (from, to) in [
        ("\"role\":\"assistant\"", "\"role\":\"user\""),
        ("\\\"first\\\":\\\"c3\\\"", "\\\"first\\\":\\\"c9\\\""),
        ("\\\"first\\\":\\\"c3\\\",", ""),
        ("\\\"about\\\":\\\"c1\\\"", "\\\"about\\\":\\\"c7\\\""),
        ("It has cedar.", "It has cedar, says a@b.org."),
    ] {
        assert!(line.contains(from), "{from}");
        assert!(validate(&line.replace(from, to)).is_err(), "{from}");
    }
    assert!(validate("{}").is_err() && validate("<html>").is_err() && validate(&format!("{line}\n{line}")).is_err());
}
