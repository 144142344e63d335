//! How many bytes there are, as a person reads it.

/// A size in bytes, with what is less than a tenth left out, so that it never reads as more than it is: `412 B`, `2.1 KB`, `3.0 MB`, `3.7 GB`.
pub fn of(bytes: impl TryInto<usize>) -> String {
    let bytes = bytes.try_into().unwrap_or(usize::MAX);
    let (unit, name) = match bytes {
        0..1_000 => return format!("{bytes} B"),
        1_000..1_000_000 => (1_000, "KB"),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    };
    let tenths = bytes.saturating_mul(10) / unit;
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_for_people() {
        let table: [(u64, &str); 8] = [
            (0, "0 B"),
            (412, "412 B"),
            (999, "999 B"),
            (1_000, "1.0 KB"),
            (2_149, "2.1 KB"),
            (999_999, "999.9 KB"),
            (3_000_000, "3.0 MB"),
            (3_720_000_000, "3.7 GB"),
        ];
        for (bytes, told) in table {
            assert_eq!(of(bytes), told);
        }
    }
}
