//! What to do next, decided without I/O, so that every order of events can be tried.

use std::time::Duration;

/// Without a poke, ask this often.
const POLL: Duration = Duration::from_secs(60);
/// The first wait after a failure; each further one doubles it.
const BACK_OFF_FIRST: Duration = Duration::from_secs(1);
/// The longest wait after a failure.
const BACK_OFF_MAX: Duration = Duration::from_secs(30);

/// What the person is told of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Not known yet.
    Connecting,
    /// The server has answered.
    Online,
    /// It has not.
    Offline,
    /// It answers, but wants a new sign-in.
    SignInNeeded,
}

/// Why an exchange failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// No answer, or none of our server.
    NoLine,
    /// The server failed.
    Server,
    /// The session has ended.
    SignInNeeded,
    /// The server speaks a newer version.
    UpgradeNeeded,
    /// The session has ended, and the person has ordered elsewhere that this replica be erased.
    EraseOrdered,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Send what is queued.
    Push,
    /// Fetch what is new.
    Pull,
    /// Send a part of a file that a queued command waits for.
    Upload,
    /// Wait so long, or until somebody rings.
    Wait(Duration),
}

/// The state between two steps.
#[derive(Debug)]
pub(crate) struct Machine {
    line: Line,
    failure: Option<Failure>,
    /// Failures in a row.
    failures: u32,
    /// The server may have something.
    to_fetch: bool,
    /// Pushing again at once would bring nothing new: the last push moved nothing.
    push_idle: bool,
    /// Pushes in a row that moved nothing.
    idle: u32,
    /// The last push failed as a whole: fetch once before the next, so that neither starves the other.
    fetch_first: bool,
    /// The last step failed: wait before the next one.
    rest: bool,
}

impl Machine {
    pub(crate) fn new() -> Self {
        Self {
            line: Line::Connecting,
            failure: None,
            failures: 0,
            to_fetch: true,
            push_idle: false,
            idle: 0,
            fetch_first: false,
            rest: false,
        }
    }

    pub(crate) fn line(&self) -> Line {
        self.line
    }

    pub(crate) fn failure(&self) -> Option<Failure> {
        self.failure
    }

    /// `unsent`: there is a command that could be sent. `uploads`: there is a file that one waits for.
    pub(crate) fn next(&self, unsent: bool, uploads: bool) -> Step {
        if self.rest {
            return Step::Wait(self.back_off());
        }
        if unsent && !self.push_idle && !self.fetch_first {
            return Step::Push;
        }
        if self.to_fetch {
            return Step::Pull;
        }
        if uploads {
            // last, and a part at a time: a large file keeps no message waiting
            return Step::Upload;
        }
        // what waits for another command's answer is tried again soon, at first; everything else by the poll
        Step::Wait(if unsent { doubled(self.idle).min(POLL) } else { POLL })
    }

    /// The wait is over, or somebody rang: a poke, a new command, "send now", a new sign-in.
    pub(crate) fn rung(&mut self) {
        self.rest = false;
        self.push_idle = false;
        self.to_fetch = true;
    }

    pub(crate) fn pushed(&mut self, moved: bool) {
        let failures = self.failures;
        self.answered();
        if !moved {
            // an answer that moves nothing does not end a row of failures
            self.failures = failures;
        }
        self.push_idle = !moved;
        self.idle = if moved { 0 } else { self.idle.saturating_add(1) };
        // answers leave the overlay by a pull only
        self.to_fetch = true;
    }

    /// A push brought no answers at all.
    pub(crate) fn push_failed(&mut self, failure: Failure) {
        self.failed(failure);
        self.fetch_first = true;
        self.to_fetch = true;
    }

    /// A part of a file has come through, perhaps its last.
    pub(crate) fn uploaded(&mut self, whole: bool) {
        self.answered();
        if whole {
            self.push_idle = false;
        }
    }

    pub(crate) fn pulled(&mut self, more: bool) {
        self.answered();
        self.fetch_first = false;
        self.to_fetch = more;
    }

    pub(crate) fn failed(&mut self, failure: Failure) {
        self.failures = self.failures.saturating_add(1);
        self.failure = Some(failure);
        self.fetch_first = false;
        self.rest = true;
        self.line = match failure {
            Failure::NoLine => Line::Offline,
            Failure::SignInNeeded | Failure::EraseOrdered => Line::SignInNeeded,
            Failure::Server | Failure::UpgradeNeeded => self.line,
        };
    }

    fn answered(&mut self) {
        self.line = Line::Online;
        self.failure = None;
        self.failures = 0;
        self.rest = false;
    }

    fn back_off(&self) -> Duration {
        doubled(self.failures).min(BACK_OFF_MAX)
    }
}

/// The wait after so many in a row.
fn doubled(in_a_row: u32) -> Duration {
    BACK_OFF_FIRST.saturating_mul(2u32.saturating_pow(in_a_row.saturating_sub(1).min(16)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_queued_goes_first_and_its_answer_is_fetched() {
        let mut machine = Machine::new();
        assert_eq!(machine.next(true, false), Step::Push);
        machine.pushed(true);
        assert_eq!(machine.next(false, false), Step::Pull);
        machine.pulled(false);
        assert_eq!(machine.next(false, false), Step::Wait(POLL));
        assert_eq!(machine.line(), Line::Online);
    }

    #[test]
    fn a_push_that_moved_nothing_waits_and_never_spins() {
        let mut machine = Machine::new();
        machine.pushed(false);
        assert_eq!(machine.next(true, false), Step::Pull);
        machine.pulled(false);
        assert_eq!(machine.next(true, false), Step::Wait(BACK_OFF_FIRST));
        machine.rung();
        assert_eq!(machine.next(true, false), Step::Push);
        // what waits for another person's device, which is off, is asked for ever more rarely
        let mut waits = Vec::new();
        for _ in 0..9 {
            machine.pushed(false);
            machine.pulled(false);
            let Step::Wait(wait) = machine.next(true, false) else { panic!("a wait") };
            waits.push(wait.as_secs());
            machine.rung();
        }
        assert_eq!(waits, [2, 4, 8, 16, 32, 60, 60, 60, 60]);
        machine.pushed(true);
        machine.pushed(false);
        machine.pulled(false);
        assert_eq!(machine.next(true, false), Step::Wait(BACK_OFF_FIRST));
    }

    #[test]
    fn waits_double_up_to_a_cap_and_end_with_the_first_answer() {
        let mut machine = Machine::new();
        let mut waits = Vec::new();
        for _ in 0..40 {
            machine.failed(Failure::NoLine);
            let Step::Wait(wait) = machine.next(true, false) else {
                panic!("a wait after a failure")
            };
            waits.push(wait.as_secs());
            machine.rung();
        }
        assert_eq!(waits.get(..6), Some(&[1, 2, 4, 8, 16, 30][..]));
        assert_eq!(waits.last(), Some(&30), "it never gives up");
        machine.pulled(false);
        machine.failed(Failure::NoLine);
        assert_eq!(machine.next(true, false), Step::Wait(BACK_OFF_FIRST));
    }

    #[test]
    fn a_push_that_fails_for_ever_does_not_keep_what_is_new_away() {
        let mut machine = Machine::new();
        for _ in 0..3 {
            machine.push_failed(Failure::Server);
            machine.rung();
            assert_eq!(machine.next(true, false), Step::Pull);
            machine.pulled(false);
            assert_eq!(machine.next(true, false), Step::Push);
        }
        machine.push_failed(Failure::NoLine);
        machine.rung();
        machine.failed(Failure::NoLine);
        machine.rung();
        assert_eq!(
            machine.next(true, false),
            Step::Push,
            "and a pull that fails not what is queued"
        );
    }

    proptest! {
        #[test]
        fn after_any_events_a_ring_brings_an_exchange(events in proptest::collection::vec(0..6u8, 0..50)) {
            let mut machine = Machine::new();
            for event in events {
                match event {
                    0 => machine.pushed(true),
                    1 => machine.pushed(false),
                    2 => machine.pulled(true),
                    3 => machine.pulled(false),
                    4 => machine.failed(Failure::NoLine),
                    _ => machine.failed(Failure::SignInNeeded),
                }
            }
            machine.rung();
            prop_assert_eq!(machine.next(true, false), Step::Push);
            prop_assert_eq!(machine.next(false, false), Step::Pull);
        }
    }
}
