//! The rules, and nothing else: what a command needs to read, what it changes, who may see the result.
//!
//! Client and server run this same code. The client's answer is a forecast, the server's is the verdict.
//! May not live here: I/O, async, a clock, randomness. Time and ids are passed in.

pub mod applications;
pub mod cases;
mod command;
pub mod contact;
mod decision;
pub mod documents;
mod id;
pub mod identity;
pub mod messages;
pub mod notes;
mod record;
mod scope;
pub mod services;
pub mod templates;
mod time;

pub use command::{Command, Unreadable};
pub use decision::{
    Changes, Decision, FileRead, HistoryEntry, Notice, Read, Reads, Rejection, ServerDecides,
    decide, files, is_typed, is_within, lane, reads, writes,
};
pub use id::{CommandId, DeviceId, FileId, IssuerId, PersonId, RecordId};
pub use record::{Kind, Malformed, Record, RecordRef, audience};
pub use scope::Scope;
pub use time::Timestamp;
