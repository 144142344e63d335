//! `sortie open REF --print`: every way to name a run leads to the same locator.

use sortie::cli::exit::Exit;

use super::{demo, tell};

/// A run of the service: mission and id.
async fn a_run(session: &sortie::cli::session::Session, provider: &str) -> (String, String) {
    let runs = tell(session, "runs --limit 0 -o jsonl").await.lines();
    let run = runs.iter().find(|run| run["provider"] == provider);
    let run = run.unwrap_or_else(|| panic!("no run of {provider}"));
    let text = |name: &str| run[name].as_str().unwrap().to_owned();
    (text("mission_id"), text("id"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_name_a_run_leads_to_its_locator() {
    let (_demo, session) = demo();
    let paths = [
        ("telnyx", "/ai/missions/M/runs/R/plan"),
        ("vectara", "/agents/M/sessions/R/events?limit=5"),
        ("agentex", "/tasks/R"),
        ("elizaos", "/api/agents/M/runs/R"),
    ];
    for (provider, path) in paths {
        let (mission, run) = a_run(&session, provider).await;
        let context = session
            .contexts
            .iter()
            .find(|asked| asked.record.provider.as_deref() == Some(provider))
            .unwrap();
        let base = context.record.base_url.clone().unwrap();
        let path = path.replace('M', &mission).replace('R', &run);
        let told = tell(&session, &format!("open {run} --print -o json")).await;
        assert_eq!(told.exit, Exit::Ok, "{}", told.err);
        let json = told.json();
        assert_eq!(json["schema"], "sortie.open/1");
        assert_eq!(json["items"][0]["run_id"], run.as_str());
        let locator = json["items"][0]["locator"].as_str().unwrap().to_owned();
        for text in [
            format!("{mission}/{run}"),
            locator.clone(),
            format!("{base}{path}"),
            format!("level=error,run=\"{run}\",msg=\"broke\""),
        ] {
            let told = tell(&session, &format!("open {text} --print")).await;
            assert_eq!(told.exit, Exit::Ok, "{text}: {}", told.err);
            assert!(told.out.starts_with(&locator), "{text}: {}", told.out);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_named_by_its_number_and_printed_by_its_id() {
    let (_demo, session) = demo();
    let (_, run) = a_run(&session, "telnyx").await;
    let told = tell(&session, &format!("open {run}#1 --print -o jsonl")).await;
    let event = told.lines()[0]["event_id"].as_str().unwrap().to_owned();
    let again = tell(&session, &format!("open {run}#{event} --print -o jsonl")).await;
    assert_eq!(again.lines()[0]["event_id"], event.as_str());
    let none = tell(&session, &format!("open {run}#no-such --print")).await;
    assert_eq!(none.exit, Exit::NotFound, "{}", none.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fits_several_or_nothing_says_so() {
    let (_demo, session) = demo();
    let runs = tell(&session, "runs --limit 0 -o jsonl").await.lines();
    let first = |at: usize| runs[at]["id"].as_str().unwrap().chars().next().unwrap();
    let shared = (0..runs.len()).find(|at| (0..*at).any(|other| first(other) == first(*at)));
    let several = tell(
        &session,
        &format!("open {} --print", first(shared.unwrap())),
    )
    .await;
    assert_eq!(several.exit, Exit::Usage);
    assert!(
        several.out.is_empty() && several.err.contains("runs:"),
        "{}",
        several.err
    );
    let none = tell(&session, "open 00-no-such-run --print -o json").await;
    assert_eq!(none.exit, Exit::NotFound);
    assert!(none.err.contains("\"not_found\""), "{}", none.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_events_id_alone_is_looked_up_where_the_service_can() {
    let (_demo, session) = demo();
    let (_, run) = a_run(&session, "agentex").await;
    let events = tell(&session, &format!("events {run} -o jsonl"))
        .await
        .lines();
    let mut ids = events.iter().map(|event| event["id"].as_str().unwrap());
    let id = ids.rfind(|id| id.len() >= 20).unwrap();
    let told = tell(&session, &format!("open {id} --print -o jsonl")).await;
    assert_eq!(told.exit, Exit::Ok, "{}", told.err);
    let found = &told.lines()[0];
    assert_eq!(
        (&found["run_id"], &found["event_id"]),
        (&run.clone().into(), &id.into())
    );
    // Elsewhere an event is found with its run, and that is said.
    let (_, run) = a_run(&session, "telnyx").await;
    let events = tell(&session, &format!("events {run} -o jsonl"))
        .await
        .lines();
    let id = events[0]["id"].as_str().unwrap();
    let told = tell(&session, &format!("open {id} --print")).await;
    assert_eq!(told.exit, Exit::NotFound, "{}", told.out);
    assert!(told.err.contains("RUN#EVENT"), "{}", told.err);
}
