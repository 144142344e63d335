//! A server on loopback that says exactly what a test tells it to say, byte by byte, and remembers
//! what it was asked.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use url::Url;

/// A part of an answer. After the last one the connection is closed.
pub enum Say {
    Bytes(Vec<u8>),
    /// The same bytes so many times.
    Again(Vec<u8>, usize),
    Wait(Duration),
    /// Silence until the other side gives up.
    Hang,
    /// The connection is torn down, without the word that closes it.
    Reset,
}

/// What was asked.
pub struct Asked {
    /// How many requests came before.
    pub nth: usize,
    /// Method, path and query.
    pub line: String,
    /// The whole head, in lower case.
    pub head: String,
    pub body: String,
}

pub struct Server {
    pub url: Url,
    pub log: Arc<Log>,
    task: JoinHandle<()>,
}

#[derive(Default)]
pub struct Log {
    pub lines: Mutex<Vec<String>>,
    now: AtomicUsize,
    most: AtomicUsize,
    given_up: AtomicUsize,
    written: AtomicU64,
}

impl Log {
    /// How many requests came.
    pub fn count(&self) -> usize {
        self.lines.lock().unwrap().len()
    }

    /// How many were under way at once, at most.
    pub fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }

    /// How many connections the client closed while the server was silent.
    pub fn given_up(&self) -> usize {
        self.given_up.load(Ordering::SeqCst)
    }

    /// How many bytes of answers were taken by the client or wait in buffers on the way to it.
    pub fn written(&self) -> u64 {
        self.written.load(Ordering::SeqCst)
    }
}

impl Server {
    pub async fn saying(answer: impl Fn(&Asked) -> Vec<Say> + Send + Sync + 'static) -> Self {
        Self::at("127.0.0.1:0", answer).await
    }

    /// One at this very address. Dropping it closes the address and all its connections.
    pub async fn at(
        address: &str,
        answer: impl Fn(&Asked) -> Vec<Say> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let log = Arc::new(Log::default());
        let answer = Arc::new(answer);
        let kept = Arc::clone(&log);
        let task = tokio::spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                open.spawn(converse(stream, Arc::clone(&answer), Arc::clone(&kept)));
            }
        });
        Self { url, log, task }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A whole answer with its length.
pub fn reply(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Vec<Say> {
    let body = body.as_ref();
    let mut bytes = format!(
        "HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    vec![Say::Bytes(bytes)]
}

/// One request, counted while it lives.
struct UnderWay(Arc<Log>);

impl UnderWay {
    fn begin(log: &Arc<Log>) -> Self {
        let now = log.now.fetch_add(1, Ordering::SeqCst) + 1;
        log.most.fetch_max(now, Ordering::SeqCst);
        Self(Arc::clone(log))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn converse(mut stream: TcpStream, answer: Arc<impl Fn(&Asked) -> Vec<Say>>, log: Arc<Log>) {
    let Some((head, body)) = hear(&mut stream).await else {
        return;
    };
    let line = head.lines().next().unwrap_or_default();
    let line = line.trim_end_matches(" HTTP/1.1").to_owned();
    let nth = {
        let mut lines = log.lines.lock().unwrap();
        lines.push(line.clone());
        lines.len() - 1
    };
    let mut under_way = Some(UnderWay::begin(&log));
    let asked = Asked {
        nth,
        line,
        head: head.to_lowercase(),
        body,
    };
    let says = answer(&asked);
    let last = says.len();
    for (nth, say) in (1..).zip(says) {
        match say {
            Say::Bytes(bytes) => {
                // Over before the client can have read it to its end: who asks in turn is never
                // counted as asking twice at once.
                if nth == last {
                    under_way.take();
                }
                if !say_bytes(&mut stream, &bytes, &log).await {
                    break;
                }
            }
            Say::Again(bytes, times) => {
                for _ in 0..times {
                    if !say_bytes(&mut stream, &bytes, &log).await {
                        break;
                    }
                }
            }
            Say::Wait(time) => tokio::time::sleep(time).await,
            Say::Hang => {
                let _ = stream.read(&mut [0; 16]).await;
                log.given_up.fetch_add(1, Ordering::SeqCst);
            }
            Say::Reset => {
                stream.set_zero_linger().unwrap();
                return;
            }
        }
    }
    drop(under_way);
    let _ = stream.shutdown().await;
}

/// Whether there was still somebody to say it to.
async fn say_bytes(stream: &mut TcpStream, bytes: &[u8], log: &Log) -> bool {
    let said = stream.write_all(bytes).await.is_ok();
    if said {
        log.written.fetch_add(bytes.len() as u64, Ordering::SeqCst);
    }
    said
}

async fn hear(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut bytes = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let n = stream.read(&mut piece).await.ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&piece[..n]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| {
                line.to_lowercase()
                    .strip_prefix("content-length:")?
                    .trim()
                    .parse()
                    .ok()
            })
            .unwrap_or(0);
        if body.len() >= length {
            return Some((head.to_owned(), body.to_owned()));
        }
    }
}
