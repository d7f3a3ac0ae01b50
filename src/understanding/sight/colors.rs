//! What shares of a palette tell.

use crate::{decode::image::Swatch, domain::color::Seen};

/// How much of a palette has the green of leaves and grass, sunlit or in shade.
pub(super) fn share_of_plants(palette: &[Swatch]) -> f32 {
    share(palette, |color| {
        // The paler, the more colorful: plaster and old paper are greenish too.
        let least = if color.lightness > 0.6 { 0.09 } else { 0.03 };
        (112.0..158.0).contains(&color.hue) && color.chroma > least && color.lightness > 0.15
    })
}

/// How much of a palette is nearly white, as snow is.
pub(super) fn share_of_pale(palette: &[Swatch]) -> f32 {
    share(palette, |color| color.lightness > 0.78 && color.chroma < 0.06)
}

fn share(palette: &[Swatch], is: impl Fn(Seen) -> bool) -> f32 {
    palette.iter().filter(|swatch| Seen::of(&swatch.color).is_some_and(&is)).map(|swatch| swatch.share).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_are_green_and_jade_and_olive_wood_are_not() {
        let of = |color: &str| share_of_plants(&[Swatch { color: color.into(), share: 1.0 }]);
        assert!(of("#3f7f2a") == 1.0 && of("#8bc34a") == 1.0 && of("#22331a") == 1.0);
        assert!(
            of("#0bb5a0") == 0.0 && of("#808000") < 1.0 && of("#6b4a2b") == 0.0 && of("#777777") == 0.0 && of("#d5d9ba") == 0.0
        );
    }
}
