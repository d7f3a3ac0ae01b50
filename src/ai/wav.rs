//! Sound as a file.

use bytes::Bytes;

use super::SAMPLE_RATE;

/// A WAV file of 16 bits with mono sound at [`SAMPLE_RATE`], from −1 to 1; at most a day long.
pub fn wav(samples: &[f32]) -> Bytes {
    let size = samples.len() as u32 * 2;
    let mut file = Vec::with_capacity(44 + size as usize);
    file.extend(b"RIFF");
    file.extend((36 + size).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(SAMPLE_RATE.to_le_bytes());
    file.extend((SAMPLE_RATE * 2).to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend(size.to_le_bytes());
    // Out of range saturates, and what is no number is silence.
    file.extend(samples.iter().flat_map(|sample| ((sample * 32_767.0) as i16).to_le_bytes()));
    file.into()
}
