//! Endpoints of police forces: which addresses may be called, and what is shown once.

use serde_json::json;

use crate::harness::on_both;

on_both!(an_endpoint_is_a_public_https_address, |app| async {
    let p = app.partnership().await;
    // Loopback is allowed to tests, so it stands with the addresses that are taken.
    let refused = [
        ("http://alerts.example.org/", "url_not_https"),
        ("ftp://alerts.example.org/", "url_not_https"),
        ("file:///etc/passwd", "url_not_https"),
        ("not a url", "url_malformed"),
        ("https://alerts.example.org\\@127.0.0.1/", "url_malformed"),
        ("https://user:secret@alerts.example.org/", "url_userinfo"),
        ("https://alerts.example.org/#part", "url_fragment"),
        ("https://alerts.example.org:22/", "url_port"),
        ("https://control.local/", "url_local_name"),
        ("https://intranet/", "url_local_name"),
        ("https://alerts.example.org./", "url_local_name"),
        ("https://10.0.0.1/", "url_private_address"),
        ("https://192.168.1.1/", "url_private_address"),
        ("https://169.254.169.254/latest/meta-data", "url_private_address"),
        ("https://0xa9fea9fe/", "url_private_address"),
        ("https://2852039166/", "url_private_address"),
        ("https://0251.0376.0251.0376/", "url_private_address"),
        ("https://[::ffff:10.0.0.1]/", "url_private_address"),
        ("https://[64:ff9b::a9fe:a9fe]/", "url_private_address"),
        ("https://[2002:a9fe:a9fe::]/", "url_private_address"),
        ("https://[fd00:ec2::254]/", "url_private_address"),
    ];
    for (url, code) in refused {
        let body = json!({"organisation_id": p.force, "url": url, "description": "Control room"});
        let reply = p.admin.post("/admin/v1/webhook-endpoints", body).await;
        let problem = reply.expect(422);
        assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&json!("/url"), &json!(code)));
        assert!(!reply.body.contains("secret"), "{url}: the refusal repeats what was sent");
    }
    for url in ["https://alerts.example.org/in", "https://alerts.example.org:8443/in?force=sy"] {
        let body = json!({"organisation_id": p.force, "url": url, "description": "Control room"});
        let made = p.admin.post("/admin/v1/webhook-endpoints", body).await.expect(201);
        assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
        assert!(made["public_key"].as_str().unwrap().starts_with("whpk_"));
    }
});

on_both!(only_a_police_force_has_an_endpoint, |app| async {
    let p = app.partnership().await;
    for organisation in [&p.support, &p.programme] {
        let body = json!({"organisation_id": organisation, "url": "https://alerts.example.org/in", "description": "x"});
        p.admin.post("/admin/v1/webhook-endpoints", body).await.expect(422);
        let body = json!({"organisation_id": organisation, "name": "x"});
        p.admin.post("/admin/v1/police-clients", body).await.expect(422);
    }
});
