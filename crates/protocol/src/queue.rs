//! The officer's queue: a search at the server, since nobody's replica holds every case.

use behorig_domain::{IssuerId, PersonId, RecordId, Timestamp, cases::Stage};
use serde::{Deserialize, Serialize};

/// Most cases in one page.
pub const QUEUE_PAGE_MAX: u32 = 200;
/// The number of cases that fit is not counted beyond this.
pub const QUEUE_COUNT_MAX: u32 = 10_000;

/// Why somebody looks at cases that are not theirs. Written down with each search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To handle them.
    Handling,
    /// To answer somebody who asks about theirs.
    Question,
    /// To check how cases are handled.
    Review,
}

/// Whose cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandledBy {
    /// Nobody's: they wait for an officer.
    Nobody,
    /// The officer's who asks.
    Me,
    /// Everybody's.
    Anybody,
}

/// Asks for cases, the one that was opened first on top.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueRequest {
    /// Why.
    pub purpose: Purpose,
    /// Beginnings of words in the registry number, the name or the title; may be empty.
    pub text: String,
    /// Whose.
    pub handled_by: HandledBy,
    /// Only those that have come so far.
    pub stage: Option<Stage>,
    /// Only this scheme.
    pub scheme: Option<String>,
    /// Goes on after this case of the page before.
    pub after: Option<RecordId>,
    /// Most cases in the answer.
    pub limit: u32,
}

/// A case in the queue: what an officer needs in order to choose, and no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuedCase {
    /// Its id.
    pub id: RecordId,
    /// The body that handles it.
    pub issuer: IssuerId,
    /// Registry number.
    pub number: String,
    /// What is applied for.
    pub title: String,
    /// The applicant's name; empty if their identity is protected.
    pub holder: String,
    /// Who handles it; `None` if nobody.
    pub officer: Option<PersonId>,
    /// Their name.
    pub officer_name: Option<String>,
    /// How far it has come.
    pub stage: Stage,
    /// When it was opened.
    pub opened_at: Timestamp,
}

/// From how many days on a case is counted as older, for each step after the first.
pub const WORKLOAD_AGES: [i64; 3] = [30, 90, 180];

/// The undecided cases of one officer: counts alone, by age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficerLoad {
    /// Who; `None` for cases that nobody has.
    pub officer: Option<PersonId>,
    /// Their name.
    pub officer_name: Option<String>,
    /// Cases that wait for the applicant, youngest first; see [`WORKLOAD_AGES`].
    pub awaited: [u32; 4],
    /// Cases where the applicant has said that all is in.
    pub ready: [u32; 4],
    /// How many days ago the oldest of them was opened.
    pub oldest_days: u32,
}

/// How much everybody who handles cases for a body has to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workload {
    /// First what nobody has, then who has most.
    pub officers: Vec<OfficerLoad>,
    /// When it was counted.
    pub at: Timestamp,
}

/// A page of the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuePage {
    /// The cases, the one that was opened first on top.
    pub cases: Vec<QueuedCase>,
    /// Whether there are more after them.
    pub more: bool,
    /// How many fit in all, counted no further than [`QUEUE_COUNT_MAX`].
    pub total: u32,
}
