//! Colors in words.

/// A color as the eye sees it (Oklab, Björn Ottosson 2020).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// 0 (black) to 1 (white).
    pub lightness: f32,
    /// 0 (gray) to about 0.32.
    pub chroma: f32,
    /// In degrees: red at 30, yellow at 110, green at 140, blue at 260.
    pub hue: f32,
}

impl Seen {
    /// The color of `#rrggbb`; none if it is written otherwise.
    pub fn of(hex: &str) -> Option<Self> {
        let digits = hex.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        let [r, g, b] = [red, green, blue].map(|byte| {
            let value = f32::from(byte) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        let l = (0.412_221_47 * r + 0.536_332_54 * g + 0.051_445_993 * b).cbrt();
        let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
        let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
        let (toward_red, toward_yellow) =
            (1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s, 0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s);
        Some(Self {
            lightness: 0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
            chroma: toward_red.hypot(toward_yellow),
            hue: toward_yellow.atan2(toward_red).to_degrees().rem_euclid(360.0),
        })
    }
}

/// A name that people use for `#rrggbb`, e.g. `deep blue`.
pub fn name_of(hex: &str) -> Option<String> {
    let Seen { lightness, chroma, hue: degrees } = Seen::of(hex)?;
    if chroma < 0.025 {
        return Some(
            match lightness {
                l if l < 0.22 => "black",
                l if l < 0.45 => "dark gray",
                l if l < 0.75 => "gray",
                l if l < 0.93 => "pale gray",
                _ => "white",
            }
            .to_owned(),
        );
    }
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
    let named = match (hue, lightness, chroma) {
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
    let shade = match lightness {
        l if l < 0.4 => "deep ",
        l if l > 0.85 => "pale ",
        _ if chroma > 0.2 => "bright ",
        _ => "",
    };
    Some(format!("{shade}{hue}"))
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
}
