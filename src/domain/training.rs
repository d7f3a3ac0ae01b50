//! Models that feedback makes: their kinds, their training, and who put them into service.

use serde::{Deserialize, Serialize};

use super::{ids::ExampleId, notes::vocabulary, time::Timestamp};

vocabulary! {
    /// What kind of model is trained.
    TuningKind {
        Ranker => "ranker", "ranking";
        OpenAi => "openai", "language model";
    }
}

vocabulary! {
    /// Who had something done to the models. The label completes "… did it".
    Actor {
        Schedule => "schedule", "the schedule";
        CommandLine => "command_line", "the command line";
        Operator => "operator", "an operator";
    }
}

vocabulary! {
    /// How a model came into service.
    DeployAction {
        Deploy => "deploy", "put into service";
        Rollback => "rollback", "brought back";
    }
}

/// How well a model orders what people were shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// The part of the pairs that it orders as the person did, 0 to 1; ties count half.
    pub pair_accuracy: f64,
    /// NDCG@5 of the shown perfumes in the model's order, 0 to 1, the mean over answers.
    pub ndcg: f64,
}

/// A weight that training moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightMove {
    pub feature: String,
    pub from: f64,
    pub to: f64,
}

/// What a training of the ranker came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RankerReport {
    /// The model in service, against which the new one is measured.
    pub base: String,
    /// People and pairs that the weights were learned from.
    pub people: usize,
    pub pairs: usize,
    /// Other people, on whom both models were measured.
    pub held_out_people: usize,
    pub held_out_pairs: usize,
    pub before: Figures,
    pub after: Figures,
    /// There was enough to learn from and to decide by.
    pub enough: bool,
    /// The new model is good enough to be deployed.
    pub better: bool,
    /// The decision as a sentence with its figures.
    pub decision: String,
    /// What moved against the hand-set weights, the most first.
    pub moved: Vec<WeightMove>,
    /// The new model's name, where it was kept.
    pub model: Option<String>,
}

vocabulary! {
    /// What made an answer an example.
    ExampleSource {
        Rating => "rating", "rated well";
        Liked => "liked", "liked";
        Purchased => "purchased", "bought";
    }
}

/// A training example, as its owner or the operator sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Example {
    pub id: ExampleId,
    /// The question without names and contact data.
    pub question: String,
    /// What the answer said, sentence by sentence.
    pub sentences: Vec<String>,
    /// The example as a model is given it: what it is asked, and what it should say.
    pub prompt: String,
    pub completion: String,
    /// 0 to 1.
    pub quality_score: f64,
    pub source: ExampleSource,
    pub included_in_training: bool,
    pub created_at: Timestamp,
}
