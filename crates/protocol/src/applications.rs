//! Applications by people without an account, for the officers of the body.

use std::fmt;

use behorig_domain::{
    RecordId, Timestamp, contact::Details, identity::IdentityNumber, services::Words,
};
use serde::{Deserialize, Serialize};

use crate::{Purpose, Refusal};

/// Asks for those that wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationsRequest {
    /// Why. Written down with each look.
    pub purpose: Purpose,
}

/// Those that wait, the longest waiting first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationsPage {
    /// The first of them.
    pub applications: Vec<WaitingApplication>,
    /// How many wait in all.
    pub total: u32,
}

/// One that waits.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingApplication {
    /// Its id.
    pub id: RecordId,
    /// The name that the applicant gave.
    pub name: String,
    /// What is applied for.
    pub title: Words,
    /// Whether it is for a renewal.
    pub is_renewal: bool,
    /// When the mail address was confirmed.
    pub confirmed_at: Timestamp,
}

impl fmt::Debug for WaitingApplication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitingApplication").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Asks for one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationRequest {
    /// Which.
    pub id: RecordId,
    /// Why. Written down with each look.
    pub purpose: Purpose,
}

/// An application as it was filled in, and what the body knows of whoever has that number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationShown {
    /// Its id.
    pub id: RecordId,
    /// What is applied for.
    pub title: Words,
    /// The number that the applicant gave.
    pub identity_number: IdentityNumber,
    /// How to reach them, as they say.
    pub details: Details,
    /// What they wrote, with what they said of a renewal.
    pub text: String,
    /// When the mail address was confirmed.
    pub confirmed_at: Timestamp,
    /// The person whom the body knows by that number.
    pub known: Option<KnownPerson>,
}

/// Somebody whom the body knows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownPerson {
    /// Their name; empty if their identity is protected.
    pub name: String,
    /// Whether their identity is protected.
    pub protected: bool,
    /// What the body holds on them; `None` if their identity is protected.
    pub details: Option<Details>,
    /// Whether they have an account.
    pub has_account: bool,
    /// The registry number of the undecided case that they have of the same certification.
    pub undecided: Option<String>,
}

impl fmt::Debug for KnownPerson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KnownPerson").finish_non_exhaustive()
    }
}

/// Makes a case of an application, and an account for whoever has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivateApplication {
    /// Which.
    pub id: RecordId,
    /// Whether the officer has made sure that the telephone is the applicant's: codes go to it. Needed for
    /// whoever has no account.
    pub phone_checked: bool,
}

/// Refuses an application. What was filled in is erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefuseApplication {
    /// Which.
    pub id: RecordId,
    /// Why.
    pub reason: ApplicationRefusal,
}

/// Why an application is refused. A closed list: a mail tells it, in words that say nothing of anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationRefusal {
    /// What was filled in is not enough, or not right.
    Incomplete,
    /// The body could not make sure who applies.
    NotVerified,
    /// They apply in the program, where they have an account or a case.
    HasAccount,
    /// The body does not certify what they want.
    NotOffered,
}

/// What became of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum ApplicationOutcome {
    /// There is a case.
    Activated {
        /// Its id.
        case: RecordId,
        /// Its registry number.
        number: String,
        /// Whether the applicant was invited to an account.
        invited: bool,
    },
    /// It was refused.
    Refused {
        /// Why.
        reason: ApplicationRefusal,
    },
}

/// What became of it and by whom: by somebody else, perhaps, who was faster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationHandled {
    /// What.
    #[serde(flatten)]
    pub outcome: ApplicationOutcome,
    /// The officer's name.
    pub by_name: String,
    /// Whether it was whoever asks.
    pub by_me: bool,
}

/// The answer to whoever wants to handle an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum ApplicationAnswer {
    /// It is handled, now or before.
    Handled(ApplicationHandled),
    /// A rule says no; it waits as before.
    Rejected {
        /// Which.
        rejection: Refusal,
    },
}
