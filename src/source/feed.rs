//! Bytes that are read once, in order: counted, and looked at before they are taken.

use std::io::{self, BufRead, Read};

/// Bytes that are read together.
const PIECE: usize = 64 << 10;

/// See the module.
pub(super) struct Feed<R> {
    from: R,
    buffer: Vec<u8>,
    /// The first of the buffer that was not taken.
    next: usize,
    taken: usize,
    /// Why nothing more can be read.
    fault: Option<io::Error>,
}

impl<R: Read> Feed<R> {
    pub fn new(from: R) -> Self {
        Self {
            from,
            buffer: Vec::new(),
            next: 0,
            taken: 0,
            fault: None,
        }
    }

    /// How many bytes were taken.
    pub fn at(&self) -> usize {
        self.taken
    }

    /// Whether all bytes were taken.
    pub fn is_empty(&mut self) -> bool {
        self.peek(1).is_empty()
    }

    /// Why it ends before its end.
    pub fn fault(&self) -> Option<&io::Error> {
        self.fault.as_ref()
    }

    /// The next bytes, so many of them unless it ends before.
    pub fn peek(&mut self, count: usize) -> &[u8] {
        while self.buffer.len() - self.next < count && self.fault.is_none() {
            if self.more() == 0 {
                break;
            }
        }
        let rest = self.rest();
        rest.get(..count).unwrap_or(rest)
    }

    /// Takes so many bytes, or all there are.
    pub fn skip(&mut self, mut count: usize) {
        while count > 0 && !self.is_empty() {
            let some = count.min(self.rest().len());
            self.consume(some);
            count -= some;
        }
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.next..).unwrap_or_default()
    }

    /// Reads a piece behind what was not taken. Gives how many bytes came.
    fn more(&mut self) -> usize {
        self.buffer.drain(..self.next);
        self.next = 0;
        let had = self.buffer.len();
        self.buffer.resize(had + PIECE, 0);
        let room = self.buffer.get_mut(had..).unwrap_or_default();
        let count = loop {
            match self.from.read(room) {
                Ok(count) => break count,
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
                Err(fault) => {
                    self.fault = Some(fault);
                    break 0;
                }
            }
        };
        self.buffer.truncate(had + count);
        count
    }
}

impl<R: Read> Read for Feed<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let mut rest = self.fill_buf()?;
        let count = rest.read(room)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Feed<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.next == self.buffer.len() && self.fault.is_none() {
            self.more();
        }
        // Whoever unpacks is told of an end: why it is there is asked for here.
        Ok(self.rest())
    }

    fn consume(&mut self, count: usize) {
        self.next += count;
        self.taken += count;
    }
}
