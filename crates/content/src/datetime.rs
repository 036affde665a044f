//! Date and time as CPIM, IMDN and the XML documents write it (RFC 3339).

use std::fmt;

use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind, Instant, WallClock};

/// A moment with the offset from UTC that its writer had, from the year 0 to the year 9999.
///
/// It is written in the form of RFC 3339 with as few digits of a fraction as it needs. Who has to repeat a date byte
/// by byte repeats its text.
///
/// ```
/// use missiva_content::DateTime;
///
/// let sent = DateTime::parse("2008-04-04T12:16:49-05:00")?;
/// assert_eq!((sent.unix_seconds(), sent.offset()), (1_207_329_409, Some(-300)));
/// assert_eq!(sent.to_string(), "2008-04-04T12:16:49-05:00");
///
/// // What deployed clients write: no colon in the offset, more digits than anybody needs.
/// let odd = DateTime::parse("2015-02-17T08:54:27.1230000+0200")?;
/// assert_eq!(odd.to_string(), "2015-02-17T08:54:27.123+02:00");
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DateTime {
    /// Seconds since the start of 1970 in UTC.
    unix: i64,
    nanos: u32,
    offset: Offset,
}

/// What stands behind the time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Offset {
    /// `Z`.
    Utc,
    /// A signed number of minutes, less than a day.
    Minutes(i16),
    /// `-00:00`: the time is known in UTC, where it was written is not (RFC 3339 section 4.3).
    Unknown,
    /// Nothing: taken for UTC.
    Missing,
}

/// The last second that can be told: the end of the year 9999.
const MAX_UNIX: i64 = 253_402_300_799;
/// The first second that can be told: the start of the year 0.
const MIN_UNIX: i64 = -62_167_219_200;
const DAY: i64 = 86_400;
/// Days in 400 years, after which the calendar repeats.
const ERA: i64 = 146_097;
/// Days from 1 March of the year 0, where eras begin, to the start of 1970.
const EPOCH: i64 = 719_468;

impl DateTime {
    /// The moment `seconds` and `nanos` after the start of 1970, in UTC; `None` outside the years 0 to 9999 or with
    /// a second of nanoseconds or more.
    #[must_use]
    pub fn from_unix(seconds: i64, nanos: u32) -> Option<Self> {
        let is_known = (MIN_UNIX..=MAX_UNIX).contains(&seconds) && nanos < 1_000_000_000;
        is_known.then_some(Self { unix: seconds, nanos, offset: Offset::Utc })
    }

    /// The date at `now`; the end of the year 9999 for any clock that is ahead of it.
    #[must_use]
    pub fn at(clock: &WallClock, now: Instant) -> Self {
        let unix = clock.unix(now);
        let seconds = i64::try_from(unix.as_secs()).unwrap_or(MAX_UNIX).min(MAX_UNIX);
        Self { unix: seconds, nanos: unix.subsec_nanos(), offset: Offset::Utc }
    }

    /// Reads a date in any shape that is deployed: that of RFC 3339, an offset without colon or of hours alone, no
    /// offset, small letters, a space for the `T`, any number of digits of a fraction, of which nine are kept, and
    /// the end of a day as `24:00:00` (XML Schema part 2, section 3.2.7.3). A leap second is the first second of the
    /// next minute.
    ///
    /// # Errors
    ///
    /// The first byte that is no date, or the number that has no place in the calendar.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Self::read(&mut Cursor::new(text))
    }

    /// Reads a date that makes up the whole of what the cursor is over.
    #[inline]
    pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<Self, Fault> {
        read(cursor, false)
    }

    /// Reads a date that is written as RFC 3339 section 5.6 has it.
    ///
    /// # Errors
    ///
    /// The first byte that is no date, or the number that has no place in the calendar.
    pub fn parse_strict(text: &str) -> Result<Self, Fault> {
        read(&mut Cursor::new(text), true)
    }

    /// Whole seconds since the start of 1970 in UTC; negative before.
    #[must_use]
    pub const fn unix_seconds(&self) -> i64 {
        self.unix
    }

    /// Nanoseconds since that second.
    #[must_use]
    pub const fn nanos(&self) -> u32 {
        self.nanos
    }

    /// Minutes that the writer's clock is ahead of UTC; `None` where the text does not tell.
    #[must_use]
    pub const fn offset(&self) -> Option<i16> {
        match self.offset {
            Offset::Utc => Some(0),
            Offset::Minutes(minutes) => Some(minutes),
            Offset::Unknown | Offset::Missing => None,
        }
    }

    /// The same moment on a clock that is `minutes` ahead of UTC; `None` for a day or more.
    #[must_use]
    pub fn with_offset(self, minutes: i16) -> Option<Self> {
        let local = self.unix.saturating_add(i64::from(minutes) * 60);
        let is_known = minutes.unsigned_abs() < 24 * 60 && (MIN_UNIX..=MAX_UNIX).contains(&local);
        is_known.then_some(Self { offset: Offset::Minutes(minutes), ..self })
    }
}

#[inline]
fn read(cursor: &mut Cursor<'_>, strict: bool) -> Result<DateTime, Fault> {
    let start = cursor.at();
    let year = digits::<4>(cursor, 0, 9999)?;
    cursor.expect(b'-')?;
    let month = digits::<2>(cursor, 1, 12)?;
    cursor.expect(b'-')?;
    let day_at = cursor.at();
    let day = digits::<2>(cursor, 1, 31)?;
    if day > days_in(year, month) {
        return Err(Fault::new(FaultKind::Number, day_at));
    }
    // RFC 3339 takes small letters and, in a note, the space too.
    if !(cursor.eat(b'T') || cursor.eat(b't') || !strict && cursor.eat(b' ')) {
        return Err(cursor.unexpected());
    }
    let hour_at = cursor.at();
    let hour = digits::<2>(cursor, 0, if strict { 23 } else { 24 })?;
    cursor.expect(b':')?;
    let minute = digits::<2>(cursor, 0, 59)?;
    cursor.expect(b':')?;
    let second = digits::<2>(cursor, 0, 60)?;
    let nanos = if cursor.eat(b'.') { fraction(cursor)? } else { 0 };
    if hour == 24 && (minute, second, nanos) != (0, 0, 0) {
        return Err(Fault::new(FaultKind::Number, hour_at));
    }
    let offset = offset(cursor, strict)?;
    cursor.finish()?;

    let shift = match offset {
        Offset::Minutes(minutes) => i64::from(minutes) * 60,
        _ => 0,
    };
    let time = hour * 3600 + minute * 60 + second;
    let unix = days_from_civil(year, month, day) * DAY + time - shift;
    if (MIN_UNIX..=MAX_UNIX).contains(&unix) && (MIN_UNIX..=MAX_UNIX).contains(&(unix + shift)) {
        Ok(DateTime { unix, nanos, offset })
    } else {
        Err(Fault::new(FaultKind::Number, start))
    }
}

/// A number of `count` digits that is at least `min` and at most `max`.
#[inline(always)]
fn digits<const N: usize>(cursor: &mut Cursor<'_>, min: i64, max: i64) -> Result<i64, Fault> {
    let start = cursor.at();
    let number = cursor.ahead::<N>().and_then(|text| {
        let mut number = 0i64;
        for byte in text {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                return None;
            }
            number = number * 10 + i64::from(digit);
        }
        Some(number)
    });
    let Some(number) = number else { return Err(no_digits(*cursor)) };
    cursor.jump(start + N);
    if (min..=max).contains(&number) {
        Ok(number)
    } else {
        Err(Fault::new(FaultKind::Number, start))
    }
}

/// The fault of the first byte that is no digit.
#[cold]
fn no_digits(mut cursor: Cursor<'_>) -> Fault {
    while cursor.peek().is_some_and(|byte| byte.is_ascii_digit()) && !cursor.is_end() {
        cursor.bump();
    }
    cursor.unexpected()
}

/// Digits behind the point, of which those behind the ninth are read and dropped.
fn fraction(cursor: &mut Cursor<'_>) -> Result<u32, Fault> {
    let (mut nanos, mut unit) = (0u32, 100_000_000u32);
    let start = cursor.at();
    while let Some(digit) = cursor.peek().map(|byte| byte.wrapping_sub(b'0')).filter(|d| *d < 10) {
        nanos += u32::from(digit) * unit;
        unit /= 10;
        cursor.bump();
    }
    if cursor.at() == start { Err(cursor.unexpected()) } else { Ok(nanos) }
}

fn offset(cursor: &mut Cursor<'_>, strict: bool) -> Result<Offset, Fault> {
    if cursor.eat(b'Z') || cursor.eat(b'z') {
        return Ok(Offset::Utc);
    }
    if cursor.is_end() && !strict {
        return Ok(Offset::Missing);
    }
    let minus = cursor.eat(b'-');
    if !minus {
        cursor.expect(b'+')?;
    }
    let hours = digits::<2>(cursor, 0, 23)?;
    let colon = cursor.eat(b':');
    if strict && !colon {
        return Err(cursor.unexpected());
    }
    let minutes = if colon || !cursor.is_end() { digits::<2>(cursor, 0, 59)? } else { 0 };
    let total = i16::try_from(hours * 60 + minutes).unwrap_or_default();
    Ok(match (minus, total) {
        (true, 0) => Offset::Unknown,
        (true, total) => Offset::Minutes(-total),
        (false, total) => Offset::Minutes(total),
    })
}

const fn days_in(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
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

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shift = self.offset().unwrap_or(0);
        let local = self.unix + i64::from(shift) * 60;
        let (year, month, day) = civil_from_days(local.div_euclid(DAY));
        let time = local.rem_euclid(DAY);
        let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if self.nanos > 0 {
            let (mut digits, mut width) = (self.nanos, 9);
            while digits % 10 == 0 {
                (digits, width) = (digits / 10, width - 1);
            }
            write!(f, ".{digits:0width$}")?;
        }
        match self.offset {
            // RFC 3339 has no date without an offset; this is its way to say that none is known.
            Offset::Unknown | Offset::Missing => f.write_str("-00:00"),
            Offset::Utc => f.write_str("Z"),
            Offset::Minutes(minutes) => {
                let (sign, minutes) = (if minutes < 0 { '-' } else { '+' }, minutes.unsigned_abs());
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for DateTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Duration;

    #[test]
    fn every_shape_that_is_deployed_is_read() {
        let table = [
            ("1970-01-01T00:00:00Z", 0, 0, "1970-01-01T00:00:00Z"),
            ("2015-02-17T06:54:27Z", 1_424_156_067, 0, "2015-02-17T06:54:27Z"),
            ("2015-02-17t06:54:27z", 1_424_156_067, 0, "2015-02-17T06:54:27Z"),
            ("2015-02-17 06:54:27Z", 1_424_156_067, 0, "2015-02-17T06:54:27Z"),
            ("2015-02-17T08:54:27+0200", 1_424_156_067, 0, "2015-02-17T08:54:27+02:00"),
            ("2015-02-17T08:54:27+02", 1_424_156_067, 0, "2015-02-17T08:54:27+02:00"),
            ("2015-02-17T01:54:27-05:00", 1_424_156_067, 0, "2015-02-17T01:54:27-05:00"),
            ("2015-02-17T12:24:27+05:30", 1_424_156_067, 0, "2015-02-17T12:24:27+05:30"),
            ("2015-02-17T06:54:27+00:00", 1_424_156_067, 0, "2015-02-17T06:54:27+00:00"),
            ("2015-02-17T06:54:27-00:00", 1_424_156_067, 0, "2015-02-17T06:54:27-00:00"),
            ("2015-02-17T06:54:27", 1_424_156_067, 0, "2015-02-17T06:54:27-00:00"),
            ("2015-02-17T06:54:27.5Z", 1_424_156_067, 500_000_000, "2015-02-17T06:54:27.5Z"),
            ("2015-02-17T06:54:27.0070000Z", 1_424_156_067, 7_000_000, "2015-02-17T06:54:27.007Z"),
            ("2015-02-17T06:54:27.0000000001Z", 1_424_156_067, 0, "2015-02-17T06:54:27Z"),
            ("2016-12-31T23:59:60Z", 1_483_228_800, 0, "2017-01-01T00:00:00Z"),
            ("2016-12-31T24:00:00Z", 1_483_228_800, 0, "2017-01-01T00:00:00Z"),
            ("2000-02-29T12:00:00Z", 951_825_600, 0, "2000-02-29T12:00:00Z"),
            ("0000-01-01T00:00:00Z", MIN_UNIX, 0, "0000-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59Z", MAX_UNIX, 0, "9999-12-31T23:59:59Z"),
        ];
        for (text, unix, nanos, written) in table {
            let date = DateTime::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!((date.unix_seconds(), date.nanos()), (unix, nanos), "{text}");
            assert_eq!(date.to_string(), written, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused_where_it_goes_wrong() {
        let table = [
            ("", FaultKind::End, 0),
            ("Tue, 17 Feb 2015 06:54:27 GMT", FaultKind::Unexpected, 0),
            ("2015-13-17T06:54:27Z", FaultKind::Number, 5),
            ("2015-02-29T06:54:27Z", FaultKind::Number, 8),
            ("2100-02-29T06:54:27Z", FaultKind::Number, 8),
            ("2015-04-31T06:54:27Z", FaultKind::Number, 8),
            ("2015-04-00T06:54:27Z", FaultKind::Number, 8),
            ("2015-02-17", FaultKind::End, 10),
            ("2015-02-17T25:54:27Z", FaultKind::Number, 11),
            ("2015-02-17T24:00:01Z", FaultKind::Number, 11),
            ("2015-02-17T06:60:27Z", FaultKind::Number, 14),
            ("2015-02-17T06:54:61Z", FaultKind::Number, 17),
            ("2015-02-17T06:54Z", FaultKind::Unexpected, 16),
            ("2015-02-17T06:54:27.Z", FaultKind::Unexpected, 20),
            ("2015-02-17T06:54:27+24:00", FaultKind::Number, 20),
            ("2015-02-17T06:54:27+02:", FaultKind::End, 23),
            ("2015-02-17T06:54:27Z ", FaultKind::Unexpected, 20),
            ("15-02-17T06:54:27Z", FaultKind::Unexpected, 2),
            ("0000-01-01T00:00:00+01:00", FaultKind::Number, 0),
            ("9999-12-31T23:59:60Z", FaultKind::Number, 0),
        ];
        for (text, kind, at) in table {
            let fault = DateTime::parse(text).expect_err(text);
            assert_eq!((fault.kind, fault.at), (kind, at), "{text}");
        }
    }

    #[test]
    fn a_strict_reading_takes_the_form_of_the_standard_alone() {
        for text in ["2015-02-17T06:54:27Z", "2015-02-17t06:54:27.1234567-00:00"] {
            assert_eq!(DateTime::parse_strict(text), DateTime::parse(text), "{text}");
        }
        for (text, at) in [
            ("2015-02-17T08:54:27+0200", 22),
            ("2015-02-17T08:54:27+02", 22),
            ("2015-02-17T06:54:27", 19),
            ("2015-02-17 06:54:27Z", 10),
            ("2015-02-17T24:00:00Z", 11),
        ] {
            assert_eq!(DateTime::parse_strict(text).map_err(|fault| fault.at), Err(at), "{text}");
        }
    }

    #[test]
    fn wall_clocks_give_dates_until_the_calendar_ends() {
        let clock = WallClock::new(Instant::ORIGIN, Duration::from_millis(1_424_156_067_250));
        assert_eq!(DateTime::at(&clock, Instant::ORIGIN).to_string(), "2015-02-17T06:54:27.25Z");
        let clock = WallClock::new(Instant::ORIGIN, Duration::MAX);
        assert_eq!(DateTime::at(&clock, Instant::FAR_FUTURE).unix_seconds(), MAX_UNIX);
        assert_eq!(DateTime::from_unix(MAX_UNIX + 1, 0), None);
        assert_eq!(DateTime::from_unix(MIN_UNIX - 1, 0), None);
        assert_eq!(DateTime::from_unix(0, 1_000_000_000), None);
        let date = DateTime::from_unix(0, 0).unwrap();
        assert_eq!(date.with_offset(1440), None);
        assert_eq!(date.with_offset(i16::MIN), None);
        assert_eq!(date.with_offset(-90).unwrap().to_string(), "1969-12-31T22:30:00-01:30");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(unix in MIN_UNIX..=MAX_UNIX, nanos in 0..1_000_000_000u32, minutes in -1439..1440i16) {
            let date = DateTime::from_unix(unix, nanos).unwrap();
            prop_assert_eq!(DateTime::parse_strict(&date.to_string()), Ok(date));
            if let Some(date) = date.with_offset(minutes) {
                let read = DateTime::parse_strict(&date.to_string()).unwrap();
                prop_assert_eq!((read.unix_seconds(), read.nanos(), read.offset()), (unix, nanos, Some(minutes)));
            }
        }
    }
}
