//! `sortie export --to`: what a receiver of traces is sent, in the published form, how refusals and wishes
//! are answered, and that no credential of a context is among it.

use std::sync::Mutex;

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{
        HeaderMap, StatusCode, Uri,
        header::{CONTENT_ENCODING, CONTENT_TYPE},
    },
    response::{IntoResponse as _, Response},
};
use prost::Message as _;
use sortie::export::otlp::wire::{Partial, Request, Taken};

use super::*;

const RUN: &str = "nightly-billing/8c41";

/// What was posted.
#[derive(Clone)]
struct Posted {
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

type Answer = Box<dyn Fn(usize, &Posted) -> Response + Send + Sync>;

struct Room {
    posted: Mutex<Vec<Posted>>,
    answer: Answer,
}

/// A receiver on loopback that keeps what it is sent.
struct Receiver {
    url: String,
    room: Arc<Room>,
}

impl Receiver {
    fn start(answer: impl Fn(usize, &Posted) -> Response + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        listener.set_nonblocking(true).unwrap();
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        let room = Arc::new(Room {
            posted: Mutex::default(),
            answer: Box::new(answer),
        });
        let app = Router::new().fallback(keep).with_state(Arc::clone(&room));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, room }
    }

    fn posted(&self) -> Vec<Posted> {
        self.room.posted.lock().unwrap().clone()
    }
}

async fn keep(
    State(room): State<Arc<Room>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let is_packed = headers
        .get(CONTENT_ENCODING)
        .is_some_and(|how| how == "gzip");
    let body = if is_packed {
        let mut text = Vec::new();
        let mut unpacked = flate2::read::GzDecoder::new(&body[..]);
        unpacked.read_to_end(&mut text).unwrap();
        text.into()
    } else {
        body
    };
    let posted = Posted {
        path: uri.path().to_owned(),
        headers,
        body,
    };
    let mut all = room.posted.lock().unwrap();
    let answer = (room.answer)(all.len(), &posted);
    all.push(posted);
    answer
}

fn fine() -> Response {
    ([(CONTENT_TYPE, "application/json")], "{}").into_response()
}

fn kind(posted: &Posted) -> &str {
    posted.headers[CONTENT_TYPE].to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_gets_json_and_no_credential_of_a_context() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let connections = demo.connections();
    let session = session(&connections, None);
    let receiver = Receiver::start(|_, _| fine());
    let told = tell(&session, &format!("export {RUN} --to {}", receiver.url)).await;
    assert_eq!(
        (told.exit, told.out.as_str()),
        (Exit::Ok, ""),
        "{}",
        told.err
    );
    assert!(told.err.contains(" spans of 1 run, "), "{}", told.err);
    assert!(told.err.contains(" as JSON"), "{}", told.err);
    let posted = receiver.posted();
    assert_eq!(posted.len(), 1);
    assert_eq!(posted[0].path, "/v1/traces");
    assert_eq!(kind(&posted[0]), "application/json");
    assert_eq!(posted[0].headers[CONTENT_ENCODING], "gzip");
    let file = tell(&session, &format!("export {RUN} --format otlp"))
        .await
        .out;
    assert_eq!(file.trim_end().as_bytes(), posted[0].body);
    for name in ["authorization", "x-api-key", "cookie", "x-agent-key"] {
        assert!(!posted[0].headers.contains_key(name), "{name}");
    }
    let sent = format!("{:?} {:?}", posted[0].headers, posted[0].body);
    for secret in secrets(&connections) {
        use secrecy::ExposeSecret as _;
        assert!(!sent.contains(secret.expose_secret()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_takes_no_json_gets_the_same_as_protobuf() {
    let (_demo, session) = demo();
    let receiver = Receiver::start(|_, posted| {
        if kind(posted) != "application/x-protobuf" {
            return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
        }
        let taken = Taken {
            partial_success: Some(Partial {
                rejected_spans: 2,
                error_message: "too old".to_owned(),
            }),
        };
        let body = taken.encode_to_vec();
        ([(CONTENT_TYPE, "application/x-protobuf")], body).into_response()
    });
    let runs = tell(&session, "runs --limit 2 -o jsonl").await.lines();
    let ids: Vec<&str> = runs.iter().map(|run| run["id"].as_str().unwrap()).collect();
    let line = format!("export {} {} --to {}/custom", ids[0], ids[1], receiver.url);
    let told = tell(&session, &line).await;
    // What was left out is told, and in the exit code.
    assert_eq!(told.exit, Exit::Partial, "{}", told.err);
    assert!(
        told.err.contains("left 2 spans out: too old"),
        "{}",
        told.err
    );
    assert!(told.err.contains(" as protobuf"), "{}", told.err);
    let posted = receiver.posted();
    let kinds: Vec<&str> = posted.iter().map(kind).collect();
    // It is asked once what it takes.
    let proto = "application/x-protobuf";
    assert_eq!(kinds, ["application/json", proto, proto]);
    assert!(posted.iter().all(|posted| posted.path == "/custom"));
    let decoded = Request::decode(posted[1].body.clone()).unwrap();
    let json = serde_json::to_vec(&decoded).unwrap();
    assert_eq!(json, posted[0].body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_unpacks_nothing_gets_it_unpacked() {
    let (_demo, session) = demo();
    // One that knows nothing of packing takes a packed body for a broken one.
    for refusal in [StatusCode::UNSUPPORTED_MEDIA_TYPE, StatusCode::BAD_REQUEST] {
        let receiver = Receiver::start(move |_, posted| {
            if posted.headers.contains_key(CONTENT_ENCODING) {
                return refusal.into_response();
            }
            fine()
        });
        let told = tell(&session, &format!("export {RUN} --to {}", receiver.url)).await;
        assert_eq!(told.exit, Exit::Ok, "{refusal}: {}", told.err);
        let posted = receiver.posted();
        let last = posted.last().unwrap();
        if kind(last) == "application/json" {
            serde_json::from_slice::<Value>(&last.body).unwrap();
        } else {
            Request::decode(last.body.clone()).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_is_asked_again_only_where_later_is_better() {
    let (_demo, session) = demo();
    let receiver = Receiver::start(|nth, _| match nth {
        0 => (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "0")]).into_response(),
        1 => StatusCode::TOO_MANY_REQUESTS.into_response(),
        _ => {
            let said = "{\"partialSuccess\":{\"errorMessage\":\"slow down\"}}";
            ([(CONTENT_TYPE, "application/json")], said).into_response()
        }
    });
    let told = tell(&session, &format!("export {RUN} --to {}", receiver.url)).await;
    assert_eq!(told.exit, Exit::Ok, "{}", told.err);
    assert!(
        told.err.contains("the receiver says: slow down"),
        "{}",
        told.err
    );
    assert_eq!(receiver.posted().len(), 3);
    // What a receiver cannot read is sent once more, not packed.
    for (status, exit, times) in [
        (400, Exit::Service, 2),
        (500, Exit::Service, 1),
        (302, Exit::Service, 1),
        (401, Exit::Credentials, 1),
    ] {
        let receiver = Receiver::start(move |_, _| {
            let status = StatusCode::from_u16(status).unwrap();
            (status, "no \u{1b}[2J thanks").into_response()
        });
        let told = tell(&session, &format!("export {RUN} --to {}", receiver.url)).await;
        assert_eq!(told.exit, exit, "{}", told.err);
        assert!(told.err.contains(&status.to_string()), "{}", told.err);
        assert!(told.err.contains("thanks") && !told.err.contains('\u{1b}'));
        assert_eq!(receiver.posted().len(), times, "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_receiver_is_said_before_anything_is_read() {
    let (_demo, session) = demo();
    for (to, says) in [
        ("ftp://x.example", "no http or https address"),
        ("http://a:hunter22@x.example", "password"),
        (
            "http://localhost:1 --header A=env:SORTIE_NOT_SET_ANYWHERE",
            "is not set",
        ),
    ] {
        let told = tell(&session, &format!("export {RUN} --to {to}")).await;
        assert_eq!((told.exit, told.out.as_str()), (Exit::Usage, ""), "{to}");
        assert!(
            told.err.contains(says) && !told.err.contains("hunter22"),
            "{}",
            told.err
        );
    }
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let told = tell(
        &session,
        &format!("export {RUN} --to http://127.0.0.1:{port}"),
    )
    .await;
    assert_eq!(told.exit, Exit::Service, "{}", told.err);
    assert!(told.err.contains("was not reached"), "{}", told.err);
}

/// The messages and fields of the published definitions that an export may have, with their types in JSON:
/// `trace.proto`, `common.proto` and `resource.proto` of version 1. What stands behind a `*` is another
/// message, behind a `[` a list of them.
const PROTO: [(&str, &[(&str, &str)]); 9] = [
    (
        "ExportTraceServiceRequest",
        &[("resourceSpans", "[ResourceSpans")],
    ),
    (
        "ResourceSpans",
        &[
            ("resource", "*Resource"),
            ("scopeSpans", "[ScopeSpans"),
            ("schemaUrl", "string"),
        ],
    ),
    (
        "Resource",
        &[
            ("attributes", "[KeyValue"),
            ("droppedAttributesCount", "uint32"),
        ],
    ),
    (
        "ScopeSpans",
        &[
            ("scope", "*InstrumentationScope"),
            ("spans", "[Span"),
            ("schemaUrl", "string"),
        ],
    ),
    (
        "InstrumentationScope",
        &[
            ("name", "string"),
            ("version", "string"),
            ("attributes", "[KeyValue"),
        ],
    ),
    (
        "Span",
        &[
            ("traceId", "hex16"),
            ("spanId", "hex8"),
            ("traceState", "string"),
            ("parentSpanId", "hex8"),
            ("flags", "uint32"),
            ("name", "string"),
            ("kind", "enum5"),
            ("startTimeUnixNano", "fixed64"),
            ("endTimeUnixNano", "fixed64"),
            ("attributes", "[KeyValue"),
            ("droppedAttributesCount", "uint32"),
            ("events", "[Event"),
            ("droppedEventsCount", "uint32"),
            ("droppedLinksCount", "uint32"),
            ("status", "*Status"),
        ],
    ),
    (
        "Event",
        &[
            ("timeUnixNano", "fixed64"),
            ("name", "string"),
            ("attributes", "[KeyValue"),
        ],
    ),
    ("Status", &[("message", "string"), ("code", "enum2")]),
    ("KeyValue", &[("key", "string"), ("value", "any")]),
];

fn check(message: &str, value: &Value) {
    let (_, fields) = PROTO.iter().find(|(name, _)| *name == message).unwrap();
    for (key, value) in value.as_object().unwrap() {
        let field = fields.iter().find(|(name, _)| name == key);
        let (_, kind) = field.unwrap_or_else(|| panic!("{message} has no {key}"));
        field_is(kind, value, &format!("{message}.{key}"));
    }
}

fn field_is(kind: &str, value: &Value, at: &str) {
    let text = value.as_str().unwrap_or_default();
    let hex = |bytes: usize| text.len() == bytes * 2 && text.bytes().all(|b| b.is_ascii_hexdigit());
    match kind {
        "string" => assert!(value.is_string(), "{at}: {value}"),
        "uint32" => assert!(value.is_u64(), "{at}: {value}"),
        // 64-bit numbers are strings of digits.
        "fixed64" => assert!(text.parse::<u64>().is_ok(), "{at}: {value}"),
        "hex16" => assert!(hex(16), "{at}: {value}"),
        "hex8" => assert!(hex(8), "{at}: {value}"),
        "enum5" => assert!(value.as_u64().unwrap() <= 5, "{at}: {value}"),
        "enum2" => assert!(value.as_u64().unwrap() <= 2, "{at}: {value}"),
        "any" => {
            let one = value.as_object().unwrap();
            assert_eq!(one.len(), 1, "{at}: {value}");
            let (name, value) = one.iter().next().unwrap();
            let right = match name.as_str() {
                "stringValue" => value.is_string(),
                "boolValue" => value.is_boolean(),
                "intValue" => value.as_str().is_some_and(|n| n.parse::<i64>().is_ok()),
                "doubleValue" => value.is_number(),
                _ => false,
            };
            assert!(right, "{at}: {value}");
        }
        _ => match kind.split_at(1) {
            ("*", message) => check(message, value),
            ("[", message) => {
                for one in value.as_array().unwrap() {
                    check(message, one);
                }
            }
            _ => panic!("{kind}"),
        },
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn traces_have_the_published_form_and_hold_together() {
    let (_demo, session) = demo();
    let runs = tell(&session, "runs --limit 0 -o jsonl").await.lines();
    for provider in ["telnyx", "vectara", "agentex", "elizaos"] {
        let run = runs.iter().find(|run| run["provider"] == provider).unwrap();
        let id = run["id"].as_str().unwrap();
        let told = tell(&session, &format!("export {id} --format otlp")).await;
        let request: Value = serde_json::from_str(told.out.trim_end()).unwrap();
        check("ExportTraceServiceRequest", &request);
        let spans = &request["resourceSpans"][0]["scopeSpans"][0]["spans"];
        let spans = spans.as_array().unwrap();
        let mut ids: Vec<&str> = spans
            .iter()
            .map(|span| span["spanId"].as_str().unwrap())
            .collect();
        let roots = spans.iter().filter(|span| span["parentSpanId"].is_null());
        assert_eq!(roots.count(), 1, "{provider}");
        for span in spans {
            let number = |name: &str| span[name].as_str().unwrap().parse::<u64>().unwrap();
            assert!(number("startTimeUnixNano") <= number("endTimeUnixNano"));
            assert!(!span["name"].as_str().unwrap().is_empty());
            assert_eq!(span["traceId"], spans[0]["traceId"]);
            let keys: Vec<&str> = span["attributes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one["key"].as_str().unwrap())
                .collect();
            let each: std::collections::BTreeSet<&str> = keys.iter().copied().collect();
            assert_eq!(keys.len(), each.len(), "each key once: {keys:?}");
            if let Some(parent) = span["parentSpanId"].as_str() {
                assert!(ids.contains(&parent), "{provider}: {span}");
            }
        }
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), spans.len(), "{provider}: each span once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_call_is_a_failed_span_and_a_soft_failure_is_not() {
    let (_demo, session) = demo();
    let told = tell(&session, &format!("export {RUN} --format otlp")).await;
    let request: Value = serde_json::from_str(told.out.trim_end()).unwrap();
    let spans = request["resourceSpans"][0]["scopeSpans"][0]["spans"].clone();
    let spans = spans.as_array().unwrap();
    let named = |name: &str| spans.iter().find(|span| span["name"] == name).unwrap();
    let has = |span: &Value, key: &str| {
        let attributes = span["attributes"].as_array().unwrap().iter();
        let mut found = attributes.filter(|one| one["key"] == key);
        found.next().map(|one| one["value"].clone())
    };
    let root = named("invoke_workflow nightly-billing");
    assert_eq!(root["status"]["code"], 2);
    let refund = named("execute_tool pay.refund");
    assert_eq!(refund["status"]["code"], 2);
    assert_eq!(refund["events"][0]["name"], "exception");
    assert!(
        has(refund, "gen_ai.tool.call.arguments")
            .unwrap()
            .to_string()
            .contains("ch_77")
    );
    let quote = named("execute_tool pay.quote");
    assert!(quote["status"].is_null());
    let rule = has(quote, "sortie.soft_failure").unwrap();
    assert_eq!(rule["stringValue"], "success-false");
}
