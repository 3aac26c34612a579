//! Taking files in: from the native dialog, dropped on the window, or made of a text. Each is looked at before
//! it is copied, and again as it was copied; the copy is sealed at once.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use behorig_domain::{
    RecordId, Rejection,
    documents::{FileFault, FileRef, Format, usable_name},
};
use behorig_files::{
    format::{DEFAULT_MAX_BYTES, check},
    sealed::Writer,
    word,
};
use behorig_protocol::Refusal;
use behorig_store::{Picked, Sealed, draft_place};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::picked_view;
use crate::{
    App,
    app::blocking,
    rpc::{AddDropped, AddText, Answer, Code, PickedFile, RowOfCase},
    shapes::{bytes, record_id, rejection},
};

/// Most files that may be dropped at once.
const DROPPED_MAX: usize = 50;
/// Longest name of a file that is made of a text, in characters.
const NAME_MAX: usize = 100;

/// The files of the last two drops on the window: one may be taken in while the next comes. The page knows
/// their handles, never their paths.
#[derive(Default)]
pub(crate) struct Dropped(Mutex<[HashMap<String, PathBuf>; 2]>);

impl Dropped {
    fn path(&self, handle: &str) -> Option<PathBuf> {
        let drops = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        drops.iter().find_map(|drop| drop.get(handle)).cloned()
    }
}

/// What became of a file that was looked at and copied.
enum Taken {
    Kept(Format, String, u64),
    Refused(FileFault, u64),
}

impl App {
    /// Files were dropped on the window: gives a handle for each.
    pub fn dropped(&self, paths: &[PathBuf]) -> Vec<String> {
        let handles: Vec<_> = paths
            .iter()
            .take(DROPPED_MAX)
            .map(|path| (Uuid::new_v4().to_string(), path.clone()))
            .collect();
        let names = handles.iter().map(|(handle, _)| handle.clone()).collect();
        let mut drops = self.dropped.0.lock().unwrap_or_else(PoisonError::into_inner);
        let [last, before] = &mut *drops;
        *before = std::mem::replace(last, handles.into_iter().collect());
        names
    }

    pub(crate) async fn pick_files(&self, asked: RowOfCase) -> Answer<Vec<PickedFile>> {
        let (case, row) = (record_id(&asked.case)?, record_id(&asked.row)?);
        let mut picked = Vec::new();
        for path in self.host.pick_files().await {
            let added = self.add(case, row, path).await;
            // shown at once: one that cannot be read takes nothing from those before it
            self.wrote();
            picked.push(added?);
        }
        Ok(picked)
    }

    pub(crate) async fn add_dropped(&self, asked: AddDropped) -> Answer<PickedFile> {
        let (case, row) = (record_id(&asked.case)?, record_id(&asked.row)?);
        let path = self.dropped.path(&asked.dropped).ok_or(Code::BadRequest)?;
        let picked = self.add(case, row, path).await?;
        self.wrote();
        Ok(picked)
    }

    pub(crate) async fn add_text(&self, asked: AddText) -> Answer<PickedFile> {
        let (case, row) = (record_id(&asked.case)?, record_id(&asked.row)?);
        let thread = asked.thread.as_deref().map(record_id).transpose()?;
        let name: String = asked.name.trim().chars().take(NAME_MAX).collect();
        if name.is_empty() {
            return Err(Rejection::FileNameUnusable.into());
        }
        let text = asked.text;
        let document = blocking(move || word::docx(&text)).await?.map_err(|_| Code::FileFailed)?;
        let len = document.len() as u64;
        let name = format!("{name}.docx");
        let picked = self.take(case, row, name, io::Cursor::new(document), len).await?;
        if picked.file.is_some() {
            // the text is in the document now
            let place = draft_place(case, thread);
            let now = (self.clock)();
            self.with_store(move |store| store.discard_draft(&place, now)).await?;
        }
        self.wrote();
        Ok(picked)
    }

    /// Takes a file from this computer's folders.
    async fn add(&self, case: RecordId, row: RecordId, path: PathBuf) -> Answer<PickedFile> {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
        let opened = blocking(move || open(&path)).await?;
        let (file, len) = opened.map_err(|_| Code::FileFailed)?;
        self.take(case, row, name, file, len).await
    }

    async fn take(
        &self,
        case: RecordId,
        row: RecordId,
        name: String,
        mut source: impl Read + Seek + Send + 'static,
        len: u64,
    ) -> Answer<PickedFile> {
        let ((id, sealed), max) = self
            .with_store(move |store| {
                let case = store.case(case)?;
                let service = case.map(|case| store.settings_of(&case)).transpose()?.flatten();
                let max = service.map_or(DEFAULT_MAX_BYTES, |service| service.document_max);
                Ok((store.new_file()?, max))
            })
            .await?;
        let shown = name.clone();
        let taken = blocking(move || {
            let taken = copy(&shown, &mut source, len, max, &sealed);
            if !matches!(taken, Ok(Taken::Kept(..))) {
                // what was copied of it is noise that the next opening sweeps, if it stays
                let _ = sealed.remove();
            }
            taken.map(|taken| (taken, sealed))
        });
        let (taken, sealed) = taken.await?.map_err(|fault| match fault.kind() {
            io::ErrorKind::StorageFull => Code::DiskFull,
            _ => Code::FileFailed,
        })?;
        match taken {
            Taken::Refused(fault, len) => Ok(PickedFile {
                file: None,
                name,
                bytes: bytes(len),
                format: None,
                note: String::new(),
                refused: Some(rejection(Refusal::from(&Rejection::FileUnusable(fault)))),
            }),
            Taken::Kept(format, sha256, len) => {
                let name = usable_name(&name, format);
                let file = FileRef { id, name, bytes: len, sha256, format };
                self.keep(Picked { case, row, file, note: String::new() }, sealed).await
            }
        }
    }

    async fn keep(&self, picked: Picked, sealed: Sealed) -> Answer<PickedFile> {
        let now = (self.clock)();
        let view = picked_view(&picked);
        self.with_store(move |store| store.put_picked(&picked, &sealed, now)).await?;
        Ok(view)
    }
}

/// Opens what a person may mean by a file.
fn open(path: &Path) -> io::Result<(File, u64)> {
    // looked at first: opening a pipe or a device could wait for ever
    if !path.metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let file = File::open(path)?;
    let len = file.metadata()?.len();
    Ok((file, len))
}

/// Looks at a file, copies it sealed, and looks at the copy: the file may have changed meanwhile.
fn copy(
    name: &str,
    source: &mut (impl Read + Seek),
    len: u64,
    max: u64,
    sealed: &Sealed,
) -> io::Result<Taken> {
    if let Err(fault) = check(name, &mut *source, len, max)? {
        return Ok(Taken::Refused(fault, len));
    }
    source.seek(SeekFrom::Start(0))?;
    let mut copy = Hashed { writer: sealed.create()?, hash: Sha256::new() };
    // one byte more than is taken tells that it grew
    let len = io::copy(&mut source.take(max.saturating_add(1)), &mut copy)?;
    let Hashed { mut writer, hash } = copy;
    writer.finish()?;
    match check(name, sealed.open()?, len, max)? {
        Ok(format) => Ok(Taken::Kept(format, hex::encode(hash.finalize()), len)),
        Err(fault) => Ok(Taken::Refused(fault, len)),
    }
}

/// Seals and sums up what is written.
struct Hashed {
    writer: Writer,
    hash: Sha256,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.append(bytes)?;
        self.hash.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
