//! Learning from reactions, statements and the collection, with the catalog that is shipped.

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use tokio::runtime::Runtime;

use super::*;
use crate::{
    ai::Embedder,
    domain::{
        ErrorCode,
        answer::{Latency, Reaction, TokenUsage},
        fragrance::{Currency, Fragrance},
        ids::{FragranceId, QueryId, RecommendationId, UserId},
        intent::Intent,
        page::Cursor,
        taste::{TargetKind, TasteSource},
        time::Timestamp,
    },
    store::{
        new_key,
        query_log::{self, QueryRow, RecommendsRow},
        user,
    },
};

/// Vectors of no meaning: nothing here depends on it.
pub(super) struct Lengths;

#[async_trait]
impl Embedder for Lengths {
    fn model(&self) -> &str {
        "lengths"
    }

    fn dimension(&self) -> usize {
        2
    }

    async fn embed(&self, texts: &[String]) -> anyhow::Result<Vec<Vec<f32>>> {
        Ok(texts.iter().map(|text| text.len() as f32).map(|angle| vec![angle.sin(), angle.cos()]).collect())
    }
}

/// One store with the whole catalog, made once: it takes seconds.
struct House {
    runtime: Runtime,
    learning: Learning,
}

static HOUSE: LazyLock<House> = LazyLock::new(|| {
    let runtime = Runtime::new().unwrap();
    let learning = runtime.block_on(async {
        let store = Store::in_memory().await.unwrap();
        let catalog = Catalog::open(store.clone(), Arc::new(Lengths)).await.unwrap();
        Learning::new(store, Arc::new(catalog))
    });
    House { runtime, learning }
});

fn in_the_house<F: Future<Output = ()>>(test: impl FnOnce(&'static Learning) -> F) {
    HOUSE.runtime.block_on(test(&HOUSE.learning));
}

async fn person(learning: &Learning) -> UserId {
    user::insert(&learning.store, &format!("{}@example.org", new_key()), "Ada", "").await.unwrap().id
}

/// An answer with the first perfumes of the catalog.
async fn answer(learning: &Learning, user: &UserId) -> (QueryId, Vec<RecommendationId>, Vec<Arc<Fragrance>>) {
    let fragrances: Vec<Arc<Fragrance>> = learning.catalog.snapshot().fragrances()[..2].to_vec();
    let query = QueryRow {
        id: QueryId::from_key(new_key()),
        user: user.clone(),
        text: "Something".into(),
        intent: Intent::default(),
        retrieved_chunks: vec![],
        response: String::new(),
        model_version: "test".into(),
        token_usage: TokenUsage::default(),
        writing: None,
        notice: None,
        latency_ms: Latency::default(),
        rating: None,
        created_at: Timestamp::from_unix_nanos(0),
    };
    let suggestions: Vec<RecommendsRow> = fragrances
        .iter()
        .enumerate()
        .map(|(index, fragrance)| RecommendsRow {
            id: RecommendationId::from_key(new_key()),
            user: user.clone(),
            query: query.id.clone(),
            fragrance: fragrance.id.clone(),
            rank: index + 1,
            score: 0.5,
            reasoning: String::new(),
            exploratory: false,
            evidence: vec![],
            features: vec![],
            clicked: false,
            liked: false,
            disliked: false,
            purchased: false,
        })
        .collect();
    let (query_id, ids) = (query.id.clone(), suggestions.iter().map(|s| s.id.clone()).collect());
    query_log::insert(&learning.store, query, suggestions).await.unwrap();
    (query_id, ids, fragrances)
}

#[test]
fn liking_moves_the_perfume_and_its_notes_and_disliking_takes_its_place() {
    in_the_house(|learning| async move {
        let ada = person(learning).await;
        let (_, ids, fragrances) = answer(learning, &ada).await;
        let (perfume, note) = (fragrances[0].id.as_str(), fragrances[0].notes.notes().next().unwrap().1);
        let leaning = async |kind, id| learning.taste(&ada).await.unwrap().leaning(kind, id).weight;

        let receipt = learning.react(&ada, &ids[0], Reaction::Liked, false).await.unwrap();
        assert_eq!(receipt.changes[0].target, Target::new(TargetKind::Fragrance, perfume));
        assert!(receipt.changes[0].reason.contains(&fragrances[0].full_name()));
        assert!(leaning(TargetKind::Fragrance, perfume).await > leaning(TargetKind::Note, note).await);
        assert!(leaning(TargetKind::Note, note).await > 0.0);
        assert!(learning.react(&ada, &ids[0], Reaction::Liked, false).await.unwrap().changes.is_empty());

        learning.react(&ada, &ids[0], Reaction::Disliked, false).await.unwrap();
        assert!((leaning(TargetKind::Fragrance, perfume).await - (-0.6_f64).tanh()).abs() < 1e-9);
        assert_eq!(query_log::disliked(&learning.store, &ada).await.unwrap(), [fragrances[0].id.clone()]);

        learning.react(&ada, &ids[0], Reaction::Disliked, true).await.unwrap();
        assert!(learning.taste(&ada).await.unwrap().is_empty());
    });
}

#[test]
fn a_reaction_goes_with_what_it_says_of_its_perfume() {
    in_the_house(|learning| async move {
        let ada = person(learning).await;
        let (_, ids, fragrances) = answer(learning, &ada).await;
        learning.react(&ada, &ids[0], Reaction::Disliked, false).await.unwrap();
        let story = learning.history(&ada, Cursor(0)).await.unwrap().items;
        let of = |kind: TargetKind| story.iter().find(|event| event.target.kind == kind).unwrap().id.clone();
        let disliked = async || query_log::disliked(&learning.store, &ada).await.unwrap();
        learning.undo(&ada, &of(TargetKind::Note)).await.unwrap();
        assert_eq!(disliked().await, [fragrances[0].id.clone()]);
        learning.undo(&ada, &of(TargetKind::Fragrance)).await.unwrap();
        assert!(disliked().await.is_empty());
    });
}

#[test]
fn somebody_elses_recommendation_does_not_exist() {
    in_the_house(|learning| async move {
        let (ada, bob) = (person(learning).await, person(learning).await);
        let (query, ids, _) = answer(learning, &ada).await;
        let react = learning.react(&bob, &ids[0], Reaction::Liked, false).await.unwrap_err();
        let rate = learning.rate(&bob, &query, 5, None, vec![]).await.unwrap_err();
        assert_eq!((react.code(), rate.code()), (ErrorCode::NotFound, ErrorCode::NotFound));
        assert!(learning.taste(&ada).await.unwrap().is_empty() && learning.taste(&bob).await.unwrap().is_empty());
        assert!(learning.history(&bob, Cursor(0)).await.unwrap().items.is_empty());
    });
}

#[test]
fn rating_an_answer_moves_its_perfumes_and_named_notes_become_vetoes() {
    in_the_house(|learning| async move {
        let ada = person(learning).await;
        let (query, _, fragrances) = answer(learning, &ada).await;
        for bad in [0, 6] {
            assert_eq!(learning.rate(&ada, &query, bad, None, vec![]).await.unwrap_err().field(), Some("rating"));
        }
        assert!(learning.rate(&ada, &query, 3, None, vec![]).await.unwrap().changes.is_empty());
        learning.rate(&ada, &query, 5, Some("yes".into()), vec![]).await.unwrap();
        let good = learning.taste(&ada).await.unwrap();
        learning.rate(&ada, &query, 1, None, vec!["Patchouli".into()]).await.unwrap();
        let bad = learning.taste(&ada).await.unwrap();
        for fragrance in &fragrances {
            assert!(good.leaning(TargetKind::Fragrance, fragrance.id.as_str()).weight > 0.0);
            assert!(bad.leaning(TargetKind::Fragrance, fragrance.id.as_str()).weight < 0.0);
        }
        assert_eq!(bad.vetoed(TargetKind::Note), ["patchouli"]);
        assert_eq!(learning.profile(&ada).await.unwrap().disliked_notes, ["patchouli"]);
        // Another rating takes the place of the first, but takes no law back.
        learning.rate(&ada, &query, 4, None, vec!["oud".into()]).await.unwrap();
        let better = learning.taste(&ada).await.unwrap();
        assert_eq!(better.vetoed(TargetKind::Note), ["oud", "patchouli"]);
        assert!(better.leaning(TargetKind::Fragrance, fragrances[0].id.as_str()).weight > 0.0);
    });
}

#[test]
fn the_profile_is_exactly_what_was_stated() {
    in_the_house(|learning| async move {
        let ada = person(learning).await;
        let (query, ..) = answer(learning, &ada).await;
        learning.rate(&ada, &query, 3, None, vec!["musk".into()]).await.unwrap();
        let update = ProfileUpdate {
            preferred_families: Some(vec![Family::Woody, Family::Amber, Family::Woody]),
            disliked_notes: Some(vec!["PATCHOULI".into(), " patchouli ".into(), "vanilla".into()]),
            intensity_preference: Some(Some(Intensity::Soft)),
            budget: Some(Some(Budget { min: None, max: 80.0, currency: Currency::Eur })),
        };
        let profile = learning.update_profile(&ada, update).await.unwrap();
        assert_eq!(profile.preferred_families.len(), 2);
        assert_eq!(profile.disliked_notes, ["patchouli", "vanilla"], "a veto that is not listed is taken back");
        assert_eq!((profile.intensity_preference, profile.budget.map(|b| b.max)), (Some(Intensity::Soft), Some(80.0)));
        assert!(profile.families.iter().any(|f| f.name == "woody" && f.leaning.weight > 0.0));
        let thorns: Vec<_> = profile.flower.thorns.iter().map(|p| p.note.as_str()).collect();
        assert!(thorns.contains(&"patchouli") && thorns.contains(&"vanilla") && !thorns.contains(&"musk"));

        let unknown = ProfileUpdate { disliked_notes: Some(vec!["phlogiston".into()]), ..ProfileUpdate::default() };
        let error = learning.update_profile(&ada, unknown).await.unwrap_err();
        assert!(error.field() == Some("disliked_notes") && error.message().contains("phlogiston"));
        let profile = learning.update_profile(&ada, ProfileUpdate::default()).await.unwrap();
        assert_eq!(profile.disliked_notes.len(), 2, "what is not mentioned stays");

        let story = learning.history(&ada, Cursor(0)).await.unwrap().items;
        let veto = story.iter().find(|e| e.target == Target::note("vanilla")).unwrap();
        assert_eq!((veto.source, veto.kind), (TasteSource::Statement, TasteKind::Vetoed));
        learning.undo(&ada, &veto.id).await.unwrap();
        assert_eq!(learning.profile(&ada).await.unwrap().disliked_notes, ["patchouli"]);
        let empty = ProfileUpdate { preferred_families: Some(vec![]), disliked_notes: Some(vec![]), ..ProfileUpdate::default() };
        let profile = learning.update_profile(&ada, empty).await.unwrap();
        assert!(profile.preferred_families.is_empty() && profile.disliked_notes.is_empty());
        assert!(learning.taste(&ada).await.unwrap().is_empty());
    });
}

#[test]
fn a_collection_teaches_what_it_says_and_forgets_what_it_says_no_more() {
    in_the_house(|learning| async move {
        let (ada, bob) = (person(learning).await, person(learning).await);
        let fragrance = Arc::clone(&learning.catalog.snapshot().fragrances()[0]);
        let set = async |update| learning.set_holding(&ada, &fragrance.id, update).await;
        let weight = async || learning.taste(&ada).await.unwrap().leaning(TargetKind::Fragrance, fragrance.id.as_str()).weight;

        let owned = HoldingUpdate { owned: Some(true), personal_notes: Some(Some("rain".into())), ..HoldingUpdate::default() };
        assert!(!set(owned).await.unwrap().changes.is_empty());
        assert!((weight().await - 0.4_f64.tanh()).abs() < 1e-9);
        set(HoldingUpdate { rating: Some(Some(1)), ..HoldingUpdate::default() }).await.unwrap();
        assert!(weight().await < 0.0, "what one owns and dislikes is disliked");
        let error = set(HoldingUpdate { rating: Some(Some(6)), ..HoldingUpdate::default() }).await.unwrap_err();
        assert_eq!(error.field(), Some("rating"));
        let unknown = learning.set_holding(&ada, &FragranceId::from_key("no_such"), HoldingUpdate::default()).await.unwrap_err();
        assert_eq!(unknown.code(), ErrorCode::NotFound);

        let page = learning.collection(&ada, None, Cursor(0)).await.unwrap();
        assert_eq!((page.items.len(), &page.items[0].fragrance), (1, &*fragrance));
        assert_eq!((page.items[0].holding.rating, page.items[0].holding.personal_notes.as_deref()), (Some(1), Some("rain")));
        assert!(!page.items[0].flower.is_empty());
        assert!(learning.holdings(&ada).await.unwrap()[&fragrance.id].owned);
        assert!(learning.holdings(&bob).await.unwrap().is_empty());

        let nothing =
            HoldingUpdate { owned: Some(false), rating: Some(None), personal_notes: Some(None), ..HoldingUpdate::default() };
        set(nothing).await.unwrap();
        assert!(learning.taste(&ada).await.unwrap().is_empty());
        assert!(learning.collection(&ada, None, Cursor(0)).await.unwrap().items.is_empty());
    });
}

/// Two clicks at once: whichever comes last, the story tells what the collection and the suggestion show.
#[test]
fn clicks_that_meet_leave_a_story_that_agrees_with_them() {
    in_the_house(|learning| async move {
        let ada = person(learning).await;
        let (_, ids, fragrances) = answer(learning, &ada).await;
        let perfume = fragrances[1].id.clone();
        let owns = |owned| HoldingUpdate { owned: Some(owned), ..HoldingUpdate::default() };
        let told = async |kind: TasteKind, id: &FragranceId| {
            let events = crate::store::taste_event::all(&learning.store, &ada).await.unwrap();
            events.iter().any(|e| e.kind == kind && !e.undone && e.target == Target::new(TargetKind::Fragrance, id.as_str()))
        };
        for _ in 0..8 {
            let (a, b, c, d) = tokio::join!(
                learning.set_holding(&ada, &perfume, owns(true)),
                learning.set_holding(&ada, &perfume, owns(false)),
                learning.react(&ada, &ids[0], Reaction::Liked, false),
                learning.react(&ada, &ids[0], Reaction::Disliked, false),
            );
            assert!(a.is_ok() && b.is_ok() && c.is_ok() && d.is_ok());
            let owned = learning.holdings(&ada).await.unwrap().get(&perfume).is_some_and(|holding| holding.owned);
            assert_eq!(told(TasteKind::Collected, &perfume).await, owned);
            let liked = query_log::liked(&learning.store, &ada).await.unwrap().contains(&fragrances[0].id);
            let both = [told(TasteKind::Liked, &fragrances[0].id).await, told(TasteKind::Disliked, &fragrances[0].id).await];
            assert_eq!(both, [liked, !liked]);
        }
    });
}
