//! Decoders in a process of their own, where they can be stopped.
//!
//! The server runs its own program once more, with a hidden verb. That process limits itself before it looks at the file
//! (memory, processor time, the size of what it writes), knows no secret of the server's, and leaves what it read in a folder.
//! Whatever a file does to it (never ending, filling the memory, crashing), here it becomes a sentence.

mod child;

use std::{
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tempfile::TempPath;
use tokio::{
    io::AsyncReadExt,
    process::{Child, Command},
    sync::oneshot,
    time::timeout,
};

use super::{
    Kind, Unreadable,
    audio::{self, AudioLimits, Pcm},
    image::{self, ImageLimits, Picture},
    pdf::{self, Document, PdfLimits},
};

/// What the folders are called in which decoders leave what they read.
const PREFIX: &str = "flowery-decode-";
/// What copies of files are called.
const COPY: &str = "reading-";
/// As much of what a decoder says about its end is looked at.
const LAST_WORDS: usize = 4096;

/// Whether this program understands the hidden verb, which only its own `main` can know.
static CAN_RUN_APART: AtomicBool = AtomicBool::new(false);

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// Because of the file: another try would end in the same way.
    #[error(transparent)]
    File(#[from] Unreadable),
    /// Because of this machine (no process, no room on the disk): another try may succeed.
    #[error("the decoder could not be run")]
    Machine(#[from] io::Error),
}

/// What a decoding process may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// Memory that it asks for, in bytes.
    pub memory: u64,
    /// Processor time, in seconds.
    pub processor_s: u64,
    /// Time on the clock: more, since others work on the same machine.
    pub deadline: Duration,
    /// The largest file that it writes, in bytes.
    pub written: u64,
}

const MIB: u64 = 1024 * 1024;

impl Bounds {
    /// What suits a kind of file at the limits for its size.
    pub const fn of(kind: Kind) -> Self {
        let (memory, processor_s, deadline_s, written) = match kind {
            Kind::Image => (1536 * MIB, 60, 180, 64 * MIB),
            Kind::Pdf => (1024 * MIB, 60, 180, 64 * MIB),
            Kind::Audio => (1536 * MIB, 300, 900, 512 * MIB),
        };
        Self { memory, processor_s, deadline: Duration::from_secs(deadline_s), written }
    }
}

/// Reads files of strangers.
#[derive(Clone, Debug)]
pub struct Decoders {
    /// The program that understands the hidden verb; without one, files are read in this process.
    program: Option<PathBuf>,
    /// Where copies and the folders for results are made.
    scratch: PathBuf,
    pub pdf: (PdfLimits, Bounds),
    pub image: (ImageLimits, Bounds),
    pub audio: (AudioLimits, Bounds),
}

impl Decoders {
    /// Apart, by this very program; in this process where it does not know how (in unit tests).
    pub fn own() -> io::Result<Self> {
        if !CAN_RUN_APART.load(Ordering::Relaxed) {
            return Ok(Self::here());
        }
        // On Linux this name means the program that runs, also when another has been built in its place meanwhile.
        let program = if cfg!(target_os = "linux") { PathBuf::from("/proc/self/exe") } else { std::env::current_exe()? };
        Ok(Self::by(program))
    }

    /// Apart, by a program that understands the hidden verb.
    pub fn by(program: impl Into<PathBuf>) -> Self {
        Self { program: Some(program.into()), ..Self::here() }
    }

    /// In this process, where nothing can be stopped: for tests on files that are known.
    pub fn here() -> Self {
        Self {
            program: None,
            scratch: std::env::temp_dir(),
            pdf: (PdfLimits::default(), Bounds::of(Kind::Pdf)),
            image: (ImageLimits::default(), Bounds::of(Kind::Image)),
            audio: (AudioLimits::default(), Bounds::of(Kind::Audio)),
        }
    }

    /// The same, with copies and the folders for results inside of another one.
    pub fn within(self, scratch: impl Into<PathBuf>) -> Self {
        Self { scratch: scratch.into(), ..self }
    }

    /// Whether files are read in a process of their own.
    pub fn are_apart(&self) -> bool {
        self.program.is_some()
    }

    /// A place for a copy of a file that is to be read.
    pub fn place_for_copy(&self) -> io::Result<TempPath> {
        Ok(tempfile::Builder::new().prefix(COPY).tempfile_in(&self.scratch)?.into_temp_path())
    }

    /// The text of a PDF.
    pub async fn pdf(&self, file: &Path) -> Result<Document, Failed> {
        let (limits, bounds) = self.pdf;
        match &self.program {
            Some(program) => {
                let folder = self.run(program, Kind::Pdf, file, &limits, bounds).await?;
                Ok(child::result(folder.path())?)
            }
            None => here(file, move |bytes| pdf::read(&bytes, &limits)).await,
        }
    }

    /// A picture in the sizes that pages show, with what it tells of itself.
    pub async fn image(&self, file: &Path) -> Result<Picture, Failed> {
        let (limits, bounds) = self.image;
        match &self.program {
            Some(program) => {
                let folder = self.run(program, Kind::Image, file, &limits, bounds).await?;
                child::result::<()>(folder.path())?;
                Ok(Picture::read_from(folder.path())?)
            }
            None => here(file, move |bytes| image::read(&bytes, &limits)).await,
        }
    }

    /// The sound of a recording.
    pub async fn audio(&self, file: &Path) -> Result<Pcm, Failed> {
        let (limits, bounds) = self.audio;
        match &self.program {
            Some(program) => {
                let folder = self.run(program, Kind::Audio, file, &limits, bounds).await?;
                child::sound(folder.path())
            }
            None => here(file, move |bytes| audio::read(io::Cursor::new(bytes), &limits)).await,
        }
    }

    /// Runs a decoder on a file; afterwards its result stands in the folder that is given back.
    async fn run(
        &self,
        program: &Path,
        kind: Kind,
        file: &Path,
        limits: &impl Serialize,
        bounds: Bounds,
    ) -> Result<tempfile::TempDir, Failed> {
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(&self.scratch)?;
        let task = child::Task { kind, limits: serde_json::to_value(limits).map_err(io::Error::from)?, bounds };
        let mut command = Command::new(program);
        command
            .arg(child::VERB)
            .arg(serde_json::to_string(&task).map_err(io::Error::from)?)
            .arg(std::path::absolute(file)?)
            .arg(folder.path())
            .env_clear()
            .envs(few_variables())
            .current_dir(folder.path())
            // Held open by this process alone: when it ends, however it ends, the decoder sees it and ends too.
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        let process = command.spawn()?;
        // Dropping this future, as when a job is cancelled, drops this, and the decoder is stopped. It is minded by a task of
        // its own, so that then, too, somebody waits for its end.
        let (_waiting, abandoned) = oneshot::channel();
        let minded = tokio::spawn(async move { (mind(process, bounds.deadline, abandoned).await, folder) });
        let (ended, folder) = minded.await.map_err(io::Error::other)?;
        match ended? {
            Some((status, said)) => match child::verdict(status, &said) {
                None => Ok(folder),
                Some(failed) => {
                    tracing::warn!(decode.kind = ?kind, decode.status = %status, "a decoder did not end well");
                    Err(failed)
                }
            },
            None => {
                tracing::warn!(decode.kind = ?kind, "a decoder was stopped at its deadline");
                Err(Failed::File(child::took_too_long()))
            }
        }
    }
}

/// How a decoder ended and what it said; none if it had to be stopped, at its deadline or because nobody waits any more.
async fn mind(
    mut process: Child,
    deadline: Duration,
    abandoned: oneshot::Receiver<()>,
) -> io::Result<Option<(ExitStatus, Vec<u8>)>> {
    // Waiting for a process would close it.
    let _held_open = process.stdin.take();
    let said = process.stderr.take();
    let ending = async {
        let (status, said) = tokio::join!(process.wait(), last_words(said));
        status.map(|status| (status, said))
    };
    tokio::select! {
        ended = timeout(deadline, ending) => if let Ok(ended) = ended { return ended.map(Some) },
        _ = abandoned => {}
    }
    process.kill().await?;
    Ok(None)
}

/// What the loader of programs may need. Nothing else of the server's environment is any business of a decoder's.
fn few_variables() -> impl Iterator<Item = (&'static str, OsString)> {
    ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SystemRoot"].into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)))
}

/// The beginning of what a decoder says; the rest is read too, so that it does not wait for a reader, but not kept.
async fn last_words(said: Option<tokio::process::ChildStderr>) -> Vec<u8> {
    let Some(mut said) = said else { return Vec::new() };
    let (mut kept, mut buffer) = (Vec::new(), [0; 1024]);
    while let Ok(count) = said.read(&mut buffer).await {
        if count == 0 {
            break;
        }
        kept.extend_from_slice(&buffer[..count.min(LAST_WORDS.saturating_sub(kept.len()))]);
    }
    kept
}

/// Reads a file in this process.
async fn here<T: Send + 'static>(
    file: &Path,
    read: impl FnOnce(Vec<u8>) -> Result<T, Unreadable> + Send + 'static,
) -> Result<T, Failed> {
    let bytes = tokio::fs::read(file).await?;
    let read = tokio::task::spawn_blocking(move || child::caught(|| read(bytes)));
    Ok(read.await.map_err(io::Error::other)??)
}

/// Where this process is a decoder: reads the file that it was started for, and tells how the process is to end. Must be called
/// first of all in `main`, before there are threads, a runtime or settings.
pub fn decoder(arguments: impl Iterator<Item = OsString>) -> Option<std::process::ExitCode> {
    CAN_RUN_APART.store(true, Ordering::Relaxed);
    child::run(arguments)
}

/// A result that one process wrote and another reads.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> io::Result<T> {
    serde_json::from_slice(bytes).map_err(io::Error::from)
}
