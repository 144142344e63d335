//! What people paste to say which run they mean: an id, a locator, an address of a console or of an API,
//! a line of a log. All that it may name, the likeliest first; whether it exists is not known here.

use super::{ALL, Provider, named};
use crate::{model::Address, text::percent::decoded};

/// Words of a line that are tried.
const WORDS: usize = 20;
/// Letters of a word that may be an id.
const LEAST: usize = 6;

/// What a path of a service's API names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Id of the mission, where the path has it.
    pub mission: Option<String>,
    /// Id of the run.
    pub run: String,
    /// Id of the event, where it names one.
    pub event: Option<String>,
}

/// A configured connection, as far as addresses tell of it.
#[derive(Clone, Copy, Debug)]
pub struct Home<'a> {
    /// Its name.
    pub context: &'a str,
    /// Its service.
    pub provider: &'a str,
    /// Where it is.
    pub base_url: &'a str,
    /// Where the page of a run is, with `{mission}`, `{run}` and `{event}`.
    pub console_url: Option<&'a str>,
}

/// All that a text may name, the likeliest first.
pub fn addresses(text: &str, homes: &[Home<'_>]) -> Vec<Address> {
    let text = text.trim();
    let words = || text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>'));
    let locator = words().find(|word| word.starts_with("sortie:"));
    let locator = locator.map(|word| word.trim_end_matches([',', ';', ')', '.']));
    if let Some(address) = locator.and_then(Address::parse) {
        return vec![address];
    }
    let urls = words().filter(|word| word.contains("://"));
    let mut found: Vec<Address> = urls.filter_map(|url| of_url(url, homes)).collect();
    if !found.is_empty() {
        return found;
    }
    let is_one_word = !text.contains(char::is_whitespace) && !text.contains("://");
    found.extend(Address::parse(text).filter(|_| is_one_word));
    if !is_one_word || text.contains(['=', '"', '{']) {
        found.extend(guesses(text));
    }
    found
}

/// The words of a line that may be ids, the longest first.
fn guesses(text: &str) -> Vec<Address> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | ':' | '%');
    let mut words: Vec<String> = Vec::new();
    for piece in text.split(|c: char| !is_part(c)) {
        let whole = piece.trim_matches(['.', ':', '-', '_', '~', '%']);
        // `run:8c41` may be an id with a colon in it, or a label and an id.
        let pieces = std::iter::once(whole).chain(whole.split(':').filter(|part| *part != whole));
        for word in pieces {
            let word = decoded(word);
            let looks =
                word.chars().count() >= LEAST && word.contains(|c: char| c.is_ascii_digit());
            if looks && !words.contains(&word) {
                words.push(word);
            }
        }
    }
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.truncate(WORDS);
    words.iter().map(|word| Address::guess(word)).collect()
}

/// What an address of a console or of an API names. The console of a context comes first, then its API,
/// then the API of any service, wherever it is.
fn of_url(url: &str, homes: &[Home<'_>]) -> Option<Address> {
    let url = url.trim_end_matches([',', ';', ')', '.']);
    let make = |context: Option<&str>, place: Place| {
        Address::exact(url, context, place.mission, place.run, place.event)
    };
    let in_console = homes.iter().find_map(|home| {
        let place = backwards(home.console_url?, url)?;
        Some(make(Some(home.context), place))
    });
    let in_api = || {
        homes.iter().find_map(|home| {
            let path = url.strip_prefix(home.base_url.trim_end_matches('/'))?;
            let place = in_path(named(home.provider)?, path)?;
            Some(make(Some(home.context), place))
        })
    };
    let anywhere = || {
        let (_, rest) = url.split_once("://")?;
        let path = rest.get(rest.find('/')?..)?;
        let known = |provider: &&dyn Provider| url.starts_with(provider.caps().base_url);
        let (known, others): (Vec<_>, Vec<_>) = ALL.iter().copied().partition(known);
        let mut all = known.into_iter().chain(others);
        all.find_map(|provider| in_path(provider, path))
            .map(|place| make(None, place))
    };
    in_console.or_else(in_api).or_else(anywhere)
}

fn in_path(provider: &dyn Provider, path: &str) -> Option<Place> {
    let path = path.split('#').next().unwrap_or_default();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let parts: Vec<String> = path
        .split('/')
        .filter(|part| !part.is_empty())
        .map(decoded)
        .collect();
    let query: Vec<(String, String)> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect();
    // Gateways and versions put more in front.
    (0..parts.len()).find_map(|from| {
        let parts: Vec<&str> = parts.iter().skip(from).map(String::as_str).collect();
        provider.locate(&parts, &query)
    })
}

/// Reads a template backwards: what stands where it has `{mission}`, `{run}` and `{event}`. An address
/// that ends before the event names a run.
fn backwards(template: &str, url: &str) -> Option<Place> {
    let mut rest = url;
    let mut place = Place::default();
    let mut pieces = template.split('{');
    rest = rest.strip_prefix(pieces.next()?)?;
    for piece in pieces {
        let (name, literal) = piece.split_once('}')?;
        let end = rest.find(['/', '?', '&', '#']).unwrap_or(rest.len());
        let stop = literal.chars().next().and_then(|next| rest.find(next));
        let (value, after) = rest.split_at_checked(stop.unwrap_or(end).min(end))?;
        let value = decoded(value);
        if value.is_empty() {
            break;
        }
        match name {
            "mission" => place.mission = Some(value),
            "run" => place.run = value,
            "event" => place.event = Some(value),
            _ => {}
        }
        match after.strip_prefix(literal) {
            Some(after) => rest = after,
            None => break,
        }
    }
    (!place.run.is_empty()).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOMES: [Home<'static>; 2] = [
        Home {
            context: "prod",
            provider: "telnyx",
            base_url: "https://api.telnyx.com/v2",
            console_url: Some(
                "https://portal.example.com/#/missions/{mission}/runs/{run}?event={event}",
            ),
        },
        Home {
            context: "lab",
            provider: "agentex",
            base_url: "http://localhost:5003",
            console_url: None,
        },
    ];

    fn told(text: &str) -> Vec<String> {
        addresses(text, &HOMES)
            .into_iter()
            .map(|address| {
                let context = address.context.clone().unwrap_or_default();
                let (mission, run) = match address.ids() {
                    Some((mission, run)) => (mission.to_owned(), run.to_owned()),
                    None => ("?".to_owned(), address.word().to_owned()),
                };
                let event = address.event.unwrap_or_default();
                format!("{context} {mission} {run} {event}")
                    .trim()
                    .to_owned()
            })
            .collect()
    }

    #[test]
    fn every_form_of_a_reference_is_read() {
        for (text, expected) in [
            ("8c41", vec!["? 8c41"]),
            ("m/8c41#3", vec!["? m/8c41 3"]),
            ("sortie:prod/m%2F1/r#e", vec!["prod m/1 r e"]),
            ("see sortie:prod/m/r#e, please", vec!["prod m r e"]),
            (
                "https://api.telnyx.com/v2/ai/missions/m/runs/r/events/e%201",
                vec!["prod m r e 1"],
            ),
            (
                "https://api.telnyx.com/v2/ai/missions/m/runs/r/plan?x=1",
                vec!["prod m r"],
            ),
            (
                "https://proxy.example/telnyx/v2/ai/missions/m/runs/r",
                vec!["m r"],
            ),
            (
                "https://api.vectara.io/v2/agents/a/sessions/s/events/ev",
                vec!["a s ev"],
            ),
            ("http://localhost:5003/tasks/t-1", vec!["lab ? t-1"]),
            (
                "http://localhost:5003/messages?task_id=t-1&limit=5",
                vec!["lab ? t-1"],
            ),
            ("http://localhost:3000/api/agents/a/runs/r", vec!["a r"]),
            (
                "https://portal.example.com/#/missions/m/runs/r?event=e",
                vec!["prod m r e"],
            ),
            (
                "https://portal.example.com/#/missions/m/runs/r",
                vec!["prod m r"],
            ),
            (
                "GET https://api.telnyx.com/v2/ai/missions/m/runs/r -> 500",
                vec!["prod m r"],
            ),
            (
                "02:14 ERROR run=8c41-77f1 task failed after 30000ms (agent billing)",
                vec!["? 8c41-77f1", "? 30000ms"],
            ),
            (
                "https://console.example.org/t/abc-123456/x?id=zz99887766",
                vec!["? abc-123456", "? zz99887766"],
            ),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
        assert!(told("").is_empty() && told("no ids in here").is_empty());
    }
}
