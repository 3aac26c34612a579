//! Codes of a code app: RFC 6238 with SHA-1, six digits and 30 seconds, which is what every app can do. And
//! recovery codes.

use behorig_domain::{PersonId, Timestamp};
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::fault::Fault;

/// A secret's length in bytes, as long as what SHA-1 gives (RFC 4226, 4).
const SECRET: usize = 20;
/// A time step, in milliseconds.
const STEP: i64 = 30_000;
/// Codes are below this: six digits.
const CODES: u32 = 1_000_000;
/// Recovery codes that a person has.
pub(crate) const RECOVERY_CODES: usize = 10;
/// A recovery code's length in bytes: 80 bits are 16 letters and digits.
const RECOVERY: usize = 10;
/// So many letters stand together in what people read.
const GROUP: usize = 4;

/// A new secret.
pub(crate) fn new_secret() -> Result<Zeroizing<Vec<u8>>, Fault> {
    let mut secret = Zeroizing::new(vec![0; SECRET]);
    getrandom::fill(&mut secret).map_err(|_| Fault::Randomness)?;
    Ok(secret)
}

/// A secret as people type it into an app that cannot see.
pub(crate) fn spelt(secret: &[u8]) -> String {
    BASE32_NOPAD.encode(secret)
}

/// What a code app reads from a picture.
pub(crate) fn address(secret: &[u8], user_name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    let mut name = String::new();
    for c in user_name.chars() {
        if plain(c) {
            name.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                name.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    let secret = spelt(secret);
    format!(
        "otpauth://totp/Beh%C3%B6rig:{name}?secret={secret}&issuer=Beh%C3%B6rig&algorithm=SHA1&\
         digits=6&period=30"
    )
}

/// The number of a time step (RFC 4226, 5.3), of which a code is the last digits.
fn number(secret: &[u8], step: i64) -> Option<u32> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).ok()?;
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let offset = usize::from(hash.last()? & 0xf);
    let four = hash.get(offset..offset.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?) & 0x7fff_ffff)
}

/// The time step whose code this is: the one that it is now, the one before or the one after, and none that
/// has been used up. Takes as long whichever it is.
pub(crate) fn step_of(secret: &[u8], code: &str, now: Timestamp, last_step: i64) -> Option<i64> {
    let step = now.millis().div_euclid(STEP);
    let mut found = None;
    for step in [step.saturating_add(1), step, step.saturating_sub(1)] {
        let right = format!("{:06}", number(secret, step)?.checked_rem(CODES)?);
        let is_right = crate::controllers::same(right.as_bytes(), code.as_bytes());
        if is_right & (step > last_step) {
            found = Some(step);
        }
    }
    found
}

/// New recovery codes.
pub(crate) fn new_recovery_codes() -> Result<Vec<String>, Fault> {
    let mut codes = Vec::new();
    for _ in 0..RECOVERY_CODES {
        let mut bytes = [0; RECOVERY];
        getrandom::fill(&mut bytes).map_err(|_| Fault::Randomness)?;
        let plain = BASE32_NOPAD.encode(&bytes);
        let mut code = String::new();
        for (at, letter) in plain.chars().enumerate() {
            if at > 0 && at.is_multiple_of(GROUP) {
                code.push('-');
            }
            code.push(letter);
        }
        codes.push(code);
    }
    Ok(codes)
}

/// The hash that a recovery code is kept by, bound to its person; `None` if the text has not the form of one.
/// People may write it without hyphens, or small, or with the digits for the letters that look like them.
pub(crate) fn recovery_hash(person: PersonId, text: &str) -> Option<[u8; 32]> {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_uppercase() {
            '0' => 'O',
            '1' => 'I',
            '8' => 'B',
            letter => letter,
        })
        .collect();
    let bytes = BASE32_NOPAD.decode(plain.as_bytes()).ok().filter(|it| it.len() == RECOVERY)?;
    let hash = Sha256::new().chain_update("recovery").chain_update(person.0.as_bytes());
    Some(hash.chain_update(bytes).finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RFC: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000).unwrap()
    }

    #[test]
    fn the_vectors_of_rfc_6238_hold() {
        for (seconds, code) in [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ] {
            assert_eq!(number(RFC, seconds / 30).unwrap() % 100_000_000, code, "{seconds}");
        }
        assert_eq!(step_of(RFC, "287082", at(59), 0), Some(1));
        assert_eq!(step_of(RFC, "081804", at(1_111_111_109), 0), Some(37_037_036));
    }

    #[test]
    fn the_vectors_of_rfc_4226_hold() {
        let codes = [755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583];
        for (counter, code) in (0..).zip(codes) {
            assert_eq!(number(RFC, counter).unwrap() % CODES, code);
        }
    }

    #[test]
    fn a_code_holds_one_step_each_way_and_once() {
        let code = |step: i64| format!("{:06}", number(RFC, step).unwrap() % CODES);
        let now = at(30 * 1_000 + 15);
        for step in 999..=1_001 {
            assert_eq!(step_of(RFC, &code(step), now, 0), Some(step));
        }
        for step in [997, 998, 1_002, 1_003] {
            assert_eq!(step_of(RFC, &code(step), now, 0), None, "{step}");
        }
        assert_eq!(step_of(RFC, &code(1_000), now, 1_000), None, "it is used up");
        assert_eq!(step_of(RFC, &code(999), now, 1_000), None, "and so are those before");
        assert_eq!(step_of(RFC, &code(1_001), now, 1_000), Some(1_001));
        for odd in ["", "12345", "1234567", "abcdef", "１２３４５６"] {
            assert_eq!(step_of(RFC, odd, now, 0), None);
        }
    }

    #[test]
    fn recovery_codes_are_read_as_people_write_them_and_fit_one_person() {
        let (me, other) = (PersonId(uuid::Uuid::from_u128(1)), PersonId(uuid::Uuid::from_u128(2)));
        let codes = new_recovery_codes().unwrap();
        assert_eq!(codes.len(), RECOVERY_CODES);
        for code in codes {
            assert_eq!(code.len(), 19, "{code}");
            let hash = recovery_hash(me, &code).unwrap();
            let written = format!(" {} ", code.to_lowercase().replace('-', " "));
            assert_eq!(recovery_hash(me, &written), Some(hash));
            assert_eq!(recovery_hash(me, &code.replace('O', "0").replace('I', "1")), Some(hash));
            assert_ne!(recovery_hash(other, &code), Some(hash));
        }
        for odd in ["", "123456", "ABCD-EFGH", "ÅÄÖ!-ÅÄÖ!-ÅÄÖ!-ÅÄÖ!", "A".repeat(17).as_str()]
        {
            assert_eq!(recovery_hash(me, odd), None, "{odd}");
        }
    }

    #[test]
    fn a_user_name_in_the_address_cannot_say_anything_else() {
        let address = address(RFC, "åsa&secret=x/?");
        assert!(address.starts_with("otpauth://totp/Beh%C3%B6rig:%C3%A5sa%26secret%3Dx%2F%3F?"));
        assert!(address.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&"));
    }
}
