//! Writing to the other party of a case: KW-37, KW-43, KW-46, KW-47, KW-50.

use serde::{Deserialize, Serialize};

use super::{Message, Origin};
use crate::{
    Changes, Decision, HistoryEntry, Kind, Notice, Reads, Record, RecordId, RecordRef, Rejection,
    Scope, Timestamp, cases::Case, decision::found, identity::Actor, services::Service,
};

/// Send a message in a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendMessage {
    /// The new message's id.
    pub id: RecordId,
    /// The case it belongs to.
    pub case: RecordId,
    /// The message that began the conversation; the new id if this begins one.
    pub thread: RecordId,
    /// What it is: one of the service's message types.
    pub message_type: String,
    /// Plain text, exactly as typed.
    pub text: String,
    /// When it was written, by the writer's clock.
    pub written_at: Timestamp,
}

impl SendMessage {
    fn case_ref(&self) -> RecordRef {
        RecordRef { kind: Kind::Case, id: self.case }
    }

    fn thread_ref(&self) -> RecordRef {
        RecordRef { kind: Kind::Message, id: self.thread }
    }

    fn answers(&self) -> bool {
        self.thread != self.id
    }
}

/// What the rule needs to see: the case and what is answered, then the service's settings.
pub fn reads(command: &SendMessage, so_far: &Reads) -> Vec<RecordRef> {
    let mut wanted = vec![command.case_ref()];
    if let Some(Ok(case)) = so_far.found::<Case>(command.case_ref()) {
        wanted.push(case.service_ref());
    }
    if command.answers() {
        wanted.push(command.thread_ref());
    }
    wanted
}

/// Whether a text can be a message.
pub fn check_text(text: &str, max: u64) -> Result<(), Rejection> {
    if text.trim().is_empty() {
        return Err(Rejection::MessageEmpty);
    }
    let length = text.chars().count() as u64;
    if length > max {
        return Err(Rejection::MessageTooLong { length, max });
    }
    Ok(())
}

/// The holder and the officer of a case may write; the text has bounds; an answer stays in its case and
/// under the message that began the conversation.
pub fn decide(
    command: &SendMessage,
    actor: Actor,
    now: Timestamp,
    reads: &Reads,
) -> Result<Changes, Decision> {
    let case: Case = found(reads, command.case_ref(), Rejection::CaseNotFound)?;
    let Some(party) = actor.person().and_then(|person| case.party(person)) else {
        return Err(Rejection::CaseNotFound.into());
    };
    let service: Service = found(reads, case.service_ref(), Rejection::CaseNotFound)?;
    check_text(&command.text, service.message_max)?;
    if !service.message_types.iter().any(|known| known.code == command.message_type) {
        return Err(Rejection::MessageTypeUnknown.into());
    }
    if command.answers() {
        let first: Message = found(reads, command.thread_ref(), Rejection::ThreadNotFound)?;
        if first.case != command.case || first.thread != command.thread {
            return Err(Rejection::ThreadNotFound.into());
        }
    }
    let message = Message {
        issuer: case.issuer,
        case: command.case,
        thread: command.thread,
        message_type: command.message_type.clone(),
        origin: Origin::Written,
        author: party.person,
        author_name: party.name.clone(),
        text: command.text.clone(),
        documents: Vec::new(),
        written_at: command.written_at,
        received_at: now,
    };
    let record = Record::new(Kind::Message, command.id, &message);
    let about = record.at;
    let scope = Scope::Case(case.issuer, command.case);
    Ok(Changes {
        create: vec![record],
        history: vec![HistoryEntry { scope, event: "message_sent", about }],
        // the holder has no officer's desk that shows what is new (KW-40)
        notices: (party.person != case.holder.person)
            .then_some(Notice { person: case.holder.person, about })
            .into_iter()
            .collect(),
        ..Changes::default()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        Command, Decision, IssuerId, PersonId, Read,
        cases::{Party, Stage},
        decide as decide_command, lane,
        services::{Named, Support, Words},
    };

    fn id(n: u128) -> uuid::Uuid {
        uuid::Uuid::from_u128(n)
    }

    const MAX: u64 = 2_000;
    const HOLDER: u128 = 1;
    const OFFICER: u128 = 2;

    fn case() -> Record {
        let party = |n, name: &str| Party { person: PersonId(id(n)), name: name.into() };
        Record::new(
            Kind::Case,
            RecordId(id(10)),
            &Case {
                issuer: IssuerId(id(9)),
                service: RecordId(id(11)),
                scheme: "f-gas-1".into(),
                number: "2026-10482".into(),
                title: "F-gas, kategori I".into(),
                holder: party(HOLDER, "Åsa Lindqvist"),
                identity_number: "198112189876".parse().unwrap(),
                officer: Some(party(OFFICER, "Göran Hägglund")),
                stage: Stage::Application,
                opened_at: Timestamp::from_millis(0).unwrap(),
                exams: Vec::new(),
                ready_at: None,
                events: 0,
            },
        )
    }

    fn service() -> Record {
        let words = |text: &str| Words { sv: text.into(), en: text.into() };
        let service = Service {
            name: words("Personcertifiering"),
            message_max: MAX,
            document_max: 1_000,
            message_types: vec![Named { code: "note".into(), name: words("Notering") }],
            absences: Vec::new(),
            page: words("Välkommen"),
            support: Support {
                email: "support@issuer.example".into(),
                phone: "010-516 63 03".into(),
                hours: words("Vardagar"),
            },
            news: Vec::new(),
            schemes: Vec::new(),
        };
        Record::new(Kind::Service, RecordId(id(11)), &service)
    }

    fn message(text: &str) -> SendMessage {
        SendMessage {
            id: RecordId(id(20)),
            case: RecordId(id(10)),
            thread: RecordId(id(20)),
            message_type: "note".into(),
            text: text.into(),
            written_at: at(5),
        }
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis).unwrap_or_else(|| unreachable!())
    }

    fn ask(command: &SendMessage, person: u128, reads: &Reads) -> Decision {
        let command = Command::SendMessage(command.clone());
        decide_command(&command, Actor::Person(PersonId(id(person))), at(7), reads)
    }

    fn with_case() -> Reads {
        let mut reads = Reads::default();
        for record in [case(), service()] {
            reads.insert(record.at, Read::Found(record));
        }
        reads
    }

    /// Covers KW-37
    #[test]
    fn both_parties_of_a_case_can_write_and_both_see_it() {
        for (person, name) in [(HOLDER, "Åsa Lindqvist"), (OFFICER, "Göran Hägglund")] {
            let Decision::Changes(changes) = ask(&message("Hej!"), person, &with_case()) else {
                panic!("{name} may write");
            };
            let [record] = changes.create.as_slice() else { panic!("one message") };
            let sent: Message = record.read().unwrap_or_else(|_| panic!("a message"));
            assert_eq!(sent.author_name, name);
            assert_eq!(sent.received_at, at(7), "the server's time counts");
            let seen_by = crate::audience(record);
            assert_eq!(seen_by, Ok(vec![Scope::Case(IssuerId(id(9)), RecordId(id(10)))]));
        }
    }

    #[test]
    fn a_stranger_cannot_write() {
        let answer = ask(&message("Hej!"), 99, &with_case());
        assert_eq!(answer, Rejection::CaseNotFound.into());
    }

    #[test]
    fn a_case_that_is_gone_refuses_and_one_that_is_unseen_leaves_it_to_the_server() {
        let mut reads = Reads::default();
        reads.insert(case().at, Read::Absent);
        assert_eq!(ask(&message("Hej!"), HOLDER, &reads), Rejection::CaseNotFound.into());
        let unseen = ask(&message("Hej!"), HOLDER, &Reads::default());
        assert!(matches!(unseen, Decision::ServerDecides(_)), "{unseen:?}");
    }

    #[test]
    fn an_answer_must_stay_in_the_case_of_its_thread() {
        let mut answer = message("Svar");
        answer.thread = RecordId(id(21));
        let mut reads = with_case();
        reads.insert(answer.thread_ref(), Read::Absent);
        assert_eq!(ask(&answer, HOLDER, &reads), Rejection::ThreadNotFound.into());
    }

    /// Covers KW-50
    #[test]
    fn a_text_past_the_limit_is_refused_with_both_numbers() {
        let text = "å".repeat(MAX as usize + 1);
        let expected = Rejection::MessageTooLong { length: 2_001, max: 2_000 };
        assert_eq!(ask(&message(&text), HOLDER, &with_case()), expected.into());
        assert_eq!(check_text(&"å".repeat(MAX as usize), MAX), Ok(()));
    }

    /// Covers KW-48
    #[test]
    fn a_message_is_of_a_type_that_the_service_has() {
        let mut unknown = message("Hej!");
        unknown.message_type = "poem".into();
        let answer = ask(&unknown, HOLDER, &with_case());
        assert_eq!(answer, Rejection::MessageTypeUnknown.into());
    }

    /// Covers KW-40
    #[test]
    fn the_holder_is_told_of_the_officers_message_and_nobody_of_the_holders() {
        let notices = |person| match ask(&message("Hej!"), person, &with_case()) {
            Decision::Changes(changes) => changes.notices,
            other => panic!("{other:?}"),
        };
        let about = RecordRef { kind: Kind::Message, id: RecordId(id(20)) };
        assert_eq!(notices(OFFICER), [Notice { person: PersonId(id(HOLDER)), about }]);
        assert_eq!(notices(HOLDER), []);
    }

    proptest! {
        #[test]
        fn a_command_reads_back_as_written(text in any::<String>()) {
            let command = Command::SendMessage(message(&text));
            prop_assert_eq!(Command::from_bytes(&command.to_bytes()), Ok(command));
        }

        #[test]
        fn foreign_bytes_are_unreadable_or_a_command_and_never_a_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            let _ = Command::from_bytes(&bytes);
        }

        #[test]
        fn blank_texts_are_refused(blank in "[ \t\r\n]{0,20}") {
            prop_assert_eq!(check_text(&blank, MAX), Err(Rejection::MessageEmpty));
        }
    }

    #[test]
    fn messages_of_one_case_share_a_lane() {
        let one = Command::SendMessage(message("ett"));
        let two = Command::SendMessage(message("två"));
        assert_eq!(lane(&one), lane(&two));
    }
}
