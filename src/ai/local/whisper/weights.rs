//! The weights as CTranslate2 keeps them (`model.bin`): a list of named arrays, here in half precision.
//!
//! Little-endian throughout: the version of the format, the name and version of the model's kind, the number of arrays, then
//! for each its name, rank, dimensions, element type, length in bytes and bytes. Names have a 16-bit length and end in a zero.

use std::{collections::HashMap, fs, path::Path};

use anyhow::{Context, Result, bail, ensure};
use rten_simd::{SimdOp, f16};
use rten_vecmath::{ExtendInit, F16ToF32};

/// The version of the format that is known here.
const FORMAT: u32 = 6;

/// How an array's elements are kept, as the format numbers them.
const HALF: u8 = 4;
const INT16: u8 = 2;

pub(super) struct Weights {
    arrays: HashMap<String, Array>,
}

struct Array {
    shape: Vec<usize>,
    element: u8,
    bytes: Vec<u8>,
}

impl Weights {
    pub(super) fn load(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        Self::parse(&bytes).with_context(|| format!("{} is not a model that runs here", path.display()))
    }

    fn parse(bytes: &[u8]) -> Result<Self> {
        let mut rest = Bytes(bytes);
        let format = rest.u32()?;
        ensure!(format == FORMAT, "it has version {format} of the format, not {FORMAT}");
        let kind = rest.name()?;
        ensure!(kind == "WhisperSpec", "it is a {kind}");
        rest.u32()?;
        let mut arrays = HashMap::new();
        for _ in 0..rest.u32()? {
            let name = rest.name()?;
            let rank = rest.u8()?;
            let shape = (0..rank).map(|_| rest.u32().map(|size| size as usize)).collect::<Result<Vec<_>>>()?;
            let element = rest.u8()?;
            let length = rest.u32()? as usize;
            arrays.insert(name, Array { shape, element, bytes: rest.take(length)?.to_vec() });
        }
        Ok(Self { arrays })
    }

    fn array(&self, name: &str) -> Result<&Array> {
        self.arrays.get(name).with_context(|| format!("the model has no {name}"))
    }

    /// An array of this shape, in single precision.
    pub(super) fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let array = self.arrays.remove(name).with_context(|| format!("the model has no {name}"))?;
        ensure!(array.shape == shape, "{name} has the shape {:?}, not {shape:?}", array.shape);
        ensure!(array.element == HALF, "{name} is not in half precision");
        let halves: Vec<f16> =
            array.bytes.chunks_exact(2).map(|pair| f16::from_bits(u16::from_le_bytes([pair[0], pair[1]]))).collect();
        ensure!(halves.len() == shape.iter().product::<usize>(), "{name} is cut off");
        let mut single = Vec::with_capacity(halves.len());
        single.extend_init(|room| F16ToF32::new(&halves, &mut room[..halves.len()]).dispatch());
        Ok(single)
    }

    pub(super) fn shape(&self, name: &str) -> Result<&[usize]> {
        Ok(&self.array(name)?.shape)
    }

    /// A small whole number.
    pub(super) fn count(&self, name: &str) -> Result<usize> {
        let array = self.array(name)?;
        match (array.element, array.bytes.as_slice()) {
            (INT16, [low, high]) => Ok(usize::from(u16::from_le_bytes([*low, *high]))),
            _ => bail!("{name} is not a number"),
        }
    }

    /// How many layers there are whose names begin so.
    pub(super) fn layers(&self, prefix: &str) -> usize {
        (0..).take_while(|at| self.arrays.contains_key(&format!("{prefix}/layer_{at}/self_attention/linear_0/weight"))).count()
    }
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count).context("it is cut off")?;
        self.0 = rest;
        Ok(taken)
    }

    fn u8(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    fn u32(&mut self) -> Result<u32> {
        Ok(self.take(4)?.iter().rev().fold(0, |number, &byte| number << 8 | u32::from(byte)))
    }

    fn name(&mut self) -> Result<String> {
        let length = usize::from(self.u8()?) | usize::from(self.u8()?) << 8;
        let name = self.take(length)?;
        Ok(String::from_utf8_lossy(name.strip_suffix(b"\0").unwrap_or(name)).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_off_and_foreign_files_are_refused() {
        for bytes in [
            &b""[..],
            b"\x06\0\0\0",
            b"\x05\0\0\0",
            b"\x06\0\0\0\x04\0abc\0\0\0\0\0\0\0\0\0",
            b"\x06\0\0\0\x0c\0WhisperSpec\0\x03\0\0\0\x01\0\0\0",
        ] {
            assert!(Weights::parse(bytes).is_err());
        }
    }
}
