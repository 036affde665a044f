//! `t=`, `r=` and `z=`.

use bytes::{BufMut, BytesMut};
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use crate::encode::{put, put_display};
use crate::grammar::{long, more, space, words};
use crate::value::Value;

/// `t=`: when a session starts and ends, in seconds since 1900; zero twice for a call (RFC 8866 section 5.9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Time {
    /// Zero: it has started.
    pub start: u64,
    /// Zero: it does not end.
    pub stop: u64,
}

impl<'a> Value<'a> for Time {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = long(cursor)?;
        space(cursor)?;
        Ok(Self { start, stop: long(cursor)? })
    }

    fn encode(&self, out: &mut BytesMut) {
        put_display(format_args!("{} {}", self.start, self.stop), out);
    }
}

/// `typed-time`: a span with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TypedTime {
    /// How many.
    pub number: u64,
    /// Of what; nothing means seconds.
    pub unit: Option<TimeUnit>,
}

/// The unit of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum TimeUnit {
    /// `d`.
    Days,
    /// `h`.
    Hours,
    /// `m`.
    Minutes,
    /// `s`.
    Seconds,
}

impl TypedTime {
    /// The span in seconds.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.number.saturating_mul(match self.unit {
            Some(TimeUnit::Days) => 86_400,
            Some(TimeUnit::Hours) => 3_600,
            Some(TimeUnit::Minutes) => 60,
            Some(TimeUnit::Seconds) | None => 1,
        })
    }

    fn read(cursor: &mut Cursor<'_>) -> Result<Self, Fault> {
        let number = long(cursor)?;
        let unit = match cursor.peek() {
            Some(b'd') => Some(TimeUnit::Days),
            Some(b'h') => Some(TimeUnit::Hours),
            Some(b'm') => Some(TimeUnit::Minutes),
            Some(b's') => Some(TimeUnit::Seconds),
            _ => None,
        };
        if unit.is_some() {
            cursor.bump();
        }
        Ok(Self { number, unit })
    }

    fn encode(self, out: &mut BytesMut) {
        put_display(self.number, out);
        let unit = match self.unit {
            Some(TimeUnit::Days) => "d",
            Some(TimeUnit::Hours) => "h",
            Some(TimeUnit::Minutes) => "m",
            Some(TimeUnit::Seconds) => "s",
            None => "",
        };
        put(unit, out);
    }
}

/// `r=`: how a session repeats (RFC 8866 section 5.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Repeat<'a> {
    /// From one start to the next.
    pub interval: TypedTime,
    /// How long each lasts.
    pub duration: TypedTime,
    offsets: &'a str,
}

impl<'a> Repeat<'a> {
    /// The times after the start at which the session begins again.
    pub fn offsets(&self) -> impl Iterator<Item = TypedTime> + use<'a> {
        words(self.offsets).filter_map(|word| TypedTime::read(&mut Cursor::new(word)).ok())
    }
}

impl<'a> Value<'a> for Repeat<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let interval = TypedTime::read(cursor)?;
        space(cursor)?;
        let duration = TypedTime::read(cursor)?;
        space(cursor)?;
        let start = cursor.at();
        TypedTime::read(cursor)?;
        while more(cursor) {
            TypedTime::read(cursor)?;
        }
        Ok(Self { interval, duration, offsets: cursor.since(start) })
    }

    fn encode(&self, out: &mut BytesMut) {
        self.interval.encode(out);
        out.put_u8(b' ');
        self.duration.encode(out);
        out.put_u8(b' ');
        put(self.offsets, out);
    }
}

/// `z=`: when clocks are set, and by how much (RFC 8866 section 5.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct ZoneAdjustments<'a> {
    text: &'a str,
}

/// One setting of the clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ZoneAdjustment {
    /// When, in seconds since 1900.
    pub time: u64,
    /// Whether the offset is to be taken off.
    pub negative: bool,
    /// The offset from then on.
    pub offset: TypedTime,
}

impl ZoneAdjustment {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, Fault> {
        let time = long(cursor)?;
        space(cursor)?;
        let negative = cursor.eat(b'-');
        Ok(Self { time, negative, offset: TypedTime::read(cursor)? })
    }
}

impl<'a> ZoneAdjustments<'a> {
    /// Each setting in order.
    pub fn iter(&self) -> impl Iterator<Item = ZoneAdjustment> + use<'a> {
        let mut cursor = Cursor::new(self.text);
        std::iter::from_fn(move || {
            let adjustment = ZoneAdjustment::read(&mut cursor).ok()?;
            more(&mut cursor);
            Some(adjustment)
        })
    }
}

impl<'a> Value<'a> for ZoneAdjustments<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        ZoneAdjustment::read(cursor)?;
        while more(cursor) {
            ZoneAdjustment::read(cursor)?;
        }
        if cursor.is_end() {
            Ok(Self { text: cursor.since(start) })
        } else {
            Err(cursor.fault(FaultKind::Unexpected))
        }
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.text, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_repeats_are_read_in_parts() {
        assert_eq!(Time::parse("3034423619 0"), Ok(Time { start: 3_034_423_619, stop: 0 }));
        assert_eq!(Time::default().to_text(), "0 0");
        let repeat = Repeat::parse("7d 1h 0 25h").unwrap();
        assert_eq!((repeat.interval.seconds(), repeat.duration.seconds()), (604_800, 3600));
        assert_eq!(repeat.offsets().map(TypedTime::seconds).collect::<Vec<_>>(), [0, 90_000]);
        assert_eq!(repeat.to_text(), "7d 1h 0 25h");
        let zones = ZoneAdjustments::parse("2882844526 -1h 2898848070 0").unwrap();
        let list: Vec<_> =
            zones.iter().map(|one| (one.time, one.negative, one.offset.seconds())).collect();
        assert_eq!(list, [(2_882_844_526, true, 3600), (2_898_848_070, false, 0)]);
        assert_eq!(zones.to_text(), "2882844526 -1h 2898848070 0");
    }

    #[test]
    fn times_that_are_none_are_refused() {
        for text in ["", "0", "0 ", "x 0", "0 x", "0 0 0", "-1 0"] {
            assert!(Time::parse(text).is_err(), "{text}");
        }
        for text in ["7d", "7d 1h", "7w 1h 0", "7d 1h 0 x"] {
            assert!(Repeat::parse(text).is_err(), "{text}");
        }
        for text in ["", "1", "1 h", "1 1h 2", "1 1hh", "1 --1h"] {
            assert!(ZoneAdjustments::parse(text).is_err(), "{text}");
        }
    }
}
