//! The measured libraries, one file each.

use crate::sip::subject::Subject;

mod missiva;
mod plain;

#[cfg(feature = "peers")]
mod ezk;
#[cfg(feature = "peers")]
mod rsip;
#[cfg(feature = "peers")]
mod rsiprtp;
#[cfg(feature = "peers")]
mod rsipstack;
#[cfg(feature = "peers")]
mod rvoip;
#[cfg(feature = "peers")]
mod sip_header;
#[cfg(feature = "peers")]
mod sipx;

/// Name of the subject that serves as the floor.
pub const FLOOR: &str = "httparse";

/// Every subject of this build: ours, the plain references, then the peers.
#[must_use]
pub fn all() -> Vec<Box<dyn Subject>> {
    let mut subjects: Vec<Box<dyn Subject>> = vec![
        Box::new(missiva::Missiva::default()),
        Box::new(plain::Httparse),
        Box::new(plain::CountLf),
        Box::new(plain::Utf8),
    ];
    subjects.extend(peers());
    subjects
}

#[cfg(feature = "peers")]
fn peers() -> Vec<Box<dyn Subject>> {
    vec![
        Box::new(rsipstack::Rsipstack),
        Box::new(sipx::Sipx::default()),
        Box::new(rsiprtp::Rsiprtp),
        Box::new(rsip::Rsip),
        Box::new(ezk::Ezk),
        Box::new(sip_header::SipHeader),
        Box::new(rvoip::Rvoip),
    ]
}

#[cfg(not(feature = "peers"))]
fn peers() -> Vec<Box<dyn Subject>> {
    Vec::new()
}
