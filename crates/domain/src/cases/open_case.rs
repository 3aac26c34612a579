//! Beginning a case for a person whom the server knows.

use serde::{Deserialize, Serialize};

use super::{Case, Party};
use crate::{
    Changes, Decision, HistoryEntry, IssuerId, Kind, PersonId, Reads, Record, RecordId, RecordRef,
    Rejection, Scope, Timestamp,
    decision::found,
    documents::{DocumentRow, RowState},
    identity::{Actor, Grant, Profile, Role},
    services::Service,
};

/// Begin a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenCase {
    /// The new case's id.
    pub id: RecordId,
    /// The body that handles it.
    pub issuer: IssuerId,
    /// The service that it belongs to.
    pub service: RecordId,
    /// What is applied for, by its name in the service's settings.
    pub scheme: String,
    /// Registry number.
    pub number: String,
    /// What is applied for.
    pub title: String,
    /// Whose certification it is.
    pub holder: PersonId,
    /// Who handles it.
    pub officer: PersonId,
}

fn profile(person: PersonId) -> RecordRef {
    RecordRef { kind: Kind::Profile, id: RecordId(person.0) }
}

fn service(command: &OpenCase) -> RecordRef {
    RecordRef { kind: Kind::Service, id: command.service }
}

/// What the rule needs to see.
pub fn reads(command: &OpenCase) -> Vec<RecordRef> {
    vec![profile(command.holder), profile(command.officer), service(command)]
}

/// Only the issuer's own systems open cases; both parties must be registered and not the same person. The
/// case has a row for each document that its scheme asks for.
pub fn decide(
    command: &OpenCase,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    if actor != Actor::Operator {
        return Err(Rejection::OperatorOnly.into());
    }
    if command.holder == command.officer {
        return Err(Rejection::PartiesMustDiffer.into());
    }
    let party = |person| {
        let profile: Profile = found(reads, profile(person), Rejection::PersonNotFound)?;
        Ok::<_, Decision>(Party { person, name: profile.name })
    };
    let settings: Service = found(reads, service(command), Rejection::SchemeNotFound)?;
    let Some(scheme) = settings.scheme(&command.scheme) else {
        return Err(Rejection::SchemeNotFound.into());
    };
    let case = Case {
        issuer: command.issuer,
        service: command.service,
        scheme: command.scheme.clone(),
        number: command.number.clone(),
        title: command.title.clone(),
        holder: party(command.holder)?,
        officer: party(command.officer)?,
    };
    let scope = Scope::Case(command.issuer, command.id);
    let grant = |person, role| Grant { person, role, scope: scope.clone(), from: now, to: None };
    let reader = |person| Grant {
        person,
        role: Role::ServiceReader,
        scope: Scope::Service(command.service),
        from: now,
        to: None,
    };
    let record = Record::new(Kind::Case, command.id, &case);
    let rows = scheme.documents.iter().zip(0..).map(|(document, place)| {
        let row = DocumentRow {
            issuer: command.issuer,
            case: command.id,
            code: document.code.clone(),
            place,
            required: document.required,
            state: RowState::Open,
            document: None,
        };
        let id = RecordId::within(command.id, document.code.as_bytes());
        Record::new(Kind::DocumentRow, id, &row)
    });
    Ok(Changes {
        history: vec![HistoryEntry {
            scope: scope.clone(),
            event: "case_opened",
            about: record.at,
        }],
        grants: vec![
            grant(command.holder, Role::CaseHolder),
            grant(command.officer, Role::CaseOfficer),
            reader(command.holder),
            reader(command.officer),
        ],
        create: std::iter::once(record).chain(rows).collect(),
        ..Changes::default()
    })
}
