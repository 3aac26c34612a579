//! The shapes of contact details and letters.

use serde::{Deserialize, Serialize};

use super::{CommandState, Rejection};

shapes! {
    /// What a body holds on the person whose case it is.
    pub struct ContactView {
        /// Whether that is the person who is signed in.
        pub mine: bool,
        /// Whether the person who is signed in decides what they propose.
        pub mine_to_handle: bool,
        /// Whether their identity is protected.
        pub protected: bool,
        /// Every detail, as the server has it.
        pub details: Vec<Detail>,
        /// The latest change that was proposed; null if there is none.
        pub proposal: Option<ProposalView>,
        /// What was proposed here last and not taken as it stood; null if it was.
        pub not_taken: Option<NotTaken>,
        /// What is being typed over the details, as JSON: the text of each by its name; empty if nothing is.
        pub draft: String,
        /// The reason for a refusal as it is being written.
        pub refusal_draft: String,
        /// Longest reason, in characters.
        pub max_reason: u32,
    }

    /// One detail.
    pub struct Detail {
        /// Its stable name.
        pub field: String,
        /// As people write it; empty if there is none.
        pub value: String,
    }

    /// One detail that is to change.
    #[derive(PartialEq, Eq)]
    pub struct ChangeView {
        /// Its stable name.
        pub field: String,
        /// What stands there.
        pub from: String,
        /// What is to stand there.
        pub to: String,
    }

    /// What became of a proposal.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum ProposalState {
        /// Nothing yet.
        Waiting,
        /// It is in force.
        Accepted,
        /// It is not, and an officer has said why.
        Refused,
        /// It was taken back.
        Withdrawn,
    }

    /// A change that was proposed.
    pub struct ProposalView {
        /// Its id; empty before the server has it.
        pub proposal: String,
        /// Only what changes.
        pub changes: Vec<ChangeView>,
        /// What became of it, with what is expected of commands on their way.
        pub handling: ProposalState,
        /// RFC 3339 UTC: received by the server, or written here while it has not answered.
        pub at: String,
        /// Where its sending stands.
        pub state: CommandState,
        /// The command that can be taken back; null once it has left or on another computer.
        pub withdraw: Option<String>,
        /// Who decided it; empty if nobody.
        pub handled_by: String,
        /// When, RFC 3339 UTC.
        pub handled_at: Option<String>,
        /// Why it was refused; empty if it was not.
        pub handled_why: String,
        /// Where this person's own deciding stands; null if they did not here.
        pub handling_state: Option<CommandState>,
        /// Why that was refused by the server.
        pub handling_reason: Option<Rejection>,
    }

    /// A proposal that the server did not take.
    pub struct NotTaken {
        /// Its command.
        pub command: String,
        /// What was to change.
        pub changes: Vec<ChangeView>,
        /// Why it was refused.
        pub reason: Option<Rejection>,
    }

    /// What is being typed over the details of a case's holder.
    pub struct ContactDraft {
        /// The case.
        pub case: String,
        /// JSON: the text of each detail that was touched, by its name.
        pub text: String,
    }

    /// What comes of what was typed.
    pub struct ContactPreview {
        /// What changes.
        pub changes: Vec<ChangeView>,
        /// What cannot be sent.
        pub faults: Vec<ContactFault>,
    }

    /// A detail that cannot be what was typed.
    pub struct ContactFault {
        /// Which.
        pub field: String,
        /// Why.
        pub reason: Rejection,
    }

    /// Which proposal.
    pub struct ProposalRef {
        /// The case through which it is seen.
        pub case: String,
        /// Its id.
        pub proposal: String,
    }

    /// Putting a proposal in force.
    pub struct AcceptProposal {
        /// The case through which it is seen.
        pub case: String,
        /// Its id.
        pub proposal: String,
        /// What it was seen to change.
        pub changes: Vec<ChangeView>,
    }

    /// The reason for refusing a proposal, as it is being written.
    pub struct ContactRefusal {
        /// The case through which it is seen.
        pub case: String,
        /// Why, and what to do.
        pub reason: String,
    }

    /// Refusing a proposal.
    pub struct RefuseProposal {
        /// The case through which it is seen.
        pub case: String,
        /// Its id.
        pub proposal: String,
        /// What it was seen to change.
        pub changes: Vec<ChangeView>,
        /// Why, and what to do.
        pub reason: String,
    }

    /// The letters that are to be posted.
    pub struct PostView {
        /// Oldest first.
        pub letters: Vec<LetterView>,
    }

    /// A letter that is to be posted, or has just been.
    pub struct LetterView {
        /// Its id.
        pub letter: String,
        /// The case; null if the person does not see it.
        pub case: Option<String>,
        /// Its registry number.
        pub number: String,
        /// The kind of what is new in it.
        pub about: String,
        /// Since when, RFC 3339 UTC.
        pub at: String,
        /// Whether whom it is for has a protected identity.
        pub protected: bool,
        /// What stands on it, line by line; empty if the person does not see the case.
        pub address: Vec<String>,
        /// Where noting that it is posted stands; null before.
        pub state: Option<CommandState>,
    }

    /// Which letter.
    pub struct LetterRef {
        /// Its id.
        pub letter: String,
    }
}
