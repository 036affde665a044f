//! `Reason` (RFC 3326).

use std::borrow::Cow;

use bytes::BytesMut;
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use super::Value;
use super::word::word;
use crate::params::Params;

word! {
    /// Why a request was sent: the protocol that knows, the cause in its numbers, and words.
    ///
    /// ```
    /// use missiva_sip::header::{Reason, Value};
    ///
    /// let reason = Reason::parse("SIP ;cause=200 ;text=\"Call completed elsewhere\"")?;
    /// assert!(reason.is("sip"));
    /// assert_eq!(reason.cause(), Some(200));
    /// assert_eq!(reason.text().as_deref(), Some("Call completed elsewhere"));
    /// # Ok::<(), missiva_core::Fault>(())
    /// ```
    Reason {
        /// `SIP`, `Q.850` …
        protocol,
        /// `cause`, `text` and any other.
        params
    }
    numbers "cause"
}

impl<'a> Reason<'a> {
    /// Whether the cause is one of `protocol`, in any case.
    #[must_use]
    pub fn is(&self, protocol: &str) -> bool {
        self.protocol.eq_ignore_ascii_case(protocol)
    }

    /// The cause in the numbers of the protocol.
    #[must_use]
    pub fn cause(&self) -> Option<u32> {
        self.params.number("cause").ok()?
    }

    /// The words.
    #[must_use]
    pub fn text(&self) -> Option<Cow<'a, str>> {
        self.params.text("text")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use missiva_core::FaultKind;

    #[test]
    fn causes_are_numbers() {
        let table = [
            ("Q.850;cause=16;text=\"a \\\"b\\\"\"", Ok((Some(16), Some("a \"b\"")))),
            ("SIP", Ok((None, None))),
            ("SIP;cause=0603", Ok((Some(603), None))),
            ("SIP;cause=\"200\"", Err((FaultKind::Number, 10))),
            ("SIP;cause=-1", Err((FaultKind::Number, 10))),
            ("SIP;cause", Err((FaultKind::Number, 4))),
            (";cause=1", Err((FaultKind::Unexpected, 0))),
            ("SIP;text=a b", Err((FaultKind::Unexpected, 11))),
        ];
        for (text, expected) in table {
            let got = Reason::parse(text);
            let words = got.ok().and_then(|reason| reason.text());
            assert_eq!(
                got.map(|reason| (reason.cause(), words.as_deref()))
                    .map_err(|fault| (fault.kind, fault.at)),
                expected,
                "{text}"
            );
            assert!(got.is_err() || got.unwrap().to_text() == text);
        }
    }
}
