//! Accounts, sign-ins and who may see which scope.

use behorig_domain::{
    DeviceId, PersonId, RecordId, Scope, Timestamp,
    identity::{Grant, Membership, Role, scopes_of},
};
use rusqlite::{Connection, params};

use crate::{
    Fault, Store, Writing,
    records::uuid,
    sessions::{Level, Session},
};

/// How somebody signs in.
#[derive(Debug, Clone)]
pub struct Account {
    /// Who.
    pub person: PersonId,
    /// What they sign in with, in lower case.
    pub user_name: String,
    /// Argon2id in PHC form; `None` until its owner has chosen one.
    pub password_hash: Option<String>,
    /// The person's own number, E.164, as the issuer has confirmed it.
    pub phone: String,
}

/// A sign-in that waits for its code.
#[derive(Debug, Clone)]
pub struct Challenge {
    /// Who signs in.
    pub session: Session,
    /// What the device calls its system.
    pub system: String,
    /// Where the code went.
    pub phone: String,
    /// The code's hash.
    pub code_hash: Vec<u8>,
    /// The code holds until just before this moment.
    pub code_ends_at: Timestamp,
    /// Codes that were tried.
    pub tries: i64,
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::CaseHolder => "case_holder",
        Role::CaseOfficer => "case_officer",
        Role::ServiceReader => "service_reader",
        Role::Staff => "staff",
    }
}

fn role_named(name: &str) -> Option<Role> {
    [Role::CaseHolder, Role::CaseOfficer, Role::ServiceReader, Role::Staff]
        .into_iter()
        .find(|role| role_name(*role) == name)
}

pub(crate) fn grant(connection: &Connection, grant: &Grant) -> Result<(), Fault> {
    connection
        .prepare_cached(
            "INSERT INTO permission (person, scope, role, basis, from_, to_)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (person, scope, role, basis)
             DO UPDATE SET from_ = iif(excluded.to_ IS NULL, excluded.from_, from_),
               to_ = excluded.to_",
        )?
        .execute(params![
            grant.person.0.as_bytes(),
            grant.scope.to_string(),
            role_name(grant.role),
            grant.basis.0.as_bytes(),
            grant.from.millis(),
            grant.to.map(Timestamp::millis),
        ])?;
    Ok(())
}

/// The scopes that a person has or had.
pub(crate) fn memberships(
    connection: &Connection,
    person: PersonId,
    now: Timestamp,
) -> Result<Vec<Membership>, Fault> {
    memberships_in(connection, person, None, now)
}

/// The scopes that a person has or had; only `scope` and the person's own, if it is named.
fn memberships_in(
    connection: &Connection,
    person: PersonId,
    scope: Option<&Scope>,
    now: Timestamp,
) -> Result<Vec<Membership>, Fault> {
    let malformed = || Fault::Malformed("permission");
    let mut statement = connection.prepare_cached(
        "SELECT scope, role, basis, from_, to_ FROM permission
         WHERE person = ?1 AND (?2 IS NULL OR scope = ?2)",
    )?;
    let mut rows = statement.query(params![person.0.as_bytes(), scope.map(ToString::to_string)])?;
    let mut grants = Vec::new();
    while let Some(row) = rows.next()? {
        let (scope, role): (String, String) = (row.get(0)?, row.get(1)?);
        let (basis, to): (Vec<u8>, Option<i64>) = (row.get(2)?, row.get(4)?);
        grants.push(Grant {
            person,
            role: role_named(&role).ok_or_else(malformed)?,
            scope: scope.parse().map_err(|_| malformed())?,
            basis: RecordId(uuid(&basis)?),
            from: Timestamp::from_millis(row.get(3)?).ok_or_else(malformed)?,
            to: to.and_then(Timestamp::from_millis),
        });
    }
    Ok(scopes_of(person, &grants, now))
}

fn accounts(
    connection: &Connection,
    which: &str,
    with: impl rusqlite::Params,
) -> Result<Vec<Account>, Fault> {
    let sql = format!("SELECT person, user_name, password_hash, phone FROM account WHERE {which}");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(with)?;
    let mut accounts = Vec::new();
    while let Some(row) = rows.next()? {
        let person: Vec<u8> = row.get(0)?;
        accounts.push(Account {
            person: PersonId(uuid(&person)?),
            user_name: row.get(1)?,
            password_hash: row.get(2)?,
            phone: row.get(3)?,
        });
    }
    Ok(accounts)
}

fn challenge(
    connection: &Connection,
    challenge_hash: &[u8],
    now: Timestamp,
) -> Result<Option<Challenge>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT person, device, phone, code_hash, tries, code_ends_at, system FROM challenge
         WHERE challenge_hash = ?1 AND expires_at > ?2",
    )?;
    let mut rows = statement.query(params![challenge_hash, now.millis()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (person, device): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
    let session = Session {
        person: PersonId(uuid(&person)?),
        device: DeviceId(uuid(&device)?),
        // what a password and a code by text message open
        level: Level::L2,
    };
    let code_ends_at = Timestamp::from_millis(row.get(5)?).ok_or(Fault::Malformed("time"))?;
    Ok(Some(Challenge {
        session,
        system: row.get(6)?,
        phone: row.get(2)?,
        code_hash: row.get(3)?,
        code_ends_at,
        tries: row.get(4)?,
    }))
}

impl Store {
    /// The sign-in that waits for its code, if it still does.
    pub fn challenge(
        &self,
        challenge_hash: &[u8],
        now: Timestamp,
    ) -> Result<Option<Challenge>, Fault> {
        challenge(&self.connection, challenge_hash, now)
    }

    /// The account with this user name, whatever its case.
    pub fn account(&self, user_name: &str) -> Result<Option<Account>, Fault> {
        let name = user_name.trim().to_lowercase();
        Ok(accounts(&self.connection, "user_name = ?1", [name])?.pop())
    }

    /// A person's account.
    pub fn account_of(&self, person: PersonId) -> Result<Option<Account>, Fault> {
        Ok(accounts(&self.connection, "person = ?1", [person.0.as_bytes()])?.pop())
    }

    /// The accounts that somebody means who types a user name or the address that their mail goes to.
    pub fn accounts_meant(&self, name: &str) -> Result<Vec<Account>, Fault> {
        let name = name.trim().to_lowercase();
        let meant =
            "user_name = ?1 OR person IN (SELECT person FROM contact WHERE lower(email) = ?1)";
        accounts(&self.connection, meant, [name])
    }

    /// Whether anybody can sign in.
    pub fn has_accounts(&self) -> Result<bool, Fault> {
        Ok(self.connection.prepare("SELECT 1 FROM account LIMIT 1")?.exists([])?)
    }

    /// Whether a person may see any of these scopes now.
    pub fn sees_any(
        &self,
        person: PersonId,
        scopes: &[Scope],
        now: Timestamp,
    ) -> Result<bool, Fault> {
        for scope in scopes {
            let memberships = memberships_in(&self.connection, person, Some(scope), now)?;
            if memberships.iter().any(|membership| membership.current && membership.scope == *scope)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The names of the scopes that a person may see now.
    pub fn scopes(&self, person: PersonId, now: Timestamp) -> Result<Vec<String>, Fault> {
        let memberships = memberships(&self.connection, person, now)?;
        let current = memberships.into_iter().filter(|membership| membership.current);
        Ok(current.map(|membership| membership.scope.to_string()).collect())
    }
}

impl Writing<'_> {
    /// The services that take applications: who is let in sees their settings.
    pub fn open_services(&self) -> Result<Vec<RecordId>, Fault> {
        let sql = "SELECT id FROM record
                   WHERE kind = 'service' AND json_extract(body, '$.issuer') IS NOT NULL";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let ids = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
        ids.map(|id| Ok(RecordId(uuid(&id?)?))).collect()
    }

    /// Gives a person a user name, a password and a number for codes. Without a password nobody can sign in
    /// until its owner has chosen one. Fails if the user name is another person's.
    pub fn put_account(
        &mut self,
        user_name: &str,
        person: PersonId,
        password_hash: Option<&str>,
        phone: &str,
    ) -> Result<(), Fault> {
        let written = self.transaction.execute(
            "INSERT INTO account (user_name, person, password_hash, phone) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (user_name) DO UPDATE SET
               password_hash = excluded.password_hash, phone = excluded.phone
             WHERE person = excluded.person",
            params![user_name.trim().to_lowercase(), person.0.as_bytes(), password_hash, phone],
        )?;
        if written == 1 { Ok(()) } else { Err(Fault::UserNameTaken) }
    }

    /// A person's account.
    pub fn account_of(&self, person: PersonId) -> Result<Option<Account>, Fault> {
        Ok(accounts(&self.transaction, "person = ?1", [person.0.as_bytes()])?.pop())
    }

    /// Gives a person another password. What was begun with the old one ends: every session but the one of
    /// this access token, if one is named, every sign-in that waits for its code, and every link to choose a
    /// password by.
    pub fn change_password(
        &mut self,
        person: PersonId,
        password_hash: &str,
        keep: Option<&[u8]>,
        now: Timestamp,
    ) -> Result<(), Fault> {
        self.end_link_mails(person, now)?;
        let person = person.0.as_bytes();
        self.transaction.execute(
            "UPDATE account SET password_hash = ?2 WHERE person = ?1",
            params![person, password_hash],
        )?;
        self.transaction.execute(
            "DELETE FROM session WHERE person = ?1 AND erase = 0
               AND (?2 IS NULL OR (access_hash IS NOT ?2 AND previous_access_hash IS NOT ?2))",
            params![person, keep],
        )?;
        self.transaction.execute("DELETE FROM challenge WHERE person = ?1", [person])?;
        self.transaction.execute("DELETE FROM link WHERE person = ?1", [person])?;
        Ok(())
    }

    /// No sign-in of a person goes on by a code that was sent in a text message.
    pub fn end_challenges_by_message(&mut self, person: PersonId) -> Result<(), Fault> {
        let sql = "DELETE FROM challenge WHERE person = ?1 AND code_hash <> x''";
        self.transaction.execute(sql, [person.0.as_bytes()])?;
        Ok(())
    }

    /// Begins a sign-in that waits for its code, and forgets those that have ended.
    pub fn put_challenge(
        &mut self,
        challenge_hash: &[u8],
        challenge: &Challenge,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), Fault> {
        self.transaction.execute("DELETE FROM challenge WHERE expires_at <= ?1", [now.millis()])?;
        self.transaction.execute(
            "INSERT INTO challenge (challenge_hash, person, device, phone, code_hash, code_ends_at,
                                    expires_at, system)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                challenge_hash,
                challenge.session.person.0.as_bytes(),
                challenge.session.device.0.as_bytes(),
                challenge.phone,
                challenge.code_hash,
                challenge.code_ends_at.millis(),
                expires_at.millis(),
                challenge.system,
            ],
        )?;
        Ok(())
    }

    /// Gives a sign-in that still waits another code. `false` if it does not wait any more; its tries
    /// count on.
    pub fn renew_challenge(
        &mut self,
        challenge_hash: &[u8],
        code_hash: &[u8],
        now: Timestamp,
        code_ends_at: Timestamp,
    ) -> Result<bool, Fault> {
        let renewed = self.transaction.execute(
            "UPDATE challenge SET code_hash = ?2, code_ends_at = ?3
             WHERE challenge_hash = ?1 AND expires_at > ?4",
            params![challenge_hash, code_hash, code_ends_at.millis(), now.millis()],
        )?;
        Ok(renewed == 1)
    }

    /// Counts a try of a code and gives the sign-in that it belongs to, if it still waits. The count is
    /// durable before the code is compared, so that no crash gives tries away.
    pub fn try_challenge(
        &mut self,
        challenge_hash: &[u8],
        now: Timestamp,
    ) -> Result<Option<Challenge>, Fault> {
        self.transaction.execute(
            "UPDATE challenge SET tries = tries + 1 WHERE challenge_hash = ?1",
            [challenge_hash],
        )?;
        challenge(&self.transaction, challenge_hash, now)
    }

    /// Ends a sign-in: its code is used, or may not be tried any more.
    pub fn end_challenge(&mut self, challenge_hash: &[u8]) -> Result<(), Fault> {
        self.transaction
            .execute("DELETE FROM challenge WHERE challenge_hash = ?1", [challenge_hash])?;
        Ok(())
    }
}
