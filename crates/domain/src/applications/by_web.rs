//! What somebody without an account fills in on a web page, and what is wrong with it. The same rules as for
//! contact details and for applying in the program.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    RecordId,
    contact::{Details, Field, FieldFault, fault_in, tidy},
    identity::IdentityNumber,
};

/// The details that the page asks for, in its order. Invoices, and how the person is told of news, they set
/// in the program.
pub const ASKED: [Field; 10] = [
    Field::Name,
    Field::Email,
    Field::Phone,
    Field::CareOf,
    Field::Street,
    Field::PostalCode,
    Field::Town,
    Field::Country,
    Field::CompanyName,
    Field::CompanyNumber,
];
/// The longest number of a certificate, in characters.
const CERTIFICATE_MAX: u64 = 40;
/// What the words about a renewal take of the message's length, with room to spare.
const RENEWAL_WORDS: u64 = 100;

/// What was typed, just as it was typed.
#[derive(Clone, Default)]
pub struct WebForm {
    /// The applicant's number.
    pub identity_number: String,
    /// Those of [`ASKED`].
    pub details: Details,
    /// Whether a certificate is to be renewed.
    pub is_renewal: bool,
    /// The number of that certificate, if they know it.
    pub certificate: String,
    /// What they want the body to know; may be empty.
    pub text: String,
}

impl fmt::Debug for WebForm {
    /// Hides all of it, so that no log has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebForm(…)")
    }
}

/// A field of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WebField {
    /// The applicant's number.
    IdentityNumber,
    /// A detail.
    Detail(Field),
    /// The number of the certificate that is to be renewed.
    Certificate,
    /// The message.
    Text,
}

/// What is wrong with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebFault {
    /// It is no identity number.
    NoIdentityNumber,
    /// What is wrong with a detail, or with a text.
    Detail(FieldFault),
}

/// An application by somebody without an account. It is no record and nobody has confirmed whose it is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebApplication {
    /// The service.
    pub service: RecordId,
    /// What is applied for, by its name in the service's settings.
    pub scheme: String,
    /// The number that the applicant gave.
    pub identity_number: IdentityNumber,
    /// How to reach them, as they say.
    pub details: Box<Details>,
    /// For a renewal: the number of the certificate, empty if they do not know it.
    pub renews: Option<String>,
    /// What they want the body to know; may be empty.
    pub text: String,
    /// Whether they filled it in in English; else in Swedish.
    pub is_english: bool,
}

impl fmt::Debug for WebApplication {
    /// Says what is applied for, never by whom.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebApplication({})", self.scheme)
    }
}

impl WebForm {
    /// The application that it makes, or what is wrong, in the page's order.
    pub fn read(
        &self,
        (service, scheme): (RecordId, &str),
        message_max: u64,
        is_english: bool,
    ) -> Result<WebApplication, Vec<(WebField, WebFault)>> {
        let mut details = Details::default();
        for field in ASKED {
            details.set(field, tidy(field, self.details.get(field)));
        }
        let details = details.settled();
        let mut faults = Vec::new();
        let number = self.identity_number.parse::<IdentityNumber>();
        if number.is_err() {
            faults.push((WebField::IdentityNumber, WebFault::NoIdentityNumber));
        }
        for field in ASKED {
            // without them nobody can get an account
            let is_needed = matches!(field, Field::Email | Field::Phone);
            let missing = is_needed && details.get(field).is_empty();
            let fault = missing.then_some(FieldFault::Missing);
            if let Some(fault) = fault.or_else(|| fault_in(&details, field, |_| true)) {
                faults.push((WebField::Detail(field), WebFault::Detail(fault)));
            }
        }
        let certificate = self.certificate.trim();
        let texts = [
            (WebField::Certificate, certificate, CERTIFICATE_MAX, false),
            (WebField::Text, self.text.trim(), Self::text_max(message_max), true),
        ];
        for (field, text, max, has_lines) in texts {
            let is_text =
                |c: char| !c.is_control() || (has_lines && matches!(c, '\n' | '\r' | '\t'));
            if text.chars().count() as u64 > max {
                faults.push((field, WebFault::Detail(FieldFault::TooLong { max })));
            } else if !text.chars().all(is_text) {
                faults.push((field, WebFault::Detail(FieldFault::NoText)));
            }
        }
        let (Ok(identity_number), true) = (number, faults.is_empty()) else { return Err(faults) };
        Ok(WebApplication {
            service,
            scheme: scheme.to_owned(),
            identity_number,
            details: Box::new(details),
            renews: self.is_renewal.then(|| certificate.to_owned()),
            // as forms send it, each line ends with two characters
            text: self.text.trim().replace("\r\n", "\n"),
            is_english,
        })
    }

    /// The longest text in a form, in characters, where a message has at most so many.
    pub fn text_max(message_max: u64) -> u64 {
        message_max.saturating_sub(RENEWAL_WORDS)
    }
}

impl WebApplication {
    /// The message that goes with the application: what the applicant says of a renewal stands there, since
    /// nobody has checked it.
    pub fn message(&self) -> String {
        let renewal = match (self.renews.as_deref(), self.is_english) {
            (None, _) => "",
            (Some(""), false) => "Ansökan gäller förnyelse.",
            (Some(""), true) => "The application is for a renewal.",
            (Some(number), false) => &format!("Ansökan gäller förnyelse av certifikat {number}."),
            (Some(number), true) => {
                &format!("The application is for a renewal of certificate {number}.")
            }
        };
        let parts = [renewal, &self.text];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("\n\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEME: (RecordId, &str) = (RecordId(uuid::Uuid::nil()), "f-gas-1");

    fn filled() -> WebForm {
        let mut details = Details::default();
        for (field, value) in [
            (Field::Name, "Kerstin Åkerblom"),
            (Field::Email, "kerstin@example.com"),
            (Field::Phone, "070-174 06 05"),
            (Field::Street, "Storgatan 1"),
            (Field::PostalCode, "791 42"),
            (Field::Town, "Falun"),
        ] {
            details.set(field, value.into());
        }
        WebForm { identity_number: "19811218-9876".into(), details, ..WebForm::default() }
    }

    fn faults(form: &WebForm) -> Vec<WebField> {
        let faults = form.read(SCHEME, 2_000, false).err().unwrap_or_default();
        faults.into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn what_is_filled_in_is_stored_as_the_program_stores_it() {
        let read = filled().read(SCHEME, 2_000, false).unwrap();
        assert_eq!(read.details.phone, "+46701740605");
        assert_eq!(read.details.postal_code, "79142");
        assert_eq!(read.details.country, "SE");
        assert_eq!((read.message().as_str(), read.renews), ("", None));
    }

    #[test]
    fn each_fault_names_its_field_in_the_pages_order() {
        let empty = faults(&WebForm::default());
        let needed = [
            Field::Name,
            Field::Email,
            Field::Phone,
            Field::Street,
            Field::PostalCode,
            Field::Town,
        ];
        let needed = needed.map(WebField::Detail);
        assert_eq!(empty[0], WebField::IdentityNumber);
        assert_eq!(empty[1..], needed);
        let mut wrong = filled();
        wrong.identity_number = "19811218-9875".into();
        wrong.details.email = "kerstin@example.com\r\nBcc: x@y.z".into();
        wrong.details.company_number = "1".into();
        wrong.text = "\u{0}".into();
        wrong.certificate = "x".repeat(41);
        assert_eq!(
            faults(&wrong),
            [
                WebField::IdentityNumber,
                WebField::Detail(Field::Email),
                WebField::Detail(Field::CompanyName),
                WebField::Detail(Field::CompanyNumber),
                WebField::Certificate,
                WebField::Text
            ]
        );
    }

    #[test]
    fn the_message_with_its_words_about_a_renewal_is_never_too_long() {
        let mut form = filled();
        form.is_renewal = true;
        form.certificate = "c".repeat(40);
        form.text = "å".repeat(1_900);
        let read = form.read(SCHEME, 2_000, true).unwrap();
        assert!(read.message().starts_with("The application is for a renewal of certificate c"));
        assert!(read.message().chars().count() <= 2_000);
        form.text.push('å');
        assert_eq!(faults(&form), [WebField::Text]);
        form.text = "Hej\r\nigen".into();
        form.certificate = String::new();
        let read = form.read(SCHEME, 2_000, false).unwrap();
        assert_eq!(read.message(), "Ansökan gäller förnyelse.\n\nHej\nigen");
    }

    #[test]
    fn no_log_has_what_was_typed() {
        let form = filled();
        let read = form.read(SCHEME, 2_000, false).unwrap();
        assert_eq!(format!("{form:?} {read:?}"), "WebForm(…) WebApplication(f-gas-1)");
    }
}
