//! `a=chatroom` (RFC 7701 section 8).

use bytes::BytesMut;
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use crate::attribute::TokenList;
use crate::value::Value;

/// `a=chatroom`: what a room or a participant can do; nothing may stand behind the name.
///
/// Tokens of vendors are domain labels and a token, such as the marker of closed group chats.
///
/// ```
/// use missiva_sdp::{Value, msrp::Chatroom};
///
/// let room = Chatroom::parse("nickname private-messages org.example.quiet")?;
/// assert!(room.has("nickname") && !room.has("nick"));
/// # Ok::<(), missiva_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct Chatroom<'a> {
    tokens: Option<TokenList<'a>>,
}

impl<'a> Chatroom<'a> {
    /// Each token in order.
    pub fn tokens(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        self.tokens.into_iter().flat_map(|list| list.iter())
    }

    /// Whether `token` is among them. Tokens do not know case (RFC 7701 section 8).
    #[must_use]
    pub fn has(&self, token: &str) -> bool {
        self.tokens().any(|one| one.eq_ignore_ascii_case(token))
    }
}

impl<'a> Value<'a> for Chatroom<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let tokens = if cursor.is_end() { None } else { Some(TokenList::read(cursor)?) };
        Ok(Self { tokens })
    }

    fn encode(&self, out: &mut BytesMut) {
        if let Some(tokens) = &self.tokens {
            tokens.encode(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_say_what_they_can() {
        let closed = "org.3gpp.urn%3Aurn-7%3A3gpp-application.ims.iari.rcs.closedgroupchat";
        for text in ["", "nickname", "nickname private-messages", closed] {
            let room = Chatroom::parse(text).unwrap();
            assert_eq!(room.to_text(), text);
            assert_eq!(room.tokens().count(), text.split_whitespace().count());
        }
        assert!(Chatroom::parse("Nickname").unwrap().has("nickname"));
        assert!(Chatroom::parse("a,b").is_err());
    }
}
