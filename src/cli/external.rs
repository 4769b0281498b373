//! `check --external`: whether links to other hosts lead anywhere. Each
//! address is asked for once, one after the other at each host, and what
//! was found is remembered in the cache for a week.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::base::net::{self, Answer};
use crate::base::par;
use crate::base::world::World;
use crate::model::codes::external as codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::docs_site::LinkTarget;
use crate::model::site::Site;

use super::status::Status;

/// So many hosts are asked at the same time.
const N_HOSTS: usize = 16;
/// So many addresses a host is asked for in one run.
const MAX_PER_HOST: usize = 100;
/// Between two questions to one host.
const PAUSE: Duration = Duration::from_millis(150);
/// How long an answer is remembered, in seconds: a week and a day.
const KEPT_FOUND: i64 = 7 * 24 * 3600;
const KEPT_MISSING: i64 = 24 * 3600;
const FILE: &str = "external-links";

/// An address, where it stands first, and how often.
struct Asked<'s> {
    url: &'s str,
    span: Span,
    n_times: usize,
}

/// Asks the hosts of all links of docs, and returns what is to say.
pub(super) fn diagnostics(
    world: &dyn World,
    site: &Site,
    cache: Option<&Path>,
    allowed: &[String],
    status: &Status,
) -> Vec<Diagnostic> {
    let now = world.now_ns() / 1_000_000_000;
    let known = cache.map(|folder| known(world, folder, now)).unwrap_or_default();
    let hosts = hosts(site);
    let n_all: usize = hosts.values().map(Vec::len).sum();
    let asker = net::asker(allowed);
    let n_done = AtomicUsize::new(0);
    let lists: Vec<&Vec<Asked>> = hosts.values().collect();
    let answers: Vec<Vec<Answer>> = par::waiting_map(&lists, N_HOSTS, |list| {
        let mut n_asked = 0;
        let mut answer = |asked: &Asked| {
            let done = n_done.fetch_add(1, Ordering::Relaxed) + 1;
            status.draw(&format!("asking {done} of {n_all} addresses"));
            if let Some((answer, _)) = known.get(asked.url) {
                return answer.clone();
            }
            if n_asked == MAX_PER_HOST {
                return Answer::Unknown(format!("more than {MAX_PER_HOST} addresses of one host"));
            }
            if n_asked > 0 {
                std::thread::sleep(PAUSE);
            }
            n_asked += 1;
            asker.answer(asked.url)
        };
        list.iter().map(&mut answer).collect()
    });
    if let Some(folder) = cache {
        remember(world, folder, now, &known, lists.iter().zip(&answers));
    }
    let mut diags = Vec::new();
    for (list, answers) in lists.iter().zip(&answers) {
        report(list, answers, &mut diags);
    }
    diags
}

/// Returns the addresses of each host, in the order of the pages.
fn hosts(site: &Site) -> BTreeMap<String, Vec<Asked<'_>>> {
    let mut places: BTreeMap<&str, (usize, Span, usize)> = BTreeMap::new();
    for page in site.docs.iter().flat_map(|docs| &docs.pages) {
        for (target, link) in page.links.iter().zip(&page.doc.links) {
            let LinkTarget::External(url) = target else { continue };
            let url = url.split('#').next().unwrap_or(url);
            if url.starts_with("https://") || url.starts_with("http://") {
                let position = places.len();
                places.entry(url).or_insert((position, link.span, 0)).2 += 1;
            }
        }
    }
    let mut hosts: BTreeMap<String, Vec<(usize, Asked)>> = BTreeMap::new();
    for (url, (position, span, n_times)) in places {
        let host = url.split('/').nth(2).unwrap_or("").to_ascii_lowercase();
        hosts.entry(host).or_default().push((position, Asked { url, span, n_times }));
    }
    let mut sorted = BTreeMap::new();
    for (host, mut list) in hosts {
        list.sort_by_key(|(position, _)| *position);
        sorted.insert(host, list.into_iter().map(|(_, asked)| asked).collect());
    }
    sorted
}

/// Says each address that leads to nothing, and once for each host and
/// reason that nothing is known.
fn report(list: &[Asked], answers: &[Answer], diags: &mut Vec<Diagnostic>) {
    let mut uncertain: BTreeMap<&str, (&Asked, usize)> = BTreeMap::new();
    for (asked, answer) in list.iter().zip(answers) {
        let reason = match answer {
            Answer::Found => continue,
            Answer::Missing(reason) => {
                diags.push(codes::external_link_broken(asked.span, asked.url, reason, asked.n_times));
                continue;
            }
            Answer::Unknown(reason) => reason,
            Answer::Private => "it is a host of a private network",
        };
        uncertain.entry(reason).or_insert((asked, 0)).1 += 1;
    }
    for (reason, (asked, n_links)) in uncertain {
        diags.push(codes::external_link_uncertain(asked.span, asked.url, reason, n_links));
    }
}

/// Reads what earlier runs have found: a time, an answer and an address
/// on each line. What is old, or no such line, is left out.
fn known(world: &dyn World, folder: &Path, now: i64) -> BTreeMap<String, (Answer, i64)> {
    let bytes = world.read(&folder.join(FILE)).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let line = |line: &str| {
        let mut parts = line.splitn(3, '\t');
        let time: i64 = parts.next()?.parse().ok()?;
        let (answer, kept) = match parts.next()? {
            "found" => (Answer::Found, KEPT_FOUND),
            reason => (Answer::Missing(reason.to_string()), KEPT_MISSING),
        };
        let is_fresh = (0..kept).contains(&now.checked_sub(time)?);
        is_fresh.then_some((parts.next()?.to_string(), (answer, time)))
    };
    text.lines().filter_map(line).collect()
}

fn remember<'a>(
    world: &dyn World,
    folder: &Path,
    now: i64,
    known: &BTreeMap<String, (Answer, i64)>,
    answers: impl Iterator<Item = (&'a &'a Vec<Asked<'a>>, &'a Vec<Answer>)>,
) {
    let mut text = String::new();
    for (list, answers) in answers {
        for (asked, answer) in list.iter().zip(answers) {
            let word = match answer {
                Answer::Found => "found",
                Answer::Missing(reason) => reason,
                Answer::Unknown(_) | Answer::Private => continue,
            };
            let time = known.get(asked.url).map_or(now, |(_, time)| *time);
            text.push_str(&format!("{time}\t{word}\t{}\n", asked.url));
        }
    }
    // A cache that cannot be written is no reason to fail.
    let _not_kept = world.write(&folder.join(FILE), text.as_bytes());
}
