//! Tar archives (POSIX ustar, with pax headers where a name needs one), as far as a person's files need them.

use bytes::Bytes;

/// Everything in an archive comes in blocks of this many bytes.
const BLOCK: usize = 512;

/// The longest name that the plain header has room for.
const PLAIN_NAME: usize = 100;

/// The largest size that the plain header has room for: eight gigabytes.
const LARGEST: u64 = 0o777_7777_7777;

/// What stands before the bytes of a file; none if it is too large for this kind of archive.
pub fn before(path: &str, size: u64, modified_s: u64) -> Option<Bytes> {
    if size > LARGEST {
        return None;
    }
    if path.is_ascii() && path.len() <= PLAIN_NAME {
        return Some(Bytes::copy_from_slice(&header(path, size, modified_s, b'0')));
    }
    // Only here is it said how the name is encoded, and it may be as long as it likes.
    let record = pax("path", path);
    let mut bytes = header("name", record.len() as u64, modified_s, b'x').to_vec();
    bytes.extend_from_slice(record.as_bytes());
    bytes.extend_from_slice(&after(record.len() as u64));
    let plain: String = path.chars().map(|c| if c.is_ascii() { c } else { '_' }).take(PLAIN_NAME).collect();
    bytes.extend_from_slice(&header(&plain, size, modified_s, b'0'));
    Some(bytes.into())
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

/// A record of a pax header. Its length counts itself.
fn pax(key: &str, value: &str) -> String {
    let rest = format!(" {key}={value}\n");
    let digits = |n: usize| n.to_string().len();
    let mut length = rest.len() + digits(rest.len());
    length = rest.len() + digits(length);
    format!("{length}{rest}")
}

fn header(name: &str, size: u64, modified_s: u64, kind: u8) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut put = |at: usize, text: &str| block[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, name);
    put(100, "0000644\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, &format!("{size:011o}\0"));
    put(136, &format!("{:011o}\0", modified_s.min(LARGEST)));
    // The sum is taken with spaces in its own place.
    put(148, "        ");
    put(257, "ustar\x0000");
    block[156] = kind;
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
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

    #[test]
    fn a_record_counts_its_own_length() {
        assert_eq!(pax("path", "a"), "10 path=a\n");
        for length in 80..120 {
            let record = pax("path", &"x".repeat(length));
            assert!(record.starts_with(&format!("{} ", record.len())), "{record}");
        }
        assert!(before("a", LARGEST + 1, 0).is_none());
    }
}
