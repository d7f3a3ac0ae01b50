//! Transcription: the adapter to a model that listens.
//!
//! What is sent is the sound as it was decoded, never the file that was given: so nothing leaves the house of what a telephone
//! writes into its files beside the sound. A long recording goes in pieces, each cut where it is quiet.

use std::{
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Result;
use async_trait::async_trait;
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::{
    form::{Attached, Form},
    transport::{Endpoint, Line},
};
use crate::{
    ai::{
        Job, ModelError, SAMPLE_RATE, Segment, Transcriber, Transcript, Usage,
        usage::{Call, estimated_tokens},
        wav,
    },
    domain::text::sentences,
};

const SECOND: usize = SAMPLE_RATE as usize;
/// The longest piece that is sent at once, in seconds: 19 MB, where providers take 25.
const LONGEST: usize = 600;
/// The same where the model gives no times, so that the seconds of what is said are not far from true.
const LONGEST_UNTIMED: usize = 60;
/// How long a piece is waited for beyond its own length.
const PATIENCE: Duration = Duration::from_secs(60);
/// A piece whose loudest sample stays below this (−66 dB of full scale) is silent, and is not sent.
const QUIET: f32 = 0.000_5;
/// Sound that is looked at at once for a quiet place to cut at.
const BREATH: usize = SECOND / 5;
/// Nobody says more characters in a second.
const FASTEST: usize = 40;
/// A second of sound counts as so many tokens where the provider does not say.
const TOKENS_A_SECOND: u64 = 10;

/// Above this, nobody is taken to speak…
const MAX_SILENCE: f64 = 0.6;
/// …unless the mean of ln p of the text is above this.
const MIN_CONFIDENCE: f64 = -1.0;
/// A text that shrinks more than this when it is compressed repeats itself: the model has run into a loop.
const MAX_COMPRESSION: f64 = 2.4;

/// How much a provider is asked to tell, from the most to the least: not all of them know all of it.
const FORMATS: [&str; 3] = ["verbose_json", "json", "text"];

/// A transcription model of the provider.
pub struct RemoteTranscriber {
    line: Line,
    /// The name by which the provider knows it.
    remote: String,
    /// With the provider's prefix, so that it is not taken for a local model of the same name.
    name: String,
    /// The place in [`FORMATS`] of the one that it takes.
    format: AtomicU8,
}

#[derive(Default, Deserialize)]
struct Heard {
    #[serde(default)]
    text: String,
    segments: Option<Vec<Part>>,
    usage: Option<Value>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Part {
    start: f64,
    end: f64,
    text: String,
    no_speech_prob: Option<f64>,
    avg_logprob: Option<f64>,
    compression_ratio: Option<f64>,
}

impl RemoteTranscriber {
    pub fn new(endpoint: Arc<Endpoint>, model: &str) -> Self {
        Self { line: Line::new(endpoint), remote: model.to_owned(), name: format!("openai/{model}"), format: AtomicU8::default() }
    }

    /// Whether the provider tells when something is said, as far as it was asked.
    pub fn tells_times(&self) -> bool {
        self.format() == FORMATS[0]
    }

    fn format(&self) -> &'static str {
        FORMATS[usize::from(self.format.load(Ordering::Relaxed)).min(FORMATS.len() - 1)]
    }

    /// Whether a refusal is about how much is asked for, and less can be.
    fn adapts(&self, error: &ModelError, asked: &str) -> bool {
        let ModelError::Refused { status: 400 | 422, message } = error else { return false };
        let about_it = ["response_format", "response format", "verbose_json"].iter().any(|words| message.contains(words));
        let Some(next) = FORMATS.iter().position(|format| *format == asked).map(|at| at + 1) else { return false };
        if !about_it || next >= FORMATS.len() {
            return false;
        }
        self.format.store(next as u8, Ordering::Relaxed);
        true
    }

    /// What is said in a piece, by seconds of the piece.
    async fn piece(&self, samples: &[f32]) -> Result<Vec<Segment>, ModelError> {
        let seconds = samples.len() as f64 / f64::from(SAMPLE_RATE);
        let deadline = Instant::now() + PATIENCE + Duration::from_secs_f64(seconds);
        let sound = wav(samples);
        loop {
            let format = self.format();
            let fields = [("model", self.remote.as_str()), ("response_format", format), ("temperature", "0")];
            let form = Form::new(&fields, &Attached { name: "recording.wav", media_type: "audio/wav", content: &sound });
            match self.line.exchange(deadline, || self.once(&form, seconds, deadline)).await {
                Ok(heard) => return heard.said(seconds),
                Err(error) if self.adapts(&error, format) => {}
                Err(error) => return Err(error),
            }
        }
    }

    async fn once(&self, form: &Form, seconds: f64, deadline: Instant) -> Result<Heard, ModelError> {
        let request = form.in_request(self.line.endpoint.request(Method::POST, "audio/transcriptions")?);
        let whole = seconds.ceil();
        let mut call = Call::begin(Usage {
            job: Job::Transcription,
            model: self.remote.clone(),
            prompt_tokens: whole as u64 * TOKENS_A_SECOND,
            completion_tokens: 0,
            seconds: whole as u32,
            estimated: true,
        });
        let response = call.taken_up(self.line.send(request, deadline).await)?;
        let body = call.taken_up(self.line.body(response, deadline).await)?;
        let heard = call.taken_up(self.heard(&body))?;
        call.used(|usage| heard.count(usage));
        Ok(heard)
    }

    /// What an answer says, in whichever of the forms.
    fn heard(&self, body: &[u8]) -> Result<Heard, ModelError> {
        let text = std::str::from_utf8(body).map_err(|_| ModelError::Unreadable("no text".into()))?.trim();
        match serde_json::from_str::<Heard>(text) {
            Ok(Heard { error: Some(error), .. }) => Err(ModelError::Unreadable(self.line.told(&error.to_string()))),
            Ok(heard) => Ok(heard),
            Err(error) if text.starts_with(['{', '[', '<']) => {
                let failure = serde_json::from_str::<Value>(text).ok().and_then(|value| value.get("error").cloned());
                let place = || format!("no such JSON (line {}, column {})", error.line(), error.column());
                Err(ModelError::Unreadable(failure.map_or_else(place, |failure| self.line.told(&failure.to_string()))))
            }
            // Asked for text, or not knowing anything else.
            Err(_) => Ok(Heard { text: text.to_owned(), ..Heard::default() }),
        }
    }
}

impl Heard {
    /// Notes what it used; what the provider does not say stays estimated.
    fn count(&self, usage: &mut Usage) {
        let told = |names: [&str; 2]| names.iter().find_map(|name| self.usage.as_ref()?.get(name)?.as_u64());
        let (asked, given) = (told(["input_tokens", "prompt_tokens"]), told(["output_tokens", "completion_tokens"]));
        usage.prompt_tokens = asked.unwrap_or(usage.prompt_tokens);
        usage.completion_tokens = given.unwrap_or_else(|| estimated_tokens(self.text.len()));
        usage.estimated = asked.is_none() || given.is_none();
    }

    /// The segments as far as they can be: within the piece, in order, and of somebody who speaks.
    fn said(self, seconds: f64) -> Result<Vec<Segment>, ModelError> {
        let parts = match self.segments {
            Some(parts) if !parts.is_empty() => parts.into_iter().filter(Part::is_speech).map(Part::into_segment).collect(),
            _ => spread(&self.text, seconds),
        };
        let characters: usize = parts.iter().map(|part| part.text.chars().count()).sum();
        if characters as f64 > (seconds + 2.0) * FASTEST as f64 {
            return Err(ModelError::Unreadable("more words than anybody says in that time".into()));
        }
        let mut reached = 0.0;
        let within = |mut part: Segment| {
            // Not a number and backwards become the last second that is known.
            part.start_s = part.start_s.max(reached).min(seconds);
            part.end_s = part.end_s.max(part.start_s).min(seconds);
            reached = part.start_s;
            part.text = clean(&part.text);
            (!part.text.is_empty()).then_some(part)
        };
        Ok(parts.into_iter().filter_map(within).collect())
    }
}

impl Part {
    fn is_speech(&self) -> bool {
        let unsure = self.avg_logprob.is_none_or(|sure| sure < MIN_CONFIDENCE);
        let silent = self.no_speech_prob.is_some_and(|silence| silence > MAX_SILENCE) && unsure;
        let looping = self.compression_ratio.is_some_and(|ratio| ratio > MAX_COMPRESSION) && unsure;
        !silent && !looping
    }

    fn into_segment(self) -> Segment {
        Segment { start_s: self.start, end_s: self.end, text: self.text }
    }
}

/// Words without times: each sentence gets its share of the time by its length.
fn spread(text: &str, seconds: f64) -> Vec<Segment> {
    let whole = text.chars().count().max(1) as f64;
    let at = |byte: usize| seconds * text[..byte].chars().count() as f64 / whole;
    let segment = |range: Range<usize>| Segment { start_s: at(range.start), end_s: at(range.end), text: text[range].to_owned() };
    sentences(text).into_iter().map(segment).collect()
}

/// A line of words: without control characters and doubled blanks.
fn clean(text: &str) -> String {
    let words: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where the piece that begins at a sample ends: at the quietest place of its last quarter.
fn cut(samples: &[f32], from: usize, longest: usize) -> usize {
    let whole = longest * SECOND;
    if samples.len() - from <= whole {
        return samples.len();
    }
    let last = &samples[from + whole * 3 / 4..from + whole];
    let loudness = |breath: &[f32]| breath.iter().map(|sample| sample * sample).sum::<f32>();
    let quietest = last.chunks_exact(BREATH).enumerate().rev().min_by(|(_, a), (_, b)| loudness(a).total_cmp(&loudness(b)));
    from + whole * 3 / 4 + quietest.map_or(0, |(at, _)| at * BREATH + BREATH / 2)
}

#[async_trait]
impl Transcriber for RemoteTranscriber {
    fn model(&self) -> &str {
        &self.name
    }

    /// One piece after the other; the first that fails ends it.
    async fn transcribe(&self, samples: Arc<Vec<f32>>) -> Result<Transcript> {
        let mut segments = Vec::new();
        let mut from = 0;
        while from < samples.len() {
            let longest = if self.tells_times() { LONGEST } else { LONGEST_UNTIMED };
            let to = cut(&samples, from, longest);
            let piece = &samples[from..to];
            if piece.iter().any(|sample| sample.abs() > QUIET) {
                let offset = from as f64 / f64::from(SAMPLE_RATE);
                for segment in self.piece(piece).await? {
                    segments.push(Segment {
                        start_s: segment.start_s + offset,
                        end_s: segment.end_s + offset,
                        text: segment.text,
                    });
                }
            }
            from = to;
        }
        Ok(Transcript { segments })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::{
        super::fake::{Fake, KEY, Reply},
        *,
    };
    use crate::ai::counted;

    /// A tone with a silence in the middle of each minute's last second.
    fn sound(seconds: usize) -> Arc<Vec<f32>> {
        let pause = 58 * SECOND..58 * SECOND + SECOND / 2;
        let sample = |at: usize| if pause.contains(&(at % (60 * SECOND))) { 0.0 } else { (at as f32 / 9.0).sin() * 0.4 };
        Arc::new((0..seconds * SECOND).map(sample).collect())
    }

    /// A field of a form.
    fn field<'a>(body: &'a str, name: &str) -> &'a str {
        let after = body.split(&format!("name=\"{name}\"\r\n\r\n")).nth(1).unwrap();
        after.split("\r\n").next().unwrap()
    }

    #[tokio::test]
    async fn segments_come_with_their_seconds() {
        let fake = Fake::start(|number, asked| {
            assert_eq!(
                (asked.path.as_str(), asked.authorization.as_str()),
                ("/v1/audio/transcriptions", &*format!("Bearer {KEY}"))
            );
            let body = String::from_utf8_lossy(&asked.bytes);
            assert_eq!((field(&body, "model"), field(&body, "response_format")), ("whisper-1", "verbose_json"));
            let start = asked.bytes.windows(4).position(|bytes| bytes == b"RIFF").unwrap();
            let end = asked.bytes.windows(12).rposition(|bytes| bytes == b"\r\n--flowery-").unwrap();
            let read = crate::decode::audio::read(std::io::Cursor::new(asked.bytes[start..end].to_vec()), &Default::default());
            let seconds = read.unwrap().samples.len() / SECOND;
            assert!(seconds <= LONGEST, "{seconds}");
            let segment = |start: f64, end: f64, text: &str| json!({ "id": 0, "start": start, "end": end, "text": text });
            let mut silent = segment(8.0, 9.0, " Thanks for watching!");
            (silent["no_speech_prob"], silent["avg_logprob"]) = (0.9.into(), (-1.4).into());
            Reply::Json(
                200,
                json!({
                    "task": "transcribe", "language": "english", "duration": "610.0", "text": "…",
                    "segments": [
                        segment(0.5, 2.0, &format!(" Piece {number}\u{7}\nbegins. ")), segment(-3.0, 1e9, "Wet stone."), silent,
                        segment(7.0, 3.0, "Backwards."), segment(700.0, 900.0, "   "),
                    ],
                    "usage": { "type": "duration", "seconds": 610 },
                }),
            )
        })
        .await;
        let ears = RemoteTranscriber::new(fake.endpoint(), "whisper-1");
        let (heard, used) = counted(ears.transcribe(sound(700))).await;
        let heard = heard.unwrap().segments;
        let texts: Vec<&str> = heard.iter().map(|segment| segment.text.as_str()).collect();
        assert_eq!(texts, ["Piece 0 begins.", "Wet stone.", "Backwards.", "Piece 1 begins.", "Wet stone.", "Backwards."]);
        assert!(heard.windows(2).all(|pair| pair[0].start_s <= pair[1].start_s), "{heard:?}");
        assert!(heard.iter().all(|segment| segment.start_s <= segment.end_s && segment.end_s <= 700.0), "{heard:?}");
        // The recording was cut in its last pause before ten minutes.
        assert!((598.0..598.5).contains(&(heard[3].start_s - 0.5)), "{heard:?}");
        assert_eq!(used.iter().map(|usage| usage.seconds).sum::<u32>(), 701);
        assert!(used.iter().all(|usage| usage.estimated && usage.job == Job::Transcription && usage.prompt_tokens > 0));
    }

    #[tokio::test]
    async fn who_knows_no_times_is_asked_for_words() {
        for known in ["json", "text"] {
            let fake = Fake::start(move |_, asked| {
                let body = String::from_utf8_lossy(&asked.bytes).into_owned();
                match field(&body, "response_format") {
                    format if format != known => {
                        Reply::Json(400, json!({ "error": { "message": "response_format is not compatible with this model" } }))
                    }
                    "json" => Reply::Json(
                        200,
                        json!({ "text": "Rain. Then it stopped.", "usage": { "type": "tokens", "input_tokens": 14, "output_tokens": 9 } }),
                    ),
                    _ => Reply::With(200, vec![("content-type", "text/plain".into())], "Rain. Then it stopped.\n".into()),
                }
            })
            .await;
            let ears = RemoteTranscriber::new(fake.endpoint(), "gpt-4o-transcribe");
            let (heard, used) = counted(ears.transcribe(sound(20))).await;
            let heard = heard.unwrap().segments;
            assert_eq!(heard.iter().map(|s| s.text.as_str()).collect::<Vec<_>>(), ["Rain.", "Then it stopped."]);
            assert!((heard[1].start_s - 20.0 * 6.0 / 22.0).abs() < 0.01, "{heard:?}");
            assert_eq!((used.len(), used[0].estimated), (1, known == "text"));
            let adapted = fake.asked().len();
            assert_eq!(adapted, FORMATS.iter().position(|format| *format == known).unwrap() + 1);
            ears.transcribe(sound(130)).await.unwrap();
            assert_eq!(fake.asked().len(), adapted + 3, "it is remembered, and the pieces are short");
        }
    }

    #[tokio::test]
    async fn silence_is_not_sent() {
        let fake = Fake::start(|_, _| Reply::Json(200, json!({ "text": "Thank you." }))).await;
        let ears = RemoteTranscriber::new(fake.endpoint(), "whisper-1");
        assert!(ears.transcribe(Arc::new(vec![0.000_1; 5 * SECOND])).await.unwrap().segments.is_empty());
        assert!(ears.transcribe(Arc::default()).await.unwrap().segments.is_empty());
        assert!(fake.asked().is_empty());
    }

    #[tokio::test]
    async fn every_misbehaviour_is_an_error() {
        let nonsense = |reply: fn() -> Reply| async move {
            let fake = Fake::start(move |_, _| reply()).await;
            let ears = RemoteTranscriber::new(fake.endpoint(), "whisper-1");
            ears.transcribe(sound(2)).await.map_err(|error| error.downcast::<ModelError>().unwrap())
        };
        let html = || Reply::With(200, vec![("content-type", "text/html".into())], "<html>Sign in</html>".into());
        assert!(matches!(nonsense(html).await, Err(ModelError::Unreadable(_))));
        let half = || Reply::With(200, vec![("content-type", "application/json".into())], "{\"text\": \"Rai".into());
        assert!(matches!(nonsense(half).await, Err(ModelError::Unreadable(_))));
        let failed = || Reply::Json(200, json!({ "error": { "message": "out of memory" }, "text": 7 }));
        assert!(matches!(nonsense(failed).await, Err(ModelError::Unreadable(words)) if words.contains("out of memory")));
        let endless = || Reply::Json(200, json!({ "text": "and again ".repeat(500) }));
        assert!(matches!(nonsense(endless).await, Err(ModelError::Unreadable(_))));
        let friendly = || Reply::Json(200, json!({ "error": { "message": "loading the model" } }));
        assert!(matches!(nonsense(friendly).await, Err(ModelError::Unreadable(_))));
        let missing = || Reply::Json(404, json!({ "error": "no such path" }));
        assert!(matches!(nonsense(missing).await, Err(ModelError::Refused { status: 404, .. })));
        let broke = || Reply::Json(429, json!({ "error": { "code": "insufficient_quota", "message": "pay" } }));
        assert_eq!(nonsense(broke).await, Err(ModelError::OutOfCredit));
        let nothing = || Reply::Json(200, json!({}));
        assert_eq!(nonsense(nothing).await, Ok(Transcript::default()));
    }

    proptest! {
        #[test]
        fn times_are_in_order_and_within(
            parts in prop::collection::vec((any::<f64>(), any::<f64>(), "\\PC{0,12}"), 0..8), text in "\\PC{0,60}", seconds in 2.0..900.0_f64,
        ) {
            let part = |(start, end, text)| Part { start, end, text, no_speech_prob: None, avg_logprob: None, compression_ratio: None };
            let heard = Heard { text, segments: Some(parts.into_iter().map(part).collect()), usage: None, error: None };
            let segments = heard.said(seconds).unwrap_or_default();
            prop_assert!(segments.iter().all(|s| 0.0 <= s.start_s && s.start_s <= s.end_s && s.end_s <= seconds), "{:?}", segments);
            prop_assert!(segments.windows(2).all(|pair| pair[0].start_s <= pair[1].start_s), "{:?}", segments);
        }
    }
}
