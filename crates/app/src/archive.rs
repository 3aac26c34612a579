//! The archive of a case: every document that was received, sorted and narrowed as the person asks.

use std::collections::BTreeMap;

use behorig_domain::{documents::DocumentOrigin, services::Words};
use behorig_store::{ArchiveColumn, ArchiveOrder, ArchivedDocument};

use crate::{
    App,
    rpc::{
        Answer, ArchiveAsked, ArchiveRow, ArchiveType, ArchiveView, Code, DocumentRef, Empty,
        SortedBy,
    },
    shapes::{bytes, handling, progress, record_id, words},
};

/// Most documents that the window is told of at once.
const PAGE_MAX: u32 = 500;

impl App {
    pub(crate) async fn archive(&self, asked: ArchiveAsked) -> Answer<ArchiveView> {
        let case = record_id(&asked.case)?;
        let by = match asked.by {
            SortedBy::Name => ArchiveColumn::Name,
            SortedBy::Type => ArchiveColumn::Type,
            SortedBy::Received => ArchiveColumn::Received,
            SortedBy::Size => ArchiveColumn::Size,
            SortedBy::State => ArchiveColumn::State,
            SortedBy::Origin => ArchiveColumn::Origin,
        };
        let found = self.with_store(move |store| {
            let Some(of_case) = store.case(case)? else { return Ok(None) };
            // what came in another case has the other scheme's name, if its own scheme has none
            let mut schemes = match store.settings_of(&of_case)? {
                Some(service) => store.schemes(of_case.service, &service)?,
                None => Vec::new(),
            };
            schemes.extend(store.scheme_of(&of_case)?);
            let documents = schemes.into_iter().flat_map(|scheme| scheme.documents);
            let names: BTreeMap<String, Words> =
                documents.map(|document| (document.code, document.name)).collect();
            let in_language = |words: &Words| match asked.language.as_str() {
                "en" => words.en.clone(),
                _ => words.sv.clone(),
            };
            let order = ArchiveOrder {
                by,
                descending: asked.descending,
                only: asked.only,
                from: asked.from,
                limit: asked.limit.min(PAGE_MAX),
                names: names.iter().map(|(code, name)| (code.clone(), in_language(name))).collect(),
            };
            let page = store.archive(case, &of_case, &order)?;
            // the window asks for the first page with all others
            let types = match asked.from {
                0 => store.archived_types(case, &of_case)?,
                _ => Vec::new(),
            };
            Ok(Some((page, types, names)))
        });
        let (page, types, names) = found.await?.ok_or(Code::BadRequest)?;
        let named = |code: &str| {
            // what has no words yet is called by its code
            let same = || Words { sv: code.to_owned(), en: code.to_owned() };
            words(names.get(code).cloned().unwrap_or_else(same))
        };
        let row = |ArchivedDocument { id, document, code, here }: ArchivedDocument| ArchiveRow {
            document: id.to_string(),
            format: document.file.format.extension().to_owned(),
            bytes: bytes(document.file.bytes),
            type_name: named(&code),
            at: document.received_at.to_string(),
            handling: handling(&document.handling),
            fetching: self.fetching.of(id).map(|done| progress(done, document.file.bytes)),
            by_post: document.origin == DocumentOrigin::Post,
            from_case: document
                .common
                .filter(|_| document.case != case)
                .map(|common| common.number),
            name: document.file.name,
            origin: document.author_name,
            here,
        };
        let name = |code: String| ArchiveType { name: named(&code), code };
        Ok(ArchiveView {
            total: page.total,
            rows: page.documents.into_iter().map(row).collect(),
            types: types.into_iter().map(name).collect(),
        })
    }

    /// Brings a document's bytes here. They stay as long as the person may see the document.
    pub(crate) async fn keep_document(&self, asked: DocumentRef) -> Answer<Empty> {
        let (id, document) = self.document(&asked.document).await?;
        self.here(id, &document).await?;
        Ok(Empty {})
    }
}
