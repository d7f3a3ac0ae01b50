use super::*;
use crate::{
    domain::{
        ids::{ChunkId, FragranceId},
        memory::{FileInfo, ImageAnalysis, ScentSource},
        text::Span,
    },
    store::{file_reading::FileReading, job::ClaimedJob, new_key},
};

struct Archive {
    store: Store,
    ada: UserId,
    eve: UserId,
}

impl Archive {
    async fn new() -> Self {
        let store = Store::in_memory().await.unwrap();
        let archive = Self { store, ada: UserId::from_key("ada"), eve: UserId::from_key("eve") };
        for user in [&archive.ada, &archive.eve] {
            statement("CREATE $user SET email = $name, password_hash = 'x', name = $name, role = 'member'")
                .bind("user", user.clone())
                .bind("name", user.as_str().to_owned())
                .execute(&archive.store)
                .await
                .unwrap();
        }
        statement(
            "FOR $n IN ['rose', 'cinnamon'] {
                CREATE type::record('fragrance_note', $n) SET name = $n, category = 'flower', synonyms = [], evocation = '', color = '';
            };
            CREATE fragrance:shalimar SET brand = 'Guerlain', name = 'Shalimar', perfumers = [], family = 'amber', accords = [],
                discontinued = false, popularity = 1, fact_hash = ''",
        )
        .execute(&archive.store)
        .await
        .unwrap();
        archive
    }

    async fn add(&self, title: &str, content: &str) -> MemoryId {
        let id = MemoryId::from_key(new_key());
        insert(&self.store, &self.ada, &id, (MemoryType::Text, None), &draft(title, content), job(&id)).await.unwrap();
        id
    }

    async fn row(&self, id: &MemoryId) -> MemoryRow {
        find(&self.store, &self.ada, id).await.unwrap().unwrap()
    }

    async fn count(&self, table: &str) -> usize {
        statement(format!("SELECT VALUE id FROM {table}")).rows::<surrealdb::types::Value>(&self.store).await.unwrap().len()
    }

    async fn claim(&self) -> Option<ClaimedJob> {
        job::claim(&self.store, "w", &["k".into()], &[], 60_000).await.unwrap()
    }
}

fn draft(title: &str, content: &str) -> MemoryDraft {
    MemoryDraft {
        title: title.into(),
        content: content.into(),
        occasion: None,
        emotion: None,
        location: Some("Turin".into()),
        season: Some(Season::Fall),
        happened_at: Timestamp::parse("1998-03-14"),
    }
}

fn job(id: &MemoryId) -> NewJob {
    NewJob::new("k", id.as_str(), serde_json::json!({ "memory": id }))
}

fn note(name: &str) -> NewNote {
    NewNote {
        note: NoteId::from_key(name),
        name: name.into(),
        literal: true,
        confidence: 0.9,
        source: ScentSource::Text,
        span: Some(Span { start: 0, end: 4 }),
        valence: -0.5,
        confirmed: false,
    }
}

fn understood(vectors: &[[f32; 2]], notes: &[&str]) -> Understood {
    let chunk = |(n, v): (usize, &[f32; 2])| NewChunk {
        content: format!("chunk {n}"),
        span: Span { start: n, end: n + 1 },
        source: ScentSource::Text,
        marks: vec![],
        vector: v.to_vec(),
    };
    Understood {
        suggested: Suggested { emotion: Some("joy".into()), people: vec!["grandmother".into()], ..Default::default() },
        valence: -0.5,
        notice: None,
        embedding_model: "m".into(),
        chunks: vectors.iter().enumerate().map(chunk).collect(),
        notes: notes.iter().map(|n| note(n)).collect(),
        fragrances: vec![NewFragrance {
            fragrance: FragranceId::from_key("shalimar"),
            brand: "Guerlain".into(),
            name: "Shalimar".into(),
            family: "amber".into(),
            confidence: 0.8,
            source: ScentSource::Text,
            span: Span { start: 1, end: 3 },
            valence: -0.5,
        }],
    }
}

#[tokio::test]
async fn what_was_written_comes_back_and_only_to_its_writer() {
    let archive = Archive::new().await;
    let hostile = "'; DELETE user; -- $user {{ <b>🌹</b> שלום \u{7}";
    let id = archive.add(hostile, hostile).await;
    let row = archive.row(&id).await;
    assert_eq!((row.title.as_str(), row.content.as_str(), row.status, row.revision), (hostile, hostile, Status::Received, 1));
    assert_eq!((row.season, row.happened_at), (Some(Season::Fall), Timestamp::parse("1998-03-14")));
    assert_eq!(content(&archive.store, &archive.ada, &id).await.unwrap().as_deref(), Some(hostile));
    assert!(find(&archive.store, &archive.eve, &id).await.unwrap().is_none());
    assert!(content(&archive.store, &archive.eve, &id).await.unwrap().is_none());
    assert!(!delete(&archive.store, &archive.eve, &id).await.unwrap());
    assert!(!rewrite(&archive.store, &archive.eve, &id, &draft("x", "y"), job(&id)).await.unwrap());
    assert!(!correct(&archive.store, &archive.eve, &id, (&NoteId::from_key("rose"), "rose"), None).await.unwrap());
    assert!(page(&archive.store, &archive.eve, Narrowing::default(), Cursor(0)).await.unwrap().is_empty());
    assert_eq!((archive.count("remembers").await, archive.count("job").await), (1, 1));
}

#[tokio::test]
async fn understanding_is_kept_whole_and_a_second_try_replaces_it() {
    let archive = Archive::new().await;
    let id = archive.add("t", "c").await;
    for vectors in [&[[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]][..], &[[1.0, 0.0], [0.0, 1.0]][..]] {
        let seen = archive.row(&id).await;
        assert!(advance(&archive.store, &archive.ada, &id, seen.revision, Status::Learning).await.unwrap());
        assert!(keep(&archive.store, &archive.ada, &seen, understood(vectors, &["rose", "cinnamon"])).await.unwrap());
        repeat(&archive.store, &archive.ada, &id, job(&id)).await.unwrap();
    }
    let row = archive.row(&id).await;
    assert_eq!((row.valence, row.suggested.people.len(), row.revision), (-0.5, 1, 3));
    for (table, rows) in
        [("memory_chunk", 2), ("memory_chunk_embedding", 2), ("extracted_scent", 3), ("evokes", 2), ("resembles", 1)]
    {
        assert_eq!(archive.count(table).await, rows, "{table}");
    }
    let notes = extracted_scent::of_user(&archive.store, &archive.ada).await.unwrap();
    assert_eq!(notes.len(), 2);
    assert_eq!((notes[0].memory_title.as_str(), notes[0].valence, notes[0].span), ("t", -0.5, Some(Span { start: 0, end: 4 })));
    assert!(extracted_scent::of_user(&archive.store, &archive.eve).await.unwrap().is_empty());
    let named = extracted_scent::fragrances_of(&archive.store, &archive.ada, &id).await.unwrap();
    assert_eq!((named[0].fragrance.as_str(), named[0].span), ("shalimar", Some(Span { start: 1, end: 3 })));
    assert!(delete(&archive.store, &archive.ada, &id).await.unwrap());
    for table in
        ["scent_memory", "memory_chunk", "memory_chunk_embedding", "extracted_scent", "evokes", "resembles", "remembers", "job"]
    {
        assert_eq!(archive.count(table).await, 0, "{table}");
    }
}

/// Rows of what was found in texts.
const FOUND: [&str; 5] = ["memory_chunk", "memory_chunk_embedding", "extracted_scent", "evokes", "resembles"];

#[tokio::test]
async fn what_was_found_in_a_text_goes_with_it() {
    let archive = Archive::new().await;
    let id = archive.add("t", "c").await;
    let read = |text: &str| FileReading { text: FileText { text: text.into(), marks: vec![] }, ..FileReading::default() };
    let keep_reading = async |text: &str| file_reading::keep(&archive.store, &archive.ada, &id, &read(text)).await.unwrap();
    let understand = async || {
        let seen = archive.row(&id).await;
        assert!(keep(&archive.store, &archive.ada, &seen, understood(&[[1.0, 0.0]], &["rose"])).await.unwrap());
        scent_profile::memories_revision(&archive.store, &archive.ada).await.unwrap()
    };
    let assert_forgotten = async |since: i64| {
        for table in FOUND {
            assert_eq!(archive.count(table).await, 0, "{table}");
        }
        assert!(scent_profile::memories_revision(&archive.store, &archive.ada).await.unwrap() > since);
    };
    keep_reading("heard").await;
    let since = understand().await;
    assert!(rewrite(&archive.store, &archive.ada, &id, &draft("t", "c2"), job(&id)).await.unwrap());
    assert_forgotten(since).await;

    // Another reading of the file; not the same again.
    let since = understand().await;
    keep_reading("heard").await;
    assert_eq!(archive.count("memory_chunk").await, 1);
    keep_reading("heard better").await;
    assert_forgotten(since).await;

    assert!(fail(&archive.store, &archive.ada, &id, "Cancelled.").await.is_ok());
    assert!(repeat(&archive.store, &archive.ada, &id, job(&id)).await.unwrap());
    let since = understand().await;
    let put_right = FileText { text: "said".into(), marks: vec![] };
    assert!(rewrite_file_text(&archive.store, &archive.ada, &id, &put_right, job(&id)).await.unwrap());
    assert_forgotten(since).await;
}

#[tokio::test]
async fn what_was_read_of_a_file_stays_until_it_is_read_again() {
    let archive = Archive::new().await;
    let id = archive.add("t", "c").await;
    let read = |text: &str, corrected| FileReading {
        text: FileText { text: text.into(), marks: vec![] },
        corrected,
        ..FileReading::default()
    };
    let keep_reading = async |reading| file_reading::keep(&archive.store, &archive.ada, &id, &reading).await.unwrap();
    let text = async || file_reading::find(&archive.store, &archive.ada, &id).await.unwrap().unwrap().text.text;
    let is_current = async || file_reading::current(&archive.store, &archive.ada, &id).await.unwrap().is_some();
    let again = async || {
        let seen = archive.row(&id).await;
        assert!(keep(&archive.store, &archive.ada, &seen, understood(&[[1.0, 0.0]], &[])).await.unwrap());
        assert!(repeat_with_file(&archive.store, &archive.ada, &id, job(&id)).await.unwrap());
    };
    assert!(!is_current().await);
    keep_reading(read("first", false)).await;
    assert!(is_current().await);
    again().await;
    assert_eq!((text().await.as_str(), is_current().await, archive.count("memory_chunk").await), ("first", false, 1));
    keep_reading(read("second", true)).await;
    assert_eq!((text().await.as_str(), is_current().await), ("second", true));
    again().await;
    assert!(is_current().await, "what the person put right is not read again");
}

#[tokio::test]
async fn files_are_kept_once_and_within_the_room_also_at_once() {
    let archive = Archive::new().await;
    let keep_file = async |sha256: &str, terms: FileTerms| {
        let id = MemoryId::from_key(new_key());
        let info = FileInfo { name: "a".into(), media_type: "image/png".into(), bytes: 10, sha256: sha256.into() };
        let file = KeptFile { info, key: String::new(), place_agreed: false };
        let (kind, draft) = ((MemoryType::Image, file), draft("t", ""));
        insert_with_file(&archive.store, &archive.ada, &id, kind, &draft, (terms, job(&id))).await.unwrap()
    };
    let terms = FileTerms { again: false, quota: 25 };
    let (a, b) = tokio::join!(keep_file("same", terms), keep_file("same", terms));
    assert!(matches!((&a, &b), (FileKept::New, FileKept::Already(..)) | (FileKept::Already(..), FileKept::New)), "{a:?} {b:?}");
    let again = FileTerms { again: true, ..terms };
    let (a, b) = tokio::join!(keep_file("same", again), keep_file("other", terms));
    assert!(matches!((&a, &b), (FileKept::New, FileKept::NoRoom) | (FileKept::NoRoom, FileKept::New)), "{a:?} {b:?}");
    assert_eq!(bytes_kept(&archive.store, &archive.ada).await.unwrap(), 20);
    assert_eq!((archive.count("scent_memory").await, archive.count("job").await), (2, 2));
}

#[tokio::test]
async fn what_changed_meanwhile_wins() {
    let archive = Archive::new().await;
    let id = archive.add("t", "c").await;
    let keeps =
        async |seen: &MemoryRow| keep(&archive.store, &archive.ada, seen, understood(&[[1.0, 0.0]], &["rose"])).await.unwrap();

    let seen = archive.row(&id).await;
    rewrite(&archive.store, &archive.ada, &id, &draft("t", "edited"), job(&id)).await.unwrap();
    assert!(!keeps(&seen).await);
    assert!(!advance(&archive.store, &archive.ada, &id, seen.revision, Status::Reading).await.unwrap());

    let seen = archive.row(&id).await;
    let rose = NoteId::from_key("rose");
    assert!(correct(&archive.store, &archive.ada, &id, (&rose, "rose"), None).await.unwrap());
    assert!(!keeps(&seen).await);
    assert!(keeps(&archive.row(&id).await).await);

    rewrite(&archive.store, &archive.ada, &id, &draft("t", "again"), job(&id)).await.unwrap();
    let seen = archive.row(&id).await;
    assert!(fail(&archive.store, &archive.ada, &id, "Cancelled.").await.unwrap());
    assert!(!keeps(&seen).await);
    assert_eq!(archive.row(&id).await.error.as_deref(), Some("Cancelled."));
    assert!(restart(&archive.store, &archive.ada, &id, job(&id)).await.unwrap());
    assert!(!restart(&archive.store, &archive.ada, &id, job(&id)).await.unwrap());
    assert_eq!(archive.claim().await.unwrap().attempts, 1);
    assert!(archive.claim().await.is_none(), "only the latest job is left");
}

#[tokio::test]
async fn corrections_are_applied_at_once() {
    let archive = Archive::new().await;
    let id = archive.add("t", "c").await;
    let seen = archive.row(&id).await;
    assert!(keep(&archive.store, &archive.ada, &seen, understood(&[], &["rose"])).await.unwrap());
    let names = async || -> Vec<(String, bool)> {
        let notes = extracted_scent::notes_of(&archive.store, &archive.ada, std::slice::from_ref(&id)).await.unwrap();
        notes.into_iter().map(|n| (n.scent_name, n.confirmed)).collect()
    };
    let [rose, cinnamon] = ["rose", "cinnamon"].map(NoteId::from_key);
    let confirmed = NewNote { confirmed: true, source: ScentSource::Person, span: None, confidence: 1.0, ..note("cinnamon") };
    assert!(correct(&archive.store, &archive.ada, &id, (&cinnamon, "cinnamon"), Some(confirmed.clone())).await.unwrap());
    assert!(correct(&archive.store, &archive.ada, &id, (&cinnamon, "cinnamon"), Some(confirmed)).await.unwrap());
    assert_eq!(names().await, [("cinnamon".to_owned(), true), ("rose".to_owned(), false)]);
    assert!(correct(&archive.store, &archive.ada, &id, (&rose, "rose"), None).await.unwrap());
    assert_eq!(names().await, [("cinnamon".to_owned(), true)]);
    assert_eq!(archive.count("evokes").await, 1);
    let expected = BTreeMap::from([("cinnamon".to_owned(), true), ("rose".to_owned(), false)]);
    assert_eq!(archive.row(&id).await.corrections, expected);
}

#[tokio::test]
async fn lists_are_narrowed_and_paged() {
    let archive = Archive::new().await;
    let mut ids = Vec::new();
    for n in 0..PAGE_SIZE + 2 {
        ids.push(archive.add(&format!("Title {n}"), if n == 3 { "The SEA" } else { "the hills" }).await);
    }
    let seen = archive.row(&ids[5]).await;
    keep(&archive.store, &archive.ada, &seen, understood(&[], &["rose"])).await.unwrap();
    let found = async |narrowing: Narrowing, cursor| -> Vec<MemoryId> {
        let rows = page(&archive.store, &archive.ada, narrowing, Cursor(cursor)).await.unwrap();
        rows.into_iter().map(|r| r.id).collect()
    };
    let first = found(Narrowing::default(), 0).await;
    assert_eq!((first.len(), &first[0]), (PAGE_SIZE + 1, ids.last().unwrap()));
    assert_eq!(found(Narrowing::default(), PAGE_SIZE).await, [ids[1].clone(), ids[0].clone()]);
    let near = Narrowing { words: Some("sea".into()), near: vec![ids[9].clone()], ..Default::default() };
    assert_eq!(found(near, 0).await, [ids[9].clone(), ids[3].clone()]);
    assert_eq!(found(Narrowing { note: Some("rose".into()), ..Default::default() }, 0).await, [ids[5].clone()]);
    assert_eq!(found(Narrowing { emotion: Some("joy".into()), ..Default::default() }, 0).await, [ids[5].clone()]);
    assert_eq!(found(Narrowing { season: Some(Season::Winter), ..Default::default() }, 0).await, []);
    assert_eq!(found(Narrowing { memory_type: Some(MemoryType::Image), ..Default::default() }, 0).await, []);
    assert_eq!(found(Narrowing { place: Some("turi".into()), ..Default::default() }, 0).await.len(), PAGE_SIZE + 1);
    assert_eq!(found(Narrowing { place: Some("rome".into()), ..Default::default() }, 0).await, []);
    let unfinished = found(Narrowing { unfinished: true, place: Some("turin".into()), ..Default::default() }, 0).await;
    assert!(unfinished.len() == PAGE_SIZE + 1 && !unfinished.contains(&ids[5]));
}

#[tokio::test]
async fn what_files_say_and_show_is_found() {
    let archive = Archive::new().await;
    let [letter, photo] = [archive.add("Letter", "").await, archive.add("Photo", "").await];
    let text = FileText { text: "Résine of the OLD pine.".into(), marks: Vec::new() };
    let said = FileReading { text, ..FileReading::default() };
    file_reading::keep(&archive.store, &archive.ada, &letter, &said).await.unwrap();
    let image = ImageAnalysis { caption: "A harbor at dusk".into(), objects: vec!["Lighthouse".into()], ..Default::default() };
    let seen = FileReading { image: Some(image), ..FileReading::default() };
    file_reading::keep(&archive.store, &archive.ada, &photo, &seen).await.unwrap();
    let found = async |user: &UserId, words: &str| -> Vec<MemoryId> {
        let narrowing = Narrowing { words: Some(words.to_owned()), ..Default::default() };
        page(&archive.store, user, narrowing, Cursor(0)).await.unwrap().into_iter().map(|r| r.id).collect()
    };
    for (words, memory) in [("résine", &letter), ("old pine", &letter), ("harbor", &photo), ("lighthouse", &photo)] {
        assert_eq!(found(&archive.ada, words).await, std::slice::from_ref(memory), "{words}");
        assert_eq!(found(&archive.eve, words).await, [], "{words}");
    }
    let ids = [letter.clone(), photo.clone()];
    let written = file_reading::written(&archive.store, &archive.ada, &ids, 6).await.unwrap();
    assert_eq!((written[&letter].text.text.as_str(), written[&photo].caption.as_deref()), ("Résine", Some("A harbor at dusk")));
    assert!(file_reading::written(&archive.store, &archive.eve, &ids, 6).await.unwrap().is_empty());
}

#[tokio::test]
async fn passages_are_found_by_nearness_and_only_ones_own() {
    let archive = Archive::new().await;
    let id = archive.add("Nonna", "c").await;
    let seen = archive.row(&id).await;
    keep(&archive.store, &archive.ada, &seen, understood(&[[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]], &[])).await.unwrap();
    let near = memory_chunk::nearest(&archive.store, &archive.ada, &[0.0, 1.0], 2).await.unwrap();
    let found: Vec<_> = near.iter().map(|c| (c.content.as_str(), c.span.start, (c.score * 100.0).round())).collect();
    assert_eq!(found, [("chunk 1", 1, 100.0), ("chunk 2", 2, 80.0)]);
    assert_eq!((near[0].memory_title.as_str(), &near[0].memory_id), ("Nonna", &id));
    let key: Vec<ChunkId> = statement("SELECT VALUE id FROM memory_chunk ORDER BY id").rows(&archive.store).await.unwrap();
    assert!(key.contains(&near[0].chunk_id));
    assert!(memory_chunk::nearest(&archive.store, &archive.eve, &[0.0, 1.0], 2).await.unwrap().is_empty());
    assert!(memory_chunk::nearest(&archive.store, &archive.ada, &[0.0, 1.0, 0.0], 2).await.unwrap().is_empty());
}

#[tokio::test]
async fn memories_without_a_job_are_found() {
    let archive = Archive::new().await;
    let [lost, waiting, ready] = [archive.add("a", "a").await, archive.add("b", "b").await, archive.add("c", "c").await];
    job::cancel(&archive.store, lost.as_str()).await.unwrap();
    job::cancel(&archive.store, ready.as_str()).await.unwrap();
    let seen = archive.row(&ready).await;
    keep(&archive.store, &archive.ada, &seen, understood(&[], &[])).await.unwrap();
    assert_eq!(stranded(&archive.store).await.unwrap(), [(archive.ada.clone(), lost, MemoryType::Text)]);
    assert_eq!(archive.claim().await.unwrap().payload["memory"], waiting.as_str());
}
