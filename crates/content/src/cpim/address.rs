//! Who a message is from and to: a formal name and a URI (RFC 3862 section 4.1).

use std::borrow::Cow;
use std::fmt;

use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use super::escape;
use super::name::is_token_char;

/// An optional name and a URI between angle brackets.
///
/// The name may be several words or a string in quotes. Taken too: no space before the bracket, and a URI without
/// brackets, which linphone writes; a strict reading has both against it.
///
/// ```
/// use missiva_content::cpim::Address;
///
/// let address = Address::parse("Depressed Donkey <im:eeyore@100akerwood.com>")?;
/// assert_eq!(address.name().as_deref(), Some("Depressed Donkey"));
/// assert_eq!(address.uri(), "im:eeyore@100akerwood.com");
/// assert!(Address::parse("<sip:anonymous@anonymous.invalid>")?.is_anonymous());
/// assert_eq!(Address::named("Eeyore \"E\"", "im:e@a").to_string(), "\"Eeyore \\\"E\\\"\" <im:e@a>");
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Address<'a> {
    name: Name<'a>,
    uri: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Name<'a> {
    None,
    /// As it came, quotes and escapes included.
    Written(&'a str),
    /// As it is meant.
    Plain(&'a str),
}

/// What a URI is made of, or an identifier in the place of one.
const URI: ByteSet =
    ByteSet::empty().with_range(0x21, 0x7e).with_range(0x80, 0xff).without(b"<>\"");

impl<'a> Address<'a> {
    /// Nobody in particular: what 1-1 chat has in `From` and `To`, where SIP says who talks (RFC 3323 section 4.1.1.3).
    pub const ANONYMOUS: Address<'static> =
        Address { name: Name::None, uri: "sip:anonymous@anonymous.invalid" };

    /// An address without a name.
    #[must_use]
    pub const fn new(uri: &'a str) -> Self {
        Self { name: Name::None, uri }
    }

    /// An address with a name, which is written in quotes.
    #[must_use]
    pub const fn named(name: &'a str, uri: &'a str) -> Self {
        Self { name: Name::Plain(name), uri }
    }

    /// Reads an address that makes up the whole of `text`.
    ///
    /// # Errors
    ///
    /// The first byte that is none of it.
    #[inline]
    pub fn parse(text: &'a str) -> Result<Self, Fault> {
        Self::read(&mut Cursor::new(text))
    }

    /// Reads an address that makes up the whole of what the cursor is over.
    #[inline]
    pub(crate) fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let name = if cursor.peek() == Some(b'<') { "" } else { read_name(cursor)? };
        let bracket = cursor.eat(b'<');
        let uri = cursor.take_some(&URI)?;
        if bracket {
            cursor.expect(b'>')?;
        } else if !name.is_empty() {
            return Err(cursor.unexpected());
        }
        cursor.finish()?;
        Ok(Self { name: if name.is_empty() { Name::None } else { Name::Written(name) }, uri })
    }

    /// The name, quotes and escapes removed.
    #[must_use]
    pub fn name(&self) -> Option<Cow<'a, str>> {
        match self.name {
            Name::None => None,
            Name::Plain(name) => Some(Cow::Borrowed(name)),
            Name::Written(name) => {
                let quoted = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                Some(escape::unescape(quoted.unwrap_or(name)))
            }
        }
    }

    /// The URI.
    #[must_use]
    pub const fn uri(&self) -> &'a str {
        self.uri
    }

    /// Whether this is nobody in particular, with or without a user part of its own.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        let host = self.uri.rsplit_once('@').map_or(self.uri, |(_, host)| host);
        let host = host.split([';', '?', ':']).next().unwrap_or(host);
        host.eq_ignore_ascii_case("anonymous.invalid")
    }

    /// What RFC 3862 has against the text of an address that was taken.
    pub(super) fn strict_fault(text: &str) -> Option<Fault> {
        let Ok(address) = Address::parse(text) else { return None };
        let fault = |at| Some(Fault::new(FaultKind::Unexpected, at));
        let mut at = 0;
        if let Name::Written(name) = address.name {
            let odd = if name.starts_with('"') {
                escape::first_fault(name)
            } else {
                let odd = |c: char| c.is_ascii() && !is_token_char(c as u8) && c != ' ';
                name.find(odd).map(|at| Fault::new(FaultKind::Unexpected, at))
            };
            if odd.is_some() {
                return odd;
            }
            if !text.get(name.len()..).is_some_and(|rest| rest.starts_with(" <")) {
                return fault(name.len());
            }
            at = name.len() + 1;
        }
        if !text.get(at..).is_some_and(|rest| rest.starts_with('<')) {
            return fault(at);
        }
        let scheme = address.uri.split_once(':').map_or("", |(scheme, _)| scheme);
        let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
        if is_scheme { None } else { fault(at + 1) }
    }
}

/// What stands before the bracket, if there is one.
fn read_name<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Fault> {
    let (start, text) = (cursor.at(), cursor.rest());
    let end = if text.starts_with('"') {
        escape::string_end(text).ok_or_else(|| cursor.fault(FaultKind::Quote))?
    } else {
        text.find('<').unwrap_or(0)
    };
    let name = text.get(..end).unwrap_or_default();
    if let Some(at) = name.find(|c: char| c.is_control()) {
        return Err(Fault::new(FaultKind::Unexpected, start + at));
    }
    let gap = text.get(end..).unwrap_or_default().bytes().take_while(|&byte| byte == b' ').count();
    cursor.jump(start + end + gap);
    Ok(name.trim_end_matches(' '))
}

impl fmt::Display for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name {
            Name::None => {}
            Name::Written(name) => write!(f, "{name} ")?,
            Name::Plain(name) => write!(f, "\"{}\" ", escape::escape(name, true))?,
        }
        write!(f, "<{}>", self.uri)
    }
}

/// Who it is stays out of logs.
impl fmt::Debug for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").field("len", &self.uri.len()).finish_non_exhaustive()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Address<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut map = serializer.serialize_struct("Address", 2)?;
        map.serialize_field("name", &self.name())?;
        map.serialize_field("uri", self.uri)?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_read_in_every_shape() {
        for (text, name, uri, strict) in [
            ("<im:tigger@100akerwood.com>", None, "im:tigger@100akerwood.com", true),
            (
                "MR SANDERS <im:piglet@100akerwood.com>",
                Some("MR SANDERS"),
                "im:piglet@100akerwood.com",
                true,
            ),
            (
                "\"Winnie <the> \\\"Pooh\\\"\" <im:a@b>",
                Some("Winnie <the> \"Pooh\""),
                "im:a@b",
                true,
            ),
            ("Jos\u{e9} <tel:+1514>", Some("Jos\u{e9}"), "tel:+1514", true),
            ("Donkey<im:e@a>", Some("Donkey"), "im:e@a", false),
            ("sip:bob@example.com", None, "sip:bob@example.com", false),
            ("O'Neil, P. <sip:p@a>", Some("O'Neil, P."), "sip:p@a", false),
            ("<bob>", None, "bob", false),
            ("<wv:user@a>", None, "wv:user@a", true),
        ] {
            let address = Address::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!((address.name().as_deref(), address.uri()), (name, uri), "{text}");
            let fine = Address::strict_fault(text).is_none();
            assert_eq!(fine, strict, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_where_it_goes_wrong() {
        for (text, kind, at) in [
            ("", FaultKind::End, 0),
            ("<>", FaultKind::Unexpected, 1),
            ("<sip:a", FaultKind::End, 6),
            ("<sip:a b>", FaultKind::Unexpected, 6),
            ("<sip:a> <sip:b>", FaultKind::Unexpected, 7),
            ("\"open <sip:a>", FaultKind::Quote, 0),
            ("\"a\" sip:b", FaultKind::End, 9),
            ("Bob", FaultKind::End, 3),
        ] {
            let got = Address::parse(text);
            if text == "Bob" {
                assert!(got.is_ok(), "a URI without brackets may be anything");
                continue;
            }
            let fault = got.expect_err(text);
            assert_eq!((fault.kind, fault.at), (kind, at), "{text}");
        }
    }

    #[test]
    fn nobody_is_known_by_the_host() {
        for (uri, nobody) in [
            ("sip:anonymous@anonymous.invalid", true),
            ("sip:anon-7@Anonymous.Invalid;x=y", true),
            ("sip:anonymous.invalid@example.com", false),
            ("sip:bob@anonymous.invalid.example.com", false),
        ] {
            assert_eq!(Address::new(uri).is_anonymous(), nobody, "{uri}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(name in "\\PC{0,20}|[\\x00-\\x7f]{1,20}", uri in "[a-z]{2,4}:[!#-;=?-~]{1,20}") {
            let text = Address::named(&name, &uri).to_string();
            prop_assert!(!text.contains(['\r', '\n', '\0']));
            let read = Address::parse(&text).unwrap();
            prop_assert_eq!(read.name().unwrap_or_default(), name);
            prop_assert_eq!(read.uri(), uri);
        }
    }
}
