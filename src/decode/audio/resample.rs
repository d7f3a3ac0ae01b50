//! From any rate to 16 kHz, band-limited, in pieces as they come.

use rubato::{
    Async, FixedAsync, Indexing, Resampler as _, SincInterpolationParameters, SincInterpolationType, WindowFunction,
    audioadapter_buffers::direct::InterleavedSlice,
};

use super::RATE;

/// Frames that are resampled at once.
const CHUNK: usize = 4096;

/// The filter's length in samples of the slower side.
const FILTER: usize = 128;

pub(super) struct Resampler {
    from: u32,
    /// None when nothing is to be done.
    engine: Option<Async<f32>>,
    waiting: Vec<f32>,
    made: Vec<f32>,
    /// Samples that the filter gives out before the first of the sound.
    delay: usize,
    taken: u64,
    given: u64,
}

impl Resampler {
    pub(super) fn new(from: u32) -> Option<Self> {
        let engine = match from {
            RATE => None,
            _ => {
                let filter = SincInterpolationParameters::new(FILTER, WindowFunction::BlackmanHarris2)
                    .interpolation(SincInterpolationType::Linear);
                let ratio = f64::from(RATE) / f64::from(from);
                Some(Async::new_sinc(ratio, 1.0, &filter, CHUNK, 1, FixedAsync::Input).ok()?)
            }
        };
        let delay = engine.as_ref().map_or(0, |engine| engine.output_delay());
        let made = vec![0.0; engine.as_ref().map_or(0, |engine| engine.output_frames_max())];
        Some(Self { from, engine, waiting: Vec::new(), made, delay, taken: 0, given: 0 })
    }

    pub(super) fn from(&self) -> u32 {
        self.from
    }

    pub(super) fn push(&mut self, sound: &[f32], out: &mut Vec<f32>) {
        self.taken += sound.len() as u64;
        if self.engine.is_none() {
            out.extend_from_slice(sound);
            return;
        }
        self.waiting.extend_from_slice(sound);
        let mut at = 0;
        while let Some(used) = self.step(at, None, out) {
            at += used;
        }
        self.waiting.drain(..at);
    }

    /// What is still in the filter, so that as much time comes out as went in.
    pub(super) fn finish(mut self, out: &mut Vec<f32>) {
        if self.engine.is_none() {
            return;
        }
        let due = self.taken * u64::from(RATE) / u64::from(self.from);
        let mut rest = self.waiting.len();
        while self.given < due && self.step(0, Some(rest), out).is_some() {
            rest = 0;
        }
        let extra = self.given.saturating_sub(due) as usize;
        out.truncate(out.len().saturating_sub(extra));
    }

    /// Resamples one chunk that begins at `at`; how many frames that took. None when there are too few.
    fn step(&mut self, at: usize, partial: Option<usize>, out: &mut Vec<f32>) -> Option<usize> {
        let engine = self.engine.as_mut()?;
        let needed = engine.input_frames_next();
        let rest = self.waiting.get(at..)?;
        if partial.is_none() && rest.len() < needed {
            return None;
        }
        let input = InterleavedSlice::new(rest, 1, rest.len()).ok()?;
        let room = self.made.len();
        let mut output = InterleavedSlice::new_mut(&mut self.made, 1, room).ok()?;
        let indexing = partial.map(|frames| Indexing::new().partial_len(frames));
        let (_, made) = engine.process_into_buffer(&input, &mut output, indexing.as_ref()).ok()?;
        let early = self.delay.min(made);
        self.delay -= early;
        out.extend_from_slice(&self.made[early..made]);
        self.given += (made - early) as u64;
        Some(needed)
    }
}
