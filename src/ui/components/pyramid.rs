//! The pyramid: three lines of words, sized by weight.

use leptos::{either::Either, prelude::*};

use super::{address, category_class};
use crate::domain::{
    flower::{Flower, Petal},
    notes::Layer,
};

/// Writes a flower as a pyramid. Each note leads to the perfumes that carry it.
#[component]
pub fn Pyramid(
    flower: Flower,
    /// The words are as large as their weights.
    #[prop(optional)]
    sized: bool,
) -> impl IntoView {
    let lines = [
        ("top", "Top", Layer::Top),
        ("heart", "Heart", Layer::Middle),
        ("base", "Base", Layer::Base),
        ("other", "Also", Layer::Other),
    ];
    view! {
        <dl class="pyramid">
            {lines
                .into_iter()
                .filter_map(|(class, title, layer)| {
                    let mut petals: Vec<&Petal> = flower.petals.iter().filter(|p| p.layer == layer).collect();
                    petals.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.note.cmp(&b.note)));
                    let words = petals.into_iter().map(|petal| word(petal, sized)).collect::<Vec<_>>();
                    (layer != Layer::Other || !words.is_empty()).then(|| {
                        let words = if words.is_empty() { Either::Left(view! { <span class="faded">"–"</span> }) } else { Either::Right(words) };
                        view! {
                            <div class=class>
                                <dt>{title}</dt>
                                <dd>{words}</dd>
                            </div>
                        }
                    })
                })
                .collect_view()}
        </dl>
    }
}

fn word(petal: &Petal, sized: bool) -> impl IntoView + use<> {
    let size = if sized { format!(" w{}", size_of(petal.weight)) } else { String::new() };
    let class = format!("note {}{size}", category_class(petal.category));
    let href = address("/catalog", &[("note", &petal.note)]);
    view! { <a href=href class=class>{petal.note.clone()}</a> }
}

/// One of five sizes for a weight of 0 to 1.
pub fn size_of(weight: f32) -> u8 {
    1 + (4.0 * weight.clamp(0.0, 1.0)).round() as u8
}
