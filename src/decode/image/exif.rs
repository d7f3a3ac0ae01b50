//! When and where, from a picture's EXIF (CIPA DC-008). Cameras lie: what cannot be is left out. Nothing else is kept.

use exif::{Field, In, Rational, Reader, Tag, Value};
use serde::{Deserialize, Serialize};
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// What a picture says of itself. Each part is there only if it can be true.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Exif {
    pub taken_at: Option<TakenAt>,
    /// Degrees north, −90…90. There exactly when the longitude is.
    pub latitude: Option<f64>,
    /// Degrees east, −180…180.
    pub longitude: Option<f64>,
}

/// A moment as the camera's clock showed it. Which zone that clock was in, newer cameras say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenAt {
    pub year: i32,
    /// 1…12.
    pub month: u8,
    /// 1…31.
    pub day: u8,
    /// 0…23.
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    /// Minutes that the clock was ahead of UTC.
    pub offset_minutes: Option<i16>,
}

impl TakenAt {
    /// The moment in RFC 3339. A clock of unknown zone is taken for UTC: it is wrong by at most 14 hours.
    pub fn to_rfc3339(self) -> String {
        let minutes = self.offset_minutes.unwrap_or(0);
        let sign = if minutes < 0 { '-' } else { '+' };
        let Self { year, month, day, hour, minute, second, .. } = self;
        let (hours, rest) = (minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{sign}{hours:02}:{rest:02}")
    }
}

/// More than any camera writes; what is longer is not looked at.
const LONGEST: usize = 1 << 20;

/// Reads the TIFF structure of an EXIF segment. What is broken in it is as good as not there.
pub(super) fn read(raw: Vec<u8>) -> Exif {
    if raw.is_empty() || raw.len() > LONGEST {
        return Exif::default();
    }
    // JPEG's segment begins with the name; some writers put it into other formats too.
    let raw = raw.strip_prefix(b"Exif\0\0").map(<[u8]>::to_vec).unwrap_or(raw);
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    let Ok(exif) = reader.read_raw(raw).or_else(|error| error.distill_partial_result(|_| {})) else { return Exif::default() };
    let field = |tag| exif.get_field(tag, In::PRIMARY);
    let moment = |moment, offset| field(moment).and_then(|f| taken_at(f, field(offset), OffsetDateTime::now_utc()));
    let (latitude, longitude) =
        place(field(Tag::GPSLatitude).zip(field(Tag::GPSLatitudeRef)), field(Tag::GPSLongitude).zip(field(Tag::GPSLongitudeRef)))
            .unzip();
    Exif {
        taken_at: moment(Tag::DateTimeOriginal, Tag::OffsetTimeOriginal)
            .or_else(|| moment(Tag::DateTimeDigitized, Tag::OffsetTimeDigitized)),
        latitude,
        longitude,
    }
}

fn text(field: &Field) -> Option<&str> {
    match &field.value {
        Value::Ascii(parts) => std::str::from_utf8(parts.first()?).ok().map(|text| text.trim_matches(['\0', ' '])),
        _ => None,
    }
}

/// `2016:05:31 18:20:07`. Not before photography, not after tomorrow, and not the moment at which unset clocks begin.
fn taken_at(field: &Field, offset: Option<&Field>, now: OffsetDateTime) -> Option<TakenAt> {
    let text = text(field)?;
    if text.len() != 19 || !text.is_ascii() {
        return None;
    }
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<u16>().ok()).flatten()
    };
    let small = |from: usize, to: usize| u8::try_from(number(from, to)?).ok();
    let year = i32::from(number(0, 4)?);
    let (month, day) = (small(5, 7)?, small(8, 10)?);
    let (hour, minute, second) = (small(11, 13)?, small(14, 16)?, small(17, 19)?);
    let date = Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()?;
    // Leap seconds have been seen.
    let second = second.min(59);
    let moment = PrimitiveDateTime::new(date, Time::from_hms(hour, minute, second).ok()?);
    let offset_minutes = offset.and_then(self::text).and_then(offset_of);
    let zone = UtcOffset::from_whole_seconds(i32::from(offset_minutes.unwrap_or(0)) * 60).ok()?;
    let unset = matches!(year, 1970 | 1980 | 2000) && (month, day, hour, minute) == (1, 1, 0, 0);
    let possible = year >= 1826 && moment.assume_offset(zone) <= now + time::Duration::days(1);
    (possible && !unset).then_some(TakenAt { year, month, day, hour, minute, second, offset_minutes })
}

/// `+02:00`, no zone being further from UTC than 14 hours.
fn offset_of(text: &str) -> Option<i16> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let digits = |part: &str| (part.len() == 2).then(|| part.parse::<i16>().ok()).flatten();
    let total = digits(hours)? * 60 + digits(minutes).filter(|m| (0..60).contains(m))?;
    (0..=14 * 60).contains(&total).then_some(sign * total)
}

fn place(latitude: Option<(&Field, &Field)>, longitude: Option<(&Field, &Field)>) -> Option<(f64, f64)> {
    let latitude = latitude.and_then(|(value, side)| degrees(value, side, "N", "S")).filter(|d| d.abs() <= 90.0)?;
    let longitude = longitude.and_then(|(value, side)| degrees(value, side, "E", "W")).filter(|d| d.abs() <= 180.0)?;
    // Where no place is known, receivers write zeros: in the middle of the Gulf of Guinea.
    (latitude.abs() > 1e-6 || longitude.abs() > 1e-6).then_some((latitude, longitude))
}

/// Degrees, minutes and seconds; minutes and seconds may be missing.
fn degrees(value: &Field, side: &Field, positive: &str, negative: &str) -> Option<f64> {
    let Value::Rational(parts) = &value.value else { return None };
    let part = |at: usize| match parts.get(at) {
        Some(Rational { denom: 0, .. }) => None,
        Some(ratio) => Some(ratio.to_f64()),
        None => Some(0.0),
    };
    if parts.is_empty() {
        return None;
    }
    let (minutes, seconds) = (part(1)?, part(2)?);
    if minutes >= 60.0 || seconds >= 60.0 {
        return None;
    }
    let degrees = part(0)? + minutes / 60.0 + seconds / 3600.0;
    let side = text(side)?;
    let signed = if side.eq_ignore_ascii_case(positive) {
        degrees
    } else if side.eq_ignore_ascii_case(negative) {
        -degrees
    } else {
        return None;
    };
    signed.is_finite().then_some(signed)
}
