//! Where the person is signed in.

use leptos::{either::Either, prelude::*};

use super::browser::browser;
use crate::{
    api::accounts::RevokeSession,
    domain::{AppResult, account::SessionInfo},
    ui::components::{FormError, Loaded, PostForm, failure},
};

/// The browsers in which the person is signed in, and a way to sign each of the others out.
#[component]
pub fn Sessions(sessions: Resource<AppResult<Vec<SessionInfo>>>, revoke: ServerAction<RevokeSession>) -> impl IntoView {
    view! {
        <section class="section setting" aria-labelledby="sessions-heading">
            <div class="stack tight">
                <h2 id="sessions-heading">"Where you are signed in"</h2>
                <p class="faded">"If you do not know one of these, sign it out."</p>
            </div>
            <div class="stack">
                <FormError error=failure(revoke)/>
                <Loaded resource=sessions render=move |sessions| {
                    let items = sessions.into_iter().map(|info| view! { <Session info revoke/> }).collect_view();
                    view! { <ul class="notes sessions">{items}</ul> }
                }/>
            </div>
        </section>
    }
}

#[component]
fn Session(info: SessionInfo, revoke: ServerAction<RevokeSession>) -> impl IntoView {
    let name = browser(&info.user_agent);
    let label = format!("Sign out: {name}");
    let end = match info.current {
        true => Either::Left(view! { <p class="faded small">"this browser"</p> }),
        false => Either::Right(view! {
            <PostForm action=revoke>
                <input r#type="hidden" name="id" value=info.id.to_string()/>
                <button class="link small" r#type="submit" aria-label=label>"Sign out"</button>
            </PostForm>
        }),
    };
    view! {
        <li>
            <p><strong>{name}</strong></p>
            <p class="faded small">
                "Since " <time datetime=info.created_at.date_iso()>{info.created_at.date_text()}</time> ", last seen "
                <time datetime=info.last_seen.date_iso()>{info.last_seen.date_text()}</time>
            </p>
            {end}
        </li>
    }
}
