//! What the command line takes and what it refuses.

use super::*;
use crate::model::RunStatus;

fn parse(line: &str) -> Result<Args, clap::Error> {
    Args::try_parse_from(line.split(' '))
}

#[test]
fn the_definition_is_sound() {
    use clap::CommandFactory as _;
    Args::command().debug_assert();
}

#[test]
fn reads_commands_with_flags_on_either_side() {
    let args =
        parse("sortie --context a,b runs --status failed,timed_out --since 7d -o jsonl").unwrap();
    assert_eq!(args.global.context, ["a", "b"]);
    let Some(Command::Runs { filter, output }) = args.command else {
        panic!("no runs");
    };
    assert_eq!(filter.status, [RunStatus::Failed, RunStatus::TimedOut]);
    assert_eq!(filter.since, Some(Since::Ago(Duration::from_hours(168))));
    assert_eq!((filter.limit, output.format), (100, GridFormat::Jsonl));
    assert!(parse("sortie").unwrap().command.is_none());
    let args = parse("sortie events r1 --from - --kind tool_call --timeout 5s").unwrap();
    assert_eq!(args.global.from, [PathBuf::from("-")]);
    assert_eq!(args.global.timeout, Some(Duration::from_secs(5)));
}

#[test]
fn refuses_what_means_nothing() {
    for line in [
        "sortie dance",
        "sortie runs --status done",
        "sortie events",
        "sortie events r --kind tool",
        "sortie runs --since yesterday",
        "sortie demo --config-out x",
        "sortie show",
        "sortie show r --calls --failures",
        "sortie show --mission m --waterfall",
        "sortie runs --from f --context a",
    ] {
        assert_eq!(parse(line).unwrap_err().exit_code(), 2, "{line}");
    }
}

fn helps(command: &mut clap::Command, path: &str, helps: &mut Vec<(String, String)>) {
    let help = command.render_long_help().to_string();
    helps.push((path.to_owned(), help));
    let own = command.get_subcommands_mut();
    // That one is made by the reader of the command line itself.
    for command in own.filter(|command| command.get_name() != "help") {
        let path = format!("{path} {}", command.get_name());
        self::helps(command, &path, helps);
    }
}

#[test]
fn the_help_of_every_command_has_the_same_table_of_exit_codes() {
    use clap::CommandFactory as _;
    let mut all = Vec::new();
    helps(&mut Args::command(), "sortie", &mut all);
    assert!(all.len() > 20, "{} commands", all.len());
    for (path, help) in all {
        assert!(help.contains(EXIT_CODES), "{path}: {help}");
    }
    let help = parse("sortie watch --help").unwrap_err().to_string();
    assert!(
        help.contains(watch::CODES) && help.contains("  130  interrupted"),
        "{help}"
    );
}

#[test]
fn the_readme_has_the_same_table() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(file).unwrap().replace('`', "");
    let rows = EXIT_CODES.lines().skip(1).map(|line| {
        let (code, means) = line.trim_start().split_once("  ").unwrap();
        format!("| {code} | {means} |\n")
    });
    let rows: String = rows.collect();
    assert!(readme.contains(&rows), "it should have\n{rows}");
}

#[test]
fn a_timeout_of_no_time_is_refused_and_a_file_called_minus_is_standard_output() {
    for none in ["0", "0s", "0ms"] {
        let fault = parse(&format!("sortie runs --timeout {none}")).unwrap_err();
        assert!(fault.to_string().contains("longer than nothing"), "{fault}");
    }
    let file = |line: &str| match parse(line).unwrap().command {
        Some(Command::Export(wanted)) => wanted.file().map(std::path::Path::to_path_buf),
        other => panic!("{other:?}"),
    };
    assert_eq!(file("sortie export r1 --format md --output -"), None);
    assert_eq!(
        file("sortie export r1 --output ./-").unwrap().to_str(),
        Some("./-")
    );
}
