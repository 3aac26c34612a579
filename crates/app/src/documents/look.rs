//! Looking at a document within the program: its bytes go to the window in parts, and to no disk.

use std::io::{Read as _, Seek as _, SeekFrom};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use behorig_files::text::plain_text;

use crate::{
    App,
    app::blocking,
    rpc::{Answer, Code, DocumentLook, DocumentPart, DocumentPartOf, DocumentRef, DocumentText},
    shapes::{bytes, progress},
};

/// Most bytes in one part.
const PART: u64 = 256 * 1024;

impl App {
    pub(crate) async fn look_at_document(&self, asked: DocumentRef) -> Answer<DocumentLook> {
        let (id, document) = self.document(&asked.document).await?;
        let file = document.file.id;
        Ok(DocumentLook {
            format: document.file.format.extension().to_owned(),
            bytes: bytes(document.file.bytes),
            here: self.with_store(move |store| Ok(store.sealed(file)?.is_some())).await?,
            fetching: self.fetching.of(id).map(|done| progress(done, document.file.bytes)),
            name: document.file.name,
        })
    }

    pub(crate) async fn document_part(&self, asked: DocumentPartOf) -> Answer<DocumentPart> {
        let (id, document) = self.document(&asked.document).await?;
        let offset = u64::try_from(asked.offset).map_err(|_| Code::BadRequest)?;
        if offset > document.file.bytes {
            return Err(Code::BadRequest.into());
        }
        let mut reader = self.here(id, &document).await?;
        let read = blocking(move || {
            let mut part = Vec::new();
            reader.seek(SeekFrom::Start(offset))?;
            reader.take(PART).read_to_end(&mut part).map(|_| part)
        });
        let part = read.await?.map_err(|_| Code::FileFailed)?;
        Ok(DocumentPart { base64: BASE64_STANDARD.encode(part) })
    }

    pub(crate) async fn document_text(&self, asked: DocumentRef) -> Answer<DocumentText> {
        let (id, document) = self.document(&asked.document).await?;
        let reader = self.here(id, &document).await?;
        let (format, len) = (document.file.format, document.file.bytes);
        let read = blocking(move || plain_text(format, reader, len)).await?;
        let text = read.map_err(|_| Code::FileFailed)?;
        let cut = text.as_ref().is_some_and(|text| text.cut);
        Ok(DocumentText { text: text.map(|text| text.text), cut })
    }
}
