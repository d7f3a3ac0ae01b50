//! One suggestion: a sheet with its flower, its reason, what that rests on, and what one can say to it.

use leptos::{either::Either, prelude::*, task::spawn_local};

use crate::{
    api::feedback::{React, react},
    domain::{
        AppResult,
        answer::{Evidence, Feature, FeedbackReceipt, Reaction, Reactions, Recommendation},
        fragrance::Fragrance,
        ids::RecommendationId,
    },
    ui::components::{
        Bar, Bars, FlowerSize, HoldingButtons, Icon, IconName, PostForm, ScentFlower, TasteMoved, follow, in_short, report,
        signed, wears,
    },
};

/// The words of an answer, in the paragraphs they came in.
#[component]
pub fn Words(#[prop(into)] text: String) -> impl IntoView {
    let paragraphs: Vec<String> = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    view! { <div class="prose answer-words">{paragraphs.into_iter().map(|p| view! { <p>{p}</p> }).collect_view()}</div> }
}

/// A suggestion.
#[component]
pub fn RecommendationSheet(
    recommendation: Recommendation,
    /// The answer is complete and kept, so that one can react to it.
    settled: bool,
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
    let clicked = id.clone();
    let tell = move |_| {
        if settled {
            let id = clicked.to_string();
            // What a click teaches is not worth making anybody wait, or telling them that it failed.
            spawn_local(async move { drop(react(id, Reaction::Clicked.as_str().to_owned(), None).await) });
        }
    };
    let footer = if settled {
        let outcome = RwSignal::new(None::<AppResult<FeedbackReceipt>>);
        Either::Left(view! {
            <Why features/>
            <div class="reactions" role="group" aria-label=format!("What do you say to {full_name}?")>
                <ReactionButtons id reactions outcome/>
                <HoldingButtons id=fragrance.id.clone() owned wishlist outcome/>
            </div>
            <TasteMoved outcome/>
        })
    } else {
        Either::Right(())
    };
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
                {(!reasoning.is_empty()).then(|| view! { <p class="reason">{reasoning}</p> })}
                {evidence.into_iter().map(|evidence| view! { <Rests evidence/> }).collect_view()}
                <Facts fragrance score/>
                {footer}
            </div>
        </article>
    }
}

/// What a claim rests on: words of a memory, or a fact.
#[component]
fn Rests(evidence: Evidence) -> impl IntoView {
    let Evidence { memory_id, memory_title, quote, fact, .. } = evidence;
    let source = memory_id.map(|id| {
        let title = memory_title.filter(|t| !t.is_empty()).unwrap_or_else(|| "the memory".to_owned());
        view! { <a href=format!("/memories/{id}")>{title}</a> }
    });
    let quoted = quote.map(|quote| view! { <p class="evidence"><q>{quote}</q> " " {source}</p> });
    let fact = fact.map(|fact| view! { <p class="evidence fact">{fact}</p> });
    view! {
        {quoted}
        {fact}
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

/// What the score is made of.
#[component]
fn Why(features: Vec<Feature>) -> impl IntoView {
    let mut features: Vec<Feature> = features.into_iter().filter(|f| f.contribution.abs() >= 0.005).collect();
    features.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()).then_with(|| a.name.cmp(&b.name)));
    let bars: Vec<Bar> = features
        .into_iter()
        .map(|f| Bar { label: f.name.replace('_', " "), amount: f.contribution, value: signed(f.contribution), category: None })
        .collect();
    (!bars.is_empty()).then(|| {
        view! {
            <details>
                <summary>"Why this one"</summary>
                <Bars bars/>
            </details>
        }
    })
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
