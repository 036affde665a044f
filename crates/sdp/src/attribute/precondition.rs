//! `a=curr`, `a=des` and `a=conf`: what must be reserved before a call rings (RFC 3312, RFC 4032).

use bytes::{BufMut, BytesMut};
use missiva_core::Fault;
use missiva_core::scan::Cursor;

use super::keywords;
use crate::encode::put;
use crate::grammar::{space, token};
use crate::value::Value;

keywords! {
    /// Which way a reservation goes.
    Flow {
        /// Neither.
        None "none";
        /// From here to there.
        Send "send";
        /// From there to here.
        Recv "recv";
        /// Both ways.
        SendRecv "sendrecv";
    }
}

keywords! {
    /// How much a reservation is wanted.
    Strength {
        /// Nothing happens without it.
        Mandatory "mandatory";
        /// It is tried.
        Optional "optional";
        /// It is not wanted.
        None "none";
        /// It cannot be had; for answers.
        Failure "failure";
        /// What it means is not known; for answers.
        Unknown "unknown";
    }
}

macro_rules! status {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        pub struct $name<'a> {
            /// `qos`, and others.
            pub kind: &'a str,
            /// `e2e`, `local` or `remote`.
            pub status: &'a str,
            /// Which way.
            pub flow: Flow,
        }

        impl<'a> Value<'a> for $name<'a> {
            fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
                let kind = token(cursor)?;
                space(cursor)?;
                let status = token(cursor)?;
                space(cursor)?;
                Ok(Self { kind, status, flow: Flow::read(cursor)? })
            }

            fn encode(&self, out: &mut BytesMut) {
                put(self.kind, out);
                out.put_u8(b' ');
                put(self.status, out);
                out.put_u8(b' ');
                self.flow.encode(out);
            }
        }
    };
}

status! {
    /// `a=curr`: what is reserved now.
    CurrentStatus
}
status! {
    /// `a=conf`: at which point the other side shall say so.
    ConfirmStatus
}

/// `a=des`: what shall be reserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DesiredStatus<'a> {
    /// `qos`, and others.
    pub kind: &'a str,
    /// How much it is wanted.
    pub strength: Strength,
    /// `e2e`, `local` or `remote`.
    pub status: &'a str,
    /// Which way.
    pub flow: Flow,
}

impl<'a> Value<'a> for DesiredStatus<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Fault> {
        let kind = token(cursor)?;
        space(cursor)?;
        let strength = Strength::read(cursor)?;
        space(cursor)?;
        let status = token(cursor)?;
        space(cursor)?;
        Ok(Self { kind, strength, status, flow: Flow::read(cursor)? })
    }

    fn encode(&self, out: &mut BytesMut) {
        for word in [self.kind, self.strength.as_str(), self.status] {
            put(word, out);
            out.put_u8(b' ');
        }
        self.flow.encode(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preconditions_are_read_in_parts() {
        let current = CurrentStatus::parse("qos local sendrecv").unwrap();
        assert_eq!((current.kind, current.status, current.flow), ("qos", "local", Flow::SendRecv));
        assert_eq!(current.to_text(), "qos local sendrecv");
        assert_eq!(ConfirmStatus::parse("qos remote recv").unwrap().flow, Flow::Recv);
        let desired = DesiredStatus::parse("qos mandatory e2e none").unwrap();
        assert_eq!((desired.strength, desired.flow), (Strength::Mandatory, Flow::None));
        assert_eq!(desired.to_text(), "qos mandatory e2e none");
        for text in ["qos", "qos local", "qos local both", "qos local send x"] {
            assert!(CurrentStatus::parse(text).is_err(), "{text}");
        }
        for text in ["qos e2e send", "qos sure e2e send"] {
            assert!(DesiredStatus::parse(text).is_err(), "{text}");
        }
    }
}
