//! Points in time as they are written everywhere: RFC 3339, UTC, milliseconds.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike as _, Days, NaiveDate, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A point in time with millisecond precision. The domain never asks what time it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(DateTime<Utc>);

impl Timestamp {
    /// From milliseconds since 1970; `None` outside what a calendar can hold.
    pub fn from_millis(millis: i64) -> Option<Self> {
        DateTime::from_timestamp_millis(millis).map(Self)
    }

    /// Milliseconds since 1970.
    pub fn millis(self) -> i64 {
        self.0.timestamp_millis()
    }
}

impl Timestamp {
    /// The day on which it is then in Sweden: UTC + 1, and + 2 from 01.00 UTC on the last Sunday of March until
    /// 01.00 UTC on the last Sunday of October (directive 2000/84/EC).
    pub fn swedish_date(self) -> NaiveDate {
        let turn = |month| last_sunday(self.0.year(), month).and_hms_opt(1, 0, 0);
        let naive = self.0.naive_utc();
        let is_summer = Some(naive) >= turn(3) && Some(naive) < turn(10);
        let ahead = TimeDelta::hours(if is_summer { 2 } else { 1 });
        naive.checked_add_signed(ahead).unwrap_or(naive).date()
    }
}

/// The last Sunday of a month of 31 days.
fn last_sunday(year: i32, month: u32) -> NaiveDate {
    let last = NaiveDate::from_ymd_opt(year, month, 31).unwrap_or_default();
    let since_sunday = Days::new(last.weekday().num_days_from_sunday().into());
    last.checked_sub_days(since_sunday).unwrap_or(last)
}

impl From<DateTime<Utc>> for Timestamp {
    /// Drops what is finer than a millisecond, so that a written and read time equals itself.
    fn from(time: DateTime<Utc>) -> Self {
        Self(DateTime::from_timestamp_millis(time.timestamp_millis()).unwrap_or(time))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl FromStr for Timestamp {
    type Err = chrono::ParseError;

    /// Reads RFC 3339.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(DateTime::parse_from_rfc3339(text)?.with_timezone(&Utc).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_swedens_in_winter_in_summer_and_at_both_turns() {
        for (utc, day) in [
            ("2026-01-01T22:59:59.999Z", "2026-01-01"),
            ("2026-01-01T23:00:00Z", "2026-01-02"),
            ("2026-03-28T23:00:00Z", "2026-03-29"),
            ("2026-03-29T22:00:00Z", "2026-03-30"),
            ("2026-10-24T22:00:00Z", "2026-10-25"),
            ("2026-10-25T22:30:00Z", "2026-10-25"),
            ("2026-10-25T23:00:00Z", "2026-10-26"),
        ] {
            let at: Timestamp = utc.parse().unwrap();
            assert_eq!(at.swedish_date().to_string(), day, "{utc}");
        }
    }
}
