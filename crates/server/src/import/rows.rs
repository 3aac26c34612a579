//! What rows mean: their columns, and how each value is read.

use behorig_domain::identity::IdentityNumber;
use chrono::NaiveDate;

use super::{
    fault::{Expected, Fault},
    source::{Row, Source},
};
use crate::invitations::{is_email, is_phone, is_user_name};

/// Longest key or number, and longest name, in characters.
const KEY_MAX: usize = 100;
const NAME_MAX: usize = 200;

/// What a file holds. The order in which they are taken in: each may name what comes before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    People,
    Cases,
    Certificates,
}

/// A column.
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) required: bool,
}

const fn needed(name: &'static str) -> Column {
    Column { name, required: true }
}

const fn may(name: &'static str) -> Column {
    Column { name, required: false }
}

const PEOPLE: [Column; 5] =
    [needed("key"), needed("name"), may("user_name"), may("phone"), may("email")];
const CASES: [Column; 6] = [
    needed("key"),
    needed("holder"),
    needed("identity_number"),
    needed("scheme"),
    needed("number"),
    may("title"),
];
const CERTIFICATES: [Column; 8] = [
    needed("case"),
    needed("number"),
    needed("granted_on"),
    needed("valid_to"),
    may("level"),
    may("card"),
    may("published"),
    may("file"),
];

impl Kind {
    pub(super) const ALL: [Self; 3] = [Self::People, Self::Cases, Self::Certificates];

    /// What the names of its files begin with.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Cases => "cases",
            Self::Certificates => "certificates",
        }
    }

    pub(super) fn columns(self) -> &'static [Column] {
        match self {
            Self::People => &PEOPLE,
            Self::Cases => &CASES,
            Self::Certificates => &CERTIFICATES,
        }
    }

    /// Its columns, for people.
    pub(super) fn listed(self) -> String {
        self.columns().iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
    }
}

/// How somebody will sign in.
#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) user_name: String,
    pub(super) phone: String,
    pub(super) email: String,
}

#[derive(Debug, Clone)]
pub(super) struct PersonRow {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) account: Option<Account>,
}

#[derive(Debug, Clone)]
pub(super) struct CaseRow {
    pub(super) key: String,
    pub(super) holder: String,
    pub(super) identity_number: IdentityNumber,
    pub(super) scheme: String,
    pub(super) number: String,
    pub(super) title: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) struct CertificateRow {
    pub(super) case: String,
    pub(super) number: String,
    pub(super) granted_on: NaiveDate,
    pub(super) valid_to: NaiveDate,
    pub(super) level: Option<String>,
    pub(super) card: bool,
    pub(super) published: bool,
    pub(super) file: Option<String>,
}

/// A row whose every value can be read.
#[derive(Debug, Clone)]
pub(super) enum Known {
    Person(PersonRow),
    Case(CaseRow),
    Certificate(CertificateRow),
}

/// Reads the values of a row, and tells of each that cannot be.
pub(super) struct Reading<'a> {
    source: &'a Source,
    row: &'a Row,
    faults: Vec<Fault>,
}

impl<'a> Reading<'a> {
    pub(super) fn read(source: &'a Source, row: &'a Row) -> Result<Known, Vec<Fault>> {
        let mut reading = Self { source, row, faults: Vec::new() };
        let known = match source.kind {
            Kind::People => reading.person().map(Known::Person),
            Kind::Cases => reading.case().map(Known::Case),
            Kind::Certificates => reading.certificate().map(Known::Certificate),
        };
        match known {
            Some(known) if reading.faults.is_empty() => Ok(known),
            _ => Err(reading.faults),
        }
    }

    fn person(&mut self) -> Option<PersonRow> {
        let (key, name) = (self.key("key"), self.needed("name", NAME_MAX));
        let account = self.account();
        Some(PersonRow { key: key?, name: name?, account })
    }

    fn account(&mut self) -> Option<Account> {
        let user_name = self.fit("user_name", is_user_name, Expected::UserName);
        let phone = self.fit("phone", is_phone, Expected::Phone);
        let email = self.fit("email", is_email, Expected::Email);
        let there = ["user_name", "phone", "email"].map(|column| self.row.get(column).is_some());
        if there.contains(&true) && there.contains(&false) {
            let missing = ["user_name", "phone", "email"].into_iter().zip(there);
            for (column, _) in missing.filter(|(_, there)| !there) {
                self.fault(column, Expected::WholeAccount);
            }
        }
        Some(Account { user_name: user_name?, phone: phone?, email: email? })
    }

    fn case(&mut self) -> Option<CaseRow> {
        let (key, holder) = (self.key("key"), self.key("holder"));
        let (scheme, number) = (self.needed("scheme", KEY_MAX), self.needed("number", KEY_MAX));
        let identity_number = self.parsed("identity_number", Expected::IdentityNumber);
        let title = self.text("title", NAME_MAX);
        Some(CaseRow {
            key: key?,
            holder: holder?,
            identity_number: identity_number?,
            scheme: scheme?,
            number: number?,
            title,
        })
    }

    fn certificate(&mut self) -> Option<CertificateRow> {
        let (case, number) = (self.key("case"), self.needed("number", KEY_MAX));
        let granted_on: Option<NaiveDate> = self.parsed("granted_on", Expected::Day);
        let valid_to: Option<NaiveDate> = self.parsed("valid_to", Expected::Day);
        if granted_on.zip(valid_to).is_some_and(|(from, to)| to <= from) {
            self.fault("valid_to", Expected::AfterGranting);
        }
        let level = self.text("level", KEY_MAX);
        let (card, published) = (self.yes("card"), self.yes("published"));
        let file = self.text("file", 1_000);
        Some(CertificateRow {
            case: case?,
            number: number?,
            granted_on: granted_on?,
            valid_to: valid_to?,
            level,
            card,
            published,
            file,
        })
    }

    fn fault(&mut self, column: &'static str, expected: Expected) {
        let found = self.row.get(column).unwrap_or_default();
        let fault = Fault::at_line(&self.source.path, self.row.line, expected);
        self.faults.push(fault.column(column).found(found));
    }

    /// A text that may be missing.
    fn text(&mut self, column: &'static str, max: usize) -> Option<String> {
        let text = self.row.get(column)?.to_owned();
        if text.chars().count() > max {
            self.fault(column, Expected::AtMost(max));
            return None;
        }
        if text.chars().any(char::is_control) {
            self.fault(column, Expected::NoControl);
            return None;
        }
        Some(text)
    }

    fn needed(&mut self, column: &'static str, max: usize) -> Option<String> {
        if self.row.get(column).is_none() {
            self.fault(column, Expected::Value);
            return None;
        }
        self.text(column, max)
    }

    /// A key: other rows name it, and ids follow from it, so it must tell nothing of a person.
    fn key(&mut self, column: &'static str) -> Option<String> {
        let key = self.needed(column, KEY_MAX)?;
        // ten digits do not say the century, and are a person's all the same
        let with_century =
            |century: &str| format!("{century}{key}").parse::<IdentityNumber>().is_ok();
        if ["", "19", "20"].into_iter().any(with_century) {
            self.fault(column, Expected::NoIdentityNumber);
            return None;
        }
        Some(key)
    }

    fn fit(
        &mut self,
        column: &'static str,
        fits: fn(&str) -> bool,
        expected: Expected,
    ) -> Option<String> {
        let text = self.row.get(column)?.to_owned();
        if !fits(&text) {
            self.fault(column, expected);
            return None;
        }
        Some(text)
    }

    fn parsed<T: std::str::FromStr>(
        &mut self,
        column: &'static str,
        expected: Expected,
    ) -> Option<T> {
        let parsed = self.row.get(column).and_then(|text| text.parse().ok());
        if parsed.is_none() {
            self.fault(column, expected);
        }
        parsed
    }

    /// Yes or no; a missing one is no.
    fn yes(&mut self, column: &'static str) -> bool {
        match self.row.get(column).map(str::to_lowercase).as_deref() {
            None | Some("no" | "nej" | "false" | "0") => false,
            Some("yes" | "ja" | "true" | "1") => true,
            Some(_) => {
                self.fault(column, Expected::YesOrNo);
                false
            }
        }
    }
}
