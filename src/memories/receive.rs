//! Files on their way in: written to the disk while they are hashed, and believed only by their content.

use std::path::Path;

use bytes::Bytes;
use futures::{Stream, StreamExt};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt;

use crate::{
    decode::{Kind, MediaType, sniff::HEAD},
    domain::{
        AppError, AppResult, ErrorCode,
        memory::{FileInfo, MemoryType},
    },
};

/// The longest name of a file that is kept, in scalar values.
const LONGEST_NAME: usize = 150;

/// How large files may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileLimits {
    pub image_mb: u64,
    pub pdf_mb: u64,
    pub audio_mb: u64,
    /// Of all originals of one person together.
    pub quota_mb: u64,
}

impl Default for FileLimits {
    fn default() -> Self {
        Self { image_mb: 20, pdf_mb: 30, audio_mb: 50, quota_mb: 2_000 }
    }
}

const MB: u64 = 1024 * 1024;

impl FileLimits {
    fn of(&self, kind: Kind) -> (u64, &'static str) {
        match kind {
            Kind::Image => (self.image_mb, "A photo"),
            Kind::Pdf => (self.pdf_mb, "A PDF"),
            Kind::Audio => (self.audio_mb, "A recording"),
        }
    }

    /// Of any kind, in bytes.
    pub fn largest(&self) -> u64 {
        self.image_mb.max(self.pdf_mb).max(self.audio_mb) * MB
    }

    pub fn quota(&self) -> u64 {
        self.quota_mb * MB
    }
}

/// A file that has arrived whole. Dropped, it is gone.
pub struct Incoming {
    pub file: NamedTempFile,
    pub info: FileInfo,
    pub memory_type: MemoryType,
}

/// Writes a file into `folder` as it comes in. What is too large, empty, or no photo, PDF or recording is refused as soon as
/// that shows.
pub(super) async fn receive<E: std::fmt::Display>(
    folder: &Path,
    limits: &FileLimits,
    name: &str,
    mut bytes: impl Stream<Item = Result<Bytes, E>> + Unpin,
) -> AppResult<Incoming> {
    let file = NamedTempFile::new_in(folder).map_err(|error| ours(&error))?;
    let mut target = tokio::fs::File::from_std(file.reopen().map_err(|error| ours(&error))?);
    let (mut hash, mut size, mut head, mut media) = (Sha256::new(), 0_u64, Vec::new(), None);
    while let Some(part) = bytes.next().await {
        let part = part.map_err(|error| cut_off(&error))?;
        size += part.len() as u64;
        if media.is_none() {
            head.extend_from_slice(&part);
            if head.len() >= HEAD {
                media = Some(recognize(&head)?);
            }
        }
        let (limit, what) = media.map_or((limits.largest() / MB, "A file"), |media: MediaType| limits.of(media.kind()));
        if size > limit * MB {
            return Err(AppError::new(ErrorCode::TooLarge, format!("{what} may have up to {limit} MB.")).on("file"));
        }
        hash.update(&part);
        target.write_all(&part).await.map_err(|error| ours(&error))?;
    }
    target.flush().await.map_err(|error| ours(&error))?;
    if size == 0 {
        return Err(AppError::bad_input("file", "This file is empty."));
    }
    let media = media.map_or_else(|| recognize(&head), Ok)?;
    let (limit, what) = limits.of(media.kind());
    if size > limit * MB {
        return Err(AppError::new(ErrorCode::TooLarge, format!("{what} may have up to {limit} MB.")).on("file"));
    }
    let info = FileInfo {
        name: clean_name(name, media),
        media_type: media.as_str().to_owned(),
        bytes: size,
        sha256: hex::encode(hash.finalize()),
    };
    let memory_type = match media.kind() {
        Kind::Image => MemoryType::Image,
        Kind::Pdf => MemoryType::Pdf,
        Kind::Audio => MemoryType::Audio,
    };
    Ok(Incoming { file, info, memory_type })
}

fn recognize(head: &[u8]) -> AppResult<MediaType> {
    MediaType::expect(head).map_err(|refusal| AppError::new(ErrorCode::UnsupportedMedia, refusal.to_string()).on("file"))
}

/// The last part of a name, without what could not stand in a header or on a page.
fn clean_name(name: &str, media: MediaType) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    let clean = clean.trim().trim_matches('.').trim();
    if clean.is_empty() { format!("untitled.{}", media.extension()) } else { clean.to_owned() }
}

fn ours(error: &std::io::Error) -> AppError {
    tracing::error!(error = %error, "a file could not be taken in");
    if error.kind() == std::io::ErrorKind::StorageFull {
        return AppError::unavailable("There is no room left on this server. Nothing was kept; please try again later.");
    }
    AppError::internal()
}

fn cut_off(error: &impl std::fmt::Display) -> AppError {
    tracing::info!(error = %error, "an upload was cut off");
    AppError::bad_input("file", "The file did not arrive whole. Please send it again.")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and then some";

    async fn take(limits: FileLimits, name: &str, parts: Vec<Result<&'static [u8], &'static str>>) -> AppResult<Incoming> {
        let folder = tempfile::tempdir().unwrap();
        let parts = parts.into_iter().map(|part| part.map(Bytes::from_static));
        receive(folder.path(), &limits, name, futures::stream::iter(parts)).await
    }

    #[tokio::test]
    async fn content_decides_and_names_are_cleaned() {
        let taken = take(FileLimits::default(), "C:\\x\\../e\u{7}vil.html", vec![Ok(&PNG[..3]), Ok(&PNG[3..])]).await.unwrap();
        assert_eq!((taken.memory_type, taken.info.name.as_str()), (MemoryType::Image, "evil.html"));
        assert_eq!((taken.info.bytes, taken.info.media_type.as_str()), (PNG.len() as u64, "image/png"));
        assert_eq!(taken.info.sha256, hex::encode(Sha256::digest(PNG)));
        let nameless = take(FileLimits::default(), " .. ", vec![Ok(PNG)]).await.unwrap();
        assert_eq!(nameless.info.name, "untitled.png");
    }

    #[tokio::test]
    async fn what_cannot_be_kept_is_refused_in_words() {
        let code = |taken: AppResult<Incoming>| taken.err().map(|error| error.code());
        assert_eq!(code(take(FileLimits::default(), "a.png", vec![]).await), Some(ErrorCode::BadInput));
        let page: &[u8] = b"<html><script>alert(1)</script>";
        assert_eq!(code(take(FileLimits::default(), "a.png", vec![Ok(page)]).await), Some(ErrorCode::UnsupportedMedia));
        let small = FileLimits { image_mb: 0, ..FileLimits::default() };
        assert_eq!(code(take(small, "a.png", vec![Ok(PNG)]).await), Some(ErrorCode::TooLarge));
        let broken = take(FileLimits::default(), "a.png", vec![Ok(PNG), Err("gone")]).await;
        assert_eq!(code(broken), Some(ErrorCode::BadInput));
    }
}
