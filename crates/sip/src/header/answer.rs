//! How a session is answered, for whom, and what is heard before: `Answer-Mode`, `P-Answer-State`,
//! `P-Served-User`, `P-Early-Media` (RFC 5373, RFC 4964, RFC 5502, RFC 5009).

use bytes::BytesMut;
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use super::word::word;
use super::{Address, Value};
use crate::encode::put;
use crate::grammar;
use crate::params::Params;

word! {
    /// Whether a person shall decide, or the device.
    AnswerMode {
        /// `Manual`, `Auto` or one to come.
        mode,
        /// `require` and any other.
        params
    }
}

impl AnswerMode<'_> {
    /// Whether the device shall answer by itself.
    #[must_use]
    pub fn is_auto(&self) -> bool {
        self.mode.eq_ignore_ascii_case("auto")
    }

    /// Whether a person shall answer.
    #[must_use]
    pub fn is_manual(&self) -> bool {
        self.mode.eq_ignore_ascii_case("manual")
    }

    /// Whether the request is to be refused when the mode cannot be had.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.params.has("require")
    }
}

word! {
    /// Whether the called party itself has answered, or the network on its behalf.
    AnswerState {
        /// `Confirmed`, `Unconfirmed` or one to come.
        state,
        /// Extensions.
        params
    }
}

impl AnswerState<'_> {
    /// Whether the called party itself has answered; `None` for a state that RFC 4964 does not know.
    #[must_use]
    pub fn confirmed(&self) -> Option<bool> {
        let is = |word| self.state.eq_ignore_ascii_case(word);
        (is("confirmed") || is("unconfirmed")).then(|| is("confirmed"))
    }
}

/// The user whom a server serves with this request.
///
/// ```
/// use missiva_sip::header::{ServedUser, SessionCase, Value};
///
/// let user = ServedUser::parse("<sip:user@example.com>; sescase=orig; regstate=unreg")?;
/// assert_eq!((user.session_case(), user.is_registered()), (Some(SessionCase::Originating), Some(false)));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct ServedUser<'a>(pub Address<'a>);

/// On which side of a session the served user is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum SessionCase {
    /// The user calls (`orig`).
    Originating,
    /// The user is called (`term`).
    Terminating,
}

impl ServedUser<'_> {
    /// On which side the user is.
    #[must_use]
    pub fn session_case(&self) -> Option<SessionCase> {
        let case = self.0.params.value("sescase")?;
        [("orig", SessionCase::Originating), ("term", SessionCase::Terminating)]
            .into_iter()
            .find_map(|(word, side)| case.eq_ignore_ascii_case(word).then_some(side))
    }

    /// Whether the user is registered (`regstate`).
    #[must_use]
    pub fn is_registered(&self) -> Option<bool> {
        let state = self.0.params.value("regstate")?;
        let is = |word| state.eq_ignore_ascii_case(word);
        (is("reg") || is("unreg")).then(|| is("reg"))
    }

    /// Whether the request was diverted on behalf of the user (`orig-cdiv`, RFC 8498).
    #[must_use]
    pub fn is_diverted(&self) -> bool {
        self.0.params.has("orig-cdiv")
    }
}

impl<'a> Value<'a> for ServedUser<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        Address::read(cursor).map(Self)
    }

    fn encode(&self, out: &mut BytesMut) {
        self.0.encode(out);
    }

    fn repeated(&self) -> Option<&'a str> {
        self.0.repeated()
    }
}

/// What may be heard before the answer: a direction for each medium, `gated`, or `supported`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct EarlyMedia<'a>(pub &'a str);

impl EarlyMedia<'_> {
    /// Whether this is `word`, in any case.
    #[must_use]
    pub fn is(&self, word: &str) -> bool {
        self.0.eq_ignore_ascii_case(word)
    }
}

impl<'a> Value<'a> for EarlyMedia<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        grammar::token(cursor).map(Self)
    }

    fn encode(&self, out: &mut BytesMut) {
        put(self.0, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_in_any_case() {
        let mode = AnswerMode::parse("AUTO;Require").unwrap();
        assert!(mode.is_auto() && !mode.is_manual() && mode.is_required());
        for (text, expected) in
            [("Confirmed", Some(true)), ("unconfirmed;x", Some(false)), ("maybe", None)]
        {
            assert_eq!(AnswerState::parse(text).unwrap().confirmed(), expected);
        }
        assert!(EarlyMedia("SendRecv").is("sendrecv"));
    }

    #[test]
    fn served_users_have_a_side_and_a_state() {
        let table = [
            ("<sip:a@b>", None, None, false),
            (
                "<sip:a@b>;sescase=TERM;regstate=REG",
                Some(SessionCase::Terminating),
                Some(true),
                false,
            ),
            ("<sip:a@b>;sescase=x;regstate=y;orig-cdiv", None, None, true),
        ];
        for (text, case, registered, diverted) in table {
            let user = ServedUser::parse(text).unwrap();
            assert_eq!(
                (user.session_case(), user.is_registered(), user.is_diverted()),
                (case, registered, diverted)
            );
            assert_eq!(user.to_text(), text);
        }
    }
}
