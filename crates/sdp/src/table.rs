//! The table of fields: one row a line type or attribute, from which names, accessors and dispatch are made.

use missiva_core::scan::Cursor;

use crate::error::Place;
use crate::value::{Value, Visit};
use crate::{ParseError, attribute::*, file::*, line::*, msrp::*};

/// Where a field may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Before the first `m=`.
    Session,
    /// Behind an `m=`.
    Media,
    /// At both places; what stands at the media counts there.
    Either,
}

/// How often a field may stand at one level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// Once.
    One,
    /// As often as is needed.
    Many,
}

/// A line type or an attribute as a type: its name, its place, and the type of its values.
///
/// The unit structs of the module [`field`] implement it, one for each row of the table.
pub trait Field {
    /// The type of one value.
    type Value<'a>: Value<'a>;
    /// The name.
    const NAME: FieldName;
    /// Where it may stand.
    const LEVEL: Level;
    /// How often it may stand there.
    const ARITY: Arity;
    /// Whether its value is any text.
    const FREE: bool = <Self::Value<'static> as Value<'static>>::FREE;
}

macro_rules! fields {
    (
        lines {
            $($line:ident $letter:literal $line_level:ident $line_arity:ident $line_value:ident $(<$ll:lifetime>)?;)*
        }
        attributes {
            $($attr:ident $text:literal $level:ident $arity:ident $value:ident $(<$lt:lifetime>)?;)*
        }
    ) => {
        /// The fields that this crate knows by type: line types, and attributes by their names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        #[non_exhaustive]
        #[allow(missing_docs, reason = "the names are those of the fields")]
        pub enum FieldName {
            $($line,)*
            /// A line whose type letter RFC 8866 does not define; it is kept.
            OtherLine,
            $($attr,)*
            /// An attribute that this crate does not know; it is kept.
            OtherAttribute,
        }

        impl FieldName {
            /// Every known name, line types first.
            pub fn all() -> impl Iterator<Item = Self> {
                [$(Self::$line,)* $(Self::$attr,)*].into_iter()
            }

            /// The name of the attribute in its canonical spelling; nothing for other lines and unknown attributes.
            #[must_use]
            pub const fn attribute(self) -> Option<&'static str> {
                match self {
                    $(Self::$attr => Some($text),)*
                    _ => None,
                }
            }

            /// The type letter; `?` for a line that is not known.
            #[must_use]
            pub const fn letter(self) -> char {
                match self {
                    $(Self::$line => $letter,)*
                    Self::OtherLine => '?',
                    _ => 'a',
                }
            }

            /// Where the field may stand.
            #[must_use]
            pub const fn level(self) -> Level {
                match self {
                    $(Self::$line => Level::$line_level,)*
                    $(Self::$attr => Level::$level,)*
                    Self::OtherLine | Self::OtherAttribute => Level::Either,
                }
            }

            /// How often the field may stand at one level.
            #[must_use]
            pub const fn arity(self) -> Arity {
                match self {
                    $(Self::$line => Arity::$line_arity,)*
                    $(Self::$attr => Arity::$arity,)*
                    Self::OtherLine | Self::OtherAttribute => Arity::Many,
                }
            }

            /// Whether any text is a value of the field.
            #[inline(always)]
            #[allow(clippy::indexing_slicing, reason = "the index is below the length")]
            pub(crate) fn is_free(self) -> bool {
                FREE[self as usize & 127]
            }
        }

        /// Which fields have any text for their value.
        #[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
        static FREE: [bool; 128] = {
            let mut free = [false; 128];
            free[FieldName::OtherLine as usize] = true;
            free[FieldName::OtherAttribute as usize] = true;
            $(free[FieldName::$line as usize] = field::$line::FREE_HERE;)*
            $(free[FieldName::$attr as usize] = field::$attr::FREE_HERE;)*
            free
        };

        /// Every known attribute.
        pub(crate) const ATTRIBUTES: &[(FieldName, &str)] = &ATTRIBUTE_TABLE;
        const ATTRIBUTE_TABLE: [(FieldName, &str); [$($text),*].len()] = [$((FieldName::$attr, $text)),*];

        /// One unit struct for each known field, to name it where a type is wanted:
        /// `section.get::<field::Rtpmap>()`.
        pub mod field {
            use super::{Arity, Field, FieldName, Level};
            $(
                #[doc = concat!("`", $letter, "=`.")]
                #[derive(Clone, Copy, Debug)]
                pub struct $line;

                impl $line {
                    pub(super) const FREE_HERE: bool = <Self as Field>::FREE;
                }

                impl Field for $line {
                    type Value<'a> = super::$line_value $(<$ll>)?;
                    const NAME: FieldName = FieldName::$line;
                    const LEVEL: Level = Level::$line_level;
                    const ARITY: Arity = Arity::$line_arity;
                }
            )*
            $(
                #[doc = concat!("`a=", $text, "`.")]
                #[derive(Clone, Copy, Debug)]
                pub struct $attr;

                impl $attr {
                    pub(super) const FREE_HERE: bool = <Self as Field>::FREE;
                }

                impl Field for $attr {
                    type Value<'a> = super::$value $(<$lt>)?;
                    const NAME: FieldName = FieldName::$attr;
                    const LEVEL: Level = Level::$level;
                    const ARITY: Arity = Arity::$arity;
                }
            )*
        }

        /// Reads the value of the line of the field `name` from byte `from` to byte `to` of `text`, and hands it to
        /// `visitor` with its own type. Lines that are not known are passed over.
        #[inline]
        pub(crate) fn visit<V: Visit>(
            text: &str,
            name: FieldName,
            (from, to): (u32, u32),
            visitor: &mut V,
        ) -> Result<(), ParseError> {
            let mut cursor = Cursor::within(text, from as usize, to as usize);
            match name {
                $(FieldName::$line => visitor.value::<field::$line>(read::<field::$line>(text, &mut cursor)?),)*
                $(FieldName::$attr => visitor.value::<field::$attr>(read::<field::$attr>(text, &mut cursor)?),)*
                FieldName::OtherLine | FieldName::OtherAttribute => {}
            }
            Ok(())
        }
    };
}

/// Reads the value that the cursor over `text` holds.
#[inline(always)]
pub(crate) fn read<'a, F: Field>(
    text: &'a str,
    cursor: &mut Cursor<'a>,
) -> Result<F::Value<'a>, ParseError> {
    match F::Value::read(cursor) {
        Ok(value) if cursor.is_end() => Ok(value),
        Ok(_) => Err(cursor.unexpected().of(F::NAME, text)),
        Err(fault) => Err(fault.of(F::NAME, text)),
    }
}

fields! {
    lines {
        // RFC 8866 section 5, in its order.
        Version 'v' Session One Version;
        Origin 'o' Session One Origin<'a>;
        SessionName 's' Session One Text<'a>;
        Information 'i' Either One Text<'a>;
        Uri 'u' Session One Text<'a>;
        Email 'e' Session Many Text<'a>;
        Phone 'p' Session Many Text<'a>;
        Connection 'c' Either Many Connection<'a>;
        Bandwidth 'b' Either Many Bandwidth<'a>;
        Time 't' Session Many Time;
        Repeat 'r' Session Many Repeat<'a>;
        Zone 'z' Session Many ZoneAdjustments<'a>;
        Key 'k' Either One Key<'a>;
        Media 'm' Media One MediaLine<'a>;
    }
    attributes {
        // RFC 8866 section 6, in its order.
        Cat "cat" Session Many Text<'a>;
        Keywds "keywds" Session Many Text<'a>;
        Tool "tool" Session One Text<'a>;
        Ptime "ptime" Media One Decimal<'a>;
        Maxptime "maxptime" Media One Decimal<'a>;
        Rtpmap "rtpmap" Media Many Rtpmap<'a>;
        Recvonly "recvonly" Either One Flag;
        Sendrecv "sendrecv" Either One Flag;
        Sendonly "sendonly" Either One Flag;
        Inactive "inactive" Either One Flag;
        Orient "orient" Media One Orientation;
        Type "type" Session One Token<'a>;
        Charset "charset" Session One Token<'a>;
        Sdplang "sdplang" Either Many Language<'a>;
        Lang "lang" Either Many Language<'a>;
        Framerate "framerate" Media One Decimal<'a>;
        Quality "quality" Media One Number;
        Fmtp "fmtp" Media Many Fmtp<'a>;
        // RFC 3312, 4032: preconditions.
        Curr "curr" Media Many CurrentStatus<'a>;
        Des "des" Media Many DesiredStatus<'a>;
        Conf "conf" Media Many ConfirmStatus<'a>;
        // RFC 3605, 3611, 4585, 5506, 5761, 8858: RTCP.
        Rtcp "rtcp" Media One RtcpPort<'a>;
        RtcpXr "rtcp-xr" Either Many Text<'a>;
        RtcpFb "rtcp-fb" Media Many RtcpFeedback<'a>;
        RtcpRsize "rtcp-rsize" Media One Flag;
        RtcpMux "rtcp-mux" Media One Flag;
        RtcpMuxOnly "rtcp-mux-only" Media One Flag;
        Maxprate "maxprate" Either One Text<'a>;
        // RFC 4145: media over connections. RFC 4567, 4568, 8122, 8842: keys and certificates.
        Setup "setup" Either One Setup;
        ConnectionReuse "connection" Either One ConnectionReuse;
        KeyMgmt "key-mgmt" Either Many Text<'a>;
        Crypto "crypto" Media Many Crypto<'a>;
        Fingerprint "fingerprint" Either Many Fingerprint<'a>;
        TlsId "tls-id" Media One Token<'a>;
        // RFC 5888, 4574, 4796, 4570.
        Mid "mid" Media One Token<'a>;
        Group "group" Session Many Group<'a>;
        Label "label" Media One Token<'a>;
        Content "content" Media One ContentList<'a>;
        SourceFilter "source-filter" Either Many Text<'a>;
        // RFC 8839, 8840: ICE.
        Candidate "candidate" Media Many Candidate<'a>;
        RemoteCandidates "remote-candidates" Media One Text<'a>;
        EndOfCandidates "end-of-candidates" Either One Flag;
        IceLite "ice-lite" Session One Flag;
        IceMismatch "ice-mismatch" Media One Flag;
        IceUfrag "ice-ufrag" Either One IceText<'a>;
        IcePwd "ice-pwd" Either One IceText<'a>;
        IceOptions "ice-options" Either One TokenList<'a>;
        IcePacing "ice-pacing" Session One Number;
        // RFC 5939, 6871: capabilities, which stay as they are.
        Csup "csup" Either One Text<'a>;
        Creq "creq" Either One Text<'a>;
        Acap "acap" Either Many Text<'a>;
        Tcap "tcap" Either Many Text<'a>;
        Pcfg "pcfg" Media Many Text<'a>;
        Acfg "acfg" Media One Text<'a>;
        Rmcap "rmcap" Either Many Text<'a>;
        Omcap "omcap" Either Many Text<'a>;
        Mfcap "mfcap" Either Many Text<'a>;
        Mscap "mscap" Either Many Text<'a>;
        Lcfg "lcfg" Media Many Text<'a>;
        Sescap "sescap" Session Many Text<'a>;
        // RFC 5576, 8830, 8285, 8843, 8851, 8853, 6236, 8841, 8864: browsers and conferences.
        Ssrc "ssrc" Media Many Text<'a>;
        SsrcGroup "ssrc-group" Media Many Text<'a>;
        Msid "msid" Media Many Text<'a>;
        MsidSemantic "msid-semantic" Session Many Text<'a>;
        Extmap "extmap" Either Many Text<'a>;
        ExtmapAllowMixed "extmap-allow-mixed" Either One Flag;
        BundleOnly "bundle-only" Media One Flag;
        Rid "rid" Media Many Text<'a>;
        Simulcast "simulcast" Media One Text<'a>;
        Imageattr "imageattr" Media Many Text<'a>;
        SctpPort "sctp-port" Media One Number;
        Sctpmap "sctpmap" Media Many Text<'a>;
        MaxMessageSize "max-message-size" Media One Number;
        Dcmap "dcmap" Media Many Text<'a>;
        Dcsa "dcsa" Media Many Text<'a>;
        // RFC 8856: floor control.
        Floorctrl "floorctrl" Media One TokenList<'a>;
        Confid "confid" Media One Token<'a>;
        Userid "userid" Media One Token<'a>;
        Floorid "floorid" Media Many Text<'a>;
        // RFC 4975, 6714, 7701: message media.
        Path "path" Media One Path<'a>;
        AcceptTypes "accept-types" Media One TypeList<'a>;
        AcceptWrappedTypes "accept-wrapped-types" Media One TypeList<'a>;
        MaxSize "max-size" Media One Number;
        MsrpCema "msrp-cema" Media One Flag;
        Chatroom "chatroom" Media One Chatroom<'a>;
        // RFC 5547: files.
        FileSelector "file-selector" Media One FileSelector<'a>;
        FileTransferId "file-transfer-id" Media One Token<'a>;
        FileDisposition "file-disposition" Media One FileDisposition<'a>;
        FileDate "file-date" Media One FileDate;
        FileIcon "file-icon" Media One FileIcon<'a>;
        FileRange "file-range" Media One FileRange;
    }
}
