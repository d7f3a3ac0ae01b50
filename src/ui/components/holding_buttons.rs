//! "I have it" and "I wish for it": what a perfume is to a person, in two buttons.

use leptos::prelude::*;

use super::{Icon, IconName, PostForm, follow, report};
use crate::{
    api::collection::Set,
    domain::{AppResult, answer::FeedbackReceipt, ids::FragranceId},
};

/// Whether a perfume is owned and wished for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Held {
    owned: bool,
    wishlist: bool,
}

/// The two buttons. They answer at once, and `outcome` hears what it did to the taste.
#[component]
pub fn HoldingButtons(
    id: FragranceId,
    owned: bool,
    wishlist: bool,
    outcome: RwSignal<Option<AppResult<FeedbackReceipt>>>,
) -> impl IntoView {
    let action = ServerAction::<Set>::new();
    let held = RwSignal::new(Held { owned, wishlist });
    follow(action, held, |held, sent| {
        held.owned = sent.owned.unwrap_or(held.owned);
        held.wishlist = sent.wishlist.unwrap_or(held.wishlist);
    });
    report(action, outcome);
    let button = move |field: &'static str, label: &'static str, icon: IconName, is_on: fn(&Held) -> bool| {
        let pressed = move || held.with(is_on);
        let id = id.to_string();
        view! {
            <PostForm action>
                <input r#type="hidden" name="fragrance_id" value=id/>
                <input r#type="hidden" name=field value=move || (!pressed()).to_string()/>
                <button class="reaction" r#type="submit" aria-pressed=move || pressed().to_string()>
                    <Icon name=icon/>
                    <span>{label}</span>
                </button>
            </PostForm>
        }
    };
    view! {
        {button("owned", "I have it", IconName::Own, |held| held.owned)}
        {button("wishlist", "I wish for it", IconName::Wish, |held| held.wishlist)}
    }
}
