//! A masked value shown to whoever asks for it: one value, for ten seconds, until the next key, where it
//! stands and whole on the status line. Keys that are in use are never shown, and nothing of it goes anywhere
//! but to the screen.

use crate::{
    app::{App, Effect, action::Action},
    guard::clean,
    model::Time,
};

/// How long it is shown, in nanoseconds.
const SHOWN: i64 = 10_000_000_000;
const SECOND: i64 = 1_000_000_000;

/// A masked value that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revealed {
    /// The value, cleaned, with the keys in use masked.
    pub text: String,
    /// When it goes.
    pub until: Time,
}

impl Revealed {
    /// How many seconds it is still shown.
    pub fn seconds(&self, now: Time) -> i64 {
        let left = self.until.0.saturating_sub(now.0).max(0);
        left / SECOND + i64::from(left % SECOND > 0)
    }
}

impl App {
    /// Shows the masked value under the cursor.
    pub(in crate::app) fn reveal_value(&mut self) -> Vec<Effect> {
        let mut masking = self.redactor.open().masking();
        let row = self.detail.cursor;
        let doc = self.detail.doc.as_mut();
        let Some(shown) = doc.and_then(|doc| doc.unmask(row, &mut masking)) else {
            let doc = self.detail.doc.as_ref();
            self.say(if doc.is_some_and(|doc| doc.is_masked(row)) {
                format!(
                    "this was masked when it was kept or exported: {} reads it from the service again",
                    self.key_of(Action::Refetch)
                )
            } else {
                "nothing is masked here that can be shown: go to a masked value".to_owned()
            });
            return Vec::new();
        };
        let is_own = masking.masked() > 0;
        let is_all = shown.starts_with('‹') && shown.ends_with('›') && !shown.contains(' ');
        if is_own && is_all {
            self.cover();
            self.complain("this is a key that is in use: it is never shown");
            return Vec::new();
        }
        let rest = if is_own {
            " (a key in use stays masked)"
        } else {
            ""
        };
        self.notice = None;
        self.revealed = Some(Revealed {
            text: format!("{}{rest}", clean::line(&shown)),
            until: Time(self.now.0.saturating_add(SHOWN)),
        });
        Vec::new()
    }

    /// Masks again what is shown, if it is time or nobody wants it any more.
    pub(in crate::app) fn cover(&mut self) {
        if self.revealed.take().is_some()
            && let Some(doc) = self.detail.doc.as_mut()
        {
            doc.cover();
        }
    }

    /// When the seconds that are left change, or it goes.
    pub(in crate::app) fn reveal_due(&self) -> Option<Time> {
        let revealed = self.revealed.as_ref()?;
        let left = revealed.seconds(self.now) - 1;
        Some(Time(revealed.until.0 - left.max(0) * SECOND))
    }
}
