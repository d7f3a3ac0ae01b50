//! The stages of memories, as they happen.

use leptos::prelude::*;

use crate::domain::memory::MemoryEvent;

/// What comes in on the stream of the person's memories.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// The stream is open, for the first time or again: what happened before was not heard.
    Connected,
    /// A memory has come to a stage.
    Stage(MemoryEvent),
}

/// Listens to the stages of the person's memories while `wanted` holds. Only in the browser.
pub fn use_memory_events(wanted: Memo<bool>, listen: impl Fn(Heard) + Clone + 'static) {
    Effect::new(move |_| {
        if wanted.get() {
            open(listen.clone());
        }
    });
}

#[cfg(feature = "hydrate")]
fn open(listen: impl Fn(Heard) + 'static) {
    let (listening, handle) = futures::future::abortable(follow(listen));
    leptos::task::spawn_local(async move {
        // Aborted is how it usually ends.
        let _ = listening.await;
    });
    on_cleanup(move || handle.abort());
}

#[cfg(feature = "hydrate")]
async fn follow(listen: impl Fn(Heard)) {
    use futures::{StreamExt, stream::select};
    use gloo_net::eventsource::futures::EventSource;

    // Dropped with this future, which closes the connection.
    let Ok(mut source) = EventSource::new("/api/events") else { return };
    let (Ok(opened), Ok(stages)) = (source.subscribe("open"), source.subscribe("memory")) else { return };
    let mut events = select(opened, stages);
    while let Some(Ok((name, event))) = events.next().await {
        if name == "open" {
            listen(Heard::Connected);
        } else if let Some(stage) = event.data().as_string().and_then(|data| serde_json::from_str(&data).ok()) {
            listen(Heard::Stage(stage));
        }
    }
}

#[cfg(not(feature = "hydrate"))]
fn open(_listen: impl Fn(Heard) + 'static) {}
