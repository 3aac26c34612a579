//! What is kept on this computer, and how.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    App,
    app::{Connection, blocking},
    rpc::{Answer, Code, Empty, Feedback, LockAfter, SettingsView, Topic},
    shapes::{bytes, count},
    vigil::IDLE_MINUTES,
};

/// The program may stand open so long without a touch, in minutes: longer is no lock.
const LOCK_MOST: u32 = 60;
/// Longest text that a mail program is given, in bytes: addresses cannot be longer everywhere.
const FEEDBACK_MAX: usize = 6_000;

impl App {
    pub(crate) async fn settings(&self, Empty {}: Empty) -> Answer<SettingsView> {
        let folder = self.folder()?;
        let kept = self.with_store(|store| Ok((store.kept_files()?, store.lock_after()?))).await?;
        let ((kept_files, kept_bytes), lock_after) = kept;
        let measured = folder.clone();
        let size = blocking(move || size_of(&measured)).await?;
        Ok(SettingsView {
            folder: folder.display().to_string(),
            bytes: bytes(size),
            kept_files: count(kept_files),
            kept_bytes: bytes(kept_bytes),
            lock_after: lock_after.unwrap_or(IDLE_MINUTES),
        })
    }

    pub(crate) async fn lock_after(&self, asked: LockAfter) -> Answer<Empty> {
        let minutes = asked.minutes;
        if !(1..=LOCK_MOST).contains(&minutes) {
            return Err(Code::BadRequest.into());
        }
        self.with_store(move |store| store.put_lock_after(minutes)).await?;
        if let Connection::Open(open) = &mut *self.connection() {
            open.vigil.lock_after(Duration::from_secs(u64::from(minutes) * 60));
        }
        self.host.changed(&[Topic::Settings]);
        Ok(Empty {})
    }

    pub(crate) async fn clear_kept_files(&self, Empty {}: Empty) -> Answer<Empty> {
        self.with_store(|store| store.clear_kept_files()).await?;
        self.host.changed(&[Topic::Documents, Topic::Settings]);
        Ok(Empty {})
    }

    pub(crate) async fn open_folder(&self, Empty {}: Empty) -> Answer<Empty> {
        let folder = self.folder()?;
        self.host.open_outside(folder).await.map_err(|_| Code::NoProgram)?;
        Ok(Empty {})
    }

    /// Opens the person's mail program with what they want to tell, for them to send or not.
    pub(crate) async fn feedback(&self, asked: Feedback) -> Answer<Empty> {
        let services = self.with_store(|store| store.services()).await?;
        let known = services.iter().any(|(_, service)| service.support.email == asked.to);
        if !known || asked.text.len() > FEEDBACK_MAX {
            return Err(Code::BadRequest.into());
        }
        let (subject, body) = (encoded(&asked.subject), encoded(&asked.text));
        let address = format!("mailto:{}?subject={subject}&body={body}", encoded(&asked.to));
        self.host.open_outside(address.into()).await.map_err(|_| Code::NoProgram)?;
        Ok(Empty {})
    }

    fn folder(&self) -> Answer<PathBuf> {
        match &*self.connection() {
            Connection::Open(open) => Ok(open.place.folder().to_owned()),
            Connection::SignedOut | Connection::Locked(_) => Err(Code::Locked.into()),
        }
    }
}

/// The bytes of everything in a folder. What cannot be looked at counts as nothing.
fn size_of(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(known) if known.is_dir() => size_of(&entry.path()),
            Ok(known) => known.len(),
            Err(_) => 0,
        })
        .fold(0, u64::saturating_add)
}

/// A text within an address (RFC 6068): line breaks as CRLF, all but plain letters by their bytes.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.replace("\r\n", "\n").replace('\n', "\r\n").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            encoded.push(byte.into());
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_become_another_part_of_the_address() {
        assert_eq!(encoded("a&cc=b@c.se?x#y %"), "a%26cc%3Db@c.se%3Fx%23y%20%25");
        assert_eq!(encoded("Hej\nå\r\n"), "Hej%0D%0A%C3%A5%0D%0A");
    }

    #[test]
    fn a_folder_is_as_large_as_what_lies_in_it() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), [0; 10]).unwrap();
        fs::create_dir(folder.path().join("b")).unwrap();
        fs::write(folder.path().join("b").join("c"), [0; 5]).unwrap();
        assert_eq!(size_of(folder.path()), 15);
    }
}
