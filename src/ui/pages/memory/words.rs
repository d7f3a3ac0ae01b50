//! Texts, with the scents in them.

use leptos::{either::Either, prelude::*};

use super::{
    found::{FoundNote, found_notes},
    segments::segments,
};
use crate::domain::{
    memory::{Memory, ScentSource, ScentView},
    text::Span,
};

/// What the person wrote, as they wrote it; each scent leads to its note, where it can be put right.
#[component]
pub fn Words(memory: Memory, cited: Option<Span>) -> impl IntoView {
    if memory.content.trim().is_empty() {
        return None;
    }
    let scents = scents_in_words(&memory);
    let pieces = marked(&memory.content, &scents, &found_notes(&memory), cited);
    Some(view! {
        <div class="words" dir="auto">{pieces}</div>
        {(memory.file.is_none() && !scents.is_empty()).then(|| view! { <Legend/> })}
    })
}

/// How the lines under scents are to be read.
#[component]
pub fn Legend() -> impl IntoView {
    view! {
        <p class="legend">
            <mark class="scent said">"Solid"</mark>
            ": said in so many words. "
            <mark class="scent implied">"Dotted"</mark>
            ": read between them. Choose one to put it right."
        </p>
    }
}

/// The scents whose places are in what the person wrote.
pub fn scents_in_words(memory: &Memory) -> Vec<ScentView> {
    placed(memory, |source| matches!(source, ScentSource::Text | ScentSource::Person))
}

/// The scents whose places are in the text of the file.
pub fn scents_in_file(memory: &Memory) -> Vec<ScentView> {
    placed(memory, |source| matches!(source, ScentSource::Audio | ScentSource::Pdf))
}

fn placed(memory: &Memory, is_there: impl Fn(ScentSource) -> bool) -> Vec<ScentView> {
    memory.scents.iter().filter(|scent| is_there(scent.source) && scent.span.is_some()).cloned().collect()
}

/// A text in pieces: scents lead to their notes, and what is cited stands out.
pub fn marked(text: &str, scents: &[ScentView], notes: &[FoundNote], cited: Option<Span>) -> impl IntoView + use<> {
    let mut met = vec![false; scents.len()];
    let mut is_first_cited = true;
    segments(text, scents, cited)
        .into_iter()
        .map(|piece| {
            let words = match piece.scents.first() {
                None => Either::Left(piece.text),
                Some(&first) => {
                    let scent = &scents[first];
                    let note = notes.iter().find(|note| note.name == scent.name);
                    // One stop of the tab key for each scent, however many pieces it has.
                    let again = std::mem::replace(&mut met[first], true);
                    Either::Right(scented(piece.text, scent.literal, note, again))
                }
            };
            if !piece.cited {
                return Either::Left(words);
            }
            let id = std::mem::replace(&mut is_first_cited, false).then_some("cited");
            Either::Right(view! { <span class="cited" id=id>{words}</span> })
        })
        .collect_view()
}

fn scented(text: String, literal: bool, note: Option<&FoundNote>, again: bool) -> impl IntoView + use<> {
    let how = if literal { "said" } else { "implied" };
    let class = match note.and_then(|note| note.category) {
        Some(category) => format!("scent {how} cat-{}", category.as_str()),
        None => format!("scent {how}"),
    };
    let title = note.map(|note| format!("{}, {how}", note.name));
    let anchor = note.map(|note| format!("#{}", note.anchor()));
    view! {
        <mark class=class title=title>
            <a href=anchor tabindex=again.then_some("-1")>{text}</a>
        </mark>
    }
}
