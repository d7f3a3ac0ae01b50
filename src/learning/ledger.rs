//! The story of a taste: events in, taken back, folded, and projected.

use std::{
    collections::BTreeMap,
    future::ready,
    sync::{Arc, PoisonError},
    time::Duration,
};

use super::{Learning, NewTasteEvent, stories::Stories};
use crate::{
    domain::{
        AppError, AppResult,
        answer::FeedbackReceipt,
        fragrance::Family,
        ids::{NoteId, TasteEventId, UserId},
        page::{Cursor, Page},
        taste::{TargetKind, Taste, TasteEvent, TasteKind, TasteSource, changes, fold},
        text::slug,
    },
    store::{
        Store,
        scent_profile::{self, Projection},
        taste_event::{self, EventDraft, NewStory},
    },
};

/// How long after a question or a memory the projection of a taste is made anew.
const CALM: Duration = Duration::from_secs(15);

/// How often a projection is made anew because the events changed meanwhile. Whoever changed them projects, too.
const PROJECTIONS: usize = 5;

/// How often a change is derived anew because the events changed meanwhile.
const CHANGES: usize = 12;

/// What is told when that was not enough.
fn too_fast() -> AppError {
    AppError::conflict("Your taste changed several times at once. Please try this again.")
}

impl Learning {
    /// The fold of the person's events.
    pub async fn taste(&self, user: &UserId) -> AppResult<Taste> {
        let (_, story) = self.ledger.now(user).await?;
        Ok(story.taste.clone())
    }

    /// Notes the events of a source that has none yet, without telling what they moved. The projection follows soon after: so
    /// that asking is quick, and many questions at once are projected once.
    pub async fn note(&self, user: &UserId, source: TasteSource, source_id: &str, events: Vec<NewTasteEvent>) -> AppResult<()> {
        let drafts = continue_events(source, source_id, Vec::new(), events);
        if self.ledger.add(user, source, drafts).await? {
            self.project_soon(user);
        }
        Ok(())
    }

    /// Replaces all events of one source by what was understood of it, without telling what they moved: idempotent. The
    /// projection follows soon after, so that many memories at once are projected once.
    pub async fn understood(
        &self,
        user: &UserId,
        source: TasteSource,
        source_id: &str,
        events: Vec<NewTasteEvent>,
    ) -> AppResult<()> {
        for _ in 0..CHANGES {
            let (revision, old) = taste_event::of_source(&self.store, user, source, source_id).await?;
            let drafts = continue_events(source, source_id, old.iter().collect(), events.clone());
            let story = NewStory { source, source_ids: vec![source_id.to_owned()], drafts, withdrawn: Vec::new() };
            if taste_event::rewrite(&self.store, user, revision, story).await? {
                self.project_soon(user);
                return Ok(());
            }
        }
        Err(too_fast())
    }

    /// Projects once things have calmed down.
    fn project_soon(&self, user: &UserId) {
        let waiting = Arc::clone(&self.to_project);
        let due = || waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(user.clone());
        if !due() {
            return;
        }
        let (ledger, user, waiting) = (self.ledger.clone(), user.clone(), Arc::clone(&self.to_project));
        tokio::spawn(async move {
            tokio::time::sleep(CALM).await;
            waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&user);
            if let Err(error) = ledger.project(&user).await {
                tracing::warn!(error = %error, "a taste could not be projected; the next change does it");
            }
        });
    }

    /// Replaces all events of one source (a memory, a question, a reaction) by these: idempotent.
    pub async fn replace(
        &self,
        user: &UserId,
        source: TasteSource,
        source_id: &str,
        events: Vec<NewTasteEvent>,
        reason: &str,
    ) -> AppResult<FeedbackReceipt> {
        self.ledger.rewrite(user, reason, || ready(Ok(Rewrite::of(source).with(source_id, events.clone())))).await
    }

    /// Writes the projection (the `prefers` edges and the profile row) anew from the events.
    pub async fn project(&self, user: &UserId) -> AppResult<()> {
        self.ledger.project(user).await.map(drop)
    }

    /// The story of the taste, newest first.
    pub async fn history(&self, user: &UserId, cursor: Cursor) -> AppResult<Page<TasteEvent>> {
        Ok(Page::from_overfetch(taste_event::page(&self.store, user, cursor).await?, cursor))
    }
}

/// The events of a person with what they come to.
pub(super) struct Story {
    events: Vec<Arc<TasteEvent>>,
    taste: Taste,
}

/// Where the events are kept, and how fast they fade.
#[derive(Clone)]
pub(super) struct Ledger {
    pub store: Store,
    /// Days after which an event counts half.
    pub half_life_days: f64,
    pub stories: Arc<Stories>,
}

impl Ledger {
    fn fold(&self, events: &[TasteEvent]) -> Taste {
        fold(events, self.half_life_days)
    }

    fn story(&self, events: Vec<Arc<TasteEvent>>) -> Story {
        Story { taste: fold(events.iter().map(Arc::as_ref), self.half_life_days), events }
    }

    /// The story as it is, with its revision or an older one.
    async fn now(&self, user: &UserId) -> AppResult<(i64, Arc<Story>)> {
        if let (revision, Some(story)) = self.kept(user).await? {
            return Ok((revision, story));
        }
        // One reads it for all who wait: a long story costs more than many questions.
        let _turn = self.stories.turn(user).await;
        let (revision, kept) = self.kept(user).await?;
        if let Some(story) = kept {
            return Ok((revision, story));
        }
        let events = taste_event::all(&self.store, user).await?.into_iter().map(Arc::new).collect();
        Ok((revision, self.stories.keep(user, revision, self.story(events))))
    }

    /// The revision of a story, with the story if it is kept as it is then.
    async fn kept(&self, user: &UserId) -> AppResult<(i64, Option<Arc<Story>>)> {
        let revision = scent_profile::revision(&self.store, user).await?;
        Ok((revision, self.stories.get(user, revision)))
    }

    /// Continues the story by events of a source that has none yet. False for a person who is gone.
    async fn add(&self, user: &UserId, source: TasteSource, drafts: Vec<EventDraft>) -> AppResult<bool> {
        let _turn = self.stories.turn(user).await;
        let Some((revision, added)) = taste_event::add(&self.store, user, source, drafts).await? else { return Ok(false) };
        if let Some(known) = self.stories.get(user, revision - 1) {
            let events = known.events.iter().cloned().chain(added.into_iter().map(Arc::new)).collect();
            self.stories.keep(user, revision, self.story(events));
        }
        Ok(true)
    }

    /// Marks an event as taken back; the event as it was, and what that moved.
    pub(super) async fn undo(&self, user: &UserId, id: &TasteEventId) -> AppResult<(TasteEvent, FeedbackReceipt)> {
        let events = taste_event::all(&self.store, user).await?;
        let event = events.iter().find(|e| e.id == *id).ok_or_else(|| AppError::not_found("change"))?;
        let taken_back = || AppError::conflict("This change has been taken back already.");
        if event.undone || !taste_event::undo(&self.store, user, id).await? {
            return Err(taken_back());
        }
        let after = self.project(user).await?;
        let reason = format!("You took this back: {}", event.reason);
        let receipt = FeedbackReceipt { changes: changes(&self.fold(&events), &after, &reason) };
        Ok((event.clone(), receipt))
    }

    /// Writes what `derive` says in one transaction, projects the new taste, and tells what moved.
    ///
    /// If the story is changed meanwhile, by whomever, it is derived anew: so what it is derived from is always newer than the
    /// last change of the story, and of several changes at once the last one written knows of all.
    pub(super) async fn rewrite<F>(&self, user: &UserId, reason: &str, derive: impl Fn() -> F) -> AppResult<FeedbackReceipt>
    where
        F: Future<Output = AppResult<Rewrite>>,
    {
        for _ in 0..CHANGES {
            let revision = scent_profile::revision(&self.store, user).await?;
            let events = taste_event::all(&self.store, user).await?;
            let story = derive().await?.continuing(&events);
            if taste_event::rewrite(&self.store, user, revision, story).await? {
                let before = self.fold(&events);
                let after = self.project(user).await?;
                return Ok(FeedbackReceipt { changes: changes(&before, &after, reason) });
            }
        }
        Err(too_fast())
    }

    /// Projects the events as they are, and returns their fold.
    async fn project(&self, user: &UserId) -> AppResult<Taste> {
        let mut taste = Taste::default();
        for _ in 0..PROJECTIONS {
            let (revision, story) = self.now(user).await?;
            taste = story.taste.clone();
            if scent_profile::project(&self.store, user, revision, &projection(&story)).await? {
                break;
            }
        }
        Ok(taste)
    }
}

/// New events in the place of those of some sources of one kind.
pub(super) struct Rewrite {
    source: TasteSource,
    by_source_id: BTreeMap<String, Vec<NewTasteEvent>>,
    withdrawn: Vec<TasteEventId>,
}

impl Rewrite {
    pub(super) fn of(source: TasteSource) -> Self {
        Self { source, by_source_id: BTreeMap::new(), withdrawn: Vec::new() }
    }

    /// Whatever stood under `source_id` makes room for these.
    pub(super) fn with(mut self, source_id: &str, events: Vec<NewTasteEvent>) -> Self {
        self.by_source_id.insert(source_id.to_owned(), events);
        self
    }

    /// Takes back single events of other sources with it.
    pub(super) fn withdrawing(mut self, events: Vec<TasteEventId>) -> Self {
        self.withdrawn.extend(events);
        self
    }

    /// As it is to be written, where these events were told before.
    fn continuing(self, events: &[TasteEvent]) -> NewStory {
        let Self { source, by_source_id, withdrawn } = self;
        let source_ids = by_source_id.keys().cloned().collect();
        let drafts = by_source_id
            .into_iter()
            .flat_map(|(source_id, new)| {
                let old = events.iter().filter(|e| e.source == source && e.source_id == source_id).collect();
                continue_events(source, &source_id, old, new)
            })
            .collect();
        NewStory { source, source_ids, drafts, withdrawn }
    }
}

/// Turns new events of a source into drafts.
///
/// One that says the same as before keeps its place in the story, so that understanding a memory again changes nothing.
/// What was understood and then taken back by the person stays taken back; what they say again themselves counts again.
fn continue_events(source: TasteSource, source_id: &str, mut old: Vec<&TasteEvent>, new: Vec<NewTasteEvent>) -> Vec<EventDraft> {
    let understood = matches!(source, TasteSource::Memory | TasteSource::Query);
    new.into_iter()
        .map(|event| {
            let weight = event.weight.clamp(-1.0, 1.0);
            let about = |o: &TasteEvent| o.target == event.target && o.kind == event.kind;
            let equal = |o: &TasteEvent| about(o) && (o.weight - weight).abs() < 1e-9;
            let place = old.iter().position(|o| equal(o)).or_else(|| old.iter().position(|o| about(o)));
            let earlier = place.map(|at| old.remove(at));
            let undone = earlier.is_some_and(|o| o.undone) && understood;
            let kept = earlier.filter(|o| equal(o) && o.undone == undone).map(|o| (o.id.clone(), o.at));
            EventDraft {
                source_id: source_id.to_owned(),
                target: event.target,
                kind: event.kind,
                weight,
                reason: event.reason,
                kept,
                undone,
            }
        })
        .collect()
}

/// What events and their fold come to in the profile: every note's leaning, the vetoes, and the families that the person
/// stated as liked, the most liked first.
fn projection(Story { events, taste }: &Story) -> Projection {
    let stated = |family: &Family| {
        let says_so = |e: &TasteEvent| e.kind == TasteKind::Preferred && e.target.kind == TargetKind::Family;
        events.iter().any(|e| !e.undone && says_so(e) && e.target.id == family.as_str())
    };
    let weight = |family: &Family| taste.leaning(TargetKind::Family, family.as_str()).weight;
    let mut preferred_families: Vec<Family> = Family::ALL.iter().copied().filter(stated).collect();
    preferred_families.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    Projection {
        preferred_families,
        disliked_notes: taste.vetoed(TargetKind::Note).into_iter().map(str::to_owned).collect(),
        notes: taste.of_kind(TargetKind::Note).map(|(name, leaning)| (NoteId::from_key(slug(name)), *leaning)).collect(),
    }
}

#[cfg(test)]
mod tests;
