//! Where a row has its page in the service's console. Only the configuration knows: no service says, and
//! nothing is guessed.

use crate::app::{App, Effect, carry::copy, time::when};
use crate::{
    model::{NodeId, Sort},
    text::percent::encoded,
};

impl App {
    /// `yu`: the address of the selected row's page, or those of the marked rows.
    pub(in crate::app) fn copy_console(&mut self) -> Vec<Effect> {
        let rows = self.rows_meant();
        let all: Vec<String> = rows
            .iter()
            .filter_map(|node| self.console_of(*node))
            .collect();
        if all.is_empty() {
            self.say(self.said_of_no_console());
            return Vec::new();
        }
        let what = match all.len() {
            1 => "console address".to_owned(),
            count => format!("{} of the console", when::many(count, "address")),
        };
        copy(all.join("\n").into_bytes(), what)
    }

    /// `o`: its page in a browser.
    pub(in crate::app) fn open_console(&mut self) -> Vec<Effect> {
        let node = self.rows_meant().first().copied();
        let Some(address) = node.and_then(|node| self.console_of(node)) else {
            self.say(self.said_of_no_console());
            return Vec::new();
        };
        vec![Effect::Browse(address)]
    }

    /// Why no row here has a page in a console; none where one has.
    pub(in crate::app) fn no_console(&self) -> Option<String> {
        let rows = self.rows_meant();
        let none = rows.iter().all(|node| self.console_of(*node).is_none());
        none.then(|| self.said_of_no_console())
    }

    fn said_of_no_console(&self) -> String {
        let context = self.selected.and_then(|node| self.context_of(node));
        match context {
            None => "this row has no page in a console".to_owned(),
            Some((_, info)) if info.console_url.is_some() => {
                "this row has no page in the console".to_owned()
            }
            Some((_, info)) => format!(
                "no console is known for {}: console_url in its configuration says where it is",
                info.name
            ),
        }
    }

    pub(in crate::app) fn console_of(&self, node: NodeId) -> Option<String> {
        let (_, info) = self.context_of(node)?;
        let template = info.console_url.as_deref()?;
        let is_event = self.store.sort(node) == Sort::Event;
        let event = is_event.then(|| self.id_of(node)).flatten();
        let run = self.run_of(node).and_then(|run| self.run_ref(run));
        let mission = match &run {
            Some(run) => Some(run.mission.to_string()),
            None => (self.store.sort(node) == Sort::Mission)
                .then(|| self.id_of(node))
                .flatten(),
        };
        let run = run.map(|run| run.run.to_string());
        // An address is seen by whoever lists the processes of the machine.
        let ids = [&mission, &run, &event].into_iter().flatten();
        if ids.into_iter().any(|id| self.shown_id(id) != *id) {
            return None;
        }
        filled(
            template,
            mission.as_deref(),
            run.as_deref(),
            event.as_deref(),
        )
    }
}

/// The template with ids in it, as far as there are any: an address that ends before the event is that of
/// the run. None where it could not be told from the address of something else.
fn filled(
    template: &str,
    mission: Option<&str>,
    run: Option<&str>,
    event: Option<&str>,
) -> Option<String> {
    let mut address = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        let (name, behind) = behind.split_once('}')?;
        address.push_str(before);
        let id = match name {
            "mission" => mission,
            "run" => run,
            "event" => event,
            _ => return None,
        };
        let Some(id) = id else {
            let end = address.rfind(['/', '?', '&', '#'])?;
            address.truncate(end);
            return Some(address);
        };
        address.push_str(&encoded(id));
        rest = behind;
    }
    address.push_str(rest);
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::filled;

    #[test]
    fn addresses_go_as_far_as_there_are_ids() {
        let template = "https://c.example/#/m/{mission}/r/{run}?event={event}";
        for (mission, run, event, expected) in [
            (
                Some("a/b"),
                Some("r"),
                Some("e 1"),
                "https://c.example/#/m/a%2Fb/r/r?event=e%201",
            ),
            (Some("m"), Some("r"), None, "https://c.example/#/m/m/r/r"),
            (Some("m"), None, None, "https://c.example/#/m/m/r"),
        ] {
            assert_eq!(
                filled(template, mission, run, event).as_deref(),
                Some(expected)
            );
        }
        assert_eq!(filled("https://c.example/{what}", None, None, None), None);
    }
}
