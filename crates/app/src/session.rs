//! Signing in, unlocking, locking.

use std::sync::{Arc, Mutex};

use behorig_domain::DeviceId;
use behorig_protocol::{ErrorBody, ErrorCode, SignIn as Asked, SignedIn, path};
use behorig_store::{Identity, ReplicaKey, Store, key::PASSPHRASE_MIN};
use behorig_sync::{Doorbell, Driver, HttpTransport, Request, Response, Transport as _};
use zeroize::Zeroizing;

use crate::{
    App,
    app::{Connection, Open, blocking},
    replicas::{self, Place, key_error},
    rpc::{Answer, Code, Empty, SessionView, SignIn, Topic, Unlock},
    sync::tell,
};

impl App {
    pub(crate) async fn session_state(&self, Empty {}: Empty) -> Answer<SessionView> {
        let server = match &*self.connection() {
            Connection::SignedOut => return Ok(SessionView::SignedOut),
            Connection::Locked(place) => {
                return Ok(SessionView::Locked { server: place.server.clone() });
            }
            Connection::Open(open) => open.place.server.clone(),
        };
        let name = self.with_store(|store| store.own_name()).await?.unwrap_or_default();
        Ok(SessionView::Open { server, name })
    }

    pub(crate) async fn sign_in(self: &Arc<Self>, asked: SignIn) -> Answer<SessionView> {
        let transport = HttpTransport::new(&asked.server).map_err(|_| Code::ServerAddress)?;
        let again = match &*self.connection() {
            Connection::SignedOut => None,
            // whoever forgot the passphrase must not lose what lies behind it to a second replica
            Connection::Locked(_) => return Err(Code::Locked.into()),
            Connection::Open(_) => Some(()),
        };
        if again.is_none() && asked.passphrase.chars().count() < PASSPHRASE_MIN {
            // told before the password travels
            return Err(Code::PassphraseTooShort.into());
        }
        let device = match again {
            // no word or token meant for one server goes to another
            Some(_) if self.server().await? != transport.address() => {
                return Err(Code::ServerAddress.into());
            }
            Some(_) => self.with_store(|store| store.device()).await?,
            None => DeviceId(uuid::Uuid::now_v7()),
        };
        let signed_in = begin_session(&transport, &asked, device).await?;
        if again.is_some() {
            self.sign_in_again(signed_in).await?;
        } else {
            let server = transport.address();
            let passphrase = Zeroizing::new(asked.passphrase);
            let data = self.data.clone();
            let opened =
                blocking(move || make_replica(&data, &server, &signed_in, &passphrase, device));
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

    pub(crate) async fn unlock(self: &Arc<Self>, asked: Unlock) -> Answer<SessionView> {
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
        self.host.changed(&[Topic::Session]);
        self.session_state(Empty {}).await
    }

    fn open(self: &Arc<Self>, place: Place, store: Store) -> Answer<()> {
        // the replica says where its token goes; the label beside it is for the eye only
        let server = store.identity()?.server;
        let transport = HttpTransport::new(&server).map_err(|_| Code::ServerAddress)?;
        let store = Arc::new(Mutex::new(store));
        let doorbell = Doorbell::default();
        let (driver, status) =
            Driver::new(store.clone(), Arc::new(transport), doorbell.clone(), self.clock.clone());
        let tasks =
            vec![tokio::spawn(driver.run()), tokio::spawn(tell(self.host.clone(), status.clone()))];
        *self.connection() = Connection::Open(Open { place, store, status, doorbell, tasks });
        self.host.changed(&[Topic::Session]);
        Ok(())
    }
}

async fn begin_session(
    transport: &HttpTransport,
    asked: &SignIn,
    device: DeviceId,
) -> Answer<SignedIn> {
    let body =
        Asked { user_name: asked.user_name.clone(), password: asked.password.clone(), device };
    let body = serde_json::to_vec(&body).map_err(|_| Code::Internal)?;
    let request = Request { path: path::SESSION, token: None, body };
    let response = transport.post(request).await.map_err(|_| Code::Offline)?;
    if response.status != 200 {
        return Err(refusal(&response).into());
    }
    // an answer of another shape does not come from a server of ours
    serde_json::from_slice(&response.body).map_err(|_| Code::ServerAddress.into())
}

fn refusal(response: &Response) -> Code {
    let body: Option<ErrorBody> = serde_json::from_slice(&response.body).ok();
    match body.map(|body| body.code) {
        Some(ErrorCode::SignInRefused | ErrorCode::SignInNeeded | ErrorCode::BadRequest) => {
            Code::SignInRefused
        }
        Some(ErrorCode::TooManyTries) => Code::TooManyTries,
        Some(ErrorCode::UpgradeNeeded) => Code::UpgradeNeeded,
        Some(ErrorCode::TooLarge | ErrorCode::Internal) => Code::Internal,
        None => Code::ServerAddress,
    }
}

fn make_replica(
    data: &std::path::Path,
    server: &str,
    signed_in: &SignedIn,
    passphrase: &str,
    device: DeviceId,
) -> Answer<(Place, Store)> {
    let fill = |place: &Place, key: &ReplicaKey| {
        let mut store = Store::open(&place.replica(), key)?;
        let identity = Identity { server: server.to_owned(), person: signed_in.person };
        store.put_identity(&identity, device)?;
        store.put_token(&signed_in.token)?;
        Ok(())
    };
    let place = replicas::create(data, server, signed_in.person, passphrase, fill)?;
    let key = ReplicaKey::unwrap(&place.key(), passphrase).map_err(key_error)?;
    let store = Store::open(&place.replica(), &key)?;
    Ok((place, store))
}
