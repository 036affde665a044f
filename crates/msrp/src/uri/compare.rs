//! When two URIs are the same (RFC 4975 section 6.1).

use super::Uri;

impl Uri<'_> {
    /// Whether two URIs name the same end of a session: scheme, host, port, session id and transport agree.
    ///
    /// The session id is compared byte by byte, all else without regard to case. A written port differs from none,
    /// the default port included. User and parameters do not count.
    ///
    /// ```
    /// use missiva_msrp::Uri;
    ///
    /// let uri = Uri::parse("msrp://Alice.example.com:7777/iau39;tcp")?;
    /// assert!(uri.matches(&Uri::parse("MSRP://bob@alice.example.com:7777/iau39;TCP;x=y")?));
    /// assert!(!uri.matches(&Uri::parse("msrp://alice.example.com:7777/IAU39;tcp")?));
    /// # Ok::<(), missiva_core::Fault>(())
    /// ```
    #[must_use]
    pub fn matches(&self, other: &Uri<'_>) -> bool {
        self.text == other.text
            || self.is_secure() == other.is_secure()
                && self.port() == other.port()
                && self.names_session_of(other)
                && self.host().matches(&other.host())
                && self.transport().eq_ignore_ascii_case(other.transport())
    }

    /// Whether two URIs agree in the session id alone, which is what an end compares that accepted the connection
    /// through a middlebox (RFC 6714 section 4.2): hosts and ports were rewritten on the way, or never said the truth.
    /// It is also how a message finds its session on a link that carries many.
    ///
    /// Two URIs without a session id do not match.
    ///
    /// ```
    /// use missiva_msrp::Uri;
    ///
    /// let ours = Uri::parse("msrp://192.0.2.1:9/abc123;tcp")?;
    /// assert!(ours.matches_session(&Uri::parse("msrps://nat.example.net:4711/abc123;tcp")?));
    /// # Ok::<(), missiva_core::Fault>(())
    /// ```
    #[must_use]
    pub fn matches_session(&self, other: &Uri<'_>) -> bool {
        self.session_id().is_some() && self.names_session_of(other)
    }

    fn names_session_of(&self, other: &Uri<'_>) -> bool {
        self.session_id() == other.session_id()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pairs: &[(&str, &str)], same: bool) {
        for (a, b) in pairs {
            let (a, b) = (Uri::parse(a).unwrap(), Uri::parse(b).unwrap());
            assert_eq!((a.matches(&b), b.matches(&a)), (same, same), "{a} {b}");
            assert!(a.matches(&a) && b.matches(&b));
        }
    }

    #[test]
    fn rfc_4975_section_6_1_equal_pairs() {
        check(
            &[
                ("msrp://h:1/x;tcp", "MSRP://H:1/x;TCP"),
                ("msrp://alice@h:1/x;tcp", "msrp://bob@h:1/x;tcp"),
                ("msrp://h:1/x;tcp;a=b", "msrp://h:1/x;tcp"),
                ("msrp://[2001:db8::1]:1/x;tcp", "msrp://[2001:DB8:0:0::1]:1/x;tcp"),
                ("msrp://ho%73t/x;tcp", "msrp://host/x;tcp"),
            ],
            true,
        );
    }

    #[test]
    fn rfc_4975_section_6_1_unequal_pairs() {
        check(
            &[
                ("msrp://h:1/x;tcp", "msrps://h:1/x;tcp"),
                ("msrp://h:1/x;tcp", "msrp://h:2/x;tcp"),
                ("msrp://h:2855/x;tcp", "msrp://h/x;tcp"),
                ("msrp://h:1/x;tcp", "msrp://h:1/X;tcp"),
                ("msrp://h:1/x;tcp", "msrp://h:1;tcp"),
                ("msrp://h:1/x;tcp", "msrp://h:1/x;ws"),
                ("msrp://h:1/x;tcp", "msrp://i:1/x;tcp"),
                ("msrp://h:1/x%41;tcp", "msrp://h:1/xA;tcp"),
            ],
            false,
        );
    }

    #[test]
    fn sessions_match_whatever_the_middlebox_wrote_around_them() {
        let session =
            |a: &str, b: &str| Uri::parse(a).unwrap().matches_session(&Uri::parse(b).unwrap());
        assert!(session("msrp://a:1/x;tcp", "msrps://b:2/x;ws"));
        assert!(!session("msrp://a:1/x;tcp", "msrp://a:1/X;tcp"));
        assert!(!session("msrp://a:1;tcp", "msrp://a:1;tcp"));
    }
}
