//! How long it takes to put a large catalog together, from parsed
//! documents on, and to build its whole site: 11,000 entities with
//! 120,000 relations, each counted at both ends. The site is held
//! against writing the same files and nothing else.
//!
//! ```text
//! cargo bench --bench catalog
//! ```

#![allow(clippy::disallowed_methods, reason = "a benchmark is a program of its own, outside of the floors")]
#![allow(clippy::print_stdout, reason = "its figures are what it is for")]

mod measure;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use callboard::base::par::{par_map, par_map_indexed};
use callboard::model::config::Rules;
use callboard::model::file::{File, FileId, FileKind, RepoId, Snapshot};
use callboard::model::forge::Remote;
use callboard::model::repo::{Repo, SourceRules};
use callboard::model::yaml::Document;
use callboard::{parse, resolve};

fn main() {
    let is_bench = std::env::args().any(|arg| arg == "--bench");
    let (n_entities, n_runs) = if is_bench { (11_000, 7) } else { (110, 1) };
    resolved(n_entities, n_runs);
    whole_site(n_entities, n_runs.min(3));
}

/// Prints how long the catalog takes.
fn resolved(n_entities: usize, n_runs: usize) {
    let n_repos = n_entities / EACH;
    let (snapshot, documents) = portal(n_repos);
    let text = |_: FileId| Err("there are no files".to_string());
    let nodes = |_: FileId, _: &str, _: &mut Vec<_>| Vec::new();
    let files = resolve::catalog::Files { text: &text, nodes: &nodes };
    let mut times = Vec::new();
    for _ in 0..n_runs {
        let documents = documents.clone();
        let mut diags = Vec::new();
        let began = Instant::now();
        let catalog = resolve::catalog::catalog(&snapshot, &Rules::default(), documents, &files, &mut diags);
        times.push(began.elapsed());
        let n_relations: usize = catalog.relations.iter().map(Vec::len).sum();
        if times.len() == n_runs {
            println!("{} entities, {n_relations} relations", catalog.entities.len());
        }
    }
    times.sort();
    let ms = |time: &Duration| time.as_secs_f64() * 1_000.0;
    println!("resolve: {:.1} ms, the best {:.1} ms", ms(&times[n_runs / 2]), ms(&times[0]));
}

/// Prints how long the site takes, cold, and how long writing its files
/// takes.
fn whole_site(n_entities: usize, n_runs: usize) {
    let shm = Path::new("/dev/shm");
    let parent = if shm.is_dir() { shm.to_path_buf() } else { std::env::temp_dir() };
    let folder = tempfile::Builder::new().prefix("callboard-bench-").tempdir_in(parent);
    let folder = folder.expect("a folder to work in can be made");
    let (root, out) = (folder.path().join("portal"), folder.path().join("out"));
    let book = "[book]\ntitle = \"Large\"\n\n[[source]]\npath = \"repos/*\"\nurl = \"https://github.com/acme/{name}\"\n\
                ref = \"main\"\n";
    write(&root.join("book.toml"), book.as_bytes());
    let n_repos = n_entities / EACH;
    for repo in 0..n_repos {
        let text = descriptor(repo, n_repos * EACH);
        write(&root.join(format!("repos/repo-{repo:05}/catalog-info.yaml")), text.as_bytes());
    }
    for (name, search) in [("without search", false), ("all on", true)] {
        let features = measure::Features { highlight: true, search, cache: false };
        let mut runs = Vec::new();
        for _ in 0..n_runs {
            let _absent = fs::remove_dir_all(&out);
            runs.push(measure::build(&root, &out, features));
        }
        let peak_bytes = runs.iter().filter_map(|run| run.peak_bytes).max().unwrap_or(0);
        let site = median(runs.into_iter().map(|run| run.time).collect());
        let (n_files, n_bytes, floor) = floor_write(&out, n_runs);
        println!(
            "site, {name}: {:.3} s, {n_files} files, {:.0} MB, peak {:.0} MB; floor-write: {:.3} s; ratio {:.1}",
            site.as_secs_f64(),
            n_bytes as f64 / 1e6,
            peak_bytes as f64 / 1e6,
            floor.as_secs_f64(),
            site.as_secs_f64() / floor.as_secs_f64()
        );
    }
}

/// Writes the files of a site from memory into empty folders beside it.
fn floor_write(site: &Path, n_runs: usize) -> (usize, usize, Duration) {
    let paths: Vec<PathBuf> = measure::written(site).into_keys().collect();
    let files = par_map(&paths, |path| fs::read(path).expect("the file was just made"));
    let copy = site.with_extension("floor");
    let mut times = Vec::new();
    for _ in 0..n_runs {
        let began = Instant::now();
        par_map_indexed(&files, |idx, file| {
            let path = paths[idx].strip_prefix(site).expect("it lies in the site");
            write(&copy.join(path), file);
        });
        times.push(began.elapsed());
        fs::remove_dir_all(&copy).expect("the folder was just made");
    }
    (files.len(), files.iter().map(Vec::len).sum(), median(times))
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("the folder can be made");
    fs::write(path, bytes).expect("the file can be written");
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// The entities of one repository.
const EACH: usize = 20;

fn descriptor(repo: usize, n_entities: usize) -> String {
    (0..EACH).map(|idx| entity(repo * EACH + idx, n_entities)).collect()
}

fn portal(n_repos: usize) -> (Snapshot, Vec<Document>) {
    let repo = |idx: usize| Repo {
        name: if idx == 0 { "".into() } else { format!("repo-{idx:05}").into() },
        root: PathBuf::from(format!("/repo-{idx}")),
        remote: Remote::parse(&format!("https://github.com/acme/repo-{idx:05}")),
        git_ref: "main".into(),
        head: None,
        prefix: "".into(),
        rules: SourceRules::default(),
    };
    let mut snapshot = Snapshot { repos: (0..=n_repos).map(repo).collect(), files: Vec::new() };
    let mut documents = Vec::new();
    for repo in 0..n_repos {
        let text = descriptor(repo, n_repos * EACH);
        let file = FileId(repo as u32);
        snapshot.files.push(File {
            repo: RepoId(repo as u32 + 1),
            path: "catalog-info.yaml".into(),
            kind: FileKind::Yaml,
            size_bytes: text.len() as u64,
        });
        documents.extend(parse::descriptor::documents(file, text.as_bytes(), &mut Vec::new()));
    }
    (snapshot, documents)
}

/// Every entity has an owner and a system, and most depend on others, so
/// that each has about eleven relations.
fn entity(idx: usize, n: usize) -> String {
    let (n_groups, n_systems) = (n / 50 + 1, n / 40 + 1);
    if idx < n_groups {
        return format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: team-{idx}\nspec:\n  type: team\n  children: []\n---\n"
        );
    }
    let owner = format!("team-{}", idx * 7 % n_groups);
    if idx < n_groups + n_systems {
        return format!(
            "apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata:\n  name: system-{}\nspec:\n  owner: {owner}\n---\n",
            idx - n_groups
        );
    }
    let first = n_groups + n_systems;
    let depends: String = (1..=4)
        .map(|step| {
            format!("    - component:default/service-{}\n", first + (idx * 31 + step * 977) % (n - first))
        })
        .collect();
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: service-{idx}\n  title: Service {idx}\n  description: What service {idx} does.\n  annotations:\n    github.com/project-slug: acme/repo-{idx}\n    backstage.io/techdocs-ref: dir:.\n  tags: [java, grpc]\n  links:\n    - url: https://dash.acme.example/{idx}\n      title: Dashboard\nspec:\n  type: service\n  lifecycle: production\n  owner: {owner}\n  system: system-{}\n  dependsOn:\n{depends}---\n",
        idx % n_systems
    )
}
