//! The keys as they are printed, with commands of the person's own.

use super::*;

/// What is printed and how it ends, with these two files.
fn told(config: &str, keys: &str, check: bool, format: Format) -> (String, Exit) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    std::fs::write(&path, config).unwrap();
    std::fs::write(folder.path().join("keys.toml"), keys).unwrap();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut outlet = Outlet {
        of_files: Vec::new(),
        out: &mut out,
        err: &mut err,
        columns: None,
        ascii: false,
    };
    let wanted = Wanted {
        check,
        preset: None,
        sheet: false,
        format,
    };
    let exit = run(&wanted, Some(&path), &|_| None, &mut outlet).unwrap();
    let shown = format!("{}/", folder.path().display());
    let out = String::from_utf8(out).unwrap();
    (out.replace(&shown, ""), exit)
}

const OWN: &str = "[[commands]]\nname = \"steals j\"\nrun = \"true\"\nkey = \"j\"\n\
                   [[commands]]\nkey = \"ctrl-x l\"\nname = \"dump\"\nrun = \"true\"\n";

#[test]
fn own_commands_are_among_the_keys_and_what_they_take_is_said() {
    let (out, _) = told(OWN, "", false, Format::Text);
    let line = |words: &[&str]| {
        let mut lines = out.lines();
        lines.any(|line| {
            line.split_whitespace()
                .take(words.len())
                .eq(words.iter().copied())
        })
    };
    assert!(
        line(&["tree", "j", "\"steals", "j\"", "config.toml:4"]),
        "{out}"
    );
    assert!(
        line(&["detail", "ctrl-x", "l", "\"dump\"", "config.toml:6"]),
        "{out}"
    );
    let taken = out
        .lines()
        .find(|line| line.contains(" move.down "))
        .unwrap();
    assert!(
        taken.contains("(tree and detail: runs \"steals j\")"),
        "{taken}"
    );
    let (out, _) = told(OWN, "", false, Format::Json);
    let all: serde_json::Value = serde_json::from_str(&out).unwrap();
    let items = all["items"].as_array().unwrap();
    let taken = items
        .iter()
        .find(|item| item["taken_by"] == "steals j")
        .unwrap();
    assert_eq!(
        (&taken["action"], &taken["mode"]),
        (&"move.down".into(), &"global".into())
    );
    let own = items.iter().find(|item| item["command"] == "dump").unwrap();
    assert_eq!(
        (&own["origin"], &own["line"]),
        (&"config".into(), &6.into())
    );
}

#[test]
fn a_check_names_what_commands_take_with_file_and_line() {
    let (out, exit) = told(OWN, "", true, Format::Text);
    assert!(
        out.contains(
            "config.toml:4: `j` runs the command \"steals j\" in place of move.down (tree)"
        ),
        "{out}"
    );
    assert_eq!(exit, Exit::Ok, "odd, not wrong");
    let (out, exit) = told(
        "[[commands]]\nname = \"a\"\nrun = \"true\"\nkey = \"gg\"\n",
        "",
        true,
        Format::Text,
    );
    assert!(
        out.contains("config.toml:4: `commands.key` cannot be read"),
        "{out}"
    );
    assert_eq!(exit, Exit::Usage);
}
