//! A server with a technician, who sends files to it as a foreign tus client would.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::http::{HeaderMap, Request};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use behorig_domain::{
    Command, CommandId, DeviceId, FileId, RecordId, Timestamp,
    documents::{DocumentOrigin, FileRef, Format, SubmitDocument},
};
use behorig_protocol::{
    Answer, CodeSent, EnterCode, Envelope, Frame, PullLine, PullRequest, SignIn, SignedIn, VERSION,
    VERSION_HEADER, path, read_lines, read_page, tus, write_frame,
};
use behorig_server::{
    Unplugged,
    demo::{DemoPerson, TECHNICIAN},
};
use behorig_sms::Kept;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

pub(crate) const DAY: i64 = 24 * 60 * 60 * 1_000;

pub(crate) struct World {
    pub(crate) data: tempfile::TempDir,
    pub(crate) server: Unplugged,
    clock: Arc<AtomicI64>,
    telephones: Arc<Kept>,
    case: RecordId,
    row: RecordId,
}

pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

fn open(data: &Path, clock: &Arc<AtomicI64>, telephones: &Arc<Kept>) -> Unplugged {
    let clock = clock.clone();
    let clock = move || Timestamp::from_millis(clock.load(Ordering::SeqCst)).unwrap();
    Unplugged::open(data, Arc::new(clock), telephones.clone()).unwrap()
}

impl World {
    pub(crate) async fn new() -> (Self, String) {
        let data = tempfile::tempdir().unwrap();
        let telephones = Arc::new(Kept::default());
        let clock = Arc::new(AtomicI64::new(1_800_000_000_000));
        let server = open(data.path(), &clock, &telephones);
        server.operator().fill_with_demo().await.unwrap();
        let nothing = RecordId(Uuid::nil());
        let mut world = Self { data, server, clock, telephones, case: nothing, row: nothing };
        let token = world.sign_in(TECHNICIAN).await;
        for (kind, id, body) in world.pull(&token).await {
            if kind == "document_row" && body["code"] == "avgangsbetyg" {
                world.row = id;
                world.case = body["case"].as_str().unwrap().parse().unwrap();
            }
        }
        (world, token)
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.clock.load(Ordering::SeqCst)).unwrap()
    }

    /// Lets time go by; who was signed in signs in again.
    pub(crate) async fn pass(&self, millis: i64) -> String {
        self.clock.fetch_add(millis, Ordering::SeqCst);
        self.sign_in(TECHNICIAN).await
    }

    pub(crate) fn restart(&mut self) {
        // the old one must let go of its files first
        let elsewhere = tempfile::tempdir().unwrap();
        self.server = open(elsewhere.path(), &self.clock, &self.telephones);
        self.server = open(self.data.path(), &self.clock, &self.telephones);
    }

    pub(crate) fn on_disk(&self, id: FileId) -> PathBuf {
        self.data.path().join("files").join(id.to_string())
    }

    pub(crate) async fn sign_in(&self, who: DemoPerson) -> String {
        let (user_name, password) = (who.user_name.into(), who.password.into());
        let body =
            SignIn { user_name, password, device: DeviceId(Uuid::now_v7()), system: String::new() };
        let ask = async |path, body| self.server.answer(path, None, body).await.unwrap().1;
        let sent = ask(path::SIGN_IN, serde_json::to_vec(&body).unwrap()).await;
        let CodeSent { challenge, .. } = serde_json::from_slice(&sent).unwrap();
        let text = self.telephones.newest_to(who.phone).unwrap();
        let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|it| it.is_ascii_digit());
        let code = text.split_whitespace().find(is_code).unwrap().to_owned();
        let body = serde_json::to_vec(&EnterCode { challenge, code }).unwrap();
        let signed_in: SignedIn = serde_json::from_slice(&ask(path::SESSION, body).await).unwrap();
        signed_in.tokens.access
    }

    async fn pull(&self, token: &str) -> Vec<(String, RecordId, serde_json::Value)> {
        let request = PullRequest {
            device: DeviceId(Uuid::now_v7()),
            answers_after: 0,
            cursors: Default::default(),
            all_scopes: true,
            limit: 1_000,
        };
        let body = serde_json::to_vec(&request).unwrap();
        let (_, body) = self.server.answer(path::PULL, Some(token), body).await.unwrap();
        let lines = read_page(&body).unwrap().into_iter();
        lines
            .filter_map(|line| match line {
                PullLine::Put { kind, id, body, .. } => {
                    Some((kind, id, serde_json::from_str(body.get()).unwrap()))
                }
                _ => None,
            })
            .collect()
    }

    pub(crate) async fn ask(
        &self,
        method: &str,
        uri: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answered {
        let mut request = Request::builder().method(method).uri(uri);
        request = request.header(VERSION_HEADER, VERSION).header(tus::RESUMABLE, tus::VERSION);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = self.server.ask(request.body(body.to_vec()).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        Answered { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    pub(crate) async fn begin(
        &self,
        token: &str,
        id: FileId,
        name: &str,
        bytes: usize,
    ) -> Answered {
        let [id, name] = [id.to_string(), name.into()].map(|text| BASE64_STANDARD.encode(text));
        let metadata = format!("id {id},filename {name}");
        let length = bytes.to_string();
        let headers = [(tus::LENGTH, length.as_str()), (tus::METADATA, metadata.as_str())];
        self.ask("POST", path::FILES, Some(token), &headers, &[]).await
    }

    pub(crate) async fn append(
        &self,
        token: &str,
        id: FileId,
        offset: usize,
        bytes: &[u8],
    ) -> Answered {
        let offset = offset.to_string();
        let headers = [(tus::OFFSET, offset.as_str()), ("content-type", tus::CONTENT_TYPE)];
        self.ask("PATCH", &file(id), Some(token), &headers, bytes).await
    }

    pub(crate) async fn submit(
        &self,
        token: &str,
        id: FileId,
        content: &[u8],
    ) -> (RecordId, Answer) {
        let document = RecordId(Uuid::now_v7());
        let command = Command::SubmitDocument(SubmitDocument {
            id: document,
            case: self.case,
            row: self.row,
            file: FileRef {
                id,
                name: "betyg.pdf".into(),
                bytes: content.len() as u64,
                sha256: hex::encode(Sha256::digest(content)),
                format: Format::Pdf,
            },
            note: String::new(),
            written_at: Timestamp::from_millis(0).unwrap(),
            origin: DocumentOrigin::Sent,
            checked: true,
        });
        let bytes = command.to_bytes();
        let envelope = Envelope {
            id: CommandId(Uuid::now_v7()),
            device: DeviceId(Uuid::now_v7()),
            seq: 1,
            after: Vec::new(),
            len: bytes.len(),
        };
        let mut body = Vec::new();
        write_frame(&mut body, &Frame { envelope, bytes });
        let answer = self.server.answer(path::COMMANDS, Some(token), body).await.unwrap();
        (document, read_lines(&answer.1).unwrap().remove(0))
    }
}

pub(crate) fn file(id: FileId) -> String {
    format!("{}/{id}", path::FILES)
}

pub(crate) fn offset(answered: &Answered) -> usize {
    answered.headers[tus::OFFSET].to_str().unwrap().parse().unwrap()
}

pub(crate) fn refusal(answer: &Answer) -> String {
    match answer {
        Answer::Refused { refusal, .. } => serde_json::to_string(refusal).unwrap(),
        other => format!("{other:?}"),
    }
}
