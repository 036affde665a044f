//! Answers.

use bytes::{BufMut, Bytes, BytesMut};

use crate::encode::put_end_line;
use crate::grammar::{put, put_number};
use crate::{Flag, Head, Method, StatusCode};

/// The answer to a request with nothing but a status: back to the last hop when it was a SEND, along its whole path
/// otherwise, and from the URI that was asked (RFC 4975 section 7.2). `None` when its paths cannot be read: then there is
/// nobody to answer.
pub(crate) fn reply(request: &Head, status: StatusCode) -> Option<Bytes> {
    reply_with(request, status, |_| {})
}

/// The same with more header lines, which `lines` writes.
pub(crate) fn reply_with(
    request: &Head,
    status: StatusCode,
    lines: impl FnOnce(&mut BytesMut),
) -> Option<Bytes> {
    let (to, from) = (request.to_path().ok()?, request.from_path().ok()?);
    let id = request.transaction()?;
    let back = match request.method()? {
        Method::Send => from.first().as_str(),
        _ => from.as_str(),
    };
    let here = to.first();
    let mut out = BytesMut::with_capacity(128 + back.len() + here.as_str().len());
    out.put_slice(b"MSRP ");
    put(id.as_str(), &mut out);
    out.put_u8(b' ');
    put_number(status.number().into(), &mut out);
    if let Some(comment) = status.comment() {
        out.put_u8(b' ');
        put(comment, &mut out);
    }
    out.put_slice(b"\r\nTo-Path: ");
    put(back, &mut out);
    out.put_slice(b"\r\nFrom-Path: ");
    put(here.as_str(), &mut out);
    out.put_slice(b"\r\n");
    lines(&mut out);
    put_end_line(&id, Flag::Last, false, &mut out);
    Some(out.freeze())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::encode::Builder;
    use crate::frame::websocket;

    #[test]
    fn an_answer_is_the_one_that_the_builder_writes() {
        for method in ["SEND", "AUTH", "NICKNAME", "FETCH"] {
            let text = format!(
                "MSRP a786 {method}\r\nTo-Path: msrp://b/2;tcp\r\nFrom-Path: msrp://r/9;tcp msrp://a/1;tcp\r\n\
                 -------a786$\r\n"
            );
            let head = websocket(text.into(), &Limits::DEFAULT).unwrap().head;
            for status in [StatusCode::OK, StatusCode::NO_SESSION, StatusCode::new(299).unwrap()] {
                let built = Builder::reply(&head, status).unwrap().finish(Flag::Last).unwrap();
                assert_eq!(reply(&head, status).unwrap(), built.to_vec());
            }
        }
    }
}
