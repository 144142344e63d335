//! One run on its way to its file.

use std::{
    io::{self, BufWriter, Write},
    path::Path,
    time::SystemTime,
};

use super::{Place, access, name, parts::Whole};
use crate::{
    export::bundle::{self, Part},
    guard::Redactor,
    model::{Mission, Offline, Time},
    unfinished::Unfinished,
};

/// Writes it beside its place and moves it there, so that there is always a whole one or none. What would
/// take more than `limit` bytes is not written: that is `FileTooLarge`.
pub(super) fn write(
    path: &Path,
    place: &Place,
    mission: Option<&Mission>,
    whole: &Whole,
    redactor: &Redactor,
    limit: u64,
) -> io::Result<()> {
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    access::make(folder)?;
    let file = Unfinished::begin(folder, name::UNFINISHED, "")?;
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
    let bounded = Bounded {
        to: file,
        left: limit,
    };
    let mut out = BufWriter::new(bounded);
    bundle::write_as_sent(&mut out, &offline, &[part], &mut redactor.masking())?;
    out.flush()?;
    let bounded = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    bounded.to.replace(path)?;
    Ok(())
}

/// Takes so many bytes and no more.
struct Bounded<W> {
    to: W,
    left: u64,
}

impl<W: Write> Write for Bounded<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.left.checked_sub(bytes.len() as u64);
        let left = left.ok_or(io::ErrorKind::FileTooLarge)?;
        let written = self.to.write(bytes)?;
        self.left = left + (bytes.len() - written) as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
