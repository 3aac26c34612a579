//! Taking everything home: one JSON file that says it all, and every document beside it, in a zip file or a
//! folder. What stands in it is described in `docs/EXPORT.md`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    future::{Ready, ready},
    io::{self, BufWriter, Read, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use behorig_domain::{
    FileId, RecordId,
    documents::{Document, Format, usable_name},
};
use serde_json::{Value, json};
use tempfile::NamedTempFile;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::{
    App,
    app::blocking,
    left::entry,
    replicas::make_private,
    rpc::{
        Answer, ArchiveAsked, Code, Empty, ExportDone, ExportState, OfCase, Progress, SortedBy,
        TemplatesOf, Topic,
    },
    shapes::{count, progress, record_id},
};

/// What the JSON file's shape is called.
const FORMAT: u32 = 2;
/// Documents of an archive at a time.
const ARCHIVE_PAGE: u32 = 500;
const JSON: &str = "export.json";
/// What the file is called unless the person says otherwise.
const NAME: &str = "behorig.zip";
/// With the id before it, a name must still be one that file systems hold.
const NAME_MAX: usize = 200;

/// Where everything is to be written.
#[derive(Debug, Clone)]
pub enum ExportTo {
    /// Into a folder, made if it is not there.
    Folder(PathBuf),
    /// Into one file, in the place of what is there.
    Zip(PathBuf),
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exported {
    /// Cases in it.
    pub cases: usize,
    /// Files in it.
    pub files: usize,
    /// The documents that could not be had: their ids, and what they are called.
    pub missing: Vec<(String, String)>,
}

/// An export that is running.
#[derive(Default)]
pub(crate) struct Exporting(Mutex<Option<Running>>);

#[derive(Default)]
struct Running {
    done: u64,
    total: u64,
    cancelled: bool,
}

impl Exporting {
    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_cancelled(&self) -> bool {
        self.running().as_ref().is_none_or(|running| running.cancelled)
    }
}

/// Ends what is running, whatever becomes of it.
struct Turn<'a>(&'a App);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.exporting.running().take();
        self.0.host.changed(&[Topic::Settings]);
    }
}

/// A file of the export.
struct Wanted {
    id: String,
    name: String,
    bytes: Bytes,
}

/// Where its bytes are.
enum Bytes {
    /// In a document, perhaps only at the server.
    Of(RecordId, Box<Document>),
    /// On this computer only.
    Here(FileId),
}

/// What is being written.
enum Sink {
    Folder(PathBuf),
    Zip { zip: Box<ZipWriter<BufWriter<NamedTempFile>>>, to: PathBuf },
}

impl Sink {
    fn begin(to: ExportTo) -> io::Result<Self> {
        match to {
            ExportTo::Folder(folder) => {
                make_private(&folder.join("files"))?;
                Ok(Self::Folder(folder))
            }
            ExportTo::Zip(to) => {
                // what stood there stays until all of the new is written, and nothing is left of a half
                let folder = to.parent().unwrap_or(Path::new("."));
                let file = BufWriter::new(NamedTempFile::new_in(folder)?);
                Ok(Self::Zip { zip: Box::new(ZipWriter::new(file)), to })
            }
        }
    }

    fn put(&mut self, name: &str, mut bytes: impl Read) -> io::Result<()> {
        match self {
            Self::Folder(folder) => {
                let mut file = File::create_new(folder.join(name))?;
                io::copy(&mut bytes, &mut file)?;
                file.sync_all()
            }
            Self::Zip { zip, .. } => {
                // documents are squeezed already; private, as what a folder would hold
                let options = SimpleFileOptions::default()
                    .compression_method(CompressionMethod::Stored)
                    .unix_permissions(0o600);
                zip.start_file(name, options)?;
                io::copy(&mut bytes, zip).map(|_| ())
            }
        }
    }

    fn finish(self) -> io::Result<()> {
        let Self::Zip { zip, to } = self else { return Ok(()) };
        let mut file = zip.finish()?;
        file.flush()?;
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        file.persist(to).map_err(|fault| fault.error)?;
        Ok(())
    }

    /// Leaves nothing of a half behind, where nothing was before.
    fn give_up(self) {
        if let Self::Folder(folder) = self {
            // the folder was empty: whoever asked for it has seen to that
            let _ = fs::remove_dir_all(folder.join("files"));
        }
    }
}

impl App {
    pub(crate) async fn export(&self, Empty {}: Empty) -> Answer<ExportDone> {
        // asked before the dialog, so that a locked program asks nothing
        self.transport()?;
        let not_saved = || ExportDone { saved: false, cases: 0, files: 0, missing: Vec::new() };
        let Some(path) = self.host.save_as(NAME.to_owned()).await else { return Ok(not_saved()) };
        let Some(done) = self.export_to(ExportTo::Zip(path)).await? else { return Ok(not_saved()) };
        Ok(ExportDone {
            saved: true,
            cases: count(done.cases),
            files: count(done.files),
            missing: done.missing.into_iter().map(|(_, name)| name).collect(),
        })
    }

    pub(crate) fn export_state(&self, Empty {}: Empty) -> Ready<Answer<ExportState>> {
        let running = self.exporting.running();
        let running: Option<Progress> =
            running.as_ref().map(|running| progress(running.done, running.total));
        ready(Ok(ExportState { running }))
    }

    pub(crate) fn export_cancel(&self, Empty {}: Empty) -> Ready<Answer<Empty>> {
        if let Some(running) = &mut *self.exporting.running() {
            running.cancelled = true;
        }
        ready(Ok(Empty {}))
    }

    /// Writes everything that the person may see and has written. `None` if they gave it up, and then nothing
    /// is left of it.
    pub async fn export_to(&self, to: ExportTo) -> Answer<Option<Exported>> {
        {
            let mut running = self.exporting.running();
            if running.is_some() {
                return Err(Code::AlreadyFetching.into());
            }
            *running = Some(Running::default());
        }
        let _turn = Turn(self);
        self.host.changed(&[Topic::Settings]);
        let (mut all, wanted) = self.everything().await?;
        if let Some(running) = &mut *self.exporting.running() {
            running.total = wanted.len() as u64;
        }
        let sink = blocking(move || Sink::begin(to)).await?.map_err(|_| Code::FileFailed)?;
        let mut done = Exported { cases: len(all.get("cases")), ..Exported::default() };
        let (sink, saved) = self.put_files(sink, wanted, &mut done).await?;
        if self.exporting.is_cancelled() {
            blocking(move || sink.give_up()).await?;
            return Ok(None);
        }
        name_saved(&mut all, &saved);
        let missing: Vec<&String> = done.missing.iter().map(|(id, _)| id).collect();
        put(&mut all, "missing", json!(missing));
        let mut bytes = serde_json::to_vec_pretty(&all).map_err(|_| Code::Internal)?;
        bytes.push(b'\n');
        let written = blocking(move || {
            let mut sink = sink;
            // last: without it an export is not whole
            sink.put(JSON, bytes.as_slice())?;
            sink.finish()
        });
        written.await?.map_err(|_| Code::FileFailed)?;
        Ok(Some(done))
    }

    /// Writes the files one by one, and tells what each is called there.
    async fn put_files(
        &self,
        mut sink: Sink,
        wanted: Vec<Wanted>,
        done: &mut Exported,
    ) -> Answer<(Sink, BTreeMap<String, String>)> {
        let mut saved = BTreeMap::new();
        for Wanted { id, name, bytes } in wanted {
            if self.exporting.is_cancelled() {
                break;
            }
            let reader = match bytes {
                Bytes::Of(document, of) => self.here(document, &of).await,
                Bytes::Here(file) => self.only_here(file).await,
            };
            match reader {
                Ok(reader) => {
                    let path = format!("files/{name}");
                    let named = path.clone();
                    let put = blocking(move || {
                        let put = sink.put(&named, reader);
                        (sink, put)
                    });
                    let put = put.await?;
                    sink = put.0;
                    if let Err(fault) = put.1 {
                        tracing::error!(kind = ?fault.kind(), "an export could not be written");
                        blocking(move || sink.give_up()).await?;
                        return Err(Code::FileFailed.into());
                    }
                    saved.insert(id, path);
                    done.files = done.files.saturating_add(1);
                }
                // the person has locked it: nothing more can be had
                Err(error) if error.code == Code::Locked => {
                    blocking(move || sink.give_up()).await?;
                    return Err(error);
                }
                Err(_) => done.missing.push((id, name)),
            }
            if let Some(running) = &mut *self.exporting.running() {
                running.done = running.done.saturating_add(1);
            }
            self.host.changed(&[Topic::Settings]);
        }
        Ok((sink, saved))
    }

    async fn only_here(&self, file: FileId) -> Answer<behorig_files::sealed::Reader> {
        let sealed = self.with_store(move |store| store.sealed(file)).await?;
        let sealed = sealed.ok_or(Code::FileFailed)?;
        Ok(blocking(move || sealed.open()).await?.map_err(|_| Code::FileFailed)?)
    }

    /// Every page of a case's archive.
    async fn whole_archive(&self, case: &str) -> Answer<Value> {
        let mut rows = Vec::new();
        loop {
            let asked = ArchiveAsked {
                case: case.to_owned(),
                by: SortedBy::Received,
                descending: true,
                only: None,
                language: "sv".into(),
                from: u32::try_from(rows.len()).unwrap_or(u32::MAX),
                limit: ARCHIVE_PAGE,
            };
            let page = self.archive(asked).await?;
            if page.rows.is_empty() {
                return Ok(json!({ "rows": rows, "types": value(&page.types)? }));
            }
            for row in &page.rows {
                rows.push(value(row)?);
            }
        }
    }

    /// All that the windows show, as they are told it, and the files that belong to it.
    async fn everything(&self) -> Answer<(Value, Vec<Wanted>)> {
        let (mut cases, mut wanted) = (Vec::new(), Vec::new());
        let mut seen = BTreeSet::new();
        for case in self.cases(Empty {}).await? {
            let of = || OfCase { case: case.id.clone() };
            let mut file = value(&self.case_file(of()).await?)?;
            put(&mut file, "messages", value(&self.messages(of()).await?)?);
            put(&mut file, "contact", value(&self.contact(of()).await?)?);
            put(&mut file, "documents", value(&self.documents(of()).await?)?);
            put(&mut file, "notes", value(&self.notes(of()).await?)?);
            put(&mut file, "archive", self.whole_archive(&case.id).await?);
            cases.push(file);
            let id = record_id(&case.id)?;
            let found = self.with_store(move |store| store.documents(id)).await?;
            let Some(found) = found else { continue };
            for stored in found.documents.into_iter().chain(found.common) {
                let id = stored.id.to_string();
                if !seen.insert(id.clone()) {
                    continue;
                }
                let name = saved_name(&id, &stored.document.file.name, stored.document.file.format);
                let is_refused = stored.refused.is_some();
                let bytes = if is_refused {
                    Bytes::Here(stored.document.file.id)
                } else {
                    Bytes::Of(stored.id, Box::new(stored.document))
                };
                wanted.push(Wanted { id, name, bytes });
            }
            for picked in found.picked {
                let id = picked.file.id.to_string();
                let name = saved_name(&id, &picked.file.name, picked.file.format);
                wanted.push(Wanted { id, name, bytes: Bytes::Here(picked.file.id) });
            }
        }
        let drafts = self.with_store(|store| store.texts()).await?;
        let drafts: Vec<Value> = drafts
            .into_iter()
            .map(|text| {
                let version = |it: behorig_store::DraftVersion| {
                    json!({
                        "text": it.text,
                        "saved_at": it.saved_at.to_string(),
                        "discarded": it.discarded,
                    })
                };
                json!({
                    "place": text.place,
                    "type": text.message_type,
                    "text": text.text,
                    "saved_at": text.saved_at.map(|at| at.to_string()),
                    "earlier": text.earlier.into_iter().map(version).collect::<Vec<_>>(),
                })
            })
            .collect();
        let all = json!({
            "format": FORMAT,
            "made_at": (self.clock)().to_string(),
            "session": value(&self.session_state(Empty {}).await?)?,
            "cases": cases,
            "drafts": drafts,
            "left": self.begun_and_left(&mut wanted).await?,
            "templates": value(&self.templates(TemplatesOf { case: None }).await?)?,
            "outbox": value(&self.outbox(Empty {}).await?)?,
            "letters": value(&self.post(Empty {}).await?.letters)?,
        });
        Ok((all, wanted))
    }

    /// What was begun in cases that are no longer here, before it is erased.
    async fn begun_and_left(&self, wanted: &mut Vec<Wanted>) -> Answer<Vec<Value>> {
        let mut all = Vec::new();
        for left in self.with_store(|store| store.left()).await? {
            let file = left.file.clone();
            let mut entry = value(&entry(left))?;
            if let Some((file, name)) = file {
                let id = file.to_string();
                put(&mut entry, "file", json!(id));
                let name = match Format::claimed_by(&name) {
                    Some(format) => saved_name(&id, &name, format),
                    None => id.clone(),
                };
                wanted.push(Wanted { id, name, bytes: Bytes::Here(file) });
            }
            all.push(entry);
        }
        Ok(all)
    }
}

fn value(of: &impl serde::Serialize) -> Answer<Value> {
    serde_json::to_value(of).map_err(|_| Code::Internal.into())
}

fn len(list: Option<&Value>) -> usize {
    list.and_then(Value::as_array).map_or(0, Vec::len)
}

fn put(of: &mut Value, name: &str, value: Value) {
    if let Some(fields) = of.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}

/// A name that no other file has and every computer can store.
fn saved_name(id: &str, name: &str, format: Format) -> String {
    let ending = format!(".{}", format.extension());
    let usable = usable_name(name, format);
    let mut stem = usable.strip_suffix(&ending).unwrap_or(&usable).to_owned();
    while stem.len() > NAME_MAX {
        stem.pop();
    }
    format!("{id}-{stem}{ending}")
}

/// Says beside each document where its bytes are.
fn name_saved(all: &mut Value, saved: &BTreeMap<String, String>) {
    match all {
        Value::Object(fields) => {
            let id = ["id", "document", "file"].into_iter().find_map(|name| {
                fields.get(name).and_then(Value::as_str).and_then(|id| saved.get(id))
            });
            if let Some(path) = id {
                fields.insert("saved_as".into(), path.clone().into());
            }
            fields.values_mut().for_each(|field| name_saved(field, saved));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| name_saved(item, saved)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_enough_and_leads_nowhere() {
        let name = saved_name("1", "../../etc/passwd", Format::Pdf);
        assert!(!name.contains('/') && name.ends_with(".pdf"), "{name}");
        assert!(saved_name("1", &"å".repeat(400), Format::Docx).len() < 255);
        assert_eq!(saved_name("1", "=HYPERLINK(1).pdf", Format::Pdf), "1-=HYPERLINK(1).pdf");
    }

    #[test]
    fn a_zip_that_is_given_up_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("allt.zip");
        fs::write(&to, "before").unwrap();
        let mut sink = Sink::begin(ExportTo::Zip(to.clone())).unwrap();
        sink.put("files/a", b"a".as_slice()).unwrap();
        sink.give_up();
        assert_eq!(fs::read(&to).unwrap(), b"before");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_document_says_where_its_bytes_are_wherever_it_is_told() {
        let saved = BTreeMap::from([("7".to_owned(), "files/7-a.pdf".to_owned())]);
        let mut all = json!({ "rows": [{ "documents": [{ "id": "7" }, { "id": "8" }] }] });
        name_saved(&mut all, &saved);
        let documents = &all["rows"][0]["documents"];
        assert_eq!(documents[0]["saved_as"], "files/7-a.pdf");
        assert!(documents[1].get("saved_as").is_none());
    }
}
