//! What the fuzz targets do, as plain functions of bytes.
//!
//! Each protocol is a module, and each target a function in it. A body returns when all is well and panics when a
//! promise of the codec is broken. `fuzz/README.md` says which promise is whose.

pub mod sip;

/// A target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name: family, then subject.
    pub name: &'static str,
    /// The folder below `tests/fixtures` that it is fed.
    pub fixtures: &'static str,
    /// Where its body stands in this crate.
    pub path: &'static str,
    /// Its body.
    pub body: fn(&[u8]),
}

macro_rules! targets {
    ($($fixtures:literal: $($name:ident = $first:ident$(::$rest:ident)+;)*)*) => {
        /// Every target, in the order of the table in `fuzz/README.md`.
        pub const TARGETS: &[Target] = &[$($(Target {
            name: stringify!($name),
            fixtures: $fixtures,
            path: concat!(stringify!($first), $("::", stringify!($rest)),+),
            body: $first$(::$rest)+,
        },)*)*];
    };
}

targets! {
    "sip":
    parse_datagram = sip::parse::datagram;
    parse_websocket = sip::parse::websocket;
    parse_stream = sip::parse::stream;
    parse_uri = sip::parse::uri;
    parse_params = sip::parse::params;
    parse_via = sip::parse::via;
    parse_address = sip::parse::address;
    parse_auth = sip::parse::auth;
    parse_content = sip::parse::content;
    parse_header = sip::parse::header;
    parse_digest = sip::parse::digest;
    roundtrip_message = sip::roundtrip::message;
    roundtrip_uri = sip::roundtrip::uri;
    roundtrip_header = sip::roundtrip::header;
    roundtrip_digest = sip::roundtrip::digest;
    build_uri = sip::build::uri;
    build_value = sip::build::value;
    build_message = sip::build::message;
    build_edit = sip::build::edit;
    build_reply = sip::build::reply;
    split_stream = sip::split::stream;
}
