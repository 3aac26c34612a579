//! Queries for the archive: every document of a case, sorted and narrowed as the person asks.

mod swedish;

use std::collections::BTreeMap;

use behorig_domain::{RecordId, cases::Case, documents::Document};
use rusqlite::{Connection, params};

use crate::{
    Fault, Store,
    outbox::{from_json, json},
    uuid,
};

/// What the archive is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArchiveColumn {
    /// What the file is called.
    Name,
    /// What sort of document it is, by its name.
    Type,
    /// When it was received.
    Received,
    /// How large it is.
    Size,
    /// What became of it.
    State,
    /// Who sent it.
    Origin,
}

impl ArchiveColumn {
    /// What to sort by, in SQL. Texts are put in Swedish order.
    fn key(self) -> &'static str {
        match self {
            Self::Name => "json_extract(d.body, '$.file.name')",
            Self::Type => "coalesce(t.value, '')",
            Self::Received => "d.at",
            Self::Size => "json_extract(d.body, '$.file.bytes')",
            Self::State => {
                "CASE json_extract(d.body, '$.handling.state')
                   WHEN 'waiting' THEN 1 WHEN 'refused' THEN 2 WHEN 'accepted' THEN 3 ELSE 4 END"
            }
            Self::Origin => "json_extract(d.body, '$.author_name')",
        }
    }
}

/// How the archive is to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveOrder {
    /// What it is sorted by.
    pub by: ArchiveColumn,
    /// Whether the last comes first.
    pub descending: bool,
    /// Only documents of this type: the code of their row.
    pub only: Option<String>,
    /// What types are called in the person's language, by their codes.
    pub names: BTreeMap<String, String>,
    /// How many documents to pass over.
    pub from: u32,
    /// Most documents to read.
    pub limit: u32,
}

/// A page of the archive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArchivePage {
    /// In the order that was asked for.
    pub documents: Vec<ArchivedDocument>,
    /// How many there are, on this page and all others; 0 on a page past the end.
    pub total: u32,
}

/// A document that the server has received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivedDocument {
    /// Its id.
    pub id: RecordId,
    /// What it is.
    pub document: Document,
    /// What sort it is: the code of its row; empty if the row is not here.
    pub code: String,
    /// Whether its bytes are on this computer.
    pub here: bool,
}

/// Lets texts be sorted in Swedish order.
pub(crate) fn add_collation(connection: &Connection) -> Result<(), Fault> {
    Ok(connection.create_collation("swedish", swedish::compare)?)
}

impl Store {
    /// A page of the documents of a case that the server has received, and those that are common to all cases of its
    /// holder at its body.
    pub fn archive(
        &self,
        case: RecordId,
        of_case: &Case,
        order: &ArchiveOrder,
    ) -> Result<ArchivePage, Fault> {
        let direction = if order.descending { "DESC" } else { "ASC" };
        // both come from a closed list
        let sql = include_str!("list.sql")
            .replace("{key}", order.by.key())
            .replace("{direction}", direction);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params![
            case.0.as_bytes(),
            order.only,
            json(&order.names)?,
            of_case.holder.person.0.as_bytes(),
            of_case.issuer.to_string(),
            order.limit,
            order.from,
        ])?;
        let mut page = ArchivePage::default();
        while let Some(row) = rows.next()? {
            let (id, body): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
            page.total = row.get(4)?;
            page.documents.push(ArchivedDocument {
                id: RecordId(uuid(&id)?),
                document: from_json(&body)?,
                code: row.get(2)?,
                here: row.get(3)?,
            });
        }
        Ok(page)
    }

    /// The types of these documents, each once.
    pub fn archived_types(&self, case: RecordId, of_case: &Case) -> Result<Vec<String>, Fault> {
        let mut statement = self.connection.prepare_cached(include_str!("types.sql"))?;
        let values = params![
            case.0.as_bytes(),
            of_case.holder.person.0.as_bytes(),
            of_case.issuer.to_string(),
        ];
        let types = statement.query_map(values, |row| row.get(0))?;
        Ok(types.collect::<Result<_, _>>()?)
    }
}
