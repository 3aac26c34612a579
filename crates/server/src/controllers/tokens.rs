//! A session's tokens: the first pair, the next ones, the end.
//!
//! After RFC 9700, 4.14: each refresh token is exchanged once, and an old one that comes back ends the
//! session.

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State as Shared};
use behorig_domain::Timestamp;
use behorig_protocol::{ErrorCode, Refresh, Tokens};
use behorig_server_store::Pair;
use serde_json::{Value, json};

use super::{
    session::{later, random_hex, read},
    token_hash,
};
use crate::{fault::Fault, state::State};

/// An access token lives an hour.
const ACCESS_MILLIS: i64 = 60 * 60 * 1_000;

/// A new pair for a session, and what is kept of it.
pub(super) fn new_pair(
    session: &str,
    now: Timestamp,
    session_ends_at: Timestamp,
) -> Result<(Tokens, Pair), Fault> {
    let access_ends_at = later(now, ACCESS_MILLIS)?.min(session_ends_at);
    let tokens = Tokens {
        access: random_hex()?,
        access_seconds: access_ends_at.millis().saturating_sub(now.millis()) / 1_000,
        refresh: format!("{session}.{}", random_hex()?),
    };
    let pair = Pair {
        access_hash: token_hash(&tokens.access),
        access_ends_at,
        refresh_hash: token_hash(&tokens.refresh),
    };
    Ok((tokens, pair))
}

/// The session that a refresh token names.
fn session_of(refresh: &str) -> Result<String, ErrorCode> {
    let (session, _) = refresh.split_once('.').ok_or(ErrorCode::SignInNeeded)?;
    Ok(session.to_owned())
}

/// The next pair.
pub(super) async fn refresh(
    Shared(state): Shared<Arc<State>>,
    body: Bytes,
) -> Result<Json<Tokens>, Fault> {
    let Refresh { refresh } = read(&body)?;
    let session = session_of(&refresh)?;
    let now = state.now();
    let asked = session.clone();
    let shown = token_hash(&refresh);
    let found = state.read(move |store| {
        Ok((store.session_ends_at(&asked, now)?, store.is_to_erase(&asked, &shown)?))
    });
    let (ends_at, is_to_erase) = found.await?;
    if is_to_erase {
        return Err(ErrorCode::EraseOrdered.into());
    }
    let ends_at = ends_at.ok_or(ErrorCode::SignInNeeded)?;
    // counted for sessions that there are, so that nobody fills the memory with names
    if state.refreshes.check_key(&session).is_err() {
        return Err(ErrorCode::TooManyTries.into());
    }
    state.refreshes.retain_recent();
    let (tokens, pair) = new_pair(&session, now, ends_at)?;
    let renewed = state
        .writer
        .run(move |writing| Ok(writing.renew_session(&session, &shown, &pair, now)?))
        .await?;
    if renewed { Ok(Json(tokens)) } else { Err(ErrorCode::SignInNeeded.into()) }
}

/// The end, whatever there was: to ask twice does no harm. A device that is to be erased hears of it here
/// too, or a log-out without a line would keep it from ever hearing.
pub(super) async fn end(
    Shared(state): Shared<Arc<State>>,
    body: Bytes,
) -> Result<Json<Value>, Fault> {
    let Refresh { refresh } = read(&body)?;
    let (session, shown) = (session_of(&refresh)?, token_hash(&refresh));
    let now = state.now();
    let asked = session.clone();
    // what holds no session costs no place in the writer's queue
    let found = state.read(move |store| {
        Ok((store.session_ends_at(&asked, now)?.is_some(), store.is_to_erase(&asked, &shown)?))
    });
    let (holds, is_to_erase) = found.await?;
    if is_to_erase {
        return Err(ErrorCode::EraseOrdered.into());
    }
    if holds {
        state.writer.run(move |writing| Ok(writing.end_session(&session)?)).await?;
    }
    Ok(Json(json!({})))
}

/// The device has erased what it held: the order is carried out.
pub(super) async fn erased(
    Shared(state): Shared<Arc<State>>,
    body: Bytes,
) -> Result<Json<Value>, Fault> {
    let Refresh { refresh } = read(&body)?;
    let (session, shown) = (session_of(&refresh)?, token_hash(&refresh));
    let asked = session.clone();
    if state.read(move |store| store.is_to_erase(&asked, &shown)).await? {
        state.writer.run(move |writing| Ok(writing.erased(&session, &shown)?)).await?;
    }
    Ok(Json(json!({})))
}
