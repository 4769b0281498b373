//! The arguments, as close to the command line as possible.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::techdocs::Techdocs;

/// Build a developer portal from the catalog files and docs that repositories already hold
///
/// Callboard reads Backstage's `catalog-info.yaml` files and TechDocs
/// Markdown from many repositories and writes a static site: software
/// catalog, docs, API definitions and search.
#[derive(Debug, Parser)]
#[command(name = "callboard", version, max_term_width = 100, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Print only errors and what was asked for
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Print information too, not only warnings and errors
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// Colour the output
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
    /// Use this many threads; 0 is one per core
    #[arg(short, long, global = true, default_value_t = 0, value_name = "N")]
    pub(crate) jobs: usize,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Build the site
    Build(Build),
    /// Build the site, serve it on this machine and follow changes
    Serve(Serve),
    /// Report problems and write nothing
    Check(Check),
    /// Print every entity as a line of JSON, and where it is declared
    #[command(hide = true)]
    Entities(Entities),
    /// Search the portal as its search box does
    Search(Search),
    /// Write a `book.toml` and the catalog files that are missing
    Init(Init),
    /// Write a `book.toml` from a Backstage's `app-config.yaml`
    Import(Import),
    /// Explain a diagnostic, or list all of them
    Explain(Explain),
    /// Remove the files that a build wrote
    Clean(Clean),
    /// Render docs for an existing Backstage
    Techdocs(Techdocs),
    /// Print a completion script for a shell
    Completions(Completions),
}

/// Where the portal is.
#[derive(Debug, Args)]
pub(crate) struct Portal {
    /// A portal (a folder with `book.toml`), one repository, or a folder of repositories
    #[arg(default_value = ".", value_name = "PATH", hide_default_value = true)]
    pub(crate) path: PathBuf,
}

/// What is remembered from run to run.
#[derive(Debug, Args)]
pub(crate) struct Caching {
    /// Keep the cache here instead of in `.callboard` beside `book.toml`
    #[arg(long, value_name = "DIR", conflicts_with = "no_cache")]
    pub(crate) cache_dir: Option<PathBuf>,
    /// Make everything anew and remember nothing
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// Read every file, even if its size and time say that it is as before
    #[arg(long)]
    pub(crate) no_stat_cache: bool,
}

/// What is asked of others.
#[derive(Debug, Args)]
pub(crate) struct Asking {
    /// Ask git nothing: docs show no dates and no authors
    #[arg(long)]
    pub(crate) no_git: bool,
    /// Ask no server for diagrams: those that none has drawn before are shown as their source
    #[arg(long)]
    pub(crate) offline: bool,
}

/// How problems are reported.
#[derive(Debug, Args)]
pub(crate) struct Reporting {
    /// Print problems in this form
    #[arg(long, value_enum, default_value_t = Format::Human, value_name = "FORMAT")]
    pub(crate) format: Format,
    /// Print how long each part and the slowest files took
    #[arg(long)]
    pub(crate) timings: bool,
    /// Write how long each part and each file took, for `chrome://tracing`
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Build {
    #[command(flatten)]
    pub(crate) portal: Portal,
    #[command(flatten)]
    pub(crate) caching: Caching,
    #[command(flatten)]
    pub(crate) asking: Asking,
    /// Write the site here instead of `build.build-dir`
    #[arg(short, long, value_name = "DIR")]
    pub(crate) dest_dir: Option<PathBuf>,
    /// Exchange the whole folder at once, for a folder that a server reads live
    #[arg(long)]
    pub(crate) atomic: bool,
    /// End with exit code 1 when there is a problem this bad
    #[arg(long, value_enum, default_value_t = FailOn::Never, value_name = "SEVERITY")]
    pub(crate) fail_on: FailOn,
    /// Tell why this file of the site is made anew, or is not
    #[arg(long, value_name = "PATH")]
    pub(crate) explain: Option<String>,
    #[command(flatten)]
    pub(crate) reporting: Reporting,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) portal: Portal,
    /// End with exit code 1 when there is a problem this bad
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    pub(crate) fail_on: FailOn,
    /// Leave out the problems that this file lists: an earlier output of `--format json`
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Report only problems of what this group or user owns
    #[arg(long, value_name = "REF")]
    pub(crate) owner: Vec<String>,
    /// Report only problems of this repository
    #[arg(long, value_name = "NAME")]
    pub(crate) repo: Vec<String>,
    /// Ask other hosts whether the links of docs to them lead anywhere
    #[arg(long)]
    pub(crate) external: bool,
    /// Ask no other host, which is the default
    #[arg(long, conflicts_with = "external")]
    pub(crate) offline: bool,
    /// Ask this host although it is in a private network
    #[arg(long, value_name = "HOST", requires = "external")]
    pub(crate) allow_host: Vec<String>,
    #[command(flatten)]
    pub(crate) reporting: Reporting,
}

#[derive(Debug, Args)]
pub(crate) struct Entities {
    #[command(flatten)]
    pub(crate) portal: Portal,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) portal: Portal,
    #[command(flatten)]
    pub(crate) caching: Caching,
    #[command(flatten)]
    pub(crate) asking: Asking,
    /// Listen on this port; without it 3000, or the next free one
    #[arg(short, long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// Listen on this address; anything but loopback shows the portal to the network
    #[arg(short = 'n', long, default_value = "127.0.0.1", value_name = "HOST")]
    pub(crate) hostname: String,
    /// Answer requests for this host name too, behind a proxy
    #[arg(long, value_name = "HOST")]
    pub(crate) allowed_host: Vec<String>,
    /// Open the portal in a browser
    #[arg(short, long)]
    pub(crate) open: bool,
    /// Let open browsers follow to the page that was edited
    #[arg(long)]
    pub(crate) navigate: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Search {
    /// What to look for; `kind:api owner:payments` and the like narrow it down
    #[arg(value_name = "QUERY")]
    pub(crate) query: String,
    #[command(flatten)]
    pub(crate) portal: Portal,
    #[command(flatten)]
    pub(crate) caching: Caching,
    /// Print the results as one JSON object each line
    #[arg(long)]
    pub(crate) json: bool,
    /// Print so many results at most
    #[arg(long, default_value_t = 10, value_name = "N")]
    pub(crate) limit: usize,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    #[command(flatten)]
    pub(crate) portal: Portal,
    /// Take the default answer to every question
    #[arg(short, long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The configuration, and those that are put over it, such as `app-config.production.yaml`
    #[arg(required = true, value_name = "FILE")]
    pub(crate) configs: Vec<PathBuf>,
    /// Write `book.toml` into this folder instead of the configuration's
    #[arg(short, long, value_name = "DIR")]
    pub(crate) dest_dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The diagnostic's code, such as `unknown-owner`
    pub(crate) code: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Clean {
    #[command(flatten)]
    pub(crate) portal: Portal,
    /// The site's folder, instead of `build.build-dir`
    #[arg(short, long, value_name = "DIR")]
    pub(crate) dest_dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people, with excerpts
    Human,
    /// One JSON object a line, on standard output
    Json,
    /// Annotations of GitHub Actions, on standard output
    Github,
    /// GitLab's code quality report, on standard output
    Gitlab,
    /// SARIF 2.1.0, on standard output
    Sarif,
    /// JUnit's XML, on standard output
    Junit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Error,
    Warning,
    Never,
}
