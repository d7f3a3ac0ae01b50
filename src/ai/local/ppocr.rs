//! The words in a picture, read by PP-OCRv5 mobile (Cui et al. 2025): one network finds lines of text, another reads each.
//!
//! Latin letters with their accents, digits, Chinese and Japanese. Lines may be slanted; what stands upright or on its head is
//! not read.

mod detect;
mod recognize;

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result, ensure};
use async_trait::async_trait;
use rten::{Model, NodeId};

use self::{detect::Detector, recognize::Recognizer};
use crate::ai::{Pixels, TextLine, TextReader};

/// The most lines that are read of one picture: the largest.
const MOST_LINES: usize = 40;
/// Lines that are less surely what they seem are left out.
const LEAST: f32 = 0.7;

/// The networks, loaded. Cheap to share.
pub struct PpOcr {
    parts: Arc<(Detector, Recognizer)>,
}

/// A network with one input and one output.
struct Network {
    model: Model,
    input: NodeId,
    output: NodeId,
}

impl Network {
    fn load(path: &Path) -> Result<Self> {
        let model = Model::load_file(path).with_context(|| format!("{} is not a model that runs here", path.display()))?;
        let input = *model.input_ids().first().context("the model has no input")?;
        let output = *model.output_ids().first().context("the model has no output")?;
        Ok(Self { model, input, output })
    }
}

impl PpOcr {
    /// Loads `detect.onnx`, `recognize.onnx` and `keys.txt` from `<models>/pp-ocrv5/`.
    pub fn load(models: &Path) -> Result<Self> {
        let folder = models.join("pp-ocrv5");
        let file = |name: &str| {
            let path = folder.join(name);
            ensure!(path.is_file(), "the model file {} is missing: run .ci/setup/models to fetch it", path.display());
            Ok(path)
        };
        let detector = Detector(Network::load(&file("detect.onnx")?)?);
        let keys = std::fs::read_to_string(file("keys.txt")?).context("the letters cannot be read")?;
        let recognizer = Recognizer::new(Network::load(&file("recognize.onnx")?)?, &keys);
        Ok(Self { parts: Arc::new((detector, recognizer)) })
    }
}

#[async_trait]
impl TextReader for PpOcr {
    fn model(&self) -> &str {
        "pp-ocrv5-mobile"
    }

    async fn lines(&self, picture: &Pixels) -> Result<Vec<TextLine>> {
        let parts = Arc::clone(&self.parts);
        let picture = picture.clone();
        tokio::task::spawn_blocking(move || read(&parts.0, &parts.1, &picture)).await.context("the reader stopped")?
    }
}

fn read(detector: &Detector, recognizer: &Recognizer, picture: &Pixels) -> Result<Vec<TextLine>> {
    let area = u64::from(picture.width) * u64::from(picture.height);
    ensure!(area > 0 && picture.rgb.len() as u64 == area * 3, "the picture has not the size that it says");
    let mut boxes = detector.boxes(picture)?;
    boxes.sort_by(|a, b| b.height().total_cmp(&a.height()));
    boxes.truncate(MOST_LINES);
    boxes.sort_by(|a, b| a.reading_order(b));
    let mut lines = Vec::new();
    for slanted in boxes {
        let (text, confidence) = recognizer.read(picture, &slanted)?;
        if confidence >= LEAST && text.chars().any(char::is_alphanumeric) {
            lines.push(TextLine { text, confidence, height: slanted.height() / picture.height as f32 });
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_picture_without_words_has_none() {
        let reader = PpOcr::load(&crate::ai::local::models_folder()).unwrap();
        for (width, height) in [(1, 1), (400, 300), (960, 3)] {
            let rgb = (0..width * height * 3).map(|at| (at / 7 % 60 + 90) as u8).collect::<Vec<_>>();
            assert_eq!(reader.lines(&Pixels { width, height, rgb: rgb.into() }).await.unwrap(), []);
        }
        assert!(reader.lines(&Pixels { width: 9, height: 9, rgb: vec![0; 5].into() }).await.is_err());
    }

    #[tokio::test]
    async fn a_word_is_read_level_and_slanted() {
        let reader = PpOcr::load(&crate::ai::local::models_folder()).unwrap();
        for tilt in [0.0, 0.12, -0.12] {
            let lines = reader.lines(&written("OIL", tilt)).await.unwrap();
            assert_eq!(lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), ["OIL"], "{tilt}");
        }
    }

    /// Letters drawn as strokes, so that the test needs no typeface: black on cream, turned by `tilt` radians.
    fn written(word: &str, tilt: f32) -> Pixels {
        let (width, height) = (480, 320);
        let ink = |x: f32, y: f32| {
            let (x, y) = (x - 240.0, y - 160.0);
            let (x, y) = (x * tilt.cos() + y * tilt.sin(), y * tilt.cos() - x * tilt.sin());
            word.chars().enumerate().any(|(at, letter)| {
                let (x, y) = (x + 100.0 - at as f32 * 70.0, y + 40.0);
                let within = (0.0..80.0).contains(&y);
                match letter {
                    'O' => (((x - 28.0) / 28.0).hypot((y - 40.0) / 40.0) - 0.86).abs() < 0.14,
                    'I' => within && (22.0..33.0).contains(&x),
                    'L' => within && ((6.0..17.0).contains(&x) || ((69.0..80.0).contains(&y) && (6.0..50.0).contains(&x))),
                    _ => false,
                }
            })
        };
        let pixel = |at: u32| if ink((at % width) as f32, (at / width) as f32) { [20; 3] } else { [244, 238, 222] };
        Pixels { width, height, rgb: (0..width * height).flat_map(pixel).collect::<Vec<u8>>().into() }
    }

    #[test]
    fn a_missing_model_says_what_to_do() {
        let error = PpOcr::load(Path::new("/nowhere")).err().unwrap().to_string();
        assert!(error.contains(".ci/setup/models"), "{error}");
    }
}
