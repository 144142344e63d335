//! One run on its way to its file.

use std::{
    io::{self, BufWriter, Write as _},
    path::Path,
    time::SystemTime,
};

use super::{Place, folder, parts::Whole};
use crate::{
    export::bundle::{self, Part},
    guard::Redactor,
    model::{Mission, Offline, Time},
};

/// Writes it beside its place and moves it there, so that there is always a whole one or none.
pub(super) fn write(
    path: &Path,
    place: &Place,
    mission: Option<&Mission>,
    whole: &Whole,
    redactor: &Redactor,
) -> io::Result<()> {
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    folder::make(folder)?;
    let file = tempfile::Builder::new()
        .prefix(folder::UNFINISHED)
        .tempfile_in(folder)?;
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = since
        .ok()
        .and_then(|since| i64::try_from(since.as_nanos()).ok());
    let offline = Offline {
        context: place.context.clone(),
        provider: place.provider.name().to_owned(),
        base_url: Some(place.base_url.clone()),
        made_at: now.map(Time),
        ..Offline::default()
    };
    let part = Part {
        mission,
        run: &whole.run,
        steps: &whole.steps,
        children: &whole.children,
        events: &whole.events,
        numbered: true,
        left: None,
    };
    let mut out = BufWriter::new(file);
    bundle::write_as_sent(&mut out, &offline, &[part], &mut redactor.masking())?;
    out.flush()?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.persist(path).map_err(|fault| fault.error)?;
    Ok(())
}
