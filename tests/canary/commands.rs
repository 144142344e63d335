//! Every command with every option that it has, on a service that says nothing but secrets: what it prints,
//! logs and writes is searched. A command, an option or a flag that is in no list here fails.

use std::collections::BTreeSet;

use clap::{Arg, CommandFactory as _};
use sortie::args::Args;

use super::{
    MISSION, OWN, RUN, Server, clean, home, note, run, run_line, service::answer_with_ids,
};

/// What each command is run with, besides its options.
fn lines(command: &str) -> Option<Vec<&'static str>> {
    Some(match command {
        // no data of a service comes by, or only on a screen
        "demo" => vec!["--help"],
        "open" => vec!["--print RUN", "--print RUN#5", "--print nothing-like-it"],
        "contexts" | "contexts test" | "config default" | "config path" | "config check"
        | "causes" | "keys" | "man" | "schema" => vec![""],
        // it would change what the other lines are run with
        "config init" => vec!["--help"],
        "completions" => vec!["bash", "zsh", "fish"],
        "__complete" => vec!["zsh -- sortie\tshow\t", "bash -- sortie\truns\t--mission\t"],
        "missions" => vec!["", "--limit 1"],
        "runs" => vec!["", "--columns status,title,error,id"],
        "events" => vec![
            "RUN",
            "--all",
            "RUN --columns title,summary,secret:payload.text",
            "nothing-like-it",
        ],
        "search" => vec!["canary"],
        "show" => vec!["RUN", "RUN#1", "RUN#5", "--mission MISSION"],
        "calls" | "watch" => vec!["RUN"],
        "export" => vec!["RUN --format json"],
        // the fifth and the sixth have ids that are secrets
        "curl" => vec!["RUN", "RUN#1", "RUN#5", "RUN#6"],
        "doctor" | "cache stat" | "cache clear" => vec![""],
        _ => return None,
    })
}

/// What an option that takes any word is given.
fn word(option: &str) -> Option<&'static str> {
    Some(match option {
        "mission" => "MISSION",
        "status" => "failed",
        "since" => "2026-01-01",
        "sort" => "started",
        "where" => "text:canary",
        "view" => "no-such-view",
        "columns" => "title",
        "limit" | "runs" => "1",
        "kind" => "tool_call",
        "step" => "one",
        "agent" => "claude",
        "output" => "exported.html",
        "until" => "status:failed",
        "stall" => "2s",
        "on-fail" => "cat",
        "breaks" => ":",
        // of what writes a configuration
        "provider" => "elizaos",
        "name" | "account-id" => "canary",
        "base-url" => "http://127.0.0.1:9",
        "key-env" => "CANARY_KEY",
        "key-file" => "no-such-file",
        "key-command" => "true",
        "auth" => "bearer",
        _ => return None,
    })
}

/// Options with a test of their own, or that end in a screen or a server.
const ELSEWHERE: [&str; 7] = [
    "to",
    "header",
    "no-mask",
    "yes",
    "serve",
    "config-out",
    "help",
];

/// What an option of every command is given, before a line that tells of a run.
fn global(option: &str) -> Option<&'static [&'static str]> {
    Some(match option {
        // in every line of all these tests
        "config" | "log" | "api-log" | "help" | "version" => &[],
        "context" => &["--context canary", "--context none-such"],
        // the cache, without its service
        "offline" => &["--offline"],
        "no-cache" => &["--no-cache"],
        "timeout" => &["--timeout 20s", "--timeout 1ms"],
        "color" => &["--color always"],
        "ascii" => &["--ascii"],
        "no-pager" => &["--no-pager"],
        // of the screen alone, and of files, which `captured` reads
        "clipboard" | "fresh" | "theme" | "from" => &[],
        _ => return None,
    })
}

/// An option with each word that it may be given; none where nobody wrote one.
fn choices(arg: &Arg) -> Option<Vec<Vec<String>>> {
    let long = arg.get_long()?;
    let option = format!("--{long}");
    if ELSEWHERE.contains(&long) {
        return Some(Vec::new());
    }
    if !arg.get_action().takes_values() {
        return Some(vec![vec![option]]);
    }
    let values = arg.get_possible_values();
    if values.is_empty() {
        return Some(vec![vec![option, word(long)?.to_owned()]]);
    }
    let each = values
        .iter()
        .map(|value| vec![option.clone(), value.get_name().to_owned()]);
    Some(each.collect())
}

/// A command that does something, by its words, with all that may stand behind it.
struct Way {
    command: String,
    choices: Vec<Vec<String>>,
}

/// Every one, and what has no line here.
fn ways() -> (Vec<Way>, BTreeSet<String>) {
    fn walk(
        command: &clap::Command,
        path: &str,
        ways: &mut Vec<Way>,
        missing: &mut BTreeSet<String>,
    ) {
        let own = command.get_subcommands();
        for own in own.filter(|own| own.get_name() != "help") {
            let path = format!("{path} {}", own.get_name()).trim().to_owned();
            walk(own, &path, ways, missing);
            if own.is_subcommand_required_set() {
                continue;
            }
            let mut all = vec![Vec::new()];
            let options = own.get_arguments();
            for arg in options.filter(|arg| !arg.is_global_set() && arg.get_long().is_some()) {
                match choices(arg) {
                    Some(choices) => all.extend(choices),
                    None => {
                        missing.insert(format!("sortie {path} --{}", arg.get_id()));
                    }
                }
            }
            if lines(&path).is_none() {
                missing.insert(format!("sortie {path}"));
            }
            ways.push(Way {
                command: path,
                choices: all,
            });
        }
    }
    let (mut ways, mut missing) = (Vec::new(), BTreeSet::new());
    let mut all = Args::command();
    all.build();
    walk(&all, "", &mut ways, &mut missing);
    for arg in all.get_arguments() {
        let long = arg.get_long().unwrap_or_default();
        if global(long).is_none() {
            missing.insert(format!("sortie --{long}"));
        }
    }
    (ways, missing)
}

/// Every line that there is, in words.
fn all_lines() -> Vec<Vec<String>> {
    let (ways, missing) = ways();
    assert!(
        missing.is_empty(),
        "no canary was told of {missing:?}: give it a line"
    );
    let filled = |word: &str| word.replace("RUN", RUN).replace("MISSION", MISSION);
    let words = |line: &str| -> Vec<String> {
        let words = line.split(' ').filter(|word| !word.is_empty());
        words.map(filled).collect()
    };
    let mut all = Vec::new();
    for way in &ways {
        for line in lines(&way.command).unwrap() {
            for choice in &way.choices {
                let mut line = words(&format!("{} {line}", way.command));
                line.extend(choice.iter().map(|word| filled(word)));
                all.push(line);
            }
        }
    }
    let mut root = Args::command();
    root.build();
    for arg in root.get_arguments() {
        for option in global(arg.get_long().unwrap_or_default()).unwrap() {
            for line in ["runs", "show RUN", "export RUN --format md"] {
                all.push(words(&format!("{option} {line}")));
            }
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_command_prints_a_secret() {
    let server = Server::saying(answer_with_ids).await;
    let home = home(&server);
    let (mut met, mut notes) = (0, Vec::new());
    for line in all_lines() {
        let told = run(home.path(), &line, &[]);
        met += usize::from(told.contains("canary:"));
        note(&told, &format!("sortie {}", line.join(" ")), &mut notes);
        // Of what a line wrote to a file the next one is not to tell once more.
        let _ = std::fs::remove_file(home.path().join("exported.html"));
        let _ = std::fs::remove_file(home.path().join("sortie.log"));
    }
    assert!(notes.is_empty(), "{}", notes.join("\n"));
    assert!(met > 60, "only {met} lines met what was planted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_for_no_mask_is_told_all_but_the_key_in_use() {
    let server = Server::saying(answer_with_ids).await;
    let home = home(&server);
    for format in ["json", "jsonl", "md", "html", "csv", "otlp", "bundle"] {
        let line = format!("export {RUN} --format {format} --no-mask --yes");
        let told = run_line(home.path(), &line);
        assert!(!told.contains(OWN), "{format} tells the key in use");
        if format != "bundle" {
            assert!(told.contains("c4nary-assigned-x"), "{format}: {told}");
            assert!(told.contains("NOT MASKED"), "{format}: {told}");
        }
        // Without a terminal nobody can be asked whether that is meant.
        let told = run_line(home.path(), &line.replace(" --yes", ""));
        clean(&told, format);
    }
}
