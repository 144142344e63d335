//! Every ask as the path and query that the service knows.

use super::*;

fn asked(ask: &Ask) -> String {
    let request = ElizaOs.request(ask).unwrap();
    let query: Vec<String> = request
        .query
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!("{}?{}", request.path, query.join("&"))
}

#[test]
fn every_ask_has_its_path_and_query() {
    let run = run_ref("r 1/2", Some(ROOM));
    let bare = run_ref("r1", None);
    let status = Some(RunStatus::Failed);
    let page = Page {
        cursor: Some("1795166597760".into()),
        index: 3,
        ..Page::default()
    };
    let detail = format!("/api/agents/{ADA}/runs/r%201%2F2?roomId={ROOM}");
    for (ask, expected) in [
        (
            Ask::Missions {
                page: Page::default(),
            },
            "/api/agents?".to_owned(),
        ),
        (
            Ask::Mission {
                mission: ADA.into(),
            },
            format!("/api/agents/{ADA}?"),
        ),
        (
            runs_ask(),
            format!("/api/agents/{ADA}/runs?limit=100&from=1"),
        ),
        (
            Ask::Runs {
                mission: ADA.into(),
                status,
                page,
            },
            format!("/api/agents/{ADA}/runs?limit=100&from=1&to=1795166597760"),
        ),
        (Ask::Run(run.clone()), detail.clone()),
        (
            Ask::Events {
                run: run.clone(),
                page: Page::default(),
            },
            detail.clone(),
        ),
        (
            Ask::Event {
                run: run.clone(),
                event: "e".into(),
            },
            detail,
        ),
        (Ask::Run(bare), format!("/api/agents/{ADA}/runs/r1?")),
    ] {
        assert_eq!(asked(&ask), expected, "{ask:?}");
    }
    assert_eq!(ElizaOs.request(&Ask::Steps(run)), None);
}

#[test]
fn what_the_service_cannot_answer_is_not_asked() {
    let run = run_ref("r1", None);
    let page = Page::default;
    for ask in [
        Ask::Steps(run.clone()),
        Ask::Picked {
            run,
            only: Only::default(),
            page: page(),
        },
        Ask::AllRuns {
            status: None,
            page: page(),
        },
        Ask::AllEvents {
            kind: None,
            page: page(),
        },
    ] {
        assert_eq!(ElizaOs.request(&ask), None, "{ask:?}");
    }
}

#[test]
fn a_check_asks_for_the_version_and_then_for_the_agents() {
    assert_eq!(asked(&Ask::Check), "/api/system/version?");
    let version = Bytes::from_static(br#"{"version":"1.7.2","source":"server","uptime":191.25}"#);
    let proof = read(&Ask::Check, &version).unwrap();
    assert_eq!(asked(&proof.also[0]), "/api/agents?");
    // Servers that do not tell their version have agents all the same.
    let none = Bytes::from_static(
        br#"{"success":false,"error":{"message":"API endpoint not found","code":404}}"#,
    );
    let proof = read_at(&Ask::Check, 404, &none, NOW).unwrap();
    assert_eq!(proof.also.len(), 1);
    let refused = Bytes::from_static(br#"{"error":"API key required","message":"Missing"}"#);
    let refused = read_at(&Ask::Check, 401, &refused, NOW).unwrap_err();
    assert!(refused.to_string().starts_with("API key required"));
}

#[test]
fn a_page_of_runs_is_followed_by_its_ends_its_titles_and_the_server_s_age() {
    let page = read(&runs_ask(), &fixture("runs.json")).unwrap();
    let also: Vec<String> = page.also.iter().map(asked).collect();
    assert_eq!(
        also,
        [
            format!("/api/agents/{ADA}/logs?type=run_event&count=400&offset=0"),
            format!("/api/agents/{ADA}/rooms/{ROOM}?"),
            // One run has no end.
            "/api/system/version?".to_owned(),
        ]
    );
    let room = read(&page.also[1], &fixture("room.json")).unwrap();
    assert_eq!(
        asked(&room.also[0]),
        format!(
            "/api/agents/{ADA}/rooms/4eaa5e9e-4c76-4ce4-a142-9b2742078f42/memories?limit=500&before=1795166687991&tableName=messages&includeEmbedding=false"
        )
    );
    // An older server keeps memories under the room itself.
    let empty = Bytes::from_static(br#"{"success":true,"data":{"memories":[]}}"#);
    let older = read(&room.also[0], &empty).unwrap();
    assert!(asked(&older.also[0]).contains(&format!("/rooms/{ROOM}/memories?")));
    assert_eq!(read(&older.also[0], &empty).unwrap().also, []);
}

#[test]
fn the_channels_of_several_rooms_are_one_request() {
    let other = "cfa0bd40-c910-07ab-a3d9-babeaf62407d";
    let body = text(&fixture("runs.json")).replacen(ROOM, other, 1);
    let page = read(&runs_ask(), &body.into()).unwrap();
    assert_eq!(asked(&page.also[1]), format!("/api/agents/{ADA}/rooms?"));
    let rooms = format!(
        r#"{{"success":true,"data":{{"rooms":[{{"id":"{ROOM}","channelId":"c-1"}},{{"id":"{other}"}}]}}}}"#
    );
    let rooms = read(&page.also[1], &rooms.into()).unwrap();
    let mut channels: Vec<String> = rooms.also.iter().map(asked).collect();
    channels.sort();
    assert!(channels[0].contains("/rooms/c-1/memories?"), "{channels:?}");
    assert!(
        channels[1].contains(&format!("/rooms/{other}/memories?")),
        "{channels:?}"
    );
}

#[test]
fn every_request_is_of_a_listed_route() {
    let mut open = vec![
        Ask::Missions {
            page: Page::default(),
        },
        Ask::Mission {
            mission: ADA.into(),
        },
        runs_ask(),
        Ask::Run(run_ref("r1", Some(ROOM))),
        events_ask("r1"),
        Ask::Check,
    ];
    open.extend(read(&runs_ask(), &fixture("runs.json")).unwrap().also);
    let run = run_ref("ec5f45c3-d406-43e8-8f24-055d9925baaa", Some(ROOM));
    open.extend(read(&Ask::Run(run), &fixture("run.json")).unwrap().also);
    let events = events_ask("ec5f45c3-d406-43e8-8f24-055d9925baaa");
    open.extend(read(&events, &fixture("run.json")).unwrap().also);
    for ask in open {
        let template = ElizaOs.request(&ask).unwrap().template();
        assert!(ElizaOs.routes().contains(&template), "{template}");
    }
}
