//! The sheets of the herbarium, side by side or by year.

use std::{cmp::Reverse, collections::BTreeMap};

use leptos::{
    either::{Either, EitherOf3},
    prelude::*,
};

use crate::{
    domain::memory::{MemoryCard, Status},
    ui::components::ScentFlower,
};

/// All memories given, in their order.
#[component]
pub fn Herbarium(cards: Vec<MemoryCard>) -> impl IntoView {
    let sheets = cards.into_iter().map(|card| view! { <li><Card card/></li> }).collect_view();
    view! { <ul class="herbarium">{sheets}</ul> }
}

/// The memories by the year in which they happened, the latest first; those without a date at the end.
#[component]
pub fn Years(cards: Vec<MemoryCard>) -> impl IntoView {
    by_year(cards)
        .into_iter()
        .map(|(year, cards)| {
            let heading = year.map_or_else(|| "At some time".to_owned(), |year| year.to_string());
            let id = year.map_or_else(|| "undated".to_owned(), |year| format!("year-{year}"));
            view! {
                <section class="year" aria-labelledby=id.clone()>
                    <h2 id=id.clone()>{heading}</h2>
                    <Herbarium cards/>
                </section>
            }
        })
        .collect_view()
}

fn by_year(cards: Vec<MemoryCard>) -> Vec<(Option<i32>, Vec<MemoryCard>)> {
    let mut years: BTreeMap<(bool, Reverse<Option<i32>>), Vec<MemoryCard>> = BTreeMap::new();
    for card in cards {
        let year = card.happened_at.map(|at| at.year());
        years.entry((year.is_none(), Reverse(year))).or_default().push(card);
    }
    years
        .into_iter()
        .map(|((_, Reverse(year)), mut cards)| {
            cards.sort_by_key(|card| Reverse(card.happened_at));
            (year, cards)
        })
        .collect()
}

#[component]
fn Card(card: MemoryCard) -> impl IntoView {
    // A title taken from the first words says them already.
    let is_first_words = card.excerpt.trim_start().starts_with(card.title.trim_end_matches('…').trim_end());
    let excerpt = (!is_first_words).then(|| view! { <p class="first-words" dir="auto">{card.excerpt.clone()}</p> });
    let footer = match card.status {
        Status::Ready => EitherOf3::A(view! { <Label card=card.clone()/> }),
        Status::Failed => EitherOf3::B(view! { <p class="status failed">"not understood yet"</p> }),
        status => EitherOf3::C({
            let class = if status == Status::Received { "status received" } else { "status reading" };
            view! { <p class=class>{status.label()}" …"</p> }
        }),
    };
    view! {
        <article class="sheet memory-card" data-status=card.status.as_str()>
            <div class="specimen"><ScentFlower flower=card.flower.clone() label="The flower of this memory"/></div>
            <h3 dir="auto"><a href=format!("/memories/{}", card.id)>{card.title.clone()}</a></h3>
            {excerpt}
            {footer}
        </article>
    }
}

/// Place, season, and when it happened, else when it was written.
#[component]
fn Label(card: MemoryCard) -> impl IntoView {
    let place = card.location.map(|place| view! { <span dir="auto">{place}</span> });
    let season = card.season.map(|season| view! { <span>{season.label()}</span> });
    let time = match card.happened_at {
        Some(at) => Either::Left(view! { <time datetime=at.date_iso()>{at.date_text()}</time> }),
        None => Either::Right(
            view! { <span>"written " <time datetime=card.created_at.date_iso()>{card.created_at.date_text()}</time></span> },
        ),
    };
    view! { <footer class="label">{place} {season} {time}</footer> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{flower::Flower, ids::MemoryId, memory::MemoryType, time::Timestamp};

    fn card(id: &str, happened: Option<&str>) -> MemoryCard {
        MemoryCard {
            has_thumbnail: false,
            id: MemoryId::from_key(id),
            title: String::new(),
            excerpt: String::new(),
            memory_type: MemoryType::Text,
            status: Status::Ready,
            error: None,
            emotion: None,
            location: None,
            season: None,
            happened_at: happened.and_then(Timestamp::parse),
            created_at: Timestamp::from_unix_nanos(0),
            flower: Flower::default(),
        }
    }

    #[test]
    fn years_run_backwards_and_the_undated_come_last() {
        let cards =
            vec![card("a", None), card("b", Some("1994-02-01")), card("c", Some("2010-01-01")), card("d", Some("1994-07-01"))];
        let years: Vec<(Option<i32>, Vec<String>)> = by_year(cards)
            .into_iter()
            .map(|(year, cards)| (year, cards.into_iter().map(|c| c.id.to_string()).collect()))
            .collect();
        let expected = [(Some(2010), vec!["c"]), (Some(1994), vec!["d", "b"]), (None, vec!["a"])];
        assert_eq!(years, expected.map(|(year, ids)| (year, ids.into_iter().map(str::to_owned).collect::<Vec<_>>())));
    }
}
