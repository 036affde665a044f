//! Offers and answers from outside: each rule by the clause that sets it, the examples of the documents, and what two
//! sides come to whatever happens on the way.

#![allow(clippy::unwrap_used, reason = "what a test prepares itself is known to be there")]

mod agreement;
mod answers;
mod connections;
mod examples;
mod files;
mod glare;
mod limits;
mod modifications;
mod policies;
mod validity;

use missiva_sdp::Description;
use missiva_sdp::line::Address;
use missiva_sdp::negotiate::{
    Author, Capabilities, Codec, File, MessageMedia, Negotiator, Refusal, Rule, Stream,
};

/// A description with `lines` behind an ordinary head; lines end in LF here.
fn sdp(lines: &str) -> Description {
    numbered(1, lines)
}

/// The same in another version.
fn numbered(version: u64, lines: &str) -> Description {
    let text =
        format!("v=0\no=- 1 {version} IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\n{lines}");
    Description::parse(text.replace('\n', "\r\n").into())
        .unwrap_or_else(|error| panic!("{lines}: {error}"))
}

fn author(session_id: &str) -> Author {
    Author::new(session_id, 1, &Address::internet("192.0.2.9".parse().unwrap()))
}

/// What stands from the first `m=` on, with LF.
fn media_of(description: &Description) -> String {
    let text = description.text().replace("\r\n", "\n");
    text.find("m=").map_or(String::new(), |at| text[at..].to_owned())
}

/// What somebody with `capabilities` answers to an offer of `lines`.
fn answer(lines: &str, capabilities: &Capabilities) -> Result<String, Rule> {
    answer_to(&sdp(lines), capabilities)
        .map(|answer| media_of(&answer))
        .map_err(|refusal| refusal.rule)
}

fn answer_to(offer: &Description, capabilities: &Capabilities) -> Result<Description, Refusal> {
    let mut negotiator = Negotiator::new(author("2"));
    negotiator.receive_offer(offer)?;
    negotiator.answer(capabilities).map(|(answer, _)| answer)
}

fn pcmu() -> Codec {
    Codec::new(0, "PCMU", 8000)
}

fn pcma() -> Codec {
    Codec::new(8, "PCMA", 8000)
}

fn audio(port: u16) -> Stream {
    Stream::audio(port, vec![pcmu(), pcma()])
}

fn message() -> MessageMedia {
    MessageMedia::new("msrp://192.0.2.9:9/ours;tcp", "message/cpim text/plain").wrapping("text/*")
}

fn chat() -> Stream {
    Stream::message(9, message())
}

/// A place for whichever file.
fn files() -> Stream {
    Stream {
        file: Some(File::ANY),
        ..Stream::message(9, MessageMedia::new("msrp://192.0.2.9:9/file;tcp", "*"))
    }
}

/// The lines of a chat as a peer offers it.
const CHAT: &str = "m=message 7000 TCP/MSRP *\na=accept-types:message/cpim text/plain\na=accept-wrapped-types:text/plain\n\
                    a=path:msrp://192.0.2.1:7000/theirs;tcp\n";
