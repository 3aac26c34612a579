//! A life of some people with some devices, and what must be true at its end.

use std::sync::Arc;

use behorig_domain::{
    RecordId,
    documents::{Handling, RowState},
};
use behorig_server::demo::{OFFICER, TECHNICIAN};
use behorig_store::OutboxState;
use tempfile::TempDir;

use crate::{device::Device, network::Network};

const DAY: i64 = 24 * 60 * 60 * 1_000;
/// Rounds in which everything must come to rest once the line is good.
const ROUNDS: usize = 200;

pub struct World {
    _data: TempDir,
    network: Arc<Network>,
    rng: fastrand::Rng,
    devices: Vec<Device>,
    case: RecordId,
    written: usize,
    copied: bool,
}

impl World {
    /// Two devices of the technician, a day fast and a day slow, and one of the officer.
    pub async fn begin(seed: u64) -> Self {
        let data = tempfile::tempdir().unwrap();
        let network = Network::new(data.path().to_owned(), seed);
        network.server().operator().fill_with_demo().await.unwrap();
        let mut devices = Vec::new();
        for (who, clock_off) in [(TECHNICIAN, DAY), (TECHNICIAN, -DAY), (OFFICER, 0)] {
            let mut device = Device::sign_in(&network, who, clock_off).await;
            for _ in 0..3 {
                device.step().await;
            }
            devices.push(device);
        }
        let case = devices[0].case().expect("the demo's case");
        network.faults(true);
        let rng = fastrand::Rng::with_seed(seed ^ 0x5eed);
        Self { _data: data, network, rng, devices, case, written: 0, copied: false }
    }

    pub async fn live(&mut self, moments: usize) {
        for _ in 0..moments {
            let who = self.rng.usize(0..self.devices.len());
            match self.rng.u8(0..26) {
                0..=5 => {
                    self.written += 1;
                    let text = format!("text {} från enhet {who}", self.written);
                    self.devices[who].write(self.case, text);
                }
                6 => self.devices[who].take_back(self.case),
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
                14 => self.devices[who].read_all(self.case),
                _ => self.devices[who].step().await,
            }
        }
    }

    /// The line is good again: everything must come to rest by itself.
    pub async fn settle(&mut self) {
        self.network.faults(false);
        self.devices[0].read_all(self.case);
        while self.network.has_late() {
            self.network.deliver_late().await;
        }
        for _ in 0..ROUNDS {
            for device in &mut self.devices {
                device.step().await;
                device.sign_in_again().await;
            }
            if self.devices.iter().all(Device::is_quiet) {
                break;
            }
        }
        // what the last one sent, the others fetch
        for device in &mut self.devices {
            for _ in 0..6 {
                device.step().await;
                device.sign_in_again().await;
            }
        }
    }

    pub async fn check(&self) {
        let mut witness = Device::sign_in(&self.network, OFFICER, 0).await;
        for _ in 0..4 {
            witness.step().await;
        }
        let truth: Vec<String> =
            witness.messages(self.case).into_iter().map(|(text, _)| text).collect();
        for (n, device) in self.devices.iter().enumerate() {
            assert!(device.is_quiet(), "device {n} came to rest");
            assert!(!device.differs(), "device {n} agrees by digest");
            let here = device.messages(self.case);
            for (text, state) in &here {
                assert_eq!(*state, OutboxState::Received, "device {n}: {text}");
            }
            let here: Vec<String> = here.into_iter().map(|(text, _)| text).collect();
            assert_eq!(here, truth, "device {n} shows what the server holds, in its order");
            self.check_typed(n, device, &truth);
            // lost answers and deaths at any packet cost nobody the session
            let may_lose_session = self.copied || self.network.had_late_refresh();
            assert!(device.signed_in_again == 0 || may_lose_session, "device {n} signed in again");
        }
        self.check_documents(&witness).await;
        let unread = |device: &Device| device.unread(self.case);
        let other = unread(&self.devices[0]);
        assert_eq!(unread(&self.devices[1]), other, "what one device has read, the other has");
    }

    /// Everybody sees the same documents with the same fate; every one that was sent in is there, or was
    /// refused for a reason that can be; its bytes are what its record says.
    async fn check_documents(&self, witness: &Device) {
        let truth = witness.documents(self.case);
        for (n, device) in self.devices.iter().enumerate() {
            assert_eq!(device.documents(self.case), truth, "device {n} shows the same documents");
            for document in &device.submitted {
                let there = truth.1.iter().any(|(id, ..)| id == document);
                let refused = device.refusal(*document);
                // a copy may have taken it back before this one sent it, and the other way round
                let elsewhere = self.copied;
                let fine = there || refused.as_deref() == Some("row_accepted") || elsewhere;
                assert!(fine, "device {n}: {document}: {refused:?}");
            }
        }
        println!("{} documents", truth.1.len());
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
    fn check_typed(&self, n: usize, device: &Device, truth: &[String]) {
        let mut places = Vec::new();
        for (_, text) in &device.typed {
            let at: Vec<usize> = (0..truth.len()).filter(|at| truth[*at] == *text).collect();
            // a copy may have taken it back before this one sent it, and the other way round
            let elsewhere = self.devices.iter().any(|other| other.taken_back.contains(text));
            assert!(at.len() == 1 || (elsewhere && at.is_empty()), "device {n}: {text}: {at:?}");
            places.extend(at);
        }
        assert!(
            places.is_sorted_by(|one, two| one > two),
            "device {n} keeps its order: {places:?}"
        );
        for text in &device.taken_back {
            let sent_by_copy =
                self.devices.iter().any(|other| other.typed.iter().any(|(_, typed)| typed == text));
            assert!(sent_by_copy || !truth.contains(text), "device {n} took back: {text}");
        }
    }
}
