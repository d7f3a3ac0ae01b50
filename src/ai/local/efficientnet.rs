//! What a picture shows, told by EfficientNet-Lite0 and -Lite2 together (Tan & Le 2019; trained on ImageNet's 1,000 kinds of
//! things).
//!
//! Each network looks twice, at the middle and at the whole, and the four opinions are averaged: the networks err in
//! different ways, and a lone wrong one does not carry the day.

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result, ensure};
use async_trait::async_trait;
use image::{DynamicImage, RgbImage, imageops::FilterType};
use rten::{Model, NodeId};
use rten_tensor::{NdTensor, prelude::*};

use crate::ai::{ImageReader, Label, Pixels};

/// Folder, file, and the side of the square that each network looks at, in pixels.
const NETWORKS: [(&str, usize); 2] = [("lite0.onnx", 224), ("lite2.onnx", 260)];

/// The names of the 1,000 kinds, in the networks' order.
const CLASSES: &str = include_str!("efficientnet/classes.txt");

/// How much wider than the middle a picture is that is cut to the middle, in pixels, as the networks were trained.
const MARGIN: u32 = 32;

/// Less likely labels are not told.
const LEAST: f32 = 0.003;
/// The most labels told of one picture.
const MOST: usize = 60;

/// The networks, loaded. Cheap to share; a picture is CPU work of about a fifth of a second.
pub struct EfficientNet {
    networks: Arc<Vec<Network>>,
}

struct Network {
    model: Model,
    input: NodeId,
    output: NodeId,
    side: usize,
}

impl EfficientNet {
    /// Loads both networks from `<models>/efficientnet-lite/`.
    pub fn load(models: &Path) -> Result<Self> {
        let load = |(file, side): (&str, usize)| {
            let path = models.join("efficientnet-lite").join(file);
            ensure!(path.is_file(), "the model file {} is missing: run .ci/setup/models to fetch it", path.display());
            let model = Model::load_file(&path).with_context(|| format!("{} is not a model that runs here", path.display()))?;
            let input = *model.input_ids().first().context("the model has no input")?;
            let output = *model.output_ids().first().context("the model has no output")?;
            Ok(Network { model, input, output, side })
        };
        Ok(Self { networks: Arc::new(NETWORKS.into_iter().map(load).collect::<Result<_>>()?) })
    }

    /// Every name that [`ImageReader::labels`] may give.
    pub fn classes() -> impl Iterator<Item = &'static str> {
        CLASSES.lines()
    }
}

#[async_trait]
impl ImageReader for EfficientNet {
    fn model(&self) -> &str {
        "efficientnet-lite0+lite2"
    }

    async fn labels(&self, picture: &Pixels) -> Result<Vec<Label>> {
        let networks = Arc::clone(&self.networks);
        let picture = picture.clone();
        tokio::task::spawn_blocking(move || seen(&networks, &picture)).await.context("the classifier stopped")?
    }
}

fn seen(networks: &[Network], picture: &Pixels) -> Result<Vec<Label>> {
    let image = RgbImage::from_raw(picture.width, picture.height, picture.rgb.to_vec())
        .filter(|image| image.width() > 0 && image.height() > 0)
        .context("the picture has not the size that it says")?;
    let image = DynamicImage::ImageRgb8(image);
    let mut sums = vec![0.0_f32; CLASSES.lines().count()];
    let mut opinions = 0.0_f32;
    for network in networks {
        for view in views(&image, network.side) {
            let [out] = network.model.run_n(vec![(network.input, view.view().into())], [network.output], None)?;
            let out: NdTensor<f32, 2> = out.try_into()?;
            ensure!(out.size(1) == sums.len(), "the network knows {} kinds, not {}", out.size(1), sums.len());
            for (sum, probability) in sums.iter_mut().zip(out.iter()) {
                *sum += probability;
            }
            opinions += 1.0;
        }
    }
    ensure!(sums.iter().all(|sum| sum.is_finite()), "the network gave no numbers");
    let mut labels: Vec<Label> = CLASSES
        .lines()
        .zip(sums)
        .map(|(name, sum)| Label { name: name.to_owned(), probability: sum / opinions.max(1.0) })
        .filter(|label| label.probability >= LEAST)
        .collect();
    labels.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    labels.truncate(MOST);
    Ok(labels)
}

/// The middle square, and the whole squeezed into one.
fn views(image: &DynamicImage, side: usize) -> [NdTensor<f32, 4>; 2] {
    let target = u32::try_from(side).unwrap_or(u32::MAX);
    let short = image.width().min(image.height());
    let kept = (u64::from(short) * u64::from(target) / u64::from(target.saturating_add(MARGIN))).max(1);
    let kept = u32::try_from(kept).unwrap_or(short);
    let (left, top) = ((image.width() - kept) / 2, (image.height() - kept) / 2);
    let middle = image.crop_imm(left, top, kept, kept);
    let seen = |image: &DynamicImage| tensor(&image.resize_exact(target, target, FilterType::CatmullRom).into_rgb8(), side);
    [seen(&middle), seen(image)]
}

/// Planes of red, green and blue, (x − 127) / 128 as the networks were trained.
fn tensor(image: &RgbImage, side: usize) -> NdTensor<f32, 4> {
    let planes = (0..3).flat_map(|channel| image.pixels().map(move |pixel| (f32::from(pixel.0[channel]) - 127.0) / 128.0));
    NdTensor::from_data([1, 3, side, side], planes.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(width: u32, height: u32, color: impl Fn(f32, f32) -> [u8; 3]) -> Pixels {
        let image = RgbImage::from_fn(width, height, |x, y| image::Rgb(color(x as f32 / width as f32, y as f32 / height as f32)));
        Pixels { width, height, rgb: image.into_raw().into() }
    }

    #[test]
    fn the_thousand_names_are_distinct() {
        let names: std::collections::HashSet<_> = EfficientNet::classes().collect();
        assert_eq!(names.len(), 1000);
    }

    #[tokio::test]
    async fn drawings_are_told_apart() {
        let model = EfficientNet::load(&crate::ai::local::models_folder()).unwrap();
        let ball = drawn(320, 300, |x, y| {
            let shade = 1.0 - 0.5 * (x - 0.38).hypot(y - 0.35);
            let inside = (x - 0.5).hypot(y - 0.5) < 0.33;
            if inside { [250.0, 140.0, 10.0].map(|c: f32| (c * shade) as u8) } else { [250; 3] }
        });
        let traffic_light = drawn(300, 300, |x, y| {
            let lamp = |height: f32| (x - 0.5).hypot(y - height) < 0.1;
            match () {
                () if lamp(0.22) => [255, 30, 20],
                () if lamp(0.5) => [255, 200, 20],
                () if lamp(0.78) => [20, 220, 80],
                () if (0.35..0.65).contains(&x) && (0.05..0.95).contains(&y) => [25; 3],
                () => [150, 190, 230],
            }
        });
        let crossword = drawn(300, 300, |x, y| {
            let (column, row) = ((x * 13.0) as u32, (y * 13.0) as u32);
            let line = (x * 13.0).fract() < 0.06 || (y * 13.0).fract() < 0.06;
            if line || (column * 7 + row * 11 + column * row).is_multiple_of(5) { [8; 3] } else { [252; 3] }
        });
        for (picture, name) in [(ball, "ping-pong ball"), (traffic_light, "traffic light"), (crossword, "crossword")] {
            let labels = model.labels(&picture).await.unwrap();
            assert!(labels[0].name == name && labels[0].probability > 0.2, "{name}: {:?}", &labels[..3]);
        }
    }

    #[tokio::test]
    async fn any_shape_is_looked_at_and_probabilities_are_honest() {
        let model = EfficientNet::load(&crate::ai::local::models_folder()).unwrap();
        for (width, height) in [(1, 1), (960, 2), (3, 700), (640, 480)] {
            let labels = model.labels(&drawn(width, height, |x, y| [(x * 255.0) as u8, (y * 255.0) as u8, 90])).await.unwrap();
            assert!(labels.iter().map(|label| label.probability).sum::<f32>() <= 1.001);
            assert!(labels.windows(2).all(|pair| pair[0].probability >= pair[1].probability));
        }
        assert!(model.labels(&Pixels { width: 9, height: 9, rgb: vec![0; 5].into() }).await.is_err());
    }

    #[test]
    fn a_missing_model_says_what_to_do() {
        let error = EfficientNet::load(Path::new("/nowhere")).err().unwrap().to_string();
        assert!(error.contains(".ci/setup/models"), "{error}");
    }
}
