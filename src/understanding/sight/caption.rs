//! A caption of one or two sentences, built from what was seen. It says no more than that, and says how sure it is.

use crate::{
    ai::TextLine,
    decode::image::{Light, Swatch},
    domain::{
        color,
        memory::Season,
        text::{article, capital},
    },
};

use super::{
    mood,
    scenes::{Kind, Seen},
    season::TimeOfDay,
};

/// What a caption is built from.
pub(super) struct Told<'a> {
    /// A sentence that a better eye has found for it.
    pub said: Option<&'a str>,
    pub seen: &'a [Seen],
    pub objects: &'a [String],
    pub words: &'a [TextLine],
    pub perfume: Option<&'a str>,
    pub light: &'a Light,
    pub palette: &'a [Swatch],
    pub season: Option<Season>,
    pub time_of_day: Option<TimeOfDay>,
    pub place: Option<&'a str>,
}

/// What is less likely is only perhaps there.
const PERHAPS: f32 = 0.45;

pub(super) fn of(told: &Told) -> String {
    let mut caption = told.said.map_or_else(|| seen(told), str::to_owned);
    if let Some(when_and_where) = when_and_where(told) {
        caption.push_str(&format!(" Taken {when_and_where}."));
    }
    if let Some(words) = cited(told.words) {
        let perfume = told.perfume.map(|perfume| format!(": {perfume}")).unwrap_or_default();
        caption.push_str(&format!(" It says “{words}”{perfume}."));
    }
    caption
}

/// What the small networks make of it.
fn seen(told: &Told) -> String {
    let mut first = subject(told);
    if let Some(light) = mood::light(told.light) {
        // "A cup of coffee in warm light", but "Flowers, in a garden, in warm light".
        first.push_str(if first.contains(", ") { ", " } else { " " });
        first.push_str(light);
    }
    format!("{}.", capital(&first))
}

/// The largest words: at most three lines, in the order in which they stand, e.g. "Shalimar · Guerlain".
fn cited(words: &[TextLine]) -> Option<String> {
    const LINES: usize = 3;
    const LONGEST: usize = 60;
    let mut heights: Vec<f32> = words.iter().map(|line| line.height).collect();
    heights.sort_by(|a, b| b.total_cmp(a));
    // Half as high as the highest is still meant to be read together with it.
    let least = heights.get(LINES - 1).copied().unwrap_or(0.0).max(heights.first()? * 0.4);
    let large = words.iter().filter(|line| line.height >= least && line.text.chars().count() <= LONGEST).take(LINES);
    let large: Vec<&str> = large.map(|line| line.text.as_str()).collect();
    (!large.is_empty()).then(|| large.join(" · "))
}

/// "a cup of coffee", "perhaps flowers, in a garden in bloom", "a picture in deep blue and gray".
fn subject(told: &Told) -> String {
    let mut sure = told.seen.iter().filter(|s| s.is_sure());
    let Some(main) = sure.next() else {
        return match told.objects.first() {
            Some(object) => with_article(object),
            None if mood::is_gray(told.light) => "a picture".to_owned(),
            None => colors_of(told.palette),
        };
    };
    let mut words =
        if main.probability < PERHAPS { format!("perhaps {}", main.scene.phrase) } else { main.scene.phrase.to_owned() };
    // Two places at once would contradict each other.
    let second = sure.find(|s| s.scene.kind != Kind::Place || main.scene.kind != Kind::Place);
    let setting = [Some(main), second].into_iter().flatten().find_map(Seen::setting);
    if let Some(second) = second.filter(|second| second.setting().is_none() || second.setting() != setting) {
        words.push_str(" and ");
        words.push_str(second.scene.phrase);
    }
    let named =
        |setting: &str| words.contains(setting.trim_start_matches("a ").trim_start_matches("an ").trim_start_matches("the "));
    if let Some(setting) = setting.filter(|setting| !named(setting)) {
        words = format!("{words}, {}", located(setting));
    }
    words
}

/// "in a bakery", "at the seaside", but "outdoors" and "under the sea" as they are.
fn located(setting: &str) -> String {
    let on = ["a field", "a lawn", "a farm", "a hillside", "a city street", "the forest floor", "a farmyard"];
    let at = [
        "the seaside",
        "the waterside",
        "the coast",
        "home",
        "a lake",
        "a river",
        "a fair",
        "a fairground",
        "hot springs",
        "a dressing table",
    ];
    match setting {
        "the water" => "on the water".to_owned(),
        s if ["under ", "indoors", "outdoors"].iter().any(|start| s.starts_with(start)) => s.to_owned(),
        s if on.contains(&s) => format!("on {s}"),
        s if at.contains(&s) => format!("at {s}"),
        s => format!("in {s}"),
    }
}

fn colors_of(palette: &[Swatch]) -> String {
    let mut names: Vec<String> = Vec::new();
    for name in palette.iter().filter(|swatch| swatch.share >= 0.1).filter_map(|swatch| color::name_of(&swatch.color)) {
        // "deep blue and blue" says one thing twice.
        let hue = |name: &str| name.rsplit(' ').next().map(str::to_owned);
        if names.len() < 2 && !names.iter().any(|other| hue(other) == hue(&name)) {
            names.push(name);
        }
    }
    if names.is_empty() { "a picture".to_owned() } else { format!("a picture in {}", names.join(" and ")) }
}

/// "in the evening in summer, near Lisbon, Portugal".
fn when_and_where(told: &Told) -> Option<String> {
    let season = told.season.map(|season| match season {
        Season::Spring => "in spring",
        Season::Summer => "in summer",
        Season::Fall => "in fall",
        Season::Winter => "in winter",
    });
    let when: Vec<&str> = told.time_of_day.map(TimeOfDay::phrase).into_iter().chain(season).collect();
    let place = told.place.map(|place| if place.starts_with("near ") { place.to_owned() } else { format!("in {place}") });
    match (when.is_empty(), place) {
        (true, None) => None,
        (true, Some(place)) => Some(place),
        (false, None) => Some(when.join(" ")),
        (false, Some(place)) => Some(format!("{}, {place}", when.join(" "))),
    }
}

fn with_article(object: &str) -> String {
    if object.ends_with('s') { object.to_owned() } else { format!("{} {object}", article(object)) }
}
