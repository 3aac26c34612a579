//! How often somebody may try to sign in, before anybody knows who they are.
//!
//! Three limiters, since each alone can be gone round: by address and user name against guessing, by address
//! against trying many names, by user name against guessing from many addresses.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::Arc,
};

use behorig_domain::PersonId;
use behorig_protocol::ErrorCode;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::fault::Fault;

/// Tries from one address for one user name at once, and how many come back each minute.
const PAIR_TRIES: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// Passwords and codes from one address at once. An office behind one address, a hundred people whose
/// sessions all end on one morning, needs two each; they come back one a second.
const ADDRESS_TRIES: NonZeroU32 = NonZeroU32::new(120).unwrap();
/// How many of them come back each minute.
const ADDRESS_TRIES_A_MINUTE: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// Tries for one user name from anywhere at once, and how many come back each minute. Who uses them up keeps
/// the name's owner out only while they go on and only on a computer that the owner has never signed in on:
/// a known one is not counted here. One comes back every two seconds.
const NAME_TRIES: NonZeroU32 = NonZeroU32::new(30).unwrap();
/// Links that may be asked for with one name at once, and how many come back each hour: each is a mail.
const RESETS: NonZeroU32 = NonZeroU32::new(5).unwrap();
/// Current passwords that a signed-in person may try at once, and how many come back each hour.
const CHANGES: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// Passwords checked at the same time: each check takes memory on purpose.
const PASSWORD_CHECKS: usize = 2;
/// Passwords that are checked or wait for it: the last of them has waited for about a second.
const PASSWORD_QUEUE: usize = 64;

/// Applications without an account from one address at once, and how many come back each hour. A whole class
/// may apply on one afternoon.
const APPLICATIONS: NonZeroU32 = NonZeroU32::new(40).unwrap();
/// Applications with one mail address at once, and how many come back each hour: each is a mail.
const APPLICATIONS_OF_ONE: NonZeroU32 = NonZeroU32::new(5).unwrap();

/// Counts the applications of people without an account.
pub(crate) struct ApplicantLimits {
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    emails: DefaultKeyedRateLimiter<String>,
}

impl ApplicantLimits {
    pub(crate) fn new() -> Self {
        Self {
            addresses: RateLimiter::keyed(Quota::per_hour(APPLICATIONS)),
            emails: RateLimiter::keyed(Quota::per_hour(APPLICATIONS_OF_ONE)),
        }
    }

    /// Counts an application that comes from an address and names a mail address, whoever is known by it.
    pub(crate) fn count(&self, address: IpAddr, email: &str) -> Result<(), ErrorCode> {
        self.addresses.retain_recent();
        self.emails.retain_recent();
        let is_proxy = address.to_canonical().is_loopback();
        if !is_proxy && self.addresses.check_key(&network(address)).is_err() {
            return Err(ErrorCode::TooManyTries);
        }
        let email = email.to_lowercase();
        self.emails.check_key(&email).map_err(|_| ErrorCode::TooManyTries)
    }
}

/// What counts the tries.
pub(crate) struct SignInLimits {
    pairs: DefaultKeyedRateLimiter<(IpAddr, String)>,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    names: DefaultKeyedRateLimiter<String>,
    resets: DefaultKeyedRateLimiter<String>,
    changes: DefaultKeyedRateLimiter<PersonId>,
    queue: Arc<Semaphore>,
    checks: Arc<Semaphore>,
}

/// A place in the queue for a password check. Goes into the check with it, so that hanging up frees none
/// while the check still runs.
pub(crate) struct Queued {
    _place: OwnedSemaphorePermit,
    checks: Arc<Semaphore>,
}

/// The right to check a password.
pub(crate) struct Turn {
    _place: OwnedSemaphorePermit,
    _check: OwnedSemaphorePermit,
}

impl SignInLimits {
    pub(crate) fn new() -> Self {
        let by_address = Quota::per_minute(ADDRESS_TRIES_A_MINUTE).allow_burst(ADDRESS_TRIES);
        Self {
            pairs: RateLimiter::keyed(Quota::per_minute(PAIR_TRIES)),
            addresses: RateLimiter::keyed(by_address),
            names: RateLimiter::keyed(Quota::per_minute(NAME_TRIES)),
            resets: RateLimiter::keyed(Quota::per_hour(RESETS)),
            changes: RateLimiter::keyed(Quota::per_hour(CHANGES)),
            queue: Arc::new(Semaphore::new(PASSWORD_QUEUE)),
            checks: Arc::new(Semaphore::new(PASSWORD_CHECKS)),
        }
    }

    /// Counts a password or code that comes from an address.
    pub(crate) fn count_address(&self, address: IpAddr) -> Result<(), ErrorCode> {
        // a proxy on this machine asks for everybody: one stranger must not use up everybody's tries
        if address.to_canonical().is_loopback() {
            return Ok(());
        }
        self.addresses.retain_recent();
        self.addresses.check_key(&network(address)).map_err(|_| ErrorCode::TooManyTries)
    }

    /// Counts a try for a name from an address.
    pub(crate) fn count_pair(&self, name: &str, address: IpAddr) -> Result<(), ErrorCode> {
        self.pairs.retain_recent();
        let pair = (network(address), name.to_owned());
        self.pairs.check_key(&pair).map_err(|_| ErrorCode::TooManyTries)
    }

    /// Counts a try for a name on a computer that its owner has not signed in on.
    pub(crate) fn count_name(&self, name: &str) -> Result<(), ErrorCode> {
        self.names.retain_recent();
        self.names.check_key(&name.to_owned()).map_err(|_| ErrorCode::TooManyTries)
    }

    /// Counts a link that is asked for with a name, whether anybody has that name or not.
    pub(crate) fn count_reset(&self, name: &str) -> Result<(), ErrorCode> {
        self.resets.retain_recent();
        self.resets.check_key(&name.to_owned()).map_err(|_| ErrorCode::TooManyTries)
    }

    /// Counts a try of the current password by somebody who is signed in.
    pub(crate) fn count_change(&self, person: PersonId) -> Result<(), ErrorCode> {
        self.changes.retain_recent();
        self.changes.check_key(&person).map_err(|_| ErrorCode::TooManyTries)
    }

    /// A place in the queue, unless it is full.
    pub(crate) fn queue(&self) -> Result<Queued, ErrorCode> {
        let place = self.queue.clone().try_acquire_owned().map_err(|_| ErrorCode::TooManyTries)?;
        Ok(Queued { _place: place, checks: self.checks.clone() })
    }
}

impl Queued {
    pub(crate) async fn turn(self) -> Result<Turn, Fault> {
        let check = self.checks.acquire_owned().await.map_err(|_| Fault::Panicked)?;
        Ok(Turn { _place: self._place, _check: check })
    }
}

/// What one customer of a network operator has: an IPv4 address, or the first half of an IPv6 one, of which
/// the other half is the customer's to choose.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// How often something may be done at once.
    fn times(mut deed: impl FnMut(usize) -> Result<(), ErrorCode>) -> usize {
        (0..1_000).take_while(|n| deed(*n).is_ok()).count()
    }

    #[test]
    fn an_address_may_try_only_so_often_whatever_the_name() {
        let limits = SignInLimits::new();
        let one = address("192.0.2.1");
        let tries = times(|_| limits.count_address(one));
        assert!((120..130).contains(&tries), "{tries}");
        limits.count_address(address("192.0.2.2")).unwrap();
        let behind_a_proxy = times(|_| limits.count_address(address("::ffff:127.0.0.1")));
        assert_eq!(behind_a_proxy, 1_000);
    }

    #[test]
    fn whoever_has_many_ipv6_addresses_counts_as_one() {
        let limits = SignInLimits::new();
        let tries = times(|n| limits.count_address(address(&format!("2001:db8:1:2::{n:x}"))));
        assert!((120..130).contains(&tries), "{tries}");
        limits.count_address(address("2001:db8:1:3::1")).unwrap();
        let pair = times(|n| limits.count_pair("åsa", address(&format!("2001:db8:1:2::{n:x}"))));
        assert!((10..12).contains(&pair), "{pair}");
        assert_eq!(network(address("::ffff:192.0.2.1")), address("192.0.2.1"));
    }

    #[test]
    fn a_name_is_tried_only_so_often_from_many_addresses() {
        let limits = SignInLimits::new();
        let tries = times(|_| limits.count_name("åsa"));
        assert!((30..35).contains(&tries), "{tries}");
        limits.count_name("göran").unwrap();
    }

    #[test]
    fn an_address_and_a_mail_address_apply_only_so_often() {
        let limits = ApplicantLimits::new();
        let own = times(|_| limits.count(address("192.0.2.1"), "Kerstin@example.com"));
        assert!((5..7).contains(&own), "{own}");
        limits.count(address("192.0.2.9"), "kerstin@EXAMPLE.com").unwrap_err();
        let class = times(|n| limits.count(address("192.0.2.2"), &format!("{n}@example.com")));
        assert!((40..43).contains(&class), "{class}");
        let proxy = times(|n| limits.count(address("127.0.0.1"), &format!("p{n}@example.com")));
        assert_eq!(proxy, 1_000);
    }

    #[tokio::test]
    async fn only_so_many_wait_for_a_check() {
        let limits = SignInLimits::new();
        let mut queued: Vec<_> = (0..PASSWORD_QUEUE).map(|_| limits.queue().unwrap()).collect();
        assert!(limits.queue().is_err());
        let turn = queued.pop().unwrap().turn().await.unwrap();
        assert!(limits.queue().is_err(), "what is being checked still counts");
        drop(turn);
        limits.queue().unwrap();
    }
}
