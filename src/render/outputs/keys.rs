//! What the files are made of: hashes by which a later build knows that
//! a file, or many files at once, are as before.

use crate::base::hash::{self, Key};
use crate::base::par::par_map;
use crate::model::diagnostic::Diagnostic;
use crate::model::docs_site::{DocPage, DocsSite, LinkTarget};
use crate::model::site_path::SitePath;
use crate::render::shell::Area;

use super::Outputs;
use super::plan::Content;

/// Files that are as before if nothing has changed of what any of them
/// is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// What shows entities, and of docs no more than what there are.
    Catalog,
    /// The pages of a docs site, as an index.
    Docs(usize),
}

/// The keys of groups.
pub struct GroupKeys {
    pub catalog: Key,
    /// `None` where it is not known.
    pub docs: Vec<Option<Key>>,
}

impl Outputs {
    /// Returns the hash of all that the files of the site are made of, but
    /// for what is copied.
    pub fn whole_key(&self) -> Key {
        // What the key of the site leaves out: git's history, and what was
        // read of pictures.
        let mut text = String::new();
        for docs in &self.site.docs {
            for page in &docs.pages {
                text.push_str(&format!("{:?} {:?} ", page.history, page.sizes));
            }
            for asset in &docs.plan.assets {
                text.push_str(&format!("{:?} ", asset.look));
            }
        }
        // Some of it is said of what lies there and is no file of a source.
        let said = self.said();
        hash::key(&[&self.common_key().0, &self.site.key.0, text.as_bytes(), said.as_bytes()])
    }

    /// Returns the hashes of what many files at once are made of.
    pub fn group_keys(&self) -> GroupKeys {
        let common = hash::key(&[&self.common_key().0, &self.site.frame_key.0]);
        let keys = par_map(&self.site.docs, |docs| {
            let DocsSite { plan, pages, nav, order, home, history } = &**docs;
            let outline = format!("{plan:?} {order:?} {home:?} {history:?}");
            let mut text = format!("{nav:?}\n");
            let mut is_known = true;
            for page in pages {
                let DocPage { title, doc, links, sizes, history } = page;
                is_known &= doc.key != Key::default();
                text.push_str(&format!("{:?} {title:?} {links:?} {sizes:?} {history:?}\n", doc.key));
                self.push_names(links, &mut text);
            }
            let key = hash::key(&[&common.0, outline.as_bytes(), text.as_bytes()]);
            (hash::key(&[outline.as_bytes()]), is_known.then_some(key))
        });
        let (said, descriptions) = (self.said(), format!("{:?}", self.site.descriptions));
        let mut parts: Vec<&[u8]> = vec![&common.0, said.as_bytes(), descriptions.as_bytes()];
        parts.extend(keys.iter().map(|(outline, _)| &outline.0[..]));
        GroupKeys { catalog: hash::key(&parts), docs: keys.iter().map(|(_, key)| *key).collect() }
    }

    /// Returns all that is said of the site, without what explains its
    /// codes.
    fn said(&self) -> String {
        let mut said = String::new();
        for Diagnostic { code, message, span, notes, help } in &self.site.diagnostics {
            said.push_str(&format!("{} {span:?} {message} {notes:?} {help:?} ", code.id));
        }
        said
    }

    /// Returns the hash of what any file may be made of beside the
    /// content of the repositories.
    fn common_key(&self) -> Key {
        let text = format!("{:?} {:?}", self.site.config, self.site.snapshot.repos);
        let mut parts: Vec<&[u8]> = vec![text.as_bytes(), &self.theme.key.0];
        // What is around the pages of the root is so, in other words, for
        // all others.
        let root = SitePath::page("");
        parts.extend(Area::ALL.map(|area| &self.shell(self.place(&root), area).key.0[..]));
        hash::key(&parts)
    }

    /// Returns with which others `paths[output_idx]` has a key.
    pub fn group_of(&self, output_idx: usize) -> Option<Group> {
        match self.contents[output_idx] {
            Content::Docs { site_idx, .. } | Content::DocsPrint { site_idx } => Some(Group::Docs(site_idx)),
            Content::Entity(_)
            | Content::Definition(_)
            | Content::List { .. }
            | Content::Data(_)
            | Content::Catalog { .. }
            | Content::Apis { .. }
            | Content::Graph { .. }
            | Content::Org { .. } => Some(Group::Catalog),
            _ => None,
        }
    }

    /// Appends what the files are called that links lead to: that says
    /// what is in them.
    pub(super) fn push_names(&self, links: &[LinkTarget], text: &mut String) {
        for link in links {
            if let LinkTarget::Site { path, .. } = link
                && let Some(name) = self.index.names.get(path)
            {
                text.push_str(name.as_str());
                text.push('\n');
            }
        }
    }
}
