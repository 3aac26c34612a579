//! E-mail: the real part over SMTP, and a double that keeps what is sent for whoever looks.
//!
//! May not live here: what stands in a mail, and who gets one.

mod smtp;

use std::{
    future::Future,
    pin::Pin,
    sync::{Mutex, PoisonError},
};

pub use smtp::{Security, Smtp, SmtpSettings};

/// A mail was not taken, or nothing can be sent with these settings.
#[derive(Debug, thiserror::Error)]
pub enum MailFault {
    /// Plain SMTP goes to this machine only: addresses travel encrypted.
    #[error("plain SMTP is for a loopback address only")]
    Plain,
    /// The sender's address cannot be used.
    #[error("the sender's address")]
    Sender,
    /// The operating system's certificates cannot be used.
    #[error("the certificates for TLS")]
    Certificates,
    /// The receiver's address is not one.
    #[error("the receiver's address")]
    Receiver,
    /// The mail cannot be written in the form that mail has.
    #[error("the mail's form")]
    Form,
    /// The mail server did not answer, or not so that it could be trusted and understood.
    #[error("the mail server did not answer")]
    NoAnswer,
    /// The mail server refused.
    #[error("the mail server answered {0}")]
    Refused(u16),
}

impl MailFault {
    /// Whether it is the mail's own fault, so that sending it again would end the same way.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Receiver | Self::Form)
    }
}

/// One mail, in plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    /// Its name: the same for the same mail sent again, so that whoever gets both may drop one. Of
    /// letters, digits, hyphens and full stops.
    pub id: String,
    /// The receiver's address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text, in lines.
    pub text: String,
}

/// What sending becomes.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), MailFault>> + Send + 'a>>;

/// Whatever carries mail.
pub trait Mail: Send + Sync + 'static {
    /// Sends a mail. `Ok` means that it was taken, not that it arrived.
    fn send<'a>(&'a self, email: &'a Email) -> Sending<'a>;
}

/// Keeps what is sent, in the order of sending. For tests.
#[derive(Default)]
pub struct Kept(Mutex<Vec<Email>>);

impl Kept {
    /// The mails to an address, oldest first.
    pub fn all_to(&self, address: &str) -> Vec<Email> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().filter(|email| email.to == address).cloned().collect()
    }
}

impl Mail for Kept {
    fn send<'a>(&'a self, email: &'a Email) -> Sending<'a> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(email.clone());
        Box::pin(std::future::ready(Ok(())))
    }
}
