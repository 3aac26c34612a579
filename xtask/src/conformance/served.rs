//! The real server under TLS, as curl and a foreign tus client meet it.
//!
//! The demo fills a server's folder and ends; `serve` takes it over. A second demo is the telephone: its
//! inbox is the text message gateway. What is sent is written after docs/SYNC.md, not by our own code.

use std::{fs, process::Command};

use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};

use super::{Judged, Place, free_port, ran, said, why};
use crate::{command, run::Server};

/// User name, password and telephone of the demo's people.
pub(super) const TECHNICIAN: [&str; 3] = ["asa.lindqvist", "kyla och värme", "+46701740605"];
pub(super) const OFFICER: [&str; 3] = ["goran.hagglund", "papper i ordning", "+46701740606"];

/// What is sent and received.
const LARGE: &str = "pdfkit-large.pdf";
/// After so many bytes the sender is killed.
const CUT: &str = "7000000";

/// New in each run, since each has a server of its own.
const DEVICE: &str = "01990000-0000-7000-8000-000000000001";
const FILE: &str = "01990000-0000-7000-8000-000000000002";
const SMALL_FILE: &str = "01990000-0000-7000-8000-000000000003";
const DOCUMENT: &str = "01990000-0000-7000-8000-000000000004";
const COMMAND: &str = "01990000-0000-7000-8000-000000000005";

/// What is known so far. What a check needs and an earlier one did not bring fails that check.
struct World {
    place: Place,
    port: u16,
    inbox: u16,
    servers: Vec<Server>,
    technician: Option<String>,
    officer: Option<String>,
    /// A case and its row that a document is asked for in.
    row: Option<(Value, Value)>,
}

type Check = fn(&mut World) -> anyhow::Result<()>;

/// In this order.
const CHECKS: [(&str, Check); 19] = [
    ("serve: starts with a certificate by openssl", World::start),
    ("curl: refuses the server without its authority", World::distrusted),
    ("curl: gets nothing by plain HTTP", World::plain),
    ("curl: speaks TLS 1.2 and 1.3 and nothing older", World::versions),
    ("curl: two people sign in", World::sign_in),
    ("curl: pulls a whole page, compressed", World::pull),
    ("tus-js-client: is killed in the middle of a file", World::cut),
    ("tus-js-client: goes on from there to the end", World::go_on),
    ("tus-js-client: sends by POST in PATCH's place", World::by_post),
    ("curl: another version of tus is refused", World::other_tus),
    ("curl: the file is accepted as a document, by length and hash", World::submit),
    ("curl: the officer receives the same bytes", World::whole),
    ("curl: ranges are those bytes", World::ranges),
    ("curl: a download that was cut goes on (-C -)", World::resumed),
    ("curl: what is whole is not fetched again (-C -)", World::resumed_whole),
    ("curl: If-Range gives the part, or the whole of another", World::if_range),
    ("curl: what is known by its ETag is not sent again", World::by_etag),
    ("curl: a range past the end is refused", World::past_the_end),
    ("curl: a range in unknown units is no range", World::unknown_units),
];

/// Starts the server and runs every check.
pub fn judge(place: &Place, judged: &mut Judged) {
    let mut world = World {
        place: place.clone(),
        port: 0,
        inbox: 0,
        servers: Vec::new(),
        technician: None,
        officer: None,
        row: None,
    };
    for (name, check) in CHECKS {
        judged.tell(name, check(&mut world));
    }
}

impl World {
    fn start(&mut self) -> anyhow::Result<()> {
        certificates(&self.place)?;
        (self.port, self.inbox) = (free_port()?, free_port()?);
        let here = |port: u16| format!("127.0.0.1:{port}");
        let demo = |folder: &str, inbox: u16| -> anyhow::Result<Server> {
            let mut demo = self.place.program("behorig-server");
            demo.arg("demo").arg("--data").arg(self.place.path(folder));
            demo.args(["--listen", &here(free_port()?), "--inbox", &here(inbox)]);
            Server::start(demo.env("BEHORIG_LOG", "error"), |_| ())
        };
        drop(demo("server", free_port()?)?);
        self.servers.push(demo("telephone", self.inbox)?);
        let mut serve = self.place.program("behorig-server");
        serve.arg("serve").arg("--data").arg(self.place.path("server"));
        serve.arg("--tls-cert").arg(self.place.path("cert.pem"));
        serve.arg("--tls-key").arg(self.place.path("key.pem"));
        serve.args(["--listen", &here(self.port)]);
        serve.args(["--sms-gateway", &format!("http://{}/a1/sms", here(self.inbox))]);
        serve.env("BEHORIG_SMS_USER", "demo").env("BEHORIG_SMS_PASSWORD", "demo");
        serve.env("BEHORIG_LOG", "error");
        self.servers.push(Server::start(&mut serve, |_| ())?);
        Ok(())
    }

    fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.port)
    }

    /// curl that trusts the test's authority.
    fn curl(&self) -> Command {
        let mut curl = command("curl", &self.place.made);
        curl.args(["--silent", "--show-error", "--noproxy", "*", "--max-time", "120"]);
        curl.args(["--header", "Behorig-Protocol: 1", "--cacert"]);
        curl.arg(self.place.path("ca.pem"));
        curl
    }

    /// curl of somebody who is signed in.
    fn curl_as(&self, token: Option<&String>) -> anyhow::Result<Command> {
        let token = token.context("nobody is signed in")?;
        let mut curl = self.curl();
        curl.args(["--header", &format!("Authorization: Bearer {token}")]);
        Ok(curl)
    }

    /// curl on its way to the document, as the officer.
    fn fetch(&self, options: &[&str]) -> anyhow::Result<Command> {
        let mut curl = self.curl_as(self.officer.as_ref())?;
        curl.args(options).arg(self.url(&format!("/v1/documents/{DOCUMENT}/file")));
        Ok(curl)
    }

    /// The status and the bytes of the document that these options bring.
    fn fetched(&self, options: &[&str]) -> anyhow::Result<(String, Vec<u8>)> {
        let path = self.place.path("fetched");
        // nothing is written when nothing comes
        let _ = fs::remove_file(&path);
        let mut curl = self.fetch(options)?;
        let status = said(curl.args(["--output", "fetched", "--write-out", "%{http_code}"]))?;
        Ok((String::from_utf8(status)?, fs::read(path).unwrap_or_default()))
    }

    fn distrusted(&mut self) -> anyhow::Result<()> {
        let mut curl = command("curl", &self.place.made);
        fails(curl.args(["--silent", "--noproxy", "*"]).arg(self.url("/healthz")), &[60])
    }

    fn plain(&mut self) -> anyhow::Result<()> {
        let url = self.url("/healthz").replace("https:", "http:");
        // no HTTP, nothing at all, or a line that is cut
        fails(self.curl().args(["--max-time", "10"]).arg(url), &[1, 52, 56])
    }

    fn versions(&mut self) -> anyhow::Result<()> {
        let curl = |most: &str| {
            let mut curl = self.curl();
            // what a distribution forbids today must be offered to be refused
            curl.args(["--ciphers", "DEFAULT@SECLEVEL=0", "--tlsv1.0", "--tls-max", most]);
            curl.arg("--fail").arg(self.url("/healthz"));
            curl
        };
        for most in ["1.2", "1.3"] {
            ensure!(said(&mut curl(most))? == b"ok", "another answer by TLS {most}");
        }
        fails(&mut curl("1.1"), &[35])
    }

    fn sign_in(&mut self) -> anyhow::Result<()> {
        let token_of = |who| token_of(&self.curl(), &self.url(""), self.inbox, who);
        let (technician, officer) = (token_of(TECHNICIAN)?, token_of(OFFICER)?);
        (self.technician, self.officer) = (Some(technician), Some(officer));
        Ok(())
    }

    fn pull(&mut self) -> anyhow::Result<()> {
        let body = json!({
            "device": DEVICE, "answers_after": 0, "cursors": {}, "all_scopes": true, "limit": 1_000,
        });
        let mut curl = self.curl_as(self.technician.as_ref())?;
        curl.args(["--fail", "--compressed", "--dump-header", "pull-headers"]);
        let page = said(curl.args(["--json", &body.to_string()]).arg(self.url("/v1/pull")))?;
        let headers = fs::read_to_string(self.place.path("pull-headers"))?.to_lowercase();
        ensure!(headers.contains("content-encoding: gzip"), "not compressed: {headers}");
        let lines = page.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let lines: Vec<Value> =
            lines.map(serde_json::from_slice).collect::<Result<_, _>>().context("a line")?;
        ensure!(lines.last().is_some_and(|line| line["end"]["more"] == false), "no end");
        let rows =
            lines.iter().map(|line| &line["put"]).filter(|put| put["kind"] == "document_row");
        let row = rows.into_iter().next().context("no row asks for a document")?;
        self.row = Some((row["body"]["case"].clone(), row["id"].clone()));
        Ok(())
    }

    /// The tus client with a file.
    fn upload(&self, file: &str, id: &str, how: &[&str]) -> anyhow::Result<Command> {
        let token = self.technician.as_ref().context("nobody is signed in")?;
        let mut upload = self.place.script("upload.mjs");
        upload.arg(self.url("")).arg(self.place.path(file)).arg(id);
        upload.arg(self.place.path(&format!("remembered-{id}"))).args(how);
        upload.env("BEHORIG_TOKEN", token);
        upload.env("NODE_EXTRA_CA_CERTS", self.place.path("ca.pem"));
        Ok(upload)
    }

    /// How many bytes of the file the server has.
    fn offset(&self) -> anyhow::Result<u64> {
        let mut curl = self.curl_as(self.technician.as_ref())?;
        // the line may be cut for the server a moment later than for the client
        curl.args(["--fail", "--retry", "5", "--retry-all-errors", "--retry-delay", "1"]);
        curl.args(["--head", "--header", "Tus-Resumable: 1.0.0"]);
        let headers = said(curl.arg(self.url(&format!("/v1/files/{FILE}"))))?;
        let headers = String::from_utf8(headers)?.to_lowercase();
        let offset = headers.lines().find_map(|line| line.strip_prefix("upload-offset:"));
        Ok(offset.context("no Upload-Offset")?.trim().parse()?)
    }

    fn len(&self) -> anyhow::Result<u64> {
        Ok(fs::metadata(self.place.path(LARGE)).context(LARGE)?.len())
    }

    fn large(&self) -> anyhow::Result<Vec<u8>> {
        fs::read(self.place.path(LARGE)).context(LARGE)
    }

    fn cut(&mut self) -> anyhow::Result<()> {
        let mut upload = self.upload(LARGE, FILE, &["cut", CUT])?;
        let output = ran(&mut upload)?;
        // whoever is killed has no exit code
        ensure!(output.status.code().is_none(), "not killed: {}", why(&upload, &output));
        let (offset, len) = (self.offset()?, self.len()?);
        ensure!(0 < offset && offset < len, "{offset} of {len} bytes is not the middle");
        Ok(())
    }

    fn go_on(&mut self) -> anyhow::Result<()> {
        let told: Value = serde_json::from_slice(&said(&mut self.upload(LARGE, FILE, &[])?)?)?;
        let (began, len) = (told["began"].as_u64().unwrap_or_default(), self.len()?);
        ensure!(0 < began && began < len, "it began at {began} of {len} bytes");
        ensure!(told["methods"] == json!(["HEAD", "PATCH"]), "by {}", told["methods"]);
        ensure!(self.offset()? == len, "not all of it is there");
        Ok(())
    }

    fn by_post(&mut self) -> anyhow::Result<()> {
        let mut upload = self.upload("pdfkit.pdf", SMALL_FILE, &["post"])?;
        let told: Value = serde_json::from_slice(&said(&mut upload)?)?;
        ensure!(told["methods"] == json!(["POST", "POST"]), "by {}", told["methods"]);
        Ok(())
    }

    fn other_tus(&mut self) -> anyhow::Result<()> {
        let mut curl = self.curl_as(self.technician.as_ref())?;
        curl.args(["--include", "--request", "POST", "--header", "Tus-Resumable: 0.2.2"]);
        curl.args(["--header", "Upload-Length: 10"]);
        let answer = said(curl.arg(self.url("/v1/files")))?;
        let answer = String::from_utf8(answer)?.to_lowercase();
        ensure!(answer.starts_with("http/1.1 412"), "{answer}");
        ensure!(answer.contains("tus-version: 1.0.0"), "{answer}");
        Ok(())
    }

    fn submit(&mut self) -> anyhow::Result<()> {
        let (case, row) = self.row.as_ref().context("no row is known")?;
        let path = self.place.path(LARGE);
        let hash =
            said(command("openssl", &self.place.made).args(["dgst", "-sha256", "-r"]).arg(path))?;
        let hash = String::from_utf8(hash)?;
        let sha256 = hash.split_whitespace().next().context("no hash")?;
        let command = json!({
            "format": 1, "command": "submit_document", "id": DOCUMENT, "case": case, "row": row,
            "file": {
                "id": FILE, "name": LARGE, "bytes": self.len()?, "sha256": sha256, "format": "pdf",
            },
            "note": "", "checked": true, "written_at": "2026-01-01T00:00:00.000Z",
        });
        let command = command.to_string();
        let envelope = json!({
            "id": COMMAND, "device": DEVICE, "seq": 1, "after": [], "len": command.len(),
        });
        fs::write(self.place.path("frame"), format!("{envelope}\n{command}"))?;
        let mut curl = self.curl_as(self.technician.as_ref())?;
        curl.args(["--fail", "--data-binary", "@frame"]);
        let answer = said(curl.arg(self.url("/v1/commands")))?;
        let answer: Value = serde_json::from_slice(&answer)?;
        ensure!(answer["answer"] == "done", "{answer}");
        Ok(())
    }

    fn whole(&mut self) -> anyhow::Result<()> {
        let (status, bytes) = self.fetched(&[])?;
        ensure!(status == "200", "{status}");
        ensure!(bytes == self.large()?, "other bytes");
        Ok(())
    }

    fn ranges(&mut self) -> anyhow::Result<()> {
        let large = self.large()?;
        let len = large.len();
        let ranges = [
            ("0-0".to_owned(), 0..1),
            ("65530-65545".to_owned(), 65_530..65_546),
            ("1000000-5999999".to_owned(), 1_000_000..6_000_000),
            (format!("{}-", len.saturating_sub(7)), len.saturating_sub(7)..len),
            ("-100000".to_owned(), len.saturating_sub(100_000)..len),
            (
                format!("{}-{}", len.saturating_sub(1), len.saturating_add(99)),
                len.saturating_sub(1)..len,
            ),
        ];
        for (range, wanted) in ranges {
            let (status, bytes) = self.fetched(&["--range", &range])?;
            ensure!(status == "206", "{range}: {status}");
            ensure!(large.get(wanted) == Some(&bytes), "{range}: other bytes");
        }
        Ok(())
    }

    /// Goes on with what is in a file; gives what is in it then.
    fn go_on_with(&self, name: &str) -> anyhow::Result<Vec<u8>> {
        // without --fail: this curl counts every 416 as a failure then, also that of a whole file
        said(&mut self.fetch(&["--continue-at", "-", "--output", name])?)?;
        Ok(fs::read(self.place.path(name))?)
    }

    fn resumed(&mut self) -> anyhow::Result<()> {
        let slowly = ["--limit-rate", "4M", "--max-time", "2", "--output", "resumed"];
        fails(&mut self.fetch(&slowly)?, &[28])?;
        let (had, large) = (fs::metadata(self.place.path("resumed"))?.len(), self.large()?);
        ensure!(0 < had && had < self.len()?, "cut after {had} bytes, which is not the middle");
        ensure!(self.go_on_with("resumed")? == large, "other bytes");
        Ok(())
    }

    fn resumed_whole(&mut self) -> anyhow::Result<()> {
        fs::copy(self.place.path(LARGE), self.place.path("whole"))?;
        ensure!(self.go_on_with("whole")? == self.large()?, "other bytes");
        Ok(())
    }

    /// The document's ETag.
    fn etag(&self) -> anyhow::Result<String> {
        let headers = String::from_utf8(said(&mut self.fetch(&["--head", "--fail"])?)?)?;
        let named = headers.lines().filter_map(|line| line.split_once(':'));
        let mut etag = named.filter(|(name, _)| name.eq_ignore_ascii_case("etag"));
        Ok(etag.next().context("no ETag")?.1.trim().to_owned())
    }

    fn if_range(&mut self) -> anyhow::Result<()> {
        let (etag, large) = (self.etag()?, self.large()?);
        let asked = |tag: &str| {
            self.fetched(&["--range", "100000-199999", "--header", &format!("If-Range: {tag}")])
        };
        let (status, bytes) = asked(&etag)?;
        ensure!(status == "206", "the same: {status}");
        ensure!(large.get(100_000..200_000) == Some(&bytes), "the same: other bytes");
        let (status, bytes) = asked("\"another\"")?;
        ensure!(status == "200" && bytes == large, "another: {status}");
        Ok(())
    }

    fn by_etag(&mut self) -> anyhow::Result<()> {
        self.fetched(&["--fail", "--etag-save", "etag"])?;
        let (status, bytes) = self.fetched(&["--etag-compare", "etag"])?;
        ensure!(status == "304" && bytes.is_empty(), "{status}");
        Ok(())
    }

    fn past_the_end(&mut self) -> anyhow::Result<()> {
        let (status, _) = self.fetched(&["--range", "999999999-"])?;
        ensure!(status == "416", "{status}");
        Ok(())
    }

    fn unknown_units(&mut self) -> anyhow::Result<()> {
        let (status, bytes) = self.fetched(&["--header", "Range: lines=1-2"])?;
        ensure!(status == "200" && bytes == self.large()?, "{status}");
        Ok(())
    }
}

/// An authority of the test's own, and a certificate of it for localhost.
fn certificates(place: &Place) -> anyhow::Result<()> {
    let openssl = |arguments: &[&str]| {
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "2"];
        let mut openssl = command("openssl", &place.made);
        said(openssl.args(["req", "-x509"]).args(key).args(arguments))
    };
    let authority = ["-subj", "/CN=Behörig test authority", "-utf8"];
    openssl(&[&authority[..], &["-keyout", "ca-key.pem", "-out", "ca.pem"]].concat())?;
    let leaf = ["-subj", "/CN=localhost", "-CA", "ca.pem", "-CAkey", "ca-key.pem"];
    let names = ["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=CA:FALSE"];
    let files = ["-keyout", "key.pem", "-out", "cert.pem"];
    openssl(&[&leaf[..], &names, &files].concat())?;
    Ok(())
}

/// A program that must fail in one of these ways.
fn fails(command: &mut Command, codes: &[i32]) -> anyhow::Result<()> {
    let output = ran(command)?;
    match output.status.code() {
        Some(code) if codes.contains(&code) => Ok(()),
        _ => bail!("should fail by {codes:?}: {}", why(command, &output)),
    }
}

/// The same curl again, for another request.
fn again(curl: &Command) -> Command {
    let mut again = Command::new(curl.get_program());
    again.args(curl.get_args());
    if let Some(folder) = curl.get_current_dir() {
        again.current_dir(folder);
    }
    again
}

/// The token of one of the demo's people, who signs in at this server and reads the code in this inbox.
pub(super) fn token_of(
    curl: &Command,
    url: &str,
    inbox: u16,
    [user_name, password, phone]: [&str; 3],
) -> anyhow::Result<String> {
    let post = |path: &str, body: &Value| -> anyhow::Result<Value> {
        let mut curl = again(curl);
        curl.args(["--fail", "--json", &body.to_string()]).arg(format!("{url}{path}"));
        serde_json::from_slice(&said(&mut curl)?).with_context(|| path.to_owned())
    };
    let who = json!({ "user_name": user_name, "password": password, "device": DEVICE });
    let sent = post("/v1/sign-in", &who)?;
    let page = said(again(curl).arg(format!("http://127.0.0.1:{inbox}/")))?;
    let page = String::from_utf8(page)?;
    let (_, text) = page.split_once(phone).context("no text message")?;
    let is_code = |word: &&str| word.len() == 6 && word.bytes().all(|it| it.is_ascii_digit());
    let code = text.split_whitespace().find(is_code).context("no code")?;
    let body = json!({ "challenge": sent["challenge"], "code": code });
    let signed_in = post("/v1/session", &body)?;
    Ok(signed_in["tokens"]["access"].as_str().context("no token")?.to_owned())
}
