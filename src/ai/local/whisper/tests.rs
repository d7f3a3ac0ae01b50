use std::{fmt::Write, path::PathBuf, sync::LazyLock};

use rand::{Rng, SeedableRng, rngs::StdRng};

use super::*;
use crate::{
    ai::{SAMPLE_RATE, Segment, local::models_folder},
    decode::audio::{AudioLimits, read},
};

const SENTENCE: &str = "we picked figs in september the leaves were green and milky and bitter";

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/audio")
}

fn sound(path: &Path) -> Vec<f32> {
    read(std::fs::File::open(path).unwrap(), &AudioLimits { seconds: 3600 }).unwrap().samples
}

/// Loaded once for all tests.
static WHISPER: LazyLock<Whisper> = LazyLock::new(|| Whisper::new(&models_folder()));

async fn heard(samples: Vec<f32>) -> Vec<Segment> {
    WHISPER.transcribe(samples.into()).await.unwrap().segments
}

/// The words of a text, without case and punctuation.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// The least number of words to put in, take out or change.
fn distance(a: &[String], b: &[String]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let changed = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = changed.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

fn text(segments: &[Segment]) -> String {
    segments.iter().map(|segment| segment.text.as_str()).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_sentence_as_a_browser_records_it_is_written_down() {
    let samples = sound(&fixtures().join("sentence.webm"));
    let length = samples.len() as f64 / f64::from(SAMPLE_RATE);
    let segments = heard(samples).await;
    assert_eq!(words(&text(&segments)), words(SENTENCE));
    assert!(segments[0].start_s < 0.5 && segments.last().unwrap().end_s > length - 1.0, "{segments:?}");
    assert!(segments.iter().all(|segment| segment.start_s < segment.end_s && segment.end_s <= length), "{segments:?}");
}

#[tokio::test]
async fn what_is_said_after_a_long_pause_has_its_own_time() {
    let sentence = sound(&fixtures().join("sentence.webm"));
    let mut samples = sentence.clone();
    samples.resize(samples.len() + 33 * SAMPLE_RATE as usize, 0.0);
    let again = samples.len() as f64 / f64::from(SAMPLE_RATE);
    samples.extend(sentence);
    let segments = heard(samples).await;
    let (before, after): (Vec<Segment>, Vec<Segment>) = segments.into_iter().partition(|segment| segment.start_s < again - 1.0);
    assert_eq!(words(&text(&before)), words(SENTENCE));
    assert_eq!(words(&text(&after)), words(SENTENCE));
    assert!(before.iter().all(|segment| segment.end_s < again - 20.0), "{before:?}");
    assert!((after[0].start_s - again).abs() < 1.0, "{after:?} begins at {again}");
}

/// What is said over and over compresses like a loop of the network's own, which it is not.
#[tokio::test]
async fn a_sentence_said_three_times_is_heard_wherever_the_recording_begins() {
    let sentence = sound(&fixtures().join("sentence.wav"));
    for begins in [0, sentence.len() / 3, sentence.len() * 5 / 8] {
        let samples: Vec<f32> = sentence.iter().copied().cycle().skip(begins).take(14 * SAMPLE_RATE as usize).collect();
        let said = words(&text(&heard(samples).await)).join(" ");
        assert!(said.matches("picked figs in september").count() >= 2, "from {begins}: {said}");
    }
}

#[tokio::test]
async fn silence_and_noise_say_nothing() {
    let second = SAMPLE_RATE as usize;
    assert_eq!(heard(Vec::new()).await, []);
    assert_eq!(heard(vec![0.0; 10]).await, []);
    assert_eq!(heard(vec![0.0; 70 * second]).await, []);
    let mut lot = StdRng::seed_from_u64(7);
    for loudness in [0.3, 0.01] {
        assert_eq!(heard((0..5 * second).map(|_| lot.random_range(-loudness..loudness)).collect()).await, []);
    }
}

#[tokio::test]
async fn a_transcription_that_nobody_waits_for_stops() {
    let whisper = Whisper::new(&models_folder());
    let mut lot = StdRng::seed_from_u64(7);
    let minutes: Vec<f32> = (0..300 * SAMPLE_RATE).map(|_| lot.random_range(-0.1..0.1)).collect();
    let waiting = whisper.transcribe(minutes.into());
    assert!(tokio::time::timeout(std::time::Duration::from_millis(500), waiting).await.is_err());
    // The work holds on to the model's place until it ends.
    let start = std::time::Instant::now();
    while Arc::strong_count(&whisper.model) > 1 {
        assert!(start.elapsed().as_secs() < 120, "it goes on");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_missing_model_says_what_to_do() {
    let error = Whisper::new(Path::new("/nowhere")).transcribe(vec![0.1; 16_000].into()).await.unwrap_err().to_string();
    assert!(error.contains(".ci/setup/models"), "{error}");
}

/// Prints the share of wrong words by voice, over what `tests/fixtures/audio/speak FOLDER` has spoken:
/// `FLOWERY_VOICES=FOLDER cargo test --release --lib word_error_rate -- --ignored --nocapture`
#[tokio::test]
#[ignore = "takes minutes, and voices that are not installed everywhere"]
async fn word_error_rate() {
    let folder = PathBuf::from(std::env::var_os("FLOWERY_VOICES").expect("FLOWERY_VOICES names the folder of the voices"));
    let sentences = std::fs::read_to_string(fixtures().join("sentences.txt")).unwrap();
    let sentences: Vec<Vec<String>> = sentences.lines().map(words).collect();
    let mut voices: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    voices.sort();
    assert!(!voices.is_empty(), "no voice has spoken");
    let whisper = Whisper::new(&models_folder());
    let mut report = String::new();
    for voice in voices {
        let (mut wrong, mut all, mut seconds) = (0, 0, 0.0);
        let start = std::time::Instant::now();
        for (at, sentence) in sentences.iter().enumerate() {
            let samples = sound(&voice.join(format!("{:02}.wav", at + 1)));
            seconds += samples.len() as f64 / f64::from(SAMPLE_RATE);
            let segments = whisper.transcribe(samples.into()).await.unwrap().segments;
            wrong += distance(sentence, &words(&text(&segments)));
            all += sentence.len();
        }
        let name = voice.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let rate = 100.0 * wrong as f64 / all as f64;
        writeln!(
            report,
            "{name:<20} {rate:5.1} % of {all} words, {seconds:.0} s of sound in {:.0} s",
            start.elapsed().as_secs_f64()
        )
        .unwrap();
    }
    println!("{report}");
}
