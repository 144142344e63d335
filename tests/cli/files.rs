//! `--from` over files that sortie wrote: the same context, the same records, and what is cut is said.

use std::{fs, path::Path};

use clap::Parser as _;
use sortie::{
    args::Args,
    cli::{self, exit::Exit},
    config::Env,
};

use super::{Told, demo, heard, tell};

async fn from(files: &[&Path], line: &str) -> Told {
    from_with(&|_: &str| None, files, line).await
}

async fn from_with(env: &Env<'_>, files: &[&Path], line: &str) -> Told {
    let files = files
        .iter()
        .map(|file| format!("--from {}", file.display()));
    let line = format!("sortie {} {line}", files.collect::<Vec<_>>().join(" "));
    let args = Args::try_parse_from(line.split(' ')).unwrap();
    let now = jiff::Timestamp::from_second(1_795_166_597).unwrap();
    let command = args.command.clone().unwrap();
    heard(async |outlet| cli::run(&args, &command, env, now, outlet, &mut std::io::sink()).await)
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shown_run_of_every_service_is_shown_alike_from_its_file() {
    let (_demo, session) = demo();
    let folder = tempfile::tempdir().unwrap();
    let runs = tell(&session, "runs --limit 0 -o jsonl").await.lines();
    for context in [
        "demo-telnyx",
        "demo-vectara",
        "demo-agentex",
        "demo-elizaos",
    ] {
        let ended = ["succeeded", "failed"];
        let run = runs.iter().find(|run| {
            run["context"] == context && ended.contains(&run["status"].as_str().unwrap())
        });
        let id = run.unwrap()["id"].as_str().unwrap();
        let shown = tell(&session, &format!("show {id} -o json")).await;
        let file = folder.path().join(format!("{context}.json"));
        fs::write(&file, &shown.out).unwrap();
        let again = from(&[&file], &format!("show {id} -o json")).await;
        assert_eq!(again.out, shown.out, "{context}");
        assert_eq!((again.exit, again.err), (shown.exit, String::new()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_file_shows_what_is_whole_and_says_where_it_breaks() {
    let (_demo, session) = demo();
    let folder = tempfile::tempdir().unwrap();
    let runs = tell(&session, "runs -o jsonl").await;
    let id = runs.lines()[0]["id"].as_str().unwrap().to_owned();
    let shown = tell(&session, &format!("show {id} -o json")).await.out;
    let file = folder.path().join("run.json");
    fs::write(&file, &shown[..shown.len() * 2 / 3]).unwrap();
    let told = from(&[&file], "runs -o jsonl").await;
    assert_eq!(told.lines()[0]["id"], id.as_str());
    assert_eq!(told.exit, Exit::Partial);
    assert!(
        told.err.contains("run.json: the JSON breaks off at byte"),
        "{}",
        told.err
    );
    assert!(told.err.contains("\"code\":\"file\""), "{}", told.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_of_runs_of_two_services_opens_as_both() {
    let (_demo, session) = demo();
    let folder = tempfile::tempdir().unwrap();
    let runs = tell(&session, "runs --limit 0 -o jsonl").await.lines();
    let ended = |context: &str| {
        let run = runs
            .iter()
            .find(|run| run["context"] == context && run["status"] == "succeeded");
        run.unwrap()["id"].as_str().unwrap().to_owned()
    };
    let ids = [ended("demo-telnyx"), ended("demo-vectara")];
    let file = folder.path().join("two.sortie");
    let line = format!("export {} {} --output {}", ids[0], ids[1], file.display());
    let told = tell(&session, &line).await;
    assert_eq!(told.exit, Exit::Ok, "{}", told.err);
    for id in &ids {
        let line = format!("show {id} -o json");
        let (shown, again) = (tell(&session, &line).await, from(&[&file], &line).await);
        assert_eq!(again.out, shown.out);
    }
    let listed = from(&[&file], "runs -o jsonl").await;
    assert_eq!(listed.lines().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_captured_list_of_events_of_several_runs_is_those_runs() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let file = fixtures.join("telnyx/all_events.json");
    let told = from(&[&file], "events --all -o jsonl").await;
    let of = |key: &str| -> Vec<String> {
        let events = told.lines().into_iter();
        events
            .map(|event| event[key].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(of("kind"), ["error", "error"], "{}", told.err);
    assert_eq!(
        of("run_id"),
        [
            "0b9c7a52-3f1e-4d86-8a57-c4e2d91f6b08",
            "e3a81f64-92cd-4b0f-b5d3-71a6f0c8d2e9"
        ]
    );
    let one = from(&[&file], "events e3a81f64 -o jsonl").await;
    assert_eq!(one.lines().len(), 1, "{}", one.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn captured_replies_of_one_run_are_that_run_and_what_is_none_is_said() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let file = |name: &str| fixtures.join(name);
    let (messages, task, agents) = (
        file("agentex/messages.json"),
        file("agentex/task.json"),
        file("agentex/agents.json"),
    );
    let all = [messages.as_path(), task.as_path(), agents.as_path()];
    let runs = from(&all, "runs -o jsonl").await.lines();
    assert_eq!(runs.len(), 1, "{runs:?}");
    assert_eq!(runs[0]["title"], "Weather in Paris?");
    assert_eq!(
        runs[0]["mission_id"],
        "d413614c-fb5a-47c1-a066-efc17ab34dc0"
    );
    let missions = from(&all, "missions -o jsonl").await.lines();
    assert_eq!(missions.len(), 2, "{missions:?}");
    let calls = from(&all, "calls 178a8cc7 -o jsonl").await.lines();
    assert_eq!(calls.len(), 1, "{calls:?}");
    let shown = from(&all, "show 178a8cc7").await;
    assert!(shown.out.contains("Weather in Paris?"), "{}", shown.out);

    let tools = file("vectara/tools.json");
    let told = from(&[tools.as_path()], "events --all").await;
    assert!(told.out.contains("search_tickets"), "{}", told.out);
    let said = "tools.json: 2 records of Vectara tools: nothing of a run in them";
    assert!(told.err.contains(said), "{}", told.err);
    assert_eq!(
        from(&[tools.as_path()], "events --all -o jsonl").await.err,
        ""
    );

    let refused = file("telnyx/error_gateway.json");
    let told = from(&[refused.as_path()], "runs -o jsonl").await;
    let said = "an error reply of Telnyx: The key was missing or not valid.";
    assert!(
        told.err.contains("\"code\":\"error_reply\""),
        "{}",
        told.err
    );
    assert!(told.err.contains(said), "{}", told.err);
    assert_eq!(told.exit, Exit::Ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_captured_reply_does_not_show_ones_own_key() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let text = fs::read_to_string(fixtures.join("telnyx/all_events.json")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("captured.json");
    let key = "zebra lantern forty four";
    fs::write(&file, text.replace("No phone number free", key)).unwrap();
    let told = from(&[&file], "events --all -o jsonl").await;
    assert!(told.out.contains(key), "{}", told.out);
    let env = |name: &str| (name == "TELNYX_API_KEY").then(|| key.to_owned());
    let told = from_with(&env, &[&file], "events --all -o jsonl").await;
    assert!(!told.out.contains("zebra") && told.out.contains("‹key#1›"));
    assert_eq!((told.lines().len(), told.err), (2, String::new()));
}
