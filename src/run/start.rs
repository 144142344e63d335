//! Opening the screen: credentials and files first, while there is still a shell to complain to, then
//! the terminal, then the loop. On the way out copies are finished before the terminal is given back.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use futures_util::future::join_all;
use jiff::tz::TimeZone;
use secrecy::SecretString;

use super::{
    Exports, Lists, Mail, Shelf, contexts,
    files::{Files, documents, notes, notice, offline, told},
    keys,
    last::Last,
    look,
    notify::Notifier,
    order::{RunArgs, Shown, Stopped},
    over,
    resume::Trail,
    run,
    stage::Here,
    turn::now,
    world::Outside,
};
use crate::{
    app::{
        App, ContextInfo, Effect, Msg, Notice, Setup, arrange::Arrangement, help::Sought,
        msg::Memory, resume::Session,
    },
    cache::{Cache, Folder, Place},
    cli::{
        address_of, consoles, folder, kept,
        session::{self, Asked},
    },
    config::{self, Start},
    demo::{Demo, clock::Clock},
    fault,
    fetch::{Connection, Fetcher, Line},
    guard::redact::Redactor,
    model::{Far, Limit, Offline},
    source::Opened,
    term::{self, Screen, copy::Desk},
    text::colour::Depth,
};

/// Opens the screen and returns when it is closed. The thread that drives this future is the one that
/// paints; the rest happens on the runtime's workers.
pub async fn start(args: RunArgs) -> Result<(), Stopped> {
    let piped = matches!(&args.shown, Shown::Files(paths) if paths.iter().any(|path| path.as_os_str() == "-"));
    if let Some(sentence) = term::refusal_here(piped) {
        return Err(Stopped::NoTerminal(sentence));
    }
    let mail = Mail::default();
    let stock = Stock::gather(&args).await?;
    if piped {
        term::take_keys_from_terminal()?;
    }
    let consoles = consoles(&args.config);
    let asked = stock.asked();
    let mut contexts = stock.contexts;
    for info in &mut contexts {
        info.console_url = address_of(&consoles, &info.name).map(str::to_owned);
    }
    let lists = Lists::new(&stock.connections, &stock.lines, consoles, mail.post().news);
    let exports = Exports::new(
        asked,
        std::env::current_dir().unwrap_or_default(),
        term::copy::host_to_fetch_from(),
        mail.post().news,
    );
    let mut world = Outside {
        lists,
        exports,
        fetcher: Fetcher::new(stock.lines, mail.post().arrivals),
        desk: Desk::here(args.config.copy.clone()),
        tools: args.config.tools.clone(),
        credentials: args.credentials.clone(),
        secrets: args.secrets.clone(),
        shelf: Shelf::new(config::state_folder(&env), mail.post().news),
        post: mail.post(),
        notifier: Notifier::new(
            args.config.notify.clone(),
            args.credentials.clone(),
            mail.post().news,
        ),
        files: Files::with(room(&args)),
        demo: stock.demo,
        last: (args.shown == Shown::Contexts)
            .then(|| config::state_folder(&env).map(|folder| Last::below(&folder)))
            .flatten(),
        place: None,
    };
    let redactor = stock.redactor.with(Arc::clone(&args.config.mask));
    fault::mask_with(redactor.clone());
    let (mut app, mut first) = App::new(setup(&args, contexts, redactor), now());
    app.set_commands(args.config.commands.clone());
    world.desk.choice().word().clone_into(&mut app.clipboard);
    app.bell.on = args.config.notify.on;
    let memory = memory(&args, &world);
    app.begin_columns(args.config.columns.clone(), memory.columns.clone());
    let before = begin_resume(&mut app, &args, &mut world);
    let theme = before.position.theme.clone();
    if matches!(args.shown, Shown::Files(_)) {
        app.single.unfolds = true;
        first.extend(app.look_as_told());
    } else {
        first.extend(begin(&mut app, &args, &memory, before));
    }
    if args.config.mouse {
        first.extend(app.use_mouse(true));
    }
    if let Some(text) = &args.reference {
        first.extend(app.refer(text));
    }
    // Before the terminal is taken, so that a signal in the middle of that gives it back.
    term::end_on_signals(args.exit)?;
    app.documents = stock.documents;
    (app.single.reads, app.single.early) = (stock.is_document, stock.is_one_run);
    if let Some(notice) = notice(stock.notes, stock.told) {
        app.post(notice);
    }
    let mut screen = Screen::enter(args.config.title)?;
    if args.config.hyperlinks {
        screen.link();
    }
    app.ascii = look::is_ascii(args.ascii, screen.glyphs(), &env);
    let colours = look::colours(args.color, &env);
    term::write_colours(colours.0 != Depth::None);
    let (themes, style) = look::look(&args.config, colours, app.ascii);
    app.begin_theme(themes);
    app.take_up_theme(theme);
    let mut here = Here { screen, style };
    let ended = run(&mut app, first, &mut here, term::inputs(), mail, &mut world).await;
    if let Some(place) = &world.place {
        place.end(app.session());
    }
    let exports = world.exports.end();
    // Copies go through the terminal too: they are finished while it is still ours.
    drop(world);
    drop(here);
    exports.await;
    Ok(ended?)
}

/// What the start before told this one; with `--fresh` nothing that the screen shows.
fn memory(args: &RunArgs, world: &Outside) -> Memory {
    let memory = world.last.as_ref().map(Last::read).unwrap_or_default();
    if !args.fresh {
        return memory;
    }
    let fresh = Memory {
        visited: memory.visited,
        ..Memory::default()
    };
    // The next start goes on where this one ends, not half where the one before did.
    if let Some(last) = &world.last {
        last.write(Memory {
            columns: memory.columns,
            ..fresh.clone()
        });
    }
    fresh
}

/// What was kept of where one was, where that is wanted; from now on what changes is kept.
fn begin_resume(app: &mut App, args: &RunArgs, world: &mut Outside) -> Session {
    let wanted = matches!(args.shown, Shown::Contexts | Shown::Kept(_)) && args.config.resume;
    let Some(folder) = config::state_folder(&env).filter(|_| wanted) else {
        return Session::default();
    };
    let (mut session, fault) = config::read_session(&folder);
    world.place = Some(Trail::below(folder, world.post.news.clone()));
    if args.fresh {
        session = Session::default();
    } else if let (Some(fault), None) = (fault, &app.notice) {
        app.post(Notice {
            text: fault,
            failed: true,
            until: None,
        });
    }
    app.begin_resume(args.config.window, std::mem::take(&mut session.runs));
    session
}

/// The first list, or the place where one was unless the command line or the configuration says what to
/// begin with.
fn begin(app: &mut App, args: &RunArgs, memory: &Memory, before: Session) -> Vec<Effect> {
    let is_free = args.reference.is_none() && args.config.view().is_none();
    let goes_on = args.config.resume && is_free && args.shown != Shown::Demo;
    let by = match args.config.start {
        None if goes_on => memory.by,
        Some(Start::Inbox) => Arrangement::Inbox,
        Some(Start::Last) => memory.by,
        Some(Start::Missions | Start::View(_)) | None => Arrangement::Missions,
    };
    let goes_on = goes_on && matches!(args.config.start, None | Some(Start::Last));
    if goes_on || args.config.start == Some(Start::Last) {
        app.arranged.order = memory.order;
    }
    let window = before.position.window.filter(|_| goes_on);
    let window = window.unwrap_or(args.config.window);
    let mut first = app.begin_with(by, window, memory.visited);
    first.extend(show_view(app, args));
    if goes_on {
        first.extend(app.take_up(before.position));
    } else {
        // Whatever the screen begins with, it is shared as before.
        app.set_splits(before.position.splits);
    }
    first
}

/// The named view that the configuration begins with. The demo begins as it always does.
fn show_view(app: &mut App, args: &RunArgs) -> Vec<Effect> {
    let name = args.config.view().filter(|_| args.shown == Shown::Contexts);
    let Some(name) = name else {
        return Vec::new();
    };
    let folder = config::state_folder(&env);
    let saved = folder.as_deref().map(config::read_saved);
    let mut effects = app.update(Msg::Saved(Box::new(saved.unwrap_or_default())), now());
    effects.extend(app.show_view(name));
    effects
}

/// What is to be asked, in the order of the contexts.
struct Stock {
    /// None for files.
    connections: Vec<Connection>,
    lines: Vec<Line>,
    contexts: Vec<ContextInfo>,
    redactor: Redactor,
    demo: Option<Demo>,
    /// Of files: the texts that stay there, and whether there is but one.
    documents: HashMap<String, Arc<dyn Far>>,
    is_document: bool,
    is_one_run: bool,
    /// Where files break off, and what else is wrong with them.
    notes: Vec<String>,
    /// What else is to be said of them.
    told: Vec<String>,
}

impl Stock {
    async fn gather(args: &RunArgs) -> Result<Self, Stopped> {
        match &args.shown {
            Shown::Contexts => {
                let contexts = &args.config.contexts;
                let connections = contexts
                    .iter()
                    .map(|context| config::resolve(context, &env));
                let own = Self::of(join_all(connections).await, None, &args.secrets);
                Ok(match folder(&args.config, &env) {
                    Ok(Some(folder)) if args.keeps => own.keeping(&folder),
                    Err(why) if args.keeps => Self {
                        notes: vec![why],
                        ..own
                    },
                    Ok(_) | Err(_) => own,
                })
            }
            Shown::Demo => {
                let demo = Demo::start(Clock::starting_now())?;
                Ok(Self::of(demo.connections(), Some(demo), &args.secrets))
            }
            Shown::Files(paths) => Self::files(paths, room(args).as_deref(), &args.secrets),
            Shown::Kept(names) => {
                let wanted = |told: &Offline| names.is_empty() || names.contains(&told.context);
                let folder = kept(&args.config, &env).map_err(Stopped::Usage)?;
                let kept = folder.map(|folder| folder.history(wanted));
                let opened = Opened {
                    sources: kept.unwrap_or_default(),
                    ..Opened::default()
                };
                Ok(Self::opened(opened, "", &args.secrets))
            }
        }
    }

    /// The same, where runs that have ended are kept.
    fn keeping(self, folder: &Folder) -> Self {
        let lines = self.connections.iter().zip(self.lines);
        let lines = lines.map(|(connection, line)| {
            let redactor = self.redactor.clone();
            let cache = Cache::new(folder.clone(), Place::of(connection), redactor);
            line.keeping(Arc::new(cache))
        });
        Self {
            lines: lines.collect(),
            ..self
        }
    }

    /// `own` are all credentials that are at hand: files that are opened beside may hold any of them.
    fn of(connections: Vec<Connection>, demo: Option<Demo>, own: &[SecretString]) -> Self {
        let secrets = config::secrets(&connections).into_iter();
        let secrets = secrets.chain(own.iter().cloned()).collect();
        Self {
            lines: connections.iter().map(Line::from).collect(),
            contexts: contexts(&connections),
            redactor: Redactor::new(secrets),
            connections,
            demo,
            documents: HashMap::new(),
            is_document: false,
            is_one_run: false,
            notes: Vec::new(),
            told: Vec::new(),
        }
    }

    /// What there is to be asked, as the commands ask it.
    fn asked(&self) -> Vec<Asked> {
        match (self.connections.as_slice(), self.lines.as_slice()) {
            ([], lines) => lines.iter().cloned().map(session::offline).collect(),
            (connections, lines) => over(connections, lines),
        }
    }

    fn files(
        paths: &[PathBuf],
        room: Option<&Path>,
        own: &[SecretString],
    ) -> Result<Self, Stopped> {
        let opened = Opened::browse_in(paths, room).map_err(Stopped::File)?;
        let names: Vec<_> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        Ok(Self::opened(opened, &names.join(" "), own))
    }

    fn opened(opened: Opened, names: &str, own: &[SecretString]) -> Self {
        let contexts = opened.sources.iter().map(|source| offline(source, names));
        Self {
            contexts: contexts.collect(),
            documents: documents(&opened),
            is_document: opened.is_document(),
            is_one_run: opened.is_one_run(),
            notes: notes(&opened),
            told: told(&opened),
            connections: Vec::new(),
            lines: opened
                .sources
                .into_iter()
                .map(|source| Line::from(Arc::new(source)))
                .collect(),
            redactor: Redactor::new(own.to_vec()),
            demo: None,
        }
    }
}

/// Where there is room for what is unpacked while it is looked at: none where nothing is to be kept.
fn room(args: &RunArgs) -> Option<PathBuf> {
    config::cache_folder(&env).filter(|_| args.config.cache > 0)
}

fn env(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn setup(args: &RunArgs, contexts: Vec<ContextInfo>, redactor: Redactor) -> Setup {
    let mut warnings: Vec<_> = args.warnings.iter().map(ToString::to_string).collect();
    let keymap = keys::laid_over(&args.config.path, &mut warnings);
    let shown = args.config.path.display().to_string();
    let taken = config::commands::conflicts(&args.config.commands, &keymap, &shown);
    warnings.extend(taken.iter().map(ToString::to_string));
    let variables = config::environment_report(&env).into_iter();
    let file = Sought {
        name: args.config.path.display().to_string(),
        found: args.config.found,
        wrong: args.config.wrong.as_ref().map(ToString::to_string),
    };
    Setup {
        contexts,
        keymap,
        redactor,
        zone: args.config.zone.0.clone(),
        local_zone: TimeZone::system(),
        switches: Arc::new(args.config.rules.clone()),
        limit: Limit {
            rows: args.config.load.events,
            bytes: args.config.load.bytes,
        },
        read_on_above: usize::try_from(args.config.read_on_above).unwrap_or(usize::MAX),
        looked_for: std::iter::once(file)
            .chain(variables.map(|(name, found)| Sought::variable(name, found)))
            .collect(),
        warnings,
    }
}
