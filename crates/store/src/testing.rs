//! For tests of other crates: what a replica holds, and what a failing disk does to it.

use behorig_domain::RecordId;

use crate::{Fault, Store, records, uuid};

impl Store {
    /// Every record that the server has confirmed, as kind, id and body, in a fixed order.
    pub fn confirmed(&self) -> Result<Vec<(String, RecordId, String)>, Fault> {
        let mut all = Vec::new();
        for table in records::TABLES {
            let kind = if table == "other" { "kind" } else { &format!("'{table}'") };
            let sql = format!("SELECT {kind}, id, body FROM \"{table}\" WHERE forecast = 0");
            let mut statement = self.connection.prepare(&sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let id: Vec<u8> = row.get(1)?;
                all.push((row.get(0)?, RecordId(uuid(&id)?), row.get(2)?));
            }
        }
        all.sort();
        Ok(all)
    }

    /// Does something to the database that the program never does. Gives how many rows it met.
    pub fn damage(&mut self, sql: &str) -> Result<usize, Fault> {
        Ok(self.connection.execute(sql, [])?)
    }
}
