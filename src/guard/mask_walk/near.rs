//! What stands beside a value and says what it is: the name of the header whose value it is, the likelihood
//! of a token that a model wrote. It looks ahead and changes nothing.

use super::{LONGEST_NAME, More, Walk};
use crate::{
    guard::mask_json::is_name,
    text::{json, keys},
};

impl Walk<'_, '_> {
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
