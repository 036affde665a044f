//! A head on its way out again: a few lines written anew, all others as they came.

use bytes::{BufMut, Bytes, BytesMut};
use missiva_core::{Fault, FaultKind, Payload};

use super::absent_from;
use super::builder::{check, put_end_line};
use crate::error::Place;
use crate::grammar::put;
use crate::header::{ByteRange, Field, Path, Value};
use crate::{Flag, Head, HeaderName, ParseError, Part, TransactionId, field};

/// What a relay and a switch do with a head: another transaction id, other paths, perhaps another range or value, and
/// every other line byte by byte.
///
/// ```
/// use bytes::Bytes;
/// use missiva_msrp::encode::Forward;
/// use missiva_msrp::frame::websocket;
/// use missiva_msrp::header::{Path, Value};
/// use missiva_msrp::{Limits, TransactionId};
///
/// let came = websocket(Bytes::from_static(
///     b"MSRP a786 SEND\r\nTo-Path: msrp://r/1;tcp msrp://b/2;tcp\r\nFrom-Path: msrp://a/3;tcp\r\n\
///       Message-ID: 12339\r\nX-Other:  kept \r\nContent-Type: text/plain\r\n\r\nhi\r\n-------a786$\r\n",
/// ), &Limits::DEFAULT)?;
/// let (to, from) = (came.head.to_path()?, came.head.from_path()?);
/// let from = format!("{} {}", to.first(), from.as_str());
/// let goes = Forward::new(&came.head, &TransactionId::parse("b897")?)
///     .paths(&to.rest().ok_or("no next hop")?, &Path::parse(&from)?)
///     .finish(came.body, came.end.flag)?;
/// assert_eq!(goes.to_vec(), b"MSRP b897 SEND\r\nTo-Path: msrp://b/2;tcp\r\nFrom-Path: msrp://r/1;tcp msrp://a/3;tcp\r\n\
///     Message-ID: 12339\r\nX-Other:  kept \r\nContent-Type: text/plain\r\n\r\nhi\r\n-------b897$\r\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is written until it is finished"]
pub struct Forward<'a> {
    head: &'a Head,
    id: TransactionId,
    /// Lines that are written anew in place of the first of their name.
    lines: Vec<(HeaderName, BytesMut)>,
    fault: Option<ParseError>,
}

impl<'a> Forward<'a> {
    /// The same head with another transaction id.
    pub const fn new(head: &'a Head, id: &TransactionId) -> Self {
        Self { head, id: *id, lines: Vec::new(), fault: None }
    }

    /// Sets both paths.
    pub fn paths(self, to: &Path<'_>, from: &Path<'_>) -> Self {
        self.set::<field::ToPath>(to).set::<field::FromPath>(from)
    }

    /// Sets the range, as a forwarder does that interrupts a chunk and goes on in another.
    pub fn range(self, range: &ByteRange) -> Self {
        self.set::<field::ByteRange>(range)
    }

    /// Sets the value of a field: in the place of its line, or behind the paths when it has none.
    pub fn set<F: Field>(mut self, value: &F::Value<'_>) -> Self {
        let mut line = BytesMut::new();
        value.encode(&mut line);
        if let Err(error) = check(F::NAME, &line) {
            self.fault.get_or_insert(error);
        }
        self.lines.retain(|(name, _)| *name != F::NAME);
        self.lines.push((F::NAME, line));
        self
    }

    /// Writes the head, and with it the end-line.
    ///
    /// # Errors
    ///
    /// A value that its field does not allow; [`FaultKind::Conflict`] in [`Part::EndLine`] when the end-line stands in
    /// the body, which wants another transaction id.
    pub fn finish(self, body: Bytes, flag: Flag) -> Result<Payload, ParseError> {
        if !absent_from(&self.id, &body) {
            return Err(ParseError::new(FaultKind::Conflict, Part::EndLine, 0));
        }
        self.finish_proved(body, flag)
    }

    /// Like [`finish`](Self::finish) for a body of which the caller knows that the id is
    /// [absent](crate::encode::absent_from) from it: a switch proves it once for all sessions.
    ///
    /// # Errors
    ///
    /// A value that its field does not allow.
    pub fn finish_proved(self, body: Bytes, flag: Flag) -> Result<Payload, ParseError> {
        let has_body = self.head.has_body();
        if !has_body && !body.is_empty() {
            return Err(Fault::new(FaultKind::Conflict, 0).of(Part::Body, 0));
        }
        let mut out = self.write_head()?;
        let head_len = out.len();
        put_end_line(&self.id, flag, has_body, &mut out);
        let mut head = out.freeze();
        let tail = head.split_off(head_len);
        Ok(Payload { head, body, tail })
    }

    /// Writes the head and the first bytes of a body that goes on: the end-line is written when the body has ended, by
    /// [`end_line`](crate::encode::end_line).
    ///
    /// # Errors
    ///
    /// As for [`finish_proved`](Self::finish_proved).
    pub fn open(self, body: Bytes) -> Result<Payload, ParseError> {
        Ok(Payload::new(self.write_head()?.freeze(), body))
    }

    fn write_head(&self) -> Result<BytesMut, ParseError> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let bytes = self.head.bytes();
        let room: usize =
            self.lines.iter().map(|(name, line)| name.as_str().len() + line.len() + 4).sum();
        let mut out = BytesMut::with_capacity(bytes.len() + room + 128);
        let start = self.head.headers().next().map_or(bytes.len(), |header| header.line_at());
        out.put_slice(b"MSRP ");
        put(self.id.as_str(), &mut out);
        out.put_slice(bytes.get(5 + self.head.transaction_id().len()..start).unwrap_or_default());
        let mut missing = true;
        let set = |name: HeaderName| self.lines.iter().find(|(known, _)| *known == name);
        for (at, header) in self.head.headers().enumerate() {
            // Both paths come first, then what is new.
            if at >= 2 && std::mem::take(&mut missing) {
                self.write_missing(&mut out);
            }
            match set(header.name()) {
                Some((name, line)) => write_line(*name, line, &mut out),
                None => out.put_slice(header.line()),
            }
        }
        if missing {
            self.write_missing(&mut out);
        }
        if self.head.has_body() {
            out.put_slice(b"\r\n");
        }
        Ok(out)
    }

    fn write_missing(&self, out: &mut BytesMut) {
        for (name, line) in &self.lines {
            if !self.head.has(*name) {
                write_line(*name, line, out);
            }
        }
    }
}

fn write_line(name: HeaderName, line: &[u8], out: &mut BytesMut) {
    put(name.as_str(), out);
    out.put_slice(b": ");
    out.put_slice(line);
    out.put_slice(b"\r\n");
}

impl std::fmt::Debug for Forward<'_> {
    /// Tells how many lines change, and not what they say.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Forward")
            .field("id", &self.id)
            .field("lines", &self.lines.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::websocket;
    use crate::{Limits, MessageId};

    #[test]
    fn new_lines_go_behind_the_paths_and_set_ones_stay_in_place() {
        let text = "MSRP a786 SEND\r\nto-path:msrp://b/2;tcp\r\nFROM-PATH: msrp://a/3;tcp\r\nX: y\r\nByte-Range: 1-*/9\r\n-------a786+\r\n";
        let came = websocket(text.into(), &Limits::DEFAULT).unwrap();
        let id = TransactionId::parse("b897").unwrap();
        let same = Forward::new(&came.head, &id).finish(Bytes::new(), Flag::More).unwrap();
        assert_eq!(same.to_vec(), text.replace("a786", "b897").as_bytes());

        let goes = Forward::new(&came.head, &id)
            .set::<field::MessageId>(&MessageId::parse("abcd").unwrap())
            .range(&ByteRange { start: 4, end: Some(5), total: None })
            .finish(Bytes::new(), Flag::Last)
            .unwrap();
        let expected = "MSRP b897 SEND\r\nto-path:msrp://b/2;tcp\r\nFROM-PATH: msrp://a/3;tcp\r\nMessage-ID: abcd\r\nX: y\r\nByte-Range: 4-5/*\r\n-------b897$\r\n";
        assert_eq!(goes.to_vec(), expected.as_bytes());
        let refused = Forward::new(&came.head, &id).finish(Bytes::from_static(b"x"), Flag::Last);
        assert_eq!(refused.unwrap_err().field, Part::Body);
    }

    #[test]
    fn an_id_that_the_body_holds_is_refused() {
        let text = "MSRP a786 SEND\r\nTo-Path: msrp://b/2;tcp\r\nFrom-Path: msrp://a/3;tcp\r\n\r\n-------b897$\r\n\r\n-------a786$\r\n";
        let came = websocket(text.into(), &Limits::DEFAULT).unwrap();
        let id = TransactionId::parse("b897").unwrap();
        let refused = Forward::new(&came.head, &id).finish(came.body.clone(), Flag::Last);
        assert_eq!(refused.unwrap_err().field, Part::EndLine);
        let opened = Forward::new(&came.head, &id).open(came.body.clone()).unwrap();
        assert_eq!((opened.body, opened.tail.len()), (came.body, 0));
        assert!(opened.head.ends_with(b"tcp\r\n\r\n"));
    }
}
