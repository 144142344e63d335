//! Work over everything that is loaded, done by two threads a piece at a time: the loop and the terminal
//! need a core too. What comes of the pieces is handed on by the thread that asked, about in their order;
//! it does the first one itself, since somebody waits for that.

use std::{
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

/// Results that may wait to be handed on.
const WAITING: usize = 8;

/// Does the pieces from 0 on, each with what its thread keeps (`new`), and hands on what comes of them until
/// told to stop; says whether it never was.
pub(in crate::app) fn each<S, T: Send>(
    pieces: usize,
    new: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> T + Sync,
    mut take: impl FnMut(T) -> bool,
) -> bool {
    if pieces > 0 && !take(work(&mut new(), 0)) {
        return false;
    }
    if pieces < 2 {
        return true;
    }
    let next = AtomicUsize::new(1);
    let (send, done) = mpsc::sync_channel(WAITING);
    let worker = |send: mpsc::SyncSender<T>| {
        let mut state = new();
        loop {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            if piece >= pieces || send.send(work(&mut state, piece)).is_err() {
                return;
            }
        }
    };
    thread::scope(|scope| {
        let worker = &worker;
        for send in [send.clone(), send] {
            scope.spawn(move || worker(send));
        }
        // Once nobody takes results any more, the workers end with their pieces.
        done.into_iter().all(&mut take)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_is_done_once_unless_somebody_stops_it() {
        let mut done = Vec::new();
        let whole = each(
            1_000,
            || 0_usize,
            |many, piece| {
                *many += 1;
                (*many, piece)
            },
            |(_, piece)| {
                done.push(piece);
                true
            },
        );
        done.sort_unstable();
        assert!(whole && done.into_iter().eq(0..1_000));
        let mut taken = 0;
        let whole = each(
            1_000,
            || (),
            |(), piece| piece,
            |_| {
                taken += 1;
                taken < 5
            },
        );
        assert!(!whole && taken == 5);
    }
}
