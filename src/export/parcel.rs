//! Runs on their way out of sortie, whole, in the form that somebody else needs: one run after another is
//! put into a shipment, which writes as it goes. Masked; asks nothing, and does not decide where it goes.

use std::io::{self, Write};

use jiff::tz::TimeZone;

use super::{
    Course, bundle, document, html, ledger, markdown, otlp,
    record::{ErrorRecord, Home},
    tally::{self, Masked, Standing},
    text::Sheet,
};
use crate::{
    guard::{Masking, Place},
    model::{Left, Look, Mission, Offline, Run, Step, Time},
};

/// A form in which runs leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// The document of `sortie show RUN -o json`.
    Json,
    /// The bare records, one a line.
    Jsonl,
    /// For a ticket.
    Markdown,
    /// One page that needs nothing else.
    Html,
    /// The operations as a table.
    Csv,
    /// For a receiver of traces: a request as JSON for each run, one a line.
    Otlp,
    /// For another sortie.
    Bundle,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Json,
        Self::Jsonl,
        Self::Markdown,
        Self::Html,
        Self::Csv,
        Self::Otlp,
        Self::Bundle,
    ];

    /// The word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Csv => "csv",
            Self::Otlp => "otlp",
            Self::Bundle => "bundle",
        }
    }

    /// What the name of such a file ends in.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Otlp => "otlp.jsonl",
            Self::Bundle => bundle::EXTENSION,
            other => other.word(),
        }
    }
}

/// A run with everything in it.
#[derive(Clone, Copy)]
pub struct Parcel<'a> {
    /// Where it belongs.
    pub home: Home<'a>,
    /// The name of its mission; empty where it is not known.
    pub mission: &'a str,
    /// What only another sortie has use for.
    pub beside: Beside<'a>,
    /// The run.
    pub run: &'a Run,
    /// Its plan.
    pub steps: &'a [Step],
    /// The runs that it started.
    pub children: &'a [Run],
    /// Its events, read.
    pub course: &'a Course<'a>,
    /// Now, for what has not ended.
    pub now: Time,
    /// Whether somebody waits for it: asked again and again, each time with how many more of its events were
    /// written.
    pub wanted: &'a dyn Fn(usize) -> bool,
}

impl Parcel<'_> {
    /// How many places of its records were masked before they were read.
    pub fn masked_before(&self) -> io::Result<usize> {
        tally::before(self)
    }

    /// Goes on with so many more events written, as long as somebody waits for them.
    pub(super) fn go_on(&self, events: usize) -> io::Result<()> {
        if (self.wanted)(events) {
            return Ok(());
        }
        // `write_all` goes on after `Interrupted`.
        let kind = io::ErrorKind::ConnectionAborted;
        Err(io::Error::new(kind, "interrupted"))
    }
}

/// What a bundle carries besides a run.
#[derive(Clone, Copy, Default)]
pub struct Beside<'a> {
    /// The record of its mission.
    pub mission: Option<&'a Mission>,
    /// The address of the service.
    pub base_url: Option<&'a str>,
    /// How somebody looks at the run.
    pub look: Option<&'a Look>,
    /// What was read of it and not understood.
    pub left: Option<&'a Left>,
}

/// How documents for people are written.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The zone of their times.
    pub zone: TimeZone,
    /// Whether only active credentials are masked, which a document for people says.
    pub open: bool,
}

impl Terms {
    /// A sheet for a document: nothing limits its lines.
    pub(super) fn sheet<'a>(&'a self, masking: &'a mut Masking) -> Sheet<'a> {
        Sheet {
            masking,
            zone: &self.zone,
            columns: None,
            ascii: false,
        }
    }
}

/// Runs being written, one after another.
pub struct Shipment<'o> {
    form: Form,
    terms: Terms,
    /// Whether there may be several: then JSON is a list.
    several: bool,
    /// How many were put in.
    count: usize,
    masking: Masking,
    /// How many places are masked in what was written.
    masked: Masked,
    out: &'o mut dyn Write,
}

impl<'o> Shipment<'o> {
    /// An empty one. `several` is whether more than one run may be put in.
    pub fn new(
        form: Form,
        terms: Terms,
        several: bool,
        masking: Masking,
        out: &'o mut dyn Write,
    ) -> Self {
        Self {
            form,
            terms,
            several,
            count: 0,
            masking,
            masked: Masked::default(),
            out,
        }
    }

    /// Keeps which places are masked; with `only_shown` those alone that somebody wants to be seen.
    pub fn keep_places(&mut self, only_shown: bool) {
        self.masking.keep_places(only_shown);
    }

    /// How many places are masked so far.
    pub fn masked(&self) -> Masked {
        self.masked
    }

    /// Writes a run. `errors` say what of it could not be had.
    pub fn put(&mut self, parcel: &Parcel<'_>, errors: &[ErrorRecord]) -> io::Result<()> {
        let first = self.count == 0;
        self.count += 1;
        self.masking.next_run();
        let now = self.masking.masked();
        if self.form == Form::Bundle {
            // All records go into it, and nobody sees through what is packed.
            self.masked.before += parcel.masked_before()?;
            bundled(parcel, &mut self.masking, self.out)?;
            self.masked.now += self.masking.masked() - now;
            return Ok(());
        }
        let mut standing = Standing::in_what_goes_to(self.out);
        let (masking, out) = (&mut self.masking, &mut standing);
        match self.form {
            Form::Json if self.several => {
                let before = if first { document::LIST } else { ",\n" };
                out.write_all(before.as_bytes())?;
                document::write(parcel, errors, masking, out)
            }
            Form::Json => {
                document::write(parcel, errors, masking, out)?;
                out.write_all(b"\n")
            }
            Form::Jsonl => document::lines(parcel, masking, out),
            Form::Markdown => {
                let before = if first { "" } else { "\n---\n\n" };
                out.write_all(before.as_bytes())?;
                let text = markdown::run(parcel, errors, &self.terms, masking)?;
                out.write_all(text.as_bytes())
            }
            Form::Html => html::run(parcel, errors, &self.terms, self.count, masking, out),
            Form::Csv => ledger::write(parcel, first, masking, out),
            Form::Otlp => otlp::line(parcel, masking, out),
            Form::Bundle => Ok(()),
        }?;
        let masked = Masked::of(standing.count, self.masking.masked() - now);
        self.masked.now += masked.now;
        self.masked.before += masked.before;
        Ok(())
    }

    /// Writes what stands behind the last run; gives how many places are masked.
    pub fn end(self) -> io::Result<Masked> {
        self.end_with_places().map(|(masked, _)| masked)
    }

    /// The same, with the places that were kept.
    pub fn end_with_places(mut self) -> io::Result<(Masked, Vec<Place>)> {
        match self.form {
            Form::Json if self.several => {
                if self.count == 0 {
                    self.out.write_all(document::LIST.as_bytes())?;
                }
                self.out.write_all(b"\n]}\n")?;
            }
            Form::Html => html::end(&self.terms, self.masked(), self.out)?,
            Form::Csv if self.count == 0 => ledger::head(&mut self.out)?,
            _ => {}
        }
        self.out.flush()?;
        Ok((self.masked(), self.masking.take_places()))
    }
}

/// A bundle of one run; those of several runs stand one behind the other.
fn bundled(parcel: &Parcel<'_>, masking: &mut Masking, out: &mut dyn Write) -> io::Result<()> {
    let run = parcel.run;
    let beside = parcel.beside;
    let look = beside.look.cloned().unwrap_or_default();
    let origin = Offline {
        context: parcel.home.context.to_owned(),
        provider: parcel.home.provider.to_owned(),
        base_url: beside.base_url.map(str::to_owned),
        made_at: Some(parcel.now),
        looks: vec![Look {
            mission: Some(run.mission_id.clone()),
            run: Some(run.id.clone()),
            ..look
        }],
        ..Offline::default()
    };
    // One that only lends its id a name is made anew by whoever reads the run.
    let is_known = |mission: &&Mission| {
        !mission.raw.is_empty() || !mission.name.is_empty() && mission.name != mission.id
    };
    let part = bundle::Part {
        mission: beside.mission.filter(is_known),
        run,
        steps: parcel.steps,
        children: parcel.children,
        events: parcel.course.events(),
        numbered: parcel.course.is_numbered(),
        left: beside.left,
    };
    let wanted = |events| parcel.go_on(events);
    bundle::write_while(out, &origin, &[part], masking, &wanted).map(drop)
}
