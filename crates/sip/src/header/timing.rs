//! `Timestamp` and `Retry-After` (RFC 3261 sections 20.38 and 20.33).

use std::time::Duration;

use bytes::{BufMut, BytesMut};
use missiva_core::Fault;
use missiva_core::scan::{ByteSet, Cursor};

use super::Value;
use super::check::optional_number;
use super::number::Seconds;
use super::product::MAX_COMMENT_DEPTH;
use crate::encode::{put, put_number};
use crate::grammar::{self, lws};
use crate::params::Params;
use crate::quoted::unfold;

/// When a request was sent, by the sender's own clock, and how long its answer was held back.
///
/// ```
/// use std::time::Duration;
/// use missiva_sip::header::{Timestamp, Value};
///
/// let stamp = Timestamp::parse("54.3 .25")?;
/// assert_eq!(stamp.sent.duration(), Some(Duration::from_millis(54_300)));
/// assert_eq!(stamp.delay.and_then(|delay| delay.duration()), Some(Duration::from_millis(250)));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Timestamp<'a> {
    /// The sender's clock.
    pub sent: SecondsText<'a>,
    /// Seconds between the arrival of the request and the answer.
    pub delay: Option<SecondsText<'a>>,
}

/// Seconds with a fraction, digit by digit as they came, so that the sender finds again what it wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct SecondsText<'a>(&'a str);

const DIGITS: ByteSet = ByteSet::digits();

impl<'a> SecondsText<'a> {
    /// `*(DIGIT) [ "." *(DIGIT) ]`.
    fn read(cursor: &mut Cursor<'a>) -> Self {
        let start = cursor.at();
        cursor.skip(&DIGITS);
        if cursor.eat(b'.') {
            cursor.skip(&DIGITS);
        }
        Self(cursor.since(start))
    }

    /// The text.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.0
    }

    /// The time, to the nanosecond; `None` when there are 2^64 seconds or more.
    #[must_use]
    pub fn duration(&self) -> Option<Duration> {
        let (whole, fraction) = self.0.split_once('.').unwrap_or((self.0, ""));
        let seconds = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let nanos =
            fraction.bytes().chain(std::iter::repeat(b'0')).take(9).fold(0u32, |sum, digit| {
                sum.saturating_mul(10).saturating_add(u32::from(digit.wrapping_sub(b'0')))
            });
        Some(Duration::new(seconds, nanos))
    }
}

impl<'a> Value<'a> for Timestamp<'a> {
    /// `1*(DIGIT) [ "." *(DIGIT) ] [ LWS delay ]`.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        if !cursor.peek().is_some_and(|byte| DIGITS.has(byte)) {
            return Err(cursor.unexpected());
        }
        let sent = SecondsText::read(cursor);
        let delay =
            lws(cursor).then(|| SecondsText::read(cursor)).filter(|delay| !delay.0.is_empty());
        Ok(Self { sent, delay })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.sent.0, out);
        if let Some(delay) = self.delay {
            out.put_u8(b' ');
            put(delay.0, out);
        }
    }
}

/// When to try again, perhaps with the reason and with how long the chance lasts.
///
/// ```
/// use std::time::Duration;
/// use missiva_sip::header::{RetryAfter, Value};
///
/// let retry = RetryAfter::parse("120 (I'm in a meeting);duration=3600")?;
/// assert_eq!((retry.seconds, retry.comment), (120, Some("(I'm in a meeting)")));
/// assert_eq!(retry.duration(), Some(Duration::from_secs(3600)));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RetryAfter<'a> {
    /// How long to wait.
    pub seconds: u32,
    /// The reason, parentheses included.
    pub comment: Option<&'a str>,
    /// `duration` and any other.
    pub params: Params<'a>,
}

impl RetryAfter<'_> {
    /// How long to wait.
    #[must_use]
    pub const fn wait(&self) -> Duration {
        Duration::from_secs(self.seconds as u64)
    }

    /// How long the called party will be there, once it is.
    #[must_use]
    pub fn duration(&self) -> Option<Duration> {
        let seconds = self.params.number("duration").ok()??;
        Some(Duration::from_secs(seconds.into()))
    }
}

impl<'a> Value<'a> for RetryAfter<'a> {
    /// `delta-seconds [ comment ] *( SEMI retry-param )`.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let seconds = Seconds::read(cursor)?.0;
        let mut ahead = *cursor;
        lws(&mut ahead);
        let comment = if ahead.peek() == Some(b'(') {
            *cursor = ahead;
            Some(grammar::comment(cursor, MAX_COMMENT_DEPTH)?)
        } else {
            None
        };
        let params = Params::read(cursor)?;
        optional_number(cursor, &params, "duration")?;
        Ok(Self { seconds, comment, params })
    }

    fn encode(&self, out: &mut BytesMut) {
        put_number(self.seconds.into(), out);
        if let Some(comment) = self.comment {
            out.put_u8(b' ');
            put(&unfold(comment), out);
        }
        put(self.params.as_str(), out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.params.repeated()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use missiva_core::FaultKind;

    #[test]
    fn timestamps_are_kept_digit_by_digit() {
        let table = [
            ("54", Ok(("54", None))),
            ("54.", Ok(("54.", None))),
            ("54.30 1.5", Ok(("54.30", Some("1.5")))),
            ("1 ", Ok(("1", None))),
            ("", Err((FaultKind::End, 0))),
            (".5", Err((FaultKind::Unexpected, 0))),
            ("1 2 3", Err((FaultKind::Unexpected, 4))),
            ("-1", Err((FaultKind::Unexpected, 0))),
        ];
        for (text, expected) in table {
            let got = Timestamp::parse(text);
            assert_eq!(
                got.map(|stamp| (stamp.sent.0, stamp.delay.map(|delay| delay.0)))
                    .map_err(|fault| (fault.kind, fault.at)),
                expected,
                "{text}"
            );
            if let Ok(stamp) = got {
                assert_eq!(Timestamp::parse(&stamp.to_text()), Ok(stamp));
            }
        }
        let huge = Timestamp::parse("99999999999999999999.1").unwrap();
        assert_eq!(huge.sent.duration(), None);
        let fine = Timestamp::parse("0.1234567891").unwrap();
        assert_eq!(fine.sent.duration(), Some(Duration::from_nanos(123_456_789)));
    }

    #[test]
    fn retry_after_has_a_comment_and_parameters() {
        let table = [
            ("18000;duration=3600", Ok((18000, None, Some(3600)))),
            ("120 (a (b))", Ok((120, Some("(a (b))"), None))),
            ("120(a);x=y", Ok((120, Some("(a)"), None))),
            ("120;duration=x", Err((FaultKind::Number, 13))),
            ("120;duration", Err((FaultKind::Number, 4))),
            ("4294967296", Err((FaultKind::Number, 0))),
            ("120 (a", Err((FaultKind::Quote, 4))),
            ("120 a", Err((FaultKind::Unexpected, 4))),
        ];
        for (text, expected) in table {
            let got = RetryAfter::parse(text);
            let duration = |retry: &RetryAfter<'_>| retry.duration().map(|time| time.as_secs());
            assert_eq!(
                got.map(|retry| (retry.seconds, retry.comment, duration(&retry)))
                    .map_err(|fault| (fault.kind, fault.at)),
                expected,
                "{text}"
            );
            if let Ok(retry) = got {
                assert_eq!(RetryAfter::parse(&retry.to_text()), Ok(retry));
            }
        }
    }
}
