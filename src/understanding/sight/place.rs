//! The town nearest to coordinates, offline: the places of more than a thousand inhabitants that GeoNames knows (CC BY 4.0),
//! as the crate `reverse_geocoder` carries them.

use std::sync::LazyLock;

use reverse_geocoder::ReverseGeocoder;

/// Reading the list takes a moment and some memory, so it is read when the first picture with a place comes.
static TOWNS: LazyLock<ReverseGeocoder> = LazyLock::new(ReverseGeocoder::new);

/// So near to a town's middle one is in it, in kilometers.
const IN_TOWN: f64 = 8.0;
/// Farther away from any town there is no name for where one is.
const NEAR_TOWN: f64 = 60.0;

/// "Lisbon, Portugal", or "near Lisbon, Portugal"; none on the high seas and in deserts.
pub(super) fn nearest(latitude: f64, longitude: f64) -> Option<String> {
    if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
        return None;
    }
    let found = TOWNS.search((latitude, longitude)).record;
    let distance = kilometers((latitude, longitude), (found.lat, found.lon));
    let near = match distance {
        d if d <= IN_TOWN => "",
        d if d <= NEAR_TOWN => "near ",
        _ => return None,
    };
    Some(match country(&found.cc) {
        Some(country) if country == found.name => format!("{near}{country}"),
        Some(country) => format!("{near}{}, {country}", found.name),
        None => format!("{near}{}", found.name),
    })
}

/// Along the surface of a sphere of the Earth's mean radius (haversine).
fn kilometers(from: (f64, f64), to: (f64, f64)) -> f64 {
    let half = |a: f64, b: f64| ((b - a).to_radians() / 2.0).sin().powi(2);
    let part = half(from.0, to.0) + from.0.to_radians().cos() * to.0.to_radians().cos() * half(from.1, to.1);
    2.0 * 6371.0 * part.sqrt().min(1.0).asin()
}

/// ISO 3166 two-letter codes with the short English name.
const COUNTRIES: &str = include_str!("countries.tsv");

fn country(code: &str) -> Option<&'static str> {
    COUNTRIES.lines().find_map(|line| line.split_once('\t').filter(|(c, _)| *c == code)).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn towns_are_found_and_the_high_seas_have_no_name() {
        let near = |latitude, longitude| nearest(latitude, longitude);
        assert_eq!(near(38.7139, -9.1394).as_deref(), Some("Lisbon, Portugal"));
        assert!(near(48.0, 7.85).unwrap().ends_with("Germany"));
        assert!(near(-33.87, 151.21).unwrap().ends_with("Australia"));
        assert!(near(1.2897, 103.85).unwrap().ends_with("Singapore"));
        assert_eq!(near(-45.0, -130.0), None);
        assert_eq!(near(23.5, 12.0), None);
        assert_eq!(near(91.0, 0.0), None);
        assert_eq!(near(f64::NAN, 0.0), None);
    }

    #[test]
    fn around_the_date_line_it_is_not_far() {
        assert!(kilometers((0.0, 179.9), (0.0, -179.9)) < 23.0);
        assert!((kilometers((52.52, 13.405), (48.8566, 2.3522)) - 878.0).abs() < 5.0);
    }
}
