//! What a person's questions and memories have cost at the provider of models.

use leptos::{either::Either, prelude::*};

use crate::domain::usage::{MonthOfUse, UsageLine, UsageReport};

/// The books of this month. Nothing where no provider is set: nothing costs anything there.
#[component]
pub fn Usage(report: UsageReport) -> impl IntoView {
    let UsageReport { used, notice, has_provider } = report;
    let MonthOfUse { month, currency, total, lines, budget, token_budget } = used;
    if !has_provider && lines.is_empty() {
        return Either::Left(());
    }
    let spent = cost(total.cost, total.unpriced, &currency);
    let of_budget = budget.map(|budget| format!(", of {}", money(budget, &currency))).unwrap_or_default();
    let of_tokens = token_budget.map(|budget| format!(", of {budget} in all")).unwrap_or_default();
    let body = if lines.is_empty() {
        Either::Left(view! { <p>"Nothing yet this month."</p> })
    } else {
        Either::Right(view! { <Lines lines currency/> })
    };
    Either::Right(view! {
        <section class="section setting" aria-labelledby="usage-heading">
            <div class="stack tight">
                <h2 id="usage-heading">"What the language model used"</h2>
                <p class="faded">
                    "A provider's models word the reasons and help to understand your memories. For that they are sent your words, and "
                    "your photos and recordings where this house has them looked at and listened to. Counted in tokens, which are "
                    "pieces of words."
                </p>
            </div>
            <div class="stack">
                {notice.map(|notice| view! { <p class="notice warn" role="status">{notice}</p> })}
                <dl class="facts">
                    <div><dt>"Month"</dt><dd>{month}</dd></div>
                    <div><dt>"Cost"</dt><dd>{spent}{of_budget}</dd></div>
                    <div><dt>"Tokens"</dt><dd>{total.prompt_tokens}" read, "{total.completion_tokens}" written"{of_tokens}</dd></div>
                </dl>
                {body}
            </div>
        </section>
    })
}

#[component]
fn Lines(lines: Vec<UsageLine>, currency: String) -> impl IntoView {
    let rows = lines
        .into_iter()
        .map(|line| {
            let calls = if line.calls == 1 { "once".to_owned() } else { format!("{} times", line.calls) };
            let cost = cost(line.cost, line.unpriced > 0, &currency);
            view! { <li>{purpose(&line.purpose)}", "{line.model}": "{calls}", "{cost}</li> }
        })
        .collect_view();
    view! { <ul class="small">{rows}</ul> }
}

/// What models were used for, as people read it.
pub fn purpose(word: &str) -> String {
    match word {
        "answer" => "Answers".into(),
        "memory" => "Memories".into(),
        "training" => "Training of a language model".into(),
        "measuring" => "Measuring of a tuned one".into(),
        other => other.to_owned(),
    }
}

/// What is known of a cost: of a model without a price, nothing.
pub fn cost(known: f64, unpriced: bool, currency: &str) -> String {
    match (known > 0.0, unpriced) {
        (_, false) => money(known, currency),
        (false, true) => "cost unknown".to_owned(),
        (true, true) => format!("{} and a cost unknown", money(known, currency)),
    }
}

/// Small amounts keep their digits: a question costs a fraction of a cent.
pub fn money(amount: f64, currency: &str) -> String {
    // The sum of nothing is −0.
    let amount = amount + 0.0;
    let digits = if amount > 0.0 && amount < 0.1 { 5 } else { 2 };
    format!("{amount:.digits$} {currency}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_price_is_not_free() {
        assert_eq!(cost(0.0, true, "USD"), "cost unknown");
        assert_eq!(cost(0.5, true, "USD"), "0.50 USD and a cost unknown");
        assert_eq!(cost(0.0, false, "USD"), "0.00 USD");
    }

    #[test]
    fn small_amounts_keep_their_digits() {
        assert_eq!([money(0.0, "USD"), money(-0.0, "USD")], ["0.00 USD", "0.00 USD"]);
        assert_eq!(money(0.000_42, "USD"), "0.00042 USD");
        assert_eq!(money(12.345, "USD"), "12.35 USD");
    }
}
