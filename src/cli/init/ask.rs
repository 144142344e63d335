//! The questions of `sortie config init`: one a line, each with an answer that Enter gives. What looks like a
//! key is refused, before it can stand in a file.

use std::io::{self, BufRead, Write};

use super::{Key, Wanted, account_fault, key_fault, usual_variable};
use crate::{
    config::{Env, is_name, read_base_url},
    guard::clean,
    model::AuthScheme,
    provider::{self, Provider},
};

/// Somebody who answers.
pub(super) struct Asker<'a> {
    /// What is typed, by lines.
    pub typed: &'a mut dyn BufRead,
    /// Where the questions stand.
    pub told: &'a mut dyn Write,
}

impl Asker<'_> {
    /// Everything that a context needs; none where the answers end before that.
    pub(super) fn context(
        &mut self,
        env: &Env<'_>,
        is_taken: &dyn Fn(&str) -> bool,
    ) -> io::Result<Option<Wanted>> {
        writeln!(self.told, "Which service?")?;
        let names: Vec<&str> = provider::ALL.iter().map(|one| one.name()).collect();
        let Some(chosen) = self.choose(&names)? else {
            return Ok(None);
        };
        let Some(provider) = provider::ALL.get(chosen).copied() else {
            return Ok(None);
        };
        let usual = provider.caps().base_url;
        let Some(base_url) = self.line("Its address", usual, &|text| {
            read_base_url(text)
                .map(|_| ())
                .map_err(|why| format!("it {why}"))
        })?
        else {
            return Ok(None);
        };
        let Some(key) = self.key(provider, env)? else {
            return Ok(None);
        };
        let account_id = if provider.name() == "agentex" && key != Key::None {
            let question = "Account id, on a hosted platform (- for none)";
            let fault = |id: &str| account_fault(id).map_or(Ok(()), Err);
            let Some(id) = self.line(question, "-", &fault)? else {
                return Ok(None);
            };
            Some(id).filter(|id| id != "-")
        } else {
            None
        };
        let free = |n: usize| match n {
            1 => provider.name().to_owned(),
            n => format!("{}-{n}", provider.name()),
        };
        let mut names = (1..1_000).map(free);
        let usual = names.find(|name| !is_taken(name)).unwrap_or_default();
        let Some(name) = self.line("What to call it", &usual, &|name| {
            if !is_name(name) {
                return Err("a name has only letters, digits and . _ -".to_owned());
            }
            if is_taken(name) {
                return Err(format!("there is a context {name} already"));
            }
            Ok(())
        })?
        else {
            return Ok(None);
        };
        Ok(Some(Wanted {
            name,
            provider,
            base_url,
            auth: account_id.as_ref().map(|_| AuthScheme::XApiKey),
            key,
            account_id,
        }))
    }

    fn key(&mut self, provider: &dyn Provider, env: &Env<'_>) -> io::Result<Option<Key>> {
        writeln!(
            self.told,
            "Where does its key come from? The key itself is written nowhere."
        )?;
        let mut sources = vec![
            "a variable of the environment",
            "a file that only you can read",
            "a command that prints it, like that of a password manager",
        ];
        if provider.caps().open {
            sources.push("it wants no key");
        }
        let Some(source) = self.choose(&sources)? else {
            return Ok(None);
        };
        let (question, usual, make): (&str, String, fn(String) -> Key) = match source {
            0 => (
                "Name of the variable",
                usual_variable(provider.name(), env).to_owned(),
                Key::Env,
            ),
            1 => (
                "Path of the file",
                format!("~/.config/sortie/{}.key", provider.name()),
                Key::File,
            ),
            2 => (
                "The command",
                format!("pass show {}", provider.name()),
                Key::Command,
            ),
            _ => return Ok(Some(Key::None)),
        };
        let text = self.line(question, &usual, &|text| {
            key_fault(&make(text.to_owned())).map_or(Ok(()), Err)
        })?;
        let Some(key) = text.map(make) else {
            return Ok(None);
        };
        if let Key::Env(name) = &key
            && env(name).is_none_or(|value| value.is_empty())
        {
            writeln!(
                self.told,
                "  {name} is not set now; it has to be when sortie runs."
            )?;
        }
        Ok(Some(key))
    }

    /// The place of what was chosen, the first by Enter.
    fn choose(&mut self, names: &[&str]) -> io::Result<Option<usize>> {
        for (nth, name) in names.iter().enumerate() {
            writeln!(self.told, "  {}  {name}", nth + 1)?;
        }
        let place = |text: &str| {
            let number = text.parse::<usize>().ok();
            let number = number.and_then(|number| number.checked_sub(1));
            let named = || names.iter().position(|name| *name == text);
            number.filter(|at| *at < names.len()).or_else(named)
        };
        let most = names.len();
        let chosen = self.line("Number", "1", &|text| match place(text) {
            Some(_) => Ok(()),
            None => Err(format!("type a number from 1 to {most}")),
        })?;
        Ok(chosen.as_deref().and_then(place))
    }

    /// Whether the answer is yes; no by Enter.
    pub(super) fn agrees(&mut self, question: &str) -> io::Result<bool> {
        let answer = self.line(question, "n", &|_| Ok(()))?.unwrap_or_default();
        Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes"))
    }

    /// A line that fits; none where nothing more is typed.
    fn line(
        &mut self,
        question: &str,
        usual: &str,
        fits: &dyn Fn(&str) -> Result<(), String>,
    ) -> io::Result<Option<String>> {
        loop {
            write!(self.told, "{question} [{usual}]: ")?;
            self.told.flush()?;
            let mut line = String::new();
            if self.typed.read_line(&mut line)? == 0 {
                writeln!(self.told)?;
                return Ok(None);
            }
            let text = match line.trim() {
                "" => usual,
                text => text,
            };
            match fits(text) {
                Ok(()) => return Ok(Some(text.to_owned())),
                Err(why) => writeln!(self.told, "  {}", clean::line(&why))?,
            }
        }
    }
}
