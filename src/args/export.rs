//! What `sortie export` can be told.

use std::path::{Path, PathBuf};

use clap::{Args as Group, ValueEnum};

use crate::export::Form;

/// Which runs go where, and how.
#[derive(Clone, Debug, Group)]
pub struct Export {
    /// RUN as for `sortie events`
    #[arg(required = true, value_name = "RUN")]
    pub runs: Vec<String>,
    /// In which form; where it is not given, the name of the file tells
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<ExportForm>,
    /// Write this file and not standard output, which is -; it is there when it is whole, or not at all
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Overwrite the file if it is there
    #[arg(long, requires = "output")]
    pub force: bool,
    /// Leave secrets as they are, but for the credentials in use; asks first on a terminal
    #[arg(long)]
    pub no_mask: bool,
    /// Do not ask; needed for --no-mask where there is no terminal
    #[arg(long, requires = "no_mask")]
    pub yes: bool,
    /// Post the runs as traces to a receiver of OpenTelemetry: its address, or that of its traces
    ///
    /// The only thing that sortie ever sends. Without a path it is /v1/traces. As JSON, and as protobuf
    /// where the receiver takes no JSON. No credential of a context is sent along.
    #[arg(long, value_name = "URL", conflicts_with = "output")]
    pub to: Option<String>,
    /// Send this header along, with the value of a variable: Authorization=env:OTLP_TOKEN
    #[arg(long = "header", value_name = "NAME=env:VAR", requires = "to", value_parser = header)]
    pub headers: Vec<Header>,
}

/// A header whose value stands in the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// The variable.
    pub variable: String,
}

fn header(text: &str) -> Result<Header, String> {
    let parts = text.split_once("=env:");
    let parts = parts.filter(|(name, variable)| !name.is_empty() && !variable.is_empty());
    let (name, variable) = parts.ok_or(
        "a header is written NAME=env:VARIABLE: its value is read from the environment, so that no \
         secret stands on the command line",
    )?;
    Ok(Header {
        name: name.to_owned(),
        variable: variable.to_owned(),
    })
}

impl Export {
    /// The form that is asked for, or that the name of the file tells.
    pub fn form(&self) -> Option<Form> {
        if self.to.is_some() {
            return Some(Form::Otlp);
        }
        let told = self.format.map(Form::from);
        told.or_else(|| named(self.file()?))
    }

    /// The file that is to be written; none where it goes to standard output, which `-` names too.
    pub fn file(&self) -> Option<&Path> {
        self.output
            .as_deref()
            .filter(|path| path.as_os_str() != "-")
    }
}

/// The form that the name of a file tells.
fn named(path: &Path) -> Option<Form> {
    let name = path.file_name()?.to_str()?.to_ascii_lowercase();
    if name.contains(".otlp.") {
        return Some(Form::Otlp);
    }
    let (_, ending) = name.rsplit_once('.')?;
    let mut forms = Form::ALL.into_iter();
    forms.find(|form| form.ending() == ending)
}

/// A form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportForm {
    /// The document of `sortie show RUN -o json`; of several runs a list of them. Reads back as it was.
    Json,
    /// Bare records, one a line: of the run, its steps, its child runs, its events.
    Jsonl,
    /// For a ticket: facts, plan, what failed with its payloads, operations.
    #[value(alias = "markdown")]
    Md,
    /// One page without scripts: bars, folds, light and dark, prints.
    Html,
    /// The operations as a table; no cell is a formula.
    Csv,
    /// A trace for OpenTelemetry, as JSON.
    Otlp,
    /// For another sortie: all of it in one packed file that `sortie open` shows without a network.
    Bundle,
}

impl From<ExportForm> for Form {
    fn from(form: ExportForm) -> Self {
        match form {
            ExportForm::Json => Self::Json,
            ExportForm::Jsonl => Self::Jsonl,
            ExportForm::Md => Self::Markdown,
            ExportForm::Html => Self::Html,
            ExportForm::Csv => Self::Csv,
            ExportForm::Otlp => Self::Otlp,
            ExportForm::Bundle => Self::Bundle,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_names_a_variable_and_holds_no_secret() {
        let told = header("Authorization=env:TOKEN").unwrap();
        assert_eq!(
            (told.name.as_str(), told.variable.as_str()),
            ("Authorization", "TOKEN")
        );
        for wrong in ["Authorization: Bearer x", "A=x", "=env:X", "A=env:"] {
            assert!(header(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_name_of_a_file_tells_its_form() {
        let told = |name: &str| named(Path::new(name));
        assert_eq!(told("a/run.html"), Some(Form::Html));
        assert_eq!(told("run.MD"), Some(Form::Markdown));
        assert_eq!(told("run.otlp.json"), Some(Form::Otlp));
        assert_eq!(told("run.json"), Some(Form::Json));
        assert_eq!(told("run"), None);
        assert_eq!(told("run.pdf"), None);
        for form in Form::ALL {
            assert_eq!(told(&format!("x.{}", form.ending())), Some(form));
        }
    }
}
