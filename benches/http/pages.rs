//! What the server takes for a page of the portal: the worklist with a thousand open items and with five thousand, a case with a
//! thousand entries and with ten thousand, and a search of the audit among a thousand entries and among a million.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use holdfast::db::Access;
use reqwest::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use crate::Outcome;
use crate::case_view::{median, people, seeded};
use crate::client::Client;
use crate::partnership::{enrol, join, sign_in, text};
use crate::server::{ADMINISTRATOR, PASSWORD, Place, Server};

/// Open tasks of the worklist.
const TASKS: [usize; 2] = [1_000, 5_000];
/// Entries of a case.
const ENTRIES: [usize; 2] = [1_000, 10_000];
/// Entries of the audit.
const AUDIT: [usize; 2] = [1_000, 1_000_000];

/// What a form is sent as.
const FORM: &str = "application/x-www-form-urlencoded";

/// Each page at each size, `rounds` times.
pub async fn measure(place: &Place, rounds: usize) -> Outcome<()> {
    println!("\npages of the portal, SQLite: the whole answer to somebody who is signed in");
    let server = Server::start(place)?;
    let mut client = Client::connect(server.address()).await?;
    let practitioner = people(&mut client).await?;
    let survivor = open_task(&mut client).await?;
    let advocate = Reader::sign_in(server.address(), "advocate").await?;
    let (mut before, mut small) = (1, None);
    for tasks in TASKS {
        copy_task(place, tasks - before)?;
        before = tasks;
        let took = advocate.median_of("/portal", rounds).await?;
        row(&format!("worklist, {tasks} open items"), took, &mut small);
    }
    let worker = Reader::sign_in(server.address(), "practitioner").await?;
    let mut small = None;
    for entries in ENTRIES {
        let case = seeded(&mut client, place, &practitioner, entries).await?;
        let case = client.call("GET", &format!("/partner/v1/cases/{case}"), &practitioner, &json!({})).await?;
        let path = format!("/portal/cases/{}", text(&case, "reference")?);
        let took = worker.median_of(&path, rounds).await?;
        row(&format!("case, {entries} entries"), took, &mut small);
    }
    let reference = text(&survivor, "reference")?;
    audit(server.address(), place, &reference, rounds).await
}

/// What an auditor asks for: the newest, all about one record, all of one member of staff. What is asked about is among the oldest.
async fn audit(address: &str, place: &Place, reference: &str, rounds: usize) -> Outcome<()> {
    let client = &mut Client::connect(address).await?;
    let admin = sign_in(client, ADMINISTRATOR).await?;
    let oversight = json!({"kind": "oversight", "name": "Independent Audit"});
    let oversight = text(&client.call("POST", "/admin/v1/organisations", &admin, &oversight).await?, "id")?;
    join(client, &admin, &oversight, "auditor", "auditor").await?;
    let mut auditor = Reader::sign_in(address, "auditor").await?;
    let (mut before, mut small) = (0, [None, None, None]);
    for entries in AUDIT {
        copy_entries(place, before, entries)?;
        before = entries;
        let asked: [(&str, &[(&str, &str)]); 3] =
            [("the newest", &[]), ("a record", &[("subject", reference)]), ("a person", &[("actor", "advocate")])];
        for ((what, fields), small) in asked.into_iter().zip(&mut small) {
            let took = auditor.median_of_form("/portal/audit", fields, rounds).await?;
            row(&format!("audit of {entries}, {what}"), took, small);
        }
    }
    Ok(())
}

/// Entries from one number to another, each a check-in of somebody else, later than all that there is.
fn copy_entries(place: &Place, from: usize, to: usize) -> Outcome<()> {
    let mut conn = place.target()?.connect(Access::Write)?;
    conn.batch_execute(&format!(
        "CREATE TEMP TABLE copied AS WITH RECURSIVE c (n) AS (SELECT {from} + 1 UNION ALL SELECT n + 1 FROM c WHERE n < {to})
           SELECT e.*, c.n FROM (SELECT * FROM audit_entries WHERE action = 'create_check_in' LIMIT 1) e, c;
         UPDATE copied SET lane = 1, sequence = n, at = at + n, actor_id = randomblob(16), subject_id = randomblob(16),
           person_id = randomblob(16);
         ALTER TABLE copied DROP COLUMN n;
         INSERT INTO audit_entries SELECT * FROM copied; DROP TABLE copied;"
    ))?;
    Ok(())
}

fn row(what: &str, took: Duration, small: &mut Option<Duration>) {
    println!("  {what:<40} {:>9.2} ms (median)", took.as_secs_f64() * 1_000.0);
    match small {
        Some(small) => println!("  {:<40} {:>9.2}", "large / small", took.as_secs_f64() / small.as_secs_f64()),
        None => *small = Some(took),
    }
}

/// A survivor turns an alert setting off, which somebody has to look at.
async fn open_task(client: &mut Client) -> Outcome<Value> {
    let advocate = sign_in(client, "advocate").await?;
    let (survivor, phone) = enrol(client, &advocate, "Somebody").await?;
    for granted in [true, false] {
        let setting = json!({"granted": granted, "text_version": "1"});
        client.call("PUT", "/app/v1/consents/alert.police.help_now", &phone, &setting).await?;
    }
    Ok(survivor)
}

/// The same task so many times more.
fn copy_task(place: &Place, count: usize) -> Outcome<()> {
    let mut conn = place.target()?.connect(Access::Write)?;
    conn.batch_execute(&format!(
        "CREATE TEMP TABLE copied AS WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {count})
           SELECT t.* FROM (SELECT * FROM tasks WHERE kind = 'alert_setting_turning_off' LIMIT 1) t, c;
         UPDATE copied SET id = randomblob(16);
         INSERT INTO tasks SELECT * FROM copied; DROP TABLE copied;"
    ))?;
    Ok(())
}

/// What the forms of a page carry.
fn token_of(page: &str) -> Outcome<&str> {
    let token = page.split_once("name=\"csrf_token\" value=\"").and_then(|(_, rest)| rest.split_once('"'));
    Ok(token.ok_or("a form without a token")?.0)
}

/// A browser in which somebody has signed in.
struct Reader {
    http: reqwest::Client,
    base: String,
    cookies: Vec<String>,
}

impl Reader {
    #[expect(clippy::disallowed_methods, reason = "the bench calls its own server on loopback")]
    async fn sign_in(address: &str, username: &str) -> Outcome<Self> {
        let http = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build()?;
        let mut reader = Self { http, base: format!("http://{address}"), cookies: Vec::new() };
        let page = reader.ask(reader.http.get(reader.address("/portal/sign-in"))).await?;
        let page = page.text().await?;
        let fields = [("username", username), ("password", PASSWORD), ("csrf_token", token_of(&page)?)];
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let form = reader.http.post(reader.address("/portal/sign-in")).body(body);
        let answer = reader.ask(form.header(CONTENT_TYPE, FORM)).await?;
        if answer.status().as_u16() == 303 {
            Ok(reader)
        } else {
            Err(format!("signing in: {}", answer.status()).into())
        }
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Sends with the cookies, and keeps those that come.
    async fn ask(&mut self, request: RequestBuilder) -> Outcome<Response> {
        let answer = request.header(COOKIE, self.cookies.join("; ")).send().await?;
        for line in answer.headers().get_all(SET_COOKIE) {
            let line = line.to_str()?;
            let pair = line.split(';').next().unwrap_or_default().to_owned();
            let name = pair.split('=').next().unwrap_or_default().to_owned();
            self.cookies.retain(|cookie| cookie.split('=').next() != Some(name.as_str()));
            if !line.contains("Max-Age=0") {
                self.cookies.push(pair);
            }
        }
        Ok(answer)
    }

    /// The same for a form of this page.
    async fn median_of_form(&mut self, path: &str, fields: &[(&str, &str)], rounds: usize) -> Outcome<Duration> {
        let page = self.ask(self.http.get(self.address(path))).await?.text().await?;
        let all = [fields, &[("csrf_token", token_of(&page)?)]].concat();
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(all).finish();
        let mut times = Vec::with_capacity(rounds);
        for _ in 0..rounds {
            let begun = Instant::now();
            let form = self.http.post(self.address(path)).header(CONTENT_TYPE, FORM).body(body.clone());
            let answer = self.ask(form).await?;
            let (status, page) = (answer.status(), answer.text().await?);
            if status.as_u16() != 200 {
                return Err(format!("{path}: {status}: {page}").into());
            }
            times.push(begun.elapsed());
        }
        Ok(median(times))
    }

    /// From the request to the last byte.
    async fn median_of(&self, path: &str, rounds: usize) -> Outcome<Duration> {
        let mut times = Vec::with_capacity(rounds);
        for _ in 0..rounds {
            let begun = Instant::now();
            let answer = self.http.get(self.address(path)).header(COOKIE, self.cookies.join("; ")).send().await?;
            let (status, page) = (answer.status(), answer.bytes().await?);
            if status.as_u16() != 200 {
                return Err(format!("{path}: {status}: {}", String::from_utf8_lossy(&page)).into());
            }
            times.push(begun.elapsed());
        }
        Ok(median(times))
    }
}
