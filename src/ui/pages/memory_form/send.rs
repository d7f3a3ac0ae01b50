//! Sending files, one after the other, and again when the connection drops.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
    time::Duration,
};

use futures::channel::oneshot;
use leptos::{ev, html, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    ClipboardEvent, DataTransfer, DragEvent, File, FileList, FormData, HtmlElement, HtmlFormElement, HtmlInputElement,
    ProgressEvent, SubmitEvent, Url, XmlHttpRequest,
};

use super::{
    UPLOAD,
    pile::{Item, Pile, State, kind_of},
};
use crate::{
    api::memories::get,
    domain::{
        AppError,
        memory::{FileRoom, MemoryEvent, MemoryReceipt},
    },
};

/// How long to wait before a file is sent again, by how often it has been tried, in seconds.
const WAITS_S: [u64; 5] = [1, 2, 4, 8, 15];

/// The fields that go with a file.
const FIELDS: [&str; 8] = ["title", "content", "occasion", "emotion", "location", "season", "happened_at", "use_place"];

type Words = Vec<(&'static str, String)>;

/// What the browser holds of an item in the pile.
struct Held {
    file: File,
    words: Words,
    request: Option<XmlHttpRequest>,
}

thread_local! {
    static HELD: RefCell<HashMap<u64, Held>> = RefCell::default();
    static ROOM: RefCell<Option<FileRoom>> = const { RefCell::new(None) };
    static LAST_KEY: Cell<u64> = const { Cell::new(0) };
}

/// A key that no item ever had: one that is still waiting must not wake up with the file of another.
fn fresh_key() -> u64 {
    LAST_KEY.with(|last| {
        last.set(last.get() + 1);
        last.get()
    })
}

/// Puts files on the pile.
pub fn give(pile: Pile, files: Vec<File>) {
    let room = ROOM.with_borrow(|room| *room);
    for file in files {
        let key = fresh_key();
        let kind = kind_of(&file.type_(), &file.name());
        let is_shown = file.type_().starts_with("image/");
        let bytes = file.size() as u64;
        let too_large = room
            .filter(|room| bytes > room.of(kind) * 1024 * 1024)
            .map(|room| format!("This is larger than the {} MB that there is room for. It was not sent.", room.of(kind)));
        let item = Item {
            key,
            name: if file.name().is_empty() { "untitled".to_owned() } else { file.name() },
            bytes,
            kind,
            preview: if is_shown { Url::create_object_url_with_blob(&file).ok() } else { None },
            words: ArcRwSignal::default(),
            state: ArcRwSignal::new(too_large.map_or(State::Chosen, State::Refused)),
        };
        pile.say_new(&item);
        HELD.with_borrow_mut(|held| held.insert(key, Held { file, words: Words::new(), request: None }));
        pile.items.update(|items| items.push(item));
    }
}

impl Pile {
    fn say_new(self, item: &Item) {
        match item.state.get_untracked() {
            State::Chosen => self.said.set(format!("{} lies here, to be kept.", item.name)),
            _ => self.say(item),
        }
    }

    fn find(self, key: u64) -> Option<Item> {
        self.items.with_untracked(|items| items.iter().find(|item| item.key == key).cloned())
    }
}

fn listed(files: Option<FileList>) -> Vec<File> {
    files.map(|files| (0..files.length()).filter_map(|at| files.get(at)).collect()).unwrap_or_default()
}

/// Takes the files out of a field, which is empty afterwards.
fn emptied(input: &HtmlInputElement) -> Vec<File> {
    let files = listed(input.files());
    input.set_value("");
    files
}

/// A file was picked, or a photo taken.
pub fn picked(pile: Pile, event: &ev::Event, room: Option<FileRoom>) {
    ROOM.set(room);
    give(pile, emptied(&event_target::<HtmlInputElement>(event)));
}

/// A voice was recorded.
pub fn recorded(pile: Pile, recording: File, room: Option<FileRoom>) {
    ROOM.set(room);
    give(pile, vec![recording]);
}

fn carries_files(data: Option<&DataTransfer>) -> bool {
    data.is_some_and(|data| data.types().includes(&JsValue::from_str("Files"), 0))
}

/// Listens for files that are dropped or pasted, and takes what was picked before this code was there.
pub fn listen(pile: Pile, picker: NodeRef<html::Input>, is_over: RwSignal<bool>) {
    Effect::new(move |_| {
        if let Some(input) = picker.get() {
            give(pile, emptied(&input));
        }
    });
    let over = window_event_listener(ev::dragover, move |event: DragEvent| {
        if carries_files(event.data_transfer().as_ref()) {
            event.prevent_default();
            is_over.set(true);
        }
    });
    let left = window_event_listener(ev::dragleave, move |event: DragEvent| {
        if event.related_target().is_none() {
            is_over.set(false);
        }
    });
    let dropped = window_event_listener(ev::drop, move |event: DragEvent| {
        is_over.set(false);
        let data = event.data_transfer();
        if carries_files(data.as_ref()) {
            event.prevent_default();
            give(pile, listed(data.and_then(|data| data.files())));
        }
    });
    let pasted = window_event_listener(ev::paste, move |event: ClipboardEvent| {
        let Some(data) = event.clipboard_data() else { return };
        let has_text = data.types().includes(&JsValue::from_str("text/plain"), 0);
        let files = listed(data.files());
        // Some programs put a picture of the text beside the text.
        if !files.is_empty() && !has_text {
            event.prevent_default();
            give(pile, files);
        } else if has_text && !is_in_field(&event) {
            write_down(&data.get_data("text/plain").unwrap_or_default());
        }
    });
    let leaving = window_event_listener(ev::beforeunload, move |event| {
        if pile.is_sending.get_untracked() {
            event.prevent_default();
        }
    });
    on_cleanup(move || {
        for listener in [over, left, dropped, pasted, leaving] {
            listener.remove();
        }
    });
}

fn is_in_field(event: &ClipboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    target.is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}

/// Text that is pasted beside all fields belongs into the letter.
fn write_down(text: &str) {
    let letter = document().get_element_by_id("content").and_then(|e| e.dyn_into::<web_sys::HtmlTextAreaElement>().ok());
    let Some(letter) = letter.filter(|_| !text.trim().is_empty()) else { return };
    let before = letter.value();
    let between = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    letter.set_value(&format!("{before}{between}{text}"));
    let _ = letter.focus();
}

/// Sends the files on the pile with what is written in the form. False if there is none.
pub fn submit(pile: Pile, event: &SubmitEvent) -> bool {
    let form = event_target::<HtmlFormElement>(event);
    let items = pile.items.get_untracked();
    let chosen: Vec<&Item> = items.iter().filter(|item| item.state.with_untracked(|s| *s == State::Chosen)).collect();
    if chosen.is_empty() {
        return false;
    }
    let Ok(data) = FormData::new_with_form(&form) else { return false };
    let words: Words = FIELDS
        .iter()
        .filter_map(|name| Some((*name, data.get(name).as_string().filter(|text| !text.trim().is_empty())?)))
        .collect();
    for item in &chosen {
        let own = item.words.get_untracked();
        let mut words = words.clone();
        if chosen.len() > 1 && !own.trim().is_empty() {
            words.retain(|(name, _)| *name != "content");
            words.push(("content", own));
        }
        HELD.with_borrow_mut(|held| {
            if let Some(held) = held.get_mut(&item.key) {
                held.words = words;
            }
        });
        item.state.set(State::Queued);
    }
    form.reset();
    run(pile);
    true
}

/// Sends a file again that was not taken, or (with `again`) that was there already.
pub fn repeat(pile: Pile, key: u64, again: bool) {
    let Some(item) = pile.find(key) else { return };
    HELD.with_borrow_mut(|held| {
        if let Some(held) = held.get_mut(&key) {
            held.words.retain(|(name, _)| *name != "again");
            if again {
                held.words.push(("again", "true".to_owned()));
            }
        }
    });
    item.state.set(State::Queued);
    run(pile);
}

/// Lets go of what the browser holds of an item.
pub fn forget(key: u64) {
    let held = HELD.with_borrow_mut(|held| held.remove(&key));
    if let Some(request) = held.and_then(|held| held.request) {
        let _ = request.abort();
    }
}

/// Lets go of everything, also of what is on its way.
pub fn clear(pile: Pile) {
    clear_where(pile, |_| true);
}

pub fn clear_settled(pile: Pile) {
    clear_where(pile, State::is_settled);
}

fn clear_where(pile: Pile, goes: impl Fn(&State) -> bool) {
    let Some(items) = pile.items.try_get_untracked() else { return };
    let (going, staying): (Vec<Item>, Vec<Item>) = items.into_iter().partition(|item| item.state.with_untracked(&goes));
    for item in going {
        forget(item.key);
        if let Some(address) = item.preview {
            let _ = Url::revoke_object_url(&address);
        }
    }
    pile.items.set(staying);
    pile.said.set(String::new());
}

pub fn catch_up(pile: Pile) {
    for item in pile.items.get_untracked() {
        let Some(id) = item.state.with_untracked(|s| s.memory().filter(|_| !s.is_settled()).cloned()) else { continue };
        spawn_local(async move {
            if let Ok(memory) = get(id.to_string()).await {
                let progress = memory.status.progress();
                pile.hear(&MemoryEvent { id, stage: memory.status, progress, error: memory.error });
            }
        });
    }
}

/// Sends what is queued, one file at a time.
fn run(pile: Pile) {
    if pile.is_sending.get_untracked() {
        return;
    }
    pile.is_sending.set(true);
    spawn_local(async move {
        let next = || {
            let items = pile.items.get_untracked();
            items.into_iter().find(|item| item.state.with_untracked(|s| *s == State::Queued))
        };
        while let Some(item) = next() {
            let state = deliver(&item).await;
            // What was stopped meanwhile is nobody's concern any more.
            if pile.find(item.key).is_some() {
                item.state.set(state);
                pile.say(&item);
            }
        }
        pile.is_sending.set(false);
    });
}

/// How one try ended.
enum Answer {
    Kept(MemoryReceipt),
    Refused(AppError),
    /// The connection dropped, or somebody on the way gave up.
    Dropped,
    /// Later, after this many seconds.
    Later(u64),
}

/// Sends one file until it is answered. The same file twice is answered with the memory that has it, so that nothing is kept
/// twice where only the answer was lost.
async fn deliver(item: &Item) -> State {
    let mut waits = WAITS_S.iter();
    let mut is_first = true;
    loop {
        item.state.set(State::Sending(0.0));
        let answer = post(item).await;
        let wait = match answer {
            Answer::Kept(receipt) if receipt.already_kept && is_first => return State::KeptBefore(receipt.id),
            Answer::Kept(receipt) => return State::kept(receipt),
            Answer::Refused(error) => return State::Refused(error.message().to_owned()),
            Answer::Dropped => waits.next().copied(),
            Answer::Later(seconds) => waits.next().map(|wait| seconds.clamp(*wait, 60)),
        };
        is_first = false;
        let Some(seconds) = wait.filter(|_| HELD.with_borrow(|held| held.contains_key(&item.key))) else {
            let message = "Flowery could not be reached, although it was tried several times. The file is still here.";
            return State::Refused(message.to_owned());
        };
        item.state.set(State::Dropped);
        sleep(seconds).await;
    }
}

async fn sleep(seconds: u64) {
    let (tell, told) = oneshot::channel();
    let wake = move || {
        let _ = tell.send(());
    };
    set_timeout(wake, Duration::from_secs(seconds));
    // Dropped unheard only when the page is gone.
    let _ = told.await;
}

async fn post(item: &Item) -> Answer {
    let unreadable =
        || Answer::Refused(AppError::bad_input("file", "This could not be read as a file. Is it a folder, or gone?"));
    let Some((file, words)) = HELD.with_borrow(|held| held.get(&item.key).map(|h| (h.file.clone(), h.words.clone()))) else {
        return unreadable();
    };
    let Ok(body) = FormData::new() else { return unreadable() };
    for (name, value) in &words {
        let _ = body.append_with_str(name, value);
    }
    if body.append_with_blob_and_filename("file", &file, &item.name).is_err() {
        return unreadable();
    }
    // A folder, or a file that was moved meanwhile, would look like a dropped connection.
    if !is_readable(&file).await {
        return unreadable();
    }
    let Ok(request) = XmlHttpRequest::new() else { return Answer::Dropped };
    if request.open("POST", UPLOAD).is_err() {
        return Answer::Dropped;
    }
    let state = item.state.clone();
    let on_progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.length_computable() && event.total() > 0.0 {
            state.set(State::Sending((event.loaded() / event.total()) as f32));
        }
    });
    if let Ok(upload) = request.upload() {
        upload.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
    }
    let (tell, told) = oneshot::channel::<()>();
    let tell = Rc::new(RefCell::new(Some(tell)));
    let on_end = Closure::<dyn Fn()>::new(move || {
        if let Some(tell) = tell.borrow_mut().take() {
            let _ = tell.send(());
        }
    });
    request.set_onloadend(Some(on_end.as_ref().unchecked_ref()));
    HELD.with_borrow_mut(|held| {
        if let Some(held) = held.get_mut(&item.key) {
            held.request = Some(request.clone());
        }
    });
    if request.send_with_opt_form_data(Some(&body)).is_err() {
        return Answer::Dropped;
    }
    let _ = told.await;
    read(&request)
}

/// Whether the first byte of a file can be had.
async fn is_readable(file: &File) -> bool {
    let Ok(first) = file.slice_with_f64_and_f64(0.0, 1.0) else { return false };
    wasm_bindgen_futures::JsFuture::from(first.array_buffer()).await.is_ok()
}

fn read(request: &XmlHttpRequest) -> Answer {
    let text = request.response_text().ok().flatten().unwrap_or_default();
    let status = request.status().unwrap_or(0);
    let after = || request.get_response_header("retry-after").ok().flatten().and_then(|seconds| seconds.trim().parse().ok());
    match status {
        0 | 502 | 504 => Answer::Dropped,
        429 | 503 => Answer::Later(after().unwrap_or(1)),
        200..300 => serde_json::from_str(&text).map_or(Answer::Dropped, Answer::Kept),
        _ => {
            let error = serde_json::from_str(&text)
                .unwrap_or_else(|_| AppError::unavailable("Flowery answered in a way that could not be read. Please try again."));
            Answer::Refused(error)
        }
    }
}
