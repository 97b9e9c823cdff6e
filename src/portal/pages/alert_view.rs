//! The page of an alert: for the survivor's own side all of it, in the order in which it is needed at night; for the
//! programme's side how far it has come.

use maud::{Markup, html};

use super::reader::{PageReader, in_english};
use super::shown_alert::{ShownAlert, Trouble};
use super::worklist::{happened, level, state, task_words};
use super::{acts_view, frame, notified_view, person_view};
use crate::db::{Instant, StaffId};
use crate::escalation::{AcknowledgementView, ProgrammeAlert, Rule, StaffAlert, SupportAlert};
use crate::words;

/// The page; with what is wrong with a form of it, where one was refused.
pub fn page(reader: &PageReader, shown: &ShownAlert, trouble: Option<&Trouble>) -> Markup {
    let main = match &shown.alert {
        StaffAlert::Support(alert) => of_support(reader, shown, alert, trouble),
        StaffAlert::Programme(alert) => of_programme(reader, alert),
    };
    frame::page(reader, "portal-alert-title", &main)
}

fn head(reader: &PageReader, (grave, rule): (i32, Rule), reference: &str, is_exercise: bool) -> Markup {
    html! {
        h1 class={ "level-" (grave) } { (level(reader, grave)) " " (happened(rule)) }
        @if is_exercise { p.drill { strong { (in_english("staff-drill")) } } }
        p.quiet { (reader.say("portal-reference")) " " (reference) }
        p #stopped role="alert" hidden { (reader.say("portal-stopped")) }
        // The script shows it. It does not fetch the page by itself: that somebody opened an alert is said only where they did.
        p #changed role="alert" hidden {
            (reader.say("portal-changed")) " "
            a href={ "/portal/alerts/" (reference) } { (reader.say("portal-load-again")) }
        }
    }
}

fn of_support(reader: &PageReader, shown: &ShownAlert, alert: &SupportAlert, trouble: Option<&Trouble>) -> Markup {
    let may_act = shown.may_act && alert.closed_at.is_none();
    html! {
        @if let Some(trouble) = trouble { (acts_view::refused(reader, trouble)) }
        (head(reader, (alert.level, alert.rule), &alert.reference, alert.is_exercise))
        section #standing aria-labelledby="standing-title" {
            h2 #standing-title { (reader.say("portal-standing")) }
            (standing(reader, alert))
        }
        @if may_act { (acts_view::next_act(reader, alert, trouble)) }
        section #person aria-labelledby="person-title" {
            h2 #person-title { (reader.say("portal-person")) }
            @match &alert.person {
                Some(person) => { (person_view::person(reader, person)) }
                None => { p { (reader.say("portal-person-not-shown")) } }
            }
        }
        section #asked aria-labelledby="asked-title" {
            h2 #asked-title { (reader.say("portal-what-to-do")) }
            (tasks(reader, shown))
        }
        @if may_act && alert.level >= 3 && !alert.is_exercise { (acts_view::place(reader, alert, trouble)) }
        @if may_act { (acts_view::closing(reader, alert, trouble)) }
        @if let Some(steps) = &shown.steps {
            section #notified aria-labelledby="notified-title" {
                h2 #notified-title { (reader.say("portal-notified")) }
                (notified_view::notified(reader, steps, &shown.names))
            }
        }
        section #log aria-labelledby="log-title" {
            h2 #log-title { (reader.say("portal-log")) }
            (log(reader, shown, alert))
        }
    }
}

/// How far it has come, as the API says it.
fn standing(reader: &PageReader, alert: &SupportAlert) -> Markup {
    html! {
        p.quiet { (reader.say("portal-as-of")) " " (reader.when(reader.now)) }
        p { strong { (state(reader, alert.state)) } }
        ul lang="en" { @for sentence in &alert.in_words { li { (sentence) } } }
        dl {
            (moment(reader, "portal-raised", Some(alert.raised_at)))
            (moment(reader, "portal-recorded", alert.recorded_at.filter(|at| *at != alert.raised_at)))
            (moment(reader, "portal-acknowledged", alert.acknowledged_at))
            (moment(reader, "portal-next-step", alert.next_step_at.filter(|_| alert.closed_at.is_none())))
            (moment(reader, "portal-closed", alert.closed_at))
        }
        @if alert.police_override.is_some() { p { strong { (in_english("staff-override")) } } }
        @if let Some(outcome) = &alert.outcome { p { (outcome_words(outcome)) } }
        // What they said since closes nothing.
        @if !alert.answers.is_empty() {
            ul {
                @for answer in &alert.answers {
                    li { (in_english(&words::id_of("staff-answer", answer.word()))) " " (reader.when(answer.at)) }
                }
            }
        }
    }
}

fn moment(reader: &PageReader, label: &str, at: Option<Instant>) -> Markup {
    moment_labelled(reader, &html! { (reader.say(label)) }, at)
}

fn moment_labelled(reader: &PageReader, label: &Markup, at: Option<Instant>) -> Markup {
    html! {
        @if let Some(at) = at {
            dt { (label) }
            dd { (reader.when(at)) }
        }
    }
}

fn outcome_words(outcome: &str) -> Markup {
    in_english(&words::id_of("staff-outcome", outcome))
}

/// What people are asked to do; and where that is to ring 999, what to say, in the order in which it is said.
fn tasks(reader: &PageReader, shown: &ShownAlert) -> Markup {
    let script = shown.tasks.iter().find_map(|task| task.script.as_ref());
    let once = match &shown.alert {
        StaffAlert::Support(alert) => alert.person.as_ref().map(|person| person.once_police_answer.as_slice()),
        StaffAlert::Programme(_) => None,
    };
    html! {
        @if shown.tasks.is_empty() { p { (reader.say("portal-nothing-asked")) } }
        @if shown.has_unreadable_task { p { strong { (reader.say("portal-unreadable")) } } }
        ul {
            @for task in &shown.tasks {
                li {
                    strong { (task_words(task)) }
                    @if let Some(due) = task.due_at { " " (reader.say("portal-due")) " " (reader.when(due)) }
                }
            }
        }
        @if let Some(script) = script {
            div.say {
                h3 { (in_english("staff-say-999")) }
                ol lang="en" { @for line in script { li { (line) } } }
                @if let Some(once) = once.filter(|once| !once.is_empty()) {
                    h3 { (in_english("staff-say-once")) }
                    ol lang="en" { @for line in once { li { (line) } } }
                }
            }
        }
    }
}

fn log(reader: &PageReader, shown: &ShownAlert, alert: &SupportAlert) -> Markup {
    html! {
        @if alert.acknowledgements.is_empty() { p { (reader.say("portal-nothing-done")) } }
        ol.list {
            @for act in &alert.acknowledgements { li { (log_line(reader, shown, act)) } }
        }
        @if !alert.unreadable.is_empty() { p { strong { (reader.say("portal-unreadable")) } } }
    }
}

fn log_line(reader: &PageReader, shown: &ShownAlert, act: &AcknowledgementView) -> Markup {
    let name = act.by.and_then(|by| shown.names.get(&StaffId(by.0)));
    let is_of_police = act.kind.starts_with("police");
    html! {
        p {
            strong { (in_english(&words::id_of("staff-act", &act.kind))) } " "
            @match name {
                Some(name) => { (reader.say_with("portal-by", &[("name", name.as_str().into())])) }
                None if is_of_police => { (reader.say("portal-by-officer")) }
                None => { (reader.say("portal-by-somebody")) }
            }
        }
        p { (reader.when(act.at)) }
        @if let Some(note) = &act.note { blockquote { (note) } }
        @if let Some(reference) = &act.force_reference {
            p { (in_english("staff-force-reference")) " " (reference) }
        }
    }
}

/// All that the programme's side reads of one.
fn of_programme(reader: &PageReader, alert: &ProgrammeAlert) -> Markup {
    html! {
        (head(reader, (alert.level, alert.rule), &alert.reference, alert.is_exercise))
        section #standing aria-labelledby="standing-title" {
            h2 #standing-title { (reader.say("portal-standing")) }
            p.quiet { (reader.say("portal-as-of")) " " (reader.when(reader.now)) }
            p { strong { (state(reader, alert.state)) } }
            dl {
                (moment(reader, "portal-raised", Some(alert.raised_at)))
                (moment(reader, "portal-acknowledged", alert.acknowledged_at))
                (moment_labelled(reader, &in_english("staff-police-told"), alert.police_told_at))
                (moment_labelled(reader, &in_english("staff-police-acknowledged"), alert.police_acknowledged_at))
                (moment(reader, "portal-closed", alert.closed_at))
            }
            @if let Some(outcome) = &alert.outcome { p { (outcome_words(outcome)) } }
        }
        p { (reader.say("portal-programme-status-only")) }
    }
}
