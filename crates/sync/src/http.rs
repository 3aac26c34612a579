//! The real line: HTTP by reqwest.

use std::{net::IpAddr, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD as BASE64};
use behorig_domain::FileId;
use behorig_protocol::{VERSION, VERSION_HEADER, path, tus};
use futures_util::StreamExt as _;
use reqwest::{Client, RequestBuilder, Url, header};

use crate::transport::{
    FileAct, FileRequest, FileResponse, LineDown, Pokes, Request, Response, Transport,
};

/// How long an answer may stay silent.
const SILENCE: Duration = Duration::from_secs(30);
/// The slowest line that a request may take: so many of its bytes a second.
const SLOWEST: usize = 4_096;
/// A poke stream shows that it is alive every 20 s; this silent, it is dead.
const POKE_SILENCE: Duration = Duration::from_secs(50);
const CONNECT: Duration = Duration::from_secs(10);
/// Largest answer that is read.
const ANSWER_MAX: usize = 32 * 1024 * 1024;

/// A server's address cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressFault {
    /// It is no http or https address.
    #[error("not a web address")]
    NotAnAddress,
    /// Plain http to another machine could be read on the way.
    #[error("http:// to another machine")]
    NotEncrypted,
    /// The HTTP client cannot be made.
    #[error("no HTTP client")]
    NoClient,
}

/// HTTP to one server.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    client: Client,
    base: Url,
}

impl HttpTransport {
    /// For the server at `address`. Plain http is refused except to this machine.
    pub fn new(address: &str) -> Result<Self, AddressFault> {
        let address = address.trim();
        // people type a name: they mean the encrypted way to it, and on this machine the plain one
        let named = !address.contains("://");
        let whole = if named { format!("https://{address}") } else { address.to_owned() };
        let mut base = Url::parse(&whole).map_err(|_| AddressFault::NotAnAddress)?;
        let host = base.host_str().ok_or(AddressFault::NotAnAddress)?;
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let loopback = host == "localhost" || bare.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        if named && loopback {
            base.set_scheme("http").map_err(|()| AddressFault::NotAnAddress)?;
        }
        match base.scheme() {
            "https" => {}
            "http" if loopback => {}
            "http" => return Err(AddressFault::NotEncrypted),
            _ => return Err(AddressFault::NotAnAddress),
        }
        let mut builder = Client::builder();
        if loopback {
            // a proxy is another machine, and this line is not encrypted
            builder = builder.no_proxy();
        }
        let client = builder
            .connect_timeout(CONNECT)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|_| AddressFault::NoClient)?;
        Ok(Self { client, base })
    }

    /// The address in its one written form, by which the replica's folder is known.
    pub fn address(&self) -> String {
        self.base.origin().ascii_serialization()
    }

    fn url(&self, path: &str) -> Result<Url, LineDown> {
        self.base.join(path).map_err(|_| LineDown::BEFORE)
    }

    fn file_url(&self, file: FileId) -> Result<Url, LineDown> {
        self.url(&format!("{}/{file}", path::FILES))
    }
}

type Sent = Result<reqwest::Result<reqwest::Response>, tokio::time::error::Elapsed>;

fn answered(sent: Sent) -> Result<reqwest::Response, LineDown> {
    let sent = sent.map_err(|_| LineDown::UNDERWAY)?;
    sent.map_err(|error| LineDown { may_have_left: !error.is_connect() })
}

/// The whole body of an answer.
async fn whole(mut answer: reqwest::Response) -> Result<Vec<u8>, LineDown> {
    let mut body = Vec::new();
    loop {
        let chunk = tokio::time::timeout(SILENCE, answer.chunk()).await;
        let Some(chunk) = chunk.map_err(|_| LineDown::UNDERWAY)?.map_err(|_| LineDown::UNDERWAY)?
        else {
            return Ok(body);
        };
        if body.len().saturating_add(chunk.len()) > ANSWER_MAX {
            return Err(LineDown::UNDERWAY);
        }
        body.extend_from_slice(&chunk);
    }
}

fn signed(request: RequestBuilder, token: Option<&str>) -> RequestBuilder {
    let request = request.header(VERSION_HEADER, VERSION);
    match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    }
}

impl Transport for HttpTransport {
    async fn post(&self, request: Request) -> Result<Response, LineDown> {
        let sending = Duration::from_secs((request.body.len() / SLOWEST) as u64);
        let post = self
            .client
            .post(self.url(request.path)?)
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .body(request.body);
        let sent = signed(post, request.token.as_deref()).send();
        let sent = tokio::time::timeout(SILENCE.saturating_add(sending), sent).await;
        let answer = answered(sent)?;
        let status = answer.status().as_u16();
        Ok(Response { status, body: whole(answer).await? })
    }

    async fn file(&self, request: FileRequest) -> Result<FileResponse, LineDown> {
        let (asked, sending) = match request.act {
            FileAct::Begin { file, name, bytes } => {
                let encoded = |text: &str| BASE64.encode(text);
                let metadata =
                    format!("id {},filename {}", encoded(&file.to_string()), encoded(&name));
                let post = self.client.post(self.url(path::FILES)?);
                (post.header(tus::LENGTH, bytes).header(tus::METADATA, metadata), 0)
            }
            FileAct::Ask { file } => (self.client.head(self.file_url(file)?), 0),
            FileAct::Append { file, offset, bytes } => {
                let sending = bytes.len();
                let patch = self.client.patch(self.file_url(file)?).body(bytes);
                let patch = patch.header(header::CONTENT_TYPE, tus::CONTENT_TYPE);
                (patch.header(tus::OFFSET, offset), sending)
            }
            FileAct::Read { document, offset, bytes } => {
                let url = self.url(&format!("{}/{document}/file", path::DOCUMENTS))?;
                let last = offset.saturating_add(bytes).saturating_sub(1);
                (self.client.get(url).header(header::RANGE, format!("bytes={offset}-{last}")), 0)
            }
        };
        let sending = Duration::from_secs((sending / SLOWEST) as u64);
        let asked = asked.header(tus::RESUMABLE, tus::VERSION);
        let sent = signed(asked, request.token.as_deref()).send();
        let sent = tokio::time::timeout(SILENCE.saturating_add(sending), sent).await;
        let answer = answered(sent)?;
        let offset = answer.headers().get(tus::OFFSET).and_then(|value| value.to_str().ok());
        let offset = offset.and_then(|offset| offset.parse().ok());
        let status = answer.status().as_u16();
        Ok(FileResponse { status, offset, body: whole(answer).await? })
    }

    async fn pokes(&self, token: &str) -> Result<Pokes, LineDown> {
        let get = signed(self.client.get(self.url(path::CHANGES)?), Some(token)).send();
        let answer = tokio::time::timeout(SILENCE, get).await.map_err(|_| LineDown::UNDERWAY)?;
        let answer = answer.map_err(|_| LineDown::UNDERWAY)?;
        if !answer.status().is_success() {
            return Err(LineDown::UNDERWAY);
        }
        let chunks = answer.bytes_stream();
        let pokes = futures_util::stream::unfold(chunks, |mut chunks| async move {
            loop {
                let chunk = tokio::time::timeout(POKE_SILENCE, chunks.next()).await.ok()??.ok()?;
                if is_poke(&chunk) {
                    return Some(((), chunks));
                }
            }
        });
        Ok(Box::pin(pokes))
    }
}

/// Whether a part of the stream holds more than signs of life, which are comment lines. An event may be
/// split between parts; each of them is as good a poke.
fn is_poke(part: &[u8]) -> bool {
    part.split(|byte| *byte == b'\n').any(|line| !line.is_empty() && !line.starts_with(b":"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_of_life_is_no_poke_and_hides_none() {
        assert!(!is_poke(b":\n\n"));
        assert!(is_poke(b"event: poke\ndata: \n\n"));
        assert!(is_poke(b":\n\nevent: poke\ndata: \n\n"));
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for good in ["http://127.0.0.1:8790", "http://[::1]:1", "http://localhost", "https://a.se"]
        {
            assert!(HttpTransport::new(good).is_ok(), "{good}");
        }
        for (bad, fault) in [
            ("http://intyg.example", AddressFault::NotEncrypted),
            ("http://127.0.0.1.example", AddressFault::NotEncrypted),
            ("ftp://127.0.0.1", AddressFault::NotAnAddress),
            ("två ord", AddressFault::NotAnAddress),
            ("", AddressFault::NotAnAddress),
        ] {
            assert_eq!(HttpTransport::new(bad).unwrap_err(), fault, "{bad}");
        }
        let one = HttpTransport::new(" https://Intyg.Example/ ").unwrap();
        assert_eq!(one.address(), "https://intyg.example");
    }
}
