//! Lists of records hold what the filters ask for, and never more than the caller sees without them.

use serde_json::json;

use crate::harness::on_both;
use crate::harness::partnership::{case, participant, staff, survivor};

const SURVIVORS: &str = "/partner/v1/survivors";
const CASES: &str = "/partner/v1/cases";
const PARTICIPANTS: &str = "/partner/v1/participants";

on_both!(survivors_are_found_by_reference_risk_and_whose_they_are, |app| async {
    let p = app.partnership().await;
    let colleague = staff(&app.http, &p.admin, &p.support, "nadia", &["advocate"]).await;
    let theirs = survivor(&app.http, &colleague, "standard").await;
    let found = async |query: &str| p.support_supervisor.ids(&format!("{SURVIVORS}?{query}")).await;
    assert_eq!(p.support_supervisor.ids(SURVIVORS).await.len(), 2);
    assert_eq!(found(&format!("reference={}", theirs.reference)).await, std::slice::from_ref(&theirs.id));
    assert_eq!(found("risk_rating=standard").await, std::slice::from_ref(&theirs.id));
    assert_eq!(found("is_closed=false").await.len(), 2);
    assert_eq!(found("is_closed=true").await, Vec::<String>::new());
    assert_eq!(found("mine=true").await, Vec::<String>::new());
    // An advocate finds nobody by a filter with whom they do not work.
    for query in [format!("reference={}", theirs.reference), "risk_rating=standard".to_owned()] {
        assert_eq!(p.advocate.ids(&format!("{SURVIVORS}?{query}")).await, Vec::<String>::new(), "{query}");
    }
    assert_eq!(p.advocate.ids(&format!("{SURVIVORS}?mine=true")).await, std::slice::from_ref(&p.survivor.id));
    p.advocate.get(&format!("{SURVIVORS}?risk_rating=none")).await.expect(422);
});

on_both!(cases_are_found_by_state_and_by_the_side_that_one_knows, |app| async {
    let p = app.partnership().await;
    let other = survivor(&app.http, &p.advocate, "high").await;
    let (proposed, reference) = case(&p.advocate, &other.reference, &p.participant_reference).await;
    let nobody = Vec::<String>::new();
    for caller in [&p.advocate, &p.support_supervisor, &p.practitioner, &p.programme_supervisor] {
        assert_eq!(caller.ids(CASES).await.len(), 2);
        assert_eq!(caller.ids(&format!("{CASES}?state=active")).await, std::slice::from_ref(&p.case));
        assert_eq!(caller.ids(&format!("{CASES}?state=proposed")).await, std::slice::from_ref(&proposed));
        assert_eq!(caller.ids(&format!("{CASES}?reference={reference}")).await, std::slice::from_ref(&proposed));
        assert_eq!(caller.ids(&format!("{CASES}?state=closed")).await, nobody);
    }
    let (of_survivor, of_participant) =
        (format!("{CASES}?survivor_id={}", other.id), format!("{CASES}?participant_id={}", p.participant));
    assert_eq!(p.advocate.ids(&of_survivor).await, [proposed]);
    assert_eq!(p.practitioner.ids(&of_participant).await.len(), 2);
    // What a side knows by no id it does not find by one.
    assert_eq!(
        (p.practitioner.ids(&of_survivor).await, p.advocate.ids(&of_participant).await),
        (nobody.clone(), nobody)
    );
    assert_eq!(p.advocate.ids(&format!("{CASES}?mine=true")).await.len(), 2);
    assert_eq!(p.practitioner.ids(&format!("{CASES}?mine=true")).await.len(), 2);
    for supervisor in [&p.support_supervisor, &p.programme_supervisor] {
        assert_eq!(supervisor.ids(&format!("{CASES}?mine=true")).await, Vec::<String>::new());
    }
});

on_both!(participants_are_found_by_reference_and_whose_they_are, |app| async {
    let p = app.partnership().await;
    let colleague = staff(&app.http, &p.admin, &p.programme, "petra", &["practitioner"]).await;
    let theirs = participant(&colleague).await;
    let by_reference = format!("{PARTICIPANTS}?reference={}", theirs.1);
    assert_eq!(p.programme_supervisor.ids(PARTICIPANTS).await, [theirs.0.clone(), p.participant.clone()]);
    assert_eq!(p.programme_supervisor.ids(&by_reference).await, std::slice::from_ref(&theirs.0));
    assert_eq!(p.programme_supervisor.ids(&format!("{PARTICIPANTS}?mine=true")).await, Vec::<String>::new());
    assert_eq!(p.programme_supervisor.list(&by_reference).await[0]["practitioner_name"], "petra Ashworth");
    assert_eq!(colleague.ids(&format!("{PARTICIPANTS}?mine=true")).await, [theirs.0]);
    assert_eq!(p.practitioner.ids(&by_reference).await, Vec::<String>::new());
    // Page by page, nothing twice and nothing left out.
    let page = p.programme_supervisor.get(&format!("{PARTICIPANTS}?limit=1")).await.expect(200);
    let next = format!("{PARTICIPANTS}?limit=1&cursor={}", page["next_cursor"].as_str().unwrap());
    let next = p.programme_supervisor.get(&next).await.expect(200);
    assert_eq!((&next["items"][0]["id"], &next["next_cursor"]), (&json!(p.participant), &json!(null)));
});
