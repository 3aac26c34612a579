//! The demo's mail server: takes what it is given over SMTP (RFC 5321), within bounds. For loopback only.

use std::{io, sync::Arc, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD as BASE64};
use quoted_printable::ParseMode;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::Semaphore,
    task::JoinSet,
    time::timeout,
};

/// The longest line, in bytes with its end.
const LINE_MAX: u64 = 2_048;
/// The largest mail, in bytes.
const MAIL_MAX: usize = 64 * 1024;
/// The most receivers of a mail.
const RECEIVERS_MAX: usize = 10;
/// Lines that are not understood before it hangs up.
const FAULTS_MAX: usize = 10;
/// Connections at the same time; further ones wait.
const CONNECTIONS_MAX: usize = 8;
/// How long a connection may last.
const PATIENCE: Duration = Duration::from_secs(60);

/// A mail, decoded as far as it can be.
pub(crate) struct Received {
    /// The receivers' addresses.
    pub(crate) to: Vec<String>,
    /// The subject.
    pub(crate) subject: String,
    /// The text.
    pub(crate) text: String,
}

/// Takes mails until it is dropped.
pub(crate) async fn receive(
    listener: TcpListener,
    take: impl Fn(Received) + Send + Sync + 'static,
) {
    let (take, free) = (Arc::new(take), Arc::new(Semaphore::new(CONNECTIONS_MAX)));
    let mut conversations = JoinSet::new();
    while let Ok(permit) = free.clone().acquire_owned().await {
        while conversations.try_join_next().is_some() {}
        match listener.accept().await {
            Ok((stream, _)) => {
                let take = take.clone();
                conversations.spawn(async move {
                    // a line that breaks is the other side's business
                    let _ = timeout(PATIENCE, converse(stream, &*take)).await;
                    drop(permit);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "the demo's mail server");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn converse(stream: TcpStream, take: &(impl Fn(Received) + Sync)) -> io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    let (mut to, mut begun, mut faults) = (Vec::new(), false, 0_usize);
    say(&mut writer, "220 demo").await?;
    while let Some(line) = line(&mut reader).await? {
        let line = String::from_utf8_lossy(&line);
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" | "HELO" | "RSET" => {
                (to, begun) = (Vec::new(), false);
                "250 demo"
            }
            "NOOP" => "250 demo",
            "MAIL" => {
                (to, begun) = (Vec::new(), true);
                "250 ok"
            }
            "RCPT" if begun && to.len() < RECEIVERS_MAX => match address(&line) {
                Some(address) => {
                    to.push(address.to_owned());
                    "250 ok"
                }
                None => "501 no address",
            },
            "RCPT" if begun => "452 too many receivers",
            "DATA" if !to.is_empty() => {
                say(&mut writer, "354 go on").await?;
                let Some(mail) = data(&mut reader).await? else {
                    return say(&mut writer, "552 too large").await;
                };
                let (subject, text) = read(&mail);
                take(Received { to: std::mem::take(&mut to), subject, text });
                begun = false;
                "250 taken"
            }
            "RCPT" | "DATA" => "503 not yet",
            "QUIT" => return say(&mut writer, "221 bye").await,
            _ => "502 not understood",
        };
        if answer.starts_with('5') {
            faults = faults.saturating_add(1);
        }
        if faults > FAULTS_MAX {
            return say(&mut writer, "421 bye").await;
        }
        say(&mut writer, answer).await?;
    }
    Ok(())
}

async fn say(writer: &mut OwnedWriteHalf, answer: &str) -> io::Result<()> {
    writer.write_all(format!("{answer}\r\n").as_bytes()).await
}

/// The next line without its end; `None` when there is none. A line without bound is a fault.
async fn line(reader: &mut BufReader<OwnedReadHalf>) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    reader.take(LINE_MAX).read_until(b'\n', &mut line).await?;
    match line.strip_suffix(b"\n") {
        Some(text) => Ok(Some(text.strip_suffix(b"\r").unwrap_or(text).to_vec())),
        None if line.is_empty() => Ok(None),
        None => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// The lines of a mail up to the lone full stop; `None` if they are too many.
async fn data(reader: &mut BufReader<OwnedReadHalf>) -> io::Result<Option<Vec<u8>>> {
    let mut mail = Vec::new();
    while let Some(line) = line(reader).await? {
        if line == b"." {
            return Ok(Some(mail));
        }
        mail.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        mail.extend_from_slice(b"\r\n");
        if mail.len() > MAIL_MAX {
            return Ok(None);
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

fn address(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once('<')?;
    let (address, _) = rest.split_once('>')?;
    address.contains('@').then_some(address)
}

/// Subject and text of a mail of one part.
fn read(mail: &[u8]) -> (String, String) {
    let mail = String::from_utf8_lossy(mail);
    let (headers, body) = mail.split_once("\r\n\r\n").unwrap_or((&mail, ""));
    // a line that begins with space goes on with the one before
    let headers = headers.replace("\r\n ", " ").replace("\r\n\t", " ");
    let value = |wanted: &str| {
        let named = headers.lines().filter_map(|line| line.split_once(':'));
        named.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, it)| it)
    };
    let encoding = value("Content-Transfer-Encoding").unwrap_or_default().trim();
    let text = match encoding.to_ascii_lowercase().as_str() {
        "base64" => BASE64.decode(body.replace("\r\n", "")).ok(),
        "quoted-printable" => quoted_printable::decode(body, ParseMode::Robust).ok(),
        _ => None,
    };
    let text = text.map_or_else(|| body.to_owned(), |it| String::from_utf8_lossy(&it).into_owned());
    (words(value("Subject").unwrap_or_default().trim()), text.replace("\r\n", "\n"))
}

/// A header's value with its encoded words (RFC 2047) decoded; what cannot be stays as it is.
fn words(value: &str) -> String {
    let mut out = Vec::new();
    let (mut rest, mut after_word) = (value, false);
    while let Some((before, from)) = rest.split_once("=?") {
        // space between two encoded words is there for the line's sake only
        if !(after_word && before.trim().is_empty()) {
            out.extend_from_slice(before.as_bytes());
        }
        match word(from) {
            Some((decoded, after)) => {
                out.extend(decoded);
                (rest, after_word) = (after, true);
            }
            None => {
                out.extend_from_slice(b"=?");
                (rest, after_word) = (from, false);
            }
        }
    }
    out.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&out).into_owned()
}

/// An encoded word after its `=?`, and what follows it.
fn word(from: &str) -> Option<(Vec<u8>, &str)> {
    let (_charset, from) = from.split_once('?')?;
    let (encoding, from) = from.split_once('?')?;
    let (text, after) = from.split_once("?=")?;
    let decoded = match encoding {
        "b" | "B" => BASE64.decode(text).ok()?,
        "q" | "Q" => quoted_printable::decode(text.replace('_', " "), ParseMode::Robust).ok()?,
        _ => return None,
    };
    Some((decoded, after))
}
