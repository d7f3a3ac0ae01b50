//! Decoders in processes of their own, through the real binary: what strangers' files do to them, and what becomes of that.
#![cfg(target_os = "linux")]

#[path = "../src/decode/pdf/made.rs"]
#[allow(dead_code)]
mod made;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use flowery::decode::{Decoders, Failed, apart::Bounds};
use made::{lines, pages, stream};

/// A place of its own for files and results, and decoders that have little to spend.
struct Lab {
    folder: tempfile::TempDir,
    decoders: Decoders,
}

impl Lab {
    fn new(bounds: impl FnOnce(&mut Bounds)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let scratch = folder.path().join("scratch");
        fs::create_dir(&scratch).unwrap();
        let mut decoders = Decoders::by(env!("CARGO_BIN_EXE_flowery")).within(scratch);
        bounds(&mut decoders.pdf.1);
        Self { folder, decoders }
    }

    fn file(&self, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join("given");
        fs::write(&path, bytes).unwrap();
        path
    }

    async fn refused(&self, bytes: &[u8]) -> String {
        match self.decoders.pdf(&self.file(bytes)).await {
            Err(Failed::File(sentence)) => sentence.to_string(),
            other => panic!("{other:?}"),
        }
    }

    /// Nothing is left: no folder, and no process that was started for this lab.
    async fn assert_nothing_left(&self) {
        let left = || {
            let folders = fs::read_dir(self.folder.path().join("scratch")).unwrap().count();
            (folders, children(self.folder.path()))
        };
        // Who is killed may need a moment to go.
        let deadline = Instant::now() + Duration::from_secs(10);
        while left() != (0, Vec::new()) && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(left(), (0, Vec::new()));
    }
}

/// The decoders that this process has started for files of a folder, and zombies of any kind.
fn children(folder: &Path) -> Vec<String> {
    let own = std::process::id().to_string();
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else { continue };
        let Some((name, rest)) = stat.rsplit_once(')') else { continue };
        let mut fields = rest.split_whitespace();
        let (state, parent) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
        let command = fs::read_to_string(entry.path().join("cmdline")).unwrap_or_default();
        if parent == own && (state == "Z" && name.contains("(flowery") || command.contains(&*folder.to_string_lossy())) {
            found.push(format!("{state} {command}"));
        }
    }
    found
}

/// Drawings that each draw the next one several times: little to read, and no end to drawing it.
fn endless() -> Vec<u8> {
    let form = |next: usize| {
        let about = format!("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /Fm {next} 0 R >> >>");
        stream(&about, b"/Fm Do /Fm Do /Fm Do /Fm Do")
    };
    let forms: Vec<Vec<u8>> = (5..45).map(form).collect();
    pages(&["/Fm Do"], "/XObject << /Fm 4 0 R >>", &forms)
}

/// A page's content that is packed twice: a few kilobytes are a few gigabytes.
fn bomb() -> Vec<u8> {
    let pack = |bytes: &[u8], times: usize| {
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        (0..times).for_each(|_| packer.write_all(bytes).unwrap());
        packer.finish().unwrap()
    };
    let packed = pack(&pack(&[b' '; 1024 * 1024], 4096), 1);
    let about = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>";
    made::file(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Count 1 /Kids [ 3 0 R ] >>".to_vec(),
        about.as_bytes().to_vec(),
        stream("/Filter [ /FlateDecode /FlateDecode ]", &packed),
    ])
}

#[tokio::test]
async fn a_pdf_is_read_apart() {
    let lab = Lab::new(|_| {});
    assert!(lab.decoders.are_apart());
    let file = lab.file(&pages(&[&lines(&[(72.0, 700.0, "Rain on dry earth.")]), &lines(&[(72.0, 700.0, "Tar.")])], "", &[]));
    let document = lab.decoders.pdf(&file).await.unwrap();
    let told: Vec<(u32, &str)> = document.pages.iter().map(|page| (page.number, page.text.as_str())).collect();
    assert_eq!(told, [(1, "Rain on dry earth."), (2, "Tar.")]);
    assert_eq!(lab.refused(b"%PDF-1.7\n").await, "The end of this PDF is missing: it was cut off on its way. Add it once more.");
    lab.assert_nothing_left().await;
}

#[tokio::test]
async fn the_limits_of_pages_hold_apart_too() {
    let mut lab = Lab::new(|_| {});
    lab.decoders.pdf.0.pages = 10;
    let many = vec![""; 10_000];
    assert!(lab.refused(&pages(&many, "", &[])).await.contains("has 10000 pages; it may have up to 10"));
}

#[tokio::test]
async fn a_file_without_an_end_is_stopped_by_its_processor_time() {
    let lab = Lab::new(|bounds| bounds.processor_s = 2);
    let started = Instant::now();
    assert_eq!(lab.refused(&endless()).await, "This file took too long to read.");
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
    lab.assert_nothing_left().await;
}

#[tokio::test]
async fn a_file_without_an_end_is_stopped_at_the_deadline() {
    let lab = Lab::new(|bounds| bounds.deadline = Duration::from_millis(1500));
    let started = Instant::now();
    assert_eq!(lab.refused(&endless()).await, "This file took too long to read.");
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    lab.assert_nothing_left().await;
}

#[tokio::test]
async fn a_file_that_fills_the_memory_is_stopped() {
    let lab = Lab::new(|bounds| bounds.memory = 256 * 1024 * 1024);
    let bomb = bomb();
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    let sentence = lab.refused(&bomb).await;
    assert_eq!(sentence, "Reading this file needs more memory than is allowed.");
    lab.assert_nothing_left().await;
}

#[tokio::test]
async fn who_no_longer_waits_stops_the_decoder() {
    let lab = Lab::new(|_| {});
    let file = lab.file(&endless());
    let waiting = tokio::time::timeout(Duration::from_secs(2), lab.decoders.pdf(&file)).await;
    assert!(waiting.is_err(), "it never ends");
    lab.assert_nothing_left().await;
}

#[tokio::test]
async fn what_this_machine_cannot_do_is_not_the_files_fault() {
    let lab = Lab::new(|_| {});
    assert!(matches!(lab.decoders.pdf(&lab.folder.path().join("nothing")).await, Err(Failed::Machine(_))));
    let none = Decoders::by("/nonexistent/flowery").within(lab.folder.path());
    assert!(matches!(none.pdf(&lab.file(b"%PDF-1.7\n")).await, Err(Failed::Machine(_))));
}
