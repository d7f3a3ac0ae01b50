//! Figures, where the answers are known. The evaluation's own scorer is the reference; these are to watch by.

use std::collections::HashMap;

use anyhow::Result;
use serde_json::Value;

use super::Task;

type Figures = Vec<(&'static str, f64)>;

/// The figures of a task: each the mean over the cases that have an answer; a case without a prediction counts as a miss.
pub(super) fn figures(task: Task, predictions: &[&Value], answers: &[Value]) -> Result<Figures> {
    let by_id: HashMap<&str, &Value> = predictions.iter().map(|line| (text(line, "id"), *line)).collect();
    let pairs: Vec<(Option<&Value>, &Value)> =
        answers.iter().map(|answer| (by_id.get(text(answer, "id")).copied(), answer)).collect();
    Ok(match task {
        Task::Retrieval => hits(&pairs, &[("hit@1", 1), ("hit@5", 5), ("hit@10", 10), ("hit@20", 20)], relevant),
        Task::Taste if answers.iter().any(|answer| answer.get("liked").is_some()) => {
            vec![("pair accuracy", mean(&pairs, prefers))]
        }
        Task::Taste => hits(&pairs, &[("hit@10", 10)], |answer| vec![text(&answer["item"], "pid").to_owned()]),
        Task::Similar => vec![("recall@20", mean(&pairs, recall))],
        Task::Occasion => [("top season", "top_season"), ("warm or cold", "warmth"), ("day or night", "time")]
            .into_iter()
            .map(|(figure, label)| {
                let known: Vec<_> = pairs.iter().copied().filter(|(_, answer)| answer[label].is_string()).collect();
                (figure, mean(&known, |found, answer| f64::from(u8::from(setting(found, label) == text(answer, label)))))
            })
            .collect(),
        Task::Extraction => {
            let implied: Vec<_> = pairs.iter().copied().filter(|(_, answer)| !list(&answer["implied"]).is_empty()).collect();
            vec![
                ("hit@5", mean(&pairs, |found, answer| note_hit(found, &list(&answer["notes"]), &[]))),
                (
                    "implied hit@5",
                    mean(&implied, |found, answer| note_hit(found, &list(&answer["implied"]), &list(&answer["named"]))),
                ),
            ]
        }
        Task::Commands => vec![("≥ 5 results", mean(&pairs, |found, _| f64::from(u8::from(ranked(found).len() >= 5))))],
    })
}

type Pair<'a> = (Option<&'a Value>, &'a Value);

fn mean(pairs: &[Pair], figure: impl Fn(&Value, &Value) -> f64) -> f64 {
    let sum: f64 = pairs.iter().map(|(found, answer)| found.map_or(0.0, |found| figure(found, answer))).sum();
    sum / pairs.len().max(1) as f64
}

fn hits(pairs: &[Pair], at: &[(&'static str, usize)], relevant: impl Fn(&Value) -> Vec<String>) -> Figures {
    let place = |found: &Value, answer: &Value| {
        let relevant = relevant(answer);
        ranked(found).iter().position(|pid| relevant.iter().any(|is| is == pid))
    };
    let hit = |k: usize| mean(pairs, |found, answer| f64::from(u8::from(place(found, answer).is_some_and(|at| at < k))));
    let mut figures: Figures = at.iter().map(|&(name, k)| (name, hit(k))).collect();
    figures.push(("MRR", mean(pairs, |found, answer| place(found, answer).map_or(0.0, |at| 1.0 / (at as f64 + 1.0)))));
    figures
}

fn relevant(answer: &Value) -> Vec<String> {
    let relevant = answer["relevant"].as_array().into_iter().flatten();
    relevant.map(|perfume| text(perfume, "pid").to_owned()).collect()
}

fn recall(found: &Value, answer: &Value) -> f64 {
    let relevant = relevant(answer);
    let ranked = ranked(found);
    let met = relevant.iter().filter(|pid| ranked.contains(&pid.as_str())).count();
    met as f64 / relevant.len().max(1) as f64
}

fn prefers(found: &Value, answer: &Value) -> f64 {
    let score = |which: &str| {
        let pid = text(answer, which);
        let ranked = found["ranked"].as_array().into_iter().flatten();
        ranked.filter(|item| text(item, "pid") == pid).find_map(|item| item["score"].as_f64()).unwrap_or(0.0)
    };
    let (liked, disliked) = (score("liked"), score("disliked"));
    if liked > disliked {
        1.0
    } else if liked < disliked {
        0.0
    } else {
        0.5
    }
}

/// What a predicted vote comes to: the season with the most, warm or cold, day or night.
fn setting(found: &Value, label: &str) -> &'static str {
    let season = |name: &str| found["season"][name].as_f64().unwrap_or(0.0);
    match label {
        "warmth" if season("spring") + season("summer") >= season("fall") + season("winter") => "warm",
        "warmth" => "cold",
        "time" if found["day"].as_f64() >= found["night"].as_f64() => "day",
        "time" => "night",
        _ => ["winter", "spring", "summer", "fall"].into_iter().max_by(|a, b| season(a).total_cmp(&season(b))).unwrap_or(""),
    }
}

fn note_hit(found: &Value, wanted: &[&str], but: &[&str]) -> f64 {
    let notes = found["notes"].as_array().into_iter().flatten().map(|note| text(note, "name"));
    let hit = notes.filter(|note| !but.contains(note)).take(5).any(|note| wanted.contains(&note));
    f64::from(u8::from(hit))
}

fn ranked(found: &Value) -> Vec<&str> {
    found["ranked"].as_array().into_iter().flatten().map(|item| text(item, "pid")).collect()
}

fn list(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}
