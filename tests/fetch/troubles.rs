//! Every way in which a request can fail: what it is called and in whose words.

use std::time::{Duration, Instant};

use sortie::fetch::collect;
use sortie::model::{Ask, Limit, Trouble};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::plain::{self, connection};
use crate::server::{Say, Server, reply};
use crate::{ask, ids, trouble};

async fn after(status: u16, headers: &'static str, body: &'static str) -> Trouble {
    let server = Server::saying(move |_| reply(status, headers, body)).await;
    trouble(&connection(&server.url)).await
}

#[tokio::test]
async fn each_status_is_its_trouble_in_the_services_words() {
    let said = r#"{"error": "because"}"#;
    let message = "because".to_owned();
    let source_name = "$PLAIN_KEY".to_owned();
    assert_eq!(
        after(401, "", said).await,
        Trouble::Refused {
            source_name: source_name.clone(),
            message: message.clone()
        }
    );
    assert_eq!(
        after(403, "", said).await,
        Trouble::Forbidden {
            source_name,
            message: message.clone()
        }
    );
    // There is always a list of missions: where it is not, the address leads elsewhere.
    assert_eq!(
        after(404, "", said).await,
        Trouble::BadReply {
            cause: "404, because".to_owned()
        }
    );
    let server = Server::saying(move |_| reply(404, "", said)).await;
    let one = Ask::Mission {
        mission: "gone".into(),
    };
    let gone = collect(&connection(&server.url), one, Limit::NONE).await;
    assert_eq!(
        gone.trouble,
        Some(Trouble::NotFound {
            message: message.clone()
        })
    );
    for status in [400, 409, 422] {
        let message = message.clone();
        assert_eq!(
            after(status, "", said).await,
            Trouble::Service { status, message }
        );
    }
    // A proxy's page has no words of the service.
    let gone = after(410, "content-type: text/html\r\n", "<html>Gone</html>").await;
    assert_eq!(
        gone.to_string(),
        "410 from the service: HTML where JSON was expected"
    );
}

#[tokio::test]
async fn a_404_that_the_dialect_understands_is_no_trouble() {
    let server = Server::saying(|_| reply(404, "", r#"{"items": []}"#)).await;
    let collected = ask(&connection(&server.url)).await;
    assert_eq!(collected.trouble, None);
}

#[tokio::test]
async fn what_is_no_reply_of_the_service_says_what_it_is() {
    for (body, words) in [
        (&b"<!DOCTYPE html><title>Sign in</title>"[..], "HTML"),
        (b"", "empty body"),
        (b"{\"items\": [{\"id\": \"a\"}, {\"id", "broken JSON"),
        (b"{\"items\": \"\xff\xfe\"}", "invalid UTF-8 at byte 11"),
        (b"[1, 2]", "no list of items"),
    ] {
        let server = Server::saying(move |_| reply(200, "", body)).await;
        let trouble = trouble(&connection(&server.url)).await;
        let Trouble::BadReply { cause } = &trouble else {
            panic!("{trouble:?}")
        };
        assert!(cause.contains(words), "{cause}");
    }
}

#[tokio::test]
async fn an_unreachable_host_is_named_with_the_reason() {
    let server = Server::saying(|_| Vec::new()).await;
    let url = server.url.clone();
    drop(server);
    tokio::task::yield_now().await;
    let refused = trouble(&connection(&url)).await.to_string();
    let port = url.port().unwrap();
    assert_eq!(
        refused,
        format!("cannot reach 127.0.0.1:{port}: connection refused")
    );
    let unknown = format!("http://{}.localhost/", "n".repeat(70));
    let trouble = trouble(&connection(&unknown.parse().unwrap())).await;
    assert!(
        trouble.to_string().ends_with("the name is unknown"),
        "{trouble}"
    );
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_not_asked_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        // A second connection would be a second try.
        tokio::time::timeout(Duration::from_secs(2), listener.accept())
            .await
            .is_err()
    });
    let mut connection = connection(&url.parse().unwrap());
    connection.insecure = true;
    let trouble = trouble(&connection).await;
    let Trouble::Unreachable { cause, .. } = &trouble else {
        panic!("{trouble:?}")
    };
    assert!(cause.starts_with("TLS failed"), "{cause}");
    assert!(server.await.unwrap());
}

#[tokio::test]
async fn silence_ends_after_the_limit_that_it_passed() {
    let head = "HTTP/1.1 200 x\r\ncontent-length: 100\r\n\r\n{\"items\"";
    let silent = Server::saying(|_| vec![Say::Hang]).await;
    let stalled = Server::saying(|_| vec![Say::Bytes(head.into()), Say::Hang]).await;
    for (server, expected) in [
        (silent, "the beginning of the answer"),
        (stalled, "the rest of the body"),
    ] {
        let began = Instant::now();
        let trouble = trouble(&connection(&server.url)).await;
        let Trouble::TimedOut { waited_for, .. } = trouble else {
            panic!("{trouble:?}")
        };
        assert_eq!(waited_for, expected);
        assert!(began.elapsed() < Duration::from_secs(3));
        assert_eq!(server.log.count(), 1, "who waited through a limit is told");
    }
}

#[tokio::test]
async fn a_connection_that_never_comes_about_ends_after_its_limit() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    // Nobody accepts: once the backlog is full, the system answers no further knock.
    let mut waiting = Vec::new();
    while let Ok(joined) = timeout(Duration::from_millis(300), TcpStream::connect(address)).await {
        waiting.push(joined.unwrap());
        assert!(waiting.len() < 1_000, "the backlog never fills");
    }
    let began = Instant::now();
    let url = format!("http://{address}").parse().unwrap();
    let trouble = trouble(&connection(&url)).await;
    let Trouble::TimedOut {
        waited_for, limit, ..
    } = trouble
    else {
        panic!("{trouble:?}")
    };
    assert_eq!(
        (waited_for, limit),
        ("the connection", Duration::from_millis(500))
    );
    assert!(began.elapsed() < Duration::from_secs(3), "told at once");
}

#[tokio::test]
async fn a_slow_body_is_no_silence() {
    let server = Server::saying(|_| {
        let mut says = vec![Say::Bytes(
            b"HTTP/1.1 200 x\r\nconnection: close\r\n\r\n".to_vec(),
        )];
        for piece in [r#"{"items""#, r#": [{"id""#, r#": "a"}]}"#] {
            says.push(Say::Wait(Duration::from_millis(200)));
            says.push(Say::Bytes(piece.into()));
        }
        says
    })
    .await;
    let collected = ask(&connection(&server.url)).await;
    assert_eq!(ids(&collected), ["a"]);
}

#[tokio::test]
async fn a_body_that_breaks_off_says_how_much_came() {
    for head in ["content-length: 500", "transfer-encoding: chunked"] {
        let server = Server::saying(move |_| {
            let body = if head.starts_with('t') {
                "6\r\n{\"item\r\n"
            } else {
                "{\"item"
            };
            vec![Say::Bytes(
                format!("HTTP/1.1 200 x\r\n{head}\r\n\r\n{body}").into(),
            )]
        })
        .await;
        let trouble = trouble(&connection(&server.url)).await;
        assert!(
            matches!(trouble, Trouble::CutShort { received: 6, .. }),
            "{trouble:?}"
        );
    }
}

#[tokio::test]
async fn a_redirect_is_followed_home_and_nowhere_else() {
    let home = Server::saying(|asked| {
        if asked.line == "GET /missions/" {
            reply(200, "", plain::items(["a".to_owned()], None))
        } else {
            reply(307, "location: /missions/\r\n", "")
        }
    })
    .await;
    assert_eq!(ids(&ask(&connection(&home.url)).await), ["a"]);

    let elsewhere = Server::saying(|_| reply(200, "", "{}")).await;
    let location = format!("location: {}stolen\r\n", elsewhere.url);
    let away = Server::saying(move |_| reply(302, &location, "")).await;
    let trouble = trouble(&connection(&away.url)).await;
    assert!(matches!(&trouble, Trouble::Unwilling { .. }), "{trouble:?}");
    assert!(
        trouble
            .to_string()
            .contains(&elsewhere.url.port().unwrap().to_string())
    );
    assert_eq!(elsewhere.log.count(), 0, "the credential stayed here");
}

#[tokio::test]
async fn a_redirect_in_circles_ends() {
    let server = Server::saying(|_| reply(301, "location: /missions\r\n", "")).await;
    let trouble = trouble(&connection(&server.url)).await;
    assert!(matches!(trouble, Trouble::Unwilling { .. }), "{trouble:?}");
    assert_eq!(server.log.count(), 6);
}

#[tokio::test]
async fn a_service_that_echoes_the_key_does_not_put_it_on_the_screen() {
    let server = Server::saying(|asked| {
        let sent = asked
            .head
            .lines()
            .find(|line| line.starts_with("authorization"))
            .unwrap();
        reply(
            401,
            "",
            format!(r#"{{"error": "bad header: {sent}, extra-secret-77"}}"#),
        )
    })
    .await;
    let trouble = trouble(&connection(&server.url)).await;
    let expected = "bad header: authorization: bearer ‹secret›, ‹secret›";
    assert!(trouble.to_string().ends_with(expected), "{trouble}");
}
