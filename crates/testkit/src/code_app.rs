//! A code app on a telephone, beside the server's own making of codes.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, Mac as _};
use sha1::Sha1;

/// What was connected to an account.
pub struct CodeApp {
    secret: Vec<u8>,
}

impl CodeApp {
    /// The app, once somebody has typed the key into it.
    pub fn new(key: &str) -> Self {
        let plain = key.replace(' ', "");
        Self { secret: BASE32_NOPAD.decode(plain.as_bytes()).unwrap() }
    }

    /// What it shows at a time, in milliseconds since 1970.
    pub fn shows(&self, millis: i64) -> String {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.secret).unwrap();
        mac.update(&(millis / 30_000).to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let offset = usize::from(hash[19] & 15);
        let mut number: u32 = 0;
        for byte in &hash[offset..offset + 4] {
            number = (number << 8) | u32::from(*byte);
        }
        format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
    }
}
