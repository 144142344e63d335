//! A run is the same wherever it is read: from the service, the cache or a bundle.

use std::process::Command;

use serde_json::Value;

use crate::home::{Home, SERVICES, fine, lines};

/// What is exported, without the numbers of what stands for secrets: they count what is asked for.
fn exported(mut command: Command) -> String {
    let text = String::from_utf8(fine(command.output().unwrap())).unwrap();
    let number = regex::Regex::new("‹([^‹›#]+)#[0-9]+›").unwrap();
    number.replace_all(&text, "‹$1›").into_owned()
}

/// Where two texts part.
fn parting(a: &str, b: &str) -> String {
    let at = a.bytes().zip(b.bytes()).position(|(a, b)| a != b);
    let at = at.unwrap_or(a.len().min(b.len()));
    let near = |text: &str| {
        let bytes = text.as_bytes();
        let part = &bytes[at.saturating_sub(300)..(at + 200).min(bytes.len())];
        String::from_utf8_lossy(part).into_owned()
    };
    format!("{}\n---\n{}", near(a), near(b))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_the_same_from_the_service_the_cache_and_a_bundle() {
    let home = Home::new();
    let listed = home.program("runs --limit 0 --no-cache -o jsonl").output();
    let listed = lines(&listed.unwrap().stdout);
    for (service, _) in SERVICES {
        let of_it = listed.iter().filter(|run| run["provider"] == service);
        // With a plan and with a run that it started.
        let named = ["ase_hail_damage", "ase_checkout_latency"];
        let is_named = |run: &&Value| {
            let id = run["id"].as_str().unwrap();
            named.iter().any(|name| id.starts_with(name))
        };
        let (first, rest): (Vec<_>, Vec<_>) = of_it.partition(is_named);
        let ended =
            |run: &&Value| ["succeeded", "failed"].contains(&run["status"].as_str().unwrap());
        let mut compared = 0;
        for run in first
            .into_iter()
            .chain(rest.into_iter().filter(ended).skip(2).take(4))
        {
            let [mission, id] = ["mission_id", "id"].map(|name| run[name].as_str().unwrap());
            let export = format!("export sortie:{service}/{mission}/{id} --format json");
            let asked = exported(home.program(&format!("--no-cache {export}")));
            assert_eq!(
                asked,
                exported(home.program(&export)),
                "{id}, as it is kept"
            );
            let kept = home
                .bare("--offline runs --limit 0 -o jsonl")
                .output()
                .unwrap();
            if !lines(&kept.stdout).iter().any(|run| run["id"] == id) {
                continue;
            }
            compared += 1;
            let bundle = home.path("same.sortie");
            let to = format!("--format bundle --force --output {}", bundle.display());
            fine(
                home.program(&format!("export sortie:{service}/{mission}/{id} {to}"))
                    .output()
                    .unwrap(),
            );
            for (way, command) in [
                ("the cache", home.program(&export)),
                ("offline", home.bare(&format!("--offline {export}"))),
                (
                    "a bundle",
                    home.bare(&format!("--from {} {export}", bundle.display())),
                ),
            ] {
                let other = exported(command);
                assert!(
                    other == asked,
                    "{id} from {way}:\n{}",
                    parting(&asked, &other)
                );
            }
        }
        assert!(compared > 1, "{service}: only {compared} are kept");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_run_that_a_locator_names_is_asked_of_nobody() {
    let home = Home::new();
    let listed = home.program("runs --limit 0 --no-cache -o jsonl").output();
    let listed = lines(&listed.unwrap().stdout);
    for service in ["telnyx", "vectara"] {
        let ended = |run: &&Value| run["provider"] == service && run["status"] == "failed";
        let run = listed.iter().rfind(ended).unwrap();
        let [mission, id] = ["mission_id", "id"].map(|name| run[name].as_str().unwrap());
        let locator = format!("sortie:{service}/{mission}/{id}");
        let show = format!("--api-log show {locator}");
        let first = home.program(&show).output().unwrap();
        assert!(
            String::from_utf8_lossy(&first.stderr).contains("GET"),
            "{locator}"
        );
        let to = home.path("kept.sortie");
        let export = format!("--api-log export {locator} --format bundle --force");
        for line in [
            show.clone(),
            format!("--api-log events {locator}"),
            format!("--api-log export {locator} --format md"),
            format!("{export} --output {}", to.display()),
        ] {
            let again = home.program(&line).output().unwrap();
            let told = String::from_utf8_lossy(&again.stderr).into_owned();
            assert!(!told.contains("GET"), "{line}: {told}");
            // A session may have gone on since.
            let is_aged = told.contains("--no-cache reads it anew");
            assert_eq!(is_aged, service == "vectara", "{line}: {told}");
            let shown = fine(again);
            assert!(
                line != show || shown == first.stdout,
                "{locator} is shown otherwise"
            );
        }
        // Whoever does not name all of it, or wants none of what is kept, asks.
        for line in [format!("--api-log show {id}"), format!("--no-cache {show}")] {
            let asked = home.program(&line).output().unwrap();
            assert!(
                String::from_utf8_lossy(&asked.stderr).contains("GET"),
                "{line}"
            );
        }
    }
}
