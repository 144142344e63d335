//! The runs that are made and not stored: the archive run of 5,000 events, the hostile guestbook,
//! and five days of hourly sweeps, which make one agent's list longer than a page.

use serde_json::json;

use super::story::{EventFile, RunFile};
use crate::demo::tales::{self, Rng};

/// Events that the archive run has once the service's own two are counted.
const LONG: usize = 5000;

/// Runs besides those of an agent's asset.
pub(super) fn more(agent: &str) -> Vec<RunFile> {
    match agent {
        "Atlas" => vec![archive(), guestbook()],
        "Beacon" => (0..118).map(sweep).collect(),
        _ => Vec::new(),
    }
}

fn plain(at: f64, kind: &str, data: serde_json::Value) -> EventFile {
    EventFile::Plain(at, kind.to_owned(), data)
}

fn run(key: &str, room: &str, user: &str, start: f64, text: &str, reply: &str) -> RunFile {
    RunFile {
        key: key.to_owned(),
        room: room.to_owned(),
        user: user.to_owned(),
        start,
        text: Some(text.to_owned()),
        reply: Some(reply.to_owned()),
        metadata: None,
        events: Vec::new(),
    }
}

fn end(at: f64, status: &str) -> EventFile {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a few hours in milliseconds"
    )]
    let took = (at * 1000.0) as i64;
    plain(
        at,
        "RUN_ENDED",
        json!({"status": status, "durationMs": took}),
    )
}

/// Reads a page, asks a model about it, indexes what it found; some pages cannot be read.
fn archive() -> RunFile {
    let mut rng = Rng::seeded(1890);
    let mut run = run(
        "harbour-archive",
        "reading-room",
        "hana",
        -172_000.0,
        "Read the whole harbour archive 1890–1931 and index every ship it mentions. (5,000 events)",
        "41 years, 1,117 ships. Some pages could not be read; they are listed.",
    );
    let mut at = 1.0;
    let mut n = 0;
    // Started and ended are the service's own two.
    while run.events.len() + 2 < LONG {
        n += 1;
        at += 0.4 + rng.unit() * 2.5;
        page(&mut run.events, &mut rng, n, &mut at);
    }
    run.events.truncate(LONG - 2);
    run.events.push(end(at + 2.0, "completed"));
    run
}

/// One page: an action with its model call, the evaluation, the embedding; five events.
fn page(events: &mut Vec<EventFile>, rng: &mut Rng, n: usize, at: &mut f64) {
    let ships = [
        "Elise",
        "Nordlys",
        "Havfruen",
        "Prinds Carl",
        "Aurora",
        "Vega",
        "Tre Søstre",
        "Dronning Maud",
    ];
    let verbs = [
        "arrived from",
        "left for",
        "lay waiting for wind to",
        "was towed in from",
        "unloaded coal from",
    ];
    let ports = [
        "Hull", "Riga", "Bordeaux", "Danzig", "Bergen", "Leith", "Lübeck",
    ];
    let tools = [
        "READ_PAGE",
        "READ_PAGE",
        "READ_PAGE",
        "SEARCH_ARCHIVE",
        "COMPARE_NAMES",
    ];
    let (ship, verb, port, tool) = (
        rng.pick(&ships),
        rng.pick(&verbs),
        rng.pick(&ports),
        rng.pick(&tools),
    );
    let (year, leaf, id) = (1890 + n * 41 / 1000, rng.below(380) + 1, format!("#p{n}"));
    let text = format!(
        "{ship} {verb} {port}, {} tons, master unnamed.",
        80 + rng.below(900)
    );
    let took = 0.2 + rng.unit() * 3.0;
    events.push(plain(
        *at,
        "ACTION_STARTED",
        json!({"actionId": id, "actionName": tool, "messageId": id}),
    ));
    *at += took;
    events.push(plain(*at, "MODEL_USED", json!({
        "modelType": if rng.below(6) == 0 { "TEXT_LARGE" } else { "TEXT_SMALL" }, "provider": "local-ai",
        "executionTime": (took * 9000.0).round() / 10.0, "actionContext": {"actionName": tool, "actionId": id},
        "params": {"user": "Atlas", "temperature": 0.1},
        "prompt": format!("Name every ship on leaf {leaf} of {year}."), "response": format!("{ship} ({port})")})));
    *at += 0.05;
    let failed = rng.below(71) == 0;
    let result = if failed {
        json!({"success": false, "text": format!("Leaf {leaf} of {year} cannot be read"), "error": rng.pick(&["scan is blank", "image is torn in two", "checksum of the scan differs"])})
    } else {
        json!({"success": true, "text": text, "values": {"ship": ship, "port": port}})
    };
    let data = json!({"actionId": id, "actionName": tool, "success": !failed, "result": result, "promptCount": 0,
        "prompts": [], "params": {"year": year, "leaf": leaf}, "response": if failed { "unreadable" } else { &text }});
    events.push(EventFile::Told(
        *at,
        "ACTION_COMPLETED".to_owned(),
        data,
        result,
    ));
    *at += 0.1;
    events.push(plain(
        *at,
        "EVALUATOR_COMPLETED",
        json!({"evaluatorName": rng.pick(&["REFLECTION", "CITATION_CHECK"]), "success": true}),
    ));
    *at += 0.1;
    events.push(plain(*at, "EMBEDDING_EVENT", json!({"status": "completed", "memoryId": format!("#m{n}"), "durationMs": 8 + rng.below(40)})));
}

/// Each hostile text as one read entry, and a thousand arrays as the last one.
fn guestbook() -> RunFile {
    let mut run = run(
        "guestbook",
        "reading-room",
        "hana",
        -18_200.0,
        "Read the museum guestbook aloud exactly as visitors typed it, every strange character included. (hostile texts)",
        "Done. Some visitors had too much fun.",
    );
    let mut at = 0.5;
    for (n, (what, text)) in tales::hostile_texts().into_iter().enumerate() {
        let id = format!("#entry{n}");
        run.events.push(plain(
            at,
            "ACTION_STARTED",
            json!({"actionId": id, "actionName": "READ_ENTRY", "messageId": id}),
        ));
        let result = json!({"success": true, "text": text, "data": {"attempts": what}});
        run.events.push(plain(at + 0.3, "ACTION_COMPLETED", json!({"actionId": id, "actionName": "READ_ENTRY", "success": true,
            "result": result, "promptCount": 0, "prompts": [], "params": {"entry": n + 1}, "response": text})));
        run.events.push(plain(at + 0.5, "MODEL_USED", json!({"modelType": "TEXT_SMALL", "provider": "openai", "executionTime": 190.5,
            "params": {"prompt": text}, "prompt": text, "response": format!("Entry {}: {text}", n + 1)})));
        at += 0.9;
    }
    run.events.push(plain(
        at,
        "ACTION_STARTED",
        json!({"actionId": "#nest", "actionName": "READ_ENTRY", "messageId": "#nest"}),
    ));
    run.events.push(plain(at + 0.2, "ACTION_COMPLETED", json!({"actionId": "#nest", "actionName": "READ_ENTRY", "success": true,
        "result": null, "promptCount": 0, "prompts": [], "params": {"entry": "a thousand arrays"}, "response": "%NEST%"})));
    run.events.push(end(at + 1.0, "completed"));
    run
}

/// One hourly sweep; every seventeenth finds something, every fortieth is a crash that says completed.
fn sweep(n: usize) -> RunFile {
    let mut rng = Rng::seeded(7_000 + n as u64);
    let region = ["eu-west", "eu-north", "us-east", "ap-south"]
        .get(n % 4)
        .copied()
        .unwrap_or_default();
    let found = n % 17 == 3;
    let reply = if found {
        "One certificate warns; nothing is down."
    } else {
        "All green."
    };
    let mut run = run(
        &format!("sweep-{n}"),
        "sweeps",
        "cron",
        -3_600.0 * (n + 4) as f64 - 37.0,
        &format!("Hourly sweep of {region}: health, disks, certificates."),
        reply,
    );
    let mut at = 0.2 + rng.unit();
    for tool in ["CHECK_HEALTH", "CHECK_DISKS", "CHECK_CERTS"] {
        let id = format!("#{tool}");
        run.events.push(plain(
            at,
            "ACTION_STARTED",
            json!({"actionId": id, "actionName": tool, "messageId": id}),
        ));
        at += 0.3 + rng.unit();
        run.events.push(plain(
            at,
            "ACTION_COMPLETED",
            json!({"actionId": id, "actionName": tool, "success": true, "result": null,
            "promptCount": 0, "prompts": [], "params": {"region": region}, "response": reply}),
        ));
    }
    if n % 40 == 39 {
        run.events.push(plain(
            at + 0.1,
            "RUN_ENDED",
            json!({"status": "completed", "error": "fetch failed: ECONNRESET", "durationMs": 2100}),
        ));
    } else {
        run.events.push(plain(
            at + 0.2,
            "EVALUATOR_COMPLETED",
            json!({"evaluatorName": "REFLECTION", "success": true}),
        ));
        run.events.push(end(at + 0.4, "completed"));
    }
    run
}
