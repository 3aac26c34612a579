//! For tests only: what no command does yet.

use behorig_domain::{PersonId, Scope, Timestamp};
use rusqlite::params;

use crate::{Fault, Store, Writing};

impl Store {
    /// Whether anything has ever been in a scope.
    pub fn has_been_used(&self, scope: &str) -> Result<bool, Fault> {
        Ok(self
            .connection
            .prepare_cached("SELECT 1 FROM scope WHERE name = ?1")?
            .exists([scope])?)
    }
}

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
