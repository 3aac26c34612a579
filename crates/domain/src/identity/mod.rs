//! Who somebody is and what that lets them see.

pub mod appoint_officer;
mod identity_number;
mod password;
pub mod register_person;

use serde::{Deserialize, Serialize};

use crate::{IssuerId, Kind, PersonId, RecordId, RecordRef, Scope, Timestamp};

pub use appoint_officer::AppointOfficer;
pub(crate) use identity_number::luhn_holds;
pub use identity_number::{IdentityNumber, NoIdentityNumber};
pub use password::{PASSWORD_MAX, PASSWORD_MIN, PasswordFault, password_fault};
pub use register_person::RegisterPerson;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who is signed in.
    Person(PersonId),
    /// The issuer's own systems, at the server itself. Never over the wire.
    Operator,
}

impl Actor {
    /// The person who asks; `None` for the issuer's own systems.
    pub fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(person) => Some(person),
            Self::Operator => None,
        }
    }
}

/// What the program calls a person; only they see it. Its record id is the person's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Who.
    pub person: PersonId,
    /// The name as the person gave it (KW-21).
    pub name: String,
}

impl Profile {
    /// Where a person's profile is.
    pub fn at(person: PersonId) -> RecordRef {
        RecordRef { kind: Kind::Profile, id: RecordId(person.0) }
    }
}

/// Somebody who handles cases for a body. Everybody who does sees who else does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// The body.
    pub issuer: IssuerId,
    /// Who.
    pub person: PersonId,
    /// The name that applicants see.
    pub name: String,
}

impl Staff {
    /// Where it says that a person handles cases for a body.
    pub fn at(issuer: IssuerId, person: PersonId) -> RecordRef {
        let id = RecordId::within(RecordId(issuer.0), person.0.as_bytes());
        RecordRef { kind: Kind::Staff, id }
    }
}

/// What somebody is in a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The person whose certification it is.
    CaseHolder,
    /// The officer who handles it.
    CaseOfficer,
    /// Somebody who has to do with a service and so sees its settings.
    ServiceReader,
    /// Somebody who handles cases for a body.
    Staff,
}

/// A person may see a scope, for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: Role,
    /// Where.
    pub scope: Scope,
    /// What gives the right, such as a case. Who has it by two cases keeps it when one ends.
    pub basis: RecordId,
    /// From this moment on.
    pub from: Timestamp,
    /// Until just before this moment; `None` is without end.
    pub to: Option<Timestamp>,
}

impl Grant {
    fn holds(&self, now: Timestamp) -> bool {
        self.from <= now && self.to.is_none_or(|to| now < to)
    }
}

/// A scope that a person has, or had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Which.
    pub scope: Scope,
    /// `false` once every grant of it has ended: the replica erases it.
    pub current: bool,
}

/// The scopes that a person has or had, in the order of their names, each once.
pub fn scopes_of(person: PersonId, grants: &[Grant], now: Timestamp) -> Vec<Membership> {
    let mut scopes = std::collections::BTreeMap::from([(Scope::Person(person), true)]);
    for grant in grants.iter().filter(|grant| grant.person == person && grant.from <= now) {
        let current = scopes.entry(grant.scope.clone()).or_insert(false);
        *current = *current || grant.holds(now);
    }
    scopes.into_iter().map(|(scope, current)| Membership { scope, current }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{IssuerId, RecordId};

    #[test]
    fn a_scope_ends_when_its_last_grant_ends_and_another_persons_grant_opens_nothing() {
        let id = uuid::Uuid::from_u128;
        let at = |millis| Timestamp::from_millis(millis).unwrap_or_else(|| unreachable!());
        let (me, other) = (PersonId(id(1)), PersonId(id(2)));
        let case = |n| Scope::Case(IssuerId(id(8)), RecordId(id(n)));
        let grant = |person, n, to: Option<i64>| Grant {
            person,
            role: Role::CaseOfficer,
            scope: case(n),
            basis: RecordId(id(n)),
            from: at(10),
            to: to.map(at),
        };
        let grants = [
            grant(me, 100, Some(20)),
            grant(me, 101, Some(20)),
            grant(me, 101, None),
            grant(other, 102, None),
        ];
        let seen = |now| -> Vec<(Scope, bool)> {
            scopes_of(me, &grants, at(now)).into_iter().map(|m| (m.scope, m.current)).collect()
        };
        assert_eq!(seen(9), [(Scope::Person(me), true)], "nothing before it begins");
        let mine = Scope::Person(me);
        assert_eq!(seen(19), [(mine.clone(), true), (case(100), true), (case(101), true)]);
        assert_eq!(seen(20), [(mine, true), (case(100), false), (case(101), true)]);
    }
}
