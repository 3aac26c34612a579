//! Locking by itself: after idle time, and after the computer has slept.
//!
//! The core keeps the time, so that a page that hangs is locked as well.

use std::{
    future::{Ready, ready},
    sync::{Arc, Weak},
    time::Duration,
};

use crate::{
    App,
    app::{Closing, Connection, Locked},
    rpc::{Answer, Empty},
};

/// So long nobody may touch the window, in minutes, unless the person has chosen otherwise.
pub(crate) const IDLE_MINUTES: u32 = 15;
/// The wall clock and the time awake drift apart by more than this only in sleep, or when somebody sets
/// the clock.
const SLEPT_MILLIS: i64 = 60_000;
/// How often the clocks are looked at; besides at every call of the window.
const LOOK: Duration = Duration::from_secs(5);

/// What is known of the person and the computer.
#[derive(Debug)]
pub(crate) struct Vigil {
    active_at: Duration,
    /// So long nobody may touch the window.
    idle: Duration,
    /// The last look: wall clock in milliseconds, and time awake.
    looked_at: (i64, Duration),
}

/// What a look at the clocks says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    Awake,
    Idle,
    Slept,
}

impl Vigil {
    pub(crate) fn begin(wall: i64, awake: Duration) -> Self {
        let idle = Duration::from_secs(u64::from(IDLE_MINUTES) * 60);
        Self { active_at: awake, idle, looked_at: (wall, awake) }
    }

    /// Chooses how long nobody may touch the window.
    pub(crate) fn lock_after(&mut self, idle: Duration) {
        self.idle = idle;
    }

    pub(crate) fn active(&mut self, awake: Duration) {
        self.active_at = awake;
    }

    pub(crate) fn look(&mut self, wall: i64, awake: Duration) -> Seen {
        let (wall_before, awake_before) = std::mem::replace(&mut self.looked_at, (wall, awake));
        let passed = awake.saturating_sub(awake_before).as_millis();
        let passed = i64::try_from(passed).unwrap_or(i64::MAX);
        if wall.saturating_sub(wall_before).saturating_sub(passed) > SLEPT_MILLIS {
            Seen::Slept
        } else if awake.saturating_sub(self.active_at) >= self.idle {
            Seen::Idle
        } else {
            Seen::Awake
        }
    }
}

impl App {
    pub(crate) fn activity(&self, Empty {}: Empty) -> Ready<Answer<Empty>> {
        let awake = self.host.awake_for();
        if let Connection::Open(open) = &mut *self.connection() {
            open.vigil.active(awake);
        }
        ready(Ok(Empty {}))
    }

    /// Locks if it is time to.
    pub(crate) fn look(&self) {
        let (wall, awake) = ((self.clock)().millis(), self.host.awake_for());
        let seen = match &mut *self.connection() {
            Connection::Open(open) => open.vigil.look(wall, awake),
            // what is still being sent behind the lock is no reason to keep the key through sleep
            Connection::Locked(Locked { finishing: Some(finishing), .. }) => {
                match finishing.open.vigil.look(wall, awake) {
                    Seen::Slept => Seen::Slept,
                    Seen::Awake | Seen::Idle => return,
                }
            }
            Connection::SignedOut | Connection::Locked(_) => return,
        };
        match seen {
            Seen::Awake => {}
            Seen::Idle => drop(self.close(Closing::WhenSent)),
            Seen::Slept => drop(self.close(Closing::AtOnce)),
        }
    }
}

/// Looks at the clocks until the replica is closed.
pub(crate) async fn keep(app: Weak<App>) {
    loop {
        tokio::time::sleep(LOOK).await;
        let Some(app): Option<Arc<App>> = app.upgrade() else { return };
        app.look();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn after(seconds: u32) -> (i64, Duration) {
        (1_800_000_000_000 + i64::from(seconds) * 1_000, SECOND * (500 + seconds))
    }

    fn begin() -> Vigil {
        let (wall, awake) = after(0);
        Vigil::begin(wall, awake)
    }

    #[test]
    fn it_locks_after_a_quarter_of_an_hour_without_a_touch_and_not_before() {
        let mut vigil = begin();
        for second in (5..900).step_by(5) {
            let (wall, awake) = after(second);
            assert_eq!(vigil.look(wall, awake), Seen::Awake, "{second}");
        }
        let (wall, awake) = after(900);
        assert_eq!(vigil.look(wall, awake), Seen::Idle);
    }

    #[test]
    fn it_locks_when_the_person_has_said() {
        let mut vigil = begin();
        vigil.lock_after(SECOND * 300);
        let (wall, awake) = after(295);
        assert_eq!(vigil.look(wall, awake), Seen::Awake);
        let (wall, awake) = after(300);
        assert_eq!(vigil.look(wall, awake), Seen::Idle);
    }

    #[test]
    fn a_touch_begins_the_time_anew() {
        let mut vigil = begin();
        vigil.active(after(899).1);
        let (wall, awake) = after(1_700);
        assert_eq!(vigil.look(wall, awake), Seen::Awake);
        let (wall, awake) = after(1_799);
        assert_eq!(vigil.look(wall, awake), Seen::Idle);
    }

    #[test]
    fn sleep_is_a_wall_clock_that_runs_ahead_of_the_time_awake() {
        let mut vigil = begin();
        let (wall, awake) = after(5);
        assert_eq!(vigil.look(wall + 59_000, awake), Seen::Awake, "a clock that is set a little");
        let (wall, awake) = after(10);
        assert_eq!(vigil.look(wall + 59_000 + 61_000, awake), Seen::Slept);
    }

    #[test]
    fn a_clock_that_is_set_back_is_no_sleep_and_a_late_look_neither() {
        let mut vigil = begin();
        let (wall, awake) = after(5);
        assert_eq!(vigil.look(wall - 3_600_000, awake), Seen::Awake);
        let (wall, awake) = after(800);
        assert_eq!(vigil.look(wall - 3_600_000, awake), Seen::Awake, "a busy machine");
    }
}
