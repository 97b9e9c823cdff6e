//! Evidence: what is stated, sent, read, held, handed over.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use holdfast::crypto::sha256;
use serde_json::json;

use super::{Sample, World};
use crate::evidence::{OCTETS, PATH, hex, keep, picture, stated};
use crate::harness::partnership::CODE_WORD;
use crate::harness::{Caller, text};

const WORDS: &[u8] = b"words";

async fn kept(phone: &Caller) -> String {
    text(&keep(phone, "image/jpeg", &picture(), json!({})).await, "id")
}

fn owned(headers: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

pub async fn evidence(w: &World, id: &str) -> Option<Sample> {
    match own(w, id).await {
        Some(sample) => Some(sample),
        None => match fates(w, id).await {
            Some(sample) => Some(sample),
            None => match recorded(w, id).await {
                Some(sample) => Some(sample),
                None => others(w, id).await,
            },
        },
    }
}

async fn own(w: &World, id: &str) -> Option<Sample> {
    let phone = w.p.phone();
    let below = |id: &str, path: &str| format!("{PATH}/{id}{path}");
    let said = format!("filetype {},sha256 {}", STANDARD.encode("text/plain"), STANDARD.encode(hex(&sha256(WORDS))));
    Some(match id {
        "create_evidence" => Sample::send(w, phone, PATH, stated("text/plain", WORDS)),
        "list_evidence" => Sample::get(w, phone, PATH),
        "get_evidence" | "delete_evidence" => {
            let file = kept(phone).await;
            Sample::get(w, phone, below(&file, "")).of(&file)
        }
        "patch_evidence" => {
            let file = kept(phone).await;
            Sample::send(w, phone, below(&file, ""), json!({"visibility": "police"})).of(&file)
        }
        "get_evidence_content" | "get_evidence_display" | "get_evidence_actions" | "get_evidence_custody" => {
            let file = kept(phone).await;
            let path = below(&file, &format!("/{}", id.trim_start_matches("get_evidence_")));
            Sample::get(w, phone, path).of(&file)
        }
        "put_evidence_content" => {
            let file = text(&phone.post(PATH, stated("text/plain", WORDS)).await.expect(201), "id");
            let sample = Sample::get(w, phone, below(&file, "/content")).of(&file);
            Sample { headers: owned(&[OCTETS]), raw: Some(WORDS.to_vec()), ..sample }
        }
        "create_evidence_upload" => {
            let headers = [("tus-resumable", "1.0.0"), ("upload-length", "5"), ("upload-metadata", said.as_str())];
            let sample = Sample::get(w, phone, format!("{PATH}/uploads"));
            Sample { headers: owned(&headers), raw: Some(Vec::new()), ..sample }
        }
        "patch_evidence_upload" | "delete_evidence_upload" => {
            let file = text(&phone.post(PATH, stated("text/plain", WORDS)).await.expect(201), "id");
            let sample = Sample::get(w, phone, format!("{PATH}/uploads/{file}")).of(&file);
            let piece = [
                ("tus-resumable", "1.0.0"),
                ("upload-offset", "0"),
                ("content-type", "application/offset+octet-stream"),
            ];
            match id {
                "patch_evidence_upload" => Sample { headers: owned(&piece), raw: Some(WORDS.to_vec()), ..sample },
                _ => Sample { headers: owned(&piece[..1]), ..sample },
            }
        }
        _ => return None,
    })
}

/// What staff record for somebody without a phone.
async fn recorded(w: &World, id: &str) -> Option<Sample> {
    let (advocate, known) = (&w.p.advocate, &w.p.survivor.id);
    let path = format!("/partner/v1/survivors/{known}/evidence");
    let begun = async || text(&advocate.post(&path, stated("text/plain", WORDS)).await.expect(201), "id");
    Some(match id {
        "record_evidence" => Sample::send(w, advocate, path, stated("text/plain", WORDS)).of(known),
        "put_survivor_evidence_content" => {
            let sample = Sample::get(w, advocate, format!("{path}/{}/content", begun().await)).of(known);
            Sample { headers: owned(&[OCTETS]), raw: Some(WORDS.to_vec()), ..sample }
        }
        "show_evidence" => {
            let file = begun().await;
            let content = format!("{path}/{file}/content");
            let sent = advocate.send_bytes(reqwest::Method::PUT, &content, &[OCTETS], WORDS.to_vec()).await;
            sent.reply.expect(200);
            Sample::send(w, advocate, format!("{path}/{file}/show"), json!({})).of(known)
        }
        _ => return None,
    })
}

async fn others(w: &World, id: &str) -> Option<Sample> {
    let (p, known) = (&w.p, &w.p.survivor.id);
    let below = |path: &str| format!("/partner/v1/survivors/{known}/evidence{path}");
    Some(match id {
        "list_survivor_evidence" => Sample::get(w, &p.advocate, below("")).of(known),
        "get_survivor_evidence" => {
            let file = kept(p.phone()).await;
            Sample::get(w, &p.advocate, below(&format!("/{file}"))).of(known)
        }
        "get_survivor_evidence_content" | "get_survivor_evidence_display" | "get_survivor_evidence_actions" => {
            let file = kept(p.phone()).await;
            let path = below(&format!("/{file}/{}", id.trim_start_matches("get_survivor_evidence_")));
            Sample::get(w, &p.advocate, path).of(known)
        }
        "list_police_evidence" | "get_police_evidence_content" => {
            let (survivor, alert) = w.alert().await;
            let phone = &survivor.phone.session;
            let on = json!({"granted": true, "text_version": "1"});
            phone.put("/app/v1/consents/share.police.evidence", on).await.expect(200);
            let file = text(&keep(phone, "text/plain", WORDS, json!({"visibility": "police"})).await, "id");
            let reference = text(&alert, "reference");
            let path = match id {
                "list_police_evidence" => format!("/police/v1/alerts/{reference}/evidence"),
                _ => format!("/police/v1/alerts/{reference}/evidence/{file}/content"),
            };
            let headers = [("holdfast-officer", p.officer.username.as_str()), ("holdfast-reason", "Statement")];
            Sample { headers: owned(&headers), ..Sample::get(w, &p.police_system, path).of(&reference) }
        }
        "create_bundle" | "list_bundles" | "get_bundle" | "get_bundle_content" => {
            let path = format!("/partner/v1/survivors/{known}/bundles");
            let body =
                json!({"purpose": "survivor_request", "recipient_name": "A court", "agreed_with_survivor": true});
            kept(p.phone()).await;
            match id {
                "create_bundle" => Sample::send(w, &p.advocate, path, body).of(known),
                "list_bundles" => Sample::get(w, &p.advocate, path).of(known),
                _ => {
                    let made = text(&p.advocate.post(&path, body).await.expect(201), "id");
                    let ending = if id == "get_bundle" { "" } else { "/content" };
                    Sample::get(w, &p.advocate, format!("{path}/{made}{ending}")).of(known)
                }
            }
        }
        "get_bundle_key" => Sample::get(w, &w.http.nobody(), "/public/v1/bundle-key"),
        _ => return None,
    })
}

/// What becomes of a file: held, restored, destroyed, sealed.
async fn fates(w: &World, id: &str) -> Option<Sample> {
    let (p, known) = (&w.p, &w.p.survivor.id);
    let below = |path: &str| format!("/partner/v1/survivors/{known}/evidence{path}");
    let reason = json!({"reason": "Asked for by the officer in the case"});
    Some(match id {
        "create_evidence_hold" => {
            let file = kept(p.phone()).await;
            Sample::send(w, &p.support_supervisor, below(&format!("/{file}/hold")), reason).of(known)
        }
        "release_evidence_hold" => {
            let path = below(&format!("/{}/hold", kept(p.phone()).await));
            p.support_supervisor.post(&path, reason.clone()).await.expect(201);
            Sample::send(w, &p.support_supervisor, format!("{path}/release"), reason).of(known)
        }
        "approve_evidence_hold" | "renew_evidence_hold" => {
            let path = below(&format!("/{}/hold", kept(p.phone()).await));
            let is_against_wish = id == "approve_evidence_hold";
            let body = json!({"reason": "For the court", "is_against_wish": is_against_wish});
            p.support_supervisor.post(&path, body).await.expect(201);
            match is_against_wish {
                true => Sample::send(w, &p.advocate, format!("{path}/approve"), json!({})).of(known),
                false => Sample::send(w, &p.support_supervisor, format!("{path}/renew"), reason).of(known),
            }
        }
        "restore_survivor_evidence" => {
            let file = kept(p.phone()).await;
            p.phone().send(reqwest::Method::DELETE, &format!("{PATH}/{file}"), &[], None).await.expect(204);
            let body = json!({"spoke_to_survivor": true, "note": "It was not them"});
            Sample::send(w, &p.advocate, below(&format!("/{file}/restore")), body).of(known)
        }
        "create_evidence_destruction" | "approve_evidence_destruction" => {
            let path = below(&format!("/{}/destruction", kept(p.phone()).await));
            let body = json!({"because": "intimate", "spoke_to_survivor": true, "code_word": CODE_WORD});
            if id == "create_evidence_destruction" {
                return Some(Sample::send(w, &p.advocate, path, body).of(known));
            }
            p.advocate.post(&path, body).await.expect(201);
            Sample::send(w, &p.support_supervisor, format!("{path}/approve"), json!({})).of(known)
        }
        "seal_survivor_evidence" | "decide_sealed_evidence" => {
            let path = below(&format!("/{}/seal", kept(p.phone()).await));
            let body = json!({"note": "The survivor said so"});
            if id == "seal_survivor_evidence" {
                return Some(Sample::send(w, &p.advocate, path, body).of(known));
            }
            p.advocate.post(&path, body).await.expect(200);
            let decided = json!({"decision": "unseal", "note": "DS Okafor"});
            Sample::send(w, &p.support_supervisor, format!("{path}/decision"), decided).of(known)
        }
        _ => return None,
    })
}
