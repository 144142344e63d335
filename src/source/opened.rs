//! Opening files: each is taken for what its bytes show, and what sortie wrote goes to the context that it
//! was read in.

use std::{
    ops::Range,
    path::{Path, PathBuf},
};

use super::{
    Opened, Said, Source, bytes,
    captured::{self, Gathering},
    carried::Origin,
    document,
    file::File,
    lines::Lines,
    salvage,
};
use crate::model::Trouble;

impl Opened {
    /// Reads the files; `-` is standard input, which is read to its end. Blocks meanwhile. Fails where
    /// none of them can be read.
    pub fn open(paths: &[PathBuf]) -> Result<Self, Trouble> {
        let mut own = Opening::default();
        for path in paths {
            own.try_take(path);
        }
        own.settled(paths.len())
    }

    /// The same for somebody who looks at what is on a screen: large files that are one JSON object, or plain
    /// records line by line, stay where they are. Of the event of such an object `raw` is only the beginning.
    pub fn browse(paths: &[PathBuf]) -> Result<Self, Trouble> {
        Self::browse_in(paths, None)
    }

    /// The same, where `folder` has room for what is unpacked while it is looked at.
    pub fn browse_in(paths: &[PathBuf], folder: Option<&Path>) -> Result<Self, Trouble> {
        let mut own = Opening::default();
        for path in paths {
            let name = bytes::name(path);
            let id = own.id(path, &name);
            let lines = Lines::of(path, &id, &name);
            let lines = lines.or_else(|| Lines::unpacked(path, &id, &name, folder));
            if let Some(lines) = lines {
                let files = own.opened.plain();
                files.join(File::of(lines.mission().clone(), Vec::new()));
                files.lines.insert(id, lines);
            } else if let Some((file, far)) = document::of(path, &id, &name) {
                let files = own.opened.plain();
                files.join(file);
                files.documents.insert(id, far);
            } else {
                own.try_take(path);
            }
        }
        own.settled(paths.len())
    }

    /// The records of a context, which may be in several files.
    fn join(&mut self, origin: Origin) {
        let told = origin.offline;
        let source = self.source(&told.context, &told.provider);
        source.offline.add(told, &mut source.places.looks);
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

    /// The context of what sortie did not write.
    fn plain(&mut self) -> &mut Source {
        self.source(Source::NAME, Source::NAME)
    }

    /// Whether it is a large file of which both ends are of one run, which can be opened before all of the
    /// file was looked at.
    pub fn is_one_run(&self) -> bool {
        match self.sources.as_slice() {
            [source] => source.is_one_run(),
            _ => false,
        }
    }

    /// Whether all of it is one JSON document, to be read as such.
    pub fn is_document(&self) -> bool {
        match self.sources.as_slice() {
            [source] => source.is_document(),
            _ => false,
        }
    }
}

/// Files that are being opened.
#[derive(Default)]
struct Opening {
    opened: Opened,
    /// Replies of services, which are put together when all files are read.
    captured: Gathering,
}

impl Opening {
    /// A file that cannot be read is no reason not to show the others.
    fn try_take(&mut self, path: &Path) {
        if let Err(trouble) = self.take(path) {
            self.opened.missing.push(trouble);
            self.opened.is_damaged = true;
        }
    }

    /// What became of so many files.
    fn settled(mut self, count: usize) -> Result<Opened, Trouble> {
        if self.opened.missing.len() < count {
            return Ok(self.settle());
        }
        let mut missing = std::mem::take(&mut self.opened.missing).into_iter();
        let Some(first) = missing.next() else {
            return Ok(self.settle());
        };
        let others: Vec<String> = missing.map(|trouble| trouble.to_string()).collect();
        Err(match first {
            Trouble::File { name, cause } if !others.is_empty() => Trouble::File {
                name,
                cause: format!("{cause}; {}", others.join("; ")),
            },
            first => first,
        })
    }

    fn take(&mut self, path: &Path) -> Result<(), Trouble> {
        let read = bytes::read(path)?;
        let (name, bytes) = (&read.name, read.bytes);
        let shown = |note: String| format!("{name}: {note}");
        self.opened.is_damaged |= read.broken.is_some();
        self.opened.notes.extend(read.broken.map(shown));
        if let Some(told) = salvage::carried(&bytes) {
            self.opened.is_damaged |= told.is_damaged;
            self.opened.notes.extend(told.notes.into_iter().map(shown));
            for origin in told.origins {
                self.opened.join(origin);
            }
            return Ok(());
        }
        if bytes.trim_ascii().is_empty() {
            self.opened.told.push(Said {
                text: shown("the file is empty".to_owned()),
                is_refusal: false,
            });
        }
        let id = self.id(path, name);
        // A cut line among lines that are whole would be taken for what somebody wrote between them.
        let cut = salvage::last_line(&bytes);
        if cut.is_none()
            && let Some(scan) = captured::read(&bytes)
        {
            self.broken(name, &bytes, &scan.broken());
            self.captured.add(id, name.clone(), scan);
            return Ok(());
        }
        if let Some((scan, note)) = cut.or_else(|| salvage::captured(&bytes)) {
            self.captured.add(id, name.clone(), scan);
            self.opened.notes.push(shown(note));
            self.opened.is_damaged = true;
            return Ok(());
        }
        if let Some((whole, note)) = salvage::array(&bytes) {
            self.opened.notes.push(shown(note));
            self.opened.is_damaged = true;
            let read = File::read(id, name.clone(), &whole);
            self.opened.plain().join(read);
            return Ok(());
        }
        let page = captured::page(&bytes);
        self.opened.told.extend(page.map(|title| Said {
            text: shown(format!(
                "an HTML error page ({title}), as a proxy or gateway sends it in place of a reply"
            )),
            is_refusal: true,
        }));
        let read = File::read(id, name.clone(), &bytes);
        self.broken(name, &bytes, &read.bare);
        self.opened.plain().join(read);
        Ok(())
    }

    /// Says which of these lines of a file were records.
    fn broken(&mut self, name: &str, bytes: &[u8], lines: &[Range<usize>]) {
        if let Some(note) = salvage::broken_lines(bytes, lines) {
            self.opened.notes.push(format!("{name}: {note}"));
            self.opened.is_damaged = true;
        }
    }

    /// Two files of one name in two folders are two missions.
    fn id(&mut self, path: &Path, name: &str) -> String {
        let is_captured = self.captured.has(name);
        let files = &self.opened.plain().files;
        if is_captured || files.iter().any(|file| file.mission.id == name) {
            path.display().to_string()
        } else {
            name.to_owned()
        }
    }

    /// With what was captured put together, and without the context of plain files if there are none.
    fn settle(self) -> Opened {
        let mut opened = self.opened;
        let (files, told) = self.captured.settle();
        if !files.is_empty() {
            let plain = opened.plain();
            for file in files {
                plain.join(file);
            }
        }
        opened.told.extend(told);
        if opened.sources.len() > 1 {
            opened.sources.retain(|source| {
                source.offline.context != Source::NAME || !source.files.is_empty()
            });
        }
        opened
    }
}
