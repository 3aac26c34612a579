//! The one writer: a thread that takes all waiting jobs into one transaction, so that they share one sync
//! to disk. Answers leave only after the commit.

use std::{sync::mpsc, thread};

use behorig_server_store::{Store, Writing};
use tokio::sync::oneshot;

use crate::fault::Fault;

/// Jobs that may wait before new ones do.
const QUEUE: usize = 1_024;
/// Jobs in one transaction, so that the first of them does not wait long.
const BATCH: usize = 64;

type Done = Box<dyn FnOnce(bool) + Send>;
type Job = Box<dyn FnOnce(&mut Writing<'_>) -> Done + Send>;

pub(crate) struct Writer {
    jobs: tokio::sync::mpsc::Sender<Job>,
}

impl Writer {
    pub(crate) fn start(mut store: Store) -> Self {
        let (jobs, mut queue) = tokio::sync::mpsc::channel::<Job>(QUEUE);
        // ends when the last sender is gone
        thread::spawn(move || {
            while let Some(first) = queue.blocking_recv() {
                let mut batch = vec![first];
                while batch.len() < BATCH
                    && let Ok(job) = queue.try_recv()
                {
                    batch.push(job);
                }
                run(&mut store, batch);
            }
        });
        Self { jobs }
    }

    /// Runs `work` in a transaction, perhaps together with others. It is durable when this returns `Ok`.
    ///
    /// If `work` fails, what it wrote stays with the others' writes: it must undo its own, as
    /// [`Writing::decide`] does, or write one thing.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writing<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let (sender, answer) = oneshot::channel();
        let job: Job = Box::new(move |writing| {
            let result = work(writing);
            Box::new(move |committed| {
                // an error means that the asker has gone; what was committed stays
                let _ = sender.send(if committed { result } else { Err(Fault::NotCommitted) });
            })
        });
        self.jobs.send(job).await.map_err(|_| Fault::Panicked)?;
        answer.await.map_err(|_| Fault::Panicked)?
    }
}

fn run(store: &mut Store, batch: Vec<Job>) {
    // kept outside, so that everybody is answered when the commit itself fails
    let (sender, done) = mpsc::channel::<Done>();
    let committed = store.write(|writing| {
        for job in batch {
            // a job that panics undoes its own by its savepoint and answers nobody; the others go on
            let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(writing)));
            if let Ok(tell) = ran {
                let _ = sender.send(tell);
            }
        }
        Ok::<_, behorig_server_store::Fault>(())
    });
    drop(sender);
    if let Err(fault) = &committed {
        tracing::error!(%fault, "nothing of a batch was written");
    }
    for tell in done {
        tell(committed.is_ok());
    }
}
