//! `Date` (RFC 3261 section 20.17).

use std::fmt;

use bytes::BytesMut;
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use super::Value;
use super::check::digits;
use crate::encode::put_display;
use crate::grammar::lws;

/// A day and a time of it in GMT, from the year 0 to the year 9999.
///
/// ```
/// use missiva_sip::header::{Date, Value};
///
/// let date = Date::parse("Sat, 13 Nov 2010 23:29:00 GMT")?;
/// assert_eq!((date.year(), date.month(), date.day(), date.weekday()), (2010, 11, 13, "Sat"));
/// assert_eq!(date.to_unix(), 1_289_690_940);
/// assert_eq!(Date::from_unix(1_289_690_940), Some(date));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
}

impl Date {
    /// The last second that has a date: the end of the year 9999.
    pub const MAX_UNIX: i64 = 253_402_300_799;
    /// The first second that has a date: the start of the year 0.
    pub const MIN_UNIX: i64 = -62_167_219_200;

    /// A date, when there is such a day and such a time of day. Leap seconds have no date here, as in RFC 1123.
    #[must_use]
    pub fn new(
        (year, month, day): (u16, u8, u8),
        (hour, minute, second): (u8, u8, u8),
    ) -> Option<Self> {
        let is_day = year <= 9999 && day >= 1 && day <= days_in(year, month);
        let is_time = hour < 24 && minute < 60 && second < 60;
        (is_day && is_time).then_some(Self { year, month, day, hour, minute, second })
    }

    /// The date of a number of seconds since the start of 1970; `None` outside the years 0 to 9999.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Option<Self> {
        if !(Self::MIN_UNIX..=Self::MAX_UNIX).contains(&seconds) {
            return None;
        }
        // The range just checked keeps every number below far from the ends of its type.
        let (day, time) = (seconds.div_euclid(DAY_SECONDS), seconds.rem_euclid(DAY_SECONDS));
        let small = |number: i64| u8::try_from(number).ok();
        let (year, month, day) = civil_from_days(day);
        Self::new(
            (u16::try_from(year).ok()?, small(month)?, small(day)?),
            (small(time / 3600)?, small(time / 60 % 60)?, small(time % 60)?),
        )
    }

    /// Seconds since the start of 1970; negative before.
    #[must_use]
    pub fn to_unix(&self) -> i64 {
        let time = i64::from(self.hour) * 3600 + i64::from(self.minute) * 60;
        self.days() * DAY_SECONDS + time + i64::from(self.second)
    }

    /// The year, 0 to 9999.
    #[must_use]
    pub const fn year(&self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(&self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    #[must_use]
    pub const fn day(&self) -> u8 {
        self.day
    }

    /// The hour, 0 to 23.
    #[must_use]
    pub const fn hour(&self) -> u8 {
        self.hour
    }

    /// The minute, 0 to 59.
    #[must_use]
    pub const fn minute(&self) -> u8 {
        self.minute
    }

    /// The second, 0 to 59.
    #[must_use]
    pub const fn second(&self) -> u8 {
        self.second
    }

    /// The day of the week as the header spells it: `Mon` to `Sun`.
    #[must_use]
    pub fn weekday(&self) -> &'static str {
        // The first day of 1970 was a Thursday.
        name(&WEEKDAYS, (self.days() + 3).rem_euclid(7))
    }

    /// Days since the start of 1970.
    fn days(&self) -> i64 {
        days_from_civil(self.year.into(), self.month.into(), self.day.into())
    }
}

const DAY_SECONDS: i64 = 86_400;
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// Days in 400 years, after which the calendar repeats.
const ERA: i64 = 146_097;
/// Days from 1 March of the year 0, where eras begin, to the start of 1970.
const EPOCH: i64 = 719_468;

fn days_in(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

/// Days since the start of 1970. Years are counted from March, so that the leap day is the last one.
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year.div_euclid(400) * ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH
}

/// Year, month and day of a day since the start of 1970.
const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let (era, of_era) = ((days + EPOCH).div_euclid(ERA), (days + EPOCH).rem_euclid(ERA));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = (from_march + 2) % 12 + 1;
    let year = year_of_era + era * 400;
    (if month <= 2 { year + 1 } else { year }, month, day)
}

fn name(names: &[&'static str], index: i64) -> &'static str {
    usize::try_from(index).ok().and_then(|index| names.get(index).copied()).unwrap_or_default()
}

/// One of `names` in any case; says which.
fn read_name(cursor: &mut Cursor<'_>, names: &[&'static str]) -> Result<usize, Fault> {
    names
        .iter()
        .position(|name| cursor.eat_word(name))
        .ok_or_else(|| cursor.fault(FaultKind::Value))
}

fn space(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    if lws(cursor) { Ok(()) } else { Err(cursor.unexpected()) }
}

/// A number of `count` digits that is at least `min` and at most `max`.
fn ranged(cursor: &mut Cursor<'_>, count: usize, min: u16, max: u16) -> Result<u16, Fault> {
    let start = cursor.at();
    let number = digits(cursor, count)?;
    if (min..=max).contains(&number) {
        Ok(number)
    } else {
        Err(Fault::new(FaultKind::Number, start))
    }
}

impl<'a> Value<'a> for Date {
    /// `rfc1123-date = wkday "," SP date1 SP time SP "GMT"`; any white space passes for a space.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        let weekday = read_name(cursor, &WEEKDAYS)?;
        cursor.expect(b',')?;
        space(cursor)?;
        let day_at = cursor.at();
        let day = ranged(cursor, 2, 1, 31)?;
        space(cursor)?;
        let month = read_name(cursor, &MONTHS)?.saturating_add(1);
        space(cursor)?;
        let year = digits(cursor, 4)?;
        space(cursor)?;
        let hour = ranged(cursor, 2, 0, 23)?;
        cursor.expect(b':')?;
        let minute = ranged(cursor, 2, 0, 59)?;
        cursor.expect(b':')?;
        let second = ranged(cursor, 2, 0, 59)?;
        space(cursor)?;
        if !cursor.eat_word("GMT") {
            return Err(cursor.fault(FaultKind::Value));
        }
        let small = |number: u16| u8::try_from(number).unwrap_or(u8::MAX);
        let month = u8::try_from(month).unwrap_or(u8::MAX);
        let date =
            Self::new((year, month, small(day)), (small(hour), small(minute), small(second)))
                .ok_or_else(|| Fault::new(FaultKind::Number, day_at))?;
        if WEEKDAYS.get(weekday) == Some(&date.weekday()) {
            Ok(date)
        } else {
            Err(Fault::new(FaultKind::Conflict, start))
        }
    }

    fn encode(&self, out: &mut BytesMut) {
        put_display(self, out);
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second } = self;
        let weekday = self.weekday();
        let month = name(&MONTHS, i64::from(*month) - 1);
        write!(f, "{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_seconds_agree() {
        let table = [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Wed, 31 Dec 1969 23:59:59 GMT", -1),
            ("Tue, 29 Feb 2000 12:00:00 GMT", 951_825_600),
            ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Date::MAX_UNIX),
            ("Sat, 01 Jan 0000 00:00:00 GMT", Date::MIN_UNIX),
        ];
        for (text, seconds) in table {
            let date = Date::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!(date.to_unix(), seconds, "{text}");
            assert_eq!(Date::from_unix(seconds), Some(date), "{text}");
            assert_eq!(date.to_text(), text);
        }
        assert_eq!(Date::from_unix(Date::MAX_UNIX + 1), None);
        assert_eq!(Date::from_unix(Date::MIN_UNIX - 1), None);
        assert_eq!(Date::from_unix(i64::MIN), None);
    }

    #[test]
    fn what_is_no_date_is_refused_where_it_goes_wrong() {
        let table = [
            ("", FaultKind::Value, 0),
            ("Sonntag, 13 Nov 2010", FaultKind::Value, 0),
            ("Sun, 13 Nov 2010 23:29:00 GMT", FaultKind::Conflict, 0),
            ("Sat,13 Nov 2010 23:29:00 GMT", FaultKind::Unexpected, 4),
            ("Sat, 1 Nov 2010 23:29:00 GMT", FaultKind::Number, 5),
            ("Sat, 32 Nov 2010 23:29:00 GMT", FaultKind::Number, 5),
            ("Wed, 31 Nov 2010 23:29:00 GMT", FaultKind::Number, 5),
            ("Mon, 29 Feb 2100 00:00:00 GMT", FaultKind::Number, 5),
            ("Sat, 13 Noc 2010 23:29:00 GMT", FaultKind::Value, 8),
            ("Sat, 13 Nov 10 23:29:00 GMT", FaultKind::Number, 12),
            ("Sat, 13 Nov 2010 24:29:00 GMT", FaultKind::Number, 17),
            ("Sat, 13 Nov 2010 23:60:00 GMT", FaultKind::Number, 20),
            ("Sat, 13 Nov 2010 23:29:60 GMT", FaultKind::Number, 23),
            ("Sat, 13 Nov 2010 23:29:00 EST", FaultKind::Value, 26),
            ("Sat, 13 Nov 2010 23:29:00", FaultKind::End, 25),
            ("Sat, 13 Nov 2010 23:29:00 GMT+1", FaultKind::Unexpected, 29),
        ];
        for (text, kind, at) in table {
            let fault = Date::parse(text).expect_err(text);
            assert_eq!((fault.kind, fault.at), (kind, at), "{text}");
        }
    }

    #[test]
    fn case_and_white_space_do_not_count() {
        let plain = Date::parse("Sat, 13 Nov 2010 23:29:00 GMT").unwrap();
        assert_eq!(Date::parse("sat,  13 NOV\r\n 2010 23:29:00 gmt"), Ok(plain));
    }
}
