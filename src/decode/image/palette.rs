//! The colors that a picture is made of: k-means in Oklab, the same for the same picture.

use image::RgbImage;
use serde::{Deserialize, Serialize};

use super::oklab::Oklab;

/// One color of a palette.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Swatch {
    /// `#rrggbb`.
    pub color: String,
    /// How much of the picture it stands for, 0…1.
    pub share: f32,
}

/// At most so many colors.
const COLORS: usize = 6;
/// A picture is looked at in at most so many pixels a side.
pub(super) const GRID: u32 = 96;
/// Colors nearer than this are one color (about the smallest step that names differ by).
const SAME: f32 = 0.05;
/// What covers less of the picture than this joins its nearest neighbor.
const LEAST: f32 = 0.015;
const ROUNDS: usize = 24;

/// One to six colors, the most frequent first, of a picture that is no larger than [`GRID`].
pub(super) fn of(image: &RgbImage) -> Vec<Swatch> {
    let pixels: Vec<Oklab> = image.pixels().map(|pixel| Oklab::of(pixel.0)).collect();
    let mut clusters = merged(settled(&pixels, seeds(&pixels)));
    clusters.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.l.total_cmp(&b.0.l)));
    clusters
        .into_iter()
        .map(|(color, share)| {
            let [red, green, blue] = color.rgb();
            Swatch { color: format!("#{red:02x}{green:02x}{blue:02x}"), share }
        })
        .collect()
}

/// Where the means begin: the average, then again and again the pixel that is badly served by all so far. No chance is
/// involved, so the same picture has the same palette.
fn seeds(pixels: &[Oklab]) -> Vec<Oklab> {
    let mut seeds = vec![mean(pixels.iter().copied())];
    let mut worst: Vec<f32> = vec![f32::INFINITY; pixels.len()];
    while seeds.len() <= COLORS {
        let newest = seeds[seeds.len() - 1];
        for (badness, pixel) in worst.iter_mut().zip(pixels) {
            *badness = badness.min(pixel.distance2(newest));
        }
        let Some((at, badness)) = worst.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0))) else { break };
        if *badness < SAME * SAME {
            break;
        }
        seeds.push(pixels[at]);
    }
    // The average of everything is the color of nothing, unless there is only one.
    if seeds.len() > 1 {
        seeds.remove(0);
    }
    seeds
}

/// Lloyd's iteration until nothing moves: each color with the share of the pixels that are nearest to it.
fn settled(pixels: &[Oklab], mut centers: Vec<Oklab>) -> Vec<(Oklab, f32)> {
    let mut sums = vec![(Oklab::default(), 0.0_f32); centers.len()];
    for _ in 0..ROUNDS {
        sums.fill((Oklab::default(), 0.0));
        for pixel in pixels {
            let nearest = (0..centers.len()).min_by(|&a, &b| pixel.distance2(centers[a]).total_cmp(&pixel.distance2(centers[b])));
            if let Some((sum, count)) = nearest.and_then(|at| sums.get_mut(at)) {
                *sum = Oklab { l: sum.l + pixel.l, a: sum.a + pixel.a, b: sum.b + pixel.b };
                *count += 1.0;
            }
        }
        let mut moved = 0.0_f32;
        for (center, (sum, count)) in centers.iter_mut().zip(&sums).filter(|(_, (_, count))| *count > 0.0) {
            let next = Oklab { l: sum.l / count, a: sum.a / count, b: sum.b / count };
            moved = moved.max(center.distance2(next));
            *center = next;
        }
        if moved < 1e-7 {
            break;
        }
    }
    let all = pixels.len().max(1) as f32;
    centers.into_iter().zip(sums).filter(|(_, (_, count))| *count > 0.0).map(|(c, (_, count))| (c, count / all)).collect()
}

/// Joins what the eye takes for one color, and what is too small to count with its nearest.
fn merged(mut clusters: Vec<(Oklab, f32)>) -> Vec<(Oklab, f32)> {
    loop {
        let pairs = (0..clusters.len()).flat_map(|a| (a + 1..clusters.len()).map(move |b| (a, b)));
        let joinable = pairs
            .map(|(a, b)| (clusters[a].0.distance2(clusters[b].0), a, b))
            .filter(|(distance, a, b)| *distance < SAME * SAME || clusters[*a].1.min(clusters[*b].1) < LEAST)
            .min_by(|a, b| a.0.total_cmp(&b.0));
        let Some((_, a, b)) = joinable else { return clusters };
        let (gone, gone_share) = clusters.remove(b);
        let (kept, share) = &mut clusters[a];
        let all = *share + gone_share;
        let mix = |x: f32, y: f32| (x * *share + y * gone_share) / all;
        // A speck changes no color.
        if gone_share.min(*share) >= LEAST {
            *kept = Oklab { l: mix(kept.l, gone.l), a: mix(kept.a, gone.a), b: mix(kept.b, gone.b) };
        } else if gone_share > *share {
            *kept = gone;
        }
        *share = all;
    }
}

fn mean(colors: impl Iterator<Item = Oklab>) -> Oklab {
    let (sum, count) = colors.fold((Oklab::default(), 0.0_f32), |(sum, count), c| {
        (Oklab { l: sum.l + c.l, a: sum.a + c.a, b: sum.b + c.b }, count + 1.0)
    });
    let count = count.max(1.0);
    Oklab { l: sum.l / count, a: sum.a / count, b: sum.b / count }
}
