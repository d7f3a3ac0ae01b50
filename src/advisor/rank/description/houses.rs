//! What is known of houses: their kind, and the people, places and themes that speak of them. General knowledge, by hand.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::Text;
use crate::catalog::Snapshot;

/// About how many houses are known, and what makes a phrase of one house alone count about 1.
const KNOWN: f32 = 260.0;
const SCALE: f32 = 5.0;

/// What kind of house it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    Niche,
    /// It sells in shops of its own.
    Own,
    Arabian,
    #[default]
    Other,
}

struct House {
    name: &'static str,
    kind: Kind,
    phrases: Vec<&'static str>,
}

static HOUSES: LazyLock<Vec<House>> = LazyLock::new(|| {
    let house = |line: &'static str| {
        let mut fields = line.split('\t');
        let name = fields.next()?;
        let kind = match fields.next()? {
            "N" => Kind::Niche,
            "S" => Kind::Own,
            "A" => Kind::Arabian,
            _ => Kind::Other,
        };
        let phrases = fields.next().unwrap_or_default().split('|').filter(|phrase| !phrase.is_empty()).collect();
        Some(House { name, kind, phrases })
    };
    include_str!("weights/houses.tsv").lines().filter_map(house).collect()
});

/// In how many houses' lists each phrase stands.
static SHARED: LazyLock<HashMap<&str, f32>> = LazyLock::new(|| {
    let mut shared = HashMap::new();
    for house in HOUSES.iter() {
        let phrases: HashSet<&str> = house.phrases.iter().copied().collect();
        phrases.into_iter().for_each(|phrase| *shared.entry(phrase).or_default() += 1.0);
    }
    shared
});

/// The houses of a catalog by their place in its gallery.
fn places(snapshot: &Snapshot) -> impl Iterator<Item = (&'static House, usize)> + '_ {
    let places: HashMap<&str, usize> = snapshot.brands().iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    HOUSES.iter().filter_map(move |house| Some((house, *places.get(snapshot.brand(house.name)?)?)))
}

/// By house of the gallery.
pub(super) fn kinds(snapshot: &Snapshot) -> Vec<Kind> {
    let mut kinds = vec![Kind::default(); snapshot.brands().len()];
    places(snapshot).for_each(|(house, at)| kinds[at] = house.kind);
    kinds
}

/// By house of the gallery: how much a text speaks of its people, places and themes; rare phrases count more.
pub(super) fn lore(snapshot: &Snapshot, text: &Text) -> Vec<f32> {
    let mut lore = vec![0.0; snapshot.brands().len()];
    let said: HashMap<&str, f32> = SHARED
        .iter()
        .filter(|(phrase, _)| text.says(phrase))
        .map(|(phrase, houses)| (*phrase, (KNOWN / houses).ln() / SCALE))
        .collect();
    if !said.is_empty() {
        for (house, at) in places(snapshot) {
            let phrases: HashSet<&str> = house.phrases.iter().copied().collect();
            lore[at] += phrases.iter().filter_map(|phrase| said.get(phrase)).sum::<f32>();
        }
    }
    lore
}
