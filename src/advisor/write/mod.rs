//! The reasons in the words of a language model: asked for with evidence, checked sentence by sentence, released as each passes.
//!
//! The model can word and re-order. What it may speak of is fixed before it is asked, so nothing that it says, whoever made it
//! say it, adds a perfume, breaks a law or claims what no evidence says. What fails is left out and counted.

mod brief;
mod check;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, time::Instant};

use tokio::sync::mpsc;

pub use brief::{Brief, INSTRUCTIONS};
pub use check::{About, Checked, Flaw};

use crate::{
    ai::{ModelError, Prompt, Writer},
    learning::form::{self, Item, Reader},
};

/// The most sentences about one thing.
const MOST_SENTENCES: usize = 3;

/// What came of asking the model.
#[derive(Debug, Default)]
pub struct Written {
    /// What passed, in the order in which it came.
    pub sentences: Vec<Checked>,
    /// The candidates in the model's order, by their places; none if it gave no valid one.
    pub order: Option<Vec<usize>>,
    /// How much was left out, by flaw.
    pub removed: BTreeMap<&'static str, u32>,
    /// Why the model did not come to its end.
    pub failure: Option<ModelError>,
}

impl Written {
    pub fn about(&self, about: About) -> impl Iterator<Item = &Checked> {
        self.sentences.iter().filter(move |sentence| sentence.about == about)
    }

    /// What a person should know of how the answer was written; nothing where all went well.
    pub fn notice(&self) -> Option<String> {
        let rest = if self.sentences.is_empty() { "the local writer gave the reasons" } else { "the local writer gave the rest" };
        match &self.failure {
            Some(failure) => Some(format!("The language model {}; {rest}.", failure.clause())),
            None if self.sentences.is_empty() => Some(
                "What the language model wrote did not hold up when it was checked; the local writer gave the reasons.".into(),
            ),
            None => None,
        }
    }

    fn take(&mut self, brief: &Brief, item: Item) -> Option<Checked> {
        let checked = match item {
            Item::Order(refs) => {
                self.order = brief.order(&refs);
                if self.order.is_none() {
                    self.remove(Flaw::Order);
                }
                return None;
            }
            Item::Sentence(draft) => brief.check(&draft),
            Item::Malformed => Err(Flaw::Malformed),
        };
        let checked = checked.and_then(|checked| {
            let said = |other: &&Checked| other.about == checked.about;
            if self.sentences.iter().filter(said).count() >= MOST_SENTENCES {
                return Err(Flaw::TooMuch);
            }
            if self.sentences.iter().any(|other| other.text == checked.text) { Err(Flaw::Repeated) } else { Ok(checked) }
        });
        match checked {
            Ok(checked) => {
                self.sentences.push(checked.clone());
                Some(checked)
            }
            Err(flaw) => {
                self.remove(flaw);
                None
            }
        }
    }

    fn remove(&mut self, flaw: Flaw) {
        *self.removed.entry(flaw.as_str()).or_default() += 1;
        metrics::counter!("flowery_sentences_removed_total", "flaw" => flaw.as_str()).increment(1);
    }
}

/// Asks the model. `tell` hears of each sentence that passed, when it has passed.
pub async fn write<F: Future<Output = ()>>(
    writer: &dyn Writer,
    brief: &Brief<'_>,
    deadline: Instant,
    tell: impl Fn(Checked) -> F,
) -> Written {
    let material = brief.material();
    let prompt = Prompt {
        instructions: brief::INSTRUCTIONS.into(),
        schema: Some(form::schema(&material)),
        material,
        max_tokens: form::LONGEST,
        temperature: 0.4,
    };
    let (sender, mut pieces) = mpsc::unbounded_channel::<String>();
    let mut written = Written::default();
    let listen = async {
        let mut reader = Reader::default();
        while let Some(piece) = pieces.recv().await {
            for item in reader.push(&piece) {
                if let Some(checked) = written.take(brief, item) {
                    metrics::counter!("flowery_sentences_released_total").increment(1);
                    tell(checked).await;
                }
            }
        }
    };
    let (outcome, ()) = tokio::join!(writer.write_live(&prompt, deadline, sender), listen);
    written.failure = outcome.err();
    written
}
