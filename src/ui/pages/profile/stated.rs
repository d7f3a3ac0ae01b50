//! What a person has said outright: families, intensity, budget.

use leptos::{html, prelude::*};

use crate::{
    api::profile::Update,
    domain::{
        fragrance::{Currency, Family, Intensity},
        intent::Budget,
        profile::Profile,
    },
    ui::components::{Field, PostForm, failure},
};

/// The form on its page, which stays while what it shows is loaded anew.
#[derive(Clone, Copy)]
pub struct Shown {
    form: NodeRef<html::Form>,
    last: StoredValue<Option<Said>>,
}

impl Shown {
    pub fn new() -> Self {
        Self { form: NodeRef::new(), last: StoredValue::new(None) }
    }

    /// Shows this now. What was typed gives way to what is saved, once that has become something else.
    fn show(self, now: Said) {
        let before = self.last.try_update_value(|last| last.replace(now.clone())).flatten();
        if let (Some(before), Some(form)) = (before, self.form.get_untracked())
            && before != now
        {
            form.reset();
        }
    }
}

/// What stands in the form when it is not being filled in.
#[derive(Clone, PartialEq)]
struct Said {
    families: Vec<Family>,
    intensity: Option<Intensity>,
    budget: Option<Budget>,
}

#[component]
pub fn Stated(taste: Profile, update: ServerAction<Update>, shown: Shown) -> impl IntoView {
    let Profile { preferred_families, intensity_preference, budget, .. } = taste;
    let now = Said { families: preferred_families.clone(), intensity: intensity_preference, budget };
    // After what is drawn, so that the fields fall back to what is saved by then.
    Effect::new(move |_| shown.show(now.clone()));
    let error = failure(update);
    let amount = |amount: f64| format!("{amount}");
    let min = budget.and_then(|b| b.min).map(amount).unwrap_or_default();
    let max = budget.map(|b| amount(b.max)).unwrap_or_default();
    let currency = budget.map_or(Currency::Eur, |b| b.currency);
    // A blank value would be no answer at all; a space is the answer "any".
    let intensities = std::iter::once((" ", "any", None)).chain(Intensity::ALL.iter().map(|i| (i.as_str(), i.label(), Some(*i))));
    view! {
        <PostForm action=update class="form" label="What you have said" form_ref=shown.form>
            <fieldset class="choices">
                <legend>"Families you like"</legend>
                // Says that the list was given, even if nothing in it is checked.
                <input r#type="hidden" name="preferred_families[]" value=""/>
                {Family::ALL
                    .iter()
                    .map(|family| {
                        let checked = preferred_families.contains(family);
                        view! {
                            <label class="choice">
                                <input r#type="checkbox" name="preferred_families[]" value=family.as_str() checked=checked/>
                                <span>{family.label()}</span>
                            </label>
                        }
                    })
                    .collect_view()}
            </fieldset>
            <fieldset class="choices">
                <legend>"How loud"</legend>
                {intensities
                    .map(|(word, label, intensity)| {
                        let checked = intensity_preference == intensity;
                        view! {
                            <label class="choice">
                                <input r#type="radio" name="intensity_preference" value=word checked=checked/>
                                <span>{label}</span>
                            </label>
                        }
                    })
                    .collect_view()}
            </fieldset>
            <fieldset>
                <legend>"What a bottle may cost"</legend>
                <div class="field-row">
                    <div class="field">
                        <label for="budget_min">"From " <span class="optional">"optional"</span></label>
                        <input id="budget_min" name="budget_min" r#type="number" min="0" max="100000" step="any" inputmode="decimal" value=min/>
                    </div>
                    <Field name="budget_max" label="Up to" error>
                        <input id="budget_max" name="budget_max" r#type="number" min="1" max="100000" step="any" inputmode="decimal" value=max/>
                    </Field>
                    <div class="field">
                        <label for="currency">"Currency"</label>
                        <select id="currency" name="currency">
                            {Currency::ALL
                                .iter()
                                .map(|c| view! { <option value=c.as_str() selected=*c == currency>{c.as_str()}</option> })
                                .collect_view()}
                        </select>
                    </div>
                </div>
            </fieldset>
            <div class="actions">
                <button class="button primary" r#type="submit">"Save"</button>
                {budget
                    .is_some()
                    .then(|| {
                        view! {
                            <button class="button quiet" r#type="submit" name="clear_budget" value="true">
                                "Save without a budget"
                            </button>
                        }
                    })}
                <p class="small faded" role="status">
                    {move || update.value().with(|value| matches!(value, Some(Ok(_)))).then_some("Saved.")}
                </p>
            </div>
        </PostForm>
    }
}
