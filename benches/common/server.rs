//! A small server on loopback for benches: answers each `GET` with JSON, after a wait, from a thread of its
//! own, over connections that are kept.

use std::{borrow::Cow, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};
use url::Url;

/// What is answered to a path.
pub trait Answers: Fn(&str) -> Cow<'static, str> + Send + Sync + 'static {}

impl<A: Fn(&str) -> Cow<'static, str> + Send + Sync + 'static> Answers for A {}

/// Serves until the program ends.
pub fn serve(wait: Duration, answer: impl Answers) -> Url {
    let answer = Arc::new(answer);
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, wait, Arc::clone(&answer)));
            }
        });
    });
    Url::parse(&format!("http://{}/", told.recv().unwrap())).unwrap()
}

/// The number of the page that a path asks for.
pub fn page_number(path: &str) -> usize {
    let (_, rest) = path.split_once("number").unwrap_or_default();
    let (_, rest) = rest.split_once('=').unwrap_or_default();
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(1)
}

async fn converse(stream: TcpStream, wait: Duration, answer: Arc<impl Answers>) {
    let _ = stream.set_nodelay(true);
    let mut stream = BufReader::new(stream);
    let (mut line, mut path) = (String::new(), String::new());
    while stream.read_line(&mut line).await.is_ok_and(|n| n > 0) {
        if let Some(rest) = line.strip_prefix("GET ") {
            let asked = rest.split(' ').next();
            asked.unwrap_or_default().clone_into(&mut path);
        }
        if line == "\r\n" {
            tokio::time::sleep(wait).await;
            let body = answer(&path);
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            let whole = [head.as_bytes(), body.as_bytes()].concat();
            if stream.get_mut().write_all(&whole).await.is_err() {
                return;
            }
        }
        line.clear();
    }
}
