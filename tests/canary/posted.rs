//! What a receiver of traces is posted, as JSON and as protobuf, packed and unpacked: every byte of it, and
//! what is told of a receiver that sends everything back.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};

use super::{OWN, RUN, Server, clean, home, run, service::answer_with_ids, text};

/// Which bodies a receiver takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Packed,
    Plain,
    PackedProtobuf,
    PlainProtobuf,
    /// None: it sends back what it was sent.
    Nothing,
}

struct Room {
    takes: Takes,
    /// Address, headers and body of every request.
    posted: Mutex<Vec<(String, Bytes)>>,
}

async fn receive(
    State(room): State<Arc<Room>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let told = format!("{uri} {headers:?}");
    room.posted.lock().unwrap().push((told, body.clone()));
    let is_packed = headers.contains_key(header::CONTENT_ENCODING);
    let is_protobuf = headers[header::CONTENT_TYPE] == "application/x-protobuf";
    let refused = StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    match room.takes {
        Takes::Nothing => {
            let said = text(&body);
            let said: String = said.chars().take(3000).collect();
            (StatusCode::FORBIDDEN, format!("{headers:?} {said} {OWN}")).into_response()
        }
        Takes::Plain if is_packed => refused,
        Takes::PackedProtobuf if !is_protobuf => refused,
        Takes::PlainProtobuf if !is_protobuf || is_packed => refused,
        _ => StatusCode::OK.into_response(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_receiver_is_posted_a_secret() {
    let server = Server::saying(answer_with_ids).await;
    let home = home(&server);
    for takes in [
        Takes::Packed,
        Takes::Plain,
        Takes::PackedProtobuf,
        Takes::PlainProtobuf,
        Takes::Nothing,
    ] {
        let room = Arc::new(Room {
            takes,
            posted: Mutex::default(),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new()
            .fallback(receive)
            .with_state(Arc::clone(&room));
        tokio::spawn(async move { axum::serve(listener, app).await });
        let line = ["export", RUN, "--format", "otlp", "--to", &address];
        let more = ["--header", "x-token=env:RECEIVER_TOKEN"];
        let line: Vec<String> = line.iter().chain(&more).map(|w| (*w).to_owned()).collect();
        let token = "receivers-token-5b1e7f";
        let told = run(home.path(), &line, &[("RECEIVER_TOKEN", token)]);
        clean(&told, &format!("what is told of one that takes {takes:?}"));
        assert!(
            !told.contains(token),
            "the receiver's own token is told: {told}"
        );
        let posted = std::mem::take(&mut *room.posted.lock().unwrap());
        assert!(!posted.is_empty(), "{told}");
        for (head, body) in &posted {
            clean(head, "the head of a post");
            clean(&text(body), &format!("a post to one that takes {takes:?}"));
        }
        let (_, last) = posted.last().unwrap();
        assert!(text(last).contains("canary:"), "{takes:?}");
    }
}
