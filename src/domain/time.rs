//! Points in time: UTC, RFC 3339 on the wire.

use std::{cmp::Ordering, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use time::{Date, OffsetDateTime, Time, format_description::well_known::Rfc3339, macros::format_description};

use super::error::AppError;

/// A point in time, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timestamp(OffsetDateTime);

impl Timestamp {
    /// From nanoseconds since the Unix epoch; out-of-range values are clamped to the epoch.
    pub fn from_unix_nanos(nanos: i128) -> Self {
        Self(OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH))
    }

    pub fn unix_nanos(self) -> i128 {
        self.0.unix_timestamp_nanos()
    }

    /// Whole seconds since the Unix epoch.
    pub fn unix_seconds(self) -> i64 {
        self.0.unix_timestamp()
    }

    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(time::Duration::seconds(seconds)))
    }

    /// Days from `earlier` to this, negative when it is later.
    pub fn days_since(self, earlier: Self) -> f64 {
        (self.0 - earlier.0).as_seconds_f64() / 86_400.0
    }

    /// The midnight at which its day began.
    pub fn day(self) -> Self {
        Self(self.0.replace_time(Time::MIDNIGHT))
    }

    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// 1 to 12.
    pub fn month(self) -> u8 {
        self.0.month().into()
    }

    /// The date as a person reads it, e.g. `14 March 1998`.
    pub fn date_text(self) -> String {
        self.0.format(format_description!("[day padding:none] [month repr:long] [year]")).unwrap_or_default()
    }

    /// The date and the time in UTC, e.g. `14 March 1998, 07:05`.
    pub fn minute_text(self) -> String {
        let format = format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute]");
        self.0.format(format).unwrap_or_default()
    }

    /// The date as a date field takes it, e.g. `1998-03-14`.
    pub fn date_iso(self) -> String {
        self.0.format(format_description!("[year]-[month]-[day]")).unwrap_or_default()
    }

    pub fn to_rfc3339(self) -> String {
        self.0.format(&Rfc3339).unwrap_or_default()
    }

    /// Reads RFC 3339 or a plain date (as an HTML date field sends it, taken as midnight UTC).
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        OffsetDateTime::parse(text, &Rfc3339)
            .map(|t| t.to_offset(time::UtcOffset::UTC))
            .ok()
            .or_else(|| {
                let date = Date::parse(text, format_description!("[year]-[month]-[day]")).ok()?;
                Some(date.with_time(Time::MIDNIGHT).assume_utc())
            })
            .filter(|t| (0..=9999).contains(&t.year()))
            .map(Self)
    }

    /// Reads an optional argument: blank is none, anything unreadable is an error on `field`.
    pub fn parse_optional(field: &str, text: Option<&str>) -> Result<Option<Self>, AppError> {
        match text.map(str::trim).filter(|t| !t.is_empty()) {
            None => Ok(None),
            Some(text) => match Self::parse(text) {
                Some(at) => Ok(Some(at)),
                None => Err(AppError::bad_input(field, "Please give a date like 1998-03-14 or 1998-03-14T18:00:00Z.")),
            },
        }
    }
}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_rfc3339())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not an RFC 3339 time"))
    }
}

/// A time in a recording: `0:07`, `12:30`, `1:02:03`.
pub fn clock(at_s: f64) -> String {
    let seconds = at_s.max(0.0) as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_on_a_clock() {
        assert_eq!([7.9, 750.0, 3723.0, -1.0].map(clock), ["0:07", "12:30", "1:02:03", "0:00"]);
    }

    #[test]
    fn reads_dates_and_times_and_writes_utc() {
        assert_eq!(Timestamp::parse("1998-03-14").unwrap().to_rfc3339(), "1998-03-14T00:00:00Z");
        assert_eq!(Timestamp::parse("1998-03-14T01:00:00+02:00").unwrap().to_rfc3339(), "1998-03-13T23:00:00Z");
        assert_eq!(Timestamp::parse("14.3.1998"), None);
        assert!(Timestamp::parse_optional("happened_at", Some("soon")).is_err());
        assert_eq!(Timestamp::parse_optional("happened_at", Some(" ")).unwrap(), None);
    }
}
