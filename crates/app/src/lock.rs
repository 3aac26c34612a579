//! One program at a time on one folder of data: two would sweep each other's files away, and the server would
//! take their common session for a stolen one.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::Path,
    thread,
    time::{Duration, Instant},
};

/// A program that was closed a moment ago may still be ending.
const PATIENCE: Duration = Duration::from_secs(5);

/// Held as long as the program runs; the system lets go of it however the program ends.
pub struct Lock(#[expect(dead_code, reason = "it is enough that it stays open")] File);

/// Takes the folder, or says by `None` that another program has it.
pub fn take(data: &Path) -> io::Result<Option<Lock>> {
    take_within(PATIENCE, data)
}

fn take_within(patience: Duration, data: &Path) -> io::Result<Option<Lock>> {
    let mut options = OpenOptions::new();
    let file = options.create(true).truncate(false).write(true).open(data.join("lock"))?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            // not all file systems can lock; those are served all the same
            Ok(()) | Err(TryLockError::Error(_)) => return Ok(Some(Lock(file))),
            Err(TryLockError::WouldBlock) if begun.elapsed() >= patience => return Ok(None),
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(50)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_program_at_a_time() {
        let data = tempfile::tempdir().unwrap();
        let first = take(data.path()).unwrap();
        assert!(first.is_some());
        assert!(take_within(Duration::ZERO, data.path()).unwrap().is_none(), "it is taken");
        let closing = thread::spawn(move || {
            thread::sleep(Duration::from_millis(200));
            drop(first);
        });
        assert!(take(data.path()).unwrap().is_some(), "and free as soon as the other has ended");
        closing.join().unwrap();
    }
}
