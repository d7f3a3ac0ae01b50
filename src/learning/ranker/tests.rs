//! Simulated people, who like by weights of their own and look at high places more.

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng, rngs::StdRng};

use super::{
    feedback::{Grade, Shown},
    *,
};
use crate::domain::{
    answer::Reaction,
    ids::{FragranceId, QueryId, RecommendationId},
};

/// How many perfumes an answer is chosen from.
const CANDIDATES: usize = 30;

/// A crowd that reacts by `taste` of the person with that number, or at random without one.
fn crowd(people: usize, questions: usize, seed: u64, taste: impl Fn(usize) -> Option<Values>) -> Vec<Answered> {
    let mut rng = StdRng::seed_from_u64(seed);
    let serving = Model::standard();
    let mut answers = Vec::new();
    for person in 0..people {
        let taste = taste(person).map(|weights| Model::new("taste", weights));
        for _ in 0..questions {
            let mut candidates: Vec<Values> = (0..CANDIDATES)
                .map(|_| std::array::from_fn(|_| if rng.random_bool(0.3) { rng.random_range(0.0..1.0) } else { 0.0 }))
                .collect();
            candidates.sort_by(|a, b| serving.merit(b).total_cmp(&serving.merit(a)));
            let shown: Vec<Values> = candidates.into_iter().take(5).collect();
            let pleasure: Vec<f64> = shown
                .iter()
                .map(|values| taste.as_ref().map_or(0.0, |taste| taste.merit(values)) + rng.random_range(-0.7..0.7))
                .collect();
            let mean = pleasure.iter().sum::<f64>() / 5.0;
            let shown = shown
                .into_iter()
                .zip(pleasure)
                .zip(1..)
                .map(|((values, pleasure), rank)| {
                    let seen = rng.random_bool(f64::from(rank).powf(-0.5));
                    let grade = match pleasure - mean {
                        above if seen && above > 0.8 => Grade::Liked,
                        below if seen && below < -1.0 => Grade::Disliked,
                        _ => Grade::Ignored,
                    };
                    Shown { rank: rank as usize, values, grade }
                })
                .collect::<Vec<_>>();
            answers.push(Answered { user: UserId::from_key(format!("person{person}")), shown });
        }
    }
    answers
}

/// What people care for who mind what they remember and not what was asked for.
fn rememberers() -> Values {
    let mut weights = *Model::standard().weights();
    weights[Trait::Memories as usize] *= 2.2;
    weights[Trait::TasteNotes as usize] *= 2.2;
    weights[Trait::WantedNotes as usize] *= 0.4;
    weights[Trait::Anchor as usize] *= 0.4;
    weights
}

#[test]
fn a_crowd_that_minds_other_things_is_learned_from() {
    let answers = crowd(60, 15, 1, |_| Some(rememberers()));
    let (report, candidate) = learn(&Model::standard(), &answers);
    assert!(report.better, "{}", report.decision);
    assert!(report.after.pair_accuracy > report.before.pair_accuracy + 0.05, "{report:?}");
    let weight = |feature: Trait| candidate.weights()[feature as usize] / Model::standard().weights()[feature as usize];
    assert!(weight(Trait::Memories) > 1.2 && weight(Trait::WantedNotes) < 0.8 && weight(Trait::Anchor) < 0.8);
    // And what is in service now is not replaced by the like of it.
    let (again, _) = learn(&candidate, &answers);
    assert!(!again.better && again.after == again.before, "{}", again.decision);
}

#[test]
fn reactions_at_random_replace_nothing() {
    let deployed = (0..6).filter(|seed| learn(&Model::standard(), &crowd(60, 15, *seed, |_| None)).0.better).count();
    assert_eq!(deployed, 0, "of 6 crowds without a taste, {deployed} replaced the model");
}

#[test]
fn places_do_not_pass_for_taste() {
    // Who agrees with the model in service gives no reason to leave it, though high places get the likes.
    let answers = crowd(60, 15, 3, |_| Some(*Model::standard().weights()));
    let (report, _) = learn(&Model::standard(), &answers);
    assert!(!report.better, "{}", report.decision);
}

#[test]
fn few_people_replace_nothing() {
    let (report, _) = learn(&Model::standard(), &crowd(8, 40, 4, |_| Some(rememberers())));
    assert!(!report.better && report.decision.contains("too few"), "{}", report.decision);
}

#[test]
fn three_reactions_of_a_person_help_them() {
    let (mut before, mut after, mut better, mut worse) = (0.0, 0.0, 0, 0);
    for person in 0..60_u64 {
        let mut rng = StdRng::seed_from_u64(900 + person);
        let scale: Values = std::array::from_fn(|_| rng.random_range(0.3..1.9));
        let mut taste = *Model::standard().weights();
        taste.iter_mut().zip(scale).for_each(|(weight, scale)| *weight *= scale);
        let answers = crowd(1, 40, person, |_| Some(taste));
        let (mut few, mut reactions) = (Vec::new(), 0);
        let mut rest = Vec::new();
        for answered in &answers {
            let said = answered.shown.iter().filter(|s| s.grade != Grade::Ignored).count();
            if reactions < 3 && said > 0 {
                reactions += said;
                few.push(answered);
            } else {
                rest.push(answered);
            }
        }
        let model = Model::standard();
        let theirs = model.offset_by(&personal::offsets(&model, &pairs_of(&few)));
        let (all, own) = (measure(&model, &rest).figures.pair_accuracy, measure(&theirs, &rest).figures.pair_accuracy);
        before += all / 60.0;
        after += own / 60.0;
        better += usize::from(own > all);
        worse += usize::from(own < all);
    }
    assert!(after > before + 0.005 && better > worse, "{before:.4} to {after:.4}, {better} better and {worse} worse");
}

#[test]
fn the_split_is_by_person_and_stays() {
    let held_out = (0..1000).filter(|n| is_held_out(&UserId::from_key(format!("person{n}")))).count();
    assert!((150..260).contains(&held_out), "{held_out} of 1000");
    assert_eq!(is_held_out(&UserId::from_key("ada")), is_held_out(&UserId::from_key("ada")));
}

#[test]
fn a_kept_model_comes_back_and_new_features_have_their_hand_set_weight() {
    let model = Model::new("ranker-1", rememberers());
    assert_eq!(Model::kept("ranker-1", &model.to_keep()), model);
    let mut kept = model.to_keep();
    kept.remove("season");
    kept.insert("no_feature_any_more".into(), 3.0);
    let again = Model::kept("ranker-1", &kept);
    assert_eq!(again.weights()[Trait::Season as usize], Model::standard().weights()[Trait::Season as usize]);
}

/// A house with people who consented, each with one answer of two perfumes.
async fn house(people: &[&str]) -> (Store, Vec<UserId>) {
    let store = Store::in_memory().await.unwrap();
    for fragrance in ["one", "two"] {
        crate::store::fragrance::bare(&store, fragrance).await;
    }
    let mut ids = Vec::new();
    for name in people {
        let user = crate::store::user::insert(&store, &format!("{name}@example.org"), name, "").await.unwrap().id;
        crate::store::user::set_consent(&store, &user, true).await.unwrap();
        ids.push(user);
    }
    (store, ids)
}

async fn answered(store: &Store, user: &UserId, key: &str) -> [RecommendationId; 2] {
    use crate::{
        domain::{answer::*, intent::Intent, time::Timestamp},
        store::query_log::{QueryRow, RecommendsRow, insert},
    };
    let query = QueryRow {
        id: QueryId::from_key(key),
        user: user.clone(),
        text: "Something woody".into(),
        intent: Intent::default(),
        retrieved_chunks: vec![],
        response: String::new(),
        model_version: "linear-2+minilm".into(),
        token_usage: TokenUsage::default(),
        writing: None,
        notice: None,
        latency_ms: Latency::default(),
        rating: None,
        created_at: Timestamp::from_unix_nanos(0),
    };
    let row = |fragrance: &str, rank: usize, features: Vec<Feature>| RecommendsRow {
        id: RecommendationId::from_key(format!("{key}_{fragrance}")),
        user: user.clone(),
        query: query.id.clone(),
        fragrance: FragranceId::from_key(fragrance),
        rank,
        score: 0.5,
        reasoning: String::new(),
        exploratory: false,
        evidence: vec![],
        features,
        clicked: false,
        liked: false,
        disliked: false,
        purchased: false,
    };
    let feature = |name: &str, contribution, value| Feature { name: name.into(), contribution, value };
    let rows = vec![
        row("one", 1, vec![feature("wanted_notes", 2.4, Some(0.8))]),
        // As earlier versions kept it: only what it brought, here 1.2 by a weight of 2.4.
        row("two", 2, vec![feature("memory_notes", 1.2, None)]),
    ];
    insert(store, query.clone(), rows).await.unwrap();
    [RecommendationId::from_key(format!("{key}_one")), RecommendationId::from_key(format!("{key}_two"))]
}

#[tokio::test]
async fn a_reaction_moves_the_persons_weights_and_taking_it_back_restores_them() {
    use crate::store::query_log::set_reaction;
    let (store, people) = house(&["ada", "bob"]).await;
    let (ada, bob) = (&people[0], &people[1]);
    let [one, two] = answered(&store, ada, "first").await;
    answered(&store, bob, "other").await;
    let ranker = Ranker::new(store.clone());
    assert!(ranker.learn_of(ada).await.unwrap().offsets.is_empty());

    set_reaction(&store, ada, &two, Reaction::Liked, true).await.unwrap();
    let liked = ranker.learn_of(ada).await.unwrap();
    assert!(liked.offsets["memory_notes"] > 0.0 && liked.offsets["wanted_notes"] < 0.0, "{liked:?}");
    set_reaction(&store, ada, &one, Reaction::Disliked, true).await.unwrap();
    let both = ranker.learn_of(ada).await.unwrap();
    assert!(both.offsets["memory_notes"] > liked.offsets["memory_notes"]);
    set_reaction(&store, ada, &one, Reaction::Disliked, false).await.unwrap();
    assert_eq!(ranker.learn_of(ada).await.unwrap(), liked);
    assert!(ranker.learn_of(bob).await.unwrap().offsets.is_empty());

    let kept = scent_profile::find(&store, ada).await.unwrap().ranking;
    assert_eq!(kept.as_ref(), Some(&liked));
    let theirs = ranker.model_for(ada, kept.as_ref()).await;
    assert!(theirs.weights()[Trait::Memories as usize] > Model::standard().weights()[Trait::Memories as usize]);
    set_reaction(&store, ada, &two, Reaction::Liked, false).await.unwrap();
    let nothing = ranker.learn_of(ada).await.unwrap();
    assert_eq!(*ranker.model_for(ada, Some(&nothing)).await, Model::standard());
}

#[tokio::test]
async fn only_those_who_consented_teach_the_weights_of_all() {
    use crate::store::{query_log::set_reaction, user::set_consent};
    let (store, people) = house(&["ada", "bob"]).await;
    for (user, key) in people.iter().zip(["first", "second"]) {
        let [_, two] = answered(&store, user, key).await;
        set_reaction(&store, user, &two, Reaction::Liked, true).await.unwrap();
    }
    let told = || async { answers(kept_feedback::consented(&store).await.unwrap()) };
    let both = told().await;
    assert_eq!(both.len(), 2);
    // Kept with what it brought alone, and still read.
    assert!((both[0].shown[1].values[Trait::Memories as usize] - 0.5).abs() < 1e-9);
    set_consent(&store, &people[0], false).await.unwrap();
    let one = told().await;
    assert_eq!(one.iter().map(|a| &a.user).collect::<Vec<_>>(), [&people[1]]);
}

#[tokio::test]
async fn stars_given_later_count_over_reactions() {
    use crate::store::{
        collects::{Change, change},
        query_log::set_reaction,
    };
    let (store, people) = house(&["ada"]).await;
    let [one, _] = answered(&store, &people[0], "first").await;
    set_reaction(&store, &people[0], &one, Reaction::Liked, true).await.unwrap();
    let stars = Change { owned: None, wishlist: None, rating: Some(Some(1)), personal_notes: None };
    change(&store, &people[0], &FragranceId::from_key("one"), stars).await.unwrap();
    let answers = answers(kept_feedback::of(&store, &people[0]).await.unwrap());
    assert_eq!(answers[0].shown[0].grade, Grade::Disliked);
}

#[tokio::test]
async fn a_model_is_deployed_taken_up_elsewhere_and_rolled_back() {
    let store = Store::in_memory().await.unwrap();
    let (here, elsewhere) = (Ranker::new(store.clone()), Ranker::new(store.clone()));
    let job = FineTuningJobId::from_key("one");
    let weights: BTreeMap<String, f64> = Model::new("", rememberers()).to_keep();
    assert!(here.roll_back(Actor::CommandLine, None).await.is_err(), "there is nothing to go back to");
    let name = served_model::insert_ranker(&store, weights, &job).await.unwrap();
    here.deploy(&name, "It is better.", Actor::CommandLine, None).await.unwrap();
    assert_eq!(here.current().name, "ranker-1");
    assert!(here.deploy(&name, "Again.", Actor::CommandLine, None).await.is_err());
    assert!(here.deploy("ranker-7", "What is that?", Actor::CommandLine, None).await.is_err());
    elsewhere.load().await.unwrap();
    assert_eq!(elsewhere.current(), here.current());
    assert!(!here.is_held(Actor::Schedule).await.unwrap());
    assert_eq!(here.roll_back(Actor::CommandLine, None).await.unwrap(), STANDARD);
    assert!(here.is_held(Actor::Schedule).await.unwrap() && !here.is_held(Actor::CommandLine).await.unwrap());
    assert_eq!(*here.current(), Model::standard());
    elsewhere.load().await.unwrap();
    assert_eq!(*elsewhere.current(), Model::standard());
}

/// Keeps the answers of a crowd as the house would have.
async fn keep(store: &Store, answers: &[Answered]) {
    use crate::{
        domain::{
            answer::{Feature, Latency, TokenUsage},
            intent::Intent,
            time::Timestamp,
        },
        store::query_log::{QueryRow, RecommendsRow, insert},
    };
    for place in 0..5 {
        crate::store::fragrance::bare(store, &format!("f{place}")).await;
    }
    let mut people: BTreeMap<UserId, UserId> = BTreeMap::new();
    for (number, answered) in answers.iter().enumerate() {
        if !people.contains_key(&answered.user) {
            let email = format!("{}@example.org", answered.user);
            let user = crate::store::user::insert(store, &email, "Ada", "").await.unwrap().id;
            crate::store::user::set_consent(store, &user, true).await.unwrap();
            people.insert(answered.user.clone(), user);
        }
        let user = people[&answered.user].clone();
        let query = QueryRow {
            id: QueryId::from_key(format!("q{number}")),
            user: user.clone(),
            text: "?".into(),
            intent: Intent::default(),
            retrieved_chunks: vec![],
            response: String::new(),
            model_version: "linear-2+minilm".into(),
            token_usage: TokenUsage::default(),
            latency_ms: Latency::default(),
            rating: None,
            writing: None,
            notice: None,
            created_at: Timestamp::from_unix_nanos(0),
        };
        let rows = answered.shown.iter().map(|shown| RecommendsRow {
            id: RecommendationId::from_key(format!("r{number}_{}", shown.rank)),
            user: user.clone(),
            query: query.id.clone(),
            fragrance: FragranceId::from_key(format!("f{}", shown.rank - 1)),
            rank: shown.rank,
            score: 0.5,
            reasoning: String::new(),
            exploratory: false,
            evidence: vec![],
            features: by_name(&shown.values)
                .into_iter()
                .filter(|(_, value)| *value != 0.0)
                .map(|(name, value)| Feature { name, contribution: value, value: Some(value) })
                .collect(),
            clicked: false,
            liked: shown.grade == Grade::Liked,
            disliked: shown.grade == Grade::Disliked,
            purchased: false,
        });
        insert(store, query.clone(), rows.collect()).await.unwrap();
    }
}

#[tokio::test]
async fn a_training_on_what_is_kept_is_decided_noted_and_deployed() {
    let store = Store::in_memory().await.unwrap();
    keep(&store, &crowd(70, 12, 5, |_| Some(rememberers()))).await;
    let ranker = Ranker::new(store.clone());
    let told = ranker.train(true, Actor::CommandLine, None).await.unwrap();
    assert!(told.better && told.model.is_none(), "{}", told.decision);
    assert!(fine_tuning_job::latest(&store, 9).await.unwrap().is_empty(), "a rehearsal was noted");
    assert_eq!(*ranker.current(), Model::standard());

    let report = ranker.train(false, Actor::CommandLine, None).await.unwrap();
    assert_eq!((report.model.as_deref(), &report.after), (Some("ranker-1"), &told.after));
    assert_eq!(ranker.current().name, "ranker-1");
    let job = fine_tuning_job::latest(&store, 9).await.unwrap().remove(0);
    assert_eq!((job.deployed_model.as_deref(), job.decision.as_ref()), (Some("ranker-1"), Some(&report.decision)));
    assert_eq!(job.metrics.unwrap()["held_out_pairs"], report.held_out_pairs);
    let log = served_model::deployments(&store, TuningKind::Ranker, 9).await.unwrap();
    assert_eq!((log.len(), log[0].reason.as_str()), (1, report.decision.as_str()));

    // With nothing new, the one in service stays.
    let again = ranker.train(false, Actor::Schedule, None).await.unwrap();
    assert!(!again.better && ranker.current().name == "ranker-1", "{}", again.decision);

    // Rolled back, the schedule finds it better night after night, deploys nothing, and leaves no trace of that.
    ranker.roll_back(Actor::Operator, None).await.unwrap();
    let kept = fine_tuning_job::latest(&store, 9).await.unwrap().len();
    for _ in 0..2 {
        let held = ranker.train(false, Actor::Schedule, None).await.unwrap();
        assert!(held.better && held.model.is_none(), "{}", held.decision);
    }
    assert_eq!(fine_tuning_job::latest(&store, 9).await.unwrap().len(), kept);
    assert_eq!(*ranker.current(), Model::standard());
}
