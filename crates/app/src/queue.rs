//! Looking for cases at the server: nobody's replica holds every case.

use std::collections::BTreeSet;

use behorig_domain::cases;
use behorig_protocol::{self as protocol, QUEUE_PAGE_MAX, QueueRequest, path};

use crate::{
    App,
    cases::stage,
    rpc::{
        Answer, Empty, HandledBy, Purpose, QueuePage, QueueSearch, QueuedCase, Stage, WorkloadRow,
        WorkloadView,
    },
    shapes::{record_id, words},
};

/// Why somebody looks, as it is written down at the server.
pub(crate) fn purpose(purpose: Purpose) -> protocol::Purpose {
    match purpose {
        Purpose::Handling => protocol::Purpose::Handling,
        Purpose::Question => protocol::Purpose::Question,
        Purpose::Review => protocol::Purpose::Review,
    }
}

impl App {
    pub(crate) async fn search_queue(&self, asked: QueueSearch) -> Answer<QueuePage> {
        let request = QueueRequest {
            purpose: purpose(asked.purpose),
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
        let page: protocol::QueuePage = self.ask_signed(path::QUEUE, &request).await?;
        let known = self.with_store(|store| {
            let here: BTreeSet<_> = store.cases()?.into_iter().map(|row| row.id).collect();
            Ok((here, store.bodies()?.len() > 1, store.services()?))
        });
        let (here, several, services) = known.await?;
        let body = |issuer| {
            let of_body = services.iter().find(|(_, service)| service.issuer == Some(issuer));
            of_body.filter(|_| several).map(|(_, service)| words(service.name.clone()))
        };
        let view = |case: protocol::QueuedCase| QueuedCase {
            here: here.contains(&case.id),
            body: body(case.issuer),
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

    pub(crate) async fn workload(&self, Empty {}: Empty) -> Answer<WorkloadView> {
        let me = self.with_store(|store| Ok(store.identity()?.person)).await?;
        let load: protocol::Workload = self.ask_signed(path::WORKLOAD, &()).await?;
        let row = |load: protocol::OfficerLoad| WorkloadRow {
            mine: load.officer == Some(me),
            officer: load.officer_name,
            awaited: load.awaited.to_vec(),
            ready: load.ready.to_vec(),
            oldest_days: load.oldest_days,
        };
        let rows = load.officers.into_iter().map(row).collect();
        Ok(WorkloadView { rows, at: load.at.to_string() })
    }
}
