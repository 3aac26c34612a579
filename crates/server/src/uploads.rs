//! The bytes of files: sealed on the disk under their sender's key, written in order, checked once whole.

use std::{
    collections::HashMap,
    fs,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use behorig_domain::{FileId, PersonId};
use behorig_files::{
    format::check,
    sealed::{FileKey, Reader, Writer},
};
use behorig_protocol::ErrorCode;
use behorig_server_store::{Found, Holder, Keys, PersonKey, Upload};
use sha2::{Digest as _, Sha256};
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

use crate::fault::Fault;

/// The folder of the files, and the database of their keys, in the server's folder.
pub(crate) const FILES: &str = "files";
pub(crate) const KEYS: &str = "keys.db";

/// Files that are kept open between requests. Opening one again reads it whole, so the most recent stay.
const OPEN_MAX: usize = 128;
/// Requests of one person that may send bytes at the same time. Each of their devices sends one.
const SENDING_MAX: usize = 4;

/// A file's place among the open ones: empty until somebody has read what is there of it.
type Cell = Arc<tokio::sync::Mutex<Option<Writer>>>;
/// Whoever has it is alone with a file.
pub(crate) type Place = OwnedMutexGuard<Option<Writer>>;

/// The right to write one file; only one request at a time has it.
pub(crate) struct Held(Place);

impl Held {
    /// Works on the file. Blocks. After a failure the writer is of no use: the file is closed, and the next
    /// one to write it reads what is on the disk.
    pub(crate) fn write<T>(
        &mut self,
        work: impl FnOnce(&mut Writer) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut writer = self.0.take().ok_or(io::ErrorKind::NotFound)?;
        let done = work(&mut writer)?;
        *self.0 = Some(writer);
        Ok(done)
    }

    /// How many bytes there are, all of them on the disk. Blocks.
    pub(crate) fn synced(&mut self) -> io::Result<u64> {
        self.write(|writer| {
            // what a request left that broke off
            writer.sync()?;
            Ok(writer.len())
        })
    }
}

/// The folder of the files and the keys that they are sealed under.
pub(crate) struct Uploads {
    folder: PathBuf,
    keys: Mutex<Keys>,
    open: Mutex<HashMap<FileId, Cell>>,
    sending: Mutex<HashMap<PersonId, Arc<Semaphore>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Uploads {
    pub(crate) fn open(data: &Path) -> anyhow::Result<Self> {
        let folder = data.join(FILES);
        crate::private::make_private(&folder)?;
        let keys = Mutex::new(Keys::open(&data.join(KEYS))?);
        Ok(Self { folder, keys, open: Mutex::default(), sending: Mutex::default() })
    }

    /// The key that a person's secrets, or an application, are sealed under; `None` if there is none. Blocks.
    pub(crate) fn key(&self, of: Holder) -> Result<Option<PersonKey>, Fault> {
        Ok(lock(&self.keys).of(of)?)
    }

    /// The same, made now if there is none. Blocks.
    pub(crate) fn key_or_new(&self, of: Holder) -> Result<PersonKey, Fault> {
        Ok(lock(&self.keys).of_or_new(of)?)
    }

    /// Erases a key, and so whatever was sealed under it. Blocks.
    pub(crate) fn erase_key(&self, of: Holder) -> Result<(), Fault> {
        Ok(lock(&self.keys).erase(of)?)
    }

    fn path(&self, id: FileId) -> PathBuf {
        self.folder.join(id.to_string())
    }

    /// The right to send bytes, of which each person has a few.
    pub(crate) fn sending(&self, person: PersonId) -> Result<OwnedSemaphorePermit, Fault> {
        let mut sending = lock(&self.sending);
        let own = sending.entry(person).or_insert_with(|| Arc::new(Semaphore::new(SENDING_MAX)));
        Ok(own.clone().try_acquire_owned().map_err(|_| ErrorCode::Busy)?)
    }

    /// The place of a file, unless another has it.
    pub(crate) fn place(&self, id: FileId) -> Result<Place, Fault> {
        let mut open = lock(&self.open);
        if open.len() >= OPEN_MAX {
            // those in use stay: another writer beside theirs would find the file locked
            open.retain(|_, cell| Arc::strong_count(cell) > 1);
        }
        let cell = open.entry(id).or_default().clone();
        Ok(cell.try_lock_owned().map_err(|_| ErrorCode::Busy)?)
    }

    /// The right to write a file, which is begun or gone on with. Blocks, and nobody but whoever wants the
    /// same file.
    pub(crate) fn hold(&self, id: FileId, person: PersonId) -> Result<Held, Fault> {
        let mut place = self.place(id)?;
        if place.is_none() {
            let key = FileKey::from_bytes(*lock(&self.keys).of_or_new(Holder::Person(person))?);
            let path = self.path(id);
            let bytes = id.0.into_bytes();
            let writer = match Writer::create(&path, &key, bytes) {
                Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => {
                    Writer::resume(&path, &key, bytes)
                }
                created => created,
            };
            *place = Some(writer.map_err(|fault| match fault.kind() {
                io::ErrorKind::WouldBlock => ErrorCode::Busy.into(),
                _ => Fault::from(fault),
            })?);
        }
        Ok(Held(place))
    }

    /// Ends a file whose bytes are all there, and looks at what they are. Of what is no document nothing is
    /// kept. Blocks.
    pub(crate) fn finish(
        &self,
        id: FileId,
        upload: &Upload,
        held: &mut Held,
    ) -> Result<Found, Fault> {
        held.write(Writer::finish)?;
        // closed: nobody writes it any more
        *held.0 = None;
        let mut reader = self.reader(id, upload.person)?;
        let len = reader.len();
        let format = match check(&upload.name, &mut reader, len, upload.bytes)? {
            Ok(format) => format,
            Err(fault) => {
                drop(reader);
                fs::remove_file(self.path(id))?;
                return Ok(Found::Unusable(fault));
            }
        };
        reader.seek(SeekFrom::Start(0))?;
        let mut hash = Sha256::new();
        io::copy(&mut reader, &mut hash)?;
        Ok(Found::Usable { sha256: hex::encode(hash.finalize()), format })
    }

    /// Reads a whole file. Blocks.
    pub(crate) fn reader(&self, id: FileId, person: PersonId) -> Result<Reader, Fault> {
        let key = lock(&self.keys).of(Holder::Person(person))?;
        let key = key.ok_or(io::Error::from(io::ErrorKind::NotFound))?;
        Ok(Reader::open(&self.path(id), &FileKey::from_bytes(*key), id.0.into_bytes())?)
    }

    /// The files of which there are bytes here. Blocks.
    pub(crate) fn all(&self) -> io::Result<Vec<FileId>> {
        let mut all = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            // anything else is not ours
            all.extend(entry?.file_name().to_str().and_then(|name| name.parse::<FileId>().ok()));
        }
        Ok(all)
    }

    /// Removes the bytes of a file from its place. Blocks.
    pub(crate) fn remove(&self, id: FileId, mut place: Place) -> io::Result<()> {
        *place = None;
        match fs::remove_file(self.path(id)) {
            Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(fault),
            _ => Ok(()),
        }
    }
}

/// Reads exactly so much from there on. Blocks.
pub(crate) fn part(reader: &mut Reader, from: u64, bytes: u64) -> io::Result<Vec<u8>> {
    reader.seek(SeekFrom::Start(from))?;
    let mut part = Vec::new();
    reader.take(bytes).read_to_end(&mut part)?;
    Ok(part)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn uploads() -> (tempfile::TempDir, Uploads, PersonId) {
        let data = tempfile::tempdir().unwrap();
        let uploads = Uploads::open(data.path()).unwrap();
        (data, uploads, PersonId(Uuid::now_v7()))
    }

    fn new_id() -> FileId {
        FileId(Uuid::now_v7())
    }

    fn is_busy<T>(done: Result<T, Fault>) -> bool {
        matches!(done, Err(Fault::Told(ErrorCode::Busy)))
    }

    #[test]
    fn a_file_in_use_stays_open_however_many_others_are_opened() {
        let (_data, uploads, person) = uploads();
        let in_use = new_id();
        let held = uploads.hold(in_use, person).unwrap();
        for _ in 0..OPEN_MAX * 2 {
            uploads.hold(new_id(), person).unwrap();
            assert!(lock(&uploads.open).len() <= OPEN_MAX);
        }
        assert!(is_busy(uploads.hold(in_use, person)));
        drop(held);
        uploads.hold(in_use, person).unwrap();
    }

    #[test]
    fn a_file_that_is_being_read_holds_up_no_other() {
        let (_data, uploads, person) = uploads();
        let slow = new_id();
        // as while it is read: its place is taken and still empty
        let place = uploads.place(slow).unwrap();
        uploads.hold(new_id(), person).unwrap();
        assert!(is_busy(uploads.hold(slow, person)));
        drop(place);
        uploads.hold(slow, person).unwrap();
    }

    #[test]
    fn after_a_failure_only_what_is_on_the_disk_counts() {
        let (_data, uploads, person) = uploads();
        let id = new_id();
        let mut held = uploads.hold(id, person).unwrap();
        held.write(|writer| writer.append(b"on the disk")).unwrap();
        assert_eq!(held.synced().unwrap(), 11);
        let full = held.write(|writer| {
            writer.append(b"not")?;
            Err::<(), _>(io::ErrorKind::StorageFull.into())
        });
        assert_eq!(full.unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert!(held.synced().is_err(), "it is of no use any more");
        drop(held);
        assert_eq!(uploads.hold(id, person).unwrap().synced().unwrap(), 11);
    }

    #[test]
    fn a_person_sends_a_few_files_at_once() {
        let (_data, uploads, person) = uploads();
        let mut sending: Vec<_> =
            (0..SENDING_MAX).map(|_| uploads.sending(person).unwrap()).collect();
        assert!(is_busy(uploads.sending(person)));
        assert!(uploads.sending(PersonId(Uuid::now_v7())).is_ok());
        sending.pop();
        assert!(uploads.sending(person).is_ok());
    }
}
