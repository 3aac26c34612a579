//! Bringing a document's bytes here, opening them in another program, saving a copy.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use behorig_domain::{
    RecordId,
    documents::{Document, FileRef, usable_name},
};
use behorig_files::sealed::{Reader, Writer};
use behorig_store::{Picked, Sealed};
use behorig_sync::{FileAct, FileRequest, Transport as _, file_failure};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    App,
    app::blocking,
    rpc::{Answer, Code, DocumentRef, Empty, Saved, Topic},
};

/// Bytes that are fetched at a time.
const PART: u64 = 1024 * 1024;
/// Tries at one part before the person is told that there is no line.
const TRIES: u32 = 3;
/// Renewing a session takes one exchange; longer than this it has ended.
const RENEWED_WITHIN: Duration = Duration::from_secs(5);

/// Documents that are being fetched, and how many bytes of each are here.
#[derive(Default)]
pub(crate) struct Fetching(Mutex<HashMap<RecordId, u64>>);

impl Fetching {
    /// How many bytes of a document are here, while it is being fetched.
    pub(crate) fn of(&self, document: RecordId) -> Option<u64> {
        self.map().get(&document).copied()
    }

    /// Begins; `false` if it is being fetched already.
    fn begin(&self, document: RecordId) -> bool {
        self.map().insert(document, 0).is_none()
    }

    fn map(&self) -> std::sync::MutexGuard<'_, HashMap<RecordId, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The folder of the copies that were opened in other programs. Emptied when the program locks, ends, and
/// begins.
pub(crate) struct Opened(PathBuf);

impl Opened {
    pub(crate) fn new(data: &Path) -> Self {
        let opened = Self(data.join("opened"));
        opened.clear();
        opened
    }

    /// Removes every copy. One that another program holds fast goes the next time.
    pub(crate) fn clear(&self) {
        if let Err(fault) = fs::remove_dir_all(&self.0)
            && fault.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%fault, "a copy that was opened outside stays until the next start");
        }
    }

    /// A place for a copy of this name, in a folder of its own.
    fn place(&self, name: &str) -> io::Result<PathBuf> {
        let folder = self.0.join(Uuid::new_v4().to_string());
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder)?;
        Ok(folder.join(name))
    }
}

impl App {
    pub(crate) async fn open_document(&self, asked: DocumentRef) -> Answer<Empty> {
        let (id, document) = self.document(&asked.document).await?;
        let name = usable_name(&document.file.name, document.file.format);
        let place = self.opened.place(&name).map_err(|_| Code::FileFailed)?;
        let reader = self.here(id, &document).await?;
        let copied = place.clone();
        blocking(move || copy_out(reader, &copied, true)).await?.map_err(|_| Code::FileFailed)?;
        self.host.open_outside(place).await.map_err(|_| Code::NoProgram)?;
        Ok(Empty {})
    }

    pub(crate) async fn save_document(&self, asked: DocumentRef) -> Answer<Saved> {
        let (id, document) = self.document(&asked.document).await?;
        let name = usable_name(&document.file.name, document.file.format);
        let Some(path) = self.host.save_as(name).await else {
            return Ok(Saved { saved: false });
        };
        let reader = self.here(id, &document).await?;
        blocking(move || copy_out(reader, &path, false)).await?.map_err(|_| Code::FileFailed)?;
        Ok(Saved { saved: true })
    }

    /// A document's bytes on this computer, fetched if they are not here yet.
    pub(crate) async fn here(&self, id: RecordId, document: &Document) -> Answer<Reader> {
        let file = document.file.id;
        let (kept, only_here) = self
            .with_store(move |store| Ok((store.sealed(file)?, store.is_only_here(file)?)))
            .await?;
        if let Some(kept) = kept {
            match blocking(move || kept.open()).await? {
                Ok(reader) => return Ok(reader),
                // what is nowhere else must not be replaced, whatever keeps it from being read now
                Err(_) if only_here => return Err(Code::FileFailed.into()),
                Err(_) => {}
            }
        }
        if !self.fetching.begin(id) {
            return Err(Code::AlreadyFetching.into());
        }
        let fetched = self.fetch(id, document).await;
        self.fetching.map().remove(&id);
        self.host.changed(&[Topic::Documents]);
        fetched
    }

    async fn fetch(&self, id: RecordId, document: &Document) -> Answer<Reader> {
        let file = document.file.clone();
        let sealed = self.with_store(move |store| store.fetch_place(file.id)).await?;
        let (writer, mut sealed) = blocking(move || {
            sealed.remove()?;
            Ok::<_, io::Error>((sealed.create()?, sealed))
        })
        .await?
        .map_err(|_| Code::FileFailed)?;
        let whole = self.fetch_parts(id, &document.file, writer).await;
        let whole = match whole {
            Ok(()) => {
                let placed = blocking(move || sealed.settle().map(|()| sealed)).await?;
                let sealed = placed.map_err(|_| Code::FileFailed)?;
                let picked = Picked {
                    case: document.case,
                    row: document.row,
                    file: document.file.clone(),
                    note: String::new(),
                };
                self.kept(picked, sealed).await
            }
            Err(code) => {
                // noise without its key; the next opening sweeps what stays
                let _ = blocking(move || sealed.remove()).await;
                Err(code)
            }
        };
        whole?;
        let file = document.file.id;
        let kept = self.with_store(move |store| store.sealed(file)).await?;
        let kept = kept.ok_or(Code::FileFailed)?;
        Ok(blocking(move || kept.open()).await?.map_err(|_| Code::FileFailed)?)
    }

    async fn kept(&self, picked: Picked, sealed: Sealed) -> Answer<()> {
        let now = (self.clock)();
        self.with_store(move |store| store.put_kept(&picked, &sealed, now)).await
    }

    /// Fetches all bytes and makes sure that they are the ones that the record names.
    async fn fetch_parts(&self, id: RecordId, file: &FileRef, writer: Writer) -> Answer<()> {
        let (mut writer, mut hash, mut offset) = (writer, Sha256::new(), 0);
        while offset < file.bytes {
            let bytes = PART.min(file.bytes.saturating_sub(offset));
            let part = self.fetch_part(id, offset, bytes).await?;
            offset = offset.saturating_add(bytes);
            let written = blocking(move || {
                writer.append(&part)?;
                hash.update(&part);
                Ok::<_, io::Error>((writer, hash))
            });
            (writer, hash) = written.await?.map_err(|_| Code::FileFailed)?;
            self.fetching.map().insert(id, offset);
            self.host.changed(&[Topic::Documents]);
        }
        if hex::encode(hash.finalize()) != file.sha256 {
            return Err(Code::FileFailed.into());
        }
        let finished = blocking(move || writer.finish()).await?;
        finished.map(|_| ()).map_err(|_| Code::FileFailed.into())
    }

    async fn fetch_part(&self, document: RecordId, offset: u64, bytes: u64) -> Answer<Vec<u8>> {
        let mut renewed = false;
        for _ in 0..TRIES {
            let token = self.with_store(|store| store.token()).await?;
            let act = FileAct::Read { document, offset, bytes };
            let asked = FileRequest { token: token.clone(), act };
            let Ok(answer) = self.transport()?.file(asked).await else {
                continue;
            };
            if answer.status == 206 && answer.body.len() as u64 == bytes {
                return Ok(answer.body);
            }
            if answer.status != 206 {
                use behorig_sync::Failure;
                return Err(match file_failure(&answer) {
                    Failure::SignInNeeded if !renewed && self.renewed(&token).await? => {
                        renewed = true;
                        continue;
                    }
                    Failure::SignInNeeded | Failure::EraseOrdered => Code::SignInNeeded,
                    Failure::UpgradeNeeded => Code::UpgradeNeeded,
                    Failure::NoLine => Code::Offline,
                    Failure::Server => Code::FileFailed,
                }
                .into());
            }
        }
        Err(Code::Offline.into())
    }

    /// The server wants another token: asks the driver, which alone renews, and waits a while for it.
    pub(crate) async fn renewed(&self, old: &Option<String>) -> Answer<bool> {
        self.ring();
        let renewed = async {
            while self.with_store(|store| store.token()).await? == *old {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Ok(())
        };
        tokio::time::timeout(RENEWED_WITHIN, renewed)
            .await
            .map_or(Ok(false), |it| it.map(|()| true))
    }
}

/// Writes the bytes to a place outside the replica. What stood there before stays until all of them are
/// written.
pub(crate) fn copy_out(mut from: impl io::Read, path: &Path, read_only: bool) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut copy = tempfile::NamedTempFile::new_in(folder)?;
    io::copy(&mut from, &mut copy)?;
    copy.as_file().sync_all()?;
    let copy = copy.persist(path).map_err(|fault| fault.error)?;
    if read_only {
        // what is changed in the copy would be lost without a word
        let mut permissions = copy.metadata()?.permissions();
        permissions.set_readonly(true);
        copy.set_permissions(permissions)?;
    }
    Ok(())
}
