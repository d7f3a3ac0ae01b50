//! What the classifier's labels mean: many labels tell of one scene, and a scene has a setting and its smells.
//!
//! The probabilities of all labels of a scene are added up, since a classifier that wavers between a daisy, a bee and a
//! butterfly has seen flowers all the same.

use std::{collections::HashMap, sync::LazyLock};

use crate::{ai::Label, decode::image::Swatch};

use super::colors;

const TABLE: &str = include_str!("scenes.tsv");

static SCENES: LazyLock<Vec<Scene>> = LazyLock::new(|| TABLE.lines().filter_map(scene).collect());

static BY_LABEL: LazyLock<HashMap<&str, usize>> =
    LazyLock::new(|| SCENES.iter().enumerate().flat_map(|(at, s)| s.labels.iter().map(move |label| (*label, at))).collect());

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It is all around: at most one is told.
    Place,
    Thing,
    Animal,
}

/// What the colors of a picture must bear out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    Nothing,
    Green,
    Light,
}

/// A row of the table.
#[derive(Debug)]
pub(super) struct Scene {
    pub name: &'static str,
    pub kind: Kind,
    pub labels: Vec<&'static str>,
    /// As it stands in a caption, with its article.
    pub phrase: &'static str,
    setting: Option<&'static str>,
    needs: Needs,
    /// Canonical names of notes with how surely one smells them there.
    pub scents: Vec<(&'static str, f32)>,
}

/// A scene that a picture shows, with how likely it does, 0 to 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub scene: &'static Scene,
    pub probability: f32,
}

/// From here on something is named. Probabilities of a thousand kinds are low: a tenth of all is a good deal.
const SURE: f32 = 0.2;
/// From here on it is where the picture was taken, and not only something in it.
const SURE_SETTING: f32 = 0.3;
/// A scene whose colors are not there counts only so much.
const UNLIKELY: f32 = 0.25;
/// So much of a picture in the green of plants is greenery even where no label says so, though not surely.
const GREEN: f32 = 0.4;
/// How likely something is that is green all over, and that no label names, to be plants.
const GREEN_ALONE: f32 = 0.4;

impl Seen {
    pub fn is_sure(&self) -> bool {
        self.probability >= SURE
    }

    /// Where the picture was taken.
    pub fn setting(&self) -> Option<&'static str> {
        self.scene.setting.filter(|_| self.probability >= SURE_SETTING)
    }
}

/// The scenes that these labels tell of, likeliest first; those too that are not sure.
pub(super) fn seen(labels: &[Label], palette: &[Swatch]) -> Vec<Seen> {
    let mut sums: HashMap<usize, f32> = HashMap::new();
    for label in labels {
        if let Some(&at) = BY_LABEL.get(label.name.as_str()) {
            *sums.entry(at).or_default() += label.probability;
        }
    }
    let green = colors::share_of_plants(palette);
    for (at, sum) in &mut sums {
        let borne_out = match SCENES.get(*at).map(|scene| scene.needs) {
            Some(Needs::Green) => green >= GREEN * 0.7,
            Some(Needs::Light) => colors::share_of_pale(palette) >= 0.25,
            _ => true,
        };
        *sum *= if borne_out { 1.0 } else { UNLIKELY };
    }
    let greenery = SCENES.iter().position(|scene| scene.name == "greenery").filter(|_| green >= GREEN);
    if let Some(at) = greenery {
        let sum = sums.entry(at).or_default();
        *sum = sum.max(GREEN_ALONE * green);
    }
    let mut seen: Vec<Seen> =
        sums.into_iter().filter_map(|(at, sum)| Some(Seen { scene: SCENES.get(at)?, probability: sum.min(1.0) })).collect();
    seen.sort_by(|a, b| b.probability.total_cmp(&a.probability).then_with(|| a.scene.name.cmp(b.scene.name)));
    seen
}

fn scene(line: &'static str) -> Option<Scene> {
    if line.starts_with('#') {
        return None;
    }
    let mut cells = line.split('\t');
    let mut next = || cells.next();
    let (name, kind, labels, phrase, setting, needs, scents) = (next()?, next()?, next()?, next()?, next()?, next()?, next()?);
    Some(Scene {
        name,
        kind: match kind {
            "place" => Kind::Place,
            "thing" => Kind::Thing,
            "animal" => Kind::Animal,
            _ => return None,
        },
        labels: labels.split(", ").filter(|label| !label.is_empty()).collect(),
        phrase,
        setting: Some(setting).filter(|setting| *setting != "-"),
        needs: match needs {
            "green" => Needs::Green,
            "light" => Needs::Light,
            _ => Needs::Nothing,
        },
        scents: scents
            .split(", ")
            .filter_map(|scent| {
                let (note, strength) = scent.rsplit_once(' ')?;
                Some((note, strength.parse().ok()?))
            })
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::ai::local::efficientnet::EfficientNet;

    #[test]
    fn every_row_of_the_table_is_read() {
        assert_eq!(SCENES.len(), TABLE.lines().filter(|line| !line.starts_with('#')).count());
        for scene in SCENES.iter() {
            assert!(!scene.phrase.is_empty() && scene.phrase != "-", "{}", scene.name);
            assert!(scene.scents.iter().all(|(_, strength)| (0.0..=1.0).contains(strength)), "{}", scene.name);
        }
    }

    #[test]
    fn every_label_is_the_classifiers_and_tells_of_one_scene() {
        let known: HashSet<&str> = EfficientNet::classes().collect();
        let mut met = HashSet::new();
        for label in SCENES.iter().flat_map(|scene| &scene.labels) {
            assert!(known.contains(label), "{label}");
            assert!(met.insert(label), "{label} twice");
        }
        assert!(met.len() > 700, "{}", met.len());
    }

    #[test]
    fn every_scent_is_a_note_of_the_catalog() {
        let taxonomy = crate::catalog::Taxonomy::new(crate::catalog::Seed::read().unwrap().notes);
        for (scene, (note, _)) in SCENES.iter().flat_map(|scene| scene.scents.iter().map(move |scent| (scene, scent))) {
            assert!(taxonomy.index_of(note).is_some(), "{}: {note}", scene.name);
        }
    }
}
