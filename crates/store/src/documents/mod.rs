//! Queries for the documents of a case.

use std::collections::BTreeMap;

use behorig_domain::{
    Command, Kind, Read, RecordId, RecordRef,
    cases::Case,
    documents::{Document, DocumentRow, Handling, SubmitDocument},
    messages::Message,
    services::{Scheme, Service},
};
use behorig_protocol::Refusal;
use rusqlite::params;

use crate::{
    Fault, OutboxRow, OutboxState, Picked, Store, drafts, outbox::from_json, records, uuid,
};

/// Everything that the documents of a case are shown by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseDocuments {
    /// The case.
    pub case: Case,
    /// Its service's settings; `None` before they have come.
    pub service: Option<Service>,
    /// What is applied for; `None` before it has come.
    pub scheme: Option<Scheme>,
    /// What the case asks for, in its order.
    pub rows: Vec<(RecordId, DocumentRow)>,
    /// What was sent in, newest first.
    pub documents: Vec<StoredDocument>,
    /// Documents of the person's other cases at the body that are common to all of them, newest first.
    pub common: Vec<StoredDocument>,
    /// Files that were picked and are not sent.
    pub picked: Vec<Picked>,
    /// What was written here about the rows, newest first.
    pub outbox: Vec<OutboxRow>,
}

/// A document, as confirmed or as expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDocument {
    /// Its id.
    pub id: RecordId,
    /// What it is.
    pub document: Document,
    /// Where its sending stands.
    pub state: OutboxState,
    /// Why its sending was refused.
    pub refused: Option<Refusal>,
    /// How many of its bytes the server has, while some are missing there.
    pub at_server: Option<u64>,
    /// Whether its bytes are on this computer.
    pub here: bool,
    /// Where this person's own accepting or refusing stands, and why it was refused.
    pub handling: Option<(OutboxState, Option<Refusal>)>,
    /// The reason for a refusal as it is being written.
    pub refusal_draft: Option<String>,
}

impl Store {
    /// The documents of a case; `None` if the case is not in this replica.
    pub fn documents(&self, case: RecordId) -> Result<Option<CaseDocuments>, Fault> {
        let Some(of_case) = self.record::<Case>(RecordRef { kind: Kind::Case, id: case })? else {
            return Ok(None);
        };
        let service = self.settings_of(&of_case)?;
        let scheme = self.scheme_of(&of_case)?;
        let rows = self.document_rows(case)?;
        let mut outbox = Vec::new();
        for (row, _) in &rows {
            outbox.extend(self.outbox_of(Some(&format!("row/{row}")))?);
        }
        outbox.extend(self.outbox_of(Some(&format!("rows/{case}")))?);
        let newest_first = |documents: &mut Vec<StoredDocument>| {
            documents.sort_by_key(|row| std::cmp::Reverse(row.document.received_at));
        };
        let mut documents = self.sent_documents("d.case_id = ?1", case.0.as_bytes(), &outbox)?;
        documents.extend(self.refused_documents(&of_case, &outbox)?);
        newest_first(&mut documents);
        let holder = of_case.holder.person;
        let mut common = self.sent_documents("d.holder = ?1", holder.0.as_bytes(), &outbox)?;
        common.retain(|it| it.document.issuer == of_case.issuer && it.document.case != case);
        newest_first(&mut common);
        let picked = self.picked_in(case)?;
        Ok(Some(CaseDocuments {
            case: of_case,
            service,
            scheme,
            rows,
            documents,
            common,
            picked,
            outbox,
        }))
    }

    /// A document, as confirmed or as expected; `None` if it is not in this replica.
    pub fn document(&self, id: RecordId) -> Result<Option<Document>, Fault> {
        self.record(RecordRef { kind: Kind::Document, id })
    }

    /// A row, as confirmed or as expected; `None` if it is not in this replica.
    pub fn document_row(&self, id: RecordId) -> Result<Option<DocumentRow>, Fault> {
        self.record(RecordRef { kind: Kind::DocumentRow, id })
    }

    /// A message, as confirmed or as expected; `None` if it is not in this replica.
    pub fn message(&self, id: RecordId) -> Result<Option<Message>, Fault> {
        self.record(RecordRef { kind: Kind::Message, id })
    }

    /// A case, as confirmed or as expected; `None` if it is not in this replica.
    pub fn case(&self, id: RecordId) -> Result<Option<Case>, Fault> {
        self.record(Case::at(id))
    }

    /// The settings that hold in a case; `None` before they have come.
    pub fn settings_of(&self, case: &Case) -> Result<Option<Service>, Fault> {
        self.readable(case.service_ref())
    }

    /// The scheme of a case; `None` before it has come.
    pub fn scheme_of(&self, case: &Case) -> Result<Option<Scheme>, Fault> {
        self.scheme(case.service, &case.scheme)
    }

    /// A service's scheme of this code; `None` before it has come.
    pub fn scheme(&self, service: RecordId, code: &str) -> Result<Option<Scheme>, Fault> {
        self.readable(Scheme::at(service, code))
    }

    /// Settings that this version cannot read count as not there: a newer server wrote them.
    pub(crate) fn readable<B: serde::de::DeserializeOwned>(
        &self,
        at: RecordRef,
    ) -> Result<Option<B>, Fault> {
        match self.record(at) {
            Err(Fault::Malformed(_)) => Ok(None),
            read => read,
        }
    }

    pub(crate) fn record<B: serde::de::DeserializeOwned>(
        &self,
        at: RecordRef,
    ) -> Result<Option<B>, Fault> {
        match records::read(&self.connection, at)? {
            Read::Found(record) => record.read().map(Some).map_err(|_| Fault::Malformed("record")),
            Read::Absent | Read::Unseen => Ok(None),
        }
    }

    fn document_rows(&self, case: RecordId) -> Result<Vec<(RecordId, DocumentRow)>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, body FROM document_row r WHERE case_id = ?1
               AND (forecast = 1 OR NOT EXISTS (
                 SELECT 1 FROM document_row o WHERE o.id = r.id AND o.forecast = 1))
             ORDER BY place",
        )?;
        let mut rows = statement.query(params![case.0.as_bytes()])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, body): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
            found.push((RecordId(uuid(&id)?), from_json(&body)?));
        }
        Ok(found)
    }

    /// What is confirmed, and what is expected of commands on their way. `outbox` is newest first.
    fn sent_documents(
        &self,
        condition: &str,
        id: &[u8],
        outbox: &[OutboxRow],
    ) -> Result<Vec<StoredDocument>, Fault> {
        let mut sending = BTreeMap::new();
        let mut handling = BTreeMap::new();
        for row in outbox {
            match &row.command {
                Command::SubmitDocument(command) => {
                    sending.insert(command.id, row.state);
                }
                Command::AcceptDocument(command) => {
                    handling.entry(command.document).or_insert((row.state, row.refused.clone()));
                }
                Command::RefuseDocument(command) => {
                    handling.entry(command.document).or_insert((row.state, row.refused.clone()));
                }
                _ => {}
            }
        }
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT d.id, d.body, f.id IS NOT NULL,
                    iif(f.state = 'sending' AND f.at_server < f.bytes, f.at_server, NULL),
                    EXISTS (SELECT 1 FROM document c WHERE c.id = d.id AND c.forecast = 0)
             FROM document d LEFT JOIN file f
               ON f.id = unhex(replace(json_extract(d.body, '$.file.id'), '-', ''))
             WHERE {condition} AND (d.forecast = 1 OR NOT EXISTS (
               SELECT 1 FROM document o WHERE o.id = d.id AND o.forecast = 1))",
        ))?;
        let mut rows = statement.query([id])?;
        let mut documents = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, body): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
            let id = RecordId(uuid(&id)?);
            let at_server: Option<i64> = row.get(3)?;
            let confirmed: bool = row.get(4)?;
            let state = match sending.get(&id) {
                Some(state) if !confirmed => *state,
                _ => OutboxState::Received,
            };
            documents.push(StoredDocument {
                id,
                document: from_json(&body)?,
                state,
                refused: None,
                at_server: at_server.map(i64::unsigned_abs),
                here: row.get(2)?,
                handling: handling.remove(&id),
                refusal_draft: drafts::get(&self.connection, &drafts::refusal_place(id))?,
            });
        }
        Ok(documents)
    }

    /// What was sent from here and refused as it stood.
    fn refused_documents(
        &self,
        case: &Case,
        outbox: &[OutboxRow],
    ) -> Result<Vec<StoredDocument>, Fault> {
        let person = self.identity()?.person;
        let name = case.party(person).map(|party| party.name.clone()).unwrap_or_default();
        let refused = |row: &OutboxRow| match &row.command {
            Command::SubmitDocument(command) if row.state == OutboxState::Refused => {
                Some((command.clone(), row.refused.clone(), row.written_at))
            }
            _ => None,
        };
        let document = |(command, refused, written_at): (SubmitDocument, _, _)| StoredDocument {
            id: command.id,
            document: Document {
                issuer: case.issuer,
                case: command.case,
                row: command.row,
                author: person,
                author_name: name.clone(),
                file: command.file,
                note: command.note,
                written_at: command.written_at,
                received_at: written_at,
                origin: command.origin,
                common: None,
                handling: Handling::Waiting,
            },
            state: OutboxState::Refused,
            refused,
            at_server: None,
            here: true,
            handling: None,
            refusal_draft: None,
        };
        Ok(outbox.iter().filter_map(refused).map(document).collect())
    }
}
