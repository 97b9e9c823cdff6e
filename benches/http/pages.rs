//! What the server takes for a page of the portal: the worklist with a thousand open items and with five thousand, and a case
//! with a thousand entries and with ten thousand.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use holdfast::db::Access;
use reqwest::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, Response};
use serde_json::json;

use crate::Outcome;
use crate::case_view::{median, people, seeded};
use crate::client::Client;
use crate::partnership::{enrol, sign_in, text};
use crate::server::{PASSWORD, Place, Server};

/// Open tasks of the worklist.
const TASKS: [usize; 2] = [1_000, 5_000];
/// Entries of a case.
const ENTRIES: [usize; 2] = [1_000, 10_000];

/// Each page at each size, `rounds` times.
pub async fn measure(place: &Place, rounds: usize) -> Outcome<()> {
    println!("\npages of the portal, SQLite: the whole answer to somebody who is signed in");
    let server = Server::start(place)?;
    let mut client = Client::connect(server.address()).await?;
    let practitioner = people(&mut client).await?;
    open_task(&mut client).await?;
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
async fn open_task(client: &mut Client) -> Outcome<()> {
    let advocate = sign_in(client, "advocate").await?;
    let (_, phone) = enrol(client, &advocate, "Somebody").await?;
    for granted in [true, false] {
        let setting = json!({"granted": granted, "text_version": "1"});
        client.call("PUT", "/app/v1/consents/alert.police.help_now", &phone, &setting).await?;
    }
    Ok(())
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
        let token = page.split_once("name=\"csrf_token\" value=\"").and_then(|(_, rest)| rest.split_once('"'));
        let (token, _) = token.ok_or("a form without a token")?;
        let fields = [("username", username), ("password", PASSWORD), ("csrf_token", token)];
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let form = reader.http.post(reader.address("/portal/sign-in")).body(body);
        let answer = reader.ask(form.header(CONTENT_TYPE, "application/x-www-form-urlencoded")).await?;
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
