//! When two URIs are the same (RFC 3261 section 19.1.4, RFC 3966 section 5).

use super::escape::{eq_unescaped, eq_unescaped_exact};
use super::{AbsoluteUri, SipUri, TelNumber, Uri, UriHeaders, UriParam, UriParams};

impl Uri<'_> {
    /// Whether two URIs name the same resource by the rules of their scheme.
    ///
    /// This is not an equivalence: RFC 3261 ignores a parameter that only one side has, so `a` may match `b` and
    /// `b` match `c` while `a` and `c` differ. Never key a table by it.
    ///
    /// ```
    /// use missiva_sip::Uri;
    ///
    /// let a = Uri::parse("sip:%61lice@atlanta.com;transport=TCP")?;
    /// let b = Uri::parse("sip:alice@AtLanTa.CoM;Transport=tcp")?;
    /// assert!(a.matches(&b));
    /// assert!(!a.matches(&Uri::parse("sip:ALICE@atlanta.com;transport=tcp")?));
    /// # Ok::<(), missiva_core::Fault>(())
    /// ```
    #[must_use]
    pub fn matches(&self, other: &Uri<'_>) -> bool {
        match (self, other) {
            (Self::Sip(a), Uri::Sip(b)) => sip_matches(a, b),
            (Self::Tel(a), Uri::Tel(b)) => tel_matches(&a.telephone(), &b.telephone()),
            (Self::Other(a), Uri::Other(b)) => absolute_matches(a, b),
            _ => false,
        }
    }
}

fn sip_matches(a: &SipUri<'_>, b: &SipUri<'_>) -> bool {
    let text = |a: Option<&str>, b: Option<&str>| match (a, b) {
        (Some(a), Some(b)) => eq_unescaped_exact(a, b),
        (None, None) => true,
        _ => false,
    };
    a.is_secure() == b.is_secure()
        && text(a.user(), b.user())
        && text(a.password(), b.password())
        && a.host().matches(&b.host())
        // A written default port differs from none.
        && a.port() == b.port()
        && params_match(&a.params(), &b.params())
        && headers_match(&a.headers(), &b.headers())
}

/// Parameters that both have must agree; some must be on both sides or on neither; all others that one side
/// alone has are ignored. `gr` is RFC 5627 section 4.1's addition to the list.
fn params_match(a: &UriParams<'_>, b: &UriParams<'_>) -> bool {
    const BOTH_OR_NONE: [&str; 6] = ["user", "ttl", "method", "maddr", "transport", "gr"];
    let value = |value: Option<&str>, other: Option<&str>| match (value, other) {
        (Some(a), Some(b)) => eq_unescaped(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    // Of a name that stands twice the first counts, on both sides: otherwise a URI would not match itself.
    a.iter()
        .filter_map(|param| a.get(param.name).zip(b.get(param.name)))
        .all(|(param, other)| value(param.value, other.value))
        && BOTH_OR_NONE.iter().all(|name| a.has(name) == b.has(name))
}

/// Headers are never ignored: the same ones on both sides, each as often, in any order.
fn headers_match(a: &UriHeaders<'_>, b: &UriHeaders<'_>) -> bool {
    same_entries(a.iter(), b.iter(), |a, b| {
        eq_unescaped(a.name, b.name)
            && eq_unescaped_exact(a.value.unwrap_or_default(), b.value.unwrap_or_default())
    })
}

/// Both global or both local; digits alike once separators are gone, `A`–`F` in any case; the same parameters in any
/// order, where `ext` and a context of digits ignore separators too.
fn tel_matches(a: &TelNumber<'_>, b: &TelNumber<'_>) -> bool {
    let same_digits = a
        .digits()
        .map(|digit| digit.to_ascii_lowercase())
        .eq(b.digits().map(|d| d.to_ascii_lowercase()));
    a.is_global() == b.is_global()
        && same_digits
        && same_entries(a.params().iter(), b.params().iter(), |a, b| {
            let values = (a.value.unwrap_or_default(), b.value.unwrap_or_default());
            eq_unescaped(a.name, b.name) && tel_value_matches(a.name, values.0, values.1)
        })
}

/// Whether two lists hold the same entries, each as often as the other does, in any order.
///
/// `same` is an equivalence, so an entry of one list may be paired with any that it finds in the other.
fn same_entries<'a, 'b>(
    a: impl Iterator<Item = UriParam<'a>>,
    b: impl Iterator<Item = UriParam<'b>>,
    same: impl Fn(&UriParam<'a>, &UriParam<'b>) -> bool,
) -> bool {
    let mut left: Vec<UriParam<'b>> = b.collect();
    for entry in a {
        let Some(found) = left.iter().position(|other| same(&entry, other)) else { return false };
        left.swap_remove(found);
    }
    left.is_empty()
}

fn tel_value_matches(name: &str, a: &str, b: &str) -> bool {
    let is_number = eq_unescaped(name, "ext")
        || eq_unescaped(name, "phone-context") && a.starts_with('+') && b.starts_with('+');
    if !is_number {
        return eq_unescaped(a, b);
    }
    let digits =
        |text: &str| text.bytes().filter(|byte| !b"-.()".contains(byte)).collect::<Vec<_>>();
    digits(a) == digits(b)
}

/// Schemes ignore case; the rest is opaque, so it is compared as it is but for escapes.
fn absolute_matches(a: &AbsoluteUri<'_>, b: &AbsoluteUri<'_>) -> bool {
    a.scheme().eq_ignore_ascii_case(b.scheme()) && eq_unescaped_exact(a.rest(), b.rest())
}

#[cfg(test)]
mod tests {
    use crate::Uri;

    fn check(table: &[(&str, &str)], expected: bool) {
        for (a, b) in table {
            let (left, right) = (Uri::parse(a).unwrap(), Uri::parse(b).unwrap());
            assert_eq!(left.matches(&right), expected, "{a} ~ {b}");
            assert_eq!(right.matches(&left), expected, "{b} ~ {a}");
        }
    }

    #[test]
    fn rfc_3261_section_19_1_4_equal_pairs() {
        check(
            &[
                ("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"),
                ("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"),
                ("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"),
                ("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"),
                (
                    "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
                    "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
                ),
                (
                    "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
                    "sip:alice@atlanta.com?priority=urgent&subject=project%20x",
                ),
            ],
            true,
        );
    }

    #[test]
    fn rfc_3261_section_19_1_4_unequal_pairs() {
        check(
            &[
                ("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"),
                ("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"),
                ("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"),
                ("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"),
                ("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"),
                ("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"),
                ("sip:carol@chicago.com;security=off", "sip:carol@chicago.com;security=on"),
                ("sip:a@example.com", "sips:a@example.com"),
                ("sip:a@example.com", "sip:a:p@example.com"),
                ("sip:a@example.com;gr=x", "sip:a@example.com"),
                ("sip:a@example.com;lr", "sip:a@example.com;lr=on"),
                ("sip:a:p@example.com", "sip:a:q@example.com"),
                ("sip:a?x=1", "sip:a?y=1"),
                ("sip:a?x=1", "sip:a?x=2"),
                ("sip:a?x=b", "sip:a?x=B"),
                ("sip:a?x=1&x=1", "sip:a?x=1"),
                ("sip:a?x=1&x=1", "sip:a?x=1&y=2"),
                ("sip:a?x=1&x=1&x=2", "sip:a?x=1&x=2&x=2"),
                ("sip:a@example.com", "im:a@example.com"),
            ],
            false,
        );
    }

    #[test]
    fn of_a_repeated_parameter_the_first_counts() {
        check(
            &[
                ("sip:a;x=1;x=2", "sip:a;x=1;x=2"),
                ("sip:a;x=1;x=2", "sip:a;x=1"),
                ("sip:a;x=1;X=2", "sip:a;%78=1;x=3"),
            ],
            true,
        );
        check(&[("sip:a;x=1;x=2", "sip:a;x=2"), ("sip:a;x=1;x=2", "sip:a;x=2;x=1")], false);
    }

    #[test]
    fn telephone_numbers_compare_without_visual_separators() {
        check(
            &[
                ("tel:+1-555-0100", "tel:+1(555)01.00"),
                ("tel:+15550100;ext=1-2;x=y", "tel:+15550100;X=Y;ext=12"),
                ("tel:0aB;phone-context=+1-2", "tel:0Ab;phone-context=+12"),
                ("tel:+12;e%78t=1", "tel:+12;EXT=1-"),
                ("tel:+1;x=1;x=2;x=1", "tel:+1;x=2;X=1;x=1"),
                ("tel:100;phone-context=EXAMPLE.com", "tel:100;phone-context=example.com"),
            ],
            true,
        );
        check(
            &[
                ("tel:+15550100", "tel:15550100;phone-context=+1"),
                ("tel:+15550100", "tel:+15550100;ext=1"),
                ("tel:+15550100;ext=1", "tel:+15550100;ext=2"),
                ("tel:+15550100;x=1", "tel:+15550100;y=1"),
                ("tel:+15550100;x=1;x=1", "tel:+15550100;x=1"),
                ("tel:+15550100;x=1;x=1;x=2", "tel:+15550100;x=1;x=2;x=2"),
                ("tel:+15550100;x=+1-2", "tel:+15550100;x=+12"),
                ("tel:+15550100", "tel:+15550101"),
                ("tel:100;phone-context=a-b.example", "tel:100;phone-context=ab.example"),
                ("tel:100;phone-context=a.example", "tel:100;phone-context=b.example"),
            ],
            false,
        );
    }

    #[test]
    fn opaque_uris_compare_by_bytes_but_for_scheme_case_and_escapes() {
        check(&[("URN:a:b", "urn:a:b"), ("cid:%61b@x", "cid:ab@x")], true);
        check(&[("urn:a:b", "urn:a:B"), ("im:a@x", "pres:a@x")], false);
    }
}
