//! Asking again, waiting as the service wishes, and taking no more than there is room for.

use std::io::Write as _;
use std::time::{Duration, Instant};

use sortie::fetch::Line;
use sortie::model::{Limit, Trouble};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::plain::{self, connection, items};
use crate::server::{Say, Server, reply};
use crate::{ask, ids, trouble};

fn one() -> Vec<Say> {
    reply(200, "", items(["a".to_owned()], None))
}

#[tokio::test]
async fn what_may_pass_is_asked_again() {
    for status in [408, 500, 502, 503, 504] {
        let server = Server::saying(move |asked| match asked.nth {
            0 => reply(status, "", ""),
            _ => one(),
        })
        .await;
        assert_eq!(ids(&ask(&connection(&server.url)).await), ["a"], "{status}");
        assert_eq!(server.log.count(), 2);
    }
}

#[tokio::test]
async fn three_tries_are_enough() {
    let server = Server::saying(|_| reply(503, "", r#"{"error": "down for repairs"}"#)).await;
    let trouble = trouble(&connection(&server.url)).await;
    assert_eq!(
        trouble.to_string(),
        "503 from the service: down for repairs"
    );
    assert_eq!(server.log.count(), 3);
}

#[tokio::test]
async fn a_wish_to_wait_is_obeyed() {
    for wish in [
        "retry-after: 0.4",
        "retry-after-ms: 400",
        "x-ratelimit-reset: 0.4",
    ] {
        let headers = format!("{wish}\r\n");
        let server = Server::saying(move |asked| match asked.nth {
            0 => reply(429, &headers, r#"{"error": "slow down"}"#),
            _ => one(),
        })
        .await;
        let began = Instant::now();
        assert_eq!(ids(&ask(&connection(&server.url)).await), ["a"], "{wish}");
        assert!(began.elapsed() >= Duration::from_millis(400), "{wish}");
    }
}

#[tokio::test]
async fn a_long_wish_is_told_and_not_sat_out() {
    let server = Server::saying(|_| reply(429, "retry-after: 893\r\n", "")).await;
    let trouble = trouble(&connection(&server.url)).await;
    let Trouble::RateLimited { retry_after, .. } = trouble else {
        panic!("{trouble:?}")
    };
    assert_eq!(retry_after, Some(Duration::from_secs(893)));
    assert_eq!(server.log.count(), 1);

    let server = Server::saying(|_| reply(429, "retry-after: 5\r\n", "")).await;
    let hasty = Line::from(connection(&server.url)).patient(Duration::from_secs(1));
    let collected = sortie::fetch::collect(hasty, plain::missions(), Limit::NONE).await;
    assert!(matches!(
        collected.trouble,
        Some(Trouble::RateLimited { .. })
    ));
    assert_eq!(server.log.count(), 1);
}

#[tokio::test]
async fn a_limit_without_a_hint_is_met_with_patience_too() {
    let server = Server::saying(|_| reply(429, "", r#"{"error": "too many"}"#)).await;
    let trouble = trouble(&connection(&server.url)).await;
    assert_eq!(
        trouble.to_string(),
        "429, the service limits requests: too many"
    );
    assert_eq!(server.log.count(), 3);
}

#[tokio::test]
async fn a_kept_connection_that_dies_is_replaced_without_a_word() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    let server = tokio::spawn(async move {
        // The first connection answers once and dies under the second request.
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await.unwrap();
        let body = items(["a".to_owned()], Some("2"));
        let head = format!("HTTP/1.1 200 x\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all((head + &body).as_bytes()).await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await.unwrap();
        drop(stream);
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await.unwrap();
        let body = items(["b".to_owned()], None);
        let head = format!("HTTP/1.1 200 x\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all((head + &body).as_bytes()).await.unwrap();
    });
    let collected = ask(&connection(&url)).await;
    assert_eq!(collected.trouble, None);
    assert_eq!(ids(&collected), ["a", "b"]);
    server.await.unwrap();
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn compressed_replies_are_read_and_broken_ones_are_said_to_be() {
    let whole = gzip(items(["a".to_owned()], None).as_bytes());
    let half = whole[..whole.len() / 2].to_vec();
    let server = Server::saying(move |asked| {
        assert!(asked.head.contains("accept-encoding: gzip"));
        reply(200, "content-encoding: gzip\r\n", &whole)
    })
    .await;
    assert_eq!(ids(&ask(&connection(&server.url)).await), ["a"]);
    for broken in [half, b"{\"items\": []}".to_vec()] {
        let server =
            Server::saying(move |_| reply(200, "content-encoding: gzip\r\n", &broken)).await;
        let trouble = trouble(&connection(&server.url)).await;
        assert!(matches!(trouble, Trouble::CutShort { .. }), "{trouble:?}");
    }
}

#[tokio::test]
async fn no_body_is_larger_than_there_is_room_for() {
    let too_large = Trouble::TooLarge {
        limit: 64 * 1024 * 1024,
    };
    // Small on the wire, large when unpacked.
    let bomb = gzip(&vec![b' '; 65 * 1024 * 1024]);
    assert!(bomb.len() < 100_000);
    let server = Server::saying(move |_| reply(200, "content-encoding: gzip\r\n", &bomb)).await;
    assert_eq!(trouble(&connection(&server.url)).await, too_large);
    // Announced: not one byte of it is waited for.
    let server = Server::saying(|_| {
        let head = "HTTP/1.1 200 x\r\ncontent-length: 68157440\r\n\r\n";
        vec![Say::Bytes(head.into()), Say::Hang]
    })
    .await;
    assert_eq!(trouble(&connection(&server.url)).await, too_large);
}
