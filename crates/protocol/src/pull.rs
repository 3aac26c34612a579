//! What is new, on its way to a replica.

use std::collections::BTreeMap;

use behorig_domain::{CommandId, DeviceId, RecordId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{Digest, ReadError, Refusal};

/// How far a replica has come in a scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The server's epoch, made new when a backup is restored.
    pub epoch: String,
    /// The last revision applied.
    pub rev: i64,
}

/// Asks for what is new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullRequest {
    /// Who asks.
    pub device: DeviceId,
    /// The last answer that is durable in the replica.
    pub answers_after: i64,
    /// How far it has come. A scope that is left out begins at the start.
    pub cursors: BTreeMap<String, Cursor>,
    /// Whether to tell how every scope stands. Else only those that have moved past their cursor.
    pub all_scopes: bool,
    /// Most records in one page.
    pub limit: i64,
}

/// What a person may do with a scope now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeState {
    /// See it.
    Current,
    /// See it after a stronger sign-in. Nothing is erased.
    NeedsLevel,
    /// No more. The replica erases it.
    Revoked,
}

/// One line of a page. Scopes and kinds are names, since a newer server may know more of them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PullLine {
    /// A record as it stands.
    Put {
        /// Where it is visible.
        scope: String,
        /// At which revision of that scope.
        rev: i64,
        /// The record's kind; a newer server may name one that this version does not know.
        kind: String,
        /// The record's id.
        id: RecordId,
        /// How often it has been written.
        version: i64,
        /// Its content, byte for byte.
        body: Box<RawValue>,
    },
    /// A record that is no longer visible in a scope.
    Gone {
        /// Where.
        scope: String,
        /// At which revision of that scope.
        rev: i64,
        /// The record's kind.
        kind: String,
        /// The record's id.
        id: RecordId,
    },
    /// How a scope stands. Only in the last page; of scopes that have not moved, only if asked.
    Scope {
        /// Which.
        scope: String,
        /// Whether it may be seen.
        state: ScopeState,
        /// Its newest revision.
        head: i64,
        /// The digest of all that is visible in it.
        digest: Digest,
    },
    /// A command of this person is decided. Only in the last page.
    Answer {
        /// The person's running number of answers.
        no: i64,
        /// Which command.
        command: CommandId,
        /// Why it was refused; left out if it was done.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refused: Option<Refusal>,
    },
    /// The page is whole. Without this line it is thrown away.
    End {
        /// Whether there is more to fetch at once.
        more: bool,
        /// Where to go on.
        cursors: BTreeMap<String, Cursor>,
    },
}

/// Reads a page and makes sure that it is whole.
pub fn read_page(bytes: &[u8]) -> Result<Vec<PullLine>, ReadError> {
    let lines: Vec<PullLine> = crate::read_lines(bytes)?;
    match lines.last() {
        Some(PullLine::End { .. }) => Ok(lines),
        _ => Err(ReadError::CutOff),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_keeps_its_bytes_and_a_page_without_its_end_is_thrown_away() {
        let body = r#"{"of_a_newer_version":1.0,"b":[ ]}"#;
        let put = PullLine::Put {
            scope: "of/a/newer/version".into(),
            rev: 3,
            kind: "unheard_of".into(),
            id: RecordId(uuid::Uuid::from_u128(2)),
            version: 1,
            body: RawValue::from_string(body.into()).unwrap(),
        };
        let mut page = Vec::new();
        crate::write_line(&mut page, &put);
        assert_eq!(read_page(&page).unwrap_err(), ReadError::CutOff);
        crate::write_line(&mut page, &PullLine::End { more: false, cursors: BTreeMap::new() });
        let lines = read_page(&page).unwrap();
        let Some(PullLine::Put { body: read, .. }) = lines.first() else { panic!("a put") };
        assert_eq!(read.get(), body);
    }
}
