//! Requests with the header lines of others.

use bytes::{BufMut, Bytes, BytesMut};
use missiva_core::Payload;

use super::Piece;
use crate::encode::end_line;
use crate::grammar::put;
use crate::header::{ByteRange, Value};
use crate::{Flag, Head, HeaderName, MessageId, TransactionId};

/// The header lines of a chunk that go on with each of its pieces: all but those that say where it goes, where it comes
/// from and which bytes it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fields {
    lines: Bytes,
    has_body: bool,
}

/// Which header lines go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Every one but the paths and the range.
    All,
    /// Neither the name of the message nor its wishes for reports.
    Content,
}

impl Fields {
    pub(crate) fn of(head: &Head, keep: Keep) -> Self {
        let mut lines = BytesMut::with_capacity(head.bytes().len());
        for header in head.headers() {
            let passes = match header.name() {
                HeaderName::ToPath | HeaderName::FromPath | HeaderName::ByteRange => false,
                HeaderName::MessageId | HeaderName::SuccessReport | HeaderName::FailureReport => {
                    keep == Keep::All
                }
                _ => true,
            };
            if passes {
                lines.put_slice(header.line());
            }
        }
        Self { lines: lines.freeze(), has_body: head.has_body() }
    }

    /// The lines of a message that begins here.
    pub(crate) fn named(&self, id: &MessageId, wishes: &str) -> Self {
        let mut lines = BytesMut::with_capacity(self.lines.len() + wishes.len() + 80);
        put("Message-ID: ", &mut lines);
        put(id.as_str(), &mut lines);
        lines.put_slice(b"\r\n");
        put(wishes, &mut lines);
        lines.put_slice(&self.lines);
        Self { lines: lines.freeze(), has_body: self.has_body }
    }

    /// The lines of a request that never has a body.
    pub(crate) fn without_body(self) -> Self {
        Self { has_body: false, ..self }
    }

    pub(crate) const fn has_body(&self) -> bool {
        self.has_body
    }

    pub(crate) const fn len(&self) -> usize {
        self.lines.len()
    }
}

/// Appends the head of a request, the empty line before its body included.
///
/// `paths` is both path lines. Nothing is checked: paths and fields come from messages and URIs that were read before.
pub(crate) fn put_request(
    id: &TransactionId,
    method: &str,
    paths: &[u8],
    range: Option<&ByteRange>,
    fields: &Fields,
    out: &mut BytesMut,
) {
    out.put_slice(b"MSRP ");
    put(id.as_str(), out);
    out.put_u8(b' ');
    put(method, out);
    out.put_slice(b"\r\n");
    out.put_slice(paths);
    if let Some(range) = range {
        put("Byte-Range: ", out);
        range.encode(out);
        out.put_slice(b"\r\n");
    }
    out.put_slice(&fields.lines);
    if fields.has_body {
        out.put_slice(b"\r\n");
    }
}

/// One piece of a chunk as a request of its own. The id must be absent from the body.
pub(crate) fn piece(id: &TransactionId, paths: &[u8], fields: &Fields, piece: Piece) -> Payload {
    let mut head = BytesMut::with_capacity(128 + paths.len() + fields.len());
    put_request(id, "SEND", paths, Some(&piece.range), fields, &mut head);
    let tail = end_line(id, piece.flag, fields.has_body());
    Payload { head: head.freeze(), body: piece.body, tail }
}

/// The end of a message that was lost on the way: its next chunk, without content and with `#`.
pub(crate) fn abort(
    id: &TransactionId,
    paths: &[u8],
    fields: &Fields,
    range: &ByteRange,
) -> Payload {
    let nothing = ByteRange { end: range.start.checked_sub(1), ..*range };
    piece(id, paths, fields, Piece { range: nothing, body: Bytes::new(), flag: Flag::Abort })
}

/// A SEND that carries nothing.
pub(crate) fn empty_send(id: &TransactionId, paths: &[u8], message: &MessageId) -> Payload {
    let fields = Fields { lines: Bytes::new(), has_body: false }.named(message, "");
    let nothing = Piece { range: ByteRange::NOTHING, body: Bytes::new(), flag: Flag::Last };
    piece(id, paths, &fields, nothing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::frame::websocket;

    #[test]
    fn everything_but_paths_and_range_goes_on_as_it_came() {
        let text = "MSRP a786 SEND\r\nTo-Path: msrp://b/2;tcp\r\nFrom-Path: msrp://a/1;tcp\r\nMessage-ID: 12339\r\n\
                    byte-range: 1-*/3\r\nsuccess-report: yes\r\nX-Own:  kept \r\nContent-Type: a/b;c=d\r\n\r\nabc\r\n\
                    -------a786$\r\n";
        let head = websocket(text.into(), &Limits::DEFAULT).unwrap().head;
        let id = TransactionId::parse("zzzz").unwrap();
        let range = ByteRange { start: 1, end: Some(3), total: Some(3) };
        let write = |fields: &Fields| {
            let mut out = BytesMut::new();
            put_request(
                &id,
                "SEND",
                b"To-Path: x\r\nFrom-Path: y\r\n",
                Some(&range),
                fields,
                &mut out,
            );
            out.extend_from_slice(&end_line(&id, Flag::More, fields.has_body()));
            String::from_utf8(out.into()).unwrap()
        };
        let all = Fields::of(&head, Keep::All);
        assert_eq!(
            write(&all),
            "MSRP zzzz SEND\r\nTo-Path: x\r\nFrom-Path: y\r\nByte-Range: 1-3/3\r\nMessage-ID: 12339\r\n\
             success-report: yes\r\nX-Own:  kept \r\nContent-Type: a/b;c=d\r\n\r\n\r\n-------zzzz+\r\n"
        );
        let content = Fields::of(&head, Keep::Content);
        let named = content.named(&MessageId::parse("abcd").unwrap(), "Failure-Report: no\r\n");
        assert_eq!(
            write(&named),
            "MSRP zzzz SEND\r\nTo-Path: x\r\nFrom-Path: y\r\nByte-Range: 1-3/3\r\nMessage-ID: abcd\r\n\
             Failure-Report: no\r\nX-Own:  kept \r\nContent-Type: a/b;c=d\r\n\r\n\r\n-------zzzz+\r\n"
        );
    }
}
