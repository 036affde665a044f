//! Authentication: challenges, credentials and their confirmation (RFC 3261 sections 20.6, 20.7, 20.27, 20.28,
//! 20.44; RFC 3310, 7615, 7616 and 8760).
//!
//! The fields of these views hold what their parameters say, without quotes and escapes: borrowed from the
//! message, or text of their own where an escape had to be removed or the value was built here. A value that
//! shall outlive its message is made so with `into_owned`. How responses are computed is in
//! [`digest`](crate::digest).

mod challenge;
mod credentials;
mod info;
mod param;
mod username;

pub use challenge::{Challenge, DigestChallenge};
pub use credentials::{Credentials, DigestCredentials};
pub use info::AuthenticationInfo;
pub use param::{AuthParam, OtherAuth};
pub use username::Username;

/// What [`DigestChallenge::algorithm`] means when it is not there (RFC 7616 section 3.3).
pub const DEFAULT_ALGORITHM: &str = "MD5";

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use crate::header::Value;
    use crate::{Limits, field, frame};

    #[test]
    fn challenges_and_credentials_are_read_from_messages() {
        let text = "SIP/2.0 401 Unauthorized\r\n\
                    WWW-Authenticate: Digest\r\n  realm=\"r\",\r\n\tnonce=\"1\",\r\n algorithm=SHA-256\r\n\
                    www-authenticate:Digest realm=\"r\",nonce=\"2\"\r\n\
                    Authorization: Digest realm=\"r\"\r\n\
                    Proxy-Authentication-Info: nextnonce=\"n\"\r\n\
                    Content-Length: 0\r\n\r\n";
        let frame = frame::datagram(Bytes::from_static(text.as_bytes()), &Limits::DEFAULT);
        let Ok(frame::Frame::Message(message)) = frame else {
            panic!("{frame:?}");
        };
        let challenges: Vec<String> = message
            .all::<field::WwwAuthenticate>()
            .map(|challenge| challenge.unwrap().to_text())
            .collect();
        assert_eq!(
            challenges,
            [
                "Digest realm=\"r\", nonce=\"1\", algorithm=SHA-256",
                "Digest realm=\"r\", nonce=\"2\"",
            ]
        );
        let info = message.only::<field::ProxyAuthenticationInfo>().unwrap();
        assert_eq!(info.nextnonce.as_deref(), Some("n"));
        let fault = message.get::<field::Authorization>().unwrap_err();
        assert_eq!(fault.at as usize, text.find("Digest realm=\"r\"\r\nProxy").unwrap());
    }
}
