//! The people of the house, counted.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::Area;
use crate::{
    api::admin,
    domain::operation::{Census, PersonState},
    ui::components::{Loaded, Pagination, TableRegion, with_status},
};

/// Counts and states, and nothing that anybody wrote.
#[component]
pub fn AdminPeople() -> impl IntoView {
    let query = use_query_map();
    let cursor = Memo::new(move |_| query.with(|q| q.get("cursor")).unwrap_or_default());
    let census =
        Resource::new_blocking(move || cursor.get(), |cursor| async move { with_status(admin::users(Some(cursor)).await) });
    view! {
        <Area title="People" lede="Counts and states. Names, emails, memories and questions are theirs alone.">
            <Loaded resource=census render=move |census| view! { <Counted census cursor=cursor.get_untracked()/> }/>
        </Area>
    }
}

#[component]
fn Counted(census: Census, cursor: String) -> impl IntoView {
    let facts = [
        ("People", census.people),
        ("Operators", census.operators),
        ("Let their answers teach", census.consenting),
        ("Seen in 7 days", census.seen_7d),
        ("Seen in 30 days", census.seen_30d),
        ("Memories", census.memories),
        ("Memories that failed", census.failed_memories),
        ("Questions", census.questions),
        ("Training examples", census.examples),
    ];
    let facts = facts.into_iter().map(|(name, count)| view! { <div><dt>{name}</dt><dd>{count}</dd></div> }).collect_view();
    let rows = census.items.into_iter().map(|person| view! { <Person person/> }).collect_view();
    let next = census.next_cursor;
    view! {
        <section class="section"><dl class="facts">{facts}</dl></section>
        <section class="section">
            <TableRegion label="Accounts">
                <thead>
                    <tr>
                        <th scope="col">"Account"</th><th scope="col">"Role"</th><th scope="col">"Since"</th>
                        <th scope="col">"Last seen"</th><th scope="col">"Memories"</th><th scope="col">"Failed"</th>
                        <th scope="col">"Questions"</th><th scope="col">"Reactions"</th><th scope="col">"Teaches"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableRegion>
            <Pagination path="/admin/users" cursor next/>
        </section>
    }
}

#[component]
fn Person(person: PersonState) -> impl IntoView {
    let last_seen = person.last_seen.map_or_else(|| "–".to_owned(), |at| at.date_text());
    view! {
        <tr>
            <th scope="row" class="small">{person.id.to_string()}</th>
            <td data-label="Role">{person.role.label()}</td>
            <td data-label="Since">{person.since.date_text()}</td>
            <td data-label="Last seen">{last_seen}</td>
            <td class="numeral" data-label="Memories">{person.memories}</td>
            <td class="numeral" data-label="Failed">{person.failed_memories}</td>
            <td class="numeral" data-label="Questions">{person.questions}</td>
            <td class="numeral" data-label="Reactions">{person.reactions}</td>
            <td data-label="Teaches">{if person.consents { "yes" } else { "no" }}</td>
        </tr>
    }
}
