//! How many bytes there are, as a person reads it.

/// A size in bytes in at most seven characters: `412 B`, `2.1 KB`, `3.0 MB`.
#[expect(clippy::cast_precision_loss, reason = "two digits of it are shown")]
pub fn of(bytes: usize) -> String {
    let bytes = bytes as f64;
    match bytes {
        b if b < 1000.0 => format!("{b} B"),
        b if b < 1.0e6 => format!("{:.1} KB", b / 1.0e3),
        b => format!("{:.1} MB", b / 1.0e6),
    }
}
