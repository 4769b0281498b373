//! How long it takes to put a large catalog together: 11,000 entities
//! with 120,000 relations, from parsed documents on.
//!
//! ```text
//! cargo bench --bench catalog
//! ```

#![expect(clippy::print_stdout, reason = "prints a table")]

use std::path::PathBuf;
use std::time::Instant;

use callboard::model::config::Rules;
use callboard::model::file::{File, FileId, FileKind, RepoId, Snapshot};
use callboard::model::forge::Remote;
use callboard::model::repo::{Repo, SourceRules};
use callboard::model::yaml::Document;
use callboard::{parse, resolve};

fn main() {
    let is_bench = std::env::args().any(|arg| arg == "--bench");
    let (n_entities, n_runs) = if is_bench { (11_000, 7) } else { (110, 1) };
    let n_repos = n_entities / 20;
    let (snapshot, documents) = portal(n_repos, n_entities);
    let text = |_: FileId| Err("there are no files".to_string());
    let nodes = |_: FileId, _: &str, _: &mut Vec<_>| Vec::new();
    let files = resolve::catalog::Files { text: &text, nodes: &nodes };
    let mut best = f64::MAX;
    for _ in 0..n_runs {
        let documents = documents.clone();
        let mut diags = Vec::new();
        let began = Instant::now();
        let catalog = resolve::catalog::catalog(&snapshot, &Rules::default(), documents, &files, &mut diags);
        let took = began.elapsed().as_secs_f64() * 1_000.0;
        let n_relations: usize = catalog.relations.iter().map(Vec::len).sum();
        println!("{} entities, {n_relations} relations: {took:.1} ms", catalog.entities.len());
        best = best.min(took);
    }
    println!("best: {best:.1} ms");
}

fn portal(n_repos: usize, n_entities: usize) -> (Snapshot, Vec<Document>) {
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
    let each = n_entities / n_repos;
    for repo in 0..n_repos {
        let text: String = (0..each).map(|idx| entity(repo * each + idx, n_entities)).collect();
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
