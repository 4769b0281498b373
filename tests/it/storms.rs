//! `callboard serve` and `build` when the world is rough: storms of
//! files, roots that vanish, clocks that jump, disks that are full, and
//! more clients than anybody wants. The site stays the last good one, and
//! the next good state is reached without anybody's help.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::live::{BOOK, INDEX, event, live, live_with};
use crate::portal;

/// A storm has so many files, and so many of them are pages.
const N_FILES: usize = 10_000;
const N_PAGES: usize = 300;

#[test]
fn a_storm_of_renames_ends_where_a_build_does() {
    let live = live();
    let repo = live.root().join("repos/a");
    let path = |n: usize, name: &str| match n < N_PAGES {
        true => format!("docs/{}/{name}{n}.md", n % 30),
        false => format!("data/{}/{name}{n}.dat", n % 30),
    };
    for n in 0..N_FILES {
        let text = format!("# Page {n}\n\n[next]({}.md)\n", n + 30);
        live.put(&format!("repos/a/{}", path(n, "")), &text);
    }
    let last = N_PAGES - 1;
    live.expect(&format!("{INDEX}29/{last}/"), &format!("Page {last}"));
    for n in 0..N_FILES {
        fs::rename(repo.join(path(n, "")), repo.join(path(n, "was-"))).expect("it is there");
    }
    fs::rename(repo.join("docs/7"), repo.join("docs/seven")).expect("it is there");
    live.expect(&format!("{INDEX}seven/was-7/"), "Page 7");
    live.expect(&format!("{INDEX}29/was-{last}/"), &format!("Page {last}"));
    live.expect_as_built();
}

#[test]
fn a_portal_that_is_moved_away_stays_until_it_is_back() {
    let live = live();
    let mut events = live.listen();
    event(&mut events);
    let away = live.folder.path().join("away");
    fs::rename(live.root(), &away).expect("it is there");
    while !event(&mut events).contains("\"stale\":true") {}
    live.expect(INDEX, "first");
    // Somebody else's portal takes its place, and is watched in turn.
    live.put(
        "repos/a/catalog-info.yaml",
        &fs::read_to_string(away.join("repos/a/catalog-info.yaml")).expect("it is there"),
    );
    live.put("repos/a/mkdocs.yml", "site_name: Other shop\n");
    live.put("repos/a/docs/index.md", "# Shop\n\nanother\n");
    live.put("book.toml", BOOK);
    live.expect(INDEX, "another");
    live.put("repos/a/docs/index.md", "# Shop\n\nand watched\n");
    live.expect(INDEX, "and watched");
    live.expect_as_built();
}

#[test]
fn times_that_jump_hide_no_edit() {
    let live = live();
    let page = live.root().join("repos/a/docs/index.md");
    live.expect(INDEX, "first");
    let day = Duration::from_secs(24 * 60 * 60);
    let times = [
        SystemTime::UNIX_EPOCH,
        SystemTime::now() + 400 * day,
        SystemTime::now() - 9000 * day,
        SystemTime::UNIX_EPOCH + 40_000 * day,
        SystemTime::UNIX_EPOCH,
    ];
    // All of one size, the first and the last of one time.
    for (n, time) in times.into_iter().enumerate() {
        let file = fs::File::create(&page).expect("it can be written");
        (&file).write_all(format!("# Shop\n\nfirs{n}\n").as_bytes()).expect("it can be written");
        file.set_modified(time).expect("a disk sets times");
        drop(file);
        live.expect(INDEX, &format!("firs{n}"));
    }
    live.expect_as_built();
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_read_once_it_can() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let live = live();
    let docs = live.root().join("repos/a/docs");
    // A link that leads nowhere yet.
    symlink("../later.txt", docs.join("later.md")).expect("links can be made");
    live.put("repos/a/docs/locked.md", "# Locked\n\nunder key\n");
    let page = docs.join("locked.md");
    fs::set_permissions(&page, fs::Permissions::from_mode(0o000)).expect("it is ours");
    live.put("repos/a/docs/index.md", "# Shop\n\nmeanwhile\n");
    live.expect(INDEX, "meanwhile");
    fs::set_permissions(&page, fs::Permissions::from_mode(0o644)).expect("it is ours");
    live.put("repos/a/later.txt", "# Later\n\nthere at last\n");
    live.expect(&format!("{INDEX}locked/"), "under key");
    live.expect(&format!("{INDEX}later/"), "there at last");
    live.expect_as_built();
}

#[test]
fn a_thousand_clients_keep_nobody_from_the_next_page() {
    let live = live();
    let mut crowd: Vec<TcpStream> = Vec::new();
    let requests: [&[u8]; 5] = [
        b"GET /__callboard/events HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: lo",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /../../etc/passwd HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    ];
    for n in 0..1000 {
        // Where fewer files may be open, a smaller crowd has to do.
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", live.port)) else { break };
        let _sent_away = stream.write_all(requests[n % requests.len()]);
        crowd.push(stream);
        if n % 100 == 0 {
            live.expect(INDEX, "first");
        }
    }
    assert!(crowd.len() > 300, "only {} clients", crowd.len());
    let mut events = live.listen();
    event(&mut events);
    live.put("repos/a/docs/index.md", "# Shop\n\nsecond\n");
    event(&mut events);
    live.expect(INDEX, "second");
    drop(crowd);
    live.expect_as_built();
}

/// Runs a program that can write so many kilobytes to a file at most.
#[cfg(unix)]
fn cramped(n_kilobytes: u64) -> Vec<String> {
    let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", n_kilobytes * 2);
    ["sh", "-c", &script].map(str::to_string).to_vec()
}

#[cfg(unix)]
#[test]
fn a_full_disk_costs_serve_its_cache_alone() {
    // Not a byte of a file can be written.
    let cramped = cramped(0);
    let live = live_with(&cramped.iter().map(String::as_str).collect::<Vec<_>>());
    live.expect(INDEX, "first");
    live.put("repos/a/docs/index.md", "# Shop\n\nsecond\n");
    live.expect(INDEX, "second");
    live.expect_as_built();
}

#[cfg(unix)]
#[test]
fn a_full_disk_keeps_the_old_site_and_the_next_build_makes_the_new_one() {
    let live = live();
    let out = live.folder.path().join("site");
    let build = |wrapper: &[String]| {
        let binary = env!("CARGO_BIN_EXE_callboard").to_string();
        let whole: Vec<String> = wrapper.iter().cloned().chain([binary]).collect();
        let mut command = Command::new(&whole[0]);
        command.args(&whole[1..]).args(["build", "-q", "-d"]).args([&out, &live.root()]);
        let run = command.output().expect("it runs");
        (run.status.code(), String::from_utf8_lossy(&run.stderr).into_owned())
    };
    assert_eq!(build(&[]).0, Some(0));
    let old = portal::files_below(&out);
    let largest = old.iter().map(|(_, bytes)| bytes.len() as u64).max().expect("there are files");
    // The new page and the index of its words are larger than any file
    // may be.
    let words: String = (0..largest / 2).map(|n| format!("word{n} ")).collect();
    live.put("repos/a/docs/index.md", &format!("# Shop\n\n{words}\n"));
    let (code, said) = build(&cramped(largest / 1024 + 8));
    assert_eq!(code, Some(3), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    assert_same(&old, &portal::files_below(&out));
    // There is room again.
    let (code, said) = build(&[]);
    assert_eq!(code, Some(0), "{said}");
    let new = portal::files_below(&out);
    let clean = live.folder.path().join("clean");
    let run = Command::new(env!("CARGO_BIN_EXE_callboard"))
        .args(["build", "-q", "--no-cache", "-d"])
        .args([&clean, &live.root()])
        .output()
        .expect("it runs");
    assert!(run.status.success());
    assert_same(&new, &portal::files_below(&clean));
}

#[cfg(unix)]
#[track_caller]
fn assert_same(one: &[(String, Vec<u8>)], other: &[(String, Vec<u8>)]) {
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    assert_eq!(names(one), names(other));
    for ((path, one), (_, other)) in one.iter().zip(other) {
        assert!(one == other, "`{path}` differs");
    }
}

#[test]
fn what_only_its_time_changes_is_no_event() {
    let live = live();
    let mut events = live.listen();
    let first = event(&mut events);
    let page = live.root().join("repos/a/docs/index.md");
    let file = fs::File::options().write(true).open(&page).expect("it is there");
    file.set_modified(SystemTime::now() + Duration::from_secs(3600)).expect("a disk sets times");
    drop(file);
    // It is told apart from the edit, unless it comes while watching
    // begins: then nobody says so.
    for _ in 0..100 {
        if live.said().contains("changed: ") {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    live.put("repos/a/docs/index.md", "# Shop\n\nsecond\n");
    // The next event is that of the edit: no generation lies between.
    let number = |event: &str| {
        let (_, rest) = event.split_once("\"generation\":\"").expect("it names one");
        let name = rest.split('"').next().and_then(|name| name.rsplit('-').next());
        name.and_then(|number| number.parse::<u32>().ok()).expect("it has a number")
    };
    assert_eq!(number(&event(&mut events)), number(&first) + 1);
    live.expect(INDEX, "second");
}

#[test]
fn a_client_that_reads_slowly_gets_the_same_bytes() {
    let live = live();
    let text = format!("# Shop\n\n{}", "A long line of words.\n\n".repeat(20_000));
    live.put("repos/a/docs/index.md", &text);
    live.expect(INDEX, "A long line");
    let whole = live.get(INDEX);
    let mut slow = live.ask(INDEX);
    let mut answer = Vec::new();
    // Meanwhile others edit and read.
    for n in 0..20 {
        let mut part = [0; 2000];
        let n_read = slow.read(&mut part).expect("it is still there");
        answer.extend_from_slice(&part[..n_read]);
        live.put("repos/b/README.md", &format!("# Other\n\nedit {n}\n"));
        live.expect("/docs/default/repository/b/", &format!("edit {n}"));
    }
    slow.read_to_end(&mut answer).expect("it is still there");
    assert!(answer.len() > whole.len(), "{} of {} bytes", answer.len(), whole.len());
    assert!(answer.ends_with(&whole[whole.len() - 1000..]));
}

#[test]
fn a_server_listens_on_loopback_alone() {
    let live = live();
    let said = Command::new("sh").args(["-c", "cat /proc/net/tcp"]).output().expect("a shell runs");
    let listening = format!(":{:04X} 00000000:0000 0A", live.port);
    let lines = BufReader::new(&*said.stdout).lines().map_while(Result::ok);
    let own: Vec<String> = lines.filter(|line| line.contains(&listening)).collect();
    // Where there is no such table, nothing is shown.
    assert!(own.iter().all(|line| line.contains(" 0100007F:")), "{own:?}");
    assert!(!Path::new("/proc/net/tcp").exists() || own.len() == 1, "{own:?}");
}
