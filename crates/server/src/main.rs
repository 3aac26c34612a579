//! `behorig-server`: the server's one program.

mod arguments;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context as _, anyhow};
use behorig_domain::{Timestamp, services::PublishService};
use behorig_mail::Mail;
use behorig_server::{
    Config, DemoInbox, Server, Tls, backup, demo,
    import::{self, Import, Lang, Told},
    invitations::{self, Invitation},
    make_files_private,
    packs::{self, PackFault},
    system_clock,
};
use behorig_sms::{Gateway, Sms};
use clap::Parser as _;

use crate::arguments::{
    AccountsCommand, AdminCommand, Arguments, Command, MailArguments, PacksCommand, TlsArguments,
    Where,
};

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    make_files_private();
    let filter = tracing_subscriber::EnvFilter::try_from_env("BEHORIG_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let clock = system_clock();
    let (place, tls, sms, mail, inbox, public_url): Parts = match Arguments::parse().command {
        Command::Serve { place, tls, sms_gateway, sms_sender, mail, public_url } => {
            let (user, password) = (secret("BEHORIG_SMS_USER")?, secret("BEHORIG_SMS_PASSWORD")?);
            let gateway = Gateway::new(&sms_gateway, &user, &password, &sms_sender)?;
            let mail = mail_server(mail)?;
            (place, certificate(tls)?, Arc::new(gateway), mail, None, public_url)
        }
        Command::Demo { place, inbox } => {
            let inbox = DemoInbox::start(inbox).await?;
            let (sms, mail) = (inbox.gateway()?, inbox.mail()?);
            (place, None, Arc::new(sms), Some(Arc::new(mail)), Some(inbox), None)
        }
        Command::Packs { command: PacksCommand::Check { files } } => {
            return Ok(check(&files));
        }
        Command::Packs { command: PacksCommand::Publish { data, file } } => {
            packs::publish(&data, read_pack(&file)?, clock())?;
            say(&format!("{}: in force", file.display()));
            return Ok(ExitCode::SUCCESS);
        }
        Command::Admin { command: AdminCommand::Backup { data, to, keys_to } } => {
            backup::back_up(&data, &to, &keys_to, clock())?;
            say(&format!("{}: whole; its keys: {}", to.display(), keys_to.display()));
            return Ok(ExitCode::SUCCESS);
        }
        Command::Admin {
            command: AdminCommand::Import { data, dry_run, lang, invite, issuer, service, files },
        } => {
            let asked = Import { files, dry_run, invite, issuer, service };
            return import_files(&data, &asked, lang, clock());
        }
        Command::Admin { command: AdminCommand::Accounts { command } } => {
            accounts(command, clock())?;
            return Ok(ExitCode::SUCCESS);
        }
        Command::Admin { command: AdminCommand::Restore { from, keys_from, data } } => {
            backup::restore(&from, &keys_from, &data, clock())?;
            say(&format!("{}: ready to be served", data.display()));
            return Ok(ExitCode::SUCCESS);
        }
    };
    let config = Config { data: place.data, listen: place.listen, clock, sms, mail, public_url };
    let scheme = if tls.is_some() { "https" } else { "http" };
    let server = match tls {
        None => Server::start(config).await?,
        Some(tls) => {
            read_again_when_asked(tls.clone())?;
            Server::start_with_tls(config, tls).await?
        }
    };
    if let Some(inbox) = &inbox {
        server.operator().fill_with_demo().await?;
        for person in [demo::TECHNICIAN, demo::APPLICANT, demo::OFFICER, demo::COLLEAGUE] {
            say(&format!(
                "sign in as {}: user name {}, password {}",
                person.name, person.user_name, person.password
            ));
        }
        say(&format!(
            "not activated yet: {}, user name {}: open the link in the mail",
            demo::INVITED.name,
            demo::INVITED.user_name
        ));
        say(&format!("text messages and mails are shown at {}", inbox.url()));
    }
    say(&format!("listening on {scheme}://{}", server.address()));
    stop_asked().await?;
    server.stop().await?;
    Ok(ExitCode::SUCCESS)
}

/// What a server is started with.
type Parts = (
    Where,
    Option<Arc<Tls>>,
    Arc<dyn Sms>,
    Option<Arc<dyn Mail>>,
    Option<DemoInbox>,
    Option<String>,
);

/// Invites somebody, or again.
fn accounts(command: AccountsCommand, now: Timestamp) -> anyhow::Result<()> {
    match command {
        AccountsCommand::Invite { data, name, user_name, phone, email } => {
            let invitation = Invitation { name, user_name, phone, email };
            invitations::invite(&data, &invitation, now)?;
            say(&format!("{}: invited; the link goes by mail", invitation.user_name));
        }
        AccountsCommand::InviteAgain { data, user_name } => {
            invitations::invite_again(&data, &user_name, now)?;
            say(&format!("{user_name}: another link goes by mail"));
        }
        AccountsCommand::RemoveCodeApp { data, user_name } => {
            invitations::remove_code_app(&data, &user_name, now)?;
            say(&format!("{user_name}: codes go to the telephone; a mail says so"));
        }
    }
    Ok(())
}

/// Takes files in and reports as it goes.
fn import_files(
    data: &Path,
    asked: &Import,
    lang: Lang,
    now: Timestamp,
) -> anyhow::Result<ExitCode> {
    let summary = import::run(data, asked, now, &mut |told| match told {
        Told::Fault(_) => say(&told.words(lang)),
        Told::Encoding(_) | Told::Progress { .. } => complain(&told.words(lang)),
    })?;
    say(&summary.words(lang));
    Ok(if summary.faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn secret(name: &str) -> anyhow::Result<String> {
    std::env::var(name).with_context(|| format!("{name} is not set"))
}

/// The certificate of the settings; `None` without any.
fn certificate(arguments: TlsArguments) -> anyhow::Result<Option<Arc<Tls>>> {
    let Some((certificate, key)) = arguments.files() else { return Ok(None) };
    Ok(Some(Arc::new(Tls::read(&certificate, &key)?)))
}

/// Takes up a renewed certificate on the signal HUP, as those who renew certificates send it.
#[cfg(unix)]
fn read_again_when_asked(tls: Arc<Tls>) -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut asked = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while asked.recv().await.is_some() {
            match tls.read_again() {
                Ok(()) => tracing::info!("the certificate was read again"),
                Err(fault) => {
                    let fault = format!("{fault:#}");
                    tracing::error!(
                        fault,
                        "the certificate could not be read again: the old stays"
                    );
                }
            }
        }
    });
    Ok(())
}

/// There is no such signal here: a renewed certificate needs a new start.
#[cfg(not(unix))]
fn read_again_when_asked(_tls: Arc<Tls>) -> anyhow::Result<()> {
    Ok(())
}

/// The mail server of the settings; `None` without any.
fn mail_server(arguments: MailArguments) -> anyhow::Result<Option<Arc<dyn Mail>>> {
    let login = match std::env::var_os("BEHORIG_SMTP_USER") {
        Some(_) => Some((secret("BEHORIG_SMTP_USER")?, secret("BEHORIG_SMTP_PASSWORD")?)),
        None => None,
    };
    let Some(settings) = arguments.settings(login) else { return Ok(None) };
    Ok(Some(Arc::new(behorig_mail::Smtp::new(settings)?)))
}

/// A pack, if nothing is wrong with it; else everything that is, a line each.
fn read_pack(file: &Path) -> anyhow::Result<PublishService> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    packs::read(&text).map_err(|faults| {
        let named = |fault: &PackFault| format!("{}: {fault}", file.display());
        anyhow!(faults.0.iter().map(named).collect::<Vec<_>>().join("\n"))
    })
}

/// Says of each file whether it can be put in force.
fn check(files: &[PathBuf]) -> ExitCode {
    let mut all_right = true;
    for file in files {
        match read_pack(file) {
            Ok(_) => say(&format!("{}: ok", file.display())),
            Err(faults) => {
                all_right = false;
                complain(&format!("{faults:#}"));
            }
        }
    }
    if all_right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What whoever started the program waits for.
#[expect(clippy::print_stdout, reason = "the program's answer to the one who started it")]
fn say(line: &str) {
    println!("{line}");
}

/// What is wrong with what whoever started the program gave it.
#[expect(clippy::print_stderr, reason = "the program's answer to the one who started it")]
fn complain(line: &str) {
    eprintln!("{line}");
}

async fn stop_asked() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            asked = tokio::signal::ctrl_c() => asked,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
