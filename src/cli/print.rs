//! Puts results where they belong: data on stdout in the wanted form, everything else on stderr.
//! Writers are handed in; a closed pipe is the caller's to judge.

use std::io::{self, Write};

use serde::Serialize;

use super::exit::{Failure, Stop};
use crate::{
    args::Format,
    config::Warning,
    export::{
        record::{self, ErrorRecord},
        text::ascii,
    },
    guard::{Masking, clean},
};

/// Where a command writes.
pub struct Outlet<'a> {
    /// Data.
    pub out: &'a mut dyn Write,
    /// Everything else.
    pub err: &'a mut dyn Write,
    /// Columns of the terminal that stdout is; none where it is none.
    pub columns: Option<usize>,
    /// Whether only ASCII is shown. Records are JSON and stay as they are.
    pub ascii: bool,
    /// What is wrong with opened files: errors of every document that is printed of them.
    pub of_files: Vec<ErrorRecord>,
}

/// A field of an envelope: one record, or several.
pub enum Field {
    /// One record.
    One(String),
    /// Several.
    Many(Vec<String>),
}

/// A record as a line of JSON without its line end.
pub fn json(record: &impl Serialize) -> io::Result<String> {
    let mut line = record::line(record).map_err(io::Error::other)?;
    line.pop();
    Ok(line)
}

impl Outlet<'_> {
    /// Prints cells for other programs: as they are into a pipe or a file, cleaned on a terminal.
    pub fn cells(&mut self, spelled: &str) -> io::Result<()> {
        if self.columns.is_none() {
            return self.out.write_all(spelled.as_bytes());
        }
        for (nth, piece) in spelled.split('\t').enumerate() {
            if nth > 0 {
                self.out.write_all(b"\t")?;
            }
            self.out.write_all(clean::text(piece).as_bytes())?;
        }
        Ok(())
    }

    /// Prints records in a form for scripts: an envelope with the errors in it, or one record a line
    /// with the errors on stderr.
    pub fn records(
        &mut self,
        format: Format,
        schema: &str,
        fields: &[(&str, Field)],
        failures: &[Failure],
        masking: &mut Masking,
    ) -> io::Result<()> {
        self.records_told(format, schema, fields, (failures, &[]), masking)
    }

    /// The same where a query asks for what is `nowhere` in what was read: a script must be told too, though
    /// nothing failed.
    pub fn records_told(
        &mut self,
        format: Format,
        schema: &str,
        fields: &[(&str, Field)],
        (failures, nowhere): (&[Failure], &[String]),
        masking: &mut Masking,
    ) -> io::Result<()> {
        let absent = nowhere.iter().map(|message| ErrorRecord {
            context: None,
            code: "nowhere",
            message: message.clone(),
            hint: "A path is spelled as the payloads spell it; the nearest one there is stands in brackets."
                .to_owned(),
        });
        if format == Format::Jsonl {
            for (_, field) in fields {
                let records = match field {
                    Field::One(record) => std::slice::from_ref(record),
                    Field::Many(records) => records,
                };
                for record in records {
                    writeln!(self.out, "{record}")?;
                }
            }
            self.failures(format, failures, masking)?;
            for absent in absent {
                self.error(format, absent, masking)?;
            }
            return Ok(());
        }
        let of_files = self.of_files.iter().cloned();
        let errors = of_files
            .chain(failures.iter().map(Failure::record))
            .chain(absent);
        let errors = errors.map(|error| json(&masked(error, masking)));
        let errors = Field::Many(errors.collect::<io::Result<_>>()?);
        write!(self.out, "{{\"schema\":\"{schema}\"")?;
        for (name, field) in fields
            .iter()
            .map(|(name, field)| (*name, field))
            .chain([("errors", &errors)])
        {
            write!(self.out, ",\n\"{name}\":")?;
            match field {
                Field::One(record) => write!(self.out, "{record}")?,
                Field::Many(records) if records.is_empty() => write!(self.out, "[]")?,
                Field::Many(records) => write!(self.out, "[\n{}\n]", records.join(",\n"))?,
            }
        }
        writeln!(self.out, "}}")
    }

    /// Says on stderr what could not be had.
    pub fn failures(
        &mut self,
        format: Format,
        failures: &[Failure],
        masking: &mut Masking,
    ) -> io::Result<()> {
        for failure in failures {
            self.error(format, failure.record(), masking)?;
        }
        Ok(())
    }

    /// Says on stderr why nothing was printed.
    pub fn stop(&mut self, format: Format, stop: &Stop, masking: &mut Masking) -> io::Result<()> {
        let (code, message, hint) = match stop {
            Stop::File(failure) => return self.error(format, failure.record(), masking),
            Stop::Failed(failures) => return self.failures(format, failures, masking),
            // What to do stands in its second line.
            Stop::Unconfigured(message) => match message.split_once('\n') {
                Some((message, hint)) => {
                    let record = ErrorRecord {
                        context: None,
                        code: "usage",
                        message: message.to_owned(),
                        hint: hint.to_owned(),
                    };
                    return self.error(format, record, masking);
                }
                None => ("usage", message, "See `sortie --help`."),
            },
            Stop::Usage(message) => ("usage", message, "See `sortie --help`."),
            Stop::NotFound(message) => ("not_found", message, "`sortie runs` lists what there is."),
        };
        let record = ErrorRecord {
            context: None,
            code,
            message: message.clone(),
            hint: hint.to_owned(),
        };
        self.error(format, record, masking)
    }

    /// One sentence on stderr.
    pub fn note(&mut self, format: Format, note: &str) -> io::Result<()> {
        match format {
            Format::Text => self.say(note),
            // What is no error is no line for a script.
            Format::Json | Format::Jsonl => Ok(()),
        }
    }

    /// Says on stderr what of the configuration is ignored.
    pub fn warn(&mut self, warning: &Warning, format: Format) -> io::Result<()> {
        match format {
            Format::Text => self.note(format, &format!("warning: {warning}")),
            Format::Json | Format::Jsonl => {
                let record = ErrorRecord {
                    context: None,
                    code: "config",
                    message: warning.to_string(),
                    hint: "`sortie config check` names every fault.".to_owned(),
                };
                writeln!(self.err, "{}", json(&record)?)
            }
        }
    }

    /// Says on stderr what went wrong.
    pub fn error(
        &mut self,
        format: Format,
        error: ErrorRecord,
        masking: &mut Masking,
    ) -> io::Result<()> {
        let error = masked(error, masking);
        match format {
            Format::Json | Format::Jsonl => writeln!(self.err, "{}", json(&error)?),
            Format::Text => {
                let context = error.context.as_deref();
                let context = context.map(|name| format!("{name}: ")).unwrap_or_default();
                self.say(&format!("{context}{}\n{}", error.message, error.hint))
            }
        }
    }

    fn say(&mut self, text: &str) -> io::Result<()> {
        let text = clean::text(text);
        writeln!(self.err, "sortie: {}", ascii(&text, self.ascii))
    }
}

fn masked(error: ErrorRecord, masking: &mut Masking) -> ErrorRecord {
    ErrorRecord {
        message: masking.text(&error.message).into_owned(),
        ..error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_cleaned_for_a_terminal_and_whole_for_a_pipe() {
        let sent = "id\ttitle\nr1\t\u{1b}]52;c;eA==\u{7}\u{202e}x\n";
        let printed = |columns: Option<usize>| {
            let (mut out, mut err) = (Vec::new(), Vec::new());
            let mut outlet = Outlet {
                of_files: Vec::new(),
                out: &mut out,
                err: &mut err,
                columns,
                ascii: false,
            };
            outlet.cells(sent).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(printed(None), sent);
        let shown = printed(Some(80));
        assert!(shown.starts_with("id\ttitle\nr1\t␛]52;c;eA=="), "{shown}");
        assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']));
    }
}
