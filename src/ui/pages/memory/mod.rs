//! One memory: the original on the left, what was understood on the right.

mod care;
pub(super) mod deed;
mod facts;
mod found;
mod given;
mod notes;
mod passages;
mod place;
mod segments;
mod stages;
mod words;

use leptos::{either::EitherOf3, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use self::{
    care::{Care, Failed, WhileReading},
    deed::Deed,
    facts::{Facts, Perfumes, Suggestions},
    given::{FileLine, Original, Seen},
    notes::{KnownNotes, Notes, known_notes},
    place::Place,
    stages::{Stages, announcement},
    words::Words,
};
use crate::{
    api::memories::{Cancel, Correct, Delete, Retry, Update, get},
    domain::memory::{Memory, Status},
    ui::{
        components::{FlowerSize, Heard, LoadedPage, ScentFlower, use_memory_events, with_status},
        layout::SignedIn,
    },
};

/// Everything that can be done on this page. Made once, so that it outlives the sheets that are drawn anew.
#[derive(Clone, Copy)]
struct Deeds {
    correct: Deed<Correct>,
    retry: Deed<Retry>,
    cancel: Deed<Cancel>,
    keep: Deed<Update>,
    rewrite: Deed<Update>,
    delete: Deed<Delete>,
    known: KnownNotes,
}

impl Deeds {
    fn new() -> Self {
        Self {
            correct: Deed::new(),
            retry: Deed::new(),
            cancel: Deed::new(),
            keep: Deed::new(),
            rewrite: Deed::new(),
            delete: Deed::new(),
            known: known_notes(),
        }
    }

    /// How often the memory was changed from here.
    fn count(self) -> usize {
        let [correct, retry, cancel, keep, rewrite] = [
            self.correct.action.version(),
            self.retry.action.version(),
            self.cancel.action.version(),
            self.keep.action.version(),
            self.rewrite.action.version(),
        ]
        .map(|version| version.get());
        correct + retry + cancel + keep + rewrite
    }
}

/// The page of one memory.
#[component]
pub fn MemoryPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("id").unwrap_or_default()));
    let deeds = Deeds::new();
    let memory = Resource::new_blocking(move || (id.get(), deeds.count()), |(id, _)| async { with_status(get(id).await) });
    let shown = RwSignal::new(None::<Status>);
    let heard = RwSignal::new(None::<Status>);
    let waiting = Memo::new(move |_| shown.get().is_some_and(|status| !status.is_final()));
    // What was heard belongs to one walk through the stages.
    Effect::new(move |_| {
        if !waiting.get() {
            heard.set(None);
        }
    });
    use_memory_events(waiting, move |event| match event {
        Heard::Connected => memory.refetch(),
        Heard::Stage(event) if event.id.as_str() != id.get_untracked() => {}
        Heard::Stage(event) if event.stage.is_final() => memory.refetch(),
        Heard::Stage(event) => heard.set(Some(event.stage)),
    });
    let spoken = RwSignal::new(String::new());
    Effect::new(move |before: Option<Option<Status>>| {
        let now = heard.get().or(shown.get());
        // The first sight of the page speaks for itself.
        if let (Some(Some(before)), Some(now)) = (before, now)
            && before != now
        {
            spoken.set(announcement(now));
        }
        now
    });
    view! {
        <SignedIn>
            <div class="page memory">
                <p class="visually-hidden" role="status">{spoken}</p>
                <LoadedPage what="A memory" resource=memory render=move |memory| view! { <Sheet memory shown heard deeds/> }/>
            </div>
        </SignedIn>
    }
}

#[component]
fn Sheet(
    memory: Memory,
    /// Told which status the sheet was drawn with.
    shown: RwSignal<Option<Status>>,
    /// What has been heard since.
    heard: RwSignal<Option<Status>>,
    deeds: Deeds,
) -> impl IntoView {
    let status = memory.status;
    Effect::new(move |_| shown.set(Some(status)));
    let now = move || if status.is_final() { status } else { heard.get().unwrap_or(status) };
    let id = memory.id.clone();
    let has_file = memory.file.is_some();
    let query = use_query_map();
    let place = query.with_untracked(Place::read);
    let kept_before = query.with_untracked(|query| query.get_str("already") == Some("kept"));
    seek();
    let progress = match status {
        Status::Ready => EitherOf3::A(()),
        Status::Failed => EitherOf3::B(view! { <Failed id=id.clone() reason=memory.error.clone() has_file retry=deeds.retry/> }),
        _ => EitherOf3::C(view! {
            <section class="stack" aria-labelledby="stages-heading">
                <h2 id="stages-heading">"Being understood"</h2>
                <Stages now/>
                <WhileReading id=id.clone() cancel=deeds.cancel/>
            </section>
        }),
    };
    let is_ready = status == Status::Ready;
    let understood = is_ready.then(|| {
        view! {
            {memory.notice.clone().map(|notice| view! { <p class="notice small">{notice}</p> })}
            {memory.image_analysis.clone().map(|analysis| view! { <Seen analysis/> })}
            <Notes memory=memory.clone() correct=deeds.correct known=deeds.known/>
            <Perfumes named=memory.fragrances.clone()/>
            <Suggestions memory=memory.clone() keep=deeds.keep/>
        }
    });
    view! {
        <Title text=memory.title.clone()/>
        <header class="page-head">
            <p class="eyebrow"><a href="/memories">"Memories"</a></p>
            <h1 dir="auto">{memory.title.clone()}</h1>
        </header>
        {kept_before
            .then(|| {
                view! { <p class="notice" role="status">"You already have this: the very same file belongs to this memory. Nothing new was kept."</p> }
            })}
        <div class="columns memory-columns" id="memory" data-status=move || now().as_str()>
            <section class="original" aria-label=if has_file { "What you gave" } else { "Your words" }>
                <Original memory=memory.clone() place correct=deeds.rewrite/>
                <Words memory=memory.clone() cited=place.in_words()/>
                {memory.file.clone().map(|file| view! { <FileLine id=id.clone() file kind=memory.memory_type/> })}
                <Facts memory=memory.clone()/>
                <Care id=id.clone() has_file delete=deeds.delete/>
            </section>
            <aside class="understood" aria-label="What was understood">
                <ScentFlower flower=memory.flower.clone() size=FlowerSize::Large interactive=is_ready label="The flower of this memory"/>
                {progress}
                {understood}
            </aside>
        </div>
    }
}

/// Goes to the passage that the address names, once it is there. A page that comes whole has the browser do it.
fn seek() {
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        let hash = window().location().hash().unwrap_or_default();
        if let Some(place) = hash.strip_prefix('#').filter(|id| !id.is_empty()).and_then(|id| document().get_element_by_id(id)) {
            place.scroll_into_view();
        }
    });
}
