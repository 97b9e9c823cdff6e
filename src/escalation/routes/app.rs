//! `/app/v1`: the truth about an alert, what happens after a missed check-in, the order's conditions.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access;
use crate::consent::Scope;
use crate::crypto::Keys;
use crate::db::{AlertId, DbConn};
use crate::error::Error;
use crate::escalation::alerts::read::{self, OwnAlertView};
use crate::escalation::alerts::{plain_words, sentences};
use crate::escalation::ladder::{self, Audience, Ladder};
use crate::escalation::police::forces::{self, PoliceTold};
use crate::escalation::rota::{self, Span, Watch};
use crate::escalation::rules;
use crate::http::reply::{reply, whole_reply};
use crate::http::{Answer, Call, Listed, operations};
use crate::identity::{self, ConfirmedSurvivor, Survivor};
use crate::orders::{self, PlainOrder, ProtectingOrder};
use crate::words::Language;

/// `/app/v1`
pub fn app(routes: &mut ServiceConfig) {
    operations! { routes:
        get_own_alert get_ladder list_own_orders
    }
    super::own::routes(routes);
}

/// Read the truth about an alert
///
/// Accepted by us, delivered to a machine and acknowledged by a person are three facts; what is missing has not
/// happened. A police response is never promised. Asks for a PIN of the last 15 minutes: help-now itself never does.
#[utoipa::path(get, path = "/alerts/{id}", tag = "alerts")]
async fn get_own_alert(call: Call<ConfirmedSurvivor, AlertId>) -> Answer<OwnAlertView> {
    let Call { app, who, path: id, .. } = call;
    let (access, language) = (access::own(&who), who.language);
    let (ways, now) = (app.settings.ways, app.clock.now());
    let view = app.read(move |conn, keys| read::find_own(conn, (keys, ways, now), &access, id, language)).await?;
    reply(view)
}

/// What happens when something is wrong.
#[derive(Serialize, ToSchema)]
struct LadderView {
    /// After a missed check-in.
    missed_check_in: ClimbView,
    /// After pressing help-now.
    help_now: ClimbView,
    /// Whether a rota says who is watching at which hour; without one nobody can promise that somebody is.
    has_duty_rota: bool,
    /// What the rota does not cover in the coming seven days; empty where there is none.
    uncovered: Vec<Span>,
    /// The same as hours of the day: at these, nobody is watching.
    #[schema(example = json!(["18:00–09:00"]))]
    nobody_is_watching: Vec<String>,
    /// Whether somebody is there to be notified, in a sentence of the reader's language.
    #[schema(example = "Nobody is watching: 18:00–09:00.")]
    watch_in_words: String,
    /// What this is not.
    #[schema(
        example = "This is not an emergency service. Call 999. If you cannot speak on a mobile, listen, cough or tap, and press 55 when asked. 55 does not tell police where you are. On a landline stay on the line."
    )]
    note: String,
}

/// One ladder.
#[serde_with::skip_serializing_none]
#[derive(Serialize, ToSchema)]
struct ClimbView {
    /// Whether the police are notified, as things are now: your setting is on, and your force can be reached.
    police_will_be_told: bool,
    /// Its steps.
    steps: Vec<ClimbStepView>,
    /// Minutes after which the last stage is repeated until somebody takes it up.
    repeats_every_minutes: Option<u32>,
    /// The same in sentences, in the reader's language.
    #[schema(example = json!(["At once: your advocate.", "The police are not told."]))]
    in_words: Vec<String>,
}

/// One step.
#[derive(Serialize, ToSchema)]
struct ClimbStepView {
    /// Minutes after it began.
    after_minutes: u32,
    /// Who is notified, as codes.
    #[schema(value_type = Vec<String>, example = json!(["advocate", "duty"]))]
    tells: Vec<Audience>,
}

/// Read what happens if you miss a check-in, or press help-now
#[utoipa::path(get, path = "/ladder", tag = "alerts")]
async fn get_ladder(call: Call<Survivor>) -> Answer<LadderView> {
    let Call { app, who, .. } = call;
    let (now, language, ways) = (app.clock.now(), who.language, app.settings.ways);
    let own = access::own(&who);
    let find = move |conn: &mut _| {
        // Who is notified, and who watches, is a matter of the survivor's own record, whichever this is.
        let record = identity::own_record(conn, own.id())?;
        let survivor = identity::find_survivor(conn, record)?.ok_or(Error::NotFound)?;
        let watch = rota::watch(conn, survivor.organisation_id, now)?;
        let missed = rules::missed_ladder_code(survivor.risk_rating);
        let missed = ladder::chosen(conn, survivor.organisation_id, missed)?;
        let emergency = ladder::chosen(conn, survivor.organisation_id, "emergency")?;
        let mut police = |setting| forces::can_be_notified(conn, ways, &own, setting, now);
        let police = (police(Scope::AlertPoliceMissed)?, police(Scope::AlertPoliceHelpNow)?);
        Ok(((missed, emergency), watch, police))
    };
    let (climbed, watch, police) = app.db.read(find).await?;
    reply(ladder_view(climbed, watch, police, language))
}

fn ladder_view(
    (missed, emergency): (Ladder, Ladder),
    watch: Watch,
    (tells_police_missed, tells_police_now): (PoliceTold, PoliceTold),
    language: Language,
) -> LadderView {
    let climb = |ladder: Ladder, police: PoliceTold| {
        let (mut after_minutes, police_will_be_told) = (0, police == PoliceTold::Yes);
        let in_words = plain_words::of_ladder(&ladder, police, language);
        let steps = ladder.steps.into_iter().map(|step| {
            after_minutes += step.wait_minutes;
            ClimbStepView { after_minutes, tells: step.tell }
        });
        ClimbView {
            police_will_be_told,
            steps: steps.collect(),
            repeats_every_minutes: ladder.repeat.map(|repeat| repeat.every_minutes),
            in_words,
        }
    };
    LadderView {
        missed_check_in: climb(missed, tells_police_missed),
        help_now: climb(emergency, tells_police_now),
        watch_in_words: plain_words::of_watch(&watch, language),
        has_duty_rota: watch.has_duty_rota,
        uncovered: watch.uncovered,
        nobody_is_watching: watch.hours,
        note: sentences::emergency(language),
    }
}

/// An order, with what it means in the reader's language.
#[derive(Serialize, ToSchema)]
struct OwnOrderView {
    /// The order.
    #[serde(flatten)]
    order: PlainOrder,
    /// Which order it is.
    #[schema(example = "Stalking Protection Order")]
    in_words: String,
    /// Whether it protects you today, and what ended it where it does not.
    #[schema(example = "A court ended this order. Its last day was 2027-03-03.")]
    standing_in_words: String,
    /// What each condition means, in their order. The court's own wording is not translated.
    #[schema(example = json!(["The person must not come to your home."]))]
    conditions_in_words: Vec<String>,
}

/// Read the conditions of the order that protects you
#[utoipa::path(get, path = "/orders", tag = "orders")]
async fn list_own_orders(call: Call<Survivor>) -> Listed<OwnOrderView> {
    let Call { app, who, .. } = call;
    let (language, now) = (who.language, app.clock.now());
    let find = move |conn: &mut DbConn| {
        let linked = access::linked_orders(conn, &who)?;
        orders::list_protecting_orders(conn, &linked)
    };
    let view = |keys: &Keys, found: &ProtectingOrder| {
        let order = PlainOrder::of(keys, found, now)?;
        let (in_words, conditions_in_words) = plain_words::of_order(&order, language);
        let standing_in_words = plain_words::of_order_standing(&order, language);
        Ok(OwnOrderView { order, in_words, standing_in_words, conditions_in_words })
    };
    let rows = app.db.read(find).await?;
    whole_reply(app.views(&rows, |found| found.id().0, view).await?)
}
