//! Finding what is due costs what is due, not what exists: a hundred silences among a thousand schedules, and among a
//! million.

use std::path::Path;
use std::time::{Duration, Instant};

use diesel::RunQueryDsl;
use holdfast::checkins;
use holdfast::cli::start;
use holdfast::clock::Clock;
use holdfast::config::{Config, Flags};
use holdfast::crypto::password::Cost;
use holdfast::db::{Access, Instant as At};
use serde_json::json;

use crate::Outcome;
use crate::client::Client;
use crate::partnership::{Partnership, sign_in};
use crate::server::{Place, Server};

/// Slots that are due.
const DUE: usize = 100;
/// Days ahead at which all the others are due.
const AHEAD_DAYS: i64 = 30;

/// The sweep of a hundred due slots among `few` and among `many` schedules.
pub async fn measure(folder: &Path, few: usize, many: usize) -> Outcome<()> {
    println!("\nthe sweep: {DUE} check-ins missed, SQLite");
    let mut took = Vec::new();
    for schedules in [few, many] {
        let seconds = sweep(&folder.join(format!("sweep-{schedules}")), schedules).await?.as_secs_f64();
        println!("  {:<40} {:>9.1} ms", format!("among {schedules} schedules"), seconds * 1_000.0);
        took.push(seconds);
    }
    if let [few, many] = took.as_slice() {
        println!("  {:<40} {:>9.2}", "many / few", many / few);
    }
    Ok(())
}

async fn sweep(data_dir: &Path, schedules: usize) -> Outcome<Duration> {
    let place = Place::sqlite(data_dir.to_owned())?;
    let partnership = Partnership::found(&place, DUE).await?;
    let server = Server::start(&place)?;
    let mut client = Client::connect(server.address()).await?;
    let advocate = sign_in(&mut client, "advocate").await?;
    let due = Clock::System.now().plus_hours(2).timestamp().to_zoned(jiff::tz::TimeZone::UTC);
    let local = due.strftime("%H:%M").to_string();
    let body = json!({"time_zone": "UTC", "local_times": [local], "opens_minutes_before": 0, "grace_minutes": 1});
    for id in &partnership.ids {
        client.call("POST", &format!("/partner/v1/survivors/{id}/schedules"), &advocate, &body).await?;
    }
    drop(server);
    fill(&place, schedules - DUE)?;
    let settings = Flags {
        config: data_dir.join("none.toml"),
        data_dir: Some(data_dir.to_owned()),
        no_worker: Some(true),
        ..Flags::default()
    };
    let at = At::from_timestamp(due.timestamp()).plus_minutes(5);
    let config = Config::load(&settings)?;
    let app = tokio::task::spawn_blocking(move || start::open(config, Clock::frozen_at(at), Cost::MadeUp)).await??;
    // The first read of a file that was just written is not what is measured.
    app.db.read(checkins::next_due).await?;
    let begun = Instant::now();
    let mut missed = 0;
    // The worker takes them by the batch, until nothing is left.
    loop {
        match checkins::overdue(&app).await? {
            0 => break,
            batch => missed += batch,
        }
    }
    let took = begun.elapsed();
    if missed == DUE { Ok(took) } else { Err(format!("{missed} were missed, not {DUE}").into()) }
}

/// Further schedules, each with its slot, none of which is due for a month.
fn fill(place: &Place, count: usize) -> Outcome<()> {
    let mut conn = place.target()?.connect(Access::Write)?;
    let each = count.div_ceil(DUE);
    let columns = "survivor_id, time_zone, local_times, weekdays, opens_minutes_before, grace_minutes, state, \
        created_by, created_at, version";
    let schedules = format!(
        "INSERT INTO schedules (id, {columns}) SELECT randomblob(16), {columns} FROM schedules, \
         (WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {each}) SELECT n FROM numbers)"
    );
    diesel::sql_query(schedules).execute(&mut conn)?;
    let ahead = Clock::System.now().plus_days(AHEAD_DAYS).microseconds();
    let slots = format!(
        "INSERT INTO check_ins (id, survivor_id, schedule_id, state, opens_at, due_at, grace_ends_at, next_action_at, happened_at) \
         SELECT randomblob(16), survivor_id, id, 'waiting', {ahead}, {ahead}, {ahead}, {ahead} + rowid, {ahead} \
         FROM schedules WHERE NOT EXISTS (SELECT 1 FROM check_ins WHERE check_ins.schedule_id = schedules.id)"
    );
    diesel::sql_query(slots).execute(&mut conn)?;
    Ok(())
}
