//! When a page was written and by whom, as git knows it.

use bitcode::{Decode, Encode};

/// The history of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct PageHistory {
    /// Seconds since 1970, as are all times here.
    pub created: i64,
    pub updated: i64,
    /// Those with the most commits first.
    pub authors: Vec<Box<str>>,
}

/// Returns year, month and day of a time, in UTC.
pub fn date(seconds: i64) -> (i64, u32, u32) {
    // The calendar from March on, in eras of 400 years.
    let days = seconds.div_euclid(86_400) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_of_year = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_of_year + 2) / 5 + 1;
    let month = if month_of_year < 10 { month_of_year + 3 } else { month_of_year - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month as u32, day as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(951_782_400), (2000, 2, 29));
        assert_eq!(date(1_714_953_600), (2024, 5, 6));
        assert_eq!(date(4_102_444_799), (2099, 12, 31));
        assert_eq!(date(-1), (1969, 12, 31));
    }
}
