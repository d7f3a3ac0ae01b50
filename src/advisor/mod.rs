//! Query → interpret → retrieve → veto → rank → diversify → explain.

mod diversify;
mod explain;
mod guess;
pub mod interpret;
mod layering;
mod log;
mod person;
pub mod rank;
pub mod retrieve;
mod verdict;
pub mod veto;
mod wording;
mod write;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Instant};

use tokio::sync::mpsc;

use crate::{
    ai::{Embedder, ModelError},
    catalog::{Catalog, Snapshot},
    domain::{
        AppError, AppResult,
        answer::{Answer, AskedQuestion, Latency, LoggedAnswer, Reactions, Recommendation, TokenUsage, WhyNot},
        collection::Layering,
        ids::{FragranceId, QueryId, RecommendationId, UserId},
        intent::{Chip, Intent},
        page::{Cursor, Page},
        text::{limits, required},
        time::Timestamp,
    },
    learning::Learning,
    parallel,
    recall::Recall,
    store::{Store, new_key, query_log},
    usage::{Meter, Purpose, Standing},
};
use diversify::{Choice, diversify};
use explain::Facts;
use interpret::{Understood, interpret, put_right};
use log::Record;
use rank::{Model, Ranked, Scoring};
use retrieve::{Found, Memories, Remembered, Sources, retrieve};
use veto::Laws;
use wording::{Asking, Wording};

pub use person::Person;
pub use verdict::{Verdict, decide};
pub use wording::Scribe;
pub use write::INSTRUCTIONS as WRITING;

/// An answer as it comes into being.
#[derive(Clone, Debug)]
pub enum AskEvent {
    Intent {
        intent: Box<Intent>,
        chips: Vec<Chip>,
    },
    /// A candidate. First without its reasoning; the reason follows with `Done`.
    Recommendation(Box<Recommendation>),
    /// A checked sentence of the answer in words.
    Token(String),
    /// A checked sentence of the reason for a candidate, where a language model writes it.
    Reason {
        id: RecommendationId,
        text: String,
    },
    Done(Box<Answer>),
}

/// How many perfumes are put in order for an answer: more than it takes to find five that differ.
const CONSIDERED: usize = 2_000;

/// Who hears of an answer's parts; nobody, when it is only waited for.
type Listener = Option<mpsc::Sender<AskEvent>>;

/// A question on its way.
struct Asked {
    text: String,
    understood: Understood,
    /// The earlier question that this one puts right.
    corrects: Option<QueryId>,
    started: Instant,
    interpret_ms: f64,
}

/// The advisor of the house.
pub struct Advisor {
    store: Store,
    catalog: Arc<Catalog>,
    learning: Arc<Learning>,
    embedder: Arc<dyn Embedder>,
    scribe: Option<Scribe>,
    meter: Meter,
    recall: Option<Arc<Recall>>,
    memories: Memories,
}

impl Advisor {
    pub fn new(store: Store, catalog: Arc<Catalog>, learning: Arc<Learning>, embedder: Arc<dyn Embedder>) -> Self {
        let meter = Meter::idle(store.clone());
        Self { store, catalog, learning, embedder, scribe: None, meter, recall: None, memories: Memories::default() }
    }

    /// The same advisor, whose reasons a language model words.
    #[must_use]
    pub fn with_scribe(self, scribe: Scribe) -> Self {
        Self { scribe: Some(scribe), ..self }
    }

    /// The same advisor, who finds passages of memories by a provider's vectors.
    #[must_use]
    pub fn with_recall(self, recall: Arc<Recall>) -> Self {
        Self { recall: Some(recall), ..self }
    }

    /// The same advisor, whose use of a provider's models is booked.
    #[must_use]
    pub fn with_meter(self, meter: Meter) -> Self {
        Self { meter, ..self }
    }

    /// Answers a question.
    pub async fn ask(&self, user: &UserId, query: &str) -> AppResult<Answer> {
        self.answer(user, self.read(query)?, None).await
    }

    /// As [`Self::ask`], reporting each part as soon as it is there. Ends after `Done`; a listener that went away is no error.
    pub async fn ask_live(&self, user: &UserId, query: &str, events: mpsc::Sender<AskEvent>) -> AppResult<()> {
        self.answer(user, self.read(query)?, Some(events)).await.map(drop)
    }

    /// Asks an earlier question again with a corrected intent.
    pub async fn refine(&self, user: &UserId, id: &QueryId, intent: Intent) -> AppResult<Answer> {
        let (row, _) = query_log::get(&self.store, user, id).await?.ok_or_else(|| AppError::not_found("question"))?;
        let started = Instant::now();
        let snapshot = self.catalog.snapshot();
        let intent = interpret::check::check(&snapshot, intent)?;
        let understood = put_right(&snapshot, &row.text, intent);
        let asked = Asked { text: row.text, understood, corrects: Some(row.id), started, interpret_ms: milliseconds(started) };
        self.answer(user, asked, None).await
    }

    /// Why a perfume is not among the answers to a question, as things stand now.
    pub async fn why_not(&self, user: &UserId, id: &QueryId, fragrance: &FragranceId) -> AppResult<WhyNot> {
        let (row, _) = query_log::get(&self.store, user, id).await?.ok_or_else(|| AppError::not_found("question"))?;
        let snapshot = self.catalog.snapshot();
        let index = snapshot.index_of(fragrance).ok_or_else(|| AppError::not_found("perfume"))?;
        let asked = put_right(&snapshot, &row.text, row.intent);
        let intent = &asked.intent;
        let (found, _) = self.meter.booked(Some(user), &Purpose::Answer(row.id), self.found(&snapshot, user, &asked)).await;
        let found = found?;
        let laws = Laws::new(&snapshot, intent, &found.person);
        let model = self.model_for(user, &found).await;
        let broken = laws.breaches(index);
        let laws: Vec<String> = broken.iter().map(|breach| breach.sentence(&snapshot.fragrances()[index])).collect();
        let scoring = Scoring::new(&model, &snapshot, intent, &found);
        let rank = if laws.is_empty() {
            let verdict = parallel::aside(|| decide(&scoring, usize::MAX));
            verdict.ranked.iter().position(|ranked| ranked.index == index).map(|place| place + 1)
        } else {
            None
        };
        let features = scoring.scored(index).features(&model);
        Ok(WhyNot { fragrance_id: fragrance.clone(), laws, rank, features })
    }

    /// The pairs of the person's bottles that go together best, at most three.
    pub async fn layerings(&self, user: &UserId) -> AppResult<Vec<Layering>> {
        let snapshot = self.catalog.snapshot();
        let (person, remembered) = tokio::join!(
            Person::load(&self.store, &self.learning, user),
            Remembered::load(&self.store, &self.memories, user, snapshot.taxonomy()),
        );
        let (person, remembered) = (person?, remembered?);
        Ok(parallel::aside(|| layering::layerings(&snapshot, &person, &remembered.notes)))
    }

    /// The person's questions, newest first.
    pub async fn history(&self, user: &UserId, cursor: Cursor) -> AppResult<Page<AskedQuestion>> {
        Ok(Page::from_overfetch(query_log::history(&self.store, user, cursor).await?, cursor))
    }

    /// One question with its answer, as it was given, and what the person has made of it since.
    pub async fn get(&self, user: &UserId, id: &QueryId) -> AppResult<LoggedAnswer> {
        let (row, suggestions) = query_log::get(&self.store, user, id).await?.ok_or_else(|| AppError::not_found("question"))?;
        let holdings = self.learning.holdings(user).await?;
        let snapshot = self.catalog.snapshot();
        let recommendations = suggestions.into_iter().filter_map(|suggestion| {
            let fragrance = snapshot.get(&suggestion.fragrance)?;
            let holding = holdings.get(&suggestion.fragrance);
            Some(Recommendation {
                reactions: suggestion.reactions(),
                id: suggestion.id,
                rank: suggestion.rank,
                score: suggestion.score,
                reasoning: suggestion.reasoning,
                exploratory: suggestion.exploratory,
                evidence: suggestion.evidence,
                features: suggestion.features,
                flower: snapshot.flower(fragrance),
                fragrance: fragrance.as_ref().clone(),
                owned: holding.is_some_and(|h| h.owned),
                wishlist: holding.is_some_and(|h| h.wishlist),
            })
        });
        Ok(LoggedAnswer {
            answer: Answer {
                query_id: row.id,
                query: row.text,
                chips: row.intent.chips(),
                intent: row.intent,
                recommendations: recommendations.collect(),
                answer: row.response,
                notice: row.notice,
            },
            asked_at: row.created_at,
            model_version: row.model_version,
            retrieved_chunks: row.retrieved_chunks,
            rating: row.rating,
            token_usage: row.token_usage,
            latency_ms: row.latency_ms,
        })
    }

    fn read(&self, query: &str) -> AppResult<Asked> {
        let started = Instant::now();
        let text = required("query", "The question", query.to_owned(), limits::QUERY)?;
        let understood = interpret(&self.catalog.snapshot(), &text);
        Ok(Asked { text, understood, corrects: None, started, interpret_ms: milliseconds(started) })
    }

    async fn found(&self, snapshot: &Arc<Snapshot>, user: &UserId, asked: &Understood) -> AppResult<Found> {
        let sources = Sources {
            store: &self.store,
            memories: &self.memories,
            learning: &self.learning,
            embedder: self.embedder.as_ref(),
            recall: self.recall.as_deref(),
        };
        retrieve(sources, snapshot, user, asked).await
    }

    /// The ranking model in service, as it is for this person.
    async fn model_for(&self, user: &UserId, found: &Found) -> Arc<Model> {
        self.learning.ranker().model_for(user, found.person.ranking.as_ref()).await
    }

    /// The way of a question, the same for all who ask.
    async fn answer(&self, user: &UserId, asked: Asked, listener: Listener) -> AppResult<Answer> {
        let Asked { text, mut understood, corrects, started, interpret_ms } = asked;
        // Before the memories are read: what changes in them from now on, this answer does not know.
        let asked_at = now();
        let snapshot = self.catalog.snapshot();
        let query_id = QueryId::from_key(new_key());
        let purpose = Purpose::Answer(query_id.clone());
        let standing = if self.scribe.is_some() { self.meter.standing(user).await? } else { Standing::Fine };
        let (mut used, mut unread) = (TokenUsage::default(), None);
        // A question that was put right is what its person made of it.
        if understood.intent.is_empty() && corrects.is_none() && standing != Standing::Spent {
            let (guessed, used_for_reading) = self.meter.booked(Some(user), &purpose, self.guess(&snapshot, &text)).await;
            match guessed {
                Ok(guessed) => guessed.into_iter().for_each(|guessed| understood.intent = guessed),
                Err(error) => unread = Some(error),
            }
            used = used_for_reading;
        }
        let intent = &understood.intent;
        let chips = intent.chips();
        tell(&listener, || AskEvent::Intent { intent: Box::new(intent.clone()), chips: chips.clone() }).await;

        let stage = Instant::now();
        let (found, used_for_finding) = self.meter.booked(Some(user), &purpose, self.found(&snapshot, user, &understood)).await;
        let found = found?;
        let retrieve_ms = milliseconds(stage);

        let stage = Instant::now();
        let model = self.model_for(user, &found).await;
        let (verdict, mut choices) = parallel::aside(|| {
            let scoring = Scoring::new(&model, &snapshot, intent, &found);
            let verdict = decide(&scoring, CONSIDERED);
            let choices = diversify(&scoring, &verdict);
            (verdict, choices)
        });
        let mut recommendations: Vec<Recommendation> =
            choices.iter().zip(1..).map(|(choice, rank)| suggestion(&snapshot, &found, &model, choice, rank)).collect();
        let rank_ms = milliseconds(stage);
        for recommendation in &recommendations {
            tell(&listener, || AskEvent::Recommendation(Box::new(recommendation.clone()))).await;
        }

        let stage = Instant::now();
        let facts = Facts::new(&snapshot, intent, &found, verdict.limits_price);
        let asking = Asking { question: &text, started, standing };
        let wording = self.word(&facts, &verdict, (&mut choices, &mut recommendations), asking, &listener);
        let (wording, used_for_words) = self.meter.booked(Some(user), &purpose, wording).await;
        let explain_ms = milliseconds(stage);

        let Wording { answer: words, named, notice, writing } = wording;
        let notice = fallbacks(unread.as_ref(), found.recall_failure.as_ref(), notice);
        let answer = Answer { query_id, query: text, intent: understood.intent, chips, recommendations, answer: words, notice };
        let latency_ms = Latency {
            interpret: interpret_ms,
            retrieve: retrieve_ms,
            rank: rank_ms,
            explain: explain_ms,
            total: milliseconds(started),
        };
        let record = Record {
            user: user.clone(),
            retrieved_chunks: found.recalled.noted(named.as_ref()),
            latency_ms,
            asked_at,
            model_version: log::model_version(&model, self.embedder.model(), found.recalled_by.as_deref(), writing.as_ref()),
            token_usage: used.plus(used_for_finding).plus(used_for_words),
            writing,
            answer,
        };
        log::keep(&self.store, &record).await?;
        let answer = record.answer;
        log::learn(&self.learning, user, &answer.query_id, &answer.intent, corrects.as_ref()).await;
        tracing::info!(
            query.id = %answer.query_id,
            query.suggestions = answer.recommendations.len(),
            query.retrieve_ms = latency_ms.retrieve,
            query.rank_ms = latency_ms.rank,
            query.total_ms = latency_ms.total,
            "answered"
        );
        tell(&listener, || AskEvent::Done(Box::new(answer.clone()))).await;
        Ok(answer)
    }
}

/// From a question to the perfumes that may answer it, best first, for somebody who has told no memories: what every answer
/// is made of, before it is put into shape.
pub async fn judge(model: &Model, embedder: &dyn Embedder, snapshot: &Snapshot, person: Person, query: &str) -> Verdict {
    let asked = interpret(snapshot, query);
    let found = Found::without_memories(embedder, snapshot, person, &asked).await;
    decide(&Scoring::new(model, snapshot, &asked.intent, &found), usize::MAX)
}

/// Every perfume as it suits a person who asks for nothing in particular, best first.
pub fn rank_for(model: &Model, snapshot: &Snapshot, person: Person) -> Vec<Ranked> {
    let (anything, found) = (Intent::default(), Found { person, ..Found::default() });
    let all: Vec<usize> = (0..snapshot.fragrances().len()).collect();
    Scoring::new(model, snapshot, &anything, &found).rank(&all, usize::MAX)
}

/// Tells a listener, if there is one. One that went away is no error.
async fn tell(listener: &Listener, event: impl FnOnce() -> AskEvent) {
    if let Some(listener) = listener {
        let _ = listener.send(event()).await;
    }
}

fn suggestion(snapshot: &Snapshot, found: &Found, model: &Model, choice: &Choice, rank: usize) -> Recommendation {
    let fragrance = &snapshot.fragrances()[choice.scored.index];
    Recommendation {
        id: RecommendationId::from_key(new_key()),
        rank,
        score: choice.scored.score,
        reasoning: String::new(),
        exploratory: choice.exploratory,
        evidence: Vec::new(),
        features: choice.scored.features(model),
        flower: snapshot.flower(fragrance),
        fragrance: fragrance.as_ref().clone(),
        reactions: Reactions::default(),
        owned: found.person.owns(&fragrance.id),
        wishlist: found.person.wishes_for(&fragrance.id),
    }
}

/// What a person should know of what was done without the provider's models: the reading of the question, the search in the
/// memories, the words.
fn fallbacks(unread: Option<&ModelError>, unsearched: Option<&ModelError>, words: Option<String>) -> Option<String> {
    let unread = unread.map(|error| format!("The language model {}, so the rules alone read your question.", error.clause()));
    let unsearched = unsearched
        .map(|error| format!("The provider's embedding model {}, so a small one here searched your memories.", error.clause()));
    let told: Vec<String> = [unread, unsearched, words].into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join(" "))
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

fn now() -> Timestamp {
    Timestamp::from_unix_nanos(time::OffsetDateTime::now_utc().unix_timestamp_nanos())
}
