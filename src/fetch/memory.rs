//! Bodies that the service has marked, so that it need not send them again while they are the same.
//! Bounded; holds nothing that the service does not want kept.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use reqwest::header::{CACHE_CONTROL, ETAG, HeaderMap, HeaderValue};

/// Bytes of bodies in all, and in one.
const ROOM: usize = 16 * 1024 * 1024;
const ONE: usize = ROOM / 4;

/// The bodies of one connection.
#[derive(Default)]
pub(super) struct Memory(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    bodies: HashMap<String, Body>,
    bytes: usize,
    uses: u64,
}

struct Body {
    mark: HeaderValue,
    bytes: Bytes,
    used: u64,
}

impl Memory {
    /// The mark and the body of what came from there last.
    pub fn get(&self, address: &str) -> Option<(HeaderValue, Bytes)> {
        let mut kept = self.kept();
        kept.uses += 1;
        let used = kept.uses;
        let body = kept.bodies.get_mut(address)?;
        body.used = used;
        Some((body.mark.clone(), body.bytes.clone()))
    }

    /// Keeps a body that the service has marked; what was kept from there before is gone.
    pub fn put(&self, address: &str, headers: &HeaderMap, bytes: &Bytes) {
        let mut kept = self.kept();
        if let Some(old) = kept.bodies.remove(address) {
            kept.bytes = kept.bytes.saturating_sub(old.bytes.len());
        }
        let unwanted = headers
            .get_all(CACHE_CONTROL)
            .iter()
            .any(|rule| rule.to_str().is_ok_and(|rule| rule.contains("no-store")));
        let Some(mark) = headers.get(ETAG).filter(|_| !unwanted) else {
            return;
        };
        if bytes.len() > ONE {
            return;
        }
        while kept.bytes.saturating_add(bytes.len()) > ROOM {
            let oldest = kept.bodies.iter().min_by_key(|(_, body)| body.used);
            let Some(oldest) = oldest.map(|(address, _)| address.clone()) else {
                break;
            };
            if let Some(old) = kept.bodies.remove(&oldest) {
                kept.bytes = kept.bytes.saturating_sub(old.bytes.len());
            }
        }
        kept.uses += 1;
        let body = Body {
            mark: mark.clone(),
            bytes: bytes.clone(),
            used: kept.uses,
        };
        kept.bytes += bytes.len();
        kept.bodies.insert(address.to_owned(), body);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(mark: &'static str) -> HeaderMap {
        [(ETAG, HeaderValue::from_static(mark))]
            .into_iter()
            .collect()
    }

    #[test]
    fn the_room_is_bounded_and_what_was_used_last_stays() {
        let memory = Memory::default();
        let body = Bytes::from(vec![b'x'; ONE]);
        for address in ["a", "b", "c", "d"] {
            memory.put(address, &marked("1"), &body);
        }
        assert!(memory.get("a").is_some());
        memory.put("e", &marked("1"), &body);
        assert!(memory.get("b").is_none());
        assert!(memory.get("a").is_some() && memory.get("e").is_some());
        assert!(memory.kept().bytes <= ROOM);
        memory.put("f", &marked("1"), &Bytes::from(vec![b'x'; ONE + 1]));
        assert!(memory.get("f").is_none());
    }

    #[test]
    fn only_what_is_marked_is_kept() {
        let memory = Memory::default();
        let body = Bytes::from_static(b"{}");
        memory.put("a", &marked("1"), &body);
        memory.put("a", &HeaderMap::new(), &body);
        assert!(memory.get("a").is_none());
        let mut secret = marked("1");
        secret.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        memory.put("a", &secret, &body);
        assert!(memory.get("a").is_none());
        assert_eq!(memory.kept().bytes, 0);
    }
}
