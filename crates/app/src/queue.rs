//! Looking for cases at the server: nobody's replica holds every case.

use std::collections::BTreeSet;

use behorig_domain::{RecordId, cases};
use behorig_protocol::{self as protocol, QUEUE_PAGE_MAX, QueueRequest, path};
use behorig_sync::{Failure, Request, Transport as _, failure_of};

use crate::{
    App,
    cases::stage,
    rpc::{Answer, Code, HandledBy, Purpose, QueuePage, QueueSearch, QueuedCase, Stage},
    shapes::record_id,
};

impl App {
    pub(crate) async fn search_queue(&self, asked: QueueSearch) -> Answer<QueuePage> {
        let request = QueueRequest {
            purpose: match asked.purpose {
                Purpose::Handling => protocol::Purpose::Handling,
                Purpose::Question => protocol::Purpose::Question,
                Purpose::Review => protocol::Purpose::Review,
            },
            text: asked.text,
            handled_by: match asked.handled_by {
                HandledBy::Nobody => protocol::HandledBy::Nobody,
                HandledBy::Me => protocol::HandledBy::Me,
                HandledBy::Anybody => protocol::HandledBy::Anybody,
            },
            stage: asked.stage.map(|stage| match stage {
                Stage::Application => cases::Stage::Application,
                Stage::Granted => cases::Stage::Granted,
                Stage::Refused => cases::Stage::Refused,
                Stage::Withdrawn => cases::Stage::Withdrawn,
            }),
            scheme: None,
            after: asked.after.as_deref().map(record_id).transpose()?,
            limit: QUEUE_PAGE_MAX,
        };
        let body = serde_json::to_vec(&request).map_err(|_| Code::BadRequest)?;
        let answer = self.ask(path::QUEUE, body).await?;
        let page: protocol::QueuePage =
            serde_json::from_slice(&answer).map_err(|_| Code::Internal)?;
        let here: BTreeSet<RecordId> = self
            .with_store(|store| Ok(store.cases()?.into_iter().map(|row| row.id).collect()))
            .await?;
        let view = |case: protocol::QueuedCase| QueuedCase {
            here: here.contains(&case.id),
            id: case.id.to_string(),
            number: case.number,
            title: case.title,
            holder: case.holder,
            officer: case.officer.map(|officer| officer.to_string()),
            officer_name: case.officer_name,
            stage: stage(case.stage),
            opened_at: case.opened_at.to_string(),
        };
        let cases = page.cases.into_iter().map(view).collect();
        Ok(QueuePage { cases, more: page.more, total: page.total })
    }

    /// Asks the server something on behalf of whoever is signed in.
    async fn ask(&self, path: &'static str, body: Vec<u8>) -> Answer<Vec<u8>> {
        let mut renewed = false;
        loop {
            let token = self.with_store(|store| store.token()).await?;
            let request = Request { path, token: token.clone(), body: body.clone() };
            let answer = self.transport()?.post(request).await.map_err(|_| Code::Offline)?;
            if answer.status == 200 {
                return Ok(answer.body);
            }
            return Err(match failure_of(&answer.body) {
                Failure::SignInNeeded if !renewed && self.renewed(&token).await? => {
                    renewed = true;
                    continue;
                }
                Failure::SignInNeeded => Code::SignInNeeded,
                Failure::UpgradeNeeded => Code::UpgradeNeeded,
                Failure::NoLine => Code::Offline,
                Failure::Server => Code::Internal,
            }
            .into());
        }
    }
}
