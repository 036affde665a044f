//! Messages made from values.

use std::fmt::Write as _;

use bytes::{BufMut, Bytes, BytesMut};
use missiva_core::{Fault, FaultKind, Payload};

use super::faults::is_language;
use super::name::is_word;
use super::{Address, Cpim, Known, Space, escape};
use crate::error::Place;
use crate::imdn::Dispositions;
use crate::{DateTime, Limits, ParseError, Part};

/// Makes a message. What is written is read back strictly before it leaves, and no value can end its line: control
/// characters in texts are escaped, anywhere else they are refused.
///
/// ```
/// use missiva_content::cpim::{Address, Builder};
/// use missiva_content::imdn::Dispositions;
/// use missiva_content::{DateTime, mime};
///
/// let text = mime::Builder::new("text/plain;charset=UTF-8").body("Hello".into()).finish()?;
/// let message = Builder::anonymous()
///     .date_time(DateTime::parse("2026-11-21T12:00:00Z")?)
///     .message_id("a1b2c3d4")
///     .wants(Dispositions::POSITIVE_DELIVERY | Dispositions::DISPLAY)
///     .content(text)
///     .finish()?;
/// assert!(message.head.starts_with(b"From: <sip:anonymous@anonymous.invalid>\r\nTo: <sip:anonymous@anonymous.invalid>\r\n\
///     DateTime: 2026-11-21T12:00:00Z\r\nNS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: a1b2c3d4\r\n\
///     imdn.Disposition-Notification: positive-delivery, display\r\n\r\nContent-Type: text/plain"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct Builder {
    head: String,
    /// Prefixes and URIs that were declared.
    namespaces: Vec<(String, String)>,
    lines: usize,
    content: Payload,
    fault: Option<ParseError>,
}

impl Builder {
    /// A message without headers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A message from one to another, as standalone messages have it.
    #[must_use]
    pub fn between(from: &Address<'_>, to: &Address<'_>) -> Self {
        Self::new().from(from).to(to)
    }

    /// A message of a 1-1 chat, or a report in one: SIP says who it is from and to.
    #[must_use]
    pub fn anonymous() -> Self {
        Self::between(&Address::ANONYMOUS, &Address::ANONYMOUS)
    }

    /// A message to a group, on the way to its focus.
    #[must_use]
    pub fn to_group(own: &Address<'_>, session_identity: &str) -> Self {
        Self::between(own, &Address::new(session_identity))
    }

    /// A message of a group, on the way from its focus: the speaker is named, the member may be.
    #[must_use]
    pub fn from_group(speaker: &Address<'_>, member: Option<&Address<'_>>) -> Self {
        Self::between(speaker, member.unwrap_or(&Address::ANONYMOUS))
    }

    /// Says who wrote it.
    #[must_use]
    pub fn from(self, address: &Address<'_>) -> Self {
        self.address(Known::From, address)
    }

    /// Adds somebody to whom it goes.
    #[must_use]
    pub fn to(self, address: &Address<'_>) -> Self {
        self.address(Known::To, address)
    }

    /// Adds somebody who gets it too.
    #[must_use]
    pub fn cc(self, address: &Address<'_>) -> Self {
        self.address(Known::Cc, address)
    }

    /// Says when it was written.
    #[must_use]
    pub fn date_time(self, date: DateTime) -> Self {
        self.known(Known::DateTime, &date.to_string())
    }

    /// Says what it is about, in a language or in none.
    #[must_use]
    pub fn subject(mut self, text: &str, language: Option<&str>) -> Self {
        let text = escape::escape(text, false);
        match language {
            None => self.line("Subject", "", &text),
            Some(language) if is_language(language) => {
                self.line("Subject", &format!(";lang={language}"), &text);
            }
            Some(_) => self.refuse(Known::Subject, FaultKind::Value),
        }
        self
    }

    /// Declares a namespace. It counts for the headers that are added behind it.
    #[must_use]
    pub fn namespace(mut self, prefix: &str, uri: &str) -> Self {
        if is_word(prefix) && is_uri(uri) {
            self.declare(prefix, uri);
        } else {
            self.refuse(Known::Ns, FaultKind::Value);
        }
        self
    }

    /// Names the message for its reports; 64 random bits or more (RFC 5438 section 6.3).
    #[must_use]
    pub fn message_id(self, id: &str) -> Self {
        self.known(Known::MessageId, id)
    }

    /// Says which reports are wanted.
    #[must_use]
    pub fn wants(self, wanted: Dispositions) -> Self {
        self.known(Known::DispositionNotification, &wanted.to_string())
    }

    /// Says to whom it went before the `To` was changed.
    #[must_use]
    pub fn original_to(self, address: &Address<'_>) -> Self {
        self.address(Known::OriginalTo, address)
    }

    /// Adds somebody who wants to see the reports on their way, below those that are there.
    #[must_use]
    pub fn record_route(self, address: &Address<'_>) -> Self {
        self.address(Known::ImdnRecordRoute, address)
    }

    /// Adds a station of this report's way, behind those that are there.
    #[must_use]
    pub fn route(self, address: &Address<'_>) -> Self {
        self.address(Known::ImdnRoute, address)
    }

    /// Adds a header of any namespace, which is declared if it was not. Control characters are escaped.
    #[must_use]
    pub fn header(mut self, namespace: &str, name: &str, value: &str) -> Self {
        if !is_word(name) || !is_uri(namespace) {
            self.refuse(Known::Other, FaultKind::Value);
            return self;
        }
        let known = Known::find(Space::of_uri(namespace.as_bytes()), name.as_bytes());
        match known {
            Known::Ns => self.refuse(Known::Ns, FaultKind::Value),
            Known::Other | Known::Subject | Known::PayloadType => {
                let name = self.prefixed(namespace, name);
                self.line(&name, "", &escape::escape(value, false));
            }
            known => return self.known(known, value),
        }
        self
    }

    /// Adds names to those that a reader must know: namespace and name of each.
    #[must_use]
    pub fn require(mut self, names: &[(&str, &str)]) -> Self {
        if names.is_empty() || names.iter().any(|(uri, name)| !is_uri(uri) || !is_word(name)) {
            self.refuse(Known::Require, FaultKind::Value);
            return self;
        }
        let names: Vec<_> = names.iter().map(|(uri, name)| self.prefixed(uri, name)).collect();
        self.line("Require", "", &names.join(","));
        self
    }

    /// The content: MIME headers, their empty line and a body, as [`mime::Builder`](crate::mime::Builder) makes them.
    #[must_use]
    pub fn content(mut self, content: Payload) -> Self {
        self.content = content;
        self
    }

    /// The message. The body of the content is shared.
    ///
    /// # Errors
    ///
    /// The first value that was no value of its header.
    pub fn finish(self) -> Result<Payload, ParseError> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let mut head = BytesMut::with_capacity(self.head.len() + 2 + self.content.head.len());
        head.put_slice(self.head.as_bytes());
        head.put_slice(b"\r\n");
        let own = head.len();
        head.put_slice(&self.content.head);
        let head = head.freeze();
        read_back(&head.slice(..own), self.lines)?;
        // A head of the content that holds its body, or none, is as good as one that ends with its empty line.
        crate::mime::Entity::parse(self.content.head.clone(), &Limits::lab())
            .map_err(|error| error.shifted(own))?;
        Ok(Payload { head, body: self.content.body, tail: self.content.tail })
    }

    fn address(self, known: Known, address: &Address<'_>) -> Self {
        self.known(known, &address.to_string())
    }

    fn known(mut self, known: Known, value: &str) -> Self {
        if let Some(at) = value.find(char::is_control) {
            let fault = Fault::new(FaultKind::Unexpected, at).of(Part::Cpim(known.as_str()), 0);
            self.fault.get_or_insert(fault);
            return self;
        }
        let name = self.prefixed(known.space().uri(), known.as_str());
        self.line(&name, "", value);
        self
    }

    /// `name` with the prefix of its namespace, which is declared first when it has none.
    fn prefixed(&mut self, uri: &str, name: &str) -> String {
        if uri == Space::Core.uri() {
            return name.to_owned();
        }
        let known = self.namespaces.iter().position(|(prefix, declared)| {
            declared == uri
                && self
                    .namespaces
                    .iter()
                    .rev()
                    .find(|(other, _)| other == prefix)
                    .is_some_and(|(_, last)| last == uri)
        });
        let prefix = match known.and_then(|at| self.namespaces.get(at)) {
            Some((prefix, _)) => prefix.clone(),
            None => {
                let prefix = free_prefix(uri, |prefix| {
                    self.namespaces.iter().any(|(other, _)| other == prefix)
                });
                self.declare(&prefix, uri);
                prefix
            }
        };
        format!("{prefix}.{name}")
    }

    fn declare(&mut self, prefix: &str, uri: &str) {
        self.line("NS", "", &format!("{prefix} <{uri}>"));
        self.namespaces.push((prefix.to_owned(), uri.to_owned()));
    }

    fn line(&mut self, name: &str, params: &str, value: &str) {
        self.lines += 1;
        // A growable text never refuses.
        let _ = write!(self.head, "{name}:{params} {value}\r\n");
    }

    fn refuse(&mut self, known: Known, kind: FaultKind) {
        self.fault.get_or_insert_with(|| ParseError::new(kind, Part::Cpim(known.as_str()), 0));
    }
}

/// Reads a head strictly, and counts its headers.
pub(super) fn read_back(head: &Bytes, lines: usize) -> Result<(), ParseError> {
    let message = Cpim::parse(head.clone(), &Limits::lab())?;
    if message.headers().len() != lines {
        return Err(ParseError::new(FaultKind::Conflict, Part::Head, 0));
    }
    message.head_faults().into_iter().next().map_or(Ok(()), Err)
}

/// A prefix for the namespace `uri` that is not taken.
pub(super) fn free_prefix(uri: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let base = match Space::of_uri(uri.as_bytes()) {
        Space::Imdn => "imdn",
        Space::Cpm => "cpm",
        _ => "ns",
    };
    // Only so many namespaces can be taken.
    let numbered = (1..=super::index::MAX_NAMESPACES + 1).map(|number| format!("{base}{number}"));
    let mut names = std::iter::once(base.to_owned()).chain(numbered);
    names.find(|name| !is_taken(name)).unwrap_or_default()
}

/// Whether `uri` can stand between angle brackets.
fn is_uri(uri: &str) -> bool {
    !uri.is_empty() && uri.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"".contains(&byte))
}

impl std::fmt::Debug for Builder {
    /// Tells sizes and no content.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("head", &self.head.len())
            .field("content", &self.content.len())
            .finish_non_exhaustive()
    }
}
