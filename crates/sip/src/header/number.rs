//! Fields that hold a number.

use bytes::BytesMut;
use missiva_core::scan::Cursor;
use missiva_core::{Fault, FaultKind};

use super::Value;
use crate::encode::{put, put_number};
use crate::params::Params;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident($inner:ty) <= $max:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
        pub struct $name(pub $inner);

        impl<'a> Value<'a> for $name {
            #[inline]
            fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
                let start = cursor.at();
                let value = cursor.number($max)?;
                <$inner>::try_from(value).map(Self).map_err(|_| Fault::new(FaultKind::Number, start))
            }

            fn encode(&self, out: &mut BytesMut) {
                put_number(u64::from(self.0), out);
            }
        }
    };
}

number! {
    /// Bytes in the body.
    ContentLength(u32) <= u64::from(u32::MAX)
}
number! {
    /// How many hops a request may still take: 0 to 255 (RFC 3261 section 20.22).
    MaxForwards(u8) <= u64::from(u8::MAX)
}
number! {
    /// How many branches a request may still grow at once (RFC 5393).
    MaxBreadth(u32) <= u64::from(u32::MAX)
}
number! {
    /// `delta-seconds`, up to 2^32 - 1.
    Seconds(u32) <= u64::from(u32::MAX)
}

/// The place of a reliable provisional response: 1 to 2^32 - 1 (RFC 3262 section 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct SequenceNumber(pub u32);

impl<'a> Value<'a> for SequenceNumber {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        match Seconds::read(cursor)?.0 {
            0 => Err(Fault::new(FaultKind::Number, start)),
            number => Ok(Self(number)),
        }
    }

    fn encode(&self, out: &mut BytesMut) {
        put_number(self.0.into(), out);
    }
}

/// `delta-seconds` with parameters: `Session-Expires` and `Min-SE` (RFC 4028).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SecondsParams<'a> {
    /// The span.
    pub seconds: u32,
    /// `refresher` and any other.
    pub params: Params<'a>,
}

/// Who keeps a session alive (RFC 4028 section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Refresher {
    /// The one who sent the request.
    Uac,
    /// The one who answers it.
    Uas,
}

impl SecondsParams<'_> {
    /// Who refreshes, when that is said.
    ///
    /// ```
    /// use missiva_sip::header::{Refresher, SecondsParams, Value};
    ///
    /// let expires = SecondsParams::parse("1800;refresher=UAS")?;
    /// assert_eq!((expires.seconds, expires.refresher()), (1800, Some(Refresher::Uas)));
    /// # Ok::<(), missiva_core::Fault>(())
    /// ```
    #[must_use]
    pub fn refresher(&self) -> Option<Refresher> {
        Refresher::of(self.params.value("refresher"))
    }
}

impl Refresher {
    fn of(value: Option<&str>) -> Option<Self> {
        match value? {
            word if word.eq_ignore_ascii_case("uac") => Some(Self::Uac),
            word if word.eq_ignore_ascii_case("uas") => Some(Self::Uas),
            _ => None,
        }
    }
}

impl<'a> Value<'a> for SecondsParams<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let seconds = Seconds::read(cursor)?.0;
        let at = cursor.at();
        let value = Self { seconds, params: Params::read(cursor)? };
        // RFC 4028 section 4: the refresher is one of two. Nearly all write no parameter but this one.
        if let "" | ";refresher=uac" | ";refresher=uas" = value.params.as_str() {
            return Ok(value);
        }
        match value.params.get("refresher") {
            Some(param) if Refresher::of(param.value).is_none() => {
                Err(Fault::new(FaultKind::Value, at))
            }
            _ => Ok(value),
        }
    }

    fn encode(&self, out: &mut BytesMut) {
        put_number(self.seconds.into(), out);
        put(self.params.as_str(), out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.params.repeated()
    }
}
