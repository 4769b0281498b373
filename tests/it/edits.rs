//! The edits of the crown test: a portal with every kind of file, and
//! random changes to it.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use callboard::base::world::{EntryKind, World};

use crate::odd_world::Odd;

const DOCS_TEMPLATE: &str = include_str!("../../themes/plain/templates/docs.html");
const BASE_TEMPLATE: &str = include_str!("../../themes/plain/templates/base.html");

/// A portal with every kind of file.
pub(crate) const FILES: &[(&str, &str)] = &[
    ("book.toml", BOOK),
    ("home.md", "# Welcome\n\nSee the [guide](repos/a/docs/guide.md).\n"),
    ("theme/assets/extra.css", "a { color: red }\n"),
    ("repos/a/catalog-info.yaml", DESCRIPTOR),
    ("repos/a/openapi.yaml", OPENAPI),
    ("repos/a/CODEOWNERS", "* @acme/team\n"),
    ("repos/a/.gitignore", "*.tmp\n"),
    ("repos/a/mkdocs.yml", "site_name: Shop\nnav:\n- Start: index.md\n- guide.md\n"),
    ("repos/a/docs/index.md", "# Shop\n\n[Guide](guide.md#how), ![x](x.svg), ![p](p.gif)\n"),
    ("repos/a/docs/p.gif", SMALL_GIF),
    ("repos/a/docs/guide.md", "# Guide\n\n## How\n\n```py\nx = 1\n```\n\n--8<-- \"shared/part.md\"\n"),
    ("repos/a/shared/part.md", "## A part\n\nof [the start](index.md).\n"),
    ("repos/a/schema.yaml", "type: object\n"),
    ("repos/a/docs/deep/more.md", "# More\n\nBack to [the guide](../guide.md).\n"),
    ("repos/a/docs/x.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
    ("repos/a/docs/table.csv", "a,b\n1,2\n"),
    ("repos/b/catalog-info.yaml", "kind: Group\nmetadata: {name: team}\nspec: {type: team, children: []}\n"),
    ("repos/b/README.md", "# Team\n\nWe make [the shop](../a/docs/index.md).\n"),
    ("repos/c/book.toml", "[book]\ntitle = \"Book\"\n"),
    ("repos/c/src/SUMMARY.md", "# Summary\n\n- [One](one.md)\n"),
    ("repos/c/src/one.md", "# One\n\nThe first.\n\n{{#include ../part.txt}}\n"),
    ("repos/c/part.txt", "A part.\n"),
    ("repos/d/docusaurus.config.js", ""),
    ("repos/d/docs/intro.md", "# Intro\n\n[A guide](guides/first.md)\n"),
    ("repos/d/docs/guides/first.md", "# First\n"),
    ("repos/d/docs/guides/second.md", "# Second\n"),
    (
        "repos/d/docs/guides/_category_.json",
        "{\"label\": \"Guides\", \"link\": {\"type\": \"generated-index\"}}",
    ),
];

const SMALL_GIF: &str = "GIF89a\u{5}\0\u{7}\0\0\0\0;";
/// As large as the small one, but another picture.
const OTHER_GIF: &str = "GIF89a\u{5}\0\u{7}\0\u{1}\0\0;";
const LARGE_GIF: &str = "GIF89a\u{55}\0\u{77}\0\0\0\0;";

const BOOK: &str = "[book]\ntitle = \"Acme\"\n[portal]\nhome = \"home.md\"\n[[source]]\npath = \"repos/*\"\n\
    [theme]\nname = \"plain\"\ndir = \"theme\"\n";

const DESCRIPTOR: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: shop\n  \
    annotations: {backstage.io/techdocs-ref: 'dir:.'}\nspec: {type: service, lifecycle: production, \
    owner: team}\n";

const OPENAPI: &str = "openapi: 3.0.0\ninfo: {title: Till, version: '1'}\npaths:\n  /sum:\n    get: {summary: Sum, \
    responses: {'200': {description: ok}}}\n";

const API: &str = "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {name: tills}\nspec: {type: openapi, \
    lifecycle: production, owner: team, definition: {$text: ./openapi.yaml}}\n";

const PAGES: &[&str] = &[
    "repos/a/docs/index.md",
    "repos/a/docs/guide.md",
    "repos/a/docs/deep/more.md",
    "repos/b/README.md",
    "repos/c/src/one.md",
    "repos/d/docs/guides/first.md",
];

/// Xorshift: the same numbers for the same seed everywhere.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }

    fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// A portal that is edited.
pub(crate) struct Portal<'w> {
    pub(crate) world: &'w Odd<'w>,
    pub(crate) root: PathBuf,
    /// Only a disk has links and times that can be set.
    pub(crate) on_disk: bool,
    /// Files that are gone, to be brought back.
    pub(crate) past: Vec<(PathBuf, Vec<u8>)>,
}

impl<'w> Portal<'w> {
    pub(crate) fn new(world: &'w Odd<'w>, root: &Path) -> Self {
        let portal = Portal { world, root: root.to_path_buf(), on_disk: false, past: Vec::new() };
        for (path, text) in FILES {
            portal.put(path, text);
        }
        portal
    }

    pub(crate) fn put(&self, path: &str, text: &str) {
        let _refused_below_a_file = self.world.write(&self.root.join(path), text.as_bytes());
    }

    fn sources(&self) -> Vec<PathBuf> {
        let mut files = paths_below(self.world, &self.root.join("repos"));
        files.extend(paths_below(self.world, &self.root.join("theme")));
        files
    }

    /// Does one random edit and says which.
    pub(crate) fn edit(&mut self, dice: &mut Dice) -> String {
        match dice.below(28) {
            0..=3 => {
                let (path, text) = (dice.of(PAGES), prose(dice));
                self.put(path, &text);
                format!("{path} becomes {text:?}")
            }
            4 => {
                let folder = dice.of(&["", "deep/"]);
                let path =
                    format!("repos/{}/docs/{folder}page{}.md", dice.of(&["a", "b", "c"]), dice.below(3));
                self.put(&path, &prose(dice));
                format!("new {path}")
            }
            5..=11 => self.move_something(dice),
            12..=13 => {
                let (path, text) = configuration(dice);
                self.put(path, &text);
                format!("{path} becomes {text:?}")
            }
            14 => {
                let text = dice.of(&[API, API, ""]);
                self.put("repos/c/catalog-info.yaml", text);
                self.put("repos/c/openapi.yaml", &definition_of(dice, 7));
                format!("repos/c/catalog-info.yaml becomes {text:?}")
            }
            15 | 16 => {
                let text = descriptor(dice);
                let path = dice.of(&["repos/a/catalog-info.yaml", "repos/b/catalog-info.yaml"]);
                self.put(path, &text);
                format!("{path} becomes {text:?}")
            }
            17 | 18 => {
                let (path, text) = theme(dice);
                self.put(path, &text);
                format!("{path} becomes {text:?}")
            }
            19 | 20 => {
                let text = book(dice);
                self.put("book.toml", &text);
                format!("book.toml becomes {text:?}")
            }
            21 | 22 => damage(self.world, &self.root.join(".callboard"), dice),
            23 => {
                self.world.is_backwards.fetch_xor(true, Ordering::Relaxed);
                self.world.jump(dice.of(&[
                    0,
                    3_600_000_000_007,
                    -3_600_000_000_011,
                    77,
                    -1_000_000_000_000_003,
                ]));
                "folders are listed the other way, and the clock jumps".to_string()
            }
            26 | 27 => self.begin_anew(),
            24 if self.on_disk => self.link(dice),
            25 if self.on_disk => self.touch_secretly(dice),
            _ => {
                self.put("home.md", &prose(dice));
                self.put("repos/a/docs/x.svg", dice.of(&["<svg onload='x'/>", "<svg/>", "no"]));
                "home page and picture".to_string()
            }
        }
    }

    /// Puts everything back as it was: what has been taken apart for long
    /// shows little.
    fn begin_anew(&mut self) -> String {
        for path in self.sources() {
            self.remove(&path);
        }
        remove_folders(self.world, &self.root.join("repos"));
        for (path, text) in FILES {
            self.put(path, text);
        }
        "all is back".to_string()
    }

    /// Removes, renames or brings back a file or a folder.
    fn move_something(&mut self, dice: &mut Dice) -> String {
        let sources = self.sources();
        if sources.is_empty() {
            return "nothing to move".to_string();
        }
        let path = sources[dice.below(sources.len())].clone();
        match dice.below(7) {
            0 | 1 => {
                self.remove(&path);
                format!("removed {}", path.display())
            }
            2 => {
                let to =
                    path.with_file_name(dice.of(&["index.md", "moved.md", "catalog-info.yaml", "x.svg"]));
                let _may_be_itself = self.world.rename(&path, &to);
                format!("{} becomes {}", path.display(), to.display())
            }
            3 => {
                let Some(folder) = path.parent().filter(|folder| *folder != self.root.join("repos")) else {
                    return "nothing to move".to_string();
                };
                let to = folder.with_file_name(dice.of(&["docs", "moved", "deep", "a", "src"]));
                let _may_be_full = self.world.rename(folder, &to);
                format!("folder {} becomes {}", folder.display(), to.display())
            }
            4 => {
                self.remove(&path);
                let below = path.join(dice.of(&["index.md", "catalog-info.yaml"]));
                let _refused_below_a_link = self.world.write(&below, prose(dice).as_bytes());
                format!("{} becomes a folder", path.display())
            }
            5 => {
                let folder = path.parent().expect("it lies in a folder").to_path_buf();
                for file in paths_below(self.world, &folder) {
                    self.remove(&file);
                }
                remove_folders(self.world, &folder);
                let _refused_below_a_link = self.world.write(&folder, b"# A file\n");
                format!("folder {} becomes a file", folder.display())
            }
            _ if self.past.is_empty() => "nothing to bring back".to_string(),
            _ => {
                let (path, bytes) = self.past.swap_remove(dice.below(self.past.len()));
                let _refused_below_a_file = self.world.write(&path, &bytes);
                format!("{} is back", path.display())
            }
        }
    }

    fn remove(&mut self, path: &Path) {
        if let Ok(bytes) = self.world.read(path) {
            self.past.push((path.to_path_buf(), bytes));
        }
        self.world.remove_file(path).expect("it is listed");
    }

    /// Puts a link in the place of a page or of a folder.
    fn link(&self, dice: &mut Dice) -> String {
        let path =
            self.root.join(dice.of(&["repos/a/docs/guide.md", "repos/a/docs/linked", "repos/a/mkdocs.yml"]));
        let target =
            dice.of(&["index.md", "deep/more.md", "../../b/README.md", "deep", "nowhere", "..", "guide.md"]);
        let _not_there = self.world.remove_file(&path);
        #[cfg(unix)]
        let _in_the_way = std::os::unix::fs::symlink(target, &path);
        format!("{} links to {target}", path.display())
    }

    /// Changes a file, whose size and time stay.
    fn touch_secretly(&self, dice: &mut Dice) -> String {
        let sources = self.sources();
        if sources.is_empty() {
            return "nothing to touch".to_string();
        }
        let path = &sources[dice.below(sources.len())];
        let (Ok(mut bytes), Ok(before)) = (std::fs::read(path), std::fs::metadata(path)) else {
            return "nothing to touch".to_string();
        };
        if let Some(letter) = bytes.iter().position(u8::is_ascii_lowercase) {
            bytes[letter] = if bytes[letter] == b'z' { b'a' } else { bytes[letter] + 1 };
        }
        std::fs::write(path, &bytes).expect("it was there");
        let file = std::fs::File::options().write(true).open(path).expect("it was there");
        file.set_modified(before.modified().expect("a disk knows times")).expect("a disk sets times");
        format!("{} changes a letter and keeps its time", path.display())
    }
}

/// Returns a file that is no page, and new text for it.
fn configuration(dice: &mut Dice) -> (&'static str, String) {
    let n = dice.below(9);
    match dice.below(22) {
        18 | 19 => ("repos/d/docs/guides/_category_.json", category(dice)),
        20 => {
            let words = "- git-revision-date-localized: {type: iso_date}\n- git-authors\n";
            ("repos/a/mkdocs.yml", format!("site_name: Shop {n}\nplugins:\n{words}"))
        }
        21 => {
            let nav = "nav:\n- index.md\n- ... | regex=^g.*d\n- Rest:\n  - ...\n";
            ("repos/a/mkdocs.yml", format!("site_name: Shop\nplugins: [awesome-pages]\n{nav}"))
        }
        0 => ("repos/a/mkdocs.yml", "site_name: Shop\n".to_string()),
        1 => ("repos/a/mkdocs.yml", format!("site_name: Shop {n}\nnav:\n- guide.md\n- Start: index.md\n")),
        2 => ("repos/a/mkdocs.yml", "site_name: [\nnav: {".to_string()),
        3 => ("repos/c/book.toml", format!("[book]\ntitle = \"Book {n}\"\nsrc = \"src\"\n")),
        4 => ("repos/c/src/SUMMARY.md", format!("# Summary\n\n- [Name {n}](one.md)\n  - [Two](two.md)\n")),
        5 => ("repos/c/part.txt", format!("Part {n} of [it](one.md)\n")),
        6 => (
            "repos/a/.gitignore",
            dice.of(&["*.tmp\n", "guide.md\n", "docs/\n", "*.svg\n!x.svg\n"]).to_string(),
        ),
        7 => (".callboardignore", dice.of(&["", "repos/b\n", "more.md\n"]).to_string()),
        8 => ("repos/a/CODEOWNERS", dice.of(&["* @acme/other\n", "docs/ @acme/team\n", ""]).to_string()),
        9 | 10 => ("repos/a/shared/part.md", snippet(dice)),
        11 => {
            let base = "site_name: Shop\nmarkdown_extensions:\n- pymdownx.snippets: {base_path: [shared]}\n";
            ("repos/a/mkdocs.yml", base.to_string())
        }
        12 => ("repos/a/openapi.yaml", definition_of(dice, n)),
        13 => ("repos/a/openapi.yaml", OPENAPI.replace("{description: ok}", "{$ref: './schema.yaml'}")),
        14 => ("repos/a/schema.yaml", format!("type: object\ntitle: Title {n}\n")),
        15 | 16 => {
            ("repos/a/docs/p.gif", dice.of(&[SMALL_GIF, OTHER_GIF, LARGE_GIF, "no picture"]).to_string())
        }
        _ => ("repos/a/docs/table.csv", format!("a,b\n{n},2\n")),
    }
}

/// Returns what a section of Docusaurus leads to.
fn category(dice: &mut Dice) -> String {
    let n = dice.below(9);
    let link = match dice.below(5) {
        0 => "{\"type\": \"doc\", \"id\": \"second\"}".to_string(),
        1 => "{\"type\": \"doc\", \"id\": \"intro\"}".to_string(),
        2 => format!("{{\"type\": \"generated-index\", \"slug\": \"s{n}\"}}"),
        3 => format!("{{\"type\": \"generated-index\", \"description\": \"What {n} is.\"}}"),
        _ => "null".to_string(),
    };
    format!("{{\"label\": \"Guides {n}\", \"position\": {n}, \"link\": {link}}}")
}

/// Returns a file of the theme, and new text for it.
fn theme(dice: &mut Dice) -> (&'static str, String) {
    let n = dice.below(9);
    match dice.below(6) {
        0 | 1 => ("theme/templates/docs.html", format!("{DOCS_TEMPLATE}<!-- {n} -->")),
        2 => ("theme/templates/base.html", format!("{BASE_TEMPLATE}<!-- {n} -->")),
        3 => ("theme/templates/docs.html", dice.of(&["{{ page.no.such }}", "{% if %}"]).to_string()),
        4 => ("theme/assets/more.js", format!("let x = {n};\n")),
        _ => ("theme/assets/extra.css", format!("a {{ top: {n}px }}")),
    }
}

/// Returns what pages bring in, which may bring in more.
fn snippet(dice: &mut Dice) -> String {
    let n = dice.below(9);
    match dice.below(4) {
        0 => format!("## Part {n}\n\n[to](guide.md#part-{n})\n"),
        1 => "Part of a part:\n\n--8<-- \"part.txt\"\n--8<-- \"shared/part.md\"\n".to_string(),
        2 => String::new(),
        _ => format!("Words {n}.\n\n--8<-- \"docs/table.csv\"\n"),
    }
}

fn prose(dice: &mut Dice) -> String {
    let mut text = dice.of(&["", "---\ntitle: Named\n---\n", "---\n- [\n---\n"]).to_string();
    for _ in 0..dice.below(4) {
        text.push_str(dice.of(&[
            "# Title\n\n",
            "## How\n\nWords of prose.\n\n",
            "[to](guide.md#how) and [to](index.md)\n\n",
            "[nowhere](lost.md) [deep](deep/page1.md)\n\n",
            "![x](x.svg) <b onclick=x>raw</b>\n\n",
            "![p](p.gif)\n\n",
            "!!! note\n    Look.\n\n",
            "```py\nx = 2\n```\n\n",
            "{{#include ../part.txt}}\n\n",
            "--8<-- \"shared/part.md\"\n\n",
            "--8<-- \"part.md\"\n--8<-- \"lost.md\"\n\n",
            "[to](deep/more.md#part-3) [to](guide.md#a-part)\n\n",
            "<table><tr><td>x</td></tr></table>\n\n",
            "Words[^1].\n\n[^1]: A note.\n\n",
            "Seen {{ git_revision_date_localized }} by {{ git_page_authors }}.\n\n",
        ]));
    }
    text
}

fn descriptor(dice: &mut Dice) -> String {
    if dice.below(2) == 0 {
        // The same entity with other docs, or with none of all this.
        let docs = dice.of(&["'dir:.'", "'dir:nowhere'", "'dir:docs'", "'dir:docs/deep'", "''"]);
        let described = dice.of(&["  name: shop\n", "  name: shop\n  description: Words\n"]);
        return DESCRIPTOR.replace("'dir:.'", docs).replace("  name: shop\n", described);
    }
    let docs = dice.of(&[
        "",
        "  annotations: {backstage.io/techdocs-ref: 'dir:.'}\n",
        "  annotations: {backstage.io/techdocs-ref: 'dir:.', callboard.dev/docs: 'Deep = dir:docs/deep'}\n",
        "  annotations: {backstage.io/adr-location: docs/deep}\n",
        "  annotations: {backstage.io/techdocs-ref: 'dir:nowhere'}\n",
        "  annotations: {backstage.io/techdocs-entity: 'component:default/shop'}\n",
        "  annotations: {callboard.dev/visibility: internal, backstage.io/techdocs-ref: 'dir:.'}\n",
    ]);
    let name = dice.of(&["shop", "team", "till"]);
    let owner = dice.of(&["owner: team, ", "owner: nobody, ", "owner: 'group:default/team', ", ""]);
    let title = dice.of(&["", "  title: Titled\n", "  title: [\n", "  description: See *it*\n"]);
    let kind = dice.of(&["Component", "Group", "API", "System"]);
    let definition = dice.of(&["'a: b'", "{$text: ./openapi.yaml}", "{$openapi: ./openapi.yaml}"]);
    // What comes before the rest moves all of it.
    let before = dice.of(&["", "# A comment\n", "# A comment\n# of two lines\n"]);
    format!(
        "{before}apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata:\n  name: {name}\n{docs}{title}spec: {{type: \
         openapi, lifecycle: production, {owner}definition: {definition}}}\n"
    )
}

fn book(dice: &mut Dice) -> String {
    let mut text = BOOK.replace("Acme", dice.of(&["Acme", "Other"]));
    text.push_str(dice.of(&["", "[search]\nenable = false\n", "[markdown]\nhighlight = false\n"]));
    text.push_str(dice.of(&["", "[content]\nremote-images = [\"img.example\"]\n", "[nonsense]\nx = 1\n"]));
    let base_url = "home = \"home.md\"\nbase-url = \"https://x.example/y/\"\n";
    match dice.below(3) {
        0 => text.replace("home = \"home.md\"\n", base_url),
        1 => text.replace("dir = \"theme\"\n", ""),
        _ => text,
    }
}

/// Returns a definition whose operations have other names, summaries and
/// lines, in blocks, in braces or as JSON.
fn definition_of(dice: &mut Dice, n: usize) -> String {
    let blocks = format!("  /more{n}:\n    post:\n      operationId: addMore{n}\n      summary: Adds {n}\n");
    let braces = format!("  /flow: {{put: {{operationId: put{n}, summary: 'Puts {n}'}}}}\n");
    let schemas = "components:\n  schemas:\n    Bill: {type: object}\n".to_string();
    let json = format!(
        "{{\"openapi\": \"3.0.0\", \"paths\": {{\"/j\": {{\"get\": {{\"operationId\": \"json{n}\"}}}}}}}}\n"
    );
    match dice.below(5) {
        0 => OPENAPI.replace("Sum,", &format!("Sum {n},")),
        1 => OPENAPI.to_string() + &blocks + &schemas,
        2 => OPENAPI.to_string() + &braces,
        3 => format!("# Moves all lines.\n{OPENAPI}{blocks}{braces}"),
        _ => json,
    }
}

/// Removes, cuts or changes a file in a folder.
pub(crate) fn damage(world: &dyn World, folder: &Path, dice: &mut Dice) -> String {
    let mut files = paths_below(world, folder);
    files.retain(|path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        !name.starts_with(".callboard-") && name != "lock"
    });
    if files.is_empty() {
        return "nothing to damage".to_string();
    }
    let path = &files[dice.below(files.len())];
    let mut bytes = world.read(path).expect("it is listed");
    let how = match dice.below(4) {
        0 => {
            world.remove_file(path).expect("it is listed");
            return format!("{} is gone", path.display());
        }
        _ if bytes.is_empty() => "touched",
        1 => {
            bytes.truncate(dice.below(bytes.len()));
            "cut"
        }
        _ => {
            let at = dice.below(bytes.len());
            bytes[at] ^= 1 << dice.below(8);
            "flipped"
        }
    };
    world.write(path, &bytes).expect("it is there");
    format!("{} is {how}", path.display())
}

/// Returns the paths of all files and links below a folder, sorted.
pub(crate) fn paths_below(world: &dyn World, folder: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for entry in world.list(folder).unwrap_or_default() {
        let path = folder.join(&entry.name);
        match entry.kind {
            EntryKind::Folder => paths.extend(paths_below(world, &path)),
            _ => paths.push(path),
        }
    }
    paths.sort();
    paths
}

fn remove_folders(world: &dyn World, folder: &Path) {
    for entry in world.list(folder).unwrap_or_default() {
        remove_folders(world, &folder.join(&entry.name));
    }
    let _may_hold_files = world.remove_folder(folder);
}
