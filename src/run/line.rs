//! How fast the line to the terminal is. What stands between us and a slow terminal takes a lot before it makes
//! anybody wait, and what it has taken is shown before anything that is painted later. So once the rate is known
//! there is one frame under way at a time, and what changes meanwhile is in the next one.
//!
//! Where a network is between, the rate is learnt from how much longer than a question alone a question behind
//! a frame takes to be answered; elsewhere, and where the terminal answers nothing, from writes that had to
//! wait. It knows no clock; a line that is quick is never waited for.

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
/// An answer that takes so much longer than one to a question alone waited for what was sent before.
const LATE: Duration = Duration::from_millis(60);
/// How long a quick line, and a slow one, is taken for what it is before the terminal is asked again.
const QUICK: Duration = Duration::from_secs(30);
const SLOW: Duration = Duration::from_secs(5);
/// As long as nothing is known nothing is sent behind a question, but no longer than this.
const HELD: Duration = Duration::from_secs(1);
/// What is not answered for so long never will be.
const LOST: Duration = Duration::from_secs(10);
/// A little less than what a line was seen to take is sent: what is too much adds up.
const SHARE: f64 = 0.9;
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
    /// How long a question alone takes to be answered; none where nothing is asked.
    trip: Option<Duration>,
    asked: Option<Asked>,
    /// When the terminal last answered.
    heard: Option<Instant>,
}

/// A question that is not answered yet.
#[derive(Clone, Copy, Debug)]
struct Asked {
    /// What was sent before it.
    sent: Burst,
    /// How long that was thought to be under way.
    left: Duration,
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
    /// A line over which a question alone takes so long to be answered; none where nothing is to be asked.
    pub fn new(trip: Option<Duration>) -> Self {
        Self {
            trip,
            ..Self::default()
        }
    }

    /// Whether to ask the terminal now, behind what was written last.
    pub fn asks(&mut self) -> bool {
        let (Some(_), Some(burst)) = (self.trip, self.burst) else {
            return false;
        };
        let known = if self.rate.is_some() { SLOW } else { QUICK };
        let fresh = self.heard.is_some_and(|heard| burst.last < heard + known);
        let waits = |asked: &Asked| burst.last < asked.sent.last + LOST;
        if fresh || burst.bytes < BYTES || self.asked.as_ref().is_some_and(waits) {
            return false;
        }
        let under_way = self.busy.unwrap_or(burst.last);
        self.asked = Some(Asked {
            sent: burst,
            left: under_way.saturating_duration_since(burst.last),
        });
        true
    }

    /// The terminal was asked then and answered then, or does not answer.
    pub fn shown(&mut self, asked: Instant, answered: Option<Instant>) {
        let (Some(Asked { sent, left }), Some(trip)) = (self.asked.take(), self.trip) else {
            return;
        };
        let Some(answered) = answered else {
            self.trip = None;
            return;
        };
        self.heard = Some(answered);
        let late = answered
            .saturating_duration_since(asked)
            .saturating_sub(trip);
        // It was shown half a way before the answer came back.
        let shown = answered.checked_sub(trip / 2).unwrap_or(asked);
        let rate = match self.rate {
            None if late < LATE => return,
            // Too little was under way to tell anything.
            Some(_) if late < LATE && left < LATE => return,
            Some(_) if late * 4 < left => {
                (self.rate, self.busy) = (None, None);
                return;
            }
            Some((rate, _)) if late < left.mul_f64(1.2) + LATE => rate,
            // It was busy all the time.
            _ => {
                let took = shown.saturating_duration_since(sent.since + trip / 2);
                (sent.bytes / took.as_secs_f64().max(0.001)).max(LEAST)
            }
        };
        let after = self.burst.map_or(0.0, |burst| burst.bytes - sent.bytes);
        self.rate = Some((rate, answered));
        self.busy = Some(shown + time(after, rate * SHARE));
    }

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
        if self.heard.is_none() {
            self.rate.take_if(|(_, learnt)| *learnt + MEMORY < begun);
        }
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
        self.busy = self.rate.map(|(rate, _)| from + time(size, rate * SHARE));
    }

    /// When there is room for another frame; none: now.
    pub fn free(&self) -> Option<Instant> {
        let unknown = self.asked.filter(|_| self.rate.is_none());
        match unknown {
            Some(asked) => Some(asked.sent.last + HELD),
            None => self.busy?.checked_sub(AHEAD),
        }
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

    /// A line of so many bytes a second whose terminal answers, and frames of so many bytes written to it for
    /// so many milliseconds, one for each key; gives how long the last one is under way.
    fn answered(line: &mut Line, start: Instant, rate: f64, spans: &[(u64, u64, u32)]) -> Duration {
        const TRIP: Duration = Duration::from_millis(200);
        let mut replies: Vec<(Instant, Instant)> = Vec::new();
        // When everything that was written is shown.
        let mut through = start;
        let mut late = Duration::ZERO;
        for (from, until, bytes) in spans {
            for ms in *from..*until {
                let now = start + Duration::from_millis(ms);
                let due = replies.iter().position(|(_, answered)| *answered <= now);
                if let Some((asked, answered)) = due.map(|due| replies.remove(due)) {
                    line.shown(asked, Some(answered));
                }
                let is_key = (ms - from) % 33 == 0;
                if !is_key || line.free().is_some_and(|free| free > now) {
                    continue;
                }
                through = through.max(now) + Duration::from_secs_f64(f64::from(*bytes) / rate);
                line.wrote(usize::try_from(*bytes).unwrap(), now, now);
                if line.asks() {
                    replies.push((now, through + TRIP));
                }
                late = through - now;
            }
        }
        late
    }

    #[test]
    fn a_slow_line_is_known_from_its_first_frames_where_the_terminal_answers() {
        let start = Instant::now();
        let mut line = Line::new(Some(Duration::from_millis(200)));
        // The first frames of a screen, then a key that is held.
        let late = answered(
            &mut line,
            start,
            9_600.0,
            &[(0, 40, 5_000), (3_000, 6_000, 900)],
        );
        assert!(late < Duration::from_millis(150), "{late:?}");
        let (rate, _) = line.rate.unwrap();
        assert!((7_000.0..12_000.0).contains(&rate), "{rate}");
        // It becomes quicker: pages are sent as soon as they are there.
        answered(&mut line, start, 1e6, &[(20_000, 24_000, 4_000)]);
        assert!(line.rate.is_none());
    }

    #[test]
    fn a_quick_line_is_asked_seldom_and_one_that_does_not_answer_no_more() {
        let start = Instant::now();
        let at = |ms: u64| start + Duration::from_millis(ms);
        let mut line = Line::new(Some(Duration::from_millis(200)));
        let mut asked = 0;
        for now in (0..60_000).step_by(33) {
            line.wrote(900, at(now), at(now));
            if line.asks() {
                asked += 1;
                assert!(line.free().is_some());
                line.shown(at(now), Some(at(now + 210)));
            }
            assert_eq!(line.free(), None);
        }
        assert_eq!(asked, 2);
        let mut line = Line::new(Some(Duration::from_millis(200)));
        line.wrote(5_000, at(0), at(1));
        assert!(line.asks());
        line.shown(at(1), None);
        line.wrote(5_000, at(2_000), at(2_001));
        assert!(!line.asks() && line.free().is_none());
        assert!(!Line::new(None).asks());
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
