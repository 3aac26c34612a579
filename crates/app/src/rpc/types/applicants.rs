//! The shapes of applications by people without an account.

use serde::{Deserialize, Serialize};

use super::{Purpose, Rejection, Words};

shapes! {
    /// Asks for the applications that wait.
    pub struct ApplicantsAsked {
        /// Why.
        pub purpose: Purpose,
    }

    /// Those that wait, the longest waiting first.
    pub struct ApplicantPage {
        /// The first of them.
        pub applicants: Vec<ApplicantLine>,
        /// How many wait in all.
        pub total: u32,
    }

    /// One that waits.
    pub struct ApplicantLine {
        /// Its id.
        pub id: String,
        /// The name that the applicant gave.
        pub name: String,
        /// What is applied for.
        pub title: Words,
        /// Whether it is for a renewal.
        pub renewal: bool,
        /// When the mail address was confirmed, RFC 3339 UTC.
        pub confirmed_at: String,
    }

    /// Asks for one of them.
    pub struct ApplicantAsked {
        /// Which.
        pub id: String,
        /// Why.
        pub purpose: Purpose,
    }

    /// An application as it was filled in.
    pub struct ApplicantView {
        /// Its id.
        pub id: String,
        /// What is applied for.
        pub title: Words,
        /// The number that the applicant gave.
        pub identity_number: String,
        /// What was filled in beside it.
        pub details: Vec<ApplicantDetail>,
        /// What they wrote.
        pub text: String,
        /// When the mail address was confirmed, RFC 3339 UTC.
        pub confirmed_at: String,
        /// The person whom the body knows by that number; null if there is none.
        pub known: Option<KnownView>,
    }

    /// One detail.
    pub struct ApplicantDetail {
        /// Its stable name.
        pub field: String,
        /// As people write it; empty if there is none.
        pub value: String,
        /// What the body holds on the person whom it knows; null if it knows nobody, or shows nothing.
        pub known: Option<String>,
    }

    /// Somebody whom the body knows.
    pub struct KnownView {
        /// Their name; empty if their identity is protected.
        pub name: String,
        /// Whether their identity is protected.
        pub protected: bool,
        /// Whether they have an account.
        pub has_account: bool,
        /// The registry number of the undecided case that they have of the same certification.
        pub undecided: Option<String>,
    }

    /// Makes a case of an application.
    pub struct ActivateApplicant {
        /// Which.
        pub id: String,
        /// Whether the officer has made sure that the telephone is the applicant's.
        pub phone_checked: bool,
    }

    /// Refuses an application.
    pub struct RefuseApplicant {
        /// Which.
        pub id: String,
        /// Why.
        pub reason: ApplicantRefusal,
    }

    /// Why an application is refused.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum ApplicantRefusal {
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
    #[serde(tag = "outcome", rename_all = "snake_case")]
    pub enum ApplicantHandled {
        /// There is a case.
        Activated {
            /// Its registry number.
            number: String,
            /// Whether the applicant was invited to an account.
            invited: bool,
            /// Who did it.
            by_name: String,
            /// Whether it was the person who asks.
            by_me: bool,
        },
        /// It was refused.
        Refused {
            /// Who did it.
            by_name: String,
            /// Whether it was the person who asks.
            by_me: bool,
        },
        /// A rule says no; it waits as before.
        Rejected {
            /// Which.
            rejection: Rejection,
        },
    }
}
