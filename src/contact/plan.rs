//! The safe-contact plan: on which channels, at which hours and in which words a survivor may be reached. Pure; the
//! clock is passed in.
//!
//! The guarantee: what the plan does not allow is never allowed. A channel that it does not name is closed, an hour
//! outside of its windows is not safe, and until `do_not_contact_until` nothing is.

use garde::Validate;
use jiff::ToSpan;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::crypto::Private;
use crate::db::{Instant, text_enum};
use crate::error::{Error, Result};
use crate::http::limits;
use crate::notify::Wording;
use crate::writing::phone::Region;
use crate::writing::{self, Extension, PhoneNumber};

#[cfg(test)]
mod tests;

text_enum! {
    /// A way by which somebody is reached, as people name it.
    pub enum Kind {
        /// A notice on the phone.
        Push = "push",
        /// A text message.
        Sms = "sms",
        /// An e-mail.
        Email = "email",
        /// A call.
        Voice = "voice",
    }
}

text_enum! {
    /// A day of the week.
    pub enum Weekday {
        /// Monday.
        Monday = "monday",
        /// Tuesday.
        Tuesday = "tuesday",
        /// Wednesday.
        Wednesday = "wednesday",
        /// Thursday.
        Thursday = "thursday",
        /// Friday.
        Friday = "friday",
        /// Saturday.
        Saturday = "saturday",
        /// Sunday.
        Sunday = "sunday",
    }
}

/// Hours at which a channel is safe.
#[derive(Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SafeHours {
    /// On these days; none named: on all.
    #[garde(length(max = 7))]
    #[schema(max_items = 7)]
    #[serde(default)]
    pub weekdays: Vec<Weekday>,
    /// From this local time.
    #[garde(custom(local_time))]
    #[schema(pattern = "^[0-2][0-9]:[0-5][0-9]$", example = "09:00")]
    pub from: String,
    /// Until before this local time, later on the same day; `00:00` is the end of the day.
    #[garde(custom(local_time))]
    #[schema(pattern = "^[0-2][0-9]:[0-5][0-9]$", example = "15:30")]
    pub until: String,
}

/// What a plan says of one channel.
#[serde_with::skip_serializing_none]
#[derive(Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelPlan {
    /// Whether it may be used at all.
    #[garde(skip)]
    pub allowed: bool,
    /// The telephone number, with or without a country code, or the e-mail address; a notice on the phone needs none.
    #[garde(inner(custom(limits::plain_line)))]
    #[schema(format = "line", example = "+44 7700 900123")]
    #[serde(default)]
    pub address: Option<String>,
    /// When it is safe; none named: at all hours.
    #[garde(length(max = 21), dive)]
    #[schema(max_items = 21)]
    #[serde(default)]
    pub hours: Vec<SafeHours>,
}

/// A safe-contact plan, as it is set and as it is shown. Has no `Debug`: it holds addresses.
#[serde_with::skip_serializing_none]
#[derive(Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SafeContactPlan {
    /// The IANA time zone that the hours are in.
    #[garde(custom(known_zone))]
    #[schema(format = "time_zone", example = "Europe/London")]
    pub time_zone: String,
    /// Notices on the phone; without it they are not allowed.
    #[garde(dive)]
    #[serde(default)]
    pub push: Option<ChannelPlan>,
    /// Text messages; without it they are not allowed.
    #[garde(dive)]
    #[serde(default)]
    pub sms: Option<ChannelPlan>,
    /// E-mail; without it it is not allowed.
    #[garde(dive)]
    #[serde(default)]
    pub email: Option<ChannelPlan>,
    /// Calls; without it they are not allowed.
    #[garde(dive)]
    #[serde(default)]
    pub voice: Option<ChannelPlan>,
    /// Whether a voicemail may never be left; it may not unless this is said to be false.
    #[garde(skip)]
    #[serde(default = "yes")]
    pub never_leave_voicemail: bool,
    /// Who answers, and what to say then.
    #[garde(inner(custom(limits::plain_line)))]
    #[schema(format = "line", example = "Only I do. Ask for Ro about the library book.")]
    #[serde(default)]
    pub who_answers: Option<String>,
    /// Nothing before then.
    #[garde(skip)]
    #[serde(default)]
    pub do_not_contact_until: Option<Instant>,
    /// As what messages present themselves.
    #[garde(skip)]
    #[serde(default = "plain")]
    pub wording: Wording,
}

fn yes() -> bool {
    true
}

fn plain() -> Wording {
    Wording::Plain
}

fn local_time(text: &str, _: &()) -> garde::Result {
    parse_time(text).map(drop).ok_or_else(|| garde::Error::new("must be a local time such as 09:00"))
}

fn known_zone(text: &str, _: &()) -> garde::Result {
    let is_known = limits::TIME_ZONE.fits(text) && TimeZone::get(text).is_ok();
    if is_known { Ok(()) } else { Err(garde::Error::new("must be an IANA time zone such as Europe/London")) }
}

fn parse_time(text: &str) -> Option<Time> {
    if text.len() == 5 { Time::strptime("%H:%M", text).ok() } else { None }
}

/// An e-mail address.
#[must_use]
pub fn email_address(text: &str) -> Option<String> {
    let text = writing::visible(text);
    let text = text.trim();
    garde::rules::email::parse_email(text).ok().map(|()| text.to_owned())
}

impl SafeContactPlan {
    /// Writes numbers that an earlier version kept as it was given them in the one way in which they can be dialled.
    #[must_use]
    pub fn dialled(mut self) -> Self {
        for channel in [&mut self.sms, &mut self.voice].into_iter().flatten() {
            channel.address = channel.address.take().map(|address| PhoneNumber::dialled(&address));
        }
        self
    }

    /// The telephone numbers that it names, allowed or not: by these a caller is found.
    pub fn phones(&self) -> impl Iterator<Item = Private> + use<'_> {
        [&self.sms, &self.voice]
            .into_iter()
            .flatten()
            .filter_map(|channel| channel.address.as_deref().map(Private::from))
    }

    /// What it says of a channel.
    #[must_use]
    pub fn channel(&self, kind: Kind) -> Option<&ChannelPlan> {
        match kind {
            Kind::Push => self.push.as_ref(),
            Kind::Sms => self.sms.as_ref(),
            Kind::Email => self.email.as_ref(),
            Kind::Voice => self.voice.as_ref(),
        }
    }

    /// The part of this plan that may count at once: a channel to an address that is open in no channel of the plan before
    /// stays as it was. None where it opens no such address: then all of it counts.
    #[must_use]
    pub fn without_new_addresses(&self, before: &Self) -> Option<Self> {
        let addresses = [&before.sms, &before.email, &before.voice].into_iter().flatten();
        let open = addresses.filter(|channel| channel.allowed);
        let known: Vec<&str> = open.filter_map(|channel| channel.address.as_deref()).collect();
        let is_new = |channel: &Option<ChannelPlan>| {
            let open = channel.as_ref().filter(|channel| channel.allowed);
            open.and_then(|channel| channel.address.as_deref()).is_some_and(|address| !known.contains(&address))
        };
        let (mut narrowed, mut has_new) = (self.clone(), false);
        for (channel, was) in [
            (&mut narrowed.sms, &before.sms),
            (&mut narrowed.email, &before.email),
            (&mut narrowed.voice, &before.voice),
        ] {
            if is_new(channel) {
                channel.clone_from(was);
                has_new = true;
            }
        }
        has_new.then_some(narrowed)
    }

    /// Checks what one field alone does not tell, and writes telephone numbers in one way.
    ///
    /// # Errors
    /// 422 for a channel that is allowed and has no address, an address that is none, or hours that end before they
    /// begin.
    pub fn tidy(mut self, home: Region) -> Result<Self> {
        for (kind, channel) in [
            (Kind::Push, &mut self.push),
            (Kind::Sms, &mut self.sms),
            (Kind::Email, &mut self.email),
            (Kind::Voice, &mut self.voice),
        ] {
            let Some(channel) = channel else { continue };
            tidy_address(kind, channel, home)?;
            for (at, hours) in channel.hours.iter().enumerate() {
                if window(hours).is_none_or(|(from, until)| until.is_some_and(|until| until <= from)) {
                    let pointer = format!("/{kind}/hours/{at}/until");
                    return Err(Error::field(
                        &pointer,
                        "not_allowed",
                        "hours must end after they begin; 00:00 is the end of the day",
                    ));
                }
            }
        }
        Ok(self)
    }

    /// The first moment, now or later, at which a channel may be used; none where it may not be within a week.
    #[must_use]
    pub fn next_safe(&self, kind: Kind, now: Instant) -> Option<Instant> {
        let channel = self.channel(kind).filter(|channel| channel.allowed)?;
        let start = self.do_not_contact_until.map_or(now, |until| until.max(now));
        if channel.hours.is_empty() {
            return Some(start);
        }
        let zone = TimeZone::get(&self.time_zone).ok()?;
        let today = start.timestamp().to_zoned(zone.clone()).date();
        (0..=7).find_map(|days| {
            let date = today.checked_add(days.days()).ok()?;
            first_on(&channel.hours, &zone, date, start)
        })
    }
}

fn tidy_address(kind: Kind, channel: &mut ChannelPlan, home: Region) -> Result<()> {
    let pointer = format!("/{kind}/address");
    let number = |text: &str, extension| PhoneNumber::read(text, home, extension).map(String::from);
    let parse: &dyn Fn(&str) -> Option<String> = match kind {
        Kind::Push if channel.address.is_some() => {
            return Err(Error::field(&pointer, "not_allowed", "a notice on the phone has no address here"));
        }
        Kind::Push => return Ok(()),
        Kind::Sms => &|text| number(text, Extension::Refused),
        Kind::Voice => &|text| number(text, Extension::Kept),
        Kind::Email => &email_address,
    };
    channel.address = match &channel.address {
        Some(address) => {
            let words = "must be a telephone number such as +44 7700 900123, or an e-mail address for e-mail";
            Some(parse(address).ok_or_else(|| Error::field(&pointer, "not_allowed", words))?)
        }
        None if channel.allowed => {
            return Err(Error::field(&pointer, "missing", "a channel that is allowed needs one"));
        }
        None => None,
    };
    Ok(())
}

/// From when to when; without an end: to the end of the day.
fn window(hours: &SafeHours) -> Option<(Time, Option<Time>)> {
    let (from, until) = (parse_time(&hours.from)?, parse_time(&hours.until)?);
    Some((from, (until != Time::midnight()).then_some(until)))
}

/// The first safe moment of a day that is not before `start`.
fn first_on(hours: &[SafeHours], zone: &TimeZone, date: Date, start: Instant) -> Option<Instant> {
    let instant = |date: Date, time: Time| {
        let zoned = date.to_datetime(time).to_zoned(zone.clone()).ok()?;
        Some(Instant::from_timestamp(zoned.timestamp()))
    };
    let is_on = |hours: &&SafeHours| hours.weekdays.is_empty() || hours.weekdays.contains(&weekday(date));
    let safe = hours.iter().filter(is_on).filter_map(|hours| {
        let (from, until) = window(hours)?;
        let end = match until {
            Some(until) => instant(date, until)?,
            None => instant(date.tomorrow().ok()?, Time::midnight())?,
        };
        let first = instant(date, from)?.max(start);
        (first < end).then_some(first)
    });
    safe.min()
}

fn weekday(date: Date) -> Weekday {
    use jiff::civil::Weekday as Day;
    match date.weekday() {
        Day::Monday => Weekday::Monday,
        Day::Tuesday => Weekday::Tuesday,
        Day::Wednesday => Weekday::Wednesday,
        Day::Thursday => Weekday::Thursday,
        Day::Friday => Weekday::Friday,
        Day::Saturday => Weekday::Saturday,
        Day::Sunday => Weekday::Sunday,
    }
}
