//! Applying for a certification: what is offered, the application that is being written, and those sent.

use behorig_domain::{
    Command, RecordId, Rejection,
    applications::{Apply, apply::is_offered},
    cases,
    services::{Scheme, Service, Words},
};
use behorig_store::{APPLICATION_PLACE, ApplicationChoice, CaseRow, Store};
use uuid::Uuid;

use crate::{
    App,
    messages::DRAFT_MAX,
    rpc::{
        Answer, Application, ApplicationForm, ApplicationUnderWay, Code, Empty, Offer,
        QueuedCommand, RenewableCertificate,
    },
    shapes::{command_state, record_id, rejection, words},
};

/// Longest identity number that is kept while it is typed, in bytes.
const FIELD_MAX: usize = 100;

impl App {
    pub(crate) async fn application_form(&self, Empty {}: Empty) -> Answer<ApplicationForm> {
        self.with_store(|store| {
            let me = store.identity()?.person;
            let mut mine = store.cases()?;
            mine.retain(|row| row.case.is_holder(me));
            let services = store.services()?;
            let mut offers = Vec::new();
            for (id, service) in &services {
                let schemes = store.schemes(*id, service)?;
                let offered = schemes.iter().filter(|it| is_offered(service, it));
                offers.extend(offered.map(|scheme| offer(*id, service, scheme, &mine)));
            }
            Ok(ApplicationForm {
                offers,
                draft: store.application_draft()?.map(written),
                under_way: under_way(store)?,
            })
        })
        .await
    }

    pub(crate) async fn save_application(&self, asked: Application) -> Answer<Empty> {
        let (choice, text) = chosen(asked)?;
        let now = (self.clock)();
        self.with_store(move |store| store.put_application_draft(&choice, &text, now)).await?;
        Ok(Empty {})
    }

    pub(crate) async fn apply(&self, asked: Application) -> Answer<QueuedCommand> {
        let (choice, text) = chosen(asked)?;
        let Ok(identity_number) = choice.identity_number.parse() else {
            return Err(Rejection::IdentityNumberUnusable.into());
        };
        let applicant = self.with_store(|store| Ok(store.identity()?.person)).await?;
        let command = Apply {
            case: RecordId(Uuid::now_v7()),
            applicant,
            service: choice.service.ok_or(Code::BadRequest)?,
            scheme: choice.scheme,
            renews: choice.renews,
            identity_number,
            message: RecordId(Uuid::now_v7()),
            text,
            written_at: (self.clock)(),
        };
        self.queue(Command::Apply(command), Some(APPLICATION_PLACE.to_owned())).await
    }
}

/// What can be applied for, with what this computer knows of the person's cases of it.
fn offer(id: RecordId, service: &Service, scheme: &Scheme, mine: &[CaseRow]) -> Offer {
    let of_service = || mine.iter().filter(|row| row.case.service == id);
    let of_scheme = || of_service().filter(|row| row.case.scheme == scheme.code);
    let undecided = of_scheme().find(|row| row.case.stage == cases::Stage::Application);
    let certificates = of_scheme().filter_map(|row| {
        let certificate = row.certificate.as_ref()?;
        Some(RenewableCertificate {
            case: row.id.to_string(),
            number: certificate.number.clone(),
            valid_to: certificate.valid_to.to_string(),
        })
    });
    Offer {
        service: id.to_string(),
        service_name: words(service.name.clone()),
        scheme: scheme.code.clone(),
        name: words(scheme.name.clone()),
        identity_number: of_service().next().map(|row| row.case.identity_number.spelt()),
        undecided: undecided.map(|row| row.case.number.clone()),
        certificates: certificates.collect(),
        max_text: service.message_max.try_into().unwrap_or(u32::MAX),
    }
}

fn under_way(store: &Store) -> Result<Vec<ApplicationUnderWay>, behorig_store::Fault> {
    let sent = store.applications_under_way()?.into_iter().map(|(apply, row)| {
        Ok(ApplicationUnderWay {
            command: row.id.to_string(),
            name: words(scheme_name(store, &apply)?),
            renews: apply.renews.is_some(),
            written_at: row.written_at.to_string(),
            state: command_state(row.state),
            reason: row.refused.map(rejection),
        })
    });
    sent.collect()
}

/// What people call what is applied for; its code, if the settings no longer say.
pub(crate) fn scheme_name(store: &Store, apply: &Apply) -> Result<Words, behorig_store::Fault> {
    let code = || Words { sv: apply.scheme.clone(), en: apply.scheme.clone() };
    let scheme = store.scheme(apply.service, &apply.scheme)?;
    Ok(scheme.map_or_else(code, |scheme| scheme.name))
}

fn chosen(asked: Application) -> Answer<(ApplicationChoice, String)> {
    let Application { service, scheme, renews, identity_number, text } = asked;
    let long = [&scheme, &identity_number].into_iter().any(|field| field.len() > FIELD_MAX);
    if long || text.len() > DRAFT_MAX {
        return Err(Code::BadRequest.into());
    }
    let id = |id: Option<String>| id.as_deref().map(record_id).transpose();
    let choice =
        ApplicationChoice { service: id(service)?, scheme, renews: id(renews)?, identity_number };
    Ok((choice, text))
}

fn written((choice, text): (ApplicationChoice, String)) -> Application {
    let ApplicationChoice { service, scheme, renews, identity_number } = choice;
    Application {
        service: service.map(|id| id.to_string()),
        scheme,
        renews: renews.map(|id| id.to_string()),
        identity_number,
        text,
    }
}
