//! Passing over a container without reading it, for those who need nothing of what is inside: several times
//! as fast as its tokens. It refuses to judge what it passes.

use memchr::memchr2;

use super::{Fault, Next, Scanner, Wrong};

impl Scanner<'_> {
    /// Goes on to the end of the container that was opened last, and gives the place behind it. Only its
    /// brackets and strings are looked at: what else is wrong in it is not found.
    pub fn pass_over(&mut self) -> Result<usize, Fault> {
        let level = self.levels.len();
        let mut depth = level;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'"' => self.skip_string(),
                b'{' | b'[' => depth += 1,
                b'}' | b']' => {
                    depth -= 1;
                    if depth < level {
                        self.levels.pop();
                        self.ended();
                        return Ok(self.at);
                    }
                }
                _ => {}
            }
        }
        self.next = Next::Stopped;
        self.wrong(Wrong::Cut)
    }

    /// Goes behind the quote that ends a string.
    fn skip_string(&mut self) {
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let Some(run) = memchr2(b'"', b'\\', rest) else {
                self.at = self.text.len();
                return;
            };
            self.at += run + 1;
            if rest.get(run) == Some(&b'"') {
                return;
            }
            self.at = (self.at + 1).min(self.text.len());
        }
    }
}
