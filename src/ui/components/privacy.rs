//! What becomes of what people give, as pages say it.

use leptos::prelude::*;

use crate::{api, domain::privacy::Promise};

/// Brings what the house can promise with the first page: a browser does not ask for it again.
pub fn provide_promise() {
    provide_context(SharedValue::new(api::privacy::promise).into_inner());
}

/// What this house can promise.
pub fn promise() -> Promise {
    expect_context::<Promise>()
}

/// Where memories lie and who gets to see them.
#[component]
pub fn Privacy() -> impl IntoView {
    let promise = promise();
    view! {
        <section class="section setting" aria-labelledby="privacy-heading">
            <div>
                <h2 id="privacy-heading">"Who sees your memories"</h2>
            </div>
            <div class="stack tight">
                <p>{promise.of_keeping()}</p>
                <p>{promise.of_sending()}</p>
            </div>
        </section>
    }
}
