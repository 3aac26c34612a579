//! The shapes of the officers' queue.

use serde::{Deserialize, Serialize};

use super::{Stage, Words};

shapes! {
    /// Why somebody looks at cases that are not theirs.
    #[derive(Copy, PartialEq, Eq)]
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
    #[derive(Copy, PartialEq, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum HandledBy {
        /// Nobody's: they wait for an officer.
        Nobody,
        /// The person's who asks.
        Me,
        /// Everybody's.
        Anybody,
    }

    /// Looking for cases at the server.
    pub struct QueueSearch {
        /// Why.
        pub purpose: Purpose,
        /// Beginnings of words in the registry number, the name or the title; may be empty.
        pub text: String,
        /// Whose.
        pub handled_by: HandledBy,
        /// Only those that have come so far; null for all.
        pub stage: Option<Stage>,
        /// Goes on after this case; null for the first page.
        pub after: Option<String>,
    }

    /// A page of cases, the one that was opened first on top.
    pub struct QueuePage {
        /// The cases.
        pub cases: Vec<QueuedCase>,
        /// Whether there are more after them.
        pub more: bool,
        /// How many fit in all, counted no further than 10,000.
        pub total: u32,
    }

    /// A case in the queue.
    pub struct QueuedCase {
        /// Its id.
        pub id: String,
        /// The body's service, if the person handles the cases of several bodies.
        pub body: Option<Words>,
        /// Registry number.
        pub number: String,
        /// What is applied for.
        pub title: String,
        /// The applicant's name; empty if their identity is protected.
        pub holder: String,
        /// Who handles it: an id; null if nobody.
        pub officer: Option<String>,
        /// Their name.
        pub officer_name: Option<String>,
        /// How far it has come.
        pub stage: Stage,
        /// When it was opened, RFC 3339 UTC.
        pub opened_at: String,
        /// Whether it is among the person's own cases on this computer.
        pub here: bool,
    }
}
