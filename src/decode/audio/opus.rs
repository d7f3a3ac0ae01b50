//! Opus packets (RFC 6716), whose stream header (RFC 7845, section 5.1) every container carries along.

use opus_pure::OpusDecoder;

use super::{RATE, Unreadable};

/// An Opus clock ticks 48,000 times a second, whatever the recording's own rate.
const CLOCK: usize = 48_000;

/// The longest packet that the format allows: 120 ms.
const MAX_SAMPLES: usize = RATE as usize * 120 / 1000;

pub(super) struct Opus {
    decoder: OpusDecoder,
    /// How many samples at the start are the encoder's run-up.
    skip: usize,
    block: Vec<f32>,
}

impl Opus {
    pub(super) fn open(header: Option<&[u8]>) -> Result<Self, Unreadable> {
        let header = header.unwrap_or_default();
        let byte = |at: usize| header.get(at).copied().unwrap_or(0);
        // Mapping family 0 is mono or stereo in one stream; every other splits its channels over several.
        if byte(18) != 0 {
            return Err(Unreadable::new(
                "This recording has more than two channels, which cannot be read in Opus. Stereo or mono can.",
            ));
        }
        let decoder = OpusDecoder::new(RATE.cast_signed(), 1).map_err(|_| super::damaged())?;
        let run_up = usize::from(u16::from_le_bytes([byte(10), byte(11)]));
        Ok(Self { decoder, skip: run_up * RATE as usize / CLOCK, block: vec![0.0; MAX_SAMPLES] })
    }

    /// The sound of one packet, mono; nothing if it is damaged.
    pub(super) fn decode(&mut self, packet: &[u8]) -> &[f32] {
        let made = self.decoder.decode(packet, MAX_SAMPLES, &mut self.block).unwrap_or(0).min(self.block.len());
        let skipped = self.skip.min(made);
        self.skip -= skipped;
        &self.block[skipped..made]
    }
}
