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
use behorig_server_store::{Found, Keys, Upload};
use sha2::{Digest as _, Sha256};

use crate::fault::Fault;

/// The folder of the files, and the database of their keys, in the server's folder.
pub(crate) const FILES: &str = "files";
pub(crate) const KEYS: &str = "keys.db";

/// Files that are kept open between requests. Opening one again reads it whole, so the most recent stay.
const OPEN_MAX: usize = 128;

/// Writes one file. Whoever holds the lock goes on with it.
pub(crate) type OpenUpload = Arc<tokio::sync::Mutex<Writer>>;

/// The folder of the files and the keys that they are sealed under.
pub(crate) struct Uploads {
    folder: PathBuf,
    keys: Mutex<Keys>,
    open: Mutex<HashMap<FileId, OpenUpload>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Uploads {
    pub(crate) fn open(data: &Path) -> anyhow::Result<Self> {
        let folder = data.join(FILES);
        crate::make_private(&folder)?;
        let keys = Mutex::new(Keys::open(&data.join(KEYS))?);
        Ok(Self { folder, keys, open: Mutex::default() })
    }

    fn path(&self, id: FileId) -> PathBuf {
        self.folder.join(id.to_string())
    }

    /// The writer of a file, begun or gone on with. Blocks.
    pub(crate) fn writer(&self, id: FileId, person: PersonId) -> Result<OpenUpload, Fault> {
        let mut open = lock(&self.open);
        if let Some(upload) = open.get(&id) {
            return Ok(upload.clone());
        }
        let key = FileKey::from_bytes(*lock(&self.keys).of_or_new(person)?);
        let path = self.path(id);
        let bytes = id.0.into_bytes();
        let writer = match Writer::create(&path, &key, bytes) {
            Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => {
                Writer::resume(&path, &key, bytes)?
            }
            created => created?,
        };
        if open.len() >= OPEN_MAX {
            // those in use stay alive in their requests
            open.clear();
        }
        let upload: OpenUpload = Arc::new(tokio::sync::Mutex::new(writer));
        open.insert(id, upload.clone());
        Ok(upload)
    }

    /// Ends a file whose bytes are all there, and looks at what they are. Blocks.
    pub(crate) fn finish(
        &self,
        id: FileId,
        upload: &Upload,
        writer: &mut Writer,
    ) -> Result<Found, Fault> {
        writer.finish()?;
        lock(&self.open).remove(&id);
        let mut reader = self.reader(id, upload.person)?;
        let len = reader.len();
        let format = match check(&upload.name, &mut reader, len, upload.bytes)? {
            Ok(format) => format,
            Err(fault) => return Ok(Found::Unusable(fault)),
        };
        reader.seek(SeekFrom::Start(0))?;
        let mut hash = Sha256::new();
        io::copy(&mut reader, &mut hash)?;
        Ok(Found::Usable { sha256: hex::encode(hash.finalize()), format })
    }

    /// Reads a whole file. Blocks.
    pub(crate) fn reader(&self, id: FileId, person: PersonId) -> Result<Reader, Fault> {
        let key = lock(&self.keys).of(person)?;
        let key = key.ok_or(io::Error::from(io::ErrorKind::NotFound))?;
        Ok(Reader::open(&self.path(id), &FileKey::from_bytes(*key), id.0.into_bytes())?)
    }

    /// Removes the bytes of a file, if any are there. Blocks.
    pub(crate) fn remove(&self, id: FileId) -> io::Result<()> {
        lock(&self.open).remove(&id);
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
