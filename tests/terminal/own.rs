//! Commands of the person's own, run by the program: what they read, what they have in their environment, and
//! who has the terminal meanwhile.

use crate::{PROGRAM, pty::Pty};

/// The demo with a configuration.
fn demo(config: &str, env: &[(&str, &str)]) -> (Pty, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    std::fs::write(
        &path,
        config.replace("OUT", folder.path().to_str().unwrap()),
    )
    .unwrap();
    let line = [PROGRAM, "--config", path.to_str().unwrap(), "demo"];
    let pty = Pty::start(&line, env, 120, 40);
    pty.wait_for("nightly-billing");
    (pty, folder)
}

#[test]
fn a_command_reads_the_record_and_has_no_credentials() {
    let config = "[[commands]]\nkey = \"ctrl-x l\"\nname = \"keep\"\noutput = \"none\"\n\
                  run = \"cat > OUT/in; env > OUT/env.new; mv OUT/env.new OUT/env\"\n";
    let secret = ("TELNYX_API_KEY", "KEY0123456789");
    let (mut pty, folder) = demo(config, &[secret]);
    pty.type_keys("jj\x18l");
    pty.wait_for("keep: done");
    assert!(pty.screen().alternate_screen(), "the screen stays");
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let record: serde_json::Value = serde_json::from_str(&read("in")).unwrap();
    assert_eq!(record["name"], "nightly-billing");
    let environment = read("env");
    assert!(environment.contains("SORTIE_CONTEXT=demo-telnyx\n"));
    assert!(environment.contains("SORTIE_PROVIDER=telnyx\n"));
    assert!(!environment.contains("KEY0123456789"), "{environment}");
    pty.type_keys("q");
    assert_eq!(pty.exit_code(), 0);
}

#[test]
fn what_a_command_prints_is_shown_and_a_failure_is_told() {
    let config = "[[commands]]\nkey = \"ctrl-x s\"\nname = \"say\"\nrun = \"echo told: $((40+2)); exit 3\"\n\
                  [[commands]]\nname = \"quiet\"\nrun = [\"sh\", \"-c\", \"echo broken pipes >&2; exit 4\"]\n\
                  output = \"none\"\n";
    let (mut pty, _folder) = demo(config, &[]);
    pty.type_keys("jj\x18s");
    pty.wait_for("Enter goes back to sortie");
    assert!(pty.screen().contents().contains("told: 42"));
    pty.type_keys("\r");
    pty.wait_for("say ended with 3");
    pty.wait_for("nightly-billing");
    pty.type_keys(":quiet\r");
    pty.wait_for("quiet: it ended with 4: broken pipes");
    pty.type_keys("q");
    assert_eq!(pty.exit_code(), 0);
}

#[test]
fn a_dry_run_runs_nothing() {
    let config = "[[commands]]\nname = \"keep\"\nrun = \"touch OUT/ran\"\n";
    let (mut pty, folder) = demo(config, &[("PAGER", "cat")]);
    pty.type_keys("jj:dry keep\r");
    pty.wait_until("the dry run", || {
        let written = pty.written();
        written.contains("keep: nothing was run") && written.contains("SORTIE_CONTEXT=demo-telnyx")
    });
    pty.wait_for("nightly-billing");
    pty.type_keys("q");
    assert_eq!(pty.exit_code(), 0);
    assert!(!folder.path().join("ran").exists());
}
