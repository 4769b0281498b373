//! Tiny portals for the tests of this room, without any file.

use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::doc::{Doc, DocLink, Heading, LinkKind};
use crate::model::entity::{Annotation, Catalog, Entity, Metadata};
use crate::model::entity_ref::EntityRef;
use crate::model::file::{File, FileId, FileKind, RepoId, Snapshot};
use crate::model::forge::Remote;
use crate::model::repo::{Repo, SourceRules};
use crate::model::yaml::{Node, Value};

/// Makes a snapshot of `repo:path` lines; ` 11M` after a path is a size.
/// A repository whose name begins with `local` has no remote; one of the
/// form `mono@folder` is a folder of `mono`.
pub(super) fn snapshot(files: &[&str]) -> Snapshot {
    let mut places: Vec<(&str, &str)> =
        files.iter().map(|file| file.split_once(':').expect("a file is `repo:path`")).collect();
    places.sort();
    let mut repos = vec![repo("")];
    let mut snapshot = Snapshot::default();
    for (name, path) in places {
        if *repos[repos.len() - 1].name != *name {
            repos.push(repo(name));
        }
        let (path, size) = path.split_once(' ').map_or((path, 1), |(path, size)| (path, mib(size)));
        let file_name = path.rsplit('/').next().unwrap_or(path);
        let kind = match file_name {
            "mkdocs.yml" | "mkdocs.yaml" => FileKind::Mkdocs,
            "book.toml" => FileKind::BookToml,
            name if name.ends_with(".md") => FileKind::Markdown,
            name if name.ends_with(".yaml") => FileKind::Yaml,
            _ => FileKind::Other,
        };
        let path = path.replace("%20", " ").into();
        snapshot.files.push(File { repo: RepoId(repos.len() as u32 - 1), path, kind, size_bytes: size });
    }
    snapshot.repos = repos;
    snapshot
}

fn mib(size: &str) -> u64 {
    size.trim_end_matches('M').parse::<u64>().expect("a size is `11M`") << 20
}

fn repo(name: &str) -> Repo {
    let (host, prefix) = name.split_once('@').unwrap_or((name, ""));
    let has_remote = !name.is_empty() && !name.starts_with("local");
    Repo {
        name: name.into(),
        root: "/nowhere".into(),
        remote: has_remote.then(|| Remote::parse(&format!("https://github.com/Acme/{host}")).unwrap()),
        git_ref: "main".into(),
        head: None,
        prefix: prefix.into(),
        rules: SourceRules::default(),
    }
}

/// Finds `repo:path`.
#[track_caller]
pub(super) fn file(snapshot: &Snapshot, place: &str) -> FileId {
    let (name, path) = place.split_once(':').unwrap();
    let repo =
        snapshot.repos.iter().position(|repo| *repo.name == *name).unwrap_or_else(|| panic!("no {name}"));
    snapshot.find(RepoId(repo as u32), path).unwrap_or_else(|| panic!("no {place}"))
}

/// Makes a catalog of `reference @ repo:path key=value …` lines; keys
/// are annotations without `backstage.io/`.
pub(super) fn catalog(snapshot: &Snapshot, entities: &[&str]) -> Catalog {
    let mut entities: Vec<Entity> = entities.iter().map(|line| entity(snapshot, line)).collect();
    entities.sort_by(|a, b| a.entity_ref.cmp(&b.entity_ref));
    let relations = vec![Vec::new(); entities.len()];
    Catalog { entities, relations, ..Catalog::default() }
}

fn entity(snapshot: &Snapshot, line: &str) -> Entity {
    let mut words = line.split(' ');
    let entity_ref = EntityRef::parse(words.next().unwrap(), None, "default").unwrap();
    let file = file(snapshot, words.nth(1).unwrap());
    let span = Span::of_file(file);
    let annotations = words
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap();
            Annotation { key: format!("backstage.io/{key}").into(), value: value.into(), span }
        })
        .collect();
    let empty = Node { span, tag: None, value: Value::Mapping(Vec::new()) };
    Entity {
        api_version: "backstage.io/v1alpha1".into(),
        kind: entity_ref.kind.clone(),
        file,
        name_span: span,
        document: span,
        metadata: Metadata { name: entity_ref.name.clone(), annotations, ..Metadata::default() },
        references: Vec::new(),
        origin: None,
        inferred_owner: None,
        source: "".into(),
        root: empty,
        entity_ref,
    }
}

/// Makes a page with a title, headings (`id` or `id|alias`) and links; a
/// link that begins with `!` is an image.
pub(super) fn doc(file: FileId, title: Option<&str>, headings: &[&str], links: &[&str]) -> Doc {
    let span = Span::of_file(file);
    let heading = |text: &&str| {
        let (id, alias) = text.split_once('|').map_or((*text, None), |(id, alias)| (id, Some(alias)));
        Heading { level: 2, id: id.into(), alias: alias.map(Box::from), text: id.into(), span }
    };
    let link = |target: &&str| {
        let image = target.strip_prefix('!');
        let kind = if image.is_some() { LinkKind::Src } else { LinkKind::Href };
        DocLink { kind, target: image.unwrap_or(target).into(), span }
    };
    let title_heading =
        title.map(|title| Heading { level: 1, id: "title".into(), alias: None, text: title.into(), span });
    Doc {
        file,
        key: Default::default(),
        meta_title: None,
        description: None,
        hide: Vec::new(),
        search_exclude: false,
        meta: Vec::new(),
        headings: title_heading.into_iter().chain(headings.iter().map(heading)).collect(),
        starts_with_title: title.is_some(),
        body: Vec::new().into(),
        links: links.iter().map(link).collect(),
        anchors: vec!["raw".into()],
        sections: Vec::new().into(),
        counted: None,
        diagnostics: Vec::new(),
    }
}

/// Shows diagnostics, a line each, with their files.
pub(super) fn said(snapshot: &Snapshot, diags: &[Diagnostic]) -> String {
    let line = |diag: &Diagnostic| {
        let place = diag.span.map_or("", |span| &*snapshot.file(span.file).path);
        let help =
            diag.help.as_deref().filter(|help| help.contains("did you mean") || help.starts_with("write"));
        let help = help.map_or(String::new(), |help| format!(" ({help})"));
        format!("{place}: {} {}: {}{help}\n", diag.severity().name(), diag.code.id, diag.message)
    };
    diags.iter().map(line).collect()
}
