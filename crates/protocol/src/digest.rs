//! Whether two sides hold the same: a sum that both keep as they write.

use behorig_domain::RecordId;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest as _, Sha256};

/// A scope's digest: the sum, mod 2^128, of one term for each record visible in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Digest(u128);

impl Digest {
    /// A visible record's term: the first 16 bytes of SHA-256 over scope, 0x00, kind, 0x00, id and revision.
    fn term(scope: &str, kind: &str, id: RecordId, rev: i64) -> u128 {
        let mut hash = Sha256::new();
        hash.update(scope);
        hash.update([0]);
        hash.update(kind);
        hash.update([0]);
        hash.update(id.0.as_bytes());
        hash.update(rev.to_be_bytes());
        let hash = hash.finalize();
        hash.iter().take(16).fold(0, |sum, byte| (sum << 8) | u128::from(*byte))
    }

    /// With a record that has become visible at this revision.
    #[must_use]
    pub fn with(self, scope: &str, kind: &str, id: RecordId, rev: i64) -> Self {
        Self(self.0.wrapping_add(Self::term(scope, kind, id, rev)))
    }

    /// Without a record that was visible at this revision.
    #[must_use]
    pub fn without(self, scope: &str, kind: &str, id: RecordId, rev: i64) -> Self {
        Self(self.0.wrapping_sub(Self::term(scope, kind, id, rev)))
    }

    /// Sixteen bytes, big endian, as both databases keep it.
    pub fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// Reads what [`Digest::to_bytes`] wrote; anything else counts as no records.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        bytes.try_into().map(|bytes| Self(u128::from_be_bytes(bytes))).unwrap_or_default()
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:032x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        u128::from_str_radix(&text, 16).map(Self).map_err(D::Error::custom)
    }
}

/// SHA-256 of a command's bytes: with the same id, what tells a repeat from a misuse.
pub fn body_hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const SCOPE: &str = "person/00000000-0000-0000-0000-000000000001";

    proptest! {
        #[test]
        fn order_does_not_matter_and_what_is_taken_away_is_gone(
            records in proptest::collection::vec((any::<u128>(), 1i64..1000), 0..20),
            extra in (any::<u128>(), 1i64..1000),
        ) {
            let with = |digest: Digest, (id, rev): (u128, i64)| {
                digest.with(SCOPE, "message", RecordId(Uuid::from_u128(id)), rev)
            };
            let forward = records.iter().copied().fold(Digest::default(), with);
            let backward = records.iter().rev().copied().fold(Digest::default(), with);
            prop_assert_eq!(forward, backward);
            let (id, rev) = extra;
            let there_and_back = with(forward, extra)
                .without(SCOPE, "message", RecordId(Uuid::from_u128(id)), rev);
            prop_assert_eq!(there_and_back, forward);
        }
    }

    #[test]
    fn one_revision_more_is_another_digest() {
        let id = RecordId(Uuid::from_u128(7));
        let at = |rev| Digest::default().with(SCOPE, "message", id, rev);
        assert_ne!(at(1), at(2));
        assert_eq!(Digest::from_bytes(&at(1).to_bytes()), at(1));
    }
}
