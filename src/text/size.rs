//! How many bytes there are, as a person reads it.

/// A size in bytes: `412 B`, `2.1 KB`, `3.0 MB`, `3.7 GB`.
#[expect(clippy::cast_precision_loss, reason = "two digits of it are shown")]
pub fn of(bytes: usize) -> String {
    let bytes = bytes as f64;
    match bytes {
        b if b < 1000.0 => format!("{b} B"),
        b if b < 1.0e6 => format!("{:.1} KB", b / 1.0e3),
        b if b < 1.0e9 => format!("{:.1} MB", b / 1.0e6),
        b => format!("{:.1} GB", b / 1.0e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_for_people() {
        let sizes = [412, 999, 1000, 3_000_000, 10_000_000, 3_720_000_000].map(of);
        let told = ["412 B", "999 B", "1.0 KB", "3.0 MB", "10.0 MB", "3.7 GB"];
        assert_eq!(sizes, told);
    }
}
