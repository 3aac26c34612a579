//! Personal identity numbers and coordination numbers.

use std::{fmt, str::FromStr};

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A Swedish personal identity number, or a coordination number: twelve digits, the last one a check digit.
/// Its `Debug` form hides the last four, so that no log has the whole.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdentityNumber(String);

/// The text is no identity number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoIdentityNumber;

/// What a coordination number adds to the day of birth.
const COORDINATION: u32 = 60;

impl FromStr for IdentityNumber {
    type Err = NoIdentityNumber;

    /// Reads twelve digits, with a hyphen or plus before the last four or without, and any blanks. Ten digits
    /// are not enough: they do not say the century.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut digits = String::new();
        for c in text.chars().filter(|c| !c.is_whitespace()) {
            match c {
                '0'..='9' => digits.push(c),
                '-' | '+' if digits.len() == 8 => {}
                _ => return Err(NoIdentityNumber),
            }
        }
        let valid = digits.len() == 12 && is_birth(&digits) && luhn_holds(digits.get(2..));
        if valid { Ok(Self(digits)) } else { Err(NoIdentityNumber) }
    }
}

/// Whether the first eight digits are a day on which somebody was born. The tax agency gives coordination
/// numbers to people whose month or day it does not know, and any day to any month.
fn is_birth(digits: &str) -> bool {
    let part = |range| digits.get(range).and_then(|part: &str| part.parse::<u32>().ok());
    let (Some(year), Some(month), Some(day)) = (part(0..4), part(4..6), part(6..8)) else {
        return false;
    };
    let known = (1800..2100).contains(&year);
    if day >= COORDINATION {
        return known && month <= 12 && day <= COORDINATION.saturating_add(31);
    }
    known && NaiveDate::from_ymd_opt(year.cast_signed(), month, day).is_some()
}

/// Whether the last digit is the check digit of those before it: every second digit doubled, from the first.
pub(crate) fn luhn_holds(digits: Option<&str>) -> bool {
    let Some(digits) = digits else { return false };
    let sum: u32 = digits
        .chars()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .filter_map(|(c, factor)| {
            let product = c.to_digit(10)?.saturating_mul(factor);
            Some(product / 10 + product % 10)
        })
        .sum();
    sum.is_multiple_of(10)
}

impl IdentityNumber {
    /// As people write it: `19811218-9876`.
    pub fn spelt(&self) -> String {
        let (birth, last) = self.0.split_at_checked(8).unwrap_or((&self.0, ""));
        format!("{birth}-{last}")
    }
}

impl fmt::Debug for IdentityNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-****", self.0.get(..8).unwrap_or_default())
    }
}

impl Serialize for IdentityNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for IdentityNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| D::Error::custom("no identity number"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Option<String> {
        text.parse().ok().map(|number: IdentityNumber| number.spelt())
    }

    #[test]
    fn a_number_is_read_as_people_write_it_and_never_logged_whole() {
        for written in ["198112189876", "19811218-9876", " 19811218 9876 ", "19811218+9876"] {
            assert_eq!(read(written).as_deref(), Some("19811218-9876"), "{written}");
        }
        let number: IdentityNumber = "198112189876".parse().unwrap();
        assert_eq!(format!("{number:?}"), "19811218-****");
    }

    #[test]
    fn what_is_no_number_is_not_read() {
        for wrong in [
            "",
            "8112189876",
            "198112189875",
            "198113189876",
            "19811218-987",
            "1981-12189876",
            "abcdefghijkl",
            "１９８１１２１８９８７６",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_coordination_number_may_lack_month_or_day() {
        for number in ["19700063-2391", "19701063-2391", "19800060-0006"] {
            let digits = number.replace('-', "");
            let luhn = luhn_holds(digits.get(2..));
            assert_eq!(read(number).is_some(), luhn, "{number}");
        }
        assert!(is_birth("197000602391") && is_birth("197002912391") && !is_birth("197002922391"));
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_always_noticed(place in 2..12_usize, add in 1..10_u8) {
            let mut digits = "198112189876".as_bytes().to_vec();
            digits[place] = (digits[place] - b'0' + add) % 10 + b'0';
            prop_assert_eq!(read(std::str::from_utf8(&digits).unwrap()), None);
        }
    }
}
