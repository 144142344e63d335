//! Server-sent events: opening a stream, cutting it into frames, and noticing when it has died. It
//! understands no data; a frame without an end, or larger than there is room for, is never handed on.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use memchr::memchr2;
use reqwest::Response;
use reqwest::header::CONTENT_TYPE;
use tokio::time::timeout;

use super::cause;
use super::exchange;
use super::gate::{Permit, Rank};
use super::http::{Errand, Http};
use super::{judge, wait};
use crate::model::{Request, Trouble};

/// Larger frames end the stream.
const FRAME_CAP: usize = 16 * 1024 * 1024;

/// Why a stream is not there, or not any more.
#[derive(Debug)]
pub(super) struct End {
    /// What happened; none where the service closed it in good order.
    pub trouble: Option<Trouble>,
    /// Whether opening it again cannot help: there is no such stream.
    pub never: bool,
    /// How long the service asks to be left alone.
    pub wish: Option<Duration>,
}

impl End {
    fn of(trouble: Trouble) -> Self {
        Self {
            trouble: Some(trouble),
            never: false,
            wish: None,
        }
    }
}

/// An open stream. Dropping it closes the connection.
pub(super) struct Stream {
    response: Response,
    frames: Frames,
    ready: VecDeque<Bytes>,
    received: usize,
    idle: Duration,
    host: String,
}

impl Stream {
    /// Opens one as soon as the host's gate lets it in. The stream itself is not among what is under way
    /// at once.
    pub async fn open(
        http: &Http,
        request: &Request,
        reason: &str,
        rank: Rank,
    ) -> Result<Self, End> {
        let errand = Errand {
            request,
            reason,
            retries: 0,
        };
        let permit = http.gate.queue(rank).go().await;
        let response = match http.open(errand).await {
            Ok(response) => response,
            Err(failure) => {
                permit.done();
                return Err(End {
                    never: matches!(failure.trouble, Trouble::Unwilling { .. }),
                    ..End::of(failure.trouble)
                });
            }
        };
        if !response.status().is_success() || response.status().as_u16() == 204 {
            return Err(refused(http, &response, permit));
        }
        permit.done();
        let kind = response.headers().get(CONTENT_TYPE);
        let is_stream = kind
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.trim_start().starts_with("text/event-stream"));
        if !is_stream {
            let cause = "no stream of events where one should be".to_owned();
            return Err(End {
                never: true,
                ..End::of(Trouble::BadReply { cause })
            });
        }
        Ok(Self {
            host: exchange::host(response.url()),
            response,
            frames: Frames::default(),
            ready: VecDeque::new(),
            received: 0,
            idle: http.connection.timeouts.sse_idle,
        })
    }

    /// The data of the next frame.
    pub async fn next(&mut self) -> Result<Bytes, End> {
        loop {
            if let Some(frame) = self.ready.pop_front() {
                return Ok(frame);
            }
            let piece = match timeout(self.idle, self.response.chunk()).await {
                Ok(Ok(Some(piece))) => piece,
                Ok(Ok(None)) => {
                    return Err(End {
                        trouble: None,
                        never: false,
                        wish: self.frames.retry,
                    });
                }
                Ok(Err(error)) => return Err(End::of(cause::of_body(&error, self.received))),
                Err(_) => {
                    return Err(End::of(Trouble::TimedOut {
                        host: self.host.clone(),
                        waited_for: "the next sign of life of the stream",
                        limit: self.idle,
                    }));
                }
            };
            self.received = self.received.saturating_add(piece.len());
            let ready = &mut self.ready;
            if !self.frames.push(&piece, |frame| ready.push_back(frame)) {
                return Err(End::of(Trouble::TooLarge {
                    limit: FRAME_CAP as u64,
                }));
            }
        }
    }
}

/// Why it was not opened. Where the whole host wants to be left alone, nobody else slips in.
fn refused(http: &Http, response: &Response, permit: Permit) -> End {
    let status = response.status().as_u16();
    let wish = wait::wish(status, response.headers(), SystemTime::now());
    let trouble = judge::refusal(&http.authority, status, wish, String::new());
    if status == 429 || wish.is_some() {
        http.gate.hush(wait::again(wish, 1), trouble.clone());
        drop(permit);
    } else {
        permit.done();
    }
    End {
        trouble: Some(trouble),
        never: !wait::may_pass(status),
        wish,
    }
}

/// Cuts bytes into frames, wherever the pieces of the network end. Each byte is looked at once.
#[derive(Default)]
struct Frames {
    /// The beginning of a line whose end has not come.
    line: Vec<u8>,
    /// The data of the frame so far, each line with its end.
    data: Vec<u8>,
    /// The last byte was a carriage return: a line feed now belongs to it.
    returned: bool,
    begun: bool,
    /// How long to wait before a closed stream is opened again, where it says so.
    retry: Option<Duration>,
}

impl Frames {
    /// False where a frame is larger than there is room for.
    fn push(&mut self, piece: &[u8], mut each: impl FnMut(Bytes)) -> bool {
        let mut rest = piece;
        if std::mem::take(&mut self.returned) {
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            self.returned = rest.is_empty() && piece.is_empty();
        }
        while let Some(end) = memchr2(b'\n', b'\r', rest) {
            let (head, tail) = rest.split_at(end);
            if self.line.is_empty() {
                self.take(head, &mut each);
            } else {
                self.line.extend_from_slice(head);
                let line = std::mem::take(&mut self.line);
                self.take(&line, &mut each);
            }
            let returned = tail.starts_with(b"\r");
            rest = tail.get(1..).unwrap_or_default();
            if returned {
                self.returned = rest.is_empty();
                rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            }
            if self.data.len() > FRAME_CAP {
                return false;
            }
        }
        self.line.extend_from_slice(rest);
        self.line.len().saturating_add(self.data.len()) <= FRAME_CAP
    }

    fn take(&mut self, line: &[u8], each: &mut impl FnMut(Bytes)) {
        let line = if std::mem::replace(&mut self.begun, true) {
            line
        } else {
            line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line)
        };
        if line.is_empty() {
            let mut data = std::mem::take(&mut self.data);
            // The last line's end is no data.
            if data.pop().is_some() {
                each(Bytes::from(data));
            }
            return;
        }
        let colon = line.iter().position(|b| *b == b':').unwrap_or(line.len());
        let (name, value) = line.split_at(colon);
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"data" => {
                self.data.extend_from_slice(value);
                self.data.push(b'\n');
            }
            b"retry" => {
                let millis = std::str::from_utf8(value).ok().and_then(|n| n.parse().ok());
                self.retry = millis.map(Duration::from_millis).or(self.retry);
            }
            // A comment, an id, a name: what is said is in the data.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(pieces: &[&[u8]]) -> Vec<String> {
        let mut cutter = Frames::default();
        let mut all = Vec::new();
        for piece in pieces {
            let fits = cutter.push(piece, |frame| {
                all.push(String::from_utf8(frame.to_vec()).unwrap());
            });
            assert!(fits);
        }
        all
    }

    #[test]
    fn frames_are_the_same_wherever_the_pieces_end() {
        let text = "\u{feff}data: {\"a\": 1}\n\n:ping\n\nid: 7\r\nevent: x\r\ndata: two\r\ndata:lines\r\n\r\n\
                    data\rdata: after\r\rretry: 50\ndata: ü\n\ndata: cut off\n";
        let expected = ["{\"a\": 1}", "two\nlines", "\nafter", "ü"];
        assert_eq!(frames(&[text.as_bytes()]), expected);
        for at in 0..text.len() {
            let (head, tail) = text.as_bytes().split_at(at);
            assert_eq!(frames(&[head, tail]), expected, "cut at {at}");
        }
        let single: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
        assert_eq!(frames(&single), expected);
    }

    #[test]
    fn a_frame_without_end_does_not_fill_the_memory() {
        let mut cutter = Frames::default();
        let piece = vec![b'x'; 1024 * 1024];
        assert!(cutter.push(b"data: ", |_| {}));
        let taken = (0..64).take_while(|_| cutter.push(&piece, |_| {})).count();
        assert_eq!(taken, 15);
    }

    #[test]
    fn a_large_frame_is_whole() {
        let large = "x".repeat(5_000_000);
        let text = format!("data: {large}\n\n");
        let pieces: Vec<&[u8]> = text.as_bytes().chunks(16_384).collect();
        assert_eq!(frames(&pieces), [large]);
    }
}
