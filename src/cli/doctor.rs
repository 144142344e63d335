//! `sortie doctor`: what this terminal is, which ways a copy can go, and what to set where one is closed.
//! What was found is handed in by whoever knows terminals; here it is only printed.

use std::io;

use serde::Serialize;

use super::{
    exit::Exit,
    print::{Field, Outlet, json},
};
use crate::{
    app::theme,
    args::Format,
    config::Config,
    guard::{Redactor, clean},
    text::width::{pad, wrap},
};

/// Columns of a name.
const NAME: usize = 18;

/// Something that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What, in a word or two.
    pub name: &'static str,
    /// What it is.
    pub value: String,
    /// `ok`, `note`, `bad` or `not_tried`.
    pub state: &'static str,
    /// What to do about it, in a sentence.
    pub advice: Option<String>,
}

/// The theme that the screen has here: that of the flag, else that of the configuration.
pub fn theme(config: &Config, flag: Option<&str>) -> Finding {
    let name = flag.unwrap_or(&config.theme);
    let (value, state, advice) = match theme::find(&config.themes, name) {
        Err(fault) => (fault, "bad", None),
        Ok(theme) => {
            let paints = if theme.paints {
                ", which paints its own background"
            } else {
                ", over the terminal's own background"
            };
            let names: Vec<&str> = config.themes.iter().map(|it| it.name.as_str()).collect();
            let others = format!(
                "there are {}; --theme or `theme` in the configuration",
                names.join(", ")
            );
            (format!("{name}{paints}"), "ok", Some(others))
        }
    };
    Finding {
        name: "theme",
        value,
        state,
        advice,
    }
}

/// Prints what was found.
pub fn run(findings: &[Finding], format: Format, outlet: &mut Outlet<'_>) -> io::Result<Exit> {
    if format != Format::Text {
        let records: io::Result<Vec<String>> = findings.iter().map(json).collect();
        let fields = [("items", Field::Many(records?))];
        let mut masking = Redactor::default().masking();
        outlet.records(format, "sortie.doctor/1", &fields, &[], &mut masking)?;
        return Ok(Exit::Ok);
    }
    for finding in findings {
        let sign = match (finding.state, outlet.ascii) {
            ("ok", false) => "✓",
            ("ok", true) => "+",
            ("bad", false) => "✗",
            ("bad", true) => "x",
            ("not_tried", _) => "?",
            (_, false) => "·",
            (_, true) => "-",
        };
        let mut before = format!("{sign} {}", pad(finding.name, NAME));
        let told = std::iter::once(&finding.value).chain(&finding.advice);
        for text in told {
            let text = shown(text, outlet.ascii);
            let room = outlet
                .columns
                .map_or(usize::MAX, |all| all.saturating_sub(NAME + 2));
            for line in wrap(&text, room.max(20)) {
                writeln!(outlet.out, "{before}{line}")?;
                before = pad("", NAME + 2);
            }
        }
    }
    Ok(Exit::Ok)
}

fn shown(text: &str, ascii: bool) -> String {
    crate::export::text::ascii(&clean::line(text), ascii).into_owned()
}
