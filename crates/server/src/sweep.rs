//! Forgets the files that no document has named for long, and removes their bytes; and the applications by
//! people without an account that have waited too long.
//!
//! The row goes first and the bytes after it: as long as a command can find a file, its bytes are here. What
//! a crash leaves in between is bytes without a row, which the next round removes.

use std::{sync::Arc, time::Duration};

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::{applicants, fault::Fault, state::State};

/// The wait between two rounds.
const REST: Duration = Duration::from_secs(6 * 60 * 60);

/// Sweeps now and then, until the server stops. The first round is the caller's.
pub(crate) async fn run(state: Arc<State>, stop: CancellationToken) {
    let work = async {
        loop {
            sleep(REST).await;
            sweep_or_log(&state).await;
        }
    };
    tokio::select! {
        () = work => {}
        () = stop.cancelled() => {}
    }
}

/// One round, which may fail: what stays is swept in the next.
pub(crate) async fn sweep_or_log(state: &Arc<State>) {
    if let Err(fault) = sweep(state).await {
        tracing::error!(%fault, "what is due to be erased stays");
    }
}

/// One round.
pub(crate) async fn sweep(state: &Arc<State>) -> Result<(), Fault> {
    let now = state.now();
    applicants::sweep(state).await?;
    state.writer.run(move |writing| Ok(writing.forget_unused(now)?)).await?;
    let listing = state.clone();
    let files = tokio::task::spawn_blocking(move || listing.uploads.all());
    let files = files.await.map_err(|_| Fault::Panicked)??;
    let forgotten = state.read(move |store| {
        let mut forgotten = Vec::new();
        for id in files {
            if store.upload(id)?.is_none() {
                forgotten.push(id);
            }
        }
        Ok(forgotten)
    });
    for id in forgotten.await? {
        // one that somebody is at stays for the next round
        let Ok(place) = state.uploads.place(id) else { continue };
        // asked again, now that nobody can get at it: it may have been begun anew since
        if state.read(move |store| store.upload(id)).await?.is_none() {
            let removing = state.clone();
            let removed = tokio::task::spawn_blocking(move || removing.uploads.remove(id, place));
            removed.await.map_err(|_| Fault::Panicked)??;
        }
    }
    Ok(())
}
