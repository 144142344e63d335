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

#[test]
fn help_has_the_exit_codes() {
    let help = parse("sortie --help").unwrap_err();
    assert_eq!(help.exit_code(), 0);
    assert!(help.to_string().contains("  130  interrupted"));
}
