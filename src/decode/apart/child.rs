//! The side of the process that decodes: limits first, then the file.

use std::{
    ffi::OsString,
    fs,
    io::{self, Read},
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    process::{ExitCode, ExitStatus},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{Bounds, Failed, parse};
use crate::decode::{
    Kind, Unreadable,
    audio::{self, Pcm},
    image, pdf,
};

/// The verb that is not in the help.
pub const VERB: &str = "decode";
/// The last file that is written: once it is there, everything is.
const RESULT_FILE: &str = "result.json";

/// Samples as 32-bit floats, little end first.
const SOUND_FILE: &str = "sound.f32";

/// What a decoder is asked for.
#[derive(Serialize, Deserialize)]
pub struct Task {
    pub kind: Kind,
    /// The decoder's own.
    pub limits: serde_json::Value,
    pub bounds: Bounds,
}

pub fn took_too_long() -> Unreadable {
    Unreadable::new("This file took too long to read.")
}

fn too_much_memory() -> Unreadable {
    Unreadable::new("Reading this file needs more memory than is allowed.")
}

fn damaged() -> Unreadable {
    Unreadable::new("This file could not be read: it seems to be damaged.")
}

/// The decoders are written for strangers' bytes, but not by us: one that gives up in the middle is an answer too.
pub fn caught<T>(read: impl FnOnce() -> Result<T, Unreadable>) -> Result<T, Unreadable> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(damaged()))
}

/// Decodes, if that is what this process was started for.
pub fn run(mut arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    let _program = arguments.next()?;
    if arguments.next()? != VERB {
        return None;
    }
    // What a decoder says when it gives up may be words of the file.
    std::panic::set_hook(Box::new(|_| {}));
    let ended = (|| {
        let text = |given: Option<OsString>| given.ok_or_else(|| io::Error::other("an argument is missing"));
        let task: Task = parse(text(arguments.next())?.as_encoded_bytes())?;
        let (file, folder) = (text(arguments.next())?, PathBuf::from(text(arguments.next())?));
        limit(&task.bounds)?;
        follow(folder.clone());
        decode(&task, Path::new(&file), &folder)
    })();
    Some(match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // About this machine, not about the file: nothing that stands in it is said here.
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    })
}

fn decode(task: &Task, file: &Path, folder: &Path) -> io::Result<()> {
    let limits = &task.limits;
    let result = match task.kind {
        Kind::Pdf => {
            let (limits, bytes) = (from_value(limits)?, fs::read(file)?);
            written(caught(|| pdf::read(&bytes, &limits)))?
        }
        Kind::Image => {
            let (limits, bytes) = (from_value(limits)?, fs::read(file)?);
            let read = caught(|| image::read(&bytes, &limits));
            if let Ok(picture) = &read {
                picture.write_to(folder)?;
            }
            written(read.map(drop))?
        }
        Kind::Audio => {
            let (limits, source) = (from_value(limits)?, fs::File::open(file)?);
            let read = caught(|| audio::read(source, &limits));
            if let Ok(sound) = &read {
                let bytes: Vec<u8> = sound.samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
                fs::write(folder.join(SOUND_FILE), bytes)?;
            }
            written(read.map(|sound| sound.breaks_off))?
        }
    };
    fs::write(folder.join(RESULT_FILE), result)
}

fn from_value<T: DeserializeOwned>(value: &serde_json::Value) -> io::Result<T> {
    T::deserialize(value).map_err(io::Error::from)
}

fn written<T: Serialize>(result: Result<T, Unreadable>) -> io::Result<Vec<u8>> {
    Ok(serde_json::to_vec(&result)?)
}

/// What a decoder that ended well has left.
pub fn result<T: DeserializeOwned>(folder: &Path) -> Result<T, Failed> {
    let result: Result<T, Unreadable> = parse(&fs::read(folder.join(RESULT_FILE))?)?;
    Ok(result?)
}

/// The sound that a decoder has left.
pub fn sound(folder: &Path) -> Result<Pcm, Failed> {
    let breaks_off = result(folder)?;
    let bytes = fs::read(folder.join(SOUND_FILE))?;
    let sample = |four: &[u8; 4]| Some(f32::from_le_bytes(*four)).filter(|x| x.is_finite()).unwrap_or_default().clamp(-1.0, 1.0);
    let samples: Vec<f32> = bytes.as_chunks().0.iter().map(sample).collect();
    let seconds = samples.len() as f64 / f64::from(audio::RATE);
    Ok(Pcm { samples, seconds, breaks_off })
}

/// Ends this process when the one that started it has ended, and takes the folder along, for then nobody asks for it.
fn follow(folder: PathBuf) {
    std::thread::spawn(move || {
        let mut nothing = [0; 64];
        while io::stdin().read(&mut nothing).is_ok_and(|count| count > 0) {}
        let _ = fs::remove_dir_all(folder);
        std::process::exit(1);
    });
}

/// Takes from this process what it does not need. There is no way back.
#[cfg(unix)]
fn limit(bounds: &Bounds) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let set = |resource, most: u64| {
        // What is allowed already may be less. Between the two bounds of processor time there is a second to be told of it.
        let maximum = most.saturating_add(u64::from(resource == Resource::Cpu));
        let maximum = getrlimit(resource).maximum.map_or(maximum, |allowed| allowed.min(maximum));
        setrlimit(resource, Rlimit { current: Some(most.min(maximum)), maximum: Some(maximum) })
    };
    set(Resource::Core, 0)?;
    set(Resource::Cpu, bounds.processor_s)?;
    set(Resource::Fsize, bounds.written)?;
    // What is mapped from the program itself counts to the address space, but not to the data.
    #[cfg(target_os = "linux")]
    {
        set(Resource::Data, bounds.memory)?;
        set(Resource::As, bounds.memory + 2 * 1024 * super::MIB)?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn limit(_: &Bounds) -> io::Result<()> {
    Ok(())
}

/// What the end of a decoder says, unless it ended well.
pub fn verdict(status: ExitStatus, said: &[u8]) -> Option<Failed> {
    if status.success() {
        return None;
    }
    if status.code().is_some() {
        return Some(Failed::Machine(io::Error::other(String::from_utf8_lossy(said).trim().to_owned())));
    }
    // What the standard library says before it gives up.
    let memory = said.windows(17).any(|words| words == b"memory allocation");
    #[cfg(unix)]
    {
        use rustix::process::Signal;
        use std::os::unix::process::ExitStatusExt;
        let signal = |known: Signal| status.signal() == Some(known.as_raw());
        if signal(Signal::XCPU) {
            return Some(took_too_long().into());
        }
        // By a system that is out of memory, or since more was written than read.
        if signal(Signal::KILL) || signal(Signal::XFSZ) {
            return Some(too_much_memory().into());
        }
    }
    Some(if memory { too_much_memory() } else { damaged() }.into())
}
