//! A whole recording, window by window: where each begins, what is worth keeping of it, and when it was said.

use std::{
    io::Write,
    sync::atomic::{AtomicBool, Ordering},
};

use anyhow::{Result, bail};
use flate2::{Compression, write::ZlibEncoder};
use rand::{SeedableRng, rngs::StdRng};

use super::{
    Model,
    mel::{FRAMES, HOP},
    tokens::TICK,
    writing::{Attempt, write},
};
use crate::ai::{SAMPLE_RATE, Segment};

/// How freely is drawn when the likeliest text is no good, one try after the other.
const TEMPERATURES: [f32; 4] = [0.0, 0.2, 0.5, 0.9];

/// A text that shrinks more than this when it is compressed repeats itself: the network has run into a loop.
const MAX_COMPRESSION: f32 = 2.4;

/// Below this mean of ln p, a text is a guess.
const MIN_CONFIDENCE: f32 = -1.0;

/// Above this, nobody is taken to speak, unless the network is sure of its text.
const MAX_SILENCE: f32 = 0.6;

/// A stretch whose loudest sample stays below this (−66 dB of full scale) is silent…
const QUIET: f32 = 0.000_5;

/// …and so is one that stays below this share of the recording's loudest sample (−40 dB).
const QUIET_SHARE: f32 = 0.01;

/// Frames of 10 ms that are kept before the first sound, for a word that begins softly.
const RUN_UP: usize = 15;

/// Less than this (in frames of 10 ms) holds no word.
const SHORTEST: usize = 10;

/// A window begins at least this many frames behind the one before, whatever its marks say.
const LEAST_STEP: usize = 100;

/// Frames to one mark of time.
const FRAMES_A_TICK: usize = 2;

impl Model {
    /// What is said in a recording, and when. Nothing for silence and noise.
    pub(super) fn transcribe(&self, samples: &[f32], stop: &AtomicBool) -> Result<Vec<Segment>> {
        let mut segments = Vec::new();
        let Some(sounds) = Sounds::of(samples) else { return Ok(segments) };
        let peak = self.mel.peak(samples)?;
        let total = samples.len() / HOP;
        let mut at = 0;
        // A window begins with sound: the network knows no other beginning, and puts what comes after a silence too early.
        while let Some(start) = sounds.next(at, total) {
            at = start.saturating_sub(RUN_UP).max(at);
            if at + SHORTEST > total {
                break;
            }
            if stop.load(Ordering::Relaxed) {
                bail!("the transcription was stopped");
            }
            let size = FRAMES.min(total - at);
            let heard = self.network.hear(&self.mel.frames(samples, at, peak)?)?;
            let Some(attempt) = self.attempt(&heard, at, stop)? else {
                at += size;
                continue;
            };
            at += self.keep(&attempt, at, size, &mut segments)?;
        }
        for segment in &mut segments {
            sounds.fit(segment);
        }
        Ok(segments)
    }

    /// The best text for a window; none if nobody speaks in it.
    fn attempt(&self, heard: &super::network::Heard, at: usize, stop: &AtomicBool) -> Result<Option<Attempt>> {
        // The same recording gives the same text each time.
        let mut lot = StdRng::seed_from_u64(at as u64);
        let mut best: Option<Attempt> = None;
        for temperature in TEMPERATURES {
            if stop.load(Ordering::Relaxed) {
                bail!("the transcription was stopped");
            }
            let attempt = write(&self.network, &self.tokens, heard, temperature, &mut lot)?;
            let sure = attempt.confidence >= MIN_CONFIDENCE;
            if attempt.silence > MAX_SILENCE && !sure {
                return Ok(None);
            }
            if sure && compression(&self.tokens.text(&attempt.tokens)?)? <= MAX_COMPRESSION {
                return Ok(Some(attempt));
            }
            // Somebody speaks, if badly, or says the same thing several times. A loop of the network's own has no end.
            if attempt.ended && best.as_ref().is_none_or(|best| best.confidence < attempt.confidence) {
                best = Some(attempt);
            }
        }
        Ok(best)
    }

    /// Cuts the text at its marks; how many frames are done with. What is said across a window's end belongs to the next one.
    fn keep(&self, attempt: &Attempt, at: usize, size: usize, segments: &mut Vec<Segment>) -> Result<usize> {
        let tokens = &attempt.tokens;
        let tick = |token: u32| (token - self.tokens.marks) as usize;
        let is_mark = |at: usize| tokens.get(at).is_some_and(|&token| token >= self.tokens.marks);
        let offset = (at * HOP) as f64 / f64::from(SAMPLE_RATE);
        let mut add = |part: &[u32], from: usize, to: usize| -> Result<()> {
            let text = self.tokens.text(part)?;
            if !text.is_empty() {
                segments.push(Segment { start_s: offset + from as f64 * TICK, end_s: offset + to as f64 * TICK, text });
            }
            Ok(())
        };
        // Between two marks in a row, one text ends and the next begins.
        let mut cuts: Vec<usize> = (1..tokens.len()).filter(|&at| is_mark(at - 1) && is_mark(at)).collect();
        let complete = tokens.len() >= 2 && is_mark(tokens.len() - 1) && !is_mark(tokens.len() - 2);
        if cuts.is_empty() {
            let last =
                tokens.iter().rev().find(|&&token| token > self.tokens.marks).map_or(size / FRAMES_A_TICK, |&token| tick(token));
            add(tokens, tokens.first().filter(|&&token| token >= self.tokens.marks).map_or(0, |&token| tick(token)), last)?;
            return Ok(size);
        }
        if complete {
            cuts.push(tokens.len());
        }
        let mut from = 0;
        for to in cuts {
            let part = &tokens[from..to];
            if let (Some(&first), Some(&last)) = (part.first(), part.last()) {
                add(part, tick(first.max(self.tokens.marks)), tick(last.max(self.tokens.marks)))?;
            }
            from = to;
        }
        let spoken = tick(tokens[from - 1].max(self.tokens.marks)) * FRAMES_A_TICK;
        Ok(if complete || spoken == 0 { size } else { spoken.max(LEAST_STEP).min(size) })
    }
}

/// Which frames of a recording sound.
struct Sounds(Vec<bool>);

impl Sounds {
    /// None if none does.
    fn of(samples: &[f32]) -> Option<Self> {
        let loudest = |part: &[f32]| part.iter().fold(0.0, |most: f32, sample| most.max(sample.abs()));
        let frames: Vec<f32> = samples.chunks_exact(HOP).map(loudest).collect();
        let limit = QUIET.max(loudest(&frames) * QUIET_SHARE);
        let sounds: Vec<bool> = frames.iter().map(|&frame| frame > limit).collect();
        sounds.contains(&true).then_some(Self(sounds))
    }

    /// The first of the frames from `from` to `to` that sounds.
    fn next(&self, from: usize, to: usize) -> Option<usize> {
        (from..to.min(self.0.len())).find(|&frame| self.0[frame])
    }

    /// Takes the silence off both ends of a segment.
    fn fit(&self, segment: &mut Segment) {
        let second = f64::from(SAMPLE_RATE) / HOP as f64;
        let frame = |time: f64| ((time * second).round() as usize).min(self.0.len());
        let (from, to) = (frame(segment.start_s), frame(segment.end_s));
        if let Some(first) = self.next(from, to) {
            let last = (first..to).rev().find(|&frame| self.0[frame]).unwrap_or(first);
            segment.start_s = first.saturating_sub(RUN_UP).max(from) as f64 / second;
            segment.end_s = (last + 1 + RUN_UP).min(to) as f64 / second;
        } else {
            segment.end_s = to as f64 / second;
            segment.start_s = segment.start_s.min(segment.end_s);
        }
    }
}

/// How many times smaller a text gets when it is compressed.
fn compression(text: &str) -> Result<f32> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes())?;
    Ok(text.len() as f32 / encoder.finish()?.len().max(1) as f32)
}
