//! The original words, with the scents in them.

use leptos::{either::Either, prelude::*};

use super::{
    found::{FoundNote, found_notes},
    segments::segments,
};
use crate::domain::memory::Memory;

/// What the person wrote, as they wrote it; each scent leads to its note, where it can be put right.
#[component]
pub fn Words(memory: Memory) -> impl IntoView {
    let notes = found_notes(&memory);
    let pieces = segments(&memory.content, &memory.scents);
    let has_scents = pieces.iter().any(|piece| !piece.scents.is_empty());
    let mut met = vec![false; memory.scents.len()];
    let pieces = pieces
        .into_iter()
        .map(|piece| {
            let Some(&first) = piece.scents.first() else { return Either::Left(piece.text) };
            let scent = &memory.scents[first];
            let note = notes.iter().find(|note| note.name == scent.name);
            // One stop of the tab key for each scent, however many pieces it has.
            let again = std::mem::replace(&mut met[first], true);
            Either::Right(scented(piece.text, scent.literal, note, again))
        })
        .collect_view();
    view! {
        <div class="words" dir="auto">{pieces}</div>
        {has_scents
            .then(|| {
                view! {
                    <p class="legend">
                        <mark class="scent said">"Solid"</mark>
                        ": said in your words. "
                        <mark class="scent implied">"Dotted"</mark>
                        ": read between them. Choose one to put it right."
                    </p>
                }
            })}
    }
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
