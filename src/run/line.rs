//! How fast the line to the terminal is, learnt from writes that had to wait: what stands between us and a
//! slow terminal takes a lot before it makes anybody wait, and what it has taken is shown before anything that
//! is painted later. So once the rate is known there is one frame under way at a time, and what changes
//! meanwhile is in the next one. It knows no clock; a line that never makes anybody wait is never waited for.

use std::time::{Duration, Instant};

/// A write that takes longer had to wait for the line.
const WAITED: Duration = Duration::from_millis(25);
/// So long it is looked at before its rate is believed, and so many bytes have to have gone: one that stood
/// still for a moment is no slow line.
const LOOK: Duration = Duration::from_millis(400);
const BYTES: f64 = 2_048.0;
/// A frame may be begun so long before the one before it is through.
const AHEAD: Duration = Duration::from_millis(20);
/// Writes further apart have nothing to do with each other.
const PAUSE: Duration = Duration::from_secs(1);
/// Nothing is put off for longer.
const LONGEST: Duration = Duration::from_secs(5);
/// For so long a rate is taken for true: the line may have become faster.
const MEMORY: Duration = Duration::from_secs(60);
/// Bytes a second of the slowest line that somebody might use.
const LEAST: f64 = 200.0;

/// The line.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Bytes a second, and when that was learnt, once it is known.
    rate: Option<(f64, Instant)>,
    /// When what was written will be through.
    busy: Option<Instant>,
    burst: Option<Burst>,
    full: Option<Full>,
}

/// What was written without a pause.
#[derive(Clone, Copy, Debug)]
struct Burst {
    since: Instant,
    bytes: f64,
    last: Instant,
}

/// What was written since a write had to wait, at the end of which the line was full.
#[derive(Clone, Copy, Debug)]
struct Full {
    since: Instant,
    bytes: f64,
    /// How much of the time was spent waiting.
    waited: Duration,
}

impl Line {
    /// So many bytes were written.
    pub fn wrote(&mut self, bytes: usize, begun: Instant, ended: Instant) {
        let size = u32::try_from(bytes).map_or(f64::from(u32::MAX), f64::from);
        let going = self.burst.filter(|burst| begun < burst.last + PAUSE);
        let burst = Burst {
            since: going.map_or(begun, |burst| burst.since),
            bytes: going.map_or(0.0, |burst| burst.bytes) + size,
            last: ended,
        };
        self.burst = Some(burst);
        let took = ended.saturating_duration_since(begun);
        let waited = took > WAITED;
        self.full = match self.full.filter(|_| going.is_some()) {
            Some(full) => Some(Full {
                bytes: full.bytes + size,
                waited: full.waited + if waited { took } else { Duration::ZERO },
                ..full
            }),
            None => waited.then_some(Full {
                since: ended,
                bytes: 0.0,
                waited: Duration::ZERO,
            }),
        };
        self.rate.take_if(|(_, learnt)| *learnt + MEMORY < begun);
        // Full then and full now: as much has gone as came. What is before a line may take bytes in lumps, so
        // that not every write has to wait, but whoever waits for a third of the time waits for the line.
        if let Some(full) = self.full.filter(|full| waited && full.is_enough(ended)) {
            let rate = (full.bytes / seconds(full.since, ended)).max(LEAST);
            let gone = rate * seconds(burst.since, ended);
            self.rate = Some((rate, ended));
            self.busy = Some(ended + time(burst.bytes - gone, rate));
            self.full = None;
            return;
        }
        let from = self.busy.map_or(begun, |busy| busy.max(begun));
        self.busy = self.rate.map(|(rate, _)| from + time(size, rate));
    }

    /// When there is room for another frame; none: now.
    pub fn free(&self) -> Option<Instant> {
        self.busy?.checked_sub(AHEAD)
    }
}

impl Full {
    /// Whether a rate can be told of it.
    fn is_enough(&self, now: Instant) -> bool {
        let looked = now.saturating_duration_since(self.since);
        looked >= LOOK && self.bytes >= BYTES && self.waited * 3 >= looked
    }
}

fn seconds(from: Instant, until: Instant) -> f64 {
    until.saturating_duration_since(from).as_secs_f64()
}

fn time(bytes: f64, rate: f64) -> Duration {
    let seconds = bytes.max(0.0) / rate.max(1.0);
    Duration::from_secs_f64(seconds.min(LONGEST.as_secs_f64()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line of 9,600 bytes a second that takes 32,768 ahead, and frames of 900 bytes written to it as soon
    /// as they may be, for so many milliseconds; gives how long the last one is under way.
    fn frames(line: &mut Line, start: Instant, from: u64, until: u64, queued: &mut f64) -> f64 {
        const RATE: f64 = 9.6;
        let mut now = from;
        while now < until {
            let at = |ms: u64| start + Duration::from_millis(ms);
            if line.free().is_some_and(|free| free > at(now)) {
                now += 1;
                *queued = (*queued - RATE).max(0.0);
                continue;
            }
            let begun = now;
            *queued += 900.0;
            while *queued > 32_768.0 {
                *queued -= RATE;
                now += 1;
            }
            line.wrote(900, at(begun), at(now));
            // The next key.
            for _ in 0..33 {
                *queued = (*queued - RATE).max(0.0);
                now += 1;
            }
        }
        *queued / RATE
    }

    #[test]
    fn a_slow_line_holds_one_frame_once_it_is_known() {
        let (mut line, start, mut queued) = (Line::default(), Instant::now(), 0.0);
        // Held long enough to fill what takes bytes ahead of the line.
        frames(&mut line, start, 0, 6_000, &mut queued);
        let late = frames(&mut line, start, 6_000, 12_000, &mut queued);
        assert!(late < 250.0, "{late} ms");
        // Known, it is never filled again.
        queued = 0.0;
        let late = frames(&mut line, start, 30_000, 33_000, &mut queued);
        assert!(late < 250.0, "{late} ms");
        // What was known long ago may not be true any more.
        let later = start + Duration::from_secs(900);
        line.wrote(900, later, later);
        assert_eq!(line.free(), None);
    }

    #[test]
    fn a_line_that_takes_everything_is_never_waited_for() {
        let (mut line, start) = (Line::default(), Instant::now());
        for frame in 0..200 {
            let begun = start + Duration::from_millis(frame * 20);
            line.wrote(3_000, begun, begun + Duration::from_millis(1));
            assert_eq!(line.free(), None);
        }
        // A terminal that stands still now and then is no slow line.
        let mut begun = start + Duration::from_secs(10);
        for took in [2_000, 1, 1, 30, 1, 1, 1, 40, 1, 1, 1, 1, 60, 1, 1, 1, 1] {
            let ended = begun + Duration::from_millis(took);
            line.wrote(3_000, begun, ended);
            assert_eq!(line.free(), None);
            begun = ended + Duration::from_millis(30);
        }
    }

    #[test]
    fn a_line_that_takes_bytes_in_lumps_is_seen_to_be_slow() {
        let (mut line, start) = (Line::default(), Instant::now());
        let mut begun = start;
        // 9,600 bytes a second: a lump of 4,096 bytes goes every 427 ms.
        for frame in 0..20 {
            let took = if frame % 5 == 0 { 277 } else { 1 };
            let ended = begun + Duration::from_millis(took);
            line.wrote(819, begun, ended);
            begun = ended + Duration::from_millis(29);
        }
        let (rate, _) = line.rate.unwrap();
        assert!((8_000.0..12_000.0).contains(&rate), "{rate}");
    }
}
