//! Files that went to a server (`application/vnd.gsma.rcs-ft-http+xml`): what a chat message says about such a file,
//! and what the server says about an upload that broke off.

use bytes::{Bytes, BytesMut};
use missiva_core::FaultKind;

use crate::xml::{Extension, Ns, Reader, Writer, word};
use crate::{DateTime, Limits, ParseError, Part};

/// The media type of [`FileTransfer`].
pub const MEDIA_TYPE: &str = "application/vnd.gsma.rcs-ft-http+xml";

/// A file on a server, with its thumbnail.
///
/// Documents of older profiles have no namespace and are read alike; writing uses that of the Universal Profile.
/// Extension elements of each part are kept, though the schema has no room for them: a key that is lost is a file
/// that is lost. Unknown ones of the own namespace are skipped.
///
/// ```
/// use missiva_content::file_info::{FileInfo, FileKind, FileTransfer};
/// use missiva_content::{DateTime, Limits};
///
/// let until = DateTime::parse("2030-04-20T14:30:00Z").unwrap();
/// let file = FileInfo::new(FileKind::File, 7_427_439, "image/jpeg", "https://ft.example.com/f?t=1&p=2", until);
/// let transfer = FileTransfer { parts: vec![file] };
/// let read = FileTransfer::parse(&transfer.to_bytes(), &Limits::DEFAULT)?;
/// assert_eq!(read.file().map(|file| file.size), Some(7_427_439));
/// # Ok::<(), missiva_content::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FileTransfer {
    /// The file and its thumbnail, as they stand. There is at least one.
    pub parts: Vec<FileInfo>,
}

/// One object on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FileInfo {
    /// What it is.
    pub kind: FileKind,
    /// What to do with it, where the sender cares.
    pub disposition: Option<FileDisposition>,
    /// Bytes.
    pub size: u64,
    /// Its name, as the sender's device had it: to be shown, never to be used as a path.
    pub name: Option<String>,
    /// Its media type.
    pub content_type: String,
    /// How many seconds an audio message plays.
    pub playing_length: Option<u32>,
    /// Where to fetch it.
    pub url: String,
    /// Until when it is there.
    pub until: DateTime,
    /// Where to fetch it under the name of the operator.
    pub branded_url: Option<String>,
    /// Its hash.
    pub hash: Option<String>,
    /// Extension elements.
    pub extensions: Vec<Extension>,
}

word::words! {
    /// What an object on the server is.
    FileKind {
        /// The file itself.
        File = "file",
        /// A small picture of it.
        Thumbnail = "thumbnail",
    }
}

word::words! {
    /// What the recipient's device is to do with a file.
    FileDisposition {
        /// Keep it until the user asks.
        Attach = "attach",
        /// Show or play it at once.
        Render = "render",
    }
}

/// How far an upload came before it broke off.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ResumeInfo {
    /// The first byte that the server has, from 0.
    pub start: u64,
    /// The last byte that it has.
    pub end: u64,
    /// Where to send the rest.
    pub url: String,
}

impl FileTransfer {
    /// The file itself.
    #[must_use]
    pub fn file(&self) -> Option<&FileInfo> {
        self.parts.iter().find(|part| part.kind == FileKind::File)
    }

    /// Its thumbnail.
    #[must_use]
    pub fn thumbnail(&self) -> Option<&FileInfo> {
        self.parts.iter().find(|part| part.kind == FileKind::Thumbnail)
    }

    /// Reads a document.
    ///
    /// # Errors
    ///
    /// What makes it none: markup, no part, a part without type, size, media type or place, a word, a number or a
    /// date that is none.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let mut reader = Reader::fragment(bytes, limits)?;
        let ns = match reader.child()? {
            Some((ns @ (Ns::FileTransfer | Ns::None), "file")) => ns,
            None => return Err(reader.fault(FaultKind::End, Part::Markup)),
            Some(_) => return Err(reader.fault(FaultKind::Value, Part::Element("file"))),
        };
        let mut parts = Vec::new();
        while let Some(child) = reader.child()? {
            if child == (ns, "file-info") {
                parts.push(FileInfo::read(&mut reader, ns)?);
            } else {
                reader.skip()?;
            }
        }
        if parts.is_empty() {
            return Err(reader.missing("file-info"));
        }
        reader.finish()?;
        Ok(Self { parts })
    }

    /// Appends the document.
    pub fn write(&self, out: &mut BytesMut) {
        let mut writer = Writer::document(out, Ns::FileTransfer, "file");
        writer.attribute("xmlns:x", Ns::FileTransferExt.uri());
        if self.parts.iter().any(|part| part.playing_length.is_some()) {
            writer.attribute("xmlns:am", Ns::AudioMessage.uri());
        }
        for part in &self.parts {
            part.write(&mut writer);
        }
        writer.end();
    }

    /// The document alone.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(1024);
        self.write(&mut out);
        out.freeze()
    }
}

impl FileInfo {
    /// An object with nothing but what every object has.
    pub fn new(
        kind: FileKind,
        size: u64,
        content_type: impl Into<String>,
        url: impl Into<String>,
        until: DateTime,
    ) -> Self {
        Self {
            kind,
            disposition: None,
            size,
            name: None,
            content_type: content_type.into(),
            playing_length: None,
            url: url.into(),
            until,
            branded_url: None,
            hash: None,
            extensions: Vec::new(),
        }
    }

    fn read(reader: &mut Reader<'_>, ns: Ns) -> Result<Self, ParseError> {
        let kind = reader.typed_attribute(Ns::None, "type", FileKind::read)?;
        let kind = kind.ok_or_else(|| reader.fault(FaultKind::Empty, Part::Attribute("type")))?;
        let disposition =
            reader.typed_attribute(Ns::None, "file-disposition", FileDisposition::read)?;
        let (mut size, mut content_type, mut data) = (None, None, None);
        let mut optional = Optional::default();
        while let Some(child) = reader.child()? {
            match child {
                (at, "file-size") if at == ns => {
                    let bytes = reader.typed("file-size", word::number)?;
                    reader.once(&mut size, "file-size", bytes)?;
                }
                (at, "content-type") if at == ns => {
                    let media = reader.token("content-type")?;
                    reader.once(&mut content_type, "content-type", media)?;
                }
                (at, "data") if at == ns => {
                    let place = read_data(reader)?;
                    reader.once(&mut data, "data", place)?;
                }
                _ => optional.read(reader, ns, child)?,
            }
        }
        let (url, until) = data.ok_or_else(|| reader.missing("data"))?;
        let Optional { name, playing_length, branded_url, hash, extensions } = optional;
        Ok(Self {
            kind,
            disposition,
            size: size.ok_or_else(|| reader.missing("file-size"))?,
            name,
            content_type: content_type.ok_or_else(|| reader.missing("content-type"))?,
            playing_length,
            url,
            until,
            branded_url,
            hash,
            extensions,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start("file-info");
        writer.attribute("type", self.kind.as_str());
        writer.optional("file-disposition", self.disposition.map(FileDisposition::as_str));
        writer.shown_element("file-size", Some(self.size));
        writer.optional_element("file-name", self.name.as_deref());
        writer.element("content-type", &self.content_type);
        writer.shown_element("am:playing-length", self.playing_length);
        writer.start("data");
        writer.attribute("url", &self.url);
        writer.shown("until", Some(self.until));
        writer.end();
        writer.optional_element("x:branded-url", self.branded_url.as_deref());
        writer.optional_element("x:file-hash", self.hash.as_deref());
        writer.extensions(&self.extensions);
        writer.end();
    }
}

/// What an object need not have.
#[derive(Default)]
struct Optional {
    name: Option<String>,
    playing_length: Option<u32>,
    branded_url: Option<String>,
    hash: Option<String>,
    extensions: Vec<Extension>,
}

impl Optional {
    fn read(
        &mut self,
        reader: &mut Reader<'_>,
        ns: Ns,
        child: (Ns, &str),
    ) -> Result<(), ParseError> {
        match child {
            (at, "file-name") if at == ns => {
                let name = reader.string("file-name")?;
                reader.once(&mut self.name, "file-name", name)
            }
            // Some clients leave out the prefix.
            (at, "playing-length") if at == ns || at == Ns::AudioMessage => {
                let seconds = reader.typed("playing-length", word::number)?;
                reader.once(&mut self.playing_length, "playing-length", seconds)
            }
            (Ns::FileTransferExt, "branded-url") => {
                let url = reader.token("branded-url")?;
                reader.once(&mut self.branded_url, "branded-url", url)
            }
            (Ns::FileTransferExt, "file-hash") => {
                let hash = reader.string("file-hash")?;
                reader.once(&mut self.hash, "file-hash", hash)
            }
            _ => reader.other(ns, &mut self.extensions),
        }
    }
}

fn read_data(reader: &mut Reader<'_>) -> Result<(String, DateTime), ParseError> {
    let url = reader.required("url")?.into_owned();
    let until = reader.typed_attribute(Ns::None, "until", word::date)?;
    let until = until.ok_or_else(|| reader.fault(FaultKind::Empty, Part::Attribute("until")))?;
    reader.skip()?;
    Ok((url, until))
}

impl ResumeInfo {
    /// Reads a document. It has no namespace; one of file transfer is taken too.
    ///
    /// # Errors
    ///
    /// What makes it none: markup, a missing range or place, a number that is none, a range that ends before it
    /// starts.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let mut reader = Reader::fragment(bytes, limits)?;
        let ns = match reader.child()? {
            Some((ns @ (Ns::FileTransfer | Ns::None), "file-resume-info")) => ns,
            None => return Err(reader.fault(FaultKind::End, Part::Markup)),
            Some(_) => {
                return Err(reader.fault(FaultKind::Value, Part::Element("file-resume-info")));
            }
        };
        let (mut range, mut url) = (None, None);
        while let Some(child) = reader.child()? {
            match child {
                (at, "file-range") if at == ns => {
                    let part = |name| Part::Attribute(name);
                    let bound = |name| {
                        let number = reader.typed_attribute(Ns::None, name, word::number::<u64>)?;
                        number.ok_or_else(|| reader.fault(FaultKind::Empty, part(name)))
                    };
                    let (start, end) = (bound("start")?, bound("end")?);
                    if end < start {
                        return Err(reader.fault(FaultKind::Conflict, part("end")));
                    }
                    reader.once(&mut range, "file-range", (start, end))?;
                }
                (at, "data") if at == ns => {
                    let place = reader.required("url")?.into_owned();
                    reader.once(&mut url, "data", place)?;
                }
                _ => {}
            }
            reader.skip()?;
        }
        let (start, end) = range.ok_or_else(|| reader.missing("file-range"))?;
        let url = url.ok_or_else(|| reader.missing("data"))?;
        reader.finish()?;
        Ok(Self { start, end, url })
    }

    /// Appends the document.
    pub fn write(&self, out: &mut BytesMut) {
        let mut writer = Writer::document(out, Ns::None, "file-resume-info");
        writer.start("file-range");
        writer.shown("start", Some(self.start));
        writer.shown("end", Some(self.end));
        writer.end();
        writer.start("data");
        writer.attribute("url", &self.url);
        writer.end();
        writer.end();
    }

    /// The document alone.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(256);
        self.write(&mut out);
        out.freeze()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::samples::{date, extensions, maybe, text, token};
    use proptest::prelude::*;

    const INFO: &str = "<file-info type='file'><file-size>5</file-size><content-type>image/png</content-type>\
        <data url='https://a.example' until='2030-04-20T14:30:00Z'/></file-info>";

    fn parse(inside: &str) -> Result<FileTransfer, ParseError> {
        FileTransfer::parse(format!("<file>{inside}</file>").as_bytes(), &Limits::DEFAULT)
    }

    #[test]
    fn files_that_are_none_are_refused() {
        assert_eq!(parse(INFO).unwrap().file().map(|file| file.size), Some(5));
        let table = [
            ("type='file'", "", FaultKind::Empty, Part::Attribute("type")),
            ("type='file'", "type='film'", FaultKind::Value, Part::Attribute("type")),
            (
                "type='file'",
                "type='file' file-disposition='eat'",
                FaultKind::Value,
                Part::Attribute("file-disposition"),
            ),
            ("<file-size>5</file-size>", "", FaultKind::Empty, Part::Element("file-size")),
            (">5<", ">-5<", FaultKind::Number, Part::Element("file-size")),
            (
                "<content-type>image/png</content-type>",
                "",
                FaultKind::Empty,
                Part::Element("content-type"),
            ),
            ("url='https://a.example'", "", FaultKind::Empty, Part::Attribute("url")),
            ("until='2030-04-20T14:30:00Z'", "", FaultKind::Empty, Part::Attribute("until")),
            ("2030-04-20T14", "2030-04-20X14", FaultKind::Unexpected, Part::Attribute("until")),
            ("<data ", "<date ", FaultKind::Empty, Part::Element("data")),
            (
                "<data ",
                "<data url='x' until='2030-04-20T14:30:00Z'/><data ",
                FaultKind::Conflict,
                Part::Element("data"),
            ),
            (INFO, "", FaultKind::Empty, Part::Element("file-info")),
        ];
        for (before, after, kind, part) in table {
            let fault = parse(&INFO.replace(before, after)).expect_err(after);
            assert_eq!((fault.kind, fault.field), (kind, part), "{before} → {after}");
        }
    }

    #[test]
    fn an_upload_that_broke_off_says_how_far_it_came() {
        let xml = "<?xml version='1.0' encoding='UTF-8'?><file-resume-info>\
            <file-range start='0' end='4095'/><data url='https://a.example/up'/></file-resume-info>";
        let info = ResumeInfo::parse(xml.as_bytes(), &Limits::DEFAULT).unwrap();
        assert_eq!(info, ResumeInfo { start: 0, end: 4095, url: "https://a.example/up".into() });
        let table = [
            ("end='4095'", "end='x'", FaultKind::Number, Part::Attribute("end")),
            ("start='0'", "", FaultKind::Empty, Part::Attribute("start")),
            ("start='0'", "start='4096'", FaultKind::Conflict, Part::Attribute("end")),
            ("file-range", "file-rage", FaultKind::Empty, Part::Element("file-range")),
            (" url='https://a.example/up'", "", FaultKind::Empty, Part::Attribute("url")),
            ("file-resume-info", "file", FaultKind::Value, Part::Element("file-resume-info")),
        ];
        for (before, after, kind, part) in table {
            let fault = ResumeInfo::parse(xml.replace(before, after).as_bytes(), &Limits::DEFAULT)
                .unwrap_err();
            assert_eq!((fault.kind, fault.field), (kind, part), "{before} → {after}");
        }
    }

    fn infos() -> impl Strategy<Value = FileInfo> {
        let all = (proptest::sample::select(FileKind::ALL), any::<u64>(), token(), text(), date());
        let disposition = maybe(proptest::sample::select(FileDisposition::ALL));
        let more = (
            disposition,
            maybe(text()),
            maybe(any::<u32>()),
            maybe(token()),
            maybe(text()),
            extensions(),
        );
        (all, more).prop_map(
            |(
                (kind, size, media, url, until),
                (disposition, name, length, branded_url, hash, extensions),
            )| FileInfo {
                disposition,
                name,
                playing_length: length,
                branded_url,
                hash,
                extensions,
                ..FileInfo::new(kind, size, media, url, until)
            },
        )
    }

    proptest! {
        #[test]
        fn files_come_back(parts in proptest::collection::vec(infos(), 1..3)) {
            let transfer = FileTransfer { parts };
            let bytes = transfer.to_bytes();
            let read = FileTransfer::parse(&bytes, &Limits::DEFAULT).unwrap();
            prop_assert_eq!(&read, &transfer);
            prop_assert_eq!(read.to_bytes(), bytes);
        }

        #[test]
        fn resume_infos_come_back(start in any::<u32>(), length in any::<u32>(), url in text()) {
            let info = ResumeInfo { start: start.into(), end: u64::from(start) + u64::from(length), url };
            let bytes = info.to_bytes();
            let read = ResumeInfo::parse(&bytes, &Limits::DEFAULT).unwrap();
            prop_assert_eq!(&read, &info);
            prop_assert_eq!(read.to_bytes(), bytes);
        }
    }
}
