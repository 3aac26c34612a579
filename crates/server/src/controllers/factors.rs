//! A person's own second factor: a code app, and recovery codes. Each change needs the password, since a
//! session that somebody left open must not be enough to shut its owner out.

use std::sync::Arc;

use axum::{Json, body::Bytes, extract::State as Shared};
use behorig_domain::PersonId;
use behorig_protocol::{
    AccountState, BeginTotp, ConfirmTotp, ErrorCode, MakeRecoveryCodes, RecoveryCodes, RemoveTotp,
    TotpBegun,
};
use behorig_server_store::{Holder, Mailing, Writing};
use zeroize::Zeroizing;

use super::{
    SignedInPerson, account,
    session::{FIELD_MAX, read},
};
use crate::{fault::Fault, passwords, sealing, state::State, totp};

/// What the secret of a code app is sealed for.
const SEALED_FOR: &str = "totp";

/// The secret of a person's code app, as it lies and opened.
pub(super) struct Secret {
    sealed: Vec<u8>,
    /// Whether it opens anything.
    pub(super) confirmed: bool,
    plain: Zeroizing<Vec<u8>>,
}

/// The secret of a person's code app, opened outside the writer's turn. It fails if the key is lost: to be
/// asked for only by whoever needs it.
pub(super) async fn secret(state: &Arc<State>, person: PersonId) -> Result<Option<Secret>, Fault> {
    let Some(found) = state.read(move |store| store.totp(person)).await? else { return Ok(None) };
    let state = state.clone();
    let opened = tokio::task::spawn_blocking(move || {
        let key = state.uploads.key(Holder::Person(person))?.ok_or(Fault::Sealed)?;
        let plain = sealing::open(&key, SEALED_FOR, &found.sealed)?;
        Ok(Some(Secret { sealed: found.sealed, confirmed: found.confirmed, plain }))
    });
    opened.await.map_err(|_| Fault::Panicked)?
}

/// Uses a code of the app up. `false` if it is wrong, old, or used up, or the app is another by now.
pub(super) fn use_code(
    writing: &mut Writing<'_>,
    person: PersonId,
    secret: &Secret,
    code: &str,
    now: behorig_domain::Timestamp,
) -> Result<bool, Fault> {
    let known = writing.totp(person)?.filter(|known| known.sealed == secret.sealed);
    let Some(known) = known else { return Ok(false) };
    let step = totp::step_of(&secret.plain, code, now, known.last_step);
    let Some(step) = step else { return Ok(false) };
    writing.use_totp(person, step)?;
    Ok(true)
}

/// Fails unless it is the password of whoever is signed in. Tries are counted.
async fn check_password(
    state: &Arc<State>,
    person: PersonId,
    password: String,
) -> Result<String, Fault> {
    if password.len() > FIELD_MAX {
        return Err(ErrorCode::BadRequest.into());
    }
    let account = state.read(move |store| store.account_of(person)).await?;
    let account = account.ok_or(ErrorCode::NotFound)?;
    state.sign_ins.count_change(person)?;
    let turn = state.sign_ins.queue()?.turn().await?;
    let right = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        passwords::verify(&password, account.password_hash.as_deref())
    });
    if right.await.map_err(|_| Fault::Panicked)? {
        Ok(account.user_name)
    } else {
        Err(ErrorCode::WrongPassword.into())
    }
}

/// Changes something for whoever is signed in, if they still are.
async fn change<T: Send + 'static>(
    state: &Arc<State>,
    asks: &SignedInPerson,
    work: impl FnOnce(&mut Writing<'_>) -> Result<Result<T, ErrorCode>, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let (token_hash, now) = (asks.token_hash, state.now());
    let changed = state.writer.run(move |writing| {
        if writing.session(&token_hash, now)?.is_none() {
            return Ok(Err(ErrorCode::SignInNeeded));
        }
        work(writing)
    });
    Ok(changed.await??)
}

/// A new secret for a code app. It opens nothing before a code of it has been shown.
pub(super) async fn begin(
    Shared(state): Shared<Arc<State>>,
    signed_in: SignedInPerson,
    body: Bytes,
) -> Result<Json<TotpBegun>, Fault> {
    let BeginTotp { password } = read(&body)?;
    let person = signed_in.person;
    let user_name = check_password(&state, person, password).await?;
    let secret = totp::new_secret()?;
    let (plain, keys) = (secret.clone(), state.clone());
    let sealed = tokio::task::spawn_blocking(move || {
        sealing::seal(&keys.uploads.key_or_new(Holder::Person(person))?, SEALED_FOR, &plain)
    });
    let sealed = sealed.await.map_err(|_| Fault::Panicked)??;
    change(&state, &signed_in, move |writing| {
        // one that is in use is removed first, with a code of it
        Ok(writing.put_totp(person, &sealed)?.then_some(()).ok_or(ErrorCode::BadRequest))
    })
    .await?;
    let address = totp::address(&secret, &user_name);
    Ok(Json(TotpBegun { secret: totp::spelt(&secret), address }))
}

/// The app shows the right codes: from now on it is the second factor.
pub(super) async fn confirm(
    Shared(state): Shared<Arc<State>>,
    signed_in: SignedInPerson,
    body: Bytes,
) -> Result<Json<AccountState>, Fault> {
    let ConfirmTotp { code } = read(&body)?;
    let (person, now) = (signed_in.person, state.now());
    state.sign_ins.count_change(person)?;
    let secret = secret(&state, person).await?.ok_or(ErrorCode::BadRequest)?;
    change(&state, &signed_in, move |writing| {
        if !use_code(writing, person, &secret, &code, now)? {
            return Ok(Err(ErrorCode::WrongCode));
        }
        // whoever has a code app is never asked for less, in a sign-in that has begun either
        writing.end_challenges_by_message(person)?;
        writing.mail_account(person, Mailing::FactorChanged, now)?;
        Ok(Ok(()))
    })
    .await?;
    state.notice(1);
    account::told(&state, &signed_in).await
}

/// Codes go to the telephone again. Takes a code of the app, or a recovery code.
pub(super) async fn remove(
    Shared(state): Shared<Arc<State>>,
    signed_in: SignedInPerson,
    body: Bytes,
) -> Result<Json<AccountState>, Fault> {
    let RemoveTotp { password, code } = read(&body)?;
    let (person, now) = (signed_in.person, state.now());
    check_password(&state, person, password).await?;
    let recovery = totp::recovery_hash(person, &code);
    let secret = if recovery.is_some() { None } else { secret(&state, person).await? };
    change(&state, &signed_in, move |writing| {
        if !writing.totp(person)?.is_some_and(|known| known.confirmed) {
            return Ok(Err(ErrorCode::BadRequest));
        }
        let is_right = match (recovery, &secret) {
            (Some(hash), _) => writing.use_recovery_code(person, &hash, now)?,
            (None, Some(secret)) => use_code(writing, person, secret, &code, now)?,
            (None, None) => false,
        };
        if !is_right {
            return Ok(Err(ErrorCode::WrongCode));
        }
        writing.remove_totp(person)?;
        writing.mail_account(person, Mailing::FactorChanged, now)?;
        Ok(Ok(()))
    })
    .await?;
    state.notice(1);
    account::told(&state, &signed_in).await
}

/// Ten new recovery codes, told this once; the former ones are void.
pub(super) async fn recovery_codes(
    Shared(state): Shared<Arc<State>>,
    signed_in: SignedInPerson,
    body: Bytes,
) -> Result<Json<RecoveryCodes>, Fault> {
    let MakeRecoveryCodes { password } = read(&body)?;
    let (person, now) = (signed_in.person, state.now());
    check_password(&state, person, password).await?;
    let codes = totp::new_recovery_codes()?;
    let hashes: Vec<[u8; 32]> =
        codes.iter().filter_map(|code| totp::recovery_hash(person, code)).collect();
    change(&state, &signed_in, move |writing| {
        writing.put_recovery_codes(person, &hashes)?;
        writing.mail_account(person, Mailing::FactorChanged, now)?;
        Ok(Ok(()))
    })
    .await?;
    state.notice(1);
    Ok(Json(RecoveryCodes { codes }))
}
