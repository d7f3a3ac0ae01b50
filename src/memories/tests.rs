use super::*;
use crate::{
    domain::{
        ErrorCode,
        memory::{ScentSource, Season},
        taste::{TargetKind, TasteKind},
    },
    jobs::{Pace, Worker},
    understanding::tests::{HOUSE, House, draft},
};
use std::time::Duration;
use tokio::sync::watch;

impl House {
    /// The door to memories, over a queue of which a worker takes care while it is open.
    fn memories(&self) -> Open {
        let queue = Queue::new(self.store.clone());
        let memories = Memories::new(
            self.store.clone(),
            queue.clone(),
            Arc::clone(&self.catalog),
            Arc::clone(&self.understanding),
            Arc::clone(&self.learning),
            Files {
                originals: Originals::open("memory:").unwrap(),
                limits: FileLimits::default(),
                waiting_room: Scratch::in_data(&std::env::temp_dir(), "").unwrap(),
            },
        );
        Open { memories, queue }
    }
}

struct Open {
    memories: Memories,
    queue: Queue,
}

impl Open {
    fn work(&self) -> watch::Sender<bool> {
        let (stop, stopped) = watch::channel(false);
        let pace = Pace { poll: Duration::from_millis(50), ..Pace::default() };
        let worker = Worker::new(self.queue.clone(), vec![HOUSE.understanding.clone()], 2).with_pace(pace);
        tokio::spawn(worker.run(stopped));
        stop
    }

    async fn ready(&self, user: &UserId, id: &MemoryId) -> Memory {
        for _ in 0..1_200 {
            let memory = self.memories.get(user, id).await.unwrap();
            if memory.status.is_final() {
                return memory;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{:?}", self.memories.get(user, id).await)
    }
}

fn code<T>(result: AppResult<T>) -> ErrorCode {
    result.err().expect("an error").code()
}

fn scents(memory: &Memory) -> Vec<&str> {
    memory.scents.iter().map(|s| s.name.as_str()).collect()
}

#[test]
fn from_writing_to_ready_and_back() {
    HOUSE.runtime.block_on(async {
        let (open, ada, eve) = (HOUSE.memories(), HOUSE.person().await, HOUSE.person().await);
        let memories = &open.memories;
        let stop = open.work();
        let receipt =
            memories.add(&ada, draft("Nonna", "We baked with cinnamon and honey in winter. I was happy.")).await.unwrap();
        assert_eq!(receipt.status, Status::Received);
        let memory = open.ready(&ada, &receipt.id).await;
        assert_eq!(memory.status, Status::Ready);
        assert!(scents(&memory).contains(&"cinnamon") && scents(&memory).contains(&"honey"));
        assert_eq!(memory.suggested.season, Some(Season::Winter));
        assert!(memory.flower.petals.iter().any(|p| p.note == "cinnamon" && p.literal));

        let list = async |filter| memories.list(&ada, filter, Cursor(0)).await.unwrap().items;
        assert_eq!(list(MemoryFilter::default()).await.len(), 1);
        assert_eq!(list(MemoryFilter { q: Some("BAKED".into()), ..Default::default() }).await.len(), 1);
        assert_eq!(list(MemoryFilter { q: Some("making cookies with grandmother".into()), ..Default::default() }).await.len(), 1);
        assert_eq!(list(MemoryFilter { q: Some("quarterly tax return".into()), ..Default::default() }).await.len(), 0);
        assert_eq!(list(MemoryFilter { note: Some("Cinnamon".into()), ..Default::default() }).await.len(), 1);
        assert_eq!(list(MemoryFilter { note: Some("no such note".into()), ..Default::default() }).await.len(), 0);
        assert_eq!(list(MemoryFilter { season: Some(Season::Winter), ..Default::default() }).await.len(), 1);
        assert_eq!(list(MemoryFilter { emotion: Some("Joy".into()), ..Default::default() }).await.len(), 1);

        assert_eq!(code(memories.get(&eve, &receipt.id).await), ErrorCode::NotFound);
        assert_eq!(code(memories.delete(&eve, &receipt.id).await), ErrorCode::NotFound);
        assert_eq!(code(memories.correct(&eve, &receipt.id, "rose", true).await), ErrorCode::NotFound);
        assert_eq!(code(memories.update(&eve, &receipt.id, draft("x", "y")).await), ErrorCode::NotFound);
        assert!(memories.list(&eve, MemoryFilter::default(), Cursor(0)).await.unwrap().items.is_empty());

        memories.update(&ada, &receipt.id, draft("Nonna", "It was lavender all along.")).await.unwrap();
        let memory = open.ready(&ada, &receipt.id).await;
        assert_eq!((memory.content.as_str(), scents(&memory)[0]), ("It was lavender all along.", "lavender"));
        assert!(!scents(&memory).contains(&"cinnamon"));
        let taste = HOUSE.learning.taste(&ada).await.unwrap();
        assert!(taste.leaning(TargetKind::Note, "lavender").weight > 0.0);
        assert_eq!(taste.leaning(TargetKind::Note, "cinnamon").weight, 0.0);

        let receipt = memories.delete(&ada, &memory.id).await.unwrap();
        assert!(receipt.changes.iter().any(|c| c.target.id == "lavender" && c.after == 0.0));
        assert_eq!(code(memories.get(&ada, &memory.id).await), ErrorCode::NotFound);
        assert!(HOUSE.learning.taste(&ada).await.unwrap().is_empty());
        drop(stop);
    });
}

#[test]
fn corrections_are_learned_and_outlive_reprocessing() {
    HOUSE.runtime.block_on(async {
        let (open, ada) = (HOUSE.memories(), HOUSE.person().await);
        let memories = &open.memories;
        let stop = open.work();
        let text = "Vanilla and tobacco in his study.";
        let id = memories.add(&ada, draft("Study", text)).await.unwrap().id;
        open.ready(&ada, &id).await;

        assert_eq!(memories.correct(&ada, &id, "moonbeams", true).await.unwrap_err().field(), Some("note"));
        let receipt = memories.correct(&ada, &id, "Vanille", false).await.unwrap();
        assert!(receipt.changes.iter().any(|c| c.target.id == "vanilla" && c.after < c.before), "{receipt:?}");
        let receipt = memories.correct(&ada, &id, "leather", true).await.unwrap();
        assert!(receipt.changes.iter().any(|c| c.target.id == "leather" && c.after > c.before));
        let check = async || {
            let memory = open.ready(&ada, &id).await;
            let leather = memory.scents.iter().find(|s| s.name == "leather").expect("the confirmed note");
            assert!(leather.confirmed && leather.source == ScentSource::Person && leather.confidence == 1.0);
            assert!(!scents(&memory).contains(&"vanilla") && scents(&memory).contains(&"tobacco"));
        };
        check().await;
        memories.update(&ada, &id, draft("Study", text)).await.unwrap();
        check().await;
        let story = HOUSE.learning.history(&ada, Cursor(0)).await.unwrap().items;
        let kinds: Vec<TasteKind> = story.iter().filter(|e| e.target.id == "leather").map(|e| e.kind).collect();
        assert!(kinds.contains(&TasteKind::Confirmed), "{story:?}");

        // A second thought: the note is where the words say it.
        memories.correct(&ada, &id, "vanilla", true).await.unwrap();
        let memory = memories.get(&ada, &id).await.unwrap();
        let vanilla = memory.scents.iter().find(|s| s.name == "vanilla").unwrap();
        assert_eq!(vanilla.span.unwrap().of(text), Some("Vanilla"));

        memories.delete(&ada, &id).await.unwrap();
        assert!(HOUSE.learning.taste(&ada).await.unwrap().is_empty());
        drop(stop);
    });
}

#[test]
fn what_is_cancelled_stops_and_can_be_tried_again() {
    HOUSE.runtime.block_on(async {
        let (open, ada) = (HOUSE.memories(), HOUSE.person().await);
        let memories = &open.memories;
        let id = memories.add(&ada, draft("t", "Cedar.")).await.unwrap().id;
        assert_eq!(code(memories.retry(&ada, &id).await), ErrorCode::Conflict);
        assert_eq!(memories.cancel(&ada, &id).await.unwrap().status, Status::Failed);
        assert_eq!(memories.get(&ada, &id).await.unwrap().error.as_deref(), Some("Cancelled."));
        assert_eq!(code(memories.cancel(&ada, &id).await), ErrorCode::Conflict);
        let stop = open.work();
        assert_eq!(memories.retry(&ada, &id).await.unwrap().status, Status::Received);
        assert_eq!(open.ready(&ada, &id).await.status, Status::Ready);
        assert_eq!(code(memories.retry(&ada, &id).await), ErrorCode::Conflict);
        drop(stop);
    });
}

#[test]
fn a_memory_that_lost_its_job_is_taken_up_at_boot() {
    HOUSE.runtime.block_on(async {
        let (open, ada) = (HOUSE.memories(), HOUSE.person().await);
        let id = open.memories.add(&ada, draft("t", "Cedar.")).await.unwrap().id;
        open.queue.cancel(id.as_str()).await.unwrap();
        open.memories.resume().await.unwrap();
        let stop = open.work();
        assert_eq!(open.ready(&ada, &id).await.status, Status::Ready);
        drop(stop);
    });
}

#[test]
fn originals_of_another_database_are_never_swept() {
    HOUSE.runtime.block_on(async {
        let memories = HOUSE.memories().memories;
        let originals = &memories.files.originals;
        let key = Originals::key(&UserId::from_key("ada"), &MemoryId::from_key("no_such_memory"), "original");
        let still_there = || async { originals.about(&key).await.unwrap().is_some() };
        originals.keep(&key, b"a photo".to_vec()).await.unwrap();
        // Nobody has noted whose it is, and this database knows none of them.
        memories.sweep(Duration::ZERO).await.unwrap();
        assert!(still_there().await);
        originals.belong_to("another database").await.unwrap();
        memories.sweep(Duration::ZERO).await.unwrap();
        assert!(still_there().await);
        originals.belong_to(&crate::store::identity::of(&HOUSE.store).await.unwrap()).await.unwrap();
        memories.sweep(Duration::ZERO).await.unwrap();
        assert!(!still_there().await);
    });
}
