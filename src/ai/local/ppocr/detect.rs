//! Where lines of text are: differentiable binarization (Liao et al. 2020).

use std::cmp::Ordering;

use anyhow::{Context, Result, ensure};
use image::{DynamicImage, RgbImage, imageops::FilterType};
use rten_tensor::{NdTensor, prelude::*};

use super::Network;
use crate::ai::Pixels;

/// The network takes sides that are multiples of this.
const STEP: u32 = 32;
/// The longest side that is looked at: more finds smaller letters and takes longer.
const LONGEST: u32 = 960;
/// Where text is likelier than this, there is some.
const TEXT: f32 = 0.3;
/// What is found must be text so surely on the whole.
const SURE: f32 = 0.6;
/// The network marks the cores of lines only; so much is added around them, in parts of area by circumference.
const GROW: f32 = 1.6;
/// Specks of fewer pixels are no text.
const LEAST_PIXELS: usize = 12;
/// Lines that are lower than this in the picture cannot be read.
const LEAST_HEIGHT: f32 = 6.0;
/// Means and deviations by which the network was trained (ImageNet's), blue first.
const MEAN: [f32; 3] = [0.485, 0.456, 0.406];
const DEVIATION: [f32; 3] = [0.229, 0.224, 0.225];

pub(super) struct Detector(pub Network);

/// A slanted rectangle in pixels of the picture: its middle, the direction of its line, and half its length and height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slanted {
    pub x: f32,
    pub y: f32,
    /// Of length 1, towards the right.
    pub along: (f32, f32),
    pub half_length: f32,
    pub half_height: f32,
}

impl Slanted {
    pub fn height(&self) -> f32 {
        self.half_height * 2.0
    }

    /// From top to bottom, and what stands side by side from left to right.
    pub fn reading_order(&self, other: &Self) -> Ordering {
        // Rows are told apart by rounding to them: a comparison by overlap would not be an order.
        let row = |slanted: &Self| (slanted.y / 12.0).round();
        row(self).total_cmp(&row(other)).then(self.x.total_cmp(&other.x))
    }
}

impl Detector {
    pub fn boxes(&self, picture: &Pixels) -> Result<Vec<Slanted>> {
        let image = RgbImage::from_raw(picture.width, picture.height, picture.rgb.to_vec()).context("no picture")?;
        let long = picture.width.max(picture.height);
        let side = |side: u32| {
            let exact = if long > LONGEST { u64::from(side) * u64::from(LONGEST) / u64::from(long) } else { u64::from(side) };
            u32::try_from(exact).unwrap_or(LONGEST).div_ceil(STEP).clamp(1, LONGEST / STEP) * STEP
        };
        let (width, height) = (side(picture.width), side(picture.height));
        let image = DynamicImage::ImageRgb8(image).resize_exact(width, height, FilterType::Triangle).into_rgb8();
        let planes = (0..3).flat_map(|plane| {
            image.pixels().map(move |pixel| (f32::from(pixel.0[2 - plane]) / 255.0 - MEAN[plane]) / DEVIATION[plane])
        });
        let (columns, rows) = (width as usize, height as usize);
        let input = NdTensor::from_data([1, 3, rows, columns], planes.collect::<Vec<f32>>());
        let [map] = self.0.model.run_n(vec![(self.0.input, input.view().into())], [self.0.output], None)?;
        let map: NdTensor<f32, 4> = map.try_into()?;
        ensure!(map.shape() == [1, 1, rows, columns], "the network gave a map of another size");
        let map: Vec<f32> = map.iter().copied().collect();
        let scale = (picture.width as f32 / width as f32, picture.height as f32 / height as f32);
        Ok(patches(&map, columns).iter().filter_map(|patch| surrounding(patch, &map, columns, scale)).collect())
    }
}

/// The pixels of each patch of text, which hang together by their sides.
fn patches(map: &[f32], columns: usize) -> Vec<Vec<usize>> {
    let mut free: Vec<bool> = map.iter().map(|text| *text > TEXT).collect();
    let mut patches = Vec::new();
    for start in 0..map.len() {
        if !std::mem::take(&mut free[start]) {
            continue;
        }
        let mut patch = vec![start];
        let mut next = 0;
        while let Some(&at) = patch.get(next) {
            next += 1;
            let column = at % columns;
            let sides = [
                at.checked_sub(columns),
                Some(at + columns),
                (column > 0).then(|| at - 1),
                (column + 1 < columns).then_some(at + 1),
            ];
            for side in sides.into_iter().flatten() {
                if free.get(side) == Some(&true) {
                    free[side] = false;
                    patch.push(side);
                }
            }
        }
        if patch.len() >= LEAST_PIXELS {
            patches.push(patch);
        }
    }
    patches
}

/// The rectangle around a patch, along the direction in which it is longest (its principal axis).
fn surrounding(patch: &[usize], map: &[f32], columns: usize, scale: (f32, f32)) -> Option<Slanted> {
    let count = patch.len() as f32;
    if patch.iter().map(|&at| map[at]).sum::<f32>() / count < SURE {
        return None;
    }
    let points: Vec<(f32, f32)> =
        patch.iter().map(|&at| (((at % columns) as f32 + 0.5) * scale.0, ((at / columns) as f32 + 0.5) * scale.1)).collect();
    let middle = points.iter().fold((0.0, 0.0), |sum, p| (sum.0 + p.0 / count, sum.1 + p.1 / count));
    let (mut xx, mut xy, mut yy) = (0.0_f32, 0.0_f32, 0.0_f32);
    for (x, y) in points.iter().map(|p| (p.0 - middle.0, p.1 - middle.1)) {
        (xx, xy, yy) = (xx + x * x, xy + x * y, yy + y * y);
    }
    let angle = 0.5 * (2.0 * xy).atan2(xx - yy);
    let along = (angle.cos(), angle.sin());
    // What leans more than it lies is no line that is read from left to right.
    if along.1.abs() > 0.7 && xx.max(yy) > 1.5 * xx.min(yy) {
        return None;
    }
    let along = if xx.max(yy) > 1.5 * xx.min(yy) { along } else { (1.0, 0.0) };
    let reach = |axis: (f32, f32)| {
        points
            .iter()
            .map(|p| (p.0 - middle.0) * axis.0 + (p.1 - middle.1) * axis.1)
            .fold((f32::MAX, f32::MIN), |r, at| (r.0.min(at), r.1.max(at)))
    };
    let across = (-along.1, along.0);
    let ((left, right), (top, bottom)) = (reach(along), reach(across));
    let (length, height) = (right - left + scale.0, bottom - top + scale.1);
    let grown = GROW * length * height / (2.0 * (length + height));
    let (u, v) = ((left + right) / 2.0, (top + bottom) / 2.0);
    let slanted = Slanted {
        x: middle.0 + u * along.0 + v * across.0,
        y: middle.1 + u * along.1 + v * across.1,
        along,
        half_length: length / 2.0 + grown,
        half_height: height / 2.0 + grown,
    };
    (slanted.height() >= LEAST_HEIGHT).then_some(slanted)
}
