//! Opened files as contexts of a command, and what is told of those that break off.

use std::{io, path::PathBuf, sync::Arc};

use super::{
    exit::Failure,
    print::Outlet,
    session::{self, Asked},
};
use crate::{
    args::Format,
    cache::Folder,
    export::record::ErrorRecord,
    guard::Redactor,
    model::Offline,
    source::{Opened, Source},
};

/// The contexts of these files, and whether one of the files is not whole, which is said.
pub(super) fn open(
    paths: &[PathBuf],
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Result<(Vec<Asked>, bool), Failure>> {
    let opened = match Opened::open(paths) {
        Ok(opened) => opened,
        Err(trouble) => return Ok(Err(Failure::of(Source::NAME, trouble))),
    };
    let missing = opened.missing.into_iter().map(|trouble| ErrorRecord {
        context: None,
        code: trouble.code(),
        message: trouble.to_string(),
        hint: trouble.hint(),
    });
    let broken = opened.notes.into_iter().map(|note| ErrorRecord {
        context: None,
        code: "file",
        message: note,
        hint: "What is whole of it is shown.".to_owned(),
    });
    for record in missing.chain(broken) {
        // A script that reads the document must find it there too.
        outlet.of_files.push(record.clone());
        outlet.error(format, record, &mut Redactor::default().masking())?;
    }
    for said in opened.told {
        if said.is_refusal {
            let record = ErrorRecord {
                context: None,
                code: "error_reply",
                message: said.text,
                hint: "There is no run in it; what the service said is shown as an event."
                    .to_owned(),
            };
            outlet.error(format, record, &mut Redactor::default().masking())?;
        } else {
            let text = Redactor::default().masking().text(&said.text).into_owned();
            outlet.note(format, &text)?;
        }
    }
    let contexts = opened.sources.into_iter().map(over).collect();
    Ok(Ok((contexts, opened.is_damaged)))
}

/// What is kept of these contexts, of all where none is named. That there is nothing is said.
pub(super) fn history(
    folder: Option<&Folder>,
    contexts: &[String],
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Vec<Asked>> {
    let wanted = |told: &Offline| contexts.is_empty() || contexts.contains(&told.context);
    let kept = folder
        .map(|folder| folder.history(wanted))
        .unwrap_or_default();
    if kept.is_empty() {
        let of = match contexts {
            [] => String::new(),
            names => format!(" of {}", names.join(", ")),
        };
        let note = format!(
            "nothing is kept{of} yet: a run is kept when it has ended and was read whole without --offline"
        );
        outlet.note(format, &Redactor::default().masking().text(&note))?;
    }
    Ok(kept.into_iter().map(over).collect())
}

/// A context that nobody is asked about.
pub(super) fn over(source: Source) -> Asked {
    session::offline(Arc::new(source).into())
}
