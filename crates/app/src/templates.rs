//! The texts that a body's officers keep for their messages, as a window shows them.

use behorig_domain::{
    Command, RecordId,
    messages::LENGTH_CEILING,
    templates::{self, ChangeTemplate, TITLE_MAX, WriteTemplate},
};
use behorig_store::{OutboxState, Store, TEMPLATE_PLACE, TemplateRow, template_change_place};
use uuid::Uuid;

use crate::{
    App,
    messages::DRAFT_MAX,
    rpc::{
        Answer, Code, Empty, QueuedCommand, TemplateChange, TemplateList, TemplateRef,
        TemplateText, TemplateView,
    },
    shapes::{command_state, record_id, rejection},
};

impl App {
    pub(crate) async fn templates(&self, Empty {}: Empty) -> Answer<TemplateList> {
        self.with_store(|store| {
            let typed = |(title, text): (String, String)| TemplateText { title, text };
            let view = |row: TemplateRow| TemplateView {
                id: row.id.to_string(),
                title: row.template.title,
                text: row.template.text,
                by: row.template.by_name,
                at: row.template.at.to_string(),
                state: command_state(row.state.unwrap_or(OutboxState::Received)),
                reason: row.refused.map(rejection),
                changes: row.template.changes,
                begun_from: row.begun_from.unwrap_or(row.template.changes),
                draft: row.draft.map(typed),
            };
            Ok(TemplateList {
                templates: store.templates()?.into_iter().map(view).collect(),
                draft: store.typed_draft(TEMPLATE_PLACE)?.map(typed),
                max_title: TITLE_MAX.try_into().unwrap_or(u32::MAX),
                max_text: LENGTH_CEILING.try_into().unwrap_or(u32::MAX),
            })
        })
        .await
    }

    pub(crate) async fn write_template(&self, asked: TemplateText) -> Answer<QueuedCommand> {
        let who = self.with_store(|store| Ok((store.own_issuer()?, store.identity()?.person)));
        let (issuer, person) = who.await?;
        let command = WriteTemplate {
            id: RecordId(Uuid::now_v7()),
            issuer: issuer.ok_or(Code::BadRequest)?,
            person,
            title: asked.title,
            text: asked.text,
        };
        self.queue(Command::WriteTemplate(command), Some(TEMPLATE_PLACE.to_owned())).await
    }

    pub(crate) async fn save_template_draft(&self, asked: TemplateText) -> Answer<Empty> {
        self.save_writing(TEMPLATE_PLACE.to_owned(), asked.title, asked.text).await
    }

    pub(crate) async fn change_template(&self, asked: TemplateChange) -> Answer<QueuedCommand> {
        let to = templates::TemplateText { title: asked.title, text: asked.text };
        let (template, command) =
            self.changing(&asked.template, Some(asked.changes), Some(to)).await?;
        self.queue(command, Some(template_change_place(template))).await
    }

    pub(crate) async fn save_template_change(&self, asked: TemplateChange) -> Answer<Empty> {
        let TemplateChange { template, changes, title, text } = asked;
        let template = record_id(&template)?;
        if title.len().saturating_add(text.len()) > DRAFT_MAX {
            return Err(Code::BadRequest.into());
        }
        let now = (self.clock)();
        let put = move |store: &mut Store| {
            store.put_template_change(template, changes, (&title, &text), now)
        };
        self.with_store(put).await?;
        Ok(Empty {})
    }

    /// Throws the new template, or the change of one, that is being written away.
    pub(crate) async fn discard_template(&self, asked: TemplateRef) -> Answer<Empty> {
        let place = match asked.template.as_str() {
            "" => TEMPLATE_PLACE.to_owned(),
            template => template_change_place(record_id(template)?),
        };
        let now = (self.clock)();
        self.with_store(move |store| store.discard_draft(&place, now)).await?;
        self.wrote();
        Ok(Empty {})
    }

    pub(crate) async fn remove_template(&self, asked: TemplateRef) -> Answer<QueuedCommand> {
        let (_, command) = self.changing(&asked.template, None, None).await?;
        self.queue(command, None).await
    }

    async fn changing(
        &self,
        template: &str,
        begun_from: Option<u32>,
        to: Option<templates::TemplateText>,
    ) -> Answer<(RecordId, Command)> {
        let id = record_id(template)?;
        let known =
            self.with_store(move |store| Ok((store.template(id)?, store.identity()?.person)));
        let (known, person) = known.await?;
        let changes = begun_from.unwrap_or(known.ok_or(Code::BadRequest)?.changes);
        Ok((id, Command::ChangeTemplate(ChangeTemplate { template: id, person, changes, to })))
    }
}
