//! Tells people by mail that something is new in a case or about their account: one task that empties the
//! queue. What the mails say stands in `mails.rs`.
//!
//! The token of a link is made when its mail is about to be sent, and only its hash is kept: each try has a
//! link of its own, and the one before is void.
//!
//! A try is noted before the mail is sent and the notice ended after it. A server that dies in between tells
//! again later: a second mail costs a glance, while silence can cost somebody their time limit. Both have
//! the same id, so that mail systems which drop doubles show one.

use std::{sync::Arc, time::Duration};

use behorig_mail::{Email, Mail};
use behorig_protocol::path;
use behorig_server_store::{Mailing, Outgoing};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::{
    applicants,
    controllers::{later, random_hex, token_hash},
    fault::Fault,
    mails,
    state::State,
};

/// The longest wait between two looks at the queue: somebody may have set the machine's clock, or invited a
/// person by another program.
const REST: Duration = Duration::from_secs(60);
/// The wait after the database failed.
const PAUSE: Duration = Duration::from_secs(60);
/// How long the mail that is being sent may go on when the server stops.
const GRACE: Duration = Duration::from_secs(5);
/// Mails older than this are not sent any more, in milliseconds: a server that gets its mail settings late
/// must not flood people with what they have long read.
const OLD: i64 = 7 * 24 * 60 * 60 * 1_000;
/// Whoever asked for another password so long ago has asked again or found the one they had.
const RESET_OLD: i64 = 60 * 60 * 1_000;
/// How long a link holds that a person activates their account by: a week.
const ACTIVATION_MILLIS: i64 = 7 * 24 * 60 * 60 * 1_000;
/// How long one for a forgotten password holds: half an hour.
const RESET_MILLIS: i64 = 30 * 60 * 1_000;

/// Sends what is due until the server stops.
pub(crate) async fn run(state: Arc<State>, mail: Arc<dyn Mail>, stop: CancellationToken) {
    let work = async {
        while !stop.is_cancelled() {
            let wait = drain(&state, &*mail, &stop).await.unwrap_or_else(|fault| {
                tracing::error!(%fault, "notices wait");
                PAUSE
            });
            tokio::select! {
                () = stop.cancelled() => {}
                () = state.noticed() => {}
                () = sleep(wait) => {}
            }
        }
    };
    let stopped = async {
        stop.cancelled().await;
        sleep(GRACE).await;
    };
    tokio::select! {
        () = work => {}
        () = stopped => {}
    }
}

/// Tells everything that is due, one after the other, and says when to look again.
async fn drain(
    state: &Arc<State>,
    mail: &dyn Mail,
    stop: &CancellationToken,
) -> Result<Duration, Fault> {
    while !stop.is_cancelled() {
        let now = state.now();
        let look = state.read(move |store| Ok((store.next_outgoing(now)?, store.outgoing_due()?)));
        match look.await? {
            (Some(outgoing), _) => tell(state, mail, outgoing).await?,
            (None, due) => {
                let wait = due.map(|due| due.saturating_sub(now.millis()).max(0).unsigned_abs());
                return Ok(wait.map_or(REST, |wait| Duration::from_millis(wait).min(REST)));
            }
        }
    }
    Ok(REST)
}

/// Tells one person once, or notes why not. Only a failing database is a fault: a mail that is not taken is
/// due again later and holds up nobody else's.
async fn tell(state: &Arc<State>, mail: &dyn Mail, outgoing: Outgoing) -> Result<(), Fault> {
    if matches!(outgoing.mailing, Mailing::Application | Mailing::ApplicationRefused) {
        return applicants::tell(state, mail, outgoing).await;
    }
    let Outgoing { no, person, mailing, address, at, tries } = outgoing;
    let now = state.now();
    let age = now.millis().saturating_sub(at.millis());
    let old = match mailing {
        // an invitation is never old news: without it the person can do nothing
        Mailing::Activation => false,
        Mailing::Reset => age > RESET_OLD,
        _ => age > OLD,
    };
    let Some(to) = address.filter(|_| !old) else {
        return end(state, no).await;
    };
    let link = match mailing {
        Mailing::Activation => Some(ACTIVATION_MILLIS),
        Mailing::Reset => Some(RESET_MILLIS),
        _ => None,
    };
    let (link, url) = match link {
        Some(millis) => {
            let token = random_hex()?;
            let url = state.public_url().unwrap_or_default();
            let url = format!("{url}{}/{token}", path::LINK);
            (Some((token_hash(&token), later(now, millis)?)), url)
        }
        None => (None, String::new()),
    };
    let begun = state.writer.run(move |writing| {
        let begun = writing.try_outgoing(no, now)?;
        if let Some((hash, expires_at)) = link.filter(|_| begun) {
            writing.put_link(person, &hash, expires_at)?;
        }
        Ok(begun)
    });
    if !begun.await? {
        return Ok(());
    }
    let epoch = state.read(|store| store.epoch()).await?;
    match mail.send(&email(&epoch, no, tries, to, mailing, &url)).await {
        Ok(()) => end(state, no).await,
        Err(fault) => {
            tracing::warn!(%fault, notice = no, tries = tries.saturating_add(1), "no mail sent");
            if fault.is_final() { end(state, no).await } else { Ok(()) }
        }
    }
}

async fn end(state: &Arc<State>, no: i64) -> Result<(), Fault> {
    let now = state.now();
    state.writer.run(move |writing| Ok(writing.end_outgoing(no, now)?)).await
}

fn email(epoch: &str, no: i64, tries: i64, to: String, mailing: Mailing, url: &str) -> Email {
    let (subject, text) = mails::words(mailing, url);
    // numbers begin anew with a new database, and ids must not; two tries of one link are two mails, of which
    // the newer counts
    let id = match mailing {
        Mailing::Activation | Mailing::Reset => format!("link-{epoch}-{no}-{tries}"),
        _ => format!("notice-{epoch}-{no}"),
    };
    Email { id, to, subject: subject.into(), text }
}

#[cfg(test)]
mod tests {
    use std::{
        path::Path,
        sync::{
            Mutex,
            atomic::{AtomicI64, Ordering},
        },
    };

    use behorig_domain::{
        Command, PersonId, Scope, Timestamp,
        contact::{Details, SetContact},
    };
    use behorig_mail::{Kept, MailFault, Sending};
    use tempfile::TempDir;

    use super::*;
    use crate::demo::{Operator, TECHNICIAN};

    const BEGIN: i64 = 1_800_000_000_000;
    const MINUTE: i64 = 60_000;

    /// A server's state on a clock that the test moves. The demo's two messages to the technician wait.
    struct Bench {
        data: TempDir,
        clock: Arc<AtomicI64>,
        state: Arc<State>,
    }

    fn open(data: &Path, clock: &Arc<AtomicI64>) -> Arc<State> {
        let clock = clock.clone();
        let clock = move || Timestamp::from_millis(clock.load(Ordering::SeqCst)).unwrap();
        let sms = Arc::new(behorig_sms::Kept::default());
        Arc::new(State::open(data, Arc::new(clock), sms).unwrap())
    }

    impl Bench {
        async fn new() -> Self {
            let data = tempfile::tempdir().unwrap();
            let clock = Arc::new(AtomicI64::new(BEGIN));
            let state = open(data.path(), &clock);
            Operator::new(state.clone()).fill_with_demo().await.unwrap();
            Self { data, clock, state }
        }

        fn restart(&mut self) {
            self.state = open(self.data.path(), &self.clock);
        }

        fn pass(&self, millis: i64) {
            self.clock.fetch_add(millis, Ordering::SeqCst);
        }

        /// The body holds nothing on a person but a name.
        async fn forget_what_is_held_on(&self, person: PersonId) {
            let now = self.state.now();
            let scopes = self.state.read(move |store| store.scopes(person, now));
            let issuer = scopes.await.unwrap().iter().find_map(|scope| match scope.parse() {
                Ok(Scope::Client(issuer, _)) => Some(issuer),
                _ => None,
            });
            let set = SetContact {
                issuer: issuer.unwrap(),
                person,
                protected: false,
                details: Box::new(Details::of(TECHNICIAN.name)),
            };
            Operator::new(self.state.clone()).command(Command::SetContact(set)).await.unwrap();
        }

        async fn drain(&self, mail: &dyn Mail) -> Duration {
            drain(&self.state, mail, &CancellationToken::new()).await.unwrap()
        }
    }

    fn ids(mails: &[Email]) -> Vec<&str> {
        mails.iter().map(|mail| mail.id.rsplit('-').next().unwrap()).collect()
    }

    /// A mail server that answers as it is told to, and then takes everything.
    #[derive(Default)]
    struct Moody {
        answers: Mutex<Vec<MailFault>>,
        taken: Kept,
    }

    impl Mail for Moody {
        fn send<'a>(&'a self, email: &'a Email) -> Sending<'a> {
            match self.answers.lock().unwrap().pop() {
                Some(fault) => Box::pin(std::future::ready(Err(fault))),
                None => self.taken.send(email),
            }
        }
    }

    /// A mail server that takes a mail and is never heard of again.
    #[derive(Default)]
    struct Silent(Kept);

    impl Mail for Silent {
        fn send<'a>(&'a self, email: &'a Email) -> Sending<'a> {
            let taken = self.0.send(email);
            Box::pin(async move {
                taken.await?;
                std::future::pending().await
            })
        }
    }

    #[tokio::test]
    async fn each_notice_is_one_mail_in_its_order_and_says_nothing() {
        let bench = Bench::new().await;
        let mail = Kept::default();
        assert_eq!(bench.drain(&mail).await, REST);
        assert_eq!(bench.drain(&mail).await, REST);
        let mails = mail.all_to(TECHNICIAN.email);
        assert_eq!(ids(&mails), ["1", "2"]);
        for mail in mails {
            let Email { subject, text, .. } = mail;
            let same = mails::words(Mailing::News, "");
            assert_eq!((subject.as_str(), text), same, "the same to everybody");
        }
    }

    #[tokio::test]
    async fn what_is_not_taken_is_tried_again_later_and_holds_up_nothing() {
        let bench = Bench::new().await;
        let mail = Moody::default();
        mail.answers.lock().unwrap().push(MailFault::Refused(451));
        assert_eq!(bench.drain(&mail).await, Duration::from_secs(60));
        assert_eq!(ids(&mail.taken.all_to(TECHNICIAN.email)), ["2"]);
        mail.answers.lock().unwrap().push(MailFault::NoAnswer);
        bench.pass(MINUTE);
        assert_eq!(bench.drain(&mail).await, REST);
        bench.pass(MINUTE);
        bench.drain(&mail).await;
        assert_eq!(ids(&mail.taken.all_to(TECHNICIAN.email)), ["2"], "each wait is longer");
        bench.pass(MINUTE);
        assert_eq!(bench.drain(&mail).await, REST);
        assert_eq!(ids(&mail.taken.all_to(TECHNICIAN.email)), ["2", "1"]);
    }

    #[tokio::test]
    async fn a_mail_server_that_is_never_there_is_given_up() {
        let bench = Bench::new().await;
        let mail = Moody::default();
        for _ in 0..1_000 {
            mail.answers.lock().unwrap().push(MailFault::NoAnswer);
        }
        let mut rounds = 0;
        while bench.state.read(|store| store.outgoing_due()).await.unwrap().is_some() {
            bench.drain(&mail).await;
            bench.pass(24 * 60 * MINUTE);
            rounds += 1;
            assert!(rounds < 20, "it is tried for ever");
        }
        assert!(mail.taken.all_to(TECHNICIAN.email).is_empty());
    }

    #[tokio::test]
    async fn who_has_no_address_or_none_that_works_is_told_nothing_and_nothing_waits() {
        for email in [None, Some("asa, example")] {
            let bench = Bench::new().await;
            let find =
                |store: &mut behorig_server_store::Store| store.account(TECHNICIAN.user_name);
            let person = bench.state.read(find).await.unwrap().unwrap().person;
            let put = move |writing: &mut behorig_server_store::Writing<'_>| {
                Ok(writing.put_email(person, email)?)
            };
            bench.state.writer.run(put).await.unwrap();
            bench.forget_what_is_held_on(person).await;
            let mail = Moody::default();
            if email.is_some() {
                // what the real part says of such an address
                mail.answers.lock().unwrap().extend([MailFault::Receiver, MailFault::Receiver]);
            }
            assert_eq!(bench.drain(&mail).await, REST);
            assert_eq!(mail.answers.lock().unwrap().len(), 0);
            assert!(mail.taken.all_to(TECHNICIAN.email).is_empty());
        }
    }

    #[tokio::test]
    async fn old_news_is_not_told() {
        let bench = Bench::new().await;
        bench.pass(OLD + 1);
        let mail = Kept::default();
        assert_eq!(bench.drain(&mail).await, REST);
        assert!(mail.all_to(TECHNICIAN.email).is_empty());
    }

    #[tokio::test]
    async fn a_server_killed_while_it_sends_tells_again_under_the_same_id() {
        let mut bench = Bench::new().await;
        let mail = Silent::default();
        let sent = async {
            while mail.0.all_to(TECHNICIAN.email).is_empty() {
                sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::select! {
            _ = bench.drain(&mail) => panic!("it goes on as if the mail server had answered"),
            () = sent => {}
        }
        let before = mail.0.all_to(TECHNICIAN.email);
        assert_eq!(ids(&before), ["1"]);

        bench.restart();
        let mail = Kept::default();
        assert_eq!(bench.drain(&mail).await, Duration::from_secs(60), "not at once");
        bench.pass(MINUTE);
        bench.drain(&mail).await;
        let after = mail.all_to(TECHNICIAN.email);
        assert_eq!(ids(&after), ["2", "1"]);
        assert_eq!(after.last(), before.first());
        bench.restart();
        bench.pass(24 * 60 * MINUTE);
        bench.drain(&mail).await;
        assert_eq!(mail.all_to(TECHNICIAN.email).len(), 2, "what is told stays told");
    }

    #[tokio::test]
    async fn the_task_ends_with_the_server_whatever_the_mail_server_does() {
        let bench = Bench::new().await;
        let (silent, kept) = (Arc::new(Silent::default()), Arc::new(Kept::default()));
        let sent = || (silent.0.all_to(TECHNICIAN.email), kept.all_to(TECHNICIAN.email));
        // one that keeps it waiting, one that took everything that was due
        for (mail, so_far) in [(silent.clone() as Arc<dyn Mail>, 1), (kept.clone(), 2)] {
            let stop = CancellationToken::new();
            let task = tokio::spawn(run(bench.state.clone(), mail, stop.clone()));
            while sent().0.len() + sent().1.len() < so_far {
                sleep(Duration::from_millis(5)).await;
            }
            stop.cancel();
            tokio::time::timeout(GRACE * 3, task).await.unwrap().unwrap();
        }
        assert_eq!((ids(&sent().0), ids(&sent().1)), (vec!["1"], vec!["2"]));
    }
}
