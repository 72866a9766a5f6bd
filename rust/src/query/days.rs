//! Days as most people write them: what searcher/query/dates.py reads without knowing today.

/// A day as yyyymmdd.
type Day = u32;

/// First and last day; None leaves that side open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Days {
    pub start: Option<Day>,
    pub end: Option<Day>,
}

/// Read a year, a month, a day or a range of them; None for all else, what is wrong among it.
pub fn days(text: &str) -> Option<Days> {
    let Some((left, right)) = text.split_once("..") else {
        let (start, end) = single(text)?;
        return Some(Days {
            start: Some(start),
            end: Some(end),
        });
    };
    let start = some_unless(left.is_empty(), || Some(single(left)?.0))?;
    let end = some_unless(right.is_empty(), || Some(single(right)?.1))?;
    let is_range = match (start, end) {
        (Some(start), Some(end)) => start <= end,
        (start, end) => start.is_some() || end.is_some(),
    };
    is_range.then_some(Days { start, end })
}

fn some_unless(is_open: bool, read: impl Fn() -> Option<Day>) -> Option<Option<Day>> {
    if is_open {
        Some(None)
    } else {
        read().map(Some)
    }
}

/// First and last day of what one expression names.
fn single(text: &str) -> Option<(Day, Day)> {
    let mut parts = text.split('-');
    let year = parts.next()?;
    let (month, day) = (parts.next(), parts.next());
    if parts.next().is_some() {
        return None;
    }
    match (year.len(), month, day) {
        (8, None, None) => {
            let day = on(&year[..4], &year[4..6], &year[6..])?;
            Some((day, day))
        }
        (4, None, None) => {
            let year = number(year).filter(|&year| year > 0)? * 10_000;
            Some((year + 101, year + 1231))
        }
        (4, Some(month), None) => {
            let (first, last) = (on(year, month, "1")?, length(number(year)?, number(month)?));
            Some((first, first - 1 + last))
        }
        (4, Some(month), Some(day)) => {
            let day = on(year, month, day)?;
            Some((day, day))
        }
        _ => None,
    }
}

fn on(year: &str, month: &str, day: &str) -> Option<Day> {
    let is_short = |part: &str| matches!(part.len(), 1 | 2);
    let (lengths, year, month, number_of_day) = (
        is_short(month) && is_short(day),
        number(year)?,
        number(month)?,
        number(day)?,
    );
    let exists = year > 0 && (1..=12).contains(&month);
    let is_day = exists && (1..=length(year, month)).contains(&number_of_day);
    (is_day && lengths).then_some(year * 10_000 + month * 100 + number_of_day)
}

fn number(digits: &str) -> Option<u32> {
    let is_number = digits.len() <= 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

/// Days of a month.
fn length(year: u32, month: u32) -> u32 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(is_leap),
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_days_is_read() {
        for (text, start, end) in [
            ("1987", Some(1987_0101), Some(1987_1231)),
            ("1988-2", Some(1988_0201), Some(1988_0229)),
            ("1900-02", Some(1900_0201), Some(1900_0228)),
            ("1987-03-09", Some(1987_0309), Some(1987_0309)),
            ("19870309", Some(1987_0309), Some(1987_0309)),
            ("1987-03..1987-04-5", Some(1987_0301), Some(1987_0405)),
            ("1987..", Some(1987_0101), None),
            ("..1987-01", None, Some(1987_0131)),
        ] {
            assert_eq!(days(text), Some(Days { start, end }), "{text}");
        }
    }

    #[test]
    fn what_names_no_day_is_not() {
        for text in [
            "",
            "..",
            "87",
            "0000",
            "1987-13",
            "1987-00",
            "1987-02-29",
            "1987-1-001",
            "1987-001",
            "1988..1987",
            "1987-3-4-5",
            "3d",
            "none",
            "1987...",
            "1987-",
            "19871301",
        ] {
            assert_eq!(days(text), None, "{text}");
        }
    }
}
