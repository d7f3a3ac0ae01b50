//! What a reaction moved in the profile, said where it was given.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::signed;
use crate::domain::{
    AppError, AppResult,
    answer::FeedbackReceipt,
    fragrance::Family,
    taste::{Target, TargetKind, TasteChange},
};

/// How many changes are named.
const NAMED: usize = 4;

/// The smallest change that does not read as zero. Everything fades a little whenever something newer is learned.
const VISIBLE: f64 = 0.005;

/// Keeps `state` in step with what is sent: at once, and back as it was if it was refused.
pub fn follow<S, T>(action: ServerAction<S>, state: RwSignal<T>, apply: fn(&mut T, &S))
where
    S: ServerFn<Error = AppError> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
    T: Clone + Send + Sync + 'static,
{
    let before = StoredValue::new(None::<T>);
    Effect::new(move |_| {
        if let Some(sent) = action.input().get() {
            before.set_value(Some(state.get_untracked()));
            state.update(|state| apply(state, &sent));
        }
    });
    Effect::new(move |_| {
        let refused = action.value().with(|value| matches!(value, Some(Err(_))));
        if refused && let Some(before) = before.try_update_value(Option::take).flatten() {
            state.set(before);
        }
    });
}

/// Writes down the last outcome of an action, beside those of others.
pub fn report<S>(action: ServerAction<S>, outcome: RwSignal<Option<AppResult<FeedbackReceipt>>>)
where
    S: ServerFn<Output = FeedbackReceipt, Error = AppError> + Clone + Send + Sync + 'static,
{
    Effect::new(move |_| {
        if let Some(value) = action.value().get() {
            outcome.set(Some(value));
        }
    });
}

/// The line that says what moved, or why nothing did.
#[component]
pub fn TasteMoved(#[prop(into)] outcome: Signal<Option<AppResult<FeedbackReceipt>>>) -> impl IntoView {
    let words = move || {
        outcome.get().map(|outcome| match outcome {
            Ok(receipt) => moved(&receipt.changes),
            Err(error) => error.message().to_owned(),
        })
    };
    view! { <p class="small faded" role="status">{words}</p> }
}

/// The changes in words, biggest first: `Your taste moved: cedar +0.12, rose −0.05.` Perfumes are named only where nothing
/// else moved: that one likes what one has just liked is no news.
pub fn moved(changes: &[TasteChange]) -> String {
    let visible = |c: &&TasteChange| (c.after - c.before).abs() >= VISIBLE;
    let news: Vec<&TasteChange> = changes.iter().filter(visible).filter(|c| c.target.kind != TargetKind::Fragrance).collect();
    let told = if news.is_empty() { changes.iter().filter(visible).collect() } else { news };
    // A family and an accord can share their word: it is said once, for the one that moved further.
    let mut said: Vec<(String, f64)> = Vec::new();
    for (name, by) in told.into_iter().map(|c| (target_name(&c.target), c.after - c.before)) {
        if said.iter().all(|(other, _)| *other != name) {
            said.push((name, by));
        }
    }
    let named: Vec<String> = said.iter().take(NAMED).map(|(name, by)| format!("{name} {}", signed(*by))).collect();
    match (named.is_empty(), said.len().saturating_sub(NAMED)) {
        (true, _) => "Noted.".to_owned(),
        (false, 0) => format!("Your taste moved: {}.", named.join(", ")),
        (false, more) => format!("Your taste moved: {} and {more} more.", named.join(", ")),
    }
}

/// What a taste is about, as people read it.
pub fn target_name(target: &Target) -> String {
    match target.kind {
        TargetKind::Family => Family::from_word(&target.id).map_or_else(|| target.id.clone(), |family| family.label().to_owned()),
        TargetKind::Fragrance => target.id.replace('_', " "),
        TargetKind::Note | TargetKind::Accord | TargetKind::Brand => target.id.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(note: &str, before: f64, after: f64) -> TasteChange {
        TasteChange { target: Target::note(note), before, after, reason: String::new() }
    }

    #[test]
    fn says_what_moved_and_which_way() {
        assert_eq!(
            moved(&[change("cedar", 0.1, 0.22), change("rose", 0.0, -0.05)]),
            "Your taste moved: cedar +0.12, rose −0.05."
        );
        assert_eq!(moved(&[]), "Noted.");
        assert_eq!(moved(&[change("cedar", 0.1, 0.1001)]), "Noted.");
        let woody = |kind| TasteChange { target: Target::new(kind, "woody"), ..change("", 0.0, 0.2) };
        assert_eq!(moved(&[woody(TargetKind::Family), woody(TargetKind::Accord)]), "Your taste moved: woody +0.20.");
        let perfume = TasteChange { target: Target::new(TargetKind::Fragrance, "a_b"), ..change("", 0.0, 0.5) };
        assert_eq!(moved(std::slice::from_ref(&perfume)), "Your taste moved: a b +0.50.");
        assert_eq!(moved(&[perfume, change("rose", 0.0, 0.1)]), "Your taste moved: rose +0.10.");
        let many: Vec<_> = (0..6).map(|n| change(&format!("n{n}"), 0.0, 0.1)).collect();
        assert!(moved(&many).ends_with("n3 +0.10 and 2 more."));
    }

    #[test]
    fn names_are_for_people() {
        assert_eq!(target_name(&Target::new(TargetKind::Family, "fougere")), "fougère");
        assert_eq!(target_name(&Target::new(TargetKind::Fragrance, "guerlain_shalimar")), "guerlain shalimar");
    }
}
