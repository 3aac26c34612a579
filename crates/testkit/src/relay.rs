//! A line that can be cut: a TCP relay between a program and a server.

use std::{net::SocketAddr, sync::Arc};

use crate::until;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Passes bytes on while it is up; cutting it breaks what is under way and refuses what is new.
pub struct Relay {
    address: SocketAddr,
    up: Arc<watch::Sender<bool>>,
}

impl Relay {
    /// A relay to a server, up.
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let up = Arc::new(watch::Sender::new(true));
        tokio::spawn(accept(listener, server, up.clone()));
        Self { address, up }
    }

    /// The address to use in the server's place.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Cuts the line.
    pub fn cut(&self) {
        self.up.send_replace(false);
    }

    /// Mends the line.
    pub fn mend(&self) {
        self.up.send_replace(true);
    }
}

async fn accept(listener: TcpListener, server: SocketAddr, up: Arc<watch::Sender<bool>>) {
    let Ok(address) = listener.local_addr() else { return };
    let mut listener = Some(listener);
    let mut line = up.subscribe();
    loop {
        let Some(open) = &listener else {
            // a cut line takes no call: the port is closed until it is mended
            line.wait_for(|up| *up).await.unwrap();
            // somebody else may have the port for a moment
            listener = Some(
                until("the port of the relay", async || TcpListener::bind(address).await.ok())
                    .await,
            );
            continue;
        };
        tokio::select! {
            accepted = open.accept() => {
                let Ok((client, _)) = accepted else { return };
                tokio::spawn(pass_on(client, server, up.subscribe()));
            }
            _ = line.wait_for(|up| !up) => listener = None,
        }
    }
}

async fn pass_on(mut client: TcpStream, server: SocketAddr, mut line: watch::Receiver<bool>) {
    let Ok(mut there) = TcpStream::connect(server).await else { return };
    tokio::select! {
        _ = copy_bidirectional(&mut client, &mut there) => {}
        _ = line.wait_for(|up| !up) => {}
    }
}
