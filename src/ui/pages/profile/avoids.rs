//! Notes to avoid: stated ones, which are laws, and those that the taste leans away from.

use leptos::{either::Either, prelude::*};

use crate::{
    api::profile::Update,
    domain::{profile::Profile, text::limits},
    ui::components::{Icon, IconName, PostForm},
};

/// How many of the notes that the taste leans away from are named.
const NAMED: usize = 10;

#[component]
pub fn Avoids(taste: Profile, update: ServerAction<Update>) -> impl IntoView {
    let Profile { disliked_notes: stated, notes, .. } = taste;
    let mut leaned: Vec<(f64, String)> = notes
        .into_iter()
        .filter(|n| n.leaning.weight < 0.0 && !n.leaning.vetoed && !stated.contains(&n.name))
        .map(|n| (n.leaning.weight, n.name))
        .collect();
    leaned.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    leaned.truncate(NAMED);

    let laws = if stated.is_empty() {
        Either::Left(view! { <p class="faded">"No note is ruled out. Name one here, and no answer will carry it."</p> })
    } else {
        let chips = stated.iter().map(|note| removable(note, &stated, update)).collect_view();
        Either::Right(view! { <ul class="chips" aria-label="Notes to avoid">{chips}</ul> })
    };
    let leaned = (!leaned.is_empty()).then(|| {
        let chips = leaned.into_iter().map(|(_, note)| promotable(note, &stated, update)).collect_view();
        view! {
            <p class="hint">"Your taste leans away from these. Rule one out, and it becomes a law."</p>
            <ul class="chips" aria-label="Notes you lean away from">{chips}</ul>
        }
    });
    view! {
        <div class="stack avoided">
            {laws}
            <PostForm action=update class="form inline" label="Rule out a note">
                {kept(&stated, None)}
                <div class="field">
                    <label for="avoid">"A note to avoid"</label>
                    <input id="avoid" name="disliked_notes[]" required maxlength=limits::SHORT autocomplete="off"/>
                </div>
                <button class="button" r#type="submit">"Rule it out"</button>
            </PostForm>
            {leaned}
        </div>
    }
}

/// The stated notes as hidden fields, without one. The blank one says that the list was given, even if it is empty.
fn kept(stated: &[String], without: Option<&str>) -> impl IntoView + use<> {
    std::iter::once(String::new())
        .chain(stated.iter().filter(|note| Some(note.as_str()) != without).cloned())
        .map(|note| view! { <input r#type="hidden" name="disliked_notes[]" value=note/> })
        .collect_view()
}

fn removable(note: &str, stated: &[String], update: ServerAction<Update>) -> impl IntoView + use<> {
    let others = kept(stated, Some(note));
    let note = note.to_owned();
    let allow = format!("Allow {note} again");
    view! {
        <li>
            <PostForm action=update class="chip not">
                {others}
                <span>{note}</span>
                <button r#type="submit" aria-label=allow>
                    <Icon name=IconName::Close/>
                </button>
            </PostForm>
        </li>
    }
}

fn promotable(note: String, stated: &[String], update: ServerAction<Update>) -> impl IntoView + use<> {
    let stated = kept(stated, None);
    let rule_out = format!("Rule out {note}");
    view! {
        <li>
            <PostForm action=update class="chip">
                {stated}
                <input r#type="hidden" name="disliked_notes[]" value=note.clone()/>
                <span>{note}</span>
                <button r#type="submit" aria-label=rule_out>
                    <Icon name=IconName::Dislike/>
                </button>
            </PostForm>
        </li>
    }
}
