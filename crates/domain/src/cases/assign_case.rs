//! Who handles a case: an officer takes it, hands it over, or gives it back (KW-23, KW-24).

use serde::{Deserialize, Serialize};

use super::{Acting, Case, Happening, Party};
use crate::{
    Changes, Decision, PersonId, Reads, RecordId, RecordRef, Rejection, Scope, Timestamp,
    decision::found,
    identity::{Actor, Grant, Role, Staff},
};

/// Change who handles a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignCase {
    /// The case.
    pub case: RecordId,
    /// Who had it when this was written; `None` if nobody. Somebody else may have been quicker.
    pub from: Option<PersonId>,
    /// Who has it from now on; `None` lets it wait for an officer.
    pub to: Option<PersonId>,
}

/// What the rule needs to see: the case, then whether the new officer handles cases for that body.
pub fn reads(command: &AssignCase, so_far: &Reads) -> Vec<RecordRef> {
    let at = Case::at(command.case);
    let mut wanted = vec![at];
    if let (Some(to), Some(Ok(case))) = (command.to, so_far.found::<Case>(at)) {
        wanted.push(Staff::at(case.issuer, to));
    }
    wanted
}

/// What an officer of a case may see.
fn grants(case: &Case, id: RecordId, person: PersonId) -> impl Iterator<Item = (Role, Scope)> {
    let (issuer, holder) = (case.issuer, case.holder.person);
    debug_assert_ne!(person, holder);
    [
        (Role::CaseOfficer, Scope::Case(issuer, id)),
        (Role::CaseOfficer, Scope::CaseStaff(issuer, id)),
        (Role::CaseOfficer, Scope::Client(issuer, holder)),
        (Role::ServiceReader, Scope::Service(case.service)),
    ]
    .into_iter()
}

/// The rights that come with a case for its officer, from now on or until now.
pub(super) fn officer_grants(
    case: &Case,
    id: RecordId,
    person: PersonId,
    from: Timestamp,
    to: Option<Timestamp>,
) -> Vec<Grant> {
    grants(case, id, person)
        .map(|(role, scope)| Grant { person, role, scope, basis: id, from, to })
        .collect()
}

/// An officer takes a case for themselves, from nobody or from a colleague, or passes on one that they have.
/// Whoever acts on what is no longer so is told who has it.
pub fn decide(
    command: &AssignCase,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    let mut acting = Acting::on(reads, command.case)?;
    let case = &acting.case;
    let person = actor.person();
    let takes = person.is_some() && person == command.to;
    let passes_on = person.is_some_and(|person| case.is_officer(person));
    if !takes && !passes_on {
        // who is no party is not told that there is a case
        return Err(acting.party(actor).map_or_else(|no| no, |_| Rejection::OfficerOnly.into()));
    }
    // nor is who would take it and handles no cases there
    let absent = if passes_on { Rejection::OfficerNotFound } else { Rejection::CaseNotFound };
    let to: Option<Staff> =
        command.to.map(|to| found(reads, Staff::at(case.issuer, to), absent)).transpose()?;
    let has_it = case.officer.as_ref().map(|officer| officer.person);
    if has_it != command.from {
        let officer = case.officer.as_ref().map(|officer| officer.name.clone());
        return Err(Rejection::CaseAssigned { officer }.into());
    }
    if to.as_ref().is_some_and(|to| case.is_holder(to.person)) {
        return Err(Rejection::PartiesMustDiffer.into());
    }
    if command.to == has_it {
        return Err(Rejection::CaseAssigned { officer: to.map(|to| to.name) }.into());
    }
    let officer = to.map(|Staff { person, name, .. }| Party { person, name });
    let what = match &officer {
        Some(officer) => Happening::Assigned { officer: officer.name.clone() },
        None => Happening::Unassigned,
    };
    let by = match (&officer, &case.officer) {
        (Some(officer), _) if takes => officer.clone(),
        (_, Some(officer)) => officer.clone(),
        _ => return Err(Rejection::OfficerOnly.into()),
    };
    let ended = has_it.map(|person| officer_grants(case, command.case, person, now, Some(now)));
    let begun = command.to.map(|person| officer_grants(case, command.case, person, now, None));
    let grants = ended.into_iter().chain(begun).flatten().collect();
    acting.case.officer = officer;
    let (event, entry) = acting.log(Some(&by), now, what);
    Ok(Changes {
        create: vec![event],
        update: vec![acting.with(&acting.case)],
        grants,
        history: vec![entry],
        ..Changes::default()
    })
}
