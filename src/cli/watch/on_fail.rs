//! The command of `--on-fail`: run once for a run that failed, with the record of the run on its standard
//! input. No shell reads it, it gets no variable that a credential comes from, and its output goes to
//! standard error.

use std::{
    collections::BTreeSet,
    io,
    os::fd::AsFd as _,
    process::{ExitStatus, Stdio},
};

use tokio::{io::AsyncWriteExt as _, process::Command};

use crate::{
    cli::exit::Stop,
    export::record::{self, Home},
    guard::Masking,
    model::Run,
};

/// What is run.
#[derive(Clone, Debug)]
pub(super) struct OnFail {
    program: String,
    arguments: Vec<String>,
    /// Variables that it does not get.
    hidden: BTreeSet<String>,
}

/// Bytes of a value of the environment at most: longer ones keep a program from starting.
const LONGEST: usize = 4096;

/// A value that an environment can hold, whatever a service sent.
fn told(value: &str) -> String {
    let fit = value.chars().filter(|letter| *letter != '\0');
    let mut bytes = 0;
    fit.take_while(|letter| {
        bytes += letter.len_utf8();
        bytes <= LONGEST
    })
    .collect()
}

impl OnFail {
    /// Splits the line as a shell would, and does nothing else that a shell does.
    pub fn read(line: &str, hidden: &BTreeSet<String>) -> Result<Self, Stop> {
        let words = shell_words::split(line)
            .map_err(|_| Stop::Usage("the command of --on-fail has an open quote".to_owned()))?;
        let mut words = words.into_iter();
        let program = words
            .next()
            .ok_or_else(|| Stop::Usage("--on-fail names no command".to_owned()))?;
        Ok(Self {
            program,
            arguments: words.collect(),
            hidden: hidden.clone(),
        })
    }

    /// Runs it and waits for its end; says why where that was not well.
    pub async fn run(&self, home: Home<'_>, run: &Run, mut masking: Masking) -> Result<(), String> {
        let record = record::line(&record::run(home, run, &mut masking));
        let record = record.map_err(|fault| fault.to_string())?;
        let told = self.start(home, run, record, masking).await;
        let status = told.map_err(|fault| {
            format!(
                "the command of --on-fail did not start: {}: {fault}",
                self.program
            )
        })?;
        if status.success() {
            return Ok(());
        }
        Err(format!("the command of --on-fail ended badly ({status})"))
    }

    async fn start(
        &self,
        home: Home<'_>,
        run: &Run,
        record: String,
        mut masking: Masking,
    ) -> io::Result<ExitStatus> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        for name in &self.hidden {
            command.env_remove(name);
        }
        command
            .env("SORTIE_RUN", told(&masking.id(&run.id)))
            .env("SORTIE_MISSION", told(&masking.id(&run.mission_id)))
            .env("SORTIE_CONTEXT", home.context)
            .env("SORTIE_STATUS", run.status.word())
            .env(
                "SORTIE_LOCATOR",
                told(&record::locator(home, run, &mut masking)),
            )
            .stdin(Stdio::piped())
            .stdout(io::stderr().as_fd().try_clone_to_owned()?);
        let mut child = command.spawn()?;
        let input = child.stdin.take();
        let write = async {
            if let Some(mut input) = input {
                // Who does not read it did not want it.
                let _ = input.write_all(record.as_bytes()).await;
            }
        };
        let ((), status) = tokio::join!(write, child.wait());
        status
    }
}
