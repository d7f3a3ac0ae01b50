//! The originals that people gave, and what was derived from them to be shown: bytes under keys, on the disk or in S3.
//!
//! A key is `user/memory/name`, so that a memory or a person can be erased whole.

use std::{
    collections::BTreeSet,
    io,
    ops::Range,
    path::{Path as FilePath, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{
    GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart, aws::AmazonS3Builder,
    local::LocalFileSystem, memory::InMemory, path::Path, prefix::PrefixStore,
};
use tokio::io::AsyncWriteExt;

use crate::{
    domain::ids::{MemoryId, UserId},
    scratch::is_leftover,
};

/// How much of a file is sent at once while it is kept.
const PART_BYTES: usize = 5 * 1024 * 1024;

/// The file as it was given.
pub const ORIGINAL: &str = "original";
/// A picture for a page, without anything about who took it where.
pub const DISPLAY: &str = "display";
/// A picture for a list.
pub const THUMBNAIL: &str = "thumbnail";

/// The object that tells which database the others belong to. No memory's key looks like it.
const OWNER: &str = "belongs-to";

/// The store of originals.
#[derive(Clone)]
pub struct Originals {
    store: Arc<dyn ObjectStore>,
    /// Where it lies, if that is a folder.
    folder: Option<PathBuf>,
}

/// Bytes on their way out.
pub struct Outgoing {
    /// Of the whole object.
    pub size: u64,
    pub bytes: BoxStream<'static, object_store::Result<Bytes>>,
}

/// What is known of an object.
pub struct About {
    pub size: u64,
    /// Letters, digits and hyphens, which are others as soon as the bytes are.
    pub version: String,
}

fn version(meta: &ObjectMeta) -> String {
    let told = meta.e_tag.clone().unwrap_or_else(|| format!("{}-{}", meta.last_modified.timestamp_micros(), meta.size));
    told.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}

impl Originals {
    /// Opens `s3://bucket/prefix` (with the usual `AWS_…` variables), `memory:` or a folder, which is made.
    pub fn open(place: &str) -> Result<Self> {
        let mut at = None;
        let store: Arc<dyn ObjectStore> = if let Some(rest) = place.strip_prefix("s3://") {
            let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
            let s3 = AmazonS3Builder::from_env().with_bucket_name(bucket).build().context("the S3 bucket cannot be used")?;
            Arc::new(PrefixStore::new(s3, prefix))
        } else if place == "memory:" {
            Arc::new(InMemory::new())
        } else if place.contains("://") {
            bail!("originals are kept in a folder or in s3://bucket/prefix, not in {place:?}");
        } else {
            std::fs::create_dir_all(place).with_context(|| format!("the folder of the originals, {place}, cannot be made"))?;
            let folder = LocalFileSystem::new_with_prefix(place).context("the folder of the originals cannot be used")?;
            at = Some(PathBuf::from(place));
            Arc::new(folder.with_automatic_cleanup(true))
        };
        Ok(Self { store, folder: at })
    }

    /// Where something of a memory lies.
    pub fn key(user: &UserId, memory: &MemoryId, name: &str) -> Path {
        Path::from_iter([user.as_str(), memory.as_str(), name])
    }

    /// Keeps a file, part by part: whole or not at all.
    pub async fn keep_file(&self, key: &Path, file: &FilePath) -> Result<()> {
        let mut source = tokio::fs::File::open(file).await?;
        let mut upload = WriteMultipart::new_with_chunk_size(self.store.put_multipart(key).await?, PART_BYTES);
        let mut buffer = vec![0; 256 * 1024];
        loop {
            let read = tokio::io::AsyncReadExt::read(&mut source, &mut buffer).await?;
            if read == 0 {
                break;
            }
            upload.wait_for_capacity(2).await?;
            upload.write(&buffer[..read]);
        }
        upload.finish().await?;
        Ok(())
    }

    pub async fn keep(&self, key: &Path, bytes: Vec<u8>) -> Result<()> {
        self.store.put(key, PutPayload::from(bytes)).await?;
        Ok(())
    }

    /// Writes an object to a file.
    pub async fn copy_to(&self, key: &Path, file: &FilePath) -> Result<()> {
        let mut bytes = self.store.get(key).await?.into_stream();
        let mut target = tokio::fs::File::create(file).await?;
        while let Some(part) = bytes.try_next().await? {
            target.write_all(&part).await?;
        }
        target.flush().await?;
        Ok(())
    }

    /// What is known of an object without reading it; none if there is none.
    pub async fn about(&self, key: &Path) -> Result<Option<About>> {
        match self.store.head(key).await {
            Ok(meta) => Ok(Some(About { size: meta.size, version: version(&meta) })),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// An object, or a part of it; none if there is none.
    pub async fn read(&self, key: &Path, range: Option<Range<u64>>) -> Result<Option<Outgoing>> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        match self.store.get_opts(key, options).await {
            Ok(found) => Ok(Some(Outgoing { size: found.meta.size, bytes: found.into_stream() })),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The identity of the database that these originals belong to; none if it was never noted.
    pub async fn owner(&self) -> Result<Option<String>> {
        match self.store.get(&Path::from(OWNER)).await {
            Ok(found) => Ok(Some(String::from_utf8_lossy(&found.bytes().await?).into_owned())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Notes which database these originals belong to.
    pub async fn belong_to(&self, identity: &str) -> Result<()> {
        self.keep(&Path::from(OWNER), identity.as_bytes().to_vec()).await
    }

    /// Erases everything of a memory.
    pub async fn erase_memory(&self, user: &UserId, memory: &MemoryId) -> Result<()> {
        self.erase(&Path::from_iter([user.as_str(), memory.as_str()])).await
    }

    /// Erases everything of a person.
    pub async fn erase_user(&self, user: &UserId) -> Result<()> {
        self.erase(&Path::from_iter([user.as_str()])).await
    }

    async fn erase(&self, prefix: &Path) -> Result<()> {
        let keys = self.store.list(Some(prefix)).map_ok(|meta| meta.location).boxed();
        let mut erased = self.store.delete_stream(keys);
        while let Some(key) = erased.next().await {
            match key {
                Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Erases the parts of files whose writing broke off longer ago than this: the store itself neither lists nor erases them.
    /// Elsewhere than in a folder, they are a matter of the bucket's own rules.
    pub async fn erase_parts(&self, age: Duration) -> Result<()> {
        let Some(folder) = self.folder.clone() else { return Ok(()) };
        Ok(tokio::task::spawn_blocking(move || erase_parts(&folder, age)).await??)
    }

    /// The memories of which something lies here since longer than this, each once.
    pub async fn memories_kept_for(&self, age: Duration) -> Result<Vec<(UserId, MemoryId)>> {
        let is_older = |meta: &ObjectMeta| is_leftover(meta.last_modified.into(), age);
        let mut objects = self.store.list(None);
        let mut found = BTreeSet::new();
        while let Some(meta) = objects.try_next().await? {
            let mut parts = meta.location.parts();
            if let (Some(user), Some(memory), true) = (parts.next(), parts.next(), is_older(&meta)) {
                found.insert((UserId::from_key(user.as_ref()), MemoryId::from_key(memory.as_ref())));
            }
        }
        Ok(found.into_iter().collect())
    }
}

/// The folder's store writes to a file that is named like the key with `#` and a number behind it, and renames it in the end.
fn erase_parts(folder: &FilePath, age: Duration) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let (kind, name) = (entry.file_type()?, entry.file_name());
        if kind.is_dir() {
            erase_parts(&entry.path(), age)?;
            // Succeeds only where nothing lies in it.
            if entry.metadata().and_then(|meta| meta.modified()).is_ok_and(|at| is_leftover(at, age)) {
                let _ = std::fs::remove_dir(entry.path());
            }
            continue;
        }
        let number = name.to_str().and_then(|name| name.rsplit_once('#')).map(|(_, number)| number);
        let is_part = number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()));
        if kind.is_file() && is_part && is_leftover(entry.metadata()?.modified()?, age) {
            std::fs::remove_file(entry.path())?;
            tracing::info!("a file whose writing had broken off was erased");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_written_by_half_does_not_stay() {
        let folder = tempfile::tempdir().unwrap();
        let originals = Originals::open(folder.path().to_str().unwrap()).unwrap();
        let (user, memory) = (UserId::from_key("ada"), MemoryId::from_key("sea"));
        let key = Originals::key(&user, &memory, ORIGINAL);
        originals.keep(&key, b"whole".to_vec()).await.unwrap();
        let part = folder.path().join("ada/sea/original#1");
        std::fs::write(&part, "half").unwrap();
        originals.erase_parts(crate::scratch::LEFTOVER).await.unwrap();
        assert!(part.exists(), "it may still be written");
        originals.erase_parts(Duration::ZERO).await.unwrap();
        assert!(!part.exists());
        assert_eq!(originals.about(&key).await.unwrap().map(|about| about.size), Some(5));
    }
}
