//! `a=rtpmap` and `a=fmtp`.

use bytes::{BufMut, BytesMut};
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use crate::encode::{put, put_display};
use crate::grammar::{int, some_rest, space, token, word};
use crate::value::Value;

/// `a=rtpmap`: what a payload type means (RFC 8866 section 6.6).
///
/// ```
/// use missiva_sdp::{Value, attribute::Rtpmap};
///
/// let map = Rtpmap::parse("97 AMR-WB/16000/1")?;
/// assert_eq!((map.payload, map.encoding, map.clock_rate, map.channels()), (97, "AMR-WB", 16000, 1));
/// assert!(map.same_codec(&Rtpmap { payload: 99, encoding: "amr-wb", clock_rate: 16000, params: None }));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Rtpmap<'a> {
    /// The payload type, 0 to 127.
    pub payload: u8,
    /// The name of the encoding.
    pub encoding: &'a str,
    /// Ticks a second.
    pub clock_rate: u32,
    /// For audio, the channels.
    pub params: Option<&'a str>,
}

impl Rtpmap<'_> {
    /// The channels of an audio encoding: one unless it says more.
    #[must_use]
    pub fn channels(&self) -> u32 {
        self.params.and_then(|params| params.parse().ok()).unwrap_or(1)
    }

    /// Whether both mean the same encoding, whatever its number (RFC 3264 section 6.1, RFC 4855 section 3: names do
    /// not know case).
    #[must_use]
    pub fn same_codec(&self, other: &Rtpmap<'_>) -> bool {
        self.encoding.eq_ignore_ascii_case(other.encoding)
            && self.clock_rate == other.clock_rate
            && self.channels() == other.channels()
    }
}

impl<'a> Value<'a> for Rtpmap<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        let payload =
            u8::try_from(cursor.number(127)?).map_err(|_| Fault::new(FaultKind::Number, start))?;
        space(cursor)?;
        let encoding = token(cursor)?;
        cursor.expect(b'/')?;
        let clock_rate = int(cursor)?;
        let params = if cursor.eat(b'/') { Some(token(cursor)?) } else { None };
        Ok(Self { payload, encoding, clock_rate, params })
    }

    fn encode(&self, out: &mut BytesMut) {
        put_display(format_args!("{} {}/{}", self.payload, self.encoding, self.clock_rate), out);
        if let Some(params) = self.params {
            out.put_u8(b'/');
            put(params, out);
        }
    }
}

/// `a=fmtp`: parameters of one format (RFC 8866 section 6.15).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Fmtp<'a> {
    /// The format as the `m=` line has it.
    pub format: &'a str,
    /// Whatever the format puts there.
    pub params: &'a str,
}

impl<'a> Fmtp<'a> {
    /// The parameters of formats that have `name=value` with semicolons between them, as nearly all do; the value is
    /// empty where there is none.
    ///
    /// ```
    /// use missiva_sdp::{Value, attribute::Fmtp};
    ///
    /// let fmtp = Fmtp::parse("97 mode-set=0,2; octet-align=1;crc")?;
    /// let params: Vec<_> = fmtp.iter().collect();
    /// assert_eq!(params, [("mode-set", "0,2"), ("octet-align", "1"), ("crc", "")]);
    /// # Ok::<(), missiva_core::Fault>(())
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> + Clone + use<'a> {
        let params = self.params.split(';').map(str::trim_ascii).filter(|param| !param.is_empty());
        params.map(|param| match param.split_once('=') {
            Some((name, value)) => (name.trim_ascii_end(), value.trim_ascii_start()),
            None => (param, ""),
        })
    }

    /// The value of the parameter `name`, whose case does not count.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&'a str> {
        self.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

impl<'a> Value<'a> for Fmtp<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let format = word(cursor)?;
        space(cursor)?;
        Ok(Self { format, params: some_rest(cursor)? })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.format, out);
        out.put_u8(b' ');
        put(self.params, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_read_in_parts() {
        let table = [
            ("0 PCMU/8000", (0, "PCMU", 8000, None), 1),
            ("127 opus/48000/2", (127, "opus", 48000, Some("2")), 2),
            ("98 L16/44100/x", (98, "L16", 44100, Some("x")), 1),
            ("101 telephone-event/8000", (101, "telephone-event", 8000, None), 1),
        ];
        for (text, (payload, encoding, clock_rate, params), channels) in table {
            let map = Rtpmap { payload, encoding, clock_rate, params };
            assert_eq!(Rtpmap::parse(text), Ok(map), "{text}");
            assert_eq!((map.to_text(), map.channels()), (text.to_owned(), channels));
        }
    }

    #[test]
    fn the_codec_is_the_same_whatever_its_number() {
        let pcmu = Rtpmap::parse("0 PCMU/8000").unwrap();
        for (text, same) in [
            ("96 pcmu/8000/1", true),
            ("0 PCMU/16000", false),
            ("0 PCMA/8000", false),
            ("0 PCMU/8000/2", false),
        ] {
            assert_eq!(pcmu.same_codec(&Rtpmap::parse(text).unwrap()), same, "{text}");
        }
    }

    #[test]
    fn maps_that_are_none_are_refused() {
        let table = [
            ("", FaultKind::Number, 0),
            ("128 PCMU/8000", FaultKind::Number, 0),
            ("x PCMU/8000", FaultKind::Number, 0),
            ("0", FaultKind::End, 1),
            ("0 PCMU", FaultKind::End, 6),
            ("0 PCMU/", FaultKind::Number, 7),
            ("0 PCMU/8000/", FaultKind::End, 12),
            ("0 PCMU/8000 x", FaultKind::Unexpected, 11),
        ];
        for (text, kind, at) in table {
            assert_eq!(Rtpmap::parse(text), Err(Fault::new(kind, at)), "{text}");
        }
        for text in ["", "97", "97 "] {
            assert!(Fmtp::parse(text).is_err(), "{text}");
        }
        assert_eq!(Fmtp::parse("97 a=1;B=2").unwrap().param("b"), Some("2"));
        assert_eq!(Fmtp::parse("101 0-15").unwrap().params, "0-15");
    }
}
