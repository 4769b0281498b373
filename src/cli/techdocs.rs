//! `callboard techdocs generate` and `publish`: docs of one repository in
//! the form in which Backstage's TechDocs keeps them, with the options of
//! its own command.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU8;

use clap::{Args, Subcommand};

use crate::base::world::{WalkOptions, World};
use crate::model::config::{Config, Source};
use crate::model::diagnostic::{self, Severity};
use crate::model::docs_site::DocsSite;
use crate::model::entity_ref::EntityRef;
use crate::model::failure::Failure;
use crate::model::site_path::SitePath;
use crate::render::index;
use crate::render::techdocs::{self, File};
use crate::write::swap::{self, Mode};
use crate::{pipeline, render, write};

use super::args::{Common, Format, Reporting};
use super::environment::Environment;
use super::{Outcome, build, print_error};

/// The folder's own list of files, which is no part of the docs.
const OWN_FILES: &[&str] = &[".callboard-manifest.json", ".callboard.lock"];

#[derive(Debug, Args)]
pub(crate) struct Techdocs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Render the docs of one folder for Backstage's TechDocs
    #[command(alias = "build")]
    Generate(Generate),
    /// Copy rendered docs to where Backstage looks for them
    Publish(Publish),
}

#[derive(Debug, Args)]
struct Generate {
    /// The folder with `mkdocs.yml`, `docs/` or a README
    #[arg(long, default_value = ".", value_name = "DIR")]
    source_dir: PathBuf,
    /// Where the docs go
    #[arg(long, default_value = "./site/", value_name = "DIR")]
    output_dir: PathBuf,
    /// The address of the repository, for links to edit pages
    #[arg(long, value_name = "REF")]
    techdocs_ref: Option<String>,
    /// Written into `techdocs_metadata.json`
    #[arg(long, value_name = "ETAG")]
    etag: Option<String>,
    /// The name of the docs, instead of `site_name`
    #[arg(long, value_name = "NAME")]
    site_name: Option<String>,
    /// Accepted: no container is ever used
    #[arg(long)]
    no_docker: bool,
    /// Accepted: no container is ever used
    #[arg(long)]
    no_pull: bool,
    /// Accepted: no container is ever used
    #[arg(long, value_name = "IMAGE")]
    docker_image: Option<String>,
    /// Accepted: no container is ever used
    #[arg(long = "runAsDefaultUser")]
    run_as_default_user: bool,
    /// Accepted: no plugin is ever run
    #[arg(long = "omitTechdocsCoreMkdocsPlugin")]
    omit_techdocs_core: bool,
    /// Accepted: no plugin is ever run
    #[arg(long = "defaultPlugin", value_name = "PLUGIN")]
    default_plugin: Vec<String>,
    /// Accepted: a README is the index of docs without one
    #[arg(long = "legacyCopyReadmeMdToIndexMd")]
    copy_readme: bool,
    /// Ask git nothing: pages have no dates
    #[arg(long)]
    no_git: bool,
}

#[derive(Debug, Args)]
struct Publish {
    /// Only `local` is done here; for the others the command to run is told
    #[arg(long, value_name = "TYPE")]
    publisher_type: String,
    /// The folder, bucket or container that holds all docs
    #[arg(long, value_name = "NAME")]
    storage_name: String,
    /// Whose docs they are, as `<namespace>/<kind>/<name>`
    #[arg(long, value_name = "ENTITY")]
    entity: String,
    /// What `generate` has written
    #[arg(long, default_value = "./site/", value_name = "DIR")]
    directory: PathBuf,
}

/// Runs the command.
pub(crate) fn techdocs(
    world: &dyn World,
    environment: &Environment,
    common: &Common,
    args: &Techdocs,
    signal: &AtomicU8,
) -> Result<Outcome, Failure> {
    match &args.command {
        Command::Generate(args) => generate(world, environment, common, args, signal),
        Command::Publish(args) => publish(world, environment, common, args, signal),
    }
}

fn generate(
    world: &dyn World,
    environment: &Environment,
    common: &Common,
    args: &Generate,
    signal: &AtomicU8,
) -> Result<Outcome, Failure> {
    let written = environment.absolute(&args.source_dir);
    let root = match world.is_folder(&written) {
        true => world.real_path(&written).unwrap_or(written),
        false => return Err(Failure::usage(format!("there is no folder `{}`", environment.shown(&written)))),
    };
    let output = environment.absolute(&args.output_dir);
    swap::refuse_unsafe(world, &output, std::slice::from_ref(&root))?;
    let skip = write::swap::skipped(&output);
    let site = Arc::new(pipeline::site(world, config(&root, args), &skip, Vec::new(), &|_| {})?);
    let docs = docs_of(&site.docs)
        .ok_or_else(|| Failure::usage(format!("there are no docs in `{}`", environment.shown(&root))))?;
    let files = techdocs::files(docs);
    let paths: Vec<SitePath> = files.iter().map(|(path, _)| SitePath::new(path)).collect();
    let options = techdocs::Options { site_name: args.site_name.clone(), etag: args.etag.clone() };
    let index = index::index(&site);
    let theme = Arc::new(render::theme::theme(world, &site.config.theme, &mut Vec::new())?);
    let outputs = render::outputs::outputs(&site, &theme);
    let produce = |idx: usize| match files[idx].1 {
        File::Asset(asset) => {
            let path = &docs.plan.assets[asset].path;
            let place = outputs.paths.binary_search(path).ok();
            place.map_or(Ok(Vec::new()), |place| outputs.bytes(world, place))
        }
        file => Ok(techdocs::bytes(&site, &index, docs, file, &options)),
    };
    let mut diags = site.diagnostics.clone();
    swap::write(world, &output, &paths, &produce, Mode::InPlace, signal, &mut diags)?;
    diags.append(&mut outputs.diagnostics());
    // A descriptor is no matter of the docs.
    diags.retain(|diag| diag.severity() > Severity::Info);
    diagnostic::sort(&mut diags);
    let reporting = Reporting { format: Format::Human, timings: false, trace: None };
    build::show(world, environment, common, &reporting, &site.snapshot, &diags)?;
    if !common.quiet {
        print_error(&format!("{} pages → {}\n", docs.pages.len(), environment.shown(&output)));
    }
    Ok(Outcome::Done)
}

fn config(root: &std::path::Path, args: &Generate) -> Config {
    let mut config = Config::of_folder(root.to_path_buf());
    let url = args.techdocs_ref.as_deref().map(|written| written.trim_start_matches("url:"));
    // The page of the repository is what stands before a branch.
    let url = url.filter(|url| url.starts_with("https://") || url.starts_with("http://")).map(|url| {
        let ends = ["/-/tree/", "/-/blob/", "/tree/", "/blob/", "/src/"];
        let end = ends.iter().filter_map(|end| url.find(end)).min().unwrap_or(url.len());
        url[..end].trim_end_matches('/').to_string()
    });
    config.sources = vec![Source {
        path: root.to_path_buf(),
        written: root.display().to_string(),
        name: None,
        exclude: Vec::new(),
        url,
        git_ref: None,
        allow: None,
        roots: Vec::new(),
        is_dump: false,
        span: None,
    }];
    config.docs.techdocs_output = true;
    config.docs.history = !args.no_git;
    config
}

/// Returns the docs of the folder itself, else the first there are.
fn docs_of(docs: &[Arc<DocsSite>]) -> Option<&DocsSite> {
    let own = docs.iter().find(|docs| docs.plan.root.is_empty() && !docs.pages.is_empty());
    own.or_else(|| docs.iter().find(|docs| !docs.pages.is_empty())).map(Arc::as_ref)
}

fn publish(
    world: &dyn World,
    environment: &Environment,
    common: &Common,
    args: &Publish,
    signal: &AtomicU8,
) -> Result<Outcome, Failure> {
    let folder = entity_folder(&args.entity)?;
    let directory = environment.absolute(&args.directory);
    let shown = environment.shown(&directory);
    let to = format!("{}/{folder}", args.storage_name);
    let elsewhere = match args.publisher_type.as_str() {
        "local" => None,
        "awsS3" => Some(format!("aws s3 sync {shown} s3://{to} --delete")),
        "googleGcs" => Some(format!("gcloud storage rsync --recursive {shown} gs://{to}")),
        "azureBlobStorage" => Some(format!(
            "az storage blob sync --container {} --source {shown} --destination {folder}",
            args.storage_name
        )),
        "openStackSwift" => {
            Some(format!("swift upload {} {shown} --object-name {folder}", args.storage_name))
        }
        other => return Err(Failure::usage(format!("there is no publisher type `{other}`"))),
    };
    if let Some(command) = elsewhere {
        return Err(Failure::usage(format!(
            "docs are published to local folders only, not to `{}`",
            args.publisher_type
        ))
        .with_help(format!("run `{command}`")));
    }
    if !world.is_file(&directory.join("techdocs_metadata.json")) {
        return Err(Failure::usage(format!("there are no docs of TechDocs in `{shown}`"))
            .with_help("make them with `callboard techdocs generate`"));
    }
    let walk = world.walk(&directory, &WalkOptions::default());
    let mut paths: Vec<SitePath> = walk
        .files
        .iter()
        .filter(|file| !OWN_FILES.contains(&&*file.path))
        .map(|file| SitePath::new(&file.path))
        .collect();
    paths.sort();
    let output = environment.absolute(&PathBuf::from(&args.storage_name)).join(&folder);
    let produce = |idx: usize| {
        let path = directory.join(paths[idx].as_str());
        world
            .read(&path)
            .map_err(|error| Failure::environment(format!("cannot read `{}`: {error}", path.display())))
    };
    swap::refuse_unsafe(world, &output, std::slice::from_ref(&directory))?;
    swap::write(world, &output, &paths, &produce, Mode::InPlace, signal, &mut Vec::new())?;
    if !common.quiet {
        print_error(&format!("{} files → {}\n", paths.len(), environment.shown(&output)));
    }
    Ok(Outcome::Done)
}

/// Returns the folder of an entity: `default/component/pay`.
fn entity_folder(entity: &str) -> Result<String, Failure> {
    let parts: Vec<&str> = entity.split('/').collect();
    let parsed = match parts[..] {
        [namespace, kind, name] => {
            EntityRef::parse(&format!("{kind}:{namespace}/{name}"), None, "default").ok()
        }
        _ => None,
    };
    let Some(entity_ref) = parsed else {
        return Err(Failure::usage(format!("`{entity}` is no entity"))
            .with_help("write `<namespace>/<kind>/<name>`, such as `default/component/pay`"));
    };
    Ok(format!("{}/{}/{}", entity_ref.namespace, entity_ref.kind, entity_ref.name))
}
