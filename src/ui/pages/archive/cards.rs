//! The sheets of the herbarium, side by side or by year.

use std::{cmp::Reverse, collections::BTreeMap};

use leptos::{
    either::{Either, EitherOf3},
    prelude::*,
};

use crate::{
    domain::{
        memory::{FoundPassage, MemoryCard, MemoryType, ScentSource, Status},
        time::{Timestamp, clock},
    },
    ui::components::{Icon, IconName, ScentFlower, memory_place, original},
};

/// All memories given, in their order.
#[component]
pub fn Herbarium(cards: Vec<MemoryCard>) -> impl IntoView {
    let sheets = cards.into_iter().map(|card| view! { <li><Card card/></li> }).collect_view();
    view! { <ul class="herbarium">{sheets}</ul> }
}

/// The memories by the year in which they happened, else were kept, the latest first.
#[component]
pub fn Years(cards: Vec<MemoryCard>) -> impl IntoView {
    by_year(cards)
        .into_iter()
        .map(|(year, cards)| {
            let heading = year.to_string();
            let id = format!("year-{year}");
            view! {
                <section class="year" aria-labelledby=id.clone()>
                    <h2 id=id.clone()>{heading}</h2>
                    <Herbarium cards/>
                </section>
            }
        })
        .collect_view()
}

/// When a memory stands on the line of time.
fn time_of(card: &MemoryCard) -> Timestamp {
    card.happened_at.unwrap_or(card.created_at)
}

fn by_year(cards: Vec<MemoryCard>) -> Vec<(i32, Vec<MemoryCard>)> {
    let mut years: BTreeMap<Reverse<i32>, Vec<MemoryCard>> = BTreeMap::new();
    for card in cards {
        years.entry(Reverse(time_of(&card).year())).or_default().push(card);
    }
    years
        .into_iter()
        .map(|(Reverse(year), mut cards)| {
            cards.sort_by_key(|card| Reverse(time_of(card)));
            (year, cards)
        })
        .collect()
}

#[component]
fn Card(card: MemoryCard) -> impl IntoView {
    // A title taken from the first words says them already.
    let is_first_words = card.excerpt.trim_start().starts_with(card.title.trim_end_matches('…').trim_end());
    let excerpt = match card.passage.clone() {
        Some(passage) => EitherOf3::A(view! { <Passage passage/> }),
        None if is_first_words || card.excerpt.is_empty() => EitherOf3::B(()),
        None => EitherOf3::C(view! { <p class="first-words" dir="auto">{card.excerpt.clone()}</p> }),
    };
    let path = card.passage.as_ref().map_or_else(
        || format!("/memories/{}", card.id),
        |found| match found.source {
            // What is seen in a picture has no place in a text.
            ScentSource::Image => format!("/memories/{}", card.id),
            _ => memory_place(&card.id, Some(found.place), found.page, found.at_s),
        },
    );
    let kind = (card.memory_type != MemoryType::Text).then(|| {
        view! { <p class="kind"><Icon name=IconName::from(card.memory_type)/> <span>{card.memory_type.label()}</span></p> }
    });
    let specimen = match card.has_thumbnail {
        true => Either::Left(view! {
            <img class="thumbnail" src=original(&card.id, "thumbnail") alt="" loading="lazy"/>
            <ScentFlower flower=card.flower.clone() label="The flower of this memory"/>
        }),
        false => Either::Right(view! { <ScentFlower flower=card.flower.clone() label="The flower of this memory"/> }),
    };
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
            <div class="specimen" class:pictured=card.has_thumbnail>{specimen}</div>
            {kind}
            <h3 dir="auto"><a href=path>{card.title.clone()}</a></h3>
            {excerpt}
            {footer}
        </article>
    }
}

/// What a search has found, with the words themselves marked; a page or a second says where.
#[component]
fn Passage(passage: FoundPassage) -> impl IntoView {
    let letters: Vec<char> = passage.text.chars().collect();
    let said = passage.said.filter(|said| said.start < said.end && said.end <= letters.len());
    let part = |range: std::ops::Range<usize>| letters[range].iter().collect::<String>();
    let words = match said {
        Some(said) => Either::Left(view! {
            {part(0..said.start)}
            <mark class="found">{part(said.start..said.end)}</mark>
            {part(said.end..letters.len())}
        }),
        None => Either::Right(passage.text.clone()),
    };
    let place = match (passage.page, passage.at_s, passage.source) {
        (Some(page), ..) => Some(format!("page {page}")),
        (None, Some(at), _) => Some(format!("at {}", clock(at))),
        (None, None, ScentSource::Image) => Some("seen in the picture".to_owned()),
        _ => None,
    };
    view! {
        <p class="first-words" dir="auto">{words}</p>
        {place.map(|place| view! { <p class="faded small">{place}</p> })}
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
    use crate::domain::{flower::Flower, ids::MemoryId};

    fn card(id: &str, happened: Option<&str>) -> MemoryCard {
        MemoryCard {
            has_thumbnail: false,
            passage: None,
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
    fn years_run_backwards_and_the_undated_stand_where_they_were_kept() {
        let cards =
            vec![card("a", None), card("b", Some("1994-02-01")), card("c", Some("2010-01-01")), card("d", Some("1994-07-01"))];
        let years: Vec<(i32, Vec<String>)> = by_year(cards)
            .into_iter()
            .map(|(year, cards)| (year, cards.into_iter().map(|c| c.id.to_string()).collect()))
            .collect();
        let expected = [(2010, vec!["c"]), (1994, vec!["d", "b"]), (1970, vec!["a"])];
        assert_eq!(years, expected.map(|(year, ids)| (year, ids.into_iter().map(str::to_owned).collect::<Vec<_>>())));
    }
}
