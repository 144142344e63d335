//! Tells of what the app rings for: through the terminal, and by a program of the person's own. No more
//! often than is wished; what was held back is counted in what is told next. The loop never waits for it.

use std::{
    collections::BTreeSet,
    io::{self, Write as _},
    os::unix::process::CommandExt as _,
    process::{Command, ExitStatus, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde::Serialize;
use tokio::sync::mpsc::UnboundedSender;

use crate::{
    app::{Msg, notify::Ring},
    config::Notify,
    export::record::{self, EventRecord, Home, RunRecord},
    term::notify::notify,
};

/// Tells of what happened.
pub(super) struct Notifier {
    wishes: Notify,
    /// Variables that the program does not get.
    hidden: BTreeSet<String>,
    pace: Pace,
    news: UnboundedSender<Msg>,
    /// Whether it was said that the program does not work.
    complained: Arc<AtomicBool>,
}

impl Notifier {
    /// As the person wishes. News of the program are mailed.
    pub fn new(wishes: Notify, hidden: BTreeSet<String>, news: UnboundedSender<Msg>) -> Self {
        Self {
            pace: Pace::new(wishes.every),
            wishes,
            hidden,
            news,
            complained: Arc::default(),
        }
    }

    /// Tells of it, unless something was told a moment ago.
    pub fn ring(&mut self, ring: Ring) {
        let Some(swallowed) = self.pace.admit(Instant::now()) else {
            return;
        };
        let ways = self.wishes.ways;
        let text = told(&ring.text, swallowed);
        let hook = self.hook(ring, &text, swallowed);
        let (news, complained) = (self.news.clone(), Arc::clone(&self.complained));
        // tmux, and a program that does not read what it is given, take their time.
        thread::spawn(move || {
            notify(&text, ways);
            let Some(hook) = hook else {
                return;
            };
            if let Err(why) = hook.run()
                && !complained.swap(true, Ordering::Relaxed)
            {
                // The loop may have ended meanwhile.
                let _ = news.send(Msg::Told(why));
            }
        });
    }

    fn hook(&self, ring: Ring, text: &str, swallowed: u32) -> Option<Hook> {
        let (program, arguments) = self.wishes.hook.split_first()?;
        Some(Hook {
            program: program.clone(),
            arguments: arguments.to_vec(),
            hidden: self.hidden.clone(),
            input: input(ring, text, swallowed).unwrap_or_default(),
        })
    }
}

/// What was held back is told with the next.
fn told(text: &str, swallowed: u32) -> String {
    match swallowed {
        0 => text.to_owned(),
        more => format!("{text} (and {more} more before)"),
    }
}

/// How often something may be told.
#[derive(Debug)]
struct Pace {
    every: Duration,
    last: Option<Instant>,
    swallowed: u32,
}

impl Pace {
    fn new(every: Duration) -> Self {
        Self {
            every,
            last: None,
            swallowed: 0,
        }
    }

    /// Whether something may be told now, and how much was not since the last time.
    fn admit(&mut self, now: Instant) -> Option<u32> {
        let early = |last: Instant| now.saturating_duration_since(last) < self.every;
        if self.last.is_some_and(early) {
            self.swallowed = self.swallowed.saturating_add(1);
            return None;
        }
        self.last = Some(now);
        Some(std::mem::take(&mut self.swallowed))
    }
}

/// What the program reads.
#[derive(Serialize)]
struct Told<'a> {
    schema: &'static str,
    why: &'static str,
    text: &'a str,
    condition: Option<String>,
    /// How much was not told since the last time.
    swallowed: u32,
    run: RunRecord<'a>,
    event: Option<EventRecord<'a>>,
}

fn input(mut ring: Ring, text: &str, swallowed: u32) -> serde_json::Result<String> {
    let home = Home {
        context: &ring.context,
        provider: &ring.provider,
    };
    let condition = ring.condition.as_deref();
    let condition = condition.map(|condition| ring.masking.text(condition).into_owned());
    let run = record::run(home, &ring.run, &mut ring.masking);
    let event = ring
        .event
        .as_ref()
        .map(|event| record::event(home, &ring.run, None, event, &mut ring.masking));
    record::line(&Told {
        schema: "sortie.notice/1",
        why: ring.why.word(),
        text,
        condition,
        swallowed,
        run,
        event,
    })
}

/// A program of the person's own.
struct Hook {
    program: String,
    arguments: Vec<String>,
    hidden: BTreeSet<String>,
    input: String,
}

impl Hook {
    fn run(&self) -> Result<(), String> {
        let status = self.start().map_err(|fault| {
            format!(
                "the hook of [notify] did not start: {}: {fault}",
                self.program
            )
        })?;
        if status.success() {
            return Ok(());
        }
        Err(format!(
            "the hook of [notify] ended badly ({status}): {}",
            self.program
        ))
    }

    /// In a group of its own, so that keys of the terminal do not reach it.
    fn start(&self) -> io::Result<ExitStatus> {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0);
        for name in &self.hidden {
            command.env_remove(name);
        }
        let mut child = command.spawn()?;
        if let Some(mut input) = child.stdin.take() {
            // Who does not read it did not want it.
            let _ = input.write_all(self.input.as_bytes());
        }
        child.wait()
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;
    use crate::{
        app::notify::Why,
        guard::redact::Redactor,
        model::{Event, Payload, Run, RunStatus},
        term::notify::Ways,
    };

    fn ring() -> Ring {
        let redactor = Redactor::new(vec!["hunter2222".into()]);
        Ring {
            why: Why::Match,
            text: "sortie: nightly 8c41: deploy".to_owned(),
            condition: Some("tool:deploy".to_owned()),
            context: "prod".to_owned(),
            provider: "telnyx".to_owned(),
            run: Run {
                id: "8c41".to_owned(),
                status: RunStatus::Running,
                error: Some("hunter2222 was refused".to_owned()),
                ..Run::default()
            },
            event: Some(Event {
                id: "e1".to_owned(),
                raw: Payload::new(r#"{"key":"hunter2222"}"#.into()),
                ..Event::default()
            }),
            masking: redactor.masking(),
        }
    }

    fn silent(hook: &[&str]) -> Notify {
        Notify {
            ways: Ways {
                bell: false,
                osc9: false,
                osc777: false,
            },
            hook: hook.iter().map(|word| (*word).to_owned()).collect(),
            ..Notify::default()
        }
    }

    #[test]
    fn what_comes_too_soon_is_counted_in_the_next() {
        let begin = Instant::now();
        let mut pace = Pace::new(Duration::from_secs(10));
        let at = |secs| begin + Duration::from_secs(secs);
        assert_eq!(pace.admit(at(0)), Some(0));
        assert_eq!(pace.admit(at(1)), None);
        assert_eq!(pace.admit(at(9)), None);
        assert_eq!(pace.admit(at(10)), Some(2));
        assert_eq!(pace.admit(at(20)), Some(0));
        assert_eq!(told("a", 0), "a");
        assert_eq!(told("a", 2), "a (and 2 more before)");
    }

    #[test]
    fn the_program_reads_what_happened_and_no_secret() {
        let told = input(ring(), "text", 3).unwrap();
        let told: serde_json::Value = serde_json::from_str(&told).unwrap();
        assert_eq!(told["why"], "match");
        assert_eq!(told["condition"], "tool:deploy");
        assert_eq!(
            (&told["run"]["id"], &told["event"]["id"]),
            (&"8c41".into(), &"e1".into())
        );
        assert_eq!(told["swallowed"], 3);
        assert!(!told.to_string().contains("hunter"), "{told}");
    }

    #[tokio::test]
    async fn a_program_that_fails_is_told_once() {
        let (news, mut told) = unbounded_channel();
        let mut wishes = silent(&["false"]);
        wishes.every = Duration::ZERO;
        let mut notifier = Notifier::new(wishes, BTreeSet::new(), news);
        notifier.ring(ring());
        let Some(Msg::Told(why)) = told.recv().await else {
            panic!("nothing was told");
        };
        assert!(
            why.contains("ended badly") && why.contains("false"),
            "{why}"
        );
        notifier.ring(ring());
        drop(notifier);
        assert!(told.recv().await.is_none(), "it was told already");
    }

    #[test]
    fn the_program_is_not_waited_for_and_gets_no_hidden_variable() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("said");
        let script = format!("cat > {0}; env >> {0}", file.display());
        let hook = Hook {
            program: "sh".to_owned(),
            arguments: vec!["-c".to_owned(), script],
            hidden: BTreeSet::from(["CARGO_MANIFEST_DIR".to_owned()]),
            input: "{\"why\":\"end\"}\n".to_owned(),
        };
        assert_eq!(hook.run(), Ok(()));
        let said = std::fs::read_to_string(file).unwrap();
        assert!(said.starts_with("{\"why\":\"end\"}\n"), "{said}");
        assert!(
            said.contains("PATH=") && !said.contains("CARGO_MANIFEST_DIR"),
            "{said}"
        );
    }
}
