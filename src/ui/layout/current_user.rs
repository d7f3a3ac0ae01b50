//! Who is signed in, as pages see it.

use leptos::{either::EitherOf3, prelude::*};
use leptos_router::{components::Redirect, hooks::use_location};

use crate::{api::accounts::who, domain::account::User, ui::components::Skeleton};

/// The signed-in person, loaded once and shared by all pages.
#[derive(Clone, Copy)]
pub struct CurrentUser(pub Resource<Option<User>>);

/// Starts loading who is signed in. Blocking, since pages redirect by it.
pub fn provide_current_user() {
    provide_context(CurrentUser(Resource::new_blocking(|| (), |()| who())));
}

/// Who is signed in.
pub fn current_user() -> CurrentUser {
    expect_context::<CurrentUser>()
}

/// Shows its children to the signed-in, and sends everybody else to the sign-in page, to come back after.
#[component]
pub fn SignedIn(children: ChildrenFn) -> impl IntoView {
    let CurrentUser(user) = current_user();
    let location = use_location();
    let children = StoredValue::new(children);
    view! {
        <Suspense fallback=|| view! { <div class="page"><Skeleton/></div> }>
            {move || match user.get() {
                None => EitherOf3::A(()),
                Some(Some(_)) => EitherOf3::B(children.with_value(|children| children())),
                Some(None) => {
                    let path = location.pathname.get_untracked();
                    let search = location.search.get_untracked();
                    let here = if search.is_empty() { path } else { format!("{path}?{}", search.trim_start_matches('?')) };
                    EitherOf3::C(view! { <Redirect path=format!("/sign-in?next={}", escape(&here))/> })
                }
            }}
        </Suspense>
    }
}

/// Percent-encodes a path for use as a query value.
fn escape(path: &str) -> String {
    path.bytes()
        .map(|b| if b.is_ascii_alphanumeric() || b"-_./~".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}
