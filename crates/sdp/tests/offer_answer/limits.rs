//! Caps at their edges: at the limit, one over, far over.

use missiva_sdp::negotiate::{Capabilities, Demands, Limits, Negotiator, Policy, Rule};

use super::{audio, author, sdp};

fn receive(lines: &str) -> Result<(), Rule> {
    let mut bob = Negotiator::new(author("2"));
    bob.receive_offer(&sdp(lines)).map(drop).map_err(|refusal| refusal.rule)
}

#[test]
fn streams_are_counted() {
    let max = Limits::DEFAULT.max_streams;
    let offer = |count: usize| "m=audio 1 RTP/AVP 0\n".repeat(count);
    assert_eq!(receive(&offer(max)), Ok(()));
    for count in [max + 1, 2 * max, 256] {
        assert_eq!(receive(&offer(count)), Err(Rule::TooManyStreams), "{count}");
        let refusal = Policy::default().trim(&sdp(&offer(count))).unwrap_err();
        assert_eq!((refusal.rule, refusal.status()), (Rule::TooManyStreams, 488));
    }
}

#[test]
fn formats_are_counted() {
    let max = Limits::DEFAULT.max_formats;
    let offer = |count: usize| format!("m=audio 1 RTP/AVP{}\n", " 0".repeat(count));
    assert_eq!(receive(&offer(max)), Ok(()));
    for count in [max + 1, 4 * max] {
        assert_eq!(receive(&offer(count)), Err(Rule::TooManyFormats), "{count}");
    }
    // A stream that is refused is not looked at.
    assert_eq!(receive(&offer(max + 1).replace("audio 1", "audio 0")), Ok(()));
}

#[test]
fn caps_may_be_lower() {
    let limits = Limits { max_streams: 1, max_formats: 1 };
    let mut bob = Negotiator::with_demands(author("2"), {
        let mut demands = Demands::STRICT;
        demands.limits = limits;
        demands
    });
    let refusal = bob.receive_offer(&sdp("m=audio 1 RTP/AVP 0 8\n")).unwrap_err();
    assert_eq!((refusal.media, refusal.rule), (Some(0), Rule::TooManyFormats));
    bob.receive_offer(&sdp("m=audio 1 RTP/AVP 8\n")).unwrap();
    assert!(bob.answer(&Capabilities::of([audio(5000)])).is_ok());
}
