//! Who reads what: credentials, missions and those who ask at once.

use std::thread;

use secrecy::SecretString;

use super::*;
use crate::{
    fetch::{Auth, Timeouts},
    model::AuthScheme,
};

fn connection(auth: Auth, headers: Vec<(String, SecretString)>) -> Connection {
    Connection {
        name: "prod".to_owned(),
        provider: &Telnyx,
        base_url: "https://api.example/v2".parse().unwrap(),
        auth,
        headers,
        ca_file: None,
        insecure: false,
        timeouts: Timeouts::default(),
    }
}

fn key(secret: &str, account: Option<&str>) -> Auth {
    Auth::Key {
        scheme: AuthScheme::Bearer,
        secret: secret.into(),
        source: "$KEY".to_owned(),
        account_id: account.map(str::to_owned),
    }
}

fn client(id: &str) -> Auth {
    Auth::Client {
        client_id: id.to_owned(),
        client_secret: "shared".into(),
        token_url: "https://auth.example/token".parse().unwrap(),
        source: "$SECRET".to_owned(),
    }
}

#[test]
fn nobody_reads_what_another_credential_fetched() {
    let folder = tempfile::tempdir().unwrap();
    let tenant = |name: &str| vec![("x-tenant".to_owned(), SecretString::from(name))];
    let connections = [
        connection(key("one-secret", None), Vec::new()),
        connection(key("other-secret", None), Vec::new()),
        connection(key("one-secret", Some("a")), Vec::new()),
        connection(key("one-secret", Some("b")), Vec::new()),
        connection(client("one"), Vec::new()),
        connection(client("other"), Vec::new()),
        connection(Auth::None, Vec::new()),
        connection(Auth::None, tenant("one")),
        connection(Auth::None, tenant("other")),
    ];
    for (count, one) in connections.iter().enumerate() {
        let own = cache_at(folder.path(), Place::of(one));
        assert!(own.find(&at("r"), false).is_none(), "{count}");
        tell(&own, run("r", RunStatus::Failed), events(count + 1));
    }
    for (count, one) in connections.iter().enumerate() {
        let found = cache_at(folder.path(), Place::of(one)).find(&at("r"), false);
        assert_eq!(told(&found.unwrap(), &at("r")).len(), count + 1);
    }
    for file in files(folder.path()) {
        let bytes = fs::read(&file).unwrap();
        let text = format!("{} {}", file.display(), String::from_utf8_lossy(&bytes));
        assert!(!text.contains("one-secret") && !text.contains("other-secret"));
    }
}

#[test]
fn an_entry_is_read_once_for_all_who_ask_at_once() {
    let folder = tempfile::tempdir().unwrap();
    tell(
        &cache(folder.path()),
        run("r", RunStatus::Failed),
        events(500),
    );
    let own = cache(folder.path());
    let found: Vec<Arc<Source>> = thread::scope(|scope| {
        let asked: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| own.find(&at("r"), false).unwrap()))
            .collect();
        asked.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(found.iter().all(|one| Arc::ptr_eq(one, &found[0])));
}

#[test]
fn runs_of_one_id_in_two_missions_are_two() {
    let folder = tempfile::tempdir().unwrap();
    let own = cache(folder.path());
    for (mission, count) in [("m", 1), ("n", 2)] {
        let run = Run {
            mission_id: mission.to_owned(),
            ..run("r", RunStatus::Failed)
        };
        tell(&own, run, events(count));
    }
    let history = Folder::new(folder.path(), 1 << 30).history(|_| true);
    let [history] = <[Source; 1]>::try_from(history).ok().unwrap();
    for (mission, count) in [("m", 1), ("n", 2)] {
        let at = of(mission, "r");
        let found = cache(folder.path()).find(&at, false).unwrap();
        assert_eq!(told(&found, &at).len(), count);
        assert_eq!(told(&history, &at).len(), count);
    }
    let other = Run {
        mission_id: "n".to_owned(),
        ..run("r", RunStatus::Running)
    };
    own.hear(&Record::Run(other));
    assert!(own.find(&of("n", "r"), false).is_none());
    assert!(own.find(&at("r"), false).is_some());
}
