//! The shapes of the overview and of looking for words.

use serde::{Deserialize, Serialize};

shapes! {
    /// Where in the window something stands.
    #[serde(tag = "at", rename_all = "snake_case")]
    #[derive(PartialEq, Eq)]
    pub enum PlaceView {
        /// In a case as a whole.
        Case,
        /// In what the body holds on the person whose case it is.
        Address,
        /// In a conversation.
        Messages {
            /// Which; null in a new one, or in the case's as they are.
            thread: Option<String>,
        },
        /// Among the documents that a case asks for.
        Documents {
            /// In which row; null in any.
            row: Option<String>,
        },
        /// Where a case is decided.
        Decision,
        /// Where one applies.
        Application,
        /// Among the notes on a case.
        Notes,
        /// Among the texts that officers share.
        Templates,
        /// Among the letters that are to be posted.
        Post,
        /// In the outbox.
        Outbox,
    }

    /// What something is in: enough to tell two certificates apart.
    pub struct CaseRef {
        /// The case's id.
        pub id: String,
        /// What people call it.
        pub title: String,
        /// Its registry number.
        pub number: String,
        /// Whose it is, where that is not the person themself.
        pub holder: Option<String>,
    }

    /// What can need somebody.
    #[derive(Copy, PartialEq, Eq, PartialOrd, Ord)]
    #[serde(rename_all = "snake_case")]
    pub enum NeedKind {
        /// Documents are asked for again: refused, or completion is asked for.
        AwaitedAgain,
        /// Documents and explanations wait for an officer.
        ToHandle,
        /// A change of contact details waits for an officer.
        ContactToHandle,
        /// Messages are not read.
        Unread,
        /// Documents are to be sent in.
        ToSend,
        /// A certificate runs out soon.
        CertificateEnds,
        /// Letters are to be posted.
        Letters,
        /// A text is being written.
        Draft,
        /// Files are picked and not sent.
        FilesUnsent,
    }

    /// Something that needs the person.
    pub struct Need {
        /// What.
        pub kind: NeedKind,
        /// Of how many.
        pub count: i32,
        /// The last day of a certificate that runs out.
        pub valid_to: Option<String>,
        /// The case, if it is in one.
        pub case: Option<CaseRef>,
        /// Where it leads.
        pub place: PlaceView,
    }

    /// What can be new.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum NewsKind {
        /// Something happened in the case: `happening` says what.
        Event,
        /// A document was found sufficient.
        DocumentAccepted,
        /// A document was found insufficient.
        DocumentRefused,
        /// A change of contact details is in force.
        ContactAccepted,
        /// A change of contact details was refused.
        ContactRefused,
    }

    /// What somebody else has done.
    pub struct NewsLine {
        /// What.
        pub kind: NewsKind,
        /// Of an event: which, as the case's log has it.
        pub happening: Option<String>,
        /// What its words are made with.
        #[cfg_attr(test, ts(type = "Record<string, unknown>"))]
        pub params: serde_json::Value,
        /// Who.
        pub by: String,
        /// When.
        pub at: String,
        /// The case.
        pub case: CaseRef,
        /// Where it leads.
        pub place: PlaceView,
    }

    /// What there is to see before anything is opened.
    pub struct OverviewView {
        /// What needs the person, the most pressing first.
        pub needs: Vec<Need>,
        /// What is new since they looked last, the newest first.
        pub news: Vec<NewsLine>,
        /// Commands that wait on this computer.
        pub queued: i32,
        /// Commands that are at the server, without an answer.
        pub sent: i32,
        /// Commands that the server failed at again and again.
        pub stuck: i32,
        /// Commands that were refused and not written again.
        pub refused: i32,
    }

    /// The person has seen what is new.
    pub struct Seen {
        /// Up to this time.
        pub up_to: String,
    }

    /// What can be found.
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum FoundKind {
        /// A case.
        Case,
        /// What a body holds on a person.
        Person,
        /// A certificate.
        Certificate,
        /// A document that a case asks for.
        Row,
        /// A document that was sent in.
        Document,
        /// A message.
        Message,
        /// A proposed change of contact details.
        Proposal,
        /// A letter that is to be posted.
        Letter,
        /// A note that officers keep on a case.
        Note,
        /// A text that officers share.
        Template,
        /// Text that is being written.
        Draft,
        /// What was written here and is not received.
        Outbox,
    }

    /// What is looked for.
    pub struct SearchAsked {
        /// As it is typed: words, each of which may go on.
        pub text: String,
        /// Only this kind; null for the newest of each.
        pub kind: Option<FoundKind>,
        /// Only what comes after this place among the hits of one kind.
        pub after: Option<String>,
    }

    /// A piece of a text.
    pub struct TextPart {
        /// As it is written.
        pub text: String,
        /// Whether it is what was looked for.
        pub hit: bool,
    }

    /// Something that was found.
    pub struct FoundView {
        /// Its place among the hits of its kind.
        pub no: String,
        /// What it is called or who wrote it; empty if the case says enough.
        pub title: Vec<TextPart>,
        /// Some of what the words stand in.
        pub excerpt: Vec<TextPart>,
        /// When it was written or made.
        pub at: Option<String>,
        /// The case, if it is in one.
        pub case: Option<CaseRef>,
        /// Where it leads.
        pub place: PlaceView,
    }

    /// What was found.
    pub struct SearchAnswer {
        /// The kinds of which there is something.
        pub groups: Vec<FoundGroup>,
        /// How much has come that could not be looked through yet; more than nothing after a first pull alone.
        pub unread: u32,
    }

    /// What was found of a kind, the newest first.
    pub struct FoundGroup {
        /// What it is.
        pub kind: FoundKind,
        /// The hits.
        pub hits: Vec<FoundView>,
        /// Whether there are more.
        pub more: bool,
    }
}
