//! Names of things: UUIDs made by whoever creates the thing. No order is ever read from them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            /// Lower case with hyphens, as on the wire.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// One thing that people know by name: a case, a message, a document.
    RecordId
    /// A natural person, the same in every organisation of one server.
    PersonId
    /// A body that issues certificates.
    IssuerId
    /// One thing that somebody wants done. Repeats are known by it.
    CommandId
    /// One installation of the program for one person.
    DeviceId
    /// The bytes of one file, whatever it is called.
    FileId
}

impl RecordId {
    /// The id of what there is only one of within something: the same for everybody who asks.
    pub fn within(whole: Self, part: &[u8]) -> Self {
        Self(Uuid::new_v5(&whole.0, part))
    }
}
