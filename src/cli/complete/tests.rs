//! What is offered where, without a shell. What shells make of it is tested with the shells themselves.

use std::fs;

use super::*;

/// The lines that are answered, without the first.
fn answered(shell: Shell, line: &str, env: &Env<'_>) -> Vec<String> {
    let mut out = Vec::new();
    let asked = Asked {
        shell,
        line,
        breaks: if shell == Shell::Bash {
            " \t\n\"'><=;|&(:"
        } else {
            ""
        },
        listed: false,
    };
    write(asked, env, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    text.lines().skip(1).map(str::to_owned).collect()
}

fn words(line: &str) -> Vec<String> {
    let found = answered(Shell::Zsh, line, &|_| None).into_iter();
    found
        .map(|line| line.split('\t').next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn commands_options_and_their_words() {
    for (line, some, never) in [
        ("sortie ", "runs", "__complete"),
        ("sortie r", "runs", "show"),
        ("sortie config ", "init", "runs"),
        ("sortie runs --s", "--status", "--help-me"),
        ("sortie runs --load --l", "--limit", "--load"),
        ("sortie runs -o ", "csv", "text "),
        ("sortie runs --output=j", "--output=json", "json"),
        ("sortie runs -oj", "-o", "runs"),
        (
            "sortie runs --status failed,can",
            "failed,cancelled",
            "failed",
        ),
        ("sortie events --kind tool_", "tool_call", "message"),
        ("sortie runs --sort du", "duration", "status"),
        ("sortie calls r --sort ve", "verdict", "title"),
        ("sortie watch r -o ", "jsonl", "json"),
        ("sortie --color ", "never", "runs"),
        ("sortie --theme ", "high-contrast", "runs"),
        ("sortie --clipboard osc52,", "osc52,tmux", "tmux"),
        ("sortie runs --columns id,tok", "id,tokens", "tokens"),
        ("sortie events r --columns num", "number", "started"),
        ("sortie runs --where 'sta", "status:", "status"),
        (
            "sortie runs --where 'status:fai",
            "status:failed",
            "status:",
        ),
        (
            "sortie runs --where 'status:failed tool:x is:lo",
            "status:failed tool:x is:loop",
            "is:loop",
        ),
        ("sortie completions ", "fish", "runs"),
        ("sortie schema ru", "runs", "keys"),
        ("sortie config init --provider v", "vectara", "telnyx"),
        ("sortie config path ", "cache", "init"),
    ] {
        let found = words(line);
        let has = |word: &str| found.iter().any(|found| found == word);
        assert!(
            (has(some) || line.ends_with("-oj")) && !has(never),
            "{line}: {found:?}"
        );
    }
    assert!(words("sortie runs --since ").is_empty());
    assert!(words("sortie show -- --").is_empty());
}

#[test]
fn contexts_come_from_the_configuration_that_the_line_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.toml");
    let config = "[contexts.prod]\nprovider = \"telnyx\"\napi_key_command = [\"false\"]\n\
                  [contexts.lab]\nprovider = \"elizaos\"\n";
    fs::write(&path, config).unwrap();
    let at = path.display();
    for (line, expected) in [
        (
            format!("sortie --config {at} --context "),
            vec!["prod", "lab"],
        ),
        (
            format!("sortie --config={at} runs --context=p"),
            vec!["--context=prod"],
        ),
        (format!("sortie --config {at} contexts test l"), vec!["lab"]),
        (
            format!("sortie --config {at} runs --where ctx:p"),
            vec!["ctx:prod"],
        ),
        (format!("sortie --config {at}x --context "), vec![]),
    ] {
        assert_eq!(words(&line), expected, "{line}");
    }
}

#[test]
fn bash_gets_only_what_stands_behind_its_own_word_breaks() {
    let env = |_: &str| None;
    for (line, expected) in [
        ("sortie runs --output=js", vec!["json", "jsonl"]),
        ("sortie runs --where status:fai", vec!["failed"]),
        ("sortie runs --where 'status:fai", vec!["status:failed"]),
        ("x && sortie conf", vec!["config"]),
    ] {
        assert_eq!(answered(Shell::Bash, line, &env), expected, "{line}");
    }
    let goes_on = answered(Shell::Bash, "sortie runs --where 'a h", &env);
    assert!(
        goes_on.len() > 3 && goes_on[0] == "a has:unanswered",
        "{goes_on:?}"
    );
}

#[test]
fn runs_are_offered_as_they_are_begun_to_be_named() {
    let home = tempfile::tempdir().unwrap();
    let cache = home.path().join("cache/sortie");
    fs::create_dir_all(&cache).unwrap();
    let seen = r#"{"context":"prod","mission_id":"m-1","run_id":"r-2","title":"Night","status":"failed","at":1}"#;
    fs::write(cache.join("seen.ndjson"), format!("{seen}\n")).unwrap();
    let place = home.path().to_str().unwrap().to_owned();
    let env = move |name: &str| match name {
        "HOME" => Some(place.clone()),
        "XDG_CACHE_HOME" => Some(format!("{place}/cache")),
        _ => None,
    };
    for (line, expected) in [
        ("sortie events r", "r-2"),
        ("sortie events m-1/", "m-1/r-2"),
        // Bash has the word behind its `:` only.
        ("sortie events sortie:pr", "prod/m-1/r-2"),
        ("sortie events 'sortie:prod/m", "sortie:prod/m-1/r-2"),
        ("sortie open sortie:", "prod/m-1/r-2"),
    ] {
        assert_eq!(answered(Shell::Bash, line, &env), [expected], "{line}");
    }
}
