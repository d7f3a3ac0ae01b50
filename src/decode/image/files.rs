//! A picture as a folder of files, so that the process that decoded it can hand it over.

use std::{fs, io, path::Path};

use serde::{Deserialize, Serialize};

use super::{Picture, PictureFacts, SAMPLE, Sample};

pub const DISPLAY_FILE: &str = "display.jpg";
pub const THUMBNAIL_FILE: &str = "thumbnail.jpg";
const FACTS_FILE: &str = "picture.json";
const SAMPLE_FILE: &str = "sample.rgb";

#[derive(Serialize, Deserialize)]
struct Manifest {
    facts: PictureFacts,
    sample_width: u32,
    sample_height: u32,
}

impl Picture {
    /// Writes `display.jpg`, `thumbnail.jpg`, `sample.rgb` and, last, `picture.json` into a folder that exists.
    pub fn write_to(&self, folder: &Path) -> io::Result<()> {
        fs::write(folder.join(DISPLAY_FILE), &self.display)?;
        fs::write(folder.join(THUMBNAIL_FILE), &self.thumbnail)?;
        fs::write(folder.join(SAMPLE_FILE), &self.sample.rgb)?;
        let manifest = Manifest { facts: self.facts.clone(), sample_width: self.sample.width, sample_height: self.sample.height };
        fs::write(folder.join(FACTS_FILE), serde_json::to_vec(&manifest)?)
    }

    /// Reads back what [`Picture::write_to`] wrote, and trusts it no more than the process that wrote it.
    pub fn read_from(folder: &Path) -> io::Result<Self> {
        let manifest: Manifest = serde_json::from_slice(&fs::read(folder.join(FACTS_FILE))?)?;
        let sample =
            Sample { width: manifest.sample_width, height: manifest.sample_height, rgb: fs::read(folder.join(SAMPLE_FILE))? };
        let sides = [sample.width, sample.height];
        let area = u64::from(sample.width) * u64::from(sample.height);
        if sides.iter().any(|side| !(1..=SAMPLE).contains(side)) || sample.rgb.len() as u64 != area * 3 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the sample has not the size that it says"));
        }
        Ok(Self {
            facts: manifest.facts,
            display: fs::read(folder.join(DISPLAY_FILE))?,
            thumbnail: fs::read(folder.join(THUMBNAIL_FILE))?,
            sample,
        })
    }
}
