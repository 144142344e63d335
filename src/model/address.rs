//! How people and scripts name a run or an event: an id, the beginning of one, `MISSION/RUN`,
//! `RUN#EVENT`, or a whole locator `sortie:CONTEXT/MISSION/RUN#EVENT`. Matching only: whoever has lists
//! does the searching.

use super::{Event, Mission, Run};
use crate::text::percent::decoded;

/// Characters of a guessed word that are taken for the beginning of an id.
const GUESSED: usize = 8;

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// As given, for messages.
    pub text: String,
    /// Only this context.
    pub context: Option<String>,
    run: String,
    /// What follows `#`.
    pub event: Option<String>,
    exact: Option<(Option<String>, String)>,
    least: usize,
}

/// How well something fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// Not at all.
    No,
    /// The beginning fits.
    Beginning,
    /// It is the very one.
    Whole,
}

impl Address {
    /// Reads an address; none where there is no run in it.
    pub fn parse(text: &str) -> Option<Self> {
        let (path, event) = match text.split_once('#') {
            Some((path, event)) => (path, Some(event)),
            None => (text, None),
        };
        if let Some(locator) = path.strip_prefix("sortie:") {
            let mut parts = locator.splitn(3, '/').map(decoded);
            let (context, mission, run) = (parts.next()?, parts.next()?, parts.next()?);
            return (!run.is_empty()).then(|| Self {
                text: text.to_owned(),
                context: Some(context),
                run: run.clone(),
                event: event.map(decoded),
                exact: Some((Some(mission), run)),
                least: 0,
            });
        }
        let event = event.filter(|event| !event.is_empty());
        (!path.is_empty()).then(|| Self {
            text: text.to_owned(),
            context: None,
            run: path.to_owned(),
            event: event.map(str::to_owned),
            exact: None,
            least: 0,
        })
    }

    /// Whole ids, as far as they are known.
    pub fn exact(
        text: &str,
        context: Option<&str>,
        mission: Option<String>,
        run: String,
        event: Option<String>,
    ) -> Self {
        Self {
            text: text.to_owned(),
            context: context.map(str::to_owned),
            run: run.clone(),
            event,
            exact: Some((mission, run)),
            least: 0,
        }
    }

    /// A word that may be an id: its beginning must be long to mean anything.
    pub fn guess(word: &str) -> Self {
        Self {
            text: word.to_owned(),
            context: None,
            run: word.to_owned(),
            event: None,
            exact: None,
            least: GUESSED,
        }
    }

    /// Ids of the mission and the run, where both are given whole.
    pub fn ids(&self) -> Option<(&str, &str)> {
        let (mission, run) = self.exact.as_ref()?;
        Some((mission.as_deref()?, run))
    }

    /// What may be the id of a run, or of an event.
    pub fn word(&self) -> &str {
        &self.run
    }

    /// Whether runs of this mission can fit at all.
    pub fn admits(&self, mission: &Mission) -> bool {
        match &self.exact {
            Some((Some(id), _)) => *id == mission.id,
            Some((None, _)) | None => true,
        }
    }

    /// How well a run of this mission fits.
    pub fn fit(&self, mission: &Mission, run: &Run) -> Fit {
        if let Some((of, id)) = &self.exact {
            let in_it = of.as_ref().is_none_or(|of| *of == mission.id);
            let same = in_it && *id == run.id;
            return if same { Fit::Whole } else { Fit::No };
        }
        let direct = match fit(&self.run, &run.id) {
            Fit::Beginning if self.run.len() < self.least => Fit::No,
            fit => fit,
        };
        if self.least > 0 {
            return direct;
        }
        // Ids and names may hold a slash themselves: each one is tried as the border.
        let borders = self.run.match_indices('/');
        let pairs = borders.filter_map(|(at, _)| self.run.split_at_checked(at));
        let through_mission = pairs.map(|(of, rest)| {
            let run = fit(rest.trim_start_matches('/'), &run.id);
            let named = mission.name.eq_ignore_ascii_case(of);
            let mission = if named {
                Fit::Whole
            } else {
                fit(of, &mission.id)
            };
            run.min(mission)
        });
        through_mission.fold(direct, Fit::max)
    }
}

/// The place of the event that `wanted` names among `events`, which are in their final order: by its
/// id, else by its number from 1, else by the beginning of its id. Several are several candidates.
pub fn find_event(wanted: &str, events: &[Event]) -> Vec<usize> {
    let fits = |least: Fit| {
        let at = events.iter().enumerate();
        at.filter(|(_, event)| fit(wanted, &event.id) >= least)
            .map(|(at, _)| at)
            .collect::<Vec<_>>()
    };
    if let Some(first) = fits(Fit::Whole).first() {
        return vec![*first];
    }
    let number = wanted.parse::<usize>().ok();
    let number = number.filter(|number| (1..=events.len()).contains(number));
    match number {
        Some(number) => vec![number - 1],
        None => fits(Fit::Beginning),
    }
}

fn fit(wanted: &str, id: &str) -> Fit {
    if wanted == id {
        Fit::Whole
    } else if !wanted.is_empty() && id.starts_with(wanted) {
        Fit::Beginning
    } else {
        Fit::No
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_fit_by_id_beginning_and_mission() {
        let mission = Mission {
            id: "m/1".to_owned(),
            name: "Refund desk".to_owned(),
            ..Mission::default()
        };
        let run = Run {
            id: "abc-123".to_owned(),
            ..Run::default()
        };
        for (text, expected) in [
            ("abc-123", Fit::Whole),
            ("abc", Fit::Beginning),
            ("bc", Fit::No),
            ("m/1/abc-123", Fit::Whole),
            ("m/1/a", Fit::Beginning),
            ("m/abc-123", Fit::Beginning),
            ("refund desk/abc-123", Fit::Whole),
            ("other/abc-123", Fit::No),
            ("m/1/", Fit::No),
            ("sortie:ctx/m%2F1/abc-123", Fit::Whole),
            ("sortie:ctx/m%2F1/abc", Fit::No),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!(address.fit(&mission, &run), expected, "{text}");
        }
    }

    #[test]
    fn an_address_has_a_run_and_perhaps_an_event() {
        let address = Address::parse("r1#2").unwrap();
        assert_eq!(address.event.as_deref(), Some("2"));
        assert_eq!(Address::parse("r1#").unwrap().event, None);
        let locator = Address::parse("sortie:a/b/c%23d#e%20f").unwrap();
        assert_eq!(locator.context.as_deref(), Some("a"));
        assert_eq!(locator.event.as_deref(), Some("e f"));
        for text in ["", "#3", "sortie:", "sortie:a/b", "sortie:a/b/"] {
            assert_eq!(Address::parse(text), None, "{text}");
        }
    }

    #[test]
    fn events_fit_by_id_then_number_then_beginning() {
        let events: Vec<Event> = ["7", "ev-1", "ev-2", "x"]
            .into_iter()
            .map(|id| Event {
                id: id.to_owned(),
                ..Event::default()
            })
            .collect();
        for (wanted, expected) in [
            ("7", vec![0]),
            ("2", vec![1]),
            ("ev-2", vec![2]),
            ("ev", vec![1, 2]),
            ("x", vec![3]),
            ("5", vec![]),
            ("0", vec![]),
        ] {
            assert_eq!(find_event(wanted, &events), expected, "{wanted}");
        }
    }
}
