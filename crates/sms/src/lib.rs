//! Text messages: a 46elks-type gateway, and a double that keeps them for whoever looks.

use std::{
    future::Future,
    net::IpAddr,
    pin::Pin,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use reqwest::{Client, Url, redirect::Policy};

/// How long a gateway may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// A message was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SmsFault {
    /// The gateway's address cannot be used.
    #[error("the gateway's address")]
    Address,
    /// The gateway did not answer.
    #[error("the gateway did not answer")]
    NoAnswer,
    /// The gateway refused.
    #[error("the gateway answered {0}")]
    Refused(u16),
}

/// What sending becomes.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), SmsFault>> + Send + 'a>>;

/// Whatever carries text messages.
pub trait Sms: Send + Sync + 'static {
    /// Sends a text to a number in E.164 form. `Ok` means that it was taken, not that it arrived.
    fn send<'a>(&'a self, to: &'a str, text: &'a str) -> Sending<'a>;
}

/// A gateway with 46elks' interface: a form over HTTPS with basic authentication.
pub struct Gateway {
    client: Client,
    url: Url,
    user: String,
    password: String,
    sender: String,
}

impl Gateway {
    /// A gateway at an address. `sender` is what stands as the message's sender.
    pub fn new(url: &str, user: &str, password: &str, sender: &str) -> Result<Self, SmsFault> {
        let url = Url::parse(url).map_err(|_| SmsFault::Address)?;
        // numbers and codes travel encrypted, except to this machine
        let loopback = url.host_str().and_then(|host| host.parse::<IpAddr>().ok());
        let loopback = loopback.is_some_and(|host| host.is_loopback());
        if url.scheme() != "https" && !(loopback && url.scheme() == "http") {
            return Err(SmsFault::Address);
        }
        let client = Client::builder()
            .timeout(PATIENCE)
            .redirect(Policy::none())
            .build()
            .map_err(|_| SmsFault::Address)?;
        let (user, password, sender) = (user.to_owned(), password.to_owned(), sender.to_owned());
        Ok(Self { client, url, user, password, sender })
    }
}

impl Sms for Gateway {
    fn send<'a>(&'a self, to: &'a str, text: &'a str) -> Sending<'a> {
        Box::pin(async move {
            // codes must not stay in the gateway's log
            let form =
                [("from", self.sender.as_str()), ("to", to), ("message", text), ("dontlog", "yes")];
            let sent = self
                .client
                .post(self.url.clone())
                .basic_auth(&self.user, Some(&self.password))
                .form(&form)
                .send()
                .await
                .map_err(|_| SmsFault::NoAnswer)?;
            if sent.status().is_success() {
                Ok(())
            } else {
                Err(SmsFault::Refused(sent.status().as_u16()))
            }
        })
    }
}

/// Keeps what is sent, in the order of sending. For tests.
#[derive(Default)]
pub struct Kept(Mutex<Vec<(String, String)>>);

impl Kept {
    /// The newest text to a number.
    pub fn newest_to(&self, number: &str) -> Option<String> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().rev().find(|(to, _)| to == number).map(|(_, text)| text.clone())
    }
}

impl Sms for Kept {
    fn send<'a>(&'a self, to: &'a str, text: &'a str) -> Sending<'a> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push((to.to_owned(), text.to_owned()));
        Box::pin(std::future::ready(Ok(())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_elsewhere_must_be_encrypted() {
        let gateway = |url| Gateway::new(url, "user", "password", "Behorig").is_ok();
        assert!(gateway("https://gateway.example/a1/sms"));
        assert!(gateway("http://127.0.0.1:8791/a1/sms"));
        assert!(!gateway("http://gateway.example/a1/sms"));
        assert!(!gateway("gateway.example"));
    }
}
