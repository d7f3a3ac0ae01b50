//! Whose passages wait, so that nobody else's wait with them.

use std::{
    collections::HashMap,
    hash::Hash,
    time::{Duration, Instant},
};

use crate::domain::ids::{MemoryId, UserId};

/// How long they are left out.
const FOR: Duration = Duration::from_secs(300);

/// People without a budget, and memories that could not be embedded, each with the moment at which they are tried again.
#[derive(Default)]
pub(super) struct Held {
    people: HashMap<UserId, Instant>,
    memories: HashMap<MemoryId, Instant>,
}

impl Held {
    pub fn person(&mut self, user: UserId) {
        self.people.insert(user, Instant::now() + FOR);
    }

    pub fn memory(&mut self, memory: MemoryId) {
        self.memories.insert(memory, Instant::now() + FOR);
    }

    /// Those that are left out now.
    pub fn now(&mut self) -> (Vec<UserId>, Vec<MemoryId>) {
        (waiting(&mut self.people), waiting(&mut self.memories))
    }
}

fn waiting<K: Clone + Eq + Hash>(held: &mut HashMap<K, Instant>) -> Vec<K> {
    let now = Instant::now();
    held.retain(|_, until| *until > now);
    held.keys().cloned().collect()
}
