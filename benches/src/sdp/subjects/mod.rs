//! The measured libraries, one file each.

use crate::sdp::subject::Subject;

mod missiva;
mod plain;

#[cfg(feature = "peers")]
mod ezk;
#[cfg(feature = "peers")]
mod rsiprtp;
#[cfg(feature = "peers")]
mod rtc;
#[cfg(feature = "peers")]
mod sdp_types;
#[cfg(feature = "peers")]
mod sipx;
#[cfg(feature = "peers")]
mod webrtc;

/// Name of the subject that serves as the floor.
pub const FLOOR: &str = "memchr";

/// Every subject of this build: ours, the plain reference, then the peers.
#[must_use]
pub fn all() -> Vec<Box<dyn Subject>> {
    let mut subjects: Vec<Box<dyn Subject>> =
        vec![Box::new(missiva::Missiva), Box::new(plain::Memchr)];
    subjects.extend(peers());
    subjects
}

#[cfg(feature = "peers")]
fn peers() -> Vec<Box<dyn Subject>> {
    vec![
        Box::new(rsiprtp::Rsiprtp),
        Box::new(sipx::Sipx),
        Box::new(sdp_types::SdpTypes),
        Box::new(rtc::Rtc),
        Box::new(webrtc::Webrtc),
        Box::new(ezk::Ezk),
    ]
}

#[cfg(not(feature = "peers"))]
fn peers() -> Vec<Box<dyn Subject>> {
    Vec::new()
}
