//! Conversations and the texts being written in them, as a window shows them.

use std::collections::HashMap;

use behorig_domain::{
    Command, PersonId, RecordId, Timestamp,
    messages::{LENGTH_CEILING, MarkRead, Origin, SendMessage},
};
use behorig_store::{Draft, MessageRow, draft_place};
use uuid::Uuid;

use crate::{
    App,
    documents::document_name,
    rpc::{
        Answer, Code, DraftPlace, DraftVersion, DraftView, Empty, MessageList, MessageOrigin,
        MessageTypeView, MessageView, OfCase, QueuedCommand, RestoreDraft, Shown, ThreadView,
        Topic, Words, Written,
    },
    shapes::{command_state, count, record_id, rejection, words},
};

/// Longest text that is kept as a draft, in bytes: a hundred times what can be sent.
pub(crate) const DRAFT_MAX: usize = 400_000;

impl App {
    pub(crate) async fn messages(&self, asked: OfCase) -> Answer<MessageList> {
        let case = record_id(&asked.case)?;
        let (messages, drafts, settings, me) = self
            .with_store(move |store| {
                let (messages, drafts) = (store.messages(case)?, store.drafts(case)?);
                let settings = match store.case(case)? {
                    Some(case) => (store.settings_of(&case)?, store.scheme_of(&case)?),
                    None => (None, None),
                };
                Ok((messages, drafts, settings, store.identity()?.person))
            })
            .await?;
        let draft = |draft: Draft| DraftView {
            thread: draft.thread.map(|thread| thread.to_string()),
            message_type: draft.message_type,
            text: draft.text,
            saved_at: draft.saved_at.to_string(),
        };
        let (service, scheme) = settings;
        let max = service.as_ref().map_or(LENGTH_CEILING, |service| service.message_max);
        let name = |code: &String| document_name(scheme.as_ref(), code);
        let threads = threads(messages, |row| view(row, me, &name));
        let types = service.as_ref().map(|service| service.message_types.clone());
        let types = types.unwrap_or_default();
        Ok(MessageList {
            threads,
            drafts: drafts.into_iter().map(draft).collect(),
            message_types: types
                .into_iter()
                .map(|kind| MessageTypeView { code: kind.code, name: words(kind.name) })
                .collect(),
            max_length: max.try_into().unwrap_or(u32::MAX),
        })
    }

    pub(crate) async fn send_message(&self, asked: Written) -> Answer<QueuedCommand> {
        let (case, thread) = place_of(&asked.case, asked.thread.as_deref())?;
        let id = RecordId(Uuid::now_v7());
        let command = Command::SendMessage(SendMessage {
            id,
            case,
            thread: thread.unwrap_or(id),
            message_type: asked.message_type,
            text: asked.text,
            written_at: (self.clock)(),
        });
        self.queue(command, Some(draft_place(case, thread))).await
    }

    pub(crate) async fn mark_read(&self, asked: Shown) -> Answer<Empty> {
        let (case, thread) = (record_id(&asked.case)?, record_id(&asked.thread)?);
        let shown: Timestamp = asked.up_to.parse().map_err(|_| Code::BadRequest)?;
        let (messages, person) = self
            .with_store(move |store| Ok((store.messages(case)?, store.identity()?.person)))
            .await?;
        let unread = messages.iter().filter(|row| row.message.thread == thread && row.unread);
        let received = unread.map(|row| row.message.received_at).filter(|at| *at <= shown);
        let Some(up_to) = received.max() else {
            return Ok(Empty {});
        };
        self.queue(Command::MarkRead(MarkRead { case, thread, person, up_to }), None).await?;
        Ok(Empty {})
    }

    pub(crate) async fn save_draft(&self, asked: Written) -> Answer<Empty> {
        let (case, thread) = place_of(&asked.case, asked.thread.as_deref())?;
        let place = draft_place(case, thread);
        if asked.text.len() > DRAFT_MAX {
            return Err(Code::BadRequest.into());
        }
        let now = (self.clock)();
        let is_empty = asked.text.is_empty();
        let before = place.clone();
        let before = self.with_store(move |store| store.draft(&before)).await?;
        self.keep_draft(move |store| {
            store.put_draft(&place, &asked.message_type, &asked.text, now)
        })
        .await?;
        if before.is_none_or(|before| before.is_empty()) != is_empty {
            // the list says in which cases something is being written
            self.host.changed(&[Topic::Cases]);
        }
        Ok(Empty {})
    }

    pub(crate) async fn discard_draft(&self, asked: DraftPlace) -> Answer<Empty> {
        let (case, thread) = place_of(&asked.case, asked.thread.as_deref())?;
        let now = (self.clock)();
        self.with_store(move |store| store.discard_draft(&draft_place(case, thread), now)).await?;
        self.host.changed(&[Topic::Cases]);
        Ok(Empty {})
    }

    pub(crate) async fn draft_history(&self, asked: DraftPlace) -> Answer<Vec<DraftVersion>> {
        let (case, thread) = place_of(&asked.case, asked.thread.as_deref())?;
        let versions =
            self.with_store(move |store| store.draft_versions(&draft_place(case, thread)));
        let view = |version: behorig_store::DraftVersion| DraftVersion {
            version: version.no.to_string(),
            text: version.text,
            saved_at: version.saved_at.to_string(),
            discarded: version.discarded,
        };
        Ok(versions.await?.into_iter().map(view).collect())
    }

    pub(crate) async fn restore_draft(&self, asked: RestoreDraft) -> Answer<Empty> {
        let (case, thread) = place_of(&asked.case, asked.thread.as_deref())?;
        let version: i64 = asked.version.parse().map_err(|_| Code::BadRequest)?;
        let (place, now) = (draft_place(case, thread), (self.clock)());
        let restored = self.with_store(move |store| store.restore_draft(&place, version, now));
        if restored.await? { Ok(Empty {}) } else { Err(Code::BadRequest.into()) }
    }
}

fn place_of(case: &str, thread: Option<&str>) -> Answer<(RecordId, Option<RecordId>)> {
    Ok((record_id(case)?, thread.map(record_id).transpose()?))
}

/// Groups messages, newest first, into their conversations, the one with the newest message first.
fn threads(messages: Vec<MessageRow>, view: impl Fn(MessageRow) -> MessageView) -> Vec<ThreadView> {
    let mut threads: Vec<ThreadView> = Vec::new();
    let mut places: HashMap<RecordId, usize> = HashMap::new();
    for row in messages {
        let id = row.message.thread;
        let place = *places.entry(id).or_insert_with(|| {
            threads.push(ThreadView {
                id: id.to_string(),
                message_type: String::new(),
                messages: Vec::new(),
                unread: 0,
            });
            threads.len().saturating_sub(1)
        });
        let Some(thread) = threads.get_mut(place) else { continue };
        if thread.message_type.is_empty() || row.id == id {
            // what a conversation is, is what its first message is
            thread.message_type.clone_from(&row.message.message_type);
        }
        thread.unread = thread.unread.saturating_add(count(u8::from(row.unread)));
        thread.messages.push(view(row));
    }
    threads
}

fn view(row: MessageRow, me: PersonId, name: &impl Fn(&String) -> Words) -> MessageView {
    MessageView {
        id: row.id.to_string(),
        mine: row.message.author == me,
        command: row.command.map(|command| command.to_string()),
        author: row.message.author_name,
        text: row.message.text,
        origin: match row.message.origin {
            Origin::Written => MessageOrigin::Written,
            Origin::Decision => MessageOrigin::Decision,
            Origin::Completion => MessageOrigin::Completion,
            Origin::Ready => MessageOrigin::Ready,
            Origin::Automatic => MessageOrigin::Automatic,
        },
        documents: row.message.documents.iter().map(name).collect(),
        unread: row.unread,
        at: row.message.received_at.to_string(),
        state: command_state(row.state),
        reason: row.refused.map(rejection),
    }
}
