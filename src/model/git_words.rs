//! What stands for the words of MkDocs' git plugins, such as
//! `{{ git_revision_date_localized }}`.

use super::history::{PageHistory, date};

/// Which words count, and how dates are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GitWords {
    /// `{{ git_revision_date }}` of git-revision-date.
    pub plain: bool,
    /// Those of git-revision-date-localized.
    pub localized: Option<DateForm>,
    /// `{{ git_creation_date_localized }}` too.
    pub has_creation: bool,
    /// A page without a date has the docs' own.
    pub falls_back: bool,
    /// Those of git-authors.
    pub authors: bool,
}

/// How a date is written, in UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DateForm {
    /// `November 3, 2026`
    Long,
    /// `November 3, 2026 09:30:00`
    LongTime,
    /// `2026-11-03`
    Iso,
    /// `2026-11-03 09:30:00`
    IsoTime,
    /// As C's `strftime` has it.
    Custom(Box<str>),
}

/// What git knows of docs as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocsHistory {
    /// When any page was last changed.
    pub updated: Option<i64>,
    /// Those who have written the most pages first.
    pub authors: Vec<Box<str>>,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];
/// Stands where git knows nothing.
const UNKNOWN_DATE: &str = "date unknown";
const UNKNOWN_AUTHORS: &str = "authors unknown";

/// Returns what stands for a word on a page; `None` if it is no word of
/// the plugins.
pub fn text(words: &GitWords, name: &str, page: Option<&PageHistory>, docs: &DocsHistory) -> Option<String> {
    let name = name.strip_prefix("page.meta.").unwrap_or(name);
    let fallback = docs.updated.filter(|_| words.falls_back);
    let shown = |seconds: Option<i64>, form: &DateForm| match seconds.or(fallback) {
        Some(seconds) => form.text(seconds),
        None => UNKNOWN_DATE.to_string(),
    };
    let names = |authors: &[Box<str>]| match authors {
        [] => UNKNOWN_AUTHORS.to_string(),
        authors => authors.join(", "),
    };
    let localized = words.localized.as_ref();
    match name {
        "git_revision_date" if words.plain => {
            Some(shown(page.map(|page| page.updated), localized.unwrap_or(&DateForm::Iso)))
        }
        "git_revision_date_localized" => Some(shown(page.map(|page| page.updated), localized?)),
        "git_creation_date_localized" if words.has_creation => {
            Some(shown(page.map(|page| page.created), localized?))
        }
        "git_site_revision_date_localized" => Some(shown(docs.updated, localized?)),
        "git_page_authors" if words.authors => Some(names(page.map_or(&[], |page| &page.authors))),
        "git_site_authors" if words.authors => Some(names(&docs.authors)),
        _ => None,
    }
}

impl DateForm {
    fn text(&self, seconds: i64) -> String {
        match self {
            DateForm::Long => formatted("%B %-d, %Y", seconds),
            DateForm::LongTime => formatted("%B %-d, %Y %H:%M:%S", seconds),
            DateForm::Iso => formatted("%Y-%m-%d", seconds),
            DateForm::IsoTime => formatted("%Y-%m-%d %H:%M:%S", seconds),
            DateForm::Custom(format) => formatted(format, seconds),
        }
    }
}

/// Writes a time by a format; what is no part of one stays as it is.
fn formatted(format: &str, seconds: i64) -> String {
    let (year, month, day) = date(seconds);
    let of_day = seconds.rem_euclid(86_400);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    let month_name = MONTHS[(month as usize + 11) % 12];
    let day_name = DAYS[seconds.div_euclid(86_400).rem_euclid(7) as usize];
    let mut text = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        let part = chars.next();
        let is_plain = part == Some('-');
        let part = if is_plain { chars.next() } else { part };
        let number = match part {
            Some('d') => i64::from(day),
            Some('m') => i64::from(month),
            Some('y') => year.rem_euclid(100),
            Some('H') => hour,
            Some('I') => (hour + 11) % 12 + 1,
            Some('M') => minute,
            Some('S') => second,
            Some('Y') => {
                text.push_str(&year.to_string());
                continue;
            }
            other => {
                match other {
                    Some('e') => text.push_str(&day.to_string()),
                    Some('B') => text.push_str(month_name),
                    Some('b') => text.push_str(&month_name[..3]),
                    Some('A') => text.push_str(day_name),
                    Some('a') => text.push_str(&day_name[..3]),
                    Some('p') => text.push_str(if hour < 12 { "AM" } else { "PM" }),
                    Some('Z') => text.push_str("UTC"),
                    Some('z') => text.push_str("+0000"),
                    Some('%') => text.push('%'),
                    Some(other) => text.extend(['%', other]),
                    None => text.push('%'),
                }
                continue;
            }
        };
        text.push_str(&if is_plain { number.to_string() } else { format!("{number:02}") });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_the_plugin_writes_them() {
        // 2024-05-06 00:00:01, a Monday.
        let shown = |form: DateForm| form.text(1_714_953_601);
        assert_eq!(shown(DateForm::Long), "May 6, 2024");
        assert_eq!(shown(DateForm::LongTime), "May 6, 2024 00:00:01");
        assert_eq!(shown(DateForm::Iso), "2024-05-06");
        assert_eq!(shown(DateForm::IsoTime), "2024-05-06 00:00:01");
        let custom = "%a %A %b %d. %B %y, %-m/%-d/%e %I:%M%p %Z %q %% %";
        assert_eq!(
            shown(DateForm::Custom(custom.into())),
            "Mon Monday May 06. May 24, 5/6/6 12:00AM UTC %q % %"
        );
        assert_eq!(DateForm::Custom("%A".into()).text(0), "Thursday");
    }
}
