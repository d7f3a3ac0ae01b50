//! From what a picture consists of to what it means: its objects, setting, mood and caption, the notes that one would smell
//! there, and when and where it was taken. Plain rules over [`PictureFacts`] and the classifier's [`Label`]s; nothing here
//! reads files or runs a model.

mod caption;
mod colors;
mod mood;
mod place;
mod scenes;
mod season;

pub use season::{TimeOfDay, season, time_of_day};

use crate::{
    ai::Label,
    decode::image::PictureFacts,
    domain::{
        memory::{ImageAnalysis, Season, Swatch},
        time::Timestamp,
    },
};

use scenes::{Kind, Seen};

/// Whether the coordinates that a camera wrote into a picture may be used: only if the person agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coordinates {
    Used,
    Ignored,
}

/// What a picture means.
#[derive(Clone, Debug, PartialEq)]
pub struct Sight {
    pub analysis: ImageAnalysis,
    /// By the camera's clock.
    pub taken_at: Option<Timestamp>,
    pub season: Option<Season>,
    pub time_of_day: Option<TimeOfDay>,
    /// A town and its country, if the coordinates may be used.
    pub place: Option<String>,
    /// Canonical names of notes with how surely one smells them where the picture was taken, 0 to 1, surest first.
    pub scents: Vec<(String, f64)>,
}

/// At most so many notes are taken from one picture.
const MOST_SCENTS: usize = 8;
/// A label that belongs to no scene, or to one that is not sure, is told from here on.
const LONE_LABEL: f32 = 0.35;
/// Notes that are less sure are not taken.
const LEAST_SCENT: f64 = 0.12;

/// Makes sense of a picture. `labels` are empty where no classifier works; colors and light still speak then. `model` says
/// what gave the labels.
pub fn analyze(facts: &PictureFacts, labels: &[Label], model: &str, coordinates: Coordinates) -> Sight {
    let seen = scenes::seen(labels, &facts.palette);
    let taken = facts.exif.taken_at;
    let position = match coordinates {
        Coordinates::Used => facts.exif.latitude.zip(facts.exif.longitude),
        Coordinates::Ignored => None,
    };
    let place = position.and_then(|(latitude, longitude)| place::nearest(latitude, longitude));
    let season = taken.and_then(|taken| season(taken.month, position.map(|(latitude, _)| latitude)));
    let time_of_day = taken.map(|taken| time_of_day(taken.hour));
    let setting = seen.iter().find_map(Seen::setting).map(str::to_owned);
    let objects = objects(&seen, labels);
    let caption = caption::of(&caption::Told {
        seen: &seen,
        objects: &objects,
        light: &facts.light,
        palette: &facts.palette,
        season,
        time_of_day,
        place: place.as_deref(),
    });
    Sight {
        scents: scents(&seen),
        analysis: ImageAnalysis {
            objects,
            colors: facts.palette.iter().map(|s| Swatch { color: s.color.clone(), share: s.share }).collect(),
            mood: mood::of(&facts.light).into_iter().map(str::to_owned).collect(),
            setting,
            caption,
            confidence: confidence(&seen, labels),
            model: if labels.is_empty() { "colors and light".to_owned() } else { model.to_owned() },
        },
        taken_at: taken.and_then(|taken| Timestamp::parse(&taken.to_rfc3339())),
        season,
        time_of_day,
        place,
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
    scents.retain(|(_, sure)| *sure >= LEAST_SCENT);
    scents.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    scents.truncate(MOST_SCENTS);
    scents
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
