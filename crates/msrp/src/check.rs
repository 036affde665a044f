//! What a request lacks, and the status code for it: the step after parsing.

use missiva_core::FaultKind;

use crate::receive::Refusal;
use crate::{Head, HeaderName, Method, ParseError, Part, StatusCode, field};

/// What is let pass for the sake of deployed stacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The paths may stand anywhere, in either order. RFC 4975 section 7.1 wants `To-Path` first and `From-Path` next;
    /// nothing depends on it once the head is read, and libraries exist that keep headers in a table and write them in
    /// its order.
    pub paths_anywhere: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self { paths_anywhere: true }
    }
}

impl Rules {
    /// Nothing is let pass.
    #[must_use]
    pub const fn strict() -> Self {
        Self { paths_anywhere: false }
    }
}

/// Checks a request: paths that can be read and stand where they must, and what its method demands. Whether the session
/// exists and the content is welcome is for the session to say.
///
/// # Errors
///
/// 400 for what is missing or malformed, 501 for a method that is not known. A request whose paths cannot be read is
/// not answered at all: there is nowhere to send it.
///
/// ```
/// use missiva_msrp::frame::websocket;
/// use missiva_msrp::{Limits, StatusCode, check};
///
/// let text = "MSRP a786 SEND\r\nTo-Path: msrp://b/2;tcp\r\nFrom-Path: msrp://a/1;tcp\r\n-------a786$\r\n";
/// let refusal = check::request(&websocket(text.into(), &Limits::DEFAULT)?.head, &check::Rules::default()).unwrap_err();
/// assert_eq!((refusal.code, refusal.part.to_string()), (StatusCode::BAD_REQUEST, "Message-ID".to_owned()));
/// # Ok::<(), missiva_msrp::frame::FrameError>(())
/// ```
pub fn request(head: &Head, rules: &Rules) -> Result<(), Refusal> {
    paths(head, rules)?;
    match head.method() {
        Some(Method::Send) => send(head),
        Some(Method::Report) => {
            head.only::<field::MessageId>()?;
            head.only::<field::Status>()?;
            head.get::<field::ByteRange>()?;
            Ok(())
        }
        Some(Method::Auth) => {
            head.get::<field::Authorization>()?;
            head.get::<field::Expires>()?;
            Ok(())
        }
        Some(Method::Nickname) => match head.only::<field::UseNickname>() {
            Ok(_) => Ok(()),
            Err(error) => Err(Refusal { code: StatusCode::BAD_NICKNAME, ..error.into() }),
        },
        Some(Method::Other(_)) => Err(Refusal {
            code: StatusCode::UNKNOWN_METHOD,
            kind: FaultKind::Unsupported,
            part: Part::StartLine,
        }),
        None => Err(Refusal {
            code: StatusCode::BAD_REQUEST,
            kind: FaultKind::Value,
            part: Part::StartLine,
        }),
    }
}

/// Checks the paths of a request or a response.
///
/// # Errors
///
/// Paths that are missing, repeated or malformed, or that stand where they may not.
pub fn paths(head: &Head, rules: &Rules) -> Result<(), ParseError> {
    head.to_path()?;
    head.from_path()?;
    let mut names = head.headers().map(|header| header.name());
    let first = (names.next(), names.next());
    if !rules.paths_anywhere && first != (Some(HeaderName::ToPath), Some(HeaderName::FromPath)) {
        let at = head.headers().next().map_or(0, |header| header.line_at());
        return Err(ParseError::new(FaultKind::Conflict, Part::Header(HeaderName::ToPath), at));
    }
    Ok(())
}

fn send(head: &Head) -> Result<(), Refusal> {
    head.only::<field::MessageId>()?;
    head.get::<field::SuccessReport>()?;
    head.get::<field::FailureReport>()?;
    match head.get::<field::ByteRange>()? {
        Some(range) if !range.is_consistent() => {
            return Err(ParseError::new(
                FaultKind::Conflict,
                Part::Header(HeaderName::ByteRange),
                0,
            )
            .into());
        }
        _ => {}
    }
    // Content has a type (RFC 4975 section 7.1); without content there is none to have.
    match head.get::<field::ContentType>()? {
        None if head.has_body() && !is_empty(head) => {
            let part = Part::Header(HeaderName::ContentType);
            Err(Refusal { code: StatusCode::BAD_REQUEST, kind: FaultKind::Empty, part })
        }
        _ => Ok(()),
    }
}

fn is_empty(head: &Head) -> bool {
    matches!(head.get::<field::ByteRange>(), Ok(Some(range)) if range.is_empty())
}

/// Whether a SEND carries nothing: the connecting side sends one first to bind its session, and either side one now and
/// then to keep the connection alive (RFC 4975 section 5.4). It is answered and nothing is delivered.
///
/// ```
/// use missiva_msrp::frame::websocket;
/// use missiva_msrp::{Limits, check};
///
/// let text = "MSRP a786 SEND\r\nTo-Path: msrp://b/2;tcp\r\nFrom-Path: msrp://a/1;tcp\r\nMessage-ID: 12339\r\n\
///             Byte-Range: 1-0/0\r\n-------a786$\r\n";
/// assert!(check::carries_nothing(&websocket(text.into(), &Limits::DEFAULT)?.head));
/// # Ok::<(), missiva_msrp::frame::FrameError>(())
/// ```
#[must_use]
pub fn carries_nothing(head: &Head) -> bool {
    head.method() == Some(Method::Send)
        && !head.has(HeaderName::ContentType)
        && (!head.has_body() || is_empty(head))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::frame::websocket;

    const PATHS: &str = "To-Path: msrp://b/2;tcp\r\nFrom-Path: msrp://a/1;tcp\r\n";

    fn judge(method: &str, lines: &str, rules: &Rules) -> Result<(), (u16, String)> {
        let text = format!("MSRP a786 {method}\r\n{lines}-------a786$\r\n");
        let whole = websocket(text.into(), &Limits::DEFAULT).unwrap();
        request(&whole.head, rules)
            .map_err(|refusal| (refusal.code.number(), refusal.part.to_string()))
    }

    #[test]
    fn requests_get_the_code_that_they_deserve() {
        type Case = (&'static str, &'static str, Option<(u16, &'static str)>);
        let table: [Case; 19] = [
            ("SEND", "Message-ID: 1234\r\nContent-Type: text/plain\r\n\r\nx\r\n", None),
            ("SEND", "Message-ID: 1234\r\nByte-Range: 1-0/0\r\n", None),
            ("SEND", "Message-ID: 1234\r\nByte-Range: 1-0/0\r\n\r\n\r\n", None),
            ("SEND", "Message-ID: 1234\r\n\r\nx\r\n", Some((400, "Content-Type"))),
            (
                "SEND",
                "Message-ID: 1234\r\nContent-Type: text\r\n\r\nx\r\n",
                Some((400, "Content-Type")),
            ),
            ("SEND", "", Some((400, "Message-ID"))),
            ("SEND", "Message-ID: 1\r\n", Some((400, "Message-ID"))),
            ("SEND", "Message-ID: 1234\r\nMessage-ID: 1234\r\n", Some((400, "Message-ID"))),
            ("SEND", "Message-ID: 1234\r\nByte-Range: 5-3/9\r\n", Some((400, "Byte-Range"))),
            (
                "SEND",
                "Message-ID: 1234\r\nSuccess-Report: partial\r\n",
                Some((400, "Success-Report")),
            ),
            (
                "SEND",
                "Message-ID: 1234\r\nFailure-Report: maybe\r\n",
                Some((400, "Failure-Report")),
            ),
            ("REPORT", "Message-ID: 1234\r\nStatus: 000 200 OK\r\nByte-Range: 1-5/5\r\n", None),
            ("REPORT", "Message-ID: 1234\r\n", Some((400, "Status"))),
            ("AUTH", "Expires: 600\r\n", None),
            ("AUTH", "Expires: soon\r\n", Some((400, "Expires"))),
            ("NICKNAME", "Use-Nickname: \"Alice\"\r\n", None),
            ("NICKNAME", "Use-Nickname: Alice\r\n", Some((424, "Use-Nickname"))),
            ("NICKNAME", "", Some((424, "Use-Nickname"))),
            ("FETCH", "", Some((501, "start line"))),
        ];
        for (method, lines, expected) in table {
            let expected = expected.map_or(Ok(()), |(code, part)| Err((code, part.to_owned())));
            assert_eq!(
                judge(method, &format!("{PATHS}{lines}"), &Rules::default()),
                expected,
                "{method} {lines}"
            );
        }
        assert_eq!(judge("200 OK", PATHS, &Rules::default()), Err((400, "start line".to_owned())));
    }

    #[test]
    fn paths_are_needed_and_their_place_is_a_rule() {
        for (lines, part) in [
            ("From-Path: msrp://a/1;tcp\r\n", "To-Path"),
            ("To-Path: msrp://a/1;tcp\r\n", "From-Path"),
            ("To-Path: sip:a\r\nFrom-Path: msrp://a/1;tcp\r\n", "To-Path"),
            (&format!("{PATHS}To-Path: msrp://b/2;tcp\r\n"), "To-Path"),
        ] {
            assert_eq!(
                judge("AUTH", lines, &Rules::default()),
                Err((400, part.to_owned())),
                "{lines}"
            );
        }
        for lines in [
            "From-Path: msrp://a/1;tcp\r\nTo-Path: msrp://b/2;tcp\r\n",
            &format!("Expires: 1\r\n{PATHS}"),
        ] {
            assert_eq!(judge("AUTH", lines, &Rules::default()), Ok(()), "{lines}");
            assert_eq!(
                judge("AUTH", lines, &Rules::strict()),
                Err((400, "To-Path".to_owned())),
                "{lines}"
            );
        }
    }

    #[test]
    fn nothing_is_carried_without_content_alone() {
        for (lines, nothing) in [
            ("Byte-Range: 1-0/0\r\n", true),
            ("", true),
            ("Byte-Range: 1-0/0\r\n\r\n\r\n", true),
            ("Byte-Range: 1-0/0\r\nContent-Type: text/plain\r\n\r\n\r\n", false),
            ("\r\nx\r\n", false),
        ] {
            let text = format!("MSRP a786 SEND\r\n{PATHS}{lines}-------a786$\r\n");
            let whole = websocket(text.into(), &Limits::DEFAULT).unwrap();
            assert_eq!(carries_nothing(&whole.head), nothing, "{lines}");
        }
    }
}
