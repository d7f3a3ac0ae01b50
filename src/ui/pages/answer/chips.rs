//! What was understood of a question.

use leptos::prelude::*;

use crate::{
    api::ask::Refine,
    domain::{ids::QueryId, intent::Chip},
    ui::components::{FormError, Icon, IconName, PostForm, failure_here},
};

/// A wish, or something that is kept out.
fn class_of(chip: &Chip) -> &'static str {
    if chip.excludes { "chip not" } else { "chip" }
}

/// The chips, to be read.
#[component]
pub fn UnderstoodChips(chips: Vec<Chip>) -> impl IntoView {
    view! {
        <div class="understood-chips">
            <span class="faded">{lead(&chips)}</span>
            <ul class="chips" aria-label="What was understood">
                {chips
                    .into_iter()
                    .map(|chip| {
                        let class = class_of(&chip);
                        view! { <li><span class=class>{chip.label}</span></li> }
                    })
                    .collect_view()}
            </ul>
        </div>
    }
}

/// The chips, each with a button that asks again without it.
#[component]
pub fn RefinableChips(query_id: QueryId, chips: Vec<Chip>) -> impl IntoView {
    let action = ServerAction::<Refine>::new();
    let error = failure_here(action);
    view! {
        <div class="understood-chips" aria-busy=move || action.pending().get().then_some("true")>
            <span class="faded">{lead(&chips)}</span>
            <ul class="chips" aria-label="What was understood">
                {chips
                    .into_iter()
                    .map(|chip| {
                        let class = class_of(&chip);
                        let remove = format!("Remove {}", chip.label);
                        let query_id = query_id.to_string();
                        view! {
                            <li>
                                <PostForm action class>
                                    <input r#type="hidden" name="query_id" value=query_id/>
                                    <input r#type="hidden" name="remove_kind" value=chip.kind/>
                                    <input r#type="hidden" name="remove_value" value=chip.value/>
                                    <span>{chip.label}</span>
                                    <button r#type="submit" aria-label=remove>
                                        <Icon name=IconName::Close/>
                                    </button>
                                </PostForm>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </div>
        <FormError error/>
    }
}

fn lead(chips: &[Chip]) -> &'static str {
    if chips.is_empty() {
        "No note, house or price was named: the answer rests on your taste and your memories."
    } else {
        "Understood:"
    }
}
