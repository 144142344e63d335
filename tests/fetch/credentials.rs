//! How who asks is proved: which header, which token, and how often one is bought.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use secrecy::SecretString;
use sortie::fetch::{Auth, Connection, collect};
use sortie::model::{Ask, AuthScheme, Limit, Trouble};
use url::Url;

use crate::plain::{SECRET, connection, items, missions};
use crate::server::{Server, reply};
use crate::{ask, ids, trouble};

async fn heard(auth: Auth) -> String {
    let server = Server::saying(|asked| {
        let heads: Vec<&str> = asked.head.lines().collect();
        reply(200, "", items([heads.join("|")], None))
    })
    .await;
    let mut connection = connection(&server.url);
    connection.auth = auth;
    let collected = ask(&connection).await;
    ids(&collected)[0].to_owned()
}

#[tokio::test]
async fn each_scheme_has_its_header() {
    let key = |scheme, account_id: Option<&str>| Auth::Key {
        scheme,
        secret: SecretString::from(SECRET),
        source: "$PLAIN_KEY".to_owned(),
        account_id: account_id.map(str::to_owned),
    };
    for (scheme, expected) in [
        (
            AuthScheme::Bearer,
            format!("|authorization: bearer {SECRET}|"),
        ),
        (AuthScheme::XApiKey, format!("|x-api-key: {SECRET}|")),
        (AuthScheme::AgentKey, format!("|x-agent-api-key: {SECRET}|")),
    ] {
        let head = heard(key(scheme, None)).await;
        assert!(head.contains(&expected), "{head}");
        assert_eq!(head.matches(SECRET).count(), 1);
        assert!(head.contains("|x-extra: extra-secret-77|"));
        assert!(head.contains(&format!("user-agent: sortie/{}", env!("CARGO_PKG_VERSION"))));
    }
    let head = heard(key(AuthScheme::XApiKey, Some("acc-1"))).await;
    assert!(head.contains("|x-selected-account-id: acc-1|"), "{head}");
    assert!(!heard(Auth::None).await.contains("authorization"));
}

#[tokio::test]
async fn without_a_credential_the_ask_answers_why() {
    let server = Server::saying(|_| reply(401, "", r#"{"error": "key?"}"#)).await;
    let mut open = connection(&server.url);
    open.auth = Auth::None;
    let asked = trouble(&open).await;
    assert!(matches!(asked, Trouble::NoCredential { .. }), "{asked:?}");
    let missing = Trouble::NoCredential {
        cause: "$PLAIN_KEY is not set".to_owned(),
    };
    open.auth = Auth::Missing(Arc::new(missing.clone()));
    assert_eq!(trouble(&open).await, missing);
    assert_eq!(
        server.log.count(),
        1,
        "nothing is sent without what belongs to it"
    );
}

#[tokio::test]
async fn a_key_that_no_header_can_hold_is_not_shown() {
    let server = Server::saying(|_| reply(200, "", "")).await;
    let mut connection = connection(&server.url);
    connection.auth = Auth::Key {
        scheme: AuthScheme::Bearer,
        secret: SecretString::from(format!("{SECRET}\nsecond line")),
        source: "/home/me/key".to_owned(),
        account_id: None,
    };
    let words = trouble(&connection).await.to_string();
    assert!(words.contains("/home/me/key"), "{words}");
    assert_eq!(server.log.count(), 0);
}

fn client(url: &Url) -> Connection {
    let mut connection = connection(url);
    connection.auth = Auth::Client {
        client_id: "me".to_owned(),
        client_secret: SecretString::from(SECRET),
        token_url: url.join("/oauth2/token").unwrap(),
        source: "$PLAIN_CLIENT_SECRET".to_owned(),
    };
    connection
}

#[tokio::test]
async fn one_token_serves_many_requests_and_is_renewed_when_refused() {
    let sold = Arc::new(AtomicUsize::new(0));
    let seller = Arc::clone(&sold);
    let server = Server::saying(move |asked| {
        if asked.line == "POST /oauth2/token" {
            let form = format!("grant_type=client_credentials&client_id=me&client_secret={SECRET}");
            assert_eq!(asked.body, form);
            let n = seller.fetch_add(1, Ordering::SeqCst) + 1;
            return reply(
                200,
                "",
                format!(r#"{{"access_token": "token-{n}", "expires_in": 1800}}"#),
            );
        }
        // The first token is withdrawn once the list was read with it.
        if asked.line.ends_with("/missions") {
            return reply(
                200,
                "",
                r#"{"items": [], "also": ["a", "b", "c", "d", "e"]}"#,
            );
        }
        if asked.head.contains("bearer token-1") {
            return reply(401, "", r#"{"error": "expired"}"#);
        }
        reply(200, "", items([asked.line.clone()], None))
    })
    .await;
    let collected = collect(&client(&server.url), missions(), Limit::NONE).await;
    assert_eq!(collected.trouble, None);
    assert_eq!(collected.records.len(), 5);
    assert_eq!(sold.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn many_that_wait_for_a_token_hear_the_one_refusal() {
    let server = Server::saying(|asked| {
        assert!(
            asked.line.starts_with("POST"),
            "nothing is asked without a token"
        );
        reply(
            401,
            "",
            format!(r#"{{"error": "invalid_client {SECRET}"}}"#),
        )
    })
    .await;
    let line = sortie::fetch::Line::from(client(&server.url));
    let one = |id: &str| {
        let ask = Ask::Mission { mission: id.into() };
        collect(&line, ask, Limit::NONE)
    };
    let all = tokio::join!(one("a"), one("b"), one("c"));
    for collected in [all.0, all.1, all.2] {
        let trouble = collected.trouble.unwrap();
        assert!(matches!(trouble, Trouble::Refused { .. }), "{trouble:?}");
        assert!(!trouble.to_string().contains(SECRET));
    }
    assert_eq!(server.log.count(), 1);
}

#[tokio::test]
async fn a_long_refusal_of_a_token_is_one_short_line() {
    let server = Server::saying(|_| {
        let words = format!("{}\n{SECRET} ", "no ".repeat(95)).repeat(40);
        let denied = serde_json::json!({ "error": "x", "error_description": words });
        reply(400, "", denied.to_string())
    })
    .await;
    let collected = collect(&client(&server.url), missions(), Limit::NONE).await;
    let told = collected.trouble.unwrap().to_string();
    assert!(told.chars().count() < 500 && !told.contains('\n'), "{told}");
    let half = SECRET.get(..8).unwrap();
    assert!(told.contains("no no") && !told.contains(half), "{told}");
}

#[tokio::test]
async fn a_token_is_renewed_before_it_expires() {
    let server = Server::saying(|asked| {
        if asked.line.starts_with("POST") {
            return reply(200, "", r#"{"access_token": "t", "expires_in": 1.2}"#);
        }
        reply(200, "", items(["a".to_owned()], None))
    })
    .await;
    let line = sortie::fetch::Line::from(client(&server.url));
    let sold = || {
        let lines = server.log.lines.lock().unwrap();
        lines.iter().filter(|line| line.starts_with("POST")).count()
    };
    for _ in 0..2 {
        collect(&line, missions(), Limit::NONE).await;
    }
    assert_eq!(sold(), 1, "a good token is used again");
    // Not expired yet, but too old to be sure that it arrives in time.
    tokio::time::sleep(std::time::Duration::from_millis(950)).await;
    collect(&line, missions(), Limit::NONE).await;
    assert_eq!(sold(), 2);
}

#[tokio::test]
async fn a_token_that_lives_for_ever_is_used() {
    let server = Server::saying(|asked| {
        if asked.line.starts_with("POST") {
            return reply(200, "", r#"{"access_token": "t", "expires_in": 1e19}"#);
        }
        reply(200, "", items(["a".to_owned()], None))
    })
    .await;
    let collected = collect(&client(&server.url), missions(), Limit::NONE).await;
    assert_eq!((collected.trouble, collected.records.len()), (None, 1));
}

#[tokio::test]
async fn where_the_form_is_not_understood_json_is() {
    let server = Server::saying(|asked| {
        let is_json = asked.head.contains("content-type: application/json");
        match asked.line.as_str() {
            "POST /oauth2/token" if is_json => {
                let sent: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
                let expected = serde_json::json!({
                    "client_id": "me",
                    "client_secret": SECRET,
                    "grant_type": "client_credentials",
                });
                assert_eq!(sent, expected);
                reply(
                    200,
                    "",
                    r#"{"access_token": "token-9", "expires_in": 1800}"#,
                )
            }
            "POST /oauth2/token" => reply(415, "", ""),
            _ => {
                assert!(asked.head.contains("authorization: bearer token-9"));
                reply(500, "", r#"{"error": "no token-9 here"}"#)
            }
        }
    })
    .await;
    let line = sortie::fetch::Line::from(client(&server.url));
    let told = collect(&line, missions(), Limit::NONE)
        .await
        .trouble
        .unwrap();
    assert!(!told.to_string().contains("token-9"), "{told}");
    let sent: Vec<_> = line
        .requests()
        .into_iter()
        .take(2)
        .map(|sent| (sent.method, sent.path, sent.status, sent.context))
        .collect();
    let one = |status| {
        (
            "POST",
            "/oauth2/token".to_owned(),
            Some(status),
            "test".to_owned(),
        )
    };
    assert_eq!(sent, [one(415), one(200)]);
}

#[tokio::test]
async fn a_client_that_is_refused_is_not_tried_in_another_spelling() {
    let server = Server::saying(|_| reply(400, "", r#"{"error": "invalid_client"}"#)).await;
    let told = collect(&client(&server.url), missions(), Limit::NONE).await;
    assert!(matches!(told.trouble, Some(Trouble::Refused { .. })));
    assert_eq!(server.log.count(), 1);
}
