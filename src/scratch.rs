//! Folders of the data folder for files that are needed for a while only: what comes in, and what is being read. A server that
//! is killed leaves such files behind; the next one clears them away.

use std::{
    fs::{self, DirBuilder},
    io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// How long ago something must have been written last to be taken for a leftover while others may be at work: an upload or a
/// reading under way is younger.
pub const LEFTOVER: Duration = Duration::from_secs(3_600);

/// Whether something that was written then was left behind. Without an age, whenever that was: clocks are put back.
pub fn is_leftover(written: SystemTime, age: Duration) -> bool {
    age.is_zero() || written.elapsed().is_ok_and(|elapsed| elapsed > age)
}

/// Such a folder.
#[derive(Clone, Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// The folder of this name. One that is made is its owner's alone, as the data folder is.
    pub fn in_data(data: &Path, name: &str) -> io::Result<Self> {
        // Whoever works in it may stand elsewhere.
        let path = std::path::absolute(data.join(name))?;
        let mut folder = DirBuilder::new();
        folder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder.create(&path)?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Removes what was written longer ago than this.
    pub fn clear(&self, age: Duration) -> io::Result<()> {
        for entry in fs::read_dir(&self.0)? {
            let entry = entry?;
            // Two servers may clear the same folder at once.
            let Ok(about) = entry.metadata() else { continue };
            if !about.modified().is_ok_and(|written| is_leftover(written, age)) {
                continue;
            }
            let path = entry.path();
            let removed = if about.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            match removed {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    tracing::warn!(error = %error, "a leftover could not be removed");
                }
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_its_owners_alone_and_cleared_by_age() {
        let data = tempfile::tempdir().unwrap();
        let scratch = Scratch::in_data(data.path(), "reading").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(scratch.path()).unwrap().permissions().mode() & 0o777, 0o700);
        }
        fs::write(scratch.path().join("copy"), "half").unwrap();
        fs::create_dir(scratch.path().join("result")).unwrap();
        fs::write(scratch.path().join("result/sound"), "").unwrap();
        let left = || fs::read_dir(scratch.path()).unwrap().count();
        scratch.clear(LEFTOVER).unwrap();
        assert_eq!(left(), 2, "somebody may be at work there");
        scratch.clear(Duration::ZERO).unwrap();
        assert_eq!(left(), 0);
        assert!(is_leftover(SystemTime::now() + LEFTOVER, Duration::ZERO), "the clock was put back meanwhile");
    }
}
