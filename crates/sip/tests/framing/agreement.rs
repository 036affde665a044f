//! A datagram and a stream read the same message alike.

use super::chunking::{SMALL, unit};
use super::*;
use missiva_sip::HeaderName;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, ..ProptestConfig::default() })]

    #[test]
    fn on_one_message(bytes in unit(), lab in any::<bool>()) {
        // Line ends in front are keep-alives on a stream alone.
        prop_assume!(!bytes.starts_with(b"\r"));
        let limits = if lab { Limits::DEFAULT } else { SMALL };
        let alone = datagram(&bytes, &limits);
        let seen = stream(&bytes, limits);
        let length = Part::Header(HeaderName::ContentLength);
        match (&alone, seen.first()) {
            // More is to come on a stream, never in a datagram.
            (Seen::Fault { kind: FaultKind::End, .. }, None) => {}
            // A stream must say how long its bodies are.
            (_, Some(Seen::Fault { kind: FaultKind::Empty, field, recover: Recover::Close, .. })) if *field == length => {
                let stated = matches!(&alone, Seen::Fault { field, .. } if *field == length);
                prop_assert!(!stated);
            }
            // Without a length, the body of a datagram is its rest, which may be too large; a stream, which has no
            // such body, blames what may have hidden the length.
            (Seen::Fault { kind: FaultKind::Limit, field: Part::Body, .. }, Some(Seen::Fault { recover: Recover::Close, .. })) => {}
            // A stream tells the limit before the body is there.
            (Seen::Fault { kind, field, at, head, .. }, Some(Seen::Fault { kind: k, field: f, at: a, head: h, .. })) => {
                prop_assert_eq!((kind, field, at, head), (k, f, a, h));
            }
            (alone, first) => prop_assert_eq!(Some(alone), first),
        }
    }
}
