//! Signing in with both factors: for the first time, again, or since the PIN is forgotten.

use std::{path::Path, sync::atomic::Ordering};

use behorig_domain::{DeviceId, Timestamp};
use behorig_protocol::{
    self as protocol, CodeSent, EnterCode as CodeEntered, ErrorBody, ErrorCode, SendAgain,
    SignIn as Asked, SignedIn, path,
};
use behorig_store::{Identity, KeyFault, ReplicaKey, Secret, Store, Wrapping};
use behorig_sync::{HttpTransport, Request, Response, Transport as _};
use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::{
    App,
    app::{Connection, blocking},
    replicas::{self, Place},
    rpc::{Answer, Code, Empty, EnterCode, Factor, SessionView, SignIn},
    session::{check_length, end_at_server, key_error},
};

/// A sign-in between its password and its code. Kept in memory only.
#[derive(Clone)]
pub(crate) struct SigningIn {
    transport: HttpTransport,
    challenge: String,
    pub(crate) phone: String,
    pub(crate) factor: Factor,
    device: DeviceId,
    purpose: Purpose,
}

/// What a sign-in is for.
#[derive(Clone)]
enum Purpose {
    /// There is no replica yet.
    First(Words),
    /// The session has ended; the replica is open and stays.
    Again,
    /// The replica is locked, and the PIN is forgotten or no try is left.
    Forgotten(Box<Place>, Words),
}

/// What will open the replica from now on.
#[derive(Clone)]
struct Words {
    /// The secret in the keyring, where it holds a half of the key.
    secret: Option<Secret>,
    /// The PIN or passphrase.
    word: Zeroizing<String>,
}

impl App {
    pub(crate) async fn sign_in(&self, asked: SignIn) -> Answer<SessionView> {
        let transport = HttpTransport::new(&asked.server).map_err(|_| Code::ServerAddress)?;
        let word = Zeroizing::new(asked.passphrase);
        let attempt = self.attempts.fetch_add(1, Ordering::SeqCst);
        let place = match &*self.connection() {
            Connection::SignedOut => None,
            Connection::Locked(locked) => Some((locked.place.clone(), false)),
            Connection::Open(open) => Some((open.place.clone(), true)),
        };
        let (device, purpose) = match place {
            None => {
                check_length(&word, asked.keyring)?;
                let (device, secret) = self.new_secret(asked.keyring).await?;
                (device, Purpose::First(Words { secret, word }))
            }
            // no word or token meant for one server goes to another
            Some((place, _)) if place.server != transport.address() => {
                return Err(Code::ServerAddress.into());
            }
            Some((place, true)) => (place.device, Purpose::Again),
            Some((place, false)) => {
                check_length(&word, place.keyring)?;
                // without it no share would open anything
                let secret = self.secret_of(&place).await?;
                (place.device, Purpose::Forgotten(Box::new(place), Words { secret, word }))
            }
        };
        if self.attempts.load(Ordering::SeqCst) != attempt.wrapping_add(1) {
            // while the keyring was silent the person went another way
            return Err(Code::KeyringLocked.into());
        }
        let (user_name, password) = (asked.user_name, asked.password);
        let system = std::env::consts::OS.to_owned();
        let body = Asked { user_name, password, device, system };
        let sent: CodeSent = ask(&transport, path::SIGN_IN, &body).await?;
        let (phone, factor) = (masked(&sent), factor(&sent));
        let (challenge, shown) = (sent.challenge, phone.clone());
        *self.signing_in() =
            Some(SigningIn { transport, challenge, phone: shown, factor, device, purpose });
        Ok(SessionView::CodeNeeded { phone, factor })
    }

    /// The name of a new installation and the secret that its keyring holds. The same ones until a sign-in
    /// succeeds, so that wrong passwords do not fill the keyring.
    async fn new_secret(&self, keyring: bool) -> Answer<(DeviceId, Option<Secret>)> {
        let made = self.made().clone();
        let (device, secret) = match made {
            Some(made) => made,
            None => {
                let device = DeviceId(uuid::Uuid::now_v7());
                let secret = Secret::random().map_err(|fault| key_error(fault, keyring))?;
                self.made().insert((device, secret)).clone()
            }
        };
        if !keyring {
            return Ok((device, None));
        }
        self.keep_secret(device.to_string(), secret.clone()).await?;
        Ok((device, Some(secret)))
    }

    pub(crate) async fn code_again(&self, Empty {}: Empty) -> Answer<SessionView> {
        let waiting = self.signing_in().clone().ok_or(Code::SignInNeeded)?;
        let body = SendAgain { challenge: waiting.challenge };
        let sent: CodeSent = ask(&waiting.transport, path::CODE_AGAIN, &body).await?;
        Ok(SessionView::CodeNeeded { phone: masked(&sent), factor: factor(&sent) })
    }

    pub(crate) async fn sign_in_cancel(&self, Empty {}: Empty) -> Answer<SessionView> {
        self.signing_in().take();
        self.session_state(Empty {}).await
    }

    pub(crate) async fn enter_code(&self, asked: EnterCode) -> Answer<SessionView> {
        let waiting = self.signing_in().clone().ok_or(Code::SignInNeeded)?;
        let body = CodeEntered { challenge: waiting.challenge, code: asked.code };
        let signed_in: SignedIn = ask(&waiting.transport, path::SESSION, &body).await?;
        self.signing_in().take();
        let now = (self.clock)();
        let (server, refresh) = (waiting.transport.address(), signed_in.tokens.refresh.clone());
        let begun = match waiting.purpose {
            Purpose::Again => self.sign_in_again(signed_in, now).await,
            Purpose::First(words) => {
                let (data, server, device) = (self.data.clone(), server.clone(), waiting.device);
                let made =
                    blocking(move || make_replica(&data, &server, device, &words, &signed_in, now));
                self.open_with(made).await
            }
            Purpose::Forgotten(place, words) => {
                let _turn = self.trying.lock().await;
                self.open_with(blocking(move || recover(*place, &words, &signed_in, now))).await
            }
        };
        if let Err(error) = begun {
            // a session that nobody holds is not left behind
            tokio::spawn(async move { end_at_server(&server, &refresh).await });
            return Err(error);
        }
        self.made().take();
        self.session_state(Empty {}).await
    }

    async fn open_with(
        &self,
        made: impl Future<Output = Answer<Answer<(Place, ReplicaKey)>>>,
    ) -> Answer<()> {
        let (place, key) = made.await??;
        self.open(place, key).await
    }

    /// The session had ended; the replica is open and stays.
    async fn sign_in_again(&self, signed_in: SignedIn, now: Timestamp) -> Answer<()> {
        self.with_store(move |store| {
            // somebody else's password opens nothing here
            if store.identity()?.person != signed_in.person {
                return Ok(Err(Code::OtherPerson));
            }
            store.put_recovery_share(&signed_in.recovery_share)?;
            store.put_tokens(&signed_in.tokens, now).map(Ok)
        })
        .await??;
        self.wrote();
        Ok(())
    }
}

fn make_replica(
    data: &Path,
    server: &str,
    device: DeviceId,
    words: &Words,
    signed_in: &SignedIn,
    now: Timestamp,
) -> Answer<(Place, ReplicaKey)> {
    let keyring = words.secret.is_some();
    let share = Secret::from_hex(&signed_in.recovery_share).ok_or(Code::ServerAddress)?;
    let wrapping = Wrapping { keyring: words.secret.as_ref(), word: &words.word, share: &share };
    let fill = |place: &Place| {
        let key = ReplicaKey::create(&place.key(), &wrapping);
        let key = key.map_err(|fault| key_error(fault, keyring))?;
        let mut store = Store::open(&place.replica(), &key)?;
        let identity = Identity { server: server.to_owned(), person: signed_in.person };
        store.put_identity(&identity, device)?;
        store.put_tokens(&signed_in.tokens, now)?;
        Ok(key)
    };
    replicas::create(data, server, signed_in.person, device, keyring, fill)
}

/// Opens the replica by the share and lets the new PIN open it from now on. Nothing is changed before it
/// is certain whose replica and whose sign-in this is.
fn recover(
    place: Place,
    words: &Words,
    signed_in: &SignedIn,
    now: Timestamp,
) -> Answer<(Place, ReplicaKey)> {
    let told = |fault: KeyFault| key_error(fault, place.keyring);
    if place.person != signed_in.person {
        return Err(Code::OtherPerson.into());
    }
    let share = Secret::from_hex(&signed_in.recovery_share).ok_or(Code::ServerAddress)?;
    let secret = words.secret.as_ref();
    let key = ReplicaKey::recover(&place.key(), secret, &share).map_err(told)?;
    let mut store = replicas::open(&place, &key, now)?;
    if store.identity()?.person != signed_in.person {
        return Err(Code::OtherPerson.into());
    }
    store.put_tokens(&signed_in.tokens, now)?;
    key.choose_word(&place.key(), secret, &words.word).map_err(told)?;
    Ok((place, key))
}

fn factor(sent: &CodeSent) -> Factor {
    match sent.factor {
        protocol::Factor::Sms => Factor::Sms,
        protocol::Factor::Totp => Factor::Totp,
    }
}

fn masked(sent: &CodeSent) -> String {
    masked_number(&sent.phone_ends)
}

/// A number of which only the end is known.
pub(crate) fn masked_number(ends: &str) -> String {
    format!("•••• {ends}")
}

/// Asks the server something that belongs to signing in.
pub(crate) async fn ask<A: DeserializeOwned>(
    transport: &HttpTransport,
    path: &'static str,
    body: &impl Serialize,
) -> Answer<A> {
    let body = serde_json::to_vec(body).map_err(|_| Code::Internal)?;
    let response = transport.post(Request { path, token: None, body }).await;
    let response = response.map_err(|_| Code::Offline)?;
    if response.status != 200 {
        return Err(refusal(&response).into());
    }
    // an answer of another shape does not come from a server of ours
    serde_json::from_slice(&response.body).map_err(|_| Code::ServerAddress.into())
}

pub(crate) fn refusal(response: &Response) -> Code {
    let body: Option<ErrorBody> = serde_json::from_slice(&response.body).ok();
    match body.map(|body| body.code) {
        Some(ErrorCode::SignInRefused | ErrorCode::BadRequest) => Code::SignInRefused,
        // what is ordered is the driver's to hear
        Some(ErrorCode::SignInNeeded | ErrorCode::EraseOrdered) => Code::SignInNeeded,
        Some(ErrorCode::WrongPassword) => Code::WrongPassword,
        Some(ErrorCode::PasswordUnfit) => Code::PasswordUnfit,
        Some(ErrorCode::WrongCode) => Code::WrongCode,
        Some(ErrorCode::CodeExpired) => Code::CodeExpired,
        Some(ErrorCode::SmsFailed) => Code::SmsFailed,
        Some(ErrorCode::TooManyTries) => Code::TooManyTries,
        Some(ErrorCode::UpgradeNeeded) => Code::UpgradeNeeded,
        Some(
            ErrorCode::TooLarge
            | ErrorCode::NotFound
            | ErrorCode::OffsetDiffers
            | ErrorCode::Busy
            | ErrorCode::QuotaExceeded
            | ErrorCode::Internal,
        ) => Code::Internal,
        None => Code::ServerAddress,
    }
}
