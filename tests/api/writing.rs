//! What people write is what they mean, from whatever keyboard it comes: words, names, PINs, numbers.

use diesel::prelude::*;
use holdfast::crypto::Private;
use holdfast::crypto::password::Typed;
use holdfast::db::DbConn;
use holdfast::db::schema::{code_words, staff as staff_table};
use serde_json::{Value, json};

use crate::harness::partnership::{self, FORCE, help_now};
use crate::harness::{Caller, PASSWORD, Partnership, Reply, TestApp, on_both, text};

/// `tŷ bach` as a computer writes it, and as a phone does.
const COMPOSED: &str = "t\u{177} bach";
const APART: &str = "ty\u{302} bach";

async fn sign_in(app: &TestApp, username: &str, password: &str) -> Reply {
    app.http.nobody().post("/partner/v1/session", json!({"username": username, "password": password})).await
}

/// Enrols somebody's first phone with a code word and a PIN as they were typed; answers the phone's id and secret.
async fn enrol(app: &TestApp, p: &Partnership, pin: &str, word: &str) -> Value {
    let body = json!({"preferred_name": "Sian", "home_force_id": FORCE, "risk_rating": "high"});
    let id = text(&p.advocate.post("/partner/v1/survivors", body).await.expect(201), "id");
    partnership::enrol_with(&app.http, &p.advocate, &id, json!({"pin": pin, "code_word": word})).await
}

/// Whether an emergency can be closed with a word.
async fn closes(p: &Partnership, phone: &Caller, word: &str) -> bool {
    let alert = text(&help_now(phone).await, "id");
    let reply = p.act(&alert, "resolve", json!({"note": "Safe.", "code_word": word})).await;
    if reply.status == 200 {
        return true;
    }
    reply.refused(409, "code_word_needed");
    p.act(&alert, "resolve", json!({"note": "Safe.", "code_word": COMPOSED})).await.expect(200);
    false
}

on_both!(a_code_word_is_the_same_word_from_phone_and_desk, |app| async {
    let p = app.partnership().await;
    let phone = Caller::new(&app.http, partnership::way(&enrol(app, &p, "493817", APART).await, "493817"));
    for word in [COMPOSED, APART, "T\u{176} BACH", "  ty\u{302}\u{a0} bach\u{200b} "] {
        assert!(closes(&p, &phone, word).await, "{word:?}");
    }
    for word in ["ty bach", "t\u{177}bach"] {
        assert!(!closes(&p, &phone, word).await, "{word:?}");
    }
    app.leaves_retries();
});

on_both!(a_code_word_that_an_earlier_version_kept_goes_on_closing_and_is_kept_anew, |app| async {
    let p = app.partnership().await;
    let stored = move |conn: &mut DbConn| Ok(code_words::table.select(code_words::word_hash).first(conn)?);
    // An earlier version hashed a word with the apostrophe that the phone's keyboard makes.
    let old = app.inner.hasher.hash(&Typed::password(&Private::from("o\u{2019}neill"))).await.unwrap();
    let kept = old.clone();
    let put = move |conn: &mut DbConn| {
        Ok(diesel::update(code_words::table).set(code_words::word_hash.eq(&kept)).execute(conn)?)
    };
    app.inner.db.write(put).await.unwrap();
    let alert = text(&help_now(p.phone()).await, "id");
    let resolve = |word: &'static str| p.act(&alert, "resolve", json!({"note": "Safe.", "code_word": word}));
    resolve("oneill").await.refused(409, "code_word_needed");
    resolve("O\u{2019}Neill ").await.expect(200);
    let renewed: String = app.inner.db.read(stored).await.unwrap();
    assert_ne!(renewed, old);
    assert!(closes(&p, p.phone(), "O'NEILL").await);
    app.leaves_retries();
});

on_both!(a_password_is_the_same_from_any_keyboard_and_one_kept_apart_is_kept_anew, |app| async {
    let p = app.partnership().await;
    let long = |word: &str| format!("{word} twt ar lan y m\u{f4}r");
    let body =
        json!({"username": "sian", "display_name": "Si\u{e2}n", "organisation_id": p.support, "roles": ["advocate"]});
    let code = p.admin.post("/admin/v1/staff", body).await.expect(201)["setup_code"].clone();
    let set_up = json!({"setup_code": format!(" {}\n", code.as_str().unwrap()), "password": long(COMPOSED)});
    app.http.nobody().post("/partner/v1/setup", set_up).await.expect(201);
    for word in [COMPOSED, APART] {
        sign_in(app, "sian", &long(word)).await.expect(200);
    }
    sign_in(app, "sian", &long("T\u{176} bach")).await.refused(401, "unauthenticated");
    // Eleven letters that a keyboard writes in twelve code points are eleven.
    let short = json!({"setup_code": "x", "password": "ty\u{302} bach twt"});
    app.http.nobody().post("/partner/v1/setup", short).await.refused(422, "invalid");
});

on_both!(a_username_is_one_name_however_it_is_typed, |app| async {
    let p = app.partnership().await;
    for name in ["asha", "Asha", "ASHA", " asha ", "asha\u{a0}", "\u{ff41}sha", "as\u{ad}ha"] {
        sign_in(app, name, PASSWORD).await.expect(200);
    }
    let staff = |username: &str| json!({"username": username, "display_name": "X", "organisation_id": p.support, "roles": ["advocate"]});
    for taken in ["Asha", "ASHA", " asha"] {
        p.admin.post("/admin/v1/staff", staff(taken)).await.refused(409, "already_exists");
    }
    for wrong in ["", " ", "\u{200b}", "two words", "a/b", &"x".repeat(65)] {
        p.admin.post("/admin/v1/staff", staff(wrong)).await.refused(422, "invalid");
    }
    partnership::staff(&app.http, &p.admin, &p.support, "Si\u{e2}n.Jones", &["advocate"]).await;
    sign_in(app, "sia\u{302}n.jones", PASSWORD).await.expect(200);
    // Guesses at one account count together, however its name is typed.
    for (at, name) in ["Asha", "asha", "ASHA", "asha ", "aSHA"].iter().cycle().take(10).enumerate() {
        assert_eq!(sign_in(app, name, "wrong password!").await.status, 401, "{at}");
    }
    sign_in(app, "asha\u{a0}", "wrong password!").await.refused(429, "too_many_requests");
});

on_both!(an_officer_is_known_by_their_number_in_capitals, |app| async {
    let p = app.partnership().await;
    p.consent(&["alert.police.help_now"]).await;
    let told = p.help_now().await;
    app.settle().await;
    let path = format!("/police/v1/alerts/{}", text(&told, "reference"));
    let name = p.officer.username.to_uppercase();
    let headers = [("holdfast-officer", name.as_str()), ("holdfast-reason", "Attending")];
    p.police_system.send(reqwest::Method::GET, &path, &headers, None).await.expect(200);
    let body = json!({"officer": format!(" {name} ")});
    p.police_system.post(&format!("{path}/acknowledge"), body).await.expect(200);
    let outcome = json!({"officer": name, "outcome": "no_trace"});
    p.police_system.post(&format!("{path}/outcome"), outcome).await.expect(200);
});

on_both!(a_pin_is_its_digits_in_any_script, |app| async {
    let p = app.partnership().await;
    let enrolled = enrol(app, &p, "\u{664}\u{669}\u{663}\u{668}", "marigold").await;
    let unlock = |pin: &str| {
        let body = json!({"device_id": enrolled["device_id"], "device_secret": enrolled["device_secret"], "pin": pin});
        async move { app.http.nobody().post("/app/v1/session/unlock", body).await }
    };
    for pin in ["4938", "\u{ff14}\u{ff19}\u{ff13}\u{ff18}", "\u{6f4}\u{6f9}\u{6f3}\u{6f8}", "49 38"] {
        unlock(pin).await.expect(200);
    }
    unlock("4939").await.refused(401, "unauthenticated");
    // Two PINs that are one would make every unlocking an emergency.
    let path = format!("/partner/v1/survivors/{}/enrolment-codes", p.survivor.id);
    let code = p.advocate.post(&path, json!({})).await.expect(201)["code"].clone();
    let same =
        json!({"code": code, "pin": "4938", "duress_pin": "\u{664}\u{669}\u{663}\u{668}", "device_name": "My phone"});
    app.http.nobody().post("/app/v1/enrol", same).await.refused(422, "invalid");
    app.leaves_retries();
});

on_both!(numbers_are_taken_as_people_write_them_and_kept_as_they_are_dialled, |app| async {
    let p = app.partnership().await;
    let plan = format!("/partner/v1/survivors/{}/safe-contact", p.survivor.id);
    let trusted = format!("/partner/v1/survivors/{}/trusted-contact", p.survivor.id);
    for number in
        ["07700 900123", "+44 (0)7700 900123", "\u{202a}+44\u{a0}7700\u{a0}900123\u{202c}", "\u{ff10}7700 900123"]
    {
        let body = json!({"time_zone": "Europe/London", "sms": {"allowed": true, "address": number},
            "voice": {"allowed": true, "address": number}});
        let made = p.advocate.put(&plan, body).await.expect(200);
        for way in ["sms", "voice"] {
            assert_eq!(made["plan"][way]["address"], "+447700900123", "{number:?}");
        }
        for (who, path) in [(&p.advocate.caller, trusted.as_str()), (p.phone(), "/app/v1/trusted-contact")] {
            let made = who.put(path, json!({"name": "Bea", "phone": number})).await.expect(200);
            assert_eq!(made["phone"], "+447700900123", "{number:?}");
        }
        let made = p.advocate.put("/partner/v1/me/contact", json!({"phone": number})).await.expect(200);
        assert_eq!(made["by_sms"], true);
    }
    let desk = |number: &str| json!({"kind": "survivor_support", "name": "Desk", "duty_desk_phone": number});
    p.admin.post("/admin/v1/organisations", desk("0114 496 0000")).await.expect(201);
    for wrong in ["12345", "+44 7700 900", "999", "Ask for Ro 07700 900123", "+999 7700 900123", "\u{200b}"] {
        let body = json!({"time_zone": "Europe/London", "sms": {"allowed": true, "address": wrong}});
        p.advocate.put(&plan, body).await.refused(422, "invalid");
        p.phone().put("/app/v1/trusted-contact", json!({"name": "Bea", "phone": wrong})).await.refused(422, "invalid");
        p.advocate.put("/partner/v1/me/contact", json!({"phone": wrong})).await.refused(422, "invalid");
        p.admin.post("/admin/v1/organisations", desk(wrong)).await.refused(422, "invalid");
    }
});

on_both!(a_name_that_shows_nothing_is_no_name, |app| async {
    let p = app.partnership().await;
    for blank in ["\u{200b}", "\u{3164}", "\u{ad}", "\u{feff}", "\u{a0}\u{2060}", "\u{2800}", "\u{202e}\u{202c}"] {
        let survivor = json!({"preferred_name": blank, "home_force_id": partnership::FORCE});
        p.advocate.post("/partner/v1/survivors", survivor).await.refused(422, "invalid");
        let organisation = json!({"kind": "survivor_support", "name": blank});
        p.admin.post("/admin/v1/organisations", organisation).await.refused(422, "invalid");
        let staff =
            json!({"username": "nn", "display_name": blank, "organisation_id": p.support, "roles": ["advocate"]});
        p.admin.post("/admin/v1/staff", staff).await.refused(422, "invalid");
        let trusted = json!({"name": blank, "phone": "07700 900789"});
        p.phone().put("/app/v1/trusted-contact", trusted).await.refused(422, "invalid");
        let incident = json!({"happened": {"precision": "unknown"}, "behaviours": ["loiter"], "account": "a", "fear": 1,
            "place": blank, "visibility": "advocate", "recorded_at": app.now_text()});
        p.phone().post("/app/v1/incidents", incident).await.refused(422, "invalid");
    }
    // Letters that are joined by what shows nothing are letters.
    let survivor = json!({"preferred_name": "\u{645}\u{6cc}\u{200c}\u{631}", "home_force_id": partnership::FORCE});
    p.advocate.post("/partner/v1/survivors", survivor).await.expect(201);
});

on_both!(a_password_that_an_earlier_version_kept_goes_on_working_and_is_kept_anew, |app| async {
    let p = app.partnership().await;
    // An earlier version hashed what a keyboard made of two code points as it came.
    let earlier = Typed::pin(&Private::from("ty\u{200b}\u{302}bachtwtarlan"));
    assert_eq!(earlier.form(), "ty\u{302}bachtwtarlan");
    let old = app.inner.hasher.hash(&earlier).await.unwrap();
    let kept = old.clone();
    let put = move |conn: &mut DbConn| {
        Ok(diesel::update(staff_table::table).set(staff_table::password_hash.eq(Some(&kept))).execute(conn)?)
    };
    app.inner.db.write(put).await.unwrap();
    let name = &p.advocate.username;
    sign_in(app, name, "t\u{177}bachtwtarlan").await.refused(401, "unauthenticated");
    sign_in(app, name, "ty\u{302}bachtwtarlan").await.expect(200);
    for password in ["t\u{177}bachtwtarlan", "ty\u{302}bachtwtarlan"] {
        sign_in(app, name, password).await.expect(200);
    }
    // Whoever has not signed in since has the hash that they had.
    let hashes = move |conn: &mut DbConn| {
        Ok(staff_table::table.filter(staff_table::password_hash.eq(Some(old))).count().get_result::<i64>(conn)?)
    };
    assert!(app.inner.db.read(hashes).await.unwrap() > 1);
});
