//! What is wrong with a row, in words. A found value is shown so that nobody's number stands in it whole.

use std::path::{Path, PathBuf};

use behorig_domain::documents::FileFault;
use clap::ValueEnum;

use super::rows::Kind;

/// Longest found value that is shown, in characters.
const SHOWN_MAX: usize = 60;
/// So many digits may be a person's or a telephone's number.
const NUMBER_DIGITS: usize = 10;

/// The language of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// Swedish.
    Sv,
    /// English.
    En,
}

impl Lang {
    fn of(self, sv: &str, en: &str) -> String {
        match self {
            Self::Sv => sv.to_owned(),
            Self::En => en.to_owned(),
        }
    }
}

/// Something in a file that keeps it from being taken in.
#[derive(Debug, Clone)]
pub struct Fault {
    file: PathBuf,
    line: u64,
    column: Option<&'static str>,
    found: String,
    expected: Expected,
}

/// What was expected in its place.
#[derive(Debug, Clone)]
pub(super) enum Expected {
    FileName,
    Encoding,
    Header(Kind),
    Column(Kind),
    ColumnOnce,
    Fields(usize),
    Quote,
    LineTooLong,
    Object,
    Plain,
    Value,
    AtMost(usize),
    NoControl,
    NoIdentityNumber,
    IdentityNumber,
    UserName,
    Phone,
    Email,
    WholeAccount,
    Day,
    NotInFuture,
    AfterGranting,
    YesOrNo,
    NotOnLine(u64),
    Free,
    Person,
    Case,
    OpenCase,
    OneOf(Vec<String>),
    Nothing,
    Inside,
    Readable,
    Document(FileFault),
    OpenRow,
    AsBefore(String),
}

impl Fault {
    pub(super) fn at_line(file: &Path, line: u64, expected: Expected) -> Self {
        Self { file: file.to_owned(), line, column: None, found: String::new(), expected }
    }

    pub(super) fn column(self, column: &'static str) -> Self {
        Self { column: Some(column), ..self }
    }

    pub(super) fn found(self, found: &str) -> Self {
        Self { found: shown(found), ..self }
    }

    /// One line: where, what was found, what was expected.
    pub fn words(&self, lang: Lang) -> String {
        let (column, found, nothing, expected) = match lang {
            Lang::Sv => ("kolumn", "hittade", "inget", "väntade"),
            Lang::En => ("column", "found", "nothing", "expected"),
        };
        let mut words = self.file.display().to_string();
        if self.line > 0 {
            words.push_str(&format!(":{}", self.line));
        }
        if let Some(name) = self.column {
            words.push_str(&format!(", {column} {name}"));
        }
        if !self.found.is_empty() {
            words.push_str(&format!(": {found} “{}”", self.found));
        } else if self.column.is_some() {
            words.push_str(&format!(": {found} {nothing}"));
        } else {
            words.push(':');
        }
        let comma = if words.ends_with(':') { " " } else { ", " };
        words.push_str(&format!("{comma}{expected} {}", self.expected.words(lang)));
        words
    }
}

/// A value as it may be shown: on one line, not too long, and without the end of any number that may be a
/// person's.
fn shown(value: &str) -> String {
    let plain = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let mut shown: Vec<char> = value.chars().take(SHOWN_MAX).map(plain).collect();
    if shown.iter().filter(|c| c.is_numeric()).count() >= NUMBER_DIGITS {
        for c in shown.iter_mut().rev().filter(|c| c.is_numeric()).take(4) {
            *c = '*';
        }
    }
    if value.chars().nth(SHOWN_MAX).is_some() {
        shown.push('…');
    }
    shown.into_iter().collect()
}

impl Expected {
    fn words(&self, lang: Lang) -> String {
        let both = |sv, en| lang.of(sv, en);
        match self {
            Self::FileName => both(
                "ett filnamn som börjar med people, cases eller certificates och slutar med .csv eller .jsonl",
                "a file name that begins with people, cases or certificates and ends with .csv or .jsonl",
            ),
            Self::Encoding => both("UTF-8 eller Windows-1252", "UTF-8 or Windows-1252"),
            Self::Header(kind) => {
                format!("{} {}", both("en första rad med", "a first line with"), kind.listed())
            }
            Self::Column(kind) => format!("{} {}", both("någon av", "one of"), kind.listed()),
            Self::ColumnOnce => both("varje kolumn en gång", "each column once"),
            Self::Fields(count) => format!("{count} {}", both("fält", "fields")),
            Self::Quote => both(
                "citattecken som avslutas på samma rad",
                "quotation marks that are closed on the same line",
            ),
            Self::LineTooLong => both("en rad på högst 64 kB", "a line of at most 64 kB"),
            Self::Object => both("ett JSON-objekt på raden", "a JSON object on the line"),
            Self::Plain => both("text, tal, true eller false", "text, a number, true or false"),
            Self::Value => both("ett värde", "a value"),
            Self::AtMost(max) => {
                format!("{} {max} {}", both("högst", "at most"), both("tecken", "characters"))
            }
            Self::NoControl => both("text utan styrtecken", "text without control characters"),
            Self::NoIdentityNumber => both(
                "en nyckel som inte är ett personnummer",
                "a key that is no personal identity number",
            ),
            Self::IdentityNumber => both(
                "ett person- eller samordningsnummer med tolv siffror och rätt kontrollsiffra",
                "a personal identity or coordination number of twelve digits with the right check digit",
            ),
            Self::UserName => both(
                "ett användarnamn på 1 till 64 tecken utan mellanslag och @",
                "a user name of 1 to 64 characters without blanks and @",
            ),
            Self::Phone => both("ett nummer som +46701740605", "a number such as +46701740605"),
            Self::Email => both("en e-postadress", "an e-mail address"),
            Self::WholeAccount => both(
                "user_name, phone och email tillsammans, eller inget av dem",
                "user_name, phone and email together, or none of them",
            ),
            Self::Day => both("en dag som 2026-11-22", "a day such as 2026-11-22"),
            Self::NotInFuture => both("en dag som har varit", "a day that has been"),
            Self::AfterGranting => both("en dag efter granted_on", "a day after granted_on"),
            Self::YesOrNo => both("ja eller nej", "yes or no"),
            Self::NotOnLine(line) => format!(
                "{} {line}",
                both(
                    "ett värde som inte redan står på rad",
                    "a value that does not stand already on line"
                ),
            ),
            Self::Free => both(
                "ett värde som ingen annan har på servern",
                "a value that nobody else has at the server",
            ),
            Self::Person => both(
                "nyckeln till en person i filerna eller på servern",
                "the key of a person in the files or at the server",
            ),
            Self::Case => both(
                "nyckeln till ett ärende i filerna eller på servern",
                "the key of a case in the files or at the server",
            ),
            Self::OpenCase => both("ett ärende som inte är avgjort", "a case that is not decided"),
            Self::OneOf(known) => format!("{} {}", both("någon av", "one of"), known.join(", ")),
            Self::Nothing => {
                both("inget: certifieringen har inga nivåer", "nothing: the scheme has no levels")
            }
            Self::Inside => both(
                "en sökväg från filens egen mapp, utan ..",
                "a path from the file's own folder, without ..",
            ),
            Self::Readable => both("en fil som går att läsa", "a file that can be read"),
            Self::Document(fault) => document(*fault, lang),
            Self::OpenRow => both(
                "en certifiering med en rad för övriga handlingar",
                "a scheme with a row for other documents",
            ),
            Self::AsBefore(before) => format!(
                "“{}” {}",
                shown(before),
                both(
                    ": raden är redan intagen, och det som har ändrats tas inte in igen",
                    ": the row is taken in already, and what has changed is not taken in again",
                ),
            ),
        }
    }
}

fn document(fault: FileFault, lang: Lang) -> String {
    let (sv, en) = match fault {
        FileFault::Empty => ("en fil med innehåll", "a file that is not empty"),
        FileFault::TooLarge { max, .. } => {
            return match lang {
                Lang::Sv => format!("en fil på högst {max} byte"),
                Lang::En => format!("a file of at most {max} bytes"),
            };
        }
        FileFault::UnknownFormat { .. } => (
            "en fil i formatet doc, docx, xls, xlsx eller pdf",
            "a doc, docx, xls, xlsx or pdf file",
        ),
        FileFault::Disguised { .. } => (
            "en fil vars innehåll är vad namnet säger",
            "a file whose content is what its name says",
        ),
        FileFault::Encrypted => ("en fil utan lösenord", "a file without a password"),
        FileFault::Macros => ("en fil utan makron", "a file without macros"),
        FileFault::Truncated => ("en hel fil", "a whole file"),
    };
    lang.of(sv, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_found_value_never_shows_a_whole_number_and_stays_on_its_line() {
        assert_eq!(shown("19811218-9876"), "19811218-****");
        assert_eq!(shown("811218-9876"), "811218-****");
        assert_eq!(shown("2026-1"), "2026-1");
        assert_eq!(shown("a\nb\u{1b}[2J"), "a\u{fffd}b\u{fffd}[2J");
        assert_eq!(shown(&"å".repeat(61)), format!("{}…", "å".repeat(60)));
    }
}
