//! The books of a house with two people.

use time::macros::datetime;

use super::*;
use crate::{
    ai::Job,
    store::{new_key, user},
};

fn prices() -> Prices {
    let price = |prompt, completion| Price { prompt, completion, minute: None };
    [("gpt".to_owned(), price(1.0, 2.0)), ("gpt-mini".to_owned(), price(0.1, 0.2))].into_iter().collect()
}

fn usage(model: &str, prompt_tokens: u64, completion_tokens: u64) -> Usage {
    Usage { job: Job::Chat, model: model.into(), prompt_tokens, completion_tokens, seconds: 0, estimated: false }
}

async fn person(store: &Store) -> UserId {
    user::insert(store, &format!("{}@example.org", new_key()), "Ada", "").await.unwrap().id
}

/// Work that uses a model over a socket.
async fn work(fake: &crate::ai::openai::fake::Fake) {
    work_with(fake, "gpt-mini-2026").await;
}

async fn work_with(fake: &crate::ai::openai::fake::Fake, model: &str) {
    use crate::ai::{Prompt, Writer, openai::ChatWriter};
    let prompt =
        Prompt { instructions: String::new(), material: serde_json::json!({}), schema: None, max_tokens: 10, temperature: 0.0 };
    let soon = std::time::Instant::now() + std::time::Duration::from_secs(5);
    let (sender, _pieces) = tokio::sync::mpsc::unbounded_channel();
    ChatWriter::new(fake.endpoint(), model).write_live(&prompt, soon, sender).await.unwrap();
}

#[test]
fn the_longest_name_has_the_price() {
    let prices = prices();
    assert_eq!(prices.cost(&usage("gpt-mini-2026", 1_000_000, 500_000)), Some(0.2));
    assert_eq!(prices.cost(&usage("gpt-large", 1_000_000, 0)), Some(1.0));
    assert_eq!((prices.of("llama"), prices.cost(&usage("llama", 10, 10))), (None, None), "unknown is not nothing");
    for odd in [Price { prompt: -1.0, ..Price::default() }, Price { minute: Some(f64::NAN), ..Price::default() }] {
        let odd: Prices = [("m".to_owned(), odd)].into_iter().collect();
        assert_eq!(odd.nonsense(), Some("m"));
    }
}

#[test]
fn a_tuned_model_has_its_own_price_or_that_of_its_base() {
    let price = |prompt| Price { prompt, ..Price::default() };
    let table = |names: &[(&str, f64)]| -> Prices { names.iter().map(|(name, of)| ((*name).to_owned(), price(*of))).collect() };
    let tuned = "ft:gpt-mini-2024-07-18:house::7p4lURel";
    assert_eq!(prices().cost(&usage(tuned, 1_000_000, 500_000)), Some(0.2));
    let own = table(&[("gpt-mini-2024", 1.0), ("ft:gpt-mini", 2.0), ("gpt", 3.0)]);
    assert_eq!((own.of(tuned), own.of("gpt-mini-2024-07-18")), (Some(price(2.0)), Some(price(1.0))));
    assert_eq!((prices().of("ft:llama:house::1"), prices().of("ft:")), (None, None));
}

#[test]
fn sound_is_paid_by_the_minute_where_it_is() {
    let table: Prices =
        toml::from_str("whisper-1 = { minute = 0.006 }\ngpt-4o-transcribe = { prompt = 2.5, completion = 10 }\nlocal = {}")
            .unwrap();
    let listened = |model: &str| Usage { job: Job::Transcription, seconds: 90, ..usage(model, 1_000_000, 100_000) };
    assert!((table.cost(&listened("whisper-1")).unwrap() - 0.009).abs() < 1e-12);
    assert_eq!(table.cost(&listened("gpt-4o-transcribe")), Some(3.5));
    assert_eq!(table.cost(&listened("local")), Some(0.0), "who says that a model costs nothing is believed");
}

#[tokio::test]
async fn a_model_without_a_price_is_not_free() {
    let store = Store::in_memory().await.unwrap();
    let ada = person(&store).await;
    let fake = crate::ai::openai::fake::Fake::start(|_, _| crate::ai::openai::fake::saying("Fine.")).await;
    let question = Purpose::Answer(QueryId::from_key("q"));
    let money = Budgets { of_house: Some(0.01), ..Budgets::default() };
    let meter = Meter::new(store.clone(), prices(), money);
    let ((), used) = meter.booked(Some(&ada), &question, work_with(&fake, "llama3.2")).await;
    assert_eq!((used.cost, used.unpriced), (0.0, true));
    let ((), used) = meter.booked(Some(&ada), &question, work(&fake)).await;
    assert!(used.cost > 0.0 && !used.unpriced);
    let report = meter.report(&ada).await.unwrap();
    assert!(report.used.total.unpriced);
    let unpriced: Vec<(&str, u64)> = report.used.lines.iter().map(|line| (line.model.as_str(), line.unpriced)).collect();
    assert_eq!(unpriced, [("gpt-mini-2026", 0), ("llama3.2", 1)]);
    // Money cannot limit what has no price, and that is said; tokens can.
    assert!(report.notice.unwrap().contains("does not hold"));
    for (tokens, standing) in [(301, Standing::Near), (300, Standing::Spent)] {
        let of_person = Budgets { tokens_of_person: Some(tokens), ..money };
        let of_house = Budgets { tokens_of_house: Some(tokens), ..money };
        for budgets in [of_person, of_house] {
            let meter = Meter::new(store.clone(), prices(), budgets);
            assert_eq!(meter.standing(&ada).await.unwrap(), standing);
        }
    }
    // The cost stays unknown when the person is gone, and what was paid stays paid.
    user::erase(&store, &ada).await.unwrap();
    let since = month_start(OffsetDateTime::now_utc());
    let nobodys = model_usage::lines(&store, None, since).await.unwrap();
    let unpriced: Vec<(&str, u64)> = nobodys.iter().map(|line| (line.model.as_str(), line.unpriced)).collect();
    assert_eq!(unpriced, [("gpt-mini-2026", 0), ("llama3.2", 1)]);
    assert!(meter.of_house().await.unwrap().used.total.unpriced);
}

#[tokio::test]
async fn the_sums_of_an_erased_person_are_whole() {
    let store = Store::in_memory().await.unwrap();
    let ada = person(&store).await;
    let row = |priced: bool, seconds: u32| UsageRow {
        user: Some(ada.clone()),
        purpose: "memory".into(),
        subject: None,
        job: "transcription".into(),
        model: "whisper-1".into(),
        prompt_tokens: 10,
        completion_tokens: 5,
        cost: if priced { 0.5 } else { 0.0 },
        priced,
        seconds,
        estimated: false,
    };
    // Its price was found out in the middle of the month.
    model_usage::insert(&store, vec![row(false, 7), row(false, 8), row(true, 20)]).await.unwrap();
    user::erase(&store, &ada).await.unwrap();
    let spent = model_usage::spent(&store, None, month_start(OffsetDateTime::now_utc())).await.unwrap();
    assert_eq!((spent.cost, spent.tokens, spent.unpriced), (0.5, 45, 1));
    assert_eq!(model_usage::seconds(&store).await.unwrap(), 35);
}

#[test]
fn a_month_begins_on_its_first_day() {
    assert_eq!(month_start(datetime!(2026-11-22 10:30 UTC)).to_rfc3339(), "2026-11-01T00:00:00Z");
}

#[tokio::test]
async fn what_is_used_is_booked_and_budgets_hold() {
    let store = Store::in_memory().await.unwrap();
    let (ada, bob) = (person(&store).await, person(&store).await);
    let fake = crate::ai::openai::fake::Fake::start(|_, _| crate::ai::openai::fake::saying("Fine.")).await;
    // 120 and 30 tokens a call: 0.000018.
    let cost = 0.000_018;
    let budgets = Budgets { of_person: Some(2.2 * cost), of_house: Some(3.5 * cost), ..Budgets::default() };
    let meter = Meter::new(store.clone(), prices(), budgets);
    let memory = MemoryId::from_key("attic");
    assert_eq!(meter.standing(&ada).await.unwrap(), Standing::Fine);
    let ((), used) = meter.booked(Some(&ada), &Purpose::Memory(memory.clone()), work(&fake)).await;
    assert_eq!((used.prompt_tokens, used.completion_tokens), (120, 30));
    assert!((used.cost - cost).abs() < 1e-12);
    assert_eq!(meter.standing(&ada).await.unwrap(), Standing::Fine);
    let question = Purpose::Answer(QueryId::from_key("q"));
    meter.booked(Some(&ada), &question, work(&fake)).await;
    assert_eq!(meter.standing(&ada).await.unwrap(), Standing::Near);
    meter.booked(Some(&ada), &question, work(&fake)).await;
    assert_eq!(meter.standing(&ada).await.unwrap(), Standing::Spent);
    assert_eq!(meter.standing(&bob).await.unwrap(), Standing::Near, "the house's is nearly spent");
    meter.booked(Some(&bob), &question, work(&fake)).await;
    assert_eq!(meter.standing(&bob).await.unwrap(), Standing::Spent);

    let report = meter.report(&ada).await.unwrap();
    assert_eq!((report.used.total.prompt_tokens, report.used.total.completion_tokens, report.used.lines.len()), (360, 90, 2));
    assert!((report.used.total.cost - 3.0 * cost).abs() < 1e-12);
    assert_eq!((report.used.lines[0].purpose.as_str(), report.used.lines[0].calls), ("answer", 2));
    assert!(report.notice.unwrap().contains("spent"));
    let of_memory = model_usage::of_memory(&store, &ada, &memory).await.unwrap().unwrap();
    assert_eq!((of_memory.prompt_tokens, of_memory.completion_tokens, of_memory.unpriced), (120, 30, false));
    assert!((of_memory.cost - cost).abs() < 1e-12);
    assert_eq!(model_usage::of_memory(&store, &bob, &memory).await.unwrap(), None);

    // What was spent was spent, also when the person is gone.
    user::erase(&store, &ada).await.unwrap();
    let carol = person(&store).await;
    assert_eq!(meter.standing(&carol).await.unwrap(), Standing::Spent);
    let nobodys = model_usage::lines(&store, None, month_start(OffsetDateTime::now_utc())).await.unwrap();
    assert_eq!(nobodys.iter().map(|line| line.prompt_tokens).sum::<u64>(), 480);
}

#[tokio::test]
async fn what_is_booked_for_a_person_who_is_gone_is_nobodys() {
    let store = Store::in_memory().await.unwrap();
    let meter = Meter::new(store.clone(), prices(), Budgets::default());
    let (ada, eve) = (person(&store).await, person(&store).await);
    let purpose = Purpose::Answer(QueryId::from_key("q"));
    user::erase(&store, &ada).await.unwrap();
    for user in [&ada, &eve] {
        let rows = vec![meter.row(Some(user), purpose.parts(), &usage("gpt", 1_000_000, 0))];
        meter.book(rows, 1.0).await;
    }
    let since = month_start(OffsetDateTime::now_utc());
    let spent = async |user: Option<&UserId>| model_usage::spent(&store, user, since).await.unwrap().cost;
    assert_eq!((spent(Some(&ada)).await, spent(Some(&eve)).await, spent(None).await), (0.0, 1.0, 2.0));
    let purposes: Vec<String> =
        model_usage::lines(&store, None, since).await.unwrap().into_iter().map(|line| line.purpose).collect();
    assert_eq!(purposes, ["answer", "erased"]);
}

#[tokio::test]
async fn what_nobody_waits_for_any_more_is_booked_all_the_same() {
    use crate::ai::openai::fake::{Fake, Reply, begun};
    use std::time::Duration;
    let store = Store::in_memory().await.unwrap();
    let ada = person(&store).await;
    let question = Purpose::Answer(QueryId::from_key("q"));
    // One call is over and paid, another one is under way: begun, or not even that.
    for second in [begun("Cedar and smoke."), Vec::new()] {
        let is_begun = !second.is_empty();
        let fake = Fake::start(move |number, _| match number {
            0 => crate::ai::openai::fake::saying("Fine."),
            _ if second.is_empty() => Reply::Silence,
            _ => Reply::Stream(vec![(Duration::ZERO, second.clone()), (Duration::from_secs(3600), Vec::new())]),
        })
        .await;
        let meter = Meter::new(store.clone(), prices(), Budgets::default());
        let twice = async {
            work(&fake).await;
            work(&fake).await;
        };
        let since = month_start(OffsetDateTime::now_utc());
        let before = model_usage::spent(&store, Some(&ada), since).await.unwrap();
        tokio::select! {
            _ = meter.booked(Some(&ada), &question, twice) => panic!("the second one has no end"),
            () = async {
                while fake.asked().len() < 2 {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            } => {}
        }
        let booked = async || model_usage::spent(&store, Some(&ada), since).await.unwrap().tokens - before.tokens;
        tokio::time::timeout(Duration::from_secs(20), async {
            while booked().await <= 150 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await
        .unwrap_or_else(|_| panic!("the second call is not in the books (begun: {is_begun})"));
    }
    let lines = model_usage::lines(&store, Some(&ada), month_start(OffsetDateTime::now_utc())).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.calls).sum::<u64>(), 4, "each call is booked once");
}

#[tokio::test]
async fn a_training_is_booked_once_however_often_it_is_noted() {
    let store = Store::in_memory().await.unwrap();
    let meter = Meter::new(store.clone(), prices(), Budgets::default());
    for id in ["one", "one", "two"] {
        meter.book_training(&FineTuningJobId::from_key(id), "gpt", 1_000, 2.5).await.unwrap();
    }
    let used = meter.of_house().await.unwrap().used;
    assert_eq!((used.total.prompt_tokens, used.total.cost, used.lines[0].calls), (2_000, 5.0, 2));
    assert_eq!(used.lines[0].purpose, "training");
}
