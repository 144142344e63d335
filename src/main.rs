//! The program: reads the command line, starts the log, does what was asked, chooses the exit code.
//! All decisions are the library's.

use std::{
    io::{self, BufWriter, IsTerminal as _, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use clap::Parser as _;
use jiff::Timestamp;
use sortie::{
    args::{About, Args, Command, Format},
    cli::{
        self,
        doctor::Finding,
        exit::Exit,
        pager::{Paged, Size},
        print::Outlet,
    },
    config::Config,
    demo, fault, log,
    run::{self, RunArgs},
    term, unfinished,
};
use tokio::runtime::{Builder, Runtime};

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(fault) => return refused(&fault),
    };
    fault::install();
    let mut err = io::stderr();
    if let Some(Command::About(about)) = &args.command {
        return ExitCode::from(tell(&args, about).code());
    }
    start_log(&args, &mut err);
    let runtime = match Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(fault) => {
            let _ = writeln!(err, "sortie: cannot start: {fault}");
            return ExitCode::FAILURE;
        }
    };
    let exit = match &args.command {
        Some(Command::Demo {
            serve: true,
            config_out,
        }) => serve(&runtime, config_out.as_deref(), &mut err),
        None | Some(Command::Demo { .. } | Command::Open { print: false, .. }) => {
            screen(&runtime, &args, &mut err)
        }
        Some(Command::Doctor { output }) => doctor(&args, output.format, &mut err),
        Some(command) => headless(&runtime, &args, command, &mut err),
    };
    // A request that hangs must not keep the process.
    runtime.shutdown_timeout(Duration::from_millis(100));
    unfinished::abandon();
    ExitCode::from(exit.code())
}

/// `--help` and `--version` come this way too.
fn refused(fault: &clap::Error) -> ExitCode {
    // Where even that cannot be written there is nobody to tell.
    let _ = fault.print();
    // Faults of values come without a line end.
    if fault.use_stderr() && !fault.to_string().ends_with('\n') {
        let _ = writeln!(io::stderr());
    }
    ExitCode::from(if fault.use_stderr() {
        Exit::Usage.code()
    } else {
        Exit::Ok.code()
    })
}

/// What needs no runtime, and is to be there at once: a shell asks with every TAB.
fn tell(args: &Args, about: &About) -> Exit {
    let mut out = paged(args);
    let mut err = io::stderr();
    let mut outlet = Outlet {
        of_files: Vec::new(),
        out: &mut out,
        err: &mut err,
        columns: None,
        ascii: false,
    };
    cli::tell(about, &variable, &mut outlet)
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn start_log(args: &Args, err: &mut dyn Write) {
    let path = args.global.log.clone();
    let Some(path) = path.or_else(|| variable("SORTIE_LOG").map(PathBuf::from)) else {
        return;
    };
    if let Err(fault) = log::start(&path, variable("SORTIE_LOG_FILTER").as_deref()) {
        let _ = writeln!(err, "sortie: {fault}");
    }
}

fn serve(runtime: &Runtime, config_out: Option<&Path>, err: &mut dyn Write) -> Exit {
    match runtime.block_on(demo::serve(config_out, &mut io::stdout())) {
        Ok(()) => Exit::Ok,
        Err(fault) if fault.kind() == io::ErrorKind::BrokenPipe => Exit::Ok,
        Err(fault) => {
            let _ = writeln!(err, "sortie: {fault}");
            Exit::Service
        }
    }
}

fn headless(runtime: &Runtime, args: &Args, command: &Command, err: &mut dyn Write) -> Exit {
    let mut out = paged(args);
    let columns = size().map(|size| size.columns);
    let mut outlet = Outlet {
        of_files: Vec::new(),
        out: &mut out,
        err,
        columns,
        ascii: false,
    };
    let mut requests = io::stderr();
    runtime.spawn(cli::end_on_signals(exit_at_once));
    runtime.block_on(async {
        tokio::select! {
            exit = cli::run(args, command, &variable, Timestamp::now(), &mut outlet, &mut requests) => exit,
            () = cli::interrupted() => Exit::Interrupted,
        }
    })
}

/// Looks at the terminal. A configuration that cannot be read is no reason not to.
fn doctor(args: &Args, format: Format, err: &mut dyn Write) -> Exit {
    let loaded = Config::load(args.global.config.as_deref(), &variable).ok();
    let config = loaded.map(|loaded| loaded.config);
    let mut wishes = config
        .as_ref()
        .map(|config| config.copy.clone())
        .unwrap_or_default();
    if !args.global.clipboard.is_empty() {
        wishes.order = args.global.clipboard.iter().copied().collect();
    }
    let colours = run::colours(args.global.color, &variable);
    let findings = term::doctor::examine(&wishes, &colours).into_iter();
    let mut findings: Vec<_> = findings
        .map(|finding| Finding {
            name: finding.name,
            value: finding.value,
            state: finding.state.word(),
            advice: finding.advice,
        })
        .collect();
    if let Some(config) = &config {
        let at = findings
            .iter()
            .position(|finding| finding.name == "colours");
        let theme = cli::doctor::theme(config, args.global.theme.as_deref());
        findings.insert(at.map_or(0, |at| at + 1), theme);
    }
    let stdout = io::stdout();
    let mut out = BufWriter::new(stdout.lock());
    let mut outlet = Outlet {
        of_files: Vec::new(),
        columns: size().map(|size| size.columns),
        out: &mut out,
        err,
        ascii: args.global.ascii,
    };
    cli::tell_terminal(&findings, format, &variable, &mut outlet)
}

/// Standard output, through a pager where a command prints more than a terminal shows.
fn paged(args: &Args) -> BufWriter<Box<dyn Write>> {
    let out = io::stdout().lock();
    BufWriter::new(match &args.command {
        // A pager that is the empty text is none, and not unset.
        Some(command) => Box::new(Paged::new(out, args, command, size(), &|name: &str| {
            std::env::var(name).ok()
        })),
        None => Box::new(out),
    })
}

/// Of the terminal that standard output is.
fn size() -> Option<Size> {
    let out = io::stdout();
    if !out.is_terminal() {
        return None;
    }
    let size = rustix::termios::tcgetwinsize(out).ok()?;
    let (columns, rows) = (usize::from(size.ws_col), usize::from(size.ws_row));
    (columns > 0 && rows > 0).then_some(Size { columns, rows })
}

fn screen(runtime: &Runtime, args: &Args, err: &mut dyn Write) -> Exit {
    let ended = RunArgs::read(args, &variable, exit_at_once)
        .and_then(|args| runtime.block_on(run::start(args)));
    match ended {
        Ok(()) => Exit::Ok,
        Err(stopped) => {
            let _ = writeln!(err, "{stopped}");
            stopped.exit()
        }
    }
}

#[expect(
    clippy::exit,
    reason = "after a signal nothing is unwound: the terminal may be gone, or a call never end"
)]
fn exit_at_once(code: i32) {
    unfinished::abandon();
    std::process::exit(code);
}
