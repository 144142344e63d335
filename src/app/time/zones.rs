//! The zones that times can be shown in: UTC, the machine's own, the one that the configuration names.
//! Where two of them are the same they are one, so that each step shows other times.

use std::collections::VecDeque;

use jiff::tz::TimeZone;

use crate::app::{App, Effect};

/// A zone, and which of them it is.
#[derive(Clone, Debug)]
pub(in crate::app) struct Known {
    zone: TimeZone,
    /// `UTC`, `the local zone`, `the configured zone`.
    what: Vec<&'static str>,
}

/// All zones, the one that is shown first.
pub(in crate::app) fn known(shown: &TimeZone, local: TimeZone) -> VecDeque<Known> {
    let mut all: VecDeque<Known> = VecDeque::new();
    let named = (shown.clone(), "the configured zone");
    for (zone, what) in [(TimeZone::UTC, "UTC"), (local, "the local zone"), named] {
        match all.iter_mut().find(|known| is_same(&known.zone, &zone)) {
            // The configuration names one of the others.
            Some(_) if what == "the configured zone" => {}
            Some(known) => known.what.push(what),
            None => all.push_back(Known {
                zone,
                what: vec![what],
            }),
        }
    }
    let first = all.iter().position(|known| is_same(&known.zone, shown));
    all.rotate_left(first.unwrap_or_default());
    all
}

/// UTC has many names.
fn is_same(one: &TimeZone, other: &TimeZone) -> bool {
    let utc = |zone: &TimeZone| {
        let name = zone.iana_name().unwrap_or_default();
        let name = name.strip_prefix("Etc/").unwrap_or(name);
        *zone == TimeZone::UTC
            || matches!(
                name,
                "UTC" | "UCT" | "GMT" | "Zulu" | "Universal" | "Greenwich"
            )
    };
    one == other || (utc(one) && utc(other))
}

impl App {
    /// Whether times are shown in the zone that is called so: `UTC`, `the local zone`.
    pub(in crate::app) fn shows_zone(&self, what: &str) -> bool {
        let shown = self.zones.front();
        shown.is_some_and(|known| known.what.contains(&what))
    }

    /// Times in the zone that is called so.
    pub(in crate::app) fn show_known_zone(&mut self, what: &'static str) -> Vec<Effect> {
        // The configuration may name one of the others, or none.
        let place = self
            .zones
            .iter()
            .position(|known| known.what.contains(&what));
        let Some(place) = place else {
            self.say("the configuration names no other zone: time.zone does");
            return Vec::new();
        };
        self.zones.rotate_left(place);
        self.tell_zone()
    }

    /// Times in a zone that was asked for by its name.
    pub(in crate::app) fn show_zone(&mut self, name: &str, zone: Option<TimeZone>) -> Vec<Effect> {
        self.dirty = true;
        let Some(zone) = zone else {
            let names = self.zone_names.iter();
            let nearest = names.min_by_key(|known| strsim::damerau_levenshtein(known, name));
            let hint =
                nearest.map_or_else(String::new, |nearest| format!(", did you mean {nearest}?"));
            self.complain(format!("there is no zone \"{name}\"{hint}"));
            return Vec::new();
        };
        let known = &mut self.zones;
        if let Some(place) = known.iter().position(|known| is_same(&known.zone, &zone)) {
            known.rotate_left(place);
        } else {
            // One that was only looked at makes room for the next.
            known.retain(|known| !known.what.is_empty());
            let what = Vec::new();
            known.push_front(Known { zone, what });
        }
        self.tell_zone()
    }

    /// T: times in the next zone, and which one that is.
    pub(in crate::app) fn switch_zone(&mut self) -> Vec<Effect> {
        let count = self.zones.len();
        self.zones.rotate_left(usize::from(count > 1));
        self.tell_zone()
    }

    /// Says which zone is shown now.
    fn tell_zone(&mut self) -> Vec<Effect> {
        let count = self.zones.len();
        let Some(now) = self.zones.front().cloned() else {
            return Vec::new();
        };
        let name = now.zone.iana_name().unwrap_or("local time").to_owned();
        let roles = now.what.iter().copied().filter(|what| *what != name);
        let what = roles.fold(name.clone(), |said, role| format!("{said}, {role}"));
        if count > 1 {
            self.say(format!("times in {what}"));
        } else {
            self.say(format!(
                "times in {what}; time.zone in the configuration names another"
            ));
        }
        self.zone = now.zone;
        self.detail.stale = true;
        self.inspect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(shown: &str, local: &str) -> Vec<String> {
        let zone = |name: &str| match name {
            "UTC" => TimeZone::UTC,
            name => TimeZone::get(name).unwrap(),
        };
        known(&zone(shown), zone(local))
            .into_iter()
            .map(|known| {
                format!(
                    "{} {}",
                    known.zone.iana_name().unwrap(),
                    known.what.join("+")
                )
            })
            .collect()
    }

    #[test]
    fn each_zone_is_there_once_and_the_shown_one_first() {
        let table: [(&str, &str, &[&str]); 5] = [
            ("UTC", "UTC", &["UTC UTC+the local zone"]),
            ("UTC", "Etc/UTC", &["UTC UTC+the local zone"]),
            (
                "UTC",
                "Europe/Berlin",
                &["UTC UTC", "Europe/Berlin the local zone"],
            ),
            (
                "Asia/Tokyo",
                "UTC",
                &["Asia/Tokyo the configured zone", "UTC UTC+the local zone"],
            ),
            (
                "Asia/Tokyo",
                "Europe/Berlin",
                &[
                    "Asia/Tokyo the configured zone",
                    "UTC UTC",
                    "Europe/Berlin the local zone",
                ],
            ),
        ];
        for (shown, local, expected) in table {
            assert_eq!(said(shown, local), expected, "{shown} {local}");
        }
    }
}
