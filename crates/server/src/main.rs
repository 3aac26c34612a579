//! `behorig-server`: the server's one program.

use std::{net::SocketAddr, path::PathBuf};

use std::sync::Arc;

use anyhow::Context as _;
use behorig_server::{Config, DemoTelephone, Server, demo, system_clock};
use behorig_sms::{Gateway, Sms};
use clap::{Args, Parser, Subcommand};

#[derive(Parser)]
#[command(name = "behorig-server", version, about = "The server of Behörig")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve until stopped
    Serve {
        #[command(flatten)]
        place: Where,
        /// The text message gateway, 46elks-type; user and password come from BEHORIG_SMS_USER and
        /// BEHORIG_SMS_PASSWORD
        #[arg(long, default_value = "https://api.46elks.com/a1/sms")]
        sms_gateway: String,
        /// What stands as the sender of text messages
        #[arg(long, default_value = "Behorig")]
        sms_sender: String,
    },
    /// Serve with people and cases to try the program with; never for real data
    Demo {
        #[command(flatten)]
        place: Where,
        /// The address of the page that shows the text messages that the demo sent
        #[arg(long, default_value = "127.0.0.1:8791")]
        telephone: SocketAddr,
    },
}

#[derive(Args)]
struct Where {
    /// The folder that holds the database; made if it is missing
    #[arg(long)]
    data: PathBuf,
    /// The address to listen on; loopback, since TLS is the proxy's work
    #[arg(long, default_value = "127.0.0.1:8790")]
    listen: SocketAddr,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_from_env("BEHORIG_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let (place, sms, telephone): (Where, Arc<dyn Sms>, _) = match Arguments::parse().command {
        Command::Serve { place, sms_gateway, sms_sender } => {
            let secret = |name| std::env::var(name).with_context(|| format!("{name} is not set"));
            let (user, password) = (secret("BEHORIG_SMS_USER")?, secret("BEHORIG_SMS_PASSWORD")?);
            let gateway = Gateway::new(&sms_gateway, &user, &password, &sms_sender)?;
            (place, Arc::new(gateway), None)
        }
        Command::Demo { place, telephone } => {
            let telephone = DemoTelephone::start(telephone).await?;
            (place, Arc::new(telephone.gateway()?), Some(telephone))
        }
    };
    let config = Config { data: place.data, listen: place.listen, clock: system_clock(), sms };
    let server = Server::start(config).await?;
    if let Some(telephone) = &telephone {
        server.operator().fill_with_demo().await?;
        for person in [demo::TECHNICIAN, demo::OFFICER] {
            say(&format!(
                "sign in as {}: user name {}, password {}",
                person.name, person.user_name, person.password
            ));
        }
        say(&format!("text messages are shown at {}", telephone.url()));
    }
    say(&format!("listening on http://{}", server.address()));
    stop_asked().await?;
    server.stop().await
}

/// What whoever started the program waits for.
#[expect(clippy::print_stdout, reason = "the program's answer to the one who started it")]
fn say(line: &str) {
    println!("{line}");
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
