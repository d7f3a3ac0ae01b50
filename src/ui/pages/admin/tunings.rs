//! Trainings of the ranking and of the language model.

use leptos::{either::Either, prelude::*};
use serde_json::Value;

use super::{Area, LookAgain};
use crate::{
    api::admin::{self, CancelTuning, StartTuning},
    domain::{
        operation::{TuningItem, TuningReport, TuningTerms},
        training::TuningKind,
        usage::CURRENCY,
    },
    ui::components::{FormError, Loaded, PostForm, failure, with_status},
};

/// What was trained, what came of it, and a new one.
#[component]
pub fn AdminTunings() -> impl IntoView {
    let start = ServerAction::<StartTuning>::new();
    let cancel = ServerAction::<CancelTuning>::new();
    let versions = move || (start.version().get(), cancel.version().get());
    let report = Resource::new_blocking(versions, |_| async move { with_status(admin::tunings().await) });
    view! {
        <Area title="Training" lede="From the reactions and answers of those who consented.">
            <FormError error=failure(start)/>
            <FormError error=failure(cancel)/>
            <Loaded resource=report render=move |report| view! { <Trainings report start cancel/> }/>
        </Area>
    }
}

#[component]
fn Trainings(report: TuningReport, start: ServerAction<StartTuning>, cancel: ServerAction<CancelTuning>) -> impl IntoView {
    let TuningReport { items, examples, held_out_examples, terms, obstacle } = report;
    let can_tune = obstacle.is_none();
    let begin = move |kind: TuningKind, words: &'static str, off: bool| {
        view! {
            <PostForm action=start>
                <input r#type="hidden" name="kind" value=kind.as_str()/>
                <button class="button" r#type="submit" disabled=off>{words}</button>
            </PostForm>
        }
    };
    let list = if items.is_empty() {
        Either::Left(view! { <p class="faded">"Nothing was trained yet."</p> })
    } else {
        let items = items.into_iter().map(|item| view! { <Training item cancel/> }).collect_view();
        Either::Right(view! { <ol class="margin-notes">{items}</ol> })
    };
    view! {
        <section class="section stack">
            <div class="actions">
                {begin(TuningKind::Ranker, "Train the ranking", false)}
                {begin(TuningKind::OpenAi, "Tune the language model", !can_tune)}
            </div>
            {obstacle.map(|obstacle| view! { <p class="faded small">{obstacle}</p> })}
            {terms.map(|terms| view! { <Terms terms examples held_out_examples/> })}
        </section>
        <section class="section stack">
            <p class="small"><LookAgain path="/admin/fine-tuning"/></p>
            {list}
        </section>
    }
}

/// What holds of every training of a language model.
#[component]
fn Terms(terms: TuningTerms, examples: usize, held_out_examples: usize) -> impl IntoView {
    let amount = |amount: f64| format!("{amount:.2} {CURRENCY}");
    let unknown = || "not said".to_owned();
    let TuningTerms { price, cap, estimate, margin, standard_errors } = terms;
    view! {
        <dl class="facts">
            <div><dt>"Examples to learn from"</dt><dd>{examples}</dd></div>
            <div><dt>"Of other people, to measure by"</dt><dd>{held_out_examples}</dd></div>
            <div><dt>"Price of a million tokens"</dt><dd>{price.map_or_else(unknown, amount)}</dd></div>
            <div><dt>"A training, with the measuring, would cost about"</dt><dd>{estimate.map_or_else(unknown, amount)}</dd></div>
            <div><dt>"And may cost"</dt><dd>{amount(cap)}</dd></div>
        </dl>
        <p class="faded small">
            {format!(
                "A tuned model serves only if its mean score on those examples is {margin} higher than that of the one in service, \
                 and {standard_errors} standard errors above nothing.",
            )}
        </p>
    }
}

#[component]
fn Training(item: TuningItem, cancel: ServerAction<CancelTuning>) -> impl IntoView {
    let what = match item.kind {
        TuningKind::Ranker => format!("The ranking, against {}", item.base_model),
        TuningKind::OpenAi => format!("{} at the provider", item.base_model),
    };
    let figures = figures(&item.metrics);
    let stop = (item.kind == TuningKind::OpenAi && !item.status.is_final()).then(|| {
        view! {
            <PostForm action=cancel>
                <input r#type="hidden" name="id" value=item.id.to_string()/>
                <button class="link small" r#type="submit">"Cancel"</button>
            </PostForm>
        }
    });
    let cost = (item.cost > 0.0).then(|| view! { <span>{format!("{:.4} {CURRENCY}", item.cost)}</span> });
    let model = item.deployed_model.or(item.tuned_model).map(|name| view! { <span>{name}</span> });
    view! {
        <li>
            <p>{what}</p>
            {item.decision.map(|decision| view! { <p class="small">{decision}</p> })}
            {(!figures.is_empty()).then(|| view! { <p class="small faded">{figures}</p> })}
            <footer>
                <span>{item.status.label()}</span>
                {model}
                {cost}
                <span>"begun by "{item.actor.label()}</span>
                <time datetime=item.created_at.to_rfc3339()>{item.created_at.minute_text()}</time>
                {stop}
            </footer>
        </li>
    }
}

/// The plain numbers and words among the figures.
fn figures(metrics: &Value) -> String {
    let shown = metrics.as_object().into_iter().flatten().filter_map(|(name, value)| {
        let value = match value {
            Value::Number(number) => match number.as_f64().filter(|x| x.fract() != 0.0) {
                Some(x) => format!("{x:.3}"),
                None => number.to_string(),
            },
            Value::String(text) if name != "decision" && name != "base" => text.clone(),
            _ => return None,
        };
        Some(format!("{} {value}", name.replace('_', " ")))
    });
    shown.collect::<Vec<_>>().join(" · ")
}
