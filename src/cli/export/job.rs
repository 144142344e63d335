//! Reads runs whole, one after another, and puts each into a shipment as soon as it is there: no more than
//! one run is held at a time. What of a run cannot be had is told in it, and the others go on.

use std::{
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::{
    file::{self, Stop},
    progress,
};
use crate::{
    analysis::OpKind,
    args::Format,
    cli::{
        exit::Failure,
        gather::{Parts, Placed, Whole, reference},
        print::Outlet,
        session::{Asked, Session},
        show::Shown,
    },
    export::{
        Form, Masked, Parcel, Shipment,
        parcel::{Beside, Terms},
        record::ErrorRecord,
    },
    guard::Redactor,
    model::{Ask, Limit, Look, Mission, Record, Run},
};

/// Runs on their way.
pub struct Job<'a> {
    /// The contexts that have them.
    pub session: &'a Session,
    /// In which form they leave.
    pub form: Form,
    /// What masks them.
    pub redactor: Redactor,
    /// Whether only active credentials are masked.
    pub open: bool,
    /// Whether there are several, so that JSON is a list.
    pub several: bool,
    /// Says that nobody wants them any more.
    pub stop: Stop,
    /// How many events were written.
    pub passed: Arc<AtomicUsize>,
}

/// What was written.
#[derive(Debug, Default)]
pub struct Written {
    /// How many runs.
    pub runs: usize,
    /// How many places are masked.
    pub masked: Masked,
    /// What could not be had.
    pub failures: Vec<Failure>,
}

/// How to have what was left out when a run was kept.
const KEPT: &str = " (where it was kept, --no-cache reads them from the service)";

impl Written {
    /// In words, without what failed. `open` is whether only active credentials were masked.
    pub fn told(&self, open: bool) -> String {
        let runs = match self.runs {
            1 => "1 run".to_owned(),
            n => format!("{n} runs"),
        };
        let Masked { now, before } = self.masked;
        match (open, now, before) {
            (true, 0, 0) => format!("{runs}, NOT MASKED"),
            (true, n, 0) => format!("{runs}, NOT MASKED but for {n} credentials in use"),
            (true, 0, n) => {
                format!(
                    "{runs}, NOT MASKED but for {n} values that were masked before it was read{KEPT}"
                )
            }
            (true, now, n) => format!(
                "{runs}, NOT MASKED but for {now} credentials in use and {n} values that were masked before \
                 it was read{KEPT}"
            ),
            (false, now, 0) => format!("{runs}, {now} masked"),
            (false, now, n) => format!("{runs}, {now} masked, and {n} before it was read"),
        }
    }
}

/// A run read whole, with its mission.
#[derive(Debug, Default)]
pub struct Read {
    /// The run.
    pub whole: Whole,
    /// Its mission, where it is known.
    pub mission: Option<Mission>,
    /// How somebody looks at it.
    pub look: Look,
}

impl Job<'_> {
    /// Reads and writes runs. `notes` is told what takes long.
    pub async fn write(
        &self,
        found: &[Placed<Run>],
        to: &mut dyn Write,
        notes: &mut Outlet<'_>,
    ) -> io::Result<Written> {
        let mut written = Written::default();
        let mut shipment = self.shipment(to);
        for placed in found {
            let Some(asked) = self.session.contexts.get(placed.context) else {
                continue;
            };
            let reading = self.read(asked, &placed.row, notes);
            let read = progress::told(self.session, &placed.row.id, reading).await?;
            self.put(asked, &read, &mut shipment)?;
            written.runs += 1;
            written.failures.extend(read.whole.failures);
        }
        written.masked = shipment.end()?;
        Ok(written)
    }

    /// Where runs are put in.
    pub fn shipment<'o>(&self, to: &'o mut dyn Write) -> Shipment<'o> {
        let terms = Terms {
            zone: self.session.zone.clone(),
            open: self.open,
        };
        Shipment::new(self.form, terms, self.several, self.redactor.masking(), to)
    }

    /// A run whole, with what its calls were given and gave back.
    pub async fn read(&self, asked: &Asked, run: &Run, notes: &mut Outlet<'_>) -> io::Result<Read> {
        let (mut whole, mission) = tokio::join!(
            self.session.whole(asked, run, Parts::ALL),
            self.mission_of(asked, run)
        );
        self.complete(asked, &mut whole, notes).await?;
        Ok(Read {
            whole,
            mission,
            look: asked.look(&run.mission_id, &run.id),
        })
    }

    /// Whether some of what calls were given or gave back is still to be fetched.
    pub fn lacks(whole: &Whole) -> bool {
        whole.events.iter().any(|event| event.content.is_some())
    }

    /// Fetches what calls were given and gave back, where their records lack it.
    pub async fn complete(
        &self,
        asked: &Asked,
        whole: &mut Whole,
        notes: &mut Outlet<'_>,
    ) -> io::Result<()> {
        let session = self.session;
        if Self::lacks(whole) {
            let shown = Shown { session, asked };
            let places = shown.parts(whole, |kind| kind == OpKind::Tool);
            let failures = shown.content(whole, places, Format::Text, notes).await?;
            whole.failures.extend(failures);
        }
        Ok(())
    }

    /// The mission of a run: of one that is kept, what is kept of it, and nobody is asked who was not asked
    /// for the run.
    async fn mission_of(&self, asked: &Asked, run: &Run) -> Option<Mission> {
        match asked.line.kept_mission(&reference(run)).await {
            Some(None) if !asked.line.has_asked() => None,
            Some(Some(kept)) => Some(kept),
            Some(None) | None => self.mission(asked, &run.mission_id).await,
        }
    }

    /// A mission; none where it cannot be had, which is no failure.
    async fn mission(&self, asked: &Asked, id: &str) -> Option<Mission> {
        let ask = Ask::Mission { mission: id.into() };
        if id.is_empty() || !asked.answers(&ask) {
            return None;
        }
        let (collected, _) = self.session.ask(asked, ask, Limit::NONE).await;
        let missions = collected
            .records
            .into_iter()
            .filter_map(|record| match record {
                Record::Mission(mission) if mission.id == id => Some(mission),
                _ => None,
            });
        missions.last()
    }

    /// Writes a run that was read.
    pub fn put(&self, asked: &Asked, read: &Read, shipment: &mut Shipment<'_>) -> io::Result<()> {
        let failures = read.whole.failures.iter();
        let errors: Vec<ErrorRecord> = failures.map(Failure::record).collect();
        self.parcel(asked, read, |parcel| shipment.put(parcel, &errors))?
    }

    /// Does something with a run that was read, unless nobody wants it any more.
    pub fn parcel<T>(
        &self,
        asked: &Asked,
        read: &Read,
        with: impl FnOnce(&Parcel<'_>) -> T,
    ) -> io::Result<T> {
        let whole = &read.whole;
        let is_wanted = || !self.stop.is_set();
        let wanted = |events| {
            self.passed.fetch_add(events, Ordering::Relaxed);
            is_wanted()
        };
        let course = self.session.course_while(asked, whole, is_wanted);
        let course = course.ok_or_else(file::stopped)?;
        let mission = read.mission.as_ref();
        let left = asked.line.left(&whole.run.mission_id, &whole.run.id);
        Ok(with(&Parcel {
            home: asked.home(),
            mission: mission.map_or("", |mission| &mission.name),
            beside: Beside {
                mission,
                base_url: asked.record.base_url.as_deref(),
                look: Some(&read.look),
                left: left.as_ref(),
            },
            run: &whole.run,
            steps: &whole.steps,
            children: &whole.children,
            course: &course,
            now: self.session.now,
            wanted: &wanted,
        }))
    }
}
