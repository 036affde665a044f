//! `a=setup` and `a=connection` (RFC 4145).

use super::keywords;

keywords! {
    /// Who opens the connection (RFC 4145 section 4; RFC 6135 for MSRP).
    Setup {
        /// The one who says so opens it.
        Active "active";
        /// The one who says so waits for it.
        Passive "passive";
        /// Either, as the other side likes: for offers alone.
        ActPass "actpass";
        /// Nobody for now.
        HoldConn "holdconn";
    }
}

impl Setup {
    /// Whether an answer of `self` fits an offer of `offer` (RFC 4145 section 4.1).
    ///
    /// ```
    /// use missiva_sdp::attribute::Setup;
    ///
    /// assert!(Setup::Passive.answers(Setup::ActPass) && !Setup::Active.answers(Setup::Active));
    /// ```
    #[must_use]
    pub const fn answers(self, offer: Self) -> bool {
        matches!(
            (offer, self),
            (Self::Active, Self::Passive | Self::HoldConn)
                | (Self::Passive, Self::Active | Self::HoldConn)
                | (Self::ActPass, Self::Active | Self::Passive | Self::HoldConn)
                | (Self::HoldConn, Self::HoldConn)
        )
    }
}

keywords! {
    /// Whether a connection that is there goes on (RFC 4145 section 5).
    ConnectionReuse {
        /// A new one is wanted; so it is when nothing is said.
        New "new";
        /// The one that is there will do.
        Existing "existing";
    }
}

#[cfg(test)]
mod tests {
    use missiva_core::{Fault, FaultKind};

    use super::*;
    use crate::value::Value;

    #[test]
    fn keywords_are_read_in_any_case() {
        for setup in [Setup::Active, Setup::Passive, Setup::ActPass, Setup::HoldConn] {
            assert_eq!(Setup::parse(&setup.to_text()), Ok(setup));
            assert_eq!(Setup::parse(&setup.to_text().to_uppercase()), Ok(setup));
        }
        assert_eq!(ConnectionReuse::parse("existing"), Ok(ConnectionReuse::Existing));
        assert_eq!(Setup::parse("activ"), Err(Fault::new(FaultKind::Value, 0)));
        assert_eq!(Setup::parse(""), Err(Fault::new(FaultKind::End, 0)));
    }

    #[test]
    fn an_answer_takes_the_part_that_the_offer_leaves() {
        use Setup::{ActPass, Active, HoldConn, Passive};
        let table = [
            (Active, [false, true, false, true]),
            (Passive, [true, false, false, true]),
            (ActPass, [true, true, false, true]),
            (HoldConn, [false, false, false, true]),
        ];
        for (offer, expected) in table {
            let got = [Active, Passive, ActPass, HoldConn].map(|answer| answer.answers(offer));
            assert_eq!(got, expected, "{offer:?}");
        }
    }
}
