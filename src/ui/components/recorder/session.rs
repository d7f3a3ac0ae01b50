//! The microphone, what records it, and what listens how loud it is.

use std::{cell::RefCell, rc::Rc, time::Duration};

use leptos::{ev, html, leptos_dom::helpers::IntervalHandle, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AnalyserNode, AudioContext, Blob, BlobEvent, BlobPropertyBag, DomException, Event, File, FilePropertyBag, HtmlAudioElement,
    MediaRecorder, MediaRecorderOptions, MediaStream, MediaStreamConstraints, MediaStreamTrack, Node, Url,
};

use super::{Deed, Desk, Phase, Recording};

/// What is recorded where the browser can, the first that it can, and how such a file's name ends.
const TYPES: [(&str, &str); 5] = [
    ("audio/webm;codecs=opus", "webm"),
    ("audio/webm", "webm"),
    ("audio/mp4;codecs=mp4a.40.2", "m4a"),
    ("audio/mp4", "m4a"),
    ("audio/ogg;codecs=opus", "ogg"),
];

/// Plenty for a voice; an hour of it is 22 MB.
const BITS_PER_SECOND: u32 = 48_000;

/// The longest recording, in seconds: one of an hour is refused when it is a moment too long.
const LONGEST_S: f64 = 3_590.0;

/// How often the time and the level are looked at. Who wants little motion gets a step a second.
const TICK: Duration = Duration::from_millis(80);
const CALM_TICK: Duration = Duration::from_secs(1);

/// The range of the meter, in decibels under full scale.
const FLOOR_DB: f32 = -60.0;

/// How many samples a level is measured over.
const WINDOW: u32 = 2_048;

/// A recording that runs.
struct Session {
    stream: MediaStream,
    recorder: MediaRecorder,
    /// Without it, only the meter is missing.
    meter: Option<(AudioContext, AnalyserNode)>,
    /// Seconds until the last pause, and when it went on after that, in milliseconds.
    before_s: f64,
    since_ms: Option<f64>,
    ticking: Option<IntervalHandle>,
    _on_data: Closure<dyn FnMut(BlobEvent)>,
    _on_stop: Closure<dyn FnMut(Event)>,
}

impl Session {
    fn seconds(&self) -> f64 {
        self.before_s + self.since_ms.map_or(0.0, |since| (now_ms() - since) / 1000.0)
    }

    /// How loud it is, 0 to 1 over the range of the meter.
    fn level(&self) -> Option<f32> {
        let (_, analyser) = self.meter.as_ref()?;
        let mut samples = [0.0; WINDOW as usize];
        analyser.get_float_time_domain_data(&mut samples);
        let power = samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32;
        Some((1.0 - 10.0 * power.max(1e-12).log10() / FLOOR_DB).clamp(0.0, 1.0))
    }

    /// Lets go of the microphone.
    fn release(&mut self) {
        if let Some(ticking) = self.ticking.take() {
            ticking.clear();
        }
        let_go(&self.stream);
        if let Some((context, _)) = self.meter.take() {
            let _ = context.close();
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Nothing may call back what is gone.
        self.recorder.set_ondataavailable(None);
        self.recorder.set_onstop(None);
        self.release();
    }
}

/// What the browser holds of the recorder.
#[derive(Clone, Copy)]
struct Held {
    session: StoredValue<Option<Session>, LocalStorage>,
    file: StoredValue<Option<File>, LocalStorage>,
}

fn now_ms() -> f64 {
    window().performance().map_or_else(js_sys::Date::now, |performance| performance.now())
}

/// Whether this browser records, and may here: only secure pages have microphones.
fn is_able() -> bool {
    let has = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &name.into()).is_ok_and(|value| !value.is_undefined());
    has(&window(), "MediaRecorder") && has(&window().navigator(), "mediaDevices")
}

/// Readies the recorder once the page is awake.
pub(super) fn open(desk: Desk, root: NodeRef<html::Div>, on_recorded: Callback<Recording>) -> Callback<Deed> {
    let held = Held { session: StoredValue::new_local(None), file: StoredValue::new_local(None) };
    Effect::new(move |_| {
        if is_able() {
            desk.phase.set(Phase::Idle);
        }
    });
    let act = move |deed| match deed {
        Deed::Begin => begin(desk, held),
        Deed::Hold => hold(desk, held),
        Deed::Stop => stop(held),
        Deed::Keep => keep(desk, held, on_recorded),
        Deed::Discard => discard(desk, held),
    };
    guard(desk, held, root, on_recorded);
    Callback::new(act)
}

/// Sees to it that nothing recorded is lost by accident: not with the form, not with the page.
fn guard(desk: Desk, held: Held, root: NodeRef<html::Div>, on_recorded: Callback<Recording>) {
    // Before the form hears of it, so that the recording goes with it.
    let on_submit = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        let form = event.target().and_then(|target| target.dyn_into::<Node>().ok());
        let Some((form, root)) = form.zip(root.get_untracked()) else { return };
        if !form.contains(Some(&root)) {
            return;
        }
        match desk.phase.get_untracked() {
            Phase::Recorded => keep(desk, held, on_recorded),
            Phase::Running | Phase::Paused => {
                event.prevent_default();
                event.stop_propagation();
                desk.problem.set(Some("The recording is still running. Stop it first, then keep the memory."));
            }
            Phase::Absent | Phase::Idle | Phase::Asking => {}
        }
    });
    let listener = StoredValue::new_local(on_submit);
    listener.with_value(|listener| {
        let _ = window().add_event_listener_with_callback_and_bool("submit", listener.as_ref().unchecked_ref(), true);
    });
    let leaving = window_event_listener(ev::beforeunload, move |event| {
        if matches!(desk.phase.get_untracked(), Phase::Running | Phase::Paused | Phase::Recorded) {
            event.prevent_default();
        }
    });
    on_cleanup(move || {
        leaving.remove();
        listener.try_with_value(|listener| {
            let _ = window().remove_event_listener_with_callback_and_bool("submit", listener.as_ref().unchecked_ref(), true);
        });
        held.session.try_update_value(|session| *session = None);
        if let Some(Some(address)) = desk.address.try_get_untracked() {
            let _ = Url::revoke_object_url(&address);
        }
    });
}

fn begin(desk: Desk, held: Held) {
    if desk.phase.get_untracked() != Phase::Idle {
        return;
    }
    desk.phase.set(Phase::Asking);
    desk.problem.set(None);
    spawn_local(async move {
        let stream = microphone().await;
        // Who has left the page meanwhile is not recorded.
        if desk.phase.try_get_untracked() != Some(Phase::Asking) {
            if let Ok(stream) = stream {
                let_go(&stream);
            }
            return;
        }
        let started = stream.and_then(|stream| start(&stream, desk, held).inspect_err(|_| let_go(&stream)));
        if let Err(error) = started {
            desk.phase.set(Phase::Idle);
            desk.problem.set(Some(reason(&error)));
        }
    });
}

fn let_go(stream: &MediaStream) {
    for track in stream.get_tracks().iter() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
}

async fn microphone() -> Result<MediaStream, JsValue> {
    let wanted = MediaStreamConstraints::new();
    wanted.set_audio_bool(true);
    let asked = window().navigator().media_devices()?.get_user_media_with_constraints(&wanted)?;
    JsFuture::from(asked).await.map(JsCast::unchecked_into)
}

/// Why there is no recording, by the name of the browser's error.
fn reason(error: &JsValue) -> &'static str {
    let name = error.dyn_ref::<DomException>().map(DomException::name).unwrap_or_default();
    match name.as_str() {
        "NotAllowedError" | "SecurityError" => {
            "The browser does not let this page use the microphone. You can allow it beside the page’s address and try again, or give a recording as a file."
        }
        "NotFoundError" | "OverconstrainedError" => {
            "There is no microphone here. You can connect one and try again, or give a recording as a file."
        }
        "NotReadableError" | "AbortError" => {
            "The microphone did not answer; another program may be using it. You can try again, or give a recording as a file."
        }
        _ => "This browser could not record. You can give a recording as a file.",
    }
}

fn start(stream: &MediaStream, desk: Desk, held: Held) -> Result<(), JsValue> {
    let options = MediaRecorderOptions::new();
    options.set_audio_bits_per_second(BITS_PER_SECOND);
    let kind = TYPES.iter().find(|(kind, _)| MediaRecorder::is_type_supported(kind));
    if let Some((kind, _)) = kind {
        options.set_mime_type(kind);
    }
    let recorder = MediaRecorder::new_with_media_stream_and_media_recorder_options(stream, &options)?;
    let parts = Rc::new(RefCell::new(Vec::<Blob>::new()));
    let on_data = Closure::<dyn FnMut(BlobEvent)>::new({
        let parts = Rc::clone(&parts);
        move |event: BlobEvent| {
            if let Some(part) = event.data().filter(|part| part.size() > 0.0) {
                parts.borrow_mut().push(part);
            }
        }
    });
    // It comes when the person stops, and also when the microphone is pulled out.
    let on_stop = Closure::<dyn FnMut(Event)>::new({
        let (recorder, ending) = (recorder.clone(), kind.map_or("webm", |(_, ending)| *ending));
        move |_| finish(desk, held, &parts.take(), &recorder.mime_type(), ending)
    });
    recorder.set_ondataavailable(Some(on_data.as_ref().unchecked_ref()));
    recorder.set_onstop(Some(on_stop.as_ref().unchecked_ref()));
    // A part every second: what was said is there, whatever happens then.
    recorder.start_with_time_slice(1_000)?;
    let is_calm = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten().is_some_and(|query| query.matches());
    let ticking = set_interval_with_handle(move || tick(desk, held), if is_calm { CALM_TICK } else { TICK });
    desk.seconds.set(0.0);
    desk.levels.set(Vec::new());
    desk.is_heard.set(false);
    desk.phase.set(Phase::Running);
    held.session.set_value(Some(Session {
        stream: stream.clone(),
        recorder,
        meter: meter(stream).ok(),
        before_s: 0.0,
        since_ms: Some(now_ms()),
        ticking: ticking.ok(),
        _on_data: on_data,
        _on_stop: on_stop,
    }));
    Ok(())
}

fn meter(stream: &MediaStream) -> Result<(AudioContext, AnalyserNode), JsValue> {
    let context = AudioContext::new()?;
    let analyser = context.create_analyser()?;
    analyser.set_fft_size(WINDOW);
    context.create_media_stream_source(stream)?.connect_with_audio_node(&analyser)?;
    // Some browsers make it asleep.
    let _ = context.resume()?;
    Ok((context, analyser))
}

fn tick(desk: Desk, held: Held) {
    let now =
        held.session.try_with_value(|session| session.as_ref().map(|session| (session.seconds(), session.level()))).flatten();
    let Some((seconds, level)) = now else { return };
    if desk.phase.try_get_untracked() != Some(Phase::Running) {
        return;
    }
    desk.seconds.set(seconds);
    match level {
        Some(level) => desk.hear(level),
        // Without a meter nobody can say that nothing is heard.
        None => desk.is_heard.set(true),
    }
    if seconds >= LONGEST_S {
        desk.problem.set(Some("A recording can be an hour long at most: this one was stopped."));
        stop(held);
    }
}

fn hold(desk: Desk, held: Held) {
    let is_running = desk.phase.get_untracked() == Phase::Running;
    desk.problem.set(None);
    let changed = held.session.try_update_value(|session| {
        let session = session.as_mut()?;
        let done = if is_running { session.recorder.pause() } else { session.recorder.resume() };
        done.ok()?;
        session.before_s = session.seconds();
        session.since_ms = (!is_running).then(now_ms);
        Some(session.before_s)
    });
    if let Some(Some(seconds)) = changed {
        desk.seconds.set(seconds);
        desk.phase.set(if is_running { Phase::Paused } else { Phase::Running });
    }
}

fn stop(held: Held) {
    let recorder = held.session.try_with_value(|session| session.as_ref().map(|session| session.recorder.clone())).flatten();
    if let Some(recorder) = recorder {
        // Fails only when it has stopped by itself, and then it has told.
        let _ = recorder.stop();
    }
}

/// Puts the parts together.
fn finish(desk: Desk, held: Held, parts: &[Blob], media_type: &str, ending: &str) {
    let seconds = held.session.try_update_value(|session| {
        let session = session.as_mut()?;
        let seconds = session.seconds();
        session.since_ms = None;
        session.release();
        Some(seconds)
    });
    if desk.phase.try_get_untracked().is_none() {
        return;
    }
    desk.seconds.set(seconds.flatten().unwrap_or_default());
    let file = bind(parts, media_type, ending);
    let address = file.as_ref().and_then(|file| Url::create_object_url_with_blob(file).ok());
    match (file, address) {
        (Some(file), Some(address)) => {
            held.file.set_value(Some(file));
            desk.address.set(Some(address));
            desk.phase.set(Phase::Recorded);
        }
        _ => {
            desk.phase.set(Phase::Idle);
            desk.problem.set(Some("Nothing was recorded. You can try again, or give a recording as a file."));
        }
    }
}

/// The parts as one file, which is named by the day and the minute.
fn bind(parts: &[Blob], media_type: &str, ending: &str) -> Option<File> {
    if parts.is_empty() {
        return None;
    }
    // The codec may stand behind it; that is not for others.
    let media_type = media_type.split(';').next().filter(|kind| !kind.is_empty()).unwrap_or("audio/webm");
    let all: js_sys::Array = parts.iter().map(JsValue::from).collect();
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let whole = Blob::new_with_blob_sequence_and_options(&all, &options).ok()?;
    let options = FilePropertyBag::new();
    options.set_type(media_type);
    let now = js_sys::Date::new_0();
    let name = format!(
        "Recording {}-{:02}-{:02} {:02}.{:02}.{ending}",
        now.get_full_year(),
        now.get_month() + 1,
        now.get_date(),
        now.get_hours(),
        now.get_minutes(),
    );
    File::new_with_blob_sequence_and_options(&js_sys::Array::of1(&whole), &name, &options).ok()
}

fn keep(desk: Desk, held: Held, on_recorded: Callback<Recording>) {
    let file = held.file.try_update_value(Option::take).flatten();
    clear(desk, held);
    if let Some(file) = file {
        on_recorded.run(file);
    }
}

fn discard(desk: Desk, held: Held) {
    held.file.set_value(None);
    clear(desk, held);
}

/// Ready for the next one.
fn clear(desk: Desk, held: Held) {
    held.session.set_value(None);
    desk.problem.set(None);
    desk.phase.set(Phase::Idle);
    if let Some(address) = desk.address.get_untracked() {
        let _ = Url::revoke_object_url(&address);
        desk.address.set(None);
    }
}

/// See [`super::measure`].
pub(super) fn measure(event: &Event) {
    let Some(player) = event.target().and_then(|target| target.dyn_into::<HtmlAudioElement>().ok()) else { return };
    if !player.duration().is_finite() {
        player.set_current_time(1e9);
    } else if player.paused() {
        player.set_current_time(0.0);
    }
}
