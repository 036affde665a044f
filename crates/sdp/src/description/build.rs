//! Descriptions made from nothing.

use bytes::BytesMut;
use missiva_core::Fault;

use super::order::Order;
use super::write::{write_attribute, write_copy, write_field};
use super::{Description, Line, Rules};
use crate::attribute::{Direction, Flag};
use crate::line::{MediaLine, Origin, Text, Time, Version};
use crate::{Field, FieldName, Leniency, Limits, ParseError, Part, field};

/// Writes a description line by line, and refuses whatever would make it invalid: a value that its field's grammar does
/// not allow, a line end inside a value, a line out of order.
///
/// `s=-` and `t=0 0` are written where they are due, unless they were given. The first fault is kept and returned by
/// [`finish`](Self::finish); its line is the one that was to be written, its offset counts from the start of the value.
///
/// ```
/// use missiva_sdp::attribute::Direction;
/// use missiva_sdp::line::{Address, Connection, Formats, MediaLine, Origin};
/// use missiva_sdp::{Builder, field};
///
/// let ip = "192.0.2.1".parse()?;
/// let origin = Origin { username: "-", session_id: "1", version: 1, address: Address::internet(ip) };
/// let media = MediaLine { media: "message", port: 9, port_count: None, protocol: "TCP/MSRP", formats: Formats::parse("*")? };
/// let offer = Builder::new(&origin)
///     .line::<field::Connection>(&Connection::unicast(ip))
///     .media(&media)
///     .attribute("accept-types", "message/cpim")
///     .direction(Direction::SendOnly)
///     .finish()?;
/// assert_eq!(
///     &**offer.text(),
///     "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n\
///      m=message 9 TCP/MSRP *\r\na=accept-types:message/cpim\r\na=sendonly\r\n"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "a builder does nothing until it is finished"]
pub struct Builder {
    out: BytesMut,
    order: Order,
    lines: u32,
    fault: Option<ParseError>,
}

/// Room for an ordinary description.
const USUAL_SIZE: usize = 1024;

/// What is written here is exact, and as large as the writer wants it.
pub(super) const OWN: Rules = Rules { leniency: Leniency::STRICT, limits: Limits::lab() };

impl Builder {
    /// A description by `origin`.
    pub fn new(origin: &Origin<'_>) -> Self {
        let builder = Self {
            out: BytesMut::with_capacity(USUAL_SIZE),
            order: Order::new(false),
            lines: 0,
            fault: None,
        };
        builder.line::<field::Version>(&Version).line::<field::Origin>(origin)
    }

    /// Adds a line of the field `F`.
    pub fn line<'a, F: Field>(mut self, value: &F::Value<'a>) -> Self {
        self.step(F::NAME);
        let result = write_field::<F>(value, &mut self.out);
        self.keep(F::NAME, result);
        self
    }

    /// Adds a medium; what follows is about it.
    pub fn media(self, line: &MediaLine<'_>) -> Self {
        self.line::<field::Media>(line)
    }

    /// Adds an attribute from text: one that this crate does not know, or a known one whose value is at hand as text.
    pub fn attribute(self, name: &str, value: &str) -> Self {
        self.any_attribute(name, Some(value))
    }

    /// Adds an attribute that has no value.
    pub fn flag(self, name: &str) -> Self {
        self.any_attribute(name, None)
    }

    /// Says which way media flow.
    pub fn direction(self, direction: Direction) -> Self {
        match direction {
            Direction::SendRecv => self.line::<field::Sendrecv>(&Flag),
            Direction::SendOnly => self.line::<field::Sendonly>(&Flag),
            Direction::RecvOnly => self.line::<field::Recvonly>(&Flag),
            Direction::Inactive => self.line::<field::Inactive>(&Flag),
        }
    }

    /// Adds a line of another description as it stands there.
    pub fn copy(mut self, line: &Line<'_>) -> Self {
        self.step(line.name());
        write_copy(line, &mut self.out);
        self.lines += 1;
        self
    }

    /// Ends the description and reads it.
    ///
    /// # Errors
    ///
    /// The first fault of any line.
    pub fn finish(mut self) -> Result<Description, ParseError> {
        if let Err(breach) = self.order.end() {
            self.add_missing(breach.missing());
        }
        match self.fault {
            None => Description::parse_with(self.out.freeze(), &OWN),
            Some(fault) => Err(fault),
        }
    }

    fn any_attribute(mut self, name: &str, value: Option<&str>) -> Self {
        let known = FieldName::find_attribute(name);
        self.step(known);
        let before = self.out.len();
        let mut result = write_attribute(name, value, &mut self.out);
        if result.is_ok() {
            result = check_known(known, value.unwrap_or_default());
            if result.is_err() {
                self.out.truncate(before);
            }
        }
        self.keep(known, result);
        self
    }

    /// Checks the order, and writes the lines that are due before `name`.
    fn step(&mut self, name: FieldName) {
        let Err(breach) = self.order.next(name) else { return };
        self.add_missing(breach.missing());
        if let Some(kind) = breach.kind {
            self.keep(name, Err(Fault::new(kind, 0)));
        }
    }

    /// Version and origin are there from the start, so it is the name and the time that may be missing.
    fn add_missing(&mut self, missing: impl Iterator<Item = FieldName>) {
        for name in missing {
            let result = match name {
                FieldName::SessionName => {
                    write_field::<field::SessionName>(&Text("-"), &mut self.out)
                }
                _ => write_field::<field::Time>(&Time::default(), &mut self.out),
            };
            self.keep(name, result);
        }
    }

    fn keep(&mut self, name: FieldName, result: Result<(), Fault>) {
        self.lines += 1;
        if let Err(Fault { kind, at }) = result {
            let error = ParseError { kind, line: self.lines, field: Part::Field(name), at };
            self.fault.get_or_insert(error);
        }
    }
}

/// Checks that `value` is one of the attribute `name`, when that is a known one.
pub(super) fn check_known(name: FieldName, value: &str) -> Result<(), Fault> {
    struct Nobody;
    impl crate::Visit for Nobody {
        fn value<'a, F: Field>(&mut self, _: F::Value<'a>) {}
    }
    let end =
        u32::try_from(value.len()).map_err(|_| Fault::new(missiva_core::FaultKind::Limit, 0))?;
    crate::table::visit(value, name, (0, end), &mut Nobody)
        .map_err(|error| Fault { kind: error.kind, at: error.at })
}

impl std::fmt::Debug for Builder {
    /// Tells how much is written, and not what.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("len", &self.out.len())
            .field("lines", &self.lines)
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use missiva_core::FaultKind;

    use super::*;
    use crate::attribute::{Rtpmap, Token};
    use crate::line::{Address, Formats};

    fn origin() -> Origin<'static> {
        let address = Address::internet("2001:db8::1".parse().unwrap());
        Origin { username: "-", session_id: "7", version: 1, address }
    }

    fn audio() -> MediaLine<'static> {
        MediaLine {
            media: "audio",
            port: 4000,
            port_count: None,
            protocol: "RTP/AVP",
            formats: Formats::parse("0 97").unwrap(),
        }
    }

    #[test]
    fn lines_that_are_due_are_written() {
        let head = "v=0\r\no=- 7 1 IN IP6 2001:db8::1\r\n";
        let text = |builder: Builder| builder.finish().unwrap().text().to_string();
        assert_eq!(text(Builder::new(&origin())), format!("{head}s=-\r\nt=0 0\r\n"));
        let named = Builder::new(&origin()).line::<field::SessionName>(&Text("call"));
        assert_eq!(text(named), format!("{head}s=call\r\nt=0 0\r\n"));
        let timed = Builder::new(&origin()).line::<field::Time>(&Time { start: 1, stop: 2 });
        assert_eq!(text(timed.flag("ice-lite")), format!("{head}s=-\r\nt=1 2\r\na=ice-lite\r\n"));
        let media = Builder::new(&origin()).media(&audio()).attribute("X-a", "b:c");
        let expected = "s=-\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 97\r\na=X-a:b:c\r\n";
        assert_eq!(text(media), format!("{head}{expected}"));
    }

    #[test]
    fn nothing_can_end_its_line() {
        let start = || Builder::new(&origin());
        let table = [
            start().line::<field::SessionName>(&Text("x\r\na=y")),
            start().line::<field::SessionName>(&Text("x\ny")),
            start().line::<field::SessionName>(&Text("x\0y")),
            start().media(&audio()).line::<field::Mid>(&Token("1\r\na=y")),
            start().media(&audio()).line::<field::Mid>(&Token("1 2")),
            start().media(&audio()).attribute("X-a", "b\r\na=y"),
            start().media(&audio()).attribute("X\r\na", "b"),
            start().media(&audio()).attribute("X:a", "b"),
            start().media(&audio()).flag(""),
            start().media(&audio()).attribute("ptime", "x"),
            start().media(&audio()).attribute("sendrecv", "x"),
            start().media(&audio()).flag("mid"),
            start().media(&MediaLine { media: "a b", ..audio() }),
            Builder::new(&Origin { username: "a b", ..origin() }),
            Builder::new(&Origin { session_id: "x", ..origin() }),
        ];
        for (at, builder) in table.into_iter().enumerate() {
            assert!(builder.finish().is_err(), "{at}");
        }
    }

    #[test]
    fn lines_out_of_order_are_refused_where_they_would_stand() {
        let map = Rtpmap { payload: 97, encoding: "AMR", clock_rate: 8000, params: None };
        let late = Builder::new(&origin())
            .media(&audio())
            .line::<field::Rtpmap>(&map)
            .line::<field::SessionName>(&Text("late"))
            .finish()
            .unwrap_err();
        let expected = (FaultKind::Unexpected, 7, Part::Field(FieldName::SessionName));
        assert_eq!((late.kind, late.line, late.field), expected);
    }
}
