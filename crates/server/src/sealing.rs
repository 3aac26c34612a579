//! Small things that lie sealed in the database: what somebody filled in, a secret that codes are made from.
//! The key is in `keys.db`, which is never in the same backup; without it they are noise.

use behorig_server_store::PersonKey;
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::fault::Fault;

const NONCE: usize = 24;

/// A cipher for one use of a key: what was sealed for another does not open.
fn cipher(key: &PersonKey, what: &str) -> Result<XChaCha20Poly1305, Fault> {
    let mut own = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, &key[..])
        .expand(what.as_bytes(), &mut own[..])
        .map_err(|_| Fault::Sealed)?;
    Ok(XChaCha20Poly1305::new((&*own).into()))
}

/// Seals a few bytes.
pub(crate) fn seal(key: &PersonKey, what: &str, plain: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut sealed = vec![0; NONCE];
    getrandom::fill(&mut sealed).map_err(|_| Fault::Randomness)?;
    let nonce = XNonce::clone_from_slice(&sealed);
    let body = cipher(key, what)?
        .encrypt(&nonce, Payload { msg: plain, aad: what.as_bytes() })
        .map_err(|_| Fault::Sealed)?;
    sealed.extend(body);
    Ok(sealed)
}

/// Opens what [`seal`] made.
pub(crate) fn open(
    key: &PersonKey,
    what: &str,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let (nonce, body) = sealed.split_at_checked(NONCE).ok_or(Fault::Sealed)?;
    let payload = Payload { msg: body, aad: what.as_bytes() };
    let plain = cipher(key, what)?.decrypt(XNonce::from_slice(nonce), payload);
    Ok(Zeroizing::new(plain.map_err(|_| Fault::Sealed)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_for_the_same_use_opens_it_and_no_byte_can_be_changed() {
        let (key, other) = (Zeroizing::new([7; 32]), Zeroizing::new([8; 32]));
        let sealed = seal(&key, "a", "Åsa".as_bytes()).unwrap();
        assert_eq!(*open(&key, "a", &sealed).unwrap(), "Åsa".as_bytes());
        assert!(open(&other, "a", &sealed).is_err() && open(&key, "b", &sealed).is_err());
        assert_ne!(sealed, seal(&key, "a", "Åsa".as_bytes()).unwrap());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(open(&key, "a", &changed).is_err(), "{at}");
        }
        assert!(open(&key, "a", &[]).is_err());
    }
}
