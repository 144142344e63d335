//! Ordinary payloads to measure masking with, of any size and the same each time: calls of tools as JSON,
//! what a program printed, an answer in markdown, pictures in base64; and what the four services answer, as
//! the tests have it. There is hardly a secret in them, and much that looks a little like one: ids, hashes,
//! times, paths, counts of tokens.
use std::{
    fmt::{self, Write as _},
    fs,
    path::Path,
};

use serde_json::{Value, json};

/// A text of about so many bytes.
pub struct Payload {
    /// What it is.
    pub name: &'static str,
    /// The text.
    pub text: String,
    /// Whether it is one JSON text.
    pub is_json: bool,
}

impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, at least {LEAST} MB/s", self.name)
    }
}

/// What masking is held against.
pub const LEAST: u32 = 200;

/// All of them.
pub fn all(size: usize) -> Vec<Payload> {
    let of = |name, is_json, text| Payload {
        name,
        text,
        is_json,
    };
    vec![
        of("calls of tools, JSON", true, calls(size)),
        of("calls with logs in them, JSON", true, outputs(size)),
        of("calls with JSON in strings", true, nested(size)),
        of("logs, text", false, log(size)),
        of("markdown, text", false, markdown(size)),
        of("prose, text", false, prose(size)),
        of("pictures in base64, JSON", true, pictures(size)),
        of("replies of the services, JSON", true, replies(size)),
    ]
}

const WORDS: &[&str] = &[
    "the", "build", "of", "this", "crate", "fails", "when", "a", "feature", "is", "off", "so",
    "we", "look", "at", "its", "manifest", "first", "and", "then", "run", "tests", "again", "with",
    "smaller", "seed", "cache", "index", "token", "window", "retry", "stream", "parse", "render",
    "frame", "latency", "budget", "queue", "worker", "lock", "channel", "buffer", "offset",
    "schema", "payload", "upstream", "patch", "branch", "commit", "review", "approve", "reject",
    "timeout", "socket", "customer", "invoice", "depot",
];
const TOOLS: &[&str] = &[
    "bash",
    "read_file",
    "edit_file",
    "grep",
    "web_search",
    "run_tests",
    "git_diff",
];

struct Lots(u64);

impl Lots {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        let at = self.below(of.len() as u64);
        usize::try_from(at)
            .ok()
            .and_then(|at| of.get(at))
            .copied()
            .unwrap_or_default()
    }

    fn words(&mut self, least: u64, most: u64) -> String {
        let count = least + self.below(most - least);
        let words: Vec<&str> = (0..count).map(|_| self.pick(WORDS)).collect();
        words.join(" ")
    }

    fn hex(&mut self, digits: usize) -> String {
        let mut out = String::new();
        while out.len() < digits {
            let _ = write!(out, "{:016x}", self.next());
        }
        out.truncate(digits);
        out
    }

    fn uuid(&mut self) -> String {
        let all = self.hex(32);
        let part = |from: usize, to: usize| all.get(from..to).unwrap_or_default();
        [
            part(0, 8),
            part(8, 12),
            part(12, 16),
            part(16, 20),
            part(20, 32),
        ]
        .join("-")
    }

    fn time(&mut self) -> String {
        let (h, m, s, ms) = (
            self.below(24),
            self.below(60),
            self.below(60),
            self.below(1000),
        );
        format!(
            "2026-03-{:02}T{h:02}:{m:02}:{s:02}.{ms:03}Z",
            1 + self.below(28)
        )
    }

    fn path(&mut self) -> String {
        let parts: Vec<&str> = (0..2 + self.below(4)).map(|_| self.pick(WORDS)).collect();
        format!("src/{}.rs", parts.join("/"))
    }

    fn line(&mut self) -> String {
        let (at, path, words) = (self.time(), self.path(), self.words(4, 16));
        match self.below(6) {
            0 => format!("{at}  INFO worker-{} {words}", self.below(16)),
            1 => format!(
                "{at}  WARN {path}:{} {words} request_id={}",
                self.below(900),
                self.uuid()
            ),
            2 => format!(
                "{at} DEBUG span={} trace={} took={}ms {words}",
                self.hex(16),
                self.hex(32),
                self.below(900)
            ),
            3 => format!(
                "test {}::{} ... ok",
                path.replace('/', "::"),
                words.replace(' ', "_")
            ),
            4 => format!(
                "GET /v2/{}/{}?page={}&limit=100 200 {}ms",
                self.pick(WORDS),
                self.uuid(),
                self.below(90),
                self.below(900)
            ),
            _ => format!(
                "   Compiling {} v{}.{}.{} (/home/build/{path})",
                self.pick(WORDS),
                self.below(9),
                self.below(30),
                self.below(9)
            ),
        }
    }

    fn arguments(&mut self) -> Value {
        json!({ "path": self.path(), "query": self.words(4, 14), "limit": self.below(500),
            "flags": { "recursive": self.below(2) == 0, "case": null }, "max_tokens": self.below(9000),
            "env": [{ "name": self.pick(WORDS).to_uppercase(), "value": self.pick(WORDS) }] })
    }

    fn event(&mut self, sort: &str, payload: &Value) -> Value {
        json!({ "event_id": self.uuid(), "run_id": self.uuid(), "type": sort, "timestamp": self.time(),
            "tool": self.pick(TOOLS), "tool_call_id": format!("call_{}", self.hex(24)), "payload": payload,
            "usage": { "input_tokens": self.below(90_000), "output_tokens": self.below(3_000), "cost": 0.017 } })
    }
}

/// Values in a list until they are so long.
fn list(size: usize, mut next: impl FnMut(&mut Lots) -> Value) -> String {
    let mut lots = Lots(7);
    let mut out = String::from("[");
    while out.len() < size {
        if out.len() > 1 {
            out += ",\n";
        }
        out += &next(&mut lots).to_string();
    }
    out + "]"
}

fn lines(size: usize, mut next: impl FnMut(&mut Lots) -> String) -> String {
    let mut lots = Lots(11);
    let mut out = String::new();
    while out.len() < size {
        out += &next(&mut lots);
        out.push('\n');
    }
    out
}

fn calls(size: usize) -> String {
    list(size, |lots| {
        let payload = match lots.below(3) {
            0 => lots.arguments(),
            1 => {
                json!({ "ok": true, "hash": lots.hex(40), "results": [{ "title": lots.words(3, 9), "url": format!("https://example.com/{}/{}", lots.pick(WORDS), lots.uuid()), "score": 0.25 }] })
            }
            _ => {
                json!({ "role": "assistant", "content": [{ "type": "text", "text": lots.words(20, 90) }] })
            }
        };
        lots.event("tool_call", &payload)
    })
}

fn outputs(size: usize) -> String {
    list(size, |lots| {
        let output: Vec<String> = (0..5 + lots.below(40)).map(|_| lots.line()).collect();
        let payload = json!({ "exit_code": 0, "output": output.join("\n") });
        lots.event("tool_result", &payload)
    })
}

fn nested(size: usize) -> String {
    list(size, |lots| {
        let inner = json!({ "arguments": lots.arguments(), "note": lots.words(10, 50), "said": "a \"word\"\nand more" });
        let payload = json!({ "arguments": inner.to_string() });
        lots.event("tool_call", &payload)
    })
}

fn log(size: usize) -> String {
    lines(size, Lots::line)
}

fn markdown(size: usize) -> String {
    lines(size, |lots| match lots.below(5) {
        0 => format!("\n## {}\n", lots.words(2, 6)),
        1 => format!(
            "- **{}**: {} (`{}`)",
            lots.pick(WORDS),
            lots.words(6, 20),
            lots.path()
        ),
        2 => format!(
            "```rust\nlet {} = parse(&{})?; // {}\nassert_eq!({}.len(), {});\n```",
            lots.pick(WORDS),
            lots.pick(WORDS),
            lots.words(3, 9),
            lots.pick(WORDS),
            lots.below(90)
        ),
        3 => format!(
            "| {} | {} | {} |",
            lots.words(1, 4),
            lots.below(9000),
            lots.hex(8)
        ),
        _ => format!(
            "{}, see [the {}](https://example.com/{}/{}).",
            lots.words(15, 60),
            lots.pick(WORDS),
            lots.pick(WORDS),
            lots.pick(WORDS)
        ),
    })
}

fn prose(size: usize) -> String {
    lines(size, |lots| format!("{}.", lots.words(8, 40)))
}

fn pictures(size: usize) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    list(size, |lots| {
        let mut data = String::from("iVBORw0KGgoAAAANSUhEUgAA");
        while data.len() < 60_000 {
            let mut bits = lots.next();
            for _ in 0..10 {
                let digit = DIGITS.get(usize::try_from(bits & 63).unwrap_or(0));
                data.push(digit.map_or('A', |digit| char::from(*digit)));
                bits >>= 6;
            }
        }
        let payload = json!({ "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": data } });
        lots.event("tool_result", &payload)
    })
}

/// All that the tests have of what the services answer, over and over.
fn replies(size: usize) -> String {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut replies = Vec::new();
    for service in ["telnyx", "vectara", "agentex", "elizaos"] {
        let files = fs::read_dir(fixtures.join(service)).unwrap();
        let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        files.sort();
        let texts = files.iter().filter_map(|file| fs::read(file).ok());
        replies.extend(texts.filter_map(|text| serde_json::from_slice::<Value>(&text).ok()));
    }
    let mut next = replies.iter().cycle();
    list(size, |_| next.next().cloned().unwrap_or_default())
}
