//! The replica's key: random, and kept only wrapped.
//!
//! It is wrapped twice: by the PIN, and by the recovery share that the server gives out after a full
//! sign-in. Both need the secret in the operating system's keyring as well, so that neither a copied disk
//! nor the server alone opens anything. Where there is no keyring, a passphrase stands in the PIN's place
//! and each of the two opens alone.

use std::{
    fmt, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Fewest characters in a PIN. It is guessed with the keyring's secret only.
pub const PIN_MIN: usize = 6;
/// Fewest characters in a passphrase.
pub const PASSPHRASE_MIN: usize = 8;
/// Wrong tries before a full sign-in is demanded. A brake: whoever can write to the disk can reset it.
pub const TRIES_MAX: u32 = 10;

const FORMAT: u32 = 1;
const PURPOSE: &[u8] = b"behorig replica key 1";

/// Why a key cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    /// The PIN or passphrase is not the one that wrapped the key.
    #[error("wrong PIN or passphrase")]
    WrongWord {
        /// Tries that are left.
        tries_left: u32,
    },
    /// No try is left: only a full sign-in opens the replica.
    #[error("too many wrong tries")]
    NoTriesLeft,
    /// Shorter than [`PIN_MIN`] or [`PASSPHRASE_MIN`].
    #[error("PIN or passphrase too short")]
    TooShort,
    /// The key was wrapped with a secret in the keyring, and none was given.
    #[error("the keyring's secret is missing")]
    SecretMissing,
    /// The recovery share does not open the key: it, or the keyring's secret, is another.
    #[error("the recovery share does not fit")]
    WrongShare,
    /// The key file is damaged, or a newer version wrote it.
    #[error("the key file cannot be read")]
    Unreadable,
    /// The file system failed.
    #[error("key file: {0}")]
    Io(#[from] io::Error),
    /// The operating system gave no random bytes.
    #[error("no randomness")]
    Randomness,
}

/// 256 secret bits: what lies in the keyring, or the server's recovery share. Wiped when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<[u8; 32]>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// A new one.
    pub fn random() -> Result<Self, KeyFault> {
        Ok(Self(random()?))
    }

    /// From 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    /// From 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        Self::from_bytes(&Zeroizing::new(hex::decode(text).ok()?))
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// All that a new key is wrapped by.
#[derive(Clone, Copy)]
pub struct Wrapping<'a> {
    /// The secret in the keyring, where there is one.
    pub keyring: Option<&'a Secret>,
    /// The PIN; without a keyring the passphrase.
    pub word: &'a str,
    /// The server's recovery share.
    pub share: &'a Secret,
}

/// Fewest characters in the PIN or passphrase.
pub fn word_min(keyring: bool) -> usize {
    if keyring { PIN_MIN } else { PASSPHRASE_MIN }
}

/// 256 random bits that encrypt a replica. Wiped from memory when dropped.
pub struct ReplicaKey(Zeroizing<[u8; 32]>);

impl fmt::Debug for ReplicaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReplicaKey")
    }
}

/// What stands in the key file: nothing secret without what wraps the key.
#[derive(Serialize, Deserialize)]
struct KeyFile {
    format: u32,
    /// Whether both wrappings need the keyring's secret.
    keyring: bool,
    by_word: ByWord,
    by_share: Sealed,
}

#[derive(Serialize, Deserialize)]
struct ByWord {
    memory_kib: u32,
    passes: u32,
    salt: String,
    sealed: Sealed,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    nonce: String,
    key: String,
}

impl ReplicaKey {
    /// Makes a new key and writes it, wrapped, to a new file.
    pub fn create(path: &Path, wrapping: &Wrapping<'_>) -> Result<Self, KeyFault> {
        let key = Self(random()?);
        let file = KeyFile {
            format: FORMAT,
            keyring: wrapping.keyring.is_some(),
            by_word: ByWord::seal(&key, wrapping.keyring, wrapping.word)?,
            by_share: seal(&key, &by_share(wrapping.keyring, wrapping.share)?)?,
        };
        write_new(path, &file.to_bytes()?)?;
        Ok(key)
    }

    /// Whether the key needs the keyring's secret.
    pub fn needs_keyring(path: &Path) -> Result<bool, KeyFault> {
        Ok(KeyFile::read(path)?.keyring)
    }

    /// How many wrong tries are left.
    pub fn tries_left(path: &Path) -> u32 {
        TRIES_MAX.saturating_sub(tried(path))
    }

    /// Reads the key back by PIN or passphrase. The try is counted, durably, before it is compared.
    pub fn unwrap(path: &Path, keyring: Option<&Secret>, word: &str) -> Result<Self, KeyFault> {
        let file = KeyFile::read(path)?;
        let keyring = file.secret(keyring)?;
        let tried = tried(path).saturating_add(1);
        if tried > TRIES_MAX {
            return Err(KeyFault::NoTriesLeft);
        }
        replace(&tries_file(path), tried.to_string().as_bytes())?;
        let ByWord { memory_kib, passes, salt, sealed } = &file.by_word;
        let salt = hex::decode(salt).map_err(|_| KeyFault::Unreadable)?;
        let wrapping = by_word(keyring, word, &salt, *memory_kib, *passes)?;
        let tries_left = TRIES_MAX.saturating_sub(tried);
        let key = open(sealed, &wrapping, KeyFault::WrongWord { tries_left })?;
        forget_tries(path)?;
        Ok(key)
    }

    /// Reads the key back by the recovery share. Changes nothing: [`Self::choose_word`] does.
    pub fn recover(
        path: &Path,
        keyring: Option<&Secret>,
        share: &Secret,
    ) -> Result<Self, KeyFault> {
        let file = KeyFile::read(path)?;
        let wrapping = by_share(file.secret(keyring)?, share)?;
        open(&file.by_share, &wrapping, KeyFault::WrongShare)
    }

    /// Wraps this key by another PIN or passphrase. The file holds the old wrapping or the new one, never
    /// neither.
    pub fn choose_word(
        &self,
        path: &Path,
        keyring: Option<&Secret>,
        word: &str,
    ) -> Result<(), KeyFault> {
        let mut file = KeyFile::read(path)?;
        file.by_word = ByWord::seal(self, file.secret(keyring)?, word)?;
        replace(path, &file.to_bytes()?)?;
        forget_tries(path)
    }

    /// Wraps this key by another recovery share of the server.
    pub fn choose_share(
        &self,
        path: &Path,
        keyring: Option<&Secret>,
        share: &Secret,
    ) -> Result<(), KeyFault> {
        let mut file = KeyFile::read(path)?;
        file.by_share = seal(self, &by_share(file.secret(keyring)?, share)?)?;
        Ok(replace(path, &file.to_bytes()?)?)
    }

    /// The key as SQLCipher takes it, so that it derives nothing more at each opening.
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("x'{}'", Zeroizing::new(hex::encode(*self.0)).as_str()))
    }
}

impl KeyFile {
    fn read(path: &Path) -> Result<Self, KeyFault> {
        let file: Self =
            serde_json::from_slice(&fs::read(path)?).map_err(|_| KeyFault::Unreadable)?;
        if file.format == FORMAT { Ok(file) } else { Err(KeyFault::Unreadable) }
    }

    fn to_bytes(&self) -> Result<Vec<u8>, KeyFault> {
        serde_json::to_vec_pretty(self).map_err(|_| KeyFault::Unreadable)
    }

    /// The keyring's secret if this key needs it: one that appeared later does not count.
    fn secret<'a>(&self, keyring: Option<&'a Secret>) -> Result<Option<&'a Secret>, KeyFault> {
        match keyring {
            _ if !self.keyring => Ok(None),
            Some(secret) => Ok(Some(secret)),
            None => Err(KeyFault::SecretMissing),
        }
    }
}

impl ByWord {
    fn seal(key: &ReplicaKey, keyring: Option<&Secret>, word: &str) -> Result<Self, KeyFault> {
        if word.chars().count() < word_min(keyring.is_some()) {
            return Err(KeyFault::TooShort);
        }
        let (memory_kib, passes) = (Params::DEFAULT_M_COST, Params::DEFAULT_T_COST);
        let salt = random::<16>()?;
        let wrapping = by_word(keyring, word, &*salt, memory_kib, passes)?;
        let sealed = seal(key, &wrapping)?;
        Ok(Self { memory_kib, passes, salt: hex::encode(*salt), sealed })
    }
}

fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, KeyFault> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(&mut *bytes).map_err(|_| KeyFault::Randomness)?;
    Ok(bytes)
}

fn by_word(
    keyring: Option<&Secret>,
    word: &str,
    salt: &[u8],
    memory_kib: u32,
    passes: u32,
) -> Result<Secret, KeyFault> {
    let params = Params::new(memory_kib, passes, 1, Some(32)).map_err(|_| KeyFault::Unreadable)?;
    let mut stretched = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(word.as_bytes(), salt, &mut *stretched)
        .map_err(|_| KeyFault::Unreadable)?;
    derive(keyring, &stretched, b"word")
}

fn by_share(keyring: Option<&Secret>, share: &Secret) -> Result<Secret, KeyFault> {
    derive(keyring, share.bytes(), b"share")
}

/// One wrapping key out of both halves; `use_` keeps the two wrappings apart.
fn derive(keyring: Option<&Secret>, half: &[u8; 32], use_: &[u8]) -> Result<Secret, KeyFault> {
    let mut both = Zeroizing::new(Vec::with_capacity(64));
    both.extend_from_slice(keyring.map(|secret| &secret.bytes()[..]).unwrap_or_default());
    both.extend_from_slice(half);
    let mut wrapping = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, &both)
        .expand_multi_info(&[PURPOSE, b" by ", use_], &mut *wrapping)
        .map_err(|_| KeyFault::Unreadable)?;
    Ok(Secret(wrapping))
}

fn seal(key: &ReplicaKey, wrapping: &Secret) -> Result<Sealed, KeyFault> {
    let nonce = random::<24>()?;
    let sealed = XChaCha20Poly1305::new(wrapping.bytes().into())
        .encrypt(XNonce::from_slice(&*nonce), Payload { msg: &key.0[..], aad: PURPOSE })
        .map_err(|_| KeyFault::Unreadable)?;
    Ok(Sealed { nonce: hex::encode(*nonce), key: hex::encode(sealed) })
}

fn open(sealed: &Sealed, wrapping: &Secret, wrong: KeyFault) -> Result<ReplicaKey, KeyFault> {
    let bytes = |text: &str| hex::decode(text).map_err(|_| KeyFault::Unreadable);
    let nonce: [u8; 24] = bytes(&sealed.nonce)?.try_into().map_err(|_| KeyFault::Unreadable)?;
    let msg = bytes(&sealed.key)?;
    let key = XChaCha20Poly1305::new(wrapping.bytes().into())
        .decrypt(XNonce::from_slice(&nonce), Payload { msg: &msg, aad: PURPOSE })
        .map_err(|_| wrong)?;
    let key = Zeroizing::new(key);
    let key: [u8; 32] = key.as_slice().try_into().map_err(|_| KeyFault::Unreadable)?;
    Ok(ReplicaKey(Zeroizing::new(key)))
}

fn tries_file(path: &Path) -> PathBuf {
    path.with_extension("tries")
}

/// Wrong tries until now. A count that cannot be read is a full one.
fn tried(path: &Path) -> u32 {
    match fs::read_to_string(tries_file(path)) {
        Ok(text) => text.parse().unwrap_or(TRIES_MAX),
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(_) => TRIES_MAX,
    }
}

fn forget_tries(path: &Path) -> Result<(), KeyFault> {
    match fs::remove_file(tries_file(path)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Whole or not at all, and never over a file that is there: that would lose a replica.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write(path, bytes, fs::OpenOptions::new().write(true).create_new(true))
}

/// The old bytes or the new ones, whenever the power goes.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    write(&beside, bytes, fs::OpenOptions::new().write(true).create(true).truncate(true))?;
    fs::rename(&beside, path)?;
    // elsewhere a folder cannot be opened as a file, and its names are kept with them
    match path.parent() {
        Some(folder) if cfg!(unix) => fs::File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

fn write(path: &Path, bytes: &[u8], options: &mut fs::OpenOptions) -> io::Result<()> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
pub(crate) mod tests;
