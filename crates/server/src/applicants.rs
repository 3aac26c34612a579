//! Applications by people without an account: how they lie here, what their senders are mailed, and what an
//! officer makes of one. What they may hold and become is the domain's to say.

use std::sync::Arc;

use behorig_domain::{
    Command, CommandId, IssuerId, PersonId, RecordId, Scope, Timestamp,
    applications::{Apply, by_web::WebApplication},
    contact::SetContact,
    identity::RegisterPerson,
    services::{Scheme, Service, Words},
};
use behorig_mail::{Email, Mail};
use behorig_protocol::{
    ActivateApplication, Answer, ApplicationAnswer, ApplicationOutcome, ApplicationRefusal,
    ErrorCode, Purpose, Refusal, RefuseApplication, path,
};
use behorig_server_store::{Decided, Holder, Known, Mailing, Outgoing, Taken, Waiting, Writing};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{
    controllers::{random_hex, token_hash},
    fault::Fault,
    mails, sealing,
    state::State,
};

/// What an application is sealed for.
const WHOLE: &str = "application";
/// What is kept of a refused one until its sender has been told.
const TOLD: &str = "application refused";
/// A user name that is made of a name is no longer than this, without the number after it.
const USER_NAME_MAX: usize = 50;

/// What is kept of a refused application until its sender has been told.
#[derive(Serialize, Deserialize)]
struct Telling {
    email: String,
    reason: ApplicationRefusal,
    support: String,
}

async fn sealed<B: Serialize + Send + Sync + 'static>(
    state: &Arc<State>,
    id: RecordId,
    what: &'static str,
    body: B,
) -> Result<Vec<u8>, Fault> {
    let state = state.clone();
    let sealed = tokio::task::spawn_blocking(move || {
        let plain = serde_json::to_vec(&body).map_err(|_| Fault::Sealed)?;
        sealing::seal(&state.uploads.key_or_new(Holder::Application(id))?, what, &plain)
    });
    sealed.await.map_err(|_| Fault::Panicked)?
}

async fn opened<B: DeserializeOwned + Send + 'static>(
    state: &Arc<State>,
    id: RecordId,
    what: &'static str,
    sealed: Vec<u8>,
) -> Result<B, Fault> {
    let state = state.clone();
    let opened = tokio::task::spawn_blocking(move || {
        let key = state.uploads.key(Holder::Application(id))?.ok_or(Fault::Sealed)?;
        let plain = sealing::open(&key, what, &sealed)?;
        serde_json::from_slice(&plain).map_err(|_| Fault::Sealed)
    });
    opened.await.map_err(|_| Fault::Panicked)?
}

async fn erase_keys(state: &Arc<State>, ids: Vec<RecordId>) -> Result<(), Fault> {
    let state = state.clone();
    let erased = tokio::task::spawn_blocking(move || {
        ids.into_iter().try_for_each(|id| state.uploads.erase_key(Holder::Application(id)))
    });
    erased.await.map_err(|_| Fault::Panicked)?
}

/// What somebody filled in.
pub(crate) async fn whole(state: &Arc<State>, waiting: &Waiting) -> Result<WebApplication, Fault> {
    opened(state, waiting.id, WHOLE, waiting.sealed.clone()).await
}

/// Takes in what somebody has filled in, and mails them a link to confirm their address by. The same form
/// sent twice is one application.
pub(crate) async fn take(
    state: &Arc<State>,
    id: RecordId,
    issuer: IssuerId,
    application: WebApplication,
) -> Result<Taken, Fault> {
    let now = state.now();
    let look = state.read(move |store| {
        Ok((store.application(id, now)?.is_some(), store.has_room_for_application(issuer)?))
    });
    match look.await? {
        (true, _) => return Ok(Taken::Before),
        (false, false) => return Ok(Taken::Full),
        (false, true) => {}
    }
    let sealed = sealed(state, id, WHOLE, application).await?;
    let taken = state.writer.run(move |writing| {
        let taken = writing.put_application(id, issuer, &sealed, now)?;
        if taken == Taken::Waits {
            writing.mail_applicant(id, Mailing::Application, now)?;
        }
        Ok(taken)
    });
    let taken = taken.await?;
    match taken {
        Taken::Waits => state.notice(1),
        Taken::Before => {}
        // it was the last place that somebody else took meanwhile
        Taken::Full => erase_keys(state, vec![id]).await?,
    }
    Ok(taken)
}

/// Tells an applicant once, or notes why not. What cannot be opened is tried again later, as long as a mail
/// that is not taken: keys may be brought back, and meanwhile nobody else's mail waits.
pub(crate) async fn tell(
    state: &Arc<State>,
    mail: &dyn Mail,
    outgoing: Outgoing,
) -> Result<(), Fault> {
    let (no, now) = (outgoing.no, state.now());
    match tell_opened(state, mail, outgoing).await {
        Err(Fault::Sealed) => {
            tracing::error!(notice = no, "an application cannot be opened");
            state.writer.run(move |writing| Ok(writing.try_outgoing(no, now)?)).await?;
            Ok(())
        }
        told => told,
    }
}

async fn tell_opened(state: &Arc<State>, mail: &dyn Mail, outgoing: Outgoing) -> Result<(), Fault> {
    let Outgoing { no, person, mailing, tries, .. } = outgoing;
    let (id, now) = (RecordId(person.0), state.now());
    let found = state.read(move |store| store.application(id, now)).await?;
    let Some(found) = found.filter(|found| !found.sealed.is_empty()) else {
        return end(state, no, None).await;
    };
    let epoch = state.read(|store| store.epoch()).await?;
    let message = format!("application-{epoch}-{no}-{tries}");
    let (email, link_hash, gone) = if mailing == Mailing::Application {
        let to = whole(state, &found).await?.details.email;
        let token = random_hex()?;
        let url = state.public_url().unwrap_or_default();
        let url = format!("{url}{}/confirm/{token}", path::APPLY);
        let (subject, text) = mails::words(mailing, &url);
        (Email { id: message, to, subject: subject.into(), text }, Some(token_hash(&token)), None)
    } else {
        let Telling { email: to, reason, support } = opened(state, id, TOLD, found.sealed).await?;
        let (subject, text) = mails::refused(reason, &support);
        (Email { id: message, to, subject: subject.into(), text }, None, Some(id))
    };
    let begun = state.writer.run(move |writing| {
        let begun = writing.try_outgoing(no, now)?;
        if let Some(hash) = link_hash.filter(|_| begun) {
            writing.put_application_link(id, &hash)?;
        }
        Ok(begun)
    });
    if !begun.await? {
        return Ok(());
    }
    match mail.send(&email).await {
        Ok(()) => end(state, no, gone).await,
        Err(fault) => {
            tracing::warn!(%fault, notice = no, tries = tries.saturating_add(1), "no mail sent");
            if fault.is_final() { end(state, no, gone).await } else { Ok(()) }
        }
    }
}

/// Nobody is to be told any more; of a refused application nothing is kept then.
async fn end(state: &Arc<State>, no: i64, gone: Option<RecordId>) -> Result<(), Fault> {
    let now = state.now();
    let ended = state.writer.run(move |writing| {
        if let Some(id) = gone {
            writing.empty_application(id)?;
        }
        Ok(writing.end_outgoing(no, now)?)
    });
    ended.await?;
    erase_keys(state, gone.into_iter().collect()).await
}

/// Erases what has waited too long.
pub(crate) async fn sweep(state: &Arc<State>) -> Result<(), Fault> {
    let now = state.now();
    let gone = state.writer.run(move |writing| Ok(writing.sweep_applications(now)?)).await?;
    erase_keys(state, gone).await
}

/// Why nothing came of an activation: nothing of it is left then.
enum Undone {
    Fault(Fault),
    Rejected(Refusal),
}

impl From<Fault> for Undone {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<behorig_server_store::Fault> for Undone {
    fn from(fault: behorig_server_store::Fault) -> Self {
        Self::Fault(fault.into())
    }
}

impl From<ErrorCode> for Undone {
    fn from(code: ErrorCode) -> Self {
        Self::Fault(code.into())
    }
}

/// What came of one.
#[derive(Default)]
struct Made {
    touched: Vec<Scope>,
    notices: usize,
}

impl Made {
    /// Takes in what came of a command, which must be done.
    fn add(&mut self, decided: Decided) -> Result<(), Undone> {
        match decided.answer {
            Answer::Done { .. } => {
                self.touched.extend(decided.touched);
                self.notices = self.notices.saturating_add(decided.notices);
                Ok(())
            }
            Answer::Refused { refusal, .. } => Err(Undone::Rejected(refusal)),
            _ => Err(Undone::Fault(Fault::NotCommitted)),
        }
    }
}

/// What somebody filled in, for an officer who is to handle it; or what has come of it before.
async fn unhandled(
    state: &Arc<State>,
    officer: PersonId,
    id: RecordId,
    now: Timestamp,
) -> Result<Result<WebApplication, ApplicationAnswer>, Fault> {
    let found = state.read(move |store| store.application_for(officer, id, now)).await?;
    let found = found.ok_or(ErrorCode::NotFound)?;
    match found.handled {
        Some(handled) => Ok(Err(ApplicationAnswer::Handled(handled.told_to(officer)))),
        None => Ok(Ok(whole(state, &found).await?)),
    }
}

/// Makes a case of an application, and an account for whoever has none: once, however often and by however
/// many it is asked for.
pub(crate) async fn activate(
    state: &Arc<State>,
    officer: PersonId,
    asked: ActivateApplication,
) -> Result<ApplicationAnswer, Fault> {
    let ActivateApplication { id, phone_checked } = asked;
    let now = state.now();
    let application = match unhandled(state, officer, id, now).await? {
        Ok(application) => application,
        Err(before) => return Ok(before),
    };
    let done = state.writer.run(move |writing| {
        writing.note_application(officer, Purpose::Handling, "activated", Some(id), now)?;
        let done = writing.whole(|writing| {
            // asked again where it counts: somebody else may have been faster
            let found = writing.application_for(officer, id, now)?.ok_or(ErrorCode::NotFound)?;
            if let Some(handled) = found.handled {
                return Ok((handled, Made::default()));
            }
            let mut made = Made::default();
            let outcome = make_case(writing, &found, &application, phone_checked, now, &mut made)?;
            let handled = writing.end_application(&found, officer, outcome, &[], now)?;
            Ok((handled, made))
        });
        match done {
            Ok((handled, made)) => Ok(Ok((handled, made))),
            Err(Undone::Rejected(refusal)) => Ok(Err(refusal)),
            Err(Undone::Fault(fault)) => Err(fault),
        }
    });
    match done.await? {
        Ok((handled, made)) => {
            state.poke(made.touched);
            state.notice(made.notices);
            erase_keys(state, vec![id]).await?;
            Ok(ApplicationAnswer::Handled(handled.told_to(officer)))
        }
        Err(rejection) => Ok(ApplicationAnswer::Rejected { rejection }),
    }
}

/// Finds or registers the person, invites them if they have no account, and applies for them with what they
/// have written themselves.
fn make_case(
    writing: &mut Writing<'_>,
    waiting: &Waiting,
    application: &WebApplication,
    phone_checked: bool,
    now: Timestamp,
    made: &mut Made,
) -> Result<ApplicationOutcome, Undone> {
    let WebApplication { identity_number, scheme, details, .. } = application;
    let issuer = waiting.issuer;
    let known = writing.known_by_number(issuer, identity_number, scheme)?;
    let account = known.as_ref().and_then(|known| known.account);
    if account.is_none() && !phone_checked {
        return Err(ErrorCode::BadRequest.into());
    }
    let person = match &known {
        Some(known) => known.person,
        None => {
            let person = PersonId(Uuid::now_v7());
            let name = details.name.clone();
            let services = vec![application.service];
            let register = RegisterPerson { person, name, services };
            let register = Command::RegisterPerson(register);
            made.add(writing.operate(&register, now)?)?;
            let details = details.clone();
            let set = SetContact { issuer, person, protected: false, details };
            made.add(writing.operate(&Command::SetContact(set), now)?)?;
            person
        }
    };
    let renewable = known.and_then(|known: Known| known.renewable);
    let case = RecordId(Uuid::now_v7());
    let apply = Apply {
        case,
        applicant: person,
        service: application.service,
        scheme: scheme.clone(),
        renews: renewable.filter(|_| application.renews.is_some()),
        identity_number: identity_number.clone(),
        message: RecordId(Uuid::now_v7()),
        text: application.message(),
        written_at: waiting.confirmed_at.unwrap_or(now),
    };
    let command = CommandId(Uuid::now_v7());
    made.add(writing.decide_for(person, command, &Command::Apply(apply), now)?)?;
    let mailing = match account {
        None => {
            let user_name = user_name(writing, &details.name)?;
            writing.put_account(&user_name, person, None, &details.phone)?;
            writing.put_email(person, Some(&details.email))?;
            Mailing::Activation
        }
        Some(false) => Mailing::Activation,
        Some(true) => Mailing::News,
    };
    writing.mail_account(person, mailing, now)?;
    made.notices = made.notices.saturating_add(1);
    let number = writing.case_number(case)?.ok_or(Fault::NotCommitted)?;
    Ok(ApplicationOutcome::Activated { case, number, invited: mailing == Mailing::Activation })
}

/// A user name that nobody has, made of a name: `kerstin.akerblom`, `kerstin.akerblom2`.
fn user_name(writing: &mut Writing<'_>, name: &str) -> Result<String, Fault> {
    let plain = plain(name);
    let mut candidate = plain.clone();
    let mut number: u64 = 2;
    while writing.is_user_name_taken(&candidate)? {
        candidate = format!("{plain}{number}");
        number = number.saturating_add(1);
    }
    Ok(candidate)
}

/// The first and the last part of a name in letters that every keyboard has.
fn plain(name: &str) -> String {
    let parts: Vec<String> = name
        .split_whitespace()
        .map(|part| part.to_lowercase().chars().filter_map(letter).collect())
        .filter(|part: &String| !part.is_empty())
        .collect();
    let ends = match parts.as_slice() {
        [] => "konto".to_owned(),
        [only] => only.clone(),
        [first, .., last] => format!("{first}.{last}"),
    };
    ends.chars().take(USER_NAME_MAX).collect()
}

fn letter(letter: char) -> Option<char> {
    Some(match letter {
        'a'..='z' | '0'..='9' => letter,
        'å' | 'ä' | 'á' | 'à' | 'â' | 'ã' | 'æ' => 'a',
        'ö' | 'ó' | 'ò' | 'ô' | 'õ' | 'ø' => 'o',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ü' | 'ú' | 'ù' | 'û' => 'u',
        'ç' | 'č' | 'ć' => 'c',
        'ñ' | 'ń' => 'n',
        'š' | 'ś' => 's',
        'ž' | 'ź' | 'ż' => 'z',
        'ł' => 'l',
        _ => return None,
    })
}

/// Refuses an application: what was filled in is erased, and a mail says so.
pub(crate) async fn refuse(
    state: &Arc<State>,
    officer: PersonId,
    asked: RefuseApplication,
) -> Result<ApplicationAnswer, Fault> {
    let RefuseApplication { id, reason } = asked;
    let now = state.now();
    let application = match unhandled(state, officer, id, now).await? {
        Ok(application) => application,
        Err(before) => return Ok(before),
    };
    let support = support(state, application.service).await?;
    let telling = Telling { email: application.details.email.clone(), reason, support };
    let keep = sealed(state, id, TOLD, telling).await?;
    let done = state.writer.run(move |writing| {
        writing.whole(|writing| {
            writing.note_application(officer, Purpose::Handling, "refused", Some(id), now)?;
            let found = writing.application_for(officer, id, now)?.ok_or(ErrorCode::NotFound)?;
            if let Some(handled) = found.handled {
                return Ok((handled, false));
            }
            let outcome = ApplicationOutcome::Refused { reason };
            let handled = writing.end_application(&found, officer, outcome, &keep, now)?;
            writing.mail_applicant(id, Mailing::ApplicationRefused, now)?;
            Ok::<_, Fault>((handled, true))
        })
    });
    let (handled, told) = done.await?;
    state.notice(told.into());
    Ok(ApplicationAnswer::Handled(handled.told_to(officer)))
}

/// What people call what is applied for.
pub(crate) async fn title(
    state: &Arc<State>,
    application: &WebApplication,
) -> Result<Words, Fault> {
    let at = Scheme::at(application.service, &application.scheme);
    let scheme = state.read(move |store| store.body::<Scheme>(at)).await?;
    Ok(scheme.map(|scheme| scheme.name).unwrap_or_default())
}

/// Where the body answers questions, in a line.
async fn support(state: &Arc<State>, id: RecordId) -> Result<String, Fault> {
    let service = state.read(move |store| store.body::<Service>(Service::at(id))).await?;
    let support = service.map(|service| service.support);
    Ok(support.map(|it| format!("{}, {}", it.email, it.phone)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_names_are_made_of_letters_that_every_keyboard_has() {
        for (name, made) in [
            ("Kerstin Åkerblom", "kerstin.akerblom"),
            (" Per  Ole von Öst ", "per.ost"),
            ("李小龙", "konto"),
            ("<script>alert(1)</script>", "scriptalert1script"),
            ("Łukasz", "lukasz"),
        ] {
            assert_eq!(plain(name), made);
        }
        assert_eq!(plain(&"x".repeat(100)).len(), USER_NAME_MAX);
    }
}
