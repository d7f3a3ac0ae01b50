//! Oklab: lightness and two opponent colors in which distance is what the eye sees (Björn Ottosson 2020).

/// L from 0 (black) to 1 (white); a from green to red, b from blue to yellow, about −0.4 to 0.4.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Oklab {
    pub l: f32,
    pub a: f32,
    pub b: f32,
}

impl Oklab {
    /// From sRGB bytes.
    pub fn of([red, green, blue]: [u8; 3]) -> Self {
        let [r, g, b] = [red, green, blue].map(linear);
        let l = (0.412_221_47 * r + 0.536_332_54 * g + 0.051_445_993 * b).cbrt();
        let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
        let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
        Self {
            l: 0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
            a: 1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
            b: 0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
        }
    }

    /// To sRGB bytes, clipped to what they can show.
    pub fn rgb(self) -> [u8; 3] {
        let l = (self.l + 0.396_337_78 * self.a + 0.215_803_76 * self.b).powi(3);
        let m = (self.l - 0.105_561_346 * self.a - 0.063_854_17 * self.b).powi(3);
        let s = (self.l - 0.089_484_18 * self.a - 1.291_485_5 * self.b).powi(3);
        [
            4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
            -1.268_438 * l + 2.609_757_4 * m - 0.341_319_38 * s,
            -0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s,
        ]
        .map(gamma)
    }

    pub fn chroma(self) -> f32 {
        self.a.hypot(self.b)
    }

    /// The square of the distance to another color.
    pub fn distance2(self, other: Self) -> f32 {
        (self.l - other.l).powi(2) + (self.a - other.a).powi(2) + (self.b - other.b).powi(2)
    }
}

fn linear(byte: u8) -> f32 {
    let value = f32::from(byte) / 255.0;
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

fn gamma(value: f32) -> u8 {
    let value = value.clamp(0.0, 1.0);
    let shown = if value <= 0.003_130_8 { value * 12.92 } else { 1.055 * value.powf(1.0 / 2.4) - 0.055 };
    // Within 0 and 255 by the clamp.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let byte = (shown * 255.0).round() as u8;
    byte
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_corner_of_the_cube_comes_back() {
        for red in [0, 1, 64, 127, 200, 255] {
            for green in [0, 30, 128, 255] {
                for blue in [0, 90, 255] {
                    let back = Oklab::of([red, green, blue]).rgb();
                    assert!(
                        back.iter().zip([red, green, blue]).all(|(a, b)| a.abs_diff(b) <= 1),
                        "{red} {green} {blue} {back:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn white_is_light_and_gray_has_no_color() {
        let white = Oklab::of([255; 3]);
        assert!((white.l - 1.0).abs() < 1e-3 && white.chroma() < 1e-3);
        assert!(Oklab::of([90; 3]).chroma() < 1e-3);
        assert!(Oklab::of([255, 120, 0]).b > 0.1 && Oklab::of([0, 60, 255]).b < -0.2);
    }
}
