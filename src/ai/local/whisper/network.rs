//! Whisper's network (Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak Supervision"): an encoder that
//! hears thirty seconds at once, and a decoder that writes one token after the other.

use anyhow::{Context, Result, ensure};

use super::{
    layers::{FeedForward, Linear, Memory, Norm, attend, gelu, rows},
    mel::{BANDS, FRAMES},
    weights::Weights,
};

/// Rows of what the encoder gives: one for every 20 ms.
pub(super) const HEARD: usize = FRAMES / 2;

/// The most tokens that the decoder can look back on.
pub(super) const MAX_TOKENS: usize = 448;

pub(super) struct Network {
    width: usize,
    heads: usize,
    first: Linear,
    second: Linear,
    places: Vec<f32>,
    hearing: Vec<EncoderLayer>,
    heard: Norm,
    tokens: Linear,
    positions: Vec<f32>,
    writing: Vec<DecoderLayer>,
    written: Norm,
}

struct EncoderLayer {
    norm: Norm,
    project: Linear,
    merge: Linear,
    think: FeedForward,
}

struct DecoderLayer {
    norm: Norm,
    project: Linear,
    merge: Linear,
    listen: Norm,
    ask: Linear,
    sound: Linear,
    answer: Linear,
    think: FeedForward,
}

/// What the decoder makes of one window of sound, for all that is written about it.
pub(super) struct Heard(Vec<Vec<f32>>);

/// What has been written so far, as the decoder's layers see it.
#[derive(Clone, Default)]
pub(super) struct Written {
    layers: Vec<Vec<f32>>,
    count: usize,
}

impl Network {
    pub(super) fn load(mut weights: Weights) -> Result<Self> {
        let w = &mut weights;
        let &[vocabulary, width] = w.shape("decoder/embeddings/weight")? else { anyhow::bail!("the vocabulary is no matrix") };
        let heads = w.count("encoder/num_heads")?;
        ensure!(heads > 0 && width % heads == 0 && heads == w.count("decoder/num_heads")?, "the heads do not share the width");
        let hearing = (0..w.layers("encoder"))
            .map(|at| EncoderLayer::load(w, &format!("encoder/layer_{at}"), width))
            .collect::<Result<_>>()?;
        let writing = (0..w.layers("decoder"))
            .map(|at| DecoderLayer::load(w, &format!("decoder/layer_{at}"), width))
            .collect::<Result<_>>()?;
        Ok(Self {
            width,
            heads,
            first: Linear::convolution(w, "encoder/conv1", BANDS, width)?,
            second: Linear::convolution(w, "encoder/conv2", width, width)?,
            places: w.take("encoder/position_encodings/encodings", &[HEARD, width])?,
            hearing,
            heard: Norm::load(w, "encoder/layer_norm", width)?,
            tokens: Linear::new(w.take("decoder/embeddings/weight", &[vocabulary, width])?, width),
            positions: w.take("decoder/position_encodings/encodings", &[MAX_TOKENS, width])?,
            writing,
            written: Norm::load(w, "decoder/layer_norm", width)?,
        })
    }

    /// How many tokens there are.
    pub(super) fn vocabulary(&self) -> usize {
        self.tokens.outputs()
    }

    /// Hears a window: [`FRAMES`] frames of [`BANDS`] bands.
    pub(super) fn hear(&self, frames: &[f32]) -> Result<Heard> {
        ensure!(frames.len() == FRAMES * BANDS, "a window has {FRAMES} frames");
        let x = self.convolve(&self.first, frames, BANDS, 1)?;
        let mut x = self.convolve(&self.second, &x, self.width, 2)?;
        for (value, place) in x.iter_mut().zip(&self.places) {
            *value += place;
        }
        for layer in &self.hearing {
            let seen = layer.project.apply(&layer.norm.apply(&x)?)?;
            let stride = self.width * 3;
            let memory = Memory { data: &seen, count: HEARD, stride, keys: self.width, values: self.width * 2 };
            let found = attend(&seen, stride, self.width, self.heads, memory)?;
            layer.merge.add_to(&found, &mut x)?;
            layer.think.add(&mut x)?;
        }
        let x = self.heard.apply(&x)?;
        Ok(Heard(self.writing.iter().map(|layer| layer.sound.apply(&x)).collect::<Result<_>>()?))
    }

    /// A convolution over time of three taps, with one row of silence at each end, and its bend.
    fn convolve(&self, taps: &Linear, x: &[f32], width: usize, step: usize) -> Result<Vec<f32>> {
        let count = x.len() / width;
        let mut padded = vec![0.0; (count + 2) * width];
        padded[width..(count + 1) * width].copy_from_slice(x);
        let mut out = taps.apply_view(rows(&padded, 0, count / step, width * 3, width * step)?)?;
        gelu(&mut out);
        Ok(out)
    }

    /// Writes one more token, and gives the score (logit) of each that may follow.
    pub(super) fn write(&self, token: u32, written: &mut Written, heard: &Heard) -> Result<Vec<f32>> {
        ensure!(written.count < MAX_TOKENS, "the decoder cannot look back further");
        let (width, at) = (self.width, written.count);
        let embedded = self.tokens.row(token as usize).context("there is no such token")?;
        let mut x: Vec<f32> = embedded.iter().zip(&self.positions[at * width..]).map(|(token, place)| token + place).collect();
        written.layers.resize(self.writing.len(), Vec::new());
        written.count += 1;
        for ((layer, past), sound) in self.writing.iter().zip(&mut written.layers).zip(&heard.0) {
            let seen = layer.project.apply(&layer.norm.apply(&x)?)?;
            past.extend_from_slice(&seen[width..]);
            let memory = Memory { data: past, count: written.count, stride: width * 2, keys: 0, values: width };
            let found = attend(&seen[..width], width, width, self.heads, memory)?;
            layer.merge.add_to(&found, &mut x)?;
            let asked = layer.ask.apply(&layer.listen.apply(&x)?)?;
            let memory = Memory { data: sound, count: HEARD, stride: width * 2, keys: 0, values: width };
            let found = attend(&asked, width, width, self.heads, memory)?;
            layer.answer.add_to(&found, &mut x)?;
            layer.think.add(&mut x)?;
        }
        self.tokens.apply(&self.written.apply(&x)?)
    }
}

impl EncoderLayer {
    fn load(w: &mut Weights, name: &str, width: usize) -> Result<Self> {
        Ok(Self {
            norm: Norm::load(w, &format!("{name}/self_attention/layer_norm"), width)?,
            project: Linear::load(w, &format!("{name}/self_attention/linear_0"), width, width * 3)?,
            merge: Linear::load(w, &format!("{name}/self_attention/linear_1"), width, width)?,
            think: FeedForward::load(w, &format!("{name}/ffn"), width)?,
        })
    }
}

impl DecoderLayer {
    fn load(w: &mut Weights, name: &str, width: usize) -> Result<Self> {
        Ok(Self {
            norm: Norm::load(w, &format!("{name}/self_attention/layer_norm"), width)?,
            project: Linear::load(w, &format!("{name}/self_attention/linear_0"), width, width * 3)?,
            merge: Linear::load(w, &format!("{name}/self_attention/linear_1"), width, width)?,
            listen: Norm::load(w, &format!("{name}/attention/layer_norm"), width)?,
            ask: Linear::load(w, &format!("{name}/attention/linear_0"), width, width)?,
            sound: Linear::load(w, &format!("{name}/attention/linear_1"), width, width * 2)?,
            answer: Linear::load(w, &format!("{name}/attention/linear_2"), width, width)?,
            think: FeedForward::load(w, &format!("{name}/ffn"), width)?,
        })
    }
}
