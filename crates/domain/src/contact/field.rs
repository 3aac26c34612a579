//! What each detail may be, how it is stored, and how people write it.

use serde::{Deserialize, Serialize};

use super::{ANALOG, BILLING_OTHER, BILLING_OWN, DIGITAL, Details, Field, SWEDEN};
use crate::identity::luhn_holds;

/// The longest detail, in characters.
const MAX: usize = 100;
/// The longest address of a mailbox, in characters (RFC 5321).
const EMAIL_MAX: usize = 254;
/// The most digits of a telephone number, its country's among them (E.164).
const PHONE_MAX: usize = 15;
/// The fewest that a number abroad has.
const PHONE_MIN: usize = 7;
/// Area codes of three digits, the leading nought among them, besides those of mobile telephones. That of
/// Stockholm has two, all others have four.
const AREAS_OF_THREE: [&str; 22] = [
    "010", "011", "013", "016", "018", "019", "020", "021", "023", "026", "031", "033", "035",
    "036", "040", "042", "044", "046", "054", "060", "063", "090",
];

/// What is wrong with a detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum FieldFault {
    /// It is needed.
    Missing,
    /// It is too long.
    TooLong {
        /// Characters that are allowed.
        max: u64,
    },
    /// It has characters that are no text, such as line breaks.
    NoText,
    /// It is no Swedish postal code.
    NoPostalCode,
    /// It is no telephone number.
    NoPhone,
    /// It is no address of a mailbox.
    NoEmail,
    /// It is no organisation number.
    NoOrganisationNumber,
    /// It is none of those that can be chosen.
    NoChoice,
}

/// A detail as it is stored, if that can be told from what was typed, and else what was typed without blanks
/// around it.
pub fn tidy(field: Field, typed: &str) -> String {
    let typed = typed.trim();
    let stored = match field {
        Field::PostalCode | Field::BillingPostalCode => postal_code(typed),
        Field::Phone => phone(typed),
        Field::CompanyNumber => organisation_number(typed),
        Field::Country | Field::BillingCountry => Some(typed.to_uppercase()),
        _ => None,
    };
    stored.unwrap_or_else(|| typed.to_owned())
}

/// A detail as people write it.
pub fn shown(field: Field, stored: &str) -> String {
    match field {
        Field::PostalCode | Field::BillingPostalCode if is_postal_code(stored) => {
            grouped(stored, &[3, 2])
        }
        Field::Phone => shown_phone(stored),
        _ => stored.to_owned(),
    }
}

/// What is wrong with a detail among the others, if it was changed or depends on one that was.
pub fn fault_in(
    details: &Details,
    field: Field,
    is_changed: impl Fn(Field) -> bool,
) -> Option<FieldFault> {
    let touched = is_changed(field) || depends_on(field).iter().any(|other| is_changed(*other));
    let value = details.get(field);
    if !touched {
        None
    } else if value.is_empty() {
        is_needed(details, field, is_changed(field)).then_some(FieldFault::Missing)
    } else {
        fault_of(details, field, value)
    }
}

/// The details that decide whether another may be empty or what it may be.
fn depends_on(field: Field) -> &'static [Field] {
    match field {
        Field::Street | Field::Town => &[Field::Channel],
        Field::PostalCode => &[Field::Channel, Field::Country],
        Field::CompanyName => &[Field::CompanyNumber],
        Field::BillingStreet | Field::BillingPostalCode | Field::BillingTown => {
            &[Field::Billing, Field::BillingName, Field::BillingCountry]
        }
        _ => &[],
    }
}

fn is_needed(details: &Details, field: Field, is_changed: bool) -> bool {
    match field {
        Field::Name | Field::Country | Field::Billing | Field::Channel => true,
        // nobody is reached by letter without an address; and one that is there is not taken away
        Field::Street | Field::PostalCode | Field::Town => is_changed || details.channel == ANALOG,
        Field::CompanyName => !details.company_number.is_empty(),
        Field::BillingStreet | Field::BillingPostalCode | Field::BillingTown => {
            details.billing == BILLING_OTHER
        }
        _ => false,
    }
}

fn fault_of(details: &Details, field: Field, value: &str) -> Option<FieldFault> {
    let max = if matches!(field, Field::Email | Field::BillingEmail) { EMAIL_MAX } else { MAX };
    if value.chars().count() > max {
        return Some(FieldFault::TooLong { max: max as u64 });
    }
    if value.chars().any(char::is_control) {
        return Some(FieldFault::NoText);
    }
    let is_swedish_code = |country: &str| country != SWEDEN || is_postal_code(value);
    let (fits, fault) = match field {
        Field::PostalCode => (is_swedish_code(&details.country), FieldFault::NoPostalCode),
        Field::BillingPostalCode => {
            (is_swedish_code(&details.billing_country), FieldFault::NoPostalCode)
        }
        Field::Phone => (phone(value).as_deref() == Some(value), FieldFault::NoPhone),
        Field::Email | Field::BillingEmail => (is_email(value), FieldFault::NoEmail),
        Field::CompanyNumber => {
            let read = organisation_number(value);
            (read.as_deref() == Some(value), FieldFault::NoOrganisationNumber)
        }
        Field::Country | Field::BillingCountry => (is_country(value), FieldFault::NoChoice),
        Field::Billing => ([BILLING_OWN, BILLING_OTHER].contains(&value), FieldFault::NoChoice),
        Field::Channel => ([DIGITAL, ANALOG].contains(&value), FieldFault::NoChoice),
        _ => return None,
    };
    (!fits).then_some(fault)
}

fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_uppercase())
}

fn is_postal_code(text: &str) -> bool {
    text.len() == 5 && text.bytes().all(|digit| digit.is_ascii_digit()) && !text.starts_with('0')
}

/// The digits of a text that has nothing else but what people put between them.
fn digits(text: &str, between: &[char]) -> Option<String> {
    let is_between = |c: &char| c.is_whitespace() || between.contains(c);
    let digits: String = text.chars().filter(|c| !is_between(c)).collect();
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(digits)
}

/// Five digits, with or without the blank, or with the country before them as on letters from abroad.
fn postal_code(text: &str) -> Option<String> {
    let bare = text.strip_prefix("SE-").or_else(|| text.strip_prefix("S-")).unwrap_or(text);
    digits(bare, &[]).filter(|digits| is_postal_code(digits))
}

/// Ten digits of which the third is two or more and the last checks the others; with 16 before them as the
/// tax agency writes it.
fn organisation_number(text: &str) -> Option<String> {
    let all = digits(text, &['-'])?;
    let ten = match all.len() {
        10 => all.as_str(),
        12 => all.strip_prefix("16")?,
        _ => return None,
    };
    let third = *ten.as_bytes().get(2)?;
    let (group, rest) = ten.split_at_checked(6)?;
    (third >= b'2' && luhn_holds(Some(ten))).then(|| format!("{group}-{rest}"))
}

/// A number with its country's number before it. One without is Swedish.
fn phone(text: &str) -> Option<String> {
    let bare = text.replacen("(0)", "", 1);
    let between = ['-', '/', '(', ')', '.', '\u{2013}'];
    let abroad = bare.strip_prefix('+').or_else(|| bare.strip_prefix("00"));
    let number = match abroad {
        Some(rest) => digits(rest, &between)?,
        None => format!("46{}", digits(&bare, &between)?.strip_prefix('0')?),
    };
    let fits = match number.strip_prefix("46") {
        Some(national) => is_swedish(national),
        None => !number.starts_with('0') && (PHONE_MIN..=PHONE_MAX).contains(&number.len()),
    };
    fits.then(|| format!("+{number}"))
}

/// Whether a Swedish number, without the nought, can be called: a mobile one has nine digits.
fn is_swedish(national: &str) -> bool {
    let area = format!("0{}", national.get(..2).unwrap_or_default());
    match area.as_str() {
        "070" | "072" | "073" | "076" | "079" => national.len() == 9,
        _ => (7..=9).contains(&national.len()) && !national.starts_with('0'),
    }
}

fn shown_phone(stored: &str) -> String {
    let Some(national) = stored.strip_prefix("+46") else { return stored.to_owned() };
    let number = format!("0{national}");
    let is_mobile = number.starts_with("07");
    let length = if number.starts_with("08") {
        2
    } else if is_mobile || number.get(..3).is_some_and(|area| AREAS_OF_THREE.contains(&area)) {
        3
    } else {
        4
    };
    let Some((area, rest)) = number.split_at_checked(length) else { return stored.to_owned() };
    let groups: &[usize] = match rest.len() {
        5 => &[3, 2],
        6 => &[2, 2, 2],
        7 => &[3, 2, 2],
        8 => &[3, 3, 2],
        _ => return stored.to_owned(),
    };
    format!("{area}-{}", grouped(rest, groups))
}

/// Digits in groups, each with a blank before it that no line breaks at.
fn grouped(digits: &str, groups: &[usize]) -> String {
    let mut rest = digits;
    let mut parts = Vec::new();
    for length in groups {
        let (part, after) = rest.split_at_checked(*length).unwrap_or((rest, ""));
        parts.push(part);
        rest = after;
    }
    parts.join("\u{a0}")
}

/// Whether mail can be sent there, as far as that can be seen: one at sign between a name and a domain that
/// has a dot, and nothing that a mail program takes for something else.
fn is_email(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else { return false };
    let is_odd = |c: char| c.is_whitespace() || r#"<>()[],;:\"@"#.contains(c);
    let is_part = |part: &str| !part.is_empty() && !part.starts_with('-') && !part.ends_with('-');
    !text.chars().any(|c| is_odd(c) && c != '@')
        && !domain.contains('@')
        && name.split('.').all(|part| !part.is_empty())
        && domain.contains('.')
        && domain.split('.').all(is_part)
}
