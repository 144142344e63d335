//! Transcripts that are made instead of stored: the night watch of 5,000 messages, the 3 MB
//! export, and the reviews that attack the terminal. Always the same, because seeded.

use serde_json::{Value, json};

use super::script::Script;
use super::transcript::Draft;
use crate::demo::tales::{Rng, big_payload, hostile_texts, nested_arrays};

/// How many messages the night watch writes.
pub const NIGHT: usize = 5_000;

const SERVICES: [&str; 9] = [
    "payments-api",
    "orders-db",
    "search",
    "mail-relay",
    "login",
    "cdn-edge",
    "tax-service",
    "stock-sync",
    "reports",
];
const CHECKS: [(&str, &str); 6] = [
    ("http_check", "path"),
    ("read_metric", "metric"),
    ("tail_log", "pattern"),
    ("run_query", "sql"),
    ("restart_pod", "pod"),
    ("ping_host", "host"),
];
const FOCUS: [&str; 8] = [
    "/healthz",
    "queue depth",
    "connection reset",
    "select count(*) from jobs where state = 'stuck'",
    "worker-3",
    "disk use",
    "certificate end",
    "replication lag",
];
const TROUBLES: [&str; 5] = [
    "connection refused",
    "deadline exceeded after 10 s",
    "HTTP 502 from the edge",
    "permission denied for role watcher",
    "no such pod",
];
const THOUGHTS: [&str; 5] = [
    "Nothing unusual since the last round; go on with the next service.",
    "Slightly slower than an hour ago, but inside the usual range. Look again in the next round.",
    "This grew three rounds in a row. Check what feeds it before paging anybody.",
    "One failure alone is noise; ask a second time from another zone.",
    "The deploy of 01:10 could explain this. Compare with the numbers before it.",
];

/// The drafts of a generated transcript; none for a name nobody knows.
pub fn drafts(script: &Script) -> Vec<Draft> {
    match script.made.as_deref() {
        Some("night") => night(script),
        Some("export") => export(script),
        Some("hostile") => hostile(script),
        _ => Vec::new(),
    }
}

fn night(script: &Script) -> Vec<Draft> {
    let mut rng = Rng::seeded(0x6E16_4721);
    let mut contents = vec![text(
        "user",
        "Take the night shift: watch all nine services until seven.",
    )];
    let mut round = 0;
    while contents.len() < NIGHT - 1 {
        round += 1;
        check(&mut rng, round, &mut contents);
    }
    contents.truncate(NIGHT - 1);
    contents.push(text(
        "agent",
        "Shift over. Three pages sent, no customer noticed anything.",
    ));
    let gaps: Vec<f64> = contents
        .iter()
        .map(|_| 0.3 + rng.unit() * rng.unit() * 20.0)
        .collect();
    let span = script.changed.unwrap_or(script.created) - script.created - 1.0;
    let scale = span / gaps.iter().sum::<f64>();
    let mut at = script.created;
    let mut out = Vec::with_capacity(NIGHT);
    for (content, gap) in contents.iter().zip(gaps) {
        at += gap * scale;
        let streams = content.get("type") != Some(&json!("tool_response")) && rng.below(3) > 0;
        out.push(Draft::new(
            at,
            streams.then(|| rng.unit() * gap * scale),
            content,
        ));
    }
    out
}

/// One round of the watch: perhaps a thought, one to three calls, their answers, perhaps a word.
fn check(rng: &mut Rng, round: usize, out: &mut Vec<Value>) {
    let service = rng.pick(&SERVICES);
    if rng.below(3) == 0 {
        out.push(thought(rng.pick(&THOUGHTS)));
    }
    let calls = 1 + rng.below(3);
    let mut asked = Vec::new();
    for n in 0..calls {
        let (tool, key) = CHECKS
            .get(rng.below(CHECKS.len()))
            .copied()
            .unwrap_or_default();
        let id = format!("n{round}_{n}");
        out.push(request(
            &id,
            tool,
            &json!({"service": service, key: rng.pick(&FOCUS)}),
        ));
        asked.push((id, tool));
    }
    if rng.below(4) == 0 {
        asked.reverse();
    }
    for (id, tool) in asked {
        if rng.below(400) == 0 {
            continue;
        }
        let answer = if rng.below(25) == 0 {
            response(&id, tool, &json!(rng.pick(&TROUBLES)), &json!(true))
        } else {
            let value = json!({"service": service, "value": rng.below(9_000), "unit": "ms", "round": round});
            response(&id, tool, &value, &json!(false))
        };
        out.push(answer);
    }
    if rng.below(9) == 0 {
        let data =
            json!({"type": "round", "round": round, "service": service, "ok": rng.below(20) > 0});
        out.push(json!({"type": "data", "author": "agent", "style": "static", "data": data}));
    }
    if rng.below(12) == 0 {
        out.push(text(
            "agent",
            &format!("{service}: round {round} done, nothing to do."),
        ));
    }
}

fn export(script: &Script) -> Vec<Draft> {
    let lines = [
        text("user", "Which regions order gaskets? Use the whole export."),
        request(
            "e1",
            "export_orders",
            &json!({"from": "2025-01-01", "to": "2025-12-31"}),
        ),
        response(
            "e1",
            "export_orders",
            &big_payload(3_000_000),
            &json!(false),
        ),
        thought("Count the lines with gaskets by region."),
        text("agent", "Overseas and north order half of all gaskets."),
    ];
    spaced(script, 9.0, &lines)
}

fn hostile(script: &Script) -> Vec<Draft> {
    let mut lines = vec![text(
        "user",
        "Read the newest reviews and tell me what they say.",
    )];
    for (n, (title, words)) in hostile_texts().into_iter().enumerate() {
        let id = format!("h{n}");
        lines.push(request(&id, "read_review", &json!({"about": title})));
        lines.push(response(
            &id,
            "read_review",
            &json!({"about": title, "review": words}),
            &json!(false),
        ));
        lines.push(text("agent", &format!("{title}: {words}")));
    }
    let mut out = spaced(script, 1.5, &lines);
    // A parsed value cannot hold so many levels, so this content is spliced as text.
    let content = format!(
        r#"{{"type":"tool_response","author":"agent","style":"static","tool_call_id":"deep","name":"read_review","content":{},"is_error":false}}"#,
        nested_arrays(1000)
    );
    let at = out.last().map_or(script.created, |last| last.at);
    out.push(Draft::new(
        at + 1.0,
        None,
        &request(
            "deep",
            "read_review",
            &json!({"about": "1,000 nested arrays"}),
        ),
    ));
    out.push(Draft {
        at: at + 2.0,
        took: None,
        blank: content.clone(),
        content,
    });
    out
}

fn spaced(script: &Script, gap: f64, lines: &[Value]) -> Vec<Draft> {
    let at = |n: usize| script.created + 0.5 + gap * n as f64;
    lines
        .iter()
        .enumerate()
        .map(|(n, content)| Draft::new(at(n), None, content))
        .collect()
}

fn text(author: &str, words: &str) -> Value {
    json!({"type": "text", "author": author, "style": "static", "format": "plain", "content": words, "attachments": null})
}

fn thought(words: &str) -> Value {
    json!({"type": "reasoning", "author": "agent", "style": "static", "summary": [], "content": [words]})
}

fn request(id: &str, tool: &str, arguments: &Value) -> Value {
    json!({"type": "tool_request", "author": "agent", "style": "static", "tool_call_id": id, "name": tool, "arguments": arguments})
}

fn response(id: &str, tool: &str, content: &Value, is_error: &Value) -> Value {
    json!({"type": "tool_response", "author": "agent", "style": "static", "tool_call_id": id, "name": tool, "content": content, "is_error": is_error})
}
