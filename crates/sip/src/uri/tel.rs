//! `tel:` URIs (RFC 3966).

use std::borrow::Cow;

use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use super::escape::{Unescaped, unescape};
use super::{Place, UriParams};

/// A `tel` URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(into = "Parts<'_>"))]
pub struct TelUri<'a> {
    /// The URI as it was written, scheme included.
    text: &'a str,
    number_end: u16,
}

/// A telephone number with its parameters: what follows `tel:`, and what a `sip` URI with `user=phone` has for a
/// user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TelNumber<'a> {
    number: &'a str,
    params: UriParams<'a>,
}

/// `visual-separator`.
const SEPARATORS: ByteSet = ByteSet::empty().with(b"-.()");
const GLOBAL: ByteSet = ByteSet::digits().with(b"-.()");
const LOCAL: ByteSet = ByteSet::hex_digits().with(b"*#-.()");

impl<'a> TelUri<'a> {
    /// Reads a URI whose scheme and colon stand next and were looked at.
    pub(crate) fn read(cursor: &mut Cursor<'a>, place: Place) -> Result<Self, Fault> {
        let start = cursor.at();
        cursor.jump(start + SCHEME.len());
        TelNumber::read(cursor, place).and_then(|number| {
            let number_end = SCHEME.len() + number.number.len();
            let number_end =
                u16::try_from(number_end).map_err(|_| Fault::new(FaultKind::Limit, start))?;
            Ok(Self { text: cursor.since(start), number_end })
        })
    }

    /// The URI as it was written.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// The number and its parameters.
    #[must_use]
    pub fn telephone(&self) -> TelNumber<'a> {
        let (number, params) =
            self.text.split_at_checked(self.number_end.into()).unwrap_or_default();
        TelNumber {
            number: number.get(SCHEME.len()..).unwrap_or_default(),
            params: UriParams::checked(params),
        }
    }
}

const SCHEME: &str = "tel:";

impl<'a> TelNumber<'a> {
    fn read(cursor: &mut Cursor<'a>, place: Place) -> Result<Self, Fault> {
        let start = cursor.at();
        let global = cursor.eat(b'+');
        let digits = cursor.take_some(if global { &GLOBAL } else { &LOCAL })?;
        if digits.bytes().all(|byte| SEPARATORS.has(byte)) {
            return Err(Fault::new(FaultKind::Number, start));
        }
        let number = cursor.since(start);
        let from = cursor.at();
        let params = match place {
            Place::Enclosed => UriParams::read(cursor)?,
            Place::Bare => UriParams::NONE,
        };
        let tel = Self { number, params };
        // A bare address cannot say a context, since its semicolon is the header's; so its number must be global.
        tel.check_params(|value| Some(value.into())).map_err(|kind| Fault::new(kind, from))?;
        Ok(tel)
    }

    /// Reads a `telephone-subscriber` that makes up the whole of `text`.
    ///
    /// # Errors
    ///
    /// The first byte that RFC 3966 does not allow, or a context that is missing or unwanted.
    pub fn parse(text: &'a str) -> Result<Self, Fault> {
        let mut cursor = Cursor::new(text);
        let tel = Self::read(&mut cursor, Place::Enclosed)?;
        cursor.finish()?;
        Ok(tel)
    }

    /// Reads the user of a `sip` URI, where any byte may be escaped and some must be (RFC 3261 section 19.1.6): `%2B`
    /// begins a global number as `+` does. An escaped semicolon divides nothing.
    pub(crate) fn of_user(user: &'a str) -> Result<Self, Fault> {
        if !user.contains('%') {
            return Self::parse(user);
        }
        let from = user.find(';').unwrap_or(user.len());
        let (number, params) = user.split_at_checked(from).unwrap_or_default();
        check_escaped_number(number)?;
        let params = UriParams::parse(params).map_err(|fault| fault.shifted(from))?;
        let tel = Self { number, params };
        tel.check_params(unescape).map_err(|kind| Fault::new(kind, from))?;
        Ok(tel)
    }

    /// Checks the parameters that have rules; `resolve` is for escapes in their values, which a `tel` URI has none of.
    fn check_params(&self, resolve: fn(&'a str) -> Option<Cow<'a, str>>) -> Result<(), FaultKind> {
        let resolved =
            |value: Option<&'a str>| resolve(value.ok_or(FaultKind::Empty)?).ok_or(FaultKind::Utf8);
        if !self.params.is_empty() {
            if let Some(extension) = self.params.get("ext") {
                let digits = resolved(extension.value)?;
                if !GLOBAL.spans(digits.as_bytes()) {
                    return Err(FaultKind::Number);
                }
            }
            if self.params.get("isub").is_some_and(|isub| isub.value.is_none()) {
                return Err(FaultKind::Empty);
            }
        }
        match self.params.get("phone-context").map(|context| context.value) {
            None if self.is_global() => Ok(()),
            // RFC 3966 section 5.1.5: a local number must say where it is valid.
            None => Err(FaultKind::Empty),
            Some(_) if self.is_global() => Err(FaultKind::Conflict),
            Some(context) => check_context(&resolved(context)?),
        }
    }

    /// The number as it was written: a leading `+` when it is global, visual separators included, and in the user of
    /// a `sip` URI also escapes; [`digits`](Self::digits) resolves them.
    #[must_use]
    pub const fn number(&self) -> &'a str {
        self.number
    }

    /// Whether the number is a global one, which needs no context.
    #[must_use]
    pub fn is_global(&self) -> bool {
        matches!(Unescaped::new(self.number).next(), Some(Some(b'+')))
    }

    /// `phone-context`, `ext`, `isub` and any other parameter, escapes included.
    #[must_use]
    pub const fn params(&self) -> UriParams<'a> {
        self.params
    }

    /// The digits alone, without visual separators and with escapes resolved, and the `+` before those of a global
    /// number.
    pub fn digits(&self) -> impl Iterator<Item = u8> + use<'a> {
        Unescaped::new(self.number).flatten().filter(|byte| !SEPARATORS.has(*byte))
    }

    /// The extension (`ext`), escapes included.
    #[must_use]
    pub fn extension(&self) -> Option<&'a str> {
        self.params.value("ext")
    }

    /// The ISDN subaddress (`isub`), escapes included.
    #[must_use]
    pub fn subaddress(&self) -> Option<&'a str> {
        self.params.value("isub")
    }

    /// Where a local number is valid: a domain name, or the leading digits of a global number;
    /// escapes included.
    #[must_use]
    pub fn phone_context(&self) -> Option<&'a str> {
        self.params.value("phone-context")
    }
}

/// What a dump shows of a `tel` URI.
#[cfg(feature = "serde")]
#[derive(serde::Serialize)]
struct Parts<'a> {
    scheme: &'static str,
    number: &'a str,
    global: bool,
    params: UriParams<'a>,
}

#[cfg(feature = "serde")]
impl<'a> From<TelUri<'a>> for Parts<'a> {
    fn from(uri: TelUri<'a>) -> Self {
        let tel = uri.telephone();
        Self { scheme: "tel", number: tel.number, global: tel.is_global(), params: tel.params }
    }
}

/// `global-number-digits / local-number-digits`, each byte plain or escaped.
fn check_escaped_number(number: &str) -> Result<(), Fault> {
    let mut bytes = Unescaped::new(number);
    let (mut set, mut any, mut at) = (&LOCAL, false, 0usize);
    while let Some(byte) = bytes.next() {
        match byte.ok_or_else(|| Fault::new(FaultKind::Escape, at))? {
            b'+' if at == 0 => set = &GLOBAL,
            byte if set.has(byte) => any |= !SEPARATORS.has(byte),
            _ => return Err(Fault::new(FaultKind::Unexpected, at)),
        }
        at = number.len().saturating_sub(bytes.left());
    }
    if any { Ok(()) } else { Err(Fault::new(FaultKind::Number, 0)) }
}

/// `descriptor = domainname / global-number-digits`.
fn check_context(context: &str) -> Result<(), FaultKind> {
    let valid = match context.strip_prefix('+') {
        Some(digits) => {
            GLOBAL.spans(digits.as_bytes()) && digits.bytes().any(|byte| byte.is_ascii_digit())
        }
        None => {
            let mut cursor = Cursor::new(context);
            super::Host::read(&mut cursor).is_ok_and(|_| cursor.is_end())
        }
    };
    if valid { Ok(()) } else { Err(FaultKind::Host) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Uri;

    #[test]
    fn global_and_local_numbers_are_read_in_parts() {
        let uri = Uri::parse("tel:+1-201-555-0123;ext=77;isub=12%2034;vnd=x").unwrap();
        let tel = uri.as_tel().unwrap().telephone();
        assert_eq!((tel.number(), tel.is_global()), ("+1-201-555-0123", true));
        assert_eq!((tel.extension(), tel.subaddress()), (Some("77"), Some("12%2034")));
        assert_eq!(tel.digits().collect::<Vec<_>>(), b"+12015550123");
        assert_eq!(uri.to_string(), "tel:+1-201-555-0123;ext=77;isub=12%2034;vnd=x");

        let uri = Uri::parse("TEL:*21#;phone-context=+1-201").unwrap();
        assert_eq!(uri.as_tel().unwrap().telephone().phone_context(), Some("+1-201"));
        assert_eq!(uri.to_string(), "TEL:*21#;phone-context=+1-201");
    }

    #[test]
    fn numbers_that_are_none_are_refused() {
        let table = [
            ("tel:", FaultKind::End, 4),
            ("tel:+", FaultKind::End, 5),
            ("tel:+-()", FaultKind::Number, 4),
            ("tel:+1x", FaultKind::Unexpected, 6),
            ("tel:5550100", FaultKind::Empty, 11),
            ("tel:5550100;phone-context=-x", FaultKind::Host, 11),
            ("tel:5550100;phone-context=+-", FaultKind::Host, 11),
            ("tel:5550100;phone-context=+1x", FaultKind::Host, 11),
            ("tel:5550100;phone-context=a/b", FaultKind::Host, 11),
            ("tel:5550100;phone-context", FaultKind::Empty, 11),
            ("tel:+15550100;ext", FaultKind::Empty, 13),
            ("tel:+15550100;phone-context=example.com", FaultKind::Conflict, 13),
            ("tel:+15550100;ext=abc", FaultKind::Number, 13),
            ("tel:+15550100;isub", FaultKind::Empty, 13),
        ];
        for (text, kind, at) in table {
            let fault = Uri::parse(text).expect_err(text);
            assert_eq!((fault.kind, fault.at), (kind, at), "{text}");
        }
    }

    #[test]
    fn offsets_fit_or_the_uri_is_refused() {
        for (len, fine) in
            [(65_534, true), (65_535, true), (65_536, false), (65_537, false), (140_000, false)]
        {
            let number = format!("+{}", "1".repeat(len - "tel:+".len()));
            let rest = ";ext=2";
            let text = format!("<tel:{number}{rest}>");
            let mut cursor = Cursor::new(&text);
            cursor.jump(1);
            let uri = Uri::read(&mut cursor, Place::Enclosed);
            let expected = if fine {
                Ok((number.as_str(), Some("2")))
            } else {
                Err(Fault::new(FaultKind::Limit, 1))
            };
            let tel = uri.map(|uri| uri.as_tel().unwrap().telephone());
            let got = tel.map(|tel| (tel.number(), tel.extension()));
            assert!(got == expected, "{len}");
        }
        // What follows the number has no offset of its own.
        let text = format!("tel:+1;isub={}", "2".repeat(140_000));
        assert_eq!(Uri::parse(&text).unwrap().as_str().len(), text.len());
    }
}
