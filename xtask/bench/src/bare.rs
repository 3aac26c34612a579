//! What every baseline needs: a database as bare code opens it, and a line of length-prefixed fields.

use std::{
    fs,
    io::{self, Read, Write},
    path::Path,
};

use anyhow::Context as _;
use argon2::{Algorithm, Argon2, Params, Version};
use behorig_testkit::PASSPHRASE;
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use hkdf::Hkdf;
use rusqlite::Connection;
use serde::Deserialize;
use sha2::Sha256;

/// A key as SQLCipher takes it.
pub const SOME_KEY: &str = "x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'";

/// What stands in the product's key file, on a computer without a keyring.
#[derive(Deserialize)]
struct KeyFile {
    by_word: ByWord,
}

#[derive(Deserialize)]
struct ByWord {
    memory_kib: u32,
    passes: u32,
    salt: String,
    sealed: Sealed,
}

#[derive(Deserialize)]
struct Sealed {
    nonce: String,
    key: String,
}

/// The replica's key, by Argon2id with the same parameters and nothing around it.
pub fn key_of(folder: &Path) -> anyhow::Result<String> {
    let file: KeyFile = serde_json::from_slice(&fs::read(folder.join("key.json"))?)?;
    let ByWord { memory_kib, passes, salt, sealed } = file.by_word;
    let fault = |_| anyhow::anyhow!("Argon2id's parameters");
    let params = Params::new(memory_kib, passes, 1, Some(32)).map_err(fault)?;
    let mut stretched = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(PASSPHRASE.as_bytes(), &hex::decode(salt)?, &mut stretched)
        .map_err(fault)?;
    let mut wrapping = [0; 32];
    Hkdf::<Sha256>::new(None, &stretched)
        .expand(b"behorig replica key 1 by word", &mut wrapping)
        .map_err(|_| anyhow::anyhow!("the wrapping key"))?;
    let (nonce, sealed) = (hex::decode(sealed.nonce)?, hex::decode(sealed.key)?);
    let payload = Payload { msg: &sealed, aad: b"behorig replica key 1" };
    let key = XChaCha20Poly1305::new((&wrapping).into())
        .decrypt(XNonce::from_slice(&nonce), payload)
        .map_err(|_| anyhow::anyhow!("the wrapped key"))?;
    Ok(format!("x'{}'", hex::encode(key)))
}

/// A database with the stores' durability, encrypted if there is a key.
pub fn open(path: &Path, key: Option<&str>) -> rusqlite::Result<Connection> {
    #[expect(clippy::disallowed_methods, reason = "the baseline goes around the stores on purpose")]
    let connection = Connection::open(path)?;
    if let Some(key) = key {
        connection.pragma_update(None, "key", key)?;
    }
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
    Ok(connection)
}

/// Writes a field with its length before it.
pub fn put(line: &mut impl Write, field: &[u8]) -> io::Result<()> {
    let length = u32::try_from(field.len()).map_err(io::Error::other)?;
    line.write_all(&length.to_be_bytes())?;
    line.write_all(field)
}

/// Reads a field into a buffer that is used again.
pub fn get(line: &mut impl Read, field: &mut Vec<u8>) -> io::Result<()> {
    let mut length = [0; 4];
    line.read_exact(&mut length)?;
    field.resize(u32::from_be_bytes(length) as usize, 0);
    line.read_exact(field)
}

/// The result of a thread that has ended.
pub fn joined<T>(thread: std::thread::JoinHandle<anyhow::Result<T>>) -> anyhow::Result<T> {
    thread.join().ok().context("a thread of the baseline panicked")?
}
