//! `missiva inspect`: bytes in, one JSON document per message out.
//!
//! The documents are described in `examples/INSPECT.md`. [`inspect`] makes them from bytes that are all there,
//! [`StreamReader`] from a stream while it arrives, and [`run`] is the subcommand around both.

mod body;
mod cli;
mod content;
mod finding;
mod kind;
mod place;
mod sdp;
mod sip;
mod text;

use bytes::Bytes;
use place::Place;
use serde_json::Value;

pub use cli::{Args, run};
pub use content::XmlKind;
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

/// What there is to say about one message, keep-alive, session description, body, URI or header value.
#[derive(Clone, Debug)]
pub struct Document {
    /// The document that is printed.
    pub json: Value,
    /// What makes the input malformed; empty when it is accepted.
    pub faults: Vec<Finding>,
    /// What was let pass.
    pub tolerated: Vec<Finding>,
}

/// Looks at bytes that are all there.
#[must_use]
pub fn inspect(input: &Bytes, options: &Options) -> Vec<Document> {
    let kind = match (&options.kind, options.stream) {
        (Kind::Auto, true) => Some(Kind::Sip),
        (Kind::Auto, false) => Kind::tell(input),
        (kind, _) => Some(kind.clone()),
    };
    let (labels, place) = (body::Labels::default(), Place::top(options.strict));
    match kind {
        Some(Kind::Sip) if options.stream => {
            let mut reader = StreamReader::new(options.strict);
            let mut documents = reader.push(input);
            documents.extend(reader.finish());
            documents
        }
        Some(Kind::Sip) => vec![sip::datagram(input, place)],
        Some(Kind::Sdp) => vec![sdp::description(input, place)],
        Some(Kind::Cpim) => vec![content::message(input, labels, place)],
        Some(Kind::Multipart) => vec![content::only_multipart(input, labels, place)],
        Some(Kind::Mime) => vec![content::entity(input, labels, place)],
        Some(Kind::Xml(kind)) => vec![content::document(kind, input, place)],
        Some(Kind::Uri) => vec![sip::uri(input, options.strict)],
        Some(Kind::Header(name)) => vec![sip::header(&name, input, options.strict)],
        Some(Kind::Auto) | None => {
            let what = "nothing that is told from its bytes; --as says what it is";
            let fault = Finding::new(0, "input", what);
            let json = finding::malformed(0, std::slice::from_ref(&fault));
            vec![Document { json, faults: vec![fault], tolerated: Vec::new() }]
        }
    }
}
