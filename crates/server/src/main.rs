//! `behorig-server`: the server's one program.

use std::{net::SocketAddr, path::PathBuf};

use behorig_server::{Config, Server, demo, system_clock};
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
    Serve(Where),
    /// Serve with people and cases to try the program with; never for real data
    Demo(Where),
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
    let (place, with_demo) = match Arguments::parse().command {
        Command::Serve(place) => (place, false),
        Command::Demo(place) => (place, true),
    };
    let config = Config { data: place.data, listen: place.listen, clock: system_clock() };
    let server = Server::start(config).await?;
    if with_demo {
        server.operator().fill_with_demo().await?;
    }
    say(&format!("listening on http://{}", server.address()));
    if with_demo {
        for person in [demo::TECHNICIAN, demo::OFFICER] {
            say(&format!(
                "sign in as {}: user name {}, password {}",
                person.name, person.user_name, person.password
            ));
        }
    }
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
