//! A person's own account, while they are signed in; and the way back for whoever forgot their password.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Json,
    body::Bytes,
    extract::{ConnectInfo, State as Shared},
};
use behorig_domain::{Scope, identity::password_fault};
use behorig_protocol::{
    AccountState, ChangePassword, DeviceState, EndDevices, ErrorCode, Forgotten,
};
use behorig_server_store::Mailing;
use serde_json::{Value, json};

use super::{
    SignedInPerson,
    session::{FIELD_MAX, ends_of, read},
};
use crate::{fault::Fault, passwords, state::State};

/// The account as its owner may see it.
pub(super) async fn state(
    Shared(state): Shared<Arc<State>>,
    signed_in: SignedInPerson,
) -> Result<Json<AccountState>, Fault> {
    told(&state, &signed_in).await
}

pub(super) async fn told(
    state: &Arc<State>,
    asks: &SignedInPerson,
) -> Result<Json<AccountState>, Fault> {
    let (person, now) = (asks.person, asks.now);
    let found = state.read(move |store| {
        let totp = store.totp(person)?.is_some_and(|totp| totp.confirmed);
        let factors = (totp, store.recovery_codes_left(person)?);
        Ok((store.account_of(person)?, store.devices(person, now)?, factors))
    });
    let (account, devices, (totp, recovery_codes)) = found.await?;
    let account = account.ok_or(ErrorCode::NotFound)?;
    let devices = devices.into_iter().map(|line| DeviceState {
        this: line.device == asks.device,
        device: line.device,
        system: line.system,
        signed_in_at: line.signed_in_at,
        seen_at: line.seen_at,
        erase: line.erase,
    });
    Ok(Json(AccountState {
        user_name: account.user_name,
        phone_ends: ends_of(&account.phone),
        totp,
        recovery_codes,
        devices: devices.collect(),
    }))
}

/// Another password for whoever knows the one that holds. All other sessions of theirs end.
pub(super) async fn change_password(
    Shared(state): Shared<Arc<State>>,
    SignedInPerson { person, token_hash, .. }: SignedInPerson,
    body: Bytes,
) -> Result<Json<Value>, Fault> {
    let ChangePassword { current, new } = read(&body)?;
    if current.len() > FIELD_MAX || new.len() > FIELD_MAX {
        return Err(ErrorCode::BadRequest.into());
    }
    let account = state.read(move |store| store.account_of(person)).await?;
    let account = account.ok_or(ErrorCode::NotFound)?;
    if password_fault(&new, &account.user_name).is_some() {
        return Err(ErrorCode::PasswordUnfit.into());
    }
    state.sign_ins.count_change(person)?;
    let held = account.password_hash;
    let (turn, known) = (state.sign_ins.queue()?.turn().await?, held.clone());
    let hashed = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        if !passwords::verify(&current, known.as_deref()) {
            return Err(ErrorCode::WrongPassword.into());
        }
        passwords::hash(&new)
    });
    let hash = hashed.await.map_err(|_| Fault::Panicked)??;
    let now = state.now();
    let changed = state.writer.run(move |writing| {
        // asked again where it counts: it may have ended, or been changed from elsewhere, meanwhile
        let holds = writing.session(&token_hash, now)?.is_some();
        let account = writing.account_of(person)?;
        if !holds || account.and_then(|account| account.password_hash) != held {
            return Ok(false);
        }
        writing.change_password(person, &hash, Some(&token_hash), now)?;
        writing.mail_account(person, Mailing::PasswordChanged, now)?;
        Ok(true)
    });
    if !changed.await? {
        return Err(ErrorCode::SignInNeeded.into());
    }
    state.notice(1);
    // whoever listens elsewhere finds out at once that their session has ended
    state.poke(vec![Scope::Person(person)]);
    Ok(Json(json!({})))
}

/// Ends the person's sessions on another device, or on all others.
pub(super) async fn end_devices(
    Shared(state): Shared<Arc<State>>,
    signed_in: SignedInPerson,
    body: Bytes,
) -> Result<Json<AccountState>, Fault> {
    let EndDevices { device, erase } = read(&body)?;
    let SignedInPerson { person, device: this, token_hash, .. } = signed_in;
    let now = state.now();
    let ended = state.writer.run(move |writing| {
        if writing.session(&token_hash, now)?.is_none() {
            return Ok(None);
        }
        Ok(Some(writing.end_devices(person, device, this, erase)?))
    });
    ended.await?.ok_or(ErrorCode::SignInNeeded)?;
    state.poke(vec![Scope::Person(person)]);
    told(&state, &signed_in).await
}

/// Has a link mailed to whoever is meant. The answer is the same, and comes as fast, whether there is such
/// an account or not.
pub(super) async fn forgotten(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    body: Bytes,
) -> Result<Json<Value>, Fault> {
    let Forgotten { name } = read(&body)?;
    if name.len() > FIELD_MAX {
        return Err(ErrorCode::BadRequest.into());
    }
    state.sign_ins.count_address(address.ip())?;
    let name = name.trim().to_lowercase();
    state.sign_ins.count_reset(&name)?;
    tokio::spawn(async move {
        if let Err(fault) = mail_link(&state, name).await {
            tracing::error!(%fault, "no link is mailed");
        }
    });
    Ok(Json(json!({})))
}

/// Who has not activated their account gets the link to do that.
async fn mail_link(state: &Arc<State>, name: String) -> Result<(), Fault> {
    let meant = state.read(move |store| store.accounts_meant(&name)).await?;
    let now = state.now();
    let mails: Vec<_> = meant
        .into_iter()
        .map(|account| match account.password_hash {
            Some(_) => (account.person, Mailing::Reset),
            None => (account.person, Mailing::Activation),
        })
        .collect();
    let count = mails.len();
    let put = state.writer.run(move |writing| {
        for (person, mailing) in mails {
            writing.mail_account(person, mailing, now)?;
        }
        Ok(())
    });
    put.await?;
    state.notice(count);
    Ok(())
}
