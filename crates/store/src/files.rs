//! Files on this computer: picked and not sent, on their way, or kept so that they need not be fetched again.
//! Their bytes lie beside the database, each sealed under a key that only the database holds.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use behorig_domain::{
    Command, CommandId, FileId, FileRead, RecordId, Timestamp,
    documents::{FileRef, Format},
};
use behorig_files::sealed::{FileKey, Reader, Writer};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{Fault, Store, outbox, records, salvage, uuid};

/// Bytes without a row are left alone for so long.
const SWEPT_AFTER: Duration = Duration::from_secs(3_600);

/// A file that was picked for a row and is not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picked {
    /// The case that it was picked for.
    pub case: RecordId,
    /// The row that it was picked for.
    pub row: RecordId,
    /// What it is.
    pub file: FileRef,
    /// What the sender says of it so far.
    pub note: String,
}

/// A file whose bytes are to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToSend {
    /// Which.
    pub id: FileId,
    /// What it is called.
    pub name: String,
    /// How many bytes it has.
    pub bytes: u64,
}

/// Where a file's bytes lie and what opens them.
#[derive(Debug)]
pub struct Sealed {
    path: PathBuf,
    key: FileKey,
    id: FileId,
}

impl Sealed {
    /// Begins a file of which nothing is there.
    pub fn create(&self) -> io::Result<Writer> {
        Writer::create(&self.path, &self.key, self.id.0.into_bytes())
    }

    /// Opens a whole file.
    pub fn open(&self) -> io::Result<Reader> {
        Reader::open(&self.path, &self.key, self.id.0.into_bytes())
    }

    /// Gives bytes that were fetched to the side their place.
    pub fn settle(&mut self) -> io::Result<()> {
        let place = self.path.with_extension("");
        fs::rename(&self.path, &place)?;
        self.path = place;
        Ok(())
    }

    /// Removes what is there.
    pub fn remove(&self) -> io::Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

fn sealed(folder: &Path, id: FileId, key: FileKey) -> Sealed {
    Sealed { path: folder.join(id.to_string()), key, id }
}

/// What a rule may know of a file here.
pub(crate) fn read(connection: &Connection, id: FileId) -> Result<FileRead, Fault> {
    let file = connection
        .prepare_cached("SELECT id, name, bytes, sha256, format FROM file WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| Ok(file_ref(row)))
        .optional()?;
    Ok(match file.transpose()? {
        None => FileRead::Missing,
        Some(FileRef { bytes, sha256, format, .. }) => FileRead::Is { bytes, sha256, format },
    })
}

/// Columns id, name, bytes, sha256, format.
fn file_ref(row: &Row<'_>) -> Result<FileRef, Fault> {
    let (id, bytes): (Vec<u8>, i64) = (row.get(0)?, row.get(2)?);
    let format: String = row.get(4)?;
    Ok(FileRef {
        id: FileId(uuid(&id)?),
        name: row.get(1)?,
        bytes: bytes.unsigned_abs(),
        sha256: row.get(3)?,
        format: format_named(&format)?,
    })
}

fn format_named(name: &str) -> Result<Format, Fault> {
    serde_json::from_value(name.into()).map_err(|_| Fault::Malformed("format"))
}

fn format_name(format: Format) -> Result<String, Fault> {
    let name = serde_json::to_value(format).ok();
    name.and_then(|name| name.as_str().map(str::to_owned)).ok_or(Fault::Malformed("format"))
}

/// Whether a file is here and not on its way.
pub(crate) fn is_picked(connection: &Connection, id: FileId) -> Result<bool, Fault> {
    let sql = "SELECT 1 FROM file WHERE id = ?1 AND state = 'picked'";
    Ok(connection.prepare_cached(sql)?.exists([id.0.as_bytes()])?)
}

/// A command that needs this file is in the outbox: it is on its way.
pub(crate) fn sending(connection: &Connection, id: FileId) -> Result<(), Fault> {
    let sql = "UPDATE file SET state = 'sending' WHERE id = ?1";
    connection.prepare_cached(sql)?.execute([id.0.as_bytes()])?;
    Ok(())
}

/// The command was taken back or refused and is to be written anew: the file is picked again.
pub(crate) fn picked_again(connection: &Connection, id: FileId, note: &str) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE file SET state = 'picked', note = ?2 WHERE id = ?1")?
        .execute(params![id.0.as_bytes(), note])?;
    Ok(())
}

/// The case is no longer here: what was picked in it and not sent is put aside. Gives each file with its note.
pub(crate) fn take_picked(
    connection: &Connection,
    case: RecordId,
) -> Result<Vec<(FileId, String)>, Fault> {
    let sql = "UPDATE file SET state = 'left' WHERE case_id = ?1 AND state = 'picked'
               RETURNING id, note";
    let taken = connection
        .prepare_cached(sql)?
        .query_map([case.0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<Vec<(Vec<u8>, String)>, _>>()?;
    taken.into_iter().map(|(id, note)| Ok((FileId(uuid(&id)?), note))).collect()
}

/// The cases in which files are picked and which are no longer here.
pub(crate) fn cases_gone(connection: &Connection) -> Result<Vec<RecordId>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT case_id FROM file f WHERE state = 'picked'
           AND NOT EXISTS (SELECT 1 FROM \"case\" c WHERE c.id = f.case_id)",
    )?;
    let gone = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<Vec<u8>>, _>>()?;
    gone.into_iter().map(|case| Ok(RecordId(uuid(&case)?))).collect()
}

/// A command is done: its file need not be sent any more. It is kept, so that it need not be fetched.
pub(crate) fn received(connection: &Connection, command: CommandId) -> Result<(), Fault> {
    change_file_of(connection, command, "UPDATE file SET state = 'kept' WHERE id = ?1")
}

/// The server has not seen all bytes of a command's file, whatever we thought: it is asked again.
pub(crate) fn ask_again(connection: &Connection, command: CommandId) -> Result<(), Fault> {
    change_file_of(connection, command, "UPDATE file SET at_server = 0 WHERE id = ?1")
}

fn change_file_of(connection: &Connection, command: CommandId, sql: &str) -> Result<(), Fault> {
    let body: Option<Vec<u8>> = connection
        .prepare_cached("SELECT body FROM outbox WHERE id = ?1 AND needs_file = 1")?
        .query_row([command.0.as_bytes()], |row| row.get(0))
        .optional()?;
    let Some(body) = body else { return Ok(()) };
    let command = Command::from_bytes(&body).map_err(|_| Fault::Malformed("command"))?;
    if let Some((id, _)) = submitted(&command) {
        connection.prepare_cached(sql)?.execute([id.0.as_bytes()])?;
    }
    Ok(())
}

/// The server has lost the command that sent a file: its bytes are to be sent again. `false` if they are not
/// here any more.
pub(crate) fn send_again(connection: &Connection, id: FileId) -> Result<bool, Fault> {
    let sql = "UPDATE file SET state = 'sending', at_server = 0
               WHERE id = ?1 AND state IN ('sending', 'kept')";
    Ok(connection.prepare_cached(sql)?.execute([id.0.as_bytes()])? == 1)
}

/// The command that was to send a file is forgotten; nobody but its author ever had the file.
pub(crate) fn forget_unsent(connection: &Connection, id: FileId) -> Result<(), Fault> {
    connection
        .prepare_cached("DELETE FROM file WHERE id = ?1 AND state = 'sending'")?
        .execute([id.0.as_bytes()])?;
    Ok(())
}

/// Whether the server has all bytes of a file.
pub(crate) fn is_at_server(connection: &Connection, id: FileId) -> Result<bool, Fault> {
    let sql = "SELECT 1 FROM file WHERE id = ?1 AND at_server < bytes";
    Ok(!connection.prepare_cached(sql)?.exists([id.0.as_bytes()])?)
}

impl Store {
    /// A place for a new file's bytes and the key that they are to be sealed under.
    pub fn new_file(&self) -> Result<(FileId, Sealed), Fault> {
        let id = FileId(Uuid::now_v7());
        let key = FileKey::generate().map_err(|_| Fault::Randomness)?;
        Ok((id, sealed(&self.files, id, key)))
    }

    /// A place to the side for the bytes of a file that is fetched, and a new key for them.
    pub fn fetch_place(&self, id: FileId) -> Result<Sealed, Fault> {
        let key = FileKey::generate().map_err(|_| Fault::Randomness)?;
        let mut place = sealed(&self.files, id, key);
        place.path.set_extension("part");
        Ok(place)
    }

    /// Whether this computer may have the only copy of a file.
    pub fn is_only_here(&self, id: FileId) -> Result<bool, Fault> {
        let sql = "SELECT 1 FROM file WHERE id = ?1 AND state <> 'kept'";
        Ok(self.connection.prepare_cached(sql)?.exists([id.0.as_bytes()])?)
    }

    /// How many bytes of a file the server has, and of how many, while some are missing there.
    pub fn sending(&self, id: FileId) -> Result<Option<(u64, u64)>, Fault> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT at_server, bytes FROM file
                 WHERE id = ?1 AND state = 'sending' AND at_server < bytes",
            )?
            .query_row([id.0.as_bytes()], |row| {
                let (done, total): (i64, i64) = (row.get(0)?, row.get(1)?);
                Ok((done.unsigned_abs(), total.unsigned_abs()))
            })
            .optional()?)
    }

    /// Keeps a picked file whose bytes have been sealed in its place.
    pub fn put_picked(
        &mut self,
        picked: &Picked,
        sealed: &Sealed,
        now: Timestamp,
    ) -> Result<(), Fault> {
        self.put_file(picked, sealed, "picked", now)
    }

    /// Keeps a file that was fetched, whose bytes have been sealed in its place.
    pub fn put_kept(
        &mut self,
        picked: &Picked,
        sealed: &Sealed,
        now: Timestamp,
    ) -> Result<(), Fault> {
        self.put_file(picked, sealed, "kept", now)
    }

    fn put_file(
        &mut self,
        picked: &Picked,
        sealed: &Sealed,
        state: &str,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let file = &picked.file;
        let bytes = i64::try_from(file.bytes).map_err(|_| Fault::Malformed("size"))?;
        let format = format_name(file.format)?;
        self.transact(|connection| {
            connection.execute(
                "INSERT OR REPLACE INTO file (id, key, name, bytes, sha256, format, state, case_id, row_id,
                                   note, added_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                params![
                    file.id.0.as_bytes(),
                    sealed.key.as_bytes(),
                    file.name,
                    bytes,
                    file.sha256,
                    format,
                    state,
                    picked.case.0.as_bytes(),
                    picked.row.0.as_bytes(),
                    picked.note,
                    now.millis(),
                ],
            )?;
            Ok(())
        })
    }

    /// A file that was picked and is not sent.
    pub fn picked(&self, id: FileId) -> Result<Option<Picked>, Fault> {
        Ok(self.picked_where("id = ?1", id.0.as_bytes())?.pop())
    }

    /// The files that were picked in a case and are not sent, in the order of picking.
    pub fn picked_in(&self, case: RecordId) -> Result<Vec<Picked>, Fault> {
        self.picked_where("case_id = ?1", case.0.as_bytes())
    }

    fn picked_where(&self, condition: &str, value: &[u8]) -> Result<Vec<Picked>, Fault> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT id, name, bytes, sha256, format, case_id, row_id, note FROM file
             WHERE state = 'picked' AND {condition} ORDER BY added_at, id"
        ))?;
        let mut rows = statement.query([value])?;
        let mut picked = Vec::new();
        while let Some(row) = rows.next()? {
            let (case, of_row): (Vec<u8>, Vec<u8>) = (row.get(5)?, row.get(6)?);
            picked.push(Picked {
                case: RecordId(uuid(&case)?),
                row: RecordId(uuid(&of_row)?),
                file: file_ref(row)?,
                note: row.get(7)?,
            });
        }
        Ok(picked)
    }

    /// Keeps what the sender says of a picked file. `false` if it is not picked any more.
    pub fn put_note(&mut self, id: FileId, note: &str) -> Result<bool, Fault> {
        self.transact(|connection| {
            let sql = "UPDATE file SET note = ?2 WHERE id = ?1 AND state = 'picked'";
            if connection.execute(sql, params![id.0.as_bytes(), note])? == 1 {
                return Ok(true);
            }
            // its case has left while it was being written
            let sql = "UPDATE left_work SET text = ?2 WHERE file = ?1";
            Ok(connection.execute(sql, params![id.0.as_bytes(), note])? == 1)
        })
    }

    /// Puts a picked file into another row of its case. `false` if it is not picked any more.
    pub fn move_picked(&mut self, id: FileId, row: RecordId) -> Result<bool, Fault> {
        self.transact(|connection| {
            let sql = "UPDATE file SET row_id = ?2 WHERE id = ?1 AND state = 'picked'
                         AND EXISTS (SELECT 1 FROM document_row r
                                     WHERE r.id = ?2 AND r.case_id = file.case_id)";
            Ok(connection.execute(sql, params![id.0.as_bytes(), row.0.as_bytes()])? == 1)
        })
    }

    /// Forgets a picked file and removes its bytes. What it was copied from stays where it is.
    pub fn discard_picked(&mut self, id: FileId) -> Result<(), Fault> {
        let gone = self.transact(|connection| {
            let sql = "DELETE FROM file WHERE id = ?1 AND state = 'picked'";
            Ok(connection.execute(sql, [id.0.as_bytes()])? == 1)
        })?;
        if gone {
            // what cannot be removed now is swept at the next opening
            let _ = fs::remove_file(self.files.join(id.to_string()));
        }
        Ok(())
    }

    /// How many files are here only to spare a fetch, and how many bytes they have.
    pub fn kept_files(&self) -> Result<(u64, u64), Fault> {
        let kept = spared(&self.connection)?;
        let bytes = kept.iter().map(|(_, bytes)| bytes.unsigned_abs()).sum();
        Ok((kept.len() as u64, bytes))
    }

    /// Lets go of the files that are here only to spare a fetch.
    pub fn clear_kept_files(&mut self) -> Result<(), Fault> {
        let gone = self.transact(|connection| {
            let kept = spared(connection)?;
            for (id, _) in &kept {
                let sql = "DELETE FROM file WHERE id = ?1 AND state = 'kept'";
                connection.prepare_cached(sql)?.execute([id.0.as_bytes()])?;
            }
            Ok(kept)
        })?;
        for (id, _) in gone {
            // noise without its key; what cannot be removed now is swept at the next opening
            let _ = fs::remove_file(self.files.join(id.to_string()));
        }
        Ok(())
    }

    /// Where the bytes of a file lie, if they are here.
    pub fn sealed(&self, id: FileId) -> Result<Option<Sealed>, Fault> {
        let key: Option<Vec<u8>> = self
            .connection
            .prepare_cached("SELECT key FROM file WHERE id = ?1")?
            .query_row([id.0.as_bytes()], |row| row.get(0))
            .optional()?;
        let Some(key) = key.map(Zeroizing::new) else { return Ok(None) };
        let key: [u8; 32] = key.as_slice().try_into().map_err(|_| Fault::Malformed("key"))?;
        Ok(Some(sealed(&self.files, id, FileKey::from_bytes(key))))
    }

    /// The next file whose bytes are to be sent: the one that the oldest queued command waits for.
    ///
    /// Those in `skipped` have failed by themselves and must not keep the others waiting.
    pub fn next_to_send(&self, skipped: &BTreeSet<FileId>) -> Result<Option<ToSend>, Fault> {
        for id in outbox::files_waited_for(&self.connection)? {
            if skipped.contains(&id) {
                continue;
            }
            let file = self
                .connection
                .prepare_cached("SELECT name, bytes FROM file WHERE id = ?1 AND at_server < bytes")?
                .query_row([id.0.as_bytes()], |row| {
                    let bytes: i64 = row.get(1)?;
                    Ok(ToSend { id, name: row.get(0)?, bytes: bytes.unsigned_abs() })
                })
                .optional()?;
            if file.is_some() {
                return Ok(file);
            }
        }
        Ok(None)
    }

    /// Notes how many bytes of a file the server has.
    pub fn put_at_server(&mut self, id: FileId, at_server: u64) -> Result<(), Fault> {
        let at_server = i64::try_from(at_server).map_err(|_| Fault::Malformed("size"))?;
        self.transact(|connection| {
            connection
                .prepare_cached("UPDATE file SET at_server = min(?2, bytes) WHERE id = ?1")?
                .execute(params![id.0.as_bytes(), at_server])?;
            Ok(())
        })
    }

    /// Removes what nobody needs: bytes without a row, which a crash can leave, and kept files whose
    /// document is no longer to be seen.
    pub(crate) fn sweep_files(&mut self) -> Result<(), Fault> {
        let needed = self.transact(|connection| {
            records::forget_unseen_files(connection)?;
            let mut statement = connection.prepare("SELECT id FROM file")?;
            let ids = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
            ids.map(|id| Ok(uuid(&id?)?.to_string())).collect::<Result<BTreeSet<_>, Fault>>()
        })?;
        if salvage::lies_beside(&self.files) {
            // the damaged replica has the keys of files that this one does not know
            return Ok(());
        }
        let Ok(entries) = fs::read_dir(&self.files) else { return Ok(()) };
        for entry in entries.flatten() {
            let name = entry.file_name();
            // what is younger may be on its way in: its row comes last
            let young = || {
                let age = entry.metadata().ok()?.modified().ok()?.elapsed().ok()?;
                Some(age < SWEPT_AFTER)
            };
            let needed = name.to_str().is_some_and(|name| needed.contains(name));
            if !needed && young() == Some(false) {
                // it is noise without its key; it can wait for the next opening
                let _ = fs::remove_file(entry.path());
            }
        }
        Ok(())
    }
}

/// The files that are here only to spare a fetch. A server that loses what was sent to it is sent it again:
/// what the outbox names stays.
fn spared(connection: &Connection) -> Result<Vec<(FileId, i64)>, Fault> {
    let mut statement =
        connection.prepare_cached("SELECT body FROM outbox WHERE needs_file = 1")?;
    let bodies = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
    let mut named = BTreeSet::new();
    for body in bodies {
        if let Ok(command) = Command::from_bytes(&body?) {
            named.extend(behorig_domain::files(&command));
        }
    }
    let mut statement =
        connection.prepare_cached("SELECT id, bytes FROM file WHERE state = 'kept'")?;
    let mut rows = statement.query([])?;
    let mut spared = Vec::new();
    while let Some(row) = rows.next()? {
        let id: Vec<u8> = row.get(0)?;
        let id = FileId(uuid(&id)?);
        if !named.contains(&id) {
            spared.push((id, row.get(1)?));
        }
    }
    Ok(spared)
}

/// The note that a command carries for its file.
pub(crate) fn submitted(command: &Command) -> Option<(FileId, &str)> {
    match command {
        Command::SubmitDocument(command) => Some((command.file.id, &command.note)),
        _ => None,
    }
}
