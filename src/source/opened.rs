//! Opening files: each is taken for what its bytes show, and what sortie wrote goes to the context that it
//! was read in.

use std::path::{Path, PathBuf};

use super::{Opened, Source, bytes, carried::Origin, document, file::File, salvage};
use crate::model::Trouble;

impl Opened {
    /// Reads the files; `-` is standard input, which is read to its end. Blocks meanwhile.
    pub fn open(paths: &[PathBuf]) -> Result<Self, Trouble> {
        let mut own = Self::default();
        for path in paths {
            own.take(path)?;
        }
        Ok(own.whole())
    }

    /// The same for somebody who looks at what is on a screen: large files that are one JSON object stay
    /// where they are, and of their events `raw` is only the beginning.
    pub fn browse(paths: &[PathBuf]) -> Result<Self, Trouble> {
        let mut own = Self::default();
        for path in paths {
            let name = bytes::name(path);
            let files = own.source(Source::NAME, Source::NAME);
            let id = files.id(path, &name);
            if let Some((file, far)) = document::of(path, &id, &name) {
                files.files.push(file);
                files.documents.insert(id, far);
            } else {
                own.take(path)?;
            }
        }
        Ok(own.whole())
    }

    fn take(&mut self, path: &Path) -> Result<(), Trouble> {
        let read = bytes::read(path)?;
        let (name, bytes) = (&read.name, read.bytes);
        let shown = |note: String| format!("{name}: {note}");
        self.is_damaged |= read.broken.is_some();
        self.notes.extend(read.broken.map(shown));
        if let Some(told) = salvage::carried(&bytes) {
            self.is_damaged |= told.is_damaged;
            self.notes.extend(told.notes.into_iter().map(shown));
            for origin in told.origins {
                self.join(origin);
            }
            return Ok(());
        }
        let files = self.source(Source::NAME, Source::NAME);
        let id = files.id(path, name);
        if let Some((captured, note)) = salvage::captured(&bytes) {
            files
                .files
                .extend(File::captured(id, name.clone(), captured));
            self.notes.push(shown(note));
            self.is_damaged = true;
            return Ok(());
        }
        let read = File::read(id, name.clone(), &bytes);
        files.files.extend(read);
        Ok(())
    }

    /// The records of a context, which may be in several files.
    fn join(&mut self, origin: Origin) {
        let told = origin.offline;
        let source = self.source(&told.context, &told.provider);
        source.offline.add(told);
        for file in origin.missions {
            source.join(file);
        }
        source.left.extend(origin.left);
    }

    fn source(&mut self, context: &str, provider: &str) -> &mut Source {
        let mut sources = self.sources.iter();
        let known = sources.position(|source| {
            source.offline.context == context && source.offline.provider == provider
        });
        let at = known.unwrap_or(self.sources.len());
        if known.is_none() {
            self.sources.push(Source::named(context, provider));
        }
        #[expect(
            clippy::indexing_slicing,
            reason = "it was found or has just been put there"
        )]
        &mut self.sources[at]
    }

    /// Without the context of plain files, if there are none.
    fn whole(mut self) -> Self {
        if self.sources.len() > 1 {
            self.sources.retain(|source| {
                source.offline.context != Source::NAME || !source.files.is_empty()
            });
        }
        self
    }

    /// Whether all of it is one JSON document, to be read as such.
    pub fn is_document(&self) -> bool {
        match self.sources.as_slice() {
            [source] => source.is_document(),
            _ => false,
        }
    }
}
