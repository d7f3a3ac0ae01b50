//! The mood that colors and light give a picture: what the light is like, not what anybody felt.

use crate::decode::image::Light;

const BRIGHT: f32 = 0.72;
const DARK: f32 = 0.38;
const WARM: f32 = 0.3;
const COOL: f32 = -0.25;

/// One to three words, the most telling first.
pub(super) fn of(light: &Light) -> Vec<&'static str> {
    let (bright, dark) = (light.brightness > BRIGHT, light.brightness < DARK);
    let (warm, cool) = (light.warmth > WARM, light.warmth < COOL);
    let (soft, stark) = (light.contrast < 0.3, light.contrast > 0.8);
    let gray = light.saturation < 0.04;
    let first = match () {
        () if gray && stark => "stark",
        () if gray && soft => "misty",
        () if gray => "sober",
        () if dark && warm => "intimate",
        () if dark && cool => "nocturnal",
        () if dark => "dim",
        () if bright && warm => "sunny",
        () if bright && cool => "fresh",
        () if bright => "airy",
        () if warm => "warm",
        () if cool && soft => "calm",
        () if cool => "cool",
        () => "even",
    };
    let color = match light.saturation {
        s if s > 0.4 => Some("vivid"),
        s if s < 0.12 && !gray => Some("muted"),
        _ => None,
    };
    let hardness = match () {
        () if soft && !matches!(first, "misty" | "calm") => Some("soft"),
        () if stark && first != "stark" => Some("contrasting"),
        () => None,
    };
    std::iter::once(first).chain(color).chain(hardness).collect()
}

/// Whether a picture has no colors to speak of.
pub(super) fn is_gray(light: &Light) -> bool {
    light.saturation < 0.03
}

/// The light as a caption says it; none where it is like any other.
pub(super) fn light(light: &Light) -> Option<&'static str> {
    let (warm, cool) = (light.warmth > WARM, light.warmth < COOL);
    Some(match () {
        () if is_gray(light) => "in black and white",
        () if light.brightness < DARK && warm => "in warm, low light",
        () if light.brightness < DARK && cool => "in deep blue light",
        () if light.brightness < DARK => "in the dark",
        () if light.brightness > BRIGHT && warm => "in bright, warm light",
        () if light.brightness > BRIGHT => "in bright light",
        () if warm => "in warm light",
        () if cool && light.contrast < 0.3 => "in soft, cool light",
        () if cool => "in cool light",
        () => return None,
    })
}
