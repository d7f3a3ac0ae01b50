//! What a line of text says: a network that gives the likeliest letter for each narrow column, read by connectionist temporal
//! classification (Graves et al. 2006).

use anyhow::{Result, ensure};
use rten_tensor::{NdTensor, prelude::*};

use super::{Network, detect::Slanted};
use crate::ai::Pixels;

/// The height of every line that the network reads, in pixels.
const HEIGHT: usize = 48;
/// The narrowest and the widest strip, in pixels. Longer lines are squeezed.
const WIDTHS: (usize, usize) = (48, 1280);

pub(super) struct Recognizer {
    network: Network,
    /// The letter of each class; the first class is none.
    letters: Vec<String>,
}

impl Recognizer {
    /// `keys` has the letter of each class, one a line; what stands in the first is the name of none.
    pub fn new(network: Network, keys: &str) -> Self {
        let letters = std::iter::once("").chain(keys.lines().skip(1)).map(str::to_owned).collect();
        Self { network, letters }
    }

    /// The text of a line, and how sure its letters are on average, 0 to 1.
    pub fn read(&self, picture: &Pixels, line: &Slanted) -> Result<(String, f32)> {
        let width = (line.half_length / line.half_height * HEIGHT as f32).round();
        // Within the bounds by the clamp.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let width = (width.clamp(WIDTHS.0 as f32, WIDTHS.1 as f32)) as usize;
        let input = strip(picture, line, width);
        let [out] = self.network.model.run_n(vec![(self.network.input, input.view().into())], [self.network.output], None)?;
        let out: NdTensor<f32, 3> = out.try_into()?;
        ensure!(out.size(2) == self.letters.len(), "the network knows {} letters, not {}", out.size(2), self.letters.len());
        let (mut text, mut sum, mut count, mut before) = (String::new(), 0.0_f32, 0.0_f32, 0);
        for column in 0..out.size(1) {
            let column = out.slice((0, column));
            let (class, probability) =
                column.iter().enumerate().fold((0, 0.0_f32), |best, (at, &p)| if p > best.1 { (at, p) } else { best });
            if class != 0 && class != before {
                text.push_str(&self.letters[class]);
                sum += probability;
                count += 1.0;
            }
            before = class;
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok((text, if count > 0.0 { sum / count } else { 0.0 }))
    }
}

/// The line laid level, from −1 to 1, blue first; what lies outside the picture is its edge.
fn strip(picture: &Pixels, line: &Slanted, width: usize) -> NdTensor<f32, 4> {
    let across = (-line.along.1, line.along.0);
    let mut values = vec![0.0_f32; 3 * HEIGHT * width];
    for row in 0..HEIGHT {
        let v = ((row as f32 + 0.5) / HEIGHT as f32 * 2.0 - 1.0) * line.half_height;
        for column in 0..width {
            let u = ((column as f32 + 0.5) / width as f32 * 2.0 - 1.0) * line.half_length;
            let color = between(picture, line.x + u * line.along.0 + v * across.0, line.y + u * line.along.1 + v * across.1);
            for (plane, value) in color.into_iter().rev().enumerate() {
                values[(plane * HEIGHT + row) * width + column] = value / 127.5 - 1.0;
            }
        }
    }
    NdTensor::from_data([1, 3, HEIGHT, width], values)
}

/// The color between the four pixels around a point (bilinear).
fn between(picture: &Pixels, x: f32, y: f32) -> [f32; 3] {
    // Within the picture by the clamp.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let cell = |at: f32, side: u32| {
        let at = (at - 0.5).clamp(0.0, (side - 1) as f32);
        let low = at.floor() as usize;
        (low, (low + 1).min(side as usize - 1), at - at.floor())
    };
    let ((left, right, fx), (top, bottom, fy)) = (cell(x, picture.width), cell(y, picture.height));
    let at =
        |column: usize, row: usize, channel: usize| f32::from(picture.rgb[(row * picture.width as usize + column) * 3 + channel]);
    std::array::from_fn(|c| {
        let above = at(left, top, c) * (1.0 - fx) + at(right, top, c) * fx;
        let below = at(left, bottom, c) * (1.0 - fx) + at(right, bottom, c) * fx;
        above * (1.0 - fy) + below * fy
    })
}
