//! `Warning` (RFC 3261 section 20.43).

use std::borrow::Cow;

use bytes::{BufMut, BytesMut};
use missiva_core::Fault;
use missiva_core::scan::{ByteSet, Cursor};

use super::Value;
use super::check::three_digits;
use crate::encode::{put, put_display};
use crate::grammar::{self, TOKEN, lws};
use crate::quoted::unfold;
use crate::uri::{Host, read_port};

/// What went wrong in words, and who says so.
///
/// ```
/// use missiva_sip::header::{Value, Warning};
///
/// let warning = Warning::parse("399 cpm.example.com \"133 Size exceeded\"")?;
/// assert_eq!((warning.code, warning.agent), (399, "cpm.example.com"));
/// assert_eq!(warning.text(), "133 Size exceeded");
/// assert_eq!(warning.oma_code(), Some(133));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Warning<'a> {
    /// Three digits: 300 to 399 by RFC 3261; deployed servers send others.
    pub code: u16,
    /// The server that added it: host and port, or a pseudonym.
    pub agent: &'a str,
    /// The words as they were written, quotes included.
    pub quoted: &'a str,
}

impl<'a> Warning<'a> {
    /// The code for what has no code of its own.
    pub const MISCELLANEOUS: u16 = 399;

    /// The words.
    #[must_use]
    pub fn text(&self) -> Cow<'a, str> {
        crate::quoted::unquote(self.quoted)
    }

    /// The number of OMA and GSMA with which the words begin, such as 127 for a service that is not authorised.
    ///
    /// It alone counts: the code in front differs from server to server, and so do the words behind.
    #[must_use]
    pub fn oma_code(&self) -> Option<u16> {
        let text = self.text();
        let text = text.trim_start();
        let digits = text.bytes().take_while(|byte| byte.is_ascii_digit()).count();
        text.get(..digits)?.parse().ok()
    }

    /// The agent as host and port; `None` for a pseudonym that cannot be a host.
    #[must_use]
    pub fn host(&self) -> Option<(Host<'a>, Option<u16>)> {
        let mut cursor = Cursor::new(self.agent);
        let found = read_host(&mut cursor).ok()?;
        cursor.is_end().then_some(found)
    }
}

/// A pseudonym, and a host with its port: both end at the white space.
const AGENT: ByteSet = TOKEN.with(b"[]:");

/// `warn-agent = hostport / pseudonym`.
fn read_agent<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Fault> {
    let start = cursor.at();
    let agent = cursor.take_some(&AGENT)?;
    if TOKEN.spans(agent.as_bytes()) {
        return Ok(agent);
    }
    cursor.jump(start);
    read_host(cursor)?;
    Ok(cursor.since(start))
}

fn read_host<'a>(cursor: &mut Cursor<'a>) -> Result<(Host<'a>, Option<u16>), Fault> {
    let host = Host::read(cursor)?;
    Ok((host, read_port(cursor)?))
}

/// `SP`, for which any white space passes.
fn space(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    if lws(cursor) { Ok(()) } else { Err(cursor.unexpected()) }
}

impl<'a> Value<'a> for Warning<'a> {
    /// `warn-code SP warn-agent SP warn-text`.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let code = three_digits(cursor)?;
        space(cursor)?;
        let agent = read_agent(cursor)?;
        space(cursor)?;
        let quoted = grammar::quoted_string(cursor)?;
        Ok(Self { code, agent, quoted })
    }

    fn encode(&self, out: &mut BytesMut) {
        put_display(format_args!("{:03} ", self.code), out);
        put(self.agent, out);
        out.put_u8(b' ');
        put(&unfold(self.quoted), out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use missiva_core::FaultKind;

    #[test]
    fn warnings_are_read_and_written() {
        let table = [
            (r#"307 isi.edu "Session parameter 'foo' not understood""#, Ok((307, "isi.edu", None))),
            (r#"301 [2001:db8::1]:5060 "x""#, Ok((301, "[2001:db8::1]:5060", None))),
            (r#"403 SIP "127 Service not authorised""#, Ok((403, "SIP", Some(127)))),
            (r#"399 a!b "133 \"Size\" Exceeded""#, Ok((399, "a!b", Some(133)))),
            (r#"007 - "0""#, Ok((7, "-", Some(0)))),
            (r#"399 a "65536 x""#, Ok((399, "a", None))),
            (r#"39 a "x""#, Err((FaultKind::Number, 0))),
            (r#"3999 a "x""#, Err((FaultKind::Number, 0))),
            (r#"399 "x""#, Err((FaultKind::Unexpected, 4))),
            (r#"399 a x"#, Err((FaultKind::Unexpected, 6))),
            (r#"399 a:b "x""#, Err((FaultKind::Number, 6))),
            (r#"399 a "x"#, Err((FaultKind::Quote, 6))),
            (r#"399a "x""#, Err((FaultKind::Unexpected, 3))),
        ];
        for (text, expected) in table {
            let got = Warning::parse(text);
            assert_eq!(
                got.map(|warning| (warning.code, warning.agent, warning.oma_code()))
                    .map_err(|fault| (fault.kind, fault.at)),
                expected,
                "{text}"
            );
            if let Ok(warning) = got {
                assert_eq!(warning.to_text(), text);
            }
        }
    }

    #[test]
    fn an_agent_is_a_host_or_a_pseudonym() {
        let host = |text| {
            let warning = Warning::parse(text).unwrap();
            warning.host().map(|(host, port)| (host.to_string(), port))
        };
        assert_eq!(host(r#"399 a.example:5060 "x""#), Some(("a.example".to_owned(), Some(5060))));
        assert_eq!(host(r#"399 -x- "x""#), None);
    }
}
