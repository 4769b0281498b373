//! The house rules as tests: floors, prose at the head of each file,
//! diagnostics that are declared, shown, explained and in the guide.

use std::path::Path;

use callboard::model::codes;

use crate::portal;

/// The floors of the house. A room may import from lower floors and
/// from itself, never from above or from beside.
const FLOORS: &[(&str, u8)] = &[
    ("base", 0),
    ("model", 1),
    ("discover", 2),
    ("parse", 2),
    ("resolve", 2),
    ("render", 2),
    ("write", 2),
    ("pipeline", 3),
    ("serve", 4),
    ("cli", 5),
];

/// Files that may use what clippy bans elsewhere, and why.
const DOORS: &[(&str, &str)] = &[
    ("src/base/disk.rs", "the door to the disk"),
    ("src/base/git.rs", "the door to git"),
    ("src/base/tool.rs", "the door to programs that the configuration names"),
    ("src/cli/environment.rs", "the door to the environment"),
    ("src/cli/mod.rs", "the door out"),
];

#[test]
fn rooms_look_down_only() {
    let mut faults = Vec::new();
    for (path, text) in sources() {
        let Some(room) = room(&path) else { continue };
        let floor = floor(room).unwrap_or_else(|| panic!("{path}: `{room}` has no floor in tidy.rs"));
        for (line_number, imported) in imports(&text) {
            let Some(imported_floor) = self::floor(&imported) else {
                faults.push(format!("{path}:{line_number}: `crate::{imported}` is no room"));
                continue;
            };
            if imported != room && imported_floor >= floor {
                faults.push(format!("{path}:{line_number}: `{room}` looks at `{imported}`"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_floors_test_sees_imports() {
    let text = "use crate::{parse, resolve};\nlet x = crate::write::y();\nuse crate::model::a::{B, C};\n";
    let found: Vec<String> = imports(text).into_iter().map(|(_, room)| room).collect();
    assert_eq!(found, ["parse", "resolve", "write", "model"]);
}

#[test]
fn every_file_opens_with_prose() {
    let silent: Vec<String> =
        sources().into_iter().filter(|(_, text)| !text.starts_with("//! ")).map(|(path, _)| path).collect();
    assert!(silent.is_empty(), "files that do not open with `//!`: {silent:?}");
}

#[test]
fn only_the_doors_except_themselves_from_the_bans() {
    for (path, text) in sources() {
        let excepts = text.contains("clippy::disallowed_methods");
        let is_door = DOORS.iter().any(|(door, _)| *door == path);
        assert_eq!(excepts, is_door, "{path}: exceptions from disallowed_methods are for the doors");
    }
}

#[test]
fn only_the_command_line_prints() {
    for (path, text) in sources() {
        for word in ["println!(", "eprintln!(", "print!(", "eprint!(", "io::stdout(", "io::stderr("] {
            let prints = text.contains(word);
            assert!(!prints || path.starts_with("src/cli/"), "{path}: `{word}` outside of cli");
        }
    }
}

#[test]
fn nothing_is_left_to_do() {
    for (path, text) in sources() {
        for word in ["TODO", "FIXME", "XXX", "todo!(", "unimplemented!("] {
            assert!(!text.contains(word), "{path}: `{word}`");
        }
    }
}

#[test]
fn codes_are_well_formed() {
    let all = codes::all();
    for pair in all.windows(2) {
        assert_ne!(pair[0].id, pair[1].id, "a code is declared twice");
    }
    for code in all {
        let well_named =
            code.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        assert!(well_named, "`{}` is not in lower case with hyphens", code.id);
        assert!(!code.summary.ends_with('.'), "`{}`: the summary ends with a full stop", code.id);
        assert!(code.explanation.len() >= 40, "`{}`: the explanation says too little", code.id);
    }
}

#[test]
fn the_guide_lists_every_diagnostic() {
    let mut page = String::from(
        "# Diagnostics\n\nEvery problem that Callboard reports has a code. `callboard explain CODE` prints what\nstands here.\n",
    );
    for code in codes::all() {
        page += &format!(
            "\n## {}\n\n*{}*: {}.\n\n{}\n",
            code.id,
            code.severity.name(),
            code.summary,
            code.explanation
        );
    }
    let path = portal::root().join("docs/diagnostics.md");
    if portal::updates() {
        std::fs::write(&path, &page).expect("the guide can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == page, "docs/diagnostics.md is stale: run `UPDATE_EXPECT=1 cargo test`");
}

/// All Rust files of `src`, with `/` in their paths, relative to the
/// root.
fn sources() -> Vec<(String, String)> {
    portal::files_below(&portal::root().join("src"))
        .into_iter()
        .filter(|(path, _)| path.ends_with(".rs"))
        .map(|(path, bytes)| (format!("src/{path}"), String::from_utf8(bytes).expect("sources are UTF-8")))
        .collect()
}

/// The room of a file, `None` for `lib.rs` and `main.rs`.
fn room(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("src/")?;
    match inside.split_once('/') {
        Some((room, _)) => Some(room),
        None => Path::new(inside).file_stem()?.to_str().filter(|stem| !matches!(*stem, "lib" | "main")),
    }
}

fn floor(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor)
}

/// Every room that a text names after `crate::`, with the line's number.
/// Comments do not count.
fn imports(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (line_idx, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or("");
        for (at, _) in code.match_indices("crate::") {
            let rest = &code[at + "crate::".len()..];
            let names: Vec<&str> = match rest.strip_prefix('{') {
                Some(list) => list.split('}').next().unwrap_or("").split(',').collect(),
                None => vec![rest],
            };
            for name in names {
                let name: String =
                    name.trim().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                if !name.is_empty() {
                    found.push((line_idx + 1, name));
                }
            }
        }
    }
    found
}

/// Each line of the table of bad input names tests that exist.
#[test]
fn bad_input_has_tests() {
    let table = std::fs::read_to_string("tests/bad-input.tsv").expect("the table is there");
    let mut faults = Vec::new();
    let mut ids = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<&str> = line.split('\t').collect();
        let [id, _what, tests] = parts[..] else { panic!("three columns: {line}") };
        ids.push(id.to_string());
        for test in tests.split(", ") {
            let exists = match test.strip_prefix("case ") {
                Some(name) => ["discover", "parse", "resolve", "render"]
                    .iter()
                    .any(|room| Path::new("tests/cases").join(room).join(name).join("case.toml").is_file()),
                None => {
                    let (file, name) = test.split_once(' ').unwrap_or((test, ""));
                    let text = std::fs::read_to_string(file).unwrap_or_default();
                    let is_named = [format!("fn {name}("), format!("test(\"{name}\"")];
                    !text.is_empty() && (name.is_empty() || is_named.iter().any(|name| text.contains(name)))
                }
            };
            if !exists {
                faults.push(format!("{id}: there is no {test}"));
            }
        }
    }
    let groups = [("M", 15), ("I", 9), ("X", 39), ("E", 13), ("Z", 14)];
    let all: Vec<String> =
        groups.iter().flat_map(|(group, n)| (1..=*n).map(move |number| format!("{group}{number}"))).collect();
    assert_eq!(ids, all);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
