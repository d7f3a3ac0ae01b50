//! What moved the taste, and why; each of it can be taken back.

use leptos::{either::Either, prelude::*};

use crate::{
    api::profile::Undo,
    domain::{
        page::Page,
        taste::{TargetKind, TasteEvent},
    },
    ui::components::{Pagination, PostForm, TasteMoved, address, signed, target_name},
};

#[component]
pub fn Story(page: Page<TasteEvent>, cursor: String, undo: ServerAction<Undo>) -> impl IntoView {
    if page.items.is_empty() {
        return Either::Left(
            view! { <p class="faded">"Nothing has moved your taste yet. What does will be told here, with its reason."</p> },
        );
    }
    let next = page.next_cursor;
    let events = page.items.into_iter().map(|event| view! { <Told event undo/> }).collect_view();
    let outcome = Signal::derive(move || undo.value().get().filter(Result::is_ok));
    Either::Right(view! {
        <TasteMoved outcome/>
        <ol class="margin-notes">{events}</ol>
        <Pagination path="/profile" cursor next/>
    })
}

#[component]
fn Told(event: TasteEvent, undo: ServerAction<Undo>) -> impl IntoView {
    let TasteEvent { id, target, kind, weight, source, reason, at, undone, .. } = event;
    let name = target_name(&target);
    let href = match target.kind {
        TargetKind::Note => address("/catalog", &[("note", &target.id)]),
        TargetKind::Family => address("/catalog", &[("family", &target.id)]),
        TargetKind::Brand => address("/catalog", &[("brand", &target.id)]),
        TargetKind::Accord => address("/catalog", &[("q", &target.id)]),
        TargetKind::Fragrance => format!("/catalog/{}", target.id),
    };
    let undo_label = format!("Undo: {name} {}", kind.label());
    let way_back = if undone {
        Either::Left(view! { <span>"taken back"</span> })
    } else {
        Either::Right(view! {
            <PostForm action=undo>
                <input r#type="hidden" name="event_id" value=id.to_string()/>
                <button class="link" r#type="submit" aria-label=undo_label>"Undo"</button>
            </PostForm>
        })
    };
    view! {
        <li class=undone.then_some("undone")>
            <p>
                <a href=href>{name}</a>
                " "
                <span class="numeral">{signed(weight)}</span>
                {(!reason.is_empty()).then(|| format!(" – {reason}"))}
            </p>
            <footer>
                <time datetime=at.to_rfc3339()>{at.date_text()}</time>
                <span>{format!("{}, from {}", kind.label(), source.label())}</span>
                {way_back}
            </footer>
        </li>
    }
}
