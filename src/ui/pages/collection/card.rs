//! A perfume on a shelf: what one thinks of it, and taking it down.

use leptos::{html, prelude::*};

use crate::{
    api::collection::Set,
    domain::{
        collection::{CollectionItem, Holding, Shelf},
        ids::FragranceId,
        text::limits,
    },
    ui::components::{FlowerSize, PostForm, ScentFlower, follow_saved, in_short, prefilled},
};

#[component]
pub fn HeldCard(
    item: CollectionItem,
    /// What the perfume is to the person, as it changes.
    holding: Memo<Holding>,
    shelf: Shelf,
    set: ServerAction<Set>,
) -> impl IntoView {
    let CollectionItem { fragrance, flower, .. } = item;
    let name = fragrance.full_name();
    let id = fragrance.id.clone();
    let made = in_short(&fragrance);
    let notes = move || holding.with(|h| h.personal_notes.clone()).map(|words| view! { <p class="personal-notes">{words}</p> });
    let steps = {
        let id = id.clone();
        let moves = Memo::new(move |_| holding.with(|holding| moves(holding, shelf)));
        move || moves.get().into_iter().map(|step| view! { <Step id=id.clone() step set/> }).collect_view()
    };
    view! {
        <article class="sheet fragrance-card">
            <div class="specimen">
                <ScentFlower flower size=FlowerSize::Medium still=true label=name.clone()/>
            </div>
            <p class="house">{fragrance.brand.clone()}</p>
            <h3>
                <a href=format!("/catalog/{id}")>{fragrance.name.clone()}</a>
            </h3>
            {(!made.is_empty()).then(|| view! { <p class="faded small">{made}</p> })}
            {notes}
            <Opinion id name=name.clone() holding set/>
            <div class="reactions" role="group" aria-label=name>{steps}</div>
        </article>
    }
}

/// The rating and the personal notes.
#[component]
fn Opinion(id: FragranceId, name: String, holding: Memo<Holding>, set: ServerAction<Set>) -> impl IntoView {
    let field = format!("notes-{id}");
    let label_for = field.clone();
    let rating = Memo::new(move |_| holding.with(|holding| holding.rating));
    let notes = Memo::new(move |_| holding.with(|holding| holding.personal_notes.clone()).unwrap_or_default());
    let field_of_notes = NodeRef::<html::Textarea>::new();
    follow_saved(
        move || notes.get(),
        move |words| field_of_notes.get_untracked().into_iter().for_each(|field| field.set_value(words)),
    );
    view! {
        <details>
            <summary>{move || rating.get().map_or_else(|| "Rate it".to_owned(), |n| format!("{n} of 5"))}</summary>
            <PostForm action=set class="form" label=format!("What you think of {name}")>
                <input r#type="hidden" name="fragrance_id" value=id.to_string()/>
                <fieldset class="rating">
                    <legend class="visually-hidden">"From 1 to 5"</legend>
                    {(1..=5)
                        .map(|n: u8| {
                            let is_given = Memo::new(move |_| rating.get() == Some(n));
                            view! {
                                <label>
                                    <input
                                        r#type="radio"
                                        name="rating"
                                        value=n.to_string()
                                        checked=is_given.get_untracked()
                                        prop:checked=move || is_given.get()
                                    />
                                    <span>{n}</span>
                                </label>
                            }
                        })
                        .collect_view()}
                </fieldset>
                <div class="field">
                    <label for=label_for>"Your own notes"</label>
                    <textarea id=field name="personal_notes" rows="3" maxlength=limits::NOTES node_ref=field_of_notes>
                        {prefilled(&notes.get_untracked())}
                    </textarea>
                </div>
                <div class="actions">
                    <button class="button small" r#type="submit">"Keep"</button>
                </div>
            </PostForm>
        </details>
    }
}

/// One thing that can be changed with a button: the fields, their values, and what the button says.
#[derive(Clone, PartialEq)]
struct Move {
    fields: &'static [(&'static str, &'static str)],
    label: &'static str,
}

/// What can be done with a perfume on this shelf.
fn moves(holding: &Holding, shelf: Shelf) -> Vec<Move> {
    let mut moves = match shelf {
        Shelf::Owned => vec![Move { fields: &[("owned", "false")], label: "I no longer have it" }],
        Shelf::Wished => vec![
            Move { fields: &[("owned", "true"), ("wishlist", "false")], label: "I have it now" },
            Move { fields: &[("wishlist", "false")], label: "No longer wished for" },
        ],
        Shelf::Rated if holding.rating.is_some() => vec![Move { fields: &[("rating", "0")], label: "Take the rating back" }],
        Shelf::Rated => Vec::new(),
    };
    if holding.personal_notes.is_some() {
        moves.push(Move { fields: &[("personal_notes", "")], label: "Remove your notes" });
    }
    moves
}

#[component]
fn Step(id: FragranceId, step: Move, set: ServerAction<Set>) -> impl IntoView {
    view! {
        <PostForm action=set>
            <input r#type="hidden" name="fragrance_id" value=id.to_string()/>
            {step.fields.iter().map(|(name, value)| view! { <input r#type="hidden" name=*name value=*value/> }).collect_view()}
            <button class="reaction" r#type="submit">{step.label}</button>
        </PostForm>
    }
}
