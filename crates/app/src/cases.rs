//! The list of cases as a window shows it.

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
        let view = |row: CaseRow| CaseView {
            id: row.id.to_string(),
            mine_to_handle: row.case.is_officer(identity.person),
            title: row.case.title,
            number: row.case.number,
            holder: row.case.holder.name,
            officer: row.case.officer.map(|officer| officer.name),
            last_message_at: row.last_message_at.map(|at| at.to_string()),
            unread: count(row.unread),
            documents_needed: count(row.needed),
            documents_accepted: count(row.accepted),
            documents_submitted: count(row.submitted),
            documents_refused: count(row.refused),
            waiting: count(row.waiting),
            documents_to_handle: count(row.to_handle),
            drafts: count(row.drafts),
            unsent_files: count(row.unsent_files),
            contact_to_handle: count(row.contact_to_handle),
        };
        Ok(cases.into_iter().map(view).collect())
    }
}
