//! Signing in, unlocking, locking.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use behorig_domain::DeviceId;
use behorig_protocol::{
    CodeSent, EnterCode as CodeEntered, ErrorBody, ErrorCode, SendAgain, SignIn as Asked, SignedIn,
    path,
};
use behorig_store::{Identity, ReplicaKey, Store, key::PASSPHRASE_MIN};
use behorig_sync::{Doorbell, Driver, HttpTransport, Request, Response, Transport as _};
use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::{
    App,
    app::{Connection, Open, blocking},
    replicas::{self, Place, key_error},
    rpc::{Answer, Code, Empty, EnterCode, SessionView, SignIn, Topic, Unlock},
    sync::tell,
};

impl App {
    pub(crate) async fn session_state(&self, Empty {}: Empty) -> Answer<SessionView> {
        let server = match &*self.connection() {
            Connection::SignedOut => {
                let waiting = self.signing_in();
                let phone = waiting.as_ref().map(|waiting| waiting.phone.clone());
                return Ok(phone.map_or(SessionView::SignedOut, code_needed));
            }
            Connection::Locked(place) => {
                return Ok(SessionView::Locked { server: place.server.clone() });
            }
            Connection::Open(open) => open.place.server.clone(),
        };
        let name = self.with_store(|store| store.own_name()).await?.unwrap_or_default();
        Ok(SessionView::Open { server, name })
    }

    pub(crate) async fn sign_in(&self, asked: SignIn) -> Answer<SessionView> {
        let transport = HttpTransport::new(&asked.server).map_err(|_| Code::ServerAddress)?;
        let again = match &*self.connection() {
            Connection::SignedOut => false,
            // whoever forgot the passphrase must not lose what lies behind it to a second replica
            Connection::Locked(_) => return Err(Code::Locked.into()),
            Connection::Open(_) => true,
        };
        if !again && asked.passphrase.chars().count() < PASSPHRASE_MIN {
            // told before the password travels
            return Err(Code::PassphraseTooShort.into());
        }
        // no word or token meant for one server goes to another
        if again && self.server().await? != transport.address() {
            return Err(Code::ServerAddress.into());
        }
        let device = match again {
            true => self.with_store(|store| store.device()).await?,
            false => DeviceId(uuid::Uuid::now_v7()),
        };
        let body = Asked { user_name: asked.user_name, password: asked.password, device };
        let sent: CodeSent = ask(&transport, path::SIGN_IN, &body).await?;
        let phone = masked(&sent);
        *self.signing_in() = Some(SigningIn {
            transport,
            challenge: sent.challenge,
            phone: phone.clone(),
            device,
            passphrase: Zeroizing::new(asked.passphrase),
            again,
        });
        Ok(code_needed(phone))
    }

    pub(crate) async fn code_again(&self, Empty {}: Empty) -> Answer<SessionView> {
        let waiting = self.signing_in().clone().ok_or(Code::SignInNeeded)?;
        let body = SendAgain { challenge: waiting.challenge };
        let sent: CodeSent = ask(&waiting.transport, path::CODE_AGAIN, &body).await?;
        Ok(code_needed(masked(&sent)))
    }

    pub(crate) async fn sign_in_cancel(&self, Empty {}: Empty) -> Answer<SessionView> {
        self.signing_in().take();
        self.session_state(Empty {}).await
    }

    pub(crate) async fn enter_code(&self, asked: EnterCode) -> Answer<SessionView> {
        let waiting = self.signing_in().clone().ok_or(Code::SignInNeeded)?;
        let body = CodeEntered { challenge: waiting.challenge.clone(), code: asked.code };
        let signed_in: SignedIn = ask(&waiting.transport, path::SESSION, &body).await?;
        self.signing_in().take();
        if waiting.again {
            self.sign_in_again(signed_in).await?;
        } else {
            let data = self.data.clone();
            let opened = blocking(move || make_replica(&data, &waiting, &signed_in));
            let (place, store) = opened.await??;
            self.open(place, store)?;
        }
        self.session_state(Empty {}).await
    }

    async fn server(&self) -> Answer<String> {
        self.with_store(|store| Ok(store.identity()?.server)).await
    }

    /// The session had ended; the replica is open and stays.
    async fn sign_in_again(&self, signed_in: SignedIn) -> Answer<()> {
        self.with_store(move |store| {
            // somebody else's password opens nothing here
            if store.identity()?.person != signed_in.person {
                return Ok(Err(Code::SignInRefused));
            }
            store.put_token(&signed_in.token).map(Ok)
        })
        .await??;
        self.wrote();
        Ok(())
    }

    pub(crate) async fn unlock(&self, asked: Unlock) -> Answer<SessionView> {
        let place = match &*self.connection() {
            Connection::SignedOut => return Err(Code::Locked.into()),
            Connection::Locked(place) => Some(place.clone()),
            Connection::Open(_) => None,
        };
        if let Some(place) = place {
            let passphrase = Zeroizing::new(asked.passphrase);
            let opened = blocking(move || {
                let key = ReplicaKey::unwrap(&place.key(), &passphrase).map_err(key_error)?;
                let store = Store::open(&place.replica(), &key)?;
                Ok::<_, crate::RpcError>((place, store))
            });
            let (place, store) = opened.await??;
            self.open(place, store)?;
        }
        self.session_state(Empty {}).await
    }

    pub(crate) async fn lock(&self, Empty {}: Empty) -> Answer<SessionView> {
        // a sign-in that waits for its code belongs to what is being locked
        self.signing_in().take();
        let closed = {
            let mut connection = self.connection();
            let locked = match &*connection {
                Connection::Open(open) => Connection::Locked(open.place.clone()),
                Connection::Locked(place) => Connection::Locked(place.clone()),
                Connection::SignedOut => Connection::SignedOut,
            };
            std::mem::replace(&mut *connection, locked)
        };
        drop(closed);
        self.opened.clear();
        self.host.changed(&[Topic::Session]);
        self.session_state(Empty {}).await
    }

    fn open(&self, place: Place, store: Store) -> Answer<()> {
        // the replica says where its token goes; the label beside it is for the eye only
        let server = store.identity()?.server;
        let transport = Arc::new(HttpTransport::new(&server).map_err(|_| Code::ServerAddress)?);
        let store = Arc::new(Mutex::new(store));
        let doorbell = Doorbell::default();
        let (driver, status) =
            Driver::new(store.clone(), transport.clone(), doorbell.clone(), self.clock.clone());
        let tasks =
            vec![tokio::spawn(driver.run()), tokio::spawn(tell(self.host.clone(), status.clone()))];
        *self.connection() =
            Connection::Open(Open { place, store, status, doorbell, transport, tasks });
        self.host.changed(&[Topic::Session]);
        Ok(())
    }
}

/// A sign-in between its password and its code. Kept in memory only.
#[derive(Clone)]
pub(crate) struct SigningIn {
    transport: HttpTransport,
    challenge: String,
    phone: String,
    device: DeviceId,
    passphrase: Zeroizing<String>,
    /// Whether the replica was open when it began.
    again: bool,
}

fn masked(sent: &CodeSent) -> String {
    format!("•••• {}", sent.phone_ends)
}

fn code_needed(phone: String) -> SessionView {
    SessionView::CodeNeeded { phone }
}

/// Asks the server something that belongs to signing in.
async fn ask<A: DeserializeOwned>(
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

fn refusal(response: &Response) -> Code {
    let body: Option<ErrorBody> = serde_json::from_slice(&response.body).ok();
    match body.map(|body| body.code) {
        Some(ErrorCode::SignInRefused | ErrorCode::BadRequest) => Code::SignInRefused,
        Some(ErrorCode::SignInNeeded) => Code::SignInNeeded,
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
            | ErrorCode::Internal,
        ) => Code::Internal,
        None => Code::ServerAddress,
    }
}

fn make_replica(data: &Path, waiting: &SigningIn, signed_in: &SignedIn) -> Answer<(Place, Store)> {
    let server = waiting.transport.address();
    let fill = |place: &Place, key: &ReplicaKey| {
        let mut store = Store::open(&place.replica(), key)?;
        let identity = Identity { server: server.clone(), person: signed_in.person };
        store.put_identity(&identity, waiting.device)?;
        store.put_token(&signed_in.token)?;
        Ok(())
    };
    let place = replicas::create(data, &server, signed_in.person, &waiting.passphrase, fill)?;
    let key = ReplicaKey::unwrap(&place.key(), &waiting.passphrase).map_err(key_error)?;
    let store = Store::open(&place.replica(), &key)?;
    Ok((place, store))
}
