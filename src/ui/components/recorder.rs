//! Recording a voice in the browser: it can be paused, listened to and thrown away before it is given.
//!
//! There is nothing to see where the browser cannot record, or not yet: before the page is awake, and without JavaScript.
// Only the browser records.
#![cfg_attr(not(feature = "hydrate"), allow(dead_code))]

#[cfg(feature = "hydrate")]
mod session;

use std::fmt::Write;

use leptos::{ev, html, prelude::*};

use super::{Icon, IconName};
use crate::domain::time::clock;

/// A recording as the browser hands it over.
#[cfg(feature = "hydrate")]
pub type Recording = web_sys::File;

/// A recording. On the server there is none.
#[cfg(not(feature = "hydrate"))]
#[derive(Clone, Copy, Debug)]
pub enum Recording {}

/// How many levels the meter shows.
const LEVELS: usize = 56;

/// A microphone that has given nothing louder than a room for so long (in seconds) may be the wrong one, or off.
const SILENT_S: f64 = 4.0;

/// The level that tells a voice from a silent room, 0 to 1.
const VOICE: f32 = 0.25;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// This browser does not record.
    Absent,
    Idle,
    /// The browser asks the person whether the microphone may be used.
    Asking,
    Running,
    Paused,
    /// It can be listened to, kept, and thrown away.
    Recorded,
}

/// What the recorder shows.
#[derive(Clone, Copy)]
struct Desk {
    phase: RwSignal<Phase>,
    /// How long the recording is, in seconds.
    seconds: RwSignal<f64>,
    /// How loud it was last, each 0 to 1, the newest at the end.
    levels: RwSignal<Vec<f32>>,
    /// A voice was heard.
    is_heard: RwSignal<bool>,
    problem: RwSignal<Option<&'static str>>,
    /// Where the browser has the finished recording.
    address: RwSignal<Option<String>>,
}

impl Desk {
    fn new() -> Self {
        Self {
            phase: RwSignal::new(Phase::Absent),
            seconds: RwSignal::new(0.0),
            levels: RwSignal::new(Vec::new()),
            is_heard: RwSignal::new(false),
            problem: RwSignal::new(None),
            address: RwSignal::new(None),
        }
    }

    /// Notes how loud it is now.
    fn hear(self, level: f32) {
        if level >= VOICE && !self.is_heard.get_untracked() {
            self.is_heard.set(true);
        }
        self.levels.update(|levels| {
            levels.push(level);
            let surplus = levels.len().saturating_sub(LEVELS);
            levels.drain(..surplus);
        });
    }

    /// What somebody who does not see the page is told.
    fn announcement(self) -> String {
        match self.phase.get() {
            Phase::Absent | Phase::Idle => String::new(),
            Phase::Asking => "The browser asks whether the microphone may be used.".to_owned(),
            Phase::Running => "Recording.".to_owned(),
            Phase::Paused => format!("Paused at {}.", clock(self.seconds.get_untracked())),
            Phase::Recorded => format!("Recorded, {} long. It is not kept yet.", clock(self.seconds.get_untracked())),
        }
    }

    /// What there is to say about the microphone while it runs.
    fn hint(self) -> Option<&'static str> {
        let is_silent = self.phase.get() == Phase::Running && !self.is_heard.get() && self.seconds.get() > SILENT_S;
        is_silent.then_some("Nothing is heard yet. Is the microphone on, and is it the right one?")
    }
}

/// What is done to a recording.
#[derive(Clone, Copy)]
enum Deed {
    Begin,
    /// Pauses, or goes on.
    Hold,
    Stop,
    Keep,
    Discard,
}

/// Records what is said, and gives it to `on_recorded` once the person has decided to keep it. A recording that is finished
/// when its form is submitted is kept, too; one that still runs holds the form back.
#[component]
pub fn Recorder(on_recorded: Callback<Recording>) -> impl IntoView {
    let desk = Desk::new();
    let root = NodeRef::<html::Div>::new();
    let act = actions(desk, root, on_recorded);
    view! {
        <Show when=move || desk.phase.get() != Phase::Absent>
            <div class="recorder" role="group" aria-label="Your voice" node_ref=root>
                <p class="visually-hidden" role="status">{move || desk.announcement()}</p>
                <Stage desk act/>
                {move || desk.hint().map(|hint| view! { <p class="hint" role="status">{hint}</p> })}
                {move || desk.problem.get().map(|problem| view! { <p class="error" role="alert">{problem}</p> })}
            </div>
        </Show>
    }
}

/// What can be done now. The button that one is likely to want next has the focus that the last one had.
#[component]
fn Stage(desk: Desk, act: Callback<Deed>) -> impl IntoView {
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Shape {
        Offer,
        Strip,
        Replay,
    }
    let shape = Memo::new(move |_| match desk.phase.get() {
        Phase::Absent | Phase::Idle | Phase::Asking => Shape::Offer,
        Phase::Running | Phase::Paused => Shape::Strip,
        Phase::Recorded => Shape::Replay,
    });
    let next = NodeRef::<html::Button>::new();
    Effect::new(move |before: Option<Shape>| {
        let now = shape.get();
        if before.is_some_and(|before| before != now)
            && let Some(button) = next.get()
        {
            let _ = button.focus();
        }
        now
    });
    move || match shape.get() {
        Shape::Offer => {
            let is_asking = move || desk.phase.get() == Phase::Asking;
            view! {
                <button
                    class="button"
                    r#type="button"
                    node_ref=next
                    aria-busy=move || is_asking().then_some("true")
                    on:click=move |_| act.run(Deed::Begin)
                >
                    <Icon name=IconName::Voice/>
                    <span>{move || if is_asking() { "Asking for the microphone" } else { "Record your voice" }}</span>
                </button>
            }
            .into_any()
        }
        Shape::Strip => view! { <Strip desk act next/> }.into_any(),
        Shape::Replay => view! { <Replay desk act next/> }.into_any(),
    }
}

/// While it runs: the time, how loud it is, pause and stop.
#[component]
fn Strip(desk: Desk, act: Callback<Deed>, next: NodeRef<html::Button>) -> impl IntoView {
    let is_paused = move || desk.phase.get() == Phase::Paused;
    let hold = move || match is_paused() {
        true => view! { <Icon name=IconName::Voice/> <span>"Go on"</span> }.into_any(),
        false => view! { <Icon name=IconName::Pause/> <span>"Pause"</span> }.into_any(),
    };
    view! {
        <div class="strip" class:paused=is_paused>
            <p class="strip-time">
                <span class="strip-mark" aria-hidden="true"></span>
                <span class="numeral" role="timer" aria-label="Length">{move || clock(desk.seconds.get())}</span>
            </p>
            <svg class="levels" viewBox=format!("0 0 {} 40", LEVELS * 4) preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <path d=move || desk.levels.with(|levels| strokes(levels))/>
            </svg>
            <div class="actions">
                <button class="button small" r#type="button" on:click=move |_| act.run(Deed::Hold)>{hold}</button>
                <button class="button small" r#type="button" node_ref=next on:click=move |_| act.run(Deed::Stop)>
                    <Icon name=IconName::Stop/>
                    <span>"Stop"</span>
                </button>
            </div>
        </div>
    }
}

/// When it is done: listen, keep, throw away.
#[component]
fn Replay(desk: Desk, act: Callback<Deed>, next: NodeRef<html::Button>) -> impl IntoView {
    view! {
        <div class="replay">
            <audio
                controls
                preload="auto"
                src=move || desk.address.get()
                aria-label=format!("What you recorded, {} long", clock(desk.seconds.get_untracked()))
                on:loadedmetadata=measure
                on:durationchange=measure
            ></audio>
            <div class="actions">
                <button class="button small" r#type="button" node_ref=next on:click=move |_| act.run(Deed::Keep)>
                    <Icon name=IconName::Check/>
                    <span>"Use this recording"</span>
                </button>
                <button class="button small quiet" r#type="button" on:click=move |_| act.run(Deed::Discard)>
                    <Icon name=IconName::Delete/>
                    <span>"Throw it away"</span>
                </button>
            </div>
        </div>
    }
}

/// Levels as upright strokes, the newest at the right.
fn strokes(levels: &[f32]) -> String {
    let first = LEVELS.saturating_sub(levels.len());
    let mut path = String::with_capacity(levels.len() * 18);
    for (at, level) in (first..).zip(levels) {
        let (x, half) = (at * 4 + 2, 0.75 + level.clamp(0.0, 1.0) * 18.0);
        // Writing to a string does not fail.
        let _ = write!(path, "M{x} {:.1}V{:.1}", 20.0 - half, 20.0 + half);
    }
    path
}

/// Browsers write no length into what they record, and a player without one cannot be moved about in: sent beyond the end, it
/// finds the end.
fn measure(event: ev::Event) {
    #[cfg(feature = "hydrate")]
    session::measure(&event);
    #[cfg(not(feature = "hydrate"))]
    drop(event);
}

fn actions(desk: Desk, root: NodeRef<html::Div>, on_recorded: Callback<Recording>) -> Callback<Deed> {
    #[cfg(feature = "hydrate")]
    {
        session::open(desk, root, on_recorded)
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = (desk, root, on_recorded);
        Callback::new(|_| {})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_strokes_with_the_newest_at_the_right() {
        assert_eq!(strokes(&[]), "");
        let right = LEVELS * 4 - 2;
        assert_eq!(strokes(&[0.0, 1.0]), format!("M{} 19.2V20.8M{right} 1.2V38.8", right - 4));
        let full = strokes(&vec![9.0; LEVELS]);
        assert!(full.starts_with("M2 1.2V38.8") && full.matches('M').count() == LEVELS);
    }

    #[test]
    fn a_voice_is_told_from_a_silent_room() {
        let owner = Owner::new();
        owner.with(|| {
            let desk = Desk::new();
            desk.phase.set(Phase::Running);
            desk.seconds.set(1.0);
            assert_eq!(desk.hint(), None);
            (0..LEVELS * 2).for_each(|_| desk.hear(0.1));
            desk.seconds.set(SILENT_S + 1.0);
            assert!(desk.hint().is_some());
            assert_eq!(desk.levels.with_untracked(Vec::len), LEVELS);
            desk.hear(0.6);
            assert_eq!(desk.hint(), None);
        });
    }
}
