//! The person's own account at the server: the password, and the devices that they are signed in on. Online
//! only: nothing of it is kept here.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use behorig_domain::{DeviceId, identity};
use behorig_protocol::{
    AccountState, ChangePassword as Changing, EndDevices as Ending, ErrorBody, ErrorCode,
    Forgotten, Refresh, path,
};
use behorig_store::Store;
use behorig_sync::{Failure, HttpTransport, Request, Status, Transport as _};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{sync::watch, time::Duration};
use zeroize::Zeroizing;

use crate::{
    App,
    app::{Connection, Locked, Open, blocking},
    replicas,
    rpc::{
        AccountView, Answer, ChangePassword, Code, DeviceView, Empty, EndDevices,
        ForgottenPassword, NewPassword, PasswordFault, Topic,
    },
    sign_in::{ask, masked_number, refusal},
};

/// Whatever still works on the replica that is to be erased gets so long to end.
const ENDS_WITHIN: Duration = Duration::from_secs(10);
const GLANCE: Duration = Duration::from_millis(20);

impl App {
    pub(crate) async fn account(&self, Empty {}: Empty) -> Answer<AccountView> {
        Ok(view(self.ask_signed(path::ACCOUNT, &Empty {}).await?))
    }

    /// Why a password cannot be chosen, by the rule that the server will ask too.
    pub(crate) fn password_fault(
        &self,
        asked: NewPassword,
    ) -> std::future::Ready<Answer<Option<PasswordFault>>> {
        let password = Zeroizing::new(asked.password);
        let fault = identity::password_fault(&password, &asked.user_name);
        std::future::ready(Ok(fault.map(|fault| match fault {
            identity::PasswordFault::TooShort => PasswordFault::TooShort,
            identity::PasswordFault::TooLong => PasswordFault::TooLong,
            identity::PasswordFault::UserName => PasswordFault::UserName,
            identity::PasswordFault::WellKnown => PasswordFault::WellKnown,
        })))
    }

    pub(crate) async fn change_password(&self, asked: ChangePassword) -> Answer<Empty> {
        let ChangePassword { current, new } = asked;
        // told before anything leaves this computer; the user name's own rule is the server's to ask again
        if identity::password_fault(&new, "").is_some() {
            return Err(Code::PasswordUnfit.into());
        }
        let _: serde_json::Value =
            self.ask_signed(path::PASSWORD, &Changing { current, new }).await?;
        self.host.changed(&[Topic::Account]);
        Ok(Empty {})
    }

    pub(crate) async fn end_devices(&self, asked: EndDevices) -> Answer<AccountView> {
        let device = asked.device.map(|device| device.parse().map(DeviceId)).transpose();
        let device = device.map_err(|_| Code::BadRequest)?;
        let body = Ending { device, erase: asked.erase };
        let state = self.ask_signed(path::DEVICES, &body).await?;
        self.host.changed(&[Topic::Account]);
        Ok(view(state))
    }

    /// Asks the server to mail a link to choose another password by. It never says whether there is such an
    /// account.
    pub(crate) async fn forgotten_password(&self, asked: ForgottenPassword) -> Answer<Empty> {
        let transport = HttpTransport::new(&asked.server).map_err(|_| Code::ServerAddress)?;
        let body = Forgotten { name: asked.name };
        let _: serde_json::Value = ask(&transport, path::FORGOTTEN, &body).await?;
        Ok(Empty {})
    }

    /// Asks the server something as whoever is signed in.
    pub(crate) async fn ask_signed<A: DeserializeOwned>(
        &self,
        path: &'static str,
        body: &impl Serialize,
    ) -> Answer<A> {
        let body = serde_json::to_vec(body).map_err(|_| Code::Internal)?;
        let mut renewed = false;
        loop {
            let token = self.with_store(|store| store.token()).await?;
            if token.is_none() {
                return Err(Code::SignInNeeded.into());
            }
            let request = Request { path, token: token.clone(), body: body.clone() };
            let response = self.transport()?.post(request).await.map_err(|_| Code::Offline)?;
            if response.status == 200 {
                let answer = serde_json::from_slice(&response.body);
                return answer.map_err(|_| Code::ServerAddress.into());
            }
            let told: Option<ErrorBody> = serde_json::from_slice(&response.body).ok();
            if told.is_some_and(|told| told.code == ErrorCode::BadRequest) {
                return Err(Code::BadRequest.into());
            }
            match refusal(&response) {
                Code::SignInNeeded if !renewed && self.renewed(&token).await? => renewed = true,
                code => return Err(code.into()),
            }
        }
    }

    /// Takes this replica, open or still being sent from, away from everybody, to be erased; never one that was
    /// opened after it.
    fn take_to_erase(&self, store: &Weak<Mutex<Store>>) -> Option<Open> {
        let mut connection = self.connection();
        let held = match &*connection {
            Connection::Open(open) => Some(open),
            Connection::Locked(locked) => locked.finishing.as_ref().map(|it| &it.open),
            Connection::SignedOut => None,
        };
        if !held.is_some_and(|open| std::ptr::eq(Arc::as_ptr(&open.store), store.as_ptr())) {
            return None;
        }
        match std::mem::replace(&mut *connection, Connection::SignedOut) {
            Connection::Open(open) => Some(open),
            Connection::Locked(Locked { finishing: Some(finishing), .. }) => Some(finishing.open),
            other => {
                *connection = other;
                None
            }
        }
    }

    /// Erases a replica, since its owner has ordered it elsewhere.
    async fn erase_replica(&self, open: Open) {
        self.signing_in().take();
        let (place, store) = (open.place.clone(), open.store.clone());
        let refresh = blocking(move || {
            let held = store.lock().unwrap_or_else(PoisonError::into_inner).session().ok()?;
            held.ending.or(held.tokens.map(|tokens| tokens.refresh))
        });
        let refresh = refresh.await.ok().flatten();
        let used = Arc::downgrade(&open.store);
        drop(open);
        let ended = async {
            while used.strong_count() > 0 {
                tokio::time::sleep(GLANCE).await;
            }
        };
        // whoever holds it longer holds what is no file any more
        let _ = tokio::time::timeout(ENDS_WITHIN, ended).await;
        self.opened.clear();
        let (data, server) = (self.data.clone(), place.server.clone());
        let erased = blocking(move || replicas::erase(&data, &place)).await;
        let erased = matches!(erased, Ok(Ok(())));
        if !erased {
            tracing::error!("a replica was to be erased and could not be, or not whole");
        }
        self.host.changed(&[Topic::Session]);
        if let (true, Some(refresh)) = (erased, refresh) {
            say_erased(&server, refresh).await;
        }
    }
}

/// Waits for the order to erase this replica. It comes from the server, to the session's own refresh token.
pub(crate) async fn erase_when_ordered(
    app: Weak<App>,
    store: Weak<Mutex<Store>>,
    mut status: watch::Receiver<Status>,
) {
    while status.borrow_and_update().failure != Some(Failure::EraseOrdered) {
        if status.changed().await.is_err() {
            return;
        }
    }
    // the order may come before whoever opens the replica has put it in its place: this task ends with the
    // replica, so it waits no longer than the replica is anywhere
    while let Some(app) = app.upgrade() {
        if let Some(open) = app.take_to_erase(&store) {
            tokio::spawn(async move { app.erase_replica(open).await });
            return;
        }
        drop(app);
        tokio::time::sleep(GLANCE).await;
    }
}

/// Tells the server that the order is carried out. If it does not hear, the device stays in its list.
async fn say_erased(server: &str, refresh: String) {
    let (Ok(transport), Ok(body)) =
        (HttpTransport::new(server), serde_json::to_vec(&Refresh { refresh }))
    else {
        return;
    };
    let _ = transport.post(Request { path: path::ERASED, token: None, body }).await;
}

pub(crate) fn view(state: AccountState) -> AccountView {
    let devices = state.devices.into_iter().map(|device| DeviceView {
        id: device.device.to_string(),
        this: device.this,
        system: device.system,
        signed_in_at: device.signed_in_at.to_string(),
        seen_at: device.seen_at.to_string(),
        erase: device.erase,
    });
    AccountView {
        user_name: state.user_name,
        phone: masked_number(&state.phone_ends),
        totp: state.totp,
        recovery_codes: state.recovery_codes,
        devices: devices.collect(),
    }
}
