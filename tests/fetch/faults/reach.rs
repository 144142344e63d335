//! Services that cannot be reached, or not any more: nobody listens, no such name, no good
//! certificate, silence instead of a connection, and a server that is started anew under way.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;

use super::{first_page, host, patient, second_page, silent_beside, suffer};
use crate::plain::items;
use crate::server::{Say, Server, reply};

const CHECK_ADDRESS: &str = "Check the context's base_url, the network and any proxy.";

#[tokio::test]
async fn refused() {
    let server = Server::saying(|_| Vec::new()).await;
    let (url, host) = (server.url.clone(), host(&server));
    drop(server);
    tokio::task::yield_now().await;
    let suffered = suffer(patient(&url)).await;
    assert_eq!(
        suffered.words(),
        format!("cannot reach {host}: connection refused")
    );
    assert_eq!(suffered.trouble.unwrap().hint(), CHECK_ADDRESS);
    // While it is tried again the row says why, and the countdown until when.
    assert!(!suffered.waits.is_empty());
}

#[tokio::test]
async fn a_certificate_nobody_trusts() {
    let (url, _) = crate::tls::serving("localhost");
    let suffered = suffer(patient(&url)).await;
    let host = format!("localhost:{}", url.port().unwrap());
    assert_eq!(
        suffered.words(),
        format!(
            "cannot reach {host}: the certificate was refused: its issuer is not trusted here (see ca_file)"
        )
    );
    assert_eq!(suffered.sent.len(), 1, "asking again makes it no better");
}

/// A listener that greets everybody with these bytes, and how often it did.
async fn greeting(bytes: &'static [u8]) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let times = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&times);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let _ = stream.write_all(bytes).await;
            let _ = stream.read(&mut [0; 4096]).await;
        }
    });
    (address, times)
}

#[tokio::test]
async fn no_tls_where_tls_is_expected() {
    let (address, times) = greeting(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let url = format!("https://{address}").parse().unwrap();
    let suffered = suffer(patient(&url)).await;
    let words = suffered.words();
    let beginning = format!("cannot reach {address}: TLS failed: ");
    assert!(words.starts_with(&beginning), "{words}");
    assert_eq!(times.load(Ordering::SeqCst), 1, "asked again in vain");
}

#[tokio::test]
async fn what_answers_is_no_http() {
    let (address, times) = greeting(b"SSH-2.0-OpenSSH_9.2p1\r\n").await;
    let url = format!("http://{address}").parse().unwrap();
    let suffered = suffer(patient(&url)).await;
    assert_eq!(
        suffered.words(),
        "the answer is not what this service sends: no HTTP, invalid HTTP version parsed"
    );
    assert_eq!(times.load(Ordering::SeqCst), 1, "asked again in vain");
}

/// An address where nobody accepts and the system answers no further knock, for as long as what it
/// comes with is kept.
async fn full() -> (SocketAddr, impl Sized) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(joined) = timeout(Duration::from_millis(200), TcpStream::connect(address)).await {
        waiting.push(joined.unwrap());
        assert!(waiting.len() < 1_000, "the backlog never fills");
    }
    (address, (listener, waiting))
}

#[tokio::test]
async fn a_connection_that_hangs() {
    let (address, _kept) = full().await;
    let url = format!("http://{address}").parse().unwrap();
    silent_beside(patient(&url), || true).await;
    let mut hasty = patient(&url);
    hasty.timeouts.connect = Duration::from_millis(300);
    let began = Instant::now();
    let suffered = suffer(hasty).await;
    assert_eq!(
        suffered.words(),
        format!("{address} did not answer in time: the connection took more than 300 ms")
    );
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_connection_torn_down_under_the_request() {
    let server = second_page(|_| vec![Say::Reset]).await;
    let suffered = suffer(patient(&server.url)).await;
    let words = format!("cannot reach {}: the connection was reset", host(&server));
    assert_eq!(suffered.words(), words);
    assert_eq!(suffered.ids(), ["a", "b"]);
    assert!(server.log.count() <= 1 + 3 * 2, "{}", server.log.count());
}

#[tokio::test]
async fn a_connection_closed_without_a_word() {
    let server = second_page(|_| Vec::new()).await;
    let suffered = suffer(patient(&server.url)).await;
    let host = host(&server);
    assert_eq!(
        suffered.words(),
        format!("cannot reach {host}: it closed the connection without an answer")
    );
    assert_eq!(suffered.ids(), ["a", "b"]);
}

#[tokio::test]
async fn a_server_started_anew_under_way() {
    let second = Arc::new(Mutex::new(None));
    let stop = Arc::new(tokio::sync::Notify::new());
    let asked_to = Arc::clone(&stop);
    let first = Server::saying(move |asked| {
        if asked.nth == 0 {
            return first_page();
        }
        // It goes down under the second page.
        asked_to.notify_one();
        vec![Say::Hang]
    })
    .await;
    let url = first.url.clone();
    let address = host(&first);
    let kept = Arc::clone(&second);
    let restart = tokio::spawn(async move {
        stop.notified().await;
        drop(first);
        // For a moment nobody listens there.
        tokio::time::sleep(Duration::from_millis(20)).await;
        let anew = Server::at(&address, |_| reply(200, "", items(["c".to_owned()], None))).await;
        *kept.lock().unwrap() = Some(anew);
    });
    let suffered = suffer(patient(&url)).await;
    restart.await.unwrap();
    assert_eq!(suffered.trouble, None);
    assert_eq!(suffered.ids(), ["a", "b", "c"], "it goes on where it was");
    let waited = suffered.waits.iter().map(ToString::to_string);
    let refused = waited.filter(|words| words.ends_with("connection refused"));
    assert!(refused.count() <= 2);
}
