//! The stories of those who did something last: each is read once, however many questions wait for it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

use super::ledger::Story;
use crate::{domain::ids::UserId, store::fresh::Fresh};

#[derive(Default)]
pub(super) struct Stories {
    kept: Fresh<Story>,
    turns: Mutex<HashMap<UserId, Weak<Turn<()>>>>,
}

impl Stories {
    /// The story of a person, if it is kept as it is at this revision.
    pub fn get(&self, user: &UserId, revision: i64) -> Option<Arc<Story>> {
        self.kept.get(user, revision)
    }

    /// Keeps a story, read after its revision had been.
    pub fn keep(&self, user: &UserId, revision: i64, story: Story) -> Arc<Story> {
        self.kept.keep(user, revision, story)
    }

    /// Waits until nobody else reads or continues the story of this person, and keeps others from it.
    pub async fn turn(&self, user: &UserId) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            turns.retain(|_, turn| turn.strong_count() > 0);
            let waited_for = turns.get(user).and_then(Weak::upgrade);
            waited_for.unwrap_or_else(|| {
                let turn = Arc::default();
                turns.insert(user.clone(), Arc::downgrade(&turn));
                turn
            })
        };
        turn.lock_owned().await
    }
}
