//! What other lists tell of a run and of an agent: true results of actions, what was said, actions at
//! work, rooms, the server.

use super::*;

const RUN: &str = "ec5f45c3-d406-43e8-8f24-055d9925baaa";
const BOOK: &str = "ee1042ff-2d1a-455a-abf3-5f3d74259f6d";
const LOOKUP: &str = "26c666be-8e3e-4b75-9e1b-ce60e6096ecb";

/// The run of the fixture with a second action, whose result the server lost.
fn booked() -> Bytes {
    text(&fixture("run.json"))
        .replace(
            r#"{"type":"EVALUATOR_COMPLETED""#,
            &format!(
                r#"{{"type":"ACTION_STARTED","timestamp":1795166597960,"data":{{"actionId":"{BOOK}","actionName":"BOOK_TRIP"}}}},
                {{"type":"ACTION_COMPLETED","timestamp":1795166598010,"data":{{"actionId":"{BOOK}","actionName":"BOOK_TRIP","success":true,"result":null}}}},
                {{"type":"EVALUATOR_COMPLETED""#
            ),
        )
        .into()
}

/// The asides of a list of asks, by name.
fn aside<'a>(asks: &'a [Ask], name: &str) -> Option<&'a Ask> {
    asks.iter()
        .find(|ask| matches!(ask, Ask::Aside { what, .. } if *what == name))
}

fn opened() -> Ask {
    Ask::Events {
        run: run_ref(RUN, Some(ROOM)),
        page: Page::default(),
    }
}

/// Everything that `ask` says with these memories, put together as the store does it.
fn told(body: &Bytes, memories: &str) -> (Run, Vec<Event>) {
    let mut batch = read(&opened(), body).unwrap();
    let place = read(aside(&batch.also, "room").unwrap(), &fixture("room.json")).unwrap();
    let messages = aside(&place.also, "messages").unwrap();
    let memories = format!(r#"{{"success":true,"data":{{"memories":[{memories}]}}}}"#);
    let end = read(messages, &memories.into()).unwrap();
    batch.rows.extend(place.rows);
    batch.rows.extend(end.rows);
    if let Some(on) = aside(&end.also, "messages") {
        let none = Bytes::from_static(br#"{"success":true,"data":{"memories":[]}}"#);
        batch.rows.extend(read(on, &none).unwrap().rows);
    }
    let mut run: Option<Run> = None;
    let mut events: Vec<Event> = Vec::new();
    for row in batch.rows {
        let patch = matches!(row, Row::Patch(_));
        match row {
            Row::Full(Record::Run(new)) | Row::Patch(Record::Run(new)) => match &mut run {
                Some(known) => {
                    merge::run(known, new);
                }
                None => run = Some(new),
            },
            Row::Full(Record::Event(new)) | Row::Patch(Record::Event(new)) => {
                match events.iter_mut().find(|known| known.id == new.id) {
                    Some(known) if patch => *known = merge::event_patch(known.clone(), new),
                    Some(known) => *known = new,
                    None => events.push(new),
                }
            }
            Row::Full(_) | Row::Patch(_) => {}
        }
    }
    events.sort_by_key(|event| event.order);
    (run.unwrap(), events)
}

fn ended<'a>(events: &'a [Event], tool: &str) -> &'a Event {
    events
        .iter()
        .find(|event| event.kind == Kind::ToolResult && event.tool.as_deref() == Some(tool))
        .unwrap()
}

fn memories_of_the_fixture() -> String {
    let whole = fixture("memories.json");
    let list = text(&whole).split_once("\"memories\":[").unwrap().1;
    list.strip_suffix("]}}\n")
        .or(list.strip_suffix("]}}"))
        .unwrap()
        .to_owned()
}

#[test]
fn a_failed_action_is_an_error_although_its_event_says_success() {
    let (run, events) = told(&booked(), &memories_of_the_fixture());
    let booking = ended(&events, "BOOK_TRIP");
    assert_eq!(booking.is_error, Some(true));
    assert_eq!(
        booking.summary.as_deref(),
        Some("Booking failed: card declined")
    );
    // Its own bytes stay, and the true result is the row behind it.
    assert!(text(booking.raw.bytes()).contains("\"success\":true,\"result\":null"));
    let at = events
        .iter()
        .position(|event| event.id == booking.id)
        .unwrap();
    let truth = events
        .iter()
        .find(|event| event.type_sent == "action_result")
        .unwrap();
    assert_eq!(events[at + 1].id, truth.id);
    assert_eq!((truth.kind, truth.is_error), (Kind::Data, None));
    let result = text(truth.raw.part(truth.body.unwrap()));
    assert!(
        result.starts_with(r#"{"success":false,"text":"Booking failed""#),
        "{result}"
    );
    assert!(result.contains("CARD_DECLINED"));
    // The first action has no memory; nobody calls it good.
    let lookup = ended(&events, "LOOKUP_WEATHER");
    assert_eq!(lookup.is_error, None);
    assert!(lookup.summary.as_deref().unwrap().contains("not kept"));
    assert_eq!(run.status, RunStatus::Succeeded);
    assert_eq!(
        run.status_reason.as_deref(),
        Some("completed, with a failed action")
    );
    assert_eq!(run.title, "weather and then book");
    assert_eq!(run.extras[0].label, "room");
    assert!(text(run.extras[0].raw.bytes()).starts_with("{\"id\":\"bd45f194"));
}

#[test]
fn the_place_in_the_plan_comes_from_the_memory_too() {
    let (_, events) = told(&booked(), &memories_of_the_fixture());
    let of = |kind: Kind| {
        let mut own = events.iter().filter(|event| event.kind == kind);
        own.find(|event| event.call_id.as_deref() == Some(BOOK))
            .unwrap()
    };
    assert_eq!(of(Kind::ToolCall).step_id.as_deref(), Some("2/2"));
    assert_eq!(of(Kind::ToolResult).step_id.as_deref(), Some("2/2"));
}

#[test]
fn an_action_takes_as_long_as_from_its_start_to_its_end() {
    let (_, events) = told(&booked(), &memories_of_the_fixture());
    let took = |tool: &str| ended(&events, tool).duration.unwrap().as_millis();
    assert_eq!((took("LOOKUP_WEATHER"), took("BOOK_TRIP")), (81, 50));
}

fn memory(id: &str, at: i64, by: &str, content: &str, metadata: &str) -> String {
    format!(
        r#"{{"id":"{id}","type":"messages","createdAt":{at},"entityId":"{by}","agentId":"{ADA}","roomId":"{ROOM}","content":{content},"metadata":{metadata}}}"#
    )
}

#[test]
fn what_was_said_in_a_run_is_among_its_events() {
    let user = "11111111-1111-4111-8111-111111111111";
    let all = [
        memory("later", 1_795_166_599_000, ADA, r#"{"text":"next"}"#, "{}"),
        memory(
            "foreign",
            1_795_166_598_100,
            ADA,
            r#"{"text":"to another","inReplyTo":"question"}"#,
            "{}",
        ),
        memory(
            "question",
            1_795_166_598_050,
            user,
            r#"{"text":"and me?"}"#,
            "{}",
        ),
        memory(
            "reply",
            1_795_166_598_030,
            ADA,
            r#"{"text":"No train.","thought":"sad"}"#,
            "{}",
        ),
        memory(
            "91d81935-4809-073e-9a67-37ea69de28c1",
            1_795_166_597_750,
            user,
            r#"{"text":"weather?"}"#,
            "{}",
        ),
    ];
    let (run, events) = told(&fixture("run.json"), &all.join(","));
    let said: Vec<(&str, &str)> = events
        .iter()
        .filter(|event| event.kind == Kind::Message)
        .map(|event| {
            (
                event.title.as_deref().unwrap(),
                text(event.raw.part(event.prose[0])),
            )
        })
        .collect();
    assert_eq!(said, [("user", "\"weather?\""), ("agent", "\"No train.\"")]);
    // The message came before the run began.
    assert_eq!(events[0].title.as_deref(), Some("user"));
    assert_eq!(run.title, "weather?");
    assert_eq!(
        (run.status, run.status_reason),
        (RunStatus::Succeeded, None)
    );
}

#[test]
fn a_bare_boolean_is_no_failure_whatever_its_memory_says() {
    let legacy = r#"{"type":"action_result","actionName":"BOOK_TRIP","actionStatus":"failed","actionResult":{"legacy":true}}"#;
    let metadata = format!(r#"{{"actionId":"{BOOK}","parentRunId":"{RUN}"}}"#);
    let memory = memory(BOOK, 1_795_166_598_009, ADA, legacy, &metadata);
    let (run, events) = told(&booked(), &memory);
    assert_eq!(ended(&events, "BOOK_TRIP").is_error, None);
    assert_eq!(run.status_reason, None);
    let trusted = text(&booked()).replace(
        r#""actionName":"BOOK_TRIP","success":true,"result":null"#,
        r#""actionName":"BOOK_TRIP","success":true,"result":{"legacy":true}"#,
    );
    let (_, events) = told(&trusted.into(), &memory);
    assert_eq!(ended(&events, "BOOK_TRIP").is_error, Some(false));
}

#[test]
fn an_action_without_any_event_is_known_by_its_memory() {
    // A name that no action has: no link to the run but room and time.
    let unknown = memory(
        "stray",
        1_795_166_598_000,
        ADA,
        r#"{"type":"action_result","text":"Action FLY not found","source":"auto","actionName":"FLY","actionStatus":"failed"}"#,
        "{}",
    );
    // A crash that an older server swallowed: no action id either.
    let crash = memory(
        "crash",
        1_795_166_598_001,
        ADA,
        r#"{"type":"action_result","actionName":"SAIL","actionStatus":"failed","error":"boom"}"#,
        &format!(r#"{{"error":true,"parentRunId":"{RUN}"}}"#),
    );
    let elsewhere = memory(
        "other",
        1_795_166_598_002,
        ADA,
        r#"{"type":"action_result","actionName":"WALK","actionStatus":"failed"}"#,
        r#"{"parentRunId":"another"}"#,
    );
    let all = [elsewhere, crash, unknown].join(",");
    let (run, events) = told(&fixture("run.json"), &all);
    let (fly, sail) = (ended(&events, "FLY"), ended(&events, "SAIL"));
    assert_eq!((fly.is_error, sail.is_error), (Some(true), Some(true)));
    assert_eq!(sail.summary.as_deref(), Some("boom"));
    assert!(
        !events
            .iter()
            .any(|event| event.tool.as_deref() == Some("WALK"))
    );
    assert_eq!(
        run.status_reason.as_deref(),
        Some("completed, with 2 failed actions")
    );
}

#[test]
fn a_result_that_the_event_has_is_not_shown_twice() {
    let whole = text(&booked()).replace(
        r#""actionName":"BOOK_TRIP","success":true,"result":null"#,
        r#""actionName":"BOOK_TRIP","success":false,"result":{"success":false,"error":"card declined"}"#,
    );
    let lean =
        memories_of_the_fixture().replace(r#""planThought":"Weather first, then book.","#, "");
    let (run, events) = told(&whole.into(), &lean);
    assert_eq!(ended(&events, "BOOK_TRIP").is_error, Some(true));
    assert!(
        !events
            .iter()
            .any(|event| event.type_sent == "action_result")
    );
    assert_eq!(
        run.status_reason.as_deref(),
        Some("completed, with a failed action")
    );
}

#[test]
fn memories_of_a_long_run_are_read_until_its_start() {
    let batch = read(&opened(), &booked()).unwrap();
    let place = read(aside(&batch.also, "room").unwrap(), &fixture("room.json")).unwrap();
    let page = |at: i64| {
        let one = memory("m", at, ADA, r#"{"text":"x"}"#, "{}");
        Bytes::from(format!(
            r#"{{"success":true,"data":{{"memories":[{one}]}}}}"#
        ))
    };
    let first = aside(&place.also, "messages").unwrap();
    let second = read(first, &page(1_795_166_598_000)).unwrap();
    let second = aside(&second.also, "messages").unwrap();
    assert!(
        ElizaOs
            .request(second)
            .unwrap()
            .query
            .contains(&("before".to_owned(), "1795166598000".to_owned()))
    );
    // The limit includes its instant: the same page again is the end.
    assert!(
        read(second, &page(1_795_166_598_000))
            .unwrap()
            .also
            .is_empty()
    );
    // So is one that goes back beyond the start.
    assert!(
        read(second, &page(1_795_166_500_000))
            .unwrap()
            .also
            .is_empty()
    );
}

#[test]
fn memories_that_cannot_be_read_are_one_word_in_the_detail() {
    let batch = read(&opened(), &booked()).unwrap();
    let place = aside(&batch.also, "room").unwrap();
    let noted = ElizaOs.without(place, "500 Error retrieving").unwrap();
    let run = runs(&noted)[0];
    assert_eq!(run.id, RUN);
    assert_eq!(
        (run.facts[0].label, run.facts[0].value.as_str()),
        ("messages", "not read: 500 Error retrieving")
    );
    // A room that is gone may still have memories under its own id.
    let gone = fixture("errors.jsonl");
    let gone = Bytes::copy_from_slice(text(&gone).lines().next().unwrap().as_bytes());
    let on = read_at(place, 404, &gone, NOW).unwrap();
    let path = ElizaOs.request(&on.also[0]).unwrap().path;
    assert!(path.ends_with(&format!("/rooms/{ROOM}/memories")), "{path}");
}

fn live() -> Bytes {
    text(&fixture("run.json"))
        .replace(
            r#""status":"completed","startedAt":1795166597761,"endedAt":1795166598139,
  "durationMs":378,"#,
            r#""status":"started","startedAt":1795166597761,"#,
        )
        .replace(
            r#",
  {"type":"RUN_ENDED","timestamp":1795166598139,"data":{"status":"completed","durationMs":379}}"#,
            "",
        )
        .into()
}

fn begun(action: &str, at: &str, room: &str) -> String {
    format!(
        r#"{{"id":"l-{action}","createdAt":"{at}","entityId":"{ADA}","type":"action_event","roomId":"{room}","body":{{"runId":"g","actionId":"{action}","actionName":"SLOW_WORK","roomId":"{room}","timestamp":1,"source":"actionHandler"}}}}"#
    )
}

#[test]
fn an_action_at_work_is_a_call_without_a_result() {
    let opened = read_at(&opened(), 200, &live(), 1_795_166_599_000).unwrap();
    let ask = aside(&opened.also, "actions begun").unwrap();
    let query = ElizaOs.request(ask).unwrap().query;
    assert!(query.contains(&("type".to_owned(), "action_event".to_owned())));
    assert!(query.contains(&("roomId".to_owned(), ROOM.to_owned())));
    let rows = [
        begun("at-work", "2026-11-20T09:23:18.400Z", ROOM),
        begun(LOOKUP, "2026-11-20T09:23:17.873Z", ROOM),
        begun("earlier", "2026-11-20T09:20:00.000Z", ROOM),
        begun("elsewhere", "2026-11-20T09:23:18.400Z", "another-room"),
    ];
    let rows = format!(r#"{{"success":true,"data":[{}]}}"#, rows.join(","));
    let batch = read(ask, &rows.into()).unwrap();
    let found = events(&batch);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].kind, found[0].tool.as_deref(), found[0].is_error),
        (Kind::ToolCall, Some("SLOW_WORK"), None)
    );
    // The id is that of its event, once the server shows it.
    let at = found[0].time.unwrap().millis();
    assert_eq!(found[0].id, format!("ACTION_STARTED-{at}-at-work"));
    let done = text(&live()).replace(
        r#"{"type":"EVALUATOR_COMPLETED""#,
        &format!(r#"{{"type":"ACTION_STARTED","timestamp":{at},"data":{{"actionId":"at-work","actionName":"SLOW_WORK"}}}},{{"type":"EVALUATOR_COMPLETED""#),
    );
    let later = read(&events_ask(RUN), &done.into()).unwrap();
    assert!(events(&later).iter().any(|event| event.id == found[0].id));
}

#[test]
fn the_action_that_a_crash_left_is_named() {
    let crashed = text(&fixture("run.json")).replace(
        r#""data":{"status":"completed","durationMs":379}"#,
        r#""data":{"status":"completed","error":"boom","durationMs":379}"#,
    );
    let opened = read(&opened(), &crashed.into()).unwrap();
    let ask = aside(&opened.also, "actions begun").unwrap();
    let rows = format!(
        r#"{{"success":true,"data":[{},{}]}}"#,
        begun("after", "2026-11-20T09:23:30.000Z", ROOM),
        begun("left", "2026-11-20T09:23:18.000Z", ROOM)
    );
    let batch = read(ask, &rows.into()).unwrap();
    assert_eq!(events(&batch).len(), 1);
    assert!(
        events(&batch)[0]
            .summary
            .as_deref()
            .unwrap()
            .contains("never logged")
    );
    // A run that ended well left none, and is not asked.
    let well = read(&self::opened(), &fixture("run.json")).unwrap();
    assert!(aside(&well.also, "actions begun").is_none());
}

#[test]
fn why_an_embedding_failed_is_in_the_log() {
    let id = "cccccccc-0000-4000-8000-000000000001";
    let opened = read(&events_ask(id), &fixture("events.json")).unwrap();
    let ask = aside(&opened.also, "embeddings").unwrap();
    let row = |memory: &str, run: &str| {
        format!(
            r#"{{"id":"x","createdAt":"2026-11-20T09:25:20.492Z","type":"embedding_event","body":{{"runId":"{run}","memoryId":"{memory}","status":"failed","error":"input too long"}}}}"#
        )
    };
    let memory = "aaaaaaaa-4444-4000-8000-000000000001";
    let rows = |row: String| Bytes::from(format!(r#"{{"success":true,"data":[{row}]}}"#));
    let batch = read(ask, &rows(row(memory, id))).unwrap();
    let failed = events(&batch)[0];
    assert_eq!(failed.id, format!("EMBEDDING_EVENT-1795166720492-{memory}"));
    assert_eq!(failed.summary.as_deref(), Some("failed: input too long"));
    assert!(
        read(ask, &rows(row(memory, "another")))
            .unwrap()
            .rows
            .is_empty()
    );
}

#[test]
fn a_quiet_run_that_another_followed_was_probably_superseded() {
    let quiet = 1_795_166_598_122 + 70_000;
    let opened = read_at(&opened(), 200, &live(), quiet).unwrap();
    let ask = aside(&opened.also, "newer runs").unwrap();
    let list = |start: i64| {
        Bytes::from(format!(
            r#"{{"success":true,"data":{{"runs":[{{"runId":"n","startedAt":{start}}}]}}}}"#
        ))
    };
    let superseded = read(ask, &list(1_795_166_600_000)).unwrap();
    let run = runs(&superseded)[0];
    assert_eq!(
        (run.status, run.quiet_since),
        (RunStatus::Running, at(1_795_166_598_122))
    );
    assert!(run.status_reason.as_deref().unwrap().contains("superseded"));
    assert!(read(ask, &list(1_795_166_597_761)).unwrap().rows.is_empty());
    // One that spoke a moment ago is not asked about.
    let fresh = read_at(&self::opened(), 200, &live(), 1_795_166_599_000).unwrap();
    assert!(aside(&fresh.also, "newer runs").is_none());
}

#[test]
fn an_opened_run_that_began_before_the_server_was_interrupted() {
    let ask = Ask::Run(run_ref(RUN, Some(ROOM)));
    let opened = read_at(&ask, 200, &live(), 1_795_166_700_000).unwrap();
    let version = |up: &str| {
        Bytes::from(format!(
            r#"{{"version":"1.7.2","timestamp":"2026-11-20T09:25:00.000Z","uptime":{up}}}"#
        ))
    };
    let server = aside(&opened.also, "server").unwrap();
    let cut = read(server, &version("60.5")).unwrap();
    assert!(
        runs(&cut)[0]
            .status_reason
            .as_deref()
            .unwrap()
            .starts_with("interrupted")
    );
    for up in ["86400", "null", "\"soon\""] {
        assert!(read(server, &version(up)).unwrap().rows.is_empty(), "{up}");
    }
    // The run goes on to say started; what was learnt stays.
    let mut known = runs(&opened)[0].clone();
    merge::run(&mut known, runs(&cut)[0].clone());
    merge::run(&mut known, runs(&opened)[0].clone());
    assert_eq!(known.status, RunStatus::Unknown);
    let ended = read(&ask, &fixture("run.json")).unwrap();
    assert_eq!(ended.also, []);
    merge::run(&mut known, runs(&ended)[0].clone());
    assert_eq!(
        (known.status, known.status_reason),
        (RunStatus::Succeeded, None)
    );
}

#[test]
fn an_agent_s_rooms_and_server_are_told_beside_it() {
    let agent = read(
        &Ask::Mission {
            mission: ADA.into(),
        },
        &fixture("agent.json"),
    )
    .unwrap();
    let version = Bytes::from_static(
        br#"{"version":"1.7.2","source":"server","environment":"development","uptime":191.25}"#,
    );
    let told = |batch: &Batch| match batch.rows[0].record() {
        Record::Mission(mission) => mission.clone(),
        other => panic!("{other:?}"),
    };
    let server = told(&read(aside(&agent.also, "server").unwrap(), &version).unwrap());
    assert_eq!(
        (server.id.as_str(), server.facts[0].value.as_str()),
        (ADA, "1.7.2, up 3 min")
    );
    assert!(text(server.extras[0].raw.bytes()).contains("development"));
    let rooms = text(&fixture("room.json"))
        .replace("\"data\":{", "\"data\":{\"rooms\":[{")
        .replace("}}", "}]}}");
    let rooms = told(&read(aside(&agent.also, "rooms").unwrap(), &rooms.into()).unwrap());
    assert_eq!(rooms.facts[0].value, "1");
    assert!(text(rooms.extras[0].raw.bytes()).starts_with("[{\"id\":\"bd45f194"));
    // A stopped agent shows no rooms, and says so.
    let noted = told(
        &ElizaOs
            .without(aside(&agent.also, "rooms").unwrap(), "404 Agent not found")
            .unwrap(),
    );
    assert_eq!(noted.facts[0].value, "not read: 404 Agent not found");
    // Listing agents asks nothing besides.
    let list = read(
        &Ask::Missions {
            page: Page::default(),
        },
        &fixture("agents.json"),
    )
    .unwrap();
    assert_eq!((list.also, list.next), (Vec::new(), None));
    assert_eq!(
        Of::Mission(ADA.into()),
        match aside(&agent.also, "rooms").unwrap() {
            Ask::Aside { of, .. } => of.clone(),
            other => panic!("{other:?}"),
        }
    );
}
