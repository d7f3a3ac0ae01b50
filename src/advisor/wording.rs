//! The words of an answer: by the language model where one is set and what it says holds, by the local writer for the rest.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    Advisor, AskEvent, Listener,
    diversify::Choice,
    explain::{self, Facts, Part, Reason},
    tell,
    verdict::Verdict,
    write::{self, About, Brief, Written},
};
use crate::{
    ai::{ModelError, Writer},
    domain::{
        answer::{Evidence, Recommendation, Writing},
        ids::MemoryId,
    },
    usage::Standing,
};

/// The language model that words the reasons, and how long an answer may take with it.
#[derive(Clone)]
pub struct Scribe {
    pub writer: Arc<dyn Writer>,
    pub patience: Duration,
}

/// The question that is answered.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub question: &'a str,
    pub started: Instant,
    /// Whether a language model may be paid for it.
    pub standing: Standing,
}

/// What was said, and by whom.
pub(super) struct Wording {
    pub answer: String,
    /// The memory that the answer calls by its title.
    pub named: Option<MemoryId>,
    pub notice: Option<String>,
    /// None where no language model is set.
    pub writing: Option<Writing>,
}

impl Advisor {
    /// Gives each suggestion its reason, and the answer its words. The model may re-order the suggestions.
    pub(super) async fn word(
        &self,
        facts: &Facts<'_>,
        verdict: &Verdict,
        (choices, recommendations): (&mut Vec<Choice>, &mut Vec<Recommendation>),
        asking: Asking<'_>,
        listener: &Listener,
    ) -> Wording {
        let written = self.written(facts, choices, recommendations, asking, listener).await;
        let order: Vec<usize> = match written.as_ref().and_then(|w| w.order.clone()) {
            Some(order) => order,
            None => (0..choices.len()).collect(),
        };
        arrange(choices, recommendations, &order);

        let mut told = Vec::new();
        for ((recommendation, choice), &was) in recommendations.iter_mut().zip(choices.iter()).zip(&order) {
            let local = explain::reason(facts, choice, recommendation.rank, &told);
            let (text, evidence) = match &written {
                Some(written) => joined(written, About::Candidate(was), local, facts.limited),
                None => (local.text(), local.evidence()),
            };
            told.extend(evidence.iter().cloned());
            (recommendation.reasoning, recommendation.evidence) = (text, evidence);
        }

        let paragraph = explain::answer(facts, verdict, choices);
        let named = paragraph.named.clone();
        let mut sentences: Vec<String> =
            written.iter().flat_map(|w| w.about(About::Answer)).map(|checked| checked.text.clone()).collect();
        let heard = sentences.len();
        if sentences.is_empty() {
            sentences = paragraph.sentences();
        } else {
            sentences.extend(paragraph.caveats);
        }
        for sentence in &sentences[heard..] {
            tell(listener, || AskEvent::Token(format!("{sentence} "))).await;
        }
        Wording {
            answer: sentences.join(" "),
            named,
            notice: written.as_ref().and_then(Written::notice),
            writing: written.map(|written| self.noted(&written)),
        }
    }

    /// What the model wrote of it, as far as it passed; none without a model, and none where there is nothing to write of.
    async fn written(
        &self,
        facts: &Facts<'_>,
        choices: &[Choice],
        recommendations: &[Recommendation],
        Asking { question, started, standing }: Asking<'_>,
        listener: &Listener,
    ) -> Option<Written> {
        let scribe = self.scribe.as_ref().filter(|_| !choices.is_empty())?;
        if standing == Standing::Spent {
            return Some(Written { failure: Some(ModelError::OverBudget), ..Written::default() });
        }
        let brief = Brief::new(facts, question, choices);
        let tell_of = |checked: write::Checked| async move {
            match checked.about {
                About::Answer => tell(listener, || AskEvent::Token(format!("{} ", checked.text))).await,
                About::Candidate(at) => {
                    let Some(recommendation) = recommendations.get(at) else { return };
                    let id = recommendation.id.clone();
                    tell(listener, || AskEvent::Reason { id, text: checked.text }).await;
                }
            }
        };
        Some(write::write(scribe.writer.as_ref(), &brief, started + scribe.patience, tell_of).await)
    }

    fn noted(&self, written: &Written) -> Writing {
        let released = written.sentences.len();
        let model = self.scribe.as_ref().map(|scribe| scribe.writer.model());
        let removed: BTreeMap<String, u32> = written.removed.iter().map(|(flaw, count)| ((*flaw).to_owned(), *count)).collect();
        if !removed.is_empty() {
            tracing::warn!(writer.removed = ?removed, writer.released = released, "sentences of the language model did not hold");
        }
        Writing {
            model: model.unwrap_or_default(),
            released,
            removed,
            failure: written.failure.as_ref().map(|failure| failure.clause().to_owned()),
        }
    }
}

/// The model's sentences about a perfume, with what must not be missing from a reason; the local one if there are none.
fn joined(written: &Written, about: About, local: Reason, limited: bool) -> (String, Vec<Evidence>) {
    let (mut sentences, mut evidence): (Vec<String>, Vec<Evidence>) = (Vec::new(), Vec::new());
    for checked in written.about(about) {
        sentences.push(checked.text.clone());
        evidence.extend(checked.evidence.iter().cloned());
    }
    if sentences.is_empty() {
        return (local.text(), local.evidence());
    }
    let quotes_a_memory = evidence.iter().any(|e| e.memory_id.is_some());
    let says_the_price = evidence.iter().any(|e| e.fact.as_ref().is_some_and(|fact| fact.contains("cost")));
    for (part, (sentence, rests_on)) in local.claims {
        let is_missing = match part {
            Part::Smell => false,
            Part::Person => !quotes_a_memory && rests_on.memory_id.is_some(),
            Part::Practice => limited && !says_the_price,
        };
        if is_missing {
            sentences.push(sentence);
            evidence.push(rests_on);
        }
    }
    let mut kept: Vec<Evidence> = Vec::new();
    evidence.into_iter().for_each(|e| {
        if !kept.contains(&e) {
            kept.push(e);
        }
    });
    (sentences.join(" "), kept)
}

/// Puts the suggestions into an order. Scores never rise with rank.
fn arrange(choices: &mut Vec<Choice>, recommendations: &mut Vec<Recommendation>, order: &[usize]) {
    *choices = order.iter().filter_map(|&at| choices.get(at).cloned()).collect();
    *recommendations = order.iter().filter_map(|&at| recommendations.get(at).cloned()).collect();
    let mut ceiling = 1.0_f64;
    for (recommendation, rank) in recommendations.iter_mut().zip(1..) {
        ceiling = ceiling.min(recommendation.score);
        (recommendation.rank, recommendation.score) = (rank, ceiling);
    }
}
