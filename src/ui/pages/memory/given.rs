//! The file of a memory: the photo, the recording with its transcript, the document by its pages.

use leptos::{either::EitherOf4, ev, html, prelude::*};

use super::{
    deed::Deed,
    found::{certainty, found_notes},
    passages::passages,
    place::Place,
    words::{Legend, marked, scents_in_file},
};
use crate::{
    api::memories::Update,
    domain::{
        ids::MemoryId,
        memory::{FileInfo, ImageAnalysis, Memory, MemoryType, Status},
        text::{file_size, limits},
        time::clock,
    },
    ui::components::{Field, FormError, Icon, IconName, Palette, PostForm, original, prefilled},
};

/// So many pages of a document lie open at first.
const OPEN_PAGES: usize = 3;

/// What a browser shows of itself, before there is a picture made for showing.
const SHOWN: &[&str] = &["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"];

/// The file, as one looks at it, listens to it, or reads it.
#[component]
pub fn Original(memory: Memory, place: Place, correct: Deed<Update>) -> impl IntoView {
    let Some(file) = memory.file.clone() else { return EitherOf4::A(()) };
    match memory.memory_type {
        MemoryType::Text => EitherOf4::A(()),
        MemoryType::Image => EitherOf4::B(view! { <Photo memory file/> }),
        MemoryType::Audio => EitherOf4::C(view! { <Recording memory place correct/> }),
        MemoryType::Pdf => EitherOf4::D(view! { <Document memory place/> }),
    }
}

#[component]
fn Photo(memory: Memory, file: FileInfo) -> impl IntoView {
    let is_ready = memory.status == Status::Ready;
    let size = if is_ready { "display" } else { "" };
    let is_shown = is_ready || SHOWN.contains(&file.media_type.as_str());
    let caption = memory.image_analysis.as_ref().map(|seen| seen.caption.clone()).filter(|caption| !caption.is_empty());
    let alt = caption.clone().unwrap_or_else(|| format!("Your photo: {}", memory.title));
    is_shown.then(|| {
        view! {
            <figure class="photo">
                <img src=original(&memory.id, size) alt=alt/>
                {caption.map(|caption| view! { <figcaption>{caption}</figcaption> })}
            </figure>
        }
    })
}

/// What was seen in a photo, and how sure that is.
#[component]
pub fn Seen(analysis: ImageAnalysis) -> impl IntoView {
    let list = |words: Vec<String>| (!words.is_empty()).then(|| words.join(", "));
    let who = match analysis.model.strip_prefix("openai/") {
        Some(model) => format!("the provider's model {model}"),
        None => "small networks on this machine".to_owned(),
    };
    let facts = [
        ("In it", list(analysis.objects)),
        ("Looks like", analysis.setting),
        ("Mood", list(analysis.mood)),
        ("How sure", Some(certainty(analysis.confidence).to_owned())),
    ];
    let rows = facts
        .into_iter()
        .filter_map(|(name, fact)| Some((name, fact?)))
        .map(|(name, fact)| view! { <div><dt>{name}</dt><dd>{fact}</dd></div> })
        .collect_view();
    view! {
        <section class="stack tight" aria-labelledby="seen-heading">
            <h2 id="seen-heading">"What was seen"</h2>
            <p class="faded small">"Looked at by "{who}". It may be wrong, and your words count for more."</p>
            <Palette colors=analysis.colors/>
            <dl class="facts">{rows}</dl>
        </section>
    }
}

#[component]
fn Recording(memory: Memory, place: Place, correct: Deed<Update>) -> impl IntoView {
    let player = NodeRef::<html::Audio>::new();
    let address = original(&memory.id, "");
    // A player that is told a time begins there.
    let source = place.at_s.map_or_else(|| address.clone(), |at| format!("{address}#t={at}"));
    let is_ready = memory.status == Status::Ready;
    let heard = memory.transcript.clone().unwrap_or_default();
    let is_silent = heard.trim().is_empty();
    let (scents, notes) = (scents_in_file(&memory), found_notes(&memory));
    let rows = memory.file_text.as_ref().map(passages).unwrap_or_default();
    let has_scents = !scents.is_empty();
    let rows = rows
        .into_iter()
        .map(|passage| {
            let words = marked(&passage.text, &passage.scents(&scents), &notes, place.in_file().and_then(|cited| passage.place(cited)));
            let at_s = passage.mark.and_then(|mark| mark.at_s);
            let is_said = at_s.is_some() && at_s == place.at_s;
            let second = at_s.map(|at| {
                let label = format!("Play from {}", clock(at));
                view! {
                    <a class="second" href=format!("{address}#t={at}") rel="external" aria-label=label on:click=move |event| play(&event, player, at)>
                        <Icon name=IconName::Play/>
                        <span class="numeral">{clock(at)}</span>
                    </a>
                }
            });
            view! { <li class:said=is_said>{second} <p dir="auto">{words}</p></li> }
        })
        .collect_view();
    let transcript = match (is_ready, is_silent) {
        (true, true) => Some(
            view! {
                <p class="notice" id="nothing-heard">
                    "Nothing was heard in this recording. If something is said in it, you can write it down."
                </p>
            }
            .into_any(),
        ),
        (_, true) => None,
        (_, false) => Some(
            view! {
                <ol class="heard words transcript" aria-label="What was said">{rows}</ol>
                {has_scents.then(|| view! { <Legend/> })}
            }
            .into_any(),
        ),
    };
    let form = is_ready.then(|| view! { <Transcript id=memory.id.clone() heard correct/> });
    view! {
        <div class="recording">
            <audio controls preload="metadata" src=source node_ref=player aria-label="Your recording"></audio>
        </div>
        {transcript}
        {form}
    }
}

/// Plays the recording from a second on, in the player of the page.
fn play(event: &ev::MouseEvent, player: NodeRef<html::Audio>, at_s: f64) {
    #[cfg(feature = "hydrate")]
    if let Some(player) = player.get_untracked() {
        event.prevent_default();
        player.set_current_time(at_s);
        let _ = player.play();
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (event, player, at_s);
}

/// Puts right what was heard.
#[component]
fn Transcript(id: MemoryId, heard: String, correct: Deed<Update>) -> impl IntoView {
    let error = correct.error;
    view! {
        <details id="transcript-form" open=move || error.get().is_some()>
            <summary>"Put right what was heard"</summary>
            <PostForm action=correct.action class="form" label="The transcript">
                <input r#type="hidden" name="id" value=id.to_string()/>
                <FormError error fields=&["transcript"]/>
                <Field
                    name="transcript"
                    label="What is said in it"
                    hint="It is read again with your words. The recording stays as it is."
                    error
                >
                    <textarea
                        id="transcript"
                        name="transcript"
                        rows="6"
                        maxlength=limits::TRANSCRIPT
                        dir="auto"
                        aria-describedby="transcript-hint transcript-error"
                    >
                        {prefilled(&heard)}
                    </textarea>
                </Field>
                <div class="actions">
                    <button class="button" r#type="submit">"Save what is said"</button>
                </div>
            </PostForm>
        </details>
    }
}

#[component]
fn Document(memory: Memory, place: Place) -> impl IntoView {
    let (scents, notes) = (scents_in_file(&memory), found_notes(&memory));
    let has_scents = !scents.is_empty();
    let pages = memory.file_text.as_ref().map(passages).unwrap_or_default();
    let is_short = pages.len() <= OPEN_PAGES;
    let mut opened = 0;
    let pages: Vec<_> = pages
        .into_iter()
        .map(|passage| {
            let here = passage.scents(&scents);
            let page = passage.mark.and_then(|mark| mark.page);
            let cited = place.in_file().and_then(|cited| passage.place(cited));
            let is_sought = cited.is_some() || (page.is_some() && page == place.page);
            let is_open = is_short || is_sought || (place.page.is_none() && !here.is_empty() && opened < OPEN_PAGES);
            opened += usize::from(is_open);
            let mut names: Vec<&str> = here.iter().map(|scent| scent.name.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            let smells = (!names.is_empty()).then(|| view! { <span class="faded small">{names.join(", ")}</span> });
            let heading = page.map_or_else(|| "The text".to_owned(), |page| format!("Page {page}"));
            let words = marked(passage.text.trim_end(), &here, &notes, cited);
            view! {
                <details class="leaf" id=page.map(|page| format!("page-{page}")) open=is_open>
                    <summary><span>{heading}</span> {smells}</summary>
                    <div class="words transcript" dir="auto">{words}</div>
                </details>
            }
        })
        .collect();
    let is_any = !pages.is_empty();
    is_any.then(|| {
        view! {
            <section class="document" aria-label="The document">{pages}</section>
            {has_scents.then(|| view! { <Legend/> })}
        }
    })
}

/// The name of the file, what it is, and the way to have it back as it was given.
#[component]
pub fn FileLine(id: MemoryId, file: FileInfo, kind: MemoryType) -> impl IntoView {
    let what = format!("{} · {}", kind.label(), file_size(file.bytes));
    view! {
        <div class="file-line">
            <Icon name=IconName::from(kind)/>
            <p>
                <span class="given-name" dir="auto">{file.name.clone()}</span>
                " "
                <span class="faded small">{what}</span>
            </p>
            <a class="button small" href=original(&id, "") rel="external" download=file.name>
                <Icon name=IconName::Download/>
                <span>"Download"</span>
            </a>
        </div>
    }
}
