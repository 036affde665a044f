//! The namespaces that the documents of this crate are made of.

/// What a namespace URI means to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ns {
    /// No namespace at all.
    None,
    /// `xml:lang` and its kin.
    Xml,
    Composing,
    Conference,
    /// Copy control of RFC 5364, in the spelling of the standard or with the capital of some vendors.
    CopyControl,
    DeferredList,
    FileTransfer,
    /// What the Universal Profile added to file transfer over HTTP.
    FileTransferExt,
    /// Playing length of audio messages.
    AudioMessage,
    /// GRUU in registration information (RFC 5628).
    Gruu,
    Imdn,
    /// OMA's elements of presence: service descriptions.
    OmaPresence,
    Pidf,
    Reginfo,
    ResourceLists,
    /// One that no document here is made of.
    Other,
}

impl Ns {
    /// The meaning of a URI.
    pub(crate) fn of(uri: &str) -> Self {
        if uri == "urn:ietf:params:xml:ns:copyControl" {
            return Self::CopyControl;
        }
        KNOWN.iter().find(|(known, _)| *known == uri).map_or(Self::Other, |(_, ns)| *ns)
    }

    /// The URI as it is written.
    pub(crate) fn uri(self) -> &'static str {
        KNOWN.iter().find(|(_, known)| *known == self).map_or("", |(uri, _)| uri)
    }
}

const KNOWN: [(&str, Ns); 14] = [
    ("urn:ietf:params:xml:ns:imdn", Ns::Imdn),
    ("urn:ietf:params:xml:ns:im-iscomposing", Ns::Composing),
    ("urn:ietf:params:xml:ns:conference-info", Ns::Conference),
    ("urn:ietf:params:xml:ns:resource-lists", Ns::ResourceLists),
    ("urn:ietf:params:xml:ns:copycontrol", Ns::CopyControl),
    ("urn:gsma:params:xml:ns:rcs:rcs:fthttp", Ns::FileTransfer),
    ("urn:gsma:params:xml:ns:rcs:rcs:up:fthttpext", Ns::FileTransferExt),
    ("urn:gsma:params:xml:ns:rcs:rcs:rram", Ns::AudioMessage),
    ("urn:ietf:params:xml:ns:pidf", Ns::Pidf),
    ("urn:oma:xml:prs:pidf:oma-pres", Ns::OmaPresence),
    ("urn:ietf:params:xml:ns:reginfo", Ns::Reginfo),
    ("urn:ietf:params:xml:ns:gruuinfo", Ns::Gruu),
    ("urn:missiva:xml:ns:deferred-list", Ns::DeferredList),
    ("http://www.w3.org/XML/1998/namespace", Ns::Xml),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_is_its_whole_uri() {
        for (uri, ns) in KNOWN {
            assert_eq!((Ns::of(uri), ns.uri()), (ns, uri));
        }
        assert_eq!(Ns::of("urn:ietf:params:xml:ns:copyControl"), Ns::CopyControl);
        assert_eq!(Ns::of("urn:ietf:params:xml:ns:IMDN"), Ns::Other);
        assert_eq!((Ns::None.uri(), Ns::Other.uri()), ("", ""));
    }
}
