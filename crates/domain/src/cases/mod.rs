//! A person's certification, from the application on.

pub mod assign_case;
pub mod decide_case;
pub mod open_case;
pub mod record_certificate;
pub mod record_exam;
pub mod set_proofs;
pub mod withdraw_application;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    Decision, HistoryEntry, IssuerId, Kind, PersonId, Reads, Record, RecordId, RecordRef,
    Rejection, Scope, Timestamp,
    decision::record,
    identity::{Actor, IdentityNumber},
    services::{Scheme, Service},
};

pub use assign_case::AssignCase;
pub use decide_case::{GrantCertificate, RefuseApplication};
pub use open_case::OpenCase;
pub use record_certificate::RecordCertificate;
pub use record_exam::RecordExam;
pub use set_proofs::SetProofs;
pub use withdraw_application::WithdrawApplication;

/// A person who takes part in a case, by the name that the others see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Who.
    pub person: PersonId,
    /// The name that the other party sees.
    pub name: String,
}

/// How far a case has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Applied for and not decided.
    Application,
    /// Granted: there is a certificate.
    Granted,
    /// Refused by the body.
    Refused,
    /// Taken back by the applicant.
    Withdrawn,
}

/// How a part of an examination went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exam {
    /// Which part: a code in the scheme.
    pub part: String,
    /// The day of the examination.
    pub held_on: NaiveDate,
    /// The mark as it stands in the protocol, such as "82 %"; may be empty.
    pub mark: String,
    /// Whether it is enough.
    pub passed: bool,
    /// When it was recorded: the latest counts (KW-31).
    pub recorded_at: Timestamp,
}

/// A case as both its parties see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The body that handles it.
    pub issuer: IssuerId,
    /// The service that it belongs to.
    pub service: RecordId,
    /// What is applied for, by its name in the service's settings.
    pub scheme: String,
    /// The number of the certificate that it is to renew, if it renews one (KW-96).
    #[serde(default)]
    pub renews: Option<String>,
    /// Registry number ("Order nr", KW-30).
    pub number: String,
    /// What is applied for, such as "F-gas, kategori I" (KW-27).
    pub title: String,
    /// Whose certification it is (KW-21).
    pub holder: Party,
    /// The number that they gave (KW-22).
    pub identity_number: IdentityNumber,
    /// The officer who handles it; nobody while it waits for one (KW-23, KW-24).
    pub officer: Option<Party>,
    /// How far it has come.
    pub stage: Stage,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Examinations, in the order in which they were recorded.
    pub exams: Vec<Exam>,
    /// When the applicant said that all is in (KW-81); nothing again once something is asked for anew.
    #[serde(default)]
    pub ready_at: Option<Timestamp>,
    /// How many events its log has: each has its number as its name, so that two of one moment are two.
    pub events: u32,
}

impl Case {
    /// Where a case is.
    pub fn at(case: RecordId) -> RecordRef {
        RecordRef { kind: Kind::Case, id: case }
    }

    /// The settings that hold in it.
    pub fn service_ref(&self) -> RecordRef {
        Service::at(self.service)
    }

    /// The scheme that it is for.
    pub fn scheme_ref(&self) -> RecordRef {
        Scheme::at(self.service, &self.scheme)
    }

    /// The party that this person is, if any.
    pub fn party(&self, person: PersonId) -> Option<&Party> {
        std::iter::once(&self.holder).chain(&self.officer).find(|party| party.person == person)
    }

    /// Whether this person is the one whose certification it is.
    pub fn is_holder(&self, person: PersonId) -> bool {
        self.holder.person == person
    }

    /// Whether this person handles it.
    pub fn is_officer(&self, person: PersonId) -> bool {
        self.officer.as_ref().is_some_and(|officer| officer.person == person)
    }

    /// The latest examination of a part (KW-31).
    pub fn latest_exam(&self, part: &str) -> Option<&Exam> {
        self.exams.iter().rev().find(|exam| exam.part == part)
    }
}

/// A certificate, from the day it is granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The body that granted it.
    pub issuer: IssuerId,
    /// The case in which it was granted.
    pub case: RecordId,
    /// Its number (KW-26).
    pub number: String,
    /// The level of authority, a code in the scheme; for schemes that have levels (KW-28).
    pub level: Option<String>,
    /// The day of the decision.
    pub granted_on: NaiveDate,
    /// The last day of validity, if its upkeep is not missed (KW-29).
    pub valid_to: NaiveDate,
    /// Whether there is a proof the size of a credit card (KW-32).
    pub card: bool,
    /// Whether it stands in the public register (KW-33).
    pub published: bool,
}

impl Certificate {
    /// Where the certificate of a case is, once there is one.
    pub fn at(case: RecordId) -> RecordRef {
        RecordRef { kind: Kind::Certificate, id: RecordId::within(case, b"certificate") }
    }
}

/// Something that happened in a case, for its log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The body whose case it is.
    pub issuer: IssuerId,
    /// The case.
    pub case: RecordId,
    /// Its number in the case's log.
    pub no: u32,
    /// When the server decided it; before that, when it was written.
    pub at: Timestamp,
    /// Who did it; `None` for the issuer's own systems.
    pub by: Option<PersonId>,
    /// Their name then; empty for the issuer's own systems.
    pub by_name: String,
    /// What.
    pub what: Happening,
}

/// What can happen in a case. Messages and documents stand in their own lists and are not told again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "happening", content = "params", rename_all = "snake_case")]
pub enum Happening {
    /// The case was opened.
    Opened,
    /// An officer has it from now on.
    Assigned {
        /// Their name.
        officer: String,
    },
    /// Nobody has it any more: it waits for an officer.
    Unassigned,
    /// An examination was recorded.
    ExamRecorded {
        /// Its part.
        part: String,
        /// Whether it is enough.
        passed: bool,
    },
    /// The certificate was granted.
    Granted {
        /// Its number.
        number: String,
    },
    /// The application was refused.
    Refused,
    /// The applicant took the application back.
    Withdrawn,
    /// Card or register were changed.
    ProofsSet {
        /// Whether there is a card.
        card: bool,
        /// Whether it stands in the public register.
        published: bool,
    },
}

impl Happening {
    /// The stable name that the chained history has for it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Opened => "case_opened",
            Self::Assigned { .. } => "case_assigned",
            Self::Unassigned => "case_unassigned",
            Self::ExamRecorded { .. } => "exam_recorded",
            Self::Granted { .. } => "certificate_granted",
            Self::Refused => "application_refused",
            Self::Withdrawn => "application_withdrawn",
            Self::ProofsSet { .. } => "proofs_set",
        }
    }
}

/// A case that somebody acts on.
pub(crate) struct Acting<'a> {
    pub(crate) at: RecordRef,
    pub(crate) record: &'a Record,
    pub(crate) case: Case,
}

impl<'a> Acting<'a> {
    /// The case, if it is there.
    pub(crate) fn on(reads: &'a Reads, case: RecordId) -> Result<Self, Decision> {
        let at = Case::at(case);
        let record = record(reads, at, Rejection::CaseNotFound)?;
        let case = record.read().map_err(Decision::Fault)?;
        Ok(Self { at, record, case })
    }

    /// The party that asks. Nobody else is told that there is a case.
    pub(crate) fn party(&self, actor: Actor) -> Result<&Party, Decision> {
        let party = actor.person().and_then(|person| self.case.party(person));
        party.ok_or_else(|| Rejection::CaseNotFound.into())
    }

    /// The officer who asks.
    pub(crate) fn officer(&self, actor: Actor) -> Result<&Party, Decision> {
        let party = self.party(actor)?;
        if self.case.is_officer(party.person) {
            Ok(party)
        } else {
            Err(Rejection::OfficerOnly.into())
        }
    }

    /// The certified person who asks.
    pub(crate) fn holder(&self, actor: Actor) -> Result<&Party, Decision> {
        let party = self.party(actor)?;
        if self.case.is_holder(party.person) {
            Ok(party)
        } else {
            Err(Rejection::HolderOnly.into())
        }
    }

    /// Fails unless the application waits for a decision.
    pub(crate) fn undecided(&self) -> Result<(), Rejection> {
        if self.case.stage == Stage::Application {
            Ok(())
        } else {
            Err(Rejection::CaseDecided { stage: self.case.stage })
        }
    }

    /// What the applicant said to be complete is not: something is asked for anew (KW-81). `None` if they
    /// have not said so.
    pub(crate) fn not_ready(&self) -> Option<Record> {
        self.case.ready_at.map(|_| self.with(&Case { ready_at: None, ..self.case.clone() }))
    }

    /// The case as it stands from now on.
    pub(crate) fn with(&self, case: &Case) -> Record {
        self.record.with(case)
    }

    /// What the log and the chained history say of something that happened. The case has one event more
    /// from now on and must be written.
    pub(crate) fn log(
        &mut self,
        by: Option<&Party>,
        now: Timestamp,
        what: Happening,
    ) -> (Record, HistoryEntry) {
        log(&mut self.case, self.at.id, by, now, what)
    }
}

/// The same, for a case that is not there yet.
pub(crate) fn log(
    case: &mut Case,
    id: RecordId,
    by: Option<&Party>,
    now: Timestamp,
    what: Happening,
) -> (Record, HistoryEntry) {
    let (issuer, event) = (case.issuer, what.name());
    case.events = case.events.saturating_add(1);
    let event_id = RecordId::within(id, format!("event/{}", case.events).as_bytes());
    let body = Event {
        issuer,
        case: id,
        no: case.events,
        at: now,
        by: by.map(|by| by.person),
        by_name: by.map(|by| by.name.clone()).unwrap_or_default(),
        what,
    };
    let entry = HistoryEntry { scope: Scope::Case(issuer, id), event, about: Case::at(id) };
    (Record::new(Kind::Event, event_id, &body), entry)
}
