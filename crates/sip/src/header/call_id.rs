//! `Call-ID`, and the fields that name a dialog by it (`Replaces`, `Join`, `Target-Dialog`).

use bytes::BytesMut;
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use super::Value;
use super::check::required;
use crate::encode::put;
use crate::grammar::WORD;
use crate::params::Params;

/// `callid = word [ "@" word ]`; compared byte by byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct CallId<'a>(pub &'a str);

impl<'a> Value<'a> for CallId<'a> {
    #[inline]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        cursor.take_some(&WORD)?;
        if cursor.eat(b'@') {
            cursor.take_some(&WORD)?;
        }
        Ok(Self(cursor.since(start)))
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.0, out);
    }
}

/// A dialog named from outside, in `Replaces` (RFC 3891) and `Join` (RFC 3911): its Call-ID and both tags.
///
/// ```
/// use missiva_sip::header::{DialogRef, Value};
///
/// let replaces = DialogRef::parse("12@h;to-tag=7;from-tag=0;early-only")?;
/// assert_eq!((replaces.to_tag(), replaces.from_tag()), ("7", "0"));
/// assert!(replaces.early_only());
/// // A tag of zero stands for an element that has none, as those of RFC 2543 do.
/// assert!(replaces.matches("12@h", Some("7"), None));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DialogRef<'a> {
    /// The Call-ID.
    pub call_id: CallId<'a>,
    /// `to-tag`, `from-tag`, `early-only` and any other.
    pub params: Params<'a>,
}

impl<'a> DialogRef<'a> {
    /// The tag of the one to whom the field is sent.
    #[must_use]
    pub fn to_tag(&self) -> &'a str {
        self.params.value("to-tag").unwrap_or_default()
    }

    /// The tag of the other party.
    #[must_use]
    pub fn from_tag(&self) -> &'a str {
        self.params.value("from-tag").unwrap_or_default()
    }

    /// Whether the dialog must still be early (`Replaces` only).
    #[must_use]
    pub fn early_only(&self) -> bool {
        self.params.has("early-only")
    }

    /// Whether this names the dialog that the receiver knows by `call_id`, its own tag and that of its peer
    /// (RFC 3891 section 3, RFC 3911 section 4).
    #[must_use]
    pub fn matches(&self, call_id: &str, local: Option<&str>, remote: Option<&str>) -> bool {
        self.call_id.0 == call_id && is_tag(self.to_tag(), local) && is_tag(self.from_tag(), remote)
    }
}

/// A tag of zero also stands for no tag at all.
fn is_tag(written: &str, tag: Option<&str>) -> bool {
    tag.map_or(written == "0", |tag| tag == written)
}

impl<'a> Value<'a> for DialogRef<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let (call_id, params) = read_tagged(cursor, ["to-tag", "from-tag"])?;
        Ok(Self { call_id, params })
    }

    fn encode(&self, out: &mut BytesMut) {
        self.call_id.encode(out);
        put(self.params.as_str(), out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.params.repeated()
    }
}

/// A dialog that the sender and the receiver share (RFC 4538); the tags are named as the sender sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct TargetDialog<'a> {
    /// The Call-ID.
    pub call_id: CallId<'a>,
    /// `local-tag`, `remote-tag` and any other.
    pub params: Params<'a>,
}

impl<'a> TargetDialog<'a> {
    /// The tag of the one who sends the field.
    #[must_use]
    pub fn local_tag(&self) -> &'a str {
        self.params.value("local-tag").unwrap_or_default()
    }

    /// The tag of the one to whom the field is sent.
    #[must_use]
    pub fn remote_tag(&self) -> &'a str {
        self.params.value("remote-tag").unwrap_or_default()
    }
}

impl<'a> Value<'a> for TargetDialog<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let (call_id, params) = read_tagged(cursor, ["local-tag", "remote-tag"])?;
        Ok(Self { call_id, params })
    }

    fn encode(&self, out: &mut BytesMut) {
        self.call_id.encode(out);
        put(self.params.as_str(), out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.params.repeated()
    }
}

/// A Call-ID and parameters among which both tags stand once.
fn read_tagged<'a>(
    cursor: &mut Cursor<'a>,
    tags: [&str; 2],
) -> Result<(CallId<'a>, Params<'a>), Fault> {
    let call_id = CallId::read(cursor)?;
    let params = Params::read(cursor)?;
    for tag in tags {
        required(cursor, &params, tag)?;
    }
    Ok((call_id, params))
}

const _: () = {
    // A semicolon ends a word, so parameters are never swallowed by it.
    assert!(!WORD.has(b';') && !WORD.has(b'@') && !WORD.has(b','));
};

#[cfg(test)]
mod tests {
    use super::*;
    use missiva_core::FaultKind;

    #[test]
    fn both_tags_must_be_there_once() {
        let table = [
            ("a@b;to-tag=1;from-tag=2", Ok(("1", "2", false))),
            ("a;FROM-TAG=2;early-only;To-Tag=1", Ok(("1", "2", true))),
            ("a@b", Err((FaultKind::Empty, 3))),
            ("a@b;to-tag=1", Err((FaultKind::Empty, 12))),
            ("a@b;to-tag;from-tag=2", Err((FaultKind::Empty, 4))),
            ("a@b;to-tag=1;from-tag=2;to-tag=3", Err((FaultKind::Conflict, 24))),
            ("a@;to-tag=1;from-tag=2", Err((FaultKind::Unexpected, 2))),
        ];
        for (text, expected) in table {
            let got = DialogRef::parse(text);
            assert_eq!(
                got.map(|dialog| (dialog.to_tag(), dialog.from_tag(), dialog.early_only()))
                    .map_err(|fault| (fault.kind, fault.at)),
                expected,
                "{text}"
            );
            if let Ok(dialog) = got {
                assert_eq!(dialog.to_text(), text);
            }
        }
        let fault = TargetDialog::parse("a;to-tag=1;from-tag=2").unwrap_err();
        assert_eq!((fault.kind, fault.at), (FaultKind::Empty, 21));
        let target = TargetDialog::parse("a;local-tag=1;remote-tag=2").unwrap();
        assert_eq!((target.local_tag(), target.remote_tag()), ("1", "2"));
    }

    #[test]
    fn a_tag_of_zero_also_means_none() {
        let table = [
            ("a;to-tag=1;from-tag=0", ("a", Some("1"), None), true),
            ("a;to-tag=1;from-tag=0", ("a", Some("1"), Some("0")), true),
            ("a;to-tag=1;from-tag=2", ("a", Some("1"), None), false),
            ("a;to-tag=1;from-tag=2", ("a", Some("2"), Some("1")), false),
            ("a;to-tag=1;from-tag=2", ("A", Some("1"), Some("2")), false),
        ];
        for (text, (call_id, local, remote), expected) in table {
            let dialog = DialogRef::parse(text).unwrap();
            assert_eq!(dialog.matches(call_id, local, remote), expected, "{text}");
        }
    }
}
