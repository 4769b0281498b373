//! `book.toml` and `CALLBOARD_…` variables to a [`Config`].
//!
//! A key that we do not know is a diagnostic; a value that we cannot use
//! stops the command, since the site would not be the one that was asked
//! for. Keys of mdBook are accepted in silence.

pub mod checks;
mod search;
pub mod tree;

use std::path::{Component, Path, PathBuf};

use crate::base::text::{Lines, nearest};
use crate::model::codes;
use crate::model::config::{
    AnnotationLink, Book, Build, Catalog, Config, Content, DiagramTool, Discovery, Docs, Markdown, Portal,
    Rules, Source, Theme,
};
use crate::model::diagnostic::Diagnostic;
use crate::model::failure::Failure;

use checks::{accent, base_url, git_ref, host, language, link_url, source_name, source_url, theme_name};
use tree::{Item, Place, Table, Value};

/// A table's name, the keys that we read, and those that mdBook reads.
struct Keys {
    table: &'static str,
    ours: &'static [&'static str],
    mdbook: &'static [&'static str],
}

const TOP: Keys = Keys {
    table: "",
    ours: &[
        "book", "portal", "source", "build", "theme", "search", "markdown", "content", "catalog", "docs",
        "diagram",
    ],
    mdbook: &["output", "preprocessor", "rust"],
};
const BOOK: Keys = Keys {
    table: "book",
    ours: &["title", "description", "authors", "language"],
    mdbook: &["src", "text-direction", "multilingual"],
};
const PORTAL: Keys = Keys { table: "portal", ours: &["organization", "base-url", "home"], mdbook: &[] };
const SOURCE: Keys = Keys {
    table: "source",
    ours: &["path", "entities", "name", "exclude", "url", "ref", "allow", "catalog"],
    mdbook: &[],
};
const BUILD: Keys = Keys {
    table: "build",
    ours: &["build-dir"],
    mdbook: &["create-missing", "use-default-preprocessors", "extra-watch-dirs"],
};
const THEME: Keys = Keys { table: "theme", ours: &["name", "logo", "favicon", "accent", "dir"], mdbook: &[] };
const MARKDOWN: Keys = Keys { table: "markdown", ours: &["highlight"], mdbook: &[] };
const CATALOG: Keys = Keys {
    table: "catalog",
    ours: &["link", "discovery", "allow", "reserved-namespaces", "hosts"],
    mdbook: &[],
};
const DOCS: Keys = Keys { table: "docs", ours: &["history", "print", "techdocs-output"], mdbook: &[] };
const DIAGRAM: Keys = Keys { table: "diagram", ours: &["command", "server"], mdbook: &[] };
const CONTENT: Keys = Keys { table: "content", ours: &["remote-images"], mdbook: &[] };

const LINK: Keys = Keys { table: "catalog.link", ours: &["title", "icon", "url"], mdbook: &[] };

/// Reads the configuration of a portal. `text` is `book.toml`, if there
/// is one at `file`; `variables` are the environment's `CALLBOARD_…`
/// pairs. Spans of the diagnostics name `FileId(0)`.
///
/// A `book.toml` without `[portal]` and `[[source]]` is an mdBook's: only
/// its title, description, authors and language count.
pub fn config(
    root: &Path,
    file: Option<&Path>,
    text: Option<&str>,
    variables: &[(String, String)],
    diags: &mut Vec<Diagnostic>,
) -> Result<Config, Failure> {
    let text = text.unwrap_or_default();
    let mut reader = Reader { source: tree::Source { file, lines: Lines::new(text) }, root, diags };
    let mut top = tree::of_toml(text, &reader.source)?;
    if !top.has("portal") && !top.has("source") {
        keep_mdbook(&mut top);
    }
    override_with(&mut top, variables);

    let defaults = Config::of_folder(root.to_path_buf());
    let config = Config {
        root: root.to_path_buf(),
        file: file.map(Path::to_path_buf),
        book: reader.book(&mut top, defaults.book)?,
        portal: reader.portal(&mut top)?,
        sources: reader.sources(&mut top)?,
        build: reader.build(&mut top, defaults.build)?,
        theme: reader.theme(&mut top, defaults.theme)?,
        search: reader.search(&mut top, defaults.search)?,
        markdown: reader.markdown(&mut top, defaults.markdown)?,
        content: reader.content(&mut top)?,
        catalog: reader.catalog(&mut top)?,
        docs: reader.docs(&mut top, defaults.docs)?,
        tools: reader.tools(&mut top)?,
        is_offline: false,
    };
    reader.unknown(&TOP, top);
    Ok(config)
}

fn keep_mdbook(top: &mut Table) {
    top.entries.retain(|(key, _)| key.name == "book");
    if let Some((_, Item { value: Value::Table(book), .. })) = top.entries.first_mut() {
        book.entries.retain(|(key, _)| BOOK.ours.contains(&key.name.as_str()));
    }
}

fn override_with(top: &mut Table, variables: &[(String, String)]) {
    let mut variables: Vec<&(String, String)> = variables.iter().collect();
    variables.sort();
    for (name, text) in variables {
        let Some((key, item)) = tree::of_variable(name, text) else { continue };
        let path: Vec<&str> = key.split('.').collect();
        // A variable that names no table of ours is not about `book.toml`.
        if TOP.ours.contains(&path[0]) {
            top.set(&path, item);
        }
    }
}

struct Reader<'r> {
    source: tree::Source<'r>,
    root: &'r Path,
    diags: &'r mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn book(&mut self, top: &mut Table, defaults: Book) -> Result<Book, Failure> {
        let mut table = self.table(top, "book")?;
        let book = Book {
            title: self
                .text(&mut table, "title")?
                .filter(|title| !title.trim().is_empty())
                .unwrap_or(defaults.title),
            description: self.text(&mut table, "description")?,
            authors: self.texts(&mut table, "authors")?,
            language: self.checked_text(&mut table, "language", language)?.unwrap_or(defaults.language),
        };
        self.unknown(&BOOK, table);
        Ok(book)
    }

    fn portal(&mut self, top: &mut Table) -> Result<Portal, Failure> {
        let mut table = self.table(top, "portal")?;
        let portal = Portal {
            organization: self.text(&mut table, "organization")?,
            base_url: self.checked_text(&mut table, "base-url", base_url)?,
            home: self.home(&mut table)?,
        };
        self.unknown(&PORTAL, table);
        Ok(portal)
    }

    fn home(&self, table: &mut Table) -> Result<Option<PathBuf>, Failure> {
        let Some((text, place)) = self.placed_text(table, "home")? else { return Ok(None) };
        let home = self.path(&text, "home", &place)?;
        match home.starts_with(self.root) {
            true => Ok(Some(home)),
            false => {
                let message = format!("`home` is `{text}`, expected a file beside or below `book.toml`");
                Err(self.source.failure(&place, message))
            }
        }
    }

    fn sources(&mut self, top: &mut Table) -> Result<Vec<Source>, Failure> {
        let Some(item) = top.take("source") else { return Ok(Vec::new()) };
        let Value::List(items) = item.value else {
            return Err(self
                .source
                .failure(&item.place, format!("`source` is {}, expected a list of tables", item.value.kind()))
                .with_help("write `[[source]]`, with two brackets"));
        };
        items.into_iter().map(|item| self.source(item)).collect()
    }

    fn source(&mut self, item: Item) -> Result<Source, Failure> {
        let place = item.place;
        let Value::Table(mut table) = item.value else {
            let message = format!("a source is {}, expected a table", item.value.kind());
            return Err(self.source.failure(&place, message));
        };
        if let Some(item) = table.take("git") {
            return Err(self
                .source
                .failure(&item.place, "`git` is reserved: a source is a folder")
                .with_help("check the repository out, and name its folder with `path`"));
        }
        let dump = self.placed_text(&mut table, "entities")?;
        if let (Some((_, place)), true) = (&dump, table.has("path")) {
            return Err(self
                .source
                .failure(place, "a source has a `path` or `entities`, not both")
                .with_help("make two sources of it"));
        }
        let is_dump = dump.is_some();
        let path = match dump {
            Some(dump) => Some(dump),
            None => self.placed_text(&mut table, "path")?,
        };
        let Some((written, path_place)) = path else {
            return Err(self
                .source
                .failure(&place, "a `[[source]]` without `path`")
                .with_help("add the folder of the repository, or a glob: `path = \"repos/*\"`"));
        };
        let source = Source {
            span: self.source.span(&path_place),
            path: self.path(&written, "path", &path_place)?,
            written,
            name: self.checked_text(&mut table, "name", source_name)?,
            exclude: self.texts(&mut table, "exclude")?,
            url: self.checked_text(&mut table, "url", source_url)?,
            git_ref: self.checked_text(&mut table, "ref", git_ref)?,
            allow: self.kinds(&mut table)?,
            roots: self.texts(&mut table, "catalog")?,
            is_dump,
        };
        self.unknown(&SOURCE, table);
        Ok(source)
    }

    fn build(&mut self, top: &mut Table, defaults: Build) -> Result<Build, Failure> {
        let mut table = self.table(top, "build")?;
        let build_dir = self.path_at(&mut table, "build-dir")?.unwrap_or(defaults.build_dir);
        self.unknown(&BUILD, table);
        Ok(Build { build_dir })
    }

    fn theme(&mut self, top: &mut Table, defaults: Theme) -> Result<Theme, Failure> {
        let mut table = self.table(top, "theme")?;
        let theme = Theme {
            name: self.checked_text(&mut table, "name", theme_name)?.unwrap_or(defaults.name),
            logo: self.path_at(&mut table, "logo")?,
            favicon: self.path_at(&mut table, "favicon")?,
            accent: self.checked_text(&mut table, "accent", accent)?,
            dir: self.path_at(&mut table, "dir")?,
        };
        self.unknown(&THEME, table);
        Ok(theme)
    }

    fn markdown(&mut self, top: &mut Table, defaults: Markdown) -> Result<Markdown, Failure> {
        let mut table = self.table(top, "markdown")?;
        let highlight = self.switch(&mut table, "highlight")?.unwrap_or(defaults.highlight);
        self.unknown(&MARKDOWN, table);
        Ok(Markdown { highlight })
    }

    fn content(&mut self, top: &mut Table) -> Result<Content, Failure> {
        let mut table = self.table(top, "content")?;
        let mut remote_images = Vec::new();
        for (text, place) in self.placed_texts(&mut table, "remote-images")? {
            remote_images.push(host(&text).map_err(|wrong| {
                self.source.failure(&place, format!("`remote-images` holds `{text}`, {wrong}"))
            })?);
        }
        self.unknown(&CONTENT, table);
        Ok(Content { remote_images })
    }

    fn catalog(&mut self, top: &mut Table) -> Result<Catalog, Failure> {
        let mut table = self.table(top, "catalog")?;
        let rules = self.rules(&mut table)?;
        let mut links = Vec::new();
        for (key, item) in self.table(&mut table, "link")?.entries {
            let Item { value: Value::Table(mut link), place } = item else {
                return Err(self.wrong_type(&key.name, &item, "a table with `title` and `url`"));
            };
            let missing = |what: &str| {
                self.source.failure(&place, format!("the link of `{}` has no `{what}`", key.name))
            };
            links.push(AnnotationLink {
                title: self.text(&mut link, "title")?.ok_or_else(|| missing("title"))?,
                icon: self.text(&mut link, "icon")?,
                url: self.checked_text(&mut link, "url", link_url)?.ok_or_else(|| missing("url"))?,
                annotation: key.name,
            });
            self.unknown(&LINK, link);
        }
        links.sort_by(|a: &AnnotationLink, b| a.annotation.cmp(&b.annotation));
        self.unknown(&CATALOG, table);
        Ok(Catalog { rules, links })
    }

    fn rules(&mut self, table: &mut Table) -> Result<Rules, Failure> {
        let discovery = match self.placed_text(table, "discovery")? {
            None => Discovery::Content,
            Some((text, place)) => match &*text {
                "content" => Discovery::Content,
                "locations" => Discovery::Locations,
                _ => {
                    let message = format!("`discovery` is `{text}`, expected `content` or `locations`");
                    return Err(self.source.failure(&place, message));
                }
            },
        };
        let allow = self.kinds(table)?;
        let mut reserved = Vec::new();
        let mut namespaces = self.table(table, "reserved-namespaces")?;
        let names: Vec<String> = namespaces.entries.iter().map(|(key, _)| key.name.clone()).collect();
        for name in names {
            let sources = self.texts(&mut namespaces, &name)?;
            reserved.push((name.to_lowercase(), sources));
        }
        reserved.sort();
        let hosts = self.texts(table, "hosts")?;
        Ok(Rules { discovery, allow, reserved, hosts })
    }

    fn kinds(&self, table: &mut Table) -> Result<Option<Vec<String>>, Failure> {
        match table.has("allow") {
            true => Ok(Some(self.texts(table, "allow")?)),
            false => Ok(None),
        }
    }

    fn docs(&mut self, top: &mut Table, defaults: Docs) -> Result<Docs, Failure> {
        let mut table = self.table(top, "docs")?;
        let docs = Docs {
            history: self.switch(&mut table, "history")?.unwrap_or(defaults.history),
            print: self.switch(&mut table, "print")?.unwrap_or(defaults.print),
            techdocs_output: self.switch(&mut table, "techdocs-output")?.unwrap_or(defaults.techdocs_output),
        };
        self.unknown(&DOCS, table);
        Ok(docs)
    }

    fn tools(&mut self, top: &mut Table) -> Result<Vec<DiagramTool>, Failure> {
        let mut tools = Vec::new();
        for (key, item) in self.table(top, "diagram")?.entries {
            let Item { value: Value::Table(mut table), place } = item else {
                return Err(self.wrong_type(&key.name, &item, "a table with `command` or `server`"));
            };
            let command = self.texts(&mut table, "command")?;
            let server = self.text(&mut table, "server")?;
            let has_command = command.first().is_some_and(|program| !program.trim().is_empty());
            let is_address = |server: &str| server.starts_with("https://") || server.starts_with("http://");
            let wrong = match &server {
                Some(_) if has_command => Some("has `command` and `server`, and one of them draws"),
                Some(server) if !is_address(server) => {
                    Some("has a `server` that is no `https://` or `http://`")
                }
                None if !has_command => {
                    Some("has no `command`, a program and its arguments, and no `server`")
                }
                _ => None,
            };
            if let Some(wrong) = wrong {
                return Err(self.source.failure(&place, format!("`[diagram.{}]` {wrong}", key.name)));
            }
            self.unknown(&DIAGRAM, table);
            tools.push(DiagramTool { language: key.name.to_ascii_lowercase(), command, server });
        }
        tools.sort_by(|a, b| a.language.cmp(&b.language));
        Ok(tools)
    }

    // Values of one type.

    fn table(&self, table: &mut Table, key: &str) -> Result<Table, Failure> {
        match table.take(key) {
            None => Ok(Table::default()),
            Some(Item { value: Value::Table(table), .. }) => Ok(table),
            Some(item) => Err(self.wrong_type(key, &item, "a table")),
        }
    }

    fn placed_text(&self, table: &mut Table, key: &str) -> Result<Option<(String, Place)>, Failure> {
        table.take(key).map(|item| self.item_text(key, item)).transpose()
    }

    fn item_text(&self, key: &str, item: Item) -> Result<(String, Place), Failure> {
        match (item.value, item.place) {
            (Value::Text(text), place) => Ok((text, place)),
            // In a variable a text needs no quotes, even if it looks like
            // something else.
            (Value::Other { written, .. }, place @ Place::Variable(_)) => Ok((written, place)),
            (Value::Bool(value), place @ Place::Variable(_)) => Ok((value.to_string(), place)),
            (value, place) => Err(self.wrong_type(key, &Item { value, place }, "a text")),
        }
    }

    fn text(&self, table: &mut Table, key: &str) -> Result<Option<String>, Failure> {
        Ok(self.placed_text(table, key)?.map(|(text, _)| text))
    }

    fn checked_text(
        &self,
        table: &mut Table,
        key: &str,
        check: fn(&str) -> Result<String, String>,
    ) -> Result<Option<String>, Failure> {
        let Some((text, place)) = self.placed_text(table, key)? else { return Ok(None) };
        let wrong = |wrong| self.source.failure(&place, format!("`{key}` is `{text}`, {wrong}"));
        check(&text).map(Some).map_err(wrong)
    }

    fn placed_texts(&self, table: &mut Table, key: &str) -> Result<Vec<(String, Place)>, Failure> {
        match table.take(key) {
            None => Ok(Vec::new()),
            Some(Item { value: Value::List(items), .. }) => {
                items.into_iter().map(|item| self.item_text(key, item)).collect()
            }
            Some(item) => Err(self.wrong_type(key, &item, "a list of texts")),
        }
    }

    fn texts(&self, table: &mut Table, key: &str) -> Result<Vec<String>, Failure> {
        Ok(self.placed_texts(table, key)?.into_iter().map(|(text, _)| text).collect())
    }

    fn switch(&self, table: &mut Table, key: &str) -> Result<Option<bool>, Failure> {
        match table.take(key) {
            None => Ok(None),
            Some(Item { value: Value::Bool(value), .. }) => Ok(Some(value)),
            Some(item) => Err(self.wrong_type(key, &item, "`true` or `false`")),
        }
    }

    fn path_at(&self, table: &mut Table, key: &str) -> Result<Option<PathBuf>, Failure> {
        let Some((text, place)) = self.placed_text(table, key)? else { return Ok(None) };
        self.path(&text, key, &place).map(Some)
    }

    fn path(&self, text: &str, key: &str, place: &Place) -> Result<PathBuf, Failure> {
        if text.is_empty() || text.contains('\0') {
            return Err(self
                .source
                .failure(place, format!("`{key}` is `{}`, expected a path", text.escape_debug())));
        }
        Ok(joined(self.root, text))
    }

    fn wrong_type(&self, key: &str, item: &Item, expected: &str) -> Failure {
        self.source.failure(&item.place, format!("`{key}` is {}, expected {expected}", item.value.kind()))
    }

    fn unknown(&mut self, keys: &Keys, table: Table) {
        for (key, _) in table.entries {
            if keys.mdbook.contains(&key.name.as_str()) {
                continue;
            }
            let near = nearest(&key.name, keys.ours.iter().copied());
            let diag = match &key.place {
                Place::File(_) => {
                    codes::config::unknown_key(self.source.span(&key.place), keys.table, &key.name, near)
                }
                Place::Variable(name) => codes::config::unknown_variable(name, keys.table, &key.name, near),
            };
            self.diags.push(diag);
        }
    }
}

/// Joins a path to the root and resolves `.` and `..` by the letters.
fn joined(root: &Path, written: &str) -> PathBuf {
    let mut path = PathBuf::new();
    for part in root.join(written).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, variables: &[(&str, &str)]) -> Result<(Config, Vec<String>), String> {
        let (root, file) = (Path::new("/portal"), Path::new("/portal/book.toml"));
        let variables: Vec<_> =
            variables.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let mut diags = Vec::new();
        let config = config(root, Some(file), Some(text), &variables, &mut diags)
            .map_err(|failure| failure.message)?;
        let line = |diag: &Diagnostic| {
            let place = diag.span.map(|span| format!("{}:{}: ", span.line, span.column)).unwrap_or_default();
            format!("{place}{} | {}", diag.message, diag.help.as_deref().unwrap_or_default())
        };
        Ok((config, diags.iter().map(line).collect()))
    }

    #[track_caller]
    fn fine(text: &str) -> Config {
        let (config, diags) = read(text, &[]).unwrap();
        assert_eq!(diags, [""; 0]);
        config
    }

    #[track_caller]
    fn fails(text: &str, expected: &str) {
        assert_eq!(read(text, &[]).unwrap_err(), expected);
    }

    #[track_caller]
    fn warns(text: &str, expected: &str) {
        assert_eq!(read(text, &[]).unwrap().1, [expected]);
    }

    #[track_caller]
    fn with(variable: (&str, &str)) -> Config {
        let (config, diags) =
            read("[book]\ntitle = \"Acme\"\nauthors = [\"Ann\"]\n[portal]", &[variable]).unwrap();
        assert_eq!(diags, [""; 0]);
        config
    }

    #[test]
    fn annotations_become_links() {
        let config = fine(
            "[portal]\n[catalog.link]\n\"grafana/dashboard-selector\" = { title = \"Dashboards\", \
             icon = \"dashboard\", url = \"https://g.example/{value}\" }\n\"github.com/project-slug\" = \
             { title = \"\", url = \"\" }\n",
        );
        let links: Vec<_> = config.catalog.links.iter().map(|link| (&*link.annotation, &*link.url)).collect();
        assert_eq!(
            links,
            [("github.com/project-slug", ""), ("grafana/dashboard-selector", "https://g.example/{value}")]
        );
        fails(
            "[portal]\n[catalog.link]\na = { title = \"A\", url = \"javascript:x\" }",
            "/portal/book.toml:3:26: `url` is `javascript:x`, expected an address, as \
             `https://grafana.acme.example/d/{value}`",
        );
        fails(
            "[portal]\n[catalog.link]\na = { title = \"A\" }",
            "/portal/book.toml:3:5: the link of `a` has no `url`",
        );
    }

    #[test]
    fn every_key_is_read() {
        let config = fine(
            r##"
            [book]
            title = "Acme developer portal"
            description = "All we run"
            authors = ["Ann", "Ben"]
            language = "de"
            [portal]
            organization = "Acme"
            base-url = "https://dev.acme.example/portal"
            home = "pages/home.md"
            [[source]]
            path = "repos/*"
            [[source]]
            path = "../payments"
            name = "pay"
            exclude = ["fixtures/"]
            url = "https://github.com/acme/{name}"
            ref = "main"
            [build]
            build-dir = "out/./site"
            [theme]
            name = "plain"
            logo = "logo.svg"
            favicon = "/icons/fav.ico"
            accent = "#36C"
            dir = "theme"
            [search]
            enable = false
            [markdown]
            highlight = false
            [content]
            remote-images = ["IMG.shields.io"]
            "##,
        );
        expect_test::expect![[r##"
            Config {
                root: "/portal",
                file: Some(
                    "/portal/book.toml",
                ),
                book: Book {
                    title: "Acme developer portal",
                    description: Some(
                        "All we run",
                    ),
                    authors: [
                        "Ann",
                        "Ben",
                    ],
                    language: "de",
                },
                portal: Portal {
                    organization: Some(
                        "Acme",
                    ),
                    base_url: Some(
                        "https://dev.acme.example/portal/",
                    ),
                    home: Some(
                        "/portal/pages/home.md",
                    ),
                },
                sources: [
                    Source {
                        path: "/portal/repos/*",
                        written: "repos/*",
                        name: None,
                        exclude: [],
                        url: None,
                        git_ref: None,
                        allow: None,
                        roots: [],
                        is_dump: false,
                        span: Some(
                            Span {
                                file: FileId(
                                    0,
                                ),
                                start: 357,
                                end: 366,
                                line: 12,
                                column: 20,
                            },
                        ),
                    },
                    Source {
                        path: "/payments",
                        written: "../payments",
                        name: Some(
                            "pay",
                        ),
                        exclude: [
                            "fixtures/",
                        ],
                        url: Some(
                            "https://github.com/acme/{name}",
                        ),
                        git_ref: Some(
                            "main",
                        ),
                        allow: None,
                        roots: [],
                        is_dump: false,
                        span: Some(
                            Span {
                                file: FileId(
                                    0,
                                ),
                                start: 409,
                                end: 422,
                                line: 14,
                                column: 20,
                            },
                        ),
                    },
                ],
                build: Build {
                    build_dir: "/portal/out/site",
                },
                theme: Theme {
                    name: "plain",
                    logo: Some(
                        "/portal/logo.svg",
                    ),
                    favicon: Some(
                        "/icons/fav.ico",
                    ),
                    accent: Some(
                        "#36C",
                    ),
                    dir: Some(
                        "/portal/theme",
                    ),
                },
                search: Search {
                    enable: false,
                    language: None,
                    stop_words: [],
                    keep_words: [],
                    exclude: [],
                    limit: 50,
                    teasers: true,
                    boost: Boost {
                        title: 800,
                        headings: 400,
                        tags: 200,
                        body: 100,
                    },
                },
                markdown: Markdown {
                    highlight: false,
                },
                content: Content {
                    remote_images: [
                        "img.shields.io",
                    ],
                },
                catalog: Catalog {
                    rules: Rules {
                        discovery: Content,
                        allow: None,
                        reserved: [],
                        hosts: [],
                    },
                    links: [],
                },
                docs: Docs {
                    history: true,
                    print: false,
                    techdocs_output: false,
                },
                tools: [],
                is_offline: false,
            }
        "##]]
        .assert_debug_eq(&config);
    }

    #[test]
    fn nothing_gives_the_defaults() {
        let expected =
            Config { file: Some("/portal/book.toml".into()), ..Config::of_folder("/portal".into()) };
        assert_eq!(fine(""), expected);
        assert_eq!(fine("[portal]"), expected);
        assert_eq!(fine("# nothing\n[[source]]\npath = '.'").sources[0].path, Path::new("/portal"));
        let config = config(Path::new("/portal"), None, None, &[], &mut Vec::new()).unwrap();
        assert_eq!(config, Config::of_folder("/portal".into()));
    }

    #[test]
    fn an_mdbook_gives_its_title_alone() {
        let config = fine("[book]\ntitle = 'Guide'\nsrc = 'x'\nodd = 1\n[build]\nbuild-dir = 'book'\n[odd]");
        assert_eq!(config.book.title, "Guide");
        assert_eq!(config.build.build_dir, Path::new("/portal/site"));
        assert_eq!(config.sources, []);
    }

    #[test]
    fn keys_of_mdbook_are_accepted() {
        fine(
            "[portal]\n[book]\nsrc='s'\ntext-direction='ltr'\nmultilingual=false\n[build]\ncreate-missing=false",
        );
        fine("[portal]\n[output.html]\nx = 1\n[preprocessor.links]\n[rust]\nedition = '2024'");
    }

    #[test]
    fn unknown_keys_are_named_with_the_nearest() {
        warns(
            "[portal]\n  organisation = 'Acme'",
            "2:3: unknown key `organisation` in `[portal]` | did you mean `organization`?",
        );
        warns("[portal]\n[sources]", "2:2: unknown key `sources` at the top level | did you mean `source`?");
        warns(
            "[[source]]\npath = 'x'\nbranch = 'm'",
            "3:1: unknown key `branch` in `[source]` | remove it, or move it to the table that it belongs to",
        );
        warns(
            "[portal]\n[book]\nlang = 'en'",
            "3:1: unknown key `lang` in `[book]` | did you mean `language`?",
        );
    }

    #[test]
    fn broken_syntax_stops() {
        fails("[portal", "/portal/book.toml:1:8: unclosed table, expected `]`");
        fails(
            "[book]\ntitle = Acme",
            "/portal/book.toml:2:9: string values must be quoted, expected literal string",
        );
        fails("[portal]\n[portal]", "/portal/book.toml:2:2: duplicate key");
    }

    #[test]
    fn places_are_right_behind_a_mark_and_other_line_ends() {
        let help = "did you mean `title`?";
        warns(
            "\u{feff}[portal]\r\n[book]\r\ntitel = 'x'",
            &format!("3:1: unknown key `titel` in `[book]` | {help}"),
        );
        warns(
            "[portal]\n'ü' = 1",
            "2:1: unknown key `ü` in `[portal]` | remove it, or move it to the table that it belongs to",
        );
    }

    #[test]
    fn an_empty_title_is_none() {
        assert_eq!(fine("[portal]\n[book]\ntitle = ' '").book.title, "portal");
    }

    #[test]
    fn deep_values_stop_and_do_no_harm() {
        let deep = format!("portal = {}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(read(&deep, &[]).unwrap_err().contains("book.toml:1:"));
        let json = "[".repeat(100_000);
        assert!(read("[portal]", &[("CALLBOARD_SOURCE", &json)]).unwrap_err().contains("`source` is a text"));
    }

    #[test]
    fn wrong_types_stop() {
        fails("[portal]\n[book]\ntitle = 3", "/portal/book.toml:3:9: `title` is a number, expected a text");
        fails(
            "[portal]\n[book]\nauthors = 'Ann'",
            "/portal/book.toml:3:11: `authors` is a text, expected a list of texts",
        );
        fails(
            "[portal]\n[book]\nauthors = ['Ann', true]",
            "/portal/book.toml:3:19: `authors` is `true` or `false`, expected a text",
        );
        fails("portal = 1", "/portal/book.toml:1:10: `portal` is a number, expected a table");
        fails(
            "[source]\npath = 'x'",
            "/portal/book.toml:1:1: `source` is a table, expected a list of tables",
        );
        fails("source = ['x']", "/portal/book.toml:1:11: a source is a text, expected a table");
        fails(
            "[portal]\n[search]\nenable = 'no'",
            "/portal/book.toml:3:10: `enable` is a text, expected `true` or `false`",
        );
        fails("[portal]\nhome = 2020-01-01", "/portal/book.toml:2:8: `home` is a date, expected a text");
    }

    #[test]
    fn values_without_a_meaning_stop() {
        fails("[[source]]\nname = 'x'", "/portal/book.toml:1:1: a `[[source]]` without `path`");
        fails("[[source]]\npath = ''", "/portal/book.toml:2:8: `path` is ``, expected a path");
        fails("[[source]]\ngit = 'x'", "/portal/book.toml:2:7: `git` is reserved: a source is a folder");
        fails(
            "[[source]]\npath = 'x'\nname = 'a/b'",
            "/portal/book.toml:3:8: `name` is `a/b`, expected a name without slashes",
        );
        fails(
            "[[source]]\npath = 'x'\nurl = 'javascript:alert(1)'",
            "/portal/book.toml:3:7: `url` is `javascript:alert(1)`, expected the page of a repository, as `https://github.com/acme/{name}`",
        );
        fails(
            "[portal]\nhome = '../home.md'",
            "/portal/book.toml:2:8: `home` is `../home.md`, expected a file beside or below `book.toml`",
        );
        fails(
            "[portal]\n[theme]\nname = 'dark'",
            "/portal/book.toml:3:8: `name` is `dark`, expected `default` or `plain`",
        );
        fails(
            "[portal]\n[content]\nremote-images = ['https://x']",
            "/portal/book.toml:3:18: `remote-images` holds `https://x`, expected a host, as `img.shields.io`",
        );
    }

    #[test]
    fn variables_win() {
        assert_eq!(with(("CALLBOARD_BOOK__TITLE", "My portal")).book.title, "My portal");
        assert_eq!(with(("CALLBOARD_BOOK__TITLE", "\"quoted\"")).book.title, "quoted");
        assert_eq!(with(("CALLBOARD_BOOK__TITLE", "2026")).book.title, "2026");
        assert_eq!(with(("CALLBOARD_BOOK__TITLE", "true")).book.title, "true");
        assert_eq!(with(("CALLBOARD_BOOK__AUTHORS", "[\"Ben\"]")).book.authors, ["Ben"]);
        assert_eq!(with(("CALLBOARD_BOOK", "{\"language\": \"fr\"}")).book.authors, ["Ann"]);
        assert_eq!(with(("CALLBOARD_BOOK", "{\"language\": \"fr\"}")).book.language, "fr");
        assert_eq!(
            with(("CALLBOARD_PORTAL__BASE_URL", "https://x.y")).portal.base_url.unwrap(),
            "https://x.y/"
        );
        assert!(!with(("CALLBOARD_SEARCH__ENABLE", "false")).search.enable);
        assert_eq!(with(("CALLBOARD_SOURCE", "[{\"path\": \"x\"}]")).sources[0].path, Path::new("/portal/x"));
    }

    #[test]
    fn variables_of_other_things_are_left_alone() {
        for name in
            ["CALLBOARD_LOG", "CALLBOARD_", "CALLBOARD__BOOK", "CALLBOARD_BOOK__", "CALLBOARD_COLOR__X"]
        {
            assert_eq!(with((name, "x")).book.title, "Acme", "{name}");
        }
    }

    #[test]
    fn wrong_variables_are_named() {
        let read = |name, value| read("[portal]", &[(name, value)]);
        assert_eq!(
            read("CALLBOARD_BOOK__TITEL", "x").unwrap().1,
            [
                "the variable `CALLBOARD_BOOK__TITEL` sets `titel` in `[book]`, which is not a key of it | did you mean `title`?"
            ]
        );
        assert_eq!(
            read("CALLBOARD_SEARCH", "off").unwrap_err(),
            "`CALLBOARD_SEARCH`: `search` is a text, expected a table"
        );
        assert_eq!(
            read("CALLBOARD_MARKDOWN__HIGHLIGHT__X", "1").unwrap_err(),
            "`CALLBOARD_MARKDOWN__HIGHLIGHT__X`: `highlight` is a table, expected `true` or `false`"
        );
    }
}
