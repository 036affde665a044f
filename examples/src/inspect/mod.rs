//! `missiva inspect`: bytes in, one JSON document per message out.
//!
//! The documents are described in `examples/INSPECT.md`. [`inspect`] makes them from bytes that are all there,
//! [`StreamReader`] from a stream while it arrives, and [`run`] is the subcommand around both.

mod body;
mod cli;
mod finding;
mod kind;
mod sip;
mod text;

use bytes::Bytes;
use serde_json::Value;

pub use cli::{Args, run};
pub use finding::Finding;
pub use kind::Kind;
pub use sip::StreamReader;

/// How to look at the input.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What the input is.
    pub kind: Kind,
    /// Whether it is a stream of messages, or else one datagram.
    pub stream: bool,
    /// Whether nothing is tolerated.
    pub strict: bool,
}

/// What there is to say about one message, keep-alive, URI or header value.
#[derive(Clone, Debug)]
pub struct Document {
    /// The document that is printed.
    pub json: Value,
    /// What makes the input malformed; empty when it is accepted.
    pub faults: Vec<Finding>,
}

/// Looks at bytes that are all there.
#[must_use]
pub fn inspect(input: &Bytes, options: &Options) -> Vec<Document> {
    let kind = match (&options.kind, options.stream) {
        (Kind::Auto, true) => Some(Kind::Sip),
        (Kind::Auto, false) => Kind::tell(input),
        (kind, _) => Some(kind.clone()),
    };
    match kind {
        Some(Kind::Sip) if options.stream => {
            let mut reader = StreamReader::new(options.strict);
            let mut documents = reader.push(input);
            documents.extend(reader.finish());
            documents
        }
        Some(Kind::Sip) => vec![sip::datagram(input, options.strict)],
        Some(Kind::Uri) => vec![sip::uri(input)],
        Some(Kind::Header(name)) => vec![sip::header(&name, input, options.strict)],
        Some(Kind::Auto) | None => {
            let fault =
                Finding::new(0, "input", "neither a SIP message nor a URI; --as says what it is");
            vec![Document {
                json: finding::malformed(0, std::slice::from_ref(&fault)),
                faults: vec![fault],
            }]
        }
    }
}
