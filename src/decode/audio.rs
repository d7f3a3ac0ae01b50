//! A recording, in whatever container and codec it came, as what a speech model hears: 16 kHz, mono.
//!
//! Symphonia opens the containers (MP3, MP4, Ogg, Matroska/WebM, FLAC, WAV, ADTS) and decodes MP3, AAC-LC, ALAC, Vorbis, FLAC
//! and PCM; it has no decoder for Opus, which `opus-pure` decodes, straight to 16 kHz mono. No native library takes part.
//!
//! What a header says about lengths is never believed: only sound that was really decoded counts, and there is a limit to it.

mod opus;
mod resample;
#[cfg(test)]
mod tests;

use std::{
    io::{self, Read, Seek, SeekFrom},
    panic::{AssertUnwindSafe, catch_unwind},
};

use serde::{Deserialize, Serialize};
use symphonia::core::{
    codecs::audio::{AudioDecoder, AudioDecoderOptions, well_known::CODEC_ID_OPUS},
    errors::Error,
    formats::{
        FormatOptions, FormatReader, TrackType,
        probe::Hint,
        well_known::{FORMAT_ID_MKV, FORMAT_ID_MP3},
    },
    io::{MediaSource, MediaSourceStream},
    meta::MetadataOptions,
    packet::Packet,
};

use self::{opus::Opus, resample::Resampler};
use super::Unreadable;

/// Samples a second of what [`read`] gives.
pub const RATE: u32 = 16_000;

/// The slowest and the fastest sampling that is taken for sound.
const RATES: std::ops::RangeInclusive<u32> = 2_000..=384_000;

/// How many packets in a row may give no sound before the file counts as broken off there.
const MAX_BARREN_PACKETS: u32 = 20_000;

/// How often a stream may begin anew in the middle of a file.
const MAX_LINKS: u32 = 256;

/// How much shorter than its header says a recording may be and still be whole: codecs pad, and clocks differ.
const TOLERANCE_S: f64 = 0.5;
const TOLERANCE_SHARE: f64 = 0.02;

/// What one recording may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudioLimits {
    /// The longest recording, in seconds of sound.
    pub seconds: u32,
}

impl Default for AudioLimits {
    fn default() -> Self {
        Self { seconds: 3_600 }
    }
}

/// A recording's sound.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pcm {
    /// Mono, at [`RATE`], from −1 to 1.
    pub samples: Vec<f32>,
    /// How long it sounds, in seconds.
    pub seconds: f64,
    /// The file was damaged or cut off: there was more to it once.
    pub breaks_off: bool,
}

/// The sound of a file. One that breaks off gives what comes before the break.
///
/// # Errors
/// When it is empty, holds no sound, holds it in a codec that is not known here, or is longer than the limit.
pub fn read(source: impl Read + Seek + Send + Sync + 'static, limits: &AudioLimits) -> Result<Pcm, Unreadable> {
    // The decoders are written for well-formed files; should one of them give up on a stranger's bytes, that is an answer too.
    catch_unwind(AssertUnwindSafe(|| decode(source, limits))).unwrap_or_else(|_| Err(damaged()))
}

fn decode(mut source: impl Read + Seek + Send + Sync + 'static, limits: &AudioLimits) -> Result<Pcm, Unreadable> {
    let bytes = source.seek(SeekFrom::End(0)).and_then(|bytes| source.rewind().map(|()| bytes)).map_err(|_| damaged())?;
    if bytes == 0 {
        return Err(Unreadable::new("This recording is empty: the file has no bytes in it."));
    }
    let stream = MediaSourceStream::new(Box::new(Source { inner: source, bytes }), Default::default());
    let mut file = symphonia::default::get_probe()
        .probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default())
        .map_err(|_| damaged())?;
    let (mut track, mut voice) = open(file.as_ref())?;
    let mut sound = Sound::new(limits);
    let stated = stated_seconds(file.as_ref(), track);
    let (mut barren, mut links, mut broken) = (0, 0, false);
    loop {
        let packet = match file.next_packet() {
            Ok(Some(packet)) => packet,
            // One Ogg file may hold several streams one after the other.
            Err(Error::ResetRequired) if links < MAX_LINKS => {
                links += 1;
                (track, voice) = match open(file.as_ref()) {
                    Ok(opened) => opened,
                    Err(_) => break,
                };
                continue;
            }
            Ok(None) => break,
            Err(error) => {
                broken = !is_end_of_live(file.as_ref(), &error);
                break;
            }
        };
        barren += 1;
        if packet.track_id == track && voice.decode(&packet, &mut sound)? {
            barren = 0;
        }
        if barren > MAX_BARREN_PACKETS {
            broken = true;
            break;
        }
    }
    let read = sound.finish()?;
    let breaks_off = match stated {
        // Who writes as it comes knows no length, and states the largest that there is.
        Some(stated) if stated > f64::from(limits.seconds) => false,
        Some(stated) => broken || stated - read.seconds > TOLERANCE_S.max(stated * TOLERANCE_SHARE),
        None => broken,
    };
    Ok(Pcm { breaks_off, ..read })
}

/// What a browser records has no length and no end: whole, it ends like one that was cut off.
fn is_end_of_live(file: &dyn FormatReader, error: &Error) -> bool {
    let is_at_end = matches!(error, Error::IoError(error) if error.kind() == io::ErrorKind::UnexpectedEof);
    is_at_end && file.format_info().format == FORMAT_ID_MKV
}

/// How long a track is by its header. That much may be missing of a file that was cut off; else nothing depends on it.
fn stated_seconds(file: &dyn FormatReader, track: u32) -> Option<f64> {
    let track = file.tracks().iter().find(|known| known.id == track)?;
    // An MP3 without a header that tells its delay tells no length either: what the reader says then is a guess from the first
    // frames.
    if file.format_info().format == FORMAT_ID_MP3 && track.delay.is_none() {
        return None;
    }
    let rate = track.codec_params.as_ref()?.audio()?.sample_rate?;
    Some(track.num_frames? as f64 / f64::from(rate.max(1)))
}

/// The track that sounds, and the decoder for it.
fn open(file: &dyn FormatReader) -> Result<(u32, Voice), Unreadable> {
    let mut unknown = false;
    let preferred = file.default_track(TrackType::Audio);
    for track in preferred.into_iter().chain(file.tracks()) {
        let Some(codec) = track.codec_params.as_ref().and_then(|codec| codec.audio()) else { continue };
        if codec.codec == CODEC_ID_OPUS {
            return Ok((track.id, Voice::Opus(Box::new(Opus::open(codec.extra_data.as_deref())?))));
        }
        match symphonia::default::get_codecs().make_audio_decoder(codec, &AudioDecoderOptions::default()) {
            Ok(decoder) => return Ok((track.id, Voice::Symphonia { decoder, interleaved: Vec::new() })),
            Err(_) => unknown = true,
        }
    }
    Err(Unreadable::new(if unknown {
        "The sound in this file is packed in a way that cannot be read here. MP3, AAC, Opus, Vorbis, FLAC and WAV, in mono or stereo, can."
    } else {
        "There is no sound in this file."
    }))
}

enum Voice {
    Symphonia { decoder: Box<dyn AudioDecoder>, interleaved: Vec<f32> },
    Opus(Box<Opus>),
}

impl Voice {
    /// Adds a packet's sound; whether there was any. A packet that is damaged is a gap.
    fn decode(&mut self, packet: &Packet, sound: &mut Sound) -> Result<bool, Unreadable> {
        match self {
            Self::Opus(opus) => {
                let heard = opus.decode(&packet.data);
                sound.add(heard, 1, RATE)?;
                Ok(!heard.is_empty())
            }
            Self::Symphonia { decoder, interleaved } => {
                let Ok(heard) = decoder.decode(packet) else { return Ok(false) };
                let (rate, channels) = (heard.spec().rate(), heard.spec().channels().count());
                heard.copy_to_vec_interleaved(interleaved);
                sound.add(interleaved, channels, rate)?;
                Ok(!interleaved.is_empty())
            }
        }
    }
}

/// The sound so far.
struct Sound {
    samples: Vec<f32>,
    mono: Vec<f32>,
    resampler: Option<Resampler>,
    limit: usize,
    minutes: u32,
}

impl Sound {
    fn new(limits: &AudioLimits) -> Self {
        Self {
            samples: Vec::new(),
            mono: Vec::new(),
            resampler: None,
            limit: limits.seconds as usize * RATE as usize,
            minutes: limits.seconds.div_ceil(60),
        }
    }

    fn add(&mut self, interleaved: &[f32], channels: usize, rate: u32) -> Result<(), Unreadable> {
        if interleaved.is_empty() || channels == 0 {
            return Ok(());
        }
        if !RATES.contains(&rate) {
            return Err(damaged());
        }
        self.mono.clear();
        // Float formats may hold anything, also what is not a number.
        let share = 1.0 / channels as f32;
        self.mono.extend(interleaved.chunks_exact(channels).map(|frame| {
            let mixed = frame.iter().sum::<f32>() * share;
            if mixed.is_finite() { mixed } else { 0.0 }
        }));
        if self.resampler.as_ref().is_none_or(|resampler| resampler.from() != rate) {
            self.flush();
            self.resampler = Some(Resampler::new(rate).ok_or_else(damaged)?);
        }
        if let Some(resampler) = &mut self.resampler {
            resampler.push(&self.mono, &mut self.samples);
        }
        if self.samples.len() > self.limit {
            let unit = if self.minutes == 1 { "minute" } else { "minutes" };
            return Err(Unreadable::new(format!(
                "This recording is longer than {} {unit}, the most that is read.",
                self.minutes
            )));
        }
        Ok(())
    }

    fn flush(&mut self) {
        if let Some(resampler) = self.resampler.take() {
            resampler.finish(&mut self.samples);
        }
    }

    fn finish(mut self) -> Result<Pcm, Unreadable> {
        self.flush();
        if self.samples.is_empty() {
            return Err(damaged());
        }
        // Decoders and filters overshoot a little; some files are simply too loud.
        self.samples.iter_mut().for_each(|sample| *sample = sample.clamp(-1.0, 1.0));
        Ok(Pcm { seconds: self.samples.len() as f64 / f64::from(RATE), samples: self.samples, breaks_off: false })
    }
}

fn damaged() -> Unreadable {
    Unreadable::new("This recording cannot be read: the file is damaged, or breaks off before anything is to be heard.")
}

/// Any reader as what Symphonia reads from.
struct Source<R> {
    inner: R,
    bytes: u64,
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer)
    }
}

impl<R: Seek> Seek for Source<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

impl<R: Read + Seek + Send + Sync> MediaSource for Source<R> {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.bytes)
    }
}
