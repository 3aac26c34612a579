//! The bytes under examination, with a bound on how much is read and the reader's own error kept apart
//! from what hostile content provokes.

use std::{
    cell::Cell,
    io::{self, Read, Seek, SeekFrom},
    rc::Rc,
};

/// What even the smallest file may cost.
const LEAST: u64 = 1024 * 1024;

/// Bytes, how many they are, and how many more may be read.
pub(crate) struct Source<R> {
    bytes: R,
    len: u64,
    /// Where it seems to end: at `len` or later. Nothing can be read from there on.
    end: u64,
    at: u64,
    /// Shared, since a container's reader holds the source while the bound is moved.
    left: Rc<Cell<u64>>,
    fault: Option<io::Error>,
}

impl<R: Read + Seek> Source<R> {
    /// A whole file may be read four times over: a structure that wants more is made to exhaust us.
    pub(crate) fn new(bytes: R, len: u64) -> Self {
        let left = Rc::new(Cell::new(len.saturating_mul(4).saturating_add(LEAST)));
        Self { bytes, len, end: len, at: 0, left, fault: None }
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Lowers the bound to a part of the file; what was taken off comes back when it is called on.
    pub(crate) fn hold_to(&self, bytes: u64) -> impl FnOnce() + use<R> {
        let (left, before) = (Rc::clone(&self.left), self.left.get());
        left.set(before.min(bytes.saturating_add(LEAST)));
        let held = left.get();
        move || left.set(before - (held - left.get()))
    }

    /// Seems longer from now on, for a reader that does not even look at a file without room for what it
    /// leaves unused.
    pub(crate) fn seem(&mut self, end: u64) {
        self.end = end.max(self.len);
    }

    /// What the reader itself failed with, if it did.
    pub(crate) fn fault(&mut self) -> io::Result<()> {
        self.fault.take().map_or(Ok(()), Err)
    }

    /// At most `most` bytes from a place on.
    pub(crate) fn window(&mut self, from: u64, most: u64) -> io::Result<Vec<u8>> {
        let mut window = Vec::new();
        self.seek(SeekFrom::Start(from))?;
        self.by_ref().take(most).read_to_end(&mut window)?;
        Ok(window)
    }

    fn noted<T>(&mut self, done: io::Result<T>) -> io::Result<T> {
        done.map_err(|error| {
            let kind = error.kind();
            if kind != io::ErrorKind::Interrupted {
                self.fault.get_or_insert(error);
            }
            kind.into()
        })
    }
}

impl<R: Read + Seek> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let ahead = self.len.saturating_sub(self.at);
        if ahead > 0 && self.left.get() == 0 {
            return Err(super::broken());
        }
        let most = usize::try_from(ahead.min(self.left.get())).unwrap_or(usize::MAX);
        let room = buffer.len().min(most);
        let read = self.bytes.read(buffer.get_mut(..room).unwrap_or_default());
        let read = self.noted(read)?;
        self.at += read as u64;
        self.left.set(self.left.get().saturating_sub(read as u64));
        Ok(read)
    }
}

impl<R: Read + Seek> Seek for Source<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.end.checked_add_signed(by),
        };
        // past the end is nothing, and a place that the reader cannot take is not its failure
        let at = at.ok_or_else(super::broken)?.min(self.end);
        let sought = self.bytes.seek(SeekFrom::Start(at.min(self.len)));
        self.noted(sought)?;
        self.at = at;
        Ok(at)
    }
}
