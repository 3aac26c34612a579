//! Applications by people without an account, until an officer has handled them. They are no records: nobody
//! syncs them, and only who handles cases for their body ever sees one. What somebody filled in lies sealed,
//! under a key of its own.
//!
//! One waits for its mail address to be confirmed, then for an officer. What is not confirmed within a week,
//! or not handled within 30 days, is erased.

use behorig_domain::{
    IssuerId, PersonId, Read, RecordId, RecordRef, Timestamp,
    applications::{Applicant, Claimed},
    cases::{Case, Certificate, Stage},
    contact::Contact,
    identity::{IdentityNumber, Profile, Staff},
};
use behorig_protocol::{ApplicationHandled, ApplicationOutcome, Purpose};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::de::DeserializeOwned;

use crate::{
    Fault, Store, Writing,
    queue::{issuers, name},
    records::{self, uuid},
};

const DAY: i64 = 24 * 60 * 60 * 1_000;
/// How long one waits for its mail address to be confirmed, in milliseconds.
pub const UNCONFIRMED_FOR: i64 = 7 * DAY;
/// How long one waits for an officer, and how long it is known afterwards what became of it.
const WAITS_FOR: i64 = 30 * DAY;
/// How long the address of somebody who is told of a refusal is kept at most: the mail is given up before.
const TOLD_WITHIN: i64 = 3 * DAY;
/// Most that wait at a body at the same time, for their address to be confirmed or for an officer. Each of
/// them is counted by itself: who fills the one shuts nobody out of the other.
pub const WAITING_MAX: u32 = 1_000;
/// Most in one answer.
const PAGE: u32 = 200;

/// An application by somebody without an account.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Its id, under which its key lies too.
    pub id: RecordId,
    /// The body.
    pub issuer: IssuerId,
    /// What was filled in; empty once nothing of it is needed.
    pub sealed: Vec<u8>,
    /// When its mail address was confirmed, if it was.
    pub confirmed_at: Option<Timestamp>,
    /// What became of it.
    pub handled: Option<Handled>,
}

/// What became of an application, and by whom.
#[derive(Debug, Clone)]
pub struct Handled {
    by: PersonId,
    by_name: String,
    /// What became of it.
    pub outcome: ApplicationOutcome,
}

impl Handled {
    /// As a person is told who asked to handle it: perhaps somebody else was faster.
    pub fn told_to(self, person: PersonId) -> ApplicationHandled {
        let Self { by, by_name, outcome } = self;
        ApplicationHandled { outcome, by_name, by_me: by == person }
    }
}

/// What came of an application that was sent in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It waits for its address to be confirmed.
    Waits,
    /// The same form was sent before.
    Before,
    /// Too many wait.
    Full,
}

/// What a body knows of whoever gave an identity number.
#[derive(Debug, Clone)]
pub struct Known {
    /// Who.
    pub person: PersonId,
    /// What the program calls them.
    pub name: String,
    /// What the body holds on them.
    pub contact: Option<Contact>,
    /// Whether there is an account, and whether its owner has chosen a password.
    pub account: Option<bool>,
    /// The number of their undecided case of the scheme.
    pub undecided: Option<String>,
    /// Their newest case of the scheme, if it has a certificate.
    pub renewable: Option<RecordId>,
}

const COLUMNS: &str = "id, issuer, sealed, confirmed_at, handled_by, handled_by_name, outcome";

/// Which of them are still there.
fn holds() -> String {
    let since = WAITS_FOR - UNCONFIRMED_FOR;
    format!("coalesce(handled_at, confirmed_at, received_at - {since}) > :now - {WAITS_FOR}")
}

fn waiting(row: &Row<'_>) -> Result<Waiting, Fault> {
    let (id, issuer): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
    let confirmed_at: Option<i64> = row.get(3)?;
    let by: Option<Vec<u8>> = row.get(4)?;
    let outcome: Option<String> = row.get(6)?;
    let handled = match (by, outcome) {
        (Some(by), Some(outcome)) => Some(Handled {
            by: PersonId(uuid(&by)?),
            by_name: row.get(5)?,
            outcome: serde_json::from_str(&outcome).map_err(|_| Fault::Malformed("outcome"))?,
        }),
        _ => None,
    };
    Ok(Waiting {
        id: RecordId(uuid(&id)?),
        issuer: IssuerId(uuid(&issuer)?),
        sealed: row.get(2)?,
        confirmed_at: confirmed_at.and_then(Timestamp::from_millis),
        handled,
    })
}

fn one(
    connection: &Connection,
    which: &str,
    what: &[u8],
    now: Timestamp,
) -> Result<Option<Waiting>, Fault> {
    let holds = holds();
    let sql = format!("SELECT {COLUMNS} FROM application WHERE {which} = :what AND {holds}");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows =
        statement.query(rusqlite::named_params! { ":what": what, ":now": now.millis() })?;
    rows.next()?.map(waiting).transpose()
}

/// One that an officer of its body asks for.
fn officers(
    connection: &Connection,
    person: PersonId,
    id: RecordId,
    now: Timestamp,
) -> Result<Option<Waiting>, Fault> {
    let found = one(connection, "id", id.0.as_bytes(), now)?;
    let own = issuers(connection, person, now)?;
    // one whose address nobody has confirmed is nobody's business yet
    let is_shown = |it: &Waiting| own.contains(&it.issuer) && it.confirmed_at.is_some();
    Ok(found.filter(is_shown))
}

fn counted(connection: &Connection, issuer: IssuerId, confirmed: bool) -> Result<u32, Fault> {
    let sql = "SELECT count(*) FROM application
               WHERE issuer = ?1 AND handled_at IS NULL AND (confirmed_at IS NOT NULL) = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![issuer.0.as_bytes(), confirmed], |row| row.get(0))?)
}

fn body<B: DeserializeOwned>(connection: &Connection, at: RecordRef) -> Result<Option<B>, Fault> {
    match records::read(connection, at)? {
        Read::Found(record) => Ok(Some(record.read().map_err(|_| Fault::Malformed("record"))?)),
        Read::Absent | Read::Unseen => Ok(None),
    }
}

fn known(
    connection: &Connection,
    issuer: IssuerId,
    number: &IdentityNumber,
    scheme: &str,
) -> Result<Option<Known>, Fault> {
    let Some(Claimed { person }) = body(connection, Claimed::at(issuer, number))? else {
        return Ok(None);
    };
    let profile: Option<Profile> = body(connection, Profile::at(person))?;
    let applicant: Option<Applicant> = body(connection, Applicant::at(issuer, person))?;
    let newest = applicant.and_then(|applicant| applicant.cases.get(scheme).copied());
    let case: Option<Case> = match newest {
        Some(id) => body(connection, Case::at(id))?,
        None => None,
    };
    let renewable = match newest {
        Some(id) => body::<Certificate>(connection, Certificate::at(id))?.and(newest),
        None => None,
    };
    let undecided = case.filter(|case| case.stage == Stage::Application).map(|case| case.number);
    let sql = "SELECT password_hash IS NOT NULL FROM account WHERE person = ?1";
    let account = connection.query_row(sql, [person.0.as_bytes()], |row| row.get(0)).optional()?;
    Ok(Some(Known {
        person,
        name: profile.map(|profile| profile.name).unwrap_or_default(),
        contact: body(connection, Contact::at(issuer, person))?,
        account,
        undecided,
        renewable,
    }))
}

impl Store {
    /// The body of a record, if there is one.
    pub fn body<B: DeserializeOwned>(&self, at: RecordRef) -> Result<Option<B>, Fault> {
        body(&self.connection, at)
    }

    /// Whether another application to a body is taken in.
    pub fn has_room_for_application(&self, issuer: IssuerId) -> Result<bool, Fault> {
        Ok(counted(&self.connection, issuer, false)? < WAITING_MAX)
    }

    /// An application, whoever asks.
    pub fn application(&self, id: RecordId, now: Timestamp) -> Result<Option<Waiting>, Fault> {
        one(&self.connection, "id", id.0.as_bytes(), now)
    }

    /// The application that a link confirms the mail address of. Looking changes nothing.
    pub fn application_by_link(
        &self,
        link_hash: &[u8],
        now: Timestamp,
    ) -> Result<Option<Waiting>, Fault> {
        one(&self.connection, "link_hash", link_hash, now)
    }

    /// An application, for an officer of its body.
    pub fn application_for(
        &self,
        person: PersonId,
        id: RecordId,
        now: Timestamp,
    ) -> Result<Option<Waiting>, Fault> {
        officers(&self.connection, person, id, now)
    }

    /// Those that wait for an officer of the bodies that somebody handles cases for, the longest waiting
    /// first, and how many there are in all. `None`: they handle none.
    pub fn applications_for(
        &self,
        person: PersonId,
        now: Timestamp,
    ) -> Result<Option<(Vec<Waiting>, u32)>, Fault> {
        let own = issuers(&self.connection, person, now)?;
        if own.is_empty() {
            return Ok(None);
        }
        let holds = holds();
        let sql = format!(
            "SELECT {COLUMNS} FROM application
             WHERE issuer = :issuer AND handled_at IS NULL AND confirmed_at IS NOT NULL AND {holds}
             ORDER BY confirmed_at, id LIMIT {PAGE}"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let (mut all, mut total) = (Vec::new(), 0_u32);
        for issuer in own {
            total = total.saturating_add(counted(&self.connection, issuer, true)?);
            let mut rows = statement.query(rusqlite::named_params! {
                ":issuer": issuer.0.as_bytes(), ":now": now.millis()
            })?;
            while let Some(row) = rows.next()? {
                all.push(waiting(row)?);
            }
        }
        all.sort_by_key(|one| one.confirmed_at);
        all.truncate(PAGE as usize);
        Ok(Some((all, total)))
    }

    /// What a body knows of whoever gave an identity number with a scheme.
    pub fn known_by_number(
        &self,
        issuer: IssuerId,
        number: &IdentityNumber,
        scheme: &str,
    ) -> Result<Option<Known>, Fault> {
        known(&self.connection, issuer, number, scheme)
    }
}

impl Writing<'_> {
    /// Does all of `work` or nothing of it, whatever else is in the transaction.
    pub fn whole<T, E: From<Fault>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let run =
            |writing: &Self, sql: &str| writing.transaction.execute_batch(sql).map_err(Fault::from);
        run(self, "SAVEPOINT whole")?;
        let done = work(self);
        if done.is_err() {
            run(self, "ROLLBACK TO whole")?;
        }
        run(self, "RELEASE whole")?;
        done
    }

    /// Takes in an application, which waits for its mail address to be confirmed.
    pub fn put_application(
        &mut self,
        id: RecordId,
        issuer: IssuerId,
        sealed: &[u8],
        now: Timestamp,
    ) -> Result<Taken, Fault> {
        let sql = "SELECT 1 FROM application WHERE id = ?1";
        if self.transaction.prepare_cached(sql)?.exists([id.0.as_bytes()])? {
            return Ok(Taken::Before);
        }
        if counted(&self.transaction, issuer, false)? >= WAITING_MAX {
            return Ok(Taken::Full);
        }
        self.transaction.execute(
            "INSERT INTO application (id, issuer, sealed, received_at) VALUES (?1, ?2, ?3, ?4)",
            params![id.0.as_bytes(), issuer.0.as_bytes(), sealed, now.millis()],
        )?;
        Ok(Taken::Waits)
    }

    /// Gives an application the link that confirms its mail address; the one before it is void.
    pub fn put_application_link(&mut self, id: RecordId, link_hash: &[u8]) -> Result<(), Fault> {
        self.transaction.execute(
            "UPDATE application SET link_hash = ?2 WHERE id = ?1",
            params![id.0.as_bytes(), link_hash],
        )?;
        Ok(())
    }

    /// Its mail address is confirmed by this link: now it waits for an officer. `None` if the link does not
    /// hold; `Some(false)` if too many wait.
    pub fn confirm_application(
        &mut self,
        link_hash: &[u8],
        now: Timestamp,
    ) -> Result<Option<bool>, Fault> {
        let Some(found) = one(&self.transaction, "link_hash", link_hash, now)? else {
            return Ok(None);
        };
        if found.confirmed_at.is_some() {
            return Ok(Some(true));
        }
        if counted(&self.transaction, found.issuer, true)? >= WAITING_MAX {
            return Ok(Some(false));
        }
        self.transaction.execute(
            "UPDATE application SET confirmed_at = ?2 WHERE id = ?1",
            params![found.id.0.as_bytes(), now.millis()],
        )?;
        Ok(Some(true))
    }

    /// An application, for an officer of its body; asked again where it counts.
    pub fn application_for(
        &mut self,
        person: PersonId,
        id: RecordId,
        now: Timestamp,
    ) -> Result<Option<Waiting>, Fault> {
        officers(&self.transaction, person, id, now)
    }

    /// What a body knows of whoever gave an identity number with a scheme.
    pub fn known_by_number(
        &mut self,
        issuer: IssuerId,
        number: &IdentityNumber,
        scheme: &str,
    ) -> Result<Option<Known>, Fault> {
        known(&self.transaction, issuer, number, scheme)
    }

    /// The registry number of a case.
    pub fn case_number(&mut self, id: RecordId) -> Result<Option<String>, Fault> {
        Ok(body::<Case>(&self.transaction, Case::at(id))?.map(|case| case.number))
    }

    /// Whether somebody signs in with this name.
    pub fn is_user_name_taken(&mut self, user_name: &str) -> Result<bool, Fault> {
        let sql = "SELECT 1 FROM account WHERE user_name = ?1";
        Ok(self.transaction.prepare_cached(sql)?.exists([user_name.to_lowercase()])?)
    }

    /// An officer has handled it. What was filled in is erased but for `keep`, which a mail still needs;
    /// mails that wait are not sent any more.
    pub fn end_application(
        &mut self,
        waiting: &Waiting,
        by: PersonId,
        outcome: ApplicationOutcome,
        keep: &[u8],
        now: Timestamp,
    ) -> Result<Handled, Fault> {
        let staff: Option<Staff> = body(&self.transaction, Staff::at(waiting.issuer, by))?;
        let by_name = staff.map(|staff| staff.name).unwrap_or_default();
        let written = serde_json::to_string(&outcome).map_err(|_| Fault::Malformed("outcome"))?;
        self.transaction.execute(
            "UPDATE application SET sealed = ?2, handled_at = ?3, handled_by = ?4,
               handled_by_name = ?5, outcome = ?6, link_hash = NULL
             WHERE id = ?1",
            params![waiting.id.0.as_bytes(), keep, now.millis(), by.0.as_bytes(), by_name, written],
        )?;
        self.end_application_mails(waiting.id, now)?;
        Ok(Handled { by, by_name, outcome })
    }

    /// Nothing that was filled in is needed any more.
    pub fn empty_application(&mut self, id: RecordId) -> Result<(), Fault> {
        let sql = "UPDATE application SET sealed = x'' WHERE id = ?1 AND handled_at IS NOT NULL";
        self.transaction.execute(sql, [id.0.as_bytes()])?;
        Ok(())
    }

    /// Writes down that somebody looks at applications, or handles one, before they are shown anything.
    /// `false` if they handle cases for no body.
    pub fn note_application(
        &mut self,
        person: PersonId,
        purpose: Purpose,
        what: &str,
        id: Option<RecordId>,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        if issuers(&self.transaction, person, now)?.is_empty() {
            return Ok(false);
        }
        let asked = match id {
            Some(id) => format!("{{\"{what}\":\"{id}\"}}"),
            None => format!("{{\"{what}\":true}}"),
        };
        self.transaction
            .prepare_cached(
                "INSERT INTO lookup (person, at, purpose, asked) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![person.0.as_bytes(), now.millis(), name(purpose)?, asked])?;
        Ok(true)
    }

    /// Erases what has waited too long. Gives the ids whose keys nobody needs any more.
    pub fn sweep_applications(&mut self, now: Timestamp) -> Result<Vec<RecordId>, Fault> {
        let gone = format!("DELETE FROM application WHERE NOT ({}) RETURNING id", holds());
        let told = format!(
            "UPDATE application SET sealed = x''
             WHERE handled_at <= :now - {TOLD_WITHIN} AND sealed <> x'' RETURNING id"
        );
        let mut ids = Vec::new();
        for sql in [gone, told] {
            let mut statement = self.transaction.prepare(&sql)?;
            let mut rows = statement.query(rusqlite::named_params! { ":now": now.millis() })?;
            while let Some(row) = rows.next()? {
                let id: Vec<u8> = row.get(0)?;
                ids.push(RecordId(uuid(&id)?));
            }
        }
        Ok(ids)
    }
}

#[cfg(test)]
mod tests {
    use behorig_protocol::ApplicationRefusal;
    use uuid::Uuid;

    use super::*;
    use crate::Mailing;

    #[test]
    fn once_one_is_handled_no_mail_about_it_waits_any_more() {
        let data = tempfile::tempdir().unwrap();
        let mut store = Store::open(&data.path().join("behorig.db")).unwrap();
        let now = Timestamp::from_millis(1_800_000_000_000).unwrap();
        let (id, issuer) = (RecordId(Uuid::now_v7()), IssuerId(Uuid::now_v7()));
        let put = store.write(|writing| {
            writing.put_application(id, issuer, b"sealed", now)?;
            writing.mail_applicant(id, Mailing::Application, now)
        });
        put.unwrap();
        assert!(store.outgoing_due().unwrap().is_some());
        let waiting = store.application(id, now).unwrap().unwrap();
        let outcome = ApplicationOutcome::Refused { reason: ApplicationRefusal::Incomplete };
        let officer = PersonId(Uuid::now_v7());
        let end = store.write(|writing| {
            writing.end_application(&waiting, officer, outcome, b"kept", now).map(drop)
        });
        end.unwrap();
        assert_eq!(store.outgoing_due().unwrap(), None);
    }
}
