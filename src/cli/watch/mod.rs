//! `sortie watch`: waits for a run, or for all that a query picks, until they have ended or match what is
//! waited for, prints what happens meanwhile, and ends with a code that says how it went. Changes nothing
//! anywhere; what is to be done where a run failed is another program's business.

mod many;
mod on_fail;
mod one;
mod outcome;
mod quiet;

use std::{cell::RefCell, io, time::Duration};

use self::on_fail::OnFail;
use super::{
    events::find,
    exit::{Exit, Failure, Stop},
    lines::Lines,
    print::Outlet,
    refuse,
    session::Session,
    trail::Numbered,
};
use crate::{
    app::query::{Field, Query},
    args::Watching,
    export::record::ErrorRecord,
    model::Run,
};

/// Said where neither a run nor a query is named.
const WHICH: &str = "which run? `sortie watch RUN` watches one, `sortie watch --where QUERY` all that a query \
                     picks, like 'mission:nightly* since:1h'";

/// What is waited for and what is done on the way.
struct Orders {
    /// What ends the watching besides the end of the run.
    until: Option<Query>,
    stall: Option<Duration>,
    on_fail: Option<OnFail>,
}

impl Orders {
    fn read(session: &Session, watching: &Watching) -> Result<Self, Stop> {
        let until = match watching.until.trim() {
            "done" => None,
            text => Some(session.query(text)?),
        };
        if until.as_ref().is_some_and(Query::is_empty) {
            let message = "--until is `done`, or a query like 'tool:deploy verdict:ok'";
            return Err(Stop::Usage(message.to_owned()));
        }
        if watching.stall.is_some_and(|stall| stall.is_zero()) {
            let message = "--stall must be longer than nothing, like 90s or 10m";
            return Err(Stop::Usage(message.to_owned()));
        }
        let on_fail = watching.on_fail.as_deref();
        let on_fail = on_fail.map(|line| OnFail::read(line, &session.hidden));
        Ok(Self {
            until,
            stall: watching.stall,
            on_fail: on_fail.transpose()?,
        })
    }
}

/// Where all that are watched print.
struct Desk<'a, 'o> {
    outlet: &'a mut Outlet<'o>,
    lines: Lines,
    quiet: bool,
    /// Whether several runs are watched.
    several: bool,
}

impl<'a, 'o> Desk<'a, 'o> {
    fn new(
        session: &Session,
        watching: &Watching,
        several: bool,
        outlet: &'a mut Outlet<'o>,
    ) -> Self {
        let format = watching.output.format.records();
        Self {
            outlet,
            lines: Lines::new(format, session.redactor.masking(), several),
            quiet: watching.quiet,
            several,
        }
    }

    fn note(&mut self, note: &str) -> io::Result<()> {
        if self.quiet {
            return Ok(());
        }
        let note = self.lines.masking.text(note);
        self.outlet.note(self.lines.format, &note)
    }

    /// A sentence about a run.
    fn note_of(&mut self, run: &Run, note: &str) -> io::Result<()> {
        if !self.several {
            return self.note(note);
        }
        let name = self.lines.name(run, false);
        self.note(&format!("{name}: {note}"))
    }

    fn error(&mut self, error: ErrorRecord) -> io::Result<()> {
        let format = self.lines.format;
        self.outlet.error(format, error, &mut self.lines.masking)
    }

    fn failures(&mut self, failures: &[Failure]) -> io::Result<()> {
        failures
            .iter()
            .try_for_each(|failure| self.error(failure.record()))
    }
}

/// A session that watches.
struct Watch<'a, 'o> {
    session: &'a Session,
    orders: Orders,
    /// Never held across a wait.
    desk: RefCell<Desk<'a, 'o>>,
}

pub(super) async fn run(
    session: &Session,
    watching: &Watching,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let format = watching.output.format.records();
    let orders = match Orders::read(session, watching) {
        Ok(orders) => orders,
        Err(stop) => return refuse(session, &stop, format, outlet),
    };
    if let Some(query) = &watching.query {
        let query = match picks(session, query) {
            Ok(query) => query,
            Err(stop) => return refuse(session, &stop, format, outlet),
        };
        let watch = Watch {
            session,
            orders,
            desk: RefCell::new(Desk::new(session, watching, true, outlet)),
        };
        let ended = Box::pin(watch.all(query)).await?;
        return match ended {
            Ok(exit) => Ok(exit),
            Err(stop) => refuse(session, &stop, format, watch.desk.into_inner().outlet),
        };
    }
    let Some(run) = watching.run.as_deref() else {
        return refuse(session, &Stop::Usage(WHICH.to_owned()), format, outlet);
    };
    let located = match find(session, run).await {
        Ok(located) => located,
        Err(stop) => return refuse(session, &stop, format, outlet),
    };
    let watch = Watch {
        session,
        orders,
        desk: RefCell::new(Desk::new(session, watching, false, outlet)),
    };
    watch.desk.borrow_mut().failures(&located.failures)?;
    watch.one(&located).await
}

/// The runs that are wanted, by what their lists tell of them.
fn picks(session: &Session, text: &str) -> Result<Query, Stop> {
    let query = session.query(text)?;
    let only_operations = query.asks_about_operations()
        && query.clauses().iter().all(Query::asks_about_operations)
        && !query.asks_about(Field::Free);
    if only_operations {
        let message = "--where picks runs by what is known of a run itself, like \
                       'mission:nightly* since:1h'; what happens in one is for --until";
        return Err(Stop::Usage(message.to_owned()));
    }
    Ok(query)
}

impl Watch<'_, '_> {
    fn print(&self, context: usize, run: &Run, events: &[Numbered<'_>]) -> io::Result<()> {
        let desk = &mut *self.desk.borrow_mut();
        let Some(asked) = self.session.contexts.get(context).filter(|_| !desk.quiet) else {
            return Ok(());
        };
        desk.lines
            .events(self.session, asked, run, events, desk.outlet)
    }

    fn printed(&self) -> bool {
        self.desk.borrow().lines.printed
    }
}
