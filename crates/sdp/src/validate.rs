//! What a description lacks or contradicts, and which SIP answer that deserves.
//!
//! Parsing says what a description holds; this says whether a session can be made of it. [`description`] looks for what
//! no answer can repair, [`faults`] reads every line there is: that is the strict reading.

use missiva_core::FaultKind;

use crate::line::Connection;
use crate::{
    Arity, Description, Field, FieldName, Level, Line, Media, ParseError, Part, Section, Visit,
    field,
};

/// Why a description is turned down.
///
/// ```
/// use missiva_sdp::{Description, validate::Refusal};
///
/// let refusal = Refusal::from(Description::parse("v=0\r\ns=no origin\r\n".into()).unwrap_err());
/// assert_eq!((refusal.code, refusal.reason()), (400, "Bad Request"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {error}")]
pub struct Refusal {
    /// The status code of the answer to the request that brought the description.
    pub code: u16,
    /// What is wrong, and where.
    #[source]
    pub error: ParseError,
}

impl Refusal {
    /// The reason phrase that goes with the code.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self.code {
            488 => "Not Acceptable Here",
            606 => "Not Acceptable",
            _ => "Bad Request",
        }
    }

    /// The code for a `Warning` field in the answer (RFC 3261 section 20.43).
    #[must_use]
    pub const fn warning(&self) -> u16 {
        match (self.error.kind, self.error.field) {
            (FaultKind::Unsupported, Part::Field(FieldName::Connection)) => 300,
            (FaultKind::Unsupported, Part::Field(name)) if name.attribute().is_some() => 306,
            (FaultKind::Unsupported, _) => 307,
            _ => 399,
        }
    }
}

impl From<ParseError> for Refusal {
    /// - 400: it is malformed (RFC 3261 section 21.4.1).
    /// - 488: it is well-formed, but a stream cannot be set up from it here: something is missing that the stream
    ///   needs, something is not known here, or it is too large for this element (section 21.4.26).
    /// - 606: no device of the user can do better: another version, another network, a range beyond its own file
    ///   (section 21.6.4).
    fn from(error: ParseError) -> Self {
        use FieldName::{
            AcceptTypes, Connection, FileRange, FileSelector, FileTransferId, Origin, Path, Rtpmap,
            Version,
        };
        let code = match (error.kind, error.field) {
            (FaultKind::Unsupported, Part::Field(Version | Origin | Connection)) => 606,
            (FaultKind::Conflict, Part::Field(FileRange | Path)) => 606,
            (FaultKind::Unsupported | FaultKind::Limit, _) => 488,
            (
                FaultKind::Empty,
                Part::Field(
                    AcceptTypes | Connection | FileSelector | FileTransferId | Path | Rtpmap,
                ),
            ) => 488,
            _ => 400,
        };
        Self { code, error }
    }
}

/// Checks what a session cannot do without. Lines that have no part in it are not read.
///
/// Streams that are refused with port zero are passed over: nothing is asked of them (RFC 3264 section 6).
///
/// # Errors
///
/// The first reason to turn the description down.
pub fn description(description: &Description) -> Result<(), Refusal> {
    // Its version tells a new offer from a repeated one (RFC 3264 section 8).
    description.session().get::<field::Origin>()?;
    let shared = description.session().get::<field::Connection>();
    for media in description.media().filter(|media| media.port() != 0) {
        check_media(description, &media, shared)?;
    }
    Ok(())
}

/// Everything that RFC 8866, RFC 4975 and RFC 5547 object to, in the order in which it was looked for: the values line by
/// line, then their places, then what they say together. What a parser had to let through is in
/// [`Description::tolerated`].
#[must_use]
pub fn faults(description: &Description) -> Vec<ParseError> {
    let mut faults: Vec<ParseError> =
        description.lines().filter_map(|line| line.visit(&mut Nobody).err()).collect();
    let values = faults.len();
    let shared = description.session().get::<field::Connection>();
    check_places(description, &description.session(), Level::Session, &mut faults);
    for media in description.media() {
        check_places(description, &media, Level::Media, &mut faults);
    }
    if let Err(error) = check_groups(description) {
        faults.push(error);
    }
    for media in description.media().filter(|media| media.port() != 0) {
        if let Err(error) = check_media(description, &media, shared) {
            // What cannot be read was found above, in the order of the text.
            let values = faults.get(..values).unwrap_or_default();
            if values.binary_search_by_key(&error.at, |fault| fault.at).is_err() {
                faults.push(error);
            }
        }
    }
    faults
}

/// Is shown everything and remembers nothing.
struct Nobody;

impl Visit for Nobody {
    #[inline(always)]
    fn value<'a, F: Field>(&mut self, _: F::Value<'a>) {}
}

fn fault(kind: FaultKind, name: FieldName, description: &Description, at: usize) -> ParseError {
    ParseError::new(kind, Part::Field(name), description.text().as_bytes(), at)
}

/// Fields where they may not stand, and twice where they may stand once.
fn check_places(
    description: &Description,
    section: &Section<'_>,
    level: Level,
    faults: &mut Vec<ParseError>,
) {
    let mut seen = 0u128;
    for line in section.lines() {
        let name = line.name();
        let kind = if !matches!(name.level(), Level::Either) && name.level() != level {
            FaultKind::Unexpected
        } else if name.arity() == Arity::One && is_again(name, &mut seen) {
            FaultKind::Conflict
        } else {
            continue;
        };
        faults.push(fault(kind, name, description, line.line_at()));
    }
}

// One bit for each field.
const _: () = assert!((FieldName::OtherAttribute as u8) < 128);

/// Marks `name` as seen, and says whether it was before. The four directions are one field.
fn is_again(name: FieldName, seen: &mut u128) -> bool {
    let name = match name {
        FieldName::Sendrecv | FieldName::Sendonly | FieldName::Inactive => FieldName::Recvonly,
        _ => name,
    };
    let bit = 1u128 << (name as u8);
    let again = *seen & bit != 0;
    *seen |= bit;
    again
}

/// Each `mid` is there once, and groups name only those (RFC 5888 sections 4 and 5).
fn check_groups(description: &Description) -> Result<(), ParseError> {
    let mut mids = Vec::new();
    for media in description.media() {
        for line in media.lines().filter(|line| line.name() == FieldName::Mid) {
            mids.push((line.value(), line.line_at()));
        }
    }
    mids.sort_unstable();
    let twice = mids.windows(2).find_map(|pair| match pair {
        [one, other] if one.0 == other.0 => Some(other.1),
        _ => None,
    });
    if let Some(at) = twice {
        return Err(fault(FaultKind::Conflict, FieldName::Mid, description, at));
    }
    for line in description.session().lines() {
        let Some(group) = line.read::<field::Group>()? else { continue };
        let known = |mid: &str| mids.binary_search_by(|(one, _)| (*one).cmp(mid)).is_ok();
        if !group.mids().all(known) {
            return Err(fault(FaultKind::Value, FieldName::Group, description, line.value_at()));
        }
    }
    Ok(())
}

fn check_media(
    description: &Description,
    media: &Media<'_>,
    shared: Result<Option<Connection<'_>>, ParseError>,
) -> Result<(), ParseError> {
    let first = media.lines().next();
    let at = first.map_or(0, |line| line.line_at());
    let missing = |name| Err(fault(FaultKind::Empty, name, description, at));
    // RFC 8866 section 5.7: each medium has one, or the session has.
    let own = media.get::<field::Connection>()?;
    let Some(connection) = own.map_or(shared, |own| Ok(Some(own)))? else {
        return missing(FieldName::Connection);
    };
    if !connection.address.is_internet() {
        let own = media.lines().find(|line| line.name() == FieldName::Connection);
        let session = media.session();
        let line =
            own.or_else(|| session.lines().find(|line| line.name() == FieldName::Connection));
        let at = line.map_or(at, |line| line.value_at());
        return Err(fault(FaultKind::Unsupported, FieldName::Connection, description, at));
    }
    if media.protocol().is_msrp() {
        check_message(description, media, at)?;
        check_file(description, media, at)?;
    }
    if media.protocol().is_rtp() {
        // RFC 3551 section 3: the numbers from 96 on mean what a map says.
        let maps = media.all::<field::Rtpmap>().flatten();
        let mapped = maps.fold(0u128, |all, map| all | 1u128.unbounded_shl(map.payload.into()));
        let named = |payload: u8| mapped & 1u128.unbounded_shl(payload.into()) != 0;
        if !media.formats().payload_types().filter(|payload| *payload >= 96).all(named) {
            return missing(FieldName::Rtpmap);
        }
    }
    Ok(())
}

/// RFC 4975 section 8: a path whose scheme fits the protocol, and types.
fn check_message(
    description: &Description,
    media: &Media<'_>,
    at: usize,
) -> Result<(), ParseError> {
    let missing = |name| Err(fault(FaultKind::Empty, name, description, at));
    let Some(path) = media.get::<field::Path>()? else { return missing(FieldName::Path) };
    if media.get::<field::AcceptTypes>()?.is_none() {
        return missing(FieldName::AcceptTypes);
    }
    let secure = media.protocol() == crate::line::Protocol::TcpTlsMsrp;
    if path.endpoint().secure == secure {
        return Ok(());
    }
    let at = line_of(media, FieldName::Path).map_or(at, |line| line.value_at());
    Err(fault(FaultKind::Conflict, FieldName::Path, description, at))
}

/// RFC 5547 section 8: a selector and a transfer id, a digest that can be computed, a range within the file.
fn check_file(description: &Description, media: &Media<'_>, at: usize) -> Result<(), ParseError> {
    use FieldName::{FileDate, FileDisposition, FileIcon, FileRange, FileSelector, FileTransferId};
    let missing = |name| Err(fault(FaultKind::Empty, name, description, at));
    let at = |name| line_of(media, name).map_or(at, |line| line.value_at());
    let Some(selector) = media.get::<field::FileSelector>()? else {
        let about_files = [FileTransferId, FileRange, FileDate, FileIcon, FileDisposition];
        return match about_files.into_iter().any(|name| media.has(name)) {
            true => missing(FileSelector),
            false => Ok(()),
        };
    };
    // A selector that selects nothing says only that files are understood; one that has a size alone tells how much is
    // coming in CPM's large message mode, where no file is transferred.
    if !(selector.is_empty() || selector.is_size_alone())
        && media.get::<field::FileTransferId>()?.is_none()
    {
        return missing(FileTransferId);
    }
    let mut hashes = selector.hashes.iter().peekable();
    let known = |algorithm: &str| crate::attribute::digest_len(algorithm).is_some();
    if hashes.peek().is_some() && !hashes.any(|hash| known(hash.algorithm)) {
        return Err(fault(FaultKind::Unsupported, FileSelector, description, at(FileSelector)));
    }
    let (range, size) = (media.get::<field::FileRange>()?, selector.size);
    match range.zip(size) {
        Some((range, size)) if range.len(size).is_none() => {
            Err(fault(FaultKind::Conflict, FileRange, description, at(FileRange)))
        }
        _ => Ok(()),
    }
}

fn line_of<'d>(media: &Media<'d>, name: FieldName) -> Option<Line<'d>> {
    media.lines().find(|line| line.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n";
    const MSRP: &str = "m=message 9 TCP/MSRP *\r\nc=IN IP4 192.0.2.1\r\na=accept-types:*\r\na=path:msrp://h/s;tcp\r\n";

    /// The answer to the head with `lines` behind it, and what it is for; every fault's field.
    fn judge(lines: &str) -> (Option<(u16, FaultKind, FieldName)>, Vec<FieldName>) {
        let text = format!("{HEAD}{lines}");
        let parsed = Description::parse(text.clone().into())
            .unwrap_or_else(|error| panic!("{text}: {error}"));
        let name = |error: ParseError| match error.field {
            Part::Field(name) => name,
            part => panic!("{part}"),
        };
        let refusal = description(&parsed).err();
        let refusal =
            refusal.map(|refusal| (refusal.code, refusal.error.kind, name(refusal.error)));
        (refusal, faults(&parsed).into_iter().map(name).collect())
    }

    #[test]
    fn what_a_stream_needs_is_asked_for() {
        use FaultKind::{Conflict, Empty, Unsupported};
        use FieldName::{
            AcceptTypes, Connection, FileRange, FileSelector, FileTransferId, Path, Rtpmap,
        };
        let file = |lines: &str| format!("{MSRP}a=file-transfer-id:1\r\n{lines}");
        let table = [
            (String::new(), None),
            (MSRP.to_owned(), None),
            (MSRP.replace("c=IN IP4 192.0.2.1\r\n", ""), Some((488, Empty, Connection))),
            (MSRP.replace("IN IP4 192.0.2.1", "ATM NSAP 47"), Some((606, Unsupported, Connection))),
            (MSRP.replace("a=accept-types:*\r\n", ""), Some((488, Empty, AcceptTypes))),
            (MSRP.replace("a=path:msrp://h/s;tcp\r\n", ""), Some((488, Empty, Path))),
            (MSRP.replace("//h/s;", "//h;"), Some((488, Empty, Path))),
            (MSRP.replace("msrp:", "msrps:"), Some((606, Conflict, Path))),
            (MSRP.replace("TCP/MSRP", "TCP/TLS/MSRP"), Some((606, Conflict, Path))),
            (
                MSRP.replace("m=message 9", "m=message 0").replace("a=path:msrp://h/s;tcp\r\n", ""),
                None,
            ),
            (file("a=file-selector:size:10\r\na=file-range:1-10\r\n"), None),
            (file("a=file-selector:size:10\r\na=file-range:11-*\r\n"), None),
            (
                file("a=file-selector:size:10\r\na=file-range:1-11\r\n"),
                Some((606, Conflict, FileRange)),
            ),
            (
                file("a=file-selector:size:10\r\na=file-range:12-*\r\n"),
                Some((606, Conflict, FileRange)),
            ),
            (file(""), Some((488, Empty, FileSelector))),
            (file("a=file-selector:hash:x:00\r\n"), Some((488, Unsupported, FileSelector))),
            (
                file(
                    "a=file-selector:hash:x:00 hash:md5:00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f\r\n",
                ),
                None,
            ),
            (format!("{MSRP}a=file-selector\r\n"), None),
            (
                format!("{MSRP}a=file-selector:type:a/b size:1\r\n"),
                Some((488, Empty, FileTransferId)),
            ),
            (format!("{MSRP}a=file-selector:size:1\r\n"), None),
            ("m=audio 1 RTP/AVP 0 95\r\nc=IN IP4 192.0.2.1\r\n".to_owned(), None),
            (
                "m=audio 1 RTP/AVP 0 96\r\nc=IN IP4 192.0.2.1\r\n".to_owned(),
                Some((488, Empty, Rtpmap)),
            ),
            ("m=audio 1 RTP/AVP 96\r\nc=IN IP4 192.0.2.1\r\na=rtpmap:96 X/1\r\n".to_owned(), None),
        ];
        for (lines, expected) in table {
            let (refusal, faults) = judge(&lines);
            assert_eq!(refusal, expected, "{lines}");
            assert_eq!(
                faults,
                expected.map(|(.., name)| name).into_iter().collect::<Vec<_>>(),
                "{lines}"
            );
        }
    }

    #[test]
    fn an_origin_that_cannot_be_read_is_malformed() {
        let text = HEAD.replace("- 1 1 IN", "- 1 x IN");
        let refusal = description(&Description::parse(text.into()).unwrap()).unwrap_err();
        assert_eq!((refusal.code, refusal.error.line, refusal.error.at), (400, 2, 11));
    }

    #[test]
    fn every_fault_is_found() {
        use FieldName::{Group, Inactive, Mid, Path, Ptime, Rtpmap, Setup, Tool};
        let table = [
            ("a=path:x\r\n", vec![Path, Path]),
            ("a=setup:x\r\n", vec![Setup]),
            ("a=setup:active\r\na=setup:active\r\n", vec![Setup]),
            ("a=sendonly\r\na=inactive\r\n", vec![Inactive]),
            ("a=group:LS 1\r\n", vec![Group]),
            ("a=group:LS\r\n", vec![]),
            ("m=a 0 b c\r\na=mid:1\r\nm=a 0 b c\r\na=mid:1\r\n", vec![Mid]),
            ("a=group:LS 1 2\r\nm=a 0 b c\r\na=mid:1\r\nm=a 0 b c\r\na=mid:2\r\n", vec![]),
            ("m=a 0 b c\r\na=tool:x\r\na=ptime:0\r\na=rtpmap:x\r\n", vec![Ptime, Rtpmap, Tool]),
        ];
        for (lines, expected) in table {
            assert_eq!(judge(lines).1, expected, "{lines}");
        }
    }

    #[test]
    fn each_kind_of_fault_has_its_answer() {
        use FieldName::{Connection, FileSelector, Media, Origin, Version};
        let part = Part::Field;
        let table = [
            (FaultKind::Unexpected, Part::Line, 400, "Bad Request", 399),
            (FaultKind::Utf8, Part::Framing, 400, "Bad Request", 399),
            (FaultKind::Limit, Part::Framing, 488, "Not Acceptable Here", 399),
            (FaultKind::Limit, part(Media), 488, "Not Acceptable Here", 399),
            (FaultKind::Empty, part(Origin), 400, "Bad Request", 399),
            (FaultKind::Unsupported, part(Version), 606, "Not Acceptable", 307),
            (FaultKind::Unsupported, part(Connection), 606, "Not Acceptable", 300),
            (FaultKind::Unsupported, part(FileSelector), 488, "Not Acceptable Here", 306),
        ];
        for (kind, field, code, reason, warning) in table {
            let refusal = Refusal::from(ParseError { kind, line: 1, field, at: 0 });
            let got = (refusal.code, refusal.reason(), refusal.warning());
            assert_eq!(got, (code, reason, warning), "{kind:?} {field}");
        }
    }
}
