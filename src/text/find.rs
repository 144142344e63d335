//! Where some bytes stand among others. For those who know no search library themselves.

/// Where `needle` begins for the first time; nothing begins everywhere, at 0.
pub fn first(hay: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(hay, needle)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_first_place_counts() {
        assert_eq!(super::first(b"ab cab cab", b"cab"), Some(3));
        assert_eq!(super::first(b"ab", b"cab"), None);
        assert_eq!(super::first(b"ab", b""), Some(0));
    }
}
