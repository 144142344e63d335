//! What this machine knows that an argument can be. Names and titles are masked as everywhere.

use std::{path::PathBuf, sync::Arc};

use clap::Arg;
use secrecy::SecretString;

use super::Candidates;
use crate::{
    analysis::{CallOrder, RunOrder},
    app::{
        columns::List,
        query::{Field, Offers, complete},
    },
    args::routes,
    cache::Glance,
    cli::{cache, schema},
    config::{Config, Credential, Env, Secret, home, read_saved, state_folder},
    guard::Redactor,
    model::{Kind, RunStatus},
    provider,
    text::{percent::encoded, width},
};

/// How a locator begins.
const LOCATOR: &str = "sortie:";
/// So many runs are offered, the newest.
const MOST: usize = 200;

/// What an argument is a name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Runs,
    /// A run, or a file.
    RunsAndFiles,
    Missions,
    Contexts,
    Views,
    Themes,
    Query,
    Columns,
    RunSorts,
    CallSorts,
    Statuses,
    Kinds,
    Services,
    Schemes,
    Schemas,
    Files,
    Routes,
    /// Nothing that is known.
    Other,
}

impl Sort {
    pub(super) fn of(arg: &Arg) -> Self {
        let shown = arg.get_value_names().and_then(<[_]>::first);
        let shown = shown.map(clap::builder::Str::as_str).unwrap_or_default();
        match (arg.get_id().as_str(), shown) {
            ("columns", _) => Self::Columns,
            ("query" | "until", _) => Self::Query,
            ("context" | "names", _) => Self::Contexts,
            ("mission", _) => Self::Missions,
            ("view", _) => Self::Views,
            ("theme", _) => Self::Themes,
            ("status", _) => Self::Statuses,
            ("kind", _) => Self::Kinds,
            ("provider", _) => Self::Services,
            ("auth", _) => Self::Schemes,
            ("clipboard", _) => Self::Routes,
            ("sort", _) if arg.get_default_values().is_empty() => Self::RunSorts,
            ("sort", _) => Self::CallSorts,
            ("files", _) => Self::RunsAndFiles,
            (id, shown) if arg.is_positional() && is_run(id, shown) => Self::Runs,
            ("name", "" | "NAME") if arg.is_positional() => Self::Schemas,
            (_, "FILE" | "FILE|-" | "DIR") => Self::Files,
            _ => Self::Other,
        }
    }
}

fn is_run(id: &str, shown: &str) -> bool {
    matches!(id, "run" | "runs" | "address") || shown.starts_with("RUN")
}

/// What this machine knows; read when it is asked for.
pub(super) struct Known<'a> {
    env: &'a Env<'a>,
    /// What `--config` and `--context` say in the line.
    config: Option<PathBuf>,
    contexts: Vec<String>,
}

impl<'a> Known<'a> {
    /// For a line with these words.
    pub(super) fn new(words: &[String], env: &'a Env<'a>) -> Self {
        let said = |name: &str| {
            let next = words.iter().skip(1).chain([const { &String::new() }]);
            let pairs = words.iter().zip(next);
            let mut all = pairs.filter_map(|(word, next)| {
                let rest = word.strip_prefix(name)?;
                match rest.strip_prefix('=') {
                    Some(value) => Some(value),
                    None => rest.is_empty().then_some(next.as_str()),
                }
            });
            all.next()
        };
        let names = said("--context").unwrap_or_default().split(',');
        Self {
            env,
            config: said("--config").map(|path| expanded(path, env)),
            contexts: names
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect(),
        }
    }

    /// Offers what such an argument can be: `word` is what of it stays and what is begun.
    pub(super) fn offer(&self, sort: Sort, arg: &Arg, word: (&str, &str), found: &mut Candidates) {
        let (before, begun) = word;
        let mut add = |word: &str, about: &str| found.add(format!("{before}{word}"), about);
        match sort {
            Sort::Runs => self.runs(word, found),
            Sort::RunsAndFiles => {
                self.runs(word, found);
                found.files = true;
            }
            Sort::Missions => self.missions(before, found),
            Sort::Contexts => self.contexts(before, found),
            Sort::Views => self.views(before, found),
            Sort::Themes => {
                let themes = self
                    .config()
                    .map(|config| config.themes)
                    .unwrap_or_default();
                for theme in &themes {
                    add(&theme.name, "");
                }
            }
            Sort::Query => self.query(before, begun, found),
            Sort::Columns => {
                let lists: &[List] = match arg.get_help().map(ToString::to_string) {
                    Some(help) if help.contains("number,tool") => &[List::Events],
                    _ => &[List::Runs],
                };
                lists
                    .iter()
                    .flat_map(|list| list.words())
                    .for_each(|word| add(word, ""));
            }
            Sort::RunSorts => RunOrder::ALL.iter().for_each(|order| add(order.word(), "")),
            Sort::CallSorts => CallOrder::ALL
                .iter()
                .for_each(|order| add(order.word(), "")),
            Sort::Statuses => RunStatus::ALL
                .iter()
                .for_each(|status| add(status.word(), "")),
            Sort::Kinds => Kind::ALL.iter().for_each(|kind| add(kind.word(), "")),
            Sort::Services => provider::ALL.iter().for_each(|one| add(one.name(), "")),
            Sort::Schemes => ["bearer", "x-api-key", "agent-key"]
                .iter()
                .for_each(|word| add(word, "")),
            Sort::Schemas => schema::names()
                .iter()
                .for_each(|(name, about)| add(name, about)),
            Sort::Routes => routes().for_each(|word| add(word, "")),
            Sort::Files => found.files = true,
            Sort::Other => {}
        }
    }

    fn config(&self) -> Option<Config> {
        let loaded = Config::load(self.config.as_deref(), self.env).ok()?;
        Some(loaded.config)
    }

    fn contexts(&self, before: &str, found: &mut Candidates) {
        let config = self.config();
        let contexts = config.iter().flat_map(|config| &config.contexts);
        for context in contexts {
            let about = format!("{} {}", context.provider.name(), context.base_url);
            found.add(format!("{before}{}", context.name), about);
        }
    }

    fn views(&self, before: &str, found: &mut Candidates) {
        let saved = state_folder(self.env).map(|folder| read_saved(&folder));
        for view in saved.unwrap_or_default().views {
            found.add(format!("{before}{}", view.name), masked(&view.query));
        }
    }

    /// What masks as the screen does, as far as that needs no program and no file: keys in variables too.
    fn redactor(&self, config: &Config) -> Redactor {
        let variables = config
            .contexts
            .iter()
            .filter_map(|context| match &context.credential {
                Credential::Key(Secret::Env(name))
                | Credential::Client {
                    secret: Secret::Env(name),
                    ..
                } => (self.env)(name),
                _ => None,
            });
        let secrets = variables
            .filter(|value| value.len() >= 6)
            .map(SecretString::from);
        Redactor::new(secrets.collect()).with(Arc::clone(&config.mask))
    }

    /// Runs and missions that were kept or seen, the newest first; all masked.
    fn seen(&self) -> Vec<Glance> {
        let config = self.config();
        let redactor = match &config {
            Some(config) => self.redactor(config),
            None => Redactor::default(),
        };
        let mut masking = redactor.masking();
        let folder = config.and_then(|config| cache::kept(&config, self.env).ok().flatten());
        let Some(folder) = folder else {
            return Vec::new();
        };
        let mut all = Vec::new();
        for glimpse in folder.newest(MOST) {
            let mut title = |text: &str| masking.text(text).into_owned();
            let (run, context) = (glimpse.run, glimpse.offline.context);
            let at = run.started_at.map_or(0, |at| at.0);
            all.extend(glimpse.mission.map(|mission| Glance {
                context: context.clone(),
                mission_id: mission.id,
                title: title(&mission.name),
                at,
                ..Glance::default()
            }));
            all.push(Glance {
                context,
                mission_id: run.mission_id,
                run_id: Some(run.id),
                title: title(&run.title),
                status: run.status.word().to_owned(),
                at,
            });
        }
        // What was kept has ended; what was seen may have been looked at before that.
        // They were masked by the rules of another day.
        all.extend(folder.seen().into_iter().map(|mut one| {
            one.title = masking.text(&one.title).into_owned();
            one
        }));
        // What is addressed by a secret is not shown; whoever knows it can type it.
        let mut is_plain = |id: &str| masking.id(id) == id;
        all.retain(|one| {
            is_plain(&one.mission_id) && one.run_id.as_deref().is_none_or(&mut is_plain)
        });
        all.retain(|one| self.contexts.is_empty() || self.contexts.contains(&one.context));
        all.sort_by_key(|one| std::cmp::Reverse(one.at));
        all
    }

    /// Runs as they are begun to be named: by the locator, by the mission and the id, or by the id alone.
    fn runs(&self, (before, begun): (&str, &str), found: &mut Candidates) {
        for one in self.seen() {
            let Some(id) = &one.run_id else { continue };
            let name = if begun.starts_with(LOCATOR) {
                let parts = [&one.context, &one.mission_id, id].map(|part| encoded(part));
                format!("{LOCATOR}{}", parts.join("/"))
            } else if begun.contains('/') {
                format!("{}/{id}", one.mission_id)
            } else {
                id.clone()
            };
            let parts = [
                one.status.as_str(),
                &width::fit(&one.title, 60),
                &one.context,
            ];
            let parts = parts.into_iter().filter(|part| !part.is_empty());
            let about: Vec<&str> = parts.collect();
            found.add(format!("{before}{name}"), about.join(" · "));
        }
    }

    fn missions(&self, before: &str, found: &mut Candidates) {
        let seen = self.seen();
        let (missions, runs): (Vec<_>, Vec<_>) = seen.iter().partition(|one| one.run_id.is_none());
        for one in missions {
            let title = width::fit(&one.title, 60);
            let parts = [title.as_ref(), one.context.as_str()].into_iter();
            let about: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
            found.add(format!("{before}{}", one.mission_id), about.join(" · "));
            // A name that was masked or cut names nothing.
            if !one.title.is_empty() && !one.title.contains(['‹', '…']) {
                found.add(format!("{before}{}", one.title), one.context.clone());
            }
        }
        for one in runs {
            found.add(format!("{before}{}", one.mission_id), one.context.clone());
        }
    }

    fn query(&self, before: &str, typed: &str, found: &mut Candidates) {
        let mut offers = Offers::default();
        let config = self.config();
        for context in config.iter().flat_map(|config| &config.contexts) {
            offers.name(Field::Ctx, &context.name);
        }
        if typed.contains("run:") || typed.contains("id:") || typed.contains("mission:") {
            for one in self.seen() {
                match &one.run_id {
                    Some(id) => {
                        offers.name(Field::Id, id);
                        offers.name(Field::Run, &one.title);
                    }
                    None => offers.name(Field::Mission, &one.title),
                }
            }
        }
        let completion = complete(typed, &offers);
        let stays = typed.get(..completion.from).unwrap_or_default();
        found.open = true;
        for option in &completion.options {
            // A field is followed by its value, whatever else could stand there.
            let end = if completion.end == " " {
                ""
            } else {
                completion.end
            };
            let about = Field::of_word(option).filter(|_| !end.is_empty());
            let about = about.map(Field::about).unwrap_or_default();
            found.add(format!("{before}{stays}{option}{end}"), about);
        }
    }
}

/// A path as a shell would hand it over.
fn expanded(path: &str, env: &Env<'_>) -> PathBuf {
    match path.strip_prefix("~/") {
        Some(rest) => home(env).join(rest),
        None => PathBuf::from(path),
    }
}

fn masked(text: &str) -> String {
    Redactor::default().masking().text(text).into_owned()
}
