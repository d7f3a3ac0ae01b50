//! The masthead with the navigation, and the colophon.

use leptos::prelude::*;
use leptos_router::components::A;

use super::{CurrentUser, ThemeButton, current_user};
use crate::{
    domain::{
        flower::{Flower, Petal},
        notes::{Category, Layer},
    },
    ui::components::{FlowerSize, Icon, IconName, ScentFlower},
};

/// The first stop of the tab key.
#[component]
pub fn SkipLink() -> impl IntoView {
    // The browser follows it, not the router: only the browser moves the focus.
    view! { <a class="skip" href="#main" rel="external">"Skip to the text"</a> }
}

/// The top of every page; on phones the navigation is the bottom bar.
#[component]
pub fn Masthead() -> impl IntoView {
    let CurrentUser(user) = current_user();
    let places = [
        ("/memories", "Memories", IconName::Memory),
        ("/ask", "Ask", IconName::Ask),
        ("/profile", "Profile", IconName::Profile),
        ("/collection", "Collection", IconName::Collection),
        ("/catalog", "Catalog", IconName::Catalog),
    ];
    view! {
        <header class="masthead">
            <A href="/" attr:class="wordmark">
                <ScentFlower flower=emblem() size=FlowerSize::Tiny still=true decorative=true/>
                "Flowery"
            </A>
            <nav class="nav" aria-label="Main">
                <ul>
                    {places
                        .into_iter()
                        .map(|(path, label, icon)| view! { <li><A href=path><Icon name=icon/><span>{label}</span></A></li> })
                        .collect_view()}
                </ul>
            </nav>
            <div class="masthead-aside">
                <ThemeButton/>
                <Suspense>
                    {move || Suspend::new(async move {
                        match user.await {
                            Some(_) => view! { <a class="icon-button" href="/settings" aria-label="Settings"><Icon name=IconName::Settings/></a> }.into_any(),
                            None => view! { <A href="/sign-in">"Sign in"</A> }.into_any(),
                        }
                    })}
                </Suspense>
            </div>
        </header>
    }
}

/// The house's own flower.
fn emblem() -> Flower {
    let petal = |note: &str, category, layer, weight| Petal {
        note: note.into(),
        category,
        layer,
        weight,
        literal: true,
        evocation: String::new(),
    };
    Flower {
        petals: vec![
            petal("bergamot", Category::Citrus, Layer::Top, 0.9),
            petal("petitgrain", Category::Citrus, Layer::Top, 0.7),
            petal("pink pepper", Category::Spice, Layer::Top, 0.8),
            petal("rose", Category::Flower, Layer::Middle, 1.0),
            petal("iris", Category::Powder, Layer::Middle, 0.8),
            petal("cedar", Category::Wood, Layer::Base, 0.9),
            petal("amber", Category::Resin, Layer::Base, 0.9),
            petal("oakmoss", Category::Earth, Layer::Base, 0.8),
        ],
        thorns: Vec::new(),
    }
}

/// The bottom of every page.
#[component]
pub fn Colophon() -> impl IntoView {
    view! {
        <footer class="colophon">
            <p>"Flowery learns from what you remember. Your memories are yours: read, correct or delete them at any time."</p>
        </footer>
    }
}
