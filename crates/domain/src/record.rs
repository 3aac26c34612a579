//! Records: the things that people know by name, and who sees each kind.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    RecordId, Scope,
    applications::Applicant,
    cases::{Case, Certificate, Event},
    contact::{Contact, ContactProposal, PostalTask},
    documents::{Document, DocumentRow, Handling},
    identity::{Profile, Staff},
    messages::{Message, ReadMark},
    notes::Note,
    services::{Service, service_of},
    templates::Template,
};

/// What sort of thing a record is. Its text form stands on the wire and in both databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// What a body knows of somebody who has applied to it.
    Applicant,
    /// A person's certification, from application on.
    Case,
    /// What a person may do, once it is granted.
    Certificate,
    /// What a body holds on a person to reach them.
    Contact,
    /// The latest change of it that the person has proposed.
    ContactProposal,
    /// A file that was sent in for a row, and what became of it.
    Document,
    /// A document that a case asks for.
    DocumentRow,
    /// Something that happened in a case.
    Event,
    /// Something written by one party of a case to the other.
    Message,
    /// What the officers of a case write down for each other.
    Note,
    /// A registry number or identity number that is taken, or how far a body's numbers have come. Nobody
    /// sees it.
    Number,
    /// A letter that somebody at the body is to post.
    PostalTask,
    /// What the program calls the person who is signed in.
    Profile,
    /// How far a person has read a conversation.
    ReadMark,
    /// A certification that can be applied for.
    Scheme,
    /// The public settings of a service.
    Service,
    /// Somebody who handles cases for a body.
    Staff,
    /// A text that the officers of a body keep for their messages.
    Template,
}

impl Kind {
    /// Every kind, in the order of their names.
    pub const ALL: [Self; 18] = [
        Self::Applicant,
        Self::Case,
        Self::Certificate,
        Self::Contact,
        Self::ContactProposal,
        Self::Document,
        Self::DocumentRow,
        Self::Event,
        Self::Message,
        Self::Note,
        Self::Number,
        Self::PostalTask,
        Self::Profile,
        Self::ReadMark,
        Self::Scheme,
        Self::Service,
        Self::Staff,
        Self::Template,
    ];

    /// The kind's name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Applicant => "applicant",
            Self::Case => "case",
            Self::Certificate => "certificate",
            Self::Contact => "contact",
            Self::ContactProposal => "contact_proposal",
            Self::Document => "document",
            Self::DocumentRow => "document_row",
            Self::Event => "event",
            Self::Message => "message",
            Self::Note => "note",
            Self::Number => "number",
            Self::PostalTask => "postal_task",
            Self::Profile => "profile",
            Self::ReadMark => "read_mark",
            Self::Scheme => "scheme",
            Self::Service => "service",
            Self::Staff => "staff",
            Self::Template => "template",
        }
    }

    /// The kind with this name; `None` for one that a newer version may know.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A record's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordRef {
    /// What it is.
    pub kind: Kind,
    /// Which one.
    pub id: RecordId,
}

/// A record as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its name.
    pub at: RecordRef,
    /// Its content. Fields that this version does not know are kept.
    pub body: Value,
}

/// A record's body cannot be read as its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed;

impl Record {
    /// A record of this body.
    pub fn new<B: Serialize>(kind: Kind, id: RecordId, body: &B) -> Self {
        // bodies are plain structs with string keys: they always become JSON
        let body = serde_json::to_value(body).unwrap_or(Value::Null);
        Self { at: RecordRef { kind, id }, body }
    }

    /// This record with another body. Fields that this version does not know stay as they are; so a body
    /// must write all of its own, the empty ones too.
    pub fn with<B: Serialize>(&self, body: &B) -> Self {
        let mut new = Self::new(self.at.kind, self.at.id, body);
        if let (Value::Object(old), Value::Object(new)) = (&self.body, &mut new.body) {
            for (field, value) in old {
                new.entry(field).or_insert_with(|| value.clone());
            }
        }
        new
    }

    /// The body, read as its kind's type.
    pub fn read<B: DeserializeOwned>(&self) -> Result<B, Malformed> {
        B::deserialize(&self.body).map_err(|_| Malformed)
    }
}

/// Who sees a record. The only place that says so; both stores ask it.
pub fn audience(record: &Record) -> Result<Vec<Scope>, Malformed> {
    Ok(match record.at.kind {
        Kind::Applicant => {
            let applicant: Applicant = record.read()?;
            vec![Scope::Person(applicant.person)]
        }
        Kind::Case => {
            let case: Case = record.read()?;
            vec![Scope::Case(case.issuer, record.at.id)]
        }
        Kind::Certificate => {
            let certificate: Certificate = record.read()?;
            vec![Scope::Case(certificate.issuer, certificate.case)]
        }
        Kind::Contact => {
            let contact: Contact = record.read()?;
            vec![contact.scope()]
        }
        Kind::ContactProposal => {
            let proposal: ContactProposal = record.read()?;
            vec![Scope::Client(proposal.issuer, proposal.person)]
        }
        Kind::PostalTask => {
            let task: PostalTask = record.read()?;
            vec![Scope::Internal(task.issuer)]
        }
        Kind::Document => {
            let document: Document = record.read()?;
            // one that waits or was found insufficient is its own case's alone
            let accepted = matches!(document.handling, Handling::Accepted { .. });
            let common = document.common.filter(|_| accepted);
            let common = common.map(|it| Scope::Client(document.issuer, it.holder));
            std::iter::once(Scope::Case(document.issuer, document.case)).chain(common).collect()
        }
        Kind::DocumentRow => {
            let row: DocumentRow = record.read()?;
            vec![Scope::Case(row.issuer, row.case)]
        }
        Kind::Event => {
            let event: Event = record.read()?;
            vec![Scope::Case(event.issuer, event.case)]
        }
        Kind::Message => {
            let message: Message = record.read()?;
            vec![Scope::Case(message.issuer, message.case)]
        }
        Kind::Note => {
            let note: Note = record.read()?;
            vec![Scope::CaseStaff(note.issuer, note.case)]
        }
        Kind::Number => Vec::new(),
        Kind::ReadMark => {
            let mark: ReadMark = record.read()?;
            vec![Scope::Person(mark.person)]
        }
        Kind::Scheme => vec![Scope::Service(service_of(record)?)],
        Kind::Service => {
            let _: Service = record.read()?;
            vec![Scope::Service(record.at.id)]
        }
        Kind::Profile => {
            let profile: Profile = record.read()?;
            vec![Scope::Person(profile.person)]
        }
        Kind::Staff => {
            let staff: Staff = record.read()?;
            vec![Scope::Internal(staff.issuer)]
        }
        Kind::Template => {
            let template: Template = record.read()?;
            vec![Scope::Internal(template.issuer)]
        }
    })
}
