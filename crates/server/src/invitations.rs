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
        let user_name = self.user_name.trim();
        let odd = |each: char| each.is_whitespace() || each.is_control() || each == '@';
        ensure!(
            (1..=USER_NAME_MAX).contains(&user_name.chars().count()) && !user_name.contains(odd),
            "the user name must have 1 to {USER_NAME_MAX} characters, without blanks and @"
        );
        let digits = self.phone.strip_prefix('+').unwrap_or_default();
        ensure!(
            PHONE_DIGITS.contains(&digits.len())
                && digits.bytes().all(|digit| digit.is_ascii_digit()),
            "the number must begin with + and the country's digits, such as +46701740605"
        );
        let halves = self.email.split_once('@');
        ensure!(
            halves.is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
                && !self.email.contains(char::is_whitespace),
            "the e-mail address is not one"
        );
        Ok(())
    }
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
    let decided =
        writing.operate(&Command::RegisterPerson(RegisterPerson { person, name }), now)?;
    ensure!(matches!(decided.answer, Answer::Done { .. }), "refused: {:?}", decided.answer);
    writing.put_email(person, Some(&invitation.email))?;
    writing.mail_account(person, Mailing::Activation, now)?;
    Ok(person)
}
