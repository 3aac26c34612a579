//! The texts that a body's officers keep, and those that are being written.

use behorig_domain::{
    Command, IssuerId, RecordId,
    templates::{ChangeTemplate, Template, WriteTemplate},
};
use behorig_protocol::Refusal;

use crate::{Fault, OutboxState, Store, outbox::from_json, uuid};

/// In the name of a place where a template is being written.
pub(crate) const TEMPLATE: &str = "template";

/// Where a body's new template is kept while it is being written.
pub fn new_template_place(issuer: IssuerId) -> String {
    format!("{TEMPLATE}/{issuer}")
}

/// Where the change of a template is kept while it is being written.
pub fn template_change_place(template: RecordId) -> String {
    format!("{TEMPLATE}/{template}")
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

impl Store {
    /// The templates of the bodies whose cases the person handles, in the order of their titles, without those that
    /// were removed.
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
                begun_from: self.begun_from(&template_change_place(id))?,
            });
        }
        Ok(templates)
    }

    /// A template; `None` if it is not in this replica.
    pub fn template(&self, id: RecordId) -> Result<Option<Template>, Fault> {
        self.record(Template::at(id))
    }
}
