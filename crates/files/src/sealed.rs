//! Files at rest, sealed in chunks of 64 KiB so that any range can be read and any change is noticed.
//!
//! A stored file is a header and then chunks, each at a fixed place: 24 bytes of random nonce, the
//! ciphertext, 16 bytes of tag (XChaCha20-Poly1305). What is authenticated with each is this format's
//! name, the file's id, the chunk's number and its mark: a chunk fits no other file or place, and only
//! the last chunk of a finished file bears the mark of the last, so a cut at a chunk's border shows.
//! The header is a chunk of nothing: it tells a wrong key from a torn write, which
//! [`Writer::resume`] cuts away.
//!
//! Not noticed: a whole older state of the same file put back. Who needs that keeps its hash elsewhere.

use std::{
    fmt,
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write as _},
    path::Path,
};

use chacha20poly1305::{AeadInPlace as _, KeyInit as _, Tag, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

/// The most plaintext in one chunk, in bytes.
pub const CHUNK: usize = 64 * 1024;

const NONCE: usize = 24;
const TAG: usize = 16;
const OVERHEAD: usize = NONCE + TAG;
const STORED: u64 = (CHUNK + OVERHEAD) as u64;
const HEADER: u64 = OVERHEAD as u64;
/// Names the format, so that a later one is not taken for this.
const PURPOSE: &[u8] = b"behorig file 1";

/// A file's id, part of what every chunk is bound to.
pub type FileId = [u8; 16];

/// 256 random bits that seal a file. Wiped from memory when dropped.
#[derive(Clone)]
pub struct FileKey(Zeroizing<[u8; 32]>);

impl fmt::Debug for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileKey")
    }
}

impl FileKey {
    /// A new random key; an error if the operating system gives no randomness.
    pub fn generate() -> io::Result<Self> {
        let mut key = Zeroizing::new([0; 32]);
        fill(&mut *key)?;
        Ok(Self(key))
    }

    /// The key that was kept as these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes to keep, wrapped by another key.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

#[derive(Clone, Copy)]
#[repr(u8)]
enum Mark {
    More = 0,
    Last = 1,
    Header = 2,
}

/// Seals and opens the chunks of one file.
struct Seal {
    cipher: XChaCha20Poly1305,
    id: FileId,
}

impl Seal {
    fn new(key: &FileKey, id: FileId) -> Self {
        Self { cipher: XChaCha20Poly1305::new(key.as_bytes().into()), id }
    }

    fn bound_to(&self, number: u64, mark: Mark) -> Vec<u8> {
        [PURPOSE, &self.id, &number.to_be_bytes(), &[mark as u8]].concat()
    }

    fn seal(&self, number: u64, mark: Mark, plain: &[u8]) -> io::Result<Vec<u8>> {
        let mut nonce = [0; NONCE];
        fill(&mut nonce)?;
        let mut text = plain.to_vec();
        let tag = self
            .cipher
            .encrypt_in_place_detached(
                XNonce::from_slice(&nonce),
                &self.bound_to(number, mark),
                &mut text,
            )
            .map_err(|_| damaged())?;
        Ok([&nonce[..], &text, &tag].concat())
    }

    /// The plaintext of a stored chunk, if it is whole and belongs here.
    fn open(&self, number: u64, mark: Mark, stored: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = stored.split_first_chunk::<NONCE>()?;
        let (text, tag) = sealed.split_last_chunk::<TAG>()?;
        let mut plain = text.to_vec();
        self.cipher
            .decrypt_in_place_detached(
                XNonce::from_slice(nonce),
                &self.bound_to(number, mark),
                &mut plain,
                Tag::from_slice(tag),
            )
            .ok()?;
        Some(plain)
    }
}

fn fill(bytes: &mut [u8]) -> io::Result<()> {
    getrandom::fill(bytes).map_err(|_| io::Error::other("no randomness"))
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the sealed file is unfinished or damaged")
}

fn place(number: u64) -> u64 {
    HEADER + number * STORED
}

/// At most `most` bytes from a place on.
fn stored(file: &mut File, at: u64, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(at))?;
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes a sealed file from its beginning to its end, over as many interruptions as there are.
///
/// One writer at a time: a second one is refused with [`io::ErrorKind::WouldBlock`] where the file
/// system can tell. After an error the writer is of no use; resume anew.
pub struct Writer {
    file: File,
    seal: Seal,
    /// The number of the chunk in `open`.
    number: u64,
    /// The newest chunk's plaintext. It may grow, so it is sealed anew each time it is written.
    open: Vec<u8>,
    /// `open` holds what the file does not.
    unwritten: bool,
}

impl Writer {
    /// Begins a new file, readable by its owner only. Never replaces one.
    pub fn create(path: &Path, key: &FileKey, id: FileId) -> io::Result<Self> {
        let mut options = fs::OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut writer = Self::over(options.open(path)?, key, id)?;
        writer.begin()?;
        #[cfg(unix)]
        if let Some(folder) = path.parent() {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            File::open(folder)?.sync_all()?;
        }
        Ok(writer)
    }

    /// Goes on with a file. What a crash left torn is cut away, and [`Writer::len`] tells how much
    /// there is; it is read whole to know that. A finished file stays finished until more is appended.
    ///
    /// An error of kind [`io::ErrorKind::InvalidData`] means another key or id, or a damaged header;
    /// the file is then left as it is.
    pub fn resume(path: &Path, key: &FileKey, id: FileId) -> io::Result<Self> {
        let file = fs::OpenOptions::new().read(true).write(true).open(path)?;
        let mut writer = Self::over(file, key, id)?;
        let header = stored(&mut writer.file, 0, HEADER)?;
        if writer.seal.open(0, Mark::Header, &header).is_none() {
            if writer.file.metadata()?.len() > HEADER {
                return Err(damaged());
            }
            // a crash while it was created: there is nothing to lose yet
            writer.begin()?;
            return Ok(writer);
        }
        let mut end = HEADER;
        for number in 0.. {
            let chunk = stored(&mut writer.file, place(number), STORED)?;
            let open = |mark| writer.seal.open(number, mark, &chunk);
            let (plain, last) = match (open(Mark::More), open(Mark::Last)) {
                (Some(plain), _) => (plain, false),
                (None, Some(plain)) => (plain, true),
                (None, None) => break,
            };
            (writer.number, writer.open) = (number, plain);
            end = place(number) + chunk.len() as u64;
            if last {
                break;
            }
        }
        writer.file.set_len(end)?;
        writer.file.sync_all()?;
        Ok(writer)
    }

    fn over(file: File, key: &FileKey, id: FileId) -> io::Result<Self> {
        // not all file systems can lock; those are served all the same
        if let Err(fs::TryLockError::WouldBlock) = file.try_lock() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let seal = Seal::new(key, id);
        Ok(Self { file, seal, number: 0, open: Vec::new(), unwritten: false })
    }

    fn begin(&mut self) -> io::Result<()> {
        let header = self.seal.seal(0, Mark::Header, &[])?;
        self.file.set_len(0)?;
        self.write_at(0, &header)?;
        self.file.sync_all()
    }

    /// How many bytes have been appended. After [`Writer::resume`] and [`Writer::sync`] they are all on
    /// the disk.
    pub fn len(&self) -> u64 {
        self.number * CHUNK as u64 + self.open.len() as u64
    }

    /// Nothing has been appended.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds to the end. Up to one chunk stays in memory until [`Writer::sync`] or [`Writer::finish`].
    pub fn append(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            if self.open.len() == CHUNK {
                self.write_open(Mark::More)?;
                self.number += 1;
                self.open.clear();
            }
            let room = bytes.len().min(CHUNK - self.open.len());
            let (now, later) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
            self.open.extend_from_slice(now);
            self.unwritten = true;
            bytes = later;
        }
        Ok(())
    }

    /// Brings all that was appended to the disk. A crash in the middle of it may take the newest chunk,
    /// synced before or not, and none before that.
    pub fn sync(&mut self) -> io::Result<()> {
        if self.unwritten {
            self.write_open(Mark::More)?;
        }
        self.file.sync_all()
    }

    /// Marks the end, brings all to the disk and tells the length.
    pub fn finish(&mut self) -> io::Result<u64> {
        self.write_open(Mark::Last)?;
        self.file.sync_all()?;
        Ok(self.len())
    }

    fn write_open(&mut self, mark: Mark) -> io::Result<()> {
        let chunk = self.seal.seal(self.number, mark, &self.open)?;
        self.write_at(place(self.number), &chunk)?;
        self.unwritten = false;
        Ok(())
    }

    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(at))?;
        self.file.write_all(bytes)
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("len", &self.len()).finish_non_exhaustive()
    }
}

/// Reads a finished file, from anywhere in it. What is unfinished, cut, changed, or sealed by another
/// key or for another id is an error of kind [`io::ErrorKind::InvalidData`].
pub struct Reader {
    file: File,
    seal: Seal,
    len: u64,
    chunks: u64,
    at: u64,
    /// The chunk that was read last, and its number.
    open: (u64, Vec<u8>),
}

impl Reader {
    /// Opens a file and checks its header and its end; all else is checked as it is read.
    pub fn open(path: &Path, key: &FileKey, id: FileId) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let seal = Seal::new(key, id);
        let header = stored(&mut file, 0, HEADER)?;
        seal.open(0, Mark::Header, &header).ok_or_else(damaged)?;
        let sealed = file.metadata()?.len().saturating_sub(HEADER);
        let chunks = sealed.div_ceil(STORED);
        let last = chunks.checked_sub(1).ok_or_else(damaged)?;
        let mut reader = Self { file, seal, len: 0, chunks, at: 0, open: (last, Vec::new()) };
        reader.load(last)?;
        reader.len = last * CHUNK as u64 + reader.open.1.len() as u64;
        Ok(reader)
    }

    /// How many bytes the file holds.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// The file holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn load(&mut self, number: u64) -> io::Result<()> {
        let mark = if number + 1 == self.chunks { Mark::Last } else { Mark::More };
        let chunk = stored(&mut self.file, place(number), STORED)?;
        let plain = self.seal.open(number, mark, &chunk).ok_or_else(damaged)?;
        self.open = (number, plain);
        Ok(())
    }
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.len || buffer.is_empty() {
            return Ok(0);
        }
        let (number, within) = (self.at / CHUNK as u64, (self.at % CHUNK as u64) as usize);
        if self.open.0 != number {
            self.load(number)?;
        }
        let mut ahead = self.open.1.get(within..).ok_or_else(damaged)?;
        let read = ahead.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Reader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.len.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("len", &self.len).finish_non_exhaustive()
    }
}
