//! One session's negotiation (RFC 3264).
//!
//! ```text
//!                         reject                                 roll_back
//!                 +------------------+                   +------------------+
//!                 |                  |                   |                  |
//!                 v  receive_offer   |                   v      offer       |
//!   Idle --> +--------+ ------> +---------------+   +--------+ ------> +-----------+
//!            | Stable |         | OfferReceived |   | Stable |         | OfferSent |--+ receive_offer:
//!            +--------+ <------ +---------------+   +--------+ <------ +-----------+<-+ 491 (glare)
//!              |    ^  answer                            receive_answer
//!              +----+ roll_back: undoes the last exchange, once, until confirm
//! ```
//!
//! `Idle` is `Stable` before anything was agreed on. Whatever goes wrong on the way leads back to the last view that
//! both sides had. There is no clock here: whoever carries the descriptions says when they are lost.

use super::answer::{Choice, Question};
use super::check::{check_answer, check_offer, read_facts};
use super::plan::Slot;
use super::write::write;
use super::{
    Agreed, Author, Capabilities, Change, Demands, Plan, Refusal, Role, Rule, Side, agreed, changes,
};
use crate::Description;

/// Where a negotiation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Nothing was agreed on yet.
    Idle,
    /// Nothing is outstanding.
    Stable,
    /// An offer of ours has no answer yet.
    OfferSent,
    /// An offer of the peer has no answer yet.
    OfferReceived,
}

/// What an exchange came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What became different in our description.
    pub local: Vec<Change>,
    /// What became different in the peer's.
    pub remote: Vec<Change>,
    /// Why we refused streams of the offer.
    pub refused: Vec<Refusal>,
}

/// The negotiation of one session: who has said what, and what is agreed on.
///
/// ```
/// use missiva_sdp::line::Address;
/// use missiva_sdp::negotiate::{Author, Capabilities, Codec, Negotiator, Plan, State, Stream};
///
/// let address = Address::internet("192.0.2.1".parse()?);
/// let audio = |port| Stream::audio(port, vec![Codec::new(0, "PCMU", 8000), Codec::new(8, "PCMA", 8000)]);
/// let mut alice = Negotiator::new(Author::new("1", 1, &address));
/// let mut bob = Negotiator::new(Author::new("2", 1, &address));
///
/// let offer = alice.offer(&Plan::of([audio(4000)]))?;
/// bob.receive_offer(&offer)?;
/// let (answer, _) = bob.answer(&Capabilities::of([audio(5000)]))?;
/// let outcome = alice.receive_answer(&answer)?;
/// assert_eq!((alice.state(), outcome.remote.len()), (State::Stable, 1));
///
/// let mut plan = alice.plan().clone();
/// plan.hold(0)?;
/// let offer = alice.offer(&plan)?;
/// assert!(offer.text().ends_with("a=sendonly\r\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Negotiator {
    author: Author,
    demands: Demands,
    phase: Phase,
    plan: Plan,
    settled: Option<Settled>,
    /// What was there before the last exchange, until that is confirmed.
    before: Option<Box<(Plan, Option<Settled>)>>,
    /// What was last said, and not necessarily taken: versions are counted from there.
    said: Option<Description>,
}

#[derive(Clone, Debug)]
enum Phase {
    Rest,
    OfferSent { offer: Description, plan: Box<Plan> },
    OfferReceived { offer: Description },
}

/// A view that both sides have.
#[derive(Clone, Debug)]
struct Settled {
    local: Description,
    remote: Description,
    offerer: Side,
}

impl Negotiator {
    /// A negotiation in which nothing is said yet, that demands what the standards demand.
    #[must_use]
    pub fn new(author: Author) -> Self {
        Self::with_demands(author, Demands::STRICT)
    }

    /// The same with other demands.
    #[must_use]
    pub fn with_demands(author: Author, demands: Demands) -> Self {
        let phase = Phase::Rest;
        Self { author, demands, phase, plan: Plan::new(), settled: None, before: None, said: None }
    }

    /// Where the negotiation stands.
    #[must_use]
    pub const fn state(&self) -> State {
        match (&self.phase, &self.settled) {
            (Phase::OfferSent { .. }, _) => State::OfferSent,
            (Phase::OfferReceived { .. }, _) => State::OfferReceived,
            (Phase::Rest, None) => State::Idle,
            (Phase::Rest, Some(_)) => State::Stable,
        }
    }

    /// What we want of the streams that are agreed on. A copy of it with changes is what the next offer takes.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Our description in the last view that both sides had.
    #[must_use]
    pub fn local(&self) -> Option<&Description> {
        self.settled.as_ref().map(|settled| &settled.local)
    }

    /// The peer's description in the last view that both sides had.
    #[must_use]
    pub fn remote(&self) -> Option<&Description> {
        self.settled.as_ref().map(|settled| &settled.remote)
    }

    /// The offer that has no answer yet: ours or the peer's, as the state says.
    #[must_use]
    pub const fn outstanding(&self) -> Option<&Description> {
        match &self.phase {
            Phase::Rest => None,
            Phase::OfferSent { offer, .. } | Phase::OfferReceived { offer } => Some(offer),
        }
    }

    /// The streams in the last view that both sides had, refused ones included.
    #[must_use]
    pub fn streams(&self) -> Vec<Agreed<'_>> {
        let settled = self.settled.as_ref();
        let streams = settled.map(|one| agreed(&one.local, &one.remote, one.offerer));
        // What was taken has been read.
        streams.and_then(Result::ok).unwrap_or_default()
    }

    /// Makes an offer of `plan`. Its version is counted only when it says something new (RFC 3264 section 8).
    ///
    /// # Errors
    ///
    /// [`Rule::OutOfTurn`] while an offer is outstanding, [`Rule::StreamCount`] when a place of the plan is missing,
    /// [`Rule::Unwritable`] when it says what is no valid line.
    pub fn offer(&mut self, plan: &Plan) -> Result<Description, Refusal> {
        if !matches!(self.phase, Phase::Rest) {
            return Err(Refusal::whole(Rule::OutOfTurn));
        }
        if plan.slots.len() < self.plan.slots.len() {
            return Err(Refusal::whole(Rule::StreamCount));
        }
        if let Some((index, _)) = plan
            .slots
            .iter()
            .enumerate()
            .find(|(_, slot)| slot.stream().is_some_and(|stream| stream.port == 0))
        {
            return Err(Refusal::of(index, Rule::NoStream));
        }
        let offer = self.say(plan, None)?;
        let checked = read_facts(&offer, &Demands::LENIENT);
        checked.map_err(|refusal| own(&refusal))?;
        self.before = None;
        self.phase = Phase::OfferSent { offer: offer.clone(), plan: Box::new(plan.clone()) };
        Ok(offer)
    }

    /// Takes an offer of the peer, and tells what it would change. [`answer`](Self::answer) or
    /// [`reject`](Self::reject) comes next.
    ///
    /// # Errors
    ///
    /// [`Rule::Glare`] while an offer of ours is outstanding, which stays so; [`Rule::Pending`] while another one of
    /// the peer is; else what is wrong with it. The state is then as it was.
    pub fn receive_offer(&mut self, offer: &Description) -> Result<Vec<Change>, Refusal> {
        match self.phase {
            Phase::OfferSent { .. } => return Err(Refusal::whole(Rule::Glare)),
            Phase::OfferReceived { .. } => return Err(Refusal::whole(Rule::Pending)),
            Phase::Rest => {}
        }
        check_offer(self.remote(), offer, &self.demands)?;
        let list = changes(self.remote(), offer)?;
        self.before = None;
        self.phase = Phase::OfferReceived { offer: offer.clone() };
        Ok(list)
    }

    /// Answers the peer's offer as far as `capabilities` go.
    ///
    /// # Errors
    ///
    /// [`Rule::OutOfTurn`] when there is no offer. When no stream is left, the one reason for it or
    /// [`Rule::Nothing`]; the offer is still there then, for another answer or [`reject`](Self::reject).
    pub fn answer(
        &mut self,
        capabilities: &Capabilities,
    ) -> Result<(Description, Outcome), Refusal> {
        self.answer_with(capabilities, &[])
    }

    /// The same with a word of the application about each stream, by its index; [`Choice::Auto`] for those behind.
    ///
    /// # Errors
    ///
    /// As for [`answer`](Self::answer).
    pub fn answer_with(
        &mut self,
        capabilities: &Capabilities,
        choices: &[Choice],
    ) -> Result<(Description, Outcome), Refusal> {
        let Phase::OfferReceived { offer } = &self.phase else {
            return Err(Refusal::whole(Rule::OutOfTurn));
        };
        let offer = offer.clone();
        let facts = read_facts(&offer, &self.demands)?;
        let roles: Vec<Option<Role>> = self.streams().iter().map(Agreed::role).collect();
        let question = Question {
            offer: &offer,
            facts: &facts,
            capabilities,
            choices,
            demands: &self.demands,
            plan: &self.plan,
            roles: &roles,
        };
        let decision = question.decide()?;
        let answer = self.say(&decision.said, Some(&offer))?;
        let mut plan = decision.said;
        for (slot, wish) in plan.slots.iter_mut().zip(decision.wishes) {
            if let (Slot::Live(stream), Some(wish)) = (slot, wish) {
                wish.restore(stream);
            }
        }
        let mut outcome = self.settle(plan, answer.clone(), offer, Side::Remote)?;
        outcome.refused = decision.refused;
        Ok((answer, outcome))
    }

    /// Drops the peer's offer, which was answered with a failure. The last view stays.
    ///
    /// # Errors
    ///
    /// [`Rule::OutOfTurn`] when there is no offer.
    pub fn reject(&mut self) -> Result<(), Refusal> {
        match self.phase {
            Phase::OfferReceived { .. } => {
                self.phase = Phase::Rest;
                Ok(())
            }
            _ => Err(Refusal::whole(Rule::OutOfTurn)),
        }
    }

    /// Takes the answer to our offer.
    ///
    /// # Errors
    ///
    /// [`Rule::Unasked`] when no offer of ours is outstanding; else what is wrong with it. The offer is still
    /// outstanding then: [`roll_back`](Self::roll_back) drops it.
    pub fn receive_answer(&mut self, answer: &Description) -> Result<Outcome, Refusal> {
        let Phase::OfferSent { offer, plan } = &self.phase else {
            return Err(Refusal::whole(Rule::Unasked));
        };
        check_answer(offer, answer, self.remote(), &self.demands)?;
        let (offer, mut plan) = (offer.clone(), Plan::clone(plan));
        for media in answer.media().filter(|media| media.port() == 0) {
            plan.refuse(media.index());
        }
        self.settle(plan, offer, answer.clone(), Side::Local)
    }

    /// Goes back to the last view that both sides had: drops our offer, which was refused or lost; or, when nothing
    /// is outstanding, undoes the last exchange because the transaction that carried it failed (RFC 6141 section 3.4).
    ///
    /// # Errors
    ///
    /// [`Rule::OutOfTurn`] when there is nothing to undo.
    pub fn roll_back(&mut self) -> Result<(), Refusal> {
        match (&self.phase, self.before.take()) {
            (Phase::OfferSent { .. }, _) => self.phase = Phase::Rest,
            (Phase::Rest, Some(before)) => (self.plan, self.settled) = *before,
            (_, before) => {
                self.before = before;
                return Err(Refusal::whole(Rule::OutOfTurn));
            }
        }
        Ok(())
    }

    /// Says that the last exchange can no longer fail. The next offer says so too.
    pub fn confirm(&mut self) {
        self.before = None;
    }

    /// Writes what `plan` says, with the version that is due.
    fn say(&mut self, plan: &Plan, offer: Option<&Description>) -> Result<Description, Refusal> {
        let said = match &self.said {
            None => write(plan, &self.author, self.author.version, offer)?,
            Some(last) => {
                let next = self.author.version.saturating_add(1);
                let said = write(plan, &self.author, next, offer)?;
                if behind_origin(last) == behind_origin(&said) {
                    return Ok(last.clone());
                }
                self.author.version = next;
                said
            }
        };
        self.said = Some(said.clone());
        Ok(said)
    }

    fn settle(
        &mut self,
        plan: Plan,
        local: Description,
        remote: Description,
        offerer: Side,
    ) -> Result<Outcome, Refusal> {
        let outcome = Outcome {
            local: changes(self.local(), &local)?,
            remote: changes(self.remote(), &remote)?,
            refused: Vec::new(),
        };
        let old = std::mem::replace(&mut self.plan, plan);
        let settled = self.settled.replace(Settled { local, remote, offerer });
        self.before = Some(Box::new((old, settled)));
        self.phase = Phase::Rest;
        Ok(outcome)
    }
}

/// A fault of what we wanted to say.
fn own(refusal: &Refusal) -> Refusal {
    match refusal.rule {
        Rule::Malformed(error) => Refusal { rule: Rule::Unwritable(error), ..*refusal },
        _ => *refusal,
    }
}

/// The text of a description of our own behind its `v=` and `o=`.
fn behind_origin(description: &Description) -> &str {
    description.text().splitn(3, '\n').nth(2).unwrap_or_default()
}
