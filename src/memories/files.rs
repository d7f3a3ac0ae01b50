//! Memories that come with a file: kept, shown, corrected and erased.

use std::{ops::Range, time::Duration};

use bytes::Bytes;
use futures::Stream;
use object_store::path::Path;

use super::{Memories, receive, receive::Incoming, unknown};
use crate::{
    domain::{
        AppError, AppResult, ErrorCode,
        ids::{MemoryId, UserId},
        memory::{FileInfo, FileRoom, FileText, Mark, MemoryDraft, MemoryReceipt, RawMemoryDraft},
        text::{limits, within},
    },
    store::{
        file_reading, identity, new_key,
        originals::{DISPLAY, ORIGINAL, Originals, Outgoing, THUMBNAIL},
        scent_memory::{self, FileKept, FileTerms, KeptFile},
    },
    understanding::Understanding,
};

/// Which picture of a memory is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// The file itself.
    Original,
    Display,
    Thumbnail,
}

impl Size {
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "" | "original" => Some(Self::Original),
            "display" => Some(Self::Display),
            "thumbnail" => Some(Self::Thumbnail),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Original => ORIGINAL,
            Self::Display => DISPLAY,
            Self::Thumbnail => THUMBNAIL,
        }
    }
}

/// A file of a memory, or a picture of it, that can be sent.
pub struct Sendable {
    pub name: String,
    pub media_type: String,
    pub bytes: u64,
    /// Changes with the bytes, and only with them.
    pub version: String,
    key: Path,
}

fn ours(error: &anyhow::Error) -> AppError {
    tracing::error!(error = %error, "the store of originals failed");
    AppError::internal()
}

impl Memories {
    /// The largest body that an upload may have, in bytes.
    pub fn largest_upload(&self) -> u64 {
        // The words beside the file, and what holds the parts together.
        self.files.limits.largest() + 512 * 1024
    }

    /// How large a file of each kind may be.
    pub fn room(&self) -> FileRoom {
        let limits = self.files.limits;
        FileRoom { image_mb: limits.image_mb, pdf_mb: limits.pdf_mb, audio_mb: limits.audio_mb }
    }

    /// Takes a file in, as a stream. It is kept only by [`Self::add_file`].
    pub async fn receive<E: std::fmt::Display>(
        &self,
        name: &str,
        bytes: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> AppResult<Incoming> {
        receive::receive(self.files.waiting_room.path(), &self.files.limits, name, bytes).await
    }

    /// Keeps a memory with its file. The very same file is not kept twice, unless that is wanted: then the memory that has it is
    /// answered, so that a page may send a file again after the connection dropped.
    pub async fn add_file(
        &self,
        user: &UserId,
        incoming: Incoming,
        draft: RawMemoryDraft,
        (place_agreed, again): (bool, bool),
    ) -> AppResult<MemoryReceipt> {
        let draft = draft.check_beside(&incoming.info.name)?;
        if !again && let Some(kept) = scent_memory::with_file(&self.store, user, &incoming.info.sha256).await? {
            return Ok(MemoryReceipt { id: kept.id, status: kept.status, already_kept: true });
        }
        let terms = FileTerms { again, quota: self.files.limits.quota() };
        // Before anything is written; what counts is what is found when it is kept.
        if scent_memory::bytes_kept(&self.store, user).await? + incoming.info.bytes > terms.quota {
            return Err(self.no_room());
        }
        let id = MemoryId::from_key(new_key());
        let kept = self.keep(user, &id, incoming, &draft, (place_agreed, terms)).await;
        if !matches!(kept, Ok(FileKept::New)) {
            self.erase_files(user, &id).await;
        }
        match kept? {
            FileKept::New => Ok(self.received(user, &id)),
            FileKept::Already(id, status) => Ok(MemoryReceipt { id, status, already_kept: true }),
            FileKept::NoRoom => Err(self.no_room()),
        }
    }

    fn no_room(&self) -> AppError {
        let quota = self.files.limits.quota_mb;
        let message = format!("Your files may have up to {quota} MB together, and with this one they would have more.");
        AppError::new(ErrorCode::TooLarge, message).on("file")
    }

    async fn keep(
        &self,
        user: &UserId,
        id: &MemoryId,
        incoming: Incoming,
        draft: &MemoryDraft,
        (place_agreed, terms): (bool, FileTerms),
    ) -> AppResult<FileKept> {
        let key = Originals::key(user, id, ORIGINAL);
        self.files.originals.keep_file(&key, incoming.file.path()).await.map_err(|error| ours(&error))?;
        let job = Understanding::job(user, id, incoming.memory_type);
        let file = KeptFile { info: incoming.info, key: key.to_string(), place_agreed };
        let kept = (incoming.memory_type, file);
        Ok(scent_memory::insert_with_file(&self.store, user, id, kept, draft, (terms, job)).await?)
    }

    /// The file of a memory, or a picture of it, before any of it is read.
    pub async fn original(&self, user: &UserId, id: &MemoryId, size: Size) -> AppResult<Sendable> {
        let unknown = || AppError::not_found("file");
        let FileInfo { name, media_type, sha256, .. } = self.find(user, id).await?.file.ok_or_else(unknown)?.info;
        let key = Originals::key(user, id, size.name());
        let about = self.files.originals.about(&key).await.map_err(|error| ours(&error))?.ok_or_else(unknown)?;
        // An original never changes; a picture of it may be made anew.
        let (media_type, version) = match size {
            Size::Original => (media_type, sha256),
            Size::Display | Size::Thumbnail => ("image/jpeg".to_owned(), format!("{}-{}", size.name(), about.version)),
        };
        Ok(Sendable { name, media_type, bytes: about.size, version, key })
    }

    /// The bytes of it, or a range of them.
    pub async fn send(&self, file: &Sendable, range: Option<Range<u64>>) -> AppResult<Outgoing> {
        let content = self.files.originals.read(&file.key, range).await.map_err(|error| ours(&error))?;
        content.ok_or_else(|| AppError::not_found("file"))
    }

    /// Replaces what was heard in a recording by what the person says was said.
    pub async fn correct_transcript(&self, user: &UserId, id: &MemoryId, transcript: String) -> AppResult<MemoryReceipt> {
        let transcript = check_transcript(transcript)?;
        let memory = self.find(user, id).await?;
        let read = file_reading::find(&self.store, user, id)
            .await?
            .ok_or_else(|| AppError::conflict("This memory has no transcript yet."))?;
        let marks = carried_over(&read.text, &transcript);
        let text = FileText { text: transcript, marks };
        let job = Understanding::job(user, id, memory.memory_type);
        if !scent_memory::rewrite_file_text(&self.store, user, id, &text, job).await? {
            return Err(unknown());
        }
        Ok(self.received(user, id))
    }

    pub(super) async fn erase_files(&self, user: &UserId, id: &MemoryId) {
        if let Err(error) = self.files.originals.erase_memory(user, id).await {
            // Nobody can reach them any more; the next sweep takes them.
            tracing::error!(error = %error, "files could not be erased yet");
        }
    }

    /// Erases the files of a person who is gone, and reads none of them to its end.
    pub async fn erase_person(&self, user: &UserId) {
        self.understanding.stop_all_of(user);
        if let Err(error) = self.files.originals.erase_user(user).await {
            tracing::error!(error = %error, "a person's files could not be erased yet");
        }
    }

    /// Whether the originals are those of this database, and not of one that happens to be away. Originals of which nobody has
    /// noted whose they are become its own, if that is `plausible`.
    async fn owns_originals(&self, plausible: bool) -> AppResult<bool> {
        let originals = &self.files.originals;
        let here = identity::of(&self.store).await?;
        match originals.owner().await.map_err(|error| ours(&error))? {
            Some(owner) => Ok(owner == here),
            None if plausible => originals.belong_to(&here).await.map(|()| true).map_err(|error| ours(&error)),
            None => Ok(false),
        }
    }

    /// Erases what lies in the store of originals without a memory since longer than this: uploads and deletions that were cut
    /// off.
    pub async fn sweep(&self, age: Duration) -> AppResult<()> {
        let originals = &self.files.originals;
        let kept = originals.memories_kept_for(age).await.map_err(|error| ours(&error))?;
        let ids: Vec<MemoryId> = kept.iter().map(|(_, id)| id.clone()).collect();
        let existing = scent_memory::existing(&self.store, &ids).await?;
        if !self.owns_originals(kept.is_empty() || !existing.is_empty()).await? {
            tracing::warn!("the originals belong to another database than this one: nothing of them is erased");
            return Ok(());
        }
        originals.erase_parts(age).await.map_err(|error| ours(&error))?;
        for (user, id) in kept.iter().filter(|(_, id)| !existing.contains(id)) {
            tracing::info!(memory.id = %id, "files without a memory are erased");
            self.erase_files(user, id).await;
        }
        Ok(())
    }
}

/// Checks what a person says was said; it may be nothing.
pub fn check_transcript(transcript: String) -> AppResult<String> {
    within("transcript", "The transcript", transcript, limits::TRANSCRIPT)
}

/// The marks of a text in another version of it: before the first and after the last difference they stay with their words,
/// between the two they move in proportion.
fn carried_over(from: &FileText, to: &str) -> Vec<Mark> {
    let (old, new): (Vec<char>, Vec<char>) = (from.text.chars().collect(), to.chars().collect());
    let alike = |a: &mut dyn Iterator<Item = (&char, &char)>| a.take_while(|(a, b)| a == b).count();
    let head = alike(&mut old.iter().zip(&new));
    let tail = alike(&mut old[head..].iter().rev().zip(new[head..].iter().rev()));
    let (old_end, new_end) = (old.len() - tail, new.len() - tail);
    let moved = |start: usize| match start {
        start if start <= head => start,
        start if start >= old_end => new_end + (start - old_end),
        start => head + (start - head) * (new_end - head) / (old_end - head).max(1),
    };
    from.marks.iter().map(|mark| Mark { start: moved(mark.start).min(new.len()), ..*mark }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn second(start: usize, at_s: f64) -> Mark {
        Mark { start, page: None, at_s: Some(at_s) }
    }

    #[test]
    fn marks_stay_with_their_words() {
        let text = "Orange steel. Warm bread. Rain.";
        let from = FileText { text: text.into(), marks: vec![second(0, 0.0), second(14, 2.0), second(26, 4.0)] };
        let to = "Orange peel, so sweet. Warm bread. Rain.";
        let marks = carried_over(&from, to);
        let words: Vec<String> = marks.iter().map(|m| to.chars().skip(m.start).take(4).collect()).collect();
        assert_eq!(words, ["Oran", "Warm", "Rain"]);
    }

    proptest! {
        #[test]
        fn marks_stay_in_order_and_in_the_text(old in "\\PC{0,60}", new in "\\PC{0,60}", mut at in prop::collection::vec(0usize..60, 0..6)) {
            at.sort_unstable();
            let length = old.chars().count();
            let marks = at.into_iter().map(|start| second(start.min(length), 1.0)).collect();
            let moved = carried_over(&FileText { text: old, marks }, &new);
            prop_assert!(moved.windows(2).all(|pair| pair[0].start <= pair[1].start));
            prop_assert!(moved.iter().all(|mark| mark.start <= new.chars().count()));
        }
    }
}
