//! The description that is measured with its look-alikes, and the good ones of the corpus.

use std::path::{Path, PathBuf};

use bytes::Bytes;

use crate::sdp::vary::vary;
use crate::verdicts;

/// How many look-alikes the timed loop walks over, the fixture itself being the first.
pub const VARIANTS: usize = 32;

/// Lines of the fixture.
const LINES: usize = 43;
/// Media of the fixture.
const MEDIA: usize = 3;

/// One description, in every form that a subject may want it in.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The description as it came in a body.
    pub raw: Bytes,
    /// The same as text: the check for UTF-8 is not on the account of those who want text.
    pub text: String,
    /// The same as text that is shared, for those who want that.
    #[cfg(feature = "peers")]
    pub shared: bytesstr::BytesStr,
    /// Lines that a parser must report.
    pub lines: usize,
    /// Media that a parser must report.
    pub media: usize,
}

impl Sample {
    fn new(raw: Vec<u8>) -> Option<Self> {
        let text = String::from_utf8(raw).ok()?;
        let lines = || text.lines().filter(|line| !line.is_empty());
        Some(Self {
            raw: text.clone().into(),
            lines: lines().count(),
            media: lines().filter(|line| line.starts_with("m=")).count(),
            #[cfg(feature = "peers")]
            shared: text.as_str().into(),
            text,
        })
    }
}

/// The offer of audio, video and a file over MSRP, and its look-alikes.
///
/// # Panics
///
/// If the fixture does not have the shape that the reports promise for it.
#[must_use]
pub fn offer() -> Vec<Sample> {
    let fixture: &'static [u8] = include_bytes!("../../fixtures/offer.sdp");
    let samples: Vec<Sample> =
        vary(fixture, VARIANTS).into_iter().filter_map(Sample::new).collect();
    assert_eq!(samples.len(), VARIANTS);
    for sample in &samples {
        assert_eq!((sample.lines, sample.media), (LINES, MEDIA), "{}", sample.text);
    }
    samples
}

/// The descriptions below `root` that a strict reader must accept.
#[must_use]
pub fn accepted(root: &Path) -> Vec<(PathBuf, Sample)> {
    let good = verdicts::accepted(root).into_iter();
    good.filter_map(|(path, bytes)| Some((path, Sample::new(bytes)?))).collect()
}
