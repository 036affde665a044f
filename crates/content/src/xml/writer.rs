//! Writing a document element by element.

use std::fmt::{Display, Write};

use bytes::{BufMut, BytesMut};

use super::text::is_xml_char;
use super::{Extension, Ns};
use crate::DateTime;
use crate::encode::put;

/// A document that grows at the end of a buffer.
pub(crate) struct Writer<'o> {
    out: &'o mut BytesMut,
    /// Names of the open elements.
    open: Vec<&'static str>,
    /// Whether the last start tag still lacks its angle bracket.
    in_tag: bool,
}

impl<'o> Writer<'o> {
    /// Begins a document of UTF-8 with its root, whose namespace is the default one.
    pub(crate) fn document(out: &'o mut BytesMut, ns: Ns, root: &'static str) -> Self {
        put("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", out);
        let mut writer = Self::fragment(out);
        writer.start(root);
        if ns != Ns::None {
            writer.attribute("xmlns", ns.uri());
        }
        writer
    }

    /// Begins a list of elements without a root and without a declaration.
    pub(crate) fn fragment(out: &'o mut BytesMut) -> Self {
        Self { out, open: Vec::new(), in_tag: false }
    }

    /// Opens an element.
    pub(crate) fn start(&mut self, name: &'static str) {
        self.close_tag();
        self.out.put_u8(b'<');
        put(name, self.out);
        self.open.push(name);
        self.in_tag = true;
    }

    /// Adds an attribute to the element that was just opened.
    pub(crate) fn attribute(&mut self, name: &'static str, value: &str) {
        self.out.put_u8(b' ');
        put(name, self.out);
        put("=\"", self.out);
        self.escaped(value, true);
        self.out.put_u8(b'"');
    }

    /// Adds an attribute when there is a value.
    pub(crate) fn optional(&mut self, name: &'static str, value: Option<&str>) {
        if let Some(value) = value {
            self.attribute(name, value);
        }
    }

    /// Adds an attribute that prints itself, and nothing that has to be escaped: a number, a date.
    pub(crate) fn shown(&mut self, name: &'static str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.attribute(name, "");
            self.out.truncate(self.out.len() - 1);
            self.display(value);
            self.out.put_u8(b'"');
        }
    }

    /// Adds text.
    pub(crate) fn text(&mut self, text: &str) {
        self.close_tag();
        self.escaped(text, false);
    }

    /// Closes the element that was opened last.
    pub(crate) fn end(&mut self) {
        let name = self.open.pop().unwrap_or_default();
        if self.in_tag {
            put("/>", self.out);
            self.in_tag = false;
        } else {
            put("</", self.out);
            put(name, self.out);
            self.out.put_u8(b'>');
        }
    }

    /// An element that is empty.
    pub(crate) fn empty(&mut self, name: &'static str) {
        self.start(name);
        self.end();
    }

    /// An element with nothing but text.
    pub(crate) fn element(&mut self, name: &'static str, text: &str) {
        self.start(name);
        self.text(text);
        self.end();
    }

    /// The same when there is a text.
    pub(crate) fn optional_element(&mut self, name: &'static str, text: Option<&str>) {
        if let Some(text) = text {
            self.element(name, text);
        }
    }

    /// An element with a number, a date or a truth, when there is one.
    pub(crate) fn shown_element(&mut self, name: &'static str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.start(name);
            self.close_tag();
            self.display(value);
            self.end();
        }
    }

    /// An element with a date, when there is one.
    pub(crate) fn date(&mut self, name: &'static str, date: Option<&DateTime>) {
        self.shown_element(name, date);
    }

    /// Elements that are kept as they came.
    pub(crate) fn extensions(&mut self, kept: &[Extension]) {
        for one in kept {
            self.close_tag();
            put(one.as_str(), self.out);
        }
    }

    /// A growable buffer never refuses.
    fn display(&mut self, value: impl Display) {
        let _ = write!(self.out, "{value}");
    }

    fn close_tag(&mut self) {
        if std::mem::take(&mut self.in_tag) {
            self.out.put_u8(b'>');
        }
    }

    /// Text with what XML would take for markup, or would not give back, as references.
    fn escaped(&mut self, text: &str, in_attribute: bool) {
        let mut plain = 0;
        for (at, c) in text.char_indices() {
            let written = match c {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' if in_attribute => "&quot;",
                '\t' if in_attribute => "&#9;",
                '\n' if in_attribute => "&#10;",
                '\r' => "&#13;",
                c if is_xml_char(c) => continue,
                _ => "\u{fffd}",
            };
            put(text.get(plain..at).unwrap_or_default(), self.out);
            put(written, self.out);
            plain = at + c.len_utf8();
        }
        put(text.get(plain..).unwrap_or_default(), self.out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_values_is_escaped() {
        let mut out = BytesMut::new();
        let mut writer = Writer::document(&mut out, Ns::Imdn, "a");
        writer.attribute("b", "<\"&'>\t\r\n\u{1}é");
        writer.empty("c");
        writer.element("d", "]]><\"&'>\t\r\n\u{ffff}é");
        writer.element("e", "");
        writer.end();
        let expected = concat!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
            "<a xmlns=\"urn:ietf:params:xml:ns:imdn\" b=\"&lt;&quot;&amp;'&gt;&#9;&#13;&#10;\u{fffd}é\"><c/>",
            "<d>]]&gt;&lt;\"&amp;'&gt;\t&#13;\n\u{fffd}é</d><e></e></a>"
        );
        assert_eq!(out, expected);
    }
}
