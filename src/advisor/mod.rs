//! Query → interpret → retrieve → rank → veto → explain.

use std::sync::Arc;

use crate::{
    ai::Embedder,
    catalog::Catalog,
    domain::{
        AppResult,
        answer::{Answer, AskedQuestion, LoggedAnswer, Recommendation, WhyNot},
        ids::{FragranceId, QueryId, UserId},
        intent::{Chip, Intent},
        page::{Cursor, Page},
    },
    learning::Learning,
    store::Store,
};

/// An answer as it comes into being.
#[derive(Clone, Debug)]
pub enum AskEvent {
    Intent {
        intent: Box<Intent>,
        chips: Vec<Chip>,
    },
    /// A candidate. First without its reasoning; the reason follows as tokens.
    Recommendation(Box<Recommendation>),
    /// A checked piece of the answer in words.
    Token(String),
    Done(Box<Answer>),
}

pub struct Advisor {/* … */}

impl Advisor {
    pub fn new(_store: Store, _catalog: Arc<Catalog>, _learning: Arc<Learning>, _embedder: Arc<dyn Embedder>) -> Self {
        todo!()
    }
    pub async fn ask(&self, _user: &UserId, _query: &str) -> AppResult<Answer> {
        todo!()
    }
    /// As [`Self::ask`], reporting each part as soon as it is there. Ends after `Done`; a listener that went away is no error.
    pub async fn ask_live(&self, _user: &UserId, _query: &str, _events: tokio::sync::mpsc::Sender<AskEvent>) -> AppResult<()> {
        todo!()
    }
    /// Asks an earlier question again with a corrected intent.
    pub async fn refine(&self, _user: &UserId, _id: &QueryId, _intent: Intent) -> AppResult<Answer> {
        todo!()
    }
    pub async fn why_not(&self, _user: &UserId, _id: &QueryId, _fragrance: &FragranceId) -> AppResult<WhyNot> {
        todo!()
    }
    pub async fn history(&self, _user: &UserId, _cursor: Cursor) -> AppResult<Page<AskedQuestion>> {
        todo!()
    }
    pub async fn get(&self, _user: &UserId, _id: &QueryId) -> AppResult<LoggedAnswer> {
        todo!()
    }
}
