//! Makes a portal out of nothing: so many repositories of so many
//! pages, in which no page, no paragraph and no code is like another.
//! The same sizes always give the same bytes.

use std::fs;
use std::path::{Path, PathBuf};

use callboard::base::par::par_map;

/// How large a portal is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) n_repos: usize,
    pub(crate) n_pages_each: usize,
}

impl Size {
    /// Returns the number of docs pages of all repositories.
    pub(crate) fn n_pages(&self) -> usize {
        self.n_repos * self.n_pages_each
    }
}

/// Writes a portal into an empty folder and returns its pages.
pub(crate) fn write_portal(folder: &Path, size: Size) -> Vec<PathBuf> {
    let book = "[book]\ntitle = \"Synthetic portal\"\n\n[[source]]\npath = \"repos/*\"\n";
    write(&folder.join("book.toml"), book);
    // One file holds a thousand documents at most.
    for (file, documents) in organisation(size).chunks(500).enumerate() {
        write(&folder.join(format!("repos/org/{file}.yaml")), &documents.concat());
    }
    let vocabulary = words(size);
    let repos: Vec<usize> = (0..size.n_repos).collect();
    let pages = par_map(&repos, |repo| write_repo(folder, *repo, size, &vocabulary));
    pages.into_iter().flatten().collect()
}

/// Returns the words of a portal, the most frequent first.
pub(crate) fn words(size: Size) -> Vec<String> {
    vocabulary(20_000 + 10 * size.n_repos)
}

fn write(path: &Path, text: &str) {
    write_bytes(path, text.as_bytes());
}

pub(crate) fn write_bytes(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("the folder can be made");
    fs::write(path, bytes).expect("the file can be written");
}

fn n_teams(size: Size) -> usize {
    size.n_repos / 20 + 1
}

fn n_systems(size: Size) -> usize {
    size.n_repos / 10 + 1
}

fn organisation(size: Size) -> Vec<String> {
    let mut documents = Vec::new();
    for team in 0..n_teams(size) {
        documents.push(format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: team-{team}\nspec:\n  type: team\n  children: []\n---\n"
        ));
    }
    for system in 0..n_systems(size) {
        let team = system % n_teams(size);
        documents.push(format!(
            "apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata:\n  name: system-{system}\nspec:\n  owner: team-{team}\n---\n"
        ));
    }
    documents
}

fn write_repo(folder: &Path, repo: usize, size: Size, vocabulary: &[String]) -> Vec<PathBuf> {
    let mut random = Random(0xc0ffee ^ (repo as u64) << 20);
    let root = folder.join(format!("repos/service-{repo}"));
    let mut descriptor = format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: service-{repo}\n  description: {}\n  \
         annotations:\n    backstage.io/techdocs-ref: dir:.\n  tags: [{}, {}]\nspec:\n  type: service\n  lifecycle: \
         production\n  owner: team-{}\n  system: system-{}\n",
        sentence(&mut random, vocabulary, 9).trim_end_matches('.'),
        random.word(vocabulary),
        random.word(vocabulary),
        repo % n_teams(size),
        repo % n_systems(size),
    );
    if repo > 0 {
        let other = random.below(repo);
        descriptor.push_str(&format!("  dependsOn: [component:service-{other}]\n"));
    }
    write(&root.join("catalog-info.yaml"), &descriptor);

    let mut mkdocs = format!("site_name: Service {repo}\nnav:\n");
    let mut pages = Vec::new();
    for page in 0..size.n_pages_each {
        let name = if page == 0 { "index.md".to_string() } else { format!("page-{page}.md") };
        mkdocs.push_str(&format!("  - Page {page}: {name}\n"));
        let path = root.join("docs").join(&name);
        write(&path, &page_text(&mut random, vocabulary, page, size.n_pages_each));
        pages.push(path);
    }
    write(&root.join("mkdocs.yml"), &mkdocs);
    pages
}

/// About 600 words, a table, a list, an admonition, links to other pages
/// and two blocks of code.
fn page_text(random: &mut Random, vocabulary: &[String], page: usize, n_pages: usize) -> String {
    let mut text = format!("# {}\n\n", title(random, vocabulary));
    for section in 0..4 {
        text.push_str(&format!("## {}\n\n", title(random, vocabulary)));
        for _ in 0..3 {
            for _ in 0..4 {
                let n_words = 8 + random.below(10);
                text.push_str(&sentence(random, vocabulary, n_words));
                text.push(' ');
            }
            text.push_str("\n\n");
        }
        match section {
            0 => text.push_str(&code(random, vocabulary)),
            1 => {
                for _ in 0..4 {
                    text.push_str(&format!("- {}\n", sentence(random, vocabulary, 6)));
                }
                let other = (page + 1) % n_pages;
                let name = if other == 0 { "index.md".to_string() } else { format!("page-{other}.md") };
                text.push_str(&format!("\nSee [{}]({name}).\n\n", random.word(vocabulary)));
            }
            2 => {
                text.push_str("| Name | Meaning |\n|---|---|\n");
                for _ in 0..4 {
                    text.push_str(&format!(
                        "| `{}` | {} |\n",
                        random.word(vocabulary),
                        title(random, vocabulary)
                    ));
                }
                text.push_str(&format!("\n!!! note\n    {}\n\n", sentence(random, vocabulary, 12)));
            }
            _ => text.push_str(&code(random, vocabulary)),
        }
    }
    text
}

fn title(random: &mut Random, vocabulary: &[String]) -> String {
    let first = random.word(vocabulary);
    let mut title = first[..1].to_uppercase();
    title.push_str(&first[1..]);
    for _ in 0..2 {
        title.push(' ');
        title.push_str(random.word(vocabulary));
    }
    title
}

fn sentence(random: &mut Random, vocabulary: &[String], n_words: usize) -> String {
    let mut sentence = title(random, vocabulary);
    for idx in 0..n_words.saturating_sub(3) {
        sentence.push(' ');
        let word = random.word(vocabulary);
        match idx % 11 {
            4 => sentence.push_str(&format!("*{word}*")),
            8 => sentence.push_str(&format!("`{word}`")),
            _ => sentence.push_str(word),
        }
    }
    sentence.push('.');
    sentence
}

fn code(random: &mut Random, vocabulary: &[String]) -> String {
    let mut names = || random.word(vocabulary).to_string();
    let (a, b, c, d) = (names(), names(), names(), names());
    let number = random.below(100_000);
    match random.below(5) {
        0 => format!(
            "```rust\nfn {a}_{b}({c}: &str) -> Result<usize, Error> {{\n    let {d} = {c}.parse::<usize>()?;\n    \
             // {a} {b}\n    Ok({d} + {number})\n}}\n```\n\n"
        ),
        1 => format!(
            "```python\ndef {a}({b}, {c}={number}):\n    \"\"\"{d} {a}.\"\"\"\n    return [{b}[i] for i in range({c}) \
             if i % 2]\n```\n\n"
        ),
        2 => format!(
            "```yaml\n{a}:\n  {b}: {number}\n  {c}:\n    - name: {d}\n      value: \"{a}-{number}\"\n```\n\n"
        ),
        3 => format!(
            "```bash\nexport {a}={number}\nfor {b} in *.{c}; do\n  echo \"${b}\" | grep {d}\ndone\n```\n\n"
        ),
        _ => format!(
            "```javascript\nexport async function {a}({b}) {{\n  const {c} = await fetch(`/{d}/${{{b}}}`);\n  if \
             (!{c}.ok) throw new Error(\"{a} {number}\");\n  return {c}.json();\n}}\n```\n\n"
        ),
    }
}

/// Pronounceable words, each once: `bato`, `kirumel`.
fn vocabulary(n_words: usize) -> Vec<String> {
    const ONSETS: [&str; 12] = ["b", "d", "f", "k", "l", "m", "n", "r", "s", "t", "v", "pr"];
    const VOWELS: [&str; 6] = ["a", "e", "i", "o", "u", "ei"];
    let syllables: Vec<String> =
        ONSETS.iter().flat_map(|onset| VOWELS.iter().map(move |vowel| format!("{onset}{vowel}"))).collect();
    (0..n_words)
        .map(|idx| {
            // The digits of a number in the base of the syllables.
            let mut rest = idx + syllables.len();
            let mut word = String::new();
            while rest > 0 {
                word.push_str(&syllables[rest % syllables.len()]);
                rest /= syllables.len();
            }
            word.push(['n', 'l', 'r', 's', 't'][idx % 5]);
            word
        })
        .collect()
}

/// SplitMix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// Returns a word by Zipf's law: the nth is n times as rare as the
    /// first.
    fn word<'v>(&mut self, vocabulary: &'v [String]) -> &'v str {
        let uniform = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        let rank = (vocabulary.len() as f64).powf(uniform) as usize;
        &vocabulary[(rank - 1).min(vocabulary.len() - 1)]
    }
}
