//! What ends a session, and what does not.

#![allow(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use behorig_domain::{DeviceId, PersonId, Timestamp};
use behorig_server_store::{Fault, Level, Pair, Session, Store};
use uuid::Uuid;

const SESSION: Session = Session {
    person: PersonId(Uuid::from_u128(1)),
    device: DeviceId(Uuid::from_u128(4)),
    level: Level::L2,
};
const ENDS_AFTER: i64 = 1_000;
const ACCESS: i64 = 100;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + millis).unwrap()
}

/// The nth pair, made at this moment. What stands for a refresh token is 100 more than its access token.
fn pair(n: u8, made: i64) -> Pair {
    let access_ends_at = at(made + ACCESS);
    Pair { access_hash: [n; 32], access_ends_at, refresh_hash: [n + 100; 32] }
}

struct Server {
    _folder: tempfile::TempDir,
    store: Store,
}

impl Server {
    fn with_a_session() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("behorig.db")).unwrap();
        let begin = store.write::<_, Fault>(|w| {
            w.begin_session("s", SESSION, "linux", &pair(1, 0), at(0), at(ENDS_AFTER))
        });
        begin.unwrap();
        Self { _folder: folder, store }
    }

    fn holds(&self, n: u8, millis: i64) -> bool {
        self.store.session(&[n; 32], at(millis)).unwrap() == Some(SESSION)
    }

    fn use_access(&mut self, n: u8) {
        self.store.write::<_, Fault>(|w| w.mark_used(&[n; 32])).unwrap();
    }

    /// Shows the nth refresh token at a moment and asks for another pair.
    fn renew(&mut self, shown: u8, next: u8, millis: i64) -> bool {
        let pair = pair(next, millis);
        let shown = [shown + 100; 32];
        self.store.write::<_, Fault>(|w| w.renew_session("s", &shown, &pair, at(millis))).unwrap()
    }
}

#[test]
fn a_token_ends_at_its_moment_and_another_never_was_one() {
    let server = Server::with_a_session();
    assert!(server.holds(1, ACCESS - 1));
    assert!(!server.holds(1, ACCESS));
    assert!(!server.holds(2, 0));
}

#[test]
fn each_refresh_brings_one_next_pair_until_the_session_ends() {
    let mut server = Server::with_a_session();
    for n in 1..=8 {
        server.use_access(n);
        assert!(server.renew(n, n + 1, i64::from(n) * 90));
        assert!(server.holds(n + 1, i64::from(n) * 90 + ACCESS - 1));
    }
    assert!(server.holds(8, 640), "what is under way with the token before it is not cut off");
    assert!(!server.holds(7, 640), "but no older one holds");
    assert!(!server.renew(9, 10, ENDS_AFTER), "30 days are over, whatever is shown");
}

#[test]
fn an_old_refresh_token_ends_the_session_for_whoever_holds_it() {
    for used in [true, false] {
        let mut server = Server::with_a_session();
        assert!(server.renew(1, 2, 10));
        if used {
            server.use_access(2);
            assert!(!server.renew(1, 3, 20), "the pair that it was exchanged for has been used");
        } else {
            assert!(server.renew(2, 3, 20), "to exchange it again is to use it");
            assert!(!server.renew(1, 4, 30));
        }
        for n in 1..=4 {
            assert!(!server.holds(n, 31), "{n}");
            assert!(!server.renew(n, 5, 40), "{n}");
        }
    }
}

#[test]
fn an_answer_that_was_lost_costs_nothing() {
    let mut server = Server::with_a_session();
    server.use_access(1);
    assert!(server.renew(1, 2, 10), "lost on the way back");
    assert!(server.renew(1, 3, 20), "and once more");
    assert!(server.renew(1, 4, 30));
    assert!(!server.holds(2, 31) && !server.holds(3, 31), "only what was answered last holds");
    assert!(server.holds(4, 31));
    server.use_access(4);
    assert!(server.renew(4, 5, 40));
}

#[test]
fn an_ended_session_is_ended_for_all_its_tokens() {
    let mut server = Server::with_a_session();
    assert!(server.renew(1, 2, 10));
    server.store.write::<_, Fault>(|w| w.end_session("s")).unwrap();
    assert!(!server.holds(1, 11) && !server.holds(2, 11));
    assert!(!server.renew(2, 3, 12));
}

#[test]
fn a_share_stays_a_devices_own() {
    let mut server = Server::with_a_session();
    let mut share = |person, device, new: u8| {
        let (person, device) =
            (PersonId(Uuid::from_u128(person)), DeviceId(Uuid::from_u128(device)));
        server.store.write::<_, Fault>(|w| w.recovery_share(person, device, &[new; 32])).unwrap()
    };
    assert_eq!(share(1, 4, 7), [7; 32]);
    assert_eq!(share(1, 4, 8), [7; 32], "the same at every sign-in");
    assert_eq!(share(1, 5, 9), [9; 32]);
    assert_eq!(share(2, 4, 10), [10; 32]);
}
