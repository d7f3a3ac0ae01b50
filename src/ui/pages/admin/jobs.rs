//! The queue.

use std::collections::{BTreeMap, BTreeSet};

use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

use super::{Area, LookAgain, duration};
use crate::{
    api::admin::{self, CancelJob, RetryJob},
    domain::operation::{JobCount, JobItem, JobState, JobsReport},
    ui::components::{FormError, Loaded, Pagination, PostForm, TableRegion, address, failure, with_status},
};

const PATH: &str = "/admin";

/// Which jobs the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Wanted {
    kind: String,
    state: String,
    cursor: String,
}

#[derive(Clone, Copy)]
struct Deeds {
    retry: ServerAction<RetryJob>,
    cancel: ServerAction<CancelJob>,
}

/// What waits, runs and failed.
#[component]
pub fn AdminJobs() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        let given = |name: &str| query.with(|q| q.get(name)).unwrap_or_default();
        Wanted { kind: given("kind"), state: given("state"), cursor: given("cursor") }
    });
    let deeds = Deeds { retry: ServerAction::new(), cancel: ServerAction::new() };
    let versions = move || (deeds.retry.version().get(), deeds.cancel.version().get());
    let report = Resource::new_blocking(
        move || (wanted.get(), versions()),
        |(wanted, _)| async move {
            let Wanted { kind, state, cursor } = wanted.clone();
            with_status(admin::jobs(Some(kind), Some(state), Some(cursor)).await.map(|report| (wanted, report)))
        },
    );
    view! {
        <Area title="Jobs" lede="What the house has to do, what it does, and what it could not do.">
            <FormError error=failure(deeds.retry)/>
            <FormError error=failure(deeds.cancel)/>
            <Loaded resource=report render=move |(wanted, report)| view! { <Queue report deeds wanted/> }/>
        </Area>
    }
}

#[component]
fn Queue(report: JobsReport, deeds: Deeds, wanted: Wanted) -> impl IntoView {
    let waiting = match report.oldest_waiting_s {
        Some(seconds) => format!("The job that is due longest has waited for {}.", duration(seconds)),
        None => "Nothing that is due waits.".to_owned(),
    };
    let states = std::iter::once(("", "all"))
        .chain(JobState::ALL.iter().map(|state| (state.as_str(), state.label())))
        .map(|(word, label)| {
            let href = address(PATH, &[("kind", wanted.kind.as_str()), ("state", word)]);
            view! { <a href=href aria-current=(wanted.state == word).then_some("true")>{label}</a> }
        })
        .collect_view();
    let next = report.next_cursor;
    let jobs = if report.items.is_empty() {
        Either::Left(view! { <p class="faded">"There are none."</p> })
    } else {
        let items = report.items.into_iter().map(|item| view! { <Job item deeds/> }).collect_view();
        Either::Right(view! { <ol class="margin-notes">{items}</ol> })
    };
    let query = vec![("kind", wanted.kind.clone()), ("state", wanted.state.clone())];
    let of_kind = (!wanted.kind.is_empty()).then(|| {
        let all = address(PATH, &[("state", wanted.state.as_str())]);
        view! { <p class="small">{format!("Only: {}. ", kind(&wanted.kind))}<a href=all>"Every kind"</a></p> }
    });
    view! {
        <section class="section stack">
            <Counts counts=report.counts/>
            <p class="faded small">{waiting} " " <LookAgain path=PATH/></p>
        </section>
        <section class="section stack" aria-label="Jobs">
            <nav class="filter-line" aria-label="State">{states}</nav>
            {of_kind}
            {jobs}
            <Pagination path=PATH query cursor=wanted.cursor next/>
        </section>
    }
}

/// How many there are of each kind in each state, and how old the oldest is that has not ended.
#[component]
fn Counts(counts: Vec<JobCount>) -> impl IntoView {
    let kinds: BTreeSet<String> = counts.iter().map(|count| count.kind.clone()).collect();
    let by_place: BTreeMap<(String, JobState), JobCount> =
        counts.into_iter().map(|count| ((count.kind.clone(), count.state), count)).collect();
    let rows = kinds
        .into_iter()
        .map(|word| {
            let at = |state: JobState| by_place.get(&(word.clone(), state));
            let cells = JobState::ALL
                .iter()
                .map(|state| {
                    let count = at(*state).map(|count| {
                        let href = address(PATH, &[("kind", word.as_str()), ("state", state.as_str())]);
                        view! { <a href=href>{count.count}</a> }
                    });
                    view! { <td class="numeral" data-label=state.label()>{count.map_or_else(|| Either::Left("0"), Either::Right)}</td> }
                })
                .collect_view();
            let oldest = [JobState::Queued, JobState::Running].into_iter().filter_map(at).map(|count| count.oldest_s).max();
            view! {
                <tr>
                    <th scope="row">{kind(&word)}</th>
                    {cells}
                    <td data-label="oldest unfinished">{oldest.map_or_else(|| "–".to_owned(), duration)}</td>
                </tr>
            }
        })
        .collect_view();
    let heads = JobState::ALL.iter().map(|state| view! { <th scope="col">{state.label()}</th> }).collect_view();
    view! {
        <TableRegion label="Jobs of each kind">
            <thead><tr><th scope="col">"Kind"</th>{heads}<th scope="col">"oldest unfinished"</th></tr></thead>
            <tbody>{rows}</tbody>
        </TableRegion>
    }
}

#[component]
fn Job(item: JobItem, deeds: Deeds) -> impl IntoView {
    let (what, id) = (kind(&item.kind), item.id.to_string());
    let same = id.clone();
    // A catalog's file is gone, and a training is begun anew.
    let is_repeatable = item.state == JobState::Failed && !matches!(item.kind.as_str(), "import_catalog" | "fine_tune");
    let again = (is_repeatable && !item.superseded).then(|| {
        let label = format!("Try again: {what}, {}", item.subject);
        view! {
            <PostForm action=deeds.retry>
                <input r#type="hidden" name="id" value=same/>
                <button class="link small" r#type="submit" aria-label=label>"Try again"</button>
            </PostForm>
        }
    });
    let stop = (!item.is_over()).then(|| {
        let label = format!("Cancel: {what}, {}", item.subject);
        view! {
            <PostForm action=deeds.cancel>
                <input r#type="hidden" name="id" value=id/>
                <button class="link small" r#type="submit" aria-label=label>"Cancel"</button>
            </PostForm>
        }
    });
    // One that waits for something outside of the house has no tries, and tells of its way.
    let waits = item.state == JobState::Queued && item.attempts == 0 && item.progress.is_some();
    let again_at = if waits { "looked after again " } else { "next try " };
    let is_later = waits || (item.state == JobState::Queued && item.attempts > 0);
    let later = is_later
        .then(|| view! { <span>{again_at}<time datetime=item.run_at.to_rfc3339()>{item.run_at.minute_text()}</time></span> });
    let tries = if item.attempts == 1 { "1 try".to_owned() } else { format!("{} tries", item.attempts) };
    view! {
        <li>
            <p>{format!("{what}: {}", item.state.label())}{(item.state == JobState::Failed && item.superseded).then_some(", done anew since")}</p>
            {item.error.map(|error| view! { <p class="small">{error}</p> })}
            {item.progress.map(|progress| view! { <details><summary>"Report"</summary><pre class="small">{progress}</pre></details> })}
            <footer>
                {(!waits).then(|| view! { <span>{tries}</span> })}
                <span>"since "<time datetime=item.created_at.to_rfc3339()>{item.created_at.minute_text()}</time></span>
                <span>"last change "<time datetime=item.updated_at.to_rfc3339()>{item.updated_at.minute_text()}</time></span>
                {later}
                {again}
                {stop}
            </footer>
        </li>
    }
}

/// What a kind of job does.
fn kind(word: &str) -> String {
    match word {
        "understand_memory" => "Understand a memory".into(),
        "train_ranker" => "Train the ranking".into(),
        "import_catalog" => "Import a catalog".into(),
        "fine_tune" => "Tune the language model".into(),
        "begin_fine_tuning" => "Look whether to tune".into(),
        other => other.replace('_', " "),
    }
}
