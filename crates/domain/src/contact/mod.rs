//! What a body holds on a person to reach them and to bill them: shown to them and to the officers of their
//! cases, and changed by the officer on the person's proposal (KW-57 to KW-61).

mod decide_change;
mod field;
pub mod post;
pub mod propose_change;
pub mod set_contact;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    Decision, HistoryEntry, IssuerId, Kind, PersonId, Reads, Record, RecordId, RecordRef,
    Rejection, Scope, Timestamp, cases::Acting, decision::record,
};

pub use decide_change::{
    AcceptContactChange, RefuseContactChange, WithdrawContactChange, accept, reads, refuse,
    withdraw,
};
pub use field::{FieldFault, fault_in, shown, tidy};
pub use post::{CompletePostalTask, PostalTask};
pub use propose_change::ProposeContactChange;
pub use set_contact::SetContact;

macro_rules! details {
    ($($(#[$doc:meta])* $field:ident $name:ident)*) => {
        /// One of the details.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Field {
            $($(#[$doc])* $field,)*
        }

        impl Field {
            /// All of them, in the order in which people read them.
            pub const ALL: &'static [Self] = &[$(Self::$field,)*];

            /// Its stable name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$field => stringify!($name),)*
                }
            }
        }

        /// What the body holds, each detail as it is stored; empty if there is none.
        #[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Details {
            $($(#[$doc])* pub $name: String,)*
        }

        impl Details {
            /// A detail.
            pub fn get(&self, field: Field) -> &str {
                match field {
                    $(Field::$field => &self.$name,)*
                }
            }

            /// Replaces a detail.
            pub fn set(&mut self, field: Field, value: String) {
                match field {
                    $(Field::$field => self.$name = value,)*
                }
            }
        }
    };
}

details! {
    /// The name as registered.
    Name name
    /// Whose letter-box it is, if it is not their own.
    CareOf care_of
    /// Street and number, or box.
    Street street
    /// Five digits in Sweden.
    PostalCode postal_code
    /// Post town.
    Town town
    /// Two letters, as in ISO 3166.
    Country country
    /// With the country's number, as in E.164.
    Phone phone
    /// Where they read mail.
    Email email
    /// The company, if they gave one.
    CompanyName company_name
    /// The company's organisation number, with its hyphen.
    CompanyNumber company_number
    /// Where invoices go: [`BILLING_OWN`] or [`BILLING_OTHER`].
    Billing billing
    /// Who is billed at the other address.
    BillingName billing_name
    /// The other address.
    BillingStreet billing_street
    /// The other address.
    BillingPostalCode billing_postal_code
    /// The other address.
    BillingTown billing_town
    /// The other address.
    BillingCountry billing_country
    /// What the invoice is to say, for whoever pays it.
    BillingReference billing_reference
    /// Where invoices go by mail.
    BillingEmail billing_email
    /// How they are told that there is something new: [`DIGITAL`] or [`ANALOG`] (KW-25).
    Channel channel
}

/// Told by e-mail.
pub const DIGITAL: &str = "digital";
/// Told by letter.
pub const ANALOG: &str = "analog";
/// Invoices go to the person's own address.
pub const BILLING_OWN: &str = "own";
/// Invoices go to an address of their own.
pub const BILLING_OTHER: &str = "other";
/// The country of who gave none.
pub const SWEDEN: &str = "SE";

impl fmt::Debug for Details {
    /// Hides all of it, so that no log has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Details(…)")
    }
}

impl Details {
    /// What is known of somebody who gave nothing but a name.
    pub fn of(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }.settled()
    }

    /// The same, with what follows from the rest: what is chosen from few has a choice, and an address that
    /// is not used is not kept.
    #[must_use]
    pub fn settled(mut self) -> Self {
        for (value, usual) in [
            (&mut self.country, SWEDEN),
            (&mut self.billing, BILLING_OWN),
            (&mut self.channel, DIGITAL),
        ] {
            if value.is_empty() {
                usual.clone_into(value);
            }
        }
        if self.billing != BILLING_OTHER {
            for field in BILLING_ADDRESS {
                self.set(*field, String::new());
            }
        } else if self.billing_country.is_empty() {
            SWEDEN.clone_into(&mut self.billing_country);
        }
        self
    }

    /// Fails unless all of them can be used together: each that is there, and each that another one needs.
    fn check(&self) -> Result<(), Rejection> {
        let is_there = |field| field == Field::Name || !self.get(field).is_empty();
        let fault = |field: &Field| Some((*field, fault_in(self, *field, is_there)?));
        match Field::ALL.iter().find_map(fault) {
            None => Ok(()),
            Some((field, fault)) => Err(Rejection::ContactFieldUnusable { field, fault }),
        }
    }

    /// Where the two differ.
    pub fn changes_to(&self, new: &Self) -> Vec<FieldChange> {
        let changed = Field::ALL.iter().filter(|field| self.get(**field) != new.get(**field));
        let change = |field: &Field| FieldChange {
            field: *field,
            from: self.get(*field).to_owned(),
            to: new.get(*field).to_owned(),
        };
        changed.map(change).collect()
    }
}

/// What only an address of its own for invoices has.
const BILLING_ADDRESS: &[Field] = &[
    Field::BillingName,
    Field::BillingStreet,
    Field::BillingPostalCode,
    Field::BillingTown,
    Field::BillingCountry,
];

/// One detail, as it was when somebody changed it and as it is to be.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Which.
    pub field: Field,
    /// What stood there.
    pub from: String,
    /// What is to stand there.
    pub to: String,
}

impl fmt::Debug for FieldChange {
    /// Says which, never what.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FieldChange({})", self.field.name())
    }
}

/// What a body holds on a person. It never leaves the person and the officers of their cases: no list, no
/// queue and no log has a copy. So who has a protected identity needs no other record, only the mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The body.
    pub issuer: IssuerId,
    /// Who.
    pub person: PersonId,
    /// Whether their identity is protected: whoever sees the details is told so.
    pub protected: bool,
    /// The details.
    #[serde(flatten)]
    pub details: Details,
}

impl Contact {
    /// Where it is.
    pub fn at(issuer: IssuerId, person: PersonId) -> RecordRef {
        let id = RecordId::within(RecordId(issuer.0), format!("contact/{person}").as_bytes());
        RecordRef { kind: Kind::Contact, id }
    }

    /// Who sees it.
    pub(crate) fn scope(&self) -> Scope {
        Scope::Client(self.issuer, self.person)
    }

    /// Fails unless each detail still is what somebody saw who wants to change it.
    fn still_is(&self, changes: &[FieldChange]) -> Result<(), Rejection> {
        match changes.iter().find(|change| self.details.get(change.field) != change.from) {
            None => Ok(()),
            Some(FieldChange { field, .. }) => Err(Rejection::ContactChanged { field: *field }),
        }
    }

    fn log(&self, event: &'static str) -> HistoryEntry {
        let about = Self::at(self.issuer, self.person);
        HistoryEntry { scope: self.scope(), event, about }
    }
}

/// The latest change that a person has proposed. The next one takes its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactProposal {
    /// The body.
    pub issuer: IssuerId,
    /// Whose details.
    pub person: PersonId,
    /// Which proposal it is: whoever decides names the one that they have seen.
    pub id: RecordId,
    /// Only what is to change (KW-59).
    pub changes: Vec<FieldChange>,
    /// When the server received it; before that, when it was written.
    pub received_at: Timestamp,
    /// What became of it.
    pub handling: ProposalHandling,
}

impl ContactProposal {
    /// Where the latest proposal for a person's details is.
    pub fn at(contact: RecordId) -> RecordRef {
        RecordRef { kind: Kind::ContactProposal, id: RecordId::within(contact, b"proposal") }
    }
}

/// What became of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ProposalHandling {
    /// It waits for an officer; what stood there still stands (KW-61).
    Waiting,
    /// An officer has put it in force.
    Accepted {
        /// Who.
        by: PersonId,
        /// Their name then.
        by_name: String,
        /// When.
        at: Timestamp,
    },
    /// An officer has not.
    Refused {
        /// Who.
        by: PersonId,
        /// Their name then.
        by_name: String,
        /// When.
        at: Timestamp,
        /// Why, and what to do.
        reason: String,
    },
    /// The person has taken it back.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
}

/// The details that somebody acts on through a case of the person's.
struct Held<'a> {
    record: &'a Record,
    contact: Contact,
}

impl<'a> Held<'a> {
    fn by(acting: &Acting<'_>, reads: &'a Reads, contact: RecordId) -> Result<Self, Decision> {
        let at = Contact::at(acting.case.issuer, acting.case.holder.person);
        if at.id != contact {
            return Err(Rejection::ContactNotFound.into());
        }
        let record = record(reads, at, Rejection::ContactNotFound)?;
        Ok(Self { record, contact: record.read().map_err(Decision::Fault)? })
    }
}

#[cfg(test)]
mod tests;
