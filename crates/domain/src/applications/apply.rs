//! A person who is signed in applies, for the first time or to renew (KW-96, KW-97).

use serde::{Deserialize, Serialize};

use super::{Applicant, Claimed, Series};
use crate::{
    Changes, Decision, Kind, PersonId, Read, Reads, Record, RecordId, RecordRef, Rejection,
    Timestamp,
    cases::{
        Case, Certificate, Party, Stage,
        open_case::{Opening, series},
    },
    contact::Contact,
    decision::found,
    identity::{Actor, IdentityNumber, Profile},
    messages::{Message, Origin, send_message::check_text},
    services::{Scheme, Service},
};

/// Apply for a certification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apply {
    /// The new case's id.
    pub case: RecordId,
    /// Who applies: whoever asks.
    pub applicant: PersonId,
    /// The service.
    pub service: RecordId,
    /// What is applied for, by its name in the service's settings.
    pub scheme: String,
    /// The case whose certificate is to be renewed; `None` for a new certification.
    pub renews: Option<RecordId>,
    /// The applicant's number.
    pub identity_number: IdentityNumber,
    /// The id of the message that goes with it.
    pub message: RecordId,
    /// What the applicant wants the body to know; may be empty.
    pub text: String,
    /// When it was written, by the writer's clock.
    pub written_at: Timestamp,
}

impl Apply {
    fn service_ref(&self) -> RecordRef {
        Service::at(self.service)
    }

    fn scheme_ref(&self) -> RecordRef {
        Scheme::at(self.service, &self.scheme)
    }

    /// The records that it makes and that the applicant sees.
    pub fn writes(&self) -> Vec<RecordRef> {
        let message = RecordRef { kind: Kind::Message, id: self.message };
        vec![Case::at(self.case), message]
    }
}

/// What the rule needs to see: the service, the scheme and what is renewed, then what its body knows of the applicant,
/// then their case of the same scheme.
pub fn reads(command: &Apply, so_far: &Reads) -> Vec<RecordRef> {
    let renews =
        command.renews.into_iter().flat_map(|case| [Case::at(case), Certificate::at(case)]);
    let mut wanted =
        vec![command.service_ref(), command.scheme_ref(), Profile::at(command.applicant)];
    wanted.extend(renews);
    let service = so_far.found::<Service>(command.service_ref()).and_then(Result::ok);
    if let Some(issuer) = service.and_then(|service| service.issuer) {
        let applicant = Applicant::at(issuer, command.applicant);
        wanted.extend([
            Contact::at(issuer, command.applicant),
            applicant,
            Claimed::at(issuer, &command.identity_number),
            Series::at(issuer),
        ]);
        let known = so_far.found::<Applicant>(applicant).and_then(Result::ok);
        let newest = known.and_then(|known| known.cases.get(&command.scheme).copied());
        wanted.extend(newest.map(Case::at));
    }
    wanted
}

/// Whoever is signed in applies for themselves: for what is offered, with their own number, and not for what
/// they have applied for already. The body's next registry number makes it a case that waits for an officer.
pub fn decide(
    command: &Apply,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    let person = command.applicant;
    if actor != Actor::Person(person) {
        return Err(Rejection::HolderOnly.into());
    }
    let service: Service = found(reads, command.service_ref(), Rejection::SchemeNotFound)?;
    let scheme: Scheme = found(reads, command.scheme_ref(), Rejection::SchemeNotFound)?;
    if !is_offered(&service, &scheme) {
        return Err(Rejection::SchemeClosed.into());
    }
    let issuer = service.issuer.ok_or(Rejection::SchemeClosed)?;
    let has_text = !command.text.trim().is_empty();
    if has_text {
        check_text(&command.text, service.message_max)?;
    }
    let known: Option<Applicant> =
        reads.found(Applicant::at(issuer, person)).transpose().map_err(Decision::Fault)?;
    check_identity(
        command,
        known.as_ref(),
        reads.get(Claimed::at(issuer, &command.identity_number)),
    )?;
    check_undecided(known.as_ref(), &command.scheme, reads)?;
    let renews = renewed(command, reads)?;
    let profile: Profile = found(reads, Profile::at(person), Rejection::PersonNotFound)?;
    let number = series(issuer, reads)?.next(now);
    let opening = Opening {
        id: command.case,
        issuer,
        service: command.service,
        scheme: &scheme,
        number,
        title: scheme.name.sv.clone(),
        holder: Party { person, name: profile.name.clone() },
        identity_number: command.identity_number.clone(),
        officer: None,
        renews,
    };
    let by = opening.holder.clone();
    let mut changes = opening.changes(Some(&by), now, reads)?;
    if has_text {
        let usual = service.message_types.first().map(|usual| usual.code.clone());
        let message = Message {
            issuer,
            case: command.case,
            thread: command.message,
            message_type: usual.unwrap_or_default(),
            origin: Origin::Written,
            author: person,
            author_name: profile.name,
            text: command.text.clone(),
            documents: Vec::new(),
            written_at: command.written_at,
            received_at: now,
        };
        changes.create.push(Record::new(Kind::Message, command.message, &message));
    }
    Ok(changes)
}

/// The number must be the one that the body knows, and nobody else's. Both are told alike.
fn check_identity(
    command: &Apply,
    known: Option<&Applicant>,
    claimed: &Read,
) -> Result<(), Decision> {
    let is_known = known.is_none_or(|known| known.identity_number == command.identity_number);
    let is_theirs = match claimed {
        Read::Found(record) => {
            let claimed: Claimed = record.read().map_err(Decision::Fault)?;
            claimed.person == command.applicant
        }
        Read::Absent | Read::Unseen => true,
    };
    if is_known && is_theirs { Ok(()) } else { Err(Rejection::IdentityNumberDiffers.into()) }
}

/// Nobody applies twice for the same before the first is decided.
fn check_undecided(known: Option<&Applicant>, scheme: &str, reads: &Reads) -> Result<(), Decision> {
    let newest = known.and_then(|known| known.cases.get(scheme));
    let Some(case) = newest.and_then(|id| reads.found::<Case>(Case::at(*id))) else {
        return Ok(());
    };
    let case = case.map_err(Decision::Fault)?;
    if case.stage == Stage::Application {
        return Err(Rejection::AlreadyApplied { number: case.number }.into());
    }
    Ok(())
}

/// The number of the certificate that is to be renewed: the applicant's own, and of the same scheme.
fn renewed(command: &Apply, reads: &Reads) -> Result<Option<String>, Decision> {
    let Some(id) = command.renews else { return Ok(None) };
    let case: Case = found(reads, Case::at(id), Rejection::NothingToRenew)?;
    let is_same = case.service == command.service && case.scheme == command.scheme;
    if !case.is_holder(command.applicant) || !is_same {
        return Err(Rejection::NothingToRenew.into());
    }
    let at = Certificate::at(id);
    let certificate: Certificate = found(reads, at, Rejection::NothingToRenew)?;
    Ok(Some(certificate.number))
}

/// Whether a scheme can be applied for in the program.
pub fn is_offered(service: &Service, scheme: &Scheme) -> bool {
    service.issuer.is_some() && !scheme.closed && service.schemes.contains(&scheme.code)
}
