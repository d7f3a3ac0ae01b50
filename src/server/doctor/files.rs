//! Which kinds of files can be understood here: each decoder is run on a small file that is made on the spot, and each network on
//! what comes out.

use std::{io::Write, path::Path};

use anyhow::{Context, Result, ensure};
use image::{ImageFormat, Rgb, RgbImage};
use tempfile::NamedTempFile;

use super::{
    super::{boot::decoders, settings::Settings},
    Finding,
    provider::tone,
};
use crate::{
    ai::{
        ImageReader, Pixels, TextReader, Transcriber,
        local::{efficientnet::EfficientNet, ppocr::PpOcr, whisper::Whisper},
        wav,
    },
    decode::{Decoders, Failed, sample},
};

/// What the PDF says.
const WORDS: &str = "Rain on dry earth";

/// Tries every kind.
pub(super) async fn examine(settings: &Settings) -> Vec<Finding> {
    let decoders = match decoders(settings) {
        Ok(decoders) => decoders,
        Err(error) => return vec![Finding { what: "files", outcome: Err(format!("{error:#}")) }],
    };
    let told = |outcome: Result<String>| outcome.map_err(|error| format!("{error:#}"));
    vec![
        Finding { what: "photos", outcome: told(photos(&decoders, &settings.models).await) },
        Finding { what: "documents (PDF)", outcome: told(documents(&decoders).await) },
        Finding { what: "recordings", outcome: told(recordings(&decoders, &settings.models).await) },
    ]
}

/// A file with these bytes.
fn file(bytes: &[u8]) -> Result<NamedTempFile> {
    let mut file = NamedTempFile::new().context("no file can be made in the folder for temporary files")?;
    file.write_all(bytes)?;
    Ok(file)
}

/// Why a decoder failed, with what the machine says.
fn failed(failed: Failed) -> anyhow::Error {
    match failed {
        Failed::File(unreadable) => anyhow::anyhow!("a sound file was not understood: {unreadable}"),
        Failed::Machine(error) => anyhow::Error::from(error).context("the decoder could not be run"),
    }
}

fn apart(decoders: &Decoders) -> &'static str {
    if decoders.are_apart() { "read in a process of its own" } else { "read in this very process" }
}

async fn photos(decoders: &Decoders, models: &Path) -> Result<String> {
    let mut png = std::io::Cursor::new(Vec::new());
    RgbImage::from_pixel(64, 48, Rgb([40, 120, 60])).write_to(&mut png, ImageFormat::Png)?;
    let picture = decoders.image(file(png.get_ref())?.path()).await.map_err(failed)?;
    let eyes = EfficientNet::load(models).context("only their colors, light, time and place are read")?;
    let sample = picture.sample;
    let pixels = Pixels { width: sample.width, height: sample.height, rgb: sample.rgb.into() };
    eyes.labels(&pixels).await.context("only their colors, light, time and place are read")?;
    let letters = PpOcr::load(models).context("the words in them are not read")?;
    letters.lines(&pixels).await.context("the words in them are not read")?;
    Ok(format!("{}; {} tells what they show, {} what is written there", apart(decoders), eyes.model(), letters.model()))
}

async fn documents(decoders: &Decoders) -> Result<String> {
    let document = decoders.pdf(file(&sample::pdf(WORDS))?.path()).await.map_err(failed)?;
    let text = document.pages.first().map_or("", |page| page.text.trim());
    ensure!(text == WORDS, "a page that says “{WORDS}” was read as “{text}”");
    Ok(apart(decoders).to_owned())
}

async fn recordings(decoders: &Decoders, models: &Path) -> Result<String> {
    let sound = decoders.audio(file(&wav(&tone()))?.path()).await.map_err(failed)?;
    let ears = Whisper::new(models);
    let cannot = "the sound can be played, and not understood";
    ears.check().context(cannot)?;
    ears.transcribe(sound.samples.into()).await.context(cannot)?;
    Ok(format!("{}; {} writes down what is said", apart(decoders), ears.model()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ai::local::models_folder;

    #[tokio::test]
    async fn what_is_tried_works_where_the_models_are() {
        let (decoders, models) = (Decoders::here(), models_folder());
        photos(&decoders, &models).await.unwrap();
        documents(&decoders).await.unwrap();
        recordings(&decoders, &models).await.unwrap();
    }

    #[tokio::test]
    async fn without_models_it_says_what_still_works_and_what_to_do() {
        let (decoders, nowhere) = (Decoders::here(), Path::new("/nowhere"));
        for (error, still) in [
            (photos(&decoders, nowhere).await.unwrap_err(), "only their colors"),
            (recordings(&decoders, nowhere).await.unwrap_err(), "can be played"),
        ] {
            let said = format!("{error:#}");
            assert!(said.contains(still) && said.contains(".ci/setup/models"), "{said}");
        }
    }
}
