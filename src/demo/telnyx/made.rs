//! Events too many, too large or too odd to keep in a file: the reconciliation of 5,000 events, the
//! 3 MB export, the mails that attack the terminal. The same at every start.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::demo::tales::{self, Rng};

type Object = Map<String, Value>;

/// Which events to make.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Made {
    Reconciliation,
    Export,
    Hostile,
    Watch,
}

/// Stands in a payload where JSON goes that no `serde_json::Value` can hold.
const NESTED: &str = "\"{{nested}}\"";
const EXACT: &str = "\"{{exact}}\"";

/// A number of 30 digits, a key twice, a float that is spelled with a last zero.
const EXACT_TEXT: &str = r#"{"account":123456789012345678901234567890,"amount":1.10,"amount":1.1e0,"z":null,"a":"order kept"}"#;

/// The events of a made run, oldest first, times in seconds from the start of the run.
pub(super) fn events(made: Made) -> Vec<Object> {
    match made {
        Made::Reconciliation => reconciliation(5_000),
        Made::Export => export(),
        Made::Hostile => hostile(),
        Made::Watch => watch(),
    }
}

/// `text` with the stand-ins replaced.
pub(super) fn spliced(text: String) -> String {
    if !text.contains("{{") {
        return text;
    }
    text.replace(NESTED, &tales::nested_arrays(1_000))
        .replace(EXACT, EXACT_TEXT)
}

fn event(at: f64, kind: &str, step: Option<&str>, summary: &str, payload: Value) -> Object {
    let mut event = Object::new();
    event.insert("at".to_owned(), Value::from(at));
    event.insert("type".to_owned(), Value::from(kind));
    event.insert("summary".to_owned(), Value::from(summary));
    if let Some(step) = step {
        event.insert("step_id".to_owned(), Value::from(step));
    }
    if !payload.is_null() {
        event.insert("agent_id".to_owned(), Value::from("reconciler"));
        event.insert("payload".to_owned(), payload);
    }
    event
}

fn reconciliation(count: usize) -> Vec<Object> {
    let mut rng = Rng::seeded(5_000);
    let turn = json!({"from": "pending", "to": "running"});
    let mut events = vec![event(
        0.0,
        "status_change",
        None,
        "Run set to running",
        turn,
    )];
    let mut at = 1.0;
    while events.len() + 1 < count {
        let room = count - 1 - events.len();
        let refund = format!("re_{:05}", events.len());
        at += 0.2 + rng.unit() * 1.4;
        match rng.below(12) {
            0 => events.push(event(at, "message", None, remark(&mut rng), Value::Null)),
            1 => events.push(difference(&mut rng, at, &refund)),
            _ if room < 2 => events.push(event(at, "message", None, "Nearly done", Value::Null)),
            _ => at = call(&mut rng, at, &refund, &mut events),
        }
    }
    let turn = json!({"from": "running", "to": "succeeded"});
    events.push(event(
        at + 1.0,
        "status_change",
        None,
        "Run set to succeeded",
        turn,
    ));
    events
}

fn remark(rng: &mut Rng) -> &'static str {
    rng.pick(&[
        "Amounts agree, next one",
        "This refund was split over two ledger entries",
        "The bank's date is one day late, as every weekend",
        "Same customer as before, its entries are loaded already",
        "Rounding of one cent, within the tolerance",
    ])
}

fn difference(rng: &mut Rng, at: f64, refund: &str) -> Object {
    let cents = rng.below(5_000) + 1;
    let payload = json!({"refund": refund, "difference_cents": cents, "outcome": rng.pick(&["noted", "within tolerance", "ask the bank"])});
    event(
        at,
        "custom",
        Some("compare"),
        &format!("{refund} differs"),
        payload,
    )
}

/// How many lines the watch rings: one about every seven seconds, which lasts for nine hours.
const RINGS: usize = 4_600;

/// A run that goes on for as long as anybody looks at the demo: line after line is rung, a few do not
/// answer, and every forty lines a round ends.
fn watch() -> Vec<Object> {
    let mut rng = Rng::seeded(24);
    let turn = json!({"from": "pending", "to": "running"});
    let mut events = vec![event(
        0.0,
        "status_change",
        None,
        "Run set to running",
        turn,
    )];
    let mut at = 2.0;
    for ring in 0..RINGS {
        let (round, line) = (ring / 40 + 1, ring % 40);
        let step = Some("lines");
        if line == 0 {
            let say = format!("Round {round} of all night lines");
            events.push(event(at, "message", step, &say, Value::Null));
        }
        let depot = rng.pick(&["Zwolle", "Kampen", "Almere", "Heerde", "Putten", "Ede"]);
        let id = format!("ring-{ring}");
        let ask = json!({"tool": "phone.ring", "call_id": id, "depot": depot, "line": line + 1});
        let say = format!("Ringing line {} of {depot}", line + 1);
        events.push(event(at + 0.5, "tool_call", step, &say, ask));
        let took = 1.0 + rng.unit() * 3.0;
        let took_ms = (took * 1_000.0).round();
        let (say, answer) = if rng.below(25) == 0 {
            let error = json!({"code": "no_answer", "call_status": "no-answer"});
            (
                "no answer",
                json!({"tool": "phone.ring", "call_id": id, "error": error, "duration_ms": took_ms}),
            )
        } else {
            let result = json!({"call_status": "completed", "picked_up_by": rng.pick(&["night desk", "guard", "machine"])});
            (
                "picked up",
                json!({"tool": "phone.ring", "call_id": id, "result": result, "duration_ms": took_ms}),
            )
        };
        events.push(event(at + 0.5 + took, "tool_result", step, say, answer));
        at += 4.5 + rng.unit() * 5.0;
    }
    events
}

/// A call and its result; one in forty fails and is tried again by what follows. Ends at the time given back.
fn call(rng: &mut Rng, at: f64, refund: &str, events: &mut Vec<Object>) -> f64 {
    let tool = rng.pick(&[
        "ledger.entry",
        "pay.refund_status",
        "bank.statement",
        "crm.lookup",
        "fx.rate",
    ]);
    let step = rng.pick(&["load", "compare", "post"]);
    let id = format!("rc-{}", events.len());
    let took = 0.05 + rng.unit() * rng.unit() * 9.0;
    let ask = json!({"tool": tool, "call_id": id, "refund": refund, "attempt": 1 + rng.below(2)});
    events.push(event(
        at,
        "tool_call",
        Some(step),
        &format!("{tool} for {refund}"),
        ask,
    ));
    let took_ms = (took * 1_000.0).round();
    let (say, answer) = if rng.below(40) == 0 {
        let (code, http) = match rng.below(3) {
            0 => ("rate_limited", 429),
            1 => ("upstream_timeout", 504),
            _ => ("entry_locked", 409),
        };
        let error = json!({"code": code, "http": http});
        let answer = json!({"tool": tool, "call_id": id, "error": error, "duration_ms": took_ms});
        (format!("{http} {code}"), answer)
    } else {
        let cents = 100 + rng.below(90_000);
        let entry = format!("L-{}", 20_000 + rng.below(9_999));
        let result =
            json!({"refund": refund, "cents": cents, "posted": rng.below(9) > 0, "entry": entry});
        let answer = json!({"tool": tool, "call_id": id, "result": result, "duration_ms": took_ms});
        (format!("{}.{:02} found", cents / 100, cents % 100), answer)
    };
    let done = at + took;
    events.push(event(done, "tool_result", Some(step), &say, answer));
    done
}

fn export() -> Vec<Object> {
    let rows = tales::big_payload(3_000_000);
    let count = rows.as_array().map_or(0, Vec::len);
    let turn = json!({"from": "pending", "to": "running"});
    let ask = json!({"tool": "orders.export", "call_id": "x1", "state": "open", "format": "json"});
    let answer =
        json!({"tool": "orders.export", "call_id": "x1", "result": rows, "duration_ms": 38_200});
    let put = json!({"tool": "files.put", "call_id": "x2", "name": "open-orders.json"});
    let kept =
        json!({"tool": "files.put", "call_id": "x2", "result": {"ok": true}, "duration_ms": 3_100});
    let done = json!({"from": "running", "to": "succeeded"});
    vec![
        event(0.0, "status_change", None, "Run set to running", turn),
        event(2.0, "tool_call", None, "Exporting all open orders", ask),
        event(
            40.2,
            "tool_result",
            None,
            &format!("{count} orders, 3 MB"),
            answer,
        ),
        event(41.0, "tool_call", None, "Handing the file to audit", put),
        event(44.1, "tool_result", None, "Stored", kept),
        event(48.0, "status_change", None, "Run set to succeeded", done),
    ]
}

fn hostile() -> Vec<Object> {
    let turn = json!({"from": "pending", "to": "running"});
    let mut events = vec![event(
        0.0,
        "status_change",
        None,
        "Run set to running",
        turn,
    )];
    let mut at = 2.0;
    for (what, text) in tales::hostile_texts() {
        let payload = json!({"tool": "mail.read", "subject": what, "result": {"body": text, "from": "unknown@mail.example"}});
        events.push(event(at, "tool_result", Some("read"), &text, payload));
        at += 4.0;
    }
    let deep = json!({"tool": "mail.attachment", "name": "nested.json", "result": NESTED.trim_matches('"')});
    events.push(event(
        at,
        "tool_result",
        Some("read"),
        "1,000 arrays in each other",
        deep,
    ));
    let exact =
        json!({"tool": "mail.attachment", "name": "exact.json", "result": EXACT.trim_matches('"')});
    events.push(event(
        at + 4.0,
        "tool_result",
        Some("read"),
        "Numbers and keys as sent",
        exact,
    ));
    let done = json!({"from": "running", "to": "succeeded"});
    events.push(event(
        95.0,
        "status_change",
        None,
        "Run set to succeeded",
        done,
    ));
    events
}
