//! Offers that cross, are refused, or get lost (RFC 3264 section 4, RFC 3261 section 14.2, RFC 6141).

use missiva_sdp::negotiate::{Capabilities, Negotiator, Plan, Rule, State};

use super::{audio, author, chat, sdp};

const AUDIO: &str = "m=audio 4000 RTP/AVP 0\n";

#[test]
fn an_offer_that_crosses_ours_gets_491_and_ours_stays() {
    let mut alice = Negotiator::new(author("1"));
    let ours = alice.offer(&Plan::of([audio(4000)])).unwrap();
    let refusal = alice.receive_offer(&sdp(AUDIO)).unwrap_err();
    assert_eq!((refusal.rule, refusal.status()), (Rule::Glare, 491));
    assert_eq!(alice.state(), State::OfferSent);
    assert_eq!(alice.outstanding().unwrap().text(), ours.text());
    alice.roll_back().unwrap();
    assert_eq!(alice.state(), State::Idle);
    assert!(alice.receive_offer(&sdp(AUDIO)).is_ok());
}

#[test]
fn a_second_offer_before_the_answer_gets_500() {
    let mut bob = Negotiator::new(author("2"));
    bob.receive_offer(&sdp(AUDIO)).unwrap();
    let refusal = bob.receive_offer(&sdp(AUDIO)).unwrap_err();
    assert_eq!((refusal.rule, refusal.status()), (Rule::Pending, 500));
    assert_eq!(bob.offer(&Plan::new()).unwrap_err().rule, Rule::OutOfTurn);
    assert!(bob.answer(&Capabilities::of([audio(5000)])).is_ok());
}

#[test]
fn an_answer_that_nobody_asked_for_is_refused() {
    let mut alice = Negotiator::new(author("1"));
    let refusal = alice.receive_answer(&sdp(AUDIO)).unwrap_err();
    assert_eq!((refusal.rule, refusal.status()), (Rule::Unasked, 400));
    assert_eq!(alice.answer(&Capabilities::default()).unwrap_err().rule, Rule::OutOfTurn);
    assert_eq!(alice.reject().unwrap_err().rule, Rule::OutOfTurn);
    assert_eq!(alice.roll_back().unwrap_err().rule, Rule::OutOfTurn);
}

#[test]
fn whatever_is_rejected_leaves_the_last_view() {
    let (mut alice, mut bob) = (Negotiator::new(author("1")), Negotiator::new(author("2")));
    let offer = alice.offer(&Plan::of([audio(4000)])).unwrap();
    bob.receive_offer(&offer).unwrap();
    let (answer, _) = bob.answer(&Capabilities::of([audio(5000)])).unwrap();
    alice.receive_answer(&answer).unwrap();

    let mut plan = alice.plan().clone();
    plan.add(chat());
    let more = alice.offer(&plan).unwrap();
    bob.receive_offer(&more).unwrap();
    bob.reject().unwrap();
    alice.roll_back().unwrap();
    for (one, local, remote) in [(&alice, &offer, &answer), (&bob, &answer, &offer)] {
        assert_eq!(one.state(), State::Stable);
        assert_eq!(one.local().unwrap().text(), local.text());
        assert_eq!(one.remote().unwrap().text(), remote.text());
        assert_eq!(one.plan().slots().len(), 1);
    }
}

#[test]
fn a_broken_answer_leaves_the_offer_outstanding() {
    let mut alice = Negotiator::new(author("1"));
    alice.offer(&Plan::of([audio(4000)])).unwrap();
    assert_eq!(alice.receive_answer(&sdp("")).unwrap_err().rule, Rule::StreamCount);
    assert_eq!(alice.state(), State::OfferSent);
    assert!(alice.receive_answer(&sdp(AUDIO)).is_ok());
}

#[test]
fn an_exchange_is_undone_once_and_until_it_is_confirmed() {
    // RFC 6141 section 3.4: the re-INVITE that carried it failed.
    let mut bob = Negotiator::new(author("2"));
    bob.receive_offer(&sdp(AUDIO)).unwrap();
    bob.answer(&Capabilities::of([audio(5000)])).unwrap();
    bob.roll_back().unwrap();
    assert_eq!((bob.state(), bob.plan().slots().len()), (State::Idle, 0));
    assert_eq!(bob.roll_back().unwrap_err().rule, Rule::OutOfTurn);

    bob.receive_offer(&sdp(AUDIO)).unwrap();
    bob.answer(&Capabilities::of([audio(5000)])).unwrap();
    bob.confirm();
    assert_eq!(bob.roll_back().unwrap_err().rule, Rule::OutOfTurn);
    assert_eq!(bob.state(), State::Stable);
}
