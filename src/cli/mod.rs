//! The command line: parses arguments, prints, and chooses the exit
//! code. The only room that prints.

mod args;
mod build;
mod clean;
mod entities;
mod environment;
mod explain;
mod external;
mod import;
mod init;
mod portal;
mod report;
mod search;
mod serve;
mod status;
mod techdocs;
mod timings;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use clap::{CommandFactory as _, Parser as _};

use crate::base::disk::Disk;
use crate::base::par;
use crate::model::failure::Failure;

use args::{Arguments, Command};

/// How a command ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Done,
    /// Exit code 1: problems as bad as `--fail-on` names.
    ProblemsFound,
}

/// Runs the command that the process's arguments name.
pub fn main() -> ExitCode {
    let args = match Arguments::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version go to standard output and end with 0;
            // wrong usage goes to standard error and ends with 2.
            let _closed = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match run(&args) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::ProblemsFound) => ExitCode::from(1),
        Err(failure) => {
            print_failure(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

fn run(args: &Arguments) -> Result<Outcome, Failure> {
    let common = &args.common;
    let environment = environment::environment(common.color, common.quiet)?;
    par::set_threads(common.jobs);
    match &args.command {
        Command::Build(args) => build::build(&Disk, &environment, common, args, &heeded_signal()),
        Command::Check(args) => build::check(&Disk, &environment, common, args),
        Command::Serve(args) => serve::serve(&environment, common, args, &heeded_signal()),
        Command::Entities(args) => entities::entities(&Disk, &environment, args).map(|()| Outcome::Done),
        Command::Import(args) => import::import(&Disk, &environment, args),
        Command::Search(args) => search::search(&Disk, &environment, args),
        Command::Init(args) => init::init(&Disk, &environment, args),
        Command::Explain(args) => print(&explain::explain(args.code.as_deref())?).map(|()| Outcome::Done),
        Command::Clean(args) => clean::clean(&Disk, &environment, common, args),
        Command::Techdocs(args) => techdocs::techdocs(&Disk, &environment, common, args, &heeded_signal()),
        Command::Completions(args) => {
            let mut script = Vec::new();
            clap_complete::generate(args.shell, &mut Arguments::command(), "callboard", &mut script);
            print(&String::from_utf8_lossy(&script)).map(|()| Outcome::Done)
        }
    }
}

/// Returns where the number of a signal appears that asks to stop:
/// Ctrl-C and SIGTERM count alike. A second one ends the process at
/// once, which the output survives.
fn heeded_signal() -> Arc<AtomicU8> {
    const SIGINT: u8 = 2;
    let signal = Arc::new(AtomicU8::new(0));
    let raised = Arc::clone(&signal);
    let _already_set = ctrlc::set_handler(move || {
        if raised.swap(SIGINT, Ordering::SeqCst) != 0 {
            end_at_once();
        }
    });
    signal
}

#[expect(clippy::exit, clippy::disallowed_methods, reason = "a second Ctrl-C must not wait for anything")]
fn end_at_once() {
    std::process::exit(130);
}

/// Prints to standard output. A closed pipe is no failure.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::environment(format!("cannot print: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints to standard error, as far as that is open.
fn print_error(text: &str) {
    let _closed = io::stderr().lock().write_all(text.as_bytes());
}

fn print_failure(failure: &Failure) {
    let help = match &failure.help {
        Some(help) => format!("\nhelp: {help}"),
        None => String::new(),
    };
    print_error(&format!("error: {}{help}\n", report::printable_paragraphs(&failure.message)));
}
