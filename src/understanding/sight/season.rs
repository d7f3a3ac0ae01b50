//! What a camera's clock tells of the year and the day.

use crate::domain::memory::Season;

/// A part of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeOfDay {
    Morning,
    Noon,
    Afternoon,
    Evening,
    Night,
}

impl TimeOfDay {
    /// As it stands in a sentence.
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Morning => "in the morning",
            Self::Noon => "around noon",
            Self::Afternoon => "in the afternoon",
            Self::Evening => "in the evening",
            Self::Night => "at night",
        }
    }
}

/// By the hour of the clock on the wall, 0…23.
pub fn time_of_day(hour: u8) -> TimeOfDay {
    match hour {
        5..=10 => TimeOfDay::Morning,
        11..=13 => TimeOfDay::Noon,
        14..=17 => TimeOfDay::Afternoon,
        18..=21 => TimeOfDay::Evening,
        _ => TimeOfDay::Night,
    }
}

/// The meteorological season of a month (1…12) at a latitude; of the northern hemisphere if none is known. Between the
/// tropics there are no four seasons.
pub fn season(month: u8, latitude: Option<f64>) -> Option<Season> {
    const TROPIC: f64 = 23.44;
    if latitude.is_some_and(|degrees| degrees.abs() < TROPIC) {
        return None;
    }
    let month = if latitude.is_some_and(|degrees| degrees < 0.0) { (month + 5) % 12 + 1 } else { month };
    Some(match month {
        3..=5 => Season::Spring,
        6..=8 => Season::Summer,
        9..=11 => Season::Fall,
        _ => Season::Winter,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_south_has_its_summer_in_january() {
        assert_eq!(season(1, Some(-33.9)), Some(Season::Summer));
        assert_eq!(season(7, Some(-33.9)), Some(Season::Winter));
        assert_eq!(season(12, Some(48.9)), Some(Season::Winter));
        assert_eq!(season(10, None), Some(Season::Fall));
        assert_eq!(season(6, Some(1.3)), None);
        for month in 1..=12 {
            assert_ne!(season(month, Some(40.0)), season(month, Some(-40.0)), "{month}");
        }
    }
}
