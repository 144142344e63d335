//! The demo over real HTTP, walked like a person would: every mission, every run, every event of all
//! four services, through the ordinary fetcher.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::HashSet;

use sortie::demo::Demo;
use sortie::demo::clock::Clock;
use sortie::fetch::{Line, collect};
use sortie::model::{Ask, Limit, Page, Record, Run, RunRef, RunStatus, Trouble};

struct Walk {
    missions: usize,
    runs: Vec<Run>,
    events: Vec<usize>,
    biggest: usize,
}

async fn records(line: &Line, ask: Ask) -> Vec<Record> {
    let collected = collect(line, ask.clone(), Limit::NONE).await;
    match (&collected.trouble, &ask) {
        // A stopped agent of elizaos is listed, but shows no runs.
        (None, _) | (Some(Trouble::NotFound { .. }), Ask::Runs { .. }) => {}
        (trouble, _) => panic!("{} {ask:?}: {trouble:?}", line.name()),
    }
    collected.records
}

async fn walk(line: &Line) -> Walk {
    let page = Page::default;
    let mut walk = Walk {
        missions: 0,
        runs: Vec::new(),
        events: Vec::new(),
        biggest: 0,
    };
    for mission in records(line, Ask::Missions { page: page() }).await {
        walk.missions += 1;
        let runs = Ask::Runs {
            mission: mission.id().into(),
            status: None,
            page: page(),
        };
        for run in records(line, runs).await {
            let Record::Run(run) = run else {
                continue;
            };
            let of = RunRef {
                mission: mission.id().into(),
                run: run.id.as_str().into(),
                room: run.room.as_deref().map(Into::into),
            };
            records(line, Ask::Steps(of.clone())).await;
            let events = records(
                line,
                Ask::Events {
                    run: of,
                    page: page(),
                },
            )
            .await;
            let events: Vec<_> = events
                .iter()
                .filter_map(|record| match record {
                    Record::Event(event) => Some(event),
                    Record::Mission(_)
                    | Record::Run(_)
                    | Record::Step(_)
                    | Record::Elsewhere(_) => None,
                })
                .collect();
            let longest = events.iter().map(|event| event.raw.len()).max();
            walk.biggest = walk.biggest.max(longest.unwrap_or(0));
            walk.events.push(events.len());
            walk.runs.push(run);
        }
    }
    walk
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_service_tells_its_stories_over_http() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let lines: Vec<Line> = demo.connections().into_iter().map(Line::from).collect();
    let names: Vec<_> = lines.iter().map(Line::name).collect();
    assert_eq!(
        names,
        [
            "demo-telnyx",
            "demo-vectara",
            "demo-agentex",
            "demo-elizaos"
        ]
    );
    for line in &lines {
        let walk = walk(line).await;
        let name = line.name();
        assert!(walk.missions >= 3, "{name}: {} missions", walk.missions);
        assert!(walk.runs.len() >= 12, "{name}: {} runs", walk.runs.len());
        let longest = walk.events.iter().max().copied().unwrap_or(0);
        assert!(
            longest >= 5000,
            "{name}: the longest run has {longest} events"
        );
        assert!(walk.biggest >= 3_000_000, "{name}: {} bytes", walk.biggest);
        let states: HashSet<RunStatus> = walk.runs.iter().map(|run| run.status).collect();
        assert!(states.contains(&RunStatus::Succeeded), "{name}: {states:?}");
        assert!(states.contains(&RunStatus::Running), "{name}: {states:?}");
        assert!(
            states.iter().any(|state| state.is_failure()),
            "{name}: {states:?}"
        );
    }
}

#[tokio::test]
async fn a_wrong_key_is_refused_and_a_dropped_demo_is_gone() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let other = Demo::start(Clock::starting_now()).unwrap();
    let missions = || Ask::Missions {
        page: Page::default(),
    };
    for (mut connection, stranger) in demo.connections().into_iter().zip(other.connections()) {
        connection.auth = stranger.auth;
        let name = connection.name.clone();
        let collected = collect(connection, missions(), Limit::NONE).await;
        let refused = matches!(collected.trouble, Some(Trouble::Refused { .. }));
        assert!(refused, "{name}: {:?}", collected.trouble);
    }
    let connections = other.connections();
    drop(other);
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    for connection in connections {
        let collected = collect(connection, missions(), Limit::NONE).await;
        assert!(matches!(
            collected.trouble,
            Some(Trouble::Unreachable { .. })
        ));
    }
}
