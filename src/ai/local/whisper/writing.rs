//! Writing down one window of sound, by the rules that Whisper was made to be decoded with (Radford et al. 2022, section 4.5).

use anyhow::Result;
use rand::{Rng, rngs::StdRng};

use super::{
    layers::{log_softmax, softmax},
    network::{Heard, MAX_TOKENS, Network, Written},
    tokens::Tokens,
};

/// Half of what the decoder can look back on is for this window's text.
const MAX_LENGTH: usize = MAX_TOKENS / 2;

/// The first words begin within this many marks (one second).
const LATEST_START: u32 = 50;

/// What was written about a window.
pub(super) struct Attempt {
    /// Text and marks, without the opening and the end.
    pub tokens: Vec<u32>,
    /// How sure the network was on average, as the mean of ln p over the tokens.
    pub confidence: f32,
    /// How likely nobody speaks.
    pub silence: f32,
    /// Whether the network came to an end by itself, and not only because there was no more room.
    pub ended: bool,
}

/// Writes about a window; always what is likeliest, or, at a temperature above 0, drawn by lot.
pub(super) fn write(network: &Network, tokens: &Tokens, heard: &Heard, temperature: f32, lot: &mut StdRng) -> Result<Attempt> {
    let mut written = Written::default();
    let mut scores = Vec::new();
    let mut silence = 0.0;
    for (at, &token) in tokens.opening.iter().enumerate() {
        scores = network.write(token, &mut written, heard)?;
        if at == 0 {
            let chances = softmax(&scores, scores.len())?;
            silence = chances.get(tokens.silence as usize).copied().unwrap_or(0.0);
        }
    }
    let mut text: Vec<u32> = Vec::new();
    let mut sum = 0.0;
    let ended = loop {
        restrict(&mut scores, &text, tokens);
        let mut chances = log_softmax(&scores)?;
        if marks_are_likelier(&chances, tokens) {
            bar(&mut scores[..tokens.marks as usize]);
            bar(&mut chances[..tokens.marks as usize]);
        }
        let next = if temperature > 0.0 { draw(&scores, temperature, lot)? } else { likeliest(&chances) };
        sum += chances.get(next as usize).copied().unwrap_or(0.0);
        if next == tokens.end || text.len() == MAX_LENGTH {
            break next == tokens.end;
        }
        text.push(next);
        scores = network.write(next, &mut written, heard)?;
    };
    let confidence = sum / (text.len() + 1) as f32;
    Ok(Attempt { tokens: text, confidence, silence, ended })
}

fn bar(scores: &mut [f32]) {
    scores.fill(f32::NEG_INFINITY);
}

/// Bars what may not come next: a text stands between two marks, and time does not run backwards.
fn restrict(scores: &mut [f32], text: &[u32], tokens: &Tokens) {
    let (marks, end) = (tokens.marks as usize, tokens.end as usize);
    for &id in &tokens.barred {
        scores[id as usize] = f32::NEG_INFINITY;
    }
    let mut last = text.iter().rev();
    let is_mark = |token: Option<&u32>| token.is_some_and(|&token| token >= tokens.marks);
    let (one, two) = (last.next(), last.next());
    if text.is_empty() {
        for &id in &tokens.barred_first {
            scores[id as usize] = f32::NEG_INFINITY;
        }
        bar(&mut scores[..marks]);
        bar(&mut scores[marks + LATEST_START as usize + 1..]);
    } else if is_mark(one) && (two.is_none() || is_mark(two)) {
        bar(&mut scores[marks..]);
    } else if is_mark(one) {
        bar(&mut scores[..end]);
    }
    if let Some(&latest) = text.iter().rev().find(|&&token| token >= tokens.marks) {
        // The mark that ends a text lies behind the one that begins it; one that begins the next may repeat it.
        let least = if is_mark(one) && !is_mark(two) { latest } else { latest + 1 };
        bar(&mut scores[marks..(least as usize)]);
    }
}

/// Whether all marks together are likelier than any single piece of text.
fn marks_are_likelier(chances: &[f32], tokens: &Tokens) -> bool {
    let (text, marks) = chances.split_at(tokens.marks as usize);
    let highest = |part: &[f32]| part.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let top = highest(marks);
    if top == f32::NEG_INFINITY {
        return false;
    }
    let all = top + marks.iter().filter(|&&m| m > f32::NEG_INFINITY).map(|mark| (mark - top).exp()).sum::<f32>().ln();
    all > highest(text)
}

fn likeliest(chances: &[f32]) -> u32 {
    let best = chances
        .iter()
        .enumerate()
        .fold((0, f32::NEG_INFINITY), |best, (at, &chance)| if chance > best.1 { (at, chance) } else { best });
    best.0 as u32
}

fn draw(scores: &[f32], temperature: f32, lot: &mut StdRng) -> Result<u32> {
    let scores: Vec<f32> = scores.iter().map(|score| score / temperature).collect();
    let chances = softmax(&scores, scores.len())?;
    let mut rest: f32 = lot.random();
    for (at, chance) in chances.iter().enumerate() {
        rest -= chance;
        if rest < 0.0 {
            return Ok(at as u32);
        }
    }
    Ok(likeliest(&chances))
}
