//! Everything of a person in one archive: a document, and the files as they were given.

use std::{
    io,
    time::{SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use futures::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};

use super::{Memories, archive};
use crate::{
    domain::{AppError, AppResult, ids::UserId},
    store::{
        originals::{ORIGINAL, Originals},
        scent_memory::{self, FileOf},
    },
};

/// The folder in the archive: nobody's other files lie between these once they are unpacked.
const FOLDER: &str = "flowery";

/// Bytes of an archive on their way out.
pub type Archive = BoxStream<'static, io::Result<Bytes>>;

impl Memories {
    /// A tar archive of a document and of all files of a person. One file after the other is read while it is sent.
    pub async fn take_along(&self, user: &UserId, name: &str, document: Vec<u8>) -> AppResult<Archive> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let files = scent_memory::files(&self.store, user).await?;
        let (originals, user) = (self.files.originals.clone(), user.clone());
        let files = stream::iter(files)
            .then(move |file| {
                let (originals, user) = (originals.clone(), user.clone());
                async move { original(&originals, &user, file, now).await }
            })
            .try_flatten();
        let size = document.len() as u64;
        let document = entry(&format!("{FOLDER}/{name}"), size, now, stream::iter([Ok(document.into())]).boxed())
            .map_err(|_| AppError::internal())?;
        Ok(document.chain(files).chain(stream::iter([Ok(archive::end())])).boxed())
    }
}

/// A file with what stands around it. One that is gone meanwhile is left out.
async fn original(originals: &Originals, user: &UserId, file: FileOf, now: u64) -> io::Result<Archive> {
    let FileOf { id, name } = file;
    let found = originals.read(&Originals::key(user, &id, ORIGINAL), None).await.map_err(io::Error::other)?;
    let Some(found) = found else {
        tracing::warn!(memory.id = %id, "an original is missing in an archive");
        return Ok(stream::empty().boxed());
    };
    let path = format!("{FOLDER}/files/{id}/{}", plain(&name));
    entry(&path, found.size, now, found.bytes.map_err(io::Error::other).boxed())
}

fn entry(path: &str, size: u64, now: u64, bytes: Archive) -> io::Result<Archive> {
    let before = archive::before(path, size, now)?;
    Ok(stream::iter([Ok(before)]).chain(bytes).chain(stream::iter([Ok(archive::after(size))])).boxed())
}

/// A name that every system can write and that leads nowhere else.
fn plain(name: &str) -> String {
    let name: String = name.chars().map(|c| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c }).collect();
    let name = name.trim_matches([' ', '.']);
    if name.is_empty() { "file".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere_else() {
        assert_eq!(plain("Nonna's kitchen.png"), "Nonna's kitchen.png");
        assert_eq!(plain("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(plain(".."), "file");
        assert_eq!(plain("a\n\"b\":c.pdf"), "a__b__c.pdf");
    }
}
