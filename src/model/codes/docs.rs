//! Diagnostics of docs sites, navigation and links.

use crate::model::diagnostic::{Code, Diagnostic, Severity, Span};

/// All codes of this file.
pub const ALL: &[&Code] = &[
    &BROKEN_ANCHOR,
    &BROKEN_LINK,
    &DOCS_CONFIG_BROKEN,
    &DOCS_CONFIG_IGNORED,
    &DOCS_CONFIG_INHERIT,
    &DOCS_CONFIG_UNSUPPORTED,
    &DOCS_CONFIG_VALUE,
    &DOCS_DIR_MISSING,
    &DOCS_DIR_OUTSIDE,
    &DOCS_ELSEWHERE,
    &DOCS_MISSING,
    &DOCS_STRICT,
    &FILE_NOT_PUBLISHED,
    &LARGE_ASSET,
    &LINK_CASE,
    &LINK_OUTSIDE,
    &NAV_ENTRY,
    &NAV_NOT_FOUND,
    &NAV_OMITTED,
    &NAV_PATTERN,
    &NESTED_PORTAL,
    &NO_DESCRIPTOR,
    &NO_HISTORY,
    &PATH_COLLISION,
    &REDIRECT_TARGET,
    &RESERVED_FILE_NAME,
    &SHALLOW_HISTORY,
    &TECHDOCS_ENTITY,
    &TECHDOCS_REF,
    &TECHDOCS_REF_OUTSIDE,
    &TWO_DOCS_CONFIGS,
];

/// A docs configuration that cannot be read.
pub static DOCS_CONFIG_BROKEN: Code = Code {
    id: "docs-config-broken",
    severity: Severity::Error,
    summary: "a `mkdocs.yml` or mdBook `book.toml` that cannot be read",
    explanation: "The docs are built with the defaults: all pages below `docs/`, in the order of their \
        names. A `mkdocs.yml` is one YAML mapping:\n\n```yaml\nsite_name: Payments\nnav:\n  - Home: index.md\n```\n",
};

/// `what` says why the file cannot be used.
pub fn docs_config_broken(span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(&DOCS_CONFIG_BROKEN, Some(span), format!("this docs configuration is not used: {what}"))
        .with_help("mend the file; until then the docs are built with the defaults")
}

/// Settings of a docs configuration that run code or scripts.
pub static DOCS_CONFIG_IGNORED: Code = Code {
    id: "docs-config-ignored",
    severity: Severity::Warning,
    summary: "a docs configuration asks for code that Callboard never runs",
    explanation: "Callboard runs nothing that a repository brings: no MkDocs hooks, no plugins, no scripts \
        and no templates of its own, and it never reads the environment. Pages that need them may look other \
        than with MkDocs. Remove the setting, or write what it generates into the pages.",
};

/// `names` are the settings, in backticks.
pub fn docs_config_ignored(span: Span, names: &[String]) -> Diagnostic {
    Diagnostic::new(
        &DOCS_CONFIG_IGNORED,
        Some(span),
        format!("not supported and ignored: {}", names.join(", ")),
    )
    .with_help("content never makes Callboard run code; write what these generate into the pages")
}

/// An `INHERIT` that cannot be followed.
pub static DOCS_CONFIG_INHERIT: Code = Code {
    id: "docs-config-inherit",
    severity: Severity::Warning,
    summary: "`INHERIT` of a `mkdocs.yml` that cannot be followed",
    explanation: "`INHERIT` names a configuration that this one is laid over: mappings are merged, anything else \
        is replaced. The file is relative to the one that names it and must be in the same repository, so that no \
        repository reads files of another one. The docs are built with what is left.",
};

/// `what` says why it cannot be followed.
pub fn docs_config_inherit(span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(&DOCS_CONFIG_INHERIT, Some(span), format!("`INHERIT` is not followed: {what}"))
        .with_help("name a file of the same repository, relative to this one")
}

/// Plugins and extensions that Callboard does not have.
pub static DOCS_CONFIG_UNSUPPORTED: Code = Code {
    id: "docs-config-unsupported",
    severity: Severity::Info,
    summary: "a docs configuration names plugins or extensions that are not there",
    explanation: "Callboard does the work of the usual plugins of MkDocs itself: search, monorepo, redirects, \
        awesome-pages, literate-nav, section-index, exclude, git-revision-date and git-authors, and it reads the \
        syntax of the extensions of Python-Markdown and pymdownx. What it does not have is named here once, with \
        what pages lack without it. Nothing is ever installed or run.",
};

/// `names` are the settings in backticks, each with what it means.
pub fn docs_config_unsupported(span: Span, names: &[String]) -> Diagnostic {
    Diagnostic::new(&DOCS_CONFIG_UNSUPPORTED, Some(span), format!("not supported: {}", names.join(", ")))
        .with_help("the pages are shown without them")
}

/// Docs that are to have no warnings, and have some.
pub static DOCS_STRICT: Code = Code {
    id: "docs-strict",
    severity: Severity::Error,
    summary: "docs with `strict: true` have warnings",
    explanation: "With `strict: true` in `mkdocs.yml` MkDocs stops at a warning. Callboard builds the docs all the \
        same, since one team's typo must not stop the portal, and reports one error, so that `callboard check` \
        fails. Mend what the warnings name, or remove `strict`.",
};

/// `n_warnings` were given for these docs.
pub fn docs_strict(span: Span, n_warnings: usize) -> Diagnostic {
    let are = if n_warnings == 1 { "is one warning" } else { "are warnings" };
    let count = if n_warnings == 1 { String::new() } else { format!(" ({n_warnings})") };
    Diagnostic::new(
        &DOCS_STRICT,
        Some(span),
        format!("`strict` is set, and there {are} for these docs{count}"),
    )
    .with_help("mend what the warnings name, or remove `strict`")
}

/// A setting with a value of the wrong type.
pub static DOCS_CONFIG_VALUE: Code = Code {
    id: "docs-config-value",
    severity: Severity::Warning,
    summary: "a setting of a docs configuration has a value of the wrong type",
    explanation: "The setting is left at its default. The message says what was found and what was expected.",
};

/// `key` holds `found` where `expected` belongs.
pub fn docs_config_value(span: Span, key: &str, found: &str, expected: &str) -> Diagnostic {
    Diagnostic::new(&DOCS_CONFIG_VALUE, Some(span), format!("`{key}` is {found}, expected {expected}"))
        .with_help(format!("give `{key}` {expected}, or remove it"))
}

/// An entry of `nav` that names nothing.
pub static NAV_ENTRY: Code = Code {
    id: "nav-entry",
    severity: Severity::Warning,
    summary: "an entry of the navigation that cannot be used",
    explanation: "An entry of `nav` is a page, a page with a title, a section, or a link:\n\n```yaml\nnav:\n  \
        - index.md\n  - Setup: setup.md\n  - Guides:\n      - guides/first.md\n  - Chat: https://chat.example\n```\n\n\
        Anything else is left out. The other entries are kept.",
};

/// `what` says what is wrong with the entry.
pub fn nav_entry(span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(&NAV_ENTRY, Some(span), format!("entry of the navigation is left out: {what}"))
        .with_help("write `- Title: page.md`, `- Title: https://…`, or a list of such entries")
}

/// An entry of `nav` whose page does not exist.
pub static NAV_NOT_FOUND: Code = Code {
    id: "nav-not-found",
    severity: Severity::Warning,
    summary: "the navigation names a page that does not exist",
    explanation: "Paths in `nav` are relative to the docs folder (`docs_dir`), not to `mkdocs.yml`. The entry is \
        left out; pages that the navigation does not name are still written.",
};

/// `path` is not a page below `docs_dir`; `nearest` is one like it.
pub fn nav_not_found(span: Span, path: &str, docs_dir: &str, nearest: Option<&str>) -> Diagnostic {
    let place = if docs_dir.is_empty() { "the repository".to_string() } else { format!("`{docs_dir}/`") };
    let diagnostic = Diagnostic::new(
        &NAV_NOT_FOUND,
        Some(span),
        format!("the navigation names `{path}`, which is not a page in {place}"),
    );
    match nearest {
        Some(nearest) => diagnostic.with_help(format!("did you mean `{nearest}`?")),
        None => diagnostic.with_help("add the page, or remove the entry"),
    }
}

/// Pages that the navigation does not name.
pub static NAV_OMITTED: Code = Code {
    id: "nav-omitted",
    severity: Severity::Info,
    summary: "pages that the navigation does not name",
    explanation: "The pages are written and can be found by search and by links, but no menu leads to them. Add \
        them to `nav`, or name them in `not_in_nav` if that is meant.",
};

/// `sources` are the pages.
pub fn nav_omitted(span: Span, sources: &[&str]) -> Diagnostic {
    const N_SHOWN: usize = 3;
    let mut shown: Vec<String> = sources.iter().take(N_SHOWN).map(|source| format!("`{source}`")).collect();
    if sources.len() > N_SHOWN {
        shown.push(format!("and {} more", sources.len() - N_SHOWN));
    }
    let message = format!("the navigation does not name {}", shown.join(", "));
    Diagnostic::new(&NAV_OMITTED, Some(span), message).with_help("add them to `nav`, or to `not_in_nav`")
}

/// A pattern of a navigation that cannot be read.
pub static NAV_PATTERN: Code = Code {
    id: "nav-pattern",
    severity: Severity::Warning,
    summary: "a pattern of the navigation that cannot be read",
    explanation: "With awesome-pages `... | guides-*` stands for what matches a glob, and `... | regex=^guide-\\d+` \
        for what matches a regular expression. Expressions are tried in linear time, so there is no looking ahead or \
        behind and no reference to a group, and what they stand for is bounded. The entry is left out, and what it \
        was to match is part of the rest.",
};

/// `entry` is as written, `reason` says why it cannot be read.
pub fn nav_pattern(span: Span, entry: &str, reason: &str) -> Diagnostic {
    Diagnostic::new(&NAV_PATTERN, Some(span), format!("the pattern of `{entry}` cannot be read: {reason}"))
        .with_help("mend the pattern, or name the pages")
}

/// A redirect that leads nowhere.
pub static REDIRECT_TARGET: Code = Code {
    id: "redirect-target",
    severity: Severity::Warning,
    summary: "a redirect of the docs leads nowhere",
    explanation: "A redirect names the old path of a page and the new one, both relative to the docs folder, or a \
        URL:\n\n```yaml\nplugins:\n  - redirects:\n      redirect_maps:\n        old.md: new/place.md\n        \
        gone.md: https://example.com/\n```\n\nOne that leads to no page is left out.",
};

/// `from` was to lead to `to`.
pub fn redirect_target(span: Span, from: &str, to: &str) -> Diagnostic {
    Diagnostic::new(&REDIRECT_TARGET, Some(span), format!("`{from}` leads to `{to}`, which is not a page"))
        .with_help("name a page relative to the docs folder, or a URL")
}

/// A repository whose history git could not tell.
pub static NO_HISTORY: Code = Code {
    id: "no-history",
    severity: Severity::Info,
    summary: "git could not tell the history of a repository",
    explanation: "Pages of its docs show no date and no authors. Either there is no `git` on the PATH, or the \
        repository's objects are not all there. Callboard reads nothing of a repository's own configuration and \
        runs none of its hooks when it asks git. `--no-git`, or `history = false` under `[docs]` of `book.toml`, \
        asks nothing.",
};

/// The source `repo` has a commit, but git does not know it.
pub fn no_history(repo: &str) -> Diagnostic {
    Diagnostic::new(&NO_HISTORY, None, format!("the history of `{repo}` could not be read"))
        .with_help("install git, or build with `--no-git`")
}

/// A repository whose history was cut off.
pub static SHALLOW_HISTORY: Code = Code {
    id: "shallow-history",
    severity: Severity::Info,
    summary: "a shallow clone, whose pages show no dates",
    explanation: "A shallow clone knows its last commits alone, and every older file seems to have been written by \
        the oldest of them. Pages show no date rather than a wrong one. Fetch the whole history: `git fetch \
        --unshallow`, or `fetch-depth: 0` for GitHub's checkout action, `GIT_DEPTH: 0` for GitLab. It need not \
        hold the contents of old files: `git clone --filter=blob:none` is enough.",
};

/// The source `repo` is a shallow clone.
pub fn shallow_history(repo: &str) -> Diagnostic {
    Diagnostic::new(
        &SHALLOW_HISTORY,
        None,
        format!("`{repo}` is a shallow clone, so its pages show no dates"),
    )
    .with_help("fetch the whole history with `git fetch --unshallow`, or build with `--no-git`")
}

/// A `techdocs-ref` that leads out of its repository.
pub static TECHDOCS_REF_OUTSIDE: Code = Code {
    id: "techdocs-ref-outside",
    severity: Severity::Error,
    summary: "`backstage.io/techdocs-ref` leads out of the repository",
    explanation: "A path after `dir:` is relative to the descriptor and must stay inside its repository, so \
        that no repository can publish files of another one or of the machine. Move the docs into the \
        repository, or point to another repository of the portal with `url:`.",
};

/// `value` is the annotation's value.
pub fn techdocs_ref_outside(span: Span, value: &str) -> Diagnostic {
    Diagnostic::new(&TECHDOCS_REF_OUTSIDE, Some(span), format!("`{value}` leads out of the repository"))
        .with_help("use a path inside the repository, such as `dir:.`")
}

/// A `techdocs-ref` of an unknown form.
pub static TECHDOCS_REF: Code = Code {
    id: "techdocs-ref",
    severity: Severity::Warning,
    summary: "a `backstage.io/techdocs-ref` of an unknown form",
    explanation: "The annotation says where an entity's docs are. `dir:` names a folder relative to the \
        descriptor, `url:` a folder of a repository at its host:\n\n```yaml\nmetadata:\n  annotations:\n    \
        backstage.io/techdocs-ref: dir:.\n```\n",
};

/// `value` is the annotation's value.
pub fn techdocs_ref(span: Span, value: &str) -> Diagnostic {
    Diagnostic::new(&TECHDOCS_REF, Some(span), format!("cannot read the docs reference `{value}`"))
        .with_help("write `dir:.` for docs beside the descriptor, or `url:https://…` for another repository")
}

/// Docs in a repository that the portal does not hold.
pub static DOCS_ELSEWHERE: Code = Code {
    id: "docs-elsewhere",
    severity: Severity::Info,
    summary: "an entity's docs are in a repository that is not part of the portal",
    explanation: "Callboard builds docs of the repositories that are its sources and fetches nothing from the \
        network. Add the other repository as a `[[source]]` of `book.toml`, and its docs appear here.",
};

/// `url` is what the annotation names.
pub fn docs_elsewhere(span: Span, url: &str) -> Diagnostic {
    Diagnostic::new(
        &DOCS_ELSEWHERE,
        Some(span),
        format!("the docs at `{url}` are in no source of the portal"),
    )
    .with_help("add that repository as a `[[source]]` of `book.toml`")
}

/// An entity whose docs folder holds no docs.
pub static DOCS_MISSING: Code = Code {
    id: "docs-missing",
    severity: Severity::Warning,
    summary: "an entity says that it has docs, and there are none",
    explanation: "In the folder that `backstage.io/techdocs-ref` names, Callboard looks for `mkdocs.yaml`, \
        `mkdocs.yml`, mdBook's `book.toml`, a folder `docs/` with Markdown, and a README, in this order. Add one \
        of them, or remove the annotation.",
};

/// `folder` of `entity` holds no docs.
pub fn docs_missing(span: Span, entity: &str, folder: &str) -> Diagnostic {
    let folder = if folder.is_empty() { "the repository's root".to_string() } else { format!("`{folder}/`") };
    Diagnostic::new(&DOCS_MISSING, Some(span), format!("`{entity}` has no docs in {folder}"))
        .with_help("add `docs/index.md` there; looked for `mkdocs.yaml`, `mkdocs.yml`, `book.toml`, Markdown in `docs/`, and a README")
}

/// A `techdocs-entity` without such an entity or docs.
pub static TECHDOCS_ENTITY: Code = Code {
    id: "techdocs-entity",
    severity: Severity::Warning,
    summary: "`backstage.io/techdocs-entity` names an entity without docs",
    explanation: "The annotation lends an entity the docs of another one. It holds a full reference, such as \
        `component:default/payments`, and that entity needs docs of its own.",
};

/// `value` is the annotation's value, `what` what is wrong with it.
pub fn techdocs_entity(span: Span, value: &str, what: &str) -> Diagnostic {
    Diagnostic::new(&TECHDOCS_ENTITY, Some(span), format!("`{value}` {what}"))
        .with_help("name an entity that has `backstage.io/techdocs-ref`")
}

/// Two docs configurations in one folder.
pub static TWO_DOCS_CONFIGS: Code = Code {
    id: "two-docs-configs",
    severity: Severity::Warning,
    summary: "a folder holds both `mkdocs.yaml` and `mkdocs.yml`",
    explanation: "As in Backstage, `mkdocs.yaml` counts and `mkdocs.yml` is ignored. Remove one of them.",
};

/// The file of `span` is ignored for the `mkdocs.yaml` beside it.
pub fn two_docs_configs(span: Span) -> Diagnostic {
    Diagnostic::new(
        &TWO_DOCS_CONFIGS,
        Some(span),
        "`mkdocs.yml` is ignored, `mkdocs.yaml` beside it counts".to_string(),
    )
    .with_help("remove one of the two files")
}

/// A `docs_dir` that leads out of the repository.
pub static DOCS_DIR_OUTSIDE: Code = Code {
    id: "docs-dir-outside",
    severity: Severity::Error,
    summary: "`docs_dir` leads out of the repository",
    explanation: "`docs_dir` is relative to its `mkdocs.yml` and must stay inside the repository. The docs are \
        not built until it does.",
};

/// `docs_dir` is the value as written.
pub fn docs_dir_outside(span: Span, docs_dir: &str) -> Diagnostic {
    Diagnostic::new(
        &DOCS_DIR_OUTSIDE,
        Some(span),
        format!("`docs_dir` `{docs_dir}` leads out of the repository"),
    )
    .with_help("use a folder inside the repository, such as `docs`")
}

/// A `docs_dir` without pages.
pub static DOCS_DIR_MISSING: Code = Code {
    id: "docs-dir-missing",
    severity: Severity::Warning,
    summary: "the docs folder of a configuration holds no pages",
    explanation: "`docs_dir` names the folder of the pages, relative to `mkdocs.yml`; the default is `docs`. A \
        `mkdocs.yml` that lies inside its own docs folder belongs one folder up.",
};

/// `docs_dir` holds no Markdown.
pub fn docs_dir_missing(span: Span, docs_dir: &str) -> Diagnostic {
    Diagnostic::new(
        &DOCS_DIR_MISSING,
        Some(span),
        format!("the docs folder `{docs_dir}/` has no Markdown pages"),
    )
    .with_help("add `index.md` there, or name the folder of the pages in this configuration")
}

/// A repository with docs and no descriptor.
pub static NO_DESCRIPTOR: Code = Code {
    id: "no-descriptor",
    severity: Severity::Info,
    summary: "a repository has docs, and no entity that they belong to",
    explanation: "Its docs are shown under the repository's name. With a `catalog-info.yaml` at its root they \
        belong to a component, with an owner and relations:\n\n```yaml\napiVersion: backstage.io/v1alpha1\nkind: \
        Component\nmetadata:\n  name: payments\n  annotations:\n    backstage.io/techdocs-ref: dir:.\nspec:\n  type: \
        service\n  lifecycle: production\n  owner: team-payments\n```\n\n`callboard init` writes such a file.",
};

/// `repo` has docs at `span` and no entity.
pub fn no_descriptor(span: Span, repo: &str) -> Diagnostic {
    Diagnostic::new(&NO_DESCRIPTOR, Some(span), format!("repository `{repo}` has docs and no descriptor"))
        .with_help("add a `catalog-info.yaml` at its root; `callboard init` writes one")
}

/// A portal inside of a source.
pub static NESTED_PORTAL: Code = Code {
    id: "nested-portal",
    severity: Severity::Info,
    summary: "a source holds a portal of its own, which is not followed",
    explanation: "A `book.toml` with `[portal]` or `[[source]]` configures a portal. Inside of a source it is not \
        followed: a repository cannot add sources to the portal that shows it.",
};

/// The file of `span` configures a portal.
pub fn nested_portal(span: Span) -> Diagnostic {
    Diagnostic::new(
        &NESTED_PORTAL,
        Some(span),
        "this `book.toml` is a portal of its own and is not followed".to_string(),
    )
    .with_help("nothing to do; exclude the file to silence this")
}

/// Two files that would be written to one place.
pub static PATH_COLLISION: Code = Code {
    id: "path-collision",
    severity: Severity::Error,
    summary: "two files of a docs site would be written to the same place",
    explanation: "`a.md` and `a/index.md` have the same URL, as have `README.md` and `index.md`, and names that \
        differ only in case cannot lie side by side on every host. An `index.md` goes before a `README.md`; else \
        the first file by name is kept. Rename the other one.",
};

/// The file of `span`, `path`, gives way to `first`.
pub fn path_collision(span: Span, path: &str, first: &str, first_span: Span) -> Diagnostic {
    Diagnostic::new(
        &PATH_COLLISION,
        Some(span),
        format!("`{path}` has the same URL as `{first}` and is left out"),
    )
    .with_note(format!("`{first}` is kept"), Some(first_span))
    .with_help("rename or remove one of the two files")
}

/// A file that only the host of a site reads.
pub static RESERVED_FILE_NAME: Code = Code {
    id: "reserved-file-name",
    severity: Severity::Warning,
    summary: "a file of a docs folder has a name that hosts act on",
    explanation: "Files such as `CNAME`, `_redirects`, `_headers` or `robots.txt` steer the host of a whole \
        site. A docs folder cannot bring them; the portal's operator places them beside the site.",
};

/// `name` is the name of the file.
pub fn reserved_file_name(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        &RESERVED_FILE_NAME,
        Some(span),
        format!("`{name}` steers the host of a site and is not published"),
    )
    .with_help("rename the file, or list it in `exclude_docs`")
}

/// An asset over the size limit.
pub static LARGE_ASSET: Code = Code {
    id: "large-asset",
    severity: Severity::Warning,
    summary: "a file of a docs folder is too large to publish",
    explanation: "Files of more than 10 MiB are not copied into the site; links to them lead to the repository's \
        host. Make the file smaller, or keep it in a release or an object store.",
};

/// `path` has `size_bytes`.
pub fn large_asset(span: Span, path: &str, size_bytes: u64) -> Diagnostic {
    let mib = size_bytes.div_ceil(1 << 20);
    Diagnostic::new(
        &LARGE_ASSET,
        Some(span),
        format!("`{path}` has {mib} MiB and is not published, the limit is 10 MiB"),
    )
    .with_help("make the file smaller, or link to it elsewhere")
}

/// A link without a target.
pub static BROKEN_LINK: Code = Code {
    id: "broken-link",
    severity: Severity::Warning,
    summary: "a link leads to nothing",
    explanation: "Links between pages are relative to the file that they stand in: `[Setup](../guides/setup.md)`. \
        A link that starts with `/` is looked up in the docs folder, then in the repository. A broken link is \
        shown as text.",
};

/// `target` leads to nothing; `nearest` is written relative to the page.
pub fn broken_link(span: Span, target: &str, nearest: Option<&str>) -> Diagnostic {
    let message = match target {
        "" => "link without a target".to_string(),
        target => format!("link to `{target}`, which does not exist"),
    };
    let diagnostic = Diagnostic::new(&BROKEN_LINK, Some(span), message);
    match nearest {
        Some(nearest) => diagnostic.with_help(format!("did you mean `{nearest}`?")),
        None => diagnostic.with_help("mend the link, or remove it"),
    }
}

/// Nothing is said of `n_more` links of a page.
pub fn more_broken_links(span: Span, n_more: usize) -> Diagnostic {
    Diagnostic::new(
        &BROKEN_LINK,
        Some(span),
        format!("there is something to say of {n_more} more links of this page"),
    )
    .with_help("mend those that are listed, and build again")
}

/// A link that leaves its repository.
pub static LINK_OUTSIDE: Code = Code {
    id: "link-outside",
    severity: Severity::Warning,
    summary: "a link leads out of the repository",
    explanation: "A relative link may lead to any page, and to any file of its own repository. One with too many \
        `../` leads out of it, and to nothing. Link to other repositories by their URL.",
};

/// `target` has too many `..`.
pub fn link_outside(span: Span, target: &str) -> Diagnostic {
    Diagnostic::new(&LINK_OUTSIDE, Some(span), format!("link to `{target}` leads out of the repository"))
        .with_help("count the `../`, or link to the other repository's URL")
}

/// A link that differs from its file in case.
pub static LINK_CASE: Code = Code {
    id: "link-case",
    severity: Severity::Warning,
    summary: "a link differs from its file in upper and lower case",
    explanation: "The link was followed all the same. Most hosts tell `Setup.md` from `setup.md`, so it breaks \
        elsewhere.",
};

/// `target` means `actual`, relative to the page.
pub fn link_case(span: Span, target: &str, actual: &str) -> Diagnostic {
    Diagnostic::new(&LINK_CASE, Some(span), format!("link to `{target}` differs in case from the file"))
        .with_help(format!("write `{actual}`"))
}

/// A link whose anchor does not exist.
pub static BROKEN_ANCHOR: Code = Code {
    id: "broken-anchor",
    severity: Severity::Warning,
    summary: "a link leads to a heading that does not exist",
    explanation: "The part after `#` is the anchor of a heading: its text in lower case, with hyphens for spaces. \
        The link leads to the page's beginning instead. Anchors as GitHub makes them are understood too.",
};

/// `fragment` is not an anchor of `page`; `nearest` is one.
pub fn broken_anchor(span: Span, fragment: &str, page: Option<&str>, nearest: Option<&str>) -> Diagnostic {
    let place = match page {
        Some(page) => format!("`{page}`"),
        None => "this page".to_string(),
    };
    let diagnostic = Diagnostic::new(
        &BROKEN_ANCHOR,
        Some(span),
        format!("{place} has no heading with the anchor `#{fragment}`"),
    );
    match nearest {
        Some(nearest) => diagnostic.with_help(format!("did you mean `#{nearest}`?")),
        None => diagnostic.with_help("link to one of the page's headings, or to the page alone"),
    }
}

/// A link to a file that exists and is not published.
pub static FILE_NOT_PUBLISHED: Code = Code {
    id: "file-not-published",
    severity: Severity::Warning,
    summary: "a link leads to a file that the portal does not publish",
    explanation: "Only pages, images, media, PDF, ZIP, text and CSV files are published; HTML, scripts and files \
        with a hidden name never are. When the repository's host is known, a link leads there instead.",
};

/// `target` names a file of the repository.
pub fn file_not_published(span: Span, target: &str) -> Diagnostic {
    Diagnostic::new(
        &FILE_NOT_PUBLISHED,
        Some(span),
        format!("`{target}` is not a file that the portal publishes"),
    )
    .with_help("set the source's `url`, so that such links lead to its host, or link to a page")
}

/// An entry of a navigation leads to `target`, whose scheme is not
/// allowed.
pub fn unsafe_link(span: Span, target: &str) -> Diagnostic {
    let target: String = target.chars().take(80).collect();
    Diagnostic::new(
        &super::markdown::UNSAFE_LINK,
        Some(span),
        format!("link to `{target}` has a scheme that is not allowed"),
    )
    .with_help("use `https:`, `http:`, `mailto:` or `tel:`, or a relative link")
}
