//! Which reports are owed for a message, and which way they go.
//!
//! ```text
//!              delivered / failed / forbidden / error
//!   Delivery:  Open ──────────────────────────────────▶ Settled
//!   Processing: Open ─ processed / stored / … ────────▶ Settled
//!   Display:   Open ─ displayed / forbidden / error ──▶ Settled
//!                      └ displayed settles an open Delivery first: what is shown has arrived
//! ```
//!
//! Each of the three is settled once, whatever many devices of one recipient say, and sends at most one report.

use missiva_core::FaultKind;

use super::Dispositions;
use crate::cpim::{Address, Builder, Cpim, Known};
use crate::{ParseError, Part};

/// What happened to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum Outcome {
    /// It arrived.
    Delivered,
    /// It did not, and will not: refused, expired, deleted.
    DeliveryFailed,
    /// Whether it arrived is not for the sender to know.
    DeliveryForbidden,
    /// Whether it arrived could not be found out.
    DeliveryError,
    /// Somebody on the way dealt with it.
    Processed,
    /// Somebody on the way keeps it for later.
    Stored,
    /// What became of it on the way is not for the sender to know.
    ProcessingForbidden,
    /// What became of it on the way could not be found out.
    ProcessingError,
    /// It was shown.
    Displayed,
    /// Whether it was shown is not for the sender to know.
    DisplayForbidden,
    /// It could not be shown.
    DisplayError,
}

/// The kind of a report: which element of the document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum Kind {
    /// `delivery-notification`.
    Delivery,
    /// `processing-notification`.
    Processing,
    /// `display-notification`.
    Display,
}

impl Outcome {
    /// Which kind of report tells it.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Delivered
            | Self::DeliveryFailed
            | Self::DeliveryForbidden
            | Self::DeliveryError => Kind::Delivery,
            Self::Processed | Self::Stored | Self::ProcessingForbidden | Self::ProcessingError => {
                Kind::Processing
            }
            Self::Displayed | Self::DisplayForbidden | Self::DisplayError => Kind::Display,
        }
    }

    /// The request that asks for it (RFC 5438 section 6.2).
    const fn asked_by(self) -> Dispositions {
        match self.kind() {
            Kind::Delivery if matches!(self, Self::Delivered) => Dispositions::POSITIVE_DELIVERY,
            Kind::Delivery => Dispositions::NEGATIVE_DELIVERY,
            Kind::Processing => Dispositions::PROCESSING,
            Kind::Display => Dispositions::DISPLAY,
        }
    }

    const fn is_forbidden(self) -> bool {
        matches!(self, Self::DeliveryForbidden | Self::ProcessingForbidden | Self::DisplayForbidden)
    }
}

impl Kind {
    const fn bit(self) -> u8 {
        match self {
            Self::Delivery => 1,
            Self::Processing => 1 << 1,
            Self::Display => 1 << 2,
        }
    }
}

/// What a recipient lets be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// A sender who may not know is told so. Otherwise nothing is sent (RFC 5438 section 14).
    pub tell_forbidden: bool,
}

/// What is owed for one message to one recipient: a value of four bytes, to be kept for as long as the message lives.
///
/// ```
/// use bytes::Bytes;
/// use missiva_content::Limits;
/// use missiva_content::cpim::Cpim;
/// use missiva_content::imdn::policy::{Outcome, Owed, Rules};
///
/// let bytes = Bytes::from_static(b"From: <sip:a@x>\r\nDateTime: 2026-11-21T12:00:00Z\r\nNS: imdn <urn:ietf:params:imdn>\r\n\
///     imdn.Message-ID: m1\r\nimdn.Disposition-Notification: positive-delivery, display\r\n\r\n\r\nHi");
/// let message = Cpim::parse(bytes, &Limits::DEFAULT)?;
/// let mut owed = Owed::of(&message, Rules::default())?;
/// // The second device says what the first did, and its user reads.
/// assert_eq!(owed.settle(Outcome::Delivered).collect::<Vec<_>>(), [Outcome::Delivered]);
/// assert_eq!(owed.settle(Outcome::Delivered).count(), 0);
/// assert_eq!(owed.settle(Outcome::Displayed).collect::<Vec<_>>(), [Outcome::Displayed]);
/// # Ok::<(), missiva_content::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    wanted: Dispositions,
    settled: u8,
    rules: Rules,
}

impl Owed {
    /// What a message asks for. A report asks for none, whatever its head says, nor does one that it could not name:
    /// without `imdn.Message-ID` nothing is owed.
    ///
    /// # Errors
    ///
    /// A header that this depends on and that cannot be read.
    pub fn of(message: &Cpim, rules: Rules) -> Result<Self, ParseError> {
        let named = message.message_id()?.is_some();
        let wanted =
            if named && !is_silent(message)? { message.wants()? } else { Dispositions::NONE };
        Ok(Self::wanting(wanted, rules))
    }

    /// What these requests ask for.
    #[must_use]
    pub const fn wanting(wanted: Dispositions, rules: Rules) -> Self {
        Self { wanted, settled: 0, rules }
    }

    /// Says what happened, and gives out the reports to send, in order: none when nobody asked or when this is settled
    /// already, two when a message that is shown was never said to have arrived.
    pub fn settle(&mut self, outcome: Outcome) -> impl Iterator<Item = Outcome> + use<> {
        let implied = (outcome == Outcome::Displayed).then(|| self.one(Outcome::Delivered));
        let own = self.one(outcome);
        implied.flatten().into_iter().chain(own)
    }

    fn one(&mut self, outcome: Outcome) -> Option<Outcome> {
        let bit = outcome.kind().bit();
        if self.settled & bit != 0 {
            return None;
        }
        self.settled |= bit;
        let told = self.rules.tell_forbidden || !outcome.is_forbidden();
        (told && self.wanted.has(outcome.asked_by())).then_some(outcome)
    }

    /// Whether a report may still be sent.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let open = |kind: Kind, asked: Dispositions| {
            self.settled & kind.bit() == 0 && self.wanted.bits() & asked.bits() != 0
        };
        open(Kind::Delivery, Dispositions::POSITIVE_DELIVERY | Dispositions::NEGATIVE_DELIVERY)
            || open(Kind::Processing, Dispositions::PROCESSING)
            || open(Kind::Display, Dispositions::DISPLAY)
    }

    /// Whether this kind is settled.
    #[must_use]
    pub const fn is_settled(&self, kind: Kind) -> bool {
        self.settled & kind.bit() != 0
    }

    /// What has to be kept across a restart; [`restore`](Self::restore) takes it.
    #[must_use]
    pub const fn bits(&self) -> u16 {
        (self.wanted.bits() as u16) << 8 | self.settled as u16
    }

    /// The value that was kept.
    #[must_use]
    pub fn restore(bits: u16, rules: Rules) -> Self {
        let [wanted, settled] = bits.to_be_bytes();
        Self { wanted: Dispositions::from_bits(wanted), settled: settled & 0b111, rules }
    }
}

/// Types of content that nobody reports on: reports (RFC 5438 section 7.2.1) and signs of typing (RFC 3994).
const SILENT: [&str; 2] = ["message/imdn+xml", "application/im-iscomposing+xml"];

/// Whether a message is one of those that nobody reports on, or is on the way of a report.
fn is_silent(message: &Cpim) -> Result<bool, ParseError> {
    let kind = message.content_type()?;
    if SILENT.iter().any(|silent| kind.is(silent)) || message.all(Known::ImdnRoute).next().is_some()
    {
        return Ok(true);
    }
    // An aggregate of reports is a multipart with this purpose (RFC 5438 section 8).
    let purpose = message.content().disposition().ok().flatten();
    Ok(purpose.is_some_and(|purpose| purpose.is("notification")))
}

/// The way of a report back to the sender: everybody who asked to see it, in the order in which they stand, then the
/// sender (RFC 5438 section 7.2.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayBack<'a> {
    /// Who wrote the message.
    pub sender: Address<'a>,
    /// The stations before, the first to pass first.
    pub stations: Vec<Address<'a>>,
}

impl<'a> WayBack<'a> {
    /// The way back from a message.
    ///
    /// # Errors
    ///
    /// No `From`, or an address that cannot be read.
    pub fn of(message: &'a Cpim) -> Result<Self, ParseError> {
        let nobody = ParseError::new(FaultKind::Empty, Part::Cpim(Known::From.as_str()), 0);
        Ok(Self {
            sender: message.from()?.ok_or(nobody)?,
            stations: message.record_routes().collect::<Result<_, _>>()?,
        })
    }

    /// Where the report goes first.
    #[must_use]
    pub fn next(&self) -> &Address<'a> {
        self.stations.first().unwrap_or(&self.sender)
    }

    /// The head of a report from `own` that is called `message_id`; a date and the document are to be added.
    ///
    /// Where the sender is anonymous the report is, too: SIP says who it is from and to.
    #[must_use]
    pub fn report(&self, own: &Address<'_>, message_id: &str) -> Builder {
        let own = if self.sender.is_anonymous() { &Address::ANONYMOUS } else { own };
        let head = Builder::between(own, &self.sender).message_id(message_id);
        self.stations.iter().fold(head, |head, station| head.route(station))
    }
}

/// Where a report goes next: to the topmost station, else to whom it is addressed. A station that finds itself here
/// takes itself off with [`Edit::pop_route`](crate::cpim::Edit::pop_route) and asks again.
///
/// # Errors
///
/// An address that cannot be read.
pub fn next_station(report: &Cpim) -> Result<Option<Address<'_>>, ParseError> {
    report.routes().next().or_else(|| report.to().next()).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpim::Edit;
    use crate::{DateTime, Limits, mime};
    use bytes::Bytes;
    use proptest::prelude::*;

    const ALL: [Outcome; 11] = [
        Outcome::Delivered,
        Outcome::DeliveryFailed,
        Outcome::DeliveryForbidden,
        Outcome::DeliveryError,
        Outcome::Processed,
        Outcome::Stored,
        Outcome::ProcessingForbidden,
        Outcome::ProcessingError,
        Outcome::Displayed,
        Outcome::DisplayForbidden,
        Outcome::DisplayError,
    ];

    fn sent(wanted: Dispositions, outcomes: &[Outcome]) -> Vec<Outcome> {
        let mut owed = Owed::wanting(wanted, Rules::default());
        outcomes.iter().flat_map(|outcome| owed.settle(*outcome)).collect()
    }

    #[test]
    fn what_is_sent_is_what_was_asked_for_and_once() {
        use Dispositions as D;
        use Outcome::{
            Delivered, DeliveryError, DeliveryFailed, DisplayForbidden, Displayed, Processed,
            Stored,
        };
        let both = D::POSITIVE_DELIVERY | D::NEGATIVE_DELIVERY;
        for (wanted, happened, expected) in [
            (D::NONE, &ALL[..], &[][..]),
            (D::POSITIVE_DELIVERY, &[Delivered, Delivered], &[Delivered]),
            (D::POSITIVE_DELIVERY, &[DeliveryFailed], &[]),
            (D::NEGATIVE_DELIVERY, &[Delivered, DeliveryFailed], &[]),
            (both, &[DeliveryFailed, Delivered], &[DeliveryFailed]),
            (both, &[DeliveryError], &[DeliveryError]),
            (D::PROCESSING, &[Stored, Processed], &[Stored]),
            (D::DISPLAY, &[Displayed, Displayed], &[Displayed]),
            // What is shown has arrived.
            (both | D::DISPLAY, &[Displayed, Delivered], &[Delivered, Displayed]),
            (D::POSITIVE_DELIVERY, &[Displayed], &[Delivered]),
            // Who may not know is not told that there is something to know.
            (D::DISPLAY, &[DisplayForbidden, Displayed], &[]),
            (D::INTERWORKING, &ALL, &[]),
        ] {
            assert_eq!(sent(wanted, happened), expected, "{wanted}: {happened:?}");
        }
        let mut owed = Owed::wanting(D::DISPLAY, Rules { tell_forbidden: true });
        assert_eq!(owed.settle(DisplayForbidden).collect::<Vec<_>>(), [DisplayForbidden]);
    }

    proptest! {
        #[test]
        fn no_order_of_outcomes_sends_two_of_a_kind(
            bits: u8, tell_forbidden: bool, outcomes in prop::collection::vec(prop::sample::select(ALL.to_vec()), 0..20), restart in 0usize..20
        ) {
            let wanted = Dispositions::from_bits(bits);
            let rules = Rules { tell_forbidden };
            let mut owed = Owed::wanting(wanted, rules);
            let mut sent = Vec::new();
            for (at, outcome) in outcomes.into_iter().enumerate() {
                if at == restart {
                    owed = Owed::restore(owed.bits(), rules);
                }
                let was_open = owed.is_open();
                let now: Vec<_> = owed.settle(outcome).collect();
                prop_assert!(now.is_empty() || was_open);
                prop_assert!(owed.is_settled(outcome.kind()));
                sent.extend(now);
            }
            for kind in [Kind::Delivery, Kind::Processing, Kind::Display] {
                prop_assert!(sent.iter().filter(|one| one.kind() == kind).count() <= 1);
            }
            prop_assert!(sent.iter().all(|one| wanted.has(one.asked_by())));
        }
    }

    fn message(head: &str, content: &str) -> Cpim {
        let text = format!(
            "From: <sip:a@x>\r\nNS: n <urn:ietf:params:imdn>\r\n{head}n.Disposition-Notification: positive-delivery\r\n\r\n{content}\r\n\r\n"
        );
        Cpim::parse(Bytes::from(text), &Limits::DEFAULT).unwrap()
    }

    #[test]
    fn nobody_reports_on_a_report_or_on_what_has_no_name() {
        let named = "n.Message-ID: m1\r\n";
        for (head, content, open) in [
            (named, "Content-Type: text/plain", true),
            (named, "", true),
            ("", "Content-Type: text/plain", false),
            (named, "Content-Type: Message/IMDN+xml", false),
            (named, "Content-Type: application/im-iscomposing+xml", false),
            (
                named,
                "Content-Type: multipart/mixed;boundary=b\r\nContent-Disposition: notification",
                false,
            ),
            ("n.Message-ID: m1\r\nn.IMDN-Route: <sip:b@x>\r\n", "", false),
        ] {
            let owed = Owed::of(&message(head, content), Rules::default()).unwrap();
            assert_eq!(owed.is_open(), open, "{head:?} {content:?}");
        }
        let twice = message("n.Message-ID: 1\r\nn.Message-ID: 2\r\n", "");
        assert_eq!(Owed::of(&twice, Rules::default()).unwrap_err().kind, FaultKind::Conflict);
    }

    #[test]
    fn a_report_passes_every_station_in_order_and_ends_at_the_sender() {
        let asked = message(
            "n.Message-ID: m1\r\nn.IMDN-Record-Route: <sip:2@x>\r\nn.IMDN-Record-Route: P F <sip:1@x>\r\n",
            "",
        );
        let way = WayBack::of(&asked).unwrap();
        assert_eq!(way.next().uri(), "sip:2@x");
        let document =
            mime::Builder::new("message/imdn+xml").disposition("notification").finish().unwrap();
        let date = DateTime::from_unix(0, 0).unwrap();
        let built = way
            .report(&Address::new("sip:b@x"), "r1")
            .date_time(date)
            .content(document)
            .finish()
            .unwrap();

        let mut report = Cpim::parse(built.to_vec().into(), &Limits::DEFAULT).unwrap();
        assert_eq!(report.from().unwrap().unwrap().uri(), "sip:b@x");
        assert!(!Owed::of(&report, Rules::default()).unwrap().is_open());
        let mut seen = Vec::new();
        loop {
            let next = next_station(&report).unwrap().unwrap();
            seen.push(next.uri().to_owned());
            let mut edit = Edit::new(&report);
            if !edit.pop_route() {
                break;
            }
            report = Cpim::parse(edit.finish().unwrap().to_vec().into(), &Limits::DEFAULT).unwrap();
        }
        assert_eq!(seen, ["sip:2@x", "sip:1@x", "sip:a@x"]);
    }

    #[test]
    fn a_report_to_nobody_is_from_nobody() {
        let text = "From: <sip:anonymous@anonymous.invalid>\r\n\r\n\r\n";
        let asked = Cpim::parse(Bytes::from_static(text.as_bytes()), &Limits::DEFAULT).unwrap();
        let way = WayBack::of(&asked).unwrap();
        let built = way.report(&Address::new("sip:b@x"), "r1").finish().unwrap();
        let report = Cpim::parse(built.to_vec().into(), &Limits::DEFAULT).unwrap();
        assert!(report.from().unwrap().unwrap().is_anonymous());
        let empty =
            Cpim::parse(Bytes::from_static(b"To: <sip:b@x>\r\n\r\n"), &Limits::DEFAULT).unwrap();
        assert_eq!(WayBack::of(&empty).unwrap_err().field, Part::Cpim("From"));
    }
}
