//! Understanding what a service pushes while a run is followed: frames in, rows out. A listener sums
//! up what comes in pieces; it reads no clock and sends nothing, but may say what must be asked.

use bytes::Bytes;

use crate::model::{Ask, Row, Time};

/// Hears one stream, from its beginning to its end. A stream that is taken up again gets a new one.
pub trait Listener: Send {
    /// One whole frame: the bytes of its data, and when they came.
    fn hear(&mut self, data: &Bytes, received: Time) -> Heard;

    /// What has grown since it was told last, each with all that came of it so far. Asked for a few
    /// times a second while frames come, so that a thousand pieces do not become a thousand rows.
    fn grown(&mut self) -> Vec<Row> {
        Vec::new()
    }
}

/// What a frame means.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    /// What is known now.
    pub rows: Vec<Row>,
    /// What must be asked, because the frame alone does not tell it.
    pub asks: Vec<Ask>,
    /// Whether the stream is open, so that what was missed until now can be asked for.
    pub open: bool,
    /// Whether the run has ended: no more will come.
    pub over: bool,
    /// What the service says went wrong; it may go on all the same.
    pub said: Option<String>,
    /// Frames that could not be read.
    pub skipped: u32,
}
