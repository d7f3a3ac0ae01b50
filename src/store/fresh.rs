//! What was read of a person last, kept in memory for as long as it is the newest.
//!
//! A revision that is read from the database each time tells whether it is: so a change by another process counts as well as
//! one by this.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::domain::ids::UserId;

/// For so many people at once; those who were away longest make room.
const PEOPLE: usize = 32;

/// Something of each person, with the revision that it was read at.
pub struct Fresh<T>(Mutex<Shelf<T>>);

struct Shelf<T> {
    people: HashMap<UserId, Kept<T>>,
    clock: u64,
}

struct Kept<T> {
    revision: i64,
    value: Arc<T>,
    used: u64,
}

impl<T> Default for Fresh<T> {
    fn default() -> Self {
        Self(Mutex::new(Shelf { people: HashMap::new(), clock: 0 }))
    }
}

impl<T> Fresh<T> {
    /// What is kept of a person, if it is of this revision.
    pub fn get(&self, user: &UserId, revision: i64) -> Option<Arc<T>> {
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.clock += 1;
        let clock = shelf.clock;
        let kept = shelf.people.get_mut(user).filter(|kept| kept.revision == revision)?;
        kept.used = clock;
        Some(Arc::clone(&kept.value))
    }

    /// Keeps what was read after a revision had been: if there was a newer one already, the next look notices.
    pub fn keep(&self, user: &UserId, revision: i64, value: T) -> Arc<T> {
        let value = Arc::new(value);
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.clock += 1;
        let used = shelf.clock;
        shelf.people.insert(user.clone(), Kept { revision, value: Arc::clone(&value), used });
        if shelf.people.len() > PEOPLE
            && let Some(longest) = shelf.people.iter().min_by_key(|(_, kept)| kept.used).map(|(user, _)| user.clone())
        {
            shelf.people.remove(&longest);
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_counts_and_those_away_longest_make_room() {
        let fresh = Fresh::default();
        let person = |n: usize| UserId::from_key(format!("p{n}"));
        fresh.keep(&person(0), 7, "first");
        assert_eq!(fresh.get(&person(0), 7).as_deref(), Some(&"first"));
        assert_eq!(fresh.get(&person(0), 8), None);
        for n in 1..=PEOPLE {
            fresh.keep(&person(n), 1, "other");
            fresh.get(&person(0), 7);
        }
        assert_eq!(fresh.get(&person(0), 7).as_deref(), Some(&"first"));
        assert_eq!(fresh.get(&person(1), 1), None);
    }
}
