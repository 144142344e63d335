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
fn a_page_of_runs_is_followed_by_its_ends_and_its_titles() {
    let page = read(&runs_ask(), &fixture("runs.json")).unwrap();
    let also: Vec<String> = page.also.iter().map(asked).collect();
    assert_eq!(
        also,
        [
            format!("/api/agents/{ADA}/logs?type=run_event&count=400&offset=0"),
            format!("/api/agents/{ADA}/rooms/{ROOM}?"),
        ]
    );
    let room = read(&page.also[1], &fixture("room.json")).unwrap();
    assert_eq!(
        asked(&room.also[0]),
        format!(
            "/api/agents/{ADA}/rooms/4eaa5e9e-4c76-4ce4-a142-9b2742078f42/memories?limit=200&before=1795166687991&tableName=messages&includeEmbedding=false"
        )
    );
    // An older server keeps memories under the room itself.
    let empty = Bytes::from_static(br#"{"success":true,"data":{"memories":[]}}"#);
    let older = read(&room.also[0], &empty).unwrap();
    assert!(asked(&older.also[0]).contains(&format!("/rooms/{ROOM}/memories?")));
    assert_eq!(read(&older.also[0], &empty).unwrap().also, []);
}
