//! `m=`.

use bytes::{BufMut, BytesMut};
use missiva_core::scan::{ByteSet, Cursor};
use missiva_core::{Fault, FaultKind};

use crate::encode::{put, put_display};
use crate::grammar::{TOKEN, more, port, space, token, word, words};
use crate::value::Value;

/// `m=`: a medium, its port, its protocol and its formats (RFC 8866 section 5.14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MediaLine<'a> {
    /// The media type.
    pub media: &'a str,
    /// The port; zero refuses the stream.
    pub port: u16,
    /// How many ports, when it is said.
    pub port_count: Option<u16>,
    /// The transport protocol.
    pub protocol: &'a str,
    /// Payload types, or whatever the protocol puts there.
    pub formats: Formats<'a>,
}

/// `proto`: tokens with slashes between them.
const PROTOCOL: ByteSet = TOKEN.with(b"/");

impl<'a> Value<'a> for MediaLine<'a> {
    #[inline(always)]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let media = token(cursor)?;
        space(cursor)?;
        let port = port(cursor)?;
        let port_count = if cursor.eat(b'/') { Some(count(cursor)?) } else { None };
        space(cursor)?;
        let protocol = cursor.take_some(&PROTOCOL)?;
        let formats = if more(cursor) { Formats::read(cursor)? } else { Formats { text: "" } };
        Ok(Self { media, port, port_count, protocol, formats })
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.media, out);
        put_display(format_args!(" {}", self.port), out);
        if let Some(count) = self.port_count {
            put_display(format_args!("/{count}"), out);
        }
        out.put_u8(b' ');
        put(self.protocol, out);
        if !self.formats.text.is_empty() {
            out.put_u8(b' ');
            put(self.formats.text, out);
        }
    }
}

#[cold]
fn count(cursor: &mut Cursor<'_>) -> Result<u16, Fault> {
    let start = cursor.at();
    match port(cursor)? {
        0 => Err(Fault::new(FaultKind::Number, start)),
        count => Ok(count),
    }
}

/// The formats of an `m=` line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Formats<'a> {
    text: &'a str,
}

impl<'a> Formats<'a> {
    /// Reads formats with blanks between them.
    ///
    /// # Errors
    ///
    /// A byte that no format has, or none at all.
    pub fn parse(text: &'a str) -> Result<Self, Fault> {
        let mut cursor = Cursor::new(text);
        let formats = Self::read(&mut cursor)?;
        cursor.finish()?;
        Ok(formats)
    }

    #[inline(always)]
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let start = cursor.at();
        word(cursor)?;
        while more(cursor) {
            word(cursor)?;
        }
        Ok(Self { text: cursor.since(start) })
    }

    /// Formats that were checked before.
    pub(crate) const fn checked(text: &'a str) -> Self {
        Self { text }
    }

    /// The formats as they were written.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// Each format in order of preference.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        words(self.text)
    }

    /// Each format that is an RTP payload type: a number up to 127.
    pub fn payload_types(&self) -> impl Iterator<Item = u8> + Clone + use<'a> {
        self.iter().filter_map(|word| word.parse().ok()).filter(|number| *number < 128)
    }

    /// Whether `format` is among them.
    #[must_use]
    pub fn has(&self, format: &str) -> bool {
        self.iter().any(|one| one == format)
    }
}

/// The media types that are registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MediaKind<'a> {
    /// `audio`.
    Audio,
    /// `video`.
    Video,
    /// `text` (RFC 4103).
    Text,
    /// `application`.
    Application,
    /// `message` (RFC 4975).
    Message,
    /// `image` (T.38).
    Image,
    /// Any other.
    Other(&'a str),
}

impl<'a> MediaKind<'a> {
    /// The type that `word` names, in any case.
    #[must_use]
    pub fn of(word: &'a str) -> Self {
        let is = |known: &str| word.eq_ignore_ascii_case(known);
        match word.as_bytes().first().map(u8::to_ascii_lowercase) {
            Some(b'a') if is("audio") => Self::Audio,
            Some(b'v') if is("video") => Self::Video,
            Some(b'm') if is("message") => Self::Message,
            Some(b't') if is("text") => Self::Text,
            Some(b'a') if is("application") => Self::Application,
            Some(b'i') if is("image") => Self::Image,
            _ => Self::Other(word),
        }
    }

    /// The word that names the type.
    #[must_use]
    pub const fn as_str(self) -> &'a str {
        match self {
            Self::Audio => "audio",
            Self::Video => "video",
            Self::Text => "text",
            Self::Application => "application",
            Self::Message => "message",
            Self::Image => "image",
            Self::Other(word) => word,
        }
    }
}

macro_rules! protocols {
    ($($(#[$doc:meta])* $name:ident $text:literal;)*) => {
        /// The transport protocols that this workspace meets.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Protocol<'a> {
            $($(#[$doc])* $name,)*
            /// Any other.
            Other(&'a str),
        }

        impl<'a> Protocol<'a> {
            /// The protocol that `word` names, in any case.
            #[must_use]
            pub fn of(word: &'a str) -> Self {
                $(if word.eq_ignore_ascii_case($text) { return Self::$name; })*
                Self::Other(word)
            }

            /// The word that names the protocol.
            #[must_use]
            pub const fn as_str(self) -> &'a str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Other(word) => word,
                }
            }
        }
    };
}

protocols! {
    /// RTP (RFC 3551).
    RtpAvp "RTP/AVP";
    /// RTP with early feedback (RFC 4585).
    RtpAvpf "RTP/AVPF";
    /// Secure RTP (RFC 3711).
    RtpSavp "RTP/SAVP";
    /// Secure RTP with early feedback (RFC 5124).
    RtpSavpf "RTP/SAVPF";
    /// Secure RTP keyed by DTLS (RFC 5764).
    UdpTlsRtpSavp "UDP/TLS/RTP/SAVP";
    /// Secure RTP keyed by DTLS, with early feedback (RFC 5764).
    UdpTlsRtpSavpf "UDP/TLS/RTP/SAVPF";
    /// MSRP (RFC 4975).
    TcpMsrp "TCP/MSRP";
    /// MSRP over TLS (RFC 4975).
    TcpTlsMsrp "TCP/TLS/MSRP";
    /// Data channels (RFC 8841).
    UdpDtlsSctp "UDP/DTLS/SCTP";
    /// Floor control (RFC 8856).
    TcpBfcp "TCP/BFCP";
    /// Facsimile (T.38).
    Udptl "udptl";
    /// Anything over UDP.
    Udp "udp";
    /// Anything over TCP (RFC 4145).
    Tcp "TCP";
}

impl Protocol<'_> {
    /// Whether the stream carries MSRP.
    #[must_use]
    pub const fn is_msrp(self) -> bool {
        matches!(self, Self::TcpMsrp | Self::TcpTlsMsrp)
    }

    /// Whether the stream carries RTP, so that its formats are payload types.
    #[must_use]
    pub fn is_rtp(self) -> bool {
        let text = self.as_str();
        let mut parts = text.split('/');
        parts.any(|part| part.eq_ignore_ascii_case("RTP"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_lines_are_read_in_parts() {
        let table = [
            ("audio 49170 RTP/AVP 0 8 97", ("audio", 49170, None, "RTP/AVP", "0 8 97")),
            ("video 49170/2 RTP/AVP 31", ("video", 49170, Some(2), "RTP/AVP", "31")),
            ("message 9 TCP/TLS/MSRP *", ("message", 9, None, "TCP/TLS/MSRP", "*")),
            (
                "application 0 UDP/DTLS/SCTP webrtc-datachannel",
                ("application", 0, None, "UDP/DTLS/SCTP", "webrtc-datachannel"),
            ),
            ("audio 0 RTP/AVP", ("audio", 0, None, "RTP/AVP", "")),
        ];
        for (text, (media, port, port_count, protocol, formats)) in table {
            let formats = Formats { text: formats };
            let line = MediaLine { media, port, port_count, protocol, formats };
            assert_eq!(MediaLine::parse(text), Ok(line), "{text}");
            assert_eq!(line.to_text(), text);
        }
        let formats = Formats::parse("0 128 x  8\t127").unwrap();
        assert_eq!(formats.payload_types().collect::<Vec<_>>(), [0, 8, 127]);
        assert_eq!(formats.iter().collect::<Vec<_>>(), ["0", "128", "x", "8", "127"]);
        assert!(formats.has("x") && !formats.has("1"));
    }

    #[test]
    fn media_lines_that_are_none_are_refused() {
        let table = [
            ("", FaultKind::End, 0),
            ("audio", FaultKind::End, 5),
            ("audio x RTP/AVP 0", FaultKind::Number, 6),
            ("audio 65536 RTP/AVP 0", FaultKind::Number, 6),
            ("audio 1/0 RTP/AVP 0", FaultKind::Number, 8),
            ("audio -1 RTP/AVP 0", FaultKind::Number, 6),
            ("audio 1/ RTP/AVP 0", FaultKind::Number, 8),
            ("audio 1", FaultKind::End, 7),
            ("audio 1 RTP@AVP 0", FaultKind::Unexpected, 11),
            ("audio 1 RTP/AVP 0\u{1}", FaultKind::Unexpected, 17),
            ("au/dio 1 RTP/AVP 0", FaultKind::Unexpected, 2),
        ];
        for (text, kind, at) in table {
            assert_eq!(
                MediaLine::parse(text),
                Err(Fault::new(kind, at)),
                "{}",
                text.escape_debug()
            );
        }
    }

    #[test]
    fn media_and_protocols_are_known_in_any_case() {
        for word in ["audio", "video", "text", "application", "message", "image", "model"] {
            assert_eq!(MediaKind::of(word).as_str(), word);
        }
        assert_eq!(MediaKind::of("Audio"), MediaKind::Audio);
        assert_eq!(Protocol::of("tcp/msrp"), Protocol::TcpMsrp);
        assert_eq!(Protocol::of("TCP/DTLS"), Protocol::Other("TCP/DTLS"));
        assert!(Protocol::of("UDP/TLS/RTP/SAVPF").is_rtp() && Protocol::of("X/rtp/Y").is_rtp());
        assert!(Protocol::TcpTlsMsrp.is_msrp() && !Protocol::Udp.is_rtp());
    }
}
