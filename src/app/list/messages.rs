//! What was said at the bottom of the screen since the start (`:messages`): when, how serious it is and how
//! often, the newest first. A line there goes after seconds or with the next key; here it stays. The oldest
//! go, so that there is an end to it.

use std::collections::VecDeque;

use super::{By, Viewport};
use crate::{
    app::{App, Effect, action::Action, carry, msg::Notice},
    model::Time,
};

/// Messages that are kept at most.
const MOST: usize = 500;

/// How serious it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// What was done, or found.
    Note,
    /// Something that was wrong at the start.
    Warning,
    /// Something failed.
    Failure,
}

impl Severity {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Failure => "failure",
        }
    }
}

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// When, the last time.
    pub at: Time,
    /// How serious it is.
    pub severity: Severity,
    /// All of it.
    pub text: String,
    /// How often it was said.
    pub times: u32,
    number: u64,
}

/// All that was said.
#[derive(Debug, Default)]
pub struct Messages {
    /// The newest first.
    rows: VecDeque<Message>,
    said: u64,
}

impl Messages {
    /// The newest first.
    pub fn rows(&self) -> &VecDeque<Message> {
        &self.rows
    }

    /// How many of them are that serious.
    pub fn count(&self, severity: Severity) -> usize {
        let of = self.rows.iter().filter(|row| row.severity == severity);
        of.count()
    }

    /// Takes in what is said. What was said before comes up and is counted.
    pub fn take(&mut self, text: &str, severity: Severity, at: Time) {
        let is_same = |row: &Message| row.severity == severity && row.text == text;
        let before = self.rows.iter().position(is_same);
        let before = before.and_then(|place| self.rows.remove(place));
        let times = before.as_ref().map_or(0, |row| row.times);
        let number = before.map_or(self.said, |row| row.number);
        self.said = self.said.wrapping_add(1);
        self.rows.push_front(Message {
            at,
            severity,
            text: text.to_owned(),
            times: times.saturating_add(1),
            number,
        });
        self.rows.truncate(MOST);
    }
}

/// The list of them, while it is shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct MessageList {
    /// The selected one, and those shown.
    pub view: Viewport,
}

impl App {
    /// Shows a line at the bottom of the screen, and keeps it among the messages.
    pub fn post(&mut self, notice: Notice) {
        let severity = if notice.failed {
            Severity::Failure
        } else {
            Severity::Note
        };
        self.record(&notice.text, severity);
        self.notice = Some(notice);
    }

    /// Shows where one is among others, which is no news: it is not kept among the messages.
    pub(in crate::app) fn say_where(&mut self, text: String) {
        self.notice = Some(Notice {
            text,
            failed: false,
            until: Some(Time(self.now.0.saturating_add(4_000_000_000))),
        });
    }

    /// Keeps what is said among the messages.
    pub(in crate::app) fn record(&mut self, text: &str, severity: Severity) {
        let selected = self.listed_message().map(|row| row.number);
        self.messages.take(text, severity, self.now);
        let height = self.page();
        let rows = self.messages.rows();
        // Somebody reads in the list: what comes in above does not take it away.
        if let (Some(list), Some(number)) = (self.message_list.as_mut(), selected) {
            if let Some(place) = rows.iter().position(|row| row.number == number) {
                list.view.keep_line(place);
            }
            list.view.settle(rows.len(), height);
        }
    }

    /// The message with the cursor, where the list is shown.
    pub fn listed_message(&self) -> Option<&Message> {
        let list = self.message_list.as_ref()?;
        self.messages.rows().get(list.view.selected)
    }

    /// Shows the list, or closes it.
    pub(in crate::app) fn toggle_messages(&mut self) -> Vec<Effect> {
        if self.message_list.take().is_some() {
            return Vec::new();
        }
        (self.help, self.requests) = (None, None);
        self.close_lists();
        self.message_list = Some(MessageList::default());
        // It stands in the first row, where it can be read in peace.
        self.notice = None;
        Vec::new()
    }

    pub(in crate::app) fn move_in_messages(&mut self, by: By) {
        let (rows, height) = (self.messages.rows().len(), self.page());
        if let Some(list) = self.message_list.as_mut() {
            list.view.go(by, rows, height);
        }
    }

    /// What a key does while the list is shown; none where it does what it does everywhere.
    pub(in crate::app) fn act_in_messages(&mut self, action: Action) -> Option<Vec<Effect>> {
        self.message_list?;
        match action {
            Action::CopyValue | Action::CopyLine | Action::CopyString => {
                let text = self.listed_message()?.text.clone();
                let text = self.redactor.masking().text(&text).into_owned();
                Some(carry::copy(text.into_bytes(), "message"))
            }
            // There is nothing to open.
            Action::Open => Some(Vec::new()),
            Action::Pager | Action::Editor | Action::Pipe => Some(self.only_text()),
            action if action.name().starts_with("copy.") => Some(self.only_text()),
            _ => None,
        }
    }

    fn only_text(&mut self) -> Vec<Effect> {
        let key = self.key_of(Action::CopyValue);
        self.say(format!(
            "a message has nothing but its text: {key} copies it"
        ));
        Vec::new()
    }

    /// Closes every list that lies over the rows, but for the requests.
    pub(in crate::app) fn close_lists(&mut self) {
        (self.bookmarks, self.calls, self.view_list) = (None, None, None);
        self.message_list = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_again_comes_up_and_is_counted() {
        let mut messages = Messages::default();
        messages.take("copied", Severity::Note, Time(1));
        messages.take("no answer", Severity::Failure, Time(2));
        messages.take("copied", Severity::Note, Time(3));
        let told: Vec<_> = messages
            .rows()
            .iter()
            .map(|row| (row.text.as_str(), row.times, row.at.0))
            .collect();
        assert_eq!(told, [("copied", 2, 3), ("no answer", 1, 2)]);
        assert_eq!(messages.count(Severity::Failure), 1);
    }

    #[test]
    fn the_oldest_go() {
        let mut messages = Messages::default();
        for n in 0..MOST + 7 {
            messages.take(&format!("match {n}"), Severity::Note, Time(0));
        }
        assert_eq!(messages.rows().len(), MOST);
        assert_eq!(messages.rows().front().unwrap().text, "match 506");
    }
}
