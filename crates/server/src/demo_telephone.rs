//! The demo's telephone: takes text messages by the gateway's own interface and shows them on a page.

use std::{
    fmt::Write as _,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Form, Router,
    extract::State as Shared,
    http::{StatusCode, header},
    response::{Html, IntoResponse},
    routing::{get, post},
};
use behorig_sms::Gateway;
use serde::Deserialize;
use tokio::{net::TcpListener, task::JoinHandle};

/// Messages that the page shows.
const SHOWN: usize = 50;

#[derive(Clone, Deserialize)]
struct Message {
    to: String,
    message: String,
}

type Messages = Arc<Mutex<Vec<Message>>>;

/// A telephone that everybody may look at. For the demo only; it ends when dropped.
pub struct DemoTelephone {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for DemoTelephone {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl DemoTelephone {
    /// Begins to listen on a loopback address.
    pub async fn start(listen: SocketAddr) -> anyhow::Result<Self> {
        anyhow::ensure!(listen.ip().is_loopback(), "the demo's telephone is for this machine only");
        let messages = Messages::default();
        let router =
            Router::new().route("/", get(page)).route("/a1/sms", post(take)).with_state(messages);
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the demo's telephone");
            }
        });
        Ok(Self { address, task })
    }

    /// Where its page is.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// A gateway that sends to it.
    pub fn gateway(&self) -> Result<Gateway, behorig_sms::SmsFault> {
        Gateway::new(&format!("{}a1/sms", self.url()), "demo", "demo", "Behorig")
    }
}

async fn take(Shared(messages): Shared<Messages>, Form(message): Form<Message>) -> StatusCode {
    let mut messages = messages.lock().unwrap_or_else(PoisonError::into_inner);
    messages.insert(0, message);
    messages.truncate(SHOWN);
    StatusCode::OK
}

async fn page(Shared(messages): Shared<Messages>) -> impl IntoResponse {
    let messages = messages.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut rows = String::new();
    for Message { to, message } in &messages {
        let _ = write!(rows, "<tr><td>{}</td><td>{}</td></tr>", escaped(to), escaped(message));
    }
    let none = if messages.is_empty() { "<p>Inga sms än.</p>" } else { "" };
    let page = format!(
        "<!doctype html><html lang=\"sv\"><meta charset=\"utf-8\">\
         <meta http-equiv=\"refresh\" content=\"2\"><title>Demons telefon</title>\
         <h1>Demons telefon</h1>{none}<table>{rows}</table></html>"
    );
    ([(header::CONTENT_SECURITY_POLICY, "default-src 'none'")], Html(page))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
