//! A rectangle of the screen, in columns and rows.

/// A part of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// The first column.
    pub x: u16,
    /// The first row.
    pub y: u16,
    /// How many columns.
    pub width: u16,
    /// How many rows.
    pub height: u16,
}

impl Area {
    /// Whether a place of the screen lies in it.
    pub fn holds(self, x: u16, y: u16) -> bool {
        let across = self.x..self.x.saturating_add(self.width);
        let down = self.y..self.y.saturating_add(self.height);
        across.contains(&x) && down.contains(&y)
    }

    /// The row of it that a row of the screen is.
    pub fn line(self, y: u16) -> Option<usize> {
        let line = y.checked_sub(self.y)?;
        (line < self.height).then(|| usize::from(line))
    }

    /// The column behind it.
    pub fn right(self) -> u16 {
        self.x.saturating_add(self.width)
    }

    /// The row behind it.
    pub fn bottom(self) -> u16 {
        self.y.saturating_add(self.height)
    }
}
