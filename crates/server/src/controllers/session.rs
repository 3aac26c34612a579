//! Signing in with user name and password.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Json,
    body::Bytes,
    extract::{ConnectInfo, State as Shared},
};
use behorig_domain::Timestamp;
use behorig_protocol::{ErrorCode, SignIn, SignedIn};
use behorig_server_store::Session;

use super::token_hash;
use crate::{fault::Fault, passwords, state::State};

/// A session lives 30 days at most.
const SESSION_MILLIS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// Longest password or user name that is looked at, in bytes.
const FIELD_MAX: usize = 1_024;

pub(super) async fn begin(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    body: Bytes,
) -> Result<Json<SignedIn>, Fault> {
    let asked: SignIn = serde_json::from_slice(&body).map_err(|_| ErrorCode::BadRequest)?;
    if asked.user_name.len() > FIELD_MAX || asked.password.len() > FIELD_MAX {
        return Err(ErrorCode::BadRequest.into());
    }
    let key = (address.ip(), asked.user_name.trim().to_lowercase());
    if state.sign_ins.check_key(&key).is_err() {
        return Err(ErrorCode::TooManyTries.into());
    }
    state.sign_ins.retain_recent();
    let user_name = asked.user_name.clone();
    let account = state.read(move |store| store.account(&user_name)).await?;
    let permit = state.password_checks.acquire().await.map_err(|_| Fault::Panicked)?;
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let right =
        tokio::task::spawn_blocking(move || passwords::verify(&asked.password, hash.as_deref()));
    let right = right.await.map_err(|_| Fault::Panicked)?;
    drop(permit);
    let person = match account {
        Some(account) if right => account.person,
        _ => return Err(ErrorCode::SignInRefused.into()),
    };
    let mut token = [0; 32];
    getrandom::fill(&mut token).map_err(|_| Fault::Randomness)?;
    let token = hex::encode(token);
    let hash = token_hash(&token);
    let session = Session { person, device: asked.device };
    let now = state.now();
    let expires_at = Timestamp::from_millis(now.millis().saturating_add(SESSION_MILLIS));
    let expires_at = expires_at.ok_or(Fault::NotCommitted)?;
    state
        .writer
        .run(move |writing| Ok(writing.begin_session(&hash, session, now, expires_at)?))
        .await?;
    Ok(Json(SignedIn { person, token }))
}
