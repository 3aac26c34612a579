//! The replica's key: random, and kept only wrapped by what the person knows.
//!
//! Today a passphrase wraps it. The keyring's secret and the server's recovery share join it with the
//! PIN; the file names its format so that they can.

use std::{fmt, fs, io::Write as _, path::Path};

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Fewest characters in a passphrase.
pub const PASSPHRASE_MIN: usize = 8;

const FORMAT: u32 = 1;
const PURPOSE: &[u8] = b"behorig replica key 1";

/// Why a key cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    /// The passphrase is not the one that wrapped the key.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// Shorter than [`PASSPHRASE_MIN`].
    #[error("passphrase too short")]
    TooShort,
    /// The key file is damaged, or a newer version wrote it.
    #[error("the key file cannot be read")]
    Unreadable,
    /// The file system failed.
    #[error("key file: {0}")]
    Io(#[from] std::io::Error),
    /// The operating system gave no random bytes.
    #[error("no randomness")]
    Randomness,
}

/// 256 random bits that encrypt a replica. Wiped from memory when dropped.
pub struct ReplicaKey(Zeroizing<[u8; 32]>);

impl fmt::Debug for ReplicaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReplicaKey")
    }
}

/// What stands in the key file: nothing secret without the passphrase.
#[derive(Serialize, Deserialize)]
struct Wrapped {
    format: u32,
    memory_kib: u32,
    passes: u32,
    salt: String,
    nonce: String,
    key: String,
}

impl ReplicaKey {
    /// Makes a new key and writes it, wrapped, to a new file.
    pub fn create(path: &Path, passphrase: &str) -> Result<Self, KeyFault> {
        if passphrase.chars().count() < PASSPHRASE_MIN {
            return Err(KeyFault::TooShort);
        }
        let mut key = Zeroizing::new([0; 32]);
        let (mut salt, mut nonce) = ([0; 16], [0; 24]);
        for bytes in [&mut key[..], &mut salt[..], &mut nonce[..]] {
            getrandom::fill(bytes).map_err(|_| KeyFault::Randomness)?;
        }
        let (memory_kib, passes) = (Params::DEFAULT_M_COST, Params::DEFAULT_T_COST);
        let wrapping = wrapping_key(passphrase, &salt, memory_kib, passes)?;
        let payload = Payload { msg: &key[..], aad: PURPOSE };
        let sealed = XChaCha20Poly1305::new(wrapping.as_ref().into())
            .encrypt(XNonce::from_slice(&nonce), payload)
            .map_err(|_| KeyFault::Unreadable)?;
        let wrapped = Wrapped {
            format: FORMAT,
            memory_kib,
            passes,
            salt: hex::encode(salt),
            nonce: hex::encode(nonce),
            key: hex::encode(sealed),
        };
        write_new(path, &serde_json::to_vec_pretty(&wrapped).map_err(|_| KeyFault::Unreadable)?)?;
        Ok(Self(key))
    }

    /// Reads the key back.
    pub fn unwrap(path: &Path, passphrase: &str) -> Result<Self, KeyFault> {
        let unreadable = |_| KeyFault::Unreadable;
        let bytes = fs::read(path)?;
        let wrapped: Wrapped = serde_json::from_slice(&bytes).map_err(|_| KeyFault::Unreadable)?;
        if wrapped.format != FORMAT {
            return Err(KeyFault::Unreadable);
        }
        let salt = hex::decode(&wrapped.salt).map_err(unreadable)?;
        let nonce: [u8; 24] = hex::decode(&wrapped.nonce)
            .map_err(unreadable)?
            .try_into()
            .map_err(|_| KeyFault::Unreadable)?;
        let sealed = hex::decode(&wrapped.key).map_err(unreadable)?;
        let wrapping = wrapping_key(passphrase, &salt, wrapped.memory_kib, wrapped.passes)?;
        let payload = Payload { msg: &sealed, aad: PURPOSE };
        let key = XChaCha20Poly1305::new(wrapping.as_ref().into())
            .decrypt(XNonce::from_slice(&nonce), payload)
            .map_err(|_| KeyFault::WrongPassphrase)?;
        let key = Zeroizing::new(key);
        let key: [u8; 32] = key.as_slice().try_into().map_err(|_| KeyFault::Unreadable)?;
        Ok(Self(Zeroizing::new(key)))
    }

    /// The key as SQLCipher takes it, so that it derives nothing more at each opening.
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("x'{}'", Zeroizing::new(hex::encode(*self.0)).as_str()))
    }
}

fn wrapping_key(
    passphrase: &str,
    salt: &[u8],
    memory_kib: u32,
    passes: u32,
) -> Result<Zeroizing<[u8; 32]>, KeyFault> {
    let params = Params::new(memory_kib, passes, 1, Some(32)).map_err(|_| KeyFault::Unreadable)?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, &mut *key)
        .map_err(|_| KeyFault::Unreadable)?;
    Ok(key)
}

/// Whole or not at all, and never over a file that is there: that would lose a replica.
fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Fault, Store};

    #[test]
    fn the_right_passphrase_opens_the_replica_and_a_wrong_one_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let (key_file, file) = (folder.path().join("key.json"), folder.path().join("replica.db"));
        let key = ReplicaKey::create(&key_file, "smörgåstårta").unwrap();
        drop(Store::open(&file, &key).unwrap());
        let again = ReplicaKey::unwrap(&key_file, "smörgåstårta").unwrap();
        Store::open(&file, &again).unwrap();
        let wrong = ReplicaKey::unwrap(&key_file, "smorgastarta").unwrap_err();
        assert!(matches!(wrong, KeyFault::WrongPassphrase), "{wrong}");
        let bytes = fs::read(&file).unwrap();
        assert!(!bytes.starts_with(b"SQLite format 3"), "the file is encrypted");
    }

    #[test]
    fn a_second_key_never_replaces_the_first_and_a_short_passphrase_makes_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key.json");
        assert!(matches!(ReplicaKey::create(&file, "sju tkn"), Err(KeyFault::TooShort)));
        ReplicaKey::create(&file, "smörgåstårta").unwrap();
        let second = ReplicaKey::create(&file, "en helt annan").unwrap_err();
        assert!(matches!(second, KeyFault::Io(_)), "{second}");
        ReplicaKey::unwrap(&file, "smörgåstårta").unwrap();
    }

    #[test]
    fn a_damaged_or_foreign_file_is_told_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let (key_file, file) = (folder.path().join("key.json"), folder.path().join("replica.db"));
        let key = ReplicaKey::create(&key_file, "smörgåstårta").unwrap();
        fs::write(&file, vec![7; 8_192]).unwrap();
        assert!(matches!(Store::open(&file, &key), Err(Fault::Unreadable)));
        assert_eq!(fs::read(&file).unwrap(), vec![7; 8_192]);
        for bytes in [&b""[..], b"{}", b"\xff\xfe", br#"{"format":2}"#] {
            fs::write(&key_file, bytes).unwrap();
            let fault = ReplicaKey::unwrap(&key_file, "smörgåstårta").unwrap_err();
            assert!(matches!(fault, KeyFault::Unreadable), "{fault}");
        }
    }
}
