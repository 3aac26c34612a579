//! Inviting people: an account that nobody can sign in to before its owner has chosen a password by the link
//! that is mailed to them.

use std::path::Path;

use anyhow::{Context as _, ensure};
use behorig_domain::{Command, PersonId, Timestamp, identity::RegisterPerson};
use behorig_protocol::Answer;
use behorig_server_store::{Mailing, Store, Writing};
use uuid::Uuid;

use crate::state::DATABASE;

/// Longest user name, in characters.
const USER_NAME_MAX: usize = 64;
/// Digits of a number with its country's: E.164.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Whom to invite.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// What the program calls the person.
    pub name: String,
    /// What they will sign in with.
    pub user_name: String,
    /// Where codes go: confirmed to be theirs.
    pub phone: String,
    /// Where the link and later mails go.
    pub email: String,
}

impl Invitation {
    /// What is wrong with it, if anything is.
    fn check(&self) -> anyhow::Result<()> {
        ensure!(!self.name.trim().is_empty(), "the name is empty");
        ensure!(
            is_user_name(self.user_name.trim()),
            "the user name must have 1 to {USER_NAME_MAX} characters, without blanks and @"
        );
        ensure!(
            is_phone(&self.phone),
            "the number must begin with + and the country's digits, such as +46701740605"
        );
        ensure!(is_email(&self.email), "the e-mail address is not one");
        Ok(())
    }
}

/// Whether somebody can sign in with this.
pub(crate) fn is_user_name(user_name: &str) -> bool {
    let odd = |each: char| each.is_whitespace() || each.is_control() || each == '@';
    (1..=USER_NAME_MAX).contains(&user_name.chars().count()) && !user_name.contains(odd)
}

/// Whether codes can go there.
pub(crate) fn is_phone(phone: &str) -> bool {
    let digits = phone.strip_prefix('+').unwrap_or_default();
    PHONE_DIGITS.contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
}

/// Whether mails can go there.
pub(crate) fn is_email(email: &str) -> bool {
    let halves = email.split_once('@');
    halves.is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
        && !email.contains(char::is_whitespace)
}

/// Invites somebody on a server's data, while it runs or not. A running one mails the link within a minute.
pub fn invite(data: &Path, invitation: &Invitation, now: Timestamp) -> anyhow::Result<PersonId> {
    open(data)?.write(|writing| invite_in(writing, invitation, now))
}

/// Mails another link to somebody who has not activated their account; the one before it is void.
pub fn invite_again(data: &Path, user_name: &str, now: Timestamp) -> anyhow::Result<()> {
    let mut store = open(data)?;
    let account = store.account(user_name)?.context("nobody has this user name")?;
    ensure!(account.password_hash.is_none(), "the account is activated already");
    store.write(|writing| Ok(writing.mail_account(account.person, Mailing::Activation, now)?))
}

/// Has codes sent to somebody's telephone again who has lost their code app, and tells them by mail.
pub fn remove_code_app(data: &Path, user_name: &str, now: Timestamp) -> anyhow::Result<()> {
    let mut store = open(data)?;
    let account = store.account(user_name)?.context("nobody has this user name")?;
    ensure!(store.totp(account.person)?.is_some(), "no code app is connected");
    store.write(|writing| {
        writing.remove_totp(account.person)?;
        Ok(writing.mail_account(account.person, Mailing::FactorChanged, now)?)
    })
}

fn open(data: &Path) -> anyhow::Result<Store> {
    let database = data.join(DATABASE);
    ensure!(database.exists(), "{} holds no server's data", data.display());
    Ok(Store::open(&database)?)
}

/// Registers the person, the account and the mail, or nothing of them.
pub(crate) fn invite_in(
    writing: &mut Writing<'_>,
    invitation: &Invitation,
    now: Timestamp,
) -> anyhow::Result<PersonId> {
    invitation.check()?;
    let person = PersonId(Uuid::now_v7());
    // first what can be refused
    writing.put_account(&invitation.user_name, person, None, &invitation.phone)?;
    let name = invitation.name.trim().to_owned();
    let services = writing.open_services()?;
    let register = RegisterPerson { person, name, services };
    let decided = writing.operate(&Command::RegisterPerson(register), now)?;
    ensure!(matches!(decided.answer, Answer::Done { .. }), "refused: {:?}", decided.answer);
    writing.put_email(person, Some(&invitation.email))?;
    writing.mail_account(person, Mailing::Activation, now)?;
    Ok(person)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn siri() -> Invitation {
        Invitation {
            name: "Siri Nyström".into(),
            user_name: "Siri.Nystrom".into(),
            phone: "+46701740607".into(),
            email: "siri@example.com".into(),
        }
    }

    fn now() -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000).unwrap()
    }

    #[test]
    fn somebody_is_invited_beside_a_running_server_once_and_again_until_they_are_in() {
        let folder = tempfile::tempdir().unwrap();
        assert!(invite(&folder.path().join("sevrer"), &siri(), now()).is_err());
        let mut running = Store::open(&folder.path().join(DATABASE)).unwrap();
        let person = invite(folder.path(), &siri(), now()).unwrap();
        let account = running.account("siri.nystrom").unwrap().unwrap();
        assert_eq!((account.person, account.password_hash), (person, None));
        let mail = running.next_outgoing(now()).unwrap().unwrap();
        assert_eq!((mail.mailing, mail.person), (Mailing::Activation, person));

        let taken = Invitation { email: "other@example.com".into(), ..siri() };
        assert!(invite(folder.path(), &taken, now()).is_err(), "the user name is taken");
        assert_eq!(running.account("siri.nystrom").unwrap().unwrap().person, person);
        invite_again(folder.path(), "SIRI.nystrom", now()).unwrap();
        let again = running.next_outgoing(now()).unwrap().unwrap();
        assert!(again.no > mail.no, "in the place of the one that had not left");
        running.write(|writing| writing.end_outgoing(again.no, now())).unwrap();
        assert_eq!(running.next_outgoing(now()).unwrap(), None);

        running.write(|writing| writing.change_password(person, "hash", None, now())).unwrap();
        assert!(invite_again(folder.path(), "siri.nystrom", now()).is_err(), "is in already");
        assert!(invite_again(folder.path(), "nobody", now()).is_err());
    }

    #[test]
    fn a_lost_code_app_is_removed_and_its_owner_told() {
        let folder = tempfile::tempdir().unwrap();
        let mut running = Store::open(&folder.path().join(DATABASE)).unwrap();
        let person = invite(folder.path(), &siri(), now()).unwrap();
        assert!(remove_code_app(folder.path(), "siri.nystrom", now()).is_err(), "there is none");
        running.write(|writing| writing.put_totp(person, b"sealed").map(drop)).unwrap();
        remove_code_app(folder.path(), "Siri.Nystrom", now()).unwrap();
        assert!(running.totp(person).unwrap().is_none());
        let mut told = Vec::new();
        while let Some(mail) = running.next_outgoing(now()).unwrap() {
            told.push(mail.mailing);
            running.write(|writing| writing.end_outgoing(mail.no, now())).unwrap();
        }
        assert_eq!(told, [Mailing::Activation, Mailing::FactorChanged]);
        assert!(remove_code_app(folder.path(), "nobody", now()).is_err());
    }

    #[test]
    fn what_cannot_be_meant_is_refused_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join(DATABASE)).unwrap();
        for bad in [
            Invitation { name: " ".into(), ..siri() },
            Invitation { user_name: "".into(), ..siri() },
            Invitation { user_name: "two words".into(), ..siri() },
            Invitation { user_name: "siri@example.com".into(), ..siri() },
            Invitation { user_name: "x".repeat(65), ..siri() },
            Invitation { phone: "0701740607".into(), ..siri() },
            Invitation { phone: "+46 70 174 06 07".into(), ..siri() },
            Invitation { email: "siri".into(), ..siri() },
            Invitation { email: "siri@example.com\nBcc: x@y.z".into(), ..siri() },
        ] {
            assert!(invite(folder.path(), &bad, now()).is_err(), "{bad:?}");
        }
        assert!(!store.has_accounts().unwrap());
        assert_eq!(store.next_outgoing(now()).unwrap(), None);
    }
}
