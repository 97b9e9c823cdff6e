use super::*;

fn load(change: impl FnOnce(&mut Flags)) -> Result<Config, String> {
    let mut settings = Flags { config: "/nonexistent/holdfast.toml".into(), ..Flags::default() };
    change(&mut settings);
    Config::load(&settings)
}

#[test]
fn production_refuses_each_development_switch() {
    let switches: [fn(&mut Flags); 3] =
        [|s| s.test_clock = Some(true), |s| s.dev_no_mfa = Some(true), |s| s.allow_loopback_webhooks = Some(true)];
    for switch in switches {
        assert!(load(switch).is_ok());
        let refused = load(|s| {
            s.production = Some(true);
            switch(s);
        });
        assert!(refused.unwrap_err().contains("refused beside production"));
    }
}

#[test]
fn a_wrong_value_is_told_in_one_line_that_names_the_setting() {
    type FlagsChange = fn(&mut Flags);
    let wrong: [(&str, FlagsChange); 14] = [
        ("route_proof_days", |s| s.route_proof_days = Some(0)),
        ("trusted_proxies", |s| s.trusted_proxies = Some("10.0.0.0/8,proxy.example".into())),
        ("phone_region", |s| s.phone_region = Some("Britain".into())),
        ("bind", |s| s.bind = Some("nowhere".into())),
        ("metrics_bind", |s| s.metrics_bind = Some("9464".into())),
        ("database_url", |s| s.database_url = Some("mysql://x".into())),
        ("key_store_url", |s| s.key_store_url = Some("".into())),
        ("database_pool", |s| s.database_pool = Some(0)),
        ("alert_setting_delay_hours", |s| s.alert_setting_delay_hours = Some(0)),
        ("standby", |s| s.standby = Some("nobody".into())),
        ("log_format", |s| s.log_format = Some("xml".into())),
        ("watchdog_seconds", |s| s.watchdog_seconds = Some(86_400)),
        ("smtp_from", |s| s.smtp_url = Some("smtps://mail.example".into())),
        ("smtp_url", |s| {
            (s.smtp_url, s.smtp_from) = (Some("https://mail.example".into()), Some("a@b.example".into()));
        }),
    ];
    for (name, change) in wrong {
        let line = load(change).unwrap_err();
        assert!(line.starts_with(name) && line.lines().count() == 1, "{line}");
    }
}

#[test]
fn a_demo_ignores_every_setting_that_names_a_real_installation_and_is_quiet_unless_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("holdfast.toml");
    std::fs::write(&file, "database_url = \"mysql://x\"\npublic_url = \"ftp://x\"\nproduction = true\n").unwrap();
    let settings = |log: Option<&str>| Flags {
        config: file.clone(),
        bind: Some("127.0.0.1:3".into()),
        metrics_bind: Some("127.0.0.1:4".into()),
        data_dir: Some("/real".into()),
        no_worker: Some(true),
        log: log.map(str::to_owned),
        ..Flags::default()
    };
    let config = Config::load_demo(&settings(None)).unwrap().within(Path::new("/away"));
    assert_eq!((config.bind.port(), config.log.as_str(), config.has_worker), (3, "warn", true));
    assert_eq!(config.database, Target::Sqlite("/away/holdfast.db".into()));
    assert_eq!(config.key_store, Target::Sqlite("/away/keys/subjects.db".into()));
    assert_eq!((config.data_dir.to_str(), config.public_url), (Some("/away"), None));
    assert_eq!(config.metrics_bind, None);
    assert!(config.is_test_clock && config.may_call_loopback && !config.is_second_factor_needed);
    assert_eq!(Config::load_demo(&settings(Some("info"))).unwrap().log, "info");
    let everywhere = Flags { bind: Some("0.0.0.0:3".into()), ..settings(None) };
    assert!(Config::load_demo(&everywhere).unwrap_err().starts_with("bind: "));
}

#[test]
fn the_file_is_weaker_than_a_flag_and_an_unknown_key_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("holdfast.toml");
    std::fs::write(&file, "bind = \"127.0.0.1:1\"\ndatabase_pool = 7\n").unwrap();
    let config = load(|s| {
        s.config.clone_from(&file);
        s.bind = Some("127.0.0.1:2".into());
    })
    .unwrap();
    assert_eq!((config.bind.port(), config.database_pool), (2, 7));
    std::fs::write(&file, "bnid = \"127.0.0.1:1\"\n").unwrap();
    assert!(load(|s| s.config.clone_from(&file)).unwrap_err().contains("bnid"));
}
