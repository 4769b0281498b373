//! The crown test: after any edits, what a build with a cache makes is
//! what a build without one makes, byte for byte; and so is what `serve`
//! makes, which follows the same edits in memory. The edits are random;
//! a failure names its seed, and `CALLBOARD_SEED=… CALLBOARD_STEPS=…`
//! runs that one, or a longer one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU8;

use callboard::base::memo::{self, Memo, Trust};
use callboard::base::memory::Memory;
use callboard::base::world::World;
use callboard::pipeline::past::{Past, Since};
use callboard::pipeline::{self, Target};
use callboard::render::outputs::{self, Outputs};
use callboard::write::swap::{Mode, Written};

use crate::portal;

const ROOT: &str = "/portal";
const CACHE: &str = "/portal/.callboard";
const OUT: &str = "/out";
const DOCS_TEMPLATE: &str = include_str!("../../themes/plain/templates/docs.html");

/// A portal with every kind of file.
const FILES: &[(&str, &str)] = &[
    ("book.toml", BOOK),
    ("home.md", "# Welcome\n\nSee the [guide](repos/a/docs/guide.md).\n"),
    ("theme/assets/extra.css", "a { color: red }\n"),
    ("repos/a/catalog-info.yaml", DESCRIPTOR),
    ("repos/a/mkdocs.yml", "site_name: Shop\nnav:\n- Start: index.md\n- guide.md\n"),
    ("repos/a/docs/index.md", "# Shop\n\n[Guide](guide.md#how), ![x](x.svg)\n"),
    ("repos/a/docs/guide.md", "# Guide\n\n## How\n\n```py\nx = 1\n```\n"),
    ("repos/a/docs/x.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
    ("repos/b/catalog-info.yaml", "kind: Group\nmetadata: {name: team}\nspec: {type: team, children: []}\n"),
    ("repos/b/README.md", "# Team\n\nWe make [the shop](../a/docs/index.md).\n"),
    ("repos/c/book.toml", "[book]\ntitle = \"Book\"\n"),
    ("repos/c/src/SUMMARY.md", "# Summary\n\n- [One](one.md)\n"),
    ("repos/c/src/one.md", "# One\n\nThe first.\n"),
];

const BOOK: &str = "[book]\ntitle = \"Acme\"\n[portal]\nhome = \"home.md\"\n[[source]]\npath = \"repos/*\"\n\
    [theme]\nname = \"plain\"\ndir = \"theme\"\n";

const DESCRIPTOR: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: shop\n  \
    annotations: {backstage.io/techdocs-ref: 'dir:.'}\nspec: {type: service, lifecycle: production, \
    owner: team}\n";

/// Xorshift: the same numbers for the same seed everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }

    fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// Builds with the cache, as `callboard build` does.
fn build(world: &Memory) -> (Written, String) {
    loop {
        let (memo, _) = memo::open(world, Path::new(CACHE), pipeline::salt(), Trust::Stamps);
        let memo = Arc::new(memo);
        let outputs = planned(world, &memo);
        let mut diags = Vec::new();
        let signal = AtomicU8::new(0);
        let target =
            Target { output: Path::new(OUT), mode: Mode::InPlace, signal: &signal, on_file: &|_| {} };
        match pipeline::write(world, &memo, &outputs, &target, &mut diags) {
            Ok(written) => return (written, said(&outputs)),
            Err(failure) if memo.is_broken() => {
                assert_eq!(failure.message, "the cache is damaged");
                memo.save(world);
            }
            Err(failure) => panic!("{}", failure.message),
        }
    }
}

fn planned(world: &Memory, memo: &Arc<Memo>) -> Outputs {
    planned_since(world, memo, None)
}

fn planned_since(world: &Memory, memo: &Arc<Memo>, since: Option<Since<'_>>) -> Outputs {
    let mut diags = Vec::new();
    let config = pipeline::config(world, Path::new(ROOT), &[], &mut diags).expect("it is sound");
    let theme = callboard::render::theme::theme(world, &config.theme, &mut diags).expect("it loads");
    let skip = [PathBuf::from(CACHE), PathBuf::from("/portal/theme")];
    let site = pipeline::site_since(world, memo, config, &skip, diags, since, &|_| {}).expect("it runs");
    let (site, theme) = (Arc::new(site), Arc::new(theme));
    let outputs = outputs::outputs_with(memo, &site, &theme);
    let is_of_search = |path: &&str| path.starts_with("search/") && *path != "search/index.html";
    let paths = outputs.paths.iter().map(|path| path.as_str()).filter(|path| !is_of_search(path));
    let live = outputs::outputs_without_search(&site, &theme);
    assert!(paths.eq(live.paths.iter().map(|path| path.as_str()).filter(|path| !is_of_search(path))));
    outputs
}

/// Follows the edits in memory, as `serve` does: it is told the paths
/// that have changed, and takes over what has not.
#[derive(Default)]
struct Live {
    past: Past,
    seen: BTreeMap<PathBuf, Vec<u8>>,
}

impl Live {
    #[track_caller]
    fn assert_as_clean(&mut self, world: &Memory, what: &str) {
        let is_watched = |path: &PathBuf| path.starts_with(ROOT) && !path.starts_with(CACHE);
        let paths = world.paths().into_iter().filter(is_watched);
        let now: BTreeMap<PathBuf, Vec<u8>> =
            paths.map(|path| (path.clone(), world.read(&path).expect("it is listed"))).collect();
        let all = self.seen.keys().chain(now.keys());
        let mut changed: Vec<PathBuf> =
            all.filter(|path| self.seen.get(*path) != now.get(*path)).cloned().collect();
        changed.dedup();
        let changed = (!self.seen.is_empty()).then_some(&*changed);
        let since = Since { past: &mut self.past, changed };
        let outputs = planned_since(world, &Arc::default(), Some(since));
        let (files, said_by_clean) = clean(world);
        assert_eq!(names(&outputs), files.keys().cloned().collect::<Vec<_>>(), "in memory, {what}");
        for (idx, (name, bytes)) in files.iter().enumerate() {
            let live = outputs.bytes(world, idx).expect("it renders");
            assert!(live == *bytes, "`{name}` differs in memory after {what}");
        }
        assert_eq!(said(&outputs), said_by_clean, "in memory, {what}");
        self.seen = now;
    }
}

fn names(outputs: &Outputs) -> Vec<String> {
    outputs.paths.iter().map(|path| path.to_string()).collect()
}

fn said(outputs: &Outputs) -> String {
    let mut diags = outputs.site.diagnostics.clone();
    diags.append(&mut outputs.diagnostics());
    portal::text(&outputs.site.snapshot, &diags)
}

/// Makes everything anew.
fn clean(world: &Memory) -> (BTreeMap<String, Vec<u8>>, String) {
    let outputs = planned(world, &Arc::default());
    let files = (0..outputs.paths.len())
        .map(|idx| (outputs.paths[idx].to_string(), outputs.bytes(world, idx).expect("it renders")))
        .collect();
    (files, said(&outputs))
}

fn written(world: &Memory) -> BTreeMap<String, Vec<u8>> {
    let below = |path: &PathBuf| Some(path.strip_prefix(OUT).ok()?.to_str()?.to_string());
    let paths = world.paths();
    let names = paths.iter().filter_map(|path| Some((below(path)?, path)));
    let site = names.filter(|(name, _)| !name.starts_with(".callboard-"));
    site.map(|(name, path)| (name, world.read(path).expect("it is there"))).collect()
}

#[track_caller]
fn assert_as_clean(world: &Memory, what: &str) -> Written {
    let (done, said) = build(world);
    let (files, said_by_clean) = clean(world);
    let written = written(world);
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&written), names(&files), "{what}");
    for (name, bytes) in &files {
        assert!(&written[name] == bytes, "`{name}` differs after {what}");
    }
    assert_eq!(said, said_by_clean, "{what}");
    done
}

fn put(world: &Memory, path: &str, text: &str) {
    let _refused_below_a_file = world.write(&Path::new(ROOT).join(path), text.as_bytes());
}

fn world() -> Memory {
    let world = Memory::default();
    for (path, text) in FILES {
        put(&world, path, text);
    }
    world
}

/// Does one random edit and says which.
fn edit(world: &Memory, dice: &mut Dice, past: &mut Vec<(PathBuf, Vec<u8>)>) -> String {
    let page = |dice: &mut Dice| {
        dice.of(&[
            "repos/a/docs/index.md",
            "repos/a/docs/guide.md",
            "repos/b/README.md",
            "repos/c/src/one.md",
        ])
    };
    let sources: Vec<PathBuf> = world
        .paths()
        .into_iter()
        .filter(|path| path.starts_with("/portal/repos") || path.starts_with("/portal/theme"))
        .collect();
    let n = dice.below(3);
    match dice.below(15) {
        0 | 1 => {
            let (path, text) = (page(dice), prose(dice));
            put(world, path, &text);
            format!("{path} becomes {text:?}")
        }
        2 => {
            let path =
                format!("repos/{}/docs/{}page{n}.md", dice.of(&["a", "b", "c"]), dice.of(&["", "deep/"]));
            put(world, &path, &prose(dice));
            format!("new {path}")
        }
        3 if !sources.is_empty() => {
            let path = &sources[dice.below(sources.len())];
            past.push((path.clone(), world.read(path).expect("it is listed")));
            world.remove_file(path).expect("it is listed");
            format!("removed {}", path.display())
        }
        4 if !sources.is_empty() => {
            let path = &sources[dice.below(sources.len())];
            let to = path.with_file_name(dice.of(&["index.md", "moved.md", "catalog-info.yaml", "x.svg"]));
            let _may_be_itself = world.rename(path, &to);
            format!("{} becomes {}", path.display(), to.display())
        }
        5 if !past.is_empty() => {
            let (path, bytes) = past.swap_remove(dice.below(past.len()));
            let _refused_below_a_file = world.write(&path, &bytes);
            format!("{} is back", path.display())
        }
        6 | 7 => {
            let text = match n {
                0 => "site_name: Shop\n".to_string(),
                1 => format!("site_name: Shop {}\nnav:\n- guide.md\n- Start: index.md\n", dice.below(9)),
                _ => "site_name: [\nnav: {".to_string(),
            };
            put(world, "repos/a/mkdocs.yml", &text);
            format!("nav becomes {text:?}")
        }
        8 | 9 => {
            let text = descriptor(dice);
            let path = dice.of(&["repos/a/catalog-info.yaml", "repos/b/catalog-info.yaml"]);
            put(world, path, &text);
            format!("{path} becomes {text:?}")
        }
        10 => {
            let text = match n {
                0 => format!("{DOCS_TEMPLATE}<!-- {} -->", dice.below(9)),
                1 => "{{ page.no.such }}".to_string(),
                _ => "{% if %}".to_string(),
            };
            put(world, "theme/templates/docs.html", &text);
            put(world, "theme/assets/extra.css", &format!("a {{ top: {}px }}", dice.below(9)));
            format!("template becomes {text:?}")
        }
        11 | 12 => {
            let text = book(dice);
            put(world, "book.toml", &text);
            format!("book.toml becomes {text:?}")
        }
        13 => damage(world, Path::new(CACHE), dice),
        _ => {
            put(world, "home.md", &prose(dice));
            put(world, "repos/a/docs/x.svg", dice.of(&["<svg onload='x'/>", "<svg/>", "no"]));
            "home page and picture".to_string()
        }
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
            "!!! note\n    Look.\n\n",
            "```py\nx = 2\n```\n\n",
        ]));
    }
    text
}

fn descriptor(dice: &mut Dice) -> String {
    let docs = dice.of(&["", "  annotations: {backstage.io/techdocs-ref: 'dir:.'}\n"]);
    let name = dice.of(&["shop", "team", "till"]);
    let owner = dice.of(&["team", "nobody", "group:default/team"]);
    let title = dice.of(&["", "  title: Titled\n", "  title: [\n", "  description: See *it*\n"]);
    let kind = dice.of(&["Component", "Group", "API", "System"]);
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata:\n  name: {name}\n{docs}{title}spec: {{type: \
         openapi, lifecycle: production, owner: {owner}, definition: 'a: b'}}\n"
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

/// Removes, cuts or changes a file in a folder.
fn damage(world: &Memory, folder: &Path, dice: &mut Dice) -> String {
    let site = |path: &&PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        path.starts_with(folder) && !name.starts_with(".callboard-") && name != "lock"
    };
    let files: Vec<PathBuf> = world.paths().iter().filter(site).cloned().collect();
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

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn after_any_edits_a_build_equals_a_clean_one() {
    let n_steps = variable("CALLBOARD_STEPS").unwrap_or(70);
    let seeds = variable("CALLBOARD_SEED").map_or(vec![1, 2, 3], |seed| vec![seed]);
    for seed in seeds {
        let (world, mut past) = (world(), Vec::new());
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        assert_as_clean(&world, "the start");
        let mut live = Live::default();
        live.assert_as_clean(&world, "the start");
        for step in 0..n_steps {
            let mut what = format!("CALLBOARD_SEED={seed}, step {step}:");
            // Alone: what somebody changes in the output is theirs, and
            // stays, if the site has no such file any more.
            if dice.below(10) == 0 {
                what.push_str(&damage(&world, Path::new(OUT), &mut dice));
                assert_as_clean(&world, &what);
            }
            for _ in 0..=dice.below(2) {
                what.push_str(&format!(" {};", edit(&world, &mut dice, &mut past)));
            }
            assert_as_clean(&world, &what);
            live.assert_as_clean(&world, &what);
        }
    }
}

#[test]
fn what_has_not_changed_is_not_made() {
    let world = world();
    assert_as_clean(&world, "the start");
    let made = |world: &Memory| {
        let (memo, ignored) = memo::open(world, Path::new(CACHE), pipeline::salt(), Trust::Stamps);
        assert_eq!(ignored, None);
        let memo = Arc::new(memo);
        let outputs = planned(world, &memo);
        let made = std::sync::Mutex::new(Vec::new());
        let note = |idx: usize| made.lock().unwrap().push(outputs.paths[idx].to_string());
        let signal = AtomicU8::new(0);
        let target = Target { output: Path::new(OUT), mode: Mode::InPlace, signal: &signal, on_file: &note };
        pipeline::write(world, &memo, &outputs, &target, &mut Vec::new()).expect("it writes");
        let mut made = made.into_inner().unwrap();
        made.retain(|path| !path.starts_with("search/"));
        made.sort();
        made.join(" ")
    };
    assert_eq!(made(&world), "");
    put(&world, "repos/a/docs/guide.md", "# Guide\n\n## How\n\nOther words.\n");
    assert_eq!(made(&world), "docs/default/component/shop/guide/index.html");
    put(&world, "repos/a/docs/guide.md", "# Manual\n\n## How\n\nOther words.\n");
    assert_eq!(
        made(&world),
        "docs/default/component/shop/guide/index.html docs/default/component/shop/index.html"
    );
    assert_eq!(made(&world), "");
    assert_as_clean(&world, "all of it");
}
