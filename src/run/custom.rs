//! Running the person's own commands: what each row is becomes a record on the command's standard input, what
//! names it is in its environment, and the variables that credentials come from are not. Records take time in
//! proportion to what they hold, so they are spelled beside the loop.

use std::io;

use tokio::task::spawn_blocking;

use super::{
    Stage, World,
    turn::{Turns, now},
};
use crate::{
    app::{
        Effect, Msg,
        custom::{self, Given, Job, Output},
        msg::To,
    },
    export::record::{self, Home},
    guard::redact::Masking,
    term::page::{self, Call},
};

/// Lines of the standard input that a dry run shows, and letters of each.
const LINES: usize = 20;
const LETTERS: usize = 400;

impl<S: Stage, W: World> Turns<'_, S, W> {
    /// Runs a command, or tells what would be run.
    pub(super) async fn own(&mut self, job: Job) -> io::Result<Vec<Effect>> {
        let kept = if job.command.secrets {
            Vec::new()
        } else {
            self.world.credential_variables()
        };
        let call = Call {
            words: job.command.run.words(),
            set: (job.variables.iter())
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
            removed: kept,
            waits: job.command.output == Output::Show,
        };
        if job.dry {
            return self.make(move || Ok(dry(job, &call)), To::Pager).await;
        }
        let name = job.command.name.clone();
        // What the command was given unmasked is not to come back on the screen.
        let mut told = job.told.clone();
        let mut masked = move |text: &str| told.text(text).into_owned();
        match job.command.output {
            Output::Show | Output::Terminal => {
                let to = To::Own(name, Box::new(lent(call)));
                self.make(move || Ok(records(job)), to).await
            }
            Output::Pager => {
                let run = move || {
                    let text = page::printed(&call, records(job))
                        .map_err(|why| format!("{name}: {}", masked(&why)))?;
                    if text.trim_ascii().is_empty() {
                        return Err(format!("{name} printed nothing"));
                    }
                    Ok(text)
                };
                self.make(run, To::Pager).await
            }
            Output::None => {
                let news = self.work.news();
                let told = Msg::Copied(Ok(format!("{name}: running")));
                let effects = self.app.update(told, now());
                spawn_blocking(move || {
                    let done = page::printed(&call, records(job));
                    let told = match done {
                        Ok(_) => Ok(format!("{name}: done")),
                        Err(why) => Err(format!("{name}: {}", masked(&why))),
                    };
                    // The loop may have ended meanwhile.
                    let _ = news.send(Msg::Copied(told));
                });
                Ok(effects)
            }
        }
    }
}

/// The call as the app hands it back once its input is made.
fn lent(call: Call) -> custom::Call {
    custom::Call {
        words: call.words,
        set: call.set,
        removed: call.removed,
        waits: call.waits,
    }
}

/// The call that the app handed back.
pub(super) fn taken(call: custom::Call) -> Call {
    Call {
        words: call.words,
        set: call.set,
        removed: call.removed,
        waits: call.waits,
    }
}

/// A record of each row, one a line.
fn records(job: Job) -> Vec<u8> {
    let mut masking = job.masking;
    let mut out = Vec::new();
    for (context, provider, given) in &job.records {
        let home = Home { context, provider };
        out.extend(spelled(home, given, &mut masking).into_bytes());
    }
    out
}

fn spelled(home: Home<'_>, given: &Given, masking: &mut Masking) -> String {
    let line = match given {
        Given::Mission(mission) => record::line(&record::mission(home, mission, masking)),
        Given::Run(run) => record::line(&record::run(home, run, masking)),
        Given::Event(run, seq, event) => {
            record::line(&record::event(home, run, *seq, event, masking))
        }
    };
    // Strings, numbers and what was sent: there is nothing in it that cannot be spelled.
    line.unwrap_or_default()
}

/// What would be run, and what it would get.
fn dry(job: Job, call: &Call) -> Vec<u8> {
    let name = job.command.name.clone();
    let output = job.command.output.told();
    let secrets = job.command.secrets;
    let words: Vec<String> = (call.words.iter())
        .map(|word| shell_words::quote(word).into_owned())
        .collect();
    let mut text = format!("{name}: nothing was run\n\n  {}\n\n", words.join(" "));
    text += "Its environment has beside yours\n\n";
    for (variable, value) in &call.set {
        let value = shell_words::quote(value);
        text.extend(["  ", variable, "=", &value, "\n"]);
    }
    if !call.removed.is_empty() {
        text.extend(["\nand has not ", &call.removed.join(", "), "\n"]);
    }
    if secrets {
        text += "\nIt gets what is masked here, and the variables of your credentials.\n";
    }
    text.extend(["\n", output, "\n"]);
    let input = String::from_utf8_lossy(&records(job)).into_owned();
    let lines: Vec<&str> = input.lines().collect();
    let many = if lines.len() == 1 { "line" } else { "lines" };
    let (count, size) = (lines.len().to_string(), input.len().to_string());
    text.extend([
        "\nIts standard input, ",
        &count,
        " ",
        many,
        ", ",
        &size,
        " B\n\n",
    ]);
    for line in lines.iter().take(LINES) {
        let short: String = line.chars().take(LETTERS).collect();
        let more = if short.len() < line.len() { "…" } else { "" };
        text.extend(["  ", &short, more, "\n"]);
    }
    if lines.len() > LINES {
        text += "  …\n";
    }
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        app::custom::{Command, Program, Row},
        guard::redact::Redactor,
        model::{Event, Kind, Payload, Run},
    };

    fn job(count: usize) -> Job {
        let run = Arc::new(Run {
            id: "r".to_owned(),
            mission_id: "m".to_owned(),
            ..Run::default()
        });
        let event = |n: usize| Event {
            id: format!("e{n}"),
            kind: Kind::ToolCall,
            raw: Payload::new(
                "{\"api_key\": \"sk-live-0123456789abcdef\", \"x\": 1}"
                    .to_owned()
                    .into(),
            ),
            ..Event::default()
        };
        let given = |n| Given::Event(Arc::clone(&run), Some(n), Box::new(event(n)));
        Job {
            command: Command {
                name: "jq tool".to_owned(),
                keys: Vec::new(),
                run: Program::Line("jq . | less".to_owned()),
                on: vec![Row::Event],
                output: Output::Show,
                secrets: false,
                line: 1,
            },
            records: (1..=count)
                .map(|n| ("prod".to_owned(), "telnyx".to_owned(), given(n)))
                .collect(),
            variables: vec![("SORTIE_RUN", "r; rm -rf /".to_owned())],
            masking: Redactor::default().masking(),
            told: Redactor::default().masking(),
            dry: true,
        }
    }

    #[test]
    fn each_row_is_a_record_on_a_line_and_is_masked() {
        let text = String::from_utf8(records(job(2))).unwrap();
        let lines: Vec<serde_json::Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[1]["id"], "e2");
        assert_eq!(lines[1]["run_id"], "r");
        assert_eq!(lines[1]["seq"], 2);
        assert!(!text.contains("0123456789abcdef"), "{text}");
    }

    #[test]
    fn a_dry_run_shows_what_would_be_run_and_what_it_would_get() {
        let call = Call {
            words: job(1).command.run.words(),
            set: vec![("SORTIE_RUN".to_owned(), "r; rm -rf /".to_owned())],
            removed: vec!["TELNYX_API_KEY".to_owned()],
            waits: true,
        };
        let text = String::from_utf8(dry(job(30), &call)).unwrap();
        for part in [
            "jq tool: nothing was run",
            "sh -c 'jq . | less'",
            "SORTIE_RUN='r; rm -rf /'",
            "and has not TELNYX_API_KEY",
            "shown below the screen until Enter",
            "30 lines",
            "\"id\":\"e20\"",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("\"e21\""), "only the first lines");
    }
}
