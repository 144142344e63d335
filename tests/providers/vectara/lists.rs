//! Agents, sessions, what is asked for them, and how a session's end is learnt.

use super::*;
use sortie::model::{AuthScheme, Fact, RunStatus};
use sortie::provider::capture::{Sort, captured};

fn fact<'a>(facts: &'a [Fact], label: &str) -> Option<&'a str> {
    let fact = facts.iter().find(|fact| fact.label == label)?;
    Some(fact.value.as_str())
}

#[test]
fn every_ask_becomes_one_get() {
    let sent = |ask: &Ask| {
        let request = Vectara.request(ask).unwrap();
        let query: Vec<String> = request
            .query
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!("{}?{}", request.path, query.join("&"))
    };
    let mission = Ask::Mission {
        mission: arc("a/b é"),
    };
    assert_eq!(sent(&missions()), "/agents?limit=100");
    assert_eq!(sent(&mission), "/agents/a%2Fb%20%C3%A9?");
    assert_eq!(
        sent(&runs()),
        "/agents/agt_incident_triage_4c1e/sessions?limit=100"
    );
    let session =
        "/agents/agt_incident_triage_4c1e/sessions/ase_checkout_latency_20260702-081455_7d3e";
    assert_eq!(sent(&Ask::Run(run_ref())), format!("{session}?"));
    assert_eq!(
        sent(&events()),
        format!("{session}/events?limit=100&include_hidden=true")
    );
    assert_eq!(sent(&event("aev_1")), format!("{session}/events/aev_1?"));
    assert_eq!(
        Vectara.request(&Ask::Steps(run_ref())),
        None,
        "steps come with the events"
    );
    let caps = Vectara.caps();
    assert_eq!(
        (caps.base_url, caps.auth),
        ("https://api.vectara.io/v2", AuthScheme::XApiKey)
    );
    assert!(!caps.open && !caps.steps);
}

#[test]
fn agents_become_missions() {
    let batch = read(&missions(), 200, fixture("agents")).unwrap();
    let missions = missions_in(&batch);
    assert_eq!((missions.len(), batch.skipped), (2, 0));
    assert_eq!(
        (missions[0].id.as_str(), missions[0].name.as_str()),
        ("agt_docs_expert_9b20", "Docs Expert")
    );
    assert_eq!(
        missions[0].description.as_deref(),
        Some("Searches product documentation.")
    );
    assert_eq!(
        missions[0].created_at,
        Some(time("2026-05-28T22:15:00.100Z"))
    );
    assert_eq!(missions[0].status, None, "agents have no state");
    assert_eq!(
        (missions[1].id.as_str(), missions[1].created_at),
        ("nightly_digest", None)
    );
    assert_eq!(fact(&missions[1].facts, "enabled"), Some("false"));
    let next = Vectara.request(batch.next.as_ref().unwrap()).unwrap();
    assert_eq!(
        next.query[1],
        ("page_key".to_owned(), "cGFnZS0yLW9mLWxpc3Q".to_owned())
    );
}

#[test]
fn one_agent_shows_its_model_steps_and_tools() {
    let ask = Ask::Mission {
        mission: arc(AGENT),
    };
    let batch = read(&ask, 200, fixture("agent")).unwrap();
    let mission = &missions_in(&batch)[0];
    assert_eq!(mission.updated_at, Some(time("2026-06-30T15:59:40.004Z")));
    for (label, value) in [
        ("model", "gpt-4o"),
        ("enabled", "true"),
        ("first step", "classify"),
        ("steps", "investigate"),
        (
            "tools",
            "runbook_search, log_stats, ask_docs, view_image, read_file, shared_web",
        ),
        ("skills", "severity_guide"),
        ("instructions", "Grade the incident."),
    ] {
        assert_eq!(fact(&mission.facts, label), Some(value), "{label}");
    }
    assert_eq!(
        mission.raw.bytes(),
        &fixture("agent").trim_ascii_end().to_vec()
    );
    let smallest = read(&ask, 200, fixture("smallest_agent")).unwrap();
    assert_eq!(missions_in(&smallest)[0].name, "Nightly digest");
}

#[test]
fn sessions_become_runs_and_are_looked_into() {
    let batch = read(&runs(), 200, fixture("sessions")).unwrap();
    let runs = runs_in(&batch);
    assert_eq!(
        (runs[0].id.as_str(), runs[0].status),
        ("api_gateway_5xx", RunStatus::Running)
    );
    assert_eq!(
        (runs[0].mission_id.as_str(), runs[0].title.as_str()),
        (AGENT, "api_gateway_5xx")
    );
    assert_eq!(runs[0].started_at, Some(time("2026-07-02T09:02:10.001Z")));
    assert_eq!(fact(&runs[0].facts, "alias"), Some("triage"));
    assert_eq!(
        (runs[1].status, runs[1].title.as_str()),
        (RunStatus::Pending, "Upload review")
    );
    assert_eq!(runs[1].status_sent.as_deref(), Some("unstarted"));
    assert_eq!(batch.next, None);
    assert_eq!(
        batch.also.len(),
        1,
        "an unstarted session has no newest event"
    );
    let look = Vectara.request(&batch.also[0]).unwrap();
    assert!(look.path.ends_with("/sessions/api_gateway_5xx/events"));
    let query = [("limit", "1"), ("include_hidden", "true")];
    assert_eq!(
        look.query,
        query.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
}

#[test]
fn one_session_is_read_whole() {
    let batch = read(&Ask::Run(run_ref()), 200, fixture("session")).unwrap();
    let run = &runs_in(&batch)[0];
    assert_eq!(run.title, "Checkout latency caused by release 2.31");
    assert_eq!(
        (run.status, run.status_sent.as_deref()),
        (RunStatus::Unknown, Some("stopped"))
    );
    assert_eq!(run.tokens, None, "the latest call is no sum");
    for (label, value) in [
        ("name", "Checkout latency 20260702-081455"),
        ("metadata", r#"{"channel": "web", "priority": "high"}"#),
        ("next step", "investigate"),
        (
            "latest call",
            "9120 in, 4096 cached, 311 out, 120 reasoning, 9431 total, 200000 window (tokens)",
        ),
    ] {
        assert_eq!(fact(&run.facts, label), Some(value), "{label}");
    }
    assert_eq!(
        fact(&run.facts, "deleted after"),
        None,
        "0 minutes mean never"
    );
    let child = read(&Ask::Run(run_ref()), 200, fixture("child_session")).unwrap();
    let child = &runs_in(&child)[0];
    assert_eq!(child.parent_run_id.as_deref(), Some(SESSION));
    assert_eq!(fact(&child.facts, "parent agent"), Some(AGENT));
    assert_eq!(fact(&child.facts, "deleted after"), Some("60 idle minutes"));
}

/// What a look into a session of that status makes of it, with `newest` as its newest event.
fn looked_into(status: &str, newest: &str) -> Run {
    let list = format!(
        r#"{{"sessions":[{{"key":"s","name":"n",{status}"created_at":"2026-07-02T08:14:54.880Z"}}]}}"#
    );
    let batch = read(&runs(), 200, list).unwrap();
    let body = format!("{{\"events\":[{newest}],\"metadata\":{{\"page_key\":\"more\"}}}}");
    let look = read(&batch.also[0], 200, body).unwrap();
    assert_eq!((look.next, look.rows.len()), (None, 1));
    assert!(matches!(look.rows[0], Row::Patch(_)));
    let Record::Run(run) = look.rows[0].record().clone() else {
        panic!("no run");
    };
    assert_eq!((run.mission_id.as_str(), run.id.as_str()), (AGENT, "s"));
    run
}

fn newest(name: &str) -> String {
    String::from_utf8(fixture(name).to_vec()).unwrap()
}

#[test]
fn how_a_stopped_session_ended_is_in_its_newest_event() {
    let stopped = r#""status":"stopped","#;
    let ended = looked_into(stopped, &newest("agent_output"));
    assert_eq!(ended.status, RunStatus::Succeeded);
    assert_eq!(ended.ended_at, Some(time("2026-07-02T08:15:23.650Z")));
    assert_eq!(ended.duration.unwrap().as_millis(), 28_770);
    let failed = looked_into(stopped, &newest("error"));
    assert_eq!(failed.status, RunStatus::Failed);
    assert_eq!(
        failed.error.as_deref(),
        Some("LLM request failed after 4 attempts: upstream returned 503.")
    );
    for name in ["context_limit_exceeded", "step_transition_limit_exceeded"] {
        let failed = looked_into(stopped, &newest(name));
        assert_eq!(failed.status, RunStatus::Failed, "{name}");
        assert!(failed.error.is_some());
    }
    let stopped_by_hand = looked_into(stopped, &newest("session_interrupted"));
    assert_eq!(stopped_by_hand.status, RunStatus::Cancelled);
    assert_eq!(
        looked_into(stopped, "").status,
        RunStatus::Succeeded,
        "stopped without events"
    );
}

#[test]
fn a_running_session_that_fell_silent_says_since_when() {
    let running = r#""status":"running","#;
    let silent = looked_into(running, &newest("tool_input"));
    assert_eq!((silent.status, silent.ended_at), (RunStatus::Running, None));
    assert_eq!(silent.quiet_since, Some(time("2026-07-02T08:14:57.310Z")));
    let waits = looked_into(running, &newest("client_tool_pending"));
    assert_eq!(
        waits.status_reason.as_deref(),
        Some("waits for: notify_slack")
    );
}

#[test]
fn without_a_status_the_newest_event_and_its_age_decide() {
    let old = looked_into("", &newest("agent_output"));
    assert_eq!(old.status, RunStatus::Succeeded);
    let young = newest("tool_input").replace("2026-07-02T08:14:57.310Z", "2026-07-02T09:42:05Z");
    assert_eq!(looked_into("", &young).status, RunStatus::Running);
    assert_eq!(looked_into("", "").status, RunStatus::Unknown);
}

#[test]
fn a_look_that_is_refused_costs_the_list_nothing() {
    let batch = read(&runs(), 200, fixture("sessions")).unwrap();
    let look = read(&batch.also[0], 403, fixture("forbidden")).unwrap();
    let reason = runs_in(&look)[0].status_reason.clone().unwrap();
    assert!(reason.starts_with("its newest event cannot be read: 403, You do not have permission"));
}

#[test]
fn only_a_look_can_be_done_without() {
    let batch = read(&runs(), 200, fixture("sessions")).unwrap();
    let noted = Vectara.without(&batch.also[0], "503 from it").unwrap();
    let run = &runs_in(&noted)[0];
    assert_eq!(
        run.status_reason.as_deref(),
        Some("its newest event cannot be read: 503 from it")
    );
    let events = Ask::Events {
        run: run_ref(),
        page: Page::default(),
    };
    for ask in [runs(), events, Ask::Run(run_ref())] {
        assert_eq!(Vectara.without(&ask, "503"), None, "{ask:?}");
    }
}

#[test]
fn at_most_fifty_sessions_are_looked_into() {
    let one = |n: usize| {
        format!(r#"{{"key":"s{n}","status":"stopped","created_at":"2026-07-01T00:{n:02}:00Z"}}"#)
    };
    let all: Vec<String> = (0..60).map(one).collect();
    let body = format!("{{\"sessions\":[{}]}}", all.join(","));
    let batch = read(&runs(), 200, body).unwrap();
    assert_eq!((batch.rows.len(), batch.also.len()), (60, 50));
    assert_eq!(
        batch.also[0].run().unwrap().run.as_ref(),
        "s59",
        "the newest first"
    );
}

#[test]
fn what_the_service_says_is_kept() {
    for (status, name, words) in [
        (
            403,
            "forbidden",
            "You do not have permission to read this agent. (request a1b2c3d4e5f60718293a4b5c6d7e8f90); reading needs the role agent_viewer or a higher one",
        ),
        (
            404,
            "not_found",
            "Session not found. (request a1b2c3d4e5f60718293a4b5c6d7e8f90); the service itself deletes sessions that idle too long",
        ),
        (
            400,
            "malformed",
            "The request is malformed.; messages must not be empty (request a1b2c3d4e5f60718293a4b5c6d7e8f90)",
        ),
    ] {
        let said = read(&events(), status, fixture(name)).unwrap_err();
        assert_eq!(said, ReadError::Said(words.to_owned()));
    }
    for (body, words) in [
        ("<html>\n<b>Bad gateway</b>", "<html> <b>Bad gateway</b>"),
        ("", "an empty body"),
        ("[1]", "[1]"),
    ] {
        assert_eq!(
            read(&runs(), 502, body).unwrap_err(),
            ReadError::Said(words.to_owned())
        );
    }
}

#[test]
fn a_success_of_another_shape_is_foreign() {
    for body in [
        "<html>",
        "",
        "[]",
        "{}",
        r#"{"agents":5}"#,
        r#"{"sessions":[{"#,
    ] {
        for ask in [
            missions(),
            runs(),
            events(),
            event("x"),
            Ask::Run(run_ref()),
        ] {
            let error = read(&ask, 200, body).unwrap_err();
            assert!(matches!(error, ReadError::Foreign(_)), "{body}: {error:?}");
        }
    }
    assert!(
        read(&events(), 200, r#"{"events":null}"#)
            .unwrap()
            .rows
            .is_empty()
    );
}

#[test]
fn captured_replies_are_recognised() {
    let asked = |bytes: &[u8]| {
        let found = captured(bytes)?;
        let Sort::Answer(answer) = found.capture.pieces.first()?.sort.clone() else {
            return None;
        };
        Some((found.provider.name(), answer.ask))
    };
    let told = |name| asked(&fixture(name));
    assert_eq!(told("agents"), Some(("vectara", missions())));
    assert_eq!(told("sessions"), Some(("vectara", runs())));
    let Some((_, Ask::Events { run, .. })) = told("events") else {
        panic!("no events");
    };
    assert_eq!(run.run.as_ref(), SESSION);
    assert_eq!(asked(b"{\"data\":[]}"), None);
}

#[test]
fn a_list_of_sessions_that_is_read_again_looks_only_into_what_may_be_news() {
    let session = |key: &str, status: &str, at: &str| {
        format!(r#"{{"key":"{key}","status":"{status}","created_at":"2026-07-02T08:{at}:00Z"}}"#)
    };
    let body = format!(
        r#"{{"sessions":[{},{},{},{}]}}"#,
        session("new", "stopped", "40"),
        session("live", "running", "10"),
        session("known", "stopped", "20"),
        session("old", "stopped", "00"),
    );
    let peeked = |after: Option<&str>| {
        let ask = Ask::Runs {
            mission: AGENT.into(),
            status: None,
            page: Page {
                after: after.map(|at| time(at).0),
                ..Page::default()
            },
        };
        let batch = read(&ask, 200, body.clone()).unwrap();
        assert_eq!(batch.rows.len(), 4);
        let runs = batch.also.iter().filter_map(Ask::run);
        runs.map(|run| run.run.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(peeked(None), ["new", "known", "live", "old"]);
    assert_eq!(peeked(Some("2026-07-02T08:30:00Z")), ["new", "live"]);
}
