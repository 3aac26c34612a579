//! What the window is told of the sync.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use behorig_sync::{Failure, Line, Status};
use tokio::sync::watch;

use crate::{
    App, Host,
    app::Connection,
    rpc::{Answer, Code, Empty, LineView, Notification, SyncView, Topic},
    shapes::stamp,
};

impl App {
    pub(crate) async fn sync_state(&self, Empty {}: Empty) -> Answer<SyncView> {
        let status = match &*self.connection() {
            Connection::Open(open) => *open.status.borrow(),
            Connection::SignedOut | Connection::Locked(_) => return Err(Code::Locked.into()),
        };
        let (waiting, last_contact) =
            self.with_store(|store| Ok((store.waiting()?, store.last_contact()?))).await?;
        Ok(SyncView {
            line: match status.line {
                Line::Connecting => LineView::Connecting,
                Line::Online => LineView::Online,
                Line::Offline => LineView::Offline,
                Line::SignInNeeded => LineView::SignInNeeded,
            },
            waiting: waiting.try_into().unwrap_or(i32::MAX),
            last_contact: last_contact.and_then(stamp),
            fault: match status.failure {
                Some(Failure::Server) => Some(Code::Internal),
                Some(Failure::UpgradeNeeded) => Some(Code::UpgradeNeeded),
                Some(Failure::NoLine | Failure::SignInNeeded | Failure::EraseOrdered) => None,
                None => status.differs.then_some(Code::ReplicaDiffers),
            },
        })
    }

    pub(crate) async fn sync_now(&self, Empty {}: Empty) -> Answer<SyncView> {
        self.with_store(|store| store.send_stuck_again()).await?;
        self.wrote();
        self.sync_state(Empty {}).await
    }

    pub(crate) fn stay_open(&self, Empty {}: Empty) -> Ready<Answer<Empty>> {
        self.host.stay_open();
        ready(Ok(Empty {}))
    }

    pub(crate) async fn close_program(&self, Empty {}: Empty) -> Answer<Empty> {
        self.host.close().await;
        Ok(Empty {})
    }

    pub(crate) async fn notify(&self, asked: Notification) -> Answer<Empty> {
        self.host.notify(asked.title, asked.body).await;
        Ok(Empty {})
    }
}

/// Tells the window whenever the sync brought something or the line changed, from the beginning on: what
/// happened before this task first ran must be told too.
pub(crate) async fn tell(host: Arc<dyn Host>, mut status: watch::Receiver<Status>) {
    let mut seen = 0;
    while status.changed().await.is_ok() {
        let changes = status.borrow_and_update().changes;
        if changes == seen {
            host.changed(&[Topic::Sync]);
        } else {
            seen = changes;
            host.changed(&[
                Topic::Sync,
                Topic::Session,
                Topic::Cases,
                Topic::Messages,
                Topic::Documents,
                Topic::Contact,
                Topic::Outbox,
            ]);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{future::ready, path::PathBuf, sync::Mutex};

    use futures_util::future::BoxFuture;

    use super::*;

    #[derive(Default)]
    struct Heard(Mutex<Vec<Topic>>);

    impl Host for Heard {
        fn changed(&self, topics: &[Topic]) {
            self.0.lock().unwrap().extend(topics);
        }

        fn pick_files(&self) -> BoxFuture<'_, Vec<PathBuf>> {
            Box::pin(ready(Vec::new()))
        }

        fn save_as(&self, _: String) -> BoxFuture<'_, Option<PathBuf>> {
            Box::pin(ready(None))
        }

        fn open_outside(&self, _: PathBuf) -> BoxFuture<'_, std::io::Result<()>> {
            Box::pin(ready(Ok(())))
        }

        fn notify(&self, _: String, _: String) -> BoxFuture<'_, ()> {
            Box::pin(ready(()))
        }

        fn stay_open(&self) {}

        fn close(&self) -> BoxFuture<'_, ()> {
            Box::pin(ready(()))
        }
    }

    #[tokio::test]
    async fn what_happens_before_anybody_listens_is_told_as_well() {
        let begun = Status { line: Line::Connecting, failure: None, changes: 0, differs: false };
        let (sender, status) = watch::channel(begun);
        // a driver on another thread may be faster than the task that tells of it
        sender.send_modify(|status| {
            status.line = Line::Online;
            status.changes = 1;
        });
        drop(sender);
        let heard = Arc::new(Heard::default());
        tell(heard.clone(), status).await;
        assert!(heard.0.lock().unwrap().contains(&Topic::Cases));
    }
}
