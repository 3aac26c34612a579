//! Cases as a window shows them, and what is done to a case as a whole.

use behorig_domain::{
    Command, PersonId, RecordId, Rejection,
    cases::{self, Certificate, Exam, Happening},
    contact::ANALOG,
    messages::LENGTH_CEILING,
    services::{Named, Scheme, Words as BothWords},
};
use behorig_store::{CaseRow, DecisionChoice, decision_place, exam_place};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::{
    App,
    messages::DRAFT_MAX,
    outbox::kind_of,
    rpc::{
        Answer, AssignCase, CaseFile, CaseView, CertificateView, Choice, Code, Colleague, Empty,
        EventView, ExamDraft, ExamView, GrantCertificate, Letter, LetterDraft, OfCase, OnItsWay,
        Proofs, QueuedCommand, RecordExam, Stage,
    },
    shapes::{command_state, count, record_id, rejection, words},
};

impl App {
    pub(crate) async fn cases(&self, Empty {}: Empty) -> Answer<Vec<CaseView>> {
        let (cases, identity) =
            self.with_store(|store| Ok((store.cases()?, store.identity()?))).await?;
        let view = |row: CaseRow| CaseView {
            id: row.id.to_string(),
            stage: stage(row.case.stage),
            certificate: row.certificate.map(|certificate| certificate.number),
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

    pub(crate) async fn case_file(&self, asked: OfCase) -> Answer<CaseFile> {
        let id = record_id(&asked.case)?;
        let found =
            self.with_store(move |store| Ok((store.case_file(id)?, store.identity()?.person)));
        let (found, me) = found.await?;
        let file = found.ok_or(Code::BadRequest)?;
        let case = file.case;
        let scheme = file.scheme.as_ref();
        let max_letter = file.service.as_ref().map_or(LENGTH_CEILING, |it| it.message_max);
        let choices = |named: &[Named]| named.iter().cloned().map(choice).collect();
        let colleagues = file.staff.into_iter().filter(|staff| staff.person != me);
        Ok(CaseFile {
            id: id.to_string(),
            scheme: words(scheme.map_or_else(|| same(&case.title), |it| it.name.clone())),
            renews: case.renews.clone(),
            number: case.number.clone(),
            holder: case.holder.name.clone(),
            identity_number: case.identity_number.spelt(),
            officer: case.officer.as_ref().map(|officer| officer.name.clone()),
            stage: stage(case.stage),
            opened_at: case.opened_at.to_string(),
            digital: file.contact.map(|contact| contact.details.channel != ANALOG),
            certificate: file.certificate.map(|it| certificate_view(it, scheme)),
            exams: case.exams.iter().rev().map(|exam| exam_view(exam, scheme)).collect(),
            events: file.events.into_iter().map(|event| event_view(event, scheme)).collect(),
            mine_to_handle: case.is_officer(me),
            mine: case.is_holder(me),
            exam_parts: choices(scheme.map_or(&[], |it| &it.exams)),
            levels: choices(scheme.map_or(&[], |it| &it.levels)),
            colleagues: colleagues
                .map(|staff| Colleague { person: staff.person.to_string(), name: staff.name })
                .collect(),
            letter: LetterDraft {
                case: id.to_string(),
                text: file.letter,
                level: file.choice.level,
                granted_on: file.choice.granted_on,
            },
            exam: file.exam.map(|typed| {
                let behorig_store::ExamDraft { part, held_on, mark, passed } = typed;
                ExamDraft { part, held_on, mark, passed }
            }),
            max_letter: max_letter.try_into().unwrap_or(u32::MAX),
            on_their_way: file
                .on_their_way
                .into_iter()
                .filter_map(|row| {
                    Some(OnItsWay {
                        command: row.id.to_string(),
                        kind: kind_of(&row.command)?,
                        state: command_state(row.state),
                        reason: row.refused.map(rejection),
                    })
                })
                .collect(),
        })
    }

    pub(crate) async fn assign_case(&self, asked: AssignCase) -> Answer<QueuedCommand> {
        let case = record_id(&asked.case)?;
        let person = |text: String| text.parse::<PersonId>().map_err(|_| Code::BadRequest);
        let from = match asked.from {
            Some(from) => Some(person(from)?),
            // whoever has it as far as this replica knows; a case that it does not hold is taken from nobody
            None => self
                .with_store(move |store| store.case_file(case))
                .await?
                .and_then(|file| file.case.officer.map(|officer| officer.person)),
        };
        let to = match asked.to.as_deref() {
            Some("me") => Some(self.with_store(|store| Ok(store.identity()?.person)).await?),
            Some(to) => Some(person(to.to_owned())?),
            None => None,
        };
        if asked.to.as_deref() != Some("me") {
            let count = self.with_store(move |store| store.unsent_in(case)).await?;
            if count > 0 {
                return Err(Rejection::UnsentWork { count }.into());
            }
        }
        self.queue(Command::AssignCase(cases::AssignCase { case, from, to }), None).await
    }

    pub(crate) async fn record_exam(&self, asked: RecordExam) -> Answer<QueuedCommand> {
        let command = cases::RecordExam {
            case: record_id(&asked.case)?,
            part: asked.part,
            held_on: day(&asked.held_on)?,
            mark: asked.mark.trim().to_owned(),
            passed: asked.passed,
        };
        let place = exam_place(command.case);
        self.queue(Command::RecordExam(command), Some(place)).await
    }

    pub(crate) async fn grant_certificate(&self, asked: GrantCertificate) -> Answer<QueuedCommand> {
        let case = record_id(&asked.case)?;
        let command = cases::GrantCertificate {
            case,
            level: asked.level,
            granted_on: day(&asked.granted_on)?,
            letter: RecordId(Uuid::now_v7()),
            text: asked.text,
            written_at: (self.clock)(),
        };
        self.queue(Command::GrantCertificate(command), Some(decision_place(case))).await
    }

    pub(crate) async fn refuse_application(&self, asked: Letter) -> Answer<QueuedCommand> {
        let case = record_id(&asked.case)?;
        let command = cases::RefuseApplication {
            case,
            letter: RecordId(Uuid::now_v7()),
            text: asked.text,
            written_at: (self.clock)(),
        };
        self.queue(Command::RefuseApplication(command), Some(decision_place(case))).await
    }

    pub(crate) async fn save_letter(&self, asked: LetterDraft) -> Answer<Empty> {
        let LetterDraft { case, text, level, granted_on } = asked;
        let (case, now) = (record_id(&case)?, (self.clock)());
        if text.len() > DRAFT_MAX || granted_on.len() > DRAFT_MAX {
            return Err(Code::BadRequest.into());
        }
        let choice = DecisionChoice { level, granted_on };
        self.keep_draft(move |store| store.put_letter(case, &choice, &text, now)).await
    }

    pub(crate) async fn save_exam(&self, asked: RecordExam) -> Answer<Empty> {
        let RecordExam { case, part, held_on, mark, passed } = asked;
        let (case, now) = (record_id(&case)?, (self.clock)());
        if held_on.len() > DRAFT_MAX || mark.len() > DRAFT_MAX {
            return Err(Code::BadRequest.into());
        }
        let exam = behorig_store::ExamDraft { part, held_on, mark, passed };
        self.keep_draft(move |store| store.put_exam(case, &exam, now)).await
    }

    pub(crate) async fn withdraw_application(&self, asked: OfCase) -> Answer<QueuedCommand> {
        let case = record_id(&asked.case)?;
        self.queue(Command::WithdrawApplication(cases::WithdrawApplication { case }), None).await
    }

    pub(crate) async fn set_proofs(&self, asked: Proofs) -> Answer<QueuedCommand> {
        let case = record_id(&asked.case)?;
        let Proofs { card, published, .. } = asked;
        self.queue(Command::SetProofs(cases::SetProofs { case, card, published }), None).await
    }
}

/// A day that the window passes.
fn day<T: DeserializeOwned>(text: &str) -> Answer<T> {
    serde_json::from_value(text.into()).map_err(|_| Code::BadRequest.into())
}

pub(crate) fn stage(stage: cases::Stage) -> Stage {
    match stage {
        cases::Stage::Application => Stage::Application,
        cases::Stage::Granted => Stage::Granted,
        cases::Stage::Refused => Stage::Refused,
        cases::Stage::Withdrawn => Stage::Withdrawn,
    }
}

fn choice(named: Named) -> Choice {
    Choice { code: named.code, name: words(named.name) }
}

/// What people call something that settings name; its code, if they no longer do.
fn called(named: &[Named], code: &str) -> BothWords {
    let found = named.iter().find(|named| named.code == code);
    found.map_or_else(|| same(code), |named| named.name.clone())
}

/// What has no words yet is called by its code.
fn same(text: &str) -> BothWords {
    BothWords { sv: text.to_owned(), en: text.to_owned() }
}

fn certificate_view(certificate: Certificate, scheme: Option<&Scheme>) -> CertificateView {
    let levels = scheme.map_or(&[][..], |scheme| &scheme.levels);
    CertificateView {
        level: certificate.level.map(|level| words(called(levels, &level))),
        number: certificate.number,
        granted_on: certificate.granted_on.to_string(),
        valid_to: certificate.valid_to.to_string(),
        card: certificate.card,
        published: certificate.published,
    }
}

fn exam_view(exam: &Exam, scheme: Option<&Scheme>) -> ExamView {
    let parts = scheme.map_or(&[][..], |scheme| &scheme.exams);
    ExamView {
        part: words(called(parts, &exam.part)),
        held_on: exam.held_on.to_string(),
        mark: exam.mark.clone(),
        passed: exam.passed,
    }
}

fn event_view(event: cases::Event, scheme: Option<&Scheme>) -> EventView {
    let parts = scheme.map_or(&[][..], |scheme| &scheme.exams);
    let what = match event.what {
        // the settings have the words for a part
        Happening::ExamRecorded { part, passed } => {
            serde_json::json!({
                "happening": "exam_recorded",
                "params": { "part": called(parts, &part), "passed": passed },
            })
        }
        what => serde_json::to_value(what).unwrap_or_default(),
    };
    let part = |name| what.get(name).cloned().unwrap_or_default();
    EventView {
        at: event.at.to_string(),
        by: event.by_name,
        happening: part("happening").as_str().unwrap_or_default().to_owned(),
        params: part("params"),
    }
}
