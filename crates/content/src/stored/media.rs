//! What was recorded of a session or a file transfer.

use bytes::{Bytes, BytesMut};

use crate::xml::{Ns, Reader, Writer, straighten};
use crate::{Limits, ParseError};

/// How a stored object is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Elements one after the other, as CPM V2.0 shows it.
    Fragment,
    /// One root around them, as deployed stores have it.
    Rooted,
}

/// What is stored of a session.
///
/// ```
/// use missiva_content::Limits;
/// use missiva_content::stored::{ConversationType, SessionInfo, Shape};
///
/// let xml = b"<session-type>1-1</session-type><invited-participants>tel:+1;tel:+2</invited-participants>";
/// let info = SessionInfo::parse(xml, &Limits::DEFAULT)?;
/// assert_eq!(info.session_type, ConversationType::OneToOne);
/// assert_eq!(info.invited, ["tel:+1", "tel:+2"]);
/// assert_eq!(&info.to_bytes(Shape::Fragment)[..], xml);
/// # Ok::<(), missiva_content::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SessionInfo {
    /// Which kind of session it was.
    pub session_type: ConversationType,
    /// The addresses of those who were invited.
    pub invited: Vec<String>,
    /// One for each stream that was recorded.
    pub media: Vec<MediaObject>,
}

/// What is stored of a file transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct FileTransferHistory {
    /// Whether the file went to one or to a group.
    pub file_transfer_type: ConversationType,
    /// The addresses of those who were invited.
    pub invited: Vec<String>,
    /// One for each file.
    pub files: Vec<MediaObject>,
}

/// How many talked, and who put them together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ConversationType {
    /// `1-1`: two.
    OneToOne,
    /// `Ad-Hoc`: a group that its creator put together.
    AdHoc,
    /// `Pre-Defined`: a group that existed.
    PreDefined,
    /// Another word (`Group` in one deployment), as it was written.
    Other(String),
}

/// A recorded stream or file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MediaObject {
    /// Which part of the stored object holds it: a `cid:` URL. Without one, nothing was kept but the description.
    pub cid: Option<String>,
    /// The part of the session description that was its.
    pub sdp: String,
}

#[cfg(feature = "serde")]
impl serde::Serialize for ConversationType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl SessionInfo {
    /// Reads either shape.
    ///
    /// # Errors
    ///
    /// What makes it none: markup, no session type, anything that must stand once and stands twice.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let (kind, invited, media) = SESSION.parse(bytes, limits)?;
        Ok(Self { session_type: kind, invited, media })
    }

    /// Appends the body.
    pub fn write(&self, shape: Shape, out: &mut BytesMut) {
        SESSION.write(shape, &self.session_type, &self.invited, &self.media, out);
    }

    /// The body alone.
    #[must_use]
    pub fn to_bytes(&self, shape: Shape) -> Bytes {
        let mut out = BytesMut::with_capacity(512);
        self.write(shape, &mut out);
        out.freeze()
    }
}

impl FileTransferHistory {
    /// Reads either shape.
    ///
    /// # Errors
    ///
    /// What makes it none: markup, no type, anything that must stand once and stands twice.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let (kind, invited, files) = TRANSFER.parse(bytes, limits)?;
        Ok(Self { file_transfer_type: kind, invited, files })
    }

    /// Appends the body.
    pub fn write(&self, shape: Shape, out: &mut BytesMut) {
        TRANSFER.write(shape, &self.file_transfer_type, &self.invited, &self.files, out);
    }

    /// The body alone.
    #[must_use]
    pub fn to_bytes(&self, shape: Shape) -> Bytes {
        let mut out = BytesMut::with_capacity(512);
        self.write(shape, &mut out);
        out.freeze()
    }
}

impl ConversationType {
    /// The word as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::OneToOne => "1-1",
            Self::AdHoc => "Ad-Hoc",
            Self::PreDefined => "Pre-Defined",
            Self::Other(word) => word,
        }
    }

    fn of(word: String) -> Self {
        let known = [Self::OneToOne, Self::AdHoc, Self::PreDefined];
        let found = known.into_iter().find(|one| one.as_str().eq_ignore_ascii_case(&word));
        found.unwrap_or(Self::Other(word))
    }
}

/// The names in which the two differ.
struct Names {
    root: &'static str,
    kind: &'static str,
    object: &'static str,
}

const SESSION: Names = Names { root: "session", kind: "session-type", object: "media-object" };
const TRANSFER: Names =
    Names { root: "file-transfer", kind: "file-transfer-type", object: "file-object" };

type Parts = (ConversationType, Vec<String>, Vec<MediaObject>);

impl Names {
    fn parse(&self, bytes: &[u8], limits: &Limits) -> Result<Parts, ParseError> {
        let bytes = straighten(bytes);
        let mut reader = Reader::fragment(&bytes, limits)?;
        reader.allow_bare_ampersand();
        let (mut kind, mut invited, mut objects) = (None, None, Vec::new());
        let mut in_root = false;
        let mut is_first = true;
        loop {
            let Some((_, name)) = reader.child()? else {
                if std::mem::take(&mut in_root) {
                    // The end of the root; nothing but comments may follow, and skipping does no harm.
                    continue;
                }
                break;
            };
            match name {
                name if name == self.root && is_first => in_root = true,
                name if name == self.kind => {
                    let word = ConversationType::of(reader.token(self.kind)?);
                    reader.once(&mut kind, self.kind, word)?;
                }
                "invited-participants" => {
                    let list = addresses(&reader.text("invited-participants")?);
                    reader.once(&mut invited, "invited-participants", list)?;
                }
                name if name == self.object => objects.push(MediaObject::read(&mut reader)?),
                "sdp" => objects.push(MediaObject { cid: None, sdp: reader.string("sdp")? }),
                _ => reader.skip()?,
            }
            is_first = false;
        }
        let kind = kind.ok_or_else(|| reader.missing(self.kind))?;
        Ok((kind, invited.unwrap_or_default(), objects))
    }

    fn write(
        &self,
        shape: Shape,
        kind: &ConversationType,
        invited: &[String],
        objects: &[MediaObject],
        out: &mut BytesMut,
    ) {
        let mut writer = match shape {
            Shape::Fragment => Writer::fragment(out),
            Shape::Rooted => Writer::document(out, Ns::None, self.root),
        };
        writer.element(self.kind, kind.as_str());
        writer.element("invited-participants", &invited.join(";"));
        for object in objects {
            match &object.cid {
                None => writer.element("sdp", &object.sdp),
                Some(cid) => {
                    writer.start(self.object);
                    writer.element("cid", cid);
                    writer.element("sdp", &object.sdp);
                    writer.end();
                }
            }
        }
        if shape == Shape::Rooted {
            writer.end();
        }
    }
}

impl MediaObject {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let (mut cid, mut sdp) = (None, None);
        while let Some((_, name)) = reader.child()? {
            match name {
                "cid" => {
                    let url = reader.token("cid")?;
                    reader.once(&mut cid, "cid", url)?;
                }
                "sdp" => {
                    let text = reader.string("sdp")?;
                    reader.once(&mut sdp, "sdp", text)?;
                }
                _ => reader.skip()?,
            }
        }
        Ok(Self { cid, sdp: sdp.unwrap_or_default() })
    }
}

/// Addresses between semicolons. A semicolon before a parameter belongs to its address (`sip:+1@a;user=phone`), so
/// a new one begins only where a scheme, a number, or something with `@` does.
fn addresses(text: &str) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for piece in text.split(';').map(str::trim) {
        match list.last_mut() {
            Some(address) if !piece.is_empty() && !begins_address(piece) => {
                address.push(';');
                address.push_str(piece);
            }
            _ if piece.is_empty() => {}
            _ => list.push(piece.to_owned()),
        }
    }
    list
}

fn begins_address(piece: &str) -> bool {
    let before = |mark: char| piece.split_once(mark).map(|(before, _)| before);
    let is_scheme = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+')
    };
    piece.starts_with(['+', '<', '"'])
        || piece.bytes().all(|byte| byte.is_ascii_digit())
        || before(':').is_some_and(is_scheme)
        || before('@').is_some_and(|user| !user.contains('='))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Part;
    use crate::xml::samples::{maybe, text, token};
    use missiva_core::FaultKind;
    use proptest::prelude::*;

    #[test]
    fn addresses_keep_their_parameters() {
        let table: [(&str, &[&str]); 8] = [
            ("", &[]),
            (" ; ", &[]),
            ("tel:+1;tel:+2", &["tel:+1", "tel:+2"]),
            (
                "sip:+1@a.example;user=phone;sip:b@a.example",
                &["sip:+1@a.example;user=phone", "sip:b@a.example"],
            ),
            (
                "<sip:a@b>;+15145551234; 911;c@d.example;",
                &["<sip:a@b>", "+15145551234", "911", "c@d.example"],
            ),
            ("tel:911;phone-context=+1;tel:+2", &["tel:911;phone-context=+1", "tel:+2"]),
            ("sip:a@b;gr=urn:uuid:f8", &["sip:a@b;gr=urn:uuid:f8"]),
            ("sip:a@b;lr", &["sip:a@b;lr"]),
        ];
        for (written, list) in table {
            assert_eq!(addresses(written), list, "{written}");
        }
    }

    #[test]
    fn both_shapes_say_the_same() {
        let inside = "<session-type>Ad-Hoc</session-type><invited-participants>tel:+1;tel:+2</invited-participants>\
            <media-object><cid>cid:1@a</cid><sdp>m=message 9 TCP/MSRP *</sdp></media-object>";
        let fragment = SessionInfo::parse(inside.as_bytes(), &Limits::DEFAULT).unwrap();
        let wraps = [
            format!("<session>{inside}</session>"),
            format!(
                "<?xml version=“1.0” encoding=“UTF-8”?><session xmlns=“urn:x”>{inside}</session>\r\n"
            ),
            format!("\r\n{inside}\r\n<later><session-type/></later>"),
        ];
        for wrapped in wraps {
            assert_eq!(
                SessionInfo::parse(wrapped.as_bytes(), &Limits::DEFAULT).as_ref(),
                Ok(&fragment),
                "{wrapped}"
            );
        }
        assert_eq!(fragment.media[0].cid.as_deref(), Some("cid:1@a"));
    }

    #[test]
    fn a_single_description_stands_for_a_stream() {
        let xml = "<session><session-type>Group</session-type><sdp>o=- 1 1 IN IP4 a\r\ns=a & b</sdp></session>";
        let info = SessionInfo::parse(xml.as_bytes(), &Limits::DEFAULT).unwrap();
        assert_eq!(info.session_type, ConversationType::Other("Group".into()));
        assert_eq!(
            info.media,
            [MediaObject { cid: None, sdp: "o=- 1 1 IN IP4 a\ns=a & b".into() }]
        );
    }

    #[test]
    fn bodies_that_are_none_are_refused() {
        let table = [
            ("", FaultKind::Empty, Part::Element("session-type")),
            ("<session/>", FaultKind::Empty, Part::Element("session-type")),
            ("<session-type/>", FaultKind::Empty, Part::Element("session-type")),
            ("<session-type>1-1", FaultKind::End, Part::Markup),
            ("<session><session-type>1-1</session-type>", FaultKind::End, Part::Markup),
            (
                "<session-type>1-1</session-type><session-type>Ad-Hoc</session-type>",
                FaultKind::Conflict,
                Part::Element("session-type"),
            ),
            ("<!DOCTYPE a><session-type>1-1</session-type>", FaultKind::Unsupported, Part::Markup),
        ];
        for (xml, kind, part) in table {
            let fault = SessionInfo::parse(xml.as_bytes(), &Limits::DEFAULT).expect_err(xml);
            assert_eq!((fault.kind, fault.field), (kind, part), "{xml}");
        }
    }

    fn objects() -> impl Strategy<Value = Vec<MediaObject>> {
        let one = (maybe(token()), text()).prop_map(|(cid, sdp)| MediaObject { cid, sdp });
        proptest::collection::vec(one, 0..3)
    }

    fn kinds() -> impl Strategy<Value = ConversationType> {
        prop_oneof![
            Just(ConversationType::OneToOne),
            Just(ConversationType::AdHoc),
            Just(ConversationType::PreDefined),
            token().prop_map(ConversationType::Other),
        ]
    }

    fn invited() -> impl Strategy<Value = Vec<String>> {
        let address =
            prop_oneof!["tel:\\+[0-9]{1,9}", "sips?:[a-z&]{1,5}@[a-z]{1,5}(;user=phone)?"];
        proptest::collection::vec(address, 0..4)
    }

    proptest! {
        #[test]
        fn sessions_come_back_in_both_shapes(session_type in kinds(), invited in invited(), media in objects()) {
            let info = SessionInfo { session_type, invited, media };
            for shape in [Shape::Fragment, Shape::Rooted] {
                let bytes = info.to_bytes(shape);
                let read = SessionInfo::parse(&bytes, &Limits::DEFAULT).unwrap();
                prop_assert_eq!(&read, &info);
                prop_assert_eq!(read.to_bytes(shape), bytes);
            }
        }

        #[test]
        fn transfers_come_back_in_both_shapes(kind in kinds(), invited in invited(), files in objects()) {
            let history = FileTransferHistory { file_transfer_type: kind, invited, files };
            for shape in [Shape::Fragment, Shape::Rooted] {
                let bytes = history.to_bytes(shape);
                let read = FileTransferHistory::parse(&bytes, &Limits::DEFAULT).unwrap();
                prop_assert_eq!(&read, &history);
                prop_assert_eq!(read.to_bytes(shape), bytes);
            }
        }
    }
}
