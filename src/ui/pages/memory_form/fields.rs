//! The fields of a memory's form.

use leptos::prelude::*;

use crate::{
    domain::{
        AppError,
        memory::{Memory, Season},
        text::limits,
        typed::Typed,
    },
    ui::components::{Field, FormError, prefilled},
};

/// The fields that show their own errors.
const FIELDS: &[&str] = &["content", "title", "location", "season", "happened_at", "occasion", "emotion", "file"];

/// Those of them that are folded away.
const CIRCUMSTANCES: &[&str] = &["location", "season", "happened_at", "occasion", "emotion"];

/// The fields of both forms.
#[component]
pub fn MemoryFields(
    #[prop(optional)] memory: Option<Memory>,
    /// What was typed before, where there is no memory yet.
    #[prop(optional)]
    typed: Typed,
    error: Signal<Option<AppError>>,
    /// A file may stand in the place of the words.
    #[prop(optional)]
    words_optional: bool,
    /// What stands between the words and the rest.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let prior = memory.as_ref();
    let or_typed = |name: &str, known: Option<String>| known.or_else(|| typed.get(name));
    let content = or_typed("content", prior.map(|m| m.content.clone())).unwrap_or_default();
    let title = or_typed("title", prior.map(|m| m.title.clone()));
    let season = prior.and_then(|m| m.season).or_else(|| Season::from_word(&typed.get("season")?));
    let happened = or_typed("happened_at", prior.and_then(|m| m.happened_at).map(|at| at.date_iso()));
    let location = or_typed("location", prior.and_then(|m| m.location.clone()));
    let occasion = or_typed("occasion", prior.and_then(|m| m.occasion.clone()));
    let emotion = or_typed("emotion", prior.and_then(|m| m.emotion.clone()));
    let is_known = season.is_some() || happened.is_some() || [&location, &occasion, &emotion].iter().any(|fact| fact.is_some());
    let at_fault = move || error.get().and_then(|e| e.field().map(|f| CIRCUMSTANCES.contains(&f))).unwrap_or(false);
    let choices = [None].into_iter().chain(Season::ALL.iter().copied().map(Some)).map(|choice| {
        let (value, label) = choice.map_or(("", "not sure"), |s| (s.as_str(), s.label()));
        view! {
            <label class="choice">
                <input r#type="radio" name="season" value=value checked=choice == season/>
                <span>{label}</span>
            </label>
        }
    });
    view! {
        <FormError error fields=FIELDS/>
        <Letter content error required=!words_optional/>
        {children.map(|children| children())}
        <Field name="title" label="Title" optional=true hint="Without one, the first words serve." error>
            <input
                id="title"
                name="title"
                value=title
                maxlength=limits::TITLE
                aria-describedby="title-hint title-error"
                aria-invalid=invalid(error, "title")
            />
        </Field>
        <details open=move || is_known || at_fault()>
            <summary>"Where, when and how"</summary>
            <div class="form">
                <ShortField name="location" label="Where was it?" value=location placeholder="my grandmother’s kitchen" error/>
                <fieldset class="choices">
                    <legend>"Season"</legend>
                    {choices.collect_view()}
                </fieldset>
                <div class="field-row">
                    <Field name="happened_at" label="When, about?" error>
                        <input
                            r#type="date"
                            id="happened_at"
                            name="happened_at"
                            value=happened
                            aria-describedby="happened_at-error"
                            aria-invalid=invalid(error, "happened_at")
                        />
                    </Field>
                    <ShortField name="occasion" label="Was there an occasion?" value=occasion placeholder="the first snow" error/>
                </div>
                <ShortField name="emotion" label="How did it feel?" value=emotion placeholder="safe, a little sleepy" error/>
            </div>
        </details>
    }
}

/// The memory itself, with how much of it there may be.
#[component]
fn Letter(content: String, error: Signal<Option<AppError>>, required: bool) -> impl IntoView {
    let typed = RwSignal::new(None::<usize>);
    let room = move || match typed.get() {
        None => format!("Up to {} characters.", grouped(limits::CONTENT)),
        Some(n) if n >= limits::CONTENT => {
            format!(
                "The sheet is full: {0} of {0} characters. Please see whether the end is still there.",
                grouped(limits::CONTENT)
            )
        }
        Some(n) => format!("{} of {} characters.", grouped(n), grouped(limits::CONTENT)),
    };
    view! {
        <Field name="content" label="The memory" error>
            <textarea
                class="letter"
                id="content"
                name="content"
                rows="8"
                maxlength=limits::CONTENT
                required=required
                dir="auto"
                aria-describedby="content-room content-error"
                aria-invalid=invalid(error, "content")
                placeholder="It had rained all afternoon, and the whole stairwell smelled of wet wool and floor polish …"
                on:input=move |event| typed.set(Some(event_target_value(&event).chars().count()))
            >
                {prefilled(&content)}
            </textarea>
            <p class="hint numeral" id="content-room">{room}</p>
        </Field>
    }
}

/// A field for a few words that may stay empty.
#[component]
fn ShortField(
    name: &'static str,
    label: &'static str,
    value: Option<String>,
    placeholder: &'static str,
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    view! {
        <Field name label optional=true error>
            <input
                id=name
                name=name
                value=value
                placeholder=placeholder
                maxlength=limits::SHORT
                dir="auto"
                aria-describedby=format!("{name}-error")
                aria-invalid=invalid(error, name)
            />
        </Field>
    }
}

/// Marks the control that the error is about.
pub fn invalid(
    error: Signal<Option<AppError>>,
    name: &'static str,
) -> impl Fn() -> Option<&'static str> + Send + Sync + Copy + 'static {
    move || error.with(|e| e.as_ref().and_then(|e| e.field()) == Some(name)).then_some("true")
}

/// A number with its thousands apart, e.g. `20 000`.
fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let written = [0, 999, 1000, 20_000, 1_234_567].map(|n| grouped(n).replace('\u{a0}', " "));
        assert_eq!(written, ["0", "999", "1 000", "20 000", "1 234 567"]);
    }
}
