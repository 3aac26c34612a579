//! A life of some people with some devices, and what must be true at its end.

use std::{collections::BTreeMap, sync::Arc};

use behorig_domain::{
    Command, IssuerId, Kind, PersonId, Record, RecordId, RecordRef, Scope, audience,
    cases::OpenCase,
    documents::{Handling, RowState},
};
use behorig_server::{
    demo::{DemoPerson, OFFICER, TECHNICIAN},
    packs,
};
use behorig_store::OutboxState;
use tempfile::TempDir;
use uuid::Uuid;

use crate::{
    device::{Asleep, Device, copy_folder, folder},
    network::{Backup, Network},
};

const DAY: i64 = 24 * 60 * 60 * 1_000;
/// Rounds in which everything must come to rest once the line is good.
const ROUNDS: usize = 200;
/// The officer's other certified person, who has nothing to do with the technician.
const STRANGER: DemoPerson = DemoPerson {
    name: "Örjan Ström",
    user_name: "orjan.strom",
    password: "is och vatten",
    phone: "+46701740607",
    email: "orjan.strom@example.com",
};
/// How every text in the technician's case begins, and every one in the stranger's.
const MARKS: [&str; 2] = ["§1:", "§2:"];

/// How the texts begin that somebody may never be told of.
pub fn never(who: DemoPerson) -> &'static str {
    match who.user_name {
        name if name == TECHNICIAN.user_name => MARKS[1],
        name if name == STRANGER.user_name => MARKS[0],
        // the officer is party to both cases; nobody writes this
        _ => "§3:",
    }
}

/// What every life begins with: made once, since signing in takes its time on purpose.
pub struct Beginning {
    server: TempDir,
    now: i64,
    devices: Vec<Asleep>,
    /// An officer's device that looks at nothing before the end.
    witness: Asleep,
    case: RecordId,
    others: OthersCase,
}

/// The stranger's case: of the same officer, and of no concern to the technician.
#[derive(Clone, Copy)]
struct OthersCase {
    id: RecordId,
    issuer: IssuerId,
    officer: PersonId,
}

impl OthersCase {
    async fn open(network: &Arc<Network>, officer: PersonId) -> Self {
        let operator = network.server().operator();
        let DemoPerson { name, user_name, password, phone, email } = STRANGER;
        let holder = operator.register(name, user_name, password, phone, Some(email)).await;
        let (id, issuer) = (RecordId(Uuid::now_v7()), IssuerId(Uuid::now_v7()));
        let open = OpenCase {
            id,
            issuer,
            service: packs::read(packs::CERTIFICATION).unwrap().id,
            scheme: "f-gas-1".into(),
            number: "2026-20731".into(),
            title: "F-gas, kategori I".into(),
            holder: holder.unwrap(),
            identity_number: "198503122387".parse().unwrap(),
            officer: Some(officer),
        };
        operator.command(Command::OpenCase(open)).await.unwrap();
        Self { id, issuer, officer }
    }
}

impl Beginning {
    /// Two devices of the technician, a day fast and a day slow, two of the officer, and one of the stranger.
    pub async fn make() -> Self {
        let network = Network::new(folder(), 0, None);
        network.server().operator().fill_with_demo().await.unwrap();
        let witness = Device::sign_in(&network, OFFICER, 0).await;
        let others = OthersCase::open(&network, witness.person).await;
        let mut devices = Vec::new();
        let own = [(TECHNICIAN, DAY), (TECHNICIAN, -DAY), (OFFICER, 0), (STRANGER, 0)];
        for (who, clock_off) in own {
            let mut device = Device::sign_in(&network, who, clock_off).await;
            for _ in 0..3 {
                device.step().await;
            }
            devices.push(device);
        }
        let case = devices[0].case().expect("the demo's case");
        let witness = witness.sleep();
        let devices = devices.into_iter().map(Device::sleep).collect();
        let (server, now) = (folder(), network.now());
        let backup = network.back_up();
        for part in [backup.rest.path(), backup.keys.path()] {
            copy_folder(part, server.path());
        }
        Self { server, now, devices, witness, case, others }
    }
}

pub struct World {
    network: Arc<Network>,
    rng: fastrand::Rng,
    devices: Vec<Device>,
    witness: Device,
    case: RecordId,
    others: OthersCase,
    /// The officer's access to the stranger's case has ended, at least for a time.
    ended: bool,
    written: usize,
    copied: bool,
    backup: Option<Backup>,
    restored: bool,
}

impl World {
    pub fn begin(beginning: &Beginning, seed: u64) -> Self {
        let server = folder();
        copy_folder(beginning.server.path(), server.path());
        let network = Network::new(server, seed, Some(beginning.now));
        let wake = |asleep| Device::wake(&network, asleep);
        let devices = beginning.devices.iter().map(wake).collect();
        let witness = wake(&beginning.witness);
        network.faults(true);
        let rng = fastrand::Rng::with_seed(seed ^ 0x5eed);
        let (case, others) = (beginning.case, beginning.others);
        Self {
            network,
            rng,
            devices,
            witness,
            case,
            others,
            ended: false,
            written: 0,
            copied: false,
            backup: None,
            restored: false,
        }
    }

    pub async fn live(&mut self, moments: usize) {
        for _ in 0..moments {
            let who = self.rng.usize(0..self.devices.len());
            let (case, mark) = self.case_of(who);
            match self.rng.u8(0..27) {
                0..=5 => {
                    self.written += 1;
                    let text = format!("{mark} text {} från enhet {who}", self.written);
                    let answers = self.rng.bool().then(|| self.rng.usize(0..40));
                    self.devices[who].write(case, text, answers);
                }
                6 => self.devices[who].take_back(),
                7 => self.devices[who].restart(),
                8 => self.network.deliver_late().await,
                9 if !self.copied && self.rng.u8(0..4) == 0 => {
                    self.copied = true;
                    let copy = self.devices[who].copy();
                    self.devices.push(copy);
                }
                10 | 11 => {
                    // some are larger than one part of an upload
                    let bytes = [700, 90_000, 1_400_000][self.rng.usize(0..3)];
                    let row = self.rng.usize(0..4);
                    self.devices[who].submit(self.case, row, bytes);
                }
                12 | 13 => {
                    let (which, accept) = (self.rng.usize(0..8), self.rng.bool());
                    self.devices[who].handle(self.case, which, accept);
                }
                14 => self.devices[who].read_all(case),
                15 if self.backup.is_none() => self.backup = Some(self.network.back_up()),
                15 if !self.restored && self.rng.bool() => {
                    self.restored = true;
                    self.network.restore(self.backup.as_ref().unwrap());
                }
                16 if self.rng.u8(0..4) == 0 => {
                    let which = self.rng.usize(0..35);
                    self.devices[who].damage(which);
                }
                17 if !self.ended && self.rng.u8(0..4) == 0 => {
                    self.ended = true;
                    let OthersCase { id, issuer, officer } = self.others;
                    self.network.end_access(officer, &Scope::Case(issuer, id));
                }
                _ => {
                    self.devices[who].step().await;
                    if self.restored {
                        self.devices[who].sign_in_again().await;
                    }
                }
            }
        }
    }

    /// In which case a device does something, and how its texts there begin.
    fn case_of(&mut self, who: usize) -> (RecordId, &'static str) {
        let device = &self.devices[who];
        let of_stranger = device.who.user_name == STRANGER.user_name;
        let both = device.person == self.others.officer && device.sees(self.others.id);
        if of_stranger || (both && self.rng.bool()) {
            (self.others.id, MARKS[1])
        } else {
            (self.case, MARKS[0])
        }
    }

    /// The line is good again: everything must come to rest by itself.
    pub async fn settle(&mut self) {
        self.network.faults(false);
        self.devices[0].read_all(self.case);
        while self.network.has_late() {
            self.network.deliver_late().await;
        }
        self.rest().await;
        if self.restored {
            // what nobody sends again any more is not waited for for ever
            self.network.pass(4 * DAY);
            self.rest().await;
        }
        // what the last one sent, the others fetch
        for device in &mut self.devices {
            for _ in 0..6 {
                device.step().await;
                device.sign_in_again().await;
            }
        }
    }

    async fn rest(&mut self) {
        for _ in 0..ROUNDS {
            for device in &mut self.devices {
                device.step().await;
                device.sign_in_again().await;
            }
            if self.devices.iter().all(Device::is_quiet) {
                break;
            }
        }
    }

    pub async fn check(&mut self) {
        for _ in 0..8 {
            self.witness.step().await;
            self.witness.sign_in_again().await;
        }
        let witness = &self.witness;
        let truth: Vec<String> =
            witness.messages(self.case).into_iter().map(|(text, _)| text).collect();
        let stranger = self.devices.iter().find(|it| it.who.user_name == STRANGER.user_name);
        let others: Vec<String> =
            stranger.unwrap().messages(self.others.id).into_iter().map(|(text, _)| text).collect();
        for (n, device) in self.devices.iter().enumerate() {
            assert!(device.is_quiet(), "device {n} came to rest");
            assert!(!device.differs(), "device {n} agrees by digest");
            for (case, truth) in [(self.case, &truth), (self.others.id, &others)] {
                let mut here = device.messages(case);
                // what was refused then stays, should a restored server give the access back
                here.retain(|(_, state)| !self.ended || *state != OutboxState::Refused);
                for (text, state) in &here {
                    assert_eq!(*state, OutboxState::Received, "device {n}: {text}");
                }
                let here: Vec<String> = here.into_iter().map(|(text, _)| text).collect();
                let none = Vec::new();
                let expected = if device.sees(case) { truth } else { &none };
                assert_eq!(here, *expected, "device {n} shows what the server holds, in its order");
            }
            self.check_typed(n, device, MARKS[0], &truth);
            self.check_typed(n, device, MARKS[1], &others);
            // lost answers and deaths at any packet cost nobody the session
            let may_lose_session = self.copied || self.restored || self.network.had_late_refresh();
            assert!(device.signed_in_again == 0 || may_lose_session, "device {n} signed in again");
        }
        self.check_documents(witness).await;
        self.check_audience();
        let unread = |device: &Device| device.unread(self.case);
        let other = unread(&self.devices[0]);
        assert_eq!(unread(&self.devices[1]), other, "what one device has read, the other has");
    }

    /// Everybody sees the same documents with the same fate; every one that was sent in is there, or was
    /// refused for a reason that can be; its bytes are what its record says.
    async fn check_documents(&self, witness: &Device) {
        let truth = witness.documents(self.case);
        let parties = self.devices.iter().enumerate().filter(|(_, it)| it.sees(self.case));
        for (n, device) in parties {
            assert_eq!(device.documents(self.case), truth, "device {n} shows the same documents");
            for document in device.told_missing() {
                // an officer's word on it waits until it is there
                assert!(truth.1.iter().all(|(id, ..)| *id != document), "device {n}: {document}");
            }
            for document in &device.submitted {
                let there = truth.1.iter().any(|(id, ..)| id == document);
                let refused = device.refusal(*document);
                // a copy may have taken it back before this one sent it, and the other way round
                let elsewhere = self.copied;
                let fine = there || refused.as_deref() == Some("row_accepted") || elsewhere;
                assert!(fine, "device {n}: {document}: {refused:?}");
            }
        }
        println!(
            "{} documents{}{}{}",
            truth.1.len(),
            if self.restored { ", restored" } else { "" },
            if self.copied { ", copied" } else { "" },
            if self.ended { ", access ended" } else { "" },
        );
        for (id, _, document) in &truth.1 {
            let hash = witness.fetch(*id, document.file.bytes).await;
            assert_eq!(hash, document.file.sha256, "{id}");
        }
        for (row, of_row) in &truth.0 {
            let of_this = truth.1.iter().filter(|(_, _, document)| document.row == *row);
            let waiting = of_this.filter(|(.., it)| it.handling == Handling::Waiting).count();
            let expected = usize::from(of_row.state == RowState::Submitted);
            assert!(!of_row.required || waiting == expected, "{of_row:?}: {waiting} wait");
        }
    }

    /// What was typed is there once, in the order of writing; what was taken back is not.
    fn check_typed(&self, n: usize, device: &Device, mark: &str, truth: &[String]) {
        let mut places = Vec::new();
        for (command, text) in device.typed.iter().filter(|(_, text)| text.starts_with(mark)) {
            let at: Vec<usize> = (0..truth.len()).filter(|at| truth[*at] == *text).collect();
            // a copy may have taken it back before this one sent it, and the other way round
            let elsewhere = self.devices.iter().any(|other| other.taken_back.contains(text));
            let not_there = elsewhere || (self.ended && device.access_ended(*command));
            assert!(at.len() == 1 || (not_there && at.is_empty()), "device {n}: {text}: {at:?}");
            places.extend(at);
        }
        // what a restored server lost comes again, but what was new may have come before it
        assert!(
            self.restored || places.is_sorted_by(|one, two| one > two),
            "device {n} keeps its order: {places:?}"
        );
        for text in &device.taken_back {
            let sent_by_copy =
                self.devices.iter().any(|other| other.typed.iter().any(|(_, typed)| typed == text));
            assert!(sent_by_copy || !truth.contains(text), "device {n} took back: {text}");
        }
    }

    /// Nobody holds anything that the server would not show them now, and everybody holds all of it.
    fn check_audience(&self) {
        let mut of_person = BTreeMap::new();
        for (n, device) in self.devices.iter().chain([&self.witness]).enumerate() {
            let may_see = self.network.scopes(device.person);
            let (records, scopes) = device.confirmed();
            assert_eq!(scopes, may_see, "device {n} has what the server shows");
            for (kind, id, body) in &records {
                assert!(!body.contains(never(device.who)), "device {n} was told {body}");
                let kind = Kind::named(kind).unwrap();
                let body = serde_json::from_str(body).unwrap();
                let record = Record { at: RecordRef { kind, id: *id }, body };
                let audience = audience(&record).unwrap();
                let seen = audience.iter().any(|scope| may_see.contains(&scope.to_string()));
                assert!(seen, "device {n} holds {record:?}");
            }
            let same = of_person.entry(device.person).or_insert_with(|| records.clone());
            assert_eq!(*same, records, "device {n} holds the same as its person's others");
        }
    }
}
