//! What a body holds on a person, the changes that they propose, and the letters that are to be posted.

use behorig_domain::{
    Command, RecordId,
    contact::{
        self, AcceptContactChange, CompletePostalTask, Contact, ContactProposal, Field,
        FieldChange, ProposalHandling, ProposeContactChange, RefuseContactChange,
        WithdrawContactChange, propose_change::preview, shown,
    },
    documents::NOTE_MAX,
};
use behorig_store::{
    CaseContact, OutboxState, Proposing, contact_place, contact_refusal_place, typed_details,
};
use uuid::Uuid;

use crate::{
    App,
    messages::DRAFT_MAX,
    rpc::{
        AcceptProposal, Answer, ChangeView, Code, ContactDraft, ContactFault, ContactPreview,
        ContactRefusal, ContactView, Empty, LetterRef, LetterView, NotTaken, OfCase, PostView,
        ProposalRef, ProposalState, ProposalView, QueuedCommand, RefuseProposal,
    },
    shapes::{command_state, record_id, rejection},
};

impl App {
    pub(crate) async fn contact(&self, asked: OfCase) -> Answer<Option<ContactView>> {
        let case = record_id(&asked.case)?;
        let (found, person) = self
            .with_store(move |store| Ok((store.contact(case)?, store.identity()?.person)))
            .await?;
        let view = |held: CaseContact| ContactView {
            mine: held.case.is_holder(person),
            mine_to_handle: held.case.is_officer(person),
            protected: held.contact.protected,
            details: Field::ALL.iter().map(|field| detail(&held.contact, *field)).collect(),
            proposal: proposal(&held),
            not_taken: not_taken(&held),
            draft: held.draft.unwrap_or_default(),
            refusal_draft: held.refusal_draft.unwrap_or_default(),
            max_reason: NOTE_MAX.try_into().unwrap_or(u32::MAX),
        };
        Ok(found.map(view))
    }

    pub(crate) async fn save_contact_draft(&self, asked: ContactDraft) -> Answer<Empty> {
        if asked.text.len() > DRAFT_MAX {
            return Err(Code::BadRequest.into());
        }
        let held = self.held(&asked.case).await?;
        let now = (self.clock)();
        let place = contact_place(held.id);
        self.keep_draft(move |store| store.put_draft(&place, "", &asked.text, now)).await
    }

    pub(crate) async fn discard_contact_draft(&self, asked: OfCase) -> Answer<Empty> {
        let held = self.held(&asked.case).await?;
        let now = (self.clock)();
        self.with_store(move |store| store.discard_draft(&contact_place(held.id), now)).await?;
        self.host.changed(&[crate::Topic::Contact]);
        Ok(Empty {})
    }

    pub(crate) async fn check_contact(&self, asked: ContactDraft) -> Answer<ContactPreview> {
        let held = self.held(&asked.case).await?;
        let typed = typed_details(&asked.text);
        let typed = typed.iter().map(|(field, text)| (*field, text.as_str()));
        let (changes, faults) = preview(&held.contact, typed);
        let fault = |(field, fault): (Field, _)| ContactFault {
            field: field.name().to_owned(),
            reason: rejection(
                (&behorig_domain::Rejection::ContactFieldUnusable { field, fault }).into(),
            ),
        };
        Ok(ContactPreview {
            changes: changes.iter().map(change).collect(),
            faults: faults.into_iter().map(fault).collect(),
        })
    }

    pub(crate) async fn propose_contact_change(
        &self,
        asked: ContactDraft,
    ) -> Answer<QueuedCommand> {
        let held = self.held(&asked.case).await?;
        let typed = typed_details(&asked.text);
        let typed = typed.iter().map(|(field, text)| (*field, text.as_str()));
        let (changes, _) = preview(&held.contact, typed);
        let (id, case) = (RecordId(Uuid::now_v7()), record_id(&asked.case)?);
        let propose = ProposeContactChange { id, case, contact: held.id, changes };
        let place = contact_place(held.id);
        self.queue(Command::ProposeContactChange(propose), Some(place)).await
    }

    pub(crate) async fn withdraw_contact_change(
        &self,
        asked: ProposalRef,
    ) -> Answer<QueuedCommand> {
        let Decided { case, contact, proposal, .. } = self.decided(&asked).await?;
        let withdraw = WithdrawContactChange { case, contact, proposal };
        self.queue(Command::WithdrawContactChange(withdraw), None).await
    }

    pub(crate) async fn accept_contact_change(
        &self,
        asked: AcceptProposal,
    ) -> Answer<QueuedCommand> {
        let AcceptProposal { case, proposal, changes: seen } = asked;
        let decided = self.decided(&ProposalRef { case, proposal }).await?;
        let Decided { case, contact, proposal, .. } = decided;
        let changes = decided.seen(&seen)?;
        let accept = AcceptContactChange { case, contact, proposal, changes };
        self.queue(Command::AcceptContactChange(accept), None).await
    }

    pub(crate) async fn refuse_contact_change(
        &self,
        asked: RefuseProposal,
    ) -> Answer<QueuedCommand> {
        let RefuseProposal { case, proposal, changes: seen, reason } = asked;
        let decided = self.decided(&ProposalRef { case, proposal }).await?;
        let Decided { case, contact, proposal, .. } = decided;
        let changes = decided.seen(&seen)?;
        let refuse = RefuseContactChange { case, contact, proposal, changes, reason };
        let place = contact_refusal_place(contact);
        self.queue(Command::RefuseContactChange(refuse), Some(place)).await
    }

    pub(crate) async fn save_contact_refusal(&self, asked: ContactRefusal) -> Answer<Empty> {
        if asked.reason.len() > DRAFT_MAX {
            return Err(Code::BadRequest.into());
        }
        let held = self.held(&asked.case).await?;
        let (place, now) = (contact_refusal_place(held.id), (self.clock)());
        self.keep_draft(move |store| store.put_draft(&place, "", &asked.reason, now)).await
    }

    pub(crate) async fn post(&self, Empty {}: Empty) -> Answer<PostView> {
        self.with_store(|store| {
            let mut letters = Vec::new();
            for (id, task) in store.postal_tasks()? {
                let held = store.contact(task.case)?;
                letters.push(LetterView {
                    letter: id.to_string(),
                    case: held.as_ref().map(|_| task.case.to_string()),
                    number: task.number,
                    about: task.about.kind.name().to_owned(),
                    at: task.made_at.to_string(),
                    protected: held.as_ref().is_some_and(|held| held.contact.protected),
                    address: held.map(|held| address(&held.contact)).unwrap_or_default(),
                    state: store.posting(id)?.map(command_state),
                });
            }
            Ok(PostView { letters })
        })
        .await
    }

    pub(crate) async fn posted(&self, asked: LetterRef) -> Answer<QueuedCommand> {
        let task = record_id(&asked.letter)?;
        let person = self.with_store(|store| Ok(store.identity()?.person)).await?;
        let done = CompletePostalTask { task, person };
        self.queue(Command::CompletePostalTask(done), None).await
    }

    async fn held(&self, case: &str) -> Answer<CaseContact> {
        let case = record_id(case)?;
        let held = self.with_store(move |store| store.contact(case)).await?;
        held.ok_or_else(|| Code::BadRequest.into())
    }

    async fn decided(&self, asked: &ProposalRef) -> Answer<Decided> {
        let held = self.held(&asked.case).await?;
        Ok(Decided {
            case: record_id(&asked.case)?,
            contact: held.id,
            proposal: record_id(&asked.proposal)?,
            changes: held.proposal.map(|proposal| proposal.changes).unwrap_or_default(),
        })
    }
}

/// A proposal that somebody decides on, as it is here.
struct Decided {
    case: RecordId,
    contact: RecordId,
    proposal: RecordId,
    changes: Vec<FieldChange>,
}

impl Decided {
    /// The changes that the window showed, unless others have come in their place since.
    fn seen(self, seen: &[ChangeView]) -> Answer<Vec<FieldChange>> {
        if self.changes.iter().map(change).eq(seen.iter().cloned()) {
            Ok(self.changes)
        } else {
            Err(behorig_domain::Rejection::ProposalReplaced.into())
        }
    }
}

fn detail(contact: &Contact, field: Field) -> crate::rpc::Detail {
    let value = shown(field, contact.details.get(field));
    crate::rpc::Detail { field: field.name().to_owned(), value }
}

/// A change as people read it.
pub(crate) fn change(FieldChange { field, from, to }: &FieldChange) -> ChangeView {
    ChangeView { field: field.name().to_owned(), from: shown(*field, from), to: shown(*field, to) }
}

fn not_taken(held: &CaseContact) -> Option<NotTaken> {
    let refused = |proposing: &&Proposing| proposing.state == OutboxState::Refused;
    let Proposing { command, changes, refused, .. } = held.proposing.as_ref().filter(refused)?;
    Some(NotTaken {
        command: command.to_string(),
        changes: changes.iter().map(change).collect(),
        reason: refused.clone().map(rejection),
    })
}

/// The latest proposal: one on its way before the one that the server has.
fn proposal(held: &CaseContact) -> Option<ProposalView> {
    let waits = ProposalView {
        proposal: String::new(),
        changes: Vec::new(),
        handling: ProposalState::Waiting,
        at: String::new(),
        state: command_state(OutboxState::Received),
        withdraw: None,
        handled_by: String::new(),
        handled_at: None,
        handled_why: String::new(),
        handling_state: None,
        handling_reason: None,
    };
    if let Some(on_its_way) =
        held.proposing.as_ref().filter(|proposing| proposing.state != OutboxState::Refused)
    {
        return Some(ProposalView {
            changes: on_its_way.changes.iter().map(change).collect(),
            at: on_its_way.written_at.to_string(),
            state: command_state(on_its_way.state),
            withdraw: on_its_way.can_withdraw.then(|| on_its_way.command.to_string()),
            ..waits
        });
    }
    let ContactProposal { id, changes, received_at, handling, .. } = held.proposal.as_ref()?;
    let (state, by, at, why) = match handling {
        ProposalHandling::Waiting => (ProposalState::Waiting, "", None, ""),
        ProposalHandling::Withdrawn { at } => (ProposalState::Withdrawn, "", Some(at), ""),
        ProposalHandling::Accepted { by_name, at, .. } => {
            (ProposalState::Accepted, by_name.as_str(), Some(at), "")
        }
        ProposalHandling::Refused { by_name, at, reason, .. } => {
            (ProposalState::Refused, by_name.as_str(), Some(at), reason.as_str())
        }
    };
    let (handling_state, handling_refused) = held.deciding.clone().unzip();
    Some(ProposalView {
        proposal: id.to_string(),
        changes: changes.iter().map(change).collect(),
        handling: state,
        at: received_at.to_string(),
        handled_by: by.to_owned(),
        handled_at: at.map(ToString::to_string),
        handled_why: why.to_owned(),
        handling_state: handling_state.map(command_state),
        handling_reason: handling_refused.flatten().map(rejection),
        ..waits
    })
}

/// What stands on a letter, line by line; the country's code last, if it is not the body's own.
fn address(contact: &Contact) -> Vec<String> {
    let get = |field| shown(field, contact.details.get(field));
    let country = get(Field::Country);
    let town = format!("{} {}", get(Field::PostalCode), get(Field::Town).to_uppercase());
    [
        get(Field::Name),
        get(Field::CareOf),
        get(Field::Street),
        town.trim().to_owned(),
        if country == contact::SWEDEN { String::new() } else { country },
    ]
    .into_iter()
    .filter(|line| !line.is_empty())
    .collect()
}
