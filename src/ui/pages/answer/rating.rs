//! What a person makes of a whole answer.

use leptos::prelude::*;

use crate::{
    api::feedback::Rate,
    domain::{ids::QueryId, text::limits},
    ui::components::{Field, FormError, PostForm, TasteMoved, failure, report},
};

/// A rating from 1 to 5, with what was wrong, if anything was.
#[component]
pub fn RatingForm(query_id: QueryId, rating: Option<u8>) -> impl IntoView {
    let action = ServerAction::<Rate>::new();
    let error = failure(action);
    let outcome = RwSignal::new(None);
    report(action, outcome);
    let kept = Signal::derive(move || outcome.get().filter(Result::is_ok));
    view! {
        <PostForm action class="form" label="Rate this answer">
            <input r#type="hidden" name="query_id" value=query_id.to_string()/>
            <FormError error fields=&["text", "disliked_notes"]/>
            <fieldset class="rating">
                <legend>"From 1 to 5"</legend>
                {(1..=5)
                    .map(|n: u8| {
                        view! {
                            <label>
                                <input r#type="radio" name="rating" value=n.to_string() checked=rating == Some(n) required/>
                                <span>{n}</span>
                            </label>
                        }
                    })
                    .collect_view()}
            </fieldset>
            <Field name="disliked_notes" label="Notes that you did not like" optional=true hint="Separate them with commas. They will be kept out of later answers." error>
                <input id="disliked_notes" name="disliked_notes" aria-describedby="disliked_notes-hint" autocomplete="off"/>
            </Field>
            <Field name="text" label="Anything else" optional=true error>
                <textarea id="text" name="text" rows="2" maxlength=limits::NOTES></textarea>
            </Field>
            <div class="actions">
                <button class="button" r#type="submit">{if rating.is_some() { "Rate again" } else { "Rate the answer" }}</button>
            </div>
        </PostForm>
        <TasteMoved outcome=kept/>
    }
}
