//! What a body offers, as data: texts, limits and the documents that its schemes ask for. It comes from a
//! service pack, is synced like any other record, and the rules read it. Each scheme is a record of its own: a
//! rule reads the one that it is about, and a text that changes in one brings no other along.

pub mod publish_service;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{IssuerId, Kind, Record, RecordId, RecordRef, record::Malformed};

pub use publish_service::PublishService;

/// The same words in both languages of the program.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Swedish.
    pub sv: String,
    /// English.
    pub en: String,
}

/// The public settings of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// What people call it.
    pub name: Words,
    /// The body that takes applications for it. Without one, nobody can apply in the program.
    #[serde(default)]
    pub issuer: Option<IssuerId>,
    /// The longest text of a message, in characters. A longer text is sent as a document (KW-50).
    pub message_max: u64,
    /// The largest file that a document may be, in bytes.
    pub document_max: u64,
    /// What a new message can be, the usual one first (KW-48).
    pub message_types: Vec<Named>,
    /// Why somebody can lack a document that is asked for (KW-74).
    #[serde(default)]
    pub absences: Vec<Named>,
    /// What applicants and certified people should read first: paragraphs, parted by empty lines (KW-13).
    pub page: Words,
    /// Where help is to be had (KW-98).
    pub support: Support,
    /// What is new, the latest first.
    #[serde(default)]
    pub news: Vec<News>,
    /// The certifications that it offers, by their codes, in the order shown. Publishing fills it in. One that
    /// a body no longer names stays a record: the cases that have it go on.
    #[serde(default)]
    pub schemes: Vec<String>,
}

/// Where help is to be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Support {
    /// An address for mail.
    pub email: String,
    /// A telephone number, as people write it.
    pub phone: String,
    /// When somebody answers.
    pub hours: Words,
}

/// Something that a body wants its applicants and certified people to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct News {
    /// The day from which it counts.
    pub date: NaiveDate,
    /// What it is about.
    pub title: Words,
    /// The rest: paragraphs, parted by empty lines.
    pub text: Words,
}

/// A certification that can be applied for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheme {
    /// Its stable name.
    pub code: String,
    /// What people call it.
    pub name: Words,
    /// Whether it is no longer offered: cases that have it go on, and nobody applies for it.
    #[serde(default)]
    pub closed: bool,
    /// What a certificate's number begins with.
    pub certificate_prefix: String,
    /// How long a certificate is valid, in months.
    pub validity_months: u32,
    /// The levels of authority; none if it has no levels (KW-28).
    #[serde(default)]
    pub levels: Vec<Named>,
    /// The parts of its examination, all of which must be passed; none if it has no examination (KW-31).
    #[serde(default)]
    pub exams: Vec<Named>,
    /// What an applicant sends in, in the order shown.
    pub documents: Vec<RequiredDocument>,
    /// The scheme that is applied for once this one is no longer granted anew, by its code.
    #[serde(default)]
    pub successor: Option<String>,
}

/// Something that has a stable name and what people call it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Its stable name.
    pub code: String,
    /// What people call it.
    pub name: Words,
}

/// A document that a scheme asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequiredDocument {
    /// Its stable name within the scheme.
    pub code: String,
    /// What people call it.
    pub name: Words,
    /// What the officer expects to find in it.
    pub help: Words,
    /// Whether the application needs it. One that is not needed takes any number of files.
    pub required: bool,
    /// What its sender must have seen to before it is sent (KW-68, KW-69).
    #[serde(default)]
    pub checklist: Vec<Words>,
    /// A text to fill in, if there is one (KW-85).
    #[serde(default)]
    pub template: Option<Template>,
    /// Whether it is common to all of a person's cases at the body (KW-52).
    #[serde(default)]
    pub shared: bool,
    /// Reasons for finding it insufficient that are often needed (KW-68, KW-70).
    #[serde(default)]
    pub refusal_reasons: Vec<Words>,
}

/// A text to fill in. The program makes a Word document of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// What the file is called, without its ending.
    pub name: Words,
    /// What it says, a paragraph a line.
    pub text: Words,
}

impl Service {
    /// Where a service's settings are.
    pub fn at(id: RecordId) -> RecordRef {
        RecordRef { kind: Kind::Service, id }
    }
}

/// A scheme as its record says it.
#[derive(Serialize)]
struct OfService<'a> {
    service: RecordId,
    #[serde(flatten)]
    scheme: &'a Scheme,
}

impl Scheme {
    /// Where a service's scheme of this code is.
    pub fn at(service: RecordId, code: &str) -> RecordRef {
        let part = format!("scheme/{code}");
        RecordRef { kind: Kind::Scheme, id: RecordId::within(service, part.as_bytes()) }
    }

    /// The scheme as a record of its service.
    pub fn record(&self, service: RecordId) -> Record {
        let at = Self::at(service, &self.code);
        Record::new(at.kind, at.id, &OfService { service, scheme: self })
    }

    /// The document of this code that it asks for.
    pub fn document(&self, code: &str) -> Option<&RequiredDocument> {
        self.documents.iter().find(|document| document.code == code)
    }
}

/// The service that a scheme's record belongs to.
pub(crate) fn service_of(scheme: &Record) -> Result<RecordId, Malformed> {
    #[derive(Deserialize)]
    struct Of {
        service: RecordId,
    }
    let _: Scheme = scheme.read()?;
    scheme.read::<Of>().map(|of| of.service)
}
