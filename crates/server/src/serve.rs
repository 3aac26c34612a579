//! The socket: takes connections, plain or under TLS, and hands their requests to the router. Nobody who
//! connects can make another wait.

use std::{io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::tls::Tls;

/// After the machine could take no connection, as when too many are open.
const PAUSE: Duration = Duration::from_secs(1);

/// How long the other side may take.
#[derive(Clone, Copy)]
pub(crate) struct Patience {
    /// From the connection to the end of the TLS handshake.
    pub(crate) handshake: Duration,
    /// From there, or from the last answer, to the end of the next request's headers. Longer than clients
    /// wait between two polls, so that they need not connect anew for each.
    pub(crate) headers: Duration,
}

/// What people meet.
pub(crate) const PATIENCE: Patience =
    Patience { handshake: Duration::from_secs(10), headers: Duration::from_secs(75) };

/// What every connection is served with.
#[derive(Clone)]
pub(crate) struct Serving {
    pub(crate) router: Router,
    pub(crate) tls: Option<Arc<Tls>>,
    pub(crate) patience: Patience,
    pub(crate) stop: CancellationToken,
}

impl Serving {
    /// Takes connections until it is stopped; ends when the requests under way are answered.
    pub(crate) async fn run(self, listener: TcpListener) {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                () = self.stop.cancelled() => break,
                Some(_) = connections.join_next() => {}
                accepted = listener.accept() => match accepted {
                    Ok((stream, address)) => {
                        connections.spawn(self.clone().connection(stream, address));
                    }
                    Err(error) if is_of_one_connection(&error) => {}
                    Err(error) => {
                        tracing::error!(%error, "no connection could be taken");
                        sleep(PAUSE).await;
                    }
                },
            }
        }
        drop(listener);
        while connections.join_next().await.is_some() {}
    }

    async fn connection(self, stream: TcpStream, address: SocketAddr) {
        // small answers leave at once; if that cannot be had they are only later
        let _ = stream.set_nodelay(true);
        let Some(tls) = &self.tls else { return self.requests(stream, address).await };
        let handshake = timeout(self.patience.handshake, tls.acceptor().accept(stream));
        let shaken = tokio::select! {
            () = self.stop.cancelled() => return,
            shaken = handshake => shaken,
        };
        match shaken {
            Ok(Ok(stream)) => self.requests(stream, address).await,
            // the other side's business, and strangers could fill the log with it
            Ok(Err(error)) => tracing::debug!(%error, "no TLS handshake"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        }
    }

    async fn requests<S>(self, stream: S, address: SocketAddr)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let router = self.router;
        let answer = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(address));
            router.clone().oneshot(request)
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(self.patience.headers);
        let mut connection = pin!(http.serve_connection(TokioIo::new(stream), answer));
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = self.stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection broke off");
        }
    }
}

/// Whether it was that connection that failed, and the next one may be taken at once.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    const SHORT: Duration = Duration::from_millis(200);
    const LONG: Duration = Duration::from_secs(60);

    async fn served(tls: bool, patience: Patience) -> (SocketAddr, CancellationToken) {
        let folder = tempfile::tempdir().unwrap();
        let made = rcgen::generate_simple_self_signed(["localhost".into()]).unwrap();
        let [certificate, key] = ["cert.pem", "key.pem"].map(|name| folder.path().join(name));
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        let tls = tls.then(|| Arc::new(Tls::read(&certificate, &key).unwrap()));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", get(|| std::future::ready("here")));
        let stop = CancellationToken::new();
        let serving = Serving { router, tls, patience, stop: stop.clone() };
        tokio::spawn(serving.run(listener));
        (address, stop)
    }

    /// Says something and nothing more; gives what comes until the other side hangs up.
    async fn silent_after(words: &[u8], address: SocketAddr) -> Vec<u8> {
        let mut line = TcpStream::connect(address).await.unwrap();
        line.write_all(words).await.unwrap();
        let mut heard = Vec::new();
        let ended = timeout(LONG / 2, line.read_to_end(&mut heard)).await;
        // a reset is a way to hang up too
        let _ = ended.expect("it did not hang up");
        heard
    }

    #[tokio::test]
    async fn whoever_does_not_end_the_handshake_is_hung_up_on() {
        let (address, _stop) = served(true, Patience { handshake: SHORT, headers: LONG }).await;
        silent_after(b"", address).await;
        // the first bytes of a handshake that never goes on
        silent_after(&[0x16, 0x03, 0x01, 0x02, 0x00, 0x01], address).await;
    }

    #[tokio::test]
    async fn whoever_does_not_end_a_request_is_hung_up_on() {
        let (address, _stop) = served(false, Patience { handshake: LONG, headers: SHORT }).await;
        silent_after(b"", address).await;
        silent_after(b"GET / HTTP/1.1\r\nhost: x\r\n", address).await;
        let answered = silent_after(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n", address).await;
        assert!(String::from_utf8(answered).unwrap().ends_with("\r\n\r\nhere"));
    }

    #[tokio::test]
    async fn a_handshake_under_way_does_not_keep_the_server_from_stopping() {
        let patience = Patience { handshake: LONG, headers: LONG };
        let (address, stop) = served(true, patience).await;
        let hung_up = tokio::spawn(async move { silent_after(b"", address).await });
        sleep(SHORT).await;
        stop.cancel();
        hung_up.await.unwrap();
    }
}
