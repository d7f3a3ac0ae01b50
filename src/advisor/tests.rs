//! The advisor as a whole, on the seed catalog.

use std::sync::LazyLock;

use tokio::runtime::Runtime;

use super::{
    fixture::{WordHashes, vector},
    *,
};
use crate::{
    domain::{
        answer::Reaction,
        ids::{MemoryId, NoteId},
        memory::{MemoryDraft, MemoryType, ScentSource, Suggested},
        taste::TargetKind,
        text::{Span, sentences, slug},
    },
    learning::{HoldingUpdate, ProfileUpdate},
    store::{
        extracted_scent::NewNote,
        job::NewJob,
        memory_chunk::NewChunk,
        scent_memory::{self, Understood as Meaning},
        user,
    },
};

/// One store with the whole catalog, made once: it takes seconds.
struct House {
    runtime: Runtime,
    advisor: Advisor,
}

static HOUSE: LazyLock<House> = LazyLock::new(|| {
    let runtime = Runtime::new().unwrap();
    let advisor = runtime.block_on(async {
        let store = Store::in_memory().await.unwrap();
        let catalog = Arc::new(Catalog::open(store.clone(), Arc::new(WordHashes)).await.unwrap());
        let learning = Arc::new(Learning::new(store.clone(), Arc::clone(&catalog)));
        Advisor::new(store, catalog, learning, Arc::new(WordHashes))
    });
    House { runtime, advisor }
});

pub(super) fn in_the_house<F: Future<Output = ()>>(test: impl FnOnce(&'static Advisor) -> F) {
    HOUSE.runtime.block_on(test(&HOUSE.advisor));
}

pub(super) async fn person(advisor: &Advisor) -> UserId {
    user::insert(&advisor.store, &format!("{}@example.org", new_key()), "Ada", "").await.unwrap().id
}

pub(super) const FIG: &str = "Every August we drove to the coast. My grandmother's fig tree stood by the well, and its leaf smelled green and milky. \
                   In the evening there was incense from the chapel.";
const HOSPITAL: &str = "The corridor reeked of lavender and I was afraid.";

/// A memory as the pipeline would leave it: one passage, and the notes that it names.
pub(super) async fn remember(
    advisor: &Advisor,
    user: &UserId,
    title: &str,
    content: &str,
    valence: f64,
    notes: &[(&str, &str)],
) -> MemoryId {
    remember_from(advisor, ScentSource::Text, user, (title, content), valence, notes).await
}

/// The same, of words that stand in what was written or in a file.
pub(super) async fn remember_from(
    advisor: &Advisor,
    source: ScentSource,
    user: &UserId,
    (title, content): (&str, &str),
    valence: f64,
    notes: &[(&str, &str)],
) -> MemoryId {
    let id = MemoryId::from_key(new_key());
    let draft = MemoryDraft {
        title: title.into(),
        content: content.into(),
        occasion: None,
        emotion: None,
        location: None,
        season: None,
        happened_at: None,
    };
    let job = NewJob::new("test", id.as_str(), serde_json::json!({}));
    scent_memory::insert(&advisor.store, user, &id, (MemoryType::Text, None), &draft, job).await.unwrap();
    let row = scent_memory::find(&advisor.store, user, &id).await.unwrap().unwrap();
    let place = |word: &str| {
        let start = content[..content.find(word).unwrap()].chars().count();
        Span { start, end: start + word.chars().count() }
    };
    let note = |(name, word): &(&str, &str)| NewNote {
        note: NoteId::from_key(slug(name)),
        name: (*name).to_owned(),
        literal: true,
        confidence: 0.9,
        source,
        span: Some(place(word)),
        confirmed: false,
        valence,
    };
    let understood = Meaning {
        suggested: Suggested::default(),
        valence,
        embedding_model: "word-hashes".into(),
        chunks: vec![NewChunk {
            content: content.into(),
            span: Span { start: 0, end: content.chars().count() },
            source,
            marks: vec![],
            vector: vector(content),
        }],
        notes: notes.iter().map(note).collect(),
        fragrances: vec![],
        notice: None,
    };
    assert!(scent_memory::keep(&advisor.store, user, &row, understood).await.unwrap());
    id
}

#[test]
fn what_was_done_without_the_provider_is_said_in_one_place() {
    let (slow, failing) = (ModelError::Slow, ModelError::Failing(500));
    assert_eq!(fallbacks(None, None, None), None);
    assert_eq!(
        fallbacks(Some(&slow), Some(&failing), Some("The rest is local.".into())).as_deref(),
        Some(
            "The language model did not answer in time, so the rules alone read your question. The provider's embedding model is \
             out of order, so a small one here searched your memories. The rest is local."
        )
    );
}

fn names(answer: &Answer) -> Vec<String> {
    answer.recommendations.iter().map(|r| r.fragrance.full_name()).collect()
}

#[test]
fn without_memories_the_question_alone_answers_and_says_so() {
    in_the_house(|advisor| async move {
        let user = person(advisor).await;
        let answer = advisor.ask(&user, "Something woody under 80 €, no patchouli, not Dior").await.unwrap();
        assert_eq!(answer.recommendations.len(), 5);
        assert!(answer.answer.contains("no memories of yours yet"), "{}", answer.answer);
        for (recommendation, rank) in answer.recommendations.iter().zip(1..) {
            let fragrance = &recommendation.fragrance;
            assert_eq!(recommendation.rank, rank);
            assert!(!fragrance.notes.contains("patchouli") && fragrance.brand != "Dior");
            assert!(fragrance.price.is_none_or(|price| price.euros() <= 80.0));
            assert!(fragrance.accords.iter().any(|a| a == "woody"), "{}: {:?}", fragrance.full_name(), fragrance.accords);
            assert!((1..=3).contains(&recommendation.evidence.len()) && !recommendation.reasoning.is_empty());
            assert!(!recommendation.features.is_empty() && !recommendation.flower.is_empty());
            assert!((0.0..=1.0).contains(&recommendation.score));
        }
        assert!(answer.recommendations.windows(2).all(|pair| pair[0].score >= pair[1].score));
        let labels: Vec<&str> = answer.chips.iter().map(|chip| chip.label.as_str()).collect();
        assert_eq!(labels, ["woody", "under 80 €", "no patchouli", "not Dior"]);
    });
}

#[test]
fn memories_are_quoted_word_for_word_and_bad_ones_never() {
    in_the_house(|advisor| async move {
        let user = person(advisor).await;
        let fig = remember(advisor, &user, "The well", FIG, 0.8, &[("fig leaf", "fig tree"), ("incense", "incense")]).await;
        let hospital = remember(advisor, &user, "The corridor", HOSPITAL, -0.9, &[("lavender", "lavender")]).await;
        let answer = advisor.ask(&user, "Something green that smells of my grandmother's garden").await.unwrap();
        let mut quoted = 0;
        for recommendation in &answer.recommendations {
            let meets = recommendation.fragrance.notes.notes().any(|(_, note)| note == "fig leaf" || note == "incense");
            let memories: Vec<_> = recommendation.evidence.iter().filter(|e| e.memory_id.is_some()).collect();
            assert!(!meets || !memories.is_empty(), "{}", recommendation.fragrance.full_name());
            for evidence in memories {
                let quote = evidence.quote.as_deref().unwrap();
                assert_eq!(evidence.memory_id.as_ref(), Some(&fig));
                assert_ne!(evidence.memory_id.as_ref(), Some(&hospital));
                assert_eq!(evidence.span.unwrap().of(FIG), Some(quote));
                assert_eq!(sentences(quote).len(), 1);
                assert!(recommendation.reasoning.contains(quote));
                assert!(!meets || recommendation.fragrance.notes.contains(evidence.note.as_deref().unwrap()));
                quoted += 1;
            }
        }
        assert!(quoted > 0, "{:?}", names(&answer));
        let kept = advisor.get(&user, &answer.query_id).await.unwrap();
        assert_eq!(kept.retrieved_chunks.len(), 2);
        let lavender = |r: &Recommendation| r.fragrance.notes.contains("lavender");
        assert!(answer.recommendations.iter().filter(|r| lavender(r)).count() <= 1);
    });
}

#[test]
fn a_memory_that_the_answer_names_is_noted_however_far_it_is_and_forgotten_with_it() {
    in_the_house(|advisor| async move {
        let (user, question) = (person(advisor).await, "Something with fig leaf");
        let well = remember(advisor, &user, "The well", FIG, 0.8, &[("fig leaf", "fig tree")]).await;
        for _ in 0..retrieve::NOTED {
            remember(advisor, &user, "Nearer", question, 0.0, &[]).await;
        }
        let answer = advisor.ask(&user, question).await.unwrap();
        assert!(answer.answer.contains("“The well”"), "{}", answer.answer);
        let kept = advisor.get(&user, &answer.query_id).await.unwrap().retrieved_chunks;
        assert_eq!(kept.len(), retrieve::NOTED + 1);
        assert_eq!(kept.iter().position(|chunk| chunk.memory_id == well), Some(retrieve::NOTED));
        assert!(scent_memory::delete(&advisor.store, &user, &well).await.unwrap());
        let kept = advisor.get(&user, &answer.query_id).await.unwrap();
        assert!(!serde_json::to_string(&kept).unwrap().contains("The well"), "{kept:?}");
    });
}

#[test]
fn owned_wished_and_disliked_perfumes_do_not_come_back() {
    in_the_house(|advisor| async move {
        let user = person(advisor).await;
        let question = "Something with vanilla for winter";
        let first = advisor.ask(&user, question).await.unwrap();
        let [owned, wished, disliked, ..] = first.recommendations.as_slice() else { panic!("{first:?}") };
        let own = HoldingUpdate { owned: Some(true), ..HoldingUpdate::default() };
        advisor.learning.set_holding(&user, &owned.fragrance.id, own).await.unwrap();
        let wish = HoldingUpdate { wishlist: Some(true), ..HoldingUpdate::default() };
        advisor.learning.set_holding(&user, &wished.fragrance.id, wish).await.unwrap();
        advisor.learning.react(&user, &disliked.id, Reaction::Disliked, false).await.unwrap();

        let again = names(&advisor.ask(&user, question).await.unwrap());
        for gone in [owned, wished, disliked] {
            assert!(!again.contains(&gone.fragrance.full_name()));
            let why = advisor.why_not(&user, &first.query_id, &gone.fragrance.id).await.unwrap();
            assert_eq!((why.laws.len(), why.rank), (1, None), "{why:?}");
        }
        let wishlist = advisor.ask(&user, "Something with vanilla for winter from my wishlist").await.unwrap();
        assert!(names(&wishlist).contains(&wished.fragrance.full_name()));
        let kept = advisor.get(&user, &first.query_id).await.unwrap();
        assert!(kept.answer.recommendations[0].owned && kept.answer.recommendations[1].wishlist);
        assert!(kept.answer.recommendations[2].reactions.disliked);
    });
}

#[test]
fn stated_dislikes_hold_for_every_question() {
    in_the_house(|advisor| async move {
        let user = person(advisor).await;
        let update = ProfileUpdate { disliked_notes: Some(vec!["musk".into()]), ..ProfileUpdate::default() };
        advisor.learning.update_profile(&user, update).await.unwrap();
        let answer = advisor.ask(&user, "something powdery").await.unwrap();
        assert_eq!(answer.recommendations.len(), 5);
        for recommendation in &answer.recommendations {
            assert!(recommendation.fragrance.notes.notes().all(|(_, note)| !note.ends_with("musk")), "{:?}", names(&answer));
        }
        let musky = advisor.catalog.snapshot().fragrances().iter().find(|f| f.notes.contains("white musk")).unwrap().id.clone();
        let why = advisor.why_not(&user, &answer.query_id, &musky).await.unwrap();
        assert!(why.laws.iter().any(|law| law.contains("musk is among your stated dislikes")), "{why:?}");
    });
}

#[test]
fn like_another_perfume() {
    in_the_house(|advisor| async move {
        let user = person(advisor).await;
        let answer = advisor.ask(&user, "like Terre d'Hermès but softer and cheaper").await.unwrap();
        let anchor = answer.intent.like.clone().unwrap();
        let price = advisor.catalog.fragrance(&anchor.fragrance_id).unwrap().price.unwrap().euros();
        assert!(!answer.recommendations.is_empty());
        for recommendation in &answer.recommendations {
            assert!(!recommendation.fragrance.name.starts_with("Terre d'Hermès"));
            assert!(recommendation.fragrance.price.is_none_or(|p| p.euros() < price));
        }
        assert!(answer.recommendations[0].reasoning.contains("Terre d'Hermès"), "{}", answer.recommendations[0].reasoning);
    });
}

#[test]
fn an_answer_comes_live_in_the_same_words() {
    in_the_house(|advisor| async move {
        let user = person(advisor).await;
        let (sender, mut receiver) = mpsc::channel(64);
        advisor.ask_live(&user, "Something smoky", sender).await.unwrap();
        let mut events = Vec::new();
        while let Some(event) = receiver.recv().await {
            events.push(event);
        }
        assert!(matches!(&events[0], AskEvent::Intent { chips, .. } if chips.len() == 1));
        let shown: Vec<&Recommendation> =
            events.iter().filter_map(|e| if let AskEvent::Recommendation(r) = e { Some(r.as_ref()) } else { None }).collect();
        assert!(shown.len() == 5 && shown.iter().all(|r| r.reasoning.is_empty()));
        let words: String =
            events.iter().filter_map(|e| if let AskEvent::Token(t) = e { Some(t.as_str()) } else { None }).collect();
        let Some(AskEvent::Done(answer)) = events.last() else { panic!("{events:?}") };
        assert_eq!(words.trim(), answer.answer);
        assert_eq!(shown[0].id, answer.recommendations[0].id);
        // Nobody listens: the answer is kept all the same.
        let (sender, receiver) = mpsc::channel(1);
        drop(receiver);
        advisor.ask_live(&user, "Something green", sender).await.unwrap();
        let asked = advisor.history(&user, Cursor(0)).await.unwrap().items;
        assert_eq!(asked.iter().map(|q| q.query.as_str()).collect::<Vec<_>>(), ["Something green", "Something smoky"]);
    });
}

#[test]
fn a_question_can_be_put_right_and_teaches() {
    in_the_house(|advisor| async move {
        let user = person(advisor).await;
        let stranger = person(advisor).await;
        let first = advisor.ask(&user, "rose without vanilla").await.unwrap();
        let leaning = async |note: &str| advisor.learning.taste(&user).await.unwrap().leaning(TargetKind::Note, note).weight;
        assert!(leaning("rose").await > 0.0 && leaning("vanilla").await < 0.0);

        let second = advisor.refine(&user, &first.query_id, first.intent.without("unwanted_notes", "vanilla")).await.unwrap();
        assert_eq!(second.query, first.query);
        assert_eq!(second.chips.len(), 1);
        assert_eq!(leaning("vanilla").await, 0.0);
        assert!((leaning("rose").await - 0.1_f64.tanh()).abs() < 1e-9);

        let nonsense = Intent { wanted_notes: vec!["<script>".into()], ..Intent::default() };
        assert_eq!(advisor.refine(&user, &first.query_id, nonsense).await.unwrap_err().field(), Some("intent"));
        for outcome in [
            advisor.get(&stranger, &first.query_id).await.map(drop),
            advisor.refine(&stranger, &first.query_id, Intent::default()).await.map(drop),
            advisor.why_not(&stranger, &first.query_id, &first.recommendations[0].fragrance.id).await.map(drop),
        ] {
            assert_eq!(outcome.unwrap_err(), AppError::not_found("question"));
        }
        assert!(advisor.history(&stranger, Cursor(0)).await.unwrap().items.is_empty());
    });
}

#[test]
fn where_little_is_left_the_answer_says_why() {
    in_the_house(|advisor| async move {
        let user = person(advisor).await;
        let answer = advisor.ask(&user, "a leather perfume under 3 €").await.unwrap();
        assert!(answer.recommendations.iter().all(|r| r.fragrance.price.is_none()));
        assert!(
            answer.answer.contains("No perfume of known price") && answer.answer.contains("the limit of 3 €"),
            "{}",
            answer.answer
        );
        assert!(advisor.ask(&user, "   ").await.is_err());
        let odd = advisor.ask(&user, "’; DELETE user <b>שלום</b> 🌹").await.unwrap();
        assert_eq!(odd.recommendations.len(), 5);
        assert_eq!(advisor.get(&user, &odd.query_id).await.unwrap().answer.query, "’; DELETE user <b>שלום</b> 🌹");
    });
}
