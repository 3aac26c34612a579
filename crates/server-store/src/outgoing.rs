//! What is to be told to people by means outside the program, until somebody has told it.

use behorig_domain::{
    Notice, PersonId, Read, RecordId, RecordRef, Scope, Timestamp,
    cases::Case,
    contact::{Contact, post},
};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    Fault, Store, Writing,
    records::{self, uuid},
};

/// Tries after which nobody is told any more: with the waits between them a day and a half.
const TRIES_MAX: i64 = 12;
/// Milliseconds before the second try; doubled before each further one.
const WAIT: i64 = 60_000;

/// What a mail is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mailing {
    /// Something is new in a case.
    News,
    /// A person may choose their first password.
    Activation,
    /// A person who has forgotten their password may choose another.
    Reset,
    /// A person's password was changed.
    PasswordChanged,
    /// How a person proves who they are was changed, besides the password.
    FactorChanged,
    /// Somebody without an account confirms the address that they gave with an application: `person` is the
    /// application's id.
    Application,
    /// Such an application is refused: `person` is the application's id.
    ApplicationRefused,
}

impl Mailing {
    /// As it stands in the column that else names the kind of record that is new.
    fn name(self) -> &'static str {
        match self {
            Self::News => "news",
            Self::Activation => "activation",
            Self::Reset => "reset",
            Self::PasswordChanged => "password_changed",
            Self::FactorChanged => "factor_changed",
            Self::Application => "application",
            Self::ApplicationRefused => "application_refused",
        }
    }

    fn named(name: &str) -> Self {
        [
            Self::Activation,
            Self::Reset,
            Self::PasswordChanged,
            Self::FactorChanged,
            Self::Application,
            Self::ApplicationRefused,
        ]
        .into_iter()
        .find(|mailing| mailing.name() == name)
        .unwrap_or(Self::News)
    }
}

/// Something to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Its number.
    pub no: i64,
    /// To whom.
    pub person: PersonId,
    /// What for.
    pub mailing: Mailing,
    /// Where they read it; `None` if no address is known.
    pub address: Option<String>,
    /// Since when.
    pub at: Timestamp,
    /// How often it has been tried.
    pub tries: i64,
}

/// Sees to it that somebody is told, by mail or by a letter that somebody at the body is to post, as the
/// domain says. Whether it is by mail.
pub(crate) fn tell(
    connection: &Connection,
    notice: &Notice,
    now: Timestamp,
    touched: &mut Vec<Scope>,
) -> Result<bool, Fault> {
    let mut reached_by = None;
    if let Some((case_ref, case)) = case_of(connection, notice.about)? {
        let at = Contact::at(case.issuer, notice.person);
        if let Read::Found(record) = records::read(connection, at)? {
            let contact: Contact = record.read().map_err(|_| Fault::Malformed("record"))?;
            if let Some(task) = post::by_post(notice, (case_ref.id, &case), &contact, now) {
                records::put(connection, &task, touched)?;
                return Ok(false);
            }
            reached_by = Some(at.id);
        }
    }
    connection
        .prepare_cached(
            "INSERT INTO outgoing (person, kind, id, contact, at, next_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
        )?
        .execute(params![
            notice.person.0.as_bytes(),
            notice.about.kind.name(),
            notice.about.id.0.as_bytes(),
            reached_by.map(|id| id.0.into_bytes()),
            now.millis(),
        ])?;
    Ok(true)
}

/// The case in which something is new.
fn case_of(connection: &Connection, about: RecordRef) -> Result<Option<(RecordRef, Case)>, Fault> {
    let in_case = |scope| match scope {
        Scope::Case(_, case) => Some(Case::at(case)),
        _ => None,
    };
    let scopes = records::seen_in(connection, about)?;
    let Some(at) = scopes.into_iter().find_map(in_case) else { return Ok(None) };
    let Read::Found(record) = records::read(connection, at)? else { return Ok(None) };
    Ok(Some((at, record.read().map_err(|_| Fault::Malformed("record"))?)))
}

impl Store {
    /// The next thing to tell, if any is due.
    pub fn next_outgoing(&self, now: Timestamp) -> Result<Option<Outgoing>, Fault> {
        let mut statement = self.connection.prepare_cached(
            "SELECT o.no, coalesce(nullif(json_extract(r.body, '$.email'), ''), c.email), o.at, o.tries,
                    o.person, o.kind
             FROM outgoing o LEFT JOIN contact c ON c.person = o.person
               LEFT JOIN record r ON r.kind = 'contact' AND r.id = o.contact
             WHERE o.done_at IS NULL AND o.next_at <= ?1 ORDER BY o.next_at, o.no LIMIT 1",
        )?;
        let mut rows = statement.query([now.millis()])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let (person, kind): (Vec<u8>, String) = (row.get(4)?, row.get(5)?);
        Ok(Some(Outgoing {
            no: row.get(0)?,
            person: PersonId(uuid(&person)?),
            mailing: Mailing::named(&kind),
            address: row.get(1)?,
            at: Timestamp::from_millis(row.get(2)?).ok_or(Fault::Malformed("time"))?,
            tries: row.get(3)?,
        }))
    }

    /// Milliseconds since 1970 at which the next thing is due; `None` if nothing waits.
    pub fn outgoing_due(&self) -> Result<Option<i64>, Fault> {
        Ok(self
            .connection
            .prepare_cached("SELECT min(next_at) FROM outgoing WHERE done_at IS NULL")?
            .query_row([], |row| row.get(0))
            .optional()?
            .flatten())
    }
}

impl Writing<'_> {
    /// Has a mail about a person's account sent. One of the same sort that still waits is not sent as well.
    pub fn mail_account(
        &mut self,
        person: PersonId,
        mailing: Mailing,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let (person, kind) = (person.0.as_bytes(), mailing.name());
        self.transaction.execute(
            "UPDATE outgoing SET done_at = ?3 WHERE person = ?1 AND kind = ?2 AND done_at IS NULL",
            params![person, kind, now.millis()],
        )?;
        self.transaction.execute(
            "INSERT INTO outgoing (person, kind, id, at, next_at) VALUES (?1, ?2, ?1, ?3, ?3)",
            params![person, kind, now.millis()],
        )?;
        Ok(())
    }

    /// Has a mail sent to whoever filled an application in: the row names it in the person's place.
    pub fn mail_applicant(
        &mut self,
        id: RecordId,
        mailing: Mailing,
        now: Timestamp,
    ) -> Result<(), Fault> {
        self.mail_account(PersonId(id.0), mailing, now)
    }

    /// An application is handled: what waits to be mailed about it is not sent any more.
    pub(crate) fn end_application_mails(
        &mut self,
        id: RecordId,
        now: Timestamp,
    ) -> Result<(), Fault> {
        self.end_mails(PersonId(id.0), [Mailing::Application, Mailing::ApplicationRefused], now)
    }

    /// A password was chosen: a link that waits to be mailed is not sent any more.
    pub(crate) fn end_link_mails(&mut self, person: PersonId, now: Timestamp) -> Result<(), Fault> {
        self.end_mails(person, [Mailing::Activation, Mailing::Reset], now)
    }

    fn end_mails(
        &mut self,
        person: PersonId,
        [one, other]: [Mailing; 2],
        now: Timestamp,
    ) -> Result<(), Fault> {
        self.transaction.execute(
            "UPDATE outgoing SET done_at = ?4
             WHERE person = ?1 AND kind IN (?2, ?3) AND done_at IS NULL",
            params![person.0.as_bytes(), one.name(), other.name(), now.millis()],
        )?;
        Ok(())
    }

    /// Notes a try before it is made, so that no crash gives tries away, and when the next one is due.
    /// After the last one nothing more is tried. `false` if it has ended meanwhile: nobody is to be told.
    pub fn try_outgoing(&mut self, no: i64, now: Timestamp) -> Result<bool, Fault> {
        let tried = self.transaction.execute(
            "UPDATE outgoing SET next_at = ?2 + (?3 << tries), tries = tries + 1,
               done_at = iif(tries + 1 >= ?4, ?2, NULL)
             WHERE no = ?1 AND done_at IS NULL",
            params![no, now.millis(), WAIT, TRIES_MAX],
        )?;
        Ok(tried > 0)
    }

    /// It has been told, or there is nobody to tell.
    pub fn end_outgoing(&mut self, no: i64, now: Timestamp) -> Result<(), Fault> {
        self.transaction
            .execute("UPDATE outgoing SET done_at = ?2 WHERE no = ?1", [no, now.millis()])?;
        Ok(())
    }

    /// Where a person reads their mail. `None`: nowhere.
    pub fn put_email(&mut self, person: PersonId, email: Option<&str>) -> Result<(), Fault> {
        self.transaction.execute(
            "INSERT INTO contact (person, email) VALUES (?1, ?2)
             ON CONFLICT (person) DO UPDATE SET email = excluded.email",
            params![person.0.as_bytes(), email],
        )?;
        Ok(())
    }
}
