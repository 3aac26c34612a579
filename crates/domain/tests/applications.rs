//! Applications: who may apply for what, and the numbers that they get.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use behorig_domain::{
    Command, Decision, IssuerId, Kind, PersonId, Read, Reads, Record, RecordId, RecordRef,
    Rejection, Scope, Timestamp,
    applications::{Applicant, Apply},
    audience,
    cases::{Case, Certificate, OpenCase, Stage, WithdrawApplication},
    decide,
    documents::ReportReady,
    identity::{Actor, Grant, RegisterPerson, scopes_of},
    messages::Message,
    reads,
    services::{Named, PublishService, RequiredDocument, Scheme, Service, Support, Words},
};
use proptest::prelude::*;
use uuid::Uuid;

const PEOPLE: [PersonId; 2] = [PersonId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2))];
const NUMBERS: [&str; 2] = ["198503122387", "197908242394"];
const SERVICE: RecordId = RecordId(Uuid::from_u128(11));
const ISSUER: IssuerId = IssuerId(Uuid::from_u128(12));
const JUNE: i64 = 1_780_000_000_000;

fn pack() -> PublishService {
    let words = |text: &str| Words { sv: text.into(), en: text.into() };
    let scheme = |code: &str, closed| Scheme {
        code: code.into(),
        successor: None,
        name: words(code),
        closed,
        certificate_prefix: "FG".into(),
        validity_months: 60,
        levels: Vec::new(),
        exams: Vec::new(),
        documents: vec![RequiredDocument {
            code: "betyg".into(),
            name: words("Betyg"),
            required: true,
            ..RequiredDocument::default()
        }],
    };
    let service = Service {
        name: words("Personcertifiering"),
        issuer: Some(ISSUER),
        message_max: 10,
        document_max: 1_000,
        message_types: vec![Named { code: "note".into(), name: words("Notering") }],
        page: words("Välkommen"),
        support: Support {
            email: "support@issuer.example".into(),
            phone: "010-516 63 03".into(),
            hours: words("Vardagar"),
        },
        news: Vec::new(),
        absences: vec![Named { code: "lost".into(), name: words("Borta") }],
        schemes: Vec::new(),
    };
    let schemes = vec![scheme("f-gas", false), scheme("energy", false), scheme("old", true)];
    PublishService { id: SERVICE, service, schemes }
}

/// A server of the simplest kind.
struct World {
    records: BTreeMap<RecordRef, Record>,
    grants: Vec<Grant>,
    now: i64,
}

impl World {
    fn new() -> Self {
        let mut world = Self { records: BTreeMap::new(), grants: Vec::new(), now: JUNE };
        for (person, name) in PEOPLE.into_iter().zip(["Åsa", "Björn"]) {
            let register = RegisterPerson { person, name: name.into(), services: Vec::new() };
            world.ask(Actor::Operator, &Command::RegisterPerson(register)).unwrap();
        }
        world.publish(pack());
        world
    }

    fn publish(&mut self, pack: PublishService) {
        self.ask(Actor::Operator, &Command::PublishService(pack)).unwrap();
    }

    fn decide(&self, actor: Actor, command: &Command, missing: Read) -> Decision {
        let mut loaded = Reads::default();
        for _ in 0..4 {
            for at in reads(command, &loaded) {
                let read = self.records.get(&at).cloned().map_or(missing.clone(), Read::Found);
                loaded.insert(at, read);
            }
        }
        assert!(reads(command, &loaded).is_empty(), "at most four rounds");
        decide(command, actor, Timestamp::from_millis(self.now).unwrap(), &loaded)
    }

    fn ask(&mut self, actor: Actor, command: &Command) -> Result<(), Rejection> {
        self.now += 1;
        match self.decide(actor, command, Read::Absent) {
            Decision::Changes(changes) => {
                for record in &changes.create {
                    if self.records.contains_key(&record.at) {
                        return Err(Rejection::IdTaken);
                    }
                }
                for record in changes.create.into_iter().chain(changes.update) {
                    self.records.insert(record.at, record);
                }
                self.grants.extend(changes.grants);
                Ok(())
            }
            Decision::Rejected(rejection) => Err(rejection),
            other => panic!("{other:?}"),
        }
    }

    fn send(&mut self, who: usize, apply: Apply) -> Result<(), Rejection> {
        self.ask(Actor::Person(PEOPLE[who]), &Command::Apply(apply))
    }

    fn case(&self, id: RecordId) -> Case {
        self.records[&Case::at(id)].read().unwrap()
    }

    fn cases(&self) -> Vec<Case> {
        let cases = self.records.values().filter(|record| record.at.kind == Kind::Case);
        cases.map(|record| record.read().unwrap()).collect()
    }

    fn open(&mut self, n: u128, number: &str, who: usize) -> Result<(), Rejection> {
        let open = OpenCase {
            id: RecordId(Uuid::from_u128(n)),
            issuer: ISSUER,
            service: SERVICE,
            scheme: "f-gas".into(),
            number: number.into(),
            title: "F-gas".into(),
            holder: PEOPLE[who],
            identity_number: NUMBERS[who].parse().unwrap(),
            officer: None,
        };
        self.ask(Actor::Operator, &Command::OpenCase(open))
    }
}

fn apply(n: u128, who: usize, scheme: &str) -> Apply {
    Apply {
        case: RecordId(Uuid::from_u128(n)),
        applicant: PEOPLE[who],
        service: SERVICE,
        scheme: scheme.into(),
        renews: None,
        identity_number: NUMBERS[who].parse().unwrap(),
        message: RecordId(Uuid::from_u128(1_000 + n)),
        text: String::new(),
        written_at: Timestamp::from_millis(JUNE).unwrap(),
    }
}

#[test]
fn an_application_is_a_case_of_the_applicants_own_that_waits_for_an_officer() {
    let mut world = World::new();
    world.send(0, Apply { text: "Hej".into(), ..apply(100, 0, "f-gas") }).unwrap();
    let id = RecordId(Uuid::from_u128(100));
    let case = world.case(id);
    assert_eq!((case.holder.person, case.holder.name.as_str()), (PEOPLE[0], "Åsa"));
    assert_eq!((case.officer, case.stage, case.renews), (None, Stage::Application, None));
    assert_eq!(case.number, "2026-00001");
    let rows = world.records.keys().filter(|at| at.kind == Kind::DocumentRow).count();
    assert_eq!(rows, 1, "a row for each document of the scheme");
    let message = RecordRef { kind: Kind::Message, id: RecordId(Uuid::from_u128(1_100)) };
    let message: Message = world.records[&message].read().unwrap();
    assert_eq!((message.text.as_str(), message.message_type.as_str()), ("Hej", "note"));
    let now = Timestamp::from_millis(world.now).unwrap();
    let scopes = |who: usize| -> Vec<Scope> {
        scopes_of(PEOPLE[who], &world.grants, now).into_iter().map(|it| it.scope).collect()
    };
    let (own, service) = (Scope::Case(ISSUER, id), Scope::Service(SERVICE));
    assert!(scopes(0).contains(&own) && scopes(0).contains(&service));
    assert_eq!(scopes(1), [Scope::Person(PEOPLE[1])], "nobody else sees anything of it");
}

#[test]
fn whoever_may_not_apply_is_told_why() {
    let mut world = World::new();
    world.open(10, "2026-00007", 1).unwrap();
    let other = NUMBERS[1].parse().unwrap();
    let own = || apply(100, 0, "f-gas");
    let cases = [
        (Apply { scheme: "nothing".into(), ..own() }, Rejection::SchemeNotFound),
        (Apply { service: RecordId(Uuid::from_u128(99)), ..own() }, Rejection::SchemeNotFound),
        (Apply { scheme: "old".into(), ..own() }, Rejection::SchemeClosed),
        (
            Apply { text: "x".repeat(11), ..own() },
            Rejection::MessageTooLong { length: 11, max: 10 },
        ),
        (Apply { identity_number: other, ..own() }, Rejection::IdentityNumberDiffers),
        (Apply { applicant: PEOPLE[1], ..own() }, Rejection::HolderOnly),
        (Apply { renews: Some(RecordId(Uuid::from_u128(10))), ..own() }, Rejection::NothingToRenew),
        (Apply { renews: Some(RecordId(Uuid::from_u128(77))), ..own() }, Rejection::NothingToRenew),
        (Apply { case: RecordId(Uuid::from_u128(10)), ..own() }, Rejection::IdTaken),
    ];
    for (wrong, why) in cases {
        assert_eq!(world.send(0, wrong), Err(why));
    }
    let twice = Err(Rejection::AlreadyApplied { number: "2026-00007".into() });
    assert_eq!(world.send(1, apply(101, 1, "f-gas")), twice);
    assert_eq!(world.cases().len(), 1, "nothing came of any of it");
    // who has given a number has that number
    world.send(0, own()).unwrap();
    let changed = "198112189876".parse().unwrap();
    let changed = Apply { identity_number: changed, ..apply(102, 0, "energy") };
    assert_eq!(world.send(0, changed), Err(Rejection::IdentityNumberDiffers));
    assert_eq!(world.case(RecordId(Uuid::from_u128(100))).number, "2026-00008");
    // a body that takes no applications in the program
    let service = Service { issuer: None, ..pack().service };
    world.publish(PublishService { service, ..pack() });
    assert_eq!(world.send(0, apply(103, 0, "energy")), Err(Rejection::SchemeClosed));
}

/// What the body takes out of its pack is no longer applied for; whoever has applied goes on.
#[test]
fn a_scheme_that_is_no_longer_named_stops_no_open_case() {
    let mut world = World::new();
    world.open(10, "2026-00007", 0).unwrap();
    let fewer = PublishService { schemes: pack().schemes.split_off(1), ..pack() };
    world.publish(fewer);
    assert_eq!(world.send(1, apply(100, 1, "f-gas")), Err(Rejection::SchemeClosed));
    world.send(0, apply(101, 0, "energy")).unwrap();
    let ready = Command::ReportReady(ReportReady {
        case: RecordId(Uuid::from_u128(10)),
        letter: RecordId(Uuid::from_u128(11_000)),
        written_at: Timestamp::from_millis(JUNE).unwrap(),
    });
    let answer = world.ask(Actor::Person(PEOPLE[0]), &ready);
    assert_eq!(answer, Err(Rejection::RowsAwaited { open: 1 }), "its row is still asked for");
}

#[test]
fn what_a_pack_does_not_change_is_sent_to_nobody_again() {
    let world = World::new();
    let publish = |pack: PublishService| match world.decide(
        Actor::Operator,
        &Command::PublishService(pack),
        Read::Absent,
    ) {
        Decision::Changes(changes) => (changes.create.len(), changes.update),
        other => panic!("{other:?}"),
    };
    assert_eq!(publish(pack()), (0, vec![]));
    let mut changed = pack();
    changed.schemes[1].documents[0].help.sv = "Så här gör du.".into();
    let (made, updated) = publish(changed);
    let names: Vec<_> = updated.iter().map(|record| record.at).collect();
    assert_eq!((made, names), (0, vec![Scheme::at(SERVICE, "energy")]));
}

#[test]
fn a_certificate_is_renewed_by_a_new_case_that_names_it() {
    let mut world = World::new();
    world.open(10, "2026-00007", 0).unwrap();
    let id = RecordId(Uuid::from_u128(10));
    let at = Certificate::at(id);
    let certificate = Certificate {
        issuer: ISSUER,
        case: id,
        number: "FG-2026-00007".into(),
        level: None,
        granted_on: "2026-01-01".parse().unwrap(),
        valid_to: "2031-01-01".parse().unwrap(),
        card: false,
        published: false,
    };
    world.records.insert(at, Record::new(at.kind, at.id, &certificate));
    let granted = Case { stage: Stage::Granted, ..world.case(id) };
    world.records.insert(Case::at(id), Record::new(Kind::Case, id, &granted));
    let renews = |n, scheme| Apply { renews: Some(id), ..apply(n, 0, scheme) };
    assert_eq!(world.send(0, renews(100, "energy")), Err(Rejection::NothingToRenew));
    let others = Apply { renews: Some(id), ..apply(100, 1, "f-gas") };
    assert_eq!(world.send(1, others), Err(Rejection::NothingToRenew), "not theirs");
    world.send(0, renews(100, "f-gas")).unwrap();
    let renewal = world.case(RecordId(Uuid::from_u128(100)));
    assert_eq!(renewal.renews.as_deref(), Some("FG-2026-00007"));
    let again = Err(Rejection::AlreadyApplied { number: "2026-00008".into() });
    assert_eq!(world.send(0, renews(101, "f-gas")), again);
}

#[test]
fn a_replica_refuses_what_it_can_see_and_leaves_the_number_to_the_server() {
    let world = World::new();
    let forecast =
        |apply: Apply| world.decide(Actor::Person(PEOPLE[0]), &Command::Apply(apply), Read::Unseen);
    assert!(matches!(forecast(apply(100, 0, "f-gas")), Decision::ServerDecides(_)));
    assert_eq!(forecast(apply(100, 0, "old")), Decision::Rejected(Rejection::SchemeClosed));
}

proptest! {
    /// Whoever applies for what in whatever order, with cases opened by the body in between: no two cases have
    /// one number, and nobody has two undecided applications for the same.
    #[test]
    fn numbers_are_unique_and_applications_are_not_doubled(
        steps in prop::collection::vec((0..4_u8, 0..2_usize, 0..2_usize, 1..40_u32), 1..30)
    ) {
        let mut world = World::new();
        for (n, (act, who, scheme, number)) in (100..).zip(steps) {
            let scheme = ["f-gas", "energy"][scheme];
            match act {
                0 => drop(world.open(n, &format!("2026-{number:05}"), who)),
                1 => {
                    let open = world.records.values().find(|record| {
                        record.at.kind == Kind::Case
                            && record.read::<Case>().is_ok_and(|case| case.stage == Stage::Application)
                    });
                    if let Some(case) = open.map(|record| record.at.id) {
                        let actor = Actor::Person(world.case(case).holder.person);
                        let withdraw = WithdrawApplication { case };
                        world.ask(actor, &Command::WithdrawApplication(withdraw)).unwrap();
                    }
                }
                _ => {
                    let before = world.cases();
                    // the newest is the one that counts: the body may open what it likes
                    let applied = world.send(who, apply(n, who, scheme));
                    let is_open = |case: &&Case| case.holder.person == PEOPLE[who]
                        && case.scheme == scheme && case.stage == Stage::Application;
                    if applied.is_ok() {
                        let at = Applicant::at(ISSUER, PEOPLE[who]);
                        let known: Applicant = world.records[&at].read().unwrap();
                        prop_assert_eq!(known.cases[scheme], RecordId(Uuid::from_u128(n)));
                    } else {
                        prop_assert!(before.iter().any(|case| is_open(&case)));
                    }
                }
            }
        }
        let cases = world.cases();
        let numbers: BTreeSet<&String> = cases.iter().map(|case| &case.number).collect();
        prop_assert_eq!(numbers.len(), cases.len());
        for record in world.records.values().filter(|record| record.at.kind == Kind::Applicant) {
            let applicant: Applicant = record.read().unwrap();
            prop_assert_eq!(audience(record).unwrap(), [Scope::Person(applicant.person)]);
        }
    }
}
