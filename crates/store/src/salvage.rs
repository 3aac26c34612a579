//! A replica whose file is damaged. It is never deleted: it is put aside under another name, and what the
//! person wrote and what can still be read of it goes into a new one under the same key.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use behorig_domain::{DeviceId, Timestamp};
use rusqlite::{Connection, types::Value};

use crate::{Fault, Identity, ReplicaKey, Store, connect, outbox, settings};

/// What a person wrote, picked or chose: tables that hold it, with what their rows are in order by.
const TABLES: [(&str, &str); 6] = [
    ("outbox", "position"),
    ("draft", "place"),
    ("draft_version", "no"),
    ("left_work", "place"),
    ("file", "id"),
    ("setting", "name"),
];
/// Of a table whose last row cannot be read, so many rows beyond the last readable one are looked for.
const LOOK_BEYOND: i64 = 1_000;

/// What came of a damaged replica.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salvaged {
    /// Where the damaged file lies now.
    pub aside: PathBuf,
    /// Whether everything that the person wrote could be read.
    pub whole: bool,
}

impl Store {
    /// Opens a replica. If its file is damaged it is put aside, and what can be saved of it is opened
    /// instead; `whose` is what is known of it from elsewhere.
    pub fn open_or_salvage(
        path: &Path,
        key: &ReplicaKey,
        whose: &Identity,
        now: Timestamp,
    ) -> Result<(Self, Option<Salvaged>), Fault> {
        // one that died in the middle of this goes on
        swap_in(path)?;
        match open_and_look(path, key) {
            Err(fault) if fault.is_damaged() => {}
            opened => return Ok((opened?, None)),
        }
        let salvaged = rescue(path, key, whose, now)?;
        swap_in(path)?;
        Ok((Self::open(path, key)?, Some(salvaged)))
    }

    /// Does some work on the replica. If that shows that the file is damaged, the next opening looks at all
    /// of it.
    pub fn watch<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let done = work(self);
        if done.as_ref().is_err_and(Fault::is_damaged) {
            self.suspect();
        }
        done
    }

    pub(crate) fn suspect(&self) {
        // if even this cannot be written, the damage is met again
        let _ = fs::write(self.files.with_extension("suspect"), []);
    }
}

fn open_and_look(path: &Path, key: &ReplicaKey) -> Result<Store, Fault> {
    if fs::metadata(path).is_ok_and(|file| file.len() == 0) {
        // SQLite takes an empty file for a new database
        return Err(Fault::Unreadable);
    }
    let store = Store::open(path, key)?;
    let suspect = path.with_extension("suspect");
    if suspect.exists() {
        let sql = "PRAGMA quick_check(1)";
        let told: String = store.connection.query_row(sql, [], |row| row.get(0))?;
        if told != "ok" {
            return Err(Fault::Unreadable);
        }
        let _ = fs::remove_file(suspect);
    }
    // what nobody else has is read through at each opening: its damage must not wait until it is needed
    for (table, order) in TABLES {
        let sql = format!("SELECT * FROM {table} ORDER BY {order}");
        let mut statement = store.connection.prepare(&sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                row.get_ref(column)?;
            }
        }
    }
    Ok(store)
}

/// `replica.db` with another end of its name: `replica.damaged-….db`.
fn beside(path: &Path, what: &str) -> PathBuf {
    path.with_extension(format!("{what}.db"))
}

/// What SQLite has written beside a database.
fn companion(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    PathBuf::from(name)
}

/// Whether a damaged replica lies beside the folder of the files.
pub(crate) fn lies_beside(files: &Path) -> bool {
    !stamps(files, "damaged-").is_empty()
}

/// The time stamps of the databases beside `path` whose names say that they are `what`.
fn stamps(path: &Path, what: &str) -> Vec<String> {
    let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()) else { return Vec::new() };
    let begin = format!("{stem}.{what}");
    let entries = path.parent().and_then(|folder| fs::read_dir(folder).ok());
    let names = entries.into_iter().flatten().flatten().map(|entry| entry.file_name());
    names
        .filter_map(|name| {
            Some(name.to_str()?.strip_prefix(&begin)?.strip_suffix(".db")?.to_owned())
        })
        .collect()
}

/// Builds the new replica. It has its last name only when all of it is on the disk.
pub(crate) fn rescue(
    path: &Path,
    key: &ReplicaKey,
    whose: &Identity,
    now: Timestamp,
) -> Result<Salvaged, Fault> {
    let unfinished = beside(path, "salvaging");
    for file in [unfinished.clone(), companion(&unfinished, "-wal")] {
        remove(&file)?;
    }
    let mut new = connect(&unfinished, key)?;
    let mut whole = true;
    let transaction = new.transaction()?;
    let old = Damaged { path, key };
    for (table, order) in TABLES {
        whole &= copy(&old, &transaction, table, order)?;
    }
    if settings::get(&transaction, settings::DEVICE)?.is_none() {
        settings::put_device(&transaction, DeviceId(uuid::Uuid::now_v7()))?;
    }
    settings::put_whose(&transaction, whose)?;
    outbox::note_writes_anew(&transaction)?;
    // every answer is told again, since some may have been lost with the rest
    settings::put_answers_after(&transaction, 0)?;
    transaction.commit()?;
    new.close().map_err(|(_, error)| error)?;
    let stamp: String = now.to_string().chars().filter(char::is_ascii_alphanumeric).collect();
    let names = std::iter::once(stamp.clone()).chain((2..).map(|n| format!("{stamp}-{n}")));
    let free = |stamp: &String| !beside(path, &format!("damaged-{stamp}")).exists();
    let stamp = names.into_iter().find(free).ok_or(Fault::Malformed("name"))?;
    let aside = beside(path, &format!("damaged-{stamp}"));
    rename(&unfinished, &beside(path, &format!("salvaged-{stamp}")))?;
    sync_folder(path)?;
    Ok(Salvaged { aside, whole })
}

/// Puts the damaged replica aside and the new one in its place, if there is a new one.
fn swap_in(path: &Path) -> Result<(), Fault> {
    for stamp in stamps(path, "salvaged-") {
        let aside = beside(path, &format!("damaged-{stamp}"));
        for end in ["-wal", ""] {
            // its log goes with it: to the new database it would be foreign
            let from = companion(path, end);
            if from.exists() {
                rename(&from, &companion(&aside, end))?;
            }
        }
        remove(&companion(path, "-shm"))?;
        rename(&beside(path, &format!("salvaged-{stamp}")), path)?;
        remove(&path.with_extension("suspect"))?;
        sync_folder(path)?;
    }
    Ok(())
}

/// What can perhaps be read only here and there.
struct Damaged<'a> {
    path: &'a Path,
    key: &'a ReplicaKey,
}

/// A row as it is stored.
type Row = Vec<Value>;

impl Damaged<'_> {
    /// Reads rows until one cannot be read, and tells whether that was all. Opened anew each time: SQLCipher
    /// reads nothing more after the first broken page.
    fn read(
        &self,
        sql: &str,
        mut row_read: impl FnMut(Row) -> Result<(), Fault>,
    ) -> Result<bool, Fault> {
        let Ok(connection) = self.open() else { return Ok(false) };
        let Ok(mut statement) = connection.prepare(sql) else { return Ok(false) };
        let columns = statement.column_count();
        let Ok(mut rows) = statement.query([]) else { return Ok(false) };
        loop {
            let row = match rows.next() {
                Ok(Some(row)) => row,
                Ok(None) => return Ok(true),
                Err(_) => return Ok(false),
            };
            let row: Result<Row, _> = (0..columns).map(|column| row.get(column)).collect();
            let Ok(row) = row else { return Ok(false) };
            row_read(row)?;
        }
    }

    fn open(&self) -> Result<Connection, Fault> {
        #[expect(clippy::disallowed_methods, reason = "what is damaged is opened nowhere else")]
        let connection = Connection::open(self.path)?;
        connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
        connection.pragma_update(None, "key", self.key.pragma().as_str())?;
        // lets SQLite read a file that is shorter than it says
        connection.execute_batch("PRAGMA writable_schema = ON;")?;
        Ok(connection)
    }
}

/// Copies a table's rows as far as they can be read: from its beginning, from its end, and where rows are
/// numbered from each number in between. Tells whether that was all.
fn copy(old: &Damaged<'_>, new: &Connection, table: &str, order: &str) -> Result<bool, Fault> {
    let columns = columns(old, new, table)?;
    if columns.is_empty() {
        return Ok(false);
    }
    let names = columns.join(", ");
    let marks = vec!["?"; columns.len()].join(", ");
    let keep = format!("INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})");
    let keep = |row: Row| -> Result<(), Fault> {
        new.prepare_cached(&keep)?.execute(rusqlite::params_from_iter(row))?;
        Ok(())
    };
    if old.read(&format!("SELECT {names} FROM {table} ORDER BY {order}"), keep)? {
        return Ok(true);
    }
    old.read(&format!("SELECT {names} FROM {table} ORDER BY {order} DESC"), keep)?;
    if matches!(order, "position" | "no") {
        // rows that a broken page hides are passed over one by one
        let mut given = None;
        let sql = format!("SELECT seq FROM sqlite_sequence WHERE name = '{table}'");
        old.read(&sql, |row| {
            given = row.into_iter().next();
            Ok(())
        })?;
        let newest = format!("SELECT coalesce(max({order}), 0) FROM {table}");
        let newest: i64 = new.query_row(&newest, [], |row| row.get(0))?;
        let last = match given {
            Some(Value::Integer(last)) => last,
            _ => newest.saturating_add(LOOK_BEYOND),
        };
        let here = format!("SELECT 1 FROM {table} WHERE {order} = ?1");
        for number in 1..=last {
            if new.prepare_cached(&here)?.exists([number])? {
                continue;
            }
            let on = format!("WHERE {order} >= {number} ORDER BY {order}");
            if old.read(&format!("SELECT {names} FROM {table} {on}"), keep)? {
                break;
            }
        }
    }
    Ok(false)
}

/// The columns that both have; an older program may have written the old one.
fn columns(old: &Damaged<'_>, new: &Connection, table: &str) -> Result<Vec<String>, Fault> {
    let sql = format!("SELECT name FROM pragma_table_info('{table}')");
    let mut there = BTreeSet::new();
    old.read(&sql, |row| {
        if let Some(Value::Text(name)) = row.into_iter().next() {
            there.insert(name);
        }
        Ok(())
    })?;
    let mut statement = new.prepare(&sql)?;
    let here = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    Ok(here.into_iter().filter(|name| there.contains(name)).collect())
}

fn rename(from: &Path, to: &Path) -> Result<(), Fault> {
    fs::rename(from, to).map_err(Fault::Files)
}

fn remove(file: &Path) -> Result<(), Fault> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Fault::Files(error)),
        _ => Ok(()),
    }
}

/// Makes the names in the folder durable.
fn sync_folder(path: &Path) -> Result<(), Fault> {
    // elsewhere a folder cannot be opened as a file, and its names are kept with them
    if cfg!(unix)
        && let Some(folder) = path.parent()
    {
        fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(Fault::Files)?;
    }
    Ok(())
}
