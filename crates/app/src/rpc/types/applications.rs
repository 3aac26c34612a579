//! The shapes of applying.

use serde::{Deserialize, Serialize};

use super::{CommandState, Rejection, Words};

shapes! {
    /// What can be applied for, and what has been.
    pub struct ApplicationForm {
        /// What can be applied for here.
        pub offers: Vec<Offer>,
        /// The application that is being written; null if none is.
        pub draft: Option<Application>,
        /// Applications that were sent from this computer and are no cases yet, newest first.
        pub under_way: Vec<ApplicationUnderWay>,
    }

    /// A certification that can be applied for.
    pub struct Offer {
        /// The service that offers it.
        pub service: String,
        /// What people call the service.
        pub service_name: Words,
        /// A code among its schemes.
        pub scheme: String,
        /// What people call it.
        pub name: Words,
        /// The identity number that the service's body knows the person by; null if it knows none.
        pub identity_number: Option<String>,
        /// The registry number of the person's own application for it that is not decided; null if none.
        pub undecided: Option<String>,
        /// The person's certificates of it: each can be renewed.
        pub certificates: Vec<RenewableCertificate>,
        /// Longest text that goes with it, in characters.
        pub max_text: u32,
    }

    /// A certificate that can be renewed.
    pub struct RenewableCertificate {
        /// The case in which it was granted.
        pub case: String,
        /// Its number.
        pub number: String,
        /// The last day of validity, such as 2026-11-22.
        pub valid_to: String,
    }

    /// An application as it is being written: sent, or kept as a draft.
    pub struct Application {
        /// The service; null before anything is chosen.
        pub service: Option<String>,
        /// A code among its schemes; empty before anything is chosen.
        pub scheme: String,
        /// The case whose certificate is to be renewed; null for a new certification.
        pub renews: Option<String>,
        /// Exactly as typed.
        pub identity_number: String,
        /// What the applicant wants the body to know; may be empty.
        pub text: String,
    }

    /// An application that was sent and is no case yet.
    pub struct ApplicationUnderWay {
        /// The command's id.
        pub command: String,
        /// What is applied for.
        pub name: Words,
        /// Whether it renews a certificate.
        pub renews: bool,
        /// When it was written, RFC 3339 UTC.
        pub written_at: String,
        /// Where it stands.
        pub state: CommandState,
        /// Why it was refused.
        pub reason: Option<Rejection>,
    }
}
