//! The demo's inbox: takes text messages by the gateway's own interface and mails by SMTP, and shows both on
//! one page.

use std::{
    fmt::Write as _,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Form, Router,
    extract::{DefaultBodyLimit, State as Shared},
    http::{StatusCode, header},
    response::{Html, IntoResponse},
    routing::{get, post},
};
use behorig_mail::{MailFault, Security, Smtp, SmtpSettings};
use behorig_sms::{Gateway, SmsFault};
use serde::Deserialize;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{demo_smtp, html::escaped};

/// Messages that the page shows.
const SHOWN: usize = 50;
/// The largest text message, in bytes as a form.
const FORM_MAX: usize = 16 * 1024;
/// The page runs nothing and loads its own style sheet only, whatever a message holds.
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";
const STYLE: &str = "\
body { font: 16px/1.5 sans-serif; max-width: 45rem; margin: 2rem auto; padding: 0 1rem }
article { border-top: 1px solid #999; padding: 0.75rem 0 }
article p { margin: 0; white-space: pre-line; overflow-wrap: anywhere }
.to { color: #555 }
";

#[derive(Clone)]
struct Message {
    kind: &'static str,
    to: String,
    subject: String,
    text: String,
}

type Messages = Arc<Mutex<Vec<Message>>>;

/// An inbox that everybody may look at. For the demo only; it ends when dropped.
pub struct DemoInbox {
    page: SocketAddr,
    smtp: SocketAddr,
    tasks: [JoinHandle<()>; 2],
}

impl Drop for DemoInbox {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl DemoInbox {
    /// Shows its page at a loopback address. Mail is taken at another port of the same machine.
    pub async fn start(listen: SocketAddr) -> anyhow::Result<Self> {
        anyhow::ensure!(listen.ip().is_loopback(), "the demo's inbox is for this machine only");
        let messages = Messages::default();
        let router = Router::new()
            .route("/", get(page))
            .route("/inbox.css", get(|| async { ([(header::CONTENT_TYPE, "text/css")], STYLE) }))
            .route("/a1/sms", post(take_sms).layer(DefaultBodyLimit::max(FORM_MAX)))
            .with_state(messages.clone());
        let http = TcpListener::bind(listen).await?;
        let mails = TcpListener::bind((listen.ip(), 0)).await?;
        let (page, smtp) = (http.local_addr()?, mails.local_addr()?);
        let http = tokio::spawn(async move {
            if let Err(error) = axum::serve(http, router).await {
                tracing::error!(%error, "the demo's inbox");
            }
        });
        let mails = tokio::spawn(demo_smtp::receive(mails, move |mail| {
            let demo_smtp::Received { to, subject, text } = mail;
            let message = |to| {
                let (subject, text) = (subject.clone(), text.clone());
                Message { kind: "e-post", to, subject, text }
            };
            to.into_iter().for_each(|to| keep(&messages, message(to)));
        }));
        Ok(Self { page, smtp, tasks: [http, mails] })
    }

    /// Where its page is.
    pub fn url(&self) -> String {
        format!("http://{}/", self.page)
    }

    /// A gateway that sends text messages to it.
    pub fn gateway(&self) -> Result<Gateway, SmsFault> {
        Gateway::new(&format!("{}a1/sms", self.url()), "demo", "demo", "Behorig")
    }

    /// A mail server that sends mails to it.
    pub fn mail(&self) -> Result<Smtp, MailFault> {
        Smtp::new(SmtpSettings {
            host: self.smtp.ip().to_string(),
            port: self.smtp.port(),
            security: Security::Plain,
            login: None,
            from: "Behörig <no-reply@issuer.example>".into(),
        })
    }
}

fn keep(messages: &Messages, message: Message) {
    let mut messages = messages.lock().unwrap_or_else(PoisonError::into_inner);
    messages.insert(0, message);
    messages.truncate(SHOWN);
}

#[derive(Deserialize)]
struct Sms {
    to: String,
    message: String,
}

async fn take_sms(Shared(messages): Shared<Messages>, Form(sms): Form<Sms>) -> StatusCode {
    let Sms { to, message: text } = sms;
    keep(&messages, Message { kind: "sms", to, subject: String::new(), text });
    StatusCode::OK
}

async fn page(Shared(messages): Shared<Messages>) -> impl IntoResponse {
    let messages = messages.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut shown = String::new();
    for Message { kind, to, subject, text } in &messages {
        let (to, subject, text) = (escaped(to), escaped(subject), linked(text));
        let _ = write!(
            shown,
            "<article><p class=\"to\">{kind} {to}</p><p><b>{subject}</b></p><p> {text} </p>\
             </article>"
        );
    }
    let none = if messages.is_empty() { "<p>Inga meddelanden än.</p>" } else { "" };
    let page = format!(
        "<!doctype html><html lang=\"sv\"><meta charset=\"utf-8\">\
         <meta http-equiv=\"refresh\" content=\"2\"><title>Demons inkorg</title>\
         <link rel=\"stylesheet\" href=\"/inbox.css\">\
         <h1>Demons inkorg</h1><p>Sms och e-post som demon har skickat, det senaste överst.</p>\
         {none}{shown}</html>"
    );
    let no_store = (header::CACHE_CONTROL, "no-store");
    ([(header::CONTENT_SECURITY_POLICY, POLICY), no_store], Html(page))
}

/// Text in which web addresses can be followed.
fn linked(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        let words = line.split(' ').map(|word| {
            let shown = escaped(word);
            if word.starts_with("http://") || word.starts_with("https://") {
                format!("<a href=\"{shown}\" rel=\"noreferrer\">{shown}</a>")
            } else {
                shown
            }
        });
        words.collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use behorig_mail::{Email, Mail as _};
    use behorig_sms::Sms as _;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpStream,
    };

    use super::*;

    async fn inbox() -> DemoInbox {
        DemoInbox::start(([127, 0, 0, 1], 0).into()).await.unwrap()
    }

    async fn page_of(inbox: &DemoInbox) -> String {
        let mut line = TcpStream::connect(inbox.page).await.unwrap();
        line.write_all(b"GET / HTTP/1.1\r\nhost: demo\r\nconnection: close\r\n\r\n").await.unwrap();
        let mut page = String::new();
        line.read_to_string(&mut page).await.unwrap();
        page
    }

    #[test]
    fn a_link_can_be_followed_and_holds_no_more_than_its_address() {
        let shown = linked("Öppna\nhttp://127.0.0.1/link/a\"><script> nu");
        let address = "http://127.0.0.1/link/a&quot;&gt;&lt;script&gt;";
        let link = format!("<a href=\"{address}\" rel=\"noreferrer\">{address}</a>");
        assert_eq!(shown, format!("Öppna\n{link} nu"));
        assert_eq!(linked("javascript:alert(1)"), "javascript:alert(1)");
    }

    #[tokio::test]
    async fn text_messages_and_mails_stand_on_one_page_newest_first() {
        let inbox = inbox().await;
        inbox.gateway().unwrap().send("+46701740605", "Din kod är 123456 <b>").await.unwrap();
        let email = Email {
            id: "notice-1".into(),
            to: "asa.lindqvist@example.com".into(),
            subject: "Ett ämne med åäö som är så långt att det inte får plats på en enda rad alls"
                .into(),
            text: "Hej Åsa!\n.\n..två punkter = två <script>\n\nEn rad som är mycket längre än \
                   de sjuttiosex tecken som en rad får ha på vägen, med åäö i mitten av allting.\n"
                .into(),
        };
        inbox.mail().unwrap().send(&email).await.unwrap();
        let page = page_of(&inbox).await;
        let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}: {page}"));
        assert!(place("asa.lindqvist@example.com") < place("+46701740605"));
        place(&escaped(&email.subject));
        place(&escaped(&email.text.replace('\n', "\r\n")).replace("\r\n", "\n"));
        place(" 123456 &lt;b&gt;");
        place("content-security-policy: default-src 'none'; style-src 'self';");
        assert!(!page.contains("<script") && !page.contains("<b>1"), "{page}");
    }

    #[tokio::test]
    async fn rubbish_at_the_mail_port_ends_itself_only() {
        let inbox = inbox().await;
        let long = vec![b'x'; 100_000];
        let begin = b"MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n".as_slice();
        let large = [begin, &b"yyyyyyyyyyyyyy\r\n".repeat(10_000)].concat();
        let many = b"what?\r\n".repeat(1_000);
        let binary: Vec<u8> = (0..=255).cycle().take(5_000).collect();
        let broken = b"MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nSubject: =?utf-8?b?!?= =?x\r\n\
                       Content-Transfer-Encoding: base64\r\n\r\n%%%\xff\r\n.\r\nQUIT\r\n"
            .to_vec();
        for rubbish in [long, large, many, binary, b"DATA\r\nRCPT TO:<\r\n".to_vec(), broken] {
            let mut line = TcpStream::connect(inbox.smtp).await.unwrap();
            // it may hang up in the middle
            let _ = line.write_all(&rubbish).await;
            let _ = line.shutdown().await;
            let _ = line.read_to_end(&mut Vec::new()).await;
        }
        let email = Email {
            id: "notice-2".into(),
            to: "asa.lindqvist@example.com".into(),
            subject: "Kvar".into(),
            text: "Den lever.".into(),
        };
        inbox.mail().unwrap().send(&email).await.unwrap();
        assert!(page_of(&inbox).await.contains("Den lever."));
    }
}
