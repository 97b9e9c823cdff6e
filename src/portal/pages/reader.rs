//! Who reads a page, as far as its words and forms depend on that; and the pieces of a page that a template of their own writes.

use actix_web::HttpRequest;
use askama::Template;
use askama::filters::HtmlSafe;
use jiff::tz::TimeZone;

use super::cookie::{self, HeldSession};
use crate::app::App;
use crate::db::{Day, Instant};
use crate::http::language;
use crate::words::{self, Filled, Language};

/// The zone that pages tell the time of day in unless they know where somebody lives; they say so.
pub const ZONE: &str = "Europe/London";
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The reader of a page.
#[derive(Clone)]
pub struct PageReader {
    /// In which language.
    pub language: Language,
    /// When it is made.
    pub now: Instant,
    /// What its forms carry.
    pub form_token: String,
    /// Whether the browser holds a session.
    pub is_signed_in: bool,
    /// The zone that the page tells the time of day in, where it is not ours.
    pub zone: Option<(String, TimeZone)>,
}

impl PageReader {
    /// The reader of a request.
    pub fn of(app: &App, request: &HttpRequest) -> Self {
        Self {
            language: language::of(request),
            now: app.clock.now(),
            form_token: cookie::form_token(app, request).unwrap_or_default(),
            is_signed_in: HeldSession::of(request).is_some(),
            zone: None,
        }
    }

    /// The same reader of a page that tells the time of day where somebody lives, as far as that zone is known.
    pub fn in_zone(self, zone: Option<&str>) -> Self {
        let other = zone.filter(|name| *name != ZONE);
        let zone = other.and_then(|name| Some((place_of(name), TimeZone::get(name).ok()?)));
        Self { zone, ..self }
    }

    fn zone(&self) -> TimeZone {
        let own = || TimeZone::get(ZONE).unwrap_or(TimeZone::UTC);
        self.zone.as_ref().map_or_else(own, |(_, zone)| zone.clone())
    }

    /// A message in the reader's language.
    pub fn say(&self, id: &str) -> String {
        words::say(self.language, id)
    }

    /// What a form calls something: in the reader's language, or in English where it is there in that alone.
    pub fn label(&self, id: &str) -> InEnglish {
        match id.starts_with("staff-") {
            true => self.in_english(id),
            false => self.in_own(self.say(id)),
        }
    }

    /// The same with variables.
    pub fn say_with(&self, id: &str, with: &[Filled<'_>]) -> String {
        words::say_with(self.language, id, with)
    }

    /// A title. It names the kind of its page and nothing of what it shows: titles are kept in histories, and read over shoulders.
    pub fn title(&self, id: &str, is_refused: bool) -> String {
        let title = format!("{} – {}", self.say(id), self.say("portal-service"));
        match is_refused {
            true => format!("{} {title}", self.say("portal-error-prefix")),
            false => title,
        }
    }

    /// Words that are there in English alone, since they are of safety and no speaker of Welsh has approved them yet. On a page
    /// of another language they say which one they are in.
    pub fn in_english(&self, id: &str) -> InEnglish {
        InEnglish { words: words::say(Language::English, id), is_foreign: self.language != Language::English }
    }

    /// Words of one who wrote in English, or that are there in no other language.
    pub fn as_english(&self, words: String) -> InEnglish {
        InEnglish { words, is_foreign: self.language != Language::English }
    }

    /// Words that are there in the reader's language already, among others that may be in English alone.
    pub fn in_own(&self, words: String) -> InEnglish {
        InEnglish { words, is_foreign: false }
    }

    /// The same with variables.
    pub fn in_english_with(&self, id: &str, with: &[Filled<'_>]) -> InEnglish {
        self.as_english(words::say_with(Language::English, id, with))
    }

    /// A day, and the moment at which it begins here.
    pub fn day(&self, day: Day) -> (Instant, String) {
        let begins = day.0.to_zoned(self.zone()).map_or(self.now, |local| Instant::from_timestamp(local.timestamp()));
        (begins, day.0.strftime("%-d/%-m/%Y").to_string())
    }

    /// A moment by the clock on the wall, and how long ago that is.
    pub fn when(&self, at: Instant) -> When {
        let local = at.timestamp().to_zoned(self.zone());
        let (time, day) = (local.strftime("%H:%M").to_string(), local.strftime("%-d/%-m/%Y").to_string());
        let words = match &self.zone {
            None => self.say_with("portal-when", &[("time", time.into()), ("day", day.into())]),
            Some((place, _)) => {
                let place = place.as_str().into();
                self.say_with("portal-when-elsewhere", &[("time", time.into()), ("day", day.into()), ("place", place)])
            }
        };
        When { at, words, ago: Some(self.ago(at)) }
    }

    /// The moment at which the page is made. How long ago that is it cannot say: a page is left open.
    pub fn now_by_the_clock(&self) -> When {
        When { ago: None, ..self.when(self.now) }
    }

    fn ago(&self, at: Instant) -> String {
        let seconds = self.now.seconds_since(at);
        let ahead = seconds.saturating_neg();
        let (id, count) = match seconds {
            ..0 if ahead >= DAY => ("portal-in-days", ahead / DAY),
            ..0 if ahead >= HOUR => ("portal-in-hours", ahead / HOUR),
            ..0 => ("portal-in-minutes", ahead / MINUTE + 1),
            0..MINUTE => return self.say("portal-just-now"),
            MINUTE..HOUR => ("portal-minutes-ago", seconds / MINUTE),
            HOUR..DAY => ("portal-hours-ago", seconds / HOUR),
            _ => ("portal-days-ago", seconds / DAY),
        };
        self.say_with(id, &[("count", count.into())])
    }
}

/// The place that a zone is called by.
fn place_of(zone: &str) -> String {
    zone.rsplit('/').next().unwrap_or(zone).replace('_', " ")
}

/// A moment, as a page tells it.
#[derive(Template)]
#[template(path = "when.html")]
pub struct When {
    at: Instant,
    words: String,
    ago: Option<String>,
}

impl When {
    /// By the clock alone, for a line of text.
    pub fn in_words(self) -> String {
        self.words
    }
}

/// A template has escaped what is in it.
impl HtmlSafe for When {}

/// Words in English on a page of either language.
#[derive(Clone, Template)]
#[template(path = "in_english.html")]
pub struct InEnglish {
    words: String,
    is_foreign: bool,
}

impl InEnglish {
    /// The words.
    pub fn as_str(&self) -> &str {
        &self.words
    }

    /// Whether the page around them is in another language.
    pub fn is_foreign(&self) -> bool {
        self.is_foreign
    }
}

/// Words of the page's own language, or of none: a name.
impl From<String> for InEnglish {
    fn from(words: String) -> Self {
        Self { words, is_foreign: false }
    }
}

/// A template has escaped what is in it.
impl HtmlSafe for InEnglish {}
