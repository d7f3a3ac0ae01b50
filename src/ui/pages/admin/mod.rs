//! The operator's area: counts, states and decisions.

mod examples;
mod import;
mod jobs;
mod models;
mod people;
mod tunings;
mod usage;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

pub use self::{
    examples::AdminExamples, import::AdminImport, jobs::AdminJobs, models::AdminModels, people::AdminPeople,
    tunings::AdminTunings, usage::AdminUsage,
};
use crate::ui::layout::SignedIn;

/// The pages of the area.
const PLACES: [(&str, &str); 7] = [
    ("/admin", "jobs"),
    ("/admin/models", "models"),
    ("/admin/fine-tuning", "training"),
    ("/admin/usage", "usage"),
    ("/admin/import", "catalog"),
    ("/admin/users", "people"),
    ("/admin/examples", "examples"),
];

/// A page of the area with the way to the others. Who may see it is decided by what the page loads.
#[component]
fn Area(
    /// The title and the heading.
    title: &'static str,
    lede: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let children = StoredValue::new(children);
    view! {
        <Title text=title/>
        <SignedIn>
            <div class="page">
                <header class="page-head">
                    <p class="eyebrow">"The house"</p>
                    <h1>{title}</h1>
                    <p class="lede">{lede}</p>
                </header>
                <Places/>
                {children.with_value(|children| children())}
            </div>
        </SignedIn>
    }
}

/// The way to the other pages.
#[component]
fn Places() -> impl IntoView {
    let location = use_location();
    let places = PLACES
        .into_iter()
        .map(|(path, label)| {
            let here = move || (location.pathname.get() == path).then_some("page");
            view! { <a href=path aria-current=here>{label}</a> }
        })
        .collect_view();
    view! { <nav class="filter-line" aria-label="The operator's area">{places}</nav> }
}

/// Loads a page anew, with scripts or without.
#[component]
fn LookAgain(path: &'static str) -> impl IntoView {
    view! { <a href=path rel="external">"Look again"</a> }
}

/// A number with its unit, like `3 minutes`, for a time in seconds.
fn duration(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        7_200..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_at_a_glance() {
        assert_eq!(
            [1, 119, 120, 7_199, 7_200, 200_000].map(duration),
            ["1 second", "119 seconds", "2 minutes", "119 minutes", "2 hours", "2 days"]
        );
    }
}
