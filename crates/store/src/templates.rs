//! The texts that a body's officers keep, and those that are being written.

use behorig_domain::{
    Command, IssuerId, RecordId, Timestamp,
    identity::Staff,
    templates::{ChangeTemplate, Template, WriteTemplate},
};
use behorig_protocol::Refusal;
use rusqlite::{Connection, OptionalExtension as _};

use crate::{Fault, OutboxState, Store, drafts, outbox::from_json, settings, uuid};

/// Where a new template is kept while it is being written.
pub const TEMPLATE_PLACE: &str = "template";

/// Where the change of a template is kept while it is being written.
pub fn template_change_place(template: RecordId) -> String {
    format!("template/{template}")
}

/// A template as it stands here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateRow {
    /// Its id.
    pub id: RecordId,
    /// What it says, as confirmed or as expected.
    pub template: Template,
    /// Where the newest command about it stands; `None` for one that came from the server as it is.
    pub state: Option<OutboxState>,
    /// Why that was refused.
    pub refused: Option<Refusal>,
    /// The change of it that is being written: title and text.
    pub draft: Option<(String, String)>,
    /// How often it had been changed when that was begun; `None` if it begins from how it is now.
    pub begun_from: Option<u32>,
}

fn base_name(template: RecordId) -> String {
    format!("template_base/{template}")
}

/// A change that comes back from the outbox begins from how the template is now: the person has been told why.
pub(crate) fn begin_anew(connection: &Connection, template: RecordId) -> Result<(), Fault> {
    settings::remove(connection, &base_name(template))
}

impl Store {
    /// The templates that the person's body has, in the order of their titles, without those that were removed.
    pub fn templates(&self) -> Result<Vec<TemplateRow>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT t.id, t.body FROM other t
             WHERE t.kind = 'template' AND json_extract(t.body, '$.removed') = 0
               AND (t.forecast = 1 OR NOT EXISTS (
                 SELECT 1 FROM other o WHERE o.kind = t.kind AND o.id = t.id AND o.forecast = 1))
             ORDER BY json_extract(t.body, '$.title') COLLATE swedish, t.id",
        )?;
        let mut rows = statement.query([])?;
        let mut templates = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, body): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
            let id = RecordId(uuid(&id)?);
            // what a newer version wrote is its own to show
            let Ok(template) = from_json::<Template>(&body) else { continue };
            let outbox = self.outbox_of(Some(&format!("template/{id}")))?;
            let newest = outbox.into_iter().find(|row| match &row.command {
                Command::WriteTemplate(WriteTemplate { id: template, .. })
                | Command::ChangeTemplate(ChangeTemplate { template, .. }) => *template == id,
                _ => false,
            });
            templates.push(TemplateRow {
                id,
                template,
                state: newest.as_ref().map(|row| row.state),
                refused: newest.and_then(|row| row.refused),
                draft: self.typed_draft(&template_change_place(id))?,
                begun_from: settings::get(&self.connection, &base_name(id))?
                    .and_then(|changes| changes.parse().ok()),
            });
        }
        Ok(templates)
    }

    /// Keeps the change of a template that is being written, and from which state of it that was begun: what a
    /// colleague changes meanwhile is not to be written over unread.
    pub fn put_template_change(
        &mut self,
        template: RecordId,
        changes: u32,
        (title, text): (&str, &str),
        now: Timestamp,
    ) -> Result<(), Fault> {
        let place = template_change_place(template);
        self.transact(|connection| {
            settings::put(connection, &base_name(template), &changes.to_string())?;
            drafts::put(connection, &place, title, text, now)
        })
    }

    /// A template; `None` if it is not in this replica.
    pub fn template(&self, id: RecordId) -> Result<Option<Template>, Fault> {
        self.record(Template::at(id))
    }

    /// The body whose cases the person handles; the first, if there are several. `None` if they handle none.
    pub fn own_issuer(&self) -> Result<Option<IssuerId>, Fault> {
        let person = settings::person(&self.connection)?.to_string();
        let sql = "SELECT body FROM other
                   WHERE kind = 'staff' AND json_extract(body, '$.person') = ?1
                   ORDER BY json_extract(body, '$.issuer') LIMIT 1";
        let body: Option<String> = self
            .connection
            .prepare_cached(sql)?
            .query_row([person], |row| row.get(0))
            .optional()?;
        let staff: Option<Staff> = body.map(|body| from_json(&body)).transpose()?;
        Ok(staff.map(|staff| staff.issuer))
    }
}
