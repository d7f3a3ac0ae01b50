use futures::future::join_all;
use proptest::{collection::vec, prelude::*, test_runner::TestRunner};

use super::*;
use crate::{
    domain::{
        ErrorCode,
        taste::{HALF_LIFE_DAYS, Target},
    },
    store::user,
};

const NOTES: [&str; 4] = ["cedar", "fig leaf", "rose", "vanilla"];

fn ledger(store: &Store) -> Ledger {
    Ledger { store: store.clone(), half_life_days: HALF_LIFE_DAYS, stories: Arc::default() }
}

async fn taste(store: &Store, user: &UserId) -> AppResult<Taste> {
    Ok(ledger(store).fold(&taste_event::all(store, user).await?))
}

async fn undo(store: &Store, user: &UserId, id: &TasteEventId) -> AppResult<FeedbackReceipt> {
    ledger(store).undo(user, id).await.map(|(_, receipt)| receipt)
}

async fn store() -> Store {
    let store = Store::in_memory().await.unwrap();
    scent_profile::plant_notes(&store, &NOTES).await;
    store
}

async fn person(store: &Store, name: &str) -> UserId {
    user::insert(store, &format!("{name}@example.org"), name, "").await.unwrap().id
}

fn event(note: &str, kind: TasteKind, weight: f64) -> NewTasteEvent {
    NewTasteEvent { target: Target::note(note), kind, weight, reason: format!("Because of {note}.") }
}

async fn replace(store: &Store, user: &UserId, source: TasteSource, id: &str, events: Vec<NewTasteEvent>) -> FeedbackReceipt {
    ledger(store).rewrite(user, "test", || ready(Ok(Rewrite::of(source).with(id, events.clone())))).await.unwrap()
}

/// The projection in the store is exactly what the fold comes to.
async fn assert_projected(store: &Store, user: &UserId) {
    let taste = taste(store, user).await.unwrap();
    let edges = scent_profile::prefers(store, user).await.unwrap();
    let known = |name: &str| NOTES.contains(&name);
    let expected: Vec<(NoteId, f64, f64)> = taste
        .of_kind(TargetKind::Note)
        .filter(|(name, _)| known(name))
        .map(|(name, l)| (NoteId::from_key(slug(name)), l.weight, l.confidence))
        .collect();
    assert_eq!(edges.into_iter().map(|(note, l)| (note, l.weight, l.confidence)).collect::<Vec<_>>(), expected);
    assert_eq!(scent_profile::find(store, user).await.unwrap().disliked_notes, taste.vetoed(TargetKind::Note));
}

#[tokio::test]
async fn replacing_twice_changes_nothing_and_removing_leaves_nothing() {
    let store = store().await;
    let ada = person(&store, "ada").await;
    let events = || vec![event("cedar", TasteKind::Evoked, 0.5), event("unheard of", TasteKind::Evoked, 0.2)];
    let first = replace(&store, &ada, TasteSource::Memory, "m1", events()).await;
    assert_eq!(first.changes.len(), 2);
    assert_eq!(first.changes[0].target, Target::note("cedar"));
    let before = taste_event::all(&store, &ada).await.unwrap();
    let second = replace(&store, &ada, TasteSource::Memory, "m1", events()).await;
    assert!(second.changes.is_empty());
    let sorted = |mut events: Vec<TasteEvent>| {
        events.sort_by(|a, b| a.id.cmp(&b.id));
        events
    };
    assert_eq!(sorted(taste_event::all(&store, &ada).await.unwrap()), sorted(before));
    assert_projected(&store, &ada).await;

    replace(&store, &ada, TasteSource::Memory, "m1", vec![]).await;
    assert!(taste(&store, &ada).await.unwrap().is_empty());
    assert!(scent_profile::prefers(&store, &ada).await.unwrap().is_empty());
}

#[tokio::test]
async fn one_event_is_taken_back_once() {
    let store = store().await;
    let (ada, bob) = (person(&store, "ada").await, person(&store, "bob").await);
    replace(&store, &ada, TasteSource::Statement, "disliked_notes", vec![event("rose", TasteKind::Vetoed, -1.0)]).await;
    assert_eq!(scent_profile::find(&store, &ada).await.unwrap().disliked_notes, ["rose"]);
    let id = taste_event::all(&store, &ada).await.unwrap()[0].id.clone();

    assert_eq!(undo(&store, &bob, &id).await.unwrap_err().code(), ErrorCode::NotFound);
    let receipt = undo(&store, &ada, &id).await.unwrap();
    assert_eq!((receipt.changes[0].before, receipt.changes[0].after), (-1.0, 0.0));
    assert!(receipt.changes[0].reason.contains("Because of rose."));
    assert_eq!(undo(&store, &ada, &id).await.unwrap_err().code(), ErrorCode::Conflict);
    assert!(scent_profile::find(&store, &ada).await.unwrap().disliked_notes.is_empty());

    let story = taste_event::page(&store, &ada, Cursor(0)).await.unwrap();
    assert!(story.len() == 1 && story[0].undone);
    assert!(taste_event::page(&store, &bob, Cursor(0)).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_taken_back_stays_so_unless_the_person_says_it_again() {
    let store = store().await;
    let ada = person(&store, "ada").await;
    for (source, counts_again) in [(TasteSource::Memory, false), (TasteSource::Statement, true)] {
        let say = || vec![event("cedar", TasteKind::Evoked, 0.5)];
        replace(&store, &ada, source, "s", say()).await;
        let events = taste_event::all(&store, &ada).await.unwrap();
        let id = &events.iter().find(|e| e.source == source).unwrap().id;
        undo(&store, &ada, id).await.unwrap();
        assert!(taste(&store, &ada).await.unwrap().is_empty());
        replace(&store, &ada, source, "s", say()).await;
        assert_eq!(!taste(&store, &ada).await.unwrap().is_empty(), counts_again, "{source}");
    }
}

#[tokio::test]
async fn stated_families_are_projected_and_liked_ones_are_not() {
    let store = store().await;
    let ada = person(&store, "ada").await;
    let family = |family: Family, kind| NewTasteEvent {
        target: Target::new(TargetKind::Family, family.as_str()),
        kind,
        weight: 0.6,
        reason: String::new(),
    };
    replace(&store, &ada, TasteSource::Memory, "m", vec![family(Family::Amber, TasteKind::Evoked)]).await;
    replace(&store, &ada, TasteSource::Statement, "families", vec![family(Family::Woody, TasteKind::Preferred)]).await;
    assert_eq!(scent_profile::find(&store, &ada).await.unwrap().preferred_families, [Family::Woody]);
}

#[tokio::test]
async fn changes_that_meet_are_all_kept_once_and_projected() {
    let store = store().await;
    let ada = person(&store, "ada").await;
    let changes = (0..8).map(|n| {
        let (store, ada) = (store.clone(), ada.clone());
        // Two by two they are about the same source.
        let id = format!("r{}", n / 2);
        tokio::spawn(async move {
            replace(&store, &ada, TasteSource::Feedback, &id, vec![event("cedar", TasteKind::Liked, 0.1)]).await
        })
    });
    for change in changes.collect::<Vec<_>>() {
        change.await.unwrap();
    }
    assert_eq!(taste_event::all(&store, &ada).await.unwrap().len(), 4);
    assert_projected(&store, &ada).await;
}

#[tokio::test]
async fn nothing_is_learned_of_a_person_who_is_gone() {
    let store = store().await;
    let ada = person(&store, "ada").await;
    user::erase(&store, &ada).await.unwrap();
    replace(&store, &ada, TasteSource::Memory, "m", vec![event("cedar", TasteKind::Evoked, 0.5)]).await;
    assert!(taste_event::all(&store, &ada).await.unwrap().is_empty());
}

/// A note (by its place in [`NOTES`]), whether it is vetoed, and the weight.
type Said = (usize, bool, f64);

#[derive(Clone, Debug)]
enum Step {
    Replace { source: usize, id: u8, events: Vec<Said> },
    Undo { nth: usize },
    Remove { source: usize, id: u8 },
}

const SOURCES: [TasteSource; 3] = [TasteSource::Memory, TasteSource::Feedback, TasteSource::Statement];

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let event = (0..NOTES.len(), prop::bool::weighted(0.15), -1.0f64..1.0);
    let step = prop_oneof![
        4 => (0..SOURCES.len(), 0u8..3, vec(event, 0..4)).prop_map(|(source, id, events)| Step::Replace { source, id, events }),
        2 => any::<usize>().prop_map(|nth| Step::Undo { nth }),
        1 => (0..SOURCES.len(), 0u8..3).prop_map(|(source, id)| Step::Remove { source, id }),
    ];
    vec(step, 1..10)
}

/// After any sequence of changes the taste is the fold of the events that remain, told by a model that keeps only those; and
/// the projection is what that taste comes to.
#[test]
fn the_taste_is_the_fold_of_what_remains() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let store = runtime.block_on(store());
    let mut runner = TestRunner::new(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() });
    let case = std::cell::Cell::new(0);
    runner
        .run(&steps(), |steps| {
            case.set(case.get() + 1);
            runtime.block_on(walk(&store, case.get(), steps));
            Ok(())
        })
        .unwrap();
}

async fn walk(store: &Store, case: usize, steps: Vec<Step>) {
    let user = person(store, &format!("p{case}")).await;
    // What is said under each source, with what was taken back of it.
    let mut model: BTreeMap<(usize, u8), Vec<Said>> = BTreeMap::new();
    let mut taken_back: Vec<TasteEventId> = Vec::new();
    for step in steps {
        match step {
            Step::Replace { source, id, events } => {
                let new = events
                    .iter()
                    .map(|(note, veto, weight)| {
                        event(NOTES[*note], if *veto { TasteKind::Vetoed } else { TasteKind::Liked }, *weight)
                    })
                    .collect();
                replace(store, &user, SOURCES[source], &id.to_string(), new).await;
                model.insert((source, id), events);
            }
            Step::Undo { nth } => {
                let mut events = taste_event::all(store, &user).await.unwrap();
                events.sort_by(|a, b| a.id.cmp(&b.id));
                if !events.is_empty() {
                    let event = &events[nth % events.len()];
                    assert_eq!(undo(store, &user, &event.id).await.is_ok(), !event.undone);
                    taken_back.push(event.id.clone());
                }
            }
            Step::Remove { source, id } => {
                replace(store, &user, SOURCES[source], &id.to_string(), vec![]).await;
                model.remove(&(source, id));
            }
        }
        let events = taste_event::all(store, &user).await.unwrap();
        assert_eq!(events.len(), model.values().map(Vec::len).sum::<usize>());
        for ((source, id), said) in &model {
            let kept = events.iter().filter(|e| e.source == SOURCES[*source] && e.source_id == id.to_string());
            let mut kept: Vec<_> = kept.map(|e| (e.target.id.as_str(), e.kind == TasteKind::Vetoed, e.weight)).collect();
            let mut said: Vec<_> = said.iter().map(|(note, veto, weight)| (NOTES[*note], *veto, *weight)).collect();
            for list in [&mut kept, &mut said] {
                list.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
            }
            assert_eq!(kept, said);
        }
        let still_there = |id: &&TasteEventId| events.iter().any(|e| e.id == **id);
        assert!(taken_back.iter().filter(still_there).all(|id| events.iter().any(|e| e.id == *id && e.undone)));
        let remaining: Vec<_> = events.iter().filter(|e| !e.undone).cloned().collect();
        assert_eq!(taste(store, &user).await.unwrap(), fold(&remaining, HALF_LIFE_DAYS));
        assert_projected(store, &user).await;
    }
}

/// What happens between reading the story and writing it is not written over.
#[tokio::test]
async fn a_change_that_meets_another_is_derived_anew() {
    let store = store().await;
    let ada = person(&store, "ada").await;
    let say = || vec![event("cedar", TasteKind::Evoked, 0.5)];
    replace(&store, &ada, TasteSource::Memory, "m", say()).await;
    let id = taste_event::all(&store, &ada).await.unwrap()[0].id.clone();
    let tries = std::cell::Cell::new(0);
    let derive = || async {
        tries.set(tries.get() + 1);
        if tries.get() == 1 {
            undo(&store, &ada, &id).await?;
        }
        Ok(Rewrite::of(TasteSource::Memory).with("m", say()))
    };
    ledger(&store).rewrite(&ada, "test", derive).await.unwrap();
    assert_eq!(tries.get(), 2);
    let events = taste_event::all(&store, &ada).await.unwrap();
    assert!(events.len() == 1 && events[0].undone, "what was taken back counts again: {events:?}");
    assert_projected(&store, &ada).await;
}

#[tokio::test]
async fn a_story_is_written_only_over_the_one_it_was_made_from() {
    let store = store().await;
    let ada = person(&store, "ada").await;
    replace(&store, &ada, TasteSource::Memory, "m", vec![event("cedar", TasteKind::Evoked, 0.5)]).await;
    let (revision, old) = taste_event::of_source(&store, &ada, TasteSource::Memory, "m").await.unwrap();
    undo(&store, &ada, &old[0].id).await.unwrap();
    let story = || NewStory { source: TasteSource::Memory, source_ids: vec!["m".into()], drafts: vec![], withdrawn: vec![] };
    assert!(!taste_event::rewrite(&store, &ada, revision, story()).await.unwrap());
    let (now, kept) = taste_event::of_source(&store, &ada, TasteSource::Memory, "m").await.unwrap();
    assert!(now > revision && kept[0].undone);
    assert!(taste_event::rewrite(&store, &ada, now, story()).await.unwrap());
    assert!(taste_event::all(&store, &ada).await.unwrap().is_empty());
}

/// However many questions of one person come at once, their story is read once, and continued by each.
#[tokio::test]
async fn a_story_that_many_ask_for_is_read_once_and_continued() {
    let store = store().await;
    let ada = person(&store, "ada").await;
    replace(&store, &ada, TasteSource::Memory, "m", vec![event("cedar", TasteKind::Evoked, 0.5)]).await;
    let ledger = ledger(&store);
    let waiting = join_all((0..8).map(|_| async { ledger.now(&ada).await.unwrap().1 })).await;
    assert!(waiting.iter().all(|story| Arc::ptr_eq(story, &waiting[0])), "read more than once");
    let asked = |n: usize| {
        let (ledger, ada) = (&ledger, &ada);
        async move {
            let asked = vec![event("rose", TasteKind::Asked, 0.1)];
            let drafts = continue_events(TasteSource::Query, &format!("q{n}"), Vec::new(), asked);
            assert!(ledger.add(ada, TasteSource::Query, drafts).await.unwrap());
            ledger.now(ada).await.unwrap();
        }
    };
    join_all((0..8).map(asked)).await;
    let (revision, story) = ledger.now(&ada).await.unwrap();
    assert_eq!(revision, scent_profile::revision(&store, &ada).await.unwrap());
    assert!(Arc::ptr_eq(&story.events[0], &waiting[0].events[0]), "read again");
    let kept = taste_event::all(&store, &ada).await.unwrap();
    assert_eq!((story.events.len(), kept.len()), (9, 9));
    assert_eq!(story.taste, ledger.fold(&kept));
}
