//! What the server answers over HTTP. One file a resource.

mod account;
mod applications;
mod apply;
mod changes;
mod commands;
mod documents;
mod factors;
mod files;
mod links;
mod openapi;
mod pull;
mod queue;
mod session;
mod tokens;

pub(crate) use commands::{AllDecided, decide_all};
pub(crate) use session::{later, random_hex, same};

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
    middleware::{self, Next},
    response::Response,
    routing::{get, patch, post},
};
use behorig_domain::{DeviceId, PersonId, Timestamp};
use behorig_protocol::{ErrorCode, PUSH_BYTES_MAX, VERSION, VERSION_HEADER, path};
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;
use tower_http::{CompressionLevel, compression::CompressionLayer};

use crate::{fault::Fault, state::State};

/// Everything the server answers.
pub(crate) fn router(state: Arc<State>, stop: CancellationToken) -> Router {
    let files = Router::new()
        .route(path::FILES, post(files::begin).options(files::options))
        .route(
            &format!("{}/{{id}}", path::FILES),
            patch(files::append).post(files::append_by_post).head(files::ask),
        )
        .layer(middleware::from_fn(files::check_tus));
    // a first pull is tens of megabytes: a harder squeeze costs more time than it spares on most lines
    let compressed = CompressionLayer::new().quality(CompressionLevel::Fastest);
    let versioned = Router::new()
        .route(path::SIGN_IN, post(session::begin))
        .route(path::CODE_AGAIN, post(session::code_again))
        .route(path::SESSION, post(session::finish))
        .route(path::REFRESH, post(tokens::refresh))
        .route(path::END, post(tokens::end))
        .route(path::ERASED, post(tokens::erased))
        .route(path::ACCOUNT, post(account::state))
        .route(path::PASSWORD, post(account::change_password))
        .route(path::TOTP, post(factors::begin))
        .route(path::TOTP_CONFIRM, post(factors::confirm))
        .route(path::TOTP_REMOVE, post(factors::remove))
        .route(path::RECOVERY_CODES, post(factors::recovery_codes))
        .route(path::DEVICES, post(account::end_devices))
        .route(path::FORGOTTEN, post(account::forgotten))
        .route(path::COMMANDS, post(commands::decide))
        .route(path::PULL, post(pull::page).layer(compressed))
        .route(path::QUEUE, post(queue::page))
        .route(path::WORKLOAD, post(queue::workload))
        .route(path::APPLICATIONS, post(applications::page))
        .route(path::APPLICATION, post(applications::show))
        .route(path::ACTIVATE, post(applications::activate))
        .route(path::REFUSE, post(applications::refuse))
        .route(path::CHANGES, get(changes::listen))
        .route(&format!("{}/{{id}}/file", path::DOCUMENTS), get(documents::bytes))
        .merge(files)
        .layer(middleware::from_fn(check_version))
        .layer(DefaultBodyLimit::max(PUSH_BYTES_MAX))
        .layer(axum::Extension(stop))
        .with_state(state.clone());
    let health = get(|| std::future::ready("ok"));
    Router::new()
        .route(path::HEALTH, health)
        .merge(openapi::document())
        .merge(links::pages(state.clone()))
        .merge(apply::pages(state))
        .merge(versioned)
}

async fn check_version(request: Request, next: Next) -> Result<Response, Fault> {
    let version = request.headers().get(VERSION_HEADER).and_then(|value| value.to_str().ok());
    if version.and_then(|version| version.parse().ok()) == Some(VERSION) {
        Ok(next.run(request).await)
    } else {
        Err(ErrorCode::UpgradeNeeded.into())
    }
}

/// The hash under which a token is kept.
pub(crate) fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// Whoever is signed in. Asking for it in a handler refuses everybody else.
pub(crate) struct SignedInPerson {
    person: PersonId,
    device: DeviceId,
    token_hash: [u8; 32],
    now: Timestamp,
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

impl FromRequestParts<Arc<State>> for SignedInPerson {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<State>) -> Result<Self, Fault> {
        let token = bearer(&parts.headers).ok_or(ErrorCode::SignInNeeded)?;
        let token_hash = token_hash(token);
        let now = state.now();
        let session = state.read(move |store| {
            Ok((store.session(&token_hash, now)?, store.is_unused(&token_hash)?))
        });
        let (session, unused) = session.await?;
        let session = session.ok_or(ErrorCode::SignInNeeded)?;
        if unused {
            // before anything is answered: from now on the refresh token before it is an old one
            state.writer.run(move |writing| Ok(writing.mark_used(&token_hash)?)).await?;
        }
        Ok(Self { person: session.person, device: session.device, token_hash, now })
    }
}
