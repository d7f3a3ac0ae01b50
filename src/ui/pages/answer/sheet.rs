//! One suggestion: a sheet with its flower, its reason, what that rests on, and what one can say to it.

use leptos::{either::Either, prelude::*, task::spawn_local};

use super::why::{Path, Why};
use crate::{
    api::{
        ask::Refine,
        feedback::{React, react},
    },
    domain::{
        AppResult,
        answer::{Evidence, FeedbackReceipt, Reaction, Reactions, Recommendation},
        fragrance::Fragrance,
        ids::{FragranceId, MemoryId, QueryId, RecommendationId},
        time::clock,
    },
    ui::components::{
        FlowerSize, FormError, HoldingButtons, Icon, IconName, PostForm, ScentFlower, TasteMoved, failure_here, follow, in_short,
        memory_place, original, report, wears,
    },
};

/// The words of an answer, in the paragraphs they came in.
#[component]
pub fn Words(#[prop(into)] text: String) -> impl IntoView {
    let paragraphs: Vec<String> = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    view! { <div class="prose answer-words">{paragraphs.into_iter().map(|p| view! { <p>{p}</p> }).collect_view()}</div> }
}

/// The answer that a suggestion stands in.
#[derive(Clone, Debug)]
pub struct Settled {
    pub query_id: QueryId,
    /// What would have changed the suggestion's place.
    pub turning_point: Option<String>,
}

/// A suggestion.
#[component]
pub fn RecommendationSheet(
    recommendation: Recommendation,
    /// The answer, if it is complete and kept, so that one can react to it.
    #[prop(optional)]
    settled: Option<Settled>,
) -> impl IntoView {
    let Recommendation {
        id,
        score,
        reasoning,
        exploratory,
        evidence,
        features,
        fragrance,
        flower,
        reactions,
        owned,
        wishlist,
        ..
    } = recommendation;
    let path = format!("/catalog/{}", fragrance.id);
    let full_name = fragrance.full_name();
    let made = in_short(&fragrance);
    let is_photo = |e: &Evidence| e.memory_id.is_some() && e.quote.is_none() && e.fact.is_some();
    let facts: Vec<String> = evidence.iter().filter(|e| !is_photo(e)).filter_map(|e| e.fact.clone()).collect();
    let quotes: Vec<String> = evidence.iter().filter_map(|e| e.quote.clone()).collect();
    let paths = Path::told_by(&evidence, &fragrance.name, &fragrance.notes);
    let quotations = evidence
        .into_iter()
        .filter_map(|evidence| match (evidence.quote.clone(), evidence.fact.clone(), evidence.memory_id.clone()) {
            (Some(quote), ..) => Some(Either::Left(view! { <Quotation quote evidence/> })),
            // What is seen in a photo is no word of the person's.
            (None, Some(seen), Some(id)) => Some(Either::Right(view! { <FromPhoto id seen title=evidence.memory_title/> })),
            _ => None,
        })
        .collect_view();
    let clicked = id.clone();
    let is_settled = settled.is_some();
    let tell = move |_| {
        if is_settled {
            let id = clicked.to_string();
            // What a click teaches is not worth making anybody wait, or telling them that it failed.
            spawn_local(async move { drop(react(id, Reaction::Clicked.as_str().to_owned(), None).await) });
        }
    };
    let footer = settled.map(|Settled { query_id, turning_point }| {
        let outcome = RwSignal::new(None::<AppResult<FeedbackReceipt>>);
        view! {
            <Why facts paths turning_point features/>
            <div class="reactions" role="group" aria-label=format!("What do you say to {full_name}?")>
                <ReactionButtons id reactions outcome/>
                <HoldingButtons id=fragrance.id.clone() owned wishlist outcome/>
            </div>
            <TasteMoved outcome/>
            <AskFromHere query_id fragrance=fragrance.id.clone() name=full_name.clone()/>
        }
    });
    view! {
        <article class="sheet recommendation">
            <div class="specimen">
                <ScentFlower flower size=FlowerSize::Medium label=full_name/>
            </div>
            <div class="body">
                <p class="house">{fragrance.brand.clone()}</p>
                <h3>
                    <a href=path on:click=tell>{fragrance.name.clone()}</a>
                </h3>
                {(!made.is_empty()).then(|| view! { <p class="faded small">{made}</p> })}
                {exploratory.then(|| view! { <p class="aside-note">"something further away"</p> })}
                {(!reasoning.is_empty()).then(|| view! { <Reason text=reasoning quotes/> })}
                {quotations}
                <Facts fragrance score/>
                {footer}
            </div>
        </article>
    }
}

/// The same question again, closer to this perfume or further from it.
#[component]
fn AskFromHere(query_id: QueryId, fragrance: FragranceId, name: String) -> impl IntoView {
    let action = ServerAction::<Refine>::new();
    let error = failure_here(action);
    let ways = [("more_like", "More like this", "more"), ("less_like", "Less like this", "less")];
    let ways = ways.map(|(field, words, how)| {
        let (query_id, fragrance) = (query_id.to_string(), fragrance.to_string());
        let label = format!("Ask again, {how} like {name}");
        view! {
            <PostForm action>
                <input r#type="hidden" name="query_id" value=query_id/>
                <input r#type="hidden" name=field value=fragrance/>
                <button class="button quiet" r#type="submit" aria-label=label>
                    {words}
                </button>
            </PostForm>
        }
    });
    view! {
        <div class="ask-from-here" aria-busy=move || action.pending().get().then_some("true")>{ways.into_iter().collect_view()}</div>
        <FormError error/>
    }
}

/// The reason, with the words of the memories in italics.
#[component]
fn Reason(text: String, quotes: Vec<String>) -> impl IntoView {
    let pieces = pieces(&text, &quotes)
        .into_iter()
        .map(|piece| match piece {
            Piece::Plain(words) => Either::Left(words.to_owned()),
            Piece::Quoted(words) => Either::Right(view! { <q>{words.to_owned()}</q> }),
        })
        .collect_view();
    view! { <p class="reason">{pieces}</p> }
}

/// A part of a reason.
#[derive(Debug, PartialEq)]
enum Piece<'a> {
    Plain(&'a str),
    /// A person's own words, without their quotation marks.
    Quoted(&'a str),
}

/// Parts a reason at the quotations (“…”) that stand in its evidence.
fn pieces<'a>(text: &'a str, quotes: &[String]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut plain_end = 0;
    while let Some(open) = rest[plain_end..].find('“').map(|at| at + plain_end) {
        let inside = open + '“'.len_utf8();
        let quoted = quotes
            .iter()
            .map(String::as_str)
            .find(|q| rest[inside..].strip_prefix(*q).is_some_and(|after| after.starts_with('”')));
        match quoted {
            Some(quote) => {
                let end = inside + quote.len();
                pieces.extend([Piece::Plain(&rest[..open]), Piece::Quoted(&rest[inside..end])]);
                rest = &rest[end + '”'.len_utf8()..];
                plain_end = 0;
            }
            None => plain_end = inside,
        }
    }
    pieces.push(Piece::Plain(rest));
    pieces.retain(|piece| !matches!(piece, Piece::Plain("")));
    pieces
}

/// The words that a claim rests on, and where they come from.
#[component]
fn Quotation(quote: String, evidence: Evidence) -> impl IntoView {
    let Evidence { memory_id, memory_title, span, page, at_s, .. } = evidence;
    let source = memory_id.map(|id| {
        let title = memory_title.filter(|t| !t.is_empty()).unwrap_or_else(|| "the memory".to_owned());
        let place = match (page, at_s) {
            (Some(page), _) => format!(", page {page}"),
            (None, Some(at)) => format!(", at {}", clock(at)),
            (None, None) => String::new(),
        };
        let second = at_s.map(|at| view! { <PlaySecond id=id.clone() at_s=at/> });
        let link = view! { <a href=memory_place(&id, span, page, at_s) dir="auto">{title}{place}</a> };
        view! { {link} {second} }
    });
    view! {
        <div class="evidence">
            <q dir="auto">{quote}</q>
            " "
            {source}
        </div>
    }
}

/// The second of a recording at which something is said.
#[component]
fn PlaySecond(id: MemoryId, at_s: f64) -> impl IntoView {
    view! {
        <audio controls preload="none" src=format!("{}#t={at_s}", original(&id, "")) aria-label=format!("From {} on", clock(at_s))></audio>
    }
}

/// What a claim takes from a photo, with the photo.
#[component]
fn FromPhoto(id: MemoryId, seen: String, title: Option<String>) -> impl IntoView {
    let title = title.filter(|t| !t.is_empty()).unwrap_or_else(|| "your photo".to_owned());
    view! {
        <div class="evidence from-photo">
            <img src=original(&id, "thumbnail") alt="" width="72" height="72" loading="lazy"/>
            <p>
                {seen}
                " "
                <a href=format!("/memories/{id}") dir="auto">{title}</a>
            </p>
        </div>
    }
}

#[component]
fn Facts(fragrance: Fragrance, score: f64) -> impl IntoView {
    let facts = [
        ("Price", fragrance.price.map(|price| price.text())),
        ("Wears", wears(&fragrance)),
        ("Fits", Some(format!("{:.0} of 100", score * 100.0))),
    ];
    let facts =
        facts.into_iter().filter_map(|(term, fact)| Some(view! { <div><dt>{term}</dt><dd>{fact?}</dd></div> })).collect_view();
    view! { <dl class="facts">{facts}</dl> }
}

/// Like, dislike, bought.
#[component]
fn ReactionButtons(
    id: RecommendationId,
    reactions: Reactions,
    outcome: RwSignal<Option<AppResult<FeedbackReceipt>>>,
) -> impl IntoView {
    let action = ServerAction::<React>::new();
    let state = RwSignal::new(reactions);
    follow(action, state, |state, sent| {
        if let Some(reaction) = Reaction::from_word(&sent.reaction) {
            let is_said = !sent.undo.unwrap_or(false);
            // One does not like and dislike the same thing: the later word counts.
            match reaction {
                Reaction::Liked if is_said => state.disliked = false,
                Reaction::Disliked if is_said => state.liked = false,
                _ => {}
            }
            state.set(reaction, is_said);
        }
    });
    report(action, outcome);
    let buttons = [
        (Reaction::Liked, "Like", IconName::Like),
        (Reaction::Disliked, "Dislike", IconName::Dislike),
        (Reaction::Purchased, "Bought it", IconName::Bought),
    ];
    buttons
        .map(|(reaction, label, icon)| {
            let pressed = move || state.with(|state| state.get(reaction));
            let id = id.to_string();
            view! {
                <PostForm action>
                    <input r#type="hidden" name="recommendation_id" value=id/>
                    <input r#type="hidden" name="reaction" value=reaction.as_str()/>
                    <input r#type="hidden" name="undo" value=move || pressed().to_string()/>
                    <button class="reaction" r#type="submit" aria-pressed=move || pressed().to_string()>
                        <Icon name=icon/>
                        <span>{label}</span>
                    </button>
                </PostForm>
            }
        })
        .into_iter()
        .collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_words_of_the_memories_are_set_as_quotations() {
        let quotes = ["warm “stone” and dust".to_owned(), "Ö".to_owned()];
        let text = "It is “quiet”; you wrote “warm “stone” and dust”, and “Ö”";
        let expected = [
            Piece::Plain("It is “quiet”; you wrote "),
            Piece::Quoted("warm “stone” and dust"),
            Piece::Plain(", and "),
            Piece::Quoted("Ö"),
        ];
        assert_eq!(pieces(text, &quotes), expected);
        assert_eq!(pieces("“open", &quotes), [Piece::Plain("“open")]);
        assert_eq!(pieces("", &quotes), []);
    }

    proptest::proptest! {
        #[test]
        fn nothing_of_a_reason_is_lost(text in "[a“”é ]{0,24}", quotes in proptest::collection::vec("[aé“” ]{0,4}", 0..3)) {
            let told: String = pieces(&text, &quotes)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Plain(words) => words.to_owned(),
                    Piece::Quoted(words) => format!("“{words}”"),
                })
                .collect();
            proptest::prop_assert_eq!(told, text);
        }
    }
}
