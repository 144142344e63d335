//! `sortie export --to URL`: runs as traces, posted to a receiver. Everything is found and every header is
//! there before anything is sent; what a receiver did not take is told.

use std::{io, time::Duration};

use secrecy::SecretString;

use super::{
    job::{Job, Written},
    progress,
};
use crate::{
    args::{Export, Format},
    cli::{
        exit::{Exit, Stop},
        gather::Placed,
        print::Outlet,
    },
    export::{otlp, record::ErrorRecord},
    guard::Redactor,
    model::Run,
    send::{Answer, Coding, Receiver, Refusal, Sender},
};

/// How long a receiver's wish to be left alone is obeyed.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is posted to whom.
pub(super) struct Post {
    sender: Sender,
    told: String,
    /// Masks what was sent along, should the receiver repeat it.
    headers: Redactor,
}

/// What became of it.
#[derive(Default)]
struct Sent {
    written: Written,
    spans: usize,
    rejected: u64,
    messages: Vec<String>,
    coding: Coding,
}

impl Post {
    /// Everything that can be wrong before anything is asked.
    pub(super) fn new(wanted: &Export, address: &str) -> Result<Self, Stop> {
        let mut headers: Vec<(String, SecretString)> = Vec::new();
        for header in &wanted.headers {
            let value = std::env::var(&header.variable).ok();
            let value = value.filter(|value| !value.trim().is_empty());
            let Some(value) = value else {
                let variable = &header.variable;
                return Err(Stop::Usage(format!(
                    "--header names {variable}, which is not set"
                )));
            };
            headers.push((header.name.clone(), value.into()));
        }
        let usage = |wrong: &dyn std::fmt::Display| Stop::Usage(wrong.to_string());
        let receiver = Receiver::new(address, &headers).map_err(|wrong| usage(&wrong))?;
        let told = receiver.told();
        let sender = Sender::new(receiver, PATIENCE).map_err(|refusal| usage(&refusal))?;
        let values = headers.into_iter().map(|(_, value)| value);
        Ok(Self {
            sender,
            told,
            headers: Redactor::new(values.collect()),
        })
    }

    /// Reads and posts runs, one after another.
    pub(super) async fn run(
        mut self,
        job: &Job<'_>,
        found: &[Placed<Run>],
        outlet: &mut Outlet<'_>,
    ) -> io::Result<Exit> {
        let mut sent = Sent::default();
        let done = self.all(job, found, outlet, &mut sent).await?;
        let told = format!(
            "sent {} spans of {} to {} as {}",
            sent.spans,
            sent.written.told(job.open),
            self.told,
            sent.coding.word()
        );
        let mut masking = self.headers.masking();
        if sent.written.runs > 0 {
            outlet.note(Format::Text, &told)?;
        }
        for message in &sent.messages {
            outlet.note(Format::Text, &masking.text(message))?;
        }
        let mut masking = job.redactor.masking();
        outlet.failures(Format::Text, &sent.written.failures, &mut masking)?;
        let Err(refusal) = done else {
            let lacks = sent.rejected > 0 || !sent.written.failures.is_empty();
            return Ok(if lacks { Exit::Partial } else { Exit::Ok });
        };
        self.refused(&refusal, outlet)?;
        Ok(match refusal {
            _ if sent.written.runs > 0 => Exit::Partial,
            Refusal::Credentials { .. } => Exit::Credentials,
            Refusal::Answer { .. } | Refusal::Unreached(_) | Refusal::Broken(_) => Exit::Service,
        })
    }

    fn refused(&self, refusal: &Refusal, outlet: &mut Outlet<'_>) -> io::Result<()> {
        let record = ErrorRecord {
            context: None,
            code: "receiver",
            message: format!("{}: {refusal}", self.told),
            hint:
                "Nothing of that run was kept here or there; send it again when the cause is gone."
                    .to_owned(),
        };
        outlet.error(Format::Text, record, &mut self.headers.masking())
    }

    async fn all(
        &mut self,
        job: &Job<'_>,
        found: &[Placed<Run>],
        outlet: &mut Outlet<'_>,
        sent: &mut Sent,
    ) -> io::Result<Result<(), Refusal>> {
        let mut masking = job.redactor.masking();
        for placed in found {
            let Some(asked) = job.session.contexts.get(placed.context) else {
                continue;
            };
            let reading = job.read(asked, &placed.row, outlet);
            let read = progress::told(job.session, &placed.row.id, reading).await?;
            let requests = job.parcel(asked, &read, |parcel| otlp::requests(parcel, &mut masking));
            for request in &requests {
                match self.sender.send(request).await {
                    Ok(answer) => sent.take(otlp::spans_in(request), &answer),
                    Err(refusal) => return Ok(Err(refusal)),
                }
            }
            sent.written.runs += 1;
            sent.written.masked = masking.masked();
            sent.written.failures.extend(read.whole.failures);
        }
        Ok(Ok(()))
    }
}

impl Sent {
    fn take(&mut self, spans: usize, answer: &Answer) {
        self.spans += spans;
        self.coding = answer.coding;
        self.rejected = self.rejected.saturating_add(answer.rejected);
        if answer.rejected > 0 || !answer.message.is_empty() {
            self.messages.push(match answer.rejected {
                0 => format!("the receiver says: {}", answer.message),
                n => format!("the receiver left {n} spans out: {}", answer.message),
            });
        }
    }
}
