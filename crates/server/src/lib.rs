//! The server that an issuing body, an agency or a union runs.
//!
//! One writer thread owns the database; requests read from snapshots beside it. May not live here: rules
//! about who may do what (they are in `domain`) and SQL (it is in `server-store`).

mod applicants;
pub mod backup;
mod controllers;
pub mod demo;
mod demo_inbox;
mod demo_smtp;
mod fault;
mod html;
pub mod import;
pub mod invitations;
mod limits;
mod mails;
mod outgoing;
pub mod packs;
mod passwords;
mod private;
mod sealing;
mod serve;
mod state;
mod sweep;
mod tls;
mod totp;
mod uploads;
mod writer;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, ensure};
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Request, Response, header},
};
use behorig_domain::Timestamp;
use behorig_mail::Mail;
use behorig_protocol::{VERSION, VERSION_HEADER};
use behorig_sms::Sms;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::{CancellationToken, DropGuard};
use tower::ServiceExt as _;

use crate::{
    serve::{PATIENCE, Serving},
    state::State,
};

pub use demo_inbox::DemoInbox;
pub use private::make_files_private;
pub use tls::Tls;

/// Where the server's time comes from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The machine's clock: the one place that asks it.
pub fn system_clock() -> Clock {
    #[expect(clippy::disallowed_methods, reason = "the one clock of the server")]
    Arc::new(|| chrono::Utc::now().into())
}

/// How a server runs.
pub struct Config {
    /// The folder that holds its database. Made if it is missing.
    pub data: PathBuf,
    /// Where it listens. Without TLS on loopback only.
    pub listen: SocketAddr,
    /// What time it is.
    pub clock: Clock,
    /// What carries the codes.
    pub sms: Arc<dyn Sms>,
    /// What carries the mails that say that something is new. `None`: they wait for a start with one, and
    /// those that wait for more than a week are dropped then.
    pub mail: Option<Arc<dyn Mail>>,
    /// The address that people reach it at, which stands in the links that it mails. `None`: where it
    /// listens.
    pub public_url: Option<String>,
}

/// A server without a socket: it answers what it is handed, for a simulated network. It sends no mail: what
/// it would tell people waits in its database. It sweeps when it is told to.
pub struct Unplugged {
    state: Arc<State>,
    router: Router,
}

impl Unplugged {
    /// Opens the database in a folder.
    pub fn open(data: &Path, clock: Clock, sms: Arc<dyn Sms>) -> anyhow::Result<Self> {
        private::make_data(data)?;
        let state = Arc::new(State::open(data, clock, sms)?);
        let router = controllers::router(state.clone(), CancellationToken::new());
        Ok(Self { state, router })
    }

    /// For the issuer's own systems, at the server itself.
    pub fn operator(&self) -> demo::Operator {
        demo::Operator::new(self.state.clone())
    }

    /// Forgets the files that no document has named for long, as a running server does now and then.
    pub async fn sweep(&self) -> anyhow::Result<()> {
        Ok(sweep::sweep(&self.state).await?)
    }

    /// Answers a POST as if it had come over a socket: status and body.
    pub async fn answer(
        &self,
        path: &str,
        token: Option<&str>,
        body: Vec<u8>,
    ) -> anyhow::Result<(u16, Vec<u8>)> {
        let mut request = Request::post(path).header(VERSION_HEADER, VERSION);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let (parts, body) = self.ask(request.body(body)?).await?.into_parts();
        Ok((parts.status.as_u16(), body))
    }

    /// Answers a request as if it had come over a socket.
    pub async fn ask(&self, request: Request<Vec<u8>>) -> anyhow::Result<Response<Vec<u8>>> {
        let (mut parts, body) = request.into_parts();
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        parts.extensions.insert(ConnectInfo(nowhere));
        let request = Request::from_parts(parts, Body::from(body));
        let (parts, body) = self.router.clone().oneshot(request).await?.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await?;
        Ok(Response::from_parts(parts, body.to_vec()))
    }
}

/// A server that runs until it is stopped or dropped.
pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
    stop: DropGuard,
    task: JoinHandle<()>,
    mails: Option<JoinHandle<()>>,
    sweep: JoinHandle<()>,
}

impl Server {
    /// Opens the database and begins to listen for plain HTTP. Fails on anything but a loopback address.
    pub async fn start(config: Config) -> anyhow::Result<Self> {
        ensure!(
            config.listen.ip().is_loopback(),
            "{} is not a loopback address. Plain HTTP is served on loopback only: give a certificate \
             (--tls-cert and --tls-key), or listen on loopback behind a proxy with TLS.",
            config.listen
        );
        Self::listen(config, None).await
    }

    /// Opens the database and begins to listen under TLS, at any address.
    pub async fn start_with_tls(config: Config, tls: Arc<Tls>) -> anyhow::Result<Self> {
        Self::listen(config, Some(tls)).await
    }

    async fn listen(config: Config, tls: Option<Arc<Tls>>) -> anyhow::Result<Self> {
        private::make_data(&config.data)?;
        let state = Arc::new(State::open(&config.data, config.clock, config.sms)?);
        // before anybody can name a file: a backup that was made during a sweep may hold a row that was due
        // without its bytes
        sweep::sweep_or_log(&state).await;
        let listener = TcpListener::bind(config.listen)
            .await
            .with_context(|| format!("listen on {}", config.listen))?;
        let address = listener.local_addr()?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = config.public_url.unwrap_or_else(|| format!("{scheme}://{address}"));
        state.serves_at(url.trim_end_matches('/').to_owned());
        let stop = CancellationToken::new();
        let router = controllers::router(state.clone(), stop.clone());
        let serving = Serving { router, tls, patience: PATIENCE, stop: stop.clone() };
        let task = tokio::spawn(serving.run(listener));
        if config.mail.is_none() {
            tracing::warn!("no mail settings: people are not told by mail what is new");
        }
        let tell = |mail| tokio::spawn(outgoing::run(state.clone(), mail, stop.clone()));
        let mails = config.mail.map(tell);
        let sweep = tokio::spawn(sweep::run(state.clone(), stop.clone()));
        Ok(Self { address, state, stop: stop.drop_guard(), task, mails, sweep })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops taking requests and ends when those under way are answered, and the mail under way is sent or
    /// has had a few seconds.
    pub async fn stop(self) -> anyhow::Result<()> {
        drop(self.stop);
        self.task.await?;
        self.sweep.await?;
        if let Some(mails) = self.mails {
            mails.await?;
        }
        Ok(())
    }

    /// For the issuer's own systems, at the server itself.
    pub fn operator(&self) -> demo::Operator {
        demo::Operator::new(self.state.clone())
    }
}
