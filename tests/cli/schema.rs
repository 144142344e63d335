//! What `sortie schema` says of an output is what the output is: every document and every record of the demo's
//! four services fits, and has no field that the schema does not name.

use serde_json::Value;
use sortie::cli::schema::schema;

use super::{demo, say};

/// What does not fit. Of JSON Schema only the words that the schemas use; another one is a fault.
fn faults(schema: &Value, root: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (word, told) in schema.as_object().unwrap() {
        match word.as_str() {
            "$ref" => {
                let name = told.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                found.extend(faults(&root["$defs"][name], root, value, at));
            }
            "anyOf" => {
                let all = told.as_array().unwrap().iter();
                let each: Vec<_> = all.map(|one| faults(one, root, value, at)).collect();
                if !each.iter().any(Vec::is_empty) {
                    found.extend(each.into_iter().flatten());
                }
            }
            "type" => {
                let names: Vec<&str> = match told {
                    Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
                    name => vec![name.as_str().unwrap()],
                };
                if !names.iter().any(|name| is(name, value)) {
                    found.push(format!("{at}: {value} is no {names:?}"));
                }
            }
            "enum" if !told.as_array().unwrap().contains(value) => {
                found.push(format!("{at}: {value} is none of {told}"));
            }
            "const" if told != value => found.push(format!("{at}: {value} is not {told}")),
            "minimum" if value.as_i64().is_some_and(|n| n < 0) => {
                found.push(format!("{at}: {value}"));
            }
            "format" if told == "date-time" => {
                let is_time = value.as_str().is_none_or(|text| {
                    text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok()
                });
                found.extend((!is_time).then(|| format!("{at}: {value} is no time")));
            }
            "required" => {
                let missing = told.as_array().unwrap().iter().filter_map(Value::as_str);
                let missing = missing.filter(|name| value.is_object() && value.get(name).is_none());
                found.extend(missing.map(|name| format!("{at}: {name} is missing")));
            }
            "properties" => {
                for (name, inner) in value.as_object().into_iter().flatten() {
                    let below = format!("{at}.{name}");
                    match told.get(name) {
                        Some(schema) => found.extend(faults(schema, root, inner, &below)),
                        None => found.push(format!("{below} is in no schema")),
                    }
                }
            }
            "items" => {
                for (nth, inner) in value.as_array().into_iter().flatten().enumerate() {
                    found.extend(faults(told, root, inner, &format!("{at}[{nth}]")));
                }
            }
            "$schema" | "$defs" | "description" | "enum" | "const" | "minimum" | "format"
            | "contentEncoding" => {}
            other => panic!("{other} is not looked at"),
        }
    }
    found
}

fn is(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_u64() || value.is_i64(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other} is no type"),
    }
}

fn fits(name: &str, value: &Value, what: &str) {
    let root = schema(name).unwrap_or_else(|| panic!("no schema {name}"));
    let found = faults(&root, &root, value, name);
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

const RUN: &str = "8c41";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_output_of_the_demo_fits_its_schema() {
    let (_demo, session) = demo();
    let mut met = 0;
    let mut runs = Vec::new();
    for (line, name) in [
        ("contexts", "contexts"),
        ("contexts test", "contexts"),
        ("missions", "missions"),
        ("runs --limit 0", "runs"),
        ("runs --limit 3 --columns id,tokens,payload.x", "runs"),
        ("causes --load --since 30d", "causes"),
        ("search refund --limit 20", "hits"),
        ("events --all --limit 50", "events"),
        ("show 8c41", "run"),
        ("show 8c41 --calls", "run"),
        ("show 8c41#37", "event"),
        ("show 8c41#1", "event"),
        ("show --mission nightly-billing", "mission"),
        ("events 8c41 --columns number,tool", "events"),
        ("calls 8c41", "calls"),
        ("curl 8c41", "curl"),
        ("curl 8c41#37 --replay", "curl"),
        ("open 8c41 --print", "open"),
    ] {
        let words: Vec<&str> = line.split(' ').chain(["-o", "json"]).collect();
        let told = say(&session, &words).await.json();
        assert_eq!(told["schema"], format!("sortie.{name}/1"), "{line}");
        fits(name, &told, line);
        if line == "runs --limit 0" {
            runs.clone_from(told["items"].as_array().unwrap());
        }
        met += 1;
    }
    // The newest runs of each service, whole.
    for context in [
        "demo-telnyx",
        "demo-vectara",
        "demo-agentex",
        "demo-elizaos",
    ] {
        let own = runs
            .iter()
            .filter(|run| run["context"] == context && run["status"] != "running");
        for run in own.take(6) {
            let id = run["id"].as_str().unwrap();
            let told = say(&session, &["show", id, "-o", "json"]).await;
            // One of them is nested deeper than this parser goes.
            let Ok(told) = serde_json::from_str(&told.out) else {
                continue;
            };
            fits("run", &told, id);
            met += 1;
        }
    }
    assert!(met > 30, "{met}");
    let told = say(&session, &["export", RUN, "8b90", "--format", "json"])
        .await
        .json();
    fits("export", &told, "export");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_line_is_a_record_of_its_schema() {
    let (_demo, session) = demo();
    for (line, names) in [
        ("contexts", &["context-record"][..]),
        ("missions", &["mission-record"]),
        ("runs", &["run-record"]),
        ("causes", &["cause-record"]),
        ("events 8c41", &["event-record"]),
        ("calls 8c41", &["call-record"]),
        ("show 8c41", &["run-record", "step-record", "event-record"]),
        ("show 8c41 --failures", &["operation-record"]),
    ] {
        let words: Vec<&str> = line.split(' ').chain(["-o", "jsonl"]).collect();
        let told = say(&session, &words).await;
        let lines = told.lines();
        assert!(!lines.is_empty(), "{line}");
        for record in &lines {
            let some = |name: &&&str| {
                let root = schema(name).unwrap();
                faults(&root, &root, record, name).is_empty()
            };
            let found = names.iter().find(some);
            assert!(found.is_some(), "{line}: {record}");
        }
    }
    let told = say(&session, &["show", "no-such-run-at-all", "-o", "jsonl"]).await;
    let error: Value = serde_json::from_str(told.err.lines().next().unwrap()).unwrap();
    fits("error-record", &error, "an error");
}
