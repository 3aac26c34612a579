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
use behorig_protocol::{CodeSent, EnterCode, ErrorCode, Factor, SendAgain, SignIn, SignedIn};
use behorig_server_store::{Account, Challenge, Level, Mailing, Session, Writing};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::{factors, token_hash, tokens::new_pair};
use crate::{fault::Fault, passwords, state::State, totp};

/// A session lives 30 days at most.
const SESSION_MILLIS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// A code lives ten minutes.
pub(super) const CODE_MILLIS: i64 = 10 * 60 * 1_000;
/// For so long after the password another code can be had.
const SIGN_IN_MILLIS: i64 = 30 * 60 * 1_000;
/// Codes that may be tried in one sign-in.
const CODE_TRIES: i64 = 5;
/// Codes are below this: six digits.
const CODES: u32 = 1_000_000;
/// Longest password or user name that is looked at, in bytes.
pub(super) const FIELD_MAX: usize = 1_024;
/// Longest name of a system that is kept, in bytes.
const SYSTEM_MAX: usize = 32;

/// The password. If it is right a code goes out.
pub(super) async fn begin(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    body: Bytes,
) -> Result<Json<CodeSent>, Fault> {
    let asked: SignIn = read(&body)?;
    if asked.user_name.len() > FIELD_MAX
        || asked.password.len() > FIELD_MAX
        || asked.system.len() > SYSTEM_MAX
    {
        return Err(ErrorCode::BadRequest.into());
    }
    state.sign_ins.count_address(address.ip())?;
    let name = asked.user_name.trim().to_lowercase();
    state.sign_ins.count_pair(&name, address.ip())?;
    let queued = state.sign_ins.queue()?;
    let (user_name, device) = (name.clone(), asked.device);
    let found = state.read(move |store| {
        let account = store.account(&user_name)?;
        let known = match &account {
            Some(account) => store.has_share(account.person, device)?,
            None => false,
        };
        Ok((account, known))
    });
    let (account, known) = found.await?;
    if !known {
        state.sign_ins.count_name(&name)?;
    }
    let hash = account.as_ref().and_then(|account| account.password_hash.clone());
    let verified = hash.clone();
    let turn = queued.turn().await?;
    let right = tokio::task::spawn_blocking(move || {
        // hanging up does not stop a check that has begun
        let _turn = turn;
        passwords::verify(&asked.password, hash.as_deref())
    });
    let right = right.await.map_err(|_| Fault::Panicked)?;
    let account = account.filter(|_| right).ok_or(ErrorCode::SignInRefused)?;
    let (code_hash, sent) = ask_for_code(&state, &account).await?;
    let now = state.now();
    let waiting = Challenge {
        session: Session { person: account.person, device: asked.device, level: Level::L2 },
        system: asked.system,
        phone: account.phone,
        code_hash,
        code_ends_at: later(now, CODE_MILLIS)?,
        tries: 0,
    };
    let hash = token_hash(&sent.challenge);
    let expires_at = later(now, SIGN_IN_MILLIS)?;
    let put = state.writer.run(move |writing| {
        // the password may have been changed while the code was being sent: the old one opens nothing more
        let account = writing.account_of(waiting.session.person)?;
        if account.is_none_or(|account| account.password_hash != verified) {
            return Ok(false);
        }
        // so may a code app have been connected: then no code by text message opens anything
        let totp = writing.totp(waiting.session.person)?;
        if !waiting.code_hash.is_empty() && totp.is_some_and(|totp| totp.confirmed) {
            return Ok(false);
        }
        writing.put_challenge(&hash, &waiting, now, expires_at)?;
        Ok(true)
    });
    if put.await? { Ok(Json(sent)) } else { Err(ErrorCode::SignInRefused.into()) }
}

/// Sends a code, or asks for one of the person's code app: then there is no hash.
async fn ask_for_code(state: &Arc<State>, account: &Account) -> Result<(Vec<u8>, CodeSent), Fault> {
    let (challenge, person) = (random_hex()?, account.person);
    let totp = state.read(move |store| store.totp(person)).await?;
    if !totp.is_some_and(|totp| totp.confirmed) {
        return send_code(state, person, challenge, &account.phone).await;
    }
    // each sign-in brings a few tries, so they are counted as those by text message are
    count_code(state, person)?;
    let phone_ends = ends_of(&account.phone);
    Ok((Vec::new(), CodeSent { challenge, phone_ends, factor: Factor::Totp }))
}

fn count_code(state: &State, person: PersonId) -> Result<(), ErrorCode> {
    state.codes.retain_recent();
    state.codes.check_key(&person).map_err(|_| ErrorCode::TooManyTries)
}

/// Another code in the same sign-in; the one before it is void once the new one is on its way.
pub(super) async fn code_again(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    body: Bytes,
) -> Result<Json<CodeSent>, Fault> {
    let SendAgain { challenge } = read(&body)?;
    state.sign_ins.count_address(address.ip())?;
    let hash = token_hash(&challenge);
    let now = state.now();
    let waiting = state.read(move |store| store.challenge(&hash, now)).await?;
    // the tries of a sign-in count on: a new code brings no new ones
    let waiting = waiting.filter(|waiting| waiting.tries < CODE_TRIES);
    let waiting = waiting.ok_or(ErrorCode::SignInNeeded)?;
    if waiting.code_hash.is_empty() {
        // whoever has a code app is never asked for less
        return Err(ErrorCode::BadRequest.into());
    }
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
pub(super) async fn send_code(
    state: &Arc<State>,
    person: PersonId,
    challenge: String,
    phone: &str,
) -> Result<(Vec<u8>, CodeSent), Fault> {
    count_code(state, person)?;
    let code = random_code()?;
    let text =
        format!("Din kod till Behörig: {code}\nDen gäller i 10 minuter. Ge den inte till någon.");
    state.sms.send(phone, &text).await.map_err(Fault::Sms)?;
    let hash = code_hash(&challenge, &code);
    Ok((hash, CodeSent { challenge, phone_ends: ends_of(phone), factor: Factor::Sms }))
}

/// The last digits of a number: enough to know one's own telephone by.
pub(super) fn ends_of(phone: &str) -> String {
    let ends = phone.char_indices().rev().nth(1).and_then(|(at, _)| phone.get(at..));
    ends.unwrap_or_default().to_owned()
}

/// The code. If it is right a session begins.
pub(super) async fn finish(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    body: Bytes,
) -> Result<Json<SignedIn>, Fault> {
    let EnterCode { challenge, code } = read(&body)?;
    state.sign_ins.count_address(address.ip())?;
    let now = state.now();
    let hash = token_hash(&challenge);
    // what belongs to no sign-in costs no place in the writer's queue
    let waiting = state.read(move |store| store.challenge(&hash, now)).await?;
    let waiting = waiting.ok_or(ErrorCode::SignInNeeded)?;
    let person = waiting.session.person;
    let recovery = totp::recovery_hash(person, &code);
    let by_app = recovery.is_none() && waiting.code_hash.is_empty();
    let secret = if by_app { factors::secret(&state, person).await? } else { None };
    // the app that this sign-in asked for may have been removed, and another one begun
    let secret = secret.filter(|secret| secret.confirmed);
    let ends_at = later(now, SESSION_MILLIS)?;
    let session_id = random_hex()?;
    let (tokens, pair) = new_pair(&session_id, now, ends_at)?;
    let mut new_share = [0; 32];
    getrandom::fill(&mut new_share).map_err(|_| Fault::Randomness)?;
    let judged = state.writer.run(move |writing| {
        let Some(waiting) = writing.try_challenge(&hash, now)? else {
            return Ok(Err(ErrorCode::SignInNeeded));
        };
        if waiting.tries > CODE_TRIES {
            writing.end_challenge(&hash)?;
            return Ok(Err(ErrorCode::SignInNeeded));
        }
        let judged = match (recovery, &secret) {
            (Some(hash), _) => recover(writing, person, &hash, now)?,
            (None, Some(secret)) if waiting.code_hash.is_empty() => {
                let is_right = factors::use_code(writing, person, secret, &code, now)?;
                is_right.then_some(()).ok_or(ErrorCode::WrongCode)
            }
            _ => judge(&waiting, &challenge, &code, now),
        };
        if let Err(code) = judged {
            return Ok(Err(code));
        }
        writing.end_challenge(&hash)?;
        let session = waiting.session;
        writing.begin_session(&session_id, session, &waiting.system, &pair, now, ends_at)?;
        let share = writing.recovery_share(session.person, session.device, &new_share)?;
        Ok(Ok((session.person, share)))
    });
    let (person, share) = judged.await??;
    state.notice(1);
    Ok(Json(SignedIn { person, tokens, recovery_share: hex::encode(share) }))
}

/// Whether it is the code that was sent.
fn judge(
    waiting: &Challenge,
    challenge: &str,
    code: &str,
    now: Timestamp,
) -> Result<(), ErrorCode> {
    if waiting.code_ends_at <= now {
        return Err(ErrorCode::CodeExpired);
    }
    let is_right = same(&waiting.code_hash, &code_hash(challenge, code));
    is_right.then_some(()).ok_or(ErrorCode::WrongCode)
}

/// Uses a recovery code up, and has its owner told that somebody has.
fn recover(
    writing: &mut Writing<'_>,
    person: PersonId,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<Result<(), ErrorCode>, Fault> {
    if !writing.use_recovery_code(person, hash, now)? {
        return Ok(Err(ErrorCode::WrongCode));
    }
    writing.mail_account(person, Mailing::FactorChanged, now)?;
    Ok(Ok(()))
}

pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ErrorCode> {
    serde_json::from_slice(body).map_err(|_| ErrorCode::BadRequest)
}

pub(crate) fn later(now: Timestamp, millis: i64) -> Result<Timestamp, Fault> {
    Timestamp::from_millis(now.millis().saturating_add(millis)).ok_or(Fault::NotCommitted)
}

pub(crate) fn random_hex() -> Result<String, Fault> {
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
pub(super) fn code_hash(challenge: &str, code: &str) -> Vec<u8> {
    Sha256::new().chain_update(challenge).chain_update([0]).chain_update(code).finalize().to_vec()
}

/// Takes as long whatever differs.
pub(crate) fn same(one: &[u8], two: &[u8]) -> bool {
    one.len() == two.len() && one.iter().zip(two).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use std::{net::IpAddr, sync::mpsc};

    use axum::http::Request;
    use behorig_domain::DeviceId;
    use behorig_protocol::{ErrorBody, VERSION, VERSION_HEADER, path};
    use behorig_sms::Kept;
    use tempfile::TempDir;
    use tokio_util::sync::CancellationToken;
    use tower::ServiceExt as _;
    use uuid::Uuid;

    use super::*;
    use crate::demo::{Operator, TECHNICIAN};

    struct World {
        _data: TempDir,
        state: Arc<State>,
        telephones: Arc<Kept>,
    }

    impl World {
        async fn new() -> Self {
            let (data, telephones) = (tempfile::tempdir().unwrap(), Arc::new(Kept::default()));
            let state = State::open(data.path(), crate::system_clock(), telephones.clone());
            let state = Arc::new(state.unwrap());
            Operator::new(state.clone()).fill_with_demo().await.unwrap();
            Self { _data: data, state, telephones }
        }

        async fn post(
            &self,
            from: IpAddr,
            path: &str,
            body: &impl serde::Serialize,
        ) -> Result<Bytes, ErrorCode> {
            let router = super::super::router(self.state.clone(), CancellationToken::new());
            let request = Request::post(path)
                .header(VERSION_HEADER, VERSION)
                .extension(ConnectInfo(SocketAddr::new(from, 1)))
                .body(axum::body::Body::from(serde_json::to_vec(body).unwrap()));
            let answer = router.oneshot(request.unwrap()).await.unwrap();
            let is_fine = answer.status().is_success();
            let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
            if is_fine {
                Ok(body)
            } else {
                Err(serde_json::from_slice::<ErrorBody>(&body).unwrap().code)
            }
        }

        async fn try_password(
            &self,
            from: IpAddr,
            device: DeviceId,
            password: &str,
        ) -> Result<Bytes, ErrorCode> {
            let (user_name, password) = (TECHNICIAN.user_name.into(), password.into());
            self.post(
                from,
                path::SIGN_IN,
                &SignIn { user_name, password, device, system: "linux".into() },
            )
            .await
        }

        async fn try_code(
            &self,
            from: IpAddr,
            challenge: String,
            code: String,
        ) -> Result<Bytes, ErrorCode> {
            self.post(from, path::SESSION, &EnterCode { challenge, code }).await
        }

        async fn sign_in(&self, from: IpAddr, device: DeviceId) {
            let sent = self.try_password(from, device, TECHNICIAN.password).await.unwrap();
            let CodeSent { challenge, .. } = serde_json::from_slice(&sent).unwrap();
            let text = self.telephones.newest_to(TECHNICIAN.phone).unwrap();
            let is_code =
                |word: &&str| word.len() == 6 && word.bytes().all(|it| it.is_ascii_digit());
            let code = text.split_whitespace().find(is_code).unwrap().to_owned();
            self.try_code(from, challenge, code).await.unwrap();
        }
    }

    fn address(n: u8) -> IpAddr {
        [192, 0, 2, n].into()
    }

    #[tokio::test]
    async fn guessing_from_many_addresses_is_stopped_and_keeps_nobody_from_their_own_computer() {
        let world = World::new().await;
        let (known, new) = (DeviceId(Uuid::now_v7()), DeviceId(Uuid::now_v7()));
        world.sign_in(address(1), known).await;
        let mut tries = 0;
        let stopped = loop {
            // each a few times, as whoever has many can
            let from = address(10 + tries / 5);
            let device = DeviceId(Uuid::now_v7());
            match world.try_password(from, device, "fel").await.unwrap_err() {
                ErrorCode::SignInRefused => tries += 1,
                code => break code,
            }
            assert!(tries < 150, "somebody must stop this");
        };
        assert_eq!(stopped, ErrorCode::TooManyTries);
        assert!(tries >= 29, "{tries}");
        for _ in 0..3 {
            // one may have come back meanwhile
            let _ = world.try_password(address(2), new, "fel").await;
        }
        let elsewhere = world.try_password(address(3), new, TECHNICIAN.password).await;
        assert_eq!(elsewhere.unwrap_err(), ErrorCode::TooManyTries);
        world.sign_in(address(1), known).await;
    }

    #[tokio::test]
    async fn an_address_that_tries_many_names_or_codes_is_stopped() {
        let world = World::new().await;
        let mut tries = 0;
        let stopped = loop {
            match world.try_code(address(1), random_hex().unwrap(), "123456".into()).await {
                Err(ErrorCode::SignInNeeded) => tries += 1,
                answer => break answer.unwrap_err(),
            }
            assert!(tries < 300, "somebody must stop this");
        };
        assert_eq!(stopped, ErrorCode::TooManyTries);
        assert!(tries >= 120, "an office gets in: {tries}");
        let device = DeviceId(Uuid::now_v7());
        let name = world.try_password(address(1), device, TECHNICIAN.password).await;
        assert_eq!(name.unwrap_err(), ErrorCode::TooManyTries);
        world.sign_in(address(2), device).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_code_of_no_sign_in_does_not_wait_for_the_writer() {
        let world = World::new().await;
        let (go_on, wait) = mpsc::channel::<()>();
        let state = world.state.clone();
        let writing = tokio::spawn(async move {
            state.writer.run(move |_| Ok(wait.recv().is_err())).await.map_err(|_| ())
        });
        let nonsense = world.try_code(address(1), random_hex().unwrap(), "123456".into());
        let answer = tokio::time::timeout(std::time::Duration::from_secs(20), nonsense).await;
        // before anything can fail: the writer would hold up the end of the test
        drop(go_on);
        assert_eq!(writing.await.unwrap(), Ok(true));
        assert_eq!(answer.unwrap().unwrap_err(), ErrorCode::SignInNeeded);
    }

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
