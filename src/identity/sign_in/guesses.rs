//! How guessing a password is slowed, and whom that never keeps out.
//!
//! - Wrong passwords are counted by account and address together, for a day. Ten cost nothing. From then on, attempts at
//!   that account from that address are judged one at a time, each wrong one is answered later than the one before (two
//!   milliseconds for each that failed, five seconds at most) and with 429. Two may wait; more are refused at once.
//! - A name counts the first ten of each address as well. After fifty in a day, attempts at it are judged one at a time
//!   over all addresses; one of each address may wait, and eight in all. An address from which the account has signed in
//!   within thirty days is left out of this: it has its own count and no other.
//! - A browser that has signed in to the account shows it with the token of its last answer (`device_token`). It has its own
//!   count instead of all of these, ten in a day; after those it is like any other.
//! - One-time codes, which only somebody with the right password gets to try, are counted by account and browser, or address,
//!   and refused after ten in a quarter of an hour; after thirty over all browsers and addresses that the account does not
//!   know. So a person who has the password and no code keeps nobody out of a browser or an address that is known.
//! - Names that nobody has are counted by address: twenty in a quarter of an hour. From then on they are refused before
//!   anything is hashed. A wrong password for an account is then refused alike, and a refusal takes as long as a hash, so
//!   that trying a name does not tell whether somebody has it.
//!
//! So the right password is never refused over other names from its own address, nor, from a browser or an address that is
//! known, over anything that was tried elsewhere. From an address that is not known it waits for its turn while the
//! account is being guessed at from many, and is refused only while eight others wait. Over wrong ones for the same
//! account from the same address a browser that is not known waits for its turn, and is refused only while two others
//! wait there. Nothing here is asked about a PIN, a refresh or a call for help.

use std::time::Duration;

use super::SignInBody;
use crate::app::App;
use crate::db::{Instant, StaffId};
use crate::error::{Code, Error, Result};
use crate::http::address::ClientAddress;
use crate::http::throttle::{Count, Counted, Inside, Throttle, ThrottledAttempt};
use crate::identity::devices::known_devices;
use crate::identity::model::StaffRow;
use crate::identity::names::username_index;

/// How long wrong passwords count, in seconds.
const PASSWORD_SECONDS: i64 = 24 * 60 * 60;
/// Wrong passwords of an account from one address that cost nothing.
const FREE: u32 = 10;
/// Wrong passwords of an account from addresses unknown to it that cost nothing.
const FREE_OF_ACCOUNT: u32 = 50;
/// How many may wait behind the one that is judged, of one address and of all.
const WAITING: u32 = 2;
const WAITING_OF_ACCOUNT: u32 = 8;
/// How many may wait where nothing is slowed yet, and more come at once than cost nothing.
const WAITING_AT_FIRST: u32 = 64;
/// Names that nobody has, and how long they count, in seconds.
const UNKNOWN_NAMES: u32 = 20;
const NAMES_SECONDS: i64 = 15 * 60;
/// Wrong one-time codes of an account from places unknown to it, over all of them, and how long they count, in seconds.
const CODES_OF_ACCOUNT: u32 = 30;
const CODES_SECONDS: i64 = 15 * 60;
/// How long an address is known to an account that has signed in from it, in days; noted again after one of them.
const KNOWN_DAYS: i64 = 30;

/// How long the answer to a wrong password waits after so many.
fn rest(failures: u32) -> Duration {
    Duration::from_millis(u64::from(failures) * 2).min(Duration::from_secs(5))
}

/// A password that somebody gives for a name.
pub(in crate::identity) struct Guess<'a> {
    app: &'a App,
    keys: GuessKeys,
    own: Count,
    of_account: Count,
    of_names: Count,
    is_name_known: bool,
    is_device_known: bool,
    is_slowed: bool,
    inside: [Option<Inside>; 3],
    /// The browser, where it is known, else the address.
    place: Vec<u8>,
}

/// A one-time code that somebody gives with the right password.
pub(in crate::identity) struct CodeGuess<'a> {
    app: &'a App,
    attempt: ThrottledAttempt<'a>,
    /// What counts those of all places unknown to the account, where this is one.
    of_account: Option<Counted>,
    /// What counts the passwords of this place, where the code comes by itself: a right one settles those as well.
    passwords: Option<Counted>,
}

impl<'a> CodeGuess<'a> {
    /// Begins to judge one that comes by itself, after the right password.
    ///
    /// # Errors
    /// As [`Guess::begin_code`].
    pub(in crate::identity) async fn begin_alone(
        app: &'a App,
        account: &StaffRow,
        from: ClientAddress,
    ) -> Result<Self> {
        let network = from.network();
        let passwords = app.throttle.counted("password", &[&account.username_index, &network]);
        let [count] = app.throttle.counts([&passwords], app.clock.now()).await?;
        let guess = Self::begin(app, account.id, &network, count.known_until.is_some()).await?;
        Ok(Self { passwords: Some(passwords), ..guess })
    }

    async fn begin(app: &'a App, account: StaffId, place: &[u8], is_known: bool) -> Result<Self> {
        let (throttle, now, id) = (&app.throttle, app.clock.now(), account.0);
        let of_account = (!is_known).then(|| throttle.counted("one-time codes of account", &[id.as_bytes()]));
        if let Some(counted) = &of_account {
            let [count] = throttle.counts([counted], now).await?;
            if count.failures >= CODES_OF_ACCOUNT {
                return Err(Error::TooMany { retry_after_seconds: count.seconds_left.max(1) });
            }
        }
        let own = throttle.counted("one-time code", &[id.as_bytes(), place]);
        let attempt = throttle.begin(own, now).await?;
        Ok(CodeGuess { app, attempt, of_account, passwords: None })
    }

    /// Counts it as wrong.
    pub(in crate::identity) async fn failed(self, now: Instant) -> Result<()> {
        self.attempt.failed(now).await?;
        match self.of_account {
            Some(counted) => self.app.throttle.count(vec![(counted, CODES_SECONDS)], now).await,
            None => Ok(()),
        }
    }

    /// Forgets the wrong ones of its own place. Where it came by itself, the account is known there from now on.
    pub(in crate::identity) async fn succeeded(self, now: Instant) -> Result<()> {
        if let Some(passwords) = &self.passwords {
            self.app.throttle.forgive(passwords, Some(now.plus_days(KNOWN_DAYS)), now).await?;
        }
        self.attempt.succeeded(now).await
    }
}

struct GuessKeys {
    /// The browser, where it is known, else account and address.
    own: Counted,
    account: Counted,
    names: Counted,
}

impl GuessKeys {
    async fn counts(&self, throttle: &Throttle, now: Instant) -> Result<[Count; 3]> {
        throttle.counts([&self.own, &self.account, &self.names], now).await
    }
}

impl<'a> Guess<'a> {
    /// Begins to judge a password for a name that an account has, or nobody. May take its time.
    ///
    /// # Errors
    /// 429 where too many wait already, or too many names were tried that nobody has.
    pub(in crate::identity) async fn begin(
        app: &'a App,
        body: &SignInBody,
        from: ClientAddress,
        account: Option<StaffId>,
    ) -> Result<Self> {
        let (throttle, now, network) = (&app.throttle, app.clock.now(), from.network());
        let name = username_index(&app.keys, &body.username);
        let token = body.device_token.as_ref().zip(account);
        let device = token.and_then(|(token, account)| known_devices::read(&app.keys, token, account, now));
        let by_device = device.map(|device| (throttle.counted("password by device", &[&device]), device));
        let by_address = throttle.counted("password", &[&name, &network]);
        let (own, place, is_device_known) = match by_device {
            Some((own, device)) if is_free(throttle, &own, now).await? => (own, device, true),
            _ => (by_address, network.clone(), false),
        };
        let account_key = throttle.counted("password of account", &[&name]);
        let keys = GuessKeys { own, account: account_key, names: throttle.counted("unknown names", &[&network]) };
        let stranger = account.is_none().then(|| throttle.enter(&keys.names));
        let inside = throttle.enter(&keys.own);
        let [own, of_account, of_names] = keys.counts(throttle, now).await?;
        if let Some(stranger) = &stranger
            && of_names.failures.saturating_add(stranger.ahead) >= UNKNOWN_NAMES
        {
            app.hasher.pretend().await;
            return Err(Error::TooMany { retry_after_seconds: of_names.seconds_left.max(1) });
        }
        let is_name_known = account.is_some();
        let mut guess = Self {
            app,
            keys,
            own,
            of_account,
            of_names,
            is_name_known,
            is_device_known,
            is_slowed: own.failures.saturating_add(inside.ahead) >= FREE,
            inside: [None, None, stranger],
            place,
        };
        guess.wait(inside).await?;
        Ok(guess)
    }

    /// Waits for its turn where guessing is slowed: first among those from its own place, so that one address takes one of
    /// the account's.
    async fn wait(&mut self, mut own: Inside) -> Result<()> {
        if self.is_slowed || self.is_account_slowed() {
            wait(&mut own, if self.own.failures < FREE { WAITING_AT_FIRST } else { WAITING }).await?;
            // Others were judged meanwhile.
            let counts = self.keys.counts(&self.app.throttle, self.app.clock.now()).await?;
            [self.own, self.of_account, self.of_names] = counts;
            self.is_slowed = self.own.failures >= FREE;
        }
        let mut all = None;
        if self.is_account_slowed() {
            self.is_slowed = true;
            wait(all.insert(self.app.throttle.enter(&self.keys.account)), WAITING_OF_ACCOUNT).await?;
        }
        let [first, second, _] = &mut self.inside;
        (*first, *second) = (Some(own), all);
        Ok(())
    }

    /// Whether guessing at the account is slowed for those whom it does not know.
    fn is_account_slowed(&self) -> bool {
        !self.is_known() && self.of_account.failures >= FREE_OF_ACCOUNT
    }

    /// Whether the account is known to sign in from this browser or address.
    fn is_known(&self) -> bool {
        self.is_device_known || self.own.known_until.is_some()
    }

    /// Begins to judge a one-time code that came with the right password.
    ///
    /// # Errors
    /// 429 after too many wrong ones from this place, or from places that the account does not know.
    pub(in crate::identity) async fn begin_code(&self, account: StaffId) -> Result<CodeGuess<'a>> {
        CodeGuess::begin(self.app, account, &self.place, self.is_known()).await
    }

    /// Counts it as wrong, rests where that slows guessing, and gives the caller's answer.
    pub(in crate::identity) async fn failed(mut self) -> Error {
        let mut failed = vec![(self.keys.own.clone(), PASSWORD_SECONDS)];
        if !self.is_name_known {
            failed.push((self.keys.names.clone(), NAMES_SECONDS));
        }
        // Of a name that nobody has as well: else being slowed would tell that somebody has it.
        if !self.is_known() && self.own.failures < FREE {
            failed.push((self.keys.account.clone(), PASSWORD_SECONDS));
        }
        if let Err(error) = self.app.throttle.count(failed, self.app.clock.now()).await {
            return error;
        }
        let of_account = if self.is_known() { 0 } else { self.of_account.failures };
        let rest = if self.is_slowed { rest(self.own.failures.max(of_account)) } else { Duration::ZERO };
        // Others from elsewhere need not wait for this answer.
        let [_, all, _] = &mut self.inside;
        *all = None;
        tokio::time::sleep(rest).await;
        if self.of_names.failures >= UNKNOWN_NAMES {
            return Error::TooMany { retry_after_seconds: self.of_names.seconds_left.max(1) };
        }
        match self.is_slowed {
            true => Error::TooMany { retry_after_seconds: rest.as_secs().max(1) },
            false => Error::Unauthenticated(Code::Unauthenticated),
        }
    }

    /// Forgets the wrong ones, and remembers that the account signs in from here. What others tried from the same address
    /// goes on counting where the browser was known.
    pub(in crate::identity) async fn succeeded(self, now: Instant) -> Result<()> {
        if self.is_device_known {
            let is_clean = self.own.failures == 0;
            return if is_clean { Ok(()) } else { self.app.throttle.forgive(&self.keys.own, None, now).await };
        }
        let is_noted = self.own.known_until.is_some_and(|until| until > now.plus_days(KNOWN_DAYS - 1));
        if is_noted && self.own.failures == 0 {
            return Ok(());
        }
        self.app.throttle.forgive(&self.keys.own, Some(now.plus_days(KNOWN_DAYS)), now).await
    }
}

async fn is_free(throttle: &Throttle, device: &Counted, now: Instant) -> Result<bool> {
    let [count] = throttle.counts([device], now).await?;
    Ok(count.failures < FREE)
}

async fn wait(inside: &mut Inside, most: u32) -> Result<()> {
    if inside.ahead > most {
        return Err(Error::TooMany { retry_after_seconds: 1 });
    }
    inside.wait_for_turn().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_one_waits_a_little_longer_and_none_for_long() {
        assert!((0..5_000).all(|failures| rest(failures) <= rest(failures + 1)));
        assert_eq!((rest(FREE), rest(500)), (Duration::from_millis(20), Duration::from_secs(1)));
        assert_eq!(rest(u32::MAX), Duration::from_secs(5));
    }
}
