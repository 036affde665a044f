//! Codecs: which of the offered ones are ours too (RFC 3264 sections 5.1 and 6.1).

use missiva_core::ByteStr;

use super::Limits;
use crate::attribute::{Fmtp, Rtpmap};
use crate::{FieldName, Media, ParseError, field};

/// One format of an RTP stream as we know it.
///
/// ```
/// use missiva_sdp::negotiate::Codec;
///
/// let opus = Codec::new(111, "opus", 48000).with_channels(2).with_fmtp("minptime=10;useinbandfec=1");
/// assert_eq!((opus.payload, opus.channels), (111, 2));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codec {
    /// The payload type in our offers. Answers use the number of the offer.
    pub payload: u8,
    /// The name of the encoding.
    pub encoding: ByteStr,
    /// Ticks a second.
    pub clock_rate: u32,
    /// The channels of audio; one otherwise.
    pub channels: u32,
    /// What stands behind the payload type in `a=fmtp`.
    pub fmtp: Option<ByteStr>,
    /// What stands behind the payload type in `a=rtcp-fb`; answered where it is offered (RFC 4585 section 4.2).
    pub feedback: Vec<ByteStr>,
}

impl Codec {
    /// A codec of one channel.
    #[must_use]
    pub fn new(payload: u8, encoding: &str, clock_rate: u32) -> Self {
        let encoding = encoding.into();
        Self { payload, encoding, clock_rate, channels: 1, fmtp: None, feedback: Vec::new() }
    }

    /// The same with so many channels.
    #[must_use]
    pub fn with_channels(self, channels: u32) -> Self {
        Self { channels, ..self }
    }

    /// The same with parameters.
    #[must_use]
    pub fn with_fmtp(self, params: &str) -> Self {
        Self { fmtp: Some(params.into()), ..self }
    }

    /// The same with one more kind of feedback: `nack pli`.
    #[must_use]
    pub fn with_feedback(mut self, feedback: &str) -> Self {
        self.feedback.push(feedback.into());
        self
    }

    /// Whether `offered` is this codec in a configuration that it can have.
    fn is(&self, offered: &OfferedCodec<'_>) -> bool {
        let map = &offered.map;
        self.encoding.eq_ignore_ascii_case(map.encoding)
            && self.clock_rate == map.clock_rate
            && self.channels == map.channels()
            && same_configuration(
                map.encoding,
                self.fmtp.as_deref(),
                offered.fmtp.map(|fmtp| fmtp.params),
            )
    }
}

/// A format as a description has it: with its map, from `a=rtpmap` or from the table of RFC 3551.
#[derive(Clone, Copy, Debug)]
pub(super) struct OfferedCodec<'d> {
    pub(super) map: Rtpmap<'d>,
    pub(super) fmtp: Option<Fmtp<'d>>,
}

/// Reads the formats of an RTP stream in their order. Those without a meaning are left out. `codecs` is emptied first,
/// so that one list serves all streams.
pub(super) fn read_codecs<'d>(
    media: &Media<'d>,
    limits: &Limits,
    codecs: &mut Vec<OfferedCodec<'d>>,
) -> Result<Option<()>, ParseError> {
    codecs.clear();
    for payload in media.formats().payload_types() {
        if codecs.len() >= limits.max_formats {
            return Ok(None);
        }
        let map = static_map(payload).unwrap_or(Rtpmap {
            payload,
            encoding: "",
            clock_rate: 0,
            params: None,
        });
        codecs.push(OfferedCodec { map, fmtp: None });
    }
    for line in media.lines() {
        match line.name() {
            FieldName::Rtpmap => {
                if let Some(map) = line.read::<field::Rtpmap>()? {
                    let known = codecs.iter_mut().filter(|codec| codec.map.payload == map.payload);
                    known.for_each(|codec| codec.map = map);
                }
            }
            FieldName::Fmtp => {
                if let Some(fmtp) = line.read::<field::Fmtp>()?
                    && let Ok(payload) = fmtp.format.parse::<u8>()
                {
                    let known = codecs.iter_mut().filter(|codec| codec.map.payload == payload);
                    known.for_each(|codec| codec.fmtp = Some(fmtp));
                }
            }
            _ => {}
        }
    }
    codecs.retain(|codec| !codec.map.encoding.is_empty());
    Ok(Some(()))
}

/// Which of `ours` are offered: in the order of the offer and with its numbers, as RFC 3264 section 6.1 recommends, or
/// in our order.
pub(super) fn intersect(
    media: &Media<'_>,
    text: &ByteStr,
    offered: &[OfferedCodec<'_>],
    ours: &[Codec],
    ours_first: bool,
) -> Vec<Codec> {
    let mut common: Vec<(usize, Codec)> = Vec::with_capacity(ours.len().min(offered.len()));
    for codec in offered {
        let Some(at) = ours.iter().position(|one| one.is(codec)) else { continue };
        let Some(one) = ours.get(at) else { continue };
        let mut answer = Codec { payload: codec.map.payload, ..one.clone() };
        if refers_to_payloads(&one.encoding) {
            // RFC 4588 section 8.6, RFC 2198 section 5: the parameters name payload types, and those are the offer's.
            answer.fmtp = codec.fmtp.map(|fmtp| text.share(fmtp.params));
        }
        answer.feedback.retain(|feedback| is_feedback_offered(media, answer.payload, feedback));
        common.push((at, answer));
    }
    if ours_first {
        common.sort_by_key(|(at, _)| *at);
    }
    let mut common: Vec<Codec> = common.into_iter().map(|(_, codec)| codec).collect();
    let payloads: Vec<u8> = common.iter().map(|codec| codec.payload).collect();
    common.retain(|codec| {
        let apt = codec.fmtp.as_deref().and_then(|params| Fmtp { format: "", params }.param("apt"));
        apt.is_none_or(|apt| apt.parse().is_ok_and(|apt| payloads.contains(&apt)))
    });
    // A stream of which only tones are left carries nothing, unless nothing else was offered.
    let only_aid = |mut names: &mut dyn Iterator<Item = bool>| (&mut names).all(|aid| aid);
    let left = only_aid(&mut common.iter().map(|codec| is_aid(&codec.encoding)));
    let meant = only_aid(&mut offered.iter().map(|codec| is_aid(codec.map.encoding)));
    if left && !meant { Vec::new() } else { common }
}

/// Formats that go along with others: tones (RFC 4733), comfort noise (RFC 3389), repair.
pub(super) fn is_aid(encoding: &str) -> bool {
    ["telephone-event", "tone", "CN", "rtx", "red", "ulpfec", "flexfec"]
        .iter()
        .any(|aid| aid.eq_ignore_ascii_case(encoding))
}

fn refers_to_payloads(encoding: &str) -> bool {
    encoding.eq_ignore_ascii_case("rtx") || encoding.eq_ignore_ascii_case("red")
}

fn is_feedback_offered(media: &Media<'_>, payload: u8, feedback: &str) -> bool {
    media.all::<field::RtcpFb>().flatten().any(|offered| {
        let format = offered.format == "*" || offered.format.parse() == Ok(payload);
        let (kind, param) = feedback.split_once(' ').unwrap_or((feedback, ""));
        format
            && offered.kind.eq_ignore_ascii_case(kind)
            && offered.param.eq_ignore_ascii_case(param)
    })
}

/// Parameters by which two formats of one name are different formats, each with what its absence means.
fn deciding(encoding: &str) -> &'static [(&'static str, &'static str)] {
    let is = |name: &str| encoding.eq_ignore_ascii_case(name);
    if is("AMR") || is("AMR-WB") {
        // RFC 4867 section 8.3.1.
        return &[
            ("octet-align", "0"),
            ("crc", "0"),
            ("robust-sorting", "0"),
            ("interleaving", ""),
        ];
    }
    if is("H264") {
        // RFC 6184 section 8.2.2.
        return &[("packetization-mode", "0")];
    }
    &[]
}

fn same_configuration(encoding: &str, ours: Option<&str>, theirs: Option<&str>) -> bool {
    let (ours, theirs) = (ours.unwrap_or_default(), theirs.unwrap_or_default());
    let param = |params, name| Fmtp { format: "", params }.param(name);
    let equal = deciding(encoding).iter().all(|(name, default)| {
        param(ours, name).unwrap_or(default) == param(theirs, name).unwrap_or(default)
    });
    equal && (!encoding.eq_ignore_ascii_case("H264") || profile(ours) == profile(theirs))
}

/// The profile of H.264, without its constraints and level: the first octet of `profile-level-id`. Baseline when
/// nothing is said (RFC 6184 section 8.1).
fn profile(params: &str) -> u8 {
    let id = Fmtp { format: "", params }.param("profile-level-id");
    id.and_then(|id| u8::from_str_radix(id.get(..2)?, 16).ok()).unwrap_or(66)
}

/// The payload types that have a meaning without `a=rtpmap` (RFC 3551 section 6).
pub(super) const fn static_map(payload: u8) -> Option<Rtpmap<'static>> {
    let (encoding, clock_rate) = match payload {
        0 => ("PCMU", 8000),
        3 => ("GSM", 8000),
        4 => ("G723", 8000),
        5 => ("DVI4", 8000),
        6 => ("DVI4", 16000),
        7 => ("LPC", 8000),
        8 => ("PCMA", 8000),
        9 => ("G722", 8000),
        10 | 11 => ("L16", 44100),
        12 => ("QCELP", 8000),
        13 => ("CN", 8000),
        14 => ("MPA", 90000),
        15 => ("G728", 8000),
        16 => ("DVI4", 11025),
        17 => ("DVI4", 22050),
        18 => ("G729", 8000),
        25 => ("CelB", 90000),
        26 => ("JPEG", 90000),
        28 => ("nv", 90000),
        31 => ("H261", 90000),
        32 => ("MPV", 90000),
        33 => ("MP2T", 90000),
        34 => ("H263", 90000),
        _ => return None,
    };
    let params = if payload == 10 { Some("2") } else { None };
    Some(Rtpmap { payload, encoding, clock_rate, params })
}
