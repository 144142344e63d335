//! Every status that is no success, in the words of each of the four services, of a proxy before them,
//! and in none at all.

use std::time::{Duration, Instant, SystemTime};

use sortie::fetch::Connection;
use sortie::model::{Ask, Limit, RunRef, Trouble};
use sortie::provider::{ALL, Provider};

use super::{Case, Suffered, check_all, first_page, patient, second_page, suffer, suffer_for};
use crate::plain::{items, missions};
use crate::server::{Say, Server, reply};

const STATUSES: [u16; 12] = [400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504];

fn run() -> Ask {
    Ask::Run(RunRef {
        mission: "3f2a1d86-7f0e-4a55-9c55-0b7a2f5a9f10".into(),
        run: "8c41d2b7-51c5-4f0e-8a4e-6a6a5f6b7c11".into(),
        room: None,
    })
}

/// Refusals as a service words them; each says `because of this`.
fn refusals(service: &str) -> &'static [&'static str] {
    match service {
        "telnyx" => &[
            r#"{"errors":[{"code":"10009","title":"No","detail":"because of this"}]}"#,
            r#"{"errors":[{"code":10015,"title":"because of this"}]}"#,
            r#"{"detail":[{"loc":["query","page[size]"],"msg":"because of this","type":"x"}]}"#,
            r#"{"detail":"because of this"}"#,
        ],
        "vectara" => &[
            r#"{"messages":["because of this"],"request_id":"3fa1"}"#,
            r#"{"id":"x","messages":["because of this"],"request_id":"3fa1"}"#,
            r#"{"field_errors":{"name":"because of this"},"messages":[],"request_id":"3fa1"}"#,
        ],
        "agentex" => &[
            r#"{"message":"because of this","code":404,"data":null}"#,
            r#"{"status_code":10422,"message":"because of this","data":null}"#,
            r#"{"detail":"because of this"}"#,
            r#"{"detail":[{"loc":["query","limit"],"msg":"because of this"}]}"#,
        ],
        _ => &[
            r#"{"success":false,"error":{"code":"NOT_FOUND","message":"because of this"}}"#,
            r#"{"success":false,"error":{"message":"because of this","code":500}}"#,
            r#"{"success":false,"error":"because of this"}"#,
            r#"{"error":"because of this","message":"and that"}"#,
        ],
    }
}

fn of(provider: &'static dyn Provider, server: &Server) -> Connection {
    let mut connection = patient(&server.url);
    connection.provider = provider;
    connection
}

async fn said(provider: &'static dyn Provider, status: u16, body: &'static str) -> Suffered {
    let server = Server::saying(move |_| reply(status, "", body)).await;
    let suffered = suffer_for(of(provider, &server), run(), Limit::NONE).await;
    let tries = if matches!(status, 408 | 429 | 500..) {
        3
    } else {
        1
    };
    let name = provider.name();
    assert_eq!(server.log.count(), tries, "{name} {status} {body}");
    suffered
}

/// The word for scripts of a run that is refused with this status.
fn code(status: u16) -> &'static str {
    match status {
        401 => "refused",
        403 => "forbidden",
        404 => "not_found",
        429 => "rate_limited",
        _ => "service",
    }
}

/// All of a service's refusals with all statuses at once, for each waits between its tries.
async fn every_refusal(service: &str) {
    let provider = ALL.into_iter().find(|one| one.name() == service).unwrap();
    let bodies = refusals(service);
    let all = STATUSES
        .iter()
        .flat_map(|status| bodies.iter().map(|body| (*status, *body)));
    let all = all.map(async |(status, body)| {
        let suffered = said(provider, status, body).await;
        let trouble = suffered.trouble.as_ref().unwrap();
        let told = format!("{service} {status} {body}: {trouble}");
        assert_eq!(trouble.code(), code(status), "{told}");
        assert!(suffered.words().contains("because of this"), "{told}");
        let number = status.to_string();
        assert!(
            status == 404 || suffered.words().contains(&number),
            "{told}"
        );
        if matches!(status, 401 | 403) {
            let texts = format!("{trouble} {}", trouble.hint());
            assert_eq!(texts.matches("$PLAIN_KEY").count(), 2, "{told}");
        }
    });
    futures_util::future::join_all(all).await;
}

#[tokio::test]
async fn every_refusal_of_telnyx() {
    every_refusal("telnyx").await;
}

#[tokio::test]
async fn every_refusal_of_vectara() {
    every_refusal("vectara").await;
}

#[tokio::test]
async fn every_refusal_of_agentex() {
    every_refusal("agentex").await;
}

#[tokio::test]
async fn every_refusal_of_elizaos() {
    every_refusal("elizaos").await;
}

#[tokio::test]
async fn refusals_that_are_not_the_services_own() {
    const PAGE: &str = "<html><body><h1>Blocked by the proxy</h1></body></html>";
    let all = ALL.into_iter().flat_map(|provider| {
        let bodies = [
            "",
            PAGE,
            "null",
            "[]",
            "{}",
            "\u{1b}[31mno",
            "{\"messages\":7",
        ];
        bodies.map(|body| (provider, body))
    });
    let all =
        all.flat_map(|(provider, body)| [401, 403, 404, 422, 503].map(|n| (provider, body, n)));
    let all = all.map(async |(provider, body, status)| {
        let suffered = said(provider, status, body).await;
        let trouble = suffered.trouble.as_ref().unwrap();
        let told = format!("{} {status} {body:?}: {trouble}", provider.name());
        assert_eq!(trouble.code(), code(status), "{told}");
        assert!(
            !suffered.words().trim_end().ends_with(':'),
            "no words: {told}"
        );
    });
    futures_util::future::join_all(all).await;
}

/// A status with the service's words `because` on the second page.
fn because(status: u16, headers: &str) -> Vec<Say> {
    reply(status, headers, r#"{"error": "because"}"#)
}

#[tokio::test]
async fn the_rows_words_for_each_status() {
    const ACCEPT: (&str, &str) = ("service", "its words say why");
    const OWN: (&str, &str) = ("service", "problem of its own");
    const LIMITED: &str = "rate_limited";
    type Row = (
        fn() -> Vec<Say>,
        &'static str,
        (&'static str, &'static str),
        usize,
    );
    let rows: [Row; 12] = [
        (
            || because(401, ""),
            "401, the credential from $PLAIN_KEY was refused: because",
            ("refused", "Check the key in $PLAIN_KEY"),
            1,
        ),
        (
            || because(403, ""),
            "403, not allowed with the credential from $PLAIN_KEY: because",
            ("forbidden", "Ask for read access for the key in $PLAIN_KEY"),
            1,
        ),
        (
            || reply(404, "", r#"{"error": "no such path"}"#),
            "the answer is not what this service sends: 404, no such path",
            ("bad_reply", "base_url"),
            1,
        ),
        (
            || because(408, ""),
            "408 from the service: because",
            ACCEPT,
            3,
        ),
        (
            || because(409, ""),
            "409 from the service: because",
            ACCEPT,
            1,
        ),
        (
            || because(422, ""),
            "422 from the service: because",
            ACCEPT,
            1,
        ),
        (
            || because(429, ""),
            "429, the service limits requests: because",
            (LIMITED, "Wait a little"),
            3,
        ),
        (
            || because(429, "retry-after: 893\r\n"),
            "429, the service limits requests and asks to wait 893 s: because",
            (LIMITED, "Try again in 893 s."),
            1,
        ),
        (|| because(500, ""), "500 from the service: because", OWN, 3),
        (
            || reply(502, "", "<html>Bad gateway</html>"),
            "502 from the service: HTML where JSON was expected",
            OWN,
            3,
        ),
        (
            || reply(503, "", ""),
            "503 from the service: an empty body",
            OWN,
            3,
        ),
        (|| because(504, ""), "504 from the service: because", OWN, 3),
    ];
    let cases = rows.map(|(says, words, (code, hint), tries)| Case {
        fault: words,
        says,
        words,
        code,
        hint,
        tries,
    });
    check_all(&cases).await;
}

#[tokio::test]
async fn a_thing_that_is_not_there() {
    let server = Server::saying(|_| reply(404, "", r#"{"error": "no mission m"}"#)).await;
    let mission = "m".into();
    let suffered = suffer_for(patient(&server.url), Ask::Mission { mission }, Limit::NONE).await;
    assert_eq!(suffered.words(), "not found: no mission m");
    let hint = suffered.trouble.unwrap().hint();
    assert!(hint.contains("refresh the list it came from"), "{hint}");
}

/// A service that limits the second page once, and how long that took.
async fn limited_once(hint: String) -> (Suffered, Duration) {
    let server = Server::saying(move |asked| match asked.nth {
        0 => first_page(),
        1 => reply(429, &hint, r#"{"error": "slow down"}"#),
        _ => reply(200, "", items(["c".to_owned()], None)),
    })
    .await;
    let began = Instant::now();
    let suffered = suffer(patient(&server.url)).await;
    assert_eq!(suffered.trouble, None);
    assert_eq!(suffered.ids(), ["a", "b", "c"]);
    assert_eq!(server.log.count(), 3);
    (suffered, began.elapsed())
}

#[tokio::test]
async fn a_limit_says_when_in_seconds_or_with_a_date() {
    let at = |from_now: i64, ahead: i64| {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = i64::try_from(now.unwrap().as_secs()).unwrap() + ahead;
        let date = |seconds: i64| {
            let since = Duration::from_secs(seconds.try_into().unwrap());
            httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + since)
        };
        format!(
            "date: {}\r\nretry-after: {}\r\n",
            date(now),
            date(now + from_now)
        )
    };
    let hour = 3600;
    let (seconds, date, behind, ahead) = tokio::join!(
        limited_once("retry-after: 1\r\n".to_owned()),
        limited_once(at(1, 0)),
        // The clocks need not agree: what counts is how far the two dates are apart.
        limited_once(at(1, -hour)),
        limited_once(at(1, hour)),
    );
    for (suffered, took) in [seconds, date, behind, ahead] {
        let words = "429, the service limits requests and asks to wait 1 s: slow down";
        assert_eq!(suffered.waits[0].to_string(), words);
        assert!(took >= Duration::from_millis(900), "{took:?}");
        assert!(took < Duration::from_secs(10), "{took:?}");
    }
    let (past, took) = limited_once(at(-20, 0)).await;
    let limited = |trouble: &Trouble| matches!(trouble, Trouble::RateLimited { .. });
    assert!(past.waits.iter().all(limited));
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[tokio::test]
async fn a_redirect_to_another_host_is_not_followed() {
    let elsewhere = Server::saying(|_| reply(200, "", "{}")).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("location: {}stolen\r\n", elsewhere.url);
        let away = second_page(move |_| reply(status, &location, "")).await;
        let suffered = suffer(patient(&away.url)).await;
        let port = elsewhere.url.port().unwrap();
        assert_eq!(
            suffered.words(),
            format!(
                "not done: the service redirects to http://127.0.0.1:{port}, which would be shown the credential"
            )
        );
        assert_eq!(suffered.ids(), ["a", "b"]);
        assert_eq!(
            suffered.trouble.unwrap().hint(),
            "Check the context's base_url."
        );
    }
    assert_eq!(elsewhere.log.count(), 0, "no header reached it");
    // One that says not where is no answer either.
    let nowhere = Server::saying(|_| reply(302, "", "")).await;
    let ask = missions();
    let suffered = suffer_for(patient(&nowhere.url), ask, Limit::NONE).await;
    assert_eq!(suffered.words(), "302 from the service: an empty body");
}
