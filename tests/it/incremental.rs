//! The crown test: after any edits, what a build with a cache makes is
//! what a build without one makes, byte for byte; and so is what `serve`
//! makes, which follows the same edits in memory. The edits are random;
//! a failure names its seed, and `CALLBOARD_SEED=… CALLBOARD_STEPS=…`
//! runs that one, or a longer one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU8;

use callboard::base::disk::Disk;
use callboard::base::hash;
use callboard::base::memo::{self, Memo, Trust};
use callboard::base::memory::Memory;
use callboard::base::world::{EntryKind, World};
use callboard::pipeline::past::{Past, Since};
use callboard::pipeline::{self, Target};
use callboard::render::outputs::{self, Outputs};
use callboard::write::swap::{Mode, Written};

use crate::edits::{self, Dice, Portal};
use crate::odd_world::Odd;
use crate::portal;

/// Where the portal and its output lie.
struct Places {
    root: PathBuf,
    cache: PathBuf,
    out: PathBuf,
}

impl Places {
    fn below(folder: &Path) -> Self {
        let root = folder.join("portal");
        Places { cache: root.join(".callboard"), out: folder.join("out"), root }
    }
}

/// Builds with the cache, as `callboard build` does.
fn build(world: &dyn World, places: &Places) -> (Written, String) {
    loop {
        let (memo, _) = memo::open(world, &places.cache, pipeline::salt(), Trust::Stamps);
        let memo = Arc::new(memo);
        let outputs = planned(world, places, &memo);
        let mut diags = Vec::new();
        let signal = AtomicU8::new(0);
        let target = Target { output: &places.out, mode: Mode::InPlace, signal: &signal, on_file: &|_| {} };
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

fn planned(world: &dyn World, places: &Places, memo: &Arc<Memo>) -> Outputs {
    planned_since(world, places, memo, None)
}

fn planned_since(world: &dyn World, places: &Places, memo: &Arc<Memo>, since: Option<Since<'_>>) -> Outputs {
    let mut diags = Vec::new();
    let config = pipeline::config(world, &places.root, &[], &mut diags).expect("it is sound");
    let theme = callboard::render::theme::theme(world, &config.theme, &mut diags).expect("it loads");
    let skip = [places.cache.clone(), places.root.join("theme")];
    let site = pipeline::site_since(world, memo, config, &skip, diags, since, &|_| {}).expect("it runs");
    let (site, theme) = (Arc::new(site), Arc::new(theme));
    let outputs = outputs::outputs_with(memo, &site, &theme);
    let is_of_search = |path: &&str| path.starts_with("search/") && *path != "search/index.html";
    let paths = outputs.paths.iter().map(|path| path.as_str()).filter(|path| !is_of_search(path));
    let live = outputs::outputs_without_search(&site, &theme);
    assert!(paths.eq(live.paths.iter().map(|path| path.as_str()).filter(|path| !is_of_search(path))));
    outputs
}

#[test]
fn a_clean_build_reads_each_file_of_a_source_once() {
    let memory = Memory::new(&[
        ("/w/portal/book.toml", "[docs]\nprint = true\n[[source]]\npath = \"repos/*\"\n"),
        ("/w/portal/repos/a/mkdocs.yml", "site_name: A\n"),
        ("/w/portal/repos/a/docs/index.md", "# A\n\n![x](x.svg) ![y](y.svg) [z](z.txt) ![p](p.svg)\n"),
        ("/w/portal/repos/a/docs/x.svg", "<svg width='1' height='2'><path d='m0 0'/></svg>"),
        ("/w/portal/repos/a/docs/y.svg", "<svg width='1' height='2'><script>x()</script></svg>"),
        ("/w/portal/repos/a/docs/p.svg", "<svg onload='x'"),
        ("/w/portal/repos/a/docs/z.txt", "text\n"),
    ]);
    let places = Places::below(Path::new("/w"));
    let world = Odd::new(&memory);
    let (written, _) = build(&world, &places);
    assert!(written.n_new > 6, "{}", written.n_new);
    let reads = world.n_reads.lock().expect("nobody panicked").clone();
    let of_sources: Vec<(&PathBuf, &usize)> =
        reads.iter().filter(|(path, _)| path.starts_with("/w/portal/repos")).collect();
    assert_eq!(of_sources.len(), 6, "{of_sources:?}");
    assert!(of_sources.iter().all(|(_, n_times)| **n_times == 1), "{of_sources:?}");
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
    fn assert_as_clean(&mut self, world: &dyn World, places: &Places, what: &str, are_told: bool) {
        let is_watched = |path: &PathBuf| !path.starts_with(&places.cache);
        let paths = edits::paths_below(world, &places.root).into_iter().filter(is_watched);
        let now: BTreeMap<PathBuf, Vec<u8>> =
            paths.map(|path| (path.clone(), world.read(&path).expect("it is listed"))).collect();
        let all = self.seen.keys().chain(now.keys());
        let mut changed: Vec<PathBuf> =
            all.filter(|path| self.seen.get(*path) != now.get(*path)).cloned().collect();
        changed.dedup();
        let changed = (are_told && !self.seen.is_empty()).then_some(&*changed);
        let since = Since { past: &mut self.past, changed };
        let outputs = planned_since(world, places, &Arc::default(), Some(since));
        let (files, said_by_clean) = clean(world, places);
        assert_eq!(names(&outputs), files.keys().cloned().collect::<Vec<_>>(), "in memory, {what}");
        for (idx, (name, bytes)) in files.iter().enumerate() {
            let live = outputs.bytes(world, idx).expect("it renders");
            assert!(live == *bytes, "`{name}` differs in memory after {what}: {}", differing(&live, bytes));
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
fn clean(world: &dyn World, places: &Places) -> (BTreeMap<String, Vec<u8>>, String) {
    let outputs = planned(world, places, &Arc::default());
    let files = (0..outputs.paths.len())
        .map(|idx| (outputs.paths[idx].to_string(), outputs.bytes(world, idx).expect("it renders")))
        .collect();
    (files, said(&outputs))
}

fn written(world: &dyn World, out: &Path) -> BTreeMap<String, Vec<u8>> {
    let below = |path: &PathBuf| Some(path.strip_prefix(out).ok()?.to_str()?.to_string());
    let paths = edits::paths_below(world, out);
    let names = paths.iter().filter_map(|path| Some((below(path)?, path)));
    let site = names.filter(|(name, _)| !name.starts_with(".callboard-"));
    site.map(|(name, path)| (name, world.read(path).expect("it is there"))).collect()
}

#[track_caller]
fn assert_as_clean(world: &dyn World, places: &Places, what: &str) -> Written {
    let (done, said) = build(world, places);
    let (files, said_by_clean) = clean(world, places);
    let written = written(world, &places.out);
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&written), names(&files), "{what}");
    for (name, bytes) in &files {
        assert!(
            &written[name] == bytes,
            "`{name}` differs after {what}: {}",
            differing(&written[name], bytes)
        );
    }
    assert_eq!(said, said_by_clean, "{what}");
    done
}

/// Returns what two files say where they begin to differ.
fn differing(one: &[u8], other: &[u8]) -> String {
    let at = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let part = |bytes: &[u8]| {
        let end = bytes.len().min(at + 200);
        String::from_utf8_lossy(&bytes[at.saturating_sub(60).min(end)..end]).into_owned()
    };
    format!("{:?} is not {:?}", part(one), part(other))
}

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Edits a portal step by step; each step is held to a clean build.
fn edit_and_compare(mut portal: Portal<'_>, places: &Places, seed: u64, n_steps: u64) {
    let world = portal.world;
    let mut dice = Dice::new(seed);
    assert_as_clean(world, places, "the start");
    let mut live = Live::default();
    live.assert_as_clean(world, places, "the start", true);
    for step in 0..n_steps {
        let mut what = format!("CALLBOARD_SEED={seed}, step {step}:");
        // Alone: what somebody changes in the output is theirs, and
        // stays, if the site has no such file any more.
        if dice.below(10) == 0 {
            what.push_str(&edits::damage(world, &places.out, &mut dice));
            assert_as_clean(world, places, &what);
        }
        for _ in 0..=dice.below(2) {
            what.push_str(&format!(" {};", portal.edit(&mut dice)));
        }
        assert_as_clean(world, places, &what);
        // Links change what others hold, of which nobody is told.
        if !portal.on_disk {
            // Now and then events are lost, and the system says so.
            live.assert_as_clean(world, places, &what, dice.below(12) != 0);
        }
    }
}

#[test]
fn after_any_edits_a_build_equals_a_clean_one() {
    let n_steps = variable("CALLBOARD_STEPS").unwrap_or(100);
    let seeds = variable("CALLBOARD_SEED").map_or(vec![1, 2, 3], |seed| vec![seed]);
    let places = Places::below(Path::new("/"));
    for seed in seeds {
        println!("CALLBOARD_SEED={seed} CALLBOARD_STEPS={n_steps}");
        let memory = Memory::default();
        let world = Odd::new(&memory);
        edit_and_compare(Portal::new(&world, &places.root), &places, seed, n_steps);
    }
}

#[test]
fn after_any_edits_on_a_disk_a_build_equals_a_clean_one() {
    let n_steps = variable("CALLBOARD_STEPS").unwrap_or(40);
    let seed = variable("CALLBOARD_SEED").unwrap_or(4);
    println!("CALLBOARD_SEED={seed} CALLBOARD_STEPS={n_steps}");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let places = Places::below(&Disk.real_path(folder.path()).expect("it is there"));
    let world = Odd::new(&Disk);
    let portal = Portal { on_disk: true, ..Portal::new(&world, &places.root) };
    edit_and_compare(portal, &places, seed, n_steps);
}

/// Returns what a build made anew; the search index aside.
fn made(world: &dyn World, places: &Places) -> String {
    let (memo, ignored) = memo::open(world, &places.cache, pipeline::salt(), Trust::Stamps);
    assert_eq!(ignored, None);
    let memo = Arc::new(memo);
    let outputs = planned(world, places, &memo);
    let made = std::sync::Mutex::new(Vec::new());
    let note = |idx: usize| made.lock().expect("nobody panicked").push(outputs.paths[idx].to_string());
    let signal = AtomicU8::new(0);
    let target = Target { output: &places.out, mode: Mode::InPlace, signal: &signal, on_file: &note };
    pipeline::write(world, &memo, &outputs, &target, &mut Vec::new()).expect("it writes");
    let mut made = made.into_inner().expect("nobody panicked");
    made.retain(|path| !path.starts_with("search/"));
    made.sort();
    made.join(" ")
}

#[test]
fn what_has_not_changed_is_not_made() {
    let (memory, places) = (Memory::default(), Places::below(Path::new("/")));
    let world = Odd::new(&memory);
    let portal = Portal::new(&world, &places.root);
    assert_as_clean(&world, &places, "the start");
    assert_eq!(made(&world, &places), "");
    portal.put("repos/a/docs/guide.md", "# Guide\n\n## How\n\nOther words.\n");
    assert_eq!(made(&world, &places), "docs/default/component/shop/guide/index.html");
    portal.put("repos/a/docs/guide.md", "# Manual\n\n## How\n\nOther words.\n");
    assert_eq!(
        made(&world, &places),
        "docs/default/component/shop/deep/more/index.html docs/default/component/shop/guide/index.html \
         docs/default/component/shop/index.html"
    );
    assert_eq!(made(&world, &places), "");
    assert_as_clean(&world, &places, "all of it");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_goes_with_its_problem() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let places = Places::below(&Disk.real_path(folder.path()).expect("it is there"));
    let world = Odd::new(&Disk);
    let _portal = Portal::new(&world, &places.root);
    assert_as_clean(&world, &places, "the start");
    let link = places.root.join("repos/a/docs/lost.md");
    std::os::unix::fs::symlink("nowhere", &link).expect("links can be made");
    assert_as_clean(&world, &places, "a link that leads nowhere");
    world.remove_file(&link).expect("it is there");
    assert_as_clean(&world, &places, "no such link any more");
}

#[test]
fn a_cache_serves_at_another_path() {
    let (memory, here, there) =
        (Memory::default(), Places::below(Path::new("/")), Places::below(Path::new("/an/other machine")));
    let world = Odd::new(&memory);
    Portal::new(&world, &here.root);
    assert_as_clean(&world, &here, "the start");
    copy(&memory, &here.root, &there.root);
    copy(&memory, &here.out, &there.out);
    assert_eq!(made(&world, &there), "");
    assert_as_clean(&world, &there, "the move");
}

#[test]
fn a_cache_cut_in_half_or_of_another_version_is_made_anew() {
    let (memory, places) = (Memory::default(), Places::below(Path::new("/")));
    let world = Odd::new(&memory);
    Portal::new(&world, &places.root);
    assert_as_clean(&world, &places, "the start");
    let files = edits::paths_below(&world, &places.cache);
    assert!(!files.is_empty());
    for file in &files {
        let bytes = world.read(file).expect("it is listed");
        world.write(file, &bytes[..bytes.len() / 2]).expect("it is there");
        assert_as_clean(&world, &places, &format!("{} is cut", file.display()));
    }
    for file in &files {
        let bytes = world.read(file).unwrap_or_default();
        let _may_be_gone = world.write(file, &bytes[..bytes.len() / 2]);
    }
    assert_as_clean(&world, &places, "all of the cache is cut");

    let (other, _) = memo::open(&world, &places.cache, hash::key(&[b"older"]), Trust::Stamps);
    let other = Arc::new(other);
    let outputs = planned(&world, &places, &other);
    assert_eq!(said(&outputs), clean(&world, &places).1);
    other.save(&world);
    drop((outputs, other));
    assert_as_clean(&world, &places, "a cache of another version");
}

#[test]
fn a_body_that_the_cache_has_lost_is_read_anew() {
    const BODY: &[u8] = b"href=\"#lost\"";
    let (memory, places) = (Memory::default(), Places::below(Path::new("/")));
    let world = Odd::new(&memory);
    let portal = Portal::new(&world, &places.root);
    portal.put("home.md", "# Lost\n");
    assert_as_clean(&world, &places, "a home page");
    // Without its body, the page that comes back looks like this one.
    portal.put("home.md", "");
    assert_as_clean(&world, &places, "an empty home page");
    let mut n_damaged = 0;
    for file in edits::paths_below(&world, &places.cache) {
        let mut bytes = world.read(&file).expect("it is listed");
        if let Some(at) = bytes.windows(BODY.len()).position(|part| part == BODY) {
            bytes[at] = b'x';
            world.write(&file, &bytes).expect("it is there");
            n_damaged += 1;
        }
    }
    assert_eq!(n_damaged, 1);
    portal.put("home.md", "# Lost\n");
    assert_as_clean(&world, &places, "the home page is back");
}

#[test]
fn an_output_that_was_touched_is_mended() {
    let (memory, places) = (Memory::default(), Places::below(Path::new("/")));
    let world = Odd::new(&memory);
    Portal::new(&world, &places.root);
    assert_as_clean(&world, &places, "the start");
    let files = edits::paths_below(&world, &places.out);
    let pages: Vec<&PathBuf> = files.iter().filter(|path| path.ends_with("index.html")).collect();
    world.remove_file(pages[0]).expect("it is listed");
    world.write(pages[1], b"by hand").expect("it is there");
    let own = places.out.join("own.txt");
    world.write(&own, b"theirs").expect("it can be written");
    build(&world, &places);
    assert_eq!(world.read(&own).expect("it stays"), b"theirs");
    world.remove_file(&own).expect("it is there");
    assert_as_clean(&world, &places, "files of the output are touched");
}

fn copy(world: &dyn World, from: &Path, to: &Path) {
    for path in edits::paths_below(world, from) {
        assert_eq!(world.entry(&path).expect("it is listed"), EntryKind::File);
        let within = path.strip_prefix(from).expect("it lies below");
        world.write(&to.join(within), &world.read(&path).expect("it is there")).expect("it can be written");
    }
}
