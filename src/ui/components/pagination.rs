//! The way through a list that is longer than a page.

use leptos::{either::Either, prelude::*};

use super::address;

/// Leads to the next page, and back to the first. Nothing is shown for a list of one page.
#[component]
pub fn Pagination(
    path: &'static str,
    /// What narrows the list, and stays as it is.
    #[prop(optional)]
    query: Vec<(&'static str, String)>,
    /// Where this page starts; blank for the first.
    #[prop(into)]
    cursor: String,
    next: Option<String>,
    /// Where on the page the list stands, if not at its beginning.
    #[prop(optional)]
    place: &'static str,
    /// What comes next, in a word.
    #[prop(default = "Older")]
    forth: &'static str,
) -> impl IntoView {
    let at = |cursor: &str| {
        let mut all: Vec<(&str, &str)> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        all.push(("cursor", cursor));
        format!("{}{}{place}", address(path, &all), if place.is_empty() { "" } else { "#" })
    };
    let first = (!cursor.is_empty()).then(|| at(""));
    let next = next.map(|cursor| at(&cursor));
    if first.is_none() && next.is_none() {
        return Either::Left(());
    }
    Either::Right(view! {
        <nav class="pagination" aria-label="Pages">
            {first.map(|href| view! { <a class="button quiet" rel="prev" href=href>"To the first page"</a> })}
            {next.map(|href| view! { <a class="button quiet" rel="next" href=href>{forth}</a> })}
        </nav>
    })
}
