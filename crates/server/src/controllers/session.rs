//! Signing in: the password first, then a code sent to the person's own number.
//!
//! Code rules after OWASP ASVS 5.0, 6.5 and 6.6: six random digits, ten minutes, one sign-in, few tries,
//! kept as a hash only.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Json,
    body::Bytes,
    extract::{ConnectInfo, State as Shared},
};
use behorig_domain::{PersonId, Timestamp};
use behorig_protocol::{CodeSent, EnterCode, ErrorCode, SendAgain, SignIn, SignedIn};
use behorig_server_store::{Challenge, Level, Session};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::{token_hash, tokens::new_pair};
use crate::{fault::Fault, passwords, state::State};

/// A session lives 30 days at most.
const SESSION_MILLIS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// A code lives ten minutes.
const CODE_MILLIS: i64 = 10 * 60 * 1_000;
/// For so long after the password another code can be had.
const SIGN_IN_MILLIS: i64 = 30 * 60 * 1_000;
/// Codes that may be tried in one sign-in.
const CODE_TRIES: i64 = 5;
/// Codes are below this: six digits.
const CODES: u32 = 1_000_000;
/// Longest password or user name that is looked at, in bytes.
const FIELD_MAX: usize = 1_024;

/// The password. If it is right a code goes out.
pub(super) async fn begin(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    body: Bytes,
) -> Result<Json<CodeSent>, Fault> {
    let asked: SignIn = read(&body)?;
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
    let account = account.filter(|_| right).ok_or(ErrorCode::SignInRefused)?;
    let challenge = random_hex()?;
    let (code_hash, sent) = send_code(&state, account.person, challenge, &account.phone).await?;
    let now = state.now();
    let waiting = Challenge {
        session: Session { person: account.person, device: asked.device, level: Level::L2 },
        phone: account.phone,
        code_hash,
        code_ends_at: later(now, CODE_MILLIS)?,
        tries: 0,
    };
    let hash = token_hash(&sent.challenge);
    let expires_at = later(now, SIGN_IN_MILLIS)?;
    state
        .writer
        .run(move |writing| Ok(writing.put_challenge(&hash, &waiting, now, expires_at)?))
        .await?;
    Ok(Json(sent))
}

/// Another code in the same sign-in; the one before it is void once the new one is on its way.
pub(super) async fn code_again(
    Shared(state): Shared<Arc<State>>,
    body: Bytes,
) -> Result<Json<CodeSent>, Fault> {
    let SendAgain { challenge } = read(&body)?;
    let hash = token_hash(&challenge);
    let now = state.now();
    let waiting = state.read(move |store| store.challenge(&hash, now)).await?;
    // the tries of a sign-in count on: a new code brings no new ones
    let waiting = waiting.filter(|waiting| waiting.tries < CODE_TRIES);
    let waiting = waiting.ok_or(ErrorCode::SignInNeeded)?;
    let person = waiting.session.person;
    let (code_hash, sent) = send_code(&state, person, challenge, &waiting.phone).await?;
    let now = state.now();
    let ends_at = later(now, CODE_MILLIS)?;
    let renewed = state
        .writer
        .run(move |writing| Ok(writing.renew_challenge(&hash, &code_hash, now, ends_at)?));
    if renewed.await? { Ok(Json(sent)) } else { Err(ErrorCode::SignInNeeded.into()) }
}

/// Sends a new code. Gives its hash, to be kept only now that the gateway has taken the message.
async fn send_code(
    state: &Arc<State>,
    person: PersonId,
    challenge: String,
    phone: &str,
) -> Result<(Vec<u8>, CodeSent), Fault> {
    if state.codes.check_key(&person).is_err() {
        return Err(ErrorCode::TooManyTries.into());
    }
    state.codes.retain_recent();
    let code = random_code()?;
    let text =
        format!("Din kod till Behörig: {code}\nDen gäller i 10 minuter. Ge den inte till någon.");
    state.sms.send(phone, &text).await.map_err(Fault::Sms)?;
    let hash = code_hash(&challenge, &code);
    let ends = phone.char_indices().rev().nth(1).and_then(|(at, _)| phone.get(at..));
    Ok((hash, CodeSent { challenge, phone_ends: ends.unwrap_or_default().to_owned() }))
}

/// The code. If it is right a session begins.
pub(super) async fn finish(
    Shared(state): Shared<Arc<State>>,
    body: Bytes,
) -> Result<Json<SignedIn>, Fault> {
    let EnterCode { challenge, code } = read(&body)?;
    let now = state.now();
    let ends_at = later(now, SESSION_MILLIS)?;
    let session_id = random_hex()?;
    let (tokens, pair) = new_pair(&session_id, now, ends_at)?;
    let mut new_share = [0; 32];
    getrandom::fill(&mut new_share).map_err(|_| Fault::Randomness)?;
    let hash = token_hash(&challenge);
    let judged = state.writer.run(move |writing| {
        let Some(waiting) = writing.try_challenge(&hash, now)? else {
            return Ok(Err(ErrorCode::SignInNeeded));
        };
        if waiting.tries > CODE_TRIES {
            writing.end_challenge(&hash)?;
            return Ok(Err(ErrorCode::SignInNeeded));
        }
        if waiting.code_ends_at <= now {
            return Ok(Err(ErrorCode::CodeExpired));
        }
        if !same(&waiting.code_hash, &code_hash(&challenge, &code)) {
            return Ok(Err(ErrorCode::WrongCode));
        }
        writing.end_challenge(&hash)?;
        let session = waiting.session;
        writing.begin_session(&session_id, session, &pair, now, ends_at)?;
        let share = writing.recovery_share(session.person, session.device, &new_share)?;
        Ok(Ok((session.person, share)))
    });
    let (person, share) = judged.await??;
    Ok(Json(SignedIn { person, tokens, recovery_share: hex::encode(share) }))
}

pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ErrorCode> {
    serde_json::from_slice(body).map_err(|_| ErrorCode::BadRequest)
}

pub(super) fn later(now: Timestamp, millis: i64) -> Result<Timestamp, Fault> {
    Timestamp::from_millis(now.millis().saturating_add(millis)).ok_or(Fault::NotCommitted)
}

pub(super) fn random_hex() -> Result<String, Fault> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| Fault::Randomness)?;
    Ok(hex::encode(bytes))
}

fn random_code() -> Result<String, Fault> {
    // what lies past the last whole range is thrown away, so that every code is as likely
    let fair = u32::MAX - u32::MAX % CODES;
    loop {
        let number = getrandom::u32().map_err(|_| Fault::Randomness)?;
        if number < fair {
            return Ok(format!("{:06}", number % CODES));
        }
    }
}

/// Bound to its sign-in, so that a code fits nowhere else.
fn code_hash(challenge: &str, code: &str) -> Vec<u8> {
    Sha256::new().chain_update(challenge).chain_update([0]).chain_update(code).finalize().to_vec()
}

/// Takes as long whatever differs.
fn same(one: &[u8], two: &[u8]) -> bool {
    one.len() == two.len() && one.iter().zip(two).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_six_digits_and_fit_only_their_own_sign_in() {
        for _ in 0..100 {
            let code = random_code().unwrap();
            assert!(code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit()), "{code}");
        }
        assert!(same(&code_hash("a", "123456"), &code_hash("a", "123456")));
        assert!(!same(&code_hash("a", "123456"), &code_hash("b", "123456")));
        assert!(!same(&code_hash("a", "123456"), &code_hash("a", "123457")));
    }
}
