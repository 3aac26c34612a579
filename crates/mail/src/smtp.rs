//! SMTP: one connection a mail.

use std::{net::IpAddr, time::Duration};

use lettre::{
    Address, Message,
    message::{
        Mailbox, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, TlsParameters},
        extension::ClientId,
    },
};
use tokio::time::timeout;

use crate::{Email, Mail, MailFault, Sending};

/// How long a mail server may take for one mail. Not shorter: one that looks at content answers late, and
/// what is given up too early may have been taken and is then sent twice.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long it may take to say goodbye once it has the mail.
const GOODBYE: Duration = Duration::from_secs(5);
/// Tells the receiver's own machines that nobody waits for an answer (RFC 3834).
const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");

/// How the way to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS before anything is told; a server without it gets no mail.
    StartTls,
    /// Nothing. For this machine only.
    Plain,
}

impl Security {
    /// The port that such servers listen on by custom.
    pub fn usual_port(self) -> u16 {
        match self {
            Self::Tls => 465,
            Self::StartTls => 587,
            Self::Plain => 25,
        }
    }
}

/// How mail leaves.
pub struct SmtpSettings {
    /// The mail server, as its certificate names it.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is protected.
    pub security: Security,
    /// User and password, if it asks for them.
    pub login: Option<(String, String)>,
    /// What stands as the sender: an address, alone or after a name as in `Name <address>`.
    pub from: String,
}

/// The way to the mail server, ready to be taken.
enum Way {
    Tls(TlsParameters),
    StartTls(TlsParameters),
    Plain,
}

/// A mail server that takes mail from here.
pub struct Smtp {
    host: String,
    port: u16,
    way: Way,
    login: Option<Credentials>,
    from: Mailbox,
    hello: ClientId,
}

impl Smtp {
    /// A mail server with these settings. Does not look whether it is there.
    pub fn new(settings: SmtpSettings) -> Result<Self, MailFault> {
        let SmtpSettings { host, port, security, login, from } = settings;
        let loopback = host.parse::<IpAddr>().is_ok_and(|host| host.is_loopback());
        let tls = || TlsParameters::new(host.clone()).map_err(|_| MailFault::Certificates);
        let way = match security {
            Security::Tls => Way::Tls(tls()?),
            Security::StartTls => Way::StartTls(tls()?),
            Security::Plain if loopback => Way::Plain,
            Security::Plain => return Err(MailFault::Plain),
        };
        let from = from.parse().map_err(|_| MailFault::Sender)?;
        let login = login.map(|(user, password)| Credentials::new(user, password));
        Ok(Self { host, port, way, login, from, hello: ClientId::default() })
    }

    fn message(&self, email: &Email) -> Result<Message, MailFault> {
        let to: Address = email.to.parse().map_err(|_| MailFault::Receiver)?;
        let text = SinglePart::builder()
            .header(ContentType::TEXT_PLAIN)
            .header(ContentTransferEncoding::QuotedPrintable)
            .body(email.text.clone());
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(&email.subject)
            .message_id(Some(format!("<{}@{}>", email.id, self.from.email.domain())))
            .raw_header(HeaderValue::new(AUTO_SUBMITTED, "auto-generated".into()))
            .singlepart(text)
            .map_err(|_| MailFault::Form)
    }

    async fn hand_over(
        &self,
        message: &Message,
    ) -> Result<AsyncSmtpConnection, lettre::transport::smtp::Error> {
        let server = (self.host.as_str(), self.port);
        let tls = if let Way::Tls(tls) = &self.way { Some(tls.clone()) } else { None };
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(PATIENCE), &self.hello, tls, None)
                .await?;
        if let Way::StartTls(tls) = &self.way {
            connection.starttls(tls.clone(), &self.hello).await?;
        }
        if let Some(login) = &self.login {
            connection.auth(&[Mechanism::Plain, Mechanism::Login], login).await?;
        }
        connection.send(message.envelope(), &message.formatted()).await?;
        Ok(connection)
    }
}

impl Mail for Smtp {
    fn send<'a>(&'a self, email: &'a Email) -> Sending<'a> {
        Box::pin(async move {
            let message = self.message(email)?;
            let sent = timeout(PATIENCE, self.hand_over(&message)).await;
            // the fault's own words may repeat the receiver's address: only the code goes on
            let mut connection =
                sent.map_err(|_| MailFault::NoAnswer)?.map_err(|fault| match fault.status() {
                    Some(code) => MailFault::Refused(code.into()),
                    None => MailFault::NoAnswer,
                })?;
            // it has the mail: a goodbye that fails must not have it sent again
            let _ = timeout(GOODBYE, connection.quit()).await;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(host: &str, security: Security) -> SmtpSettings {
        let from = "Behörig <no-reply@issuer.example>".into();
        SmtpSettings { host: host.into(), port: 25, security, login: None, from }
    }

    #[test]
    fn a_mail_server_elsewhere_must_be_encrypted() {
        let smtp = |host, security| Smtp::new(settings(host, security)).is_ok();
        assert!(smtp("mail.example", Security::Tls));
        assert!(smtp("mail.example", Security::StartTls));
        assert!(!smtp("mail.example", Security::Plain));
        assert!(!smtp("192.0.2.1", Security::Plain));
        assert!(smtp("127.0.0.1", Security::Plain));
    }

    #[test]
    fn a_mail_names_itself_and_holds_no_line_of_somebody_elses() {
        let smtp = Smtp::new(settings("127.0.0.1", Security::Plain)).unwrap();
        let mut email = Email {
            id: "notice-7".into(),
            to: "asa@example.com".into(),
            subject: "Nytt i ärendet\r\nBcc: all@example.com".into(),
            text: "Hej!\n.\nDet här är allt.".into(),
        };
        let message = String::from_utf8(smtp.message(&email).unwrap().formatted()).unwrap();
        assert!(message.contains("Message-ID: <notice-7@issuer.example>\r\n"), "{message}");
        assert!(message.contains("Auto-Submitted: auto-generated\r\n"), "{message}");
        assert!(message.contains("MIME-Version: 1.0\r\n"), "{message}");
        assert!(message.is_ascii(), "every server takes it: {message}");
        assert!(!message.contains("\r\nBcc"), "{message}");

        email.to = "asa@example.com>\r\nRCPT TO:<all@example.com".into();
        assert!(matches!(smtp.message(&email), Err(MailFault::Receiver)));
    }

    #[tokio::test]
    async fn a_mail_server_that_is_not_there_is_a_fault() {
        let free = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let smtp =
            Smtp::new(SmtpSettings { port, ..settings("127.0.0.1", Security::Plain) }).unwrap();
        let email = Email {
            id: "notice-7".into(),
            to: "asa@example.com".into(),
            subject: "Nytt".into(),
            text: "Hej!".into(),
        };
        assert!(matches!(smtp.send(&email).await, Err(MailFault::NoAnswer)));
    }
}
