//! `a=file-date` (RFC 5547 section 6), with the dates of RFC 5322.

use bytes::{BufMut, BytesMut};
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use crate::encode::put_display;
use crate::grammar::{more, space};
use crate::value::Value;

/// A moment with the offset of its clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DateTime {
    /// 1900 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 60, for the sake of leap seconds.
    pub second: u8,
    /// Minutes east of Greenwich.
    pub offset: i16,
}

const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const LETTERS: ByteSet = ByteSet::empty().with_range(b'A', b'Z').with_range(b'a', b'z');

impl DateTime {
    /// Reads a date and a time.
    ///
    /// # Errors
    ///
    /// What is no date, or none of the calendar; a day of the week that is another one.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let mut cursor = Cursor::new(text);
        let date = Self::read(&mut cursor)?;
        cursor.finish()?;
        Ok(date)
    }

    fn read(cursor: &mut Cursor<'_>) -> Result<Self, Fault> {
        let start = cursor.at();
        let weekday = if cursor.peek().is_some_and(|byte| byte.is_ascii_alphabetic()) {
            let weekday = find(cursor, &DAYS)?;
            cursor.expect(b',')?;
            more(cursor);
            Some(weekday)
        } else {
            None
        };
        let day = number(cursor, 1..=31)?;
        space(cursor)?;
        let month = find(cursor, &MONTHS)? + 1;
        space(cursor)?;
        let year = number(cursor, 1900..=9999)?;
        space(cursor)?;
        let hour = number(cursor, 0..=23)?;
        cursor.expect(b':')?;
        let minute = number(cursor, 0..=59)?;
        let second = if cursor.eat(b':') { number(cursor, 0..=60)? } else { 0 };
        space(cursor)?;
        let offset = zone(cursor)?;
        let [month, day, hour, minute, second] = [month, day, hour, minute, second]
            .map(|number| u8::try_from(number).unwrap_or(u8::MAX));
        let date = Self { year, month, day, hour, minute, second, offset };
        if day > date.days_in_month() {
            return Err(Fault::new(FaultKind::Number, start));
        }
        match weekday {
            Some(weekday) if weekday != date.weekday() => {
                Err(Fault::new(FaultKind::Conflict, start))
            }
            _ => Ok(date),
        }
    }

    const fn is_leap(self) -> bool {
        self.year.is_multiple_of(4) && !self.year.is_multiple_of(100)
            || self.year.is_multiple_of(400)
    }

    const fn days_in_month(self) -> u8 {
        match self.month {
            2 if self.is_leap() => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    /// Days since 1 March of the year 0 (January and February count to the year before).
    fn day_number(self) -> i64 {
        let (year, month) = (i64::from(self.year), i64::from(self.month));
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        365 * year + year / 4 - year / 100
            + year / 400
            + (153 * month + 2) / 5
            + i64::from(self.day)
            - 1
    }

    /// Days since Sunday.
    fn weekday(self) -> u16 {
        // The first of March of the year 0 was a Wednesday.
        u16::try_from((self.day_number() + 3).rem_euclid(7)).unwrap_or_default()
    }

    /// Seconds since the start of 1970 in Greenwich.
    ///
    /// ```
    /// use missiva_sdp::file::DateTime;
    ///
    /// let date = DateTime::parse("Mon, 15 May 2006 15:01:31 +0300")?;
    /// assert_eq!(date.unix_seconds(), 1_147_694_491);
    /// # Ok::<(), missiva_core::Fault>(())
    /// ```
    #[must_use]
    pub fn unix_seconds(self) -> i64 {
        const EPOCH: i64 = 719_468;
        let time =
            i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second);
        (self.day_number() - EPOCH) * 86_400 + time - i64::from(self.offset) * 60
    }
}

impl std::fmt::Display for DateTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let weekday = DAYS.get(usize::from(self.weekday())).unwrap_or(&"Sun");
        let month = MONTHS.get(usize::from(self.month).wrapping_sub(1)).unwrap_or(&"Jan");
        let Self { year, day, hour, minute, second, offset, .. } = *self;
        let sign = if offset < 0 { '-' } else { '+' };
        let offset = offset.unsigned_abs();
        write!(
            f,
            "{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} {sign}{:02}{:02}",
            offset / 60,
            offset % 60
        )
    }
}

/// A number of as many digits as its bounds let it have.
fn number(cursor: &mut Cursor<'_>, range: std::ops::RangeInclusive<u16>) -> Result<u16, Fault> {
    let start = cursor.at();
    let number = cursor.number(9999).ok().and_then(|number| u16::try_from(number).ok());
    number
        .filter(|number| range.contains(number))
        .ok_or_else(|| Fault::new(FaultKind::Number, start))
}

/// Which of `names` stands next, counted from zero.
fn find(cursor: &mut Cursor<'_>, names: &[&str]) -> Result<u16, Fault> {
    let start = cursor.at();
    let word = cursor.take_some(&LETTERS)?;
    let found = names.iter().position(|name| name.eq_ignore_ascii_case(word));
    found.and_then(|at| u16::try_from(at).ok()).ok_or_else(|| Fault::new(FaultKind::Value, start))
}

/// `+hhmm`, or one of the names that RFC 5322 section 4.3 still takes; a military letter says nothing.
fn zone(cursor: &mut Cursor<'_>) -> Result<i16, Fault> {
    const NAMES: [(&str, i16); 10] = [
        ("UT", 0),
        ("GMT", 0),
        ("EST", -300),
        ("EDT", -240),
        ("CST", -360),
        ("CDT", -300),
        ("MST", -420),
        ("MDT", -360),
        ("PST", -480),
        ("PDT", -420),
    ];
    let start = cursor.at();
    let sign = match cursor.peek() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => {
            let word = cursor.take_some(&LETTERS)?;
            let known = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
            return match known {
                Some((_, offset)) => Ok(*offset),
                None if word.len() == 1 => Ok(0),
                None => Err(Fault::new(FaultKind::Value, start)),
            };
        }
    };
    cursor.bump();
    let from = cursor.at();
    let digits = number(cursor, 0..=9999)?;
    if cursor.at() - from != 4 || digits % 100 > 59 {
        return Err(Fault::new(FaultKind::Number, start));
    }
    Ok(sign * i16::try_from(digits / 100 * 60 + digits % 100).unwrap_or(0))
}

/// `a=file-date`: when the file was made, changed and read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FileDate {
    /// When it was made.
    pub creation: Option<DateTime>,
    /// When it was changed last.
    pub modification: Option<DateTime>,
    /// When it was read last.
    pub read: Option<DateTime>,
}

impl FileDate {
    fn read_one(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Fault> {
        let start = cursor.at();
        let place = if cursor.eat_word("creation:") {
            &mut self.creation
        } else if cursor.eat_word("modification:") {
            &mut self.modification
        } else if cursor.eat_word("read:") {
            &mut self.read
        } else {
            return Err(Fault::new(FaultKind::Value, start));
        };
        cursor.expect(b'"')?;
        let date = DateTime::read(cursor)?;
        cursor.expect(b'"')?;
        match place.replace(date) {
            Some(_) => Err(Fault::new(FaultKind::Conflict, start)),
            None => Ok(()),
        }
    }
}

impl<'a> Value<'a> for FileDate {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let mut dates = Self::default();
        dates.read_one(cursor)?;
        while more(cursor) {
            dates.read_one(cursor)?;
        }
        Ok(dates)
    }

    fn encode(&self, out: &mut BytesMut) {
        let dates =
            [("creation", self.creation), ("modification", self.modification), ("read", self.read)];
        let mut first = true;
        for (label, date) in dates {
            let Some(date) = date else { continue };
            if !std::mem::take(&mut first) {
                out.put_u8(b' ');
            }
            put_display(format_args!("{label}:\"{date}\""), out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_all_their_forms() {
        let table = [
            ("Mon, 15 May 2006 15:01:31 +0300", 1_147_694_491, "Mon, 15 May 2006 15:01:31 +0300"),
            ("15 May 2006 15:01 GMT", 1_147_705_260, "Mon, 15 May 2006 15:01:00 +0000"),
            ("1 Jan 1970 00:00:00 UT", 0, "Thu, 01 Jan 1970 00:00:00 +0000"),
            ("thu,1 jan 1970 00:00:00 EST", 18_000, "Thu, 01 Jan 1970 00:00:00 -0500"),
            ("29 Feb 2000 23:59:60 -0130", 951_874_200, "Tue, 29 Feb 2000 23:59:60 -0130"),
            ("31 Dec 9999 00:00:00 Z", 253_402_214_400, "Fri, 31 Dec 9999 00:00:00 +0000"),
        ];
        for (text, seconds, written) in table {
            let date = DateTime::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!((date.unix_seconds(), &*date.to_string()), (seconds, written), "{text}");
            assert_eq!(DateTime::parse(written), Ok(date));
        }
    }

    #[test]
    fn dates_that_are_none_are_refused() {
        for text in [
            "",
            "Tue, 15 May 2006 15:01:31 +0300",
            "15 Mai 2006 15:01:31 +0300",
            "30 Feb 2006 15:01:31 +0300",
            "29 Feb 1900 15:01:31 +0300",
            "0 May 2006 15:01:31 +0300",
            "15 May 06 15:01:31 +0300",
            "15 May 2006 24:01:31 +0300",
            "15 May 2006 15:60:31 +0300",
            "15 May 2006 15:01:61 +0300",
            "15 May 2006 15:01:31",
            "15 May 2006 15:01:31 +300",
            "15 May 2006 15:01:31 +0360",
            "15 May 2006 15:01:31 XYZ",
            "15 May 2006 15:01:31 +0300 x",
        ] {
            assert!(DateTime::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_file_has_up_to_three_dates() {
        let date = "\"Mon, 15 May 2006 15:01:31 +0300\"";
        let text = format!("creation:{date} modification:{date} read:{date}");
        let dates = FileDate::parse(&text).unwrap();
        assert_eq!(dates.to_text(), text);
        assert!(dates.creation == dates.read && dates.read == dates.modification);
        let one = FileDate::parse(text.split(" modification").next().unwrap()).unwrap();
        assert_eq!((one.modification, one.read), (None, None));
        for text in [
            "".to_owned(),
            format!("made:{date}"),
            format!("read:{date} read:{date}"),
            "read:x".to_owned(),
            "read:\"1".to_owned(),
        ] {
            assert!(FileDate::parse(&text).is_err(), "{text}");
        }
    }
}
