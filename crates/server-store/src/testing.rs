//! For tests only: what no command does yet.

use behorig_domain::{PersonId, Scope, Timestamp};
use rusqlite::params;

use crate::{Fault, Writing};

impl Writing<'_> {
    /// From `to` on a person may not see a scope any more.
    pub fn end_grants(
        &mut self,
        person: PersonId,
        scope: &Scope,
        to: Timestamp,
    ) -> Result<(), Fault> {
        self.transaction.execute(
            "UPDATE permission SET to_ = ?3 WHERE person = ?1 AND scope = ?2",
            params![person.0.as_bytes(), scope.to_string(), to.millis()],
        )?;
        Ok(())
    }
}
