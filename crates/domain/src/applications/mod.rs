//! Applying for a certification: what a body knows of its applicants, and the numbers that it gives.

pub mod apply;
pub mod by_web;

use std::collections::BTreeMap;

use chrono::Datelike as _;
use serde::{Deserialize, Serialize};

use crate::{IssuerId, Kind, PersonId, RecordId, RecordRef, Timestamp, identity::IdentityNumber};

pub use apply::Apply;

/// What a body knows of somebody who has applied to it. Only they see it: their officers know the cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applicant {
    /// The body.
    pub issuer: IssuerId,
    /// Who.
    pub person: PersonId,
    /// The number that they gave with their first case. It stands for all that follow.
    pub identity_number: IdentityNumber,
    /// Their newest case of each scheme, by its name in the service's settings.
    pub cases: BTreeMap<String, RecordId>,
}

impl Applicant {
    /// Where it says what a body knows of a person.
    pub fn at(issuer: IssuerId, person: PersonId) -> RecordRef {
        let id = RecordId::within(
            RecordId(issuer.0),
            &[b"applicant/", &person.0.as_bytes()[..]].concat(),
        );
        RecordRef { kind: Kind::Applicant, id }
    }
}

/// Whose an identity number is at a body. Nobody sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claimed {
    /// Whose.
    pub person: PersonId,
}

impl Claimed {
    /// Where it says whose an identity number is.
    pub fn at(issuer: IssuerId, number: &IdentityNumber) -> RecordRef {
        let part = format!("identity/{}", number.spelt());
        RecordRef { kind: Kind::Number, id: RecordId::within(RecordId(issuer.0), part.as_bytes()) }
    }
}

/// The registry numbers of a body, `2026-00001` and on: the highest of each year. Nobody sees it. The server
/// decides one command at a time, so two cases never get one number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Series {
    highest: BTreeMap<i32, u32>,
}

impl Series {
    /// Where a body's series is.
    pub(crate) fn at(issuer: IssuerId) -> RecordRef {
        RecordRef { kind: Kind::Number, id: RecordId::within(RecordId(issuer.0), b"series") }
    }

    /// The number after the highest of the year in which it is now in Sweden.
    pub(crate) fn next(&self, now: Timestamp) -> String {
        let year = now.swedish_date().year();
        let highest = self.highest.get(&year).copied().unwrap_or_default();
        format!("{year}-{:05}", highest.saturating_add(1))
    }

    /// Takes in a number that is taken now. One of another shape is no part of the series.
    pub(crate) fn note(&mut self, number: &str) {
        let plain = |part: &str| part.bytes().all(|digit| digit.is_ascii_digit());
        let Some((year, no)) = number.split_once('-') else { return };
        if year.len() != 4 || no.len() > 9 || !plain(year) || !plain(no) {
            return;
        }
        if let (Ok(year), Ok(no)) = (year.parse(), no.parse::<u32>()) {
            let highest = self.highest.entry(year).or_default();
            *highest = no.max(*highest);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(time: &str) -> Timestamp {
        time.parse().unwrap()
    }

    #[test]
    fn a_year_begins_anew_when_it_begins_in_sweden() {
        let mut series = Series::default();
        let (old, new) = (at("2026-12-31T22:59:59Z"), at("2026-12-31T23:00:00Z"));
        assert_eq!(series.next(old), "2026-00001");
        series.note("2026-12044");
        assert_eq!(series.next(old), "2026-12045");
        assert_eq!(series.next(new), "2027-00001");
        series.note("2027-00001");
        assert_eq!(series.next(old), "2026-12045", "each year has its own");
    }

    #[test]
    fn numbers_of_another_shape_are_no_part_of_it() {
        let mut series = Series::default();
        for odd in
            ["", "2026", "SE-24-10482", "2026-", "26-7", "2026-7a", "2026-99999999999", "-2026-7"]
        {
            series.note(odd);
        }
        assert_eq!(series.next(at("2026-06-01T00:00:00Z")), "2026-00001");
    }

    proptest! {
        #[test]
        fn what_is_given_next_was_never_taken(taken in prop::collection::vec(0..200_000_u32, 0..20)) {
            let mut series = Series::default();
            let taken: Vec<String> = taken.iter().map(|no| format!("2026-{no:05}")).collect();
            for number in &taken {
                series.note(number);
            }
            let next = series.next(at("2026-06-01T00:00:00Z"));
            prop_assert!(!taken.contains(&next), "{next}");
        }
    }
}
