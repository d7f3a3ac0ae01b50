//! Reading files: the original is fetched, taken apart in a process of its own, looked at or listened to, and what comes out is
//! kept at once, so that no later stage (and no restart) does it again.

use std::sync::Arc;

use object_store::path::Path;
use tempfile::TempPath;

use super::{Reading, compose, notice_of_length, provider::Heard};
use crate::{
    ai::{ImageReader, Pixels, TextReader, Transcriber},
    decode::{Decoders, Failed, image::Picture},
    domain::{
        ids::UserId,
        memory::{FileText, Mark, MemoryType},
    },
    jobs::JobError,
    store::{
        file_reading::{self, FileFacts, FileReading},
        originals::{DISPLAY, Originals, THUMBNAIL},
        scent_memory::{KeptFile, MemoryRow},
    },
    understanding::{
        Understanding,
        sight::{CameraNotes, Looked, analyze},
        walk::ours,
    },
};

/// What is said of a recording of which only the beginning is there.
const BREAKS_OFF: &str = "This recording is damaged or was cut off: only what comes before the break was heard.";

/// What files are read with.
pub struct Readers {
    pub originals: Originals,
    pub decoders: Decoders,
    /// Without one, of a photo only the colors, the light and what the camera noted are read.
    pub eyes: Option<Arc<dyn ImageReader>>,
    /// Without one, the words in photos are not read.
    pub letters: Option<Arc<dyn TextReader>>,
    /// Without one, recordings cannot be understood.
    pub ears: Option<Arc<dyn Transcriber>>,
}

/// What was read, with a word to the person if only a part of it will be understood.
fn told(read: FileReading) -> FileReading {
    let notices: Vec<String> = read.notice.into_iter().chain(notice_of_length(&read.text)).collect();
    FileReading { notice: (!notices.is_empty()).then(|| notices.join(" ")), ..read }
}

impl From<Failed> for JobError {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::File(unreadable) => Self::Fail(unreadable.to_string()),
            Failed::Machine(error) => ours(error),
        }
    }
}

impl Understanding {
    /// The words of a memory; none if it was cancelled under way.
    pub(in crate::understanding) async fn read(&self, user: &UserId, memory: &MemoryRow) -> Result<Option<Reading>, JobError> {
        let Some(file) = &memory.file else { return Ok(Some(compose(memory, None))) };
        let read = match file_reading::current(&self.store, user, &memory.id).await? {
            Some(read) => read,
            None => {
                let Some(read) = self.unless_cancelled(user, &memory.id, self.open(user, memory, file)).await else {
                    return Ok(None);
                };
                let read = told(read?);
                file_reading::keep(&self.store, user, &memory.id, &read).await?;
                read
            }
        };
        Ok(Some(compose(memory, Some(read))))
    }

    async fn open(&self, user: &UserId, memory: &MemoryRow, file: &KeptFile) -> Result<FileReading, JobError> {
        let copy = self.copy(file).await.map_err(ours)?;
        match memory.memory_type {
            MemoryType::Text => Ok(FileReading::default()),
            MemoryType::Pdf => self.document(&copy).await,
            MemoryType::Audio => self.recording(user, copy).await,
            MemoryType::Image => {
                let picture = self.readers.decoders.image(&copy).await?;
                for (name, bytes) in [(DISPLAY, &picture.display), (THUMBNAIL, &picture.thumbnail)] {
                    let key = Originals::key(user, &memory.id, name);
                    self.readers.originals.keep(&key, bytes.clone()).await.map_err(ours)?;
                }
                self.photo(user, picture, file.place_agreed).await
            }
        }
    }

    /// The original as a file, for as long as it is read.
    async fn copy(&self, file: &KeptFile) -> anyhow::Result<TempPath> {
        let copy = self.readers.decoders.place_for_copy()?;
        self.readers.originals.copy_to(&Path::from(file.key.as_str()), &copy).await?;
        Ok(copy)
    }

    async fn document(&self, file: &TempPath) -> Result<FileReading, JobError> {
        let document = self.readers.decoders.pdf(file).await?;
        let (mut text, mut length, mut marks) = (String::new(), 0, Vec::new());
        for page in document.pages.iter().filter(|page| !page.text.trim().is_empty()) {
            if !text.is_empty() {
                text.push_str("\n\n");
                length += 2;
            }
            marks.push(Mark { start: length, page: Some(page.number), at_s: None });
            text.push_str(&page.text);
            length += page.text.chars().count();
        }
        Ok(FileReading { text: FileText { text, marks }, model: "text of the file".to_owned(), ..FileReading::default() })
    }

    async fn recording(&self, user: &UserId, file: TempPath) -> Result<FileReading, JobError> {
        if !self.has_ears() {
            let reason = "Recordings cannot be understood on this server: it has no speech model. The sound itself is kept.";
            return Err(JobError::Fail(reason.to_owned()));
        }
        let sound = self.readers.decoders.audio(&file).await?;
        // Listening takes long, and needs the copy no more.
        drop(file);
        let Heard { transcript, model, notice } = self.hear(user, sound.samples).await?;
        let notice = sound.breaks_off.then(|| BREAKS_OFF.to_owned()).into_iter().chain(notice).reduce(|a, b| format!("{a} {b}"));
        let (mut text, mut length, mut marks) = (String::new(), 0, Vec::new());
        for segment in &transcript.segments {
            let said = segment.text.trim();
            if said.is_empty() {
                continue;
            }
            if !text.is_empty() {
                text.push(' ');
                length += 1;
            }
            marks.push(Mark { start: length, page: None, at_s: Some(segment.start_s) });
            text.push_str(said);
            length += said.chars().count();
        }
        Ok(FileReading { text: FileText { text, marks }, model, notice, ..FileReading::default() })
    }

    async fn photo(&self, user: &UserId, picture: Picture, place_agreed: bool) -> Result<FileReading, JobError> {
        let sample = picture.sample;
        let pixels = Pixels { width: sample.width, height: sample.height, rgb: sample.rgb.into() };
        let (labels, model) = match &self.readers.eyes {
            Some(eyes) => (eyes.labels(&pixels).await.map_err(ours)?, eyes.model()),
            None => (Vec::new(), ""),
        };
        let words = match &self.readers.letters {
            Some(letters) => letters.lines(&pixels).await.map_err(ours)?,
            None => Vec::new(),
        };
        let lines: Vec<&str> = words.iter().map(|line| line.text.as_str()).collect();
        let catalog = self.catalog.snapshot();
        let perfume = catalog.on_label(&lines).map(|at| &catalog.fragrances()[at]);
        let perfume = perfume.map(|perfume| format!("{} by {}", perfume.name, perfume.brand));
        let notes = if place_agreed { CameraNotes::Used } else { CameraNotes::Ignored };
        let (opinion, notice) = self.look(user, picture.display, &lines).await;
        let looked = Looked { labels: &labels, words: &words, perfume: perfume.as_deref(), model, opinion: opinion.as_ref() };
        let sight = analyze(&picture.facts, looked, notes);
        let text = [std::slice::from_ref(&sight.analysis.caption), &sight.words].concat().join("\n");
        let text = FileText { text, marks: Vec::new() };
        Ok(FileReading {
            text,
            model: sight.analysis.model.clone(),
            notice,
            corrected: false,
            facts: FileFacts { taken_at: sight.taken_at, season: sight.season, place: sight.place, scents: sight.scents },
            image: Some(sight.analysis),
        })
    }
}
