//! Small drawings of numbers: a word, a bar, the number.

use leptos::prelude::*;

use crate::domain::notes::Category;

/// One bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    pub label: String,
    /// Its length is its share of the longest; negative ones are as long as positive ones.
    pub amount: f64,
    /// The number as it is read.
    pub value: String,
    /// Gives the bar its colour.
    pub category: Option<Category>,
}

/// Draws bars under each other, the longest over the whole width.
#[component]
pub fn Bars(bars: Vec<Bar>) -> impl IntoView {
    let longest = bars.iter().map(|bar| bar.amount.abs()).fold(0.0, f64::max);
    view! {
        <ul class="bars">
            {bars
                .into_iter()
                .map(|bar| {
                    let width = if longest > 0.0 { bar.amount.abs() / longest * 100.0 } else { 0.0 };
                    view! {
                        <li class=bar.category.map(category_class)>
                            <span class="bar-label">{bar.label}</span>
                            <svg class="bar" aria-hidden="true">
                                <rect width=format!("{width:.1}%") height="100%"/>
                            </svg>
                            <span class="bar-value">{bar.value}</span>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}

/// The class that brings a category's colour.
pub fn category_class(category: Category) -> String {
    format!("cat-{}", category.as_str())
}

/// A number with its sign, as it is read: `+0.12`, `−0.05`.
pub fn signed(number: f64) -> String {
    let sign = if number < 0.0 { '−' } else { '+' };
    format!("{sign}{:.2}", number.abs())
}
