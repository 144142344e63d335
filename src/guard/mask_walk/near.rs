//! What stands beside a value and says what it is: the name of the header whose value it is, the likelihood
//! of a token that a model wrote. It looks ahead and changes nothing.

use super::{LONGEST_NAME, More, Walk};
use crate::{
    guard::mask_json::{is_name, may_tell, says_nothing, stands_for},
    text::{
        json,
        keys::{self, Tells},
    },
};

/// White space between an array and its first string at most.
const WIDEST: usize = 200;

impl Walk<'_, '_> {
    /// Masks the string behind the one that ends here, where that is an option that takes a secret, or
    /// where both are a name and its value, alone in an array.
    pub(super) fn next_string(&mut self, start: usize, end: usize) -> Result<(), More> {
        let literal = self.part(start, end);
        if self.peek() != Some(b',') || literal.len() > LONGEST_NAME || !may_tell(literal) {
            return Ok(());
        }
        let name = json::unquote(literal);
        let option = name.strip_prefix("--");
        let bare = option.unwrap_or(&name);
        let tells = keys::tells(bare);
        let may = tells != Tells::Nothing && !self.masking.is_open();
        let may = may && (option.is_some() || self.is_first(start));
        if !may || !self.masking.minds_key(bare) {
            return Ok(());
        }
        let next = self.solid(self.at + 1);
        if self.byte(next)? != Some(b'"') {
            return Ok(());
        }
        let stop = self.string_end(next)?;
        let behind = self.byte(self.solid(stop))?;
        let is_element = behind == Some(b']') || option.is_some() && behind == Some(b',');
        let value = json::unquote(self.part(next, stop));
        let (scheme, secret) = super::scheme_and_secret(&value);
        let is_given = tells.hides(&value) && is_given(secret, option.is_some());
        let is_shown = says_nothing(secret)
            || stands_for(bare, &value)
            || self.masking.allows(value.as_bytes());
        if is_element && is_given && !is_shown {
            self.mask(bare, next, stop, scheme, secret.as_bytes());
        }
        Ok(())
    }

    /// Whether the string that begins there is the first in an array.
    fn is_first(&self, start: usize) -> bool {
        let before = self.part(start.saturating_sub(WIDEST), start);
        self.state.opened || before.trim_ascii_end().ends_with(b"[")
    }

    /// The string at `at`, if it is the name of a secret.
    pub(super) fn secret_name(&self, at: usize) -> Result<Option<Box<str>>, More> {
        if self.byte(at)? != Some(b'"') {
            return Ok(None);
        }
        let end = self.string_end(at)?;
        let short = end - at <= LONGEST_NAME;
        let name = json::unquote(self.part(at, end.min(at + LONGEST_NAME)));
        let tells = keys::tells(&name) != keys::Tells::Nothing;
        let is_secret = short && tells && self.masking.minds_key(&name);
        Ok(is_secret.then(|| name.into_owned().into()))
    }

    /// The same where the name follows the string that is here.
    pub(super) fn named_after(&self) -> Result<Option<Box<str>>, More> {
        if self.byte(self.at)? != Some(b'"') {
            return Ok(None);
        }
        let comma = self.solid(self.string_end(self.at)?);
        if self.byte(comma)? != Some(b',') {
            return Ok(None);
        }
        let key = self.solid(comma + 1);
        if self.byte(key)? != Some(b'"') {
            return Ok(None);
        }
        let end = self.string_end(key)?;
        let colon = self.solid(end);
        if self.byte(colon)? != Some(b':') || !is_name(&json::unquote(self.part(key, end))) {
            return Ok(None);
        }
        self.secret_name(self.solid(colon + 1))
    }

    /// Whether a token is one that a model read or wrote: its likelihood stands behind it.
    pub(super) fn is_of_model(&self, key: &str, end: usize) -> Result<bool, More> {
        const NEXT: &[u8] = b"\"logprob";
        if key != "token" {
            return Ok(false);
        }
        let comma = self.solid(end);
        if self.byte(comma)? != Some(b',') {
            return Ok(false);
        }
        let next = self.solid(comma + 1);
        self.byte(next + NEXT.len())?;
        Ok(self.part(next, next + NEXT.len()) == NEXT)
    }
}

/// Whether a string is the value of a name beside it, and not one more name, or a sentence about it.
fn is_given(value: &str, is_option: bool) -> bool {
    let is_name = keys::tells(value) != Tells::Nothing;
    let is_word = value
        .bytes()
        .all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b'.'));
    let is_told =
        value.contains(char::is_whitespace) || value.starts_with(['-', '$', '<', '{', '%']);
    !value.is_empty() && !is_told && !is_name && (!is_word && value.len() > 3 || is_option)
}
