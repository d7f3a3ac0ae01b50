//! How far a memory has come.

use leptos::prelude::*;

use crate::domain::memory::Status;

/// The stages on the way to being understood, with the present one marked.
#[component]
pub fn Stages<F>(now: F) -> impl IntoView
where
    F: Fn() -> Status + Copy + Send + Sync + 'static,
{
    let place = move || Status::STAGES.iter().position(|stage| *stage == now());
    view! {
        <ol class="stages" aria-label="What is being done">
            {Status::STAGES
                .into_iter()
                .enumerate()
                .map(|(at, stage)| {
                    let is_now = move || place() == Some(at);
                    let is_done = move || now() == Status::Ready || place().is_some_and(|place| at < place);
                    view! {
                        <li class:done=is_done class:now=is_now aria-current=move || is_now().then_some("step")>
                            {stage.label()}
                        </li>
                    }
                })
                .collect_view()}
            <li class:done=move || now() == Status::Ready>{Status::Ready.label()}</li>
        </ol>
    }
}

/// A status as a sentence, for those who listen to the page.
pub fn announcement(status: Status) -> String {
    match status {
        Status::Received => "Your memory is kept and waits to be read.".to_owned(),
        Status::Ready => "Your memory is understood.".to_owned(),
        Status::Failed => "Your memory is kept, but could not be understood.".to_owned(),
        stage => format!("Your memory: {}.", stage.label()),
    }
}
