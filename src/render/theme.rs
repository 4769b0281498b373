//! Themes: templates and assets, embedded in the binary, with a folder
//! of the user's laid over them file by file.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use serde::Deserialize;
use tera::{Context, Tera, Value};

use crate::base::hash::{self, Key};
use crate::base::text;
use crate::base::world::{EntryKind, World};
use crate::model::codes;
use crate::model::config;
use crate::model::diagnostic::Diagnostic;
use crate::model::failure::Failure;
use crate::model::site_path::SitePath;

use super::{accent, trim};

static DEFAULT: Dir = include_dir!("$CARGO_MANIFEST_DIR/themes/default");
static PLAIN: Dir = include_dir!("$CARGO_MANIFEST_DIR/themes/plain");

/// Room for most pages.
const PAGE_BYTES: usize = 32 << 10;

/// A theme, ready to render with.
pub struct Theme {
    /// The hash of all templates. Ours belong to the code.
    pub key: Key,
    /// Templates, compiled, the user's among them.
    pub tera: Tera,
    /// The built-in templates alone, where the user has replaced any.
    builtin: Option<Tera>,
    /// Sorted by path.
    pub assets: Vec<Asset>,
    /// Names of assets that every page links, in order.
    pub styles: Vec<String>,
    /// Scripts that run before the page is drawn.
    pub head_scripts: Vec<String>,
    /// Scripts that run after the page is read.
    pub scripts: Vec<String>,
    pub logo: Option<SitePath>,
    pub favicon: Option<SitePath>,
}

/// A file under `_cb/`, named by its content.
#[derive(Debug, Clone)]
pub struct Asset {
    /// As in the theme: `style.css`.
    pub name: String,
    pub path: SitePath,
    pub bytes: Vec<u8>,
}

/// `theme.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeToml {
    #[serde(default)]
    #[expect(dead_code, reason = "for people who look into the folder")]
    name: String,
    #[serde(default)]
    #[expect(dead_code, reason = "for people who look into the folder")]
    description: String,
    #[serde(default)]
    styles: Vec<String>,
    #[serde(default)]
    head_scripts: Vec<String>,
    #[serde(default)]
    scripts: Vec<String>,
}

/// What a folder of the user's holds.
#[derive(Default)]
struct Overlay {
    toml: Option<(PathBuf, Vec<u8>)>,
    templates: BTreeMap<String, Vec<u8>>,
    assets: BTreeMap<String, Vec<u8>>,
}

/// Loads the theme that the configuration names, with the user's folder
/// over it.
pub fn theme(
    world: &dyn World,
    config: &config::Theme,
    diags: &mut Vec<Diagnostic>,
) -> Result<Theme, Failure> {
    let folder = match &*config.name {
        "default" => &DEFAULT,
        "plain" => &PLAIN,
        name => {
            let failure = Failure::usage(format!("there is no theme `{name}`"));
            return Err(match text::nearest(name, ["default", "plain"]) {
                Some(nearest) => failure.with_help(format!("did you mean `{nearest}`?")),
                None => failure.with_help("the themes are `default` and `plain`"),
            });
        }
    };
    let overlay = config.dir.as_ref().map(|dir| overlay(world, dir, diags)).unwrap_or_default();
    let toml = theme_toml(folder, overlay.toml.as_ref(), diags);
    let mut templates: Vec<&[u8]> = vec![config.name.as_bytes()];
    templates.extend(overlay.templates.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes]));
    let key = hash::key(&templates);
    let builtin = builtin_templates(folder)?;
    let tera = with_overlay(&builtin, &overlay.templates, diags);

    let mut assets = BTreeMap::new();
    for file in folder.get_dir("assets").into_iter().flat_map(Dir::files) {
        if let Some(name) = file.path().file_name().and_then(|name| name.to_str()) {
            assets.insert(name.to_string(), sent(name, file.contents()));
        }
    }
    assets.extend(overlay.assets);
    let mut styles = toml.styles;
    // The configuration holds no accent that is not a colour.
    if let Some(stylesheet) = config.accent.as_deref().and_then(accent::stylesheet) {
        assets.insert("accent.css".to_string(), stylesheet.into_bytes());
        styles.push("accent.css".to_string());
    }
    let logo = picture(world, "logo", config.logo.as_deref(), &mut assets, diags);
    let favicon = picture(world, "favicon", config.favicon.as_deref(), &mut assets, diags);

    let mut assets: Vec<Asset> = assets.into_iter().map(|(name, bytes)| asset(name, bytes)).collect();
    assets.sort_by(|a, b| a.path.cmp(&b.path));
    let path_of = |name: &str| assets.iter().find(|asset| asset.name == name).map(|asset| asset.path.clone());
    Ok(Theme {
        key,
        logo: path_of(&logo),
        favicon: path_of(&favicon),
        builtin: tera.is_some().then(|| builtin.clone()),
        tera: tera.unwrap_or(builtin),
        styles: styles.into_iter().filter(|name| path_of(name).is_some()).collect(),
        head_scripts: toml.head_scripts.into_iter().filter(|name| path_of(name).is_some()).collect(),
        scripts: toml.scripts.into_iter().filter(|name| path_of(name).is_some()).collect(),
        assets,
    })
}

impl Theme {
    /// Renders a page, in UTF-8. A user's template that fails gives way to
    /// the built-in one; the second value then says why.
    pub fn render(
        &self,
        template: &str,
        shell: Value,
        page: Value,
    ) -> Result<(Vec<u8>, Option<String>), Failure> {
        let mut context = Context::new();
        context.insert_value("shell", shell);
        context.insert_value("page", page);
        self.rendered(template, &context)
    }

    /// Renders what is around many pages, if the theme has a template for
    /// it; also says why a user's could not be used.
    pub fn part(&self, template: &str, shell: Value) -> Option<(Vec<u8>, Option<String>)> {
        self.tera.get_template_names().find(|name| *name == template)?;
        let mut context = Context::new();
        context.insert_value("shell", shell);
        let rendered = self.rendered(template, &context);
        Some(rendered.unwrap_or_else(|failure| (Vec::new(), Some(failure.message))))
    }

    fn rendered(&self, template: &str, context: &Context) -> Result<(Vec<u8>, Option<String>), Failure> {
        let html = |tera: &Tera| {
            let mut html = Vec::with_capacity(PAGE_BYTES);
            tera.render_to(template, context, &mut html).map(|()| html)
        };
        let error = match html(&self.tera) {
            Ok(html) => return Ok((html, None)),
            Err(error) => message(&error),
        };
        let Some(builtin) = &self.builtin else {
            return Err(Failure::environment(format!("the built-in template `{template}` fails: {error}")));
        };
        match html(builtin) {
            Ok(html) => Ok((html, Some(error))),
            Err(error) => Err(Failure::environment(format!(
                "the built-in template `{template}` fails: {}",
                message(&error)
            ))),
        }
    }
}

/// Reads the user's folder. What is not there is not missed.
fn overlay(world: &dyn World, dir: &Path, diags: &mut Vec<Diagnostic>) -> Overlay {
    if !world.is_folder(dir) {
        diags.push(codes::site::theme_file("theme folder", &name_of(dir), "it is not a folder"));
        return Overlay::default();
    }
    let toml = dir.join("theme.toml");
    Overlay {
        toml: match world.is_file(&toml) {
            true => read(world, "file", &toml, diags).map(|bytes| (toml, bytes)),
            false => None,
        },
        templates: files(world, &dir.join("templates"), diags)
            .into_iter()
            .filter(|(name, _)| name.ends_with(".html"))
            .collect(),
        assets: files(world, &dir.join("assets"), diags),
    }
}

fn files(world: &dyn World, folder: &Path, diags: &mut Vec<Diagnostic>) -> BTreeMap<String, Vec<u8>> {
    let entries = world.list(folder).unwrap_or_default();
    let files = entries.into_iter().filter(|entry| entry.kind == EntryKind::File);
    files
        .filter(|entry| !entry.name.starts_with('.'))
        .filter_map(|entry| {
            let bytes = read(world, "file", &folder.join(&entry.name), diags)?;
            Some((entry.name, bytes))
        })
        .collect()
}

fn read(world: &dyn World, what: &str, path: &Path, diags: &mut Vec<Diagnostic>) -> Option<Vec<u8>> {
    match world.read(path) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            let error = match error.kind() {
                ErrorKind::NotFound => "there is no such file".to_string(),
                kind => kind.to_string(),
            };
            diags.push(codes::site::theme_file(what, &name_of(path), &error));
            None
        }
    }
}

fn theme_toml(folder: &Dir, user: Option<&(PathBuf, Vec<u8>)>, diags: &mut Vec<Diagnostic>) -> ThemeToml {
    if let Some((path, bytes)) = user {
        match toml::from_str(&String::from_utf8_lossy(bytes)) {
            Ok(toml) => return toml,
            Err(error) => {
                diags.push(codes::site::theme_file("file", &name_of(path), error.message()));
            }
        }
    }
    let text = folder.get_file("theme.toml").and_then(|file| file.contents_utf8()).unwrap_or("");
    toml::from_str(text).unwrap_or_default()
}

fn builtin_templates(folder: &Dir) -> Result<Tera, Failure> {
    let mut templates: Vec<(&str, &str)> = folder
        .get_dir("templates")
        .into_iter()
        .flat_map(Dir::files)
        .filter_map(|file| Some((file.path().file_name()?.to_str()?, file.contents_utf8()?)))
        .collect();
    templates.sort_unstable();
    let mut tera = Tera::default();
    tera.add_raw_templates(templates)
        .map_err(|error| Failure::environment(format!("the built-in theme fails: {}", message(&error))))?;
    Ok(tera)
}

/// Lays the user's templates over the built-in ones. A template may
/// need another one of the user's, so those that fail are tried again
/// as long as any succeeds.
fn with_overlay(
    builtin: &Tera,
    templates: &BTreeMap<String, Vec<u8>>,
    diags: &mut Vec<Diagnostic>,
) -> Option<Tera> {
    if templates.is_empty() {
        return None;
    }
    let mut tera = builtin.clone();
    let texts: Vec<(&str, std::borrow::Cow<str>)> =
        templates.iter().map(|(name, bytes)| (name.as_str(), String::from_utf8_lossy(bytes))).collect();
    if tera.add_raw_templates(texts.iter().map(|(name, text)| (*name, text.as_ref()))).is_ok() {
        return Some(tera);
    }
    let mut pending = texts;
    loop {
        let n_pending = pending.len();
        pending.retain(|(name, text)| tera.add_raw_template(name, text).is_err());
        if pending.is_empty() || pending.len() == n_pending {
            break;
        }
    }
    for (name, text) in pending {
        if let Err(error) = tera.add_raw_template(name, &text) {
            diags.push(codes::site::theme_template(name, &message(&error)));
        }
    }
    Some(tera)
}

/// Returns what a template error says, in one line.
fn message(error: &tera::Error) -> String {
    match error.kind() {
        tera::ErrorKind::SyntaxError(report) | tera::ErrorKind::RenderingError(report) => {
            let span = report.span();
            let place = format!("{}:{}:{}", report.filename(), span.start_line, span.start_col + 1);
            format!("{} ({place})", uncapitalised(report.message().trim_end_matches('.')))
        }
        kind => kind.to_string().lines().map(str::trim).collect::<Vec<_>>().join(" "),
    }
}

fn uncapitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_lowercase());
    first.into_iter().flatten().chain(chars).collect()
}

/// Returns a file's name alone: where it lies on this machine is never
/// shown.
fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Adds a picture that the configuration names, and returns the name of
/// its asset; the theme's own if there is none.
fn picture(
    world: &dyn World,
    what: &str,
    path: Option<&Path>,
    assets: &mut BTreeMap<String, Vec<u8>>,
    diags: &mut Vec<Diagnostic>,
) -> String {
    let builtin = format!("{what}.svg");
    let Some(path) = path else { return builtin };
    let Some(bytes) = read(world, what, path, diags) else { return builtin };
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("").to_lowercase();
    if !matches!(&*extension, "svg" | "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "ico") {
        let error = "it is not a picture that browsers show";
        diags.push(codes::site::theme_file(what, &name_of(path), error));
        return builtin;
    }
    let name = format!("{what}.{extension}");
    assets.insert(name.clone(), bytes);
    name
}

/// Returns an asset of ours as it is sent.
fn sent(name: &str, bytes: &[u8]) -> Vec<u8> {
    let language = match name.rsplit_once('.') {
        Some((_, "js")) => trim::Language::Script,
        Some((_, "css")) => trim::Language::Style,
        _ => return bytes.to_vec(),
    };
    std::str::from_utf8(bytes)
        .map_or_else(|_| bytes.to_vec(), |text| trim::trimmed(text, language).into_bytes())
}

fn asset(name: String, bytes: Vec<u8>) -> Asset {
    let hash = hash::hash(&bytes).short();
    let path = match name.rsplit_once('.') {
        Some((stem, extension)) => format!("_cb/{stem}-{hash}.{extension}"),
        None => format!("_cb/{name}-{hash}"),
    };
    Asset { path: SitePath::new(&path), name, bytes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::memory::Memory;

    #[track_caller]
    fn loaded(files: &[(&str, &str)], config: config::Theme) -> (Theme, Vec<String>) {
        let mut diags = Vec::new();
        let theme = theme(&Memory::new(files), &config, &mut diags).unwrap();
        let messages = diags.into_iter().map(|diag| format!("{}: {}", diag.code.id, diag.message));
        (theme, messages.collect())
    }

    fn plain() -> config::Theme {
        config::Theme { name: "plain".to_string(), logo: None, favicon: None, accent: None, dir: None }
    }

    fn in_folder() -> config::Theme {
        config::Theme { dir: Some("/t".into()), ..plain() }
    }

    fn rendered(theme: &Theme, template: &str) -> (String, Option<String>) {
        let shell = Value::from_serializable(&serde_json::json!({ "language": "en", "csp": "" }));
        let page = Value::from_serializable(&serde_json::json!({ "head": { "title": "T" }, "home": "x" }));
        let (html, error) = theme.render(template, shell, page).unwrap();
        (String::from_utf8(html).unwrap(), error)
    }

    #[test]
    fn both_themes_load_with_the_same_templates() {
        let names = |name: &str| {
            let (theme, diags) = loaded(&[], config::Theme { name: name.to_string(), ..plain() });
            assert_eq!(diags, [""; 0]);
            let mut names: Vec<String> = theme.tera.get_template_names().map(str::to_string).collect();
            names.retain(|name| name != "search-dialog.html" && !name.starts_with("shell-"));
            names.sort();
            names
        };
        assert_eq!(names("default"), names("plain"));
    }

    #[test]
    fn an_unknown_theme_is_a_failure_with_advice() {
        let config = config::Theme { name: "defualt".to_string(), ..plain() };
        let failure = theme(&Memory::new(&[]), &config, &mut Vec::new()).err().unwrap();
        assert_eq!(failure.exit_code(), 2);
        assert_eq!(failure.help.as_deref(), Some("did you mean `default`?"));
    }

    #[test]
    fn a_template_of_the_folder_replaces_the_built_in_one() {
        let files = [
            ("/t/templates/not-found.html", "{% include \"lost.html\" %}{{ page.head.title }}"),
            ("/t/templates/lost.html", "Lost: "),
        ];
        let (theme, diags) = loaded(&files, in_folder());
        assert_eq!(diags, [""; 0]);
        assert_eq!(rendered(&theme, "not-found.html"), ("Lost: T".to_string(), None));
    }

    #[test]
    fn what_is_around_pages_knows_no_page() {
        let files = [
            ("/t/templates/shell-top.html", "{{ page.head.title }}"),
            ("/t/templates/shell-foot.html", "In {{ shell.language }}"),
        ];
        let (theme, _) = loaded(&files, in_folder());
        let part =
            |name| theme.part(name, Value::from_serializable(&serde_json::json!({ "language": "en" })));
        assert_eq!(part("shell-foot.html"), Some((b"In en".to_vec(), None)));
        // The theme that is built in has none to put in its place.
        let (html, error) = part("shell-top.html").unwrap();
        assert_eq!(html, b"");
        assert!(error.unwrap().contains("shell-top.html"));
        assert_eq!(part("shell-links.html"), None);
    }

    #[test]
    fn a_template_that_cannot_be_read_gives_way() {
        let files = [("/t/templates/not-found.html", "{% if %}"), ("/t/templates/ok.html", "fine")];
        let (theme, diags) = loaded(&files, in_folder());
        assert_eq!(diags.len(), 1);
        assert!(
            diags[0].starts_with("theme-template: template `not-found.html` cannot be used: "),
            "{diags:?}"
        );
        assert!(rendered(&theme, "not-found.html").0.contains("Page not found"));
        assert_eq!(rendered(&theme, "ok.html").0, "fine");
    }

    #[test]
    fn a_template_that_fails_when_rendered_gives_way() {
        let (theme, diags) = loaded(&[("/t/templates/not-found.html", "\n{{ page.titel }}")], in_folder());
        assert_eq!(diags, [""; 0]);
        let (html, error) = rendered(&theme, "not-found.html");
        assert!(html.contains("Page not found"));
        assert!(error.as_deref().is_some_and(|error| error.contains("not-found.html:2:")), "{error:?}");
    }

    #[test]
    fn assets_are_named_by_their_content() {
        let files = [("/t/assets/x.css", "a {}"), ("/t/theme.toml", "styles = [\"x.css\", \"gone.css\"]")];
        let (theme, diags) = loaded(&files, in_folder());
        assert_eq!(diags, [""; 0]);
        assert_eq!(theme.styles, ["x.css"]);
        let asset = theme.assets.iter().find(|asset| asset.name == "x.css").unwrap();
        let hash = hash::hash(b"a {}").short();
        assert_eq!(asset.path.as_str(), format!("_cb/x-{hash}.css"));
    }

    #[test]
    fn a_broken_theme_toml_keeps_the_built_in_one() {
        let config = config::Theme { name: "default".to_string(), ..in_folder() };
        let (theme, diags) = loaded(&[("/t/theme.toml", "style = 1")], config);
        assert_eq!(diags.len(), 1);
        assert!(theme.styles.contains(&"style.css".to_string()));
    }

    #[test]
    fn pictures_and_accent() {
        let config = config::Theme {
            logo: Some("/p/l.PNG".into()),
            favicon: Some("/p/f.exe".into()),
            accent: Some("#0b6e8a".to_string()),
            ..plain()
        };
        let (theme, diags) = loaded(&[("/p/l.PNG", "png"), ("/p/f.exe", "exe")], config);
        assert_eq!(diags.len(), 1, "{diags:?}");
        assert!(diags[0].starts_with("theme-file: favicon `f.exe` "), "{diags:?}");
        assert_eq!(theme.styles, ["accent.css"]);
        let logo = theme.logo.unwrap();
        assert!(logo.as_str().starts_with("_cb/logo-") && logo.as_str().ends_with(".png"), "{logo}");
        assert_eq!(theme.favicon, None);
    }
}
