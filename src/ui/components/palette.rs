//! The colors of a picture: a strip in which each is as wide as it is frequent, and their names for everybody.

use leptos::prelude::*;

use crate::domain::{color, memory::Swatch};

/// Shows a palette. Nothing if it is empty.
///
/// The strip is drawn for the eye alone; what it says stands under it in words ("deep blue, 44 %"), so color never stands
/// alone. A color that is not `#rrggbb` is left out, wherever it comes from.
#[component]
pub fn Palette(
    /// The most frequent first, as `ImageAnalysis` has them.
    colors: Vec<Swatch>,
) -> impl IntoView {
    let stripes = stripes(&colors);
    (!stripes.is_empty()).then(|| {
        let (strip, names): (Vec<_>, Vec<_>) = stripes
            .into_iter()
            .map(|stripe| {
                let Stripe { color, name, from, width, percent } = stripe;
                let fill = color.clone();
                let drawn = view! { <rect x=format!("{from:.2}%") width=format!("{width:.2}%") height="100%" fill=fill/> };
                let named = view! {
                    <li>
                        <svg class="swatch" aria-hidden="true"><rect width="100%" height="100%" fill=color/></svg>
                        <span>{name}</span>
                        <span class="palette-share">{format!("{percent} %")}</span>
                    </li>
                };
                (drawn, named)
            })
            .unzip();
        view! {
            <div class="palette">
                <svg class="palette-strip" aria-hidden="true">{strip}</svg>
                <ul class="palette-names" aria-label="Colors of the picture">{names}</ul>
            </div>
        }
    })
}

/// One color of the strip; `from` and `width` in hundredths of it.
#[derive(Clone, Debug, PartialEq)]
struct Stripe {
    color: String,
    name: String,
    from: f32,
    width: f32,
    percent: u32,
}

/// Colors whose names are known, over the whole width; those of one name beside each other have one entry each all the same,
/// since they look different.
fn stripes(colors: &[Swatch]) -> Vec<Stripe> {
    let known: Vec<(&Swatch, String)> = colors
        .iter()
        .filter(|swatch| swatch.share.is_finite() && swatch.share > 0.0)
        .filter_map(|swatch| Some((swatch, color::name_of(&swatch.color)?)))
        .collect();
    let all: f32 = known.iter().map(|(swatch, _)| swatch.share).sum();
    let mut from = 0.0;
    known
        .into_iter()
        .map(|(swatch, name)| {
            let width = swatch.share / all * 100.0;
            let start = from;
            from += width;
            // Within 0 and 100.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let percent = (width.round() as u32).max(1);
            Stripe { color: swatch.color.clone(), name, from: start, width, percent }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn swatch(color: &str, share: f32) -> Swatch {
        Swatch { color: color.into(), share }
    }

    #[test]
    fn the_strip_is_filled_and_every_color_has_a_name() {
        let found = stripes(&[swatch("#102a63", 0.5), swatch("#f3e5c8", 0.3), swatch("#000000", 0.1)]);
        assert_eq!(found.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["deep blue", "cream", "black"]);
        assert!((found.iter().map(|s| s.width).sum::<f32>() - 100.0).abs() < 0.01);
        assert!((found[2].from - 88.89).abs() < 0.01);
    }

    #[test]
    fn what_is_no_color_is_not_drawn() {
        let odd = [swatch("url(evil)", 0.5), swatch("#12", 0.5), swatch("#ffffff", f32::NAN), swatch("#ffffff", 0.0)];
        assert_eq!(stripes(&odd), []);
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn it_is_read_out_in_words() {
        let owner = Owner::new();
        owner.set();
        let html = view! { <Palette colors=vec![swatch("#102a63", 0.75), swatch("#f3e5c8", 0.25)]/> }.to_html();
        assert!(
            html.contains("deep blue") && html.contains("75 %") && html.contains("aria-label=\"Colors of the picture\""),
            "{html}"
        );
        let nothing = view! { <Palette colors=vec![]/> }.to_html();
        assert!(!nothing.contains("palette"), "{nothing}");
    }
}
