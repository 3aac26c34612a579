//! `behorig-cli`: what the program does, for scripts. Results go to standard output as JSON, one line a thing;
//! words for people go to standard error.

#[expect(
    clippy::indexing_slicing,
    reason = "of a JSON value what is missing is null, never a panic"
)]
mod acts;
mod asked;
mod documents;
mod host;
#[expect(
    clippy::indexing_slicing,
    reason = "of a JSON value what is missing is null, never a panic"
)]
mod program;

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use behorig_app::{Code, RpcError};
use clap::{Parser, Subcommand};
use serde_json::json;

use program::{Answer, Failure, Said};

const AFTER_HELP: &str = "\
Every result is JSON on standard output, one line a thing; what is said to people is on standard error. What failed
is one line: {\"error\": {\"code\": …, \"params\": {…}}}.

Passwords, codes and passphrases are asked for at the terminal, or read line by line from standard input where that is
none. The passphrase unlocks what is kept on this computer; it is chosen at the first sign-in.

What is written without a line waits in the outbox, and `sync` sends it.

Exit code:
  0  done
  1  refused: a rule says no, a word is wrong, there is no such case, a file can be no document
  2  the arguments are wrong
  3  no line to the server
  4  nobody is signed in, or the session has ended
  5  anything else

Environment:
  BEHORIG_DATA_DIR         another folder for what is kept on this computer
  BEHORIG_PASSPHRASE_FILE  a file whose first line is the passphrase
  BEHORIG_LOG              what of the program's log goes to standard error, such as warn";

#[derive(Parser)]
#[command(name = "behorig-cli", version, about = "Behörig for scripts", after_help = AFTER_HELP)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sign in, for the first time or when the session has ended. Asks for password, passphrase and code, in
    /// this order
    SignIn {
        /// The server's address
        #[arg(long, value_name = "URL")]
        server: String,
        /// The user name
        #[arg(long, value_name = "NAME")]
        user_name: String,
        /// The passphrase is forgotten: the one that is asked for is a new one
        #[arg(long)]
        forgotten: bool,
    },
    /// End the session at the server. What is kept here stays, and so does what waits to be sent
    LogOut,
    /// Send all that waits and fetch all that is new
    Sync {
        /// Seconds that it may take
        #[arg(long, value_name = "SECONDS", default_value_t = 600)]
        within: u64,
    },
    /// Tell who is signed in, how the line is, and what is in the outbox
    Status,
    /// List the cases, one a line
    List,
    /// Show a case with its messages and documents
    Show {
        /// Its registry number or id
        case: String,
    },
    /// Messages in a case
    #[command(subcommand)]
    Message(MessageCommand),
    /// Documents that belong to an application
    #[command(subcommand)]
    Documents(documents::Command),
    /// Write all that is yours to a folder: export.json, and the documents in files
    Export {
        /// The folder; made, or empty
        #[arg(value_name = "DIR")]
        to: PathBuf,
    },
}

#[derive(Subcommand)]
enum MessageCommand {
    /// Write a message; the next sync sends it
    Send {
        /// The case's registry number or id
        case: String,
        /// The message
        #[arg(long, required_unless_present = "stdin", conflicts_with = "stdin")]
        text: Option<String>,
        /// `-`: the message is what is left on standard input
        #[arg(value_name = "-", value_parser = ["-"])]
        stdin: Option<String>,
        /// What it is; the service's usual one if it is not said
        #[arg(long, value_name = "CODE")]
        kind: Option<String>,
        /// The conversation that it answers
        #[arg(long, value_name = "ID")]
        reply_to: Option<String>,
    },
}

/// What a script learns from the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// All was as it should be.
    Well = 0,
    /// Something was refused.
    Refused = 1,
    /// There is no line to the server. 2 is clap's, for arguments that make no sense.
    NoLine = 3,
    /// Nobody is signed in.
    SignInNeeded = 4,
    /// Something went wrong.
    Failed = 5,
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("BEHORIG_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("off"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
    let Arguments { command } = Arguments::parse();
    let mut out = io::stdout();
    let outcome = match run(command, &mut out).await {
        Ok(outcome) => out.flush().map(|()| outcome).unwrap_or(Outcome::Refused),
        // whoever reads has had enough, and that is no failure to report
        Err(Failure::Other(error)) if is_broken_pipe(&error) => Outcome::Refused,
        Err(failure) => tell(&failure, &mut out),
    };
    ExitCode::from(outcome as u8)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

async fn run(command: Command, out: &mut impl Write) -> Answer<Outcome> {
    match command {
        Command::SignIn { server, user_name, forgotten } => {
            acts::sign_in(out, &server, &user_name, forgotten).await
        }
        Command::LogOut => acts::log_out(out).await,
        Command::Sync { within } => acts::sync(out, Duration::from_secs(within)).await,
        Command::Status => acts::status(out).await,
        Command::List => acts::list(out).await,
        Command::Show { case } => acts::show(out, &case).await,
        Command::Message(MessageCommand::Send { case, text, stdin: _, kind, reply_to }) => {
            acts::send(out, &case, text, kind, reply_to).await
        }
        Command::Documents(documents::Command::Submit { case, row, file, note, checked }) => {
            acts::submit(out, &case, &row, file, json!({ "note": note, "checked": checked })).await
        }
        Command::Documents(documents::Command::Check { files, max_bytes }) => {
            Ok(documents::check_all(&files, max_bytes, out)?)
        }
        Command::Export { to } => acts::export(out, &to).await,
    }
}

/// Tells what went wrong: a code for scripts, words for people.
fn tell(failure: &Failure, out: &mut impl Write) -> Outcome {
    let (error, words, outcome) = match failure {
        Failure::Told(error) => {
            let (words, outcome) = told(error);
            (json!(error), words.to_owned(), outcome)
        }
        Failure::Said(said) => {
            let (code, words, outcome) = said_words(*said);
            (json!({ "code": code, "params": {} }), words.to_owned(), outcome)
        }
        Failure::Other(error) => {
            (json!({ "code": "failed", "params": {} }), format!("{error:#}"), Outcome::Failed)
        }
    };
    // who has closed either stream does not want to know
    let _ = writeln!(out, "{}", json!({ "error": error }));
    let _ = writeln!(io::stderr(), "behorig-cli: {words}");
    outcome
}

fn said_words(said: Said) -> (&'static str, &'static str, Outcome) {
    match said {
        Said::NotSignedIn => {
            ("sign_in_needed", "nobody has signed in here: see sign-in", Outcome::SignInNeeded)
        }
        Said::CaseNotFound => {
            ("case_not_found", "there is no such case here: see list and sync", Outcome::Refused)
        }
        Said::RowNotFound => {
            ("row_not_found", "the case asks for no such document: see show", Outcome::Refused)
        }
        Said::FolderTaken => {
            ("folder_taken", "another program is using the same data folder", Outcome::Failed)
        }
        Said::TooSlow => {
            ("too_slow", "not all is sent and fetched yet: run sync again", Outcome::Failed)
        }
        Said::NotEmpty => ("not_empty", "the folder to export to is not empty", Outcome::Refused),
    }
}

fn told(error: &RpcError) -> (&'static str, Outcome) {
    match error.code {
        Code::Offline => ("no line to the server; nothing is lost", Outcome::NoLine),
        Code::SignInNeeded => ("the session has ended: see sign-in", Outcome::SignInNeeded),
        Code::SignInRefused => ("user name or password is wrong", Outcome::Refused),
        Code::WrongCode => ("that is not the code that was sent", Outcome::Refused),
        Code::CodeExpired => ("the code is too old: sign in again", Outcome::Refused),
        Code::TooManyTries => ("too many tries: wait a while", Outcome::Refused),
        Code::WrongPassphrase => ("the passphrase is wrong", Outcome::Refused),
        Code::PassphraseTooShort => ("the passphrase is too short", Outcome::Refused),
        Code::NoTriesLeft => ("no try is left: see sign-in --forgotten", Outcome::Refused),
        Code::OtherPerson => ("somebody else's cases are kept in this folder", Outcome::Refused),
        Code::ServerAddress => ("the server's address cannot be used", Outcome::Refused),
        Code::Rejected => ("refused: see params.rejection", Outcome::Refused),
        Code::BadRequest => ("that cannot be meant", Outcome::Refused),
        Code::FileFailed => ("the file could not be read or written", Outcome::Failed),
        Code::DiskFull => ("the disk is full; nothing was written", Outcome::Failed),
        Code::UpgradeNeeded | Code::ReplicaNewer => ("a newer version is needed", Outcome::Failed),
        _ => ("it failed; the code says more", Outcome::Failed),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use clap::CommandFactory as _;

    use super::*;

    /// The manual is made of the same definitions as the help. `cargo xtask generate` writes it.
    #[test]
    fn the_manual_says_what_the_program_takes() {
        let folder = tempfile::tempdir().unwrap();
        clap_mangen::generate_to(Arguments::command(), folder.path()).unwrap();
        let kept = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/man"));
        if std::env::var_os("BEHORIG_GENERATE").is_some() {
            let _ = fs::remove_dir_all(kept);
            fs::create_dir_all(kept).unwrap();
            for page in fs::read_dir(folder.path()).unwrap() {
                let page = page.unwrap();
                fs::copy(page.path(), kept.join(page.file_name())).unwrap();
            }
        }
        let pages = |folder: &Path| {
            let mut pages: Vec<_> = fs::read_dir(folder)
                .unwrap()
                .map(|page| page.unwrap().path())
                .map(|page| {
                    (page.file_name().unwrap().to_owned(), fs::read_to_string(page).unwrap())
                })
                .collect();
            pages.sort();
            pages
        };
        assert!(pages(folder.path()) == pages(kept), "run `cargo xtask generate`");
    }

    #[test]
    fn no_argument_holds_a_secret() {
        let text = Arguments::command().render_long_help().to_string();
        assert!(!text.contains("--password") && !text.contains("--passphrase"), "{text}");
    }
}
