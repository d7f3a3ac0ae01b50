//! From what a picture consists of to what it means: its objects, setting, mood and caption, the notes that one would smell
//! there, and when and where it was taken. Plain rules over [`PictureFacts`] and what the networks saw and read; nothing here
//! opens files or runs a model.

mod caption;
mod colors;
mod mood;
pub(super) mod opinion;
mod place;
mod scenes;
mod season;

pub use season::{TimeOfDay, season, time_of_day};

use crate::{
    ai::{Label, TextLine},
    decode::image::{Light, PictureFacts, TakenAt},
    domain::{
        memory::{ImageAnalysis, Season, Swatch},
        time::Timestamp,
    },
};

use opinion::Opinion;
use scenes::{Kind, Seen};

/// Whether the time and the place that a camera wrote into a picture may be used: only if the person agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameraNotes {
    Used,
    Ignored,
}

/// What was made of a picture. Each part is empty where nothing looks.
#[derive(Clone, Copy, Debug)]
pub struct Looked<'a> {
    pub labels: &'a [Label],
    /// The lines of text that were read in it.
    pub words: &'a [TextLine],
    /// The perfume whose label they are, e.g. "Shalimar by Guerlain".
    pub perfume: Option<&'a str>,
    /// What gave the labels.
    pub model: &'a str,
    /// What a provider's model says, as far as it holds.
    pub opinion: Option<&'a Opinion>,
}

/// What a picture means.
#[derive(Clone, Debug, PartialEq)]
pub struct Sight {
    pub analysis: ImageAnalysis,
    /// What the camera's clock showed, in whatever zone it was: the day is the one on which the person was there.
    pub taken_at: Option<Timestamp>,
    pub season: Option<Season>,
    /// A town and its country.
    pub place: Option<String>,
    /// Canonical names of notes with how surely one smells them where the picture was taken, 0 to 1, surest first.
    pub scents: Vec<(String, f64)>,
    /// The lines of text in it, from top to bottom; the caption cites the largest.
    pub words: Vec<String>,
}

/// At most so many notes are taken from one picture.
const MOST_SCENTS: usize = 8;
/// A label that belongs to no scene, or to one that is not sure, is told from here on.
const LONE_LABEL: f32 = 0.35;
/// Notes that are less sure are not taken.
const LEAST_SCENT: f64 = 0.12;
/// How much of its sureness a note keeps that only the small network smells.
const ALONE: f64 = 0.5;
/// Words for the mood.
const MOST_MOODS: usize = 4;

/// Makes sense of a picture. Without any label, colors and light still speak.
pub fn analyze(facts: &PictureFacts, looked: Looked, notes: CameraNotes) -> Sight {
    let Looked { labels, words, perfume, model, opinion } = looked;
    let seen = scenes::seen(labels, &facts.palette);
    let (taken, position) = match notes {
        CameraNotes::Used => (facts.exif.taken_at, facts.exif.latitude.zip(facts.exif.longitude)),
        CameraNotes::Ignored => (None, None),
    };
    let place = position.and_then(|(latitude, longitude)| place::nearest(latitude, longitude));
    let season = taken.and_then(|taken| season(taken.month, position.map(|(latitude, _)| latitude)));
    let time_of_day = taken.map(|taken| time_of_day(taken.hour));
    let local = || seen.iter().find_map(Seen::setting).map(str::to_owned);
    let setting = opinion.and_then(|opinion| opinion.setting.clone()).or_else(local);
    let objects = match opinion.map(|opinion| opinion.objects.clone()).filter(|objects| !objects.is_empty()) {
        Some(objects) => objects,
        None => objects(&seen, labels),
    };
    let caption = caption::of(&caption::Told {
        said: opinion.and_then(|opinion| opinion.caption.as_deref()),
        seen: &seen,
        objects: &objects,
        words,
        perfume,
        light: &facts.light,
        palette: &facts.palette,
        season,
        time_of_day,
        place: place.as_deref(),
    });
    Sight {
        scents: agreed(scents(&seen), opinion),
        analysis: ImageAnalysis {
            objects,
            colors: facts.palette.iter().map(|s| Swatch { color: s.color.clone(), share: s.share }).collect(),
            mood: moods(&facts.light, opinion),
            setting,
            caption,
            confidence: opinion.map_or_else(|| confidence(&seen, labels), |opinion| opinion.confidence),
            model: match opinion {
                Some(opinion) => opinion.model.clone(),
                None if labels.is_empty() => "colors and light".to_owned(),
                None => model.to_owned(),
            },
        },
        taken_at: taken.and_then(|taken| Timestamp::parse(&TakenAt { offset_minutes: None, ..taken }.to_rfc3339())),
        season,
        place,
        words: match opinion.filter(|_| words.is_empty()) {
            Some(opinion) => opinion.lines.clone(),
            None => words.iter().map(|line| line.text.clone()).collect(),
        },
    }
}

/// What is in the picture, in single words: the labels that carry what was seen, and a label of no scent only if it is sure.
fn objects(seen: &[Seen], labels: &[Label]) -> Vec<String> {
    let told = |label: &&Label| {
        let carries = seen.iter().any(|s| s.is_sure() && s.scene.labels.contains(&label.name.as_str()));
        label.probability >= if carries { 0.08 } else { LONE_LABEL }
    };
    let mut objects: Vec<String> = labels.iter().filter(told).map(|label| label.name.clone()).collect();
    // Where many unlike labels speak for one thing, none of them is it: their common name is.
    for s in seen.iter().filter(|s| s.is_sure() && s.scene.kind != Kind::Place) {
        if !objects.iter().any(|object| s.scene.labels.contains(&object.as_str())) {
            objects.push(s.scene.name.to_owned());
        }
    }
    objects.truncate(6);
    objects
}

/// Each note as sure as the surest scene that it belongs to; scenes that agree make it surer.
fn scents(seen: &[Seen]) -> Vec<(String, f64)> {
    let mut scents: Vec<(String, f64)> = Vec::new();
    for s in seen.iter().filter(|s| s.is_sure()) {
        for (note, strength) in &s.scene.scents {
            let sure = f64::from(s.probability * strength);
            match scents.iter_mut().find(|(name, _)| name == note) {
                Some((_, so_far)) => *so_far = 1.0 - (1.0 - *so_far) * (1.0 - sure),
                None => scents.push(((*note).to_owned(), sure)),
            }
        }
    }
    surest(scents)
}

/// The notes of the scenes, with those of a model that looks better: what both smell is surer, what the small network smells alone
/// is less so.
fn agreed(scenes: Vec<(String, f64)>, opinion: Option<&Opinion>) -> Vec<(String, f64)> {
    let Some(opinion) = opinion else { return scenes };
    let mut scents = opinion.scents.clone();
    for (note, sure) in scenes {
        match scents.iter_mut().find(|(name, _)| *name == note) {
            Some((_, so_far)) => *so_far = 1.0 - (1.0 - *so_far) * (1.0 - sure),
            None => scents.push((note, sure * ALONE)),
        }
    }
    surest(scents)
}

fn surest(mut scents: Vec<(String, f64)>) -> Vec<(String, f64)> {
    scents.retain(|(_, sure)| *sure >= LEAST_SCENT);
    scents.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    scents.truncate(MOST_SCENTS);
    scents
}

/// What the picture feels like: as a model says, and by its light.
fn moods(light: &Light, opinion: Option<&Opinion>) -> Vec<String> {
    let mut moods = opinion.map(|opinion| opinion.mood.clone()).unwrap_or_default();
    for mood in mood::of(light) {
        if !moods.iter().any(|known| known == mood) {
            moods.push(mood.to_owned());
        }
    }
    moods.truncate(MOST_MOODS);
    moods
}

/// How much of the picture was understood: the probability of what is named. Where nothing is, colors alone are told, and
/// little more than they is known.
fn confidence(seen: &[Seen], labels: &[Label]) -> f64 {
    const COLORS_ALONE: f64 = 0.1;
    let scene = seen.iter().filter(|s| s.is_sure()).map(|s| s.probability);
    let lone = labels.iter().map(|label| label.probability).filter(|probability| *probability >= LONE_LABEL);
    let best = scene.chain(lone).fold(0.0, f32::max);
    (f64::from(best).clamp(COLORS_ALONE, 1.0) * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests;
