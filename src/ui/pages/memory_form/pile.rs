//! Files that a person gives, and what becomes of each.
// Only the browser has files.
#![cfg_attr(not(feature = "hydrate"), allow(dead_code))]

use leptos::prelude::*;

use crate::{
    domain::{
        ids::{MemoryId, UserId},
        memory::{MemoryEvent, MemoryReceipt, MemoryType, Status},
    },
    ui::layout::{CurrentUser, current_user},
};

/// How far a file has come.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// It lies here and can be taken away again.
    Chosen,
    /// It waits for those before it.
    Queued,
    /// This share of its bytes has left, 0 to 1.
    Sending(f32),
    /// The connection dropped; it will be sent again.
    Dropped,
    /// It was not taken; the sentence says why.
    Refused(String),
    /// A memory of this very file is there already.
    KeptBefore(MemoryId),
    /// It is a memory now, which is being understood.
    Kept { id: MemoryId, status: Status, progress: f32, error: Option<String> },
}

impl State {
    pub fn kept(receipt: MemoryReceipt) -> Self {
        Self::Kept { id: receipt.id, status: receipt.status, progress: receipt.status.progress(), error: None }
    }

    /// The memory that was made of it, or that had it before.
    pub fn memory(&self) -> Option<&MemoryId> {
        match self {
            Self::Kept { id, .. } | Self::KeptBefore(id) => Some(id),
            _ => None,
        }
    }

    /// Nothing more will happen to it by itself.
    pub fn is_settled(&self) -> bool {
        match self {
            Self::Chosen | Self::Refused(_) | Self::KeptBefore(_) => true,
            Self::Kept { status, .. } => status.is_final(),
            Self::Queued | Self::Sending(_) | Self::Dropped => false,
        }
    }

    /// How much of what is being done is done, 0 to 1.
    pub fn progress(&self) -> Option<f32> {
        match self {
            Self::Queued | Self::Dropped => Some(0.0),
            Self::Sending(share) => Some(*share),
            Self::Kept { status, progress, .. } if !status.is_final() => Some(*progress),
            _ => None,
        }
    }

    /// In words.
    pub fn words(&self) -> String {
        match self {
            Self::Chosen => String::new(),
            Self::Queued => "waits for its turn".to_owned(),
            Self::Sending(share) if *share >= 1.0 => "is being kept …".to_owned(),
            Self::Sending(share) => format!("on its way, {:.0} %", share * 100.0),
            Self::Dropped => "The connection dropped. It is sent again in a moment.".to_owned(),
            Self::Refused(reason) => reason.clone(),
            Self::KeptBefore(_) => "You already have this.".to_owned(),
            Self::Kept { status: Status::Ready, .. } => "kept and understood".to_owned(),
            Self::Kept { status: Status::Failed, error, .. } => {
                format!("Kept, but not understood yet. {}", error.as_deref().unwrap_or_default()).trim_end().to_owned()
            }
            Self::Kept { status: Status::Received, .. } => "kept, and waits to be read".to_owned(),
            Self::Kept { status, .. } => format!("kept; {} …", status.label()),
        }
    }

    /// What happened to the memory meanwhile.
    pub fn hear(&mut self, event: &MemoryEvent) {
        if let Self::Kept { id, status, progress, error } = self
            && *id == event.id
        {
            (*status, *progress, *error) = (event.stage, event.progress, event.error.clone());
        }
    }
}

/// A file in the pile. The file itself stays with the browser.
#[derive(Clone)]
pub struct Item {
    pub key: u64,
    pub name: String,
    pub bytes: u64,
    /// As far as it can be told before it is sent.
    pub kind: Option<MemoryType>,
    /// The address of a picture of it.
    pub preview: Option<String>,
    /// Words of its own.
    pub words: ArcRwSignal<String>,
    pub state: ArcRwSignal<State>,
}

/// The files that were given on this visit. They outlive the page, so that one may go on while they are sent.
#[derive(Clone, Copy)]
pub struct Pile {
    pub items: RwSignal<Vec<Item>>,
    /// What was said last, for those who listen to the page.
    pub said: RwSignal<String>,
    /// One file after the other is being sent.
    pub is_sending: RwSignal<bool>,
}

/// Makes the pile. To be called once, above all pages, where it is known who is signed in.
pub fn provide_pile() {
    let pile = Pile { items: RwSignal::new(Vec::new()), said: RwSignal::new(String::new()), is_sending: RwSignal::new(false) };
    provide_context(pile);
    let CurrentUser(user) = current_user();
    Effect::new(move |owner: Option<Option<UserId>>| {
        let owner = owner.flatten();
        let Some(now) = user.get() else { return owner };
        let now = now.map(|user| user.id);
        if owner.is_some() && owner != now {
            pile.empty();
        }
        now
    });
}

/// The pile of this visit.
pub fn pile() -> Pile {
    expect_context::<Pile>()
}

impl Pile {
    /// How many files lie here and have not been sent.
    pub fn chosen(self) -> usize {
        self.items.with(|items| items.iter().filter(|item| item.state.with(|state| *state == State::Chosen)).count())
    }

    /// A memory in the pile is still being understood.
    pub fn is_waiting(self) -> bool {
        let is_waiting = |state: &State| matches!(state, State::Kept { status, .. } if !status.is_final());
        self.items.with(|items| items.iter().any(|item| item.state.with(is_waiting)))
    }

    pub fn hear(self, event: &MemoryEvent) {
        let items = self.items.get_untracked();
        let Some(item) = items.iter().find(|item| item.state.with_untracked(|s| s.memory() == Some(&event.id))) else { return };
        item.state.update(|state| state.hear(event));
        if event.stage.is_final() {
            self.say(item);
        }
    }

    /// Takes everything away: who comes next is somebody else.
    fn empty(self) {
        #[cfg(feature = "hydrate")]
        super::send::clear(self);
    }

    pub fn say(self, item: &Item) {
        self.said.set(format!("{}: {}", item.name, item.state.with_untracked(State::words)));
    }
}

/// What kind of memory a file will be, by what the browser says of it. The server looks for itself.
pub fn kind_of(media_type: &str, name: &str) -> Option<MemoryType> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    match (media_type, ending.as_str()) {
        ("application/pdf", _) | ("", "pdf") => Some(MemoryType::Pdf),
        (media, _) if media.starts_with("image/") => Some(MemoryType::Image),
        (media, _) if media.starts_with("audio/") => Some(MemoryType::Audio),
        ("", "jpg" | "jpeg" | "png" | "webp" | "heic" | "avif") => Some(MemoryType::Image),
        ("" | "video/ogg" | "video/webm" | "video/mp4", "mp3" | "m4a" | "aac" | "ogg" | "opus" | "flac" | "wav" | "webm") => {
            Some(MemoryType::Audio)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: &str, stage: Status) -> MemoryEvent {
        MemoryEvent { id: MemoryId::from_key(id), stage, progress: stage.progress(), error: None }
    }

    #[test]
    fn a_kept_file_follows_its_own_memory() {
        let mut state = State::kept(MemoryReceipt { id: MemoryId::from_key("a"), status: Status::Received, already_kept: false });
        assert_eq!((state.words().as_str(), state.is_settled()), ("kept, and waits to be read", false));
        state.hear(&event("b", Status::Ready));
        assert_eq!(state.progress(), Some(0.0));
        state.hear(&event("a", Status::Embedding));
        assert_eq!((state.words().as_str(), state.progress()), ("kept; finding its meaning …", Some(0.5)));
        state.hear(&event("a", Status::Ready));
        assert_eq!((state.words().as_str(), state.progress(), state.is_settled()), ("kept and understood", None, true));
    }

    #[test]
    fn what_a_file_will_be_is_guessed() {
        assert_eq!(kind_of("image/png", "x"), Some(MemoryType::Image));
        assert_eq!(kind_of("", "Letter.PDF"), Some(MemoryType::Pdf));
        assert_eq!(kind_of("video/webm", "note.webm"), Some(MemoryType::Audio));
        assert_eq!(kind_of("text/html", "a.png"), None);
        assert_eq!(kind_of("", "no ending"), None);
    }
}
