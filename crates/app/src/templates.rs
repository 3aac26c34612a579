//! The texts that the officers of bodies keep for their messages, as a window shows them.

use behorig_domain::{
    Command, IssuerId, RecordId,
    messages::LENGTH_CEILING,
    services::Service,
    templates::{self, ChangeTemplate, TITLE_MAX, WriteTemplate},
};
use behorig_store::{
    Fault, OutboxState, Store, TemplateRow, new_template_place, template_change_place,
};
use uuid::Uuid;

use crate::{
    App,
    rpc::{
        Answer, Code, Empty, NewTemplate, QueuedCommand, TemplateBody, TemplateChange,
        TemplateList, TemplateRef, TemplateText, TemplateView, TemplatesOf,
    },
    shapes::{command_state, record_id, rejection, words},
};

fn typed((title, text): (String, String)) -> TemplateText {
    TemplateText { title, text }
}

fn view(row: TemplateRow) -> TemplateView {
    TemplateView {
        id: row.id.to_string(),
        body: row.template.issuer.to_string(),
        title: row.template.title,
        text: row.template.text,
        by: row.template.by_name,
        at: row.template.at.to_string(),
        state: command_state(row.state.unwrap_or(OutboxState::Received)),
        reason: row.refused.map(rejection),
        changes: row.template.changes,
        begun_from: row.begun_from.unwrap_or(row.template.changes),
        draft: row.draft.map(typed),
    }
}

fn body(
    store: &Store,
    services: &[(RecordId, Service)],
    issuer: IssuerId,
) -> Result<TemplateBody, Fault> {
    let of_body = services.iter().find(|(_, service)| service.issuer == Some(issuer));
    Ok(TemplateBody {
        id: issuer.to_string(),
        name: of_body.map(|(_, service)| words(service.name.clone())),
        draft: store.typed_draft(&new_template_place(issuer))?.map(typed),
    })
}

fn issuer_id(text: &str) -> Answer<IssuerId> {
    Ok(IssuerId(record_id(text)?.0))
}

impl App {
    /// In a case, only what its body's officers keep: another body's words are no help there.
    pub(crate) async fn templates(&self, asked: TemplatesOf) -> Answer<TemplateList> {
        let case = asked.case.map(|case| record_id(&case)).transpose()?;
        self.with_store(move |store| {
            let of_case = match case {
                Some(case) => store.case(case)?.map(|case| case.issuer),
                None => None,
            };
            let is_asked = |issuer| case.is_none() || of_case == Some(issuer);
            let templates = store.templates()?.into_iter();
            let bodies = store.bodies()?.into_iter().filter(|issuer| is_asked(*issuer));
            let services = store.services()?;
            Ok(TemplateList {
                templates: templates
                    .filter(|row| is_asked(row.template.issuer))
                    .map(view)
                    .collect(),
                bodies: bodies
                    .map(|issuer| body(store, &services, issuer))
                    .collect::<Result<_, _>>()?,
                max_title: TITLE_MAX.try_into().unwrap_or(u32::MAX),
                max_text: LENGTH_CEILING.try_into().unwrap_or(u32::MAX),
            })
        })
        .await
    }

    pub(crate) async fn write_template(&self, asked: NewTemplate) -> Answer<QueuedCommand> {
        let issuer = issuer_id(&asked.body)?;
        let who = self.with_store(|store| Ok((store.bodies()?, store.identity()?.person)));
        let (bodies, person) = who.await?;
        if !bodies.contains(&issuer) {
            return Err(Code::BadRequest.into());
        }
        let command = WriteTemplate {
            id: RecordId(Uuid::now_v7()),
            issuer,
            person,
            title: asked.title,
            text: asked.text,
        };
        self.queue(Command::WriteTemplate(command), Some(new_template_place(issuer))).await
    }

    pub(crate) async fn save_template_draft(&self, asked: NewTemplate) -> Answer<Empty> {
        let place = new_template_place(issuer_id(&asked.body)?);
        self.save_writing(place, asked.title, asked.text).await
    }

    pub(crate) async fn change_template(&self, asked: TemplateChange) -> Answer<QueuedCommand> {
        let to = templates::TemplateText { title: asked.title, text: asked.text };
        let (template, command) =
            self.changing(&asked.template, Some(asked.changes), Some(to)).await?;
        self.queue(command, Some(template_change_place(template))).await
    }

    pub(crate) async fn save_template_change(&self, asked: TemplateChange) -> Answer<Empty> {
        let place = template_change_place(record_id(&asked.template)?);
        self.save_change(place, asked.changes, asked.title, asked.text).await
    }

    /// Throws the new template, or the change of one, that is being written away.
    pub(crate) async fn discard_template(&self, asked: TemplateRef) -> Answer<Empty> {
        // a new one is kept under its body's id
        let place = template_change_place(record_id(&asked.template)?);
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
