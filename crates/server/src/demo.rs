//! People and cases to try the program with. Made through the same commands as real ones.

use std::sync::Arc;

use anyhow::{anyhow, bail, ensure};
use behorig_domain::{
    Command, CommandId, DeviceId, PersonId, RecordId,
    cases::OpenCase,
    contact::{Details, SetContact},
    identity::{AppointOfficer, IdentityNumber, RegisterPerson},
    messages::SendMessage,
};
use behorig_protocol::{Answer, Envelope, Frame};
use uuid::Uuid;

use crate::{
    controllers::{AllDecided, decide_all},
    invitations::{Invitation, invite_in},
    packs, passwords,
    state::State,
};

/// The issuer's own systems: what they may do at the server itself.
#[derive(Clone)]
pub struct Operator {
    state: Arc<State>,
}

/// Somebody to sign in as in the demo.
#[derive(Debug, Clone, Copy)]
pub struct DemoPerson {
    /// The name that others see.
    pub name: &'static str,
    /// What to sign in with.
    pub user_name: &'static str,
    /// The demo's password: published here, so never anybody's real one.
    pub password: &'static str,
    /// Where codes go: a number that is set aside for fiction.
    pub phone: &'static str,
    /// Where mail goes: a domain that is set aside for examples.
    pub email: &'static str,
}

/// The demo's technician.
pub const TECHNICIAN: DemoPerson = DemoPerson {
    name: "Åsa Lindqvist",
    user_name: "asa.lindqvist",
    password: "kyla och värme",
    phone: "+46701740605",
    email: "asa.lindqvist@example.com",
};
/// Another of the demo's case officers.
pub const COLLEAGUE: DemoPerson = DemoPerson {
    name: "Annika Sjöberg",
    user_name: "annika.sjoberg",
    password: "ordning och reda",
    phone: "+46701740607",
    email: "annika.sjoberg@issuer.example",
};
/// An applicant of the demo whom no officer has taken on yet.
pub const APPLICANT: DemoPerson = DemoPerson {
    name: "Björn Östlund",
    user_name: "bjorn.ostlund",
    password: "fläktar och don",
    phone: "+46701740608",
    email: "bjorn.ostlund@example.com",
};
/// Identity numbers of the two who apply: of those that the tax agency gives to nobody.
const NUMBERS: [&str; 2] = ["19850312-2387", "19790824-2394"];
/// The demo's case officer.
pub const OFFICER: DemoPerson = DemoPerson {
    name: "Göran Hägglund",
    user_name: "goran.hagglund",
    password: "papper i ordning",
    phone: "+46701740606",
    email: "goran.hagglund@issuer.example",
};

/// The demo's applicant, who is invited and has not chosen this password yet.
pub const INVITED: DemoPerson = DemoPerson {
    name: "Siri Nyström",
    user_name: "siri.nystrom",
    password: "vedspis och vind",
    phone: "+46701740609",
    email: "siri.nystrom@example.com",
};

impl Operator {
    pub(crate) fn new(state: Arc<State>) -> Self {
        Self { state }
    }

    /// Registers a person who can then sign in, and who is told by mail what is new if an address is given.
    pub async fn register(
        &self,
        name: &str,
        user_name: &str,
        password: &str,
        phone: &str,
        email: Option<&str>,
    ) -> anyhow::Result<PersonId> {
        let person = PersonId(Uuid::now_v7());
        self.command(Command::RegisterPerson(RegisterPerson {
            person,
            name: name.into(),
            services: Vec::new(),
        }))
        .await?;
        let hash = passwords::hash(password)?;
        let (user_name, phone) = (user_name.to_owned(), phone.to_owned());
        let email = email.map(str::to_owned);
        let put = move |writing: &mut behorig_server_store::Writing<'_>| {
            writing.put_account(&user_name, person, Some(&hash), &phone)?;
            Ok(writing.put_email(person, email.as_deref())?)
        };
        self.state.writer.run(put).await?;
        Ok(person)
    }

    /// Invites a person, who is mailed a link to choose their password by.
    pub async fn invite(&self, invitation: Invitation) -> anyhow::Result<PersonId> {
        let now = self.state.now();
        let invite = move |writing: &mut behorig_server_store::Writing<'_>| {
            Ok(invite_in(writing, &invitation, now))
        };
        let person = self.state.writer.run(invite).await??;
        self.state.notice(1);
        Ok(person)
    }

    /// Carries out a command of the issuer's own systems.
    pub async fn command(&self, command: Command) -> anyhow::Result<()> {
        let now = self.state.now();
        let decided = self.state.writer.run(move |writing| Ok(writing.operate(&command, now)?));
        let decided = decided.await?;
        ensure!(matches!(decided.answer, Answer::Done { .. }), "refused: {:?}", decided.answer);
        self.state.poke(decided.touched);
        self.state.notice(decided.notices);
        Ok(())
    }

    /// Carries out a person's command, as if one of their devices had sent it.
    async fn command_of(
        &self,
        person: PersonId,
        seq: i64,
        command: &Command,
    ) -> anyhow::Result<()> {
        let bytes = command.to_bytes();
        let envelope = Envelope {
            id: CommandId(Uuid::now_v7()),
            device: DeviceId(person.0),
            seq,
            after: Vec::new(),
            len: bytes.len(),
        };
        let now = self.state.now();
        let frames = [Frame { envelope, bytes }];
        let decide = move |writing: &mut behorig_server_store::Writing<'_>| {
            Ok(decide_all(writing, person, &frames, now))
        };
        let AllDecided { answers, touched, notices } = self.state.writer.run(decide).await?;
        ensure!(matches!(answers.first(), Some(Answer::Done { .. })), "refused: {answers:?}");
        self.state.poke(touched);
        self.state.notice(notices);
        Ok(())
    }

    /// Fills a new server with the demo's people, cases and messages. Does nothing to one in use.
    pub async fn fill_with_demo(&self) -> anyhow::Result<()> {
        let used = self.state.read(|store| store.has_accounts());
        if used.await? {
            return Ok(());
        }
        let mut people = Vec::new();
        for DemoPerson { name, user_name, password, phone, email } in
            [TECHNICIAN, OFFICER, COLLEAGUE, APPLICANT]
        {
            people.push(self.register(name, user_name, password, phone, Some(email)).await?);
        }
        let [technician, officer, colleague, applicant] = people[..] else {
            bail!("four people were registered")
        };
        let pack = packs::read(packs::CERTIFICATION)?;
        let service = pack.id;
        let issuer =
            pack.service.issuer.ok_or_else(|| anyhow!("a body that takes applications"))?;
        self.command(Command::PublishService(pack)).await?;
        for person in [officer, colleague] {
            let appoint = AppointOfficer { issuer, service, person };
            self.command(Command::AppointOfficer(appoint)).await?;
        }
        let [technicians, applicants] =
            NUMBERS.map(|number| number.parse::<IdentityNumber>().map_err(|_| anyhow!("a number")));
        let (technicians, applicants) = (technicians?, applicants?);
        let open = |number: &str, scheme: &str, title: &str, holder, identity_number, officer| {
            let id = RecordId(Uuid::now_v7());
            let (scheme, number, title) = (scheme.into(), number.into(), title.into());
            OpenCase {
                id,
                issuer,
                service,
                scheme,
                number,
                title,
                holder,
                identity_number,
                officer,
            }
        };
        let waiting =
            open("2026-12044", "f-gas-1", "F-gas, kategori I", applicant, applicants, None);
        self.command(Command::OpenCase(waiting)).await?;
        let details = Details {
            name: TECHNICIAN.name.into(),
            street: "Kopparvägen 12".into(),
            postal_code: "791 42".into(),
            town: "Falun".into(),
            phone: TECHNICIAN.phone.into(),
            email: TECHNICIAN.email.into(),
            company_name: "Lindqvists Kyl & Värme AB".into(),
            company_number: "556703-7485".into(),
            billing_reference: "Åsa, intyg".into(),
            ..Details::default()
        };
        let (person, protected) = (technician, false);
        let details = Box::new(details);
        let set = SetContact { issuer, person, protected, details };
        self.command(Command::SetContact(set)).await?;
        let cases = [
            (
                "2026-10482",
                "f-gas-1",
                "F-gas, kategori I",
                "Hej Åsa! Jag är din handläggare. Vi saknar ditt avgångsbetyg. \
                 Har du det hemma, eller ska vi fråga skolan?",
            ),
            (
                "2026-11907",
                "energy-expert",
                "Energiexpert",
                "Din ansökan är registrerad. Vi hör av oss när vi har gått igenom den.",
            ),
        ];
        for (seq, (number, scheme, title, text)) in (1..).zip(cases) {
            let opened =
                open(number, scheme, title, technician, technicians.clone(), Some(officer));
            let case = opened.id;
            self.command(Command::OpenCase(opened)).await?;
            let id = RecordId(Uuid::now_v7());
            let written_at = self.state.now();
            let message = SendMessage {
                id,
                case,
                thread: id,
                message_type: "note".into(),
                text: text.into(),
                written_at,
            };
            self.command_of(officer, seq, &Command::SendMessage(message)).await?;
        }
        let DemoPerson { name, user_name, phone, email, .. } = INVITED;
        self.invite(Invitation {
            name: name.into(),
            user_name: user_name.into(),
            phone: phone.into(),
            email: email.into(),
        })
        .await?;
        Ok(())
    }
}
