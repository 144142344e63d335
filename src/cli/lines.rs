//! Events printed as they come, a line each: one table whose columns stay, or bare records. Which of
//! them are printed is for others to say.

use std::io;

use super::{
    print::{Outlet, json},
    session::{Asked, Session},
    trail::Numbered,
};
use crate::{
    args::Format,
    export::{
        record,
        text::{Columns, ascii},
    },
    guard::{Masking, clean},
    model::Run,
    text::width,
};

/// Columns that the name of a run takes, and those between it and what it did.
const NAME: usize = 8;
const BETWEEN: usize = 2;

/// What was printed so far.
pub(super) struct Lines {
    /// How.
    pub format: Format,
    /// Numbers the secrets of this output.
    pub masking: Masking,
    columns: Columns,
    /// Whether each line names its run.
    named: bool,
    /// Whether anything was.
    pub printed: bool,
}

impl Lines {
    /// Nothing yet. Of several runs each line names its own.
    pub fn new(format: Format, masking: Masking, several: bool) -> Self {
        Self {
            format,
            masking,
            columns: Columns::default(),
            named: several,
            printed: false,
        }
    }

    /// Prints events of a run, at once.
    pub fn events(
        &mut self,
        session: &Session,
        asked: &Asked,
        run: &Run,
        events: &[Numbered<'_>],
        outlet: &mut Outlet<'_>,
    ) -> io::Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        if self.format == Format::Text {
            let text = self.text(session, run, events, outlet);
            outlet.out.write_all(text.as_bytes())?;
        } else {
            let home = asked.home();
            for (seq, event) in events {
                let record = record::event(home, run, *seq, event, &mut self.masking);
                writeln!(outlet.out, "{}", json(&record)?)?;
            }
        }
        self.printed = true;
        outlet.out.flush()
    }

    fn text(
        &mut self,
        session: &Session,
        run: &Run,
        events: &[Numbered<'_>],
        outlet: &Outlet<'_>,
    ) -> String {
        let first = !self.printed;
        let name = self.name(run, outlet.ascii);
        let mut sheet = session.sheet(&mut self.masking, outlet);
        if self.named {
            let room = |columns: usize| columns.saturating_sub(NAME + BETWEEN);
            sheet.columns = sheet.columns.map(room);
        }
        let text = sheet.next_events(&mut self.columns, events.iter().copied());
        if !self.named {
            return text;
        }
        let mut named = String::with_capacity(text.len() + text.lines().count() * (NAME + BETWEEN));
        for (nth, line) in text.lines().enumerate() {
            let name = if first && nth == 0 { "RUN" } else { &name };
            let blanks = (NAME + BETWEEN).saturating_sub(width::width(name));
            named.push_str(name);
            named.push_str(&" ".repeat(blanks));
            named.push_str(line);
            named.push('\n');
        }
        named
    }

    /// The beginning of a run's id.
    pub fn name(&mut self, run: &Run, only_ascii: bool) -> String {
        let id = self.masking.text(&run.id);
        let id = clean::line(&id);
        let id = ascii(&id, only_ascii);
        width::cut(&id, NAME).to_owned()
    }
}
