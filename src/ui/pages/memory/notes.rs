//! The notes found in a memory, and how a person puts them right.

use leptos::prelude::*;

use super::{
    deed::Deed,
    found::{FoundNote, found_notes},
};
use crate::{
    api::{catalog, memories::Correct},
    domain::{ids::MemoryId, memory::Memory, notes::Note},
    ui::components::{Field, FormError, PostForm},
};

/// The list of notes, and the field to add one.
#[component]
pub fn Notes(memory: Memory, correct: Deed<Correct>, known: KnownNotes) -> impl IntoView {
    let id = memory.id.clone();
    let notes = found_notes(&memory);
    let heading = match notes.len() {
        0 => "No notes found",
        1 => "The note in it",
        _ => "The notes in it",
    };
    let nothing = notes.is_empty().then(|| {
        view! { <p class="faded">"Nothing in these words smells of anything we know. If something does, please name it."</p> }
    });
    let entries = notes.into_iter().map(|note| entry(&id, note, correct)).collect_view();
    view! {
        <section class="stack" aria-labelledby="notes-heading">
            <h2 id="notes-heading">{heading}</h2>
            {nothing}
            <ul class="notes found">{entries}</ul>
            <AddNote id=id correct known/>
        </section>
    }
}

fn entry(id: &MemoryId, note: FoundNote, correct: Deed<Correct>) -> impl IntoView + use<> {
    let class = note.category.map(|category| format!("cat-{}", category.as_str()));
    let standing = note.standing();
    let doubtful = !note.literal && !note.confirmed;
    let right = doubtful.then(|| verdict(id, &note.name, true, correct));
    view! {
        <li class=class id=note.anchor()>
            <p>
                <strong>{note.name.clone()}</strong>
                <span class="faded small">" · " {standing}</span>
            </p>
            {(!note.evocation.is_empty()).then(|| view! { <p class="evocation">{note.evocation.clone()}</p> })}
            <div class="reactions">{right} {verdict(id, &note.name, false, correct)}</div>
        </li>
    }
}

/// The button that says whether a note is there.
fn verdict(id: &MemoryId, note: &str, present: bool, correct: Deed<Correct>) -> impl IntoView + use<> {
    let words = if present { "That’s right" } else { "Not this" };
    let label = format!("{words}: {note}");
    let (id, note) = (id.to_string(), note.to_owned());
    view! {
        <PostForm action=correct.action>
            <input r#type="hidden" name="id" value=id/>
            <input r#type="hidden" name="note" value=note/>
            <input r#type="hidden" name="present" value=present.to_string()/>
            <button class="reaction" r#type="submit" aria-label=label>{words}</button>
        </PostForm>
    }
}

/// The notes that the catalog knows, fetched when somebody begins to write.
pub type KnownNotes = Action<(), Vec<Note>>;

/// None fetched yet.
pub fn known_notes() -> KnownNotes {
    Action::new(|(): &()| async { catalog::notes(None).await.unwrap_or_default() })
}

/// Names a note that was not found.
#[component]
fn AddNote(id: MemoryId, correct: Deed<Correct>, known: KnownNotes) -> impl IntoView {
    let error = correct.error;
    let fetch = move |_| {
        if known.version().get_untracked() == 0 && !known.pending().get_untracked() {
            known.dispatch(());
        }
    };
    let names = move || {
        let notes = known.value().get().unwrap_or_default();
        notes.into_iter().map(|note| view! { <option value=note.name></option> }).collect_view()
    };
    view! {
        <PostForm action=correct.action class="form inline" label="Add a note">
            <input r#type="hidden" name="id" value=id.to_string()/>
            <input r#type="hidden" name="present" value="true"/>
            <FormError error fields=&["note"]/>
            <Field name="note" label="Something is missing?" error>
                <input
                    id="note"
                    name="note"
                    list="known-notes"
                    placeholder="candle wax"
                    autocomplete="off"
                    maxlength="120"
                    required
                    aria-describedby="note-error"
                    on:focus=fetch
                />
                <datalist id="known-notes">{names}</datalist>
            </Field>
            <button class="button" r#type="submit">"Add the note"</button>
        </PostForm>
    }
}
