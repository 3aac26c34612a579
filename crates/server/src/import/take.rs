//! Takes rows in: through commands, many in one transaction.

use std::{fs::File, io::Read as _, path::Path};

use anyhow::{Context as _, bail, ensure};
use behorig_domain::{
    Command, FileId, PersonId, Read, Timestamp,
    cases::{Case, RecordCertificate},
    documents::{FileRef, usable_name},
    identity::RegisterPerson,
};
use behorig_protocol::Answer;
use behorig_server_store::{Found, Mailing, Stage, Store, Upload, Writing};
use uuid::Uuid;

use super::check::{Act, body};
use crate::uploads::Uploads;

/// Bytes of a file that are sealed at a time.
const PIECE: usize = 1024 * 1024;

/// A file whose bytes lie sealed at the server, and which no document names yet.
struct Sealed {
    id: FileId,
    upload: Upload,
    found: Found,
}

/// Takes in what some rows say, all of it or nothing.
pub(super) fn take(
    store: &mut Store,
    uploads: &Uploads,
    acts: Vec<Act>,
    invite: bool,
    now: Timestamp,
) -> anyhow::Result<()> {
    let mut ready = Vec::new();
    for act in acts {
        let sealed = match &act {
            Act::Certificate { certificate, file: Some(file) } => {
                let holder = holder(store, certificate)?;
                Some(seal(uploads, holder, file).with_context(|| file.display().to_string())?)
            }
            _ => None,
        };
        ready.push((act, sealed));
    }
    store.write(|writing| {
        for (act, sealed) in ready {
            write(writing, act, sealed, invite, now)?;
        }
        Ok(())
    })
}

fn holder(store: &Store, certificate: &RecordCertificate) -> anyhow::Result<PersonId> {
    match store.record(Case::at(certificate.case))? {
        Read::Found(record) => Ok(body::<Case>(&record)?.holder.person),
        Read::Absent | Read::Unseen => bail!("the case {} is not there", certificate.case),
    }
}

fn write(
    writing: &mut Writing<'_>,
    act: Act,
    sealed: Option<Sealed>,
    invite: bool,
    now: Timestamp,
) -> anyhow::Result<()> {
    match act {
        Act::Person { person, name, registered, account } => {
            if !registered {
                let services = match account {
                    Some(_) => writing.open_services()?,
                    None => Vec::new(),
                };
                let register = RegisterPerson { person, name, services };
                operate(writing, &Command::RegisterPerson(register), now)?;
            }
            if let Some(account) = account {
                writing.put_account(&account.user_name, person, None, &account.phone)?;
                writing.put_email(person, Some(&account.email))?;
                if invite {
                    writing.mail_account(person, Mailing::Activation, now)?;
                }
            }
            Ok(())
        }
        Act::Case(open) => operate(writing, &Command::OpenCase(open), now),
        Act::Certificate { mut certificate, .. } => {
            if let Some(Sealed { id, upload, found }) = sealed {
                writing.begin_upload(id, &upload, now)?;
                writing.end_upload(id, &found, now)?;
                let Found::Usable { sha256, format } = found else {
                    bail!("a file is not what it was when it was checked")
                };
                let name = usable_name(&upload.name, format);
                let bytes = upload.bytes;
                certificate.file = Some(FileRef { id, name, bytes, sha256, format });
            }
            operate(writing, &Command::RecordCertificate(certificate), now)
        }
    }
}

fn operate(writing: &mut Writing<'_>, command: &Command, now: Timestamp) -> anyhow::Result<()> {
    let decided = writing.operate(command, now)?;
    match decided.answer {
        Answer::Done { .. } => Ok(()),
        Answer::Refused { refusal, .. } => bail!("refused: {}", refusal.code),
        _ => bail!("not decided"),
    }
}

/// Seals a file under its owner's key, as if they had sent it.
fn seal(uploads: &Uploads, person: PersonId, path: &Path) -> anyhow::Result<Sealed> {
    let id = FileId(Uuid::now_v7());
    let mut file = File::open(path)?;
    let bytes = file.metadata()?.len();
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let upload = Upload { person, name, bytes, stage: Stage::Coming };
    let mut held = uploads.hold(id, person)?;
    let mut piece = vec![0; PIECE];
    let mut rest = bytes;
    while rest > 0 {
        let most = usize::try_from(rest).unwrap_or(PIECE).min(PIECE);
        let part = piece.get_mut(..most).context("a piece")?;
        file.read_exact(part)?;
        held.write(|writer| writer.append(part))?;
        rest = rest.saturating_sub(most as u64);
    }
    ensure!(file.read(&mut [0])? == 0, "the file has grown");
    ensure!(held.synced()? == bytes, "not all of it could be kept");
    let found = uploads.finish(id, &upload, &mut held)?;
    Ok(Sealed { id, upload, found })
}
