//! A row: a document that a case asks for, and where it stands.

use serde::{Deserialize, Serialize};

use super::Handling;
use crate::{
    Decision, IssuerId, Kind, Reads, Record, RecordId, RecordRef, Rejection, Timestamp,
    decision::record,
};

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// A document is awaited.
    Open,
    /// One is there and waits for the officer.
    Submitted,
    /// The applicant has said why there is none, and the officer has not answered.
    Explained,
    /// The officer has found a document, or the reason for there being none, sufficient.
    Accepted,
}

/// A document that a case asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentRow {
    /// The body whose case it is.
    pub issuer: IssuerId,
    /// The case.
    pub case: RecordId,
    /// Its name within the scheme; the service has the words.
    pub code: String,
    /// Its place among the rows.
    pub place: u32,
    /// Whether the application needs it.
    pub required: bool,
    /// Where it stands. One that is not needed stays open, unless something is asked for in it.
    pub state: RowState,
    /// The document that decides where it stands.
    pub document: Option<RecordId>,
    /// The request for completion that names it, until what came for it is accepted (KW-39).
    #[serde(default)]
    pub asked: Option<Asked>,
    /// Why there is no document, as it has been said, the latest last (KW-74).
    #[serde(default)]
    pub explanations: Vec<Explanation>,
    /// The document of an earlier case that was taken for it last (KW-82).
    #[serde(default)]
    pub taken: Option<Taken>,
}

/// The officer has asked for something in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The message that says what.
    pub letter: RecordId,
    /// Who asked.
    pub by_name: String,
    /// When.
    pub at: Timestamp,
}

/// Why there is no document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// Which one.
    pub id: RecordId,
    /// The kind of reason, a code in the service's settings.
    pub absence: String,
    /// The reason in the applicant's words.
    pub reason: String,
    /// The applicant's name when it was written.
    pub author_name: String,
    /// When it was written, by the writer's clock. Told, never decisive.
    pub written_at: Timestamp,
    /// When the server received it; before that, when it was written.
    pub received_at: Timestamp,
    /// What became of it. `Replaced`: a document came instead, or another reason.
    pub handling: Handling,
}

/// A document of an earlier case stands in this row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The document.
    pub document: RecordId,
    /// Who took it.
    pub by_name: String,
    /// When.
    pub at: Timestamp,
}

impl DocumentRow {
    /// Where the row of a case is that asks for a document of its scheme.
    pub fn at(case: RecordId, code: &str) -> RecordRef {
        RecordRef { kind: Kind::DocumentRow, id: RecordId::within(case, code.as_bytes()) }
    }

    /// Whether the application needs it, by its scheme or because the officer has asked for something in it.
    pub fn is_needed(&self) -> bool {
        self.required || self.asked.is_some()
    }

    /// Whether something has to come before the application is complete (KW-63).
    pub fn is_awaited(&self) -> bool {
        self.is_needed() && self.state == RowState::Open
    }

    /// Whether the application cannot be granted before something in it is accepted.
    pub fn is_unsettled(&self) -> bool {
        self.is_needed() && self.state != RowState::Accepted
    }

    /// The row as it stands from now on: what was asked for is forgotten once something is accepted. One that
    /// is not needed stays open.
    pub(crate) fn standing(mut self, state: RowState) -> Self {
        if state == RowState::Accepted {
            self.asked = None;
        }
        if self.is_needed() {
            Self { state, ..self }
        } else {
            Self { state: RowState::Open, document: None, ..self }
        }
    }

    /// The reason that nobody has answered, if there is one, is no longer the one that counts.
    pub(crate) fn without_explanation(mut self, now: Timestamp) -> Self {
        if let Some(last) = self.explanations.last_mut()
            && last.handling == Handling::Waiting
        {
            last.handling = Handling::Replaced { at: now };
        }
        self
    }

    /// A row of a case, if it is there.
    pub(crate) fn of(
        reads: &Reads,
        case: RecordId,
        row: RecordId,
    ) -> Result<(&Record, Self), Decision> {
        let at = RecordRef { kind: Kind::DocumentRow, id: row };
        let record = record(reads, at, Rejection::RowNotFound)?;
        let row: Self = record.read().map_err(Decision::Fault)?;
        if row.case == case { Ok((record, row)) } else { Err(Rejection::RowNotFound.into()) }
    }
}
