//! How light, how hard, how warm and how colorful a picture is.

use image::RgbImage;
use serde::{Deserialize, Serialize};

use super::oklab::Oklab;

/// Measures over all pixels, in Oklab.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Light {
    /// Mean lightness: 0 is black, 1 white.
    pub brightness: f32,
    /// The lightness of the lightest twentieth less that of the darkest: 0…1.
    pub contrast: f32,
    /// −1 (blue) … 1 (orange); 0 is neither.
    pub warmth: f32,
    /// Mean chroma: 0 is gray, 1 as colorful as a screen can be.
    pub saturation: f32,
}

/// The chroma of the strongest colors of sRGB.
const FULL_CHROMA: f32 = 0.32;
/// A picture whose mean lies so far from gray towards orange is as warm as pictures get.
const FULL_WARMTH: f32 = 0.12;

pub(super) fn of(image: &RgbImage) -> Light {
    let colors: Vec<Oklab> = image.pixels().map(|pixel| Oklab::of(pixel.0)).collect();
    let count = colors.len().max(1) as f64;
    let mean = |of: fn(&Oklab) -> f32| (colors.iter().map(|c| f64::from(of(c))).sum::<f64>() / count) as f32;
    let mut lightness: Vec<f32> = colors.iter().map(|color| color.l).collect();
    lightness.sort_by(f32::total_cmp);
    let at = |part: usize| lightness.get(lightness.len() * part / 20).or(lightness.last()).copied().unwrap_or_default();
    Light {
        brightness: mean(|c| c.l).clamp(0.0, 1.0),
        contrast: (at(19) - at(1)).clamp(0.0, 1.0),
        // Orange lies between red (a) and yellow (b), nearer to yellow.
        warmth: (mean(|c| 0.4 * c.a + 0.9 * c.b) / FULL_WARMTH).clamp(-1.0, 1.0),
        saturation: (mean(|c| c.chroma()) / FULL_CHROMA).clamp(0.0, 1.0),
    }
}
