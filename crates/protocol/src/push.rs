//! Commands on their way to the server.

use behorig_domain::{CommandId, DeviceId, Rejection};
use serde::{Deserialize, Serialize};

use crate::{ReadError, write_line};

/// Most commands in one request.
pub const PUSH_COMMANDS_MAX: usize = 1_000;
/// Most bytes in one request.
pub const PUSH_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What stands before a command's bytes. Not part of what is hashed or signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The command's name.
    pub id: CommandId,
    /// Where it was written.
    pub device: DeviceId,
    /// Its number there; detects copies of a device, orders nothing.
    pub seq: i64,
    /// Commands that must be decided first.
    #[serde(default)]
    pub after: Vec<CommandId>,
    /// How many bytes follow the line.
    pub len: usize,
}

/// A command as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Who, where, after what.
    pub envelope: Envelope,
    /// The command's exact bytes.
    pub bytes: Vec<u8>,
}

/// Why a command is refused, as it travels: a code that a newer server may have invented, and what goes
/// with it. Made from a [`Rejection`]; a client keeps what it does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The stable code.
    pub code: String,
    /// Its parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<serde_json::Value>,
}

impl From<&Rejection> for Refusal {
    fn from(rejection: &Rejection) -> Self {
        // a rejection is a code with parameters, so it reads as one
        serde_json::to_value(rejection)
            .and_then(serde_json::from_value)
            .unwrap_or_else(|_| Self { code: "unknown".into(), params: None })
    }
}

/// The server's answer to one command. `Done` and `Refused` are final and are told again in pulls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// It is done and durable.
    Done {
        /// The person's running number of answers.
        no: i64,
    },
    /// It is refused, for good.
    Refused {
        /// The person's running number of answers.
        no: i64,
        /// Why.
        #[serde(flatten)]
        refusal: Refusal,
    },
    /// A command that it must follow is not decided yet. Send it again later.
    Wait,
    /// The server failed. Send it again later.
    Internal {
        /// What to quote to whoever runs the server.
        correlation_id: String,
    },
    /// The same id came before with other bytes.
    IdReused,
    /// Another command carried this device's number: the device has been copied.
    DeviceForked,
}

/// Adds a command to a request.
pub fn write_frame(out: &mut Vec<u8>, frame: &Frame) {
    write_line(out, &frame.envelope);
    out.extend_from_slice(&frame.bytes);
}

/// Reads a request. All or nothing: a cut or malformed request decides no command.
pub fn read_frames(mut bytes: &[u8]) -> Result<Vec<Frame>, ReadError> {
    if bytes.len() > PUSH_BYTES_MAX {
        return Err(ReadError::TooLarge);
    }
    let mut frames = Vec::new();
    while !bytes.is_empty() {
        if frames.len() == PUSH_COMMANDS_MAX {
            return Err(ReadError::TooLarge);
        }
        let end = bytes.iter().position(|byte| *byte == b'\n').ok_or(ReadError::CutOff)?;
        let (line, rest) = bytes.split_at_checked(end).ok_or(ReadError::CutOff)?;
        let (_, rest) = rest.split_at_checked(1).ok_or(ReadError::CutOff)?;
        let envelope: Envelope = serde_json::from_slice(line)
            .map_err(|_| ReadError::Line { line: frames.len().saturating_add(1) })?;
        let (body, rest) = rest.split_at_checked(envelope.len).ok_or(ReadError::CutOff)?;
        frames.push(Frame { envelope, bytes: body.to_vec() });
        bytes = rest;
    }
    Ok(frames)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn frames() -> impl Strategy<Value = Vec<Frame>> {
        let frame = (any::<u128>(), 1i64.., proptest::collection::vec(any::<u8>(), 0..80));
        proptest::collection::vec(frame, 0..8).prop_map(|frames| {
            let frame = |(id, seq, bytes): (u128, i64, Vec<u8>)| Frame {
                envelope: Envelope {
                    id: CommandId(Uuid::from_u128(id)),
                    device: DeviceId(Uuid::from_u128(3)),
                    seq,
                    after: vec![CommandId(Uuid::from_u128(id))],
                    len: bytes.len(),
                },
                bytes,
            };
            frames.into_iter().map(frame).collect()
        })
    }

    proptest! {
        #[test]
        fn a_request_reads_back_and_any_cut_decides_nothing(
            frames in frames(), cut in any::<proptest::sample::Index>(),
        ) {
            let mut bytes = Vec::new();
            let mut ends = vec![0];
            for frame in &frames {
                write_frame(&mut bytes, frame);
                ends.push(bytes.len());
            }
            prop_assert_eq!(read_frames(&bytes), Ok(frames));
            if !bytes.is_empty() {
                let at = cut.index(bytes.len());
                // a cut between two commands is a shorter request; every other cut is an error
                prop_assert_eq!(read_frames(&bytes[..at]).is_ok(), ends.contains(&at));
            }
        }

        #[test]
        fn foreign_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read_frames(&bytes);
        }
    }

    #[test]
    fn a_refusal_is_flat_on_the_wire() {
        let answer = Answer::Refused { no: 4, refusal: (&Rejection::CaseNotFound).into() };
        let json = serde_json::to_string(&answer).unwrap();
        assert_eq!(json, r#"{"answer":"refused","no":4,"code":"case_not_found"}"#);
        assert_eq!(serde_json::from_str::<Answer>(&json).unwrap(), answer);
    }

    #[test]
    fn a_refusal_of_a_newer_server_is_kept_as_it_is() {
        let json = r#"{"answer":"refused","no":4,"code":"of_next_year","params":{"a":[1]}}"#;
        let answer: Answer = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&answer).unwrap(), json);
    }
}
