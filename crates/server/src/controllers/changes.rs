//! Pokes: an open stream that says only "fetch". Losing one is harmless, since clients also poll.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State as Shared,
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{Stream, StreamExt as _, stream};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio_util::sync::CancellationToken;

use super::SignedInPerson;
use crate::state::State;

/// How often a silent stream shows that it is alive, and is asked whether its session still holds.
const ALIVE: Duration = Duration::from_secs(20);

pub(super) async fn listen(
    Shared(state): Shared<Arc<State>>,
    axum::Extension(stop): axum::Extension<CancellationToken>,
    signed_in: SignedInPerson,
) -> impl IntoResponse {
    // subscribed before the first event: whatever is committed after it gives a poke
    let pokes = state.pokes.subscribe();
    let events = pokes_for(state, pokes, signed_in).take_until(stop.cancelled_owned());
    Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE))
}

fn poke() -> Result<Event, Infallible> {
    Ok(Event::default().event("poke").data(""))
}

fn pokes_for(
    state: Arc<State>,
    pokes: Receiver<Arc<[behorig_domain::Scope]>>,
    signed_in: SignedInPerson,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let waiting = stream::unfold((state, pokes, signed_in), |(state, mut pokes, who)| async move {
        loop {
            let touched = match tokio::time::timeout(ALIVE, pokes.recv()).await {
                Ok(Ok(touched)) => touched,
                Ok(Err(RecvError::Lagged(_))) => return Some((poke(), (state, pokes, who))),
                Ok(Err(RecvError::Closed)) => return None,
                Err(_) => Arc::default(),
            };
            let now = state.now();
            let (person, token_hash) = (who.person, who.token_hash);
            let concerned = state.read(move |store| {
                let held = store.session(&token_hash, now)?.is_some();
                Ok(held.then_some(store.sees_any(person, &touched, now)?))
            });
            // a session that has ended hears nothing more
            if concerned.await.ok().flatten()? {
                return Some((poke(), (state, pokes, who)));
            }
        }
    });
    stream::once(std::future::ready(poke())).chain(waiting)
}
