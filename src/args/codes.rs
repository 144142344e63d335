//! The exit codes in words, once for the help of every command and for whoever documents them. What a
//! command ends with is decided elsewhere.

use clap::Command;

/// What each exit code means.
pub const EXIT_CODES: &str = "\
Exit codes:
    0  done; also an empty list, a closed pipe, a cancelled run that was shown
    1  the run or event that was shown, followed or watched failed or timed out
    2  wrong usage, a file that cannot be read, or no terminal where one is needed
    3  credentials are missing or were refused
    4  the service or the network failed
    5  not found, and every context answered
    6  --timeout passed
    7  something was printed and something failed, or what is printed cannot be written
    8  the run that was followed or watched was cancelled
    9  the run that was watched stalled: no event for as long as --stall says
  130  interrupted";

/// What stands below them in the help of the program itself.
const BESIDES: &str = "Data goes to stdout, everything else to stderr. Environment: SORTIE_LOG=FILE, SORTIE_LOG_FILTER.";

/// What the codes of `contexts test` mean.
pub(super) const TEST_CODES: &str = "\
Of the contexts that are tested:
    0  every context answered and may be read
    2  there is no such context, or it cannot be used as it is configured
    3  credentials of one are missing or were refused, or may not read
    4  one could not be reached, or is not the service it should be
    6  --timeout passed

Where several fail, 3 beats 4 beats 6, whatever the others answered.";

/// The table, and what holds for all commands.
pub(super) fn of_the_program() -> String {
    format!("{EXIT_CODES}\n\n{BESIDES}")
}

/// Puts the table below the help of a command and of those in it, behind what they say themselves.
pub(super) fn told_by(command: Command) -> Command {
    let own = command.get_after_help().map(ToString::to_string);
    let told = match own {
        Some(own) => format!("{own}\n\n{EXIT_CODES}"),
        None => EXIT_CODES.to_owned(),
    };
    command.after_help(told).mut_subcommands(told_by)
}
