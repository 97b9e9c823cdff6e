//! Messages that wait are found by survivor and by whose they are, and never beyond what the caller sees without a filter.

use serde_json::json;

use crate::harness::partnership::{staff, survivor};
use crate::harness::{on_both, text};

const UNREAD: &str = "/partner/v1/messages/unread";

on_both!(unread_messages_are_found_by_survivor_and_whose_they_are, |app| async {
    let p = app.partnership().await;
    let colleague = staff(&app.http, &p.admin, &p.support, "nadia", &["advocate"]).await;
    let theirs = survivor(&app.http, &colleague, "standard").await;
    let mut ids = Vec::new();
    for phone in [p.phone(), &theirs.phone.session] {
        app.advance(1).await;
        let sent = phone.post("/app/v1/messages", json!({"body": "Could we speak on Thursday?"})).await.expect(201);
        ids.push(text(&sent, "id"));
    }
    let found = async |query: &str| p.support_supervisor.ids(&format!("{UNREAD}?{query}")).await;
    let of = |survivor: &str| format!("survivor_id={survivor}");
    assert_eq!(found("mine=false").await, [ids[1].clone(), ids[0].clone()]);
    assert_eq!(found(&of(&theirs.id)).await, std::slice::from_ref(&ids[1]));
    // A supervisor's own are those of the survivors to whom they are assigned.
    assert_eq!(found("mine=true").await, Vec::<String>::new());
    let record = format!("/partner/v1/survivors/{}", theirs.id);
    let supervisor = json!({"staff_id": p.support_supervisor.id});
    colleague.post(&format!("{record}/assignments"), supervisor.clone()).await.expect(201);
    let own = p.support_supervisor.list(&format!("{UNREAD}?mine=true")).await;
    assert_eq!((own.len(), &own[0]["id"]), (1, &json!(ids[1])));
    assert_eq!(own[0]["survivor_reference"], json!(theirs.reference));
    assert_eq!(found(&format!("mine=true&{}", of(&p.survivor.id))).await, Vec::<String>::new());
    // An advocate finds nobody by a filter with whom they do not work, and no id that is none.
    for query in [of(&theirs.id), format!("mine=true&{}", of(&theirs.id)), of(&p.case)] {
        assert_eq!(p.advocate.ids(&format!("{UNREAD}?{query}")).await, Vec::<String>::new(), "{query}");
    }
    assert_eq!(p.advocate.ids(&format!("{UNREAD}?mine=true")).await, std::slice::from_ref(&ids[0]));
    // Nor anybody a survivor who keeps them out, assigned or not.
    colleague.post(&format!("{record}/blocks"), supervisor).await.expect(201);
    for query in ["mine=true".to_owned(), of(&theirs.id)] {
        assert_eq!(found(&query).await, Vec::<String>::new(), "{query}");
    }
    for wrong in ["survivor_id=somebody", "mine=perhaps", "state=unread"] {
        p.advocate.get(&format!("{UNREAD}?{wrong}")).await.expect(422);
    }
    p.practitioner.get(&format!("{UNREAD}?mine=true")).await.refused(403, "wrong_role");
});
