//! Colors in words, and what shares of a palette tell.

use crate::decode::image::{Oklab, Swatch};

/// The color of `#rrggbb`; none if it is written otherwise.
fn parse(hex: &str) -> Option<Oklab> {
    let value = u32::from_str_radix(hex.strip_prefix('#').filter(|digits| digits.len() == 6)?, 16).ok()?;
    let [_, red, green, blue] = value.to_be_bytes();
    Some(Oklab::of([red, green, blue]))
}

/// A name that people use for `#rrggbb`, e.g. `deep blue`.
pub fn name_of(hex: &str) -> Option<String> {
    let color = parse(hex)?;
    let chroma = color.chroma();
    if chroma < 0.025 {
        return Some(
            match color.l {
                l if l < 0.22 => "black",
                l if l < 0.45 => "dark gray",
                l if l < 0.75 => "gray",
                l if l < 0.93 => "pale gray",
                _ => "white",
            }
            .to_owned(),
        );
    }
    let degrees = color.b.atan2(color.a).to_degrees().rem_euclid(360.0);
    let hue = match degrees {
        d if d < 12.0 => "pink",
        d if d < 42.0 => "red",
        d if d < 75.0 => "orange",
        d if d < 118.0 => "yellow",
        d if d < 165.0 => "green",
        d if d < 215.0 => "teal",
        d if d < 275.0 => "blue",
        d if d < 325.0 => "purple",
        _ => "pink",
    };
    // Colors that have names of their own when they are dark, pale or dull.
    let named = match (hue, color.l, chroma) {
        ("orange" | "yellow", l, c) if l < 0.55 && c < 0.14 => {
            if l < 0.35 {
                "dark brown"
            } else {
                "brown"
            }
        }
        ("orange" | "yellow", l, c) if l >= 0.8 && c < 0.07 => "cream",
        ("orange" | "yellow", _, c) if c < 0.09 => "sand",
        ("red", l, _) if l < 0.35 => "wine red",
        ("pink", l, _) if l < 0.5 => "crimson",
        ("red", l, c) if l > 0.7 && c < 0.14 => "rose",
        ("green", l, c) if l < 0.55 && c < 0.08 => "moss green",
        _ => "",
    };
    if !named.is_empty() {
        return Some(named.to_owned());
    }
    let shade = match color.l {
        l if l < 0.4 => "deep ",
        l if l > 0.85 => "pale ",
        _ if chroma > 0.2 => "bright ",
        _ => "",
    };
    Some(format!("{shade}{hue}"))
}

/// How much of a palette has the green of leaves and grass, sunlit or in shade.
pub(super) fn share_of_plants(palette: &[Swatch]) -> f32 {
    share(palette, |color| {
        let degrees = color.b.atan2(color.a).to_degrees().rem_euclid(360.0);
        (108.0..158.0).contains(&degrees) && color.chroma() > 0.035 && color.l > 0.15
    })
}

/// How much of a palette is nearly white, as snow is.
pub(super) fn share_of_pale(palette: &[Swatch]) -> f32 {
    share(palette, |color| color.l > 0.78 && color.chroma() < 0.06)
}

fn share(palette: &[Swatch], is: impl Fn(Oklab) -> bool) -> f32 {
    palette.iter().filter(|swatch| parse(&swatch.color).is_some_and(&is)).map(|swatch| swatch.share).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_have_the_names_that_people_give_them() {
        let named = [
            ("#ffffff", "white"),
            ("#000000", "black"),
            ("#808080", "gray"),
            ("#d02020", "red"),
            ("#3050d0", "blue"),
            ("#2e7d32", "green"),
            ("#f0c419", "yellow"),
            ("#5a3b1f", "brown"),
            ("#f3e5c8", "cream"),
            ("#6a3d9a", "purple"),
            ("#e8832a", "orange"),
        ];
        for (hex, name) in named {
            let found = name_of(hex).unwrap();
            assert!(found.ends_with(name), "{hex} is {name}, not {found}");
        }
        for bad in ["", "red", "#12345", "#gggggg", "#1234567", "#+12345"] {
            assert_eq!(name_of(bad), None, "{bad}");
        }
    }

    #[test]
    fn leaves_are_green_and_jade_and_olive_wood_are_not() {
        let of = |color: &str| share_of_plants(&[Swatch { color: color.into(), share: 1.0 }]);
        assert!(of("#3f7f2a") == 1.0 && of("#8bc34a") == 1.0 && of("#22331a") == 1.0);
        assert!(of("#0bb5a0") == 0.0 && of("#808000") < 1.0 && of("#6b4a2b") == 0.0 && of("#777777") == 0.0);
    }
}
