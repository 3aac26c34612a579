use std::collections::BTreeMap;

use proptest::prelude::*;
use uuid::Uuid;

use super::{propose_change::preview, *};
use crate::{
    Changes, Command, Notice, Read, audience,
    cases::{Case, Party, Stage},
    decide,
    identity::{Actor, Profile, Staff},
    is_within, lane, reads as asked, writes,
};

const HOLDER: PersonId = PersonId(Uuid::from_u128(1));
const OFFICER: PersonId = PersonId(Uuid::from_u128(2));
const OTHER_OFFICER: PersonId = PersonId(Uuid::from_u128(3));
const STRANGER: PersonId = PersonId(Uuid::from_u128(4));
const ISSUER: IssuerId = IssuerId(Uuid::from_u128(9));
const CASE: RecordId = RecordId(Uuid::from_u128(10));
const OTHER_CASE: RecordId = RecordId(Uuid::from_u128(11));
const STRANGERS_CASE: RecordId = RecordId(Uuid::from_u128(12));

fn id(n: u128) -> RecordId {
    RecordId(Uuid::from_u128(n))
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis).unwrap()
}

fn case(id: RecordId, holder: PersonId, officer: PersonId) -> Record {
    let party = |person, name: &str| Party { person, name: name.into() };
    let case = Case {
        renews: None,
        issuer: ISSUER,
        service: RecordId(Uuid::from_u128(20)),
        scheme: "f-gas-1".into(),
        number: "2026-10482".into(),
        title: "F-gas, kategori I".into(),
        holder: party(holder, "Åsa Lindqvist"),
        identity_number: "198112189876".parse().unwrap(),
        officer: Some(party(officer, "Göran Hägglund")),
        stage: Stage::Application,
        ready_at: None,
        opened_at: at(0),
        exams: Vec::new(),
        events: 0,
    };
    Record::new(Kind::Case, id, &case)
}

/// A store of the simplest kind, in which two officers have a case each of the same person.
struct World(BTreeMap<RecordRef, Record>);

impl World {
    fn new() -> Self {
        let profile = Profile { person: HOLDER, name: "Åsa Lindqvist".into() };
        let profile = Record::new(Kind::Profile, RecordId(HOLDER.0), &profile);
        let staff = Staff { issuer: ISSUER, person: OFFICER, name: "Göran Hägglund".into() };
        let staff = Record::new(Kind::Staff, Staff::at(ISSUER, OFFICER).id, &staff);
        let records = [
            profile,
            staff,
            case(CASE, HOLDER, OFFICER),
            case(OTHER_CASE, HOLDER, OTHER_OFFICER),
            case(STRANGERS_CASE, STRANGER, OFFICER),
        ];
        let mut world = Self(records.into_iter().map(|record| (record.at, record)).collect());
        world.set(&details()).unwrap();
        world
    }

    fn set(&mut self, details: &Details) -> Result<Changes, Rejection> {
        let set = SetContact {
            issuer: ISSUER,
            person: HOLDER,
            protected: false,
            details: Box::new(details.clone()),
        };
        self.ask(Actor::Operator, &Command::SetContact(set))
    }

    fn ask(&mut self, actor: Actor, command: &Command) -> Result<Changes, Rejection> {
        let mut loaded = Reads::default();
        for _ in 0..4 {
            for at in asked(command, &loaded) {
                loaded.insert(at, self.0.get(&at).cloned().map_or(Read::Absent, Read::Found));
            }
        }
        match decide(command, actor, at(7), &loaded) {
            Decision::Changes(changes) => {
                for record in changes.create.iter().chain(&changes.update) {
                    assert!(writes(command).contains(&record.at), "{:?} is not told", record.at);
                    self.0.insert(record.at, record.clone());
                }
                Ok(changes)
            }
            Decision::Rejected(rejection) => Err(rejection),
            other => panic!("{other:?}"),
        }
    }

    fn contact(&self) -> Contact {
        self.0[&Contact::at(ISSUER, HOLDER)].read().unwrap()
    }

    fn proposal(&self) -> ContactProposal {
        self.0[&ContactProposal::at(contact())].read().unwrap()
    }

    /// What an officer sees who looks now.
    fn seen(&self) -> Vec<FieldChange> {
        let proposal = self.0.get(&ContactProposal::at(contact()));
        proposal.map_or(Vec::new(), |it| it.read::<ContactProposal>().unwrap().changes)
    }

    fn propose(&mut self, n: u128, typed: &[(Field, &str)]) -> Result<Changes, Rejection> {
        let (changes, _) = preview(&self.contact(), typed.iter().copied());
        self.ask(Actor::Person(HOLDER), &propose(n, CASE, changes))
    }

    fn accept(&mut self, officer: PersonId, case: RecordId, n: u128) -> Result<Changes, Rejection> {
        let changes = self.seen();
        self.accept_seen(officer, case, n, changes)
    }

    fn accept_seen(
        &mut self,
        officer: PersonId,
        case: RecordId,
        n: u128,
        changes: Vec<FieldChange>,
    ) -> Result<Changes, Rejection> {
        let accept = AcceptContactChange { case, contact: contact(), proposal: id(n), changes };
        self.ask(Actor::Person(officer), &Command::AcceptContactChange(accept))
    }

    fn refuse(&mut self, officer: PersonId, case: RecordId, n: u128) -> Result<Changes, Rejection> {
        let reason = "Adressen finns inte.".into();
        let (contact, proposal, changes) = (contact(), id(n), self.seen());
        let refuse = RefuseContactChange { case, contact, proposal, changes, reason };
        self.ask(Actor::Person(officer), &Command::RefuseContactChange(refuse))
    }
}

fn contact() -> RecordId {
    Contact::at(ISSUER, HOLDER).id
}

fn propose(n: u128, case: RecordId, changes: Vec<FieldChange>) -> Command {
    let propose = ProposeContactChange { id: id(n), case, contact: contact(), changes };
    Command::ProposeContactChange(propose)
}

fn details() -> Details {
    Details {
        name: "Åsa Lindqvist".into(),
        street: "Storgatan 1".into(),
        postal_code: "11455".into(),
        town: "Stockholm".into(),
        phone: "070-174 06 05".into(),
        email: "asa@example.com".into(),
        ..Details::default()
    }
}

/// Covers KW-59
#[test]
fn a_proposal_holds_only_what_changes_and_each_in_the_form_in_which_it_is_stored() {
    let mut world = World::new();
    let typed = [
        (Field::Street, "  Lillgatan 2 "),
        (Field::PostalCode, "411 03"),
        (Field::Phone, "0701740605"),
        (Field::Town, "Stockholm"),
    ];
    world.propose(30, &typed).unwrap();
    let changed: Vec<_> =
        world.proposal().changes.into_iter().map(|it| (it.field, it.from, it.to)).collect();
    let pair = |field, from: &str, to: &str| (field, from.to_owned(), to.to_owned());
    assert_eq!(
        changed,
        [
            pair(Field::Street, "Storgatan 1", "Lillgatan 2"),
            pair(Field::PostalCode, "11455", "41103"),
        ]
    );
    assert_eq!(world.propose(31, &[(Field::Town, " Stockholm")]), Err(Rejection::NothingChanged));
}

/// Covers KW-61
#[test]
fn what_stood_still_stands_until_an_officer_of_any_of_the_cases_accepts() {
    let mut world = World::new();
    world.propose(30, &[(Field::Town, "Göteborg")]).unwrap();
    assert_eq!(world.contact().details.town, "Stockholm");
    assert_eq!(world.accept(HOLDER, CASE, 30), Err(Rejection::OfficerOnly));
    assert_eq!(world.accept(OTHER_OFFICER, CASE, 30), Err(Rejection::CaseNotFound));
    let strangers = world.accept(OFFICER, STRANGERS_CASE, 30);
    assert_eq!(strangers, Err(Rejection::ContactNotFound), "through another person's case");
    let changes = world.accept(OTHER_OFFICER, OTHER_CASE, 30).unwrap();
    let about = Case::at(OTHER_CASE);
    assert_eq!(changes.notices, [Notice { person: HOLDER, about }]);
    assert_eq!(world.contact().details.town, "Göteborg");
    assert!(matches!(world.proposal().handling, ProposalHandling::Accepted { .. }));
    // the second officer comes too late, whatever they decide
    assert_eq!(world.refuse(OFFICER, CASE, 30), Err(Rejection::ProposalHandled));
    assert_eq!(world.accept(OFFICER, CASE, 30), Err(Rejection::ProposalHandled));
}

/// Covers KW-61
#[test]
fn a_refusal_says_why_and_changes_nothing() {
    let mut world = World::new();
    world.propose(30, &[(Field::Town, "Göteborg")]).unwrap();
    let changes = world.proposal().changes;
    let refuse = |reason: &str| {
        let (reason, changes) = (reason.to_owned(), changes.clone());
        let (contact, proposal) = (contact(), id(30));
        let refuse = RefuseContactChange { case: CASE, contact, proposal, changes, reason };
        Command::RefuseContactChange(refuse)
    };
    let officer = Actor::Person(OFFICER);
    assert_eq!(world.ask(officer, &refuse(" \n")), Err(Rejection::ReasonMissing));
    let long = world.ask(officer, &refuse(&"å".repeat(1_001)));
    assert_eq!(long, Err(Rejection::NoteTooLong { length: 1_001, max: 1_000 }));
    world.refuse(OFFICER, CASE, 30).unwrap();
    assert_eq!(world.contact().details.town, "Stockholm");
    assert!(matches!(world.proposal().handling, ProposalHandling::Refused { .. }));
}

#[test]
fn a_new_proposal_takes_the_place_of_one_that_waits_and_the_officer_of_the_old_one_is_told() {
    let mut world = World::new();
    world.propose(30, &[(Field::Town, "Göteborg")]).unwrap();
    world.propose(31, &[(Field::Town, "Malmö")]).unwrap();
    assert_eq!(world.accept(OFFICER, CASE, 30), Err(Rejection::ProposalReplaced));
    world.accept(OFFICER, CASE, 31).unwrap();
    assert_eq!(world.contact().details.town, "Malmö");
}

/// Covers KW-61
#[test]
fn an_officer_decides_on_what_they_saw_and_on_nothing_that_was_put_in_its_place() {
    let mut world = World::new();
    world.propose(30, &[(Field::Town, "Göteborg")]).unwrap();
    let seen = world.proposal().changes;
    world.propose(30, &[(Field::Town, "Malmö")]).unwrap();
    let accepted = world.accept_seen(OFFICER, CASE, 30, seen.clone());
    assert_eq!(accepted, Err(Rejection::ProposalReplaced));
    let refuse = RefuseContactChange {
        case: CASE,
        contact: contact(),
        proposal: id(30),
        changes: seen,
        reason: "Adressen finns inte.".into(),
    };
    let refused = world.ask(Actor::Person(OFFICER), &Command::RefuseContactChange(refuse));
    assert_eq!(refused, Err(Rejection::ProposalReplaced));
    assert_eq!(world.contact().details.town, "Stockholm");
    world.accept(OFFICER, CASE, 30).unwrap();
    assert_eq!(world.contact().details.town, "Malmö");
}

#[test]
fn what_is_accepted_leaves_details_that_can_be_used_together() {
    let mut world = World::new();
    world.propose(30, &[(Field::Channel, ANALOG)]).unwrap();
    // the address that was there when it was proposed is gone
    let bare = Details {
        street: String::new(),
        postal_code: String::new(),
        town: String::new(),
        ..details()
    };
    world.set(&bare).unwrap();
    let (field, fault) = (Field::Street, FieldFault::Missing);
    let unusable = Err(Rejection::ContactFieldUnusable { field, fault });
    assert_eq!(world.accept(OFFICER, CASE, 30), unusable);
    assert_eq!(world.contact().details.channel, DIGITAL);
    world.set(&details()).unwrap();
    world.accept(OFFICER, CASE, 30).unwrap();
    assert_eq!(world.contact().details.channel, ANALOG);
}

#[test]
fn what_is_taken_back_cannot_be_decided() {
    let mut world = World::new();
    world.propose(30, &[(Field::Town, "Göteborg")]).unwrap();
    let withdraw = |case| {
        let withdraw = WithdrawContactChange { case, contact: contact(), proposal: id(30) };
        Command::WithdrawContactChange(withdraw)
    };
    assert_eq!(world.ask(Actor::Person(OFFICER), &withdraw(CASE)), Err(Rejection::HolderOnly));
    world.ask(Actor::Person(HOLDER), &withdraw(OTHER_CASE)).unwrap();
    assert_eq!(world.accept(OFFICER, CASE, 30), Err(Rejection::ProposalHandled));
    let again = world.ask(Actor::Person(HOLDER), &withdraw(CASE));
    assert_eq!(again, Err(Rejection::ProposalHandled));
}

#[test]
fn values_that_changed_meanwhile_refuse_the_proposal_and_its_acceptance_and_name_the_detail() {
    let mut world = World::new();
    let typed = [(Field::Town, "Göteborg")];
    let (changes, _) = preview(&world.contact(), typed);
    let moved = || Details { town: "Uppsala".into(), ..details() };
    world.set(&moved()).unwrap();
    let changed = || Err(Rejection::ContactChanged { field: Field::Town });
    assert_eq!(world.ask(Actor::Person(HOLDER), &propose(30, CASE, changes)), changed());
    world.propose(31, &typed).unwrap();
    world.set(&details()).unwrap();
    assert_eq!(world.accept(OFFICER, CASE, 31), changed());
    // what does not touch it is no hindrance
    world.set(&Details { street: "Ny gata 3".into(), ..moved() }).unwrap();
    world.accept(OFFICER, CASE, 31).unwrap();
    let Details { town, street, .. } = world.contact().details;
    assert_eq!((town.as_str(), street.as_str()), ("Göteborg", "Ny gata 3"));
}

#[test]
fn a_stranger_and_an_officer_propose_nothing_and_nobody_reaches_anothers_details() {
    let mut world = World::new();
    let (changes, _) = preview(&world.contact(), [(Field::Town, "Göteborg")]);
    let mut ask = |person, case| {
        world.ask(Actor::Person(person), &propose(30, case, changes.clone())).unwrap_err()
    };
    assert_eq!(ask(STRANGER, CASE), Rejection::CaseNotFound);
    assert_eq!(ask(OFFICER, CASE), Rejection::HolderOnly);
    assert_eq!(ask(STRANGER, STRANGERS_CASE), Rejection::ContactNotFound);
    assert_eq!(ask(HOLDER, id(77)), Rejection::CaseNotFound);
    let set = SetContact {
        issuer: ISSUER,
        person: HOLDER,
        protected: true,
        details: Box::new(details()),
    };
    let set = Command::SetContact(set);
    let refused = world.ask(Actor::Person(HOLDER), &set);
    assert_eq!(refused, Err(Rejection::OperatorOnly));
}

/// Covers KW-57
#[test]
fn the_details_are_seen_by_the_person_and_the_officers_of_their_cases_and_are_in_no_log() {
    let mut world = World::new();
    world.propose(30, &[(Field::Town, "Göteborg")]).unwrap();
    let client = Scope::Client(ISSUER, HOLDER);
    for at in [Contact::at(ISSUER, HOLDER), ContactProposal::at(contact())] {
        assert_eq!(audience(&world.0[&at]), Ok(vec![client.clone()]));
    }
    let logged = format!("{:?} {:?}", world.contact(), world.proposal());
    for secret in ["Storgatan", "Göteborg", "11455", "asa@", "+4670"] {
        assert!(!logged.contains(secret), "{secret}: {logged}");
    }
    let command = propose(30, CASE, world.proposal().changes);
    assert_eq!(lane(&command), format!("contact/{}", contact()));
    assert!(is_within(&command, &Scope::Case(ISSUER, CASE)));
    assert!(!format!("{command:?}").contains("Göteborg"));
    assert_eq!(Command::from_bytes(&command.to_bytes()), Ok(command));
}

/// Covers KW-25
#[test]
fn who_is_not_reached_by_mail_is_told_by_a_letter_that_somebody_at_the_body_posts_once() {
    let mut world = World::new();
    let case: Case = world.0[&Case::at(CASE)].read().unwrap();
    let about = RecordRef { kind: Kind::Message, id: id(40) };
    let notice = Notice { person: HOLDER, about };
    assert_eq!(post::by_post(&notice, (CASE, &case), &world.contact(), at(7)), None);
    world.set(&Details { channel: ANALOG.into(), ..details() }).unwrap();
    let task = post::by_post(&notice, (CASE, &case), &world.contact(), at(7)).unwrap();
    assert_eq!(audience(&task), Ok(vec![Scope::Internal(ISSUER)]));
    let seen = task.body.to_string();
    for secret in ["Åsa", "Storgatan", "11455", "asa@", "1981"] {
        assert!(!seen.contains(secret), "everybody at the body sees it: {seen}");
    }
    world.0.insert(task.at, task.clone());
    let mut post = |asks, person| {
        let done = CompletePostalTask { task: task.at.id, person };
        world.ask(Actor::Person(asks), &Command::CompletePostalTask(done))
    };
    let none = || Err(Rejection::PostalTaskNotFound);
    assert_eq!(post(HOLDER, HOLDER), none());
    assert_eq!(post(HOLDER, OFFICER), none(), "in another's name");
    let [line] = &post(OFFICER, OFFICER).unwrap().history[..] else { panic!() };
    assert_eq!((line.event, &line.scope), ("letter_posted", &Scope::Internal(ISSUER)));
    let by_name = "Göran Hägglund".to_owned();
    assert_eq!(post(OFFICER, OFFICER), Err(Rejection::PostalTaskDone { by_name }));
}

fn fault(typed: &[(Field, &str)]) -> Vec<(Field, FieldFault)> {
    preview(&World::new().contact(), typed.iter().copied()).1
}

#[test]
fn each_fault_names_its_detail() {
    use FieldFault::{
        Missing, NoChoice, NoEmail, NoOrganisationNumber, NoPhone, NoPostalCode, NoText, TooLong,
    };
    let long = "å".repeat(101);
    for (typed, expected) in [
        (vec![(Field::Name, " ")], vec![(Field::Name, Missing)]),
        (vec![(Field::Street, "")], vec![(Field::Street, Missing)]),
        (vec![(Field::Street, "a\nb")], vec![(Field::Street, NoText)]),
        (vec![(Field::Town, &*long)], vec![(Field::Town, TooLong { max: 100 })]),
        (vec![(Field::PostalCode, "1145")], vec![(Field::PostalCode, NoPostalCode)]),
        (vec![(Field::Country, "no")], vec![]),
        (vec![(Field::Country, "Norge")], vec![(Field::Country, NoChoice)]),
        (vec![(Field::Phone, "12345")], vec![(Field::Phone, NoPhone)]),
        (vec![(Field::Phone, "")], vec![]),
        (vec![(Field::Email, "asa@example")], vec![(Field::Email, NoEmail)]),
        (
            vec![(Field::CompanyNumber, "556703-7486")],
            vec![(Field::CompanyName, Missing), (Field::CompanyNumber, NoOrganisationNumber)],
        ),
        (
            vec![(Field::Billing, BILLING_OTHER), (Field::BillingTown, "Umeå")],
            vec![(Field::BillingStreet, Missing), (Field::BillingPostalCode, Missing)],
        ),
        (vec![(Field::BillingTown, "Umeå")], vec![]),
        (vec![(Field::Channel, "duva")], vec![(Field::Channel, NoChoice)]),
        (vec![(Field::Channel, ANALOG)], vec![]),
    ] {
        assert_eq!(fault(&typed), expected, "{typed:?}");
    }
    // a code that was Swedish is not, once the country is another; and the other way round
    let mut norwegian = World::new().contact();
    norwegian.details.country = "NO".into();
    norwegian.details.postal_code = "0150".into();
    let (_, faults) = preview(&norwegian, [(Field::Country, "SE")]);
    assert_eq!(faults, [(Field::PostalCode, NoPostalCode)]);
    let (_, faults) = preview(&norwegian, [(Field::PostalCode, "0151")]);
    assert_eq!(faults, []);
    // nobody without an address can ask for letters
    let bare = Contact { details: Details::of("Åsa"), ..norwegian };
    let (_, faults) = preview(&bare, [(Field::Channel, ANALOG)]);
    let missing = [Field::Street, Field::PostalCode, Field::Town].map(|field| (field, Missing));
    assert_eq!(faults, missing);
    let (_, faults) = preview(&bare, [(Field::Email, "asa@example.com")]);
    assert_eq!(faults, [], "what is missing anyhow hinders nothing else");
}

/// Checks how what people type is stored, if it can be.
fn assert_read(field: Field, examples: &[(&str, Option<&str>)]) {
    for (typed, expected) in examples {
        let mut details = Details::of("Åsa");
        details.company_name = "Kyl & Värme AB".into();
        details.set(field, tidy(field, typed));
        let found = fault_in(&details, field, |_| true);
        let read = found.is_none().then(|| details.get(field));
        assert_eq!(read, *expected, "{typed}: {found:?}");
    }
}

#[test]
fn organisation_numbers_are_read_as_people_write_them() {
    assert_read(
        Field::CompanyNumber,
        &[
            ("556703-7485", Some("556703-7485")),
            ("5567037485", Some("556703-7485")),
            ("165567037485", Some("556703-7485")),
            ("202100-5489", Some("202100-5489")),
            ("0123456789", None),
            ("556703-7486", None),
            ("198112189876", None),
            ("551266-0021", None),
        ],
    );
}

#[test]
fn telephone_numbers_are_read_as_people_write_them() {
    assert_read(
        Field::Phone,
        &[
            ("070-174 06 05", Some("+46701740605")),
            ("+46 (0)70 174 06 05", Some("+46701740605")),
            ("0046 8-123 456 78", Some("+46812345678")),
            ("08-465 004 00", Some("+46846500400")),
            ("+47 22 22 22 22", Some("+4722222222")),
            ("010-516 63 03", Some("+46105166303")),
            ("070-174 06 0", None),
            ("112", None),
            ("118 118", None),
            ("070 ring mig", None),
            ("+1234567890123456", None),
            ("+0701740605", None),
            ("０７０１７４０６０５", None),
        ],
    );
}

#[test]
fn postal_codes_are_read_as_people_write_them() {
    assert_read(
        Field::PostalCode,
        &[
            ("114 55", Some("11455")),
            ("11455", Some("11455")),
            ("SE-114 55", Some("11455")),
            ("01455", None),
            ("1145", None),
            ("114555", None),
            ("11A55", None),
        ],
    );
}

#[test]
fn mail_addresses_are_read_as_people_write_them() {
    assert_read(
        Field::Email,
        &[
            ("asa.lindqvist@example.com", Some("asa.lindqvist@example.com")),
            ("åsa@räksmörgås.example", Some("åsa@räksmörgås.example")),
            ("asa@example", None),
            ("asa@@example.com", None),
            ("asa@ex@ample.com", None),
            ("asa lindqvist@example.com", None),
            ("a,b@example.com", None),
            ("<asa@example.com>", None),
            (".asa@example.com", None),
            ("asa@.example.com", None),
            ("=cmd()@example.com", None),
        ],
    );
}

#[test]
fn numbers_are_shown_as_people_write_them() {
    for (stored, spelt) in [
        ("+46701740605", "070-174\u{a0}06\u{a0}05"),
        ("+46812345678", "08-123\u{a0}456\u{a0}78"),
        ("+4631123456", "031-12\u{a0}34\u{a0}56"),
        ("+46455123456", "0455-12\u{a0}34\u{a0}56"),
        ("+4722222222", "+4722222222"),
    ] {
        assert_eq!(shown(Field::Phone, stored), spelt);
    }
    assert_eq!(shown(Field::PostalCode, "11455"), "114\u{a0}55");
}

proptest! {
    #[test]
    fn what_is_stored_stays_as_it_is_and_reads_back_from_how_it_is_shown(
        which in 0..Field::ALL.len(),
        typed in any::<String>(),
    ) {
        let field = Field::ALL[which];
        let stored = tidy(field, &typed);
        prop_assert_eq!(tidy(field, &stored), stored.clone());
        prop_assert_eq!(tidy(field, &shown(field, &stored)), stored);
    }

    #[test]
    fn telephone_numbers_read_back_from_how_they_are_shown(digits in "[1-9][0-9]{6,8}") {
        let stored = tidy(Field::Phone, &format!("0{digits}"));
        prop_assert_eq!(tidy(Field::Phone, &shown(Field::Phone, &stored)), stored);
    }

    #[test]
    fn one_wrong_digit_of_an_organisation_number_is_always_noticed(
        place in 0..10_usize,
        add in 1..10_u8,
    ) {
        let mut digits = "5567037485".as_bytes().to_vec();
        digits[place] = (digits[place] - b'0' + add) % 10 + b'0';
        let mut details = Details { company_name: "AB".into(), ..Details::of("Åsa") };
        details.company_number = tidy(Field::CompanyNumber, std::str::from_utf8(&digits).unwrap());
        let found = fault_in(&details, Field::CompanyNumber, |_| true);
        prop_assert_eq!(found, Some(FieldFault::NoOrganisationNumber));
    }

    #[test]
    fn any_text_comes_back_as_it_was_typed(text in "\\PC{1,40}") {
        let mut world = World::new();
        let typed = text.trim();
        prop_assume!(!typed.is_empty() && typed != "Storgatan 1");
        world.propose(30, &[(Field::Street, &text)]).unwrap();
        world.accept(OFFICER, CASE, 30).unwrap();
        prop_assert_eq!(world.contact().details.street, typed);
    }

    #[test]
    fn what_no_officer_accepted_never_stands(
        deeds in proptest::collection::vec((0..4_u8, 0..3_usize), 0..20),
    ) {
        let towns = ["Göteborg", "Malmö", "Umeå"];
        let mut world = World::new();
        let (mut stands, mut latest) = ("Stockholm".to_owned(), None);
        for (n, (deed, which)) in (100..).zip(deeds) {
            match deed {
                0 => {
                    if world.propose(n, &[(Field::Town, towns[which])]).is_ok() {
                        latest = Some((n, towns[which]));
                    }
                }
                1 => {
                    let accepted = latest.filter(|(n, _)| world.accept(OFFICER, CASE, *n).is_ok());
                    if let Some((_, town)) = accepted {
                        town.clone_into(&mut stands);
                    }
                }
                2 => {
                    let _ = latest.map(|(n, _)| world.refuse(OTHER_OFFICER, OTHER_CASE, n));
                }
                _ => {
                    let _ = world.accept(STRANGER, CASE, n);
                }
            }
            prop_assert_eq!(&world.contact().details.town, &stands);
        }
    }
}
