//! What the fuzz targets do, as plain functions of bytes.
//!
//! Each family is a module and each target a function in it: `parse_uri` is [`parse::uri`]. A body returns when
//! all is well and panics when a promise of the codec is broken. `fuzz/README.md` says which promise is whose.

pub mod build;
mod draw;
pub mod parse;
pub mod roundtrip;
pub mod split;
mod watch;

/// A target: its name and its body.
pub type Target = (&'static str, fn(&[u8]));

/// Every target, in the order of the table in `fuzz/README.md`.
pub const TARGETS: [Target; 21] = [
    ("parse_datagram", parse::datagram),
    ("parse_websocket", parse::websocket),
    ("parse_stream", parse::stream),
    ("parse_uri", parse::uri),
    ("parse_params", parse::params),
    ("parse_via", parse::via),
    ("parse_address", parse::address),
    ("parse_auth", parse::auth),
    ("parse_content", parse::content),
    ("parse_header", parse::header),
    ("parse_digest", parse::digest),
    ("roundtrip_message", roundtrip::message),
    ("roundtrip_uri", roundtrip::uri),
    ("roundtrip_header", roundtrip::header),
    ("roundtrip_digest", roundtrip::digest),
    ("build_uri", build::uri),
    ("build_value", build::value),
    ("build_message", build::message),
    ("build_edit", build::edit),
    ("build_reply", build::reply),
    ("split_stream", split::stream),
];
