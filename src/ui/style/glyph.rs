//! The signs of the screen. Each has an ASCII twin, so that a terminal without Unicode loses nothing.

/// The signs of the screen. Each has an ASCII twin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// It went well.
    Ok,
    /// It failed.
    Failed,
    /// It goes on.
    Running,
    /// Nobody knows.
    Unknown,
    /// Something changed.
    Change,
    /// Something was said.
    Message,
    /// Nothing special.
    Quiet,
    /// It was stopped or left out.
    Cancelled,
    /// What is below is shown.
    Open,
    /// What is below is folded away.
    Closed,
    /// The selected row.
    Cursor,
    /// A line across.
    Line,
    /// A line down.
    Wall,
    /// Where a line down begins.
    Fork,
    /// Where a line down ends.
    Foot,
    /// Between the parts of a path.
    Path,
    /// Its content says that it failed.
    Soft,
    /// It goes round in circles.
    Loop,
    /// So many times.
    Times,
    /// One after the other.
    Then,
    /// A call and its result.
    Pair,
    /// Nothing happened.
    Silence,
    /// More lies before.
    Before,
    /// More lies behind.
    Behind,
    /// A bookmark is on it.
    Bookmark,
    /// The person marked it.
    Picked,
}

impl Glyph {
    /// As Unicode, and as ASCII.
    pub fn twins(self) -> (&'static str, &'static str) {
        match self {
            Self::Ok => ("✓", "+"),
            Self::Failed => ("✗", "x"),
            Self::Running => ("…", "."),
            Self::Unknown => ("?", "?"),
            Self::Change => ("◆", "#"),
            Self::Message | Self::Behind => ("›", ">"),
            Self::Quiet => ("·", "-"),
            Self::Cancelled => ("⊘", "/"),
            Self::Open => ("▾ ", "v "),
            Self::Closed => ("▸ ", "> "),
            Self::Cursor => ("▶ ", "* "),
            Self::Line => ("─", "-"),
            Self::Wall => ("│", "|"),
            Self::Fork => ("┬", "+"),
            Self::Foot => ("┴", "+"),
            Self::Path => (" › ", " > "),
            Self::Soft => ("~", "~"),
            Self::Loop => ("∞", "@"),
            Self::Times => ("×", "x"),
            Self::Then => ("→", ">"),
            Self::Pair => ("⇄", "="),
            Self::Silence => ("┄", "."),
            Self::Before => ("‹", "<"),
            Self::Bookmark => ("•", "o"),
            Self::Picked => ("■", "*"),
        }
    }
}
