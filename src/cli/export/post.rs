//! `sortie export --to URL`: runs as traces, posted to a receiver. Everything is found and every header is
//! there before anything is sent; what a receiver did not take is told.

use std::{io, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret as _, SecretString};

use super::{
    job::{Job, Written},
    progress,
};
use crate::{
    args::{Export, ExportForm, Format},
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
    /// Requests of the run that is being sent which were taken.
    taken: usize,
}

impl Post {
    /// Everything that can be wrong before anything is asked.
    pub(super) fn new(wanted: &Export, address: &str) -> Result<Self, Stop> {
        if wanted.format.is_some_and(|form| form != ExportForm::Otlp) {
            let message = "--to posts traces: leave --format out, or say `--format otlp`";
            return Err(Stop::Usage(message.to_owned()));
        }
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
        let values = headers.iter().flat_map(|(_, value)| secrets(value));
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
        self.refused(&refusal, sent.taken, outlet)?;
        Ok(match refusal {
            _ if sent.written.runs > 0 => Exit::Partial,
            Refusal::Credentials { .. } => Exit::Credentials,
            Refusal::Late(_) => Exit::Timeout,
            Refusal::Answer { .. } | Refusal::Unreached(_) | Refusal::Broken(_) => Exit::Service,
        })
    }

    fn refused(&self, refusal: &Refusal, taken: usize, outlet: &mut Outlet<'_>) -> io::Result<()> {
        let hint = match taken {
            0 => "Nothing of that run was taken; send it again when the cause is gone.",
            _ => {
                "A part of that run was taken before; send it again when the cause is gone: spans keep \
                 their ids, so that a receiver knows them again."
            }
        };
        let record = ErrorRecord {
            context: None,
            code: "receiver",
            message: format!("{}: {refusal}", self.told),
            hint: hint.to_owned(),
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
            let (requests, before) = job.parcel(asked, &read, |parcel| {
                let requests = otlp::requests(parcel, &mut masking)?;
                io::Result::Ok((requests, parcel.masked_before()?))
            })??;
            sent.taken = 0;
            for request in &requests {
                let answer = Box::pin(job.session.in_time(self.sender.send(request))).await;
                match answer.unwrap_or_else(|limit| Err(Refusal::Late(limit))) {
                    Ok(answer) => sent.take(otlp::spans_in(request), &answer),
                    Err(refusal) => return Ok(Err(refusal)),
                }
            }
            sent.written.runs += 1;
            sent.written.masked.now = masking.masked();
            sent.written.masked.before += before;
            sent.written.failures.extend(read.whole.failures);
        }
        Ok(Ok(()))
    }
}

/// A header's value, and what of it is secret by itself: a receiver that repeats what it was sent seldom
/// says `Bearer`, and knows what `Basic` stands for.
fn secrets(value: &SecretString) -> Vec<SecretString> {
    let text = value.expose_secret().trim();
    let is_scheme = |word: &str| word.len() <= 12 && word.bytes().all(|b| b.is_ascii_alphabetic());
    let behind = text.split_once(' ').filter(|(word, _)| is_scheme(word));
    let behind = behind.map_or(text, |(_, behind)| behind.trim());
    let decoded = STANDARD.decode(behind).ok();
    let decoded = decoded.and_then(|said| String::from_utf8(said).ok());
    let password = decoded.as_deref().and_then(|said| said.split_once(':'));
    let parts = behind.split([',', ';', ' ']).map(|part| {
        let (_, value) = part.split_once('=').unwrap_or_default();
        if value.len() > 2 { value } else { part }
    });
    let all = [text, behind].into_iter().chain(parts);
    let all = all.chain(password.map(|(_, password)| password));
    all.map(|part| part.trim_matches('"').to_owned().into())
        .collect()
}

impl Sent {
    fn take(&mut self, spans: usize, answer: &Answer) {
        self.taken += 1;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_receiver_repeats_of_a_header_is_masked_without_its_scheme_too() {
        let told = |value: &str, said: &str| {
            let redactor = Redactor::new(secrets(&value.to_owned().into()));
            redactor.masking().text(said).into_owned()
        };
        for (value, said) in [
            ("Bearer tok-0123456789", "no key tok-0123456789 here"),
            ("tok-0123456789", "no key tok-0123456789 here"),
            // dana:hunter2222
            ("Basic ZGFuYTpodW50ZXIyMjIy", "dana may not: hunter2222"),
            ("Basic ZGFuYTpodW50ZXIyMjIy", "bad ZGFuYTpodW50ZXIyMjIy"),
            ("Bearer a=1, key=\"tok-0123456789\"", "bad tok-0123456789"),
        ] {
            let told = told(value, said);
            for secret in ["tok-0123456789", "hunter2222", "ZGFuYTpodW50ZXIyMjIy"] {
                assert!(!told.contains(secret), "{value}: {told}");
            }
        }
        assert_eq!(
            told("Bearer tok-0123456789", "Bearer it is"),
            "Bearer it is"
        );
    }
}
