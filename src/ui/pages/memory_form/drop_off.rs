//! Where files are given: picked, dropped, pasted or taken with the camera; and the list of those that were.

use leptos::{ev, html, prelude::*};

use super::pile::{Item, Pile, State, pile};
use crate::{
    domain::{
        AppError,
        memory::{FileRoom, MemoryType, Status},
        text::{file_size, limits},
    },
    ui::components::{Heard, Icon, IconName, Recorder, Recording, use_memory_events},
};

/// What the browser offers to pick.
const ACCEPTED: &str = "image/*,application/pdf,audio/*,.heic,.m4a,.aac,.flac,.ogg,.opus,.mp3,.wav,.webm";

/// The field for files.
#[component]
pub fn DropOff(error: Signal<Option<AppError>>, room: Resource<Option<FileRoom>>) -> impl IntoView {
    let pile = pile();
    let picker = NodeRef::<html::Input>::new();
    let is_over = RwSignal::new(false);
    listen(pile, picker, is_over);
    let pick = move |event: ev::Event| {
        #[cfg(feature = "hydrate")]
        super::send::picked(pile, &event, room.get_untracked().flatten());
        #[cfg(not(feature = "hydrate"))]
        drop(event);
    };
    let mine = move || error.get().filter(|e| e.field() == Some("file")).map(|e| e.message().to_owned());
    view! {
        <div class="giving" class:invalid=move || mine().is_some()>
            <div class="dropzone" class:over=is_over>
                <input
                    r#type="file"
                    id="file"
                    name="file"
                    accept=ACCEPTED
                    aria-describedby="file-hint file-error"
                    node_ref=picker
                    prop:multiple=true
                    on:change=pick
                />
                <label for="file">
                    <Icon name=IconName::Add/>
                    <span>"A photo, a PDF, a recording"</span>
                </label>
                <p class="hint" id="file-hint">
                    <span class="by-hand">"Or drop it anywhere on this page, or paste it. "</span>
                    <Suspense>{move || room.get().flatten().map(room_in_words)}</Suspense>
                </p>
            </div>
            <label class="button camera">
                <input class="visually-hidden" r#type="file" name="file" accept="image/*" capture="environment" on:change=pick/>
                <Icon name=IconName::Camera/>
                <span>"Take a photo"</span>
            </label>
            <Recorder on_recorded=Callback::new(move |recording| recorded(pile, recording, room))/>
            {move || mine().map(|message| view! { <p class="error" id="file-error" role="alert">{message}</p> })}
            <Chosen pile/>
            <label class="check">
                <input r#type="checkbox" name="use_place" value="true"/>
                <span>
                    "Read when and where the photo was taken"
                    <span class="hint">"Some photos say it. It is looked up on this machine, and only if you tick this."</span>
                </span>
            </label>
        </div>
    }
}

fn room_in_words(room: FileRoom) -> String {
    format!("Photos up to {} MB, PDFs up to {} MB, recordings up to {} MB.", room.image_mb, room.pdf_mb, room.audio_mb)
}

/// Listens to the whole page: what is dropped or pasted anywhere is meant for the pile.
fn listen(pile: Pile, picker: NodeRef<html::Input>, is_over: RwSignal<bool>) {
    #[cfg(feature = "hydrate")]
    super::send::listen(pile, picker, is_over);
    #[cfg(not(feature = "hydrate"))]
    let _ = (pile, picker, is_over);
}

/// A recording goes the way of all files.
fn recorded(pile: Pile, recording: Recording, room: Resource<Option<FileRoom>>) {
    #[cfg(feature = "hydrate")]
    super::send::recorded(pile, recording, room.get_untracked().flatten());
    #[cfg(not(feature = "hydrate"))]
    let _ = (pile, recording, room);
}

/// The files that are not sent yet.
#[component]
fn Chosen(pile: Pile) -> impl IntoView {
    let chosen = move || {
        let mut items = pile.items.get();
        items.retain(|item| item.state.with(|state| *state == State::Chosen));
        items
    };
    let several = Memo::new(move |_| pile.chosen() > 1);
    view! {
        <ul class="given" aria-label="Files to keep">
            <For each=chosen key=|item| item.key let:item>
                <ChosenItem pile item several/>
            </For>
        </ul>
        <Show when=move || several.get()>
            <p class="hint">"Each becomes a memory of its own. The words above go with each that has none of its own."</p>
        </Show>
    }
}

#[component]
fn ChosenItem(pile: Pile, item: Item, several: Memo<bool>) -> impl IntoView {
    let (key, words) = (item.key, item.words.clone());
    let label = format!("Words for {}", item.name);
    let away = format!("Take {} away", item.name);
    let remove = move |_| forget(pile, key);
    view! {
        <li class="given-item">
            <Portrait item=item.clone()/>
            <div class="given-body">
                <Name item/>
                <Show when=move || several.get()>
                    <input
                        aria-label=label.clone()
                        placeholder="A few words for this one"
                        maxlength=limits::CONTENT
                        dir="auto"
                        prop:value=words.clone()
                        on:input={
                            let words = words.clone();
                            move |event| words.set(event_target_value(&event))
                        }
                    />
                </Show>
            </div>
            <button class="icon-button" r#type="button" aria-label=away on:click=remove>
                <Icon name=IconName::Close/>
            </button>
        </li>
    }
}

/// The files that were sent, or are being sent, with the stages of their memories.
#[component]
pub fn Given() -> impl IntoView {
    let pile = pile();
    let waiting = Memo::new(move |_| pile.is_waiting());
    use_memory_events(waiting, move |heard| match heard {
        Heard::Stage(event) => pile.hear(&event),
        Heard::Connected => catch_up(pile),
    });
    let sent = move || {
        let mut items = pile.items.get();
        items.retain(|item| item.state.with(|state| *state != State::Chosen));
        items
    };
    let is_any = Memo::new(move |_| !sent().is_empty());
    on_cleanup(move || clear_settled(pile));
    view! {
        <p class="visually-hidden" role="status">{pile.said}</p>
        <Show when=move || is_any.get()>
            <section class="stack sent" aria-labelledby="given-heading">
                <h2 id="given-heading">"What you gave"</h2>
                <ul class="given">
                    <For each=sent key=|item| item.key let:item>
                        <SentItem pile item/>
                    </For>
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn SentItem(pile: Pile, item: Item) -> impl IntoView {
    let state = item.state.clone();
    let (words, progress, deeds, tone) = (state.clone(), state.clone(), state.clone(), state);
    let name = item.name.clone();
    let busy = format!("{name}, how far it has come");
    let progress = move || {
        progress.with(State::progress).map(|share| {
            view! { <progress max="1" value=share.to_string() aria-label=busy.clone()></progress> }
        })
    };
    let tone = move || {
        tone.with(|state| match state {
            State::Refused(_) | State::Kept { status: Status::Failed, .. } => "status failed",
            _ => "status",
        })
    };
    let key = item.key;
    let deeds = move || {
        let state = deeds.get();
        let open = state.memory().map(|id| {
            let label = format!("Open {name}");
            view! { <a class="button small" href=format!("/memories/{id}") aria-label=label>"Open"</a> }
        });
        let again = match &state {
            State::KeptBefore(_) => Some(("Keep it again", true)),
            State::Refused(_) => Some(("Try again", false)),
            _ => None,
        };
        let again = again.map(|(words, again)| {
            let label = format!("{words}: {name}");
            view! {
                <button class="button small quiet" r#type="button" aria-label=label on:click=move |_| repeat(pile, key, again)>
                    {words}
                </button>
            }
        });
        let stop = (!state.is_settled() && state.memory().is_none()).then(|| {
            let label = format!("Stop sending {name}");
            view! {
                <button class="button small quiet" r#type="button" aria-label=label on:click=move |_| forget(pile, key)>"Stop"</button>
            }
        });
        view! { {open} {again} {stop} }
    };
    view! {
        <li class="given-item">
            <Portrait item=item.clone()/>
            <div class="given-body">
                <Name item/>
                {progress}
                <p class=tone>{move || words.with(State::words)}</p>
            </div>
            <div class="actions">{deeds}</div>
        </li>
    }
}

/// A small picture of a file, or the sign of its kind.
#[component]
fn Portrait(item: Item) -> impl IntoView {
    let sign = move || view! { <Icon name=IconName::from(item.kind.unwrap_or(MemoryType::Text))/> };
    view! {
        <div class="portrait-small">
            {match item.preview {
                Some(address) => view! { <img src=address alt="" width="64" height="64"/> }.into_any(),
                None => sign().into_any(),
            }}
        </div>
    }
}

#[component]
fn Name(item: Item) -> impl IntoView {
    let kind = item.kind.map(|kind| format!("{} · ", kind.label())).unwrap_or_default();
    view! {
        <p class="given-name" dir="auto">{item.name}</p>
        <p class="faded small">{kind}{file_size(item.bytes)}</p>
    }
}

/// Takes a file off the pile; one that is on its way is called off.
fn forget(pile: Pile, key: u64) {
    #[cfg(feature = "hydrate")]
    super::send::forget(key);
    pile.items.update(|items| items.retain(|item| item.key != key));
}

fn repeat(pile: Pile, key: u64, again: bool) {
    #[cfg(feature = "hydrate")]
    super::send::repeat(pile, key, again);
    #[cfg(not(feature = "hydrate"))]
    let _ = (pile, key, again);
}

/// Asks how far the memories have come whose stages may have been missed.
fn catch_up(pile: Pile) {
    #[cfg(feature = "hydrate")]
    super::send::catch_up(pile);
    #[cfg(not(feature = "hydrate"))]
    let _ = pile;
}

/// Who leaves the page has seen what became of the files; those on their way go on.
fn clear_settled(pile: Pile) {
    #[cfg(feature = "hydrate")]
    super::send::clear_settled(pile);
    #[cfg(not(feature = "hydrate"))]
    let _ = pile;
}
