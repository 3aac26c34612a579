//! The rules, and nothing else: what a command needs to read, what it changes, who may see the result.
//!
//! Client and server run this same code. The client's answer is a forecast, the server's is the verdict.
//! May not live here: I/O, async, a clock, randomness. Time and ids are passed in.

pub mod cases;
mod command;
mod decision;
mod id;
pub mod identity;
pub mod messages;
mod record;
mod scope;
mod time;

pub use command::{Command, Unreadable};
pub use decision::{
    Changes, Decision, HistoryEntry, Read, Reads, Rejection, ServerDecides, decide, lane, makes,
    reads,
};
pub use id::{CommandId, DeviceId, IssuerId, PersonId, RecordId};
pub use record::{Kind, Malformed, Record, RecordRef, audience};
pub use scope::Scope;
pub use time::Timestamp;
