//! The officer's queue: an index over the cases of a body, and who has looked into it.

use std::{cmp::Reverse, collections::BTreeMap};

use behorig_domain::{
    IssuerId, PersonId, Read, RecordId, Scope, Timestamp, cases::Case, contact::Contact,
};
use behorig_protocol::{
    HandledBy, OfficerLoad, QUEUE_COUNT_MAX, QUEUE_PAGE_MAX, QueuePage, QueueRequest, QueuedCase,
    WORKLOAD_AGES, Workload,
};
use rusqlite::{Connection, OptionalExtension as _, Row, params, params_from_iter, types::Value};

use crate::{
    Fault, Store, Writing, accounts,
    records::{self, uuid},
};

/// The text form of a plain enum, as it stands on the wire.
pub(crate) fn name<T: serde::Serialize>(value: T) -> Result<String, Fault> {
    let text = serde_json::to_value(value).ok();
    let text = text.and_then(|value| value.as_str().map(str::to_owned));
    text.ok_or(Fault::Malformed("name"))
}

/// Keeps the index in step with a case that was written.
pub(crate) fn put(connection: &Connection, id: RecordId, case: &Case) -> Result<(), Fault> {
    let holder = if is_protected(connection, case)? { "" } else { &case.holder.name };
    let no: i64 = connection
        .prepare_cached(
            "INSERT INTO queue (case_id, issuer, number, title, holder, scheme, officer,
                                officer_name, stage, opened_at, person, ready)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
             ON CONFLICT (case_id) DO UPDATE SET holder = excluded.holder, officer = excluded.officer,
               officer_name = excluded.officer_name, stage = excluded.stage,
               ready = excluded.ready
             RETURNING no",
        )?
        .query_row(
            params![
                id.0.as_bytes(),
                case.issuer.0.as_bytes(),
                case.number,
                case.title,
                holder,
                case.scheme,
                case.officer.as_ref().map(|officer| officer.person.0.into_bytes()),
                case.officer.as_ref().map(|officer| &officer.name),
                name(case.stage)?,
                case.opened_at.millis(),
                case.holder.person.0.as_bytes(),
                case.ready_at.is_some(),
            ],
            |row| row.get(0),
        )?;
    let words = "INSERT OR REPLACE INTO queue_text (rowid, number, holder, title)
                 VALUES (?1, ?2, ?3, ?4)";
    let values = params![no, case.number, holder, case.title];
    connection.prepare_cached(words)?.execute(values)?;
    Ok(())
}

fn is_protected(connection: &Connection, case: &Case) -> Result<bool, Fault> {
    let at = Contact::at(case.issuer, case.holder.person);
    let Read::Found(record) = records::read(connection, at)? else { return Ok(false) };
    let contact: Contact = record.read().map_err(|_| Fault::Malformed("record"))?;
    Ok(contact.protected)
}

/// Keeps the index in step with what a body holds on a person: their identity may be protected from now on.
pub(crate) fn put_person(connection: &Connection, contact: &Contact) -> Result<(), Fault> {
    let sql = "SELECT case_id FROM queue WHERE person = ?1 AND issuer = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let (person, issuer) = (contact.person.0.as_bytes(), contact.issuer.0.as_bytes());
    let ids = statement.query_map(params![person, issuer], |row| row.get::<_, Vec<u8>>(0))?;
    for id in ids.collect::<Result<Vec<_>, _>>()? {
        let id = RecordId(uuid(&id)?);
        if let Read::Found(record) = records::read(connection, Case::at(id))? {
            let case = record.read().map_err(|_| Fault::Malformed("record"))?;
            put(connection, id, &case)?;
        }
    }
    Ok(())
}

/// The bodies whose cases somebody handles now.
pub(crate) fn issuers(
    connection: &Connection,
    person: PersonId,
    now: Timestamp,
) -> Result<Vec<IssuerId>, Fault> {
    let memberships = accounts::memberships(connection, person, now)?;
    let issuer = |scope| match scope {
        Scope::Internal(issuer) => Some(issuer),
        _ => None,
    };
    let current = memberships.into_iter().filter(|membership| membership.current);
    Ok(current.filter_map(|membership| issuer(membership.scope)).collect())
}

/// What is typed, as a full-text query: each word may go on.
fn beginnings(text: &str) -> Option<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(|word| format!("\"{word}\"*")).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Which cases fit, as SQL and its values. Only what is asked for stands in it, so that an index can serve it.
struct Filter {
    from: &'static str,
    fits: String,
    values: Vec<Value>,
}

impl Filter {
    fn new(issuers: &[IssuerId], person: PersonId, request: &QueueRequest) -> Result<Self, Fault> {
        let mut filter = Self { from: "queue q", fits: String::new(), values: Vec::new() };
        if let Some(words) = beginnings(&request.text) {
            filter.from = "queue_text t CROSS JOIN queue q ON q.no = t.rowid";
            filter.and("queue_text MATCH ? AND ", Value::Text(words));
        }
        filter.fits.push_str(&format!("q.issuer IN ({})", vec!["?"; issuers.len()].join(", ")));
        let ids = issuers.iter().map(|issuer| Value::Blob(issuer.0.into_bytes().into()));
        filter.values.extend(ids);
        match request.handled_by {
            HandledBy::Nobody => filter.fits.push_str(" AND q.officer IS NULL"),
            HandledBy::Me => {
                let me = Value::Blob(person.0.into_bytes().into());
                filter.and(" AND q.officer = ?", me);
            }
            HandledBy::Anybody => {}
        }
        if let Some(stage) = request.stage {
            filter.and(" AND q.stage = ?", Value::Text(name(stage)?));
        }
        if let Some(scheme) = &request.scheme {
            filter.and(" AND q.scheme = ?", Value::Text(scheme.clone()));
        }
        Ok(filter)
    }

    fn and(&mut self, condition: &str, value: Value) {
        self.fits.push_str(condition);
        self.values.push(value);
    }

    /// How many fit, counted no further than needed.
    fn count(&self, connection: &Connection) -> Result<u32, Fault> {
        let Self { from, fits, values } = self;
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {from} WHERE {fits} LIMIT {QUEUE_COUNT_MAX})"
        );
        let mut statement = connection.prepare_cached(&sql)?;
        Ok(statement.query_row(params_from_iter(values), |row| row.get(0))?)
    }

    /// Those after a place.
    fn page(
        &self,
        connection: &Connection,
        (at, no): (i64, i64),
        limit: u32,
    ) -> Result<Vec<QueuedCase>, Fault> {
        let Self { from, fits, values } = self;
        let sql = format!(
            "SELECT q.case_id, q.number, q.title, q.holder, q.officer, q.officer_name, q.stage,
                    q.opened_at, q.issuer
             FROM {from} WHERE {fits} AND (q.opened_at, q.no) > (?, ?)
             ORDER BY q.opened_at, q.no LIMIT ?"
        );
        let place = [at, no, limit.into()].map(Value::Integer);
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(values.iter().chain(&place)))?;
        let mut cases = Vec::new();
        while let Some(row) = rows.next()? {
            cases.push(queued(row)?);
        }
        Ok(cases)
    }
}

impl Store {
    /// A page of the queue of the bodies whose cases somebody handles; `None` if there are none.
    pub fn queue(
        &self,
        person: PersonId,
        request: &QueueRequest,
        now: Timestamp,
    ) -> Result<Option<QueuePage>, Fault> {
        let issuers = issuers(&self.connection, person, now)?;
        if issuers.is_empty() {
            return Ok(None);
        }
        let filter = Filter::new(&issuers, person, request)?;
        let total = filter.count(&self.connection)?;
        let limit = request.limit.clamp(1, QUEUE_PAGE_MAX);
        let after = self.place(request.after)?;
        // one more than fits tells whether there is more
        let mut cases = filter.page(&self.connection, after, limit.saturating_add(1))?;
        let more = cases.len() > limit as usize;
        cases.truncate(limit as usize);
        Ok(Some(QueuePage { cases, more, total }))
    }

    /// How much each officer has to do at the bodies whose cases somebody handles; `None` if there are none.
    /// Counts alone: no case can be told from another.
    pub fn workload(&self, person: PersonId, now: Timestamp) -> Result<Option<Workload>, Fault> {
        let issuers = issuers(&self.connection, person, now)?;
        if issuers.is_empty() {
            return Ok(None);
        }
        let sql = format!(
            "SELECT officer, officer_name, ready, (? - opened_at) / 86400000, count(*)
             FROM queue WHERE stage = 'application' AND issuer IN ({}) GROUP BY 1, 2, 3, 4",
            vec!["?"; issuers.len()].join(", ")
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let ids = issuers.iter().map(|issuer| Value::Blob(issuer.0.into_bytes().into()));
        let values = std::iter::once(Value::Integer(now.millis())).chain(ids);
        let mut rows = statement.query(params_from_iter(values))?;
        let mut officers: BTreeMap<Option<PersonId>, OfficerLoad> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let officer: Option<Vec<u8>> = row.get(0)?;
            let officer = officer.map(|officer| uuid(&officer).map(PersonId)).transpose()?;
            let (ready, days, count): (bool, i64, u32) = (row.get(2)?, row.get(3)?, row.get(4)?);
            let load = officers.entry(officer).or_insert(OfficerLoad {
                officer,
                officer_name: row.get(1)?,
                awaited: [0; 4],
                ready: [0; 4],
                oldest_days: 0,
            });
            let age = WORKLOAD_AGES.iter().filter(|from| days >= **from).count();
            let counts = if ready { &mut load.ready } else { &mut load.awaited };
            if let Some(of_age) = counts.get_mut(age) {
                *of_age = of_age.saturating_add(count);
            }
            load.oldest_days = load.oldest_days.max(days.try_into().unwrap_or(0));
        }
        let mut officers: Vec<OfficerLoad> = officers.into_values().collect();
        officers.sort_by_key(|load| {
            let total: u32 = load.awaited.iter().chain(&load.ready).sum();
            (load.officer.is_some(), Reverse(total))
        });
        Ok(Some(Workload { officers, at: now }))
    }

    /// Where a case stands in the queue; before all, if none is named or it is not there.
    fn place(&self, case: Option<RecordId>) -> Result<(i64, i64), Fault> {
        let Some(case) = case else { return Ok((i64::MIN, 0)) };
        let sql = "SELECT opened_at, no FROM queue WHERE case_id = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_row([case.0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(found.optional()?.unwrap_or((i64::MIN, 0)))
    }

    /// Who has looked into the queue: when, why and for what, the latest first.
    pub fn lookups(&self, person: PersonId) -> Result<Vec<(Timestamp, String, String)>, Fault> {
        let sql = "SELECT at, purpose, asked FROM lookup WHERE person = ?1 ORDER BY no DESC";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([person.0.as_bytes()])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let at = Timestamp::from_millis(row.get(0)?).ok_or(Fault::Malformed("time"))?;
            found.push((at, row.get(1)?, row.get(2)?));
        }
        Ok(found)
    }
}

impl Writing<'_> {
    /// Writes down that somebody looks into the queue, before they are shown anything. `false` if they have
    /// none to look into.
    pub fn note_lookup(
        &mut self,
        person: PersonId,
        request: &QueueRequest,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        if issuers(&self.transaction, person, now)?.is_empty() {
            return Ok(false);
        }
        let asked = serde_json::to_string(request).map_err(|_| Fault::Malformed("query"))?;
        self.transaction
            .prepare_cached(
                "INSERT INTO lookup (person, at, purpose, asked) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![person.0.as_bytes(), now.millis(), name(request.purpose)?, asked])?;
        Ok(true)
    }
}

fn queued(row: &Row<'_>) -> Result<QueuedCase, Fault> {
    let id: Vec<u8> = row.get(0)?;
    let officer: Option<Vec<u8>> = row.get(4)?;
    let (stage, issuer): (String, Vec<u8>) = (row.get(6)?, row.get(8)?);
    let stage = serde_json::from_value(stage.into()).map_err(|_| Fault::Malformed("stage"))?;
    Ok(QueuedCase {
        id: RecordId(uuid(&id)?),
        issuer: IssuerId(uuid(&issuer)?),
        number: row.get(1)?,
        title: row.get(2)?,
        holder: row.get(3)?,
        officer: officer.map(|officer| uuid(&officer).map(PersonId)).transpose()?,
        officer_name: row.get(5)?,
        stage,
        opened_at: Timestamp::from_millis(row.get(7)?).ok_or(Fault::Malformed("time"))?,
    })
}
