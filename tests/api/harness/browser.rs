//! A browser without JavaScript: it keeps cookies, sends forms with what the page before gave it, and follows nothing by itself.

use std::collections::BTreeMap;
use std::sync::Mutex;

use reqwest::Method;

use super::PASSWORD;
use super::caller::{Http, Reply};

/// What a form is sent as.
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// A browser.
pub struct Browser {
    http: Http,
    cookies: Mutex<BTreeMap<String, String>>,
    language: &'static str,
}

impl Browser {
    pub fn new(http: &Http) -> Self {
        Self { http: http.clone(), cookies: Mutex::default(), language: "en-GB" }
    }

    /// One whose reader prefers another language.
    pub fn reading(http: &Http, language: &'static str) -> Self {
        Self { language, ..Self::new(http) }
    }

    /// One in which a member of staff has signed in.
    pub async fn of(http: &Http, username: &str) -> Self {
        let browser = Self::new(http);
        browser.sign_in(username).await;
        browser
    }

    pub async fn sign_in(&self, username: &str) {
        let page = self.get("/portal/sign-in").await;
        let fields = [("username", username), ("password", PASSWORD)];
        let sent = self.submit(&page, "/portal/sign-in", &fields).await;
        assert_eq!((sent.status.as_u16(), sent.header("location")), (303, Some("/portal")), "{}", sent.body);
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, &[], String::new()).await
    }

    /// Sends a form of a page.
    pub async fn submit(&self, page: &Reply, path: &str, fields: &[(&str, &str)]) -> Reply {
        let token = token(page);
        let all = [fields, &[("csrf_token", token.as_str())]].concat();
        self.post(path, &[], &all).await
    }

    /// Sends fields as they are.
    pub async fn post(&self, path: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> Reply {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, &[headers, &[FORM]].concat(), body).await
    }

    /// `Cookie`, as it is now.
    pub fn cookie(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: String) -> Reply {
        let cookie = self.cookie();
        let mut all = [headers, &[("accept-language", self.language)]].concat();
        if !cookie.is_empty() {
            all.push(("cookie", &cookie));
        }
        let piece = self.http.send_bytes(method, path, &all, body).await;
        let reply = piece.unwrap_or_else(|error| panic!("{path}: {error}")).reply;
        self.keep(&reply);
        reply
    }

    fn keep(&self, reply: &Reply) {
        let mut cookies = self.cookies.lock().unwrap();
        for line in reply.headers.get_all("set-cookie") {
            let line = line.to_str().unwrap();
            assert!(line.contains("; HttpOnly; SameSite=Strict"), "{line}");
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// What the forms of a page carry.
#[track_caller]
pub fn token(page: &Reply) -> String {
    let rest = page.body.split_once("name=\"csrf_token\" value=\"");
    let (_, rest) = rest.unwrap_or_else(|| panic!("{}: no form in {}", page.what, page.body));
    rest.split_once('"').unwrap().0.to_owned()
}
