//! `sortie export`: each form of each service's runs, what is refused before anything is read, and what is
//! left on disk when it goes wrong.

use std::{fs, path::Path};

use super::*;

const RUN: &str = "nightly-billing/8c41";

/// The files in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_the_one_that_show_prints() {
    let (_demo, session) = demo();
    let shown = tell(&session, &format!("show {RUN} -o json")).await;
    let told = tell(&session, &format!("export {RUN} --format json")).await;
    assert_eq!(told.exit, Exit::Ok, "{}", told.err);
    assert_eq!(told.out, shown.out);
    let shown = tell(&session, &format!("show {RUN} -o jsonl")).await;
    let told = tell(&session, &format!("export {RUN} --format jsonl")).await;
    assert_eq!(told.out, shown.out);
    assert!(
        told.err.contains("1 run, ") && told.err.contains(" masked"),
        "{}",
        told.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_of_each_service_leaves_in_every_form() {
    let (_demo, session) = demo();
    let runs = tell(&session, "runs --limit 0 -o jsonl").await.lines();
    for provider in ["telnyx", "vectara", "agentex", "elizaos"] {
        let run = runs.iter().find(|run| run["provider"] == provider).unwrap();
        let id = run["id"].as_str().unwrap();
        for (form, first) in [
            ("json", "{\"schema\":\"sortie.run/1\""),
            ("jsonl", "{\"context\":"),
            ("md", "# "),
            ("html", "<!DOCTYPE html>"),
            ("csv", "context,run_id,seq,"),
            ("otlp", "{\"resourceSpans\":["),
        ] {
            let told = tell(&session, &format!("export {id} --format {form}")).await;
            assert_eq!(told.exit, Exit::Ok, "{form}: {}", told.err);
            assert!(
                told.out.starts_with(first),
                "{provider} {form}: {}",
                told.out
            );
            assert!(told.out.ends_with('\n'), "{provider} {form}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_says_what_failed_and_why() {
    let (_demo, session) = demo();
    let told = tell(&session, &format!("export {RUN} --format md"))
        .await
        .out;
    for part in [
        "# ✗ Run failed",
        "## Plan",
        "## What failed",
        "## Operations",
        "`pay.refund`",
        "card_declined",
        "```json",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    assert!(
        told.len() < 65_536,
        "a comment takes no more: {}",
        told.len()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn several_runs_are_one_list_each_of_them_once() {
    let (_demo, session) = demo();
    let runs = tell(&session, "runs --limit 2 -o jsonl").await.lines();
    let ids: Vec<&str> = runs.iter().map(|run| run["id"].as_str().unwrap()).collect();
    let line = format!("export {} {} {} --format json", ids[0], ids[1], ids[0]);
    let told = tell(&session, &line).await;
    let list = told.json();
    assert_eq!(list["schema"], "sortie.export/1");
    let found: Vec<&str> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["run"]["id"].as_str().unwrap())
        .collect();
    assert_eq!(found, ids);
    assert!(told.err.contains("2 runs, "), "{}", told.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_written_whole_and_never_over_another() {
    let (_demo, session) = demo();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.md");
    let line = format!("export {RUN} --output {}", path.display());
    let told = tell(&session, &line).await;
    assert_eq!(
        (told.exit, told.out.as_str()),
        (Exit::Ok, ""),
        "{}",
        told.err
    );
    assert!(
        told.err.contains("wrote ") && told.err.contains(" KB, 1 run"),
        "{}",
        told.err
    );
    let first = fs::read_to_string(&path).unwrap();
    assert!(first.starts_with("# ✗ Run failed"));

    fs::write(&path, "mine").unwrap();
    let told = tell(&session, &line).await;
    assert_eq!(told.exit, Exit::Usage);
    assert!(
        told.err.contains("is there already; --force"),
        "{}",
        told.err
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    let told = tell(&session, &format!("{line} --force")).await;
    assert_eq!(told.exit, Exit::Ok, "{}", told.err);
    assert_eq!(fs::read_to_string(&path).unwrap(), first);
    assert_eq!(names(folder.path()), ["run.md"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_said_before_anything_is_asked() {
    let (_demo, session) = demo();
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().display();
    for (line, says) in [
        (format!("export {RUN}"), "--format says in which form"),
        (
            format!("export {RUN} --output {place}/a.pdf"),
            "--format says",
        ),
        (
            format!("export {RUN} --format md --output {place}"),
            "is a folder",
        ),
        (
            format!("export {RUN} --output {place}/gone/a.md"),
            "is not there",
        ),
        (format!("export {RUN}#3 --format md"), "names no run"),
    ] {
        let told = tell(&session, &line).await;
        assert_eq!((told.exit, told.out.as_str()), (Exit::Usage, ""), "{line}");
        assert!(told.err.contains(says), "{line}: {}", told.err);
    }
    let line = format!("export {RUN} gone --output {place}/a.md");
    let told = tell(&session, &line).await;
    assert_eq!(told.exit, Exit::NotFound, "{}", told.err);
    assert!(names(folder.path()).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_so_and_leaves_nothing() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let (_demo, session) = demo();
    let line = format!("export {RUN} --format json --output /dev/full");
    let told = tell(&session, &line).await;
    assert_eq!(told.exit, Exit::Partial);
    assert!(told.err.contains("the disk is full"), "{}", told.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_form_holds_a_credential() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let connections = demo.connections();
    let session = session(&connections, None);
    let secrets: Vec<String> = secrets(&connections).iter().map(secrecy_of).collect();
    let runs = tell(&session, "runs --limit 4 -o jsonl").await.lines();
    for run in &runs {
        let id = run["id"].as_str().unwrap();
        for form in ["json", "jsonl", "md", "html", "csv", "otlp"] {
            let told = tell(&session, &format!("export {id} --format {form}")).await;
            for secret in &secrets {
                assert!(!told.out.contains(secret.as_str()), "{form} of {id}");
            }
        }
    }
}

fn secrecy_of(secret: &secrecy::SecretString) -> String {
    use secrecy::ExposeSecret as _;
    secret.expose_secret().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_masked_says_so_and_holds_no_credential_in_use() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let connections = demo.connections();
    let session = session(&connections, None);
    let masked = tell(&session, &format!("export {RUN} --format json"))
        .await
        .out;
    assert!(masked.contains("‹api_key#1›"));
    let line = format!("export {RUN} --no-mask");
    for form in ["json", "md", "html"] {
        let told = tell(&session, &format!("{line} --yes --format {form}")).await;
        assert_eq!(told.exit, Exit::Ok, "{}", told.err);
        assert!(!told.out.contains("‹api_key#"), "{form}");
        assert!(told.err.contains("NOT MASKED"), "{}", told.err);
        for secret in &secrets(&connections) {
            assert!(!told.out.contains(&secrecy_of(secret)), "{form}");
        }
        if form != "json" {
            assert!(told.out.to_lowercase().contains("not masked"), "{form}");
        }
    }
}
