//! Cases, messages and the outbox as a window shows them, and what it can do with them.

use std::collections::BTreeMap;

use behorig_domain::{
    Command, CommandId, RecordId, Timestamp,
    messages::{MAX_LENGTH, SendMessage as Wanted},
};
use behorig_store::{CaseRow, MessageRow, OutboxRow, OutboxState, Queued, draft_place};
use uuid::Uuid;

use crate::{
    App,
    rpc::{
        Answer, CaseView, Code, CommandState, DiscardDraft, Empty, MessageList, MessageView,
        MessagesOfCase, OutboxEntry, OutboxKind, Rejection, SaveDraft, SendMessage, Withdraw,
    },
};

/// Longest text that is kept as a draft, in bytes: a hundred times what can be sent.
const DRAFT_MAX: usize = 400_000;

impl App {
    pub(crate) async fn cases(&self, Empty {}: Empty) -> Answer<Vec<CaseView>> {
        let (cases, identity) =
            self.with_store(|store| Ok((store.cases()?, store.identity()?))).await?;
        let view = |row: CaseRow| CaseView {
            id: row.id.to_string(),
            title: row.case.title,
            number: row.case.number,
            holder: row.case.holder.name,
            mine_to_handle: row.case.officer.person == identity.person,
            officer: row.case.officer.name,
            last_message_at: row.last_message_at.map(|at| at.to_string()),
            waiting: row.waiting.try_into().unwrap_or(i32::MAX),
        };
        Ok(cases.into_iter().map(view).collect())
    }

    pub(crate) async fn messages(&self, asked: MessagesOfCase) -> Answer<MessageList> {
        let case = case_id(&asked.case)?;
        let (messages, draft, identity) = self
            .with_store(move |store| {
                Ok((store.messages(case)?, store.draft(&draft_place(case))?, store.identity()?))
            })
            .await?;
        let view = |row: MessageRow| MessageView {
            id: row.id.to_string(),
            mine: row.message.author == identity.person,
            author: row.message.author_name,
            text: row.message.text,
            at: row.message.received_at.to_string(),
            state: command_state(row.state),
            reason: row.refused.map(rejection),
        };
        Ok(MessageList {
            messages: messages.into_iter().map(view).collect(),
            draft,
            max_length: MAX_LENGTH.try_into().unwrap_or(u32::MAX),
        })
    }

    pub(crate) async fn send_message(&self, asked: SendMessage) -> Answer<Empty> {
        let case = case_id(&asked.case)?;
        let now = (self.clock)();
        let id = RecordId(Uuid::now_v7());
        let command = Command::SendMessage(Wanted {
            id,
            case,
            thread: id,
            text: asked.text,
            written_at: now,
        });
        let queued = self.with_store(move |store| {
            let clears = draft_place(case);
            store.queue(CommandId(Uuid::now_v7()), &command, now, Some(&clears))
        });
        match queued.await? {
            Queued::Queued(_) => {
                self.wrote();
                Ok(Empty {})
            }
            Queued::Refused(rejection) => Err(rejection.into()),
        }
    }

    pub(crate) async fn save_draft(&self, asked: SaveDraft) -> Answer<Empty> {
        let place = draft_place(case_id(&asked.case)?);
        if asked.text.len() > DRAFT_MAX {
            return Err(Code::BadRequest.into());
        }
        let now = (self.clock)();
        self.with_store(move |store| store.put_draft(&place, &asked.text, now)).await?;
        Ok(Empty {})
    }

    pub(crate) async fn discard_draft(&self, asked: DiscardDraft) -> Answer<Empty> {
        let place = draft_place(case_id(&asked.case)?);
        self.with_store(move |store| store.remove_draft(&place)).await?;
        Ok(Empty {})
    }

    pub(crate) async fn outbox(&self, Empty {}: Empty) -> Answer<Vec<OutboxEntry>> {
        let (outbox, cases) =
            self.with_store(|store| Ok((store.outbox()?, store.cases()?))).await?;
        let titles: BTreeMap<RecordId, String> =
            cases.into_iter().map(|row| (row.id, row.case.title)).collect();
        let view = |row: OutboxRow| {
            // the other commands are the issuer's own systems' and are never written here
            let Command::SendMessage(message) = row.command else { return None };
            Some(OutboxEntry {
                command: row.id.to_string(),
                kind: OutboxKind::SendMessage,
                subject: titles.get(&message.case).cloned().unwrap_or_default(),
                text: message.text,
                state: command_state(row.state),
                reason: row.refused.map(rejection),
                written_at: row.written_at.to_string(),
                sent_at: row.sent_at.map(|at| at.to_string()),
                decided_at: row.decided_at.map(|at| at.to_string()),
                can_withdraw: row.can_withdraw,
            })
        };
        Ok(outbox.into_iter().filter_map(view).collect())
    }

    /// Takes back what has not left, or was refused; its text becomes the draft again.
    pub(crate) async fn withdraw(&self, asked: Withdraw) -> Answer<Empty> {
        let id: CommandId = asked.command.parse().map_err(|_| Code::BadRequest)?;
        let now = (self.clock)();
        self.with_store(move |store| store.withdraw(id, now)).await?;
        self.wrote();
        Ok(Empty {})
    }
}

/// A stored time as the window reads it.
pub(crate) fn stamp(millis: i64) -> Option<String> {
    Timestamp::from_millis(millis).map(|time| time.to_string())
}

fn case_id(text: &str) -> Answer<RecordId> {
    text.parse().map_err(|_| Code::BadRequest.into())
}

fn command_state(state: OutboxState) -> CommandState {
    match state {
        OutboxState::Queued => CommandState::Queued,
        OutboxState::Sent => CommandState::Sent,
        OutboxState::Received => CommandState::Received,
        OutboxState::Refused => CommandState::Refused,
        OutboxState::Stuck => CommandState::Stuck,
    }
}

fn rejection(refusal: behorig_protocol::Refusal) -> Rejection {
    Rejection { code: refusal.code, params: refusal.params }
}
