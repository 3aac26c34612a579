//! The list of cases as a window shows it.

use behorig_domain::documents::RowState;
use behorig_store::CaseRow;

use crate::{
    App,
    rpc::{Answer, CaseView, Empty},
    shapes::count,
};

impl App {
    pub(crate) async fn cases(&self, Empty {}: Empty) -> Answer<Vec<CaseView>> {
        let (cases, identity) =
            self.with_store(|store| Ok((store.cases()?, store.identity()?))).await?;
        let view = |row: CaseRow| {
            let rows_that_are = |state| row.rows.iter().filter(|row| row.state == state).count();
            CaseView {
                id: row.id.to_string(),
                title: row.case.title,
                number: row.case.number,
                holder: row.case.holder.name,
                mine_to_handle: row.case.officer.person == identity.person,
                officer: row.case.officer.name,
                last_message_at: row.last_message_at.map(|at| at.to_string()),
                unread: count(row.unread),
                documents_needed: count(row.rows.len()),
                documents_accepted: count(rows_that_are(RowState::Accepted)),
                documents_submitted: count(rows_that_are(RowState::Submitted)),
                waiting: count(row.waiting),
            }
        };
        Ok(cases.into_iter().map(view).collect())
    }
}
