//! `auth-param` lists: what challenges, credentials and their confirmation are made of.

use std::borrow::Cow;

use bytes::{BufMut, BytesMut};
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use crate::encode::put;
use crate::grammar::{self, TOKEN, eat_separator, lws};
use crate::params::MAX_PARAMS;
use crate::quoted::{unfold, unquote, write_quoted};

/// A parameter that this crate does not know, kept as it was written.
///
/// ```
/// use missiva_sip::header::auth::AuthParam;
///
/// let param = AuthParam::quoted("integrity-protected", "yes");
/// assert_eq!((&*param.value, &*param.text()), ("\"yes\"", "yes"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct AuthParam<'a> {
    /// The name as it was spelled.
    pub name: Cow<'a, str>,
    /// The value, quotes included, folds read as one space.
    pub value: Cow<'a, str>,
}

impl<'a> AuthParam<'a> {
    /// A parameter whose value is a quoted string that says `text`.
    #[must_use]
    pub fn quoted(name: &'a str, text: &str) -> Self {
        let mut out = BytesMut::new();
        write_quoted(text, &mut out);
        Self { name: name.into(), value: String::from_utf8(out.into()).unwrap_or_default().into() }
    }

    /// What the value says.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        unquote(&self.value)
    }

    pub(super) fn into_owned(self) -> AuthParam<'static> {
        AuthParam { name: own(self.name), value: own(self.value) }
    }
}

/// A challenge or credentials of a scheme other than Digest: kept, not understood.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct OtherAuth<'a> {
    /// The scheme as it was spelled.
    pub scheme: Cow<'a, str>,
    /// `token68` (RFC 7235 section 2.1), as `Basic` and `Bearer` (RFC 8898) credentials have it.
    pub token68: Option<Cow<'a, str>>,
    /// The parameters, when there is no `token68`.
    pub params: Vec<AuthParam<'a>>,
}

/// `token68` less the equals signs at its end.
const TOKEN68: ByteSet = ByteSet::alphanumeric().with(b"-._~+/");

impl<'a> OtherAuth<'a> {
    /// The first parameter called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&AuthParam<'a>> {
        find(&self.params, name)
    }

    /// The same with text of its own.
    #[must_use]
    pub fn into_owned(self) -> OtherAuth<'static> {
        OtherAuth {
            scheme: own(self.scheme),
            token68: self.token68.map(own),
            params: own_params(self.params),
        }
    }

    /// Reads what follows `scheme` and its white space.
    pub(super) fn read(cursor: &mut Cursor<'a>, scheme: &'a str) -> Result<Self, Fault> {
        let mut value = Self { scheme: scheme.into(), token68: None, params: Vec::new() };
        if let Some(text) = read_token68(cursor) {
            value.token68 = Some(text.into());
        } else if !cursor.is_end() {
            read_params(cursor, |param| keep(&mut value.params, param))?;
        }
        Ok(value)
    }

    pub(super) fn encode(&self, out: &mut BytesMut) {
        put(&self.scheme, out);
        if let Some(text) = &self.token68 {
            out.put_u8(b' ');
            put(text, out);
        } else if !self.params.is_empty() {
            out.put_u8(b' ');
            ParamWriter::new(out).others(&self.params);
        }
    }
}

/// Takes a `token68` when it is all that is left.
fn read_token68<'a>(cursor: &mut Cursor<'a>) -> Option<&'a str> {
    const EQUAL: ByteSet = ByteSet::empty().with(b"=");
    let mut ahead = *cursor;
    let start = ahead.at();
    ahead.take_some(&TOKEN68).ok()?;
    ahead.skip(&EQUAL);
    let text = ahead.since(start);
    lws(&mut ahead);
    if !ahead.is_end() {
        return None;
    }
    *cursor = ahead;
    Some(text)
}

/// Reads the scheme and the white space after it.
pub(super) fn read_scheme<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Fault> {
    let scheme = grammar::token(cursor)?;
    if lws(cursor) || cursor.is_end() { Ok(scheme) } else { Err(cursor.unexpected()) }
}

/// One parameter with its places.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written<'a> {
    pub(super) name: &'a str,
    value: &'a str,
    at: usize,
    value_at: usize,
}

impl<'a> Written<'a> {
    /// What the value says.
    pub(super) fn text(&self) -> Cow<'a, str> {
        unquote(self.value)
    }

    /// A value that must be a token; quotes around it are forgiven.
    pub(super) fn token(&self) -> Result<Cow<'a, str>, Fault> {
        let text = self.text();
        if TOKEN.spans(text.as_bytes()) { Ok(text) } else { Err(self.fault(FaultKind::Value)) }
    }

    /// `nc-value`: eight hexadecimal digits, which are kept because the response covers them as text.
    pub(super) fn count(&self) -> Result<Cow<'a, str>, Fault> {
        let text = self.text();
        if text.len() == 8 && ByteSet::hex_digits().spans(text.as_bytes()) {
            Ok(text)
        } else {
            Err(self.fault(FaultKind::Number))
        }
    }

    /// Whether the value is `true`; anything else is not (RFC 7616 section 3.3).
    pub(super) fn is_true(&self) -> bool {
        self.text().eq_ignore_ascii_case("true")
    }

    /// A fault of the value.
    pub(super) fn fault(&self, kind: FaultKind) -> Fault {
        Fault::new(kind, self.value_at)
    }

    /// Puts `value` where none may be yet: no parameter stands twice.
    pub(super) fn once<T>(&self, slot: &mut Option<T>, value: T) -> Result<(), Fault> {
        if slot.is_some() {
            return Err(Fault::new(FaultKind::Conflict, self.at));
        }
        *slot = Some(value);
        Ok(())
    }
}

/// Keeps a parameter that is not known; none may stand twice.
pub(super) fn keep<'a>(params: &mut Vec<AuthParam<'a>>, param: Written<'a>) -> Result<(), Fault> {
    if find(params, param.name).is_some() {
        return Err(Fault::new(FaultKind::Conflict, param.at));
    }
    params.push(AuthParam { name: param.name.into(), value: unfold(param.value) });
    Ok(())
}

/// The first parameter called `name`.
pub(super) fn find<'p, 'a>(params: &'p [AuthParam<'a>], name: &str) -> Option<&'p AuthParam<'a>> {
    params.iter().find(|param| param.name.eq_ignore_ascii_case(name))
}

/// Reads `auth-param *(COMMA auth-param)` and hands each parameter to `each`.
pub(super) fn read_params<'a>(
    cursor: &mut Cursor<'a>,
    mut each: impl FnMut(Written<'a>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut count = 0usize;
    loop {
        count = count.saturating_add(1);
        if count > MAX_PARAMS {
            return Err(cursor.fault(FaultKind::Limit));
        }
        each(read_param(cursor)?)?;
        if !eat_separator(cursor, b',') {
            return Ok(());
        }
    }
}

/// `ext-value` (RFC 8187 section 3.2.1) of names that end with an asterisk has more than a token.
const EXTENDED: ByteSet = TOKEN.with(b"#$&^|");

/// `auth-param = auth-param-name EQUAL ( token / quoted-string )`.
fn read_param<'a>(cursor: &mut Cursor<'a>) -> Result<Written<'a>, Fault> {
    let at = cursor.at();
    let name = grammar::token(cursor)?;
    grammar::separator(cursor, b'=')?;
    let value_at = cursor.at();
    let value = if cursor.peek() == Some(b'"') {
        grammar::quoted_string(cursor)?
    } else if name.ends_with('*') {
        cursor.take_some(&EXTENDED)?
    } else {
        grammar::token(cursor)?
    };
    Ok(Written { name, value, at, value_at })
}

/// Writes a parameter list with a comma and a space between its members.
#[derive(Debug)]
pub(super) struct ParamWriter<'o> {
    out: &'o mut BytesMut,
    any: bool,
}

impl<'o> ParamWriter<'o> {
    pub(super) const fn new(out: &'o mut BytesMut) -> Self {
        Self { out, any: false }
    }

    /// A parameter whose grammar asks for quotes.
    pub(super) fn quoted(&mut self, name: &str, text: Option<&Cow<'_, str>>) -> &mut Self {
        if let Some(text) = text {
            self.name(name);
            write_quoted(text, self.out);
        }
        self
    }

    /// A parameter whose grammar asks for a token; what is none is quoted rather than written wrongly.
    pub(super) fn token(&mut self, name: &str, text: Option<&Cow<'_, str>>) -> &mut Self {
        if let Some(text) = text {
            self.name(name);
            if TOKEN.spans(text.as_bytes()) {
                put(text, self.out);
            } else {
                write_quoted(text, self.out);
            }
        }
        self
    }

    /// A parameter written only when it is true.
    pub(super) fn flag(&mut self, name: &str, set: bool) -> &mut Self {
        self.token(name, set.then_some(&Cow::Borrowed("true")))
    }

    /// A value that is already in its written form.
    pub(super) fn written(&mut self, name: &str, value: &str) -> &mut Self {
        self.name(name);
        put(value, self.out);
        self
    }

    /// Parameters that were kept.
    pub(super) fn others(&mut self, params: &[AuthParam<'_>]) {
        for param in params {
            self.written(&param.name, &param.value);
        }
    }

    fn name(&mut self, name: &str) {
        if self.any {
            self.out.put_slice(b", ");
        }
        self.any = true;
        put(name, self.out);
        self.out.put_u8(b'=');
    }
}

/// Text of its own.
pub(super) fn own(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}

/// Parameters with text of their own.
pub(super) fn own_params(params: Vec<AuthParam<'_>>) -> Vec<AuthParam<'static>> {
    params.into_iter().map(AuthParam::into_owned).collect()
}

#[cfg(test)]
mod tests {
    use crate::header::{AuthenticationInfo, Challenge, Credentials, Value};
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = String> {
        prop_oneof![
            Just("00000001".to_owned()),
            Just("UTF-8''a%20b".to_owned()),
            "\"([ !#-Z]|\\\\[\\x01-\\x09\"]|\r\n \t|\u{e9}){0,6}\"",
            "\"\\PC{0,4}\"",
        ]
    }

    /// Parameter lists that are nearly right, with folds, escapes and foreign bytes.
    fn nearly_right() -> impl Strategy<Value = String> {
        let name = prop::sample::select(vec![
            "Qop",
            "NC",
            "stale",
            "algorithm",
            "cnonce",
            "x",
            "opaque",
            "domain",
            "nextnonce",
            "userhash",
        ]);
        let comma = prop::sample::select(vec![",", " ,\r\n ", ", "]);
        let param = (name, value(), comma)
            .prop_map(|(name, value, comma)| format!("{name}={value}{comma}"));
        let user = prop::sample::select(vec!["username", "username*"]);
        let required = (user, value(), value(), value()).prop_map(|(user, name, realm, nonce)| {
            format!("{user}={name}, realm={realm}, nonce={nonce}, uri=u, response=x,")
        });
        (required, prop::collection::vec(param, 0..4))
            .prop_map(|(required, params)| format!("{required}{}x2=1", params.concat()))
    }

    fn check<'a, V: Value<'a> + PartialEq>(text: &'a str) -> Option<(V, String)> {
        let value = V::parse(text).ok()?;
        let plain = value.to_text();
        assert!(!plain.contains(['\r', '\n']), "{plain:?}");
        Some((value, plain))
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_so_that_it_reads_the_same(
            list in nearly_right(), scheme in prop::sample::select(vec!["Digest ", "X\r\n ", ""])
        ) {
            let text = format!("{scheme}{list}");
            if let Some((value, plain)) = check::<Challenge<'_>>(&text) {
                prop_assert_eq!(Challenge::parse(&plain), Ok(value));
            }
            if let Some((value, plain)) = check::<Credentials<'_>>(&text) {
                prop_assert_eq!(Credentials::parse(&plain), Ok(value));
            }
            if let Some((value, plain)) = check::<AuthenticationInfo<'_>>(&text) {
                prop_assert_eq!(AuthenticationInfo::parse(&plain), Ok(value));
            }
        }

        #[test]
        fn nothing_makes_the_readers_fail_otherwise(text in "\\PC{0,40}") {
            let _ = (Challenge::parse(&text), Credentials::parse(&text), AuthenticationInfo::parse(&text));
        }
    }
}
