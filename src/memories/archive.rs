//! The pieces of a tar archive, for one that is sent while it is made.

use std::io;

use bytes::Bytes;
use tar::{Builder, Header};

/// Everything in an archive comes in blocks of this many bytes.
const BLOCK: usize = 512;

/// What stands before the bytes of a file. Names may be as long as they like, and files, too.
///
/// # Errors
/// For a path that leads out of the archive.
pub fn before(path: &str, size: u64, modified_s: u64) -> io::Result<Bytes> {
    let mut header = Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o644);
    header.set_mtime(modified_s);
    let mut pieces = Builder::new(Vec::new());
    pieces.append_data(&mut header, path, io::empty())?;
    // Not finished: that would end the archive.
    Ok(Bytes::copy_from_slice(pieces.get_ref()))
}

/// What stands behind the bytes of a file.
pub fn after(size: u64) -> Bytes {
    let over = (size % BLOCK as u64) as usize;
    Bytes::from_static(&[0; BLOCK]).slice(..(BLOCK - over) % BLOCK)
}

/// What stands at the end of an archive.
pub fn end() -> Bytes {
    Bytes::from_static(&[0; 2 * BLOCK])
}

#[cfg(test)]
mod tests {
    use std::{io::Write, process::Command};

    use super::*;

    #[test]
    fn what_was_put_in_is_found_by_others() {
        let long = format!("flowery/files/{}/Großmutters Küche 🌹.jpg", "langer Ordner ".repeat(12));
        let files =
            [("flowery/flowery.json", vec![b'{'; 511]), (long.as_str(), vec![7; 512]), ("flowery/files/a/empty.txt", vec![])];
        let mut archive = Vec::new();
        for (path, content) in &files {
            archive.extend_from_slice(&before(path, content.len() as u64, 1_700_000_000).unwrap());
            archive.extend_from_slice(content);
            archive.extend_from_slice(&after(content.len() as u64));
        }
        archive.extend_from_slice(&end());
        assert_eq!(archive.len() % BLOCK, 0);
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("a.tar");
        std::fs::File::create(&at).unwrap().write_all(&archive).unwrap();
        let told = Command::new("tar").arg("-xf").arg(&at).arg("-C").arg(folder.path()).output().unwrap();
        assert!(told.status.success() && told.stderr.is_empty(), "{}", String::from_utf8_lossy(&told.stderr));
        for (path, content) in &files {
            assert_eq!(&std::fs::read(folder.path().join(path)).unwrap(), content, "{path}");
        }
    }
}
