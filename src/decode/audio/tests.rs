use std::{io::Cursor, path::Path};

use proptest::prelude::*;

use super::*;

const FIXTURES: [&str; 9] =
    ["voice.aac", "voice.flac", "voice.m4a", "voice.mp3", "voice.ogg", "voice.opus", "voice.wav", "voice.webm", "fragmented.mp4"];

const MINUTE: AudioLimits = AudioLimits { seconds: 60 };

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/audio").join(name)).unwrap()
}

fn read_bytes(bytes: Vec<u8>) -> Result<Pcm, Unreadable> {
    read(Cursor::new(bytes), &MINUTE)
}

/// How alike two sounds are at the shift (within 0.1 s) at which they are most alike.
fn likeness(a: &[f32], b: &[f32]) -> f32 {
    let at = |shift: usize| {
        let (mut both, mut first, mut second) = (0.0, 1e-9, 1e-9);
        for (x, y) in a[1600..].iter().zip(&b[shift..]) {
            both += x * y;
            first += x * x;
            second += y * y;
        }
        both / f32::sqrt(first * second)
    };
    (0..3200).map(at).fold(0.0, f32::max)
}

/// A WAV file with this header and these bytes of sound.
fn wav(rate: u32, channels: u16, bits: u16, declared: u32, data: &[u8]) -> Vec<u8> {
    let frame = channels.wrapping_mul(bits) / 8;
    let mut file = b"RIFF".to_vec();
    file.extend((36_u32.saturating_add(declared)).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0");
    file.extend(channels.to_le_bytes());
    file.extend(rate.to_le_bytes());
    file.extend(rate.wrapping_mul(u32::from(frame)).to_le_bytes());
    file.extend(frame.to_le_bytes());
    file.extend(bits.to_le_bytes());
    file.extend(b"data");
    file.extend(declared.to_le_bytes());
    file.extend(data);
    file
}

fn tone(rate: u32, seconds: u32) -> Vec<u8> {
    let sample = |at: u32| ((at as f32 * 440.0 * std::f32::consts::TAU / rate as f32).sin() * 8000.0) as i16;
    (0..rate * seconds).flat_map(|at| sample(at).to_le_bytes()).collect()
}

#[test]
fn every_container_gives_the_same_voice() {
    let reference = read_bytes(fixture("voice.wav")).unwrap();
    assert!((reference.seconds - 1.675).abs() < 0.01, "{}", reference.seconds);
    for name in FIXTURES {
        let heard = read_bytes(fixture(name)).unwrap();
        let expected = if name == "voice.flac" { 1.2 } else { 1.675 };
        assert!((heard.seconds - expected).abs() < 0.12, "{name} sounds for {} s", heard.seconds);
        assert_eq!(heard.samples.len(), (heard.seconds * f64::from(RATE)).round() as usize);
        assert!(!heard.breaks_off, "{name} is whole");
        let likeness = likeness(&heard.samples, &reference.samples);
        assert!(likeness > 0.9, "{name} is like the reference by {likeness}");
    }
}

#[test]
fn a_truncated_file_gives_what_is_there_or_a_sentence() {
    for name in FIXTURES {
        let whole = fixture(name);
        for part in [1, 10, 30, 50, 80, 99] {
            match read_bytes(whole[..whole.len() * part / 100].to_vec()) {
                Ok(heard) => assert!(heard.seconds < 1.8 && !heard.samples.is_empty(), "{name} to {part} %"),
                Err(error) => assert!(error.to_string().ends_with('.'), "{error}"),
            }
        }
    }
    let half = fixture("voice.webm");
    assert!(read_bytes(half[..half.len() / 2].to_vec()).unwrap().seconds > 0.5);
}

#[test]
fn what_breaks_off_says_so() {
    for name in ["voice.aac", "voice.flac", "voice.mp3", "voice.ogg", "voice.opus", "voice.wav"] {
        let whole = fixture(name);
        // Half of some is not enough for a first sound.
        if let Ok(heard) = read_bytes(whole[..whole.len() / 2].to_vec()) {
            assert!(heard.breaks_off, "{name}");
        }
    }
    let sound = tone(16_000, 2);
    let stated = |bytes: u32| read_bytes(wav(16_000, 1, 16, bytes, &sound)).unwrap().breaks_off;
    let length = sound.len() as u32;
    assert!(stated(length * 2) && !stated(length));
    assert!(!stated(u32::MAX - 64), "who writes as it comes knows no length");
}

#[test]
fn an_empty_file_and_files_without_sound_say_so() {
    assert!(read_bytes(Vec::new()).unwrap_err().to_string().contains("empty"));
    for bytes in [b"Dear diary, today it rained.".to_vec(), vec![0; 100_000], wav(16_000, 1, 16, 0, &[])] {
        assert!(read_bytes(bytes).unwrap_err().to_string().contains("cannot be read"));
    }
}

#[test]
fn silence_is_sound() {
    let heard = read_bytes(wav(16_000, 1, 16, 32_000, &[0; 32_000])).unwrap();
    assert!(heard.seconds == 1.0 && heard.samples.iter().all(|&sample| sample == 0.0));
}

#[test]
fn any_usual_rate_becomes_16_khz_without_a_change_of_pitch_or_length() {
    for rate in [8_000, 11_025, 22_050, 44_100, 44_101, 48_000, 96_000] {
        let sound = tone(rate, 2);
        let heard = read_bytes(wav(rate, 1, 16, sound.len() as u32, &sound)).unwrap();
        assert!((heard.seconds - 2.0).abs() < 0.001, "{rate}: {}", heard.seconds);
        let middle = &heard.samples[RATE as usize / 2..RATE as usize * 3 / 2];
        let turns = middle.windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count();
        assert!((439..=441).contains(&turns), "{rate}: {turns} Hz");
        let loudest = middle.iter().copied().fold(0.0, f32::max);
        assert!((loudest - 8000.0 / 32768.0).abs() < 0.01, "{rate}: {loudest}");
    }
}

#[test]
fn headers_that_lie_are_not_believed() {
    let sound = tone(16_000, 1);
    // It claims four gigabytes.
    let heard = read_bytes(wav(16_000, 1, 16, u32::MAX - 64, &sound)).unwrap();
    assert!((heard.seconds - 1.0).abs() < 0.1, "{}", heard.seconds);
    for (rate, channels, bits) in
        [(0, 1, 16), (1, 1, 16), (u32::MAX, 1, 16), (16_000, 0, 16), (16_000, 65_535, 16), (16_000, 1, 0)]
    {
        match read_bytes(wav(rate, channels, bits, sound.len() as u32, &sound)) {
            Ok(heard) => assert!(heard.seconds < 2.0, "{rate} {channels} {bits}: {} s", heard.seconds),
            Err(error) => assert!(error.to_string().contains("cannot be read"), "{error}"),
        }
    }
}

#[test]
fn more_than_the_limit_is_refused_and_says_how_much_is_not() {
    let sound = tone(8_000, 61);
    let error = read_bytes(wav(8_000, 1, 16, sound.len() as u32, &sound)).unwrap_err();
    assert_eq!(error.to_string(), "This recording is longer than 1 minute, the most that is read.");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn damaged_files_give_bounded_sound_or_a_sentence(
        name in prop::sample::select(&FIXTURES[..]),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
    ) {
        let mut bytes = fixture(name);
        for (at, value) in damage {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Ok(heard) = read_bytes(bytes) {
            prop_assert!(heard.samples.iter().all(|sample| sample.abs() <= 1.0));
        }
    }

    #[test]
    fn noise_is_no_recording(bytes in prop::collection::vec(any::<u8>(), 0..20_000)) {
        if let Ok(heard) = read_bytes(bytes) {
            prop_assert!(heard.seconds < 60.0);
        }
    }
}
