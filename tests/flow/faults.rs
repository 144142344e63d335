//! A context that was loaded meets a fault when it is refreshed: its row says what and since when the
//! rest is old, everything loaded stays, and the other context goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use sortie::fetch::Connection;
use sortie::provider::telnyx::Telnyx;

use crate::plain::connection;
use crate::play::{Play, play};
use crate::server::{Say, Server, reply};

fn mission(name: &str) -> Vec<Say> {
    let body = format!(
        r#"{{"data":[{{"mission_id":"{name}","name":"{name}"}}],"meta":{{"total_pages":1}}}}"#
    );
    reply(200, "", body)
}

fn named(name: &str, server: &Server) -> Connection {
    let mut connection = connection(&server.url);
    name.clone_into(&mut connection.name);
    connection.provider = &Telnyx;
    let long = Duration::from_secs(30);
    connection.timeouts.connect = long;
    connection.timeouts.header = long;
    connection.timeouts.idle = long;
    connection
}

/// Plays with a context `faulty`, whose mission `Kept` is loaded, and a context `healthy`.
async fn beside(faulty: Connection, script: impl AsyncFnOnce(&mut Play)) {
    let good = Server::saying(|_| mission("Going on")).await;
    let connections = [faulty, named("healthy", &good)];
    play((200, 40), &connections, async |play| {
        play.until("Kept").await;
        play.until("Going on").await;
        play.go_to("faulty").await;
        script(play).await;
        play.until("Kept").await;
        play.go_to("healthy").await;
        play.press("r").await;
        play.until_cursor("✓ healthy").await;
        play.until("Going on").await;
    })
    .await;
}

/// What the row says once this is answered to a refresh, and that all is well after the next.
async fn refreshed_into(says: fn() -> Vec<Say>, words: &str, hint: &str) {
    refreshed(says, words, hint, true).await;
}

/// `again`: whether a service that is mended is asked again at once.
async fn refreshed(says: fn() -> Vec<Say>, words: &str, hint: &str, again: bool) {
    let broken = Arc::new(AtomicBool::new(false));
    let is_broken = Arc::clone(&broken);
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let server = Server::saying(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        if is_broken.load(Ordering::SeqCst) {
            says()
        } else {
            mission("Kept")
        }
    })
    .await;
    let mut faulty = named("faulty", &server);
    faulty.timeouts.idle = Duration::from_secs(1);
    beside(faulty, async |play| {
        broken.store(true, Ordering::SeqCst);
        play.press("r").await;
        let screen = play.until("✗ stale, from ").await;
        assert!(screen.contains("Kept"), "{screen}");
        assert!(screen.contains(&format!(": {words}")), "{screen}");
        assert!(screen.contains("Going on"), "{screen}");
        assert!(screen.contains("contexts 1 ok, 1 failed"), "{screen}");
        // The detail of the context says what to do.
        assert!(screen.contains("could not be refreshed"), "{screen}");
        assert!(screen.contains(hint), "{screen}");
        broken.store(false, Ordering::SeqCst);
        let before = asked.load(Ordering::SeqCst);
        play.press("r").await;
        let screen = if again {
            play.until_gone("stale").await
        } else {
            let screen = play.until("✗ stale, from ").await;
            assert_eq!(asked.load(Ordering::SeqCst), before, "it is left alone");
            screen
        };
        assert!(screen.contains("Kept"), "{screen}");
    })
    .await;
}

#[tokio::test]
async fn a_login_page_instead_of_the_list() {
    refreshed_into(
        || reply(200, "content-type: text/html\r\n", "<html>Sign in</html>"),
        "the answer is not what this service sends: HTML where JSON was expected",
        "Check that base_url points at the service's API",
    )
    .await;
}

#[tokio::test]
async fn a_body_cut_short() {
    refreshed_into(
        || {
            vec![Say::Bytes(
                b"HTTP/1.1 200 x\r\ncontent-length: 99\r\n\r\n{\"data\"".to_vec(),
            )]
        },
        "the answer broke off after 7 bytes: the data ended too early",
        "Try again; what was loaded before is kept.",
    )
    .await;
}

#[tokio::test]
async fn a_body_that_stalls() {
    refreshed_into(
        || {
            let head = b"HTTP/1.1 200 x\r\ncontent-length: 99\r\n\r\n{".to_vec();
            vec![Say::Bytes(head), Say::Hang]
        },
        "127.0.0.1:",
        "timeouts can be raised",
    )
    .await;
}

#[tokio::test]
async fn a_key_that_was_revoked() {
    refreshed_into(
        || reply(401, "", r#"{"errors":[{"detail":"revoked"}]}"#),
        "401, the credential from $PLAIN_KEY was refused: revoked",
        "Check the key in $PLAIN_KEY",
    )
    .await;
}

#[tokio::test]
async fn a_limit_that_nobody_sits_out() {
    refreshed(
        || reply(429, "retry-after: 893\r\n", r#"{"detail":"slow down"}"#),
        "429, the service limits requests and asks to wait 893 s: slow down",
        "Try again in 893 s.",
        false,
    )
    .await;
}

#[tokio::test]
async fn a_service_that_is_down() {
    refreshed_into(
        || reply(503, "", r#"{"detail":"down for repairs"}"#),
        "503 from the service: down for repairs",
        "The service has a problem of its own",
    )
    .await;
}

#[tokio::test]
async fn a_redirect_to_another_host() {
    refreshed_into(
        || reply(302, "location: http://elsewhere.invalid/\r\n", ""),
        "not done: the service redirects to http://elsewhere.invalid:80",
        "Check the context's base_url.",
    )
    .await;
}

#[tokio::test]
async fn a_body_too_large() {
    refreshed_into(
        || {
            let head = b"HTTP/1.1 200 x\r\ncontent-length: 68157440\r\n\r\n".to_vec();
            vec![Say::Bytes(head), Say::Hang]
        },
        "the answer is larger than 64 MiB",
        "Open it in the service's console.",
    )
    .await;
}

#[tokio::test]
async fn a_limit_that_is_sat_out_counts_down() {
    let limited = Arc::new(AtomicBool::new(false));
    let is_limited = Arc::clone(&limited);
    let server = Server::saying(move |_| {
        if is_limited.swap(false, Ordering::SeqCst) {
            reply(429, "retry-after: 2\r\n", r#"{"detail":"slow down"}"#)
        } else {
            mission("Kept")
        }
    })
    .await;
    beside(named("faulty", &server), async |play| {
        limited.store(true, Ordering::SeqCst);
        play.press("r").await;
        let screen = play.until("trying again in 1 s: 429").await;
        assert!(screen.contains("Kept"), "{screen}");
        play.until_gone("trying again").await;
    })
    .await;
}

#[tokio::test]
async fn a_server_that_goes_and_comes_back() {
    let server = Server::saying(|_| mission("Kept")).await;
    let address = format!("127.0.0.1:{}", server.url.port().unwrap());
    let faulty = named("faulty", &server);
    beside(faulty, async |play| {
        drop(server);
        play.press("r").await;
        let words = format!("cannot reach {address}: connection refused (r tries again)");
        let screen = play.until(&words).await;
        assert!(screen.contains("✗ stale, from "), "{screen}");
        assert!(screen.contains("Kept"), "{screen}");
        let anew = Server::at(&address, |_| mission("Kept")).await;
        play.press("r").await;
        play.until_gone("stale").await;
        drop(anew);
    })
    .await;
}
