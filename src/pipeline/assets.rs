//! A look into the files that docs copy: which are not what their names
//! say, and how large pictures are.

use std::collections::HashSet;
use std::sync::Arc;

use super::Inputs;
use crate::base::asset::{self, Fate};
use crate::base::hash::{self, Key};
use crate::base::par::par_map;
use crate::base::{magic, svg};
use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::doc::LinkKind;
use crate::model::docs_site::{AssetLook, DocsSite, LinkTarget};
use crate::model::file::{FileId, Snapshot};
use crate::model::site_path::SitePath;

/// A picture that says to be larger in any direction has no size.
const MAX_PIXELS: u32 = 20_000;

/// Looks into the assets of all docs sites.
pub(super) fn looks(inputs: &Inputs<'_>, docs: &[&Arc<DocsSite>]) -> Vec<Vec<AssetLook>> {
    let files: Vec<FileId> = docs.iter().flat_map(|site| &site.plan.assets).map(|asset| asset.file).collect();
    let mut looks = par_map(&files, |file| look_into(inputs, *file)).into_iter();
    docs.iter().map(|site| looks.by_ref().take(site.plan.assets.len()).collect()).collect()
}

/// Names the assets that are left out.
pub(super) fn tell(snapshot: &Snapshot, site: &DocsSite, looks: &[AssetLook], diags: &mut Vec<Diagnostic>) {
    for (asset, _) in site.plan.assets.iter().zip(looks).filter(|(_, look)| look.is_wrong) {
        let path = &snapshot.file(asset.file).path;
        diags.push(codes::site::wrong_file_type(Span::of_file(asset.file), path));
    }
}

/// Leaves out files that are not what their names say, and gives every
/// picture of a page its size.
pub(super) fn put(site: &mut DocsSite, looks: &[AssetLook]) {
    for (asset, look) in site.plan.assets.iter_mut().zip(looks) {
        asset.look = *look;
    }
    let mut wrong: HashSet<SitePath> = HashSet::new();
    site.plan.assets.retain(|asset| {
        if asset.look.is_wrong {
            wrong.insert(asset.path.clone());
        }
        !asset.look.is_wrong
    });
    link(site, &wrong);
}

/// Gives links to pictures their sizes; those to files that are left out
/// lead nowhere.
fn link(site: &mut DocsSite, wrong: &HashSet<SitePath>) {
    let mut by_path: Vec<(&SitePath, [u32; 2])> =
        site.plan.assets.iter().filter_map(|asset| Some((&asset.path, asset.look.size?))).collect();
    by_path.sort();
    for page in &mut site.pages {
        for (idx, (target, link)) in page.links.iter_mut().zip(&page.doc.links).enumerate() {
            let LinkTarget::Site { path, .. } = target else { continue };
            if link.kind == LinkKind::Src
                && let Ok(found) = by_path.binary_search_by_key(&&*path, |(path, _)| path)
            {
                page.sizes.push((idx as u32, by_path[found].1));
            } else if wrong.contains(path) {
                *target = LinkTarget::Broken;
            }
        }
    }
}

fn look_into(inputs: &Inputs<'_>, file: FileId) -> AssetLook {
    if let Some(known) = inputs.known.and_then(|known| known.look(file)) {
        return known;
    }
    let path = inputs.snapshot.file(file).path.to_ascii_lowercase();
    let extension = path.rsplit('.').next().unwrap_or("");
    let key = |content: Key| hash::key(&[b"asset", &content.0, extension.as_bytes()]);
    if let Some(known) = inputs.content(file).and_then(|content| inputs.memo.get(key(content))) {
        return known;
    }
    // What cannot be read is told of when it is to be copied.
    let Ok(bytes) = inputs.bytes(file) else { return AssetLook::default() };
    let size = match extension {
        "svg" => svg::size(&bytes),
        _ => magic::size(&bytes),
    };
    let (published, fate) = asset::published_whole(extension, bytes);
    let look = AssetLook {
        is_wrong: fate == Fate::Wrong,
        is_whole: fate == Fate::Whole,
        content: Some(hash::key(&[&published])),
        size: size.filter(|size| size.iter().all(|length| (1..=MAX_PIXELS).contains(length))),
    };
    if let Some(larder) = inputs.larder.filter(|_| !look.is_wrong) {
        larder.hold(file.0, published, fate);
    }
    if let Some(content) = inputs.content_read(file) {
        inputs.memo.put(key(content), &look);
    }
    look
}
