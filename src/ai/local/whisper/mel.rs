//! Sound as the network hears it: the energy in 80 bands of the mel scale, 100 times a second, on a logarithmic scale.
//!
//! The Fourier transform of a frame is a product with a matrix of sines and cosines. The kernels that the network runs on
//! multiply all frames of a window with it in about a fiftieth of the time that the encoder takes, so no other is needed.

use anyhow::Result;

use super::layers::{multiply, rows};
use crate::ai::SAMPLE_RATE;

pub(super) const BANDS: usize = 80;

/// Frames in one window of thirty seconds.
pub(super) const FRAMES: usize = 3000;

/// Samples from one frame to the next.
pub(super) const HOP: usize = 160;

const FRAME: usize = 400;
const BINS: usize = FRAME / 2 + 1;

/// Below this, there is nothing.
const FLOOR: f32 = 1e-10;

pub(super) struct Mel {
    /// `[FRAME, 2 × BINS]`: each bin's cosine and sine, under Hann's window.
    waves: Vec<f32>,
    /// `[BINS, BANDS]`: how much of each bin belongs to each band.
    bands: Vec<f32>,
}

impl Mel {
    pub(super) fn new() -> Self {
        let turn = std::f64::consts::TAU / FRAME as f64;
        let mut waves = Vec::with_capacity(FRAME * BINS * 2);
        for at in 0..FRAME {
            let weight = 0.5 - 0.5 * (turn * at as f64).cos();
            for bin in 0..BINS {
                let (sine, cosine) = (turn * (at * bin % FRAME) as f64).sin_cos();
                waves.extend([(weight * cosine) as f32, (weight * sine) as f32]);
            }
        }
        Self { waves, bands: bands() }
    }

    /// The loudest that any band gets in a whole recording, log₁₀ of its energy: what the network takes for full volume.
    pub(super) fn peak(&self, samples: &[f32]) -> Result<f32> {
        let mut peak = FLOOR;
        for first in (0..=samples.len() / HOP).step_by(FRAMES) {
            peak = self.energies(samples, first)?.into_iter().fold(peak, f32::max);
        }
        Ok(peak.log10())
    }

    /// One window, from frame `first` on: [`FRAMES`] rows of [`BANDS`]. Beyond the end there is silence.
    pub(super) fn frames(&self, samples: &[f32], first: usize, peak: f32) -> Result<Vec<f32>> {
        let floor = peak - 8.0;
        let scaled = |energy: f32| (energy.max(FLOOR).log10().max(floor) + 4.0) / 4.0;
        let mut frames: Vec<f32> = self.energies(samples, first)?.into_iter().map(scaled).collect();
        frames.resize(FRAMES * BANDS, scaled(0.0));
        Ok(frames)
    }

    /// The energy in each band, for as many frames of the window as there is sound.
    fn energies(&self, samples: &[f32], first: usize) -> Result<Vec<f32>> {
        let count = (samples.len() / HOP + 1).saturating_sub(first).min(FRAMES);
        // A frame is the sound around its moment. Before the first sample the sound is mirrored, behind the last there is none.
        let start = (first * HOP).cast_signed() - (FRAME / 2).cast_signed();
        let length = count.saturating_sub(1) * HOP + FRAME;
        let before = length.min(start.min(0).unsigned_abs());
        let mut sound: Vec<f32> = (1..=before).rev().map(|at| samples.get(at).copied().unwrap_or(0.0)).collect();
        let from = samples.len().min(start.max(0).unsigned_abs());
        let to = samples.len().min(from + length - before);
        sound.extend_from_slice(&samples[from..to]);
        sound.resize(length, 0.0);
        let mut spectrum = vec![0.0; count * BINS * 2];
        let frames = rows(&sound, 0, count, FRAME, HOP)?;
        multiply(&mut spectrum, frames, rows(&self.waves, 0, FRAME, BINS * 2, BINS * 2)?, 1.0, None, false)?;
        let power: Vec<f32> = spectrum.chunks_exact(2).map(|wave| wave[0] * wave[0] + wave[1] * wave[1]).collect();
        let mut energies = vec![0.0; count * BANDS];
        multiply(
            &mut energies,
            rows(&power, 0, count, BINS, BINS)?,
            rows(&self.bands, 0, BINS, BANDS, BANDS)?,
            1.0,
            None,
            false,
        )?;
        Ok(energies)
    }
}

/// Triangles of equal area, evenly spaced on Slaney's mel scale (1998, "Auditory Toolbox"): linear up to 1 kHz, logarithmic above.
fn bands() -> Vec<f32> {
    const LINEAR: f64 = 200.0 / 3.0;
    const BEND: f64 = 1000.0;
    let step = 6.4_f64.ln() / 27.0;
    let to_mel = |hz: f64| if hz < BEND { hz / LINEAR } else { BEND / LINEAR + (hz / BEND).ln() / step };
    let to_hz = |mel: f64| if mel < BEND / LINEAR { mel * LINEAR } else { BEND * (step * (mel - BEND / LINEAR)).exp() };
    let nyquist = f64::from(SAMPLE_RATE) / 2.0;
    let edges: Vec<f64> = (0..BANDS + 2).map(|at| to_hz(to_mel(nyquist) * at as f64 / (BANDS + 1) as f64)).collect();
    (0..BINS)
        .flat_map(|bin| {
            let hz = bin as f64 * nyquist / (BINS - 1) as f64;
            edges
                .windows(3)
                .map(move |edge| {
                    let (rising, falling) = ((hz - edge[0]) / (edge[1] - edge[0]), (edge[2] - hz) / (edge[2] - edge[1]));
                    (rising.min(falling).max(0.0) * 2.0 / (edge[2] - edge[0])) as f32
                })
                .collect::<Vec<_>>()
        })
        .collect()
}
