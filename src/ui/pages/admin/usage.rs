//! What the house has used this month.

use leptos::{either::Either, prelude::*};

use super::Area;
use crate::{
    api::admin,
    domain::{operation::HouseUsage, usage::MonthOfUse},
    ui::components::{Loaded, TableRegion, with_status},
    ui::pages::settings::usage::{cost, money, purpose},
};

/// Questions, times, tokens and cost.
#[component]
pub fn AdminUsage() -> impl IntoView {
    let usage = Resource::new_blocking(|| (), |()| async move { with_status(admin::usage().await) });
    view! {
        <Area title="Usage" lede="What was asked this month, how long it took, and what the provider's models used.">
            <Loaded resource=usage render=|usage| view! { <Used usage/> }/>
        </Area>
    }
}

#[component]
fn Used(usage: HouseUsage) -> impl IntoView {
    let HouseUsage { used, questions, median_ms, p95_ms } = usage;
    let MonthOfUse { month, currency, total, lines, budget, token_budget } = used;
    let spent = cost(total.cost, total.unpriced, &currency);
    let limits = [budget.map(|budget| money(budget, &currency)), token_budget.map(|budget| format!("{budget} tokens"))];
    let limits: Vec<String> = limits.into_iter().flatten().collect();
    let limits = if limits.is_empty() { "without limit".to_owned() } else { limits.join(", ") };
    let unit = currency.clone();
    let table = if lines.is_empty() {
        Either::Left(view! { <p class="faded">"No model of a provider was used."</p> })
    } else {
        let rows = lines
            .into_iter()
            .map(|line| {
                view! {
                    <tr>
                        <th scope="row">{purpose(&line.purpose)}</th>
                        <td class="wide" data-label="Model">{line.model}</td>
                        <td class="numeral" data-label="Calls">{line.calls}</td>
                        <td class="numeral" data-label="Tokens read">{line.prompt_tokens}</td>
                        <td class="numeral" data-label="Tokens written">{line.completion_tokens}</td>
                        <td class="numeral" data-label="Cost">{cost(line.cost, line.unpriced > 0, &unit)}</td>
                    </tr>
                }
            })
            .collect_view();
        Either::Right(view! {
            <TableRegion label="What was used">
                <thead>
                    <tr>
                        <th scope="col">"For"</th><th scope="col">"Model"</th><th scope="col">"Calls"</th>
                        <th scope="col">"Tokens read"</th><th scope="col">"Tokens written"</th><th scope="col">"Cost"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </TableRegion>
        })
    };
    view! {
        <section class="section">
            <dl class="facts">
                <div><dt>"Month"</dt><dd>{month}</dd></div>
                <div><dt>"Questions"</dt><dd>{questions}</dd></div>
                <div><dt>"Half of the answers within"</dt><dd>{format!("{median_ms:.0} ms")}</dd></div>
                <div><dt>"95 of 100 within"</dt><dd>{format!("{p95_ms:.0} ms")}</dd></div>
                <div><dt>"Cost"</dt><dd>{spent}</dd></div>
                <div><dt>"Tokens"</dt><dd>{total.prompt_tokens}" read, "{total.completion_tokens}" written"</dd></div>
                <div><dt>"Budget"</dt><dd>{limits}</dd></div>
            </dl>
        </section>
        <section class="section">{table}</section>
    }
}
