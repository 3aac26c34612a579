//! Beginning a case for a person whom the server knows.

use serde::{Deserialize, Serialize};

use super::{Case, Party};
use crate::{
    Changes, Decision, HistoryEntry, IssuerId, Kind, PersonId, Reads, Record, RecordId, RecordRef,
    Rejection, Scope, Timestamp,
    decision::found,
    identity::{Actor, Grant, Profile, Role},
};

/// Begin a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenCase {
    /// The new case's id.
    pub id: RecordId,
    /// The body that handles it.
    pub issuer: IssuerId,
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

/// What the rule needs to see.
pub fn reads(command: &OpenCase) -> Vec<RecordRef> {
    vec![profile(command.holder), profile(command.officer)]
}

/// Only the issuer's own systems open cases; both parties must be registered and not the same person.
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
    let case = Case {
        issuer: command.issuer,
        number: command.number.clone(),
        title: command.title.clone(),
        holder: party(command.holder)?,
        officer: party(command.officer)?,
    };
    let scope = Scope::Case(command.issuer, command.id);
    let grant = |person, role| Grant { person, role, scope: scope.clone(), from: now, to: None };
    let record = Record::new(Kind::Case, command.id, &case);
    Ok(Changes {
        history: vec![HistoryEntry {
            scope: scope.clone(),
            event: "case_opened",
            about: record.at,
        }],
        grants: vec![
            grant(command.holder, Role::CaseHolder),
            grant(command.officer, Role::CaseOfficer),
        ],
        create: vec![record],
    })
}
