//! What a transformer is made of, on rows of features: `[rows, width]`, one row after the other.
//!
//! Whole operations of `rten` are called where there are any: its vector code, used from here, would be as slow as this crate
//! is in the development profile.

use anyhow::{Result, anyhow};
use rten::{BufferPool, FloatOperators, ops::layer_normalization};
use rten_gemm::{BiasVector, GemmExecutor, GemmInputA, GemmInputB, GemmOptions};
use rten_simd::SimdUnaryOp;
use rten_tensor::{Matrix, MatrixLayout, NdTensorView, TensorView};
use rten_vecmath::Gelu;

use super::weights::Weights;

/// What keeps a division by a row's variance finite.
const EPSILON: f32 = 1e-5;

/// `out = a × b × scale`, plus `bias` on every row, plus what `out` holds if `add`; with the fastest kernel that the processor has.
pub(super) fn multiply(
    out: &mut [f32],
    a: Matrix<f32>,
    b: Matrix<f32>,
    scale: f32,
    bias: Option<&[f32]>,
    add: bool,
) -> Result<()> {
    let options = GemmOptions {
        alpha: scale,
        beta: if add { 1.0 } else { 0.0 },
        bias: bias.map(BiasVector::Row),
        ..GemmOptions::default()
    };
    // Picking the kernel costs nothing beside the work, and an executor cannot be sent to another thread.
    GemmExecutor::<f32, f32, f32>::default()
        .gemm(out, GemmInputA::Unpacked(a), GemmInputB::Unpacked(b), options)
        .map_err(|error| anyhow!("matrices do not fit: {error:?}"))
}

/// A view of rows that are `stride` apart, from `at` on.
pub(super) fn rows(data: &[f32], at: usize, count: usize, width: usize, stride: usize) -> Result<Matrix<'_, f32>> {
    let data = data.get(at..).ok_or_else(|| anyhow!("a matrix is too short"))?;
    NdTensorView::from_slice_with_strides([count, width], data, [stride, 1])
        .map_err(|error| anyhow!("a matrix is too short: {error:?}"))
}

/// `x × Wᵀ + b`.
pub(super) struct Linear {
    weight: Vec<f32>,
    bias: Option<Vec<f32>>,
    inputs: usize,
    outputs: usize,
}

impl Linear {
    pub(super) fn load(weights: &mut Weights, name: &str, inputs: usize, outputs: usize) -> Result<Self> {
        let weight = weights.take(&format!("{name}/weight"), &[outputs, inputs])?;
        let bias = Some(weights.take(&format!("{name}/bias"), &[outputs])?);
        Ok(Self { weight, bias, inputs, outputs })
    }

    /// One without a bias.
    pub(super) fn new(weight: Vec<f32>, inputs: usize) -> Self {
        Self { outputs: weight.len() / inputs, weight, bias: None, inputs }
    }

    /// A convolution of three taps over time, as the product that it is when three rows stand side by side.
    pub(super) fn convolution(weights: &mut Weights, name: &str, inputs: usize, outputs: usize) -> Result<Self> {
        let weight = weights.take(&format!("{name}/weight"), &[outputs, inputs, 3])?;
        let bias = Some(weights.take(&format!("{name}/bias"), &[outputs])?);
        let mut by_tap = vec![0.0; weight.len()];
        for (from, to) in weight.chunks_exact(inputs * 3).zip(by_tap.chunks_exact_mut(inputs * 3)) {
            for (input, taps) in from.chunks_exact(3).enumerate() {
                for (tap, &value) in taps.iter().enumerate() {
                    to[tap * inputs + input] = value;
                }
            }
        }
        Ok(Self { weight: by_tap, bias, inputs: inputs * 3, outputs })
    }

    pub(super) fn outputs(&self) -> usize {
        self.outputs
    }

    /// The weights of one output.
    pub(super) fn row(&self, at: usize) -> Option<&[f32]> {
        self.weight.get(at * self.inputs..(at + 1) * self.inputs)
    }

    pub(super) fn apply(&self, x: &[f32]) -> Result<Vec<f32>> {
        let count = x.len() / self.inputs;
        self.apply_view(rows(x, 0, count, self.inputs, self.inputs)?)
    }

    pub(super) fn apply_view(&self, x: Matrix<f32>) -> Result<Vec<f32>> {
        let mut out = vec![0.0; x.rows() * self.outputs];
        multiply(&mut out, x, self.transposed()?, 1.0, self.bias.as_deref(), false)?;
        Ok(out)
    }

    /// Adds the result to `out`.
    pub(super) fn add_to(&self, x: &[f32], out: &mut [f32]) -> Result<()> {
        let x = rows(x, 0, x.len() / self.inputs, self.inputs, self.inputs)?;
        multiply(out, x, self.transposed()?, 1.0, self.bias.as_deref(), true)
    }

    fn transposed(&self) -> Result<Matrix<'_, f32>> {
        Ok(rows(&self.weight, 0, self.outputs, self.inputs, self.inputs)?.transposed())
    }
}

/// Layer normalization (Ba, Kiros & Hinton 2016).
pub(super) struct Norm {
    gain: Vec<f32>,
    shift: Vec<f32>,
}

impl Norm {
    pub(super) fn load(weights: &mut Weights, name: &str, width: usize) -> Result<Self> {
        let gain = weights.take(&format!("{name}/gamma"), &[width])?;
        Ok(Self { gain, shift: weights.take(&format!("{name}/beta"), &[width])? })
    }

    pub(super) fn apply(&self, x: &[f32]) -> Result<Vec<f32>> {
        let width = self.gain.len();
        let x = TensorView::from_data(&[x.len() / width, width], x);
        let (gain, shift) = (TensorView::from_data(&[width], &self.gain[..]), TensorView::from_data(&[width], &self.shift[..]));
        let out = layer_normalization(&BufferPool::new(), x, gain, Some(shift), -1, Some(EPSILON))?;
        Ok(out.into_data())
    }
}

/// Two layers with a bend between them; adds its result to what it is given.
pub(super) struct FeedForward {
    norm: Norm,
    widen: Linear,
    narrow: Linear,
}

impl FeedForward {
    pub(super) fn load(weights: &mut Weights, name: &str, width: usize) -> Result<Self> {
        Ok(Self {
            norm: Norm::load(weights, &format!("{name}/layer_norm"), width)?,
            widen: Linear::load(weights, &format!("{name}/linear_0"), width, width * 4)?,
            narrow: Linear::load(weights, &format!("{name}/linear_1"), width * 4, width)?,
        })
    }

    pub(super) fn add(&self, x: &mut [f32]) -> Result<()> {
        let mut wide = self.widen.apply(&self.norm.apply(x)?)?;
        gelu(&mut wide);
        self.narrow.add_to(&wide, x)
    }
}

pub(super) fn gelu(x: &mut [f32]) {
    Gelu {}.map_mut(x);
}

/// Each row as chances that add up to 1.
pub(super) fn softmax(scores: &[f32], width: usize) -> Result<Vec<f32>> {
    Ok(NdTensorView::from_data([scores.len() / width, width], scores).softmax(-1)?.into_data())
}

/// Scores as ln of chances that add up to 1.
pub(super) fn log_softmax(scores: &[f32]) -> Result<Vec<f32>> {
    let scores = TensorView::from_data(&[scores.len()], scores);
    Ok(rten::ops::log_softmax(&BufferPool::new(), scores.as_cow(), -1)?.into_data())
}

/// Rows of keys and of values, side by side in one array whose rows are `stride` long.
#[derive(Clone, Copy)]
pub(super) struct Memory<'a> {
    pub data: &'a [f32],
    pub count: usize,
    pub stride: usize,
    /// Where in a row the keys and the values begin.
    pub keys: usize,
    pub values: usize,
}

/// What each query finds in the memory, head by head: softmax(q·kᵀ/√d)·v (Vaswani et al. 2017).
/// Queries are the first `width` of every row of `stride`.
pub(super) fn attend(queries: &[f32], stride: usize, width: usize, heads: usize, memory: Memory) -> Result<Vec<f32>> {
    let count = queries.len() / stride;
    let size = width / heads;
    let mut found = vec![0.0; count * width];
    let mut scores = vec![0.0; count * memory.count];
    let mut part = vec![0.0; count * size];
    for head in 0..heads {
        let at = head * size;
        let q = rows(queries, at, count, size, stride)?;
        let k = rows(memory.data, memory.keys + at, memory.count, size, memory.stride)?;
        multiply(&mut scores, q, k.transposed(), (size as f32).sqrt().recip(), None, false)?;
        let weights = softmax(&scores, memory.count)?;
        let v = rows(memory.data, memory.values + at, memory.count, size, memory.stride)?;
        multiply(&mut part, rows(&weights, 0, count, memory.count, memory.count)?, v, 1.0, None, false)?;
        for (from, to) in part.chunks_exact(size).zip(found.chunks_exact_mut(width)) {
            to[at..at + size].copy_from_slice(from);
        }
    }
    Ok(found)
}
