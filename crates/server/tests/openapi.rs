//! Real answers of a real server, held against the document that it gives of itself.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as it should be"
)]

use std::{collections::BTreeSet, sync::Arc};

use behorig_domain::{Command, DeviceId, RecordId, Timestamp, messages::SendMessage};
use behorig_protocol::{VERSION, VERSION_HEADER, path};
use behorig_server::{
    Config, Server,
    demo::{DemoPerson, OFFICER, TECHNICIAN},
    system_clock,
};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

/// What the server says of itself, and what was held against it so far.
struct Document {
    whole: Value,
    judged: BTreeSet<String>,
}

impl Document {
    /// Fails unless a value is what a schema says.
    fn hold(&self, schema: &Value, value: &Value, what: &str) {
        let mut schema = schema.clone();
        schema["components"] = self.whole["components"].clone();
        let options = jsonschema::options().should_validate_formats(true);
        let validator = options.build(&schema).unwrap();
        let faults: Vec<String> =
            validator.iter_errors(value).map(|fault| format!("{fault}")).collect();
        assert!(faults.is_empty(), "{what}: {value}: {faults:?}");
        // nor may it hold what the document does not name
        let named = schema["$ref"].as_str().and_then(|it| self.whole.pointer(it.get(1..)?));
        if let (Some(named), Some(fields)) = (named, value.as_object())
            && let Some(written) = named["properties"].as_object()
        {
            for field in fields.keys() {
                assert!(written.contains_key(field), "{what}: {field} is not in the document");
            }
        }
    }

    /// Holds an answer against what stands there for its path.
    fn judge(&mut self, path: &str, status: StatusCode, body: &[u8]) -> Value {
        let responses = &self.whole["paths"][path]["post"]["responses"];
        let mut response = &responses[status.as_str()];
        if response.is_null() {
            response = &responses[format!("{}XX", status.as_u16() / 100)];
        }
        assert!(!response.is_null(), "{path}: {status} is not in the document");
        if let Some(pointer) = response["$ref"].as_str() {
            response = self.whole.pointer(pointer.trim_start_matches('#')).unwrap();
        }
        let content = &response["content"];
        let lines = content["application/octet-stream"]["x-line"].clone();
        self.judged.insert(format!("{path} {status}"));
        if lines.is_null() {
            let value: Value = serde_json::from_slice(body).unwrap();
            let schema = content["application/json"]["schema"].clone();
            self.hold(&schema, &value, path);
            return value;
        }
        let read = body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let read: Vec<Value> = read.map(|line| serde_json::from_slice(line).unwrap()).collect();
        for line in &read {
            self.hold(&lines, line, path);
        }
        read.into()
    }
}

struct World {
    _data: TempDir,
    server: Server,
    telephones: Arc<behorig_sms::Kept>,
    mails: Arc<behorig_mail::Kept>,
    client: Client,
    document: Document,
}

impl World {
    async fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let (telephones, mails) = (Arc::default(), Arc::default());
        let server = Server::start(Config {
            data: data.path().to_owned(),
            listen: ([127, 0, 0, 1], 0).into(),
            clock: system_clock(),
            sms: Arc::<behorig_sms::Kept>::clone(&telephones),
            mail: Some(Arc::<behorig_mail::Kept>::clone(&mails)),
            public_url: None,
        });
        let server = server.await.unwrap();
        server.operator().fill_with_demo().await.unwrap();
        let client = Client::builder().no_proxy().build().unwrap();
        let url = format!("http://{}{}", server.address(), path::OPENAPI);
        let whole = client.get(url).send().await.unwrap().json().await.unwrap();
        let document = Document { whole, judged: BTreeSet::new() };
        Self { _data: data, server, telephones, mails, client, document }
    }

    async fn send(&mut self, path: &str, token: Option<&str>, body: Vec<u8>) -> (u16, Value) {
        let url = format!("http://{}{path}", self.server.address());
        let mut request = self.client.post(url).header(VERSION_HEADER, VERSION).body(body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let body = answer.bytes().await.unwrap();
        (status.as_u16(), self.document.judge(path, status, &body))
    }

    /// What is answered to JSON that must be taken.
    async fn ask(&mut self, path: &str, token: &str, body: Value) -> Value {
        let (status, answer) = self.send(path, Some(token), body.to_string().into()).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    fn code(&self, person: DemoPerson) -> String {
        let text = self.telephones.newest_to(person.phone).unwrap();
        let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|it| it.is_ascii_digit());
        text.split_whitespace().find(is_code).unwrap().to_owned()
    }

    async fn sign_in(&mut self, person: DemoPerson) -> Value {
        let words = json!({
            "user_name": person.user_name, "password": person.password,
            "device": Uuid::now_v7(), "system": "linux",
        });
        let sent = self.ask(path::SIGN_IN, "", words).await;
        let challenge = sent["challenge"].clone();
        let sent = self.ask(path::CODE_AGAIN, "", json!({ "challenge": challenge })).await;
        assert_eq!(sent["factor"], "sms");
        let code = self.code(person);
        self.ask(path::SESSION, "", json!({ "challenge": challenge, "code": code })).await
    }

    /// Somebody without an account applies and confirms the address.
    async fn apply(&self) {
        let at = |page: &str| format!("http://{}{page}", self.server.address());
        let page = self.client.get(at(path::APPLY)).send().await.unwrap().text().await.unwrap();
        let link = page.split("href=\"").find(|it| it.contains("/energy-expert")).unwrap();
        let parts: Vec<&str> = link.split(['/', '?']).collect();
        let form = [
            ("service", parts[2]),
            ("scheme", parts[3]),
            ("name", "Kerstin Åkerblom"),
            ("identity_number", "19850312-2387"),
            ("email", "kerstin@example.com"),
            ("phone", "070-174 06 11"),
            ("street", "Storgatan 1"),
            ("postal_code", "79142"),
            ("town", "Falun"),
        ];
        let sent = self.client.post(at("/apply/send")).form(&form).send().await.unwrap();
        assert!(sent.status().is_success(), "{}", sent.text().await.unwrap());
        let link = loop {
            let mails = self.mails.all_to("kerstin@example.com");
            let mut words = mails.iter().flat_map(|mail| mail.text.split_whitespace());
            if let Some(link) = words.find(|word| word.starts_with("http")) {
                break link.to_owned();
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        };
        let token = link.rsplit('/').next().unwrap();
        let form = [("token", token)];
        let done = self.client.post(at("/apply/confirm")).form(&form).send().await.unwrap();
        assert!(done.status().is_success());
    }
}

fn token(session: &Value) -> String {
    session["tokens"]["access"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn real_answers_are_what_the_document_says() {
    let mut world = World::new().await;
    let session = world.sign_in(TECHNICIAN).await;
    let own = token(&session);
    let officer = world.sign_in(OFFICER).await;
    let officer = token(&officer);

    let pull = json!({ "device": Uuid::now_v7(), "answers_after": 0, "cursors": {},
                       "all_scopes": true, "limit": 1_000 });
    let page = world.ask(path::PULL, &own, pull.clone()).await;
    let records: Vec<&Value> =
        page.as_array().unwrap().iter().filter(|line| line["put"]["kind"] == "case").collect();
    let case: RecordId = records[0]["put"]["id"].as_str().unwrap().parse().unwrap();
    let message = |case: RecordId| {
        let id = RecordId(Uuid::now_v7());
        let written_at = Timestamp::from_millis(0).unwrap();
        let (message_type, text) = ("note".into(), "Hej".into());
        Command::SendMessage(SendMessage { id, case, thread: id, message_type, text, written_at })
    };
    let mut frames = Vec::new();
    for (seq, command) in [(1, message(case)), (2, message(RecordId(Uuid::nil())))] {
        let bytes = command.to_bytes();
        let envelope = json!({ "id": Uuid::now_v7(), "device": DeviceId(Uuid::nil()), "seq": seq,
                               "len": bytes.len() });
        let schema = json!({ "$ref": "#/components/schemas/Envelope" });
        world.document.hold(&schema, &envelope, "an envelope");
        frames.extend(format!("{envelope}\n").into_bytes());
        frames.extend(bytes);
    }
    let (status, answers) = world.send(path::COMMANDS, Some(&own), frames).await;
    assert_eq!(
        (status, &answers[0]["answer"], &answers[1]["answer"]),
        (200, &json!("done"), &json!("refused"))
    );
    world.ask(path::PULL, &own, pull).await;

    world.ask(path::ACCOUNT, &own, json!({})).await;
    let password = json!({ "password": TECHNICIAN.password });
    world.ask(path::TOTP, &own, password.clone()).await;
    world.ask(path::RECOVERY_CODES, &own, password).await;
    world.ask(path::ACCOUNT, &own, json!({})).await;
    let others = json!({ "device": null, "erase": true });
    world.ask(path::DEVICES, &own, others).await;
    world.ask(path::FORGOTTEN, "", json!({ "name": "nobody" })).await;
    let new = json!({ "current": TECHNICIAN.password, "new": "sju sköna sjömän" });
    world.ask(path::PASSWORD, &own, new).await;

    let search = json!({ "purpose": "handling", "text": "", "handled_by": "anybody", "limit": 50 });
    let queue = world.ask(path::QUEUE, &officer, search).await;
    assert!(queue["cases"].as_array().unwrap().len() > 2);
    world.apply().await;
    let look = json!({ "purpose": "review" });
    let page = world.ask(path::APPLICATIONS, &officer, look).await;
    let id = page["applications"][0]["id"].clone();
    let one = json!({ "purpose": "review", "id": id });
    let shown = world.ask(path::APPLICATION, &officer, one).await;
    assert!(shown["known"]["details"].is_object());
    let activate = json!({ "id": id, "phone_checked": true });
    let answer = world.ask(path::ACTIVATE, &officer, activate).await;
    assert_eq!(answer["answer"], "rejected");
    let refuse = json!({ "id": id, "reason": "has_account" });
    assert_eq!(world.ask(path::REFUSE, &officer, refuse).await["outcome"], "refused");

    // what fails says so by the same shape everywhere
    let posts: Vec<String> =
        world.document.whole["paths"].as_object().unwrap().keys().cloned().collect();
    for path in posts.iter().filter(|path| path.starts_with("/v1/") && !path.contains("files")) {
        if !world.document.whole["paths"][path]["post"].is_null() {
            let (status, answer) = world.send(path, None, b"{".to_vec()).await;
            assert!((400..500).contains(&status), "{path}: {status} {answer}");
            world.send(path, Some(&officer), b"{".to_vec()).await;
        }
    }
    let refresh = session["tokens"]["refresh"].clone();
    let next = world.ask(path::REFRESH, "", json!({ "refresh": refresh })).await;
    let ended = json!({ "refresh": next["refresh"] });
    world.ask(path::END, "", ended).await;

    let judged = &world.document.judged;
    let unjudged: Vec<&String> = posts
        .iter()
        .filter(|path| path.starts_with("/v1/") && !path.contains("files"))
        .filter(|path| !world.document.whole["paths"][*path]["post"].is_null())
        .filter(|path| !judged.contains(&format!("{path} 200 OK")))
        .collect();
    // a code app's own codes are made in the end-to-end tests, and nothing was ordered to be erased here
    assert_eq!(unjudged, [path::TOTP_CONFIRM, path::TOTP_REMOVE, path::ERASED]);
}
