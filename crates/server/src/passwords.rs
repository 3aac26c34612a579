//! Passwords: Argon2id, checked exactly as typed.

use std::sync::LazyLock;

use argon2::{
    Argon2, PasswordHash, PasswordHasher as _, PasswordVerifier as _,
    password_hash::{SaltString, rand_core::OsRng},
};

use crate::fault::Fault;

/// Hashes a password with a new salt. Takes tens of milliseconds and 19 MiB on purpose.
pub(crate) fn hash(password: &str) -> Result<String, Fault> {
    let salt = SaltString::generate(&mut OsRng);
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
    Ok(hash.map_err(|_| Fault::PasswordHash)?.to_string())
}

/// Whether a password is the one that was hashed. Without a hash (nobody has that user name) it takes
/// as long and is never right.
pub(crate) fn verify(password: &str, hash: Option<&str>) -> bool {
    static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| self::hash("nobody").ok());
    let checked = hash.or(NOBODY.as_deref()).and_then(|hash| PasswordHash::new(hash).ok());
    let right = checked
        .is_some_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    right && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_password_is_right_and_nobody_has_none() {
        let hash = hash("Sju sköna sjömän ").unwrap();
        assert!(verify("Sju sköna sjömän ", Some(&hash)), "a space at the end is part of it");
        assert!(!verify("Sju sköna sjömän", Some(&hash)));
        assert!(!verify("nobody", None), "an unknown user name is never let in");
    }
}
