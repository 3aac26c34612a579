//! What the program is asked for on its command line. Secrets are never here: they come from the environment.

use std::{net::SocketAddr, path::PathBuf};

use behorig_domain::{IssuerId, RecordId};
use behorig_mail::{Security, SmtpSettings};
use behorig_server::import::Lang;
use clap::{Args, Parser, Subcommand, ValueEnum};

#[derive(Parser)]
#[command(name = "behorig-server", version, about = "The server of Behörig")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serve until stopped
    Serve {
        #[command(flatten)]
        place: Where,
        #[command(flatten)]
        tls: TlsArguments,
        /// The text message gateway, 46elks-type; user and password come from BEHORIG_SMS_USER and
        /// BEHORIG_SMS_PASSWORD
        #[arg(long, default_value = "https://api.46elks.com/a1/sms")]
        sms_gateway: String,
        /// What stands as the sender of text messages
        #[arg(long, default_value = "Behorig")]
        sms_sender: String,
        #[command(flatten)]
        mail: MailArguments,
        /// The address that people reach the server at, such as https://behorig.example: it stands in the
        /// links that are mailed
        #[arg(long, value_parser = public_url)]
        public_url: Option<String>,
    },
    /// Serve with people and cases to try the program with; never for real data
    Demo {
        #[command(flatten)]
        place: Where,
        /// The address of the page that shows the text messages and mails that the demo sent
        #[arg(long, default_value = "127.0.0.1:8791")]
        inbox: SocketAddr,
    },
    /// Check service packs and put them in force
    Packs {
        #[command(subcommand)]
        command: PacksCommand,
    },
    /// Back the server up, make a server of a backup, and invite people
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
    },
}

#[derive(Subcommand)]
pub(crate) enum AdminCommand {
    /// Copy everything, while the server runs or not. Run it as the account that runs the server
    Backup {
        /// The folder that holds the server's data
        #[arg(long)]
        data: PathBuf,
        /// Where to; made, or empty
        #[arg(long)]
        to: PathBuf,
        /// Where the keys of people's files go; made, or empty, and never in the same backup
        #[arg(long)]
        keys_to: PathBuf,
    },
    /// Take people, cases and certificates in from files of another system
    #[command(after_help = IMPORT_HELP)]
    Import {
        /// The folder that holds the server's data
        #[arg(long)]
        data: PathBuf,
        /// Only check the files, and say everything that is wrong with them
        #[arg(long)]
        dry_run: bool,
        /// The language of the report
        #[arg(long, value_enum, default_value = "sv")]
        lang: Lang,
        /// Mail those who get an account the link by which they choose their password
        #[arg(long)]
        invite: bool,
        /// The body whose cases they are; needed unless all who handle cases do so for one
        #[arg(long, value_name = "ID")]
        issuer: Option<IssuerId>,
        /// The service that they belong to; needed if there are several
        #[arg(long, value_name = "ID")]
        service: Option<RecordId>,
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Invite people, who then choose their own passwords
    Accounts {
        #[command(subcommand)]
        command: AccountsCommand,
    },
    /// Make a server of a backup. Everybody signs in again, and people's programs send again what the
    /// backup is too old to hold
    Restore {
        /// What `backup` made with --to
        #[arg(long)]
        from: PathBuf,
        /// What `backup` made with --keys-to, then or later
        #[arg(long)]
        keys_from: PathBuf,
        /// The new server's folder; made, or empty
        #[arg(long)]
        data: PathBuf,
    },
}

#[derive(Subcommand)]
pub(crate) enum AccountsCommand {
    /// Register a person and mail them the link by which they choose their password. The server may run
    /// meanwhile: it mails within a minute. Run it as the account that runs the server
    Invite {
        /// The folder that holds the server's data
        #[arg(long)]
        data: PathBuf,
        /// What the program calls the person
        #[arg(long)]
        name: String,
        /// What the person will sign in with
        #[arg(long)]
        user_name: String,
        /// Where codes go, such as +46701740605: a number that is confirmed to be the person's
        #[arg(long)]
        phone: String,
        /// Where the link and later mails go
        #[arg(long)]
        email: String,
    },
    /// Mail another link to somebody who has not activated their account; the former is void
    InviteAgain {
        /// The folder that holds the server's data
        #[arg(long)]
        data: PathBuf,
        /// What the person will sign in with
        #[arg(long)]
        user_name: String,
    },
    /// Have codes sent to the telephone again, for somebody who has lost their code app and whose identity an
    /// officer has checked
    RemoveCodeApp {
        /// The folder that holds the server's data
        #[arg(long)]
        data: PathBuf,
        /// What the person signs in with
        #[arg(long)]
        user_name: String,
    },
}

#[derive(Subcommand)]
pub(crate) enum PacksCommand {
    /// Name what is wrong with service packs; the exit code is 1 if anything is
    Check {
        /// The packs
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Put a service pack in force, new or in the place of an older one. The server may run meanwhile:
    /// programs have the new settings within a minute. Run it as the account that runs the server
    Publish {
        /// The folder that holds the server's database
        #[arg(long)]
        data: PathBuf,
        /// The pack
        file: PathBuf,
    },
}

const IMPORT_HELP: &str = "\
A file's name says what it holds; its ending, how. CSV has ; or , between fields and the columns' names on
its first line; JSON Lines has one object a line. Both are UTF-8 or Windows-1252, which is recognised and said.

  people*.csv|jsonl        key, name, [user_name, phone, email]
  cases*.csv|jsonl         key, holder, identity_number, scheme, number, [title]
  certificates*.csv|jsonl  case, number, granted_on, valid_to, [level, card, published, file]

key is what the other system calls it, and never an identity number. holder is a person's key, case a case's. A file is
named by its path from the folder of the file that names it, and checked like one that is sent in.

Everything that is wrong in any of the files is told at once, and then nothing is taken in. What was taken in before
and has not changed is passed over, so that an import that was broken off is simply run again. What has changed is told
and refused, save card and published, which officers change, and an account for somebody who has none yet.

The server may run meanwhile. Run it as the account that runs the server.
Exit code: 0 all is taken in, or could be; 1 something is wrong; 2 the arguments are wrong";

/// Links must not be read on their way: https, or this machine.
fn public_url(text: &str) -> Result<String, &'static str> {
    let host = text.strip_prefix("https://").or_else(|| {
        let host = text.strip_prefix("http://")?;
        let name = host.split([':', '/']).next()?;
        ["localhost", "127.0.0.1"].contains(&name).then_some(host)
    });
    match host {
        Some(host) if !host.is_empty() && !host.contains(['?', '#', ' ']) => Ok(text.to_owned()),
        _ => Err("an address that begins with https://"),
    }
}

#[derive(Args)]
pub(crate) struct Where {
    /// The folder that holds the database; made if it is missing
    #[arg(long)]
    pub(crate) data: PathBuf,
    /// The address to listen on; without a certificate loopback only
    #[arg(long, default_value = "127.0.0.1:8790")]
    pub(crate) listen: SocketAddr,
}

#[derive(Args)]
pub(crate) struct TlsArguments {
    /// The server's certificate, PEM, followed by those between it and the root. Read again, like the key,
    /// on the signal HUP
    #[arg(long, requires = "tls_key", value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// The certificate's key, PEM without a password
    #[arg(long, requires = "tls_cert", value_name = "FILE")]
    tls_key: Option<PathBuf>,
}

impl TlsArguments {
    /// Both files or neither.
    pub(crate) fn files(self) -> Option<(PathBuf, PathBuf)> {
        self.tls_cert.zip(self.tls_key)
    }
}

#[derive(Args)]
pub(crate) struct MailArguments {
    /// The mail server, as its certificate names it; user and password, if it asks for them, come from
    /// BEHORIG_SMTP_USER and BEHORIG_SMTP_PASSWORD. Without it nobody is told by mail what is new
    #[arg(long, requires = "mail_from", requires = "public_url")]
    smtp_host: Option<String>,
    /// The mail server's port [default: 587 for starttls, 465 for tls, 25 for plain]
    #[arg(long, requires = "smtp_host")]
    smtp_port: Option<u16>,
    /// How the way to the mail server is protected; plain is for a loopback address only
    #[arg(long, value_enum, default_value = "starttls")]
    smtp_security: SmtpSecurity,
    /// What stands as the sender of mails: an address, or a name before an <address>
    #[arg(long, requires = "smtp_host")]
    mail_from: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum SmtpSecurity {
    Starttls,
    Tls,
    Plain,
}

impl MailArguments {
    /// The settings, if a mail server is named.
    pub(crate) fn settings(self, login: Option<(String, String)>) -> Option<SmtpSettings> {
        let (host, from) = self.smtp_host.zip(self.mail_from)?;
        let security = match self.smtp_security {
            SmtpSecurity::Starttls => Security::StartTls,
            SmtpSecurity::Tls => Security::Tls,
            SmtpSecurity::Plain => Security::Plain,
        };
        let port = self.smtp_port.unwrap_or(security.usual_port());
        Some(SmtpSettings { host, port, security, login, from })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(options: &str) -> Result<Option<SmtpSettings>, clap::Error> {
        let url = "--public-url https://behorig.example";
        let line = format!("behorig-server serve --data x {url} {options}");
        let arguments = Arguments::try_parse_from(line.split_whitespace())?;
        let Command::Serve { mail, .. } = arguments.command else { panic!("not serve") };
        Ok(mail.settings(None))
    }

    #[test]
    fn mail_is_encrypted_unless_asked_otherwise_and_half_settings_are_refused() {
        assert!(mail("").unwrap().is_none());
        let all = "--smtp-host mail.example --mail-from no-reply@issuer.example";
        let settings = mail(all).unwrap().unwrap();
        assert_eq!((settings.security, settings.port), (Security::StartTls, 587));
        let settings = mail(&format!("{all} --smtp-security tls")).unwrap().unwrap();
        assert_eq!((settings.security, settings.port), (Security::Tls, 465));
        assert!(mail("--smtp-host mail.example").is_err());
        assert!(mail("--mail-from no-reply@issuer.example").is_err());
        assert!(mail("--smtp-port 25").is_err());
    }

    #[test]
    fn a_server_that_mails_says_where_it_is_and_never_without_encryption() {
        let parses = |options: &str| {
            let line = format!("behorig-server serve --data x {options}");
            Arguments::try_parse_from(line.split_whitespace()).is_ok()
        };
        let mail = "--smtp-host mail.example --mail-from no-reply@issuer.example";
        assert!(!parses(mail), "its links would lead nowhere");
        assert!(parses(&format!("{mail} --public-url https://behorig.example")));
        assert!(parses("--public-url http://127.0.0.1:8790"));
        for bad in
            ["http://behorig.example", "http://localhost.example", "behorig.example", "https://"]
        {
            assert!(!parses(&format!("--public-url {bad}")), "{bad}");
        }
    }

    #[test]
    fn a_certificate_comes_with_its_key_or_not_at_all() {
        let tls = |options: &str| {
            let line = format!("behorig-server serve --data x {options}");
            let arguments = Arguments::try_parse_from(line.split_whitespace()).ok()?;
            let Command::Serve { tls, .. } = arguments.command else { panic!("not serve") };
            Some(tls.files())
        };
        assert_eq!(tls(""), Some(None));
        let both = Some(("c.pem".into(), "k.pem".into()));
        assert_eq!(tls("--tls-cert c.pem --tls-key k.pem"), Some(both));
        assert_eq!(tls("--tls-cert c.pem"), None);
        assert_eq!(tls("--tls-key k.pem"), None);
    }
}
