//! The server under TLS, as clients and strangers meet it.

#![allow(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use behorig_domain::DeviceId;
use behorig_protocol::{
    CodeSent, EnterCode, PullLine, PullRequest, SignIn, SignedIn, VERSION, VERSION_HEADER, path,
    read_page,
};
use behorig_server::{Config, Server, Tls, demo::TECHNICIAN, system_clock};
use behorig_sms::Kept;
use reqwest::{Certificate, Client, StatusCode};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(30);

/// A certificate and its key in files that can be written anew.
struct Files {
    folder: TempDir,
}

impl Files {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    /// Writes a new pair; gives what a client has to trust.
    fn renew(&self) -> Certificate {
        let made = rcgen::generate_simple_self_signed(["localhost".into()]).unwrap();
        self.write("cert.pem", &made.cert.pem());
        self.write("key.pem", &made.signing_key.serialize_pem());
        Certificate::from_pem(made.cert.pem().as_bytes()).unwrap()
    }

    fn read(&self) -> anyhow::Result<Tls> {
        Tls::read(&self.path("cert.pem"), &self.path("key.pem"))
    }
}

struct World {
    files: Files,
    trusted: Certificate,
    tls: Arc<Tls>,
    server: Server,
    telephones: Arc<Kept>,
    _data: TempDir,
}

impl World {
    async fn new() -> Self {
        let (files, data) = (Files::new(), tempfile::tempdir().unwrap());
        let (trusted, telephones) = (files.renew(), Arc::new(Kept::default()));
        let config = Config {
            data: data.path().to_owned(),
            listen: ([127, 0, 0, 1], 0).into(),
            clock: system_clock(),
            sms: telephones.clone(),
            mail: None,
            public_url: None,
        };
        let tls = Arc::new(files.read().unwrap());
        let server = Server::start_with_tls(config, tls.clone()).await.unwrap();
        server.operator().fill_with_demo().await.unwrap();
        Self { files, trusted, tls, server, telephones, _data: data }
    }

    fn address(&self) -> SocketAddr {
        self.server.address()
    }

    fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.address().port())
    }

    async fn is_well_for(&self, client: &Client) -> bool {
        let answer = client.get(self.url(path::HEALTH)).send().await;
        answer.is_ok_and(|answer| answer.status() == StatusCode::OK)
    }

    async fn post(&self, client: &Client, path: &str, body: &impl serde::Serialize) -> Vec<u8> {
        let answer = client.post(self.url(path)).json(body).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        answer.bytes().await.unwrap().into()
    }

    async fn sign_in(&self, client: &Client) -> String {
        let sent = self.post(client, path::SIGN_IN, &credentials(TECHNICIAN.password)).await;
        let CodeSent { challenge, .. } = serde_json::from_slice(&sent).unwrap();
        let text = self.telephones.newest_to(TECHNICIAN.phone).unwrap();
        let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|it| it.is_ascii_digit());
        let code = text.split_whitespace().find(is_code).unwrap().to_owned();
        let signed_in = self.post(client, path::SESSION, &EnterCode { challenge, code }).await;
        serde_json::from_slice::<SignedIn>(&signed_in).unwrap().tokens.access
    }
}

fn credentials(password: &str) -> SignIn {
    SignIn {
        user_name: TECHNICIAN.user_name.into(),
        password: password.into(),
        device: DeviceId(Uuid::now_v7()),
        system: String::new(),
    }
}

fn from(address: [u8; 4], trusted: &Certificate) -> reqwest::ClientBuilder {
    let version = [(VERSION_HEADER.parse().unwrap(), VERSION.into())].into_iter().collect();
    Client::builder()
        .no_proxy()
        .local_address(std::net::IpAddr::from(address))
        .default_headers(version)
        .tls_certs_only([trusted.clone()])
}

/// A client that trusts one certificate and no other.
fn client(trusted: &Certificate) -> Client {
    from([127, 0, 0, 1], trusted).build().unwrap()
}

#[tokio::test]
async fn a_client_that_trusts_the_certificate_signs_in_and_pulls() {
    let world = World::new().await;
    for newest in [reqwest::tls::Version::TLS_1_3, reqwest::tls::Version::TLS_1_2] {
        let client = from([127, 0, 0, 1], &world.trusted).tls_version_max(newest).build().unwrap();
        let token = world.sign_in(&client).await;
        let request = PullRequest {
            device: DeviceId(Uuid::now_v7()),
            answers_after: 0,
            cursors: Default::default(),
            all_scopes: true,
            limit: 1_000,
        };
        let pull = client.post(world.url(path::PULL)).bearer_auth(token).json(&request);
        let page = pull.send().await.unwrap().bytes().await.unwrap();
        let lines = read_page(&page).unwrap();
        let cases = lines.iter().filter(|line| matches!(line, PullLine::Put { .. }));
        assert!(cases.count() > 0);
    }
    assert!(!world.is_well_for(&client(&Files::new().renew())).await, "another certificate");
}

#[tokio::test]
async fn plain_http_at_the_port_gets_no_answer_and_is_hung_up_on() {
    let world = World::new().await;
    let mut line = TcpStream::connect(world.address()).await.unwrap();
    line.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut heard = Vec::new();
    let _ = timeout(PATIENCE, line.read_to_end(&mut heard)).await.expect("it did not hang up");
    assert!(!heard.windows(4).any(|word| word == b"HTTP"), "{heard:?}");
    assert!(world.is_well_for(&client(&world.trusted)).await);
}

#[tokio::test]
async fn whoever_connects_and_says_nothing_makes_nobody_wait() {
    let world = World::new().await;
    let mut silent = Vec::new();
    for _ in 0..100 {
        silent.push(TcpStream::connect(world.address()).await.unwrap());
    }
    let answered = client(&world.trusted).get(world.url(path::HEALTH)).send();
    // less than the silent ones are given for their handshakes
    let answered = timeout(Duration::from_secs(5), answered).await.expect("it had to wait");
    assert_eq!(answered.unwrap().status(), StatusCode::OK);
    drop(silent);
}

// elsewhere a machine has one loopback address only
#[cfg(target_os = "linux")]
#[tokio::test]
async fn tries_to_sign_in_are_counted_by_the_address_that_they_come_from() {
    let world = World::new().await;
    let ask = async |client: &Client, password| {
        let asked = client.post(world.url(path::SIGN_IN)).json(&credentials(password));
        asked.send().await.unwrap().status()
    };
    let guesser = from([127, 0, 0, 2], &world.trusted).build().unwrap();
    let mut answers = Vec::new();
    for _ in 0..12 {
        answers.push(ask(&guesser, "fel lösenord").await);
    }
    assert!(answers.contains(&StatusCode::TOO_MANY_REQUESTS), "{answers:?}");
    assert_eq!(ask(&client(&world.trusted), TECHNICIAN.password).await, StatusCode::OK);
}

#[tokio::test]
async fn the_server_stops_with_a_poke_stream_open() {
    let world = World::new().await;
    let client = client(&world.trusted);
    let token = world.sign_in(&client).await;
    let listen = client.get(world.url(path::CHANGES)).bearer_auth(token);
    let mut stream = listen.send().await.unwrap();
    assert!(stream.chunk().await.unwrap().is_some(), "the first poke");
    timeout(PATIENCE, world.server.stop()).await.expect("it did not stop").unwrap();
    // ended as a stream ends, not broken off
    while stream.chunk().await.unwrap().is_some() {}
}

#[tokio::test]
async fn a_renewed_certificate_is_taken_up_and_a_broken_one_is_not() {
    let world = World::new().await;
    let old = client(&world.trusted);
    assert!(world.is_well_for(&old).await);
    let trusted = world.files.renew();
    world.tls.read_again().unwrap();
    assert!(world.is_well_for(&client(&trusted)).await);
    assert!(world.is_well_for(&old).await, "what was connected stays so");
    assert!(!world.is_well_for(&client(&world.trusted)).await);
    world.files.write("key.pem", "half a k");
    assert!(world.tls.read_again().is_err());
    assert!(world.is_well_for(&client(&trusted)).await);
}

#[test]
fn what_is_wrong_with_the_files_is_said() {
    let files = Files::new();
    let fault = || format!("{:#}", files.read().err().unwrap());
    assert!(fault().starts_with("read ") && fault().contains("key.pem"), "{}", fault());
    files.renew();
    files.read().unwrap();
    std::fs::remove_file(files.path("cert.pem")).unwrap();
    assert!(fault().starts_with("read ") && fault().contains("cert.pem"), "{}", fault());
    files.write("cert.pem", "Intyg");
    assert!(fault().contains("cert.pem holds no certificate in PEM"), "{}", fault());
    files.write("cert.pem", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");
    assert!(fault().contains("cert.pem holds no usable certificate"), "{}", fault());
    files.write("cert.pem", "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n");
    assert!(fault().contains("cert.pem is no proper PEM"), "{}", fault());
    let other = Files::new();
    other.renew();
    std::fs::copy(other.path("cert.pem"), files.path("cert.pem")).unwrap();
    assert!(fault().contains("key.pem does not fit the first certificate in"), "{}", fault());
    files.renew();
    files.write("key.pem", "Nyckel");
    assert!(fault().contains("key.pem holds no private key in PEM"), "{}", fault());
    files.write("key.pem", "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n");
    assert!(fault().contains("key.pem holds a key of an unknown kind"), "{}", fault());
}

#[tokio::test]
async fn plain_http_is_served_on_loopback_only() {
    let data = tempfile::tempdir().unwrap();
    let config = Config {
        data: data.path().join("server"),
        listen: ([0, 0, 0, 0], 0).into(),
        clock: system_clock(),
        sms: Arc::new(Kept::default()),
        mail: None,
        public_url: None,
    };
    let fault = Server::start(config).await.err().unwrap().to_string();
    assert!(fault.contains("--tls-cert"), "{fault}");
    assert!(!data.path().join("server").exists(), "nothing was made");
}
