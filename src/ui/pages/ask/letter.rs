//! The form of a question, and under it the answer as it comes into being.

use leptos::{ev::SubmitEvent, html, prelude::*};
use server_fn::ServerFn;

use crate::{
    api::ask::Submit,
    domain::{AppError, text::limits},
    ui::{
        components::{FormError, Icon, IconName, Skeleton, failure, prefilled as prefilled_field},
        live_answer::LiveAnswer,
        pages::answer::{RecommendationSheet, UnderstoodChips, Words},
    },
};

/// How many perfumes an answer names.
const SUGGESTIONS: usize = 5;

/// The state of a question that is being answered.
#[derive(Clone, Copy)]
struct Asking {
    /// An answer is on its way.
    is_open: RwSignal<bool>,
    answer: RwSignal<LiveAnswer>,
    error: RwSignal<Option<AppError>>,
}

/// Asks. Without JavaScript the browser posts the question and is sent to the answer's page; with it the answer grows under
/// the letter, and ends on that page too.
#[component]
pub fn Letter(
    #[prop(into)] label: &'static str,
    /// What stands in the field to begin with, and whenever this changes.
    #[prop(optional, into)]
    prefilled: Signal<String>,
    /// Shown under the letter until it is sent.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let asking = Asking { is_open: RwSignal::new(false), answer: RwSignal::default(), error: RwSignal::new(None) };
    let before_wasm = failure(ServerAction::<Submit>::new());
    let error = Signal::derive(move || asking.error.get().or_else(|| before_wasm.get()));

    // What is typed belongs to the field alone, also what was typed before the wasm had loaded.
    let field = NodeRef::<html::Textarea>::new();
    Effect::new(move |before: Option<String>| {
        let now = prefilled.get();
        if let (Some(before), Some(field)) = (before, field.get_untracked())
            && before != now
        {
            field.set_value(&now);
        }
        now
    });
    let send = sender(asking);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let (false, Some(field)) = (asking.is_open.get_untracked(), field.get_untracked()) {
            send(field.value());
        }
    };
    let is_open = asking.is_open;
    view! {
        <form class="ask-form" method="post" action=Submit::url() on:submit=submit aria-busy=move || is_open.get().then_some("true")>
            <label for="query">{label}</label>
            <textarea
                class="letter"
                id="query"
                name="query"
                rows="3"
                required
                maxlength=limits::QUERY
                node_ref=field
                placeholder="Something that smells like…"
            >
                {prefilled_field(&prefilled.get_untracked())}
            </textarea>
            <FormError error/>
            <div class="actions">
                <button class="button primary" r#type="submit" aria-busy=move || is_open.get().then_some("true")>
                    <Icon name=IconName::Ask/>
                    <span>"Ask"</span>
                </button>
            </div>
        </form>
        <Growing asking/>
        {children.map(|children| view! { <div class="stack loose" hidden=move || is_open.get()>{children()}</div> })}
    }
}

/// The answer so far.
#[component]
fn Growing(asking: Asking) -> impl IntoView {
    let Asking { is_open, answer, .. } = asking;
    let chips = Memo::new(move |_| answer.with(|a| a.chips.clone()));
    let words = Memo::new(move |_| answer.with(|a| a.words.clone()));
    let count = Memo::new(move |_| answer.with(|a| a.recommendations.len()));
    let status = move || match (chips.with(Option::is_some), count.get()) {
        (false, _) => "Reading your question".to_owned(),
        (true, 0) => "Looking through the catalog".to_owned(),
        (true, 1) => "One perfume so far".to_owned(),
        (true, n) => format!("{n} perfumes so far"),
    };
    view! {
        <Show when=move || is_open.get()>
            <section class="section answer-growing" aria-label="The answer" aria-busy="true">
                <p class="visually-hidden" role="status">{status}</p>
                {move || chips.get().map(|chips| view! { <UnderstoodChips chips/> })}
                {move || words.with(|w| !w.is_empty()).then(|| view! { <Words text=words.get()/> })}
                <ol class="answers">
                    <For
                        each=move || answer.with(|a| a.recommendations.clone())
                        key=|r| (r.id.clone(), r.reasoning.len(), r.evidence.len())
                        children=|recommendation| view! { <li><RecommendationSheet recommendation/></li> }
                    />
                    <Show when=move || { count.get() < SUGGESTIONS }>
                        <li><Skeleton/></li>
                    </Show>
                </ol>
            </section>
        </Show>
    }
}

/// Sends a question off and follows its answer to the end, which is the answer's own page.
#[cfg(feature = "hydrate")]
fn sender(asking: Asking) -> impl Fn(String) + 'static {
    use std::ops::ControlFlow;

    use leptos_router::{
        NavigateOptions,
        hooks::{use_location, use_navigate},
    };

    use crate::ui::live_answer::Part;

    let navigate = use_navigate();
    let pathname = use_location().pathname;
    move |query: String| {
        let from_letter = pathname.get_untracked() == "/ask";
        asking.is_open.set(true);
        asking.error.set(None);
        asking.answer.set(LiveAnswer::default());
        let navigate = navigate.clone();
        leptos::task::spawn_local(async move {
            let mut failed = None;
            let mut path = None;
            let outcome = super::stream::ask(&query, |part| {
                match &part {
                    Part::Done(answer) => path = Some(format!("/ask/{}", answer.query_id)),
                    Part::Refused(error) => failed = Some(error.clone()),
                    _ => {}
                }
                // Nobody looks any more: the page was left.
                let is_gone = asking.answer.try_update(|answer| answer.add(part)).is_none();
                if is_gone || path.is_some() || failed.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })
            .await;
            if asking.is_open.is_disposed() {
                return;
            }
            if let Some(error) = outcome.err().or(failed) {
                asking.error.set(Some(error));
                asking.is_open.set(false);
            } else if let Some(path) = path {
                // A reload keeps the answer. From the empty letter the way back leads past it, from another answer to that one.
                navigate(&path, NavigateOptions { replace: from_letter, ..NavigateOptions::default() });
            }
        });
    }
}

/// Only a browser sends.
#[cfg(not(feature = "hydrate"))]
fn sender(asking: Asking) -> impl Fn(String) + 'static {
    move |_query| asking.is_open.set(true)
}
