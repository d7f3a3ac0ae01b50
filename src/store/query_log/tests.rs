use super::*;
use crate::{
    domain::ids::MemoryId,
    store::{
        collects::{self, Change},
        new_key,
    },
};

async fn store_with(users: &[&str], fragrances: &[&str]) -> Store {
    let store = Store::in_memory().await.unwrap();
    for user in users {
        statement("CREATE type::record('user', $key) SET email = $key, password_hash = '', name = $key, role = 'member'")
            .bind("key", (*user).to_owned())
            .execute(&store)
            .await
            .unwrap();
    }
    for fragrance in fragrances {
        statement(
            "CREATE type::record('fragrance', $key) SET brand = 'B', name = $key, perfumers = [], family = 'woody',
             accords = [], discontinued = false, popularity = 0.5, fact_hash = ''",
        )
        .bind("key", (*fragrance).to_owned())
        .execute(&store)
        .await
        .unwrap();
    }
    store
}

fn question(user: &UserId, seconds: i64) -> QueryRow {
    QueryRow {
        id: QueryId::from_key(new_key()),
        user: user.clone(),
        text: "Something 'woody'; DELETE user".into(),
        intent: Intent { unwanted_notes: vec!["patchouli".into()], obtainable: true, ..Intent::default() },
        retrieved_chunks: vec![],
        response: "Here you are.".into(),
        model_version: "test".into(),
        token_usage: TokenUsage::default(),
        writing: None,
        notice: None,
        latency_ms: Latency { total: 1.5, ..Latency::default() },
        rating: None,
        created_at: Timestamp::from_unix_nanos(0).plus_seconds(seconds),
    }
}

fn suggestion(query: &QueryRow, fragrance: &str, rank: usize) -> RecommendsRow {
    RecommendsRow {
        id: RecommendationId::from_key(new_key()),
        user: query.user.clone(),
        query: query.id.clone(),
        fragrance: FragranceId::from_key(fragrance),
        rank,
        score: 0.9,
        reasoning: "Because.".into(),
        exploratory: false,
        evidence: vec![Evidence { fact: Some("It is woody.".into()), ..Evidence::default() }],
        features: vec![Feature { name: "wanted_notes".into(), contribution: 0.25, value: Some(0.1) }],
        clicked: false,
        liked: false,
        disliked: false,
        purchased: false,
    }
}

#[tokio::test]
async fn what_is_kept_comes_back_to_its_owner_alone() {
    let store = store_with(&["ada", "bob"], &["one", "two"]).await;
    let (ada, bob) = (UserId::from_key("ada"), UserId::from_key("bob"));
    let query = question(&ada, 10);
    insert(&store, query.clone(), vec![suggestion(&query, "two", 2), suggestion(&query, "one", 1)]).await.unwrap();

    let (row, suggestions) = get(&store, &ada, &query.id).await.unwrap().unwrap();
    assert_eq!((row.text, row.intent, row.latency_ms), (query.text.clone(), query.intent.clone(), query.latency_ms));
    assert_eq!(suggestions.iter().map(|s| s.fragrance.as_str()).collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(suggestions[0].evidence[0].fact.as_deref(), Some("It is woody."));
    assert!(get(&store, &bob, &query.id).await.unwrap().is_none());
    assert!(history(&store, &bob, Cursor(0)).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_unknown_perfume_keeps_nothing_of_the_question() {
    let store = store_with(&["ada"], &["one"]).await;
    let query = question(&UserId::from_key("ada"), 0);
    let suggestions = vec![suggestion(&query, "one", 1), suggestion(&query, "no_such", 2)];
    assert!(insert(&store, query.clone(), suggestions).await.is_err());
    assert!(get(&store, &query.user, &query.id).await.unwrap().is_none());
}

#[tokio::test]
async fn history_is_newest_first() {
    let store = store_with(&["ada"], &[]).await;
    let ada = UserId::from_key("ada");
    for n in 0..3 {
        insert(&store, question(&ada, n), vec![]).await.unwrap();
    }
    let asked: Vec<i64> = history(&store, &ada, Cursor(0)).await.unwrap().iter().map(|q| q.asked_at.unix_seconds()).collect();
    assert_eq!(asked, [2, 1, 0]);
    assert_eq!(history(&store, &ada, Cursor(2)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn reactions_and_ratings_belong_to_the_person() {
    let store = store_with(&["ada", "bob"], &["one"]).await;
    let (ada, bob) = (UserId::from_key("ada"), UserId::from_key("bob"));
    let query = question(&ada, 0);
    let row = suggestion(&query, "one", 1);
    insert(&store, query.clone(), vec![row.clone()]).await.unwrap();

    assert!(!set_reaction(&store, &bob, &row.id, Reaction::Liked, true).await.unwrap());
    assert!(!set_reaction(&store, &ada, &RecommendationId::from_key("none"), Reaction::Liked, true).await.unwrap());
    assert!(set_reaction(&store, &ada, &row.id, Reaction::Disliked, true).await.unwrap());
    assert_eq!(disliked(&store, &ada).await.unwrap(), std::slice::from_ref(&row.fragrance));
    assert!(set_reaction(&store, &ada, &row.id, Reaction::Liked, true).await.unwrap());
    let target = reaction_target(&store, &ada, &row.id).await.unwrap().unwrap();
    assert_eq!(target.reactions, Reactions { liked: true, ..Reactions::default() });
    assert_eq!((&target.query, &target.fragrance), (&query.id, &row.fragrance));
    assert!(reaction_target(&store, &bob, &row.id).await.unwrap().is_none());
    assert!(disliked(&store, &ada).await.unwrap().is_empty());
    assert_eq!(liked(&store, &ada).await.unwrap(), [row.fragrance]);
    assert_eq!(counts(&store, &ada).await.unwrap(), Counts { queries: 1, likes: 1 });
    assert_eq!(counts(&store, &bob).await.unwrap(), Counts::default());

    let stars = async |rating| {
        let change = Change { owned: None, wishlist: None, rating: Some(Some(rating)), personal_notes: None };
        collects::change(&store, &ada, &target.fragrance, change).await.unwrap();
        disliked(&store, &ada).await.unwrap().len()
    };
    assert_eq!(stars(2).await, 1, "few stars are a dislike");
    assert_eq!(stars(4).await, 0);
    set_reaction(&store, &ada, &row.id, Reaction::Disliked, true).await.unwrap();
    assert_eq!(disliked(&store, &ada).await.unwrap().len(), 1, "a dislike after the stars counts over them");
    let notes = Change { owned: None, wishlist: None, rating: None, personal_notes: Some(Some("why?".into())) };
    collects::change(&store, &ada, &target.fragrance, notes).await.unwrap();
    assert_eq!(disliked(&store, &ada).await.unwrap().len(), 1, "words do not make the stars any younger");
    assert_eq!(stars(4).await, 0, "stars after the dislike count over it");

    assert!(set_rating(&store, &ada, &query.id, 4, Some("good".into())).await.unwrap());
    assert!(!set_rating(&store, &bob, &query.id, 1, None).await.unwrap());
    assert_eq!(get(&store, &ada, &query.id).await.unwrap().unwrap().0.rating, Some(4));
}

/// A memory as it was written at that time.
async fn memory(store: &Store, user: &UserId, key: &str, seconds: i64) -> MemoryId {
    let id = MemoryId::from_key(key);
    statement("CREATE $id SET user = $user, title = '', content = '', memory_type = 'text', status = 'ready', updated_at = $at")
        .bind("id", id.clone())
        .bind("user", user.clone())
        .bind("at", Timestamp::from_unix_nanos(0).plus_seconds(seconds))
        .execute(store)
        .await
        .unwrap();
    id
}

fn citing(query: &QueryRow, memory: &MemoryId) -> Vec<RecommendsRow> {
    let evidence = vec![Evidence { memory_id: Some(memory.clone()), ..Evidence::default() }];
    vec![RecommendsRow { evidence, ..suggestion(query, "one", 1) }]
}

#[tokio::test]
async fn an_answer_that_cites_a_forgotten_memory_is_blanked_with_it() {
    let store = store_with(&["ada"], &["one"]).await;
    let ada = UserId::from_key("ada");
    let memory = memory(&store, &ada, "well", 0).await;
    let (asked, other) = (question(&ada, 0), question(&ada, 1));
    insert(&store, asked.clone(), citing(&asked, &memory)).await.unwrap();
    insert(&store, other.clone(), vec![suggestion(&other, "one", 1)]).await.unwrap();
    assert_eq!(get(&store, &ada, &asked.id).await.unwrap().unwrap().0.response, asked.response);
    statement(FORGET_MEMORY).bind("user", ada.clone()).bind("memory", memory).execute(&store).await.unwrap();
    assert_blanked(&store, &asked).await;
    assert_eq!(get(&store, &ada, &other.id).await.unwrap().unwrap().0.response, other.response);
}

async fn assert_blanked(store: &Store, query: &QueryRow) {
    let (row, suggestions) = get(store, &query.user, &query.id).await.unwrap().unwrap();
    assert_eq!(row.response, "A memory that this answer rested on was deleted or changed.");
    assert!(row.retrieved_chunks.is_empty());
    assert!(suggestions[0].evidence.is_empty() && suggestions[0].reasoning != "Because.");
}

#[tokio::test]
async fn an_answer_under_way_keeps_nothing_of_what_was_deleted_or_changed_meanwhile() {
    let store = store_with(&["ada"], &["one"]).await;
    let ada = UserId::from_key("ada");
    let (whole, changed) = (memory(&store, &ada, "whole", 5).await, memory(&store, &ada, "changed", 15).await);
    let kept = question(&ada, 10);
    insert(&store, kept.clone(), citing(&kept, &whole)).await.unwrap();
    let (row, suggestions) = get(&store, &ada, &kept.id).await.unwrap().unwrap();
    assert_eq!((row.response, suggestions[0].evidence.len()), (kept.response, 1));
    for lost in [changed.clone(), MemoryId::from_key("deleted")] {
        let query = question(&ada, 10);
        insert(&store, query.clone(), citing(&query, &lost)).await.unwrap();
        assert_blanked(&store, &query).await;
    }
    let chunk = RetrievedChunk { chunk_id: crate::domain::ids::ChunkId::from_key("c"), memory_id: changed, score: 0.5 };
    let query = QueryRow { retrieved_chunks: vec![chunk], ..question(&ada, 10) };
    insert(&store, query.clone(), citing(&query, &MemoryId::from_key("deleted"))).await.unwrap();
    assert_blanked(&store, &query).await;
}

#[tokio::test]
async fn nothing_is_kept_of_a_person_who_is_gone() {
    let store = store_with(&["ada"], &["one"]).await;
    let ada = UserId::from_key("ada");
    crate::store::user::erase(&store, &ada).await.unwrap();
    let query = question(&ada, 0);
    insert(&store, query.clone(), vec![suggestion(&query, "one", 1)]).await.unwrap();
    assert!(get(&store, &ada, &query.id).await.unwrap().is_none());
    assert_eq!(counts(&store, &ada).await.unwrap(), Counts::default());
}
