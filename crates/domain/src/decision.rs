//! The one question that client and server ask: what comes of this command?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Command, CommandId, Kind, Record, RecordId, RecordRef, Scope, Timestamp, cases,
    identity::{self, Actor, Grant},
    messages,
    record::Malformed,
};

/// What a store knows of a record that a rule asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// It is this.
    Found(Record),
    /// There is none.
    Absent,
    /// Not in this replica; it may exist. Only a client ever says so.
    Unseen,
}

/// What has been loaded for one decision.
#[derive(Debug, Clone, Default)]
pub struct Reads(BTreeMap<RecordRef, Read>);

impl Reads {
    /// Adds what was found for a name.
    pub fn insert(&mut self, at: RecordRef, read: Read) {
        self.0.insert(at, read);
    }

    /// Whether the name has been looked up.
    pub fn contains(&self, at: RecordRef) -> bool {
        self.0.contains_key(&at)
    }

    /// What is known of the name. What nobody loaded counts as unseen: a rule never guesses.
    pub fn get(&self, at: RecordRef) -> &Read {
        self.0.get(&at).unwrap_or(&Read::Unseen)
    }
}

/// What a command does, as data. No effect happens in the domain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Records that come into being. If one exists already, the command is refused as a whole.
    pub create: Vec<Record>,
    /// Who may see and do what from now on.
    pub grants: Vec<Grant>,
    /// What the chained history of a scope says of it.
    pub history: Vec<HistoryEntry>,
}

/// A line of a scope's history: a name of what happened and to what, never its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Whose history.
    pub scope: Scope,
    /// What happened, as a stable code.
    pub event: &'static str,
    /// To what.
    pub about: RecordRef,
}

/// An expected "no": a stable code with parameters, never a sentence. The window makes the words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum Rejection {
    /// The text is empty, or nothing but blanks.
    MessageEmpty,
    /// The text is longer than a message may be; a longer text is sent as a document.
    MessageTooLong {
        /// Characters in the text.
        length: u64,
        /// Characters that are allowed.
        max: u64,
    },
    /// The message answers one that is not in this case.
    ThreadNotFound,
    /// There is no such case.
    CaseNotFound,
    /// The person is neither the case's holder nor its officer.
    NotPartyOfCase,
    /// Nobody with this id is registered.
    PersonNotFound,
    /// A case's holder and officer are one person.
    PartiesMustDiffer,
    /// Only the issuer's own systems may do this.
    OperatorOnly,
    /// Something with this id exists already.
    IdTaken,
    /// The command waited for another, which was refused.
    DependencyRefused {
        /// The refused one.
        command: CommandId,
    },
    /// The command's bytes cannot be read by this server.
    CommandUnreadable,
}

/// The client cannot tell; it queues the command and says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerDecides {
    /// The record that this replica does not hold.
    pub unseen: RecordRef,
}

/// What comes of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It is done by these changes.
    Changes(Changes),
    /// It is refused.
    Rejected(Rejection),
    /// Only the server can tell.
    ServerDecides(ServerDecides),
    /// A stored record cannot be read as its kind: a fault, not an answer.
    Fault(Malformed),
}

impl From<Rejection> for Decision {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

/// The records that a command needs beyond those loaded so far. Asked again until it answers none,
/// at most four times, so that any store, sync or async, can load first and decide afterwards.
pub fn reads(command: &Command, so_far: &Reads) -> Vec<RecordRef> {
    let mut wanted = match command {
        Command::SendMessage(command) => messages::send_message::reads(command),
        Command::OpenCase(command) => cases::open_case::reads(command),
        Command::RegisterPerson(_) => Vec::new(),
    };
    wanted.retain(|at| !so_far.contains(*at));
    wanted
}

/// What comes of a command, given who asks, when, and what was read.
pub fn decide(command: &Command, actor: Actor, now: Timestamp, reads: &Reads) -> Decision {
    let decided = match command {
        Command::SendMessage(command) => messages::send_message::decide(command, actor, now, reads),
        Command::OpenCase(command) => cases::open_case::decide(command, actor, now, reads),
        Command::RegisterPerson(command) => identity::register_person::decide(command, actor),
    };
    decided.map_or_else(|stopped| stopped, Decision::Changes)
}

/// The lane a command queues in: commands of one lane are decided in the order they were written.
pub fn lane(command: &Command) -> String {
    match command {
        Command::SendMessage(command) => format!("case/{}", command.case),
        Command::OpenCase(command) => format!("case/{}", command.id),
        Command::RegisterPerson(command) => format!("person/{}", command.person),
    }
}

/// The record that a command makes. Whoever reads it before the server has decided depends on the command.
pub fn makes(command: &Command) -> RecordRef {
    match command {
        Command::SendMessage(command) => RecordRef { kind: Kind::Message, id: command.id },
        Command::OpenCase(command) => RecordRef { kind: Kind::Case, id: command.id },
        Command::RegisterPerson(command) => {
            RecordRef { kind: Kind::Profile, id: RecordId(command.person.0) }
        }
    }
}

/// Reads one record as its type, or says why the rule cannot go on.
pub(crate) fn found<B: serde::de::DeserializeOwned>(
    reads: &Reads,
    at: RecordRef,
    absent: Rejection,
) -> Result<B, Decision> {
    match reads.get(at) {
        Read::Found(record) => record.read().map_err(Decision::Fault),
        Read::Absent => Err(absent.into()),
        Read::Unseen => Err(Decision::ServerDecides(ServerDecides { unseen: at })),
    }
}
