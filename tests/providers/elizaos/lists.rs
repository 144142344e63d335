//! Agents, pages of runs, what the side lists add, and how the service says no.

use super::*;

fn patches(batch: &Batch) -> usize {
    batch
        .rows
        .iter()
        .filter(|row| matches!(row, Row::Patch(_)))
        .count()
}

#[test]
fn agents_become_missions() {
    let batch = read(
        &Ask::Missions {
            page: Page::default(),
        },
        &fixture("agents.json"),
    )
    .unwrap();
    let rows: Vec<(&str, &str, Option<&str>, Option<&str>)> = batch
        .rows
        .iter()
        .map(|row| match row.record() {
            Record::Mission(m) => (
                m.id.as_str(),
                m.name.as_str(),
                m.description.as_deref(),
                m.status.as_deref(),
            ),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        rows,
        [
            (ADA, "Ada", Some("Ada bio line one."), Some("active")),
            (
                "5be22d4f-cc34-027b-9943-09195f451808",
                "Zed",
                Some("Zed bio line one."),
                Some("inactive")
            ),
        ]
    );
    assert_eq!(batch.next, None);
}

#[test]
fn an_agent_s_secrets_never_come_into_the_model() {
    let body = text(&fixture("agent.json")).replace(
        r#""settings":{"secrets":{}}"#,
        r#""settings":{"model":"m","secrets":{"KEY":"plain-secret"},"z":1}"#,
    );
    let batch = read(
        &Ask::Mission {
            mission: ADA.into(),
        },
        &body.into(),
    )
    .unwrap();
    let Record::Mission(agent) = batch.rows[0].record() else {
        panic!("{batch:?}");
    };
    let raw = text(agent.raw.bytes());
    assert!(
        !raw.contains("plain-secret") && !raw.contains("secrets"),
        "{raw}"
    );
    assert!(
        raw.contains(r#""settings":{"model":"m","z":1},"style":{"all":["short"]"#),
        "{raw}"
    );
    assert_eq!(
        agent.description.as_deref(),
        Some("Ada bio line one.\nline two")
    );
    assert_eq!(
        (agent.created_at, agent.status.as_deref()),
        (at(1_795_166_572_368), Some("active"))
    );
    assert_eq!(agent.facts[0].value, "You are Ada.");
    let listed = br#"{"success":true,"data":{"agents":[{"id":"a","name":"A","settings":{"secrets":{"K":"plain-secret"}}}]}}"#;
    let batch = read(
        &Ask::Missions {
            page: Page::default(),
        },
        &Bytes::from_static(listed),
    )
    .unwrap();
    let Record::Mission(agent) = batch.rows[0].record() else {
        panic!("{batch:?}");
    };
    assert!(!text(agent.raw.bytes()).contains("plain-secret"));
}

#[test]
fn a_page_of_runs_is_mapped_and_goes_back_in_time() {
    let batch = read(&runs_ask(), &fixture("runs.json")).unwrap();
    let found = runs(&batch);
    let (open, done) = (found[0], found[1]);
    assert_eq!(
        (open.status, open.ended_at, open.duration),
        (RunStatus::Running, None, None)
    );
    assert_eq!(open.mission_id, ADA);
    assert_eq!(
        (done.status, done.status_sent.as_deref()),
        (RunStatus::Succeeded, Some("completed"))
    );
    // The list leaves the duration null.
    assert_eq!(done.duration.unwrap().as_millis(), 378);
    let fact = |label: &str| {
        done.facts
            .iter()
            .find(|fact| fact.label == label)
            .map(|fact| fact.value.as_str())
    };
    // The list's 0 actions is no count.
    assert_eq!((fact("actions"), fact("model calls")), (None, Some("6")));
    assert_eq!(
        fact("metadata"),
        Some(r#"{"mission":"night-audit","tags":["x"]}"#)
    );
    assert!(text(done.raw.bytes()).starts_with(r#"{"runId":"ec5f45c3"#));
    let Some(Ask::Runs { page, .. }) = &batch.next else {
        panic!("{:?}", batch.next);
    };
    assert_eq!(page.cursor.as_deref(), Some("1795166597760"));
    assert_eq!((page.index, page.seen), (1, 2));
}

#[test]
fn pages_end_where_they_are_empty_or_do_not_go_back() {
    let first = read(&runs_ask(), &fixture("runs.json")).unwrap();
    let second = first.next.unwrap();
    let empty = read(&second, &fixture("runs_empty.json")).unwrap();
    assert_eq!(
        (empty.rows.len(), empty.next, empty.also),
        (0, None, Vec::new())
    );
    // A server that ignores `to` would give the same page for ever.
    let same = read(&second, &fixture("runs.json")).unwrap();
    assert_eq!(same.next, None);
    let startless =
        text(&fixture("runs.json")).replace("\"startedAt\":1795166", "\"begun\":1795166");
    assert_eq!(read(&runs_ask(), &startless.into()).unwrap().next, None);
}

#[test]
fn the_documented_list_is_read_too() {
    let batch = read(&runs_ask(), &fixture("runs_documented.json")).unwrap();
    let run = runs(&batch)[0];
    assert_eq!(run.id, "550e8400-e29b-41d4-a716-446655440001");
    assert_eq!(
        (run.status, run.duration.unwrap().as_millis()),
        (RunStatus::Succeeded, 1323)
    );
}

fn open_run(id: &str, start: i64) -> String {
    format!(
        r#"{{"runId":"{id}","status":"started","startedAt":{start},"endedAt":null,"durationMs":null,"roomId":"{ROOM}"}}"#
    )
}

fn list(all: &[String]) -> Bytes {
    Bytes::from(format!(
        r#"{{"success":true,"data":{{"runs":[{}]}}}}"#,
        all.join(",")
    ))
}

/// What the age of the server tells of the runs of a page.
fn aged(page: &Batch, up: i64) -> Batch {
    let what = |ask: &&Ask| matches!(ask, Ask::Aside { what: "server", .. });
    let ask = page.also.iter().find(what).unwrap();
    let version = format!(
        r#"{{"version":"1.7.2","timestamp":"{}","uptime":{up}.5}}"#,
        jiff::Timestamp::from_millisecond(NOW).unwrap()
    );
    read(ask, &version.into()).unwrap()
}

const HOUR: i64 = 3_600_000;

#[test]
fn a_run_that_never_ended_is_unknown_after_an_hour() {
    let alone = read(&runs_ask(), &list(&[open_run("a", NOW - 2 * HOUR)])).unwrap();
    assert_eq!(runs(&alone)[0].status, RunStatus::Unknown);
    assert_eq!(runs(&alone)[0].quiet_since, at(NOW - 2 * HOUR));
    let fresh = [open_run("b", NOW - 8000), open_run("a", NOW - 9000)];
    let fresh = read(&runs_ask(), &list(&fresh)).unwrap();
    assert!(
        runs(&fresh)
            .iter()
            .all(|run| run.status == RunStatus::Running)
    );
}

#[test]
fn a_run_that_hangs_was_superseded_by_the_next_of_its_room_or_cut_off_by_a_restart() {
    let two = [
        open_run("b", NOW - 2 * HOUR + 8000),
        open_run("a", NOW - 2 * HOUR),
    ];
    let page = read(&runs_ask(), &list(&two)).unwrap();
    let up = aged(&page, 86_400);
    assert_eq!((runs(&up).len(), runs(&up)[0].id.as_str()), (1, "a"));
    assert_eq!(runs(&up)[0].status, RunStatus::Cancelled);
    let reason = |batch: &Batch, n: usize| runs(batch)[n].status_reason.clone().unwrap();
    assert!(reason(&up, 0).contains("superseded"));
    // Restarted an hour ago: whatever began before was cut off.
    let cut = aged(&page, 3_600);
    assert_eq!(runs(&cut).len(), 2);
    for n in 0..2 {
        assert_eq!(runs(&cut)[n].status, RunStatus::Unknown);
        assert!(reason(&cut, n).starts_with("interrupted"), "{cut:?}");
    }
    // Where the server's age cannot be had, the better guess is left.
    let server = |ask: &&Ask| matches!(ask, Ask::Aside { what: "server", .. });
    let ask = page.also.iter().find(server).unwrap();
    let guess = ElizaOs.without(ask, "404").unwrap();
    assert_eq!(runs(&guess)[0].status, RunStatus::Cancelled);
    assert_eq!(runs(&guess).len(), 1);
}

#[test]
fn a_page_that_is_surely_the_last_needs_no_empty_one_behind_it() {
    let last = text(&fixture("runs.json")).replace(
        "\"total\":12,\"hasMore\":true",
        "\"total\":2,\"hasMore\":false",
    );
    assert_eq!(read(&runs_ask(), &last.clone().into()).unwrap().next, None);
    // A run whose start is missing was cut by the window of rows: there is more before it.
    let cut = last.replace("\"startedAt\":1795166597761", "\"startedAt\":null");
    assert!(read(&runs_ask(), &cut.into()).unwrap().next.is_some());
    // `hasMore` alone is not believed.
    let alone = last.replace("\"total\":2", "\"total\":9");
    assert!(read(&runs_ask(), &alone.into()).unwrap().next.is_some());
}

#[test]
fn log_rows_patch_how_runs_ended() {
    let page = text(&fixture("runs.json")).replace(
        "7064b300-21b2-4f0d-8d8c-ec6b578f80d2",
        "cccccccc-0000-4000-8000-000000000001",
    );
    let page = read(&runs_ask(), &page.into()).unwrap();
    let batch = read(&page.also[0], &fixture("logs.json")).unwrap();
    // The second run has no row here, so nothing is said of it.
    assert_eq!((batch.rows.len(), patches(&batch)), (1, 1));
    let run = runs(&batch)[0];
    assert_eq!(
        (run.id.as_str(), run.status),
        ("cccccccc-0000-4000-8000-000000000001", RunStatus::TimedOut)
    );
    assert_eq!(run.error.as_deref(), Some("Run exceeded timeout"));
    assert_eq!(run.ended_at, at(1_795_166_720_756));
    for (status, error, expected) in [
        ("muted", "", RunStatus::Cancelled),
        ("completed", r#""error":"boom","#, RunStatus::Failed),
        ("deferred", "", RunStatus::Unknown),
    ] {
        let body = text(&fixture("logs.json")).replace(
            r#""status":"timeout","error":"Run exceeded timeout","#,
            &format!(r#""status":"{status}",{error}"#),
        );
        let batch = read(&page.also[0], &body.into()).unwrap();
        assert_eq!(
            (
                runs(&batch)[0].status,
                runs(&batch)[0].status_sent.as_deref()
            ),
            (expected, Some(status))
        );
    }
}

#[test]
fn the_message_that_began_a_run_is_its_title() {
    let page = read(&runs_ask(), &fixture("runs.json")).unwrap();
    let room = read(&page.also[1], &fixture("room.json")).unwrap();
    let batch = read(&room.also[0], &fixture("memories.json")).unwrap();
    let run = runs(&batch)[0];
    assert_eq!(
        (run.id.as_str(), run.title.as_str()),
        (
            "ec5f45c3-d406-43e8-8f24-055d9925baaa",
            "weather and then book"
        )
    );
    assert_eq!((batch.rows.len(), patches(&batch)), (1, 1));
    // An action of it failed, which the list does not know.
    assert_eq!(run.facts[0].label, "failed actions");
    assert_eq!(run.facts[0].value, "1");
}

#[test]
fn a_side_list_that_cannot_be_had_is_no_trouble() {
    let page = read(&runs_ask(), &fixture("runs.json")).unwrap();
    let html = Bytes::from_static(b"<html>login</html>");
    for ask in &page.also {
        for status in [200, 404, 500] {
            // Either it is read as saying nothing, or left out.
            let rows = read_at(ask, status, &html, NOW).map_or(0, |batch| batch.rows.len());
            assert_eq!(rows, 0);
            assert!(ElizaOs.without(ask, "500").is_some());
        }
    }
}

#[test]
fn a_crash_once_learnt_is_not_taken_back_by_the_list() {
    let page = read(&runs_ask(), &fixture("runs.json")).unwrap();
    let id = "ec5f45c3-d406-43e8-8f24-055d9925baaa";
    let of = |batch: &Batch| {
        let all = runs(batch);
        let own = all.iter().find(|run| run.id == id);
        own.map(|run| (*run).clone()).unwrap()
    };
    let rows = text(&fixture("logs.json"))
        .replace("cccccccc-0000-4000-8000-000000000001", id)
        .replace("\"status\":\"timeout\"", "\"status\":\"completed\"");
    let mut known = of(&page);
    assert_eq!(known.status, RunStatus::Succeeded);
    let learnt = read(&page.also[0], &rows.into()).unwrap();
    merge::run(&mut known, of(&learnt));
    assert_eq!(known.status, RunStatus::Failed);
    // The list is read again, and now the log cannot be.
    let unread = ElizaOs.without(&page.also[0], "503").unwrap();
    for again in [of(&page), of(&unread)] {
        merge::run(&mut known, again);
        assert_eq!(known.status, RunStatus::Failed);
        assert_eq!(known.error.as_deref(), Some("Run exceeded timeout"));
        assert!(
            !known
                .status_reason
                .as_deref()
                .unwrap_or_default()
                .contains("503")
        );
    }
}

#[test]
fn a_completed_run_whose_end_cannot_be_read_says_so() {
    let page = read(&runs_ask(), &fixture("runs.json")).unwrap();
    let completed = runs(&page);
    let completed = completed
        .iter()
        .filter(|run| run.status == RunStatus::Succeeded);
    let completed: Vec<&str> = completed.map(|run| run.id.as_str()).collect();
    assert!(!completed.is_empty());
    let noted = ElizaOs.without(&page.also[0], "503 from it").unwrap();
    let told: Vec<&str> = runs(&noted).iter().map(|run| run.id.as_str()).collect();
    assert_eq!(told, completed);
    assert_eq!(
        runs(&noted)[0].status_reason.as_deref(),
        Some("said completed; whether it crashed cannot be read: 503 from it")
    );
    // A title that is missing needs no words; a list or its events cannot be done without.
    let titles = ElizaOs.without(&page.also[1], "503").unwrap();
    assert_eq!(titles, Batch::default());
    for ask in [runs_ask(), events_ask("a"), Ask::Run(run_ref("a", None))] {
        assert_eq!(ElizaOs.without(&ask, "503"), None, "{ask:?}");
    }
}

#[test]
fn the_service_s_words_are_kept_when_it_says_no() {
    let forms = fixture("errors.jsonl");
    let forms: Vec<&str> = text(&forms).lines().collect();
    for (at, status, words) in [
        (
            0,
            404,
            "Agent not found: it does not exist or is stopped, and a stopped agent shows no runs",
        ),
        (1, 500, "Error retrieving agent runs: connection terminated"),
        (
            2,
            404,
            "API endpoint not found: this server is older than 1.5.8 or no ElizaOS 1.x server",
        ),
        (3, 500, "JSON Parse error: Expected '}'"),
        (4, 500, "Failed to fetch messages"),
        (
            5,
            401,
            "API key required: Missing or invalid X-API-KEY header",
        ),
        (6, 401, "Invalid JWT token: signature verification failed"),
    ] {
        let body = Bytes::copy_from_slice(forms[at].as_bytes());
        assert_eq!(
            read_at(&runs_ask(), status, &body, NOW),
            Err(ReadError::Said(words.to_owned()))
        );
    }
    for (status, body, words) in [
        (403, "Forbidden", "Forbidden"),
        (502, "<html>bad</html>", "HTTP 502"),
        (500, "", "HTTP 500"),
    ] {
        let body = Bytes::copy_from_slice(body.as_bytes());
        assert_eq!(
            read_at(&runs_ask(), status, &body, NOW),
            Err(ReadError::Said(words.to_owned()))
        );
    }
    let denied = Bytes::from_static(br#"{"success":false,"error":{"code":"X","message":"no"}}"#);
    assert_eq!(
        read(&runs_ask(), &denied),
        Err(ReadError::Said("no".to_owned()))
    );
    for foreign in [
        "<html>app</html>",
        r#"{"hello":1}"#,
        "{\"success\":true,\"data\":",
        "[",
        "42",
    ] {
        let body = Bytes::copy_from_slice(foreign.as_bytes());
        assert!(
            matches!(read(&runs_ask(), &body), Err(ReadError::Foreign(_))),
            "{foreign}"
        );
    }
}
