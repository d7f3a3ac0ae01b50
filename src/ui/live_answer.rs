//! An answer while it is being given: what each event of `/api/ask/stream` says, and what is known so far.

use serde::{Deserialize, de::DeserializeOwned};

use crate::domain::sse::ServerEvent;
use crate::domain::{
    AppError,
    answer::{Answer, Recommendation},
    ids::RecommendationId,
    intent::Chip,
};

/// What one event says.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Understood(Vec<Chip>),
    Suggested(Box<Recommendation>),
    /// The next words of the answer.
    Words(String),
    /// The next sentence of the reason for a suggestion.
    Reason(RecommendationId, String),
    Done(Box<Answer>),
    Refused(AppError),
}

impl Part {
    /// Reads an event. One of an unknown name, or that cannot be read, is left out: the whole answer comes at the end.
    pub fn read(event: &ServerEvent) -> Option<Self> {
        #[derive(Deserialize)]
        struct Understood {
            chips: Vec<Chip>,
        }
        #[derive(Deserialize)]
        struct Token {
            text: String,
        }
        #[derive(Deserialize)]
        struct Reason {
            id: RecommendationId,
            text: String,
        }
        fn json<T: DeserializeOwned>(event: &ServerEvent) -> Option<T> {
            serde_json::from_str(&event.data).ok()
        }
        match event.name.as_str() {
            "intent" => json::<Understood>(event).map(|part| Self::Understood(part.chips)),
            "recommendation" => json(event).map(Self::Suggested),
            "token" => json::<Token>(event).map(|part| Self::Words(part.text)),
            "reason" => json::<Reason>(event).map(|part| Self::Reason(part.id, part.text)),
            "done" => json(event).map(Self::Done),
            "error" => Some(Self::Refused(json(event).unwrap_or_else(AppError::internal))),
            _ => None,
        }
    }
}

/// What is known of an answer so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LiveAnswer {
    /// None until the question was understood.
    pub chips: Option<Vec<Chip>>,
    /// In the order of their ranks.
    pub recommendations: Vec<Recommendation>,
    pub words: String,
}

impl LiveAnswer {
    /// Adds a part. A suggestion that comes again, now with its reasons, takes the place of the first.
    pub fn add(&mut self, part: Part) {
        match part {
            Part::Understood(chips) => self.chips = Some(chips),
            Part::Suggested(new) => {
                self.recommendations.retain(|r| r.id != new.id);
                let place = self.recommendations.partition_point(|r| r.rank <= new.rank);
                self.recommendations.insert(place, *new);
            }
            Part::Words(words) => self.words.push_str(&words),
            Part::Reason(id, text) => {
                if let Some(suggestion) = self.recommendations.iter_mut().find(|r| r.id == id) {
                    let blank = if suggestion.reasoning.is_empty() { "" } else { " " };
                    suggestion.reasoning.push_str(blank);
                    suggestion.reasoning.push_str(&text);
                }
            }
            Part::Done(answer) => {
                self.chips = Some(answer.chips);
                self.recommendations = answer.recommendations;
                self.words = answer.answer;
            }
            Part::Refused(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(name: &str, data: serde_json::Value) -> ServerEvent {
        ServerEvent { name: name.into(), data: data.to_string() }
    }

    fn suggestion(id: &str, rank: usize, reasoning: &str) -> ServerEvent {
        event(
            "recommendation",
            json!({
                "id": id, "rank": rank, "score": 0.5, "reasoning": reasoning, "exploratory": false, "evidence": [], "features": [],
                "fragrance": {
                    "id": "a_b", "brand": "A", "name": "B", "perfumers": [], "family": "woody", "accords": [],
                    "notes": {"top": [], "middle": [], "base": [], "other": []}, "discontinued": false, "popularity": 0.1
                },
                "flower": {"petals": [], "thorns": []},
                "reactions": {"clicked": false, "liked": false, "disliked": false, "purchased": false},
                "owned": false, "wishlist": false
            }),
        )
    }

    fn after(events: &[ServerEvent]) -> LiveAnswer {
        let mut live = LiveAnswer::default();
        events.iter().filter_map(Part::read).for_each(|part| live.add(part));
        live
    }

    #[test]
    fn parts_add_up() {
        let chip = json!({"kind": "wanted_notes", "value": "fig", "label": "fig", "excludes": false});
        let live = after(&[
            event("intent", json!({"intent": {}, "chips": [chip]})),
            suggestion("two", 2, ""),
            suggestion("one", 1, ""),
            event("token", json!({"text": "Fig, "})),
            event("token", json!({"text": "as you said."})),
        ]);
        assert_eq!(live.chips.unwrap()[0].label, "fig");
        assert_eq!(live.recommendations.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(live.words, "Fig, as you said.");
    }

    #[test]
    fn a_reason_comes_later_than_its_perfume() {
        let live = after(&[suggestion("one", 1, ""), suggestion("two", 2, ""), suggestion("one", 1, "It smells of fig.")]);
        assert_eq!(live.recommendations.len(), 2);
        assert_eq!(live.recommendations[0].reasoning, "It smells of fig.");
    }

    #[test]
    fn an_error_is_a_sentence_even_if_it_cannot_be_read() {
        let refused = event("error", json!({"error": {"code": "rate_limited", "message": "Please wait."}}));
        assert!(matches!(Part::read(&refused), Some(Part::Refused(e)) if e.message() == "Please wait."));
        assert!(matches!(Part::read(&event("error", json!(7))), Some(Part::Refused(_))));
    }

    #[test]
    fn what_is_unknown_is_left_out() {
        assert_eq!(Part::read(&event("later", json!({}))), None);
        assert_eq!(Part::read(&event("token", json!({}))), None);
    }
}
