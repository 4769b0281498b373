//! Icons by the names that Material for MkDocs has for them, such as
//! `:material-rocket-launch:` or `:octicons-link-external-16:`.
//!
//! The drawings are our own: lines on a grid of 24 by 24, in the colour
//! of the text. Many names share one drawing, as a check mark is a check
//! mark in every set; the logos of firms are not among them. A name that
//! is not listed stays a shortcode, see `writer::inline`.

/// One drawing: its names, and what stands in the `<svg>`.
type Icon = (&'static str, &'static str);

/// The sets that shortcodes begin with, and with them the styles of
/// Font Awesome.
const SETS: &[&str] = &[
    "material-",
    "octicons-",
    "fontawesome-solid-",
    "fontawesome-regular-",
    "fontawesome-brands-",
    "simple-",
];

/// What a name may end with and mean the same.
const ENDINGS: &[&str] =
    &["-12", "-16", "-24", "-48", "-96", "-fill", "-outline", "-variant", "-bold", "-alt"];

/// Returns what stands in the `<svg>` of an icon, by its shortcode
/// without colons.
pub(super) fn icon(shortcode: &str) -> Option<&'static str> {
    let mut name = SETS.iter().find_map(|set| shortcode.strip_prefix(set))?;
    loop {
        if let Some(drawing) = drawing(name) {
            return Some(drawing);
        }
        name = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending))?;
    }
}

fn drawing(name: &str) -> Option<&'static str> {
    let is_one = |(names, _): &&Icon| names.split(' ').any(|known| known == name);
    ICONS.iter().find(is_one).map(|(_, drawing)| *drawing)
}

/// Names separated by spaces, then the drawing.
const ICONS: &[Icon] = &[
    // Signs.
    ("check check-thick", r#"<path d="M5 12.5l4.5 4.5L19 7.5"/>"#),
    ("check-all check-double", r#"<path d="M2.5 12.5L7 17l9-9M12.5 16.5l.5.5 8.5-8.5"/>"#),
    (
        "check-circle circle-check check-decagram checkbox-marked-circle verified",
        r#"<circle cx="12" cy="12" r="9"/><path d="M8 12.5l3 3 5.5-6"/>"#,
    ),
    (
        "checkbox-marked checkbox square-check tasklist checklist list-check",
        r#"<path d="M4 4h16v16H4z"/><path d="M8 12.5l3 3 5.5-6"/>"#,
    ),
    ("checkbox-blank square", r#"<path d="M4 4h16v16H4z"/>"#),
    ("close x xmark times cancel", r#"<path d="M6 6l12 12M18 6L6 18"/>"#),
    (
        "close-circle x-circle circle-xmark no-entry skip",
        r#"<circle cx="12" cy="12" r="9"/><path d="M9 9l6 6M15 9l-6 6"/>"#,
    ),
    ("plus add", r#"<path d="M12 5v14M5 12h14"/>"#),
    ("plus-circle circle-plus", r#"<circle cx="12" cy="12" r="9"/><path d="M12 8v8M8 12h8"/>"#),
    ("minus dash", r#"<path d="M5 12h14"/>"#),
    ("minus-circle circle-minus", r#"<circle cx="12" cy="12" r="9"/><path d="M8 12h8"/>"#),
    (
        "alert warning triangle-exclamation exclamation-triangle",
        r#"<path d="M12 4L2.8 20h18.4zM12 10v4.5M12 17.3v.1"/>"#,
    ),
    (
        "alert-circle alert-octagon alert-decagram circle-exclamation exclamation stop",
        r#"<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5.5M12 16.5v.1"/>"#,
    ),
    (
        "information info circle-info info-circle",
        r#"<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5v.1"/>"#,
    ),
    (
        "help help-circle question circle-question question-circle",
        r#"<circle cx="12" cy="12" r="9"/><path d="M9.3 9.3a2.8 2.8 0 1 1 4 2.6c-.9.4-1.3 1-1.3 2M12 17v.1"/>"#,
    ),
    (
        "dots-horizontal ellipsis kebab-horizontal",
        r#"<path d="M5.5 12h.01M12 12h.01M18.5 12h.01" stroke-width="3.5"/>"#,
    ),
    (
        "dots-vertical ellipsis-vertical",
        r#"<path d="M12 5.5v.01M12 12v.01M12 18.5v.01" stroke-width="3.5"/>"#,
    ),
    (
        "circle checkbox-blank-circle circle-medium dot-fill",
        r#"<circle cx="12" cy="12" r="6" fill="currentColor"/>"#,
    ),
    ("circle-small dot", r#"<circle cx="12" cy="12" r="2.5" fill="currentColor"/>"#),
    (
        "record-circle issue-opened",
        r#"<circle cx="12" cy="12" r="9"/><circle cx="12" cy="12" r="3" fill="currentColor"/>"#,
    ),
    ("pound hashtag number slack", r#"<path d="M9.5 4l-2 16M16.5 4l-2 16M4.5 9h16M3.5 15h16"/>"#),
    (
        "at at-sign mention",
        r#"<circle cx="12" cy="12" r="4"/><path d="M16 8v5.5a2.5 2.5 0 0 0 5 0V12a9 9 0 1 0-4 7.5"/>"#,
    ),
    // Arrows.
    ("arrow-right arrow-right-thin long-arrow-right", r#"<path d="M4 12h16M14 6l6 6-6 6"/>"#),
    ("arrow-left arrow-left-thin long-arrow-left", r#"<path d="M20 12H4M10 6l-6 6 6 6"/>"#),
    ("arrow-up", r#"<path d="M12 20V4M6 10l6-6 6 6"/>"#),
    ("arrow-down", r#"<path d="M12 4v16M6 14l6 6 6-6"/>"#),
    ("arrow-top-right arrow-up-right", r#"<path d="M6 18L18 6M9 6h9v9"/>"#),
    ("arrow-top-left arrow-up-left", r#"<path d="M18 18L6 6M15 6H6v9"/>"#),
    ("arrow-bottom-right arrow-down-right", r#"<path d="M6 6l12 12M18 9v9H9"/>"#),
    ("arrow-bottom-left arrow-down-left", r#"<path d="M18 6L6 18M6 9v9h9"/>"#),
    (
        "arrow-right-circle circle-arrow-right",
        r#"<circle cx="12" cy="12" r="9"/><path d="M7.5 12h9M13 8.5l3.5 3.5-3.5 3.5"/>"#,
    ),
    (
        "arrow-left-circle circle-arrow-left",
        r#"<circle cx="12" cy="12" r="9"/><path d="M16.5 12h-9M11 8.5L7.5 12l3.5 3.5"/>"#,
    ),
    (
        "arrow-up-circle circle-arrow-up",
        r#"<circle cx="12" cy="12" r="9"/><path d="M12 16.5v-9M8.5 11L12 7.5l3.5 3.5"/>"#,
    ),
    (
        "arrow-down-circle circle-arrow-down",
        r#"<circle cx="12" cy="12" r="9"/><path d="M12 7.5v9M8.5 13l3.5 3.5 3.5-3.5"/>"#,
    ),
    (
        "arrow-collapse",
        r#"<path d="M4 4l6 6M10 5v5H5M20 20l-6-6M14 19v-5h5M20 4l-6 6M14 5v5h5M4 20l6-6M10 19v-5H5"/>"#,
    ),
    (
        "arrow-expand fullscreen maximize screen-full expand",
        r#"<path d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5"/>"#,
    ),
    (
        "swap-horizontal arrow-switch arrow-left-right right-left arrows-left-right",
        r#"<path d="M4 8h16M16 4l4 4-4 4M20 16H4M8 12l-4 4 4 4"/>"#,
    ),
    ("chevron-right angle-right", r#"<path d="M9 5l7 7-7 7"/>"#),
    ("chevron-left angle-left", r#"<path d="M15 5l-7 7 7 7"/>"#),
    ("chevron-up angle-up", r#"<path d="M5 15l7-7 7 7"/>"#),
    ("chevron-down angle-down", r#"<path d="M5 9l7 7 7-7"/>"#),
    ("chevron-double-right angles-right", r#"<path d="M5 5l7 7-7 7M12 5l7 7-7 7"/>"#),
    (
        "chevron-right-circle circle-chevron-right",
        r#"<circle cx="12" cy="12" r="9"/><path d="M10 8l4 4-4 4"/>"#,
    ),
    (
        "open-in-new link-external arrow-up-right-from-square",
        r#"<path d="M14 4h6v6M20 4l-9 9M18 14v6H4V6h6"/>"#,
    ),
    (
        "download tray-arrow-down file-download desktop-download",
        r#"<path d="M12 4v11M7 10.5l5 5 5-5M4 20h16"/>"#,
    ),
    ("upload tray-arrow-up file-upload", r#"<path d="M12 15.5V4M7 9l5-5 5 5M4 20h16"/>"#),
    (
        "sync refresh update rotate arrows-rotate reload cached",
        r#"<path d="M4.5 10A8 8 0 0 1 19 8.5M19.5 4v4.5H15M19.5 14A8 8 0 0 1 5 15.5M4.5 20v-4.5H9"/>"#,
    ),
    ("undo restore rollback", r#"<path d="M8 5L4 9l4 4M4 9h10.5a5 5 0 0 1 0 10H9"/>"#),
    ("login sign-in log-in right-to-bracket", r#"<path d="M13 4h7v16h-7M4 12h11M11 8l4 4-4 4"/>"#),
    ("logout sign-out log-out right-from-bracket", r#"<path d="M11 4H4v16h7M9 12h11M16 8l4 4-4 4"/>"#),
    // Files, code.
    ("file file-blank page", r#"<path d="M6 3h8l5 5v13H6zM14 3v5h5"/>"#),
    (
        "file-document file-lines file-text text-box note note-text script-text log",
        r#"<path d="M6 3h8l5 5v13H6zM14 3v5h5M9.5 13h6M9.5 17h6"/>"#,
    ),
    (
        "file-code code-file file-code-fill",
        r#"<path d="M6 3h8l5 5v13H6zM14 3v5h5M11 12.5L9 15l2 2.5M14 12.5l2 2.5-2 2.5"/>"#,
    ),
    (
        "file-edit file-pen file-sign",
        r#"<path d="M19 11V8l-5-5H5v18h6M14 3v5h5M14 21l.6-2.8 5.4-5.4 2.2 2.2-5.4 5.4z"/>"#,
    ),
    (
        "file-tree file-directory-tree list-tree",
        r#"<path d="M5 3v15h5M5 9h5M10 6.5h10v5H10zM10 15.5h10v5H10z"/>"#,
    ),
    ("folder file-directory folder-network", r#"<path d="M3 5h6l2 3h10v11H3z"/>"#),
    ("folder-open file-directory-open-fill", r#"<path d="M3 19V5h6l2 3h8v3M3 19l3-8h16l-3 8z"/>"#),
    (
        "code-tags code xml codescan code-square file-xml",
        r#"<path d="M8.5 6.5L3 12l5.5 5.5M15.5 6.5L21 12l-5.5 5.5"/>"#,
    ),
    (
        "code-braces code-json json api brackets-curly",
        r#"<path d="M9 4c-3 0-3 1.5-3 4s-.5 4-2.5 4c2 0 2.5 1.5 2.5 4s0 4 3 4M15 4c3 0 3 1.5 3 4s.5 4 2.5 4c-2 0-2.5 1.5-2.5 4s0 4-3 4"/>"#,
    ),
    (
        "console terminal powershell bash gnubash square-terminal",
        r#"<path d="M3 4h18v16H3zM7 9l3 3-3 3M12.5 15H17"/>"#,
    ),
    (
        "language-markdown markdown",
        r#"<path d="M2 5h20v14H2zM5.5 15.5v-7l3 3.5 3-3.5v7M17 8.5v7M14.5 13l2.5 2.5 2.5-2.5"/>"#,
    ),
    (
        "source-branch git-branch git github mark-github github-alt gitlab bitbucket code-branch code-fork source-fork repo-forked",
        r#"<circle cx="6.5" cy="5.5" r="2.2"/><circle cx="6.5" cy="18.5" r="2.2"/><circle cx="17.5" cy="8" r="2.2"/><path d="M6.5 7.7v8.6M17.5 10.2c0 4.5-8 2.5-10.5 6.3"/>"#,
    ),
    (
        "source-pull git-pull-request source-merge git-merge code-pull-request",
        r#"<circle cx="6.5" cy="5.5" r="2.2"/><circle cx="6.5" cy="18.5" r="2.2"/><circle cx="17.5" cy="18.5" r="2.2"/><path d="M6.5 7.7v8.6M17.5 16.3V8a2.5 2.5 0 0 0-2.5-2.5h-2.5M14.5 3l-2.5 2.5L14.5 8"/>"#,
    ),
    (
        "source-commit git-commit code-commit",
        r#"<circle cx="12" cy="12" r="3.5"/><path d="M2.5 12h6M15.5 12h6"/>"#,
    ),
    (
        "source-repository repo repo-template repo-push",
        r#"<path d="M6 3h13v18H7a2 2 0 0 1-2-2V4zM5 18.5A2 2 0 0 1 7 17h12M9 7h6"/>"#,
    ),
    (
        "package package-variant-closed cube box box-open npm container docker",
        r#"<path d="M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9"/>"#,
    ),
    (
        "kubernetes helm ship-wheel",
        r#"<circle cx="12" cy="12" r="7"/><circle cx="12" cy="12" r="2"/><path d="M12 2.5V10M12 14v7.5M2.5 12H10M14 12h7.5M5.3 5.3l5.3 5.3M13.4 13.4l5.3 5.3M18.7 5.3l-5.3 5.3M10.6 13.4l-5.3 5.3"/>"#,
    ),
    (
        "puzzle plug puzzle-piece extension plugin power-plug",
        r#"<path d="M4 8h5V6a2 2 0 0 1 4 0v2h5v5h1a2 2 0 0 1 0 4h-1v4H4v-5h1.5a1.8 1.8 0 0 0 0-3.5H4z"/>"#,
    ),
    ("layers versions layer-group stack", r#"<path d="M12 3l9 5-9 5-9-5zM3 12l9 5 9-5M3 16l9 5 9-5"/>"#),
    (
        "bug bug-report",
        r#"<path d="M8 10.5a4 4 0 0 1 8 0v5a4 4 0 0 1-8 0zM8.5 8L6.5 5M15.5 8l2-3M8 11H3.5M8 15H3.5M16 11h4.5M16 15h4.5M12 11v8"/>"#,
    ),
    (
        "test-tube flask beaker science experiment",
        r#"<path d="M9 3h6M10 3v6l-5.5 9.5A1.7 1.7 0 0 0 6 21h12a1.7 1.7 0 0 0 1.5-2.5L14 9V3M7.5 15h9"/>"#,
    ),
    // Things.
    (
        "magnify search magnifying-glass tab-search",
        r#"<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.3 15.3L21 21"/>"#,
    ),
    (
        "link link-variant chain connection",
        r#"<path d="M10 8H7a4 4 0 0 0 0 8h3M14 8h3a4 4 0 0 1 0 8h-3M8.5 12h7"/>"#,
    ),
    (
        "share share-circle share-nodes share-android",
        r#"<circle cx="6" cy="12" r="2.5"/><circle cx="17.5" cy="5.5" r="2.5"/><circle cx="17.5" cy="18.5" r="2.5"/><path d="M8.2 10.8l7-4M8.2 13.2l7 4"/>"#,
    ),
    (
        "clock clock-fast clock-rotate-left history timer timer-sand stopwatch schedule",
        r#"<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>"#,
    ),
    ("calendar calendar-month calendar-days event", r#"<path d="M4 5h16v16H4zM4 10h16M8.5 3v4M15.5 3v4"/>"#),
    ("tag tag-text tag-plus label price-tag", r#"<path d="M4 4h8l8.5 8.5-8 8L4 12zM8 8h.01"/>"#),
    ("bookmark bookmark-multiple", r#"<path d="M6.5 4h11v16.5L12 16l-5.5 4.5z"/>"#),
    ("heart favorite", r#"<path d="M12 20.5L4.3 12.7A4.8 4.8 0 0 1 12 7a4.8 4.8 0 0 1 7.7 5.7z"/>"#),
    (
        "heart-broken",
        r#"<path d="M12 20.5L4.3 12.7A4.8 4.8 0 0 1 12 7a4.8 4.8 0 0 1 7.7 5.7zM12 7l-2.5 4 4 2.5L12 17"/>"#,
    ),
    (
        "star star-four-points star-four-points-circle sparkles sparkle-fill creation auto-fix",
        r#"<path d="M12 3l2.7 5.7 6.3.8-4.6 4.3 1.2 6.2-5.6-3.1L6.4 20l1.2-6.2L3 9.5l6.3-.8z"/>"#,
    ),
    (
        "book-open book-open-page-variant book-open-variant book book-multiple bookshelf library",
        r#"<path d="M12 6.5C9.5 4.8 6.5 4.5 3 5v14c3.5-.5 6.5-.2 9 1.5 2.5-1.7 5.5-2 9-1.5V5c-3.5-.5-6.5-.2-9 1.5zM12 6.5v14"/>"#,
    ),
    (
        "newspaper newspaper-variant rss-box blog post",
        r#"<path d="M3 5h14v14H5a2 2 0 0 1-2-2zM17 9h4v8a2 2 0 0 1-2 2h-3M6.5 9h7M6.5 12.5h7M6.5 16h4"/>"#,
    ),
    ("email mail envelope", r#"<path d="M3 5h18v14H3zM3 6l9 7.5L21 6"/>"#),
    ("lock security private", r#"<path d="M5 10.5h14V21H5zM8 10.5V7.5a4 4 0 0 1 8 0v3M12 14.5v2.5"/>"#),
    (
        "lock-open unlock lock-open-check",
        r#"<path d="M5 10.5h14V21H5zM8 10.5V7a4 4 0 0 1 7.8-1.2M12 14.5v2.5"/>"#,
    ),
    ("shield shield-half", r#"<path d="M12 3l8 3v5.5c0 4.5-3 7.8-8 9.5-5-1.7-8-5-8-9.5V6z"/>"#),
    (
        "shield-check shield-lock shield-account shield-user shield-halved",
        r#"<path d="M12 3l8 3v5.5c0 4.5-3 7.8-8 9.5-5-1.7-8-5-8-9.5V6zM8.5 12l2.5 2.5 4.5-5"/>"#,
    ),
    (
        "key key-variant key-asterisk",
        r#"<circle cx="8" cy="15" r="4.5"/><path d="M11.2 11.8L20 3M16.5 6.5l3 3M13.5 9.5l2 2"/>"#,
    ),
    (
        "account person user account-circle circle-user user-circle account-question",
        r#"<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.5-4 3.5-6 7.5-6s7 2 7.5 6"/>"#,
    ),
    (
        "account-group people users account-multiple user-group team",
        r#"<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 20c.4-3.7 3-5.5 6.5-5.5s6.1 1.8 6.5 5.5M16 5.3a3.5 3.5 0 0 1 0 6.4M18 15.2c2 .8 3.2 2.4 3.5 4.8"/>"#,
    ),
    (
        "cog gear cogs settings tune",
        r#"<circle cx="12" cy="12" r="6.5"/><circle cx="12" cy="12" r="2.5"/><path d="M12 2.5v3M12 18.5v3M2.5 12h3M18.5 12h3M5.3 5.3l2.1 2.1M16.6 16.6l2.1 2.1M18.7 5.3l-2.1 2.1M7.4 16.6l-2.1 2.1"/>"#,
    ),
    (
        "wrench tools screwdriver hammer hammer-wrench screwdriver-wrench build",
        r#"<path d="M20.5 7.5a5 5 0 0 1-6.8 5.4L7 19.6a1.9 1.9 0 0 1-2.7-2.7L11 10.2a5 5 0 0 1 6-6.6L13.8 6.7l.5 3 3 .5z"/>"#,
    ),
    (
        "rocket rocket-launch",
        r#"<path d="M12 2.5c3.5 2.5 4.5 6 4.5 9.5L14.5 16h-5l-2-4c0-3.5 1-7 4.5-9.5zM12 8.5v.5M7.5 12L5 15v4l4-3M16.5 12l2.5 3v4l-4-3M12 18.5V21"/>"#,
    ),
    (
        "flash lightning-bolt zap bolt run-fast rabbit speed",
        r#"<path d="M13.5 2.5L5 13.5h6L10 21.5l9-11.5h-6z"/>"#,
    ),
    (
        "lightbulb light-bulb lightbulb-on lightbulb-on-20 idea",
        r#"<path d="M9.5 17.5h5M10 20.5h4M9.5 17.5c0-1.5-.4-2.3-1.2-3.2a5.6 5.6 0 1 1 7.4 0c-.8.9-1.2 1.7-1.2 3.2"/>"#,
    ),
    (
        "server server-network server-rack host",
        r#"<path d="M4 4h16v6.5H4zM4 13.5h16V20H4zM7.5 7.3h.01M7.5 16.8h.01M11 7.3h5M11 16.8h5"/>"#,
    ),
    (
        "database storage sql",
        r#"<ellipse cx="12" cy="5.5" rx="7.5" ry="2.5"/><path d="M4.5 5.5v13c0 1.4 3.4 2.5 7.5 2.5s7.5-1.1 7.5-2.5v-13M4.5 12c0 1.4 3.4 2.5 7.5 2.5s7.5-1.1 7.5-2.5"/>"#,
    ),
    (
        "cloud cloud-upload cloud-offline cloud-outline aws amazonaws googlecloud",
        r#"<path d="M7 18.5a4.5 4.5 0 0 1-.5-9A6 6 0 0 1 18 9.8a4.4 4.4 0 0 1-.8 8.7z"/>"#,
    ),
    (
        "eye view file-eye",
        r#"<path d="M2.5 12C5 7.5 8.2 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5S5 16.5 2.5 12z"/><circle cx="12" cy="12" r="3"/>"#,
    ),
    (
        "eye-off eye-closed eye-slash",
        r#"<path d="M2.5 12C5 7.5 8.2 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5S5 16.5 2.5 12zM4 20L20 4"/>"#,
    ),
    ("pencil edit pen pen-to-square", r#"<path d="M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5"/>"#),
    (
        "trash-can trash delete trashcan bin",
        r#"<path d="M4 6.5h16M9 6.5V3.5h6v3M6 6.5l1 14h10l1-14M10 10.5v6M14 10.5v6"/>"#,
    ),
    ("content-copy copy clipboard clipboard-text paste", r#"<path d="M9 9h11v12H9zM15 9V3H4v12h5"/>"#),
    ("home house home-variant", r#"<path d="M3 11.5L12 4l9 7.5M5.5 9.5V20h13V9.5M10 20v-6h4v6"/>"#),
    ("menu bars three-bars", r#"<path d="M4 6h16M4 12h16M4 18h16"/>"#),
    (
        "format-list-bulleted list-unordered list format-list-group view-list",
        r#"<path d="M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01"/>"#,
    ),
    (
        "format-font format-title text text-size font typography font-awesome",
        r#"<path d="M5 7V4.5h14V7M12 4.5v15M9 19.5h6"/>"#,
    ),
    (
        "table table-large view-grid grid apps dashboard view-dashboard windows microsoft-windows",
        r#"<path d="M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z"/>"#,
    ),
    ("page-layout-sidebar-left sidebar-collapse dock-left", r#"<path d="M3 4h18v16H3zM9 4v16"/>"#),
    ("page-layout-header dock-top browser application", r#"<path d="M3 4h18v16H3zM3 9h18"/>"#),
    ("page-layout-footer dock-bottom", r#"<path d="M3 4h18v16H3zM3 15h18"/>"#),
    (
        "image photo picture camera panorama",
        r#"<path d="M3 4.5h18v15H3zM3 17l6-6 5 5 2.5-2.5 4.5 4.5"/><circle cx="15.5" cy="9" r="1.5"/>"#,
    ),
    ("play play-circle circle-play", r#"<path d="M7 4.5l12 7.5-12 7.5z"/>"#),
    (
        "youtube video video-box file-video",
        r#"<path d="M5 5h14a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3H5a3 3 0 0 1-3-3V8a3 3 0 0 1 3-3zM10 9v6l5-3z"/>"#,
    ),
    (
        "earth globe web earth-americas translate language internet-explorer",
        r#"<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c-5 5.5-5 12.5 0 18 5-5.5 5-12.5 0-18z"/>"#,
    ),
    (
        "comment comment-text comment-discussion comment-question chat message forum comments discord",
        r#"<path d="M4 4.5h16v12h-8.5L7 20.5v-4H4zM8 9h8M8 12.5h5"/>"#,
    ),
    ("bell bell-ring notification", r#"<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4"/>"#),
    (
        "bullhorn megaphone broadcast",
        r#"<path d="M4 9.5v5h3.5L19 19V5L7.5 9.5zM8 14.5l1.5 5.5h2.5l-1.2-4.5"/>"#,
    ),
    (
        "thumb-up thumbsup thumbs-up",
        r#"<path d="M7 10.5l4-7.5c2 0 2.5 1.5 2 3.5l-.5 3h6.5l-2 10.5H7zM3.5 10.5H7V20H3.5z"/>"#,
    ),
    (
        "thumb-down thumbsdown thumbs-down",
        r#"<path d="M17 13.5l-4 7.5c-2 0-2.5-1.5-2-3.5l.5-3H5L7 4h10zM20.5 13.5H17V4h3.5z"/>"#,
    ),
    (
        "emoticon-happy emoticon smiley face-smile face-laugh-wink",
        r#"<circle cx="12" cy="12" r="9"/><path d="M8 14c1 1.8 2.3 2.5 4 2.5s3-.7 4-2.5M9 9.3v.2M15 9.3v.2"/>"#,
    ),
    (
        "emoticon-sad face-frown",
        r#"<circle cx="12" cy="12" r="9"/><path d="M8 16.5c1-1.8 2.3-2.5 4-2.5s3 .7 4 2.5M9 9.3v.2M15 9.3v.2"/>"#,
    ),
    (
        "weather-sunny sun brightness-7 white-balance-sunny",
        r#"<circle cx="12" cy="12" r="4"/><path d="M12 2.5V5M12 19v2.5M2.5 12H5M19 12h2.5M5.3 5.3L7 7M17 17l1.7 1.7M18.7 5.3L17 7M7 17l-1.7 1.7"/>"#,
    ),
    (
        "weather-night moon brightness-4",
        r#"<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"/>"#,
    ),
    (
        "toggle-switch toggle-on",
        r#"<path d="M8 7h8a5 5 0 0 1 0 10H8A5 5 0 0 1 8 7z"/><circle cx="16" cy="12" r="2" fill="currentColor"/>"#,
    ),
    (
        "toggle-switch-off toggle-off",
        r#"<path d="M8 7h8a5 5 0 0 1 0 10H8A5 5 0 0 1 8 7z"/><circle cx="8" cy="12" r="2"/>"#,
    ),
    (
        "chart-line chart-bar graph google-analytics chart-box finance pulse monitoring trending-up",
        r#"<path d="M4 4v16h16M7.5 15.5l4-5 3 3L20 7"/>"#,
    ),
    ("chart-pie chart-donut", r#"<path d="M12 3a9 9 0 1 0 9 9h-9zM15.5 3.5a9 9 0 0 1 5 5h-5z"/>"#),
    ("gauge speedometer meter", r#"<path d="M4.5 18.5a9 9 0 1 1 15 0M12 14l4-5.5M12 14h.01"/>"#),
    (
        "palette brush paintbrush format-paint",
        r#"<path d="M12 3a9 9 0 1 0 0 18c2 0 2.2-1.3 1.5-2.5S13 15.5 15 15.5h2.5c2.3 0 3.5-1.5 3.5-4C21 6.5 17 3 12 3zM7.5 12.5h.01M9.5 8h.01M15 7.5h.01"/>"#,
    ),
    (
        "scale-balance law scale-unbalanced balance",
        r#"<path d="M12 4v16M8 20h8M5 6.5h14M5 6.5l-3 7.5h6zM19 6.5L16 14h6z"/>"#,
    ),
    ("filter filter-list funnel", r#"<path d="M3.5 5h17L14 12.5V20l-4-2.5v-5z"/>"#),
    ("flag milestone flag-checkered", r#"<path d="M5.5 21V4M5.5 4.5h13l-2.5 4.2 2.5 4.3h-13"/>"#),
    (
        "goal target bullseye crosshairs focus",
        r#"<circle cx="12" cy="12" r="9"/><circle cx="12" cy="12" r="5"/><circle cx="12" cy="12" r="1" fill="currentColor"/>"#,
    ),
    (
        "school mortar-board graduation-cap learn",
        r#"<path d="M12 5L1.5 10 12 15l10.5-5zM6 12.5V17c3.5 2.7 8.5 2.7 12 0v-4.5M22 10.5v5"/>"#,
    ),
    ("send paper-plane paper-airplane", r#"<path d="M21 3L3 10l7.5 3.5L14 21zM21 3L10.5 13.5"/>"#),
    (
        "map-marker location location-dot",
        r#"<path d="M12 21c4.5-5 7-8.5 7-11.5a7 7 0 0 0-14 0c0 3 2.5 6.5 7 11.5z"/><circle cx="12" cy="9.5" r="2.5"/>"#,
    ),
    ("compass explore", r#"<circle cx="12" cy="12" r="9"/><path d="M15.5 8.5l-2 5-5 2 2-5z"/>"#),
    ("monitor desktop device-desktop laptop computer", r#"<path d="M3 4h18v12H3zM8.5 20h7M12 16v4"/>"#),
    ("cellphone mobile device-mobile phone", r#"<path d="M7 3h10v18H7zM11 18h2"/>"#),
    (
        "keyboard keyboard-outline",
        r#"<path d="M2.5 6h19v12h-19zM6 10h.01M9 10h.01M12 10h.01M15 10h.01M18 10h.01M8 14.5h8"/>"#,
    ),
    (
        "sitemap graph-outline workflow organization hierarchy family-tree",
        r#"<path d="M9 3.5h6V9H9zM3 15h6v5.5H3zM15 15h6v5.5h-6zM12 9v3M6 15v-3h12v3"/>"#,
    ),
    (
        "robot cpu chip",
        r#"<path d="M6 6h12v12H6zM10 10h4v4h-4zM9.5 3v3M14.5 3v3M9.5 18v3M14.5 18v3M3 9.5h3M3 14.5h3M18 9.5h3M18 14.5h3"/>"#,
    ),
    ("print printer", r#"<path d="M6.5 9V3h11v6M6.5 17H3V9h18v8h-3.5M6.5 13.5h11V21h-11z"/>"#),
    (
        "gift present",
        r#"<path d="M3 8h18v4H3zM5 12v9h14v-9M12 8v13M12 8C8 8 6.5 3.5 9 3.5S12 8 12 8zM12 8c4 0 5.5-4.5 3-4.5S12 8 12 8z"/>"#,
    ),
    (
        "fire flame",
        r#"<path d="M12 21c-4 0-6.5-2.5-6.5-6.2C5.5 10.5 10 9 10.5 3c3.5 1.7 4.5 5 4 7.5 1 0 1.7-.8 2-2 1.5 1.7 2 3.7 2 6 0 4-2.5 6.5-6.5 6.5z"/>"#,
    ),
    (
        "currency-usd cash dollar-sign credit-card paypal",
        r#"<path d="M2.5 5h19v14h-19zM2.5 9.5h19M6 15h4"/>"#,
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_of_all_sets_lead_to_drawings() {
        let check = icon("material-check").expect("a check mark");
        for same in ["octicons-check-16", "fontawesome-solid-check", "material-check-bold"] {
            assert_eq!(icon(same), Some(check), "{same}");
        }
        assert_eq!(icon("octicons-heart-fill-24"), icon("material-heart-outline"));
        assert_ne!(icon("material-eye-off-outline"), icon("material-eye"));
        assert_eq!(icon("material-no-such-thing"), None);
        assert_eq!(icon("check"), None);
        assert_eq!(icon("material-"), None);
    }

    #[test]
    fn each_name_is_there_once() {
        let mut names = HashSet::new();
        for name in ICONS.iter().flat_map(|(names, _)| names.split(' ')) {
            assert!(names.insert(name), "{name} has two drawings");
        }
    }

    #[test]
    fn drawings_are_made_of_few_things() {
        for (names, drawing) in ICONS {
            let svg = format!("<svg>{drawing}</svg>");
            assert!(crate::base::svg::is_inert(svg.as_bytes()), "{names}");
            assert!(!drawing.contains("style") && drawing.ends_with("/>"), "{names}");
        }
    }
}
