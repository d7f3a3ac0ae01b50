//! The scent flower: the one drawing that stands for a memory, a fragrance or a person's taste.
//!
//! Inline SVG, rendered on the server. Colours, blending and the opening are in `style/flower.css`; the numbers are in
//! [`geometry`].

pub mod geometry;

use leptos::prelude::*;

use self::geometry::{Blade, Drawing, Hook, bud, draw};
use crate::domain::flower::Flower;

/// How large a flower is drawn, and how much of it: with size come centre, thorns, veins and names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FlowerSize {
    /// 24 px: only the petals remain.
    Tiny,
    /// 64 px, in lists.
    Small,
    /// 160 px, on a sheet.
    #[default]
    Medium,
    /// 420 px, a portrait.
    Large,
}

impl FlowerSize {
    /// The side of the square, in CSS pixels.
    pub fn pixels(self) -> u16 {
        match self {
            Self::Tiny => 24,
            Self::Small => 64,
            Self::Medium => 160,
            Self::Large => 420,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Tiny => "tiny",
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
        }
    }

    fn has_veins(self) -> bool {
        matches!(self, Self::Medium | Self::Large)
    }
}

/// The height of the two or three lines under an interactive flower, in drawing units of a flower of full reach.
const CAPTION: f64 = 46.0;

/// Characters in a line of the caption.
const CAPTION_LINE: usize = 44;

/// Draws a flower.
#[component]
pub fn ScentFlower(
    /// The notes: petals inside, thorns outside.
    flower: Flower,
    #[prop(optional)] size: FlowerSize,
    /// Petals can be reached with the keyboard, and name themselves under the flower when pointed at.
    #[prop(optional)]
    interactive: bool,
    /// Does not open; for lists that are drawn again and again.
    #[prop(optional)]
    still: bool,
    /// The same facts stand beside it as text: hidden from assistive technology.
    #[prop(optional)]
    decorative: bool,
    /// Whose flower it is, said before its notes.
    #[prop(optional, into)]
    label: String,
) -> impl IntoView {
    let Drawing { rings, thorns, pollen, reach } = draw(&flower);
    let caption = if interactive { CAPTION * reach / 100.0 } else { 0.0 };
    let view_box = format!("{} {} {} {}", -reach, -reach, 2.0 * reach, 2.0 * reach + caption);
    let described = match label.is_empty() {
        true => flower.describe(),
        false => format!("{label}. {}", flower.describe()),
    };
    let mut class = format!("flower {}", size.class());
    for (on, name) in [(interactive, " interactive"), (still, " still"), (flower.is_empty(), " bare")] {
        if on {
            class.push_str(name);
        }
    }
    let role = match (decorative, interactive) {
        (true, _) => None,
        // An image may not hold anything that takes the focus; a group may.
        (false, true) => Some("group"),
        (false, false) => Some("img"),
    };
    let detail = Detail { veins: size.has_veins(), names: size != FlowerSize::Tiny, interactive, reach };
    let ring_names = ["ring top", "ring heart", "ring base"];
    let height = f64::from(size.pixels()) * (2.0 * reach + caption) / (2.0 * reach);
    let tiny = size == FlowerSize::Tiny;

    view! {
        <svg
            class=class
            viewBox=view_box
            width=size.pixels()
            height=height.round()
            role=role
            aria-label=(!decorative).then_some(described)
            aria-hidden=decorative.then_some("true")
            focusable="false"
        >
            {flower
                .is_empty()
                .then(|| {
                    view! {
                        <g class="bud">{bud().into_iter().map(|outline| view! { <path d=outline /> }).collect_view()}</g>
                    }
                })}
            {rings
                .into_iter()
                .zip(ring_names)
                .map(|(blades, name)| {
                    view! { <g class=name>{blades.into_iter().map(|blade| petal(blade, detail)).collect_view()}</g> }
                })
                .collect_view()}
            {(!tiny)
                .then(|| {
                    view! {
                        {(interactive && !flower.is_empty()).then(|| invitation(reach))}
                        <g class="thorns">{thorns.into_iter().map(|hook| thorn(hook, detail)).collect_view()}</g>
                        <g class="pollen">
                            {pollen
                                .into_iter()
                                .map(|grain| {
                                    view! { <circle cx=short(grain.x) cy=short(grain.y) r=short(grain.r) /> }
                                })
                                .collect_view()}
                        </g>
                    }
                })}
        </svg>
    }
}

/// How much of a petal is drawn.
#[derive(Clone, Copy)]
struct Detail {
    veins: bool,
    names: bool,
    interactive: bool,
    reach: f64,
}

fn petal(blade: Blade, detail: Detail) -> impl IntoView {
    let mut class = format!("petal cat-{}", blade.category.as_str());
    for (on, name) in [(!blade.literal, " implied"), (blade.faint, " faint")] {
        if on {
            class.push_str(name);
        }
    }
    let named = detail.names && !blade.faint;
    let reachable = detail.interactive && !blade.faint;
    let title = title(&blade.name, &blade.evocation);
    let label = reachable.then(|| title.clone());
    let caption = reachable.then(|| caption(&blade.name, &blade.evocation, detail.reach));
    view! {
        <g
            class=class
            tabindex=reachable.then_some("0")
            role=reachable.then_some("img")
            aria-label=label
        >
            {named.then(|| view! { <title>{title}</title> })}
            <path class="blade" d=blade.outline />
            {(detail.veins && !blade.faint)
                .then(|| {
                    view! {
                        <path class="blush" d=blade.blush />
                        <path class="vein" d=blade.vein />
                    }
                })}
            {caption}
        </g>
    }
}

fn thorn(hook: Hook, detail: Detail) -> impl IntoView {
    let title = format!("avoids {}", title(&hook.name, &hook.evocation));
    let label = detail.interactive.then(|| title.clone());
    let caption = detail.interactive.then(|| caption(&format!("not {}", hook.name), &hook.evocation, detail.reach));
    view! {
        <g
            class="thorn"
            tabindex=detail.interactive.then_some("0")
            role=detail.interactive.then_some("img")
            aria-label=label
        >
            <title>{title}</title>
            <path class="stem" d=hook.stem />
            <path class="hook" d=hook.outline />
            {caption}
        </g>
    }
}

/// The name of a note and what it smells of.
fn title(name: &str, evocation: &str) -> String {
    match evocation.is_empty() {
        true => name.to_owned(),
        false => format!("{name}: {evocation}"),
    }
}

/// The lines under the flower, seen while the petal is pointed at. `reach` in drawing units.
fn caption(name: &str, evocation: &str, reach: f64) -> impl IntoView + use<> {
    let scale = reach / 100.0;
    let (name, rest) = match name.chars().count() > CAPTION_LINE {
        true => ("several faint notes", name),
        false => (name, evocation),
    };
    let lines = wrap(rest, CAPTION_LINE);
    view! {
        <g class="caption" aria-hidden="true" transform=format!("translate(0 {}) scale({})", short(reach), short(scale))>
            <text class="caption-name" y="11">{name.to_owned()}</text>
            {lines
                .into_iter()
                .take(3)
                .enumerate()
                .map(|(line, words)| view! { <text y=(22 + 10 * line).to_string()>{words}</text> })
                .collect_view()}
        </g>
    }
}

/// What stands there until a petal is pointed at.
fn invitation(reach: f64) -> impl IntoView {
    view! {
        <g
            class="caption invitation"
            aria-hidden="true"
            transform=format!("translate(0 {}) scale({})", short(reach), short(reach / 100.0))
        >
            <text class="caption-name" y="11">"each petal has a name"</text>
        </g>
    }
}

/// Breaks a text into lines of at most `width` characters, between words.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A number of the drawing with two decimals.
fn short(value: f64) -> f64 {
    (value * 100.0).round() / 100.0 + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrap("rain on dry earth", 8), ["rain on", "dry", "earth"]);
        assert!(wrap("", 8).is_empty());
    }
}
