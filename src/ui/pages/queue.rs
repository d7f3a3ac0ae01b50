//! One's own queue: what is being understood, what waits for it, and what could not be understood.

use std::collections::HashMap;

use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::memory::deed::Deed;
use crate::{
    api::memories::{Cancel, Retry, list},
    domain::{
        ids::MemoryId,
        memory::{MemoryCard, MemoryEvent, Status},
        page::Page,
    },
    ui::{
        components::{FormError, Heard, Icon, IconName, Loaded, Pagination, PostForm, use_memory_events, with_status},
        layout::SignedIn,
    },
};

const PATH: &str = "/memories/unfinished";

#[derive(Clone, Copy)]
struct Deeds {
    retry: Deed<Retry>,
    cancel: Deed<Cancel>,
    /// The stages that were heard since the page was drawn.
    heard: RwSignal<HashMap<MemoryId, MemoryEvent>>,
}

/// The page of everything that is not understood yet.
#[component]
pub fn Queue() -> impl IntoView {
    let query = use_query_map();
    let cursor = Memo::new(move |_| query.with(|query| query.get("cursor").unwrap_or_default()));
    let deeds = Deeds { retry: Deed::new(), cancel: Deed::new(), heard: RwSignal::default() };
    let count = move || {
        let Deeds { retry, cancel, .. } = deeds;
        retry.action.version().get() + cancel.action.version().get()
    };
    let unfinished = Resource::new_blocking(
        move || (cursor.get(), count()),
        |(cursor, _)| async move {
            let at = (!cursor.is_empty()).then(|| cursor.clone());
            with_status(list(at, None, None, None, None, None, None, Some(true)).await.map(|page| (cursor, page)))
        },
    );
    let is_waiting = RwSignal::new(false);
    use_memory_events(Memo::new(move |_| is_waiting.get()), move |heard| match heard {
        Heard::Stage(event) if !event.stage.is_final() => deeds.heard.update(|heard| drop(heard.insert(event.id.clone(), event))),
        Heard::Stage(_) | Heard::Connected => unfinished.refetch(),
    });
    view! {
        <Title text="What is being read"/>
        <SignedIn>
            <div class="page narrow">
                <header class="page-head">
                    <p class="eyebrow"><a href="/memories">"Memories"</a></p>
                    <h1>"What is being read"</h1>
                    <p class="lede">"Everything here is kept. Short texts are read before long recordings; you need not wait for it."</p>
                </header>
                <Loaded resource=unfinished render=move |(cursor, page)| view! { <Sections cursor page deeds is_waiting/> }/>
            </div>
        </SignedIn>
    }
}

#[component]
fn Sections(
    cursor: String,
    page: Page<MemoryCard>,
    deeds: Deeds,
    /// Told whether something goes on.
    is_waiting: RwSignal<bool>,
) -> impl IntoView {
    let waiting = page.items.iter().any(|card| !card.status.is_final());
    Effect::new(move |_| {
        is_waiting.set(waiting);
        deeds.heard.set(HashMap::new());
    });
    let errors = view! {
        <FormError error=deeds.retry.error/>
        <FormError error=deeds.cancel.error/>
    };
    if page.items.is_empty() {
        return Either::Left(view! {
            {errors}
            <div class="empty">
                <p>"Nothing waits. All that you gave has been read."</p>
                <a class="button" href="/memories">"To your memories"</a>
            </div>
        });
    }
    let Page { items, next_cursor: next } = page;
    let (failed, going_on): (Vec<MemoryCard>, Vec<MemoryCard>) =
        items.into_iter().partition(|card| card.status == Status::Failed);
    let (waiting, running): (Vec<MemoryCard>, Vec<MemoryCard>) =
        going_on.into_iter().partition(|card| card.status == Status::Received);
    Either::Right(view! {
        {errors}
        <div class="stack loose">
            <Section id="running" heading="Being read" cards=running deeds/>
            <Section id="waiting" heading="Waiting" cards=waiting deeds/>
            <Section id="failed" heading="Not understood" cards=failed deeds/>
        </div>
        <Pagination path=PATH query=Vec::new() cursor next/>
    })
}

#[component]
fn Section(id: &'static str, heading: &'static str, cards: Vec<MemoryCard>, deeds: Deeds) -> impl IntoView {
    (!cards.is_empty()).then(|| {
        let rows = cards.into_iter().map(|card| view! { <Row card deeds/> }).collect_view();
        view! {
            <section class="stack tight" aria-labelledby=id>
                <h2 id=id>{heading}</h2>
                <ul class="given">{rows}</ul>
            </section>
        }
    })
}

#[component]
fn Row(card: MemoryCard, deeds: Deeds) -> impl IntoView {
    let MemoryCard { id, title, memory_type, status, error, .. } = card;
    let heard = {
        let id = id.clone();
        Memo::new(move |_| {
            deeds.heard.with(|heard| heard.get(&id).map_or((status, status.progress()), |e| (e.stage, e.progress)))
        })
    };
    let told = if status == Status::Failed {
        let reason = error.unwrap_or_else(|| "Something went wrong while it was being read.".to_owned());
        Either::Left(view! { <p class="status failed">{reason}</p> })
    } else {
        let label = format!("{title}, how far it has come");
        let words = move || match heard.get().0 {
            Status::Received => "waits to be read".to_owned(),
            stage => format!("{} …", stage.label()),
        };
        Either::Right(view! {
            <progress max="1" value=move || heard.get().1.to_string() aria-label=label></progress>
            <p class="status">{words}</p>
        })
    };
    let (again, stop, key) = (format!("Try again: {title}"), format!("Stop: {title}"), id.to_string());
    let buttons = if status == Status::Failed {
        Either::Left(view! {
            <PostForm action=deeds.retry.action>
                <input r#type="hidden" name="id" value=key/>
                <button class="button small" r#type="submit" aria-label=again>"Try again"</button>
            </PostForm>
        })
    } else {
        Either::Right(view! {
            <PostForm action=deeds.cancel.action>
                <input r#type="hidden" name="id" value=key/>
                <button class="button small quiet" r#type="submit" aria-label=stop>"Stop"</button>
            </PostForm>
        })
    };
    view! {
        <li class="given-item" data-status=status.as_str()>
            <div class="portrait-small"><Icon name=IconName::from(memory_type)/></div>
            <div class="given-body">
                <p class="given-name" dir="auto"><a href=format!("/memories/{id}")>{title.clone()}</a></p>
                {told}
            </div>
            <div class="actions">{buttons}</div>
        </li>
    }
}
