//! Multiparts in all the shapes that are seen, and some that should not be.

use bytes::Bytes;
use missiva_core::{FaultKind, IdSource, Payload};
use proptest::prelude::*;

use super::*;
use crate::mime;

fn split(text: &str, boundary: &str) -> Result<Multipart, ParseError> {
    Multipart::split(Bytes::from(text.to_owned()), boundary, Tolerance::NONE, &Limits::DEFAULT)
}

fn parts(text: &str) -> Vec<String> {
    let parts = split(text, "b").unwrap_or_else(|error| panic!("{text:?}: {error}"));
    let joined: Vec<u8> = parts.pieces().flat_map(|piece| piece.to_vec()).collect();
    assert_eq!(joined, text.as_bytes(), "nothing is lost");
    parts.parts().map(|part| part.escape_ascii().to_string()).collect()
}

#[test]
fn parts_end_where_the_line_before_the_boundary_ends() {
    let table: [(&str, &[&str]); 11] = [
        ("--b\r\n\r\nx\r\n--b--", &["\\r\\nx"]),
        ("--b\r\n\r\nx\r\n\r\n--b--\r\n", &["\\r\\nx\\r\\n"]),
        ("pre\r\n--b\r\n1\r\n--b\r\n2\r\n--b--\r\nepilogue", &["1", "2"]),
        ("\r\n--b\r\n1\r\n--b--", &["1"]),
        ("--b \t\r\n1\r\n--b-- \t\r\n", &["1"]),
        // A boundary counts at the start of a line alone.
        ("--b\r\nx --b\r\n- --b--\r\n--b--", &["x --b\\r\\n- --b--"]),
        ("x--b\r\n--b\r\n1\r\n--b--", &["1"]),
        // Bare line feeds make no line.
        ("--b\r\nx\n--b\ny\r\n--b--", &["x\\n--b\\ny"]),
        // Two delimiters may share a line end.
        ("--b\r\n--b\r\n--b--", &["", ""]),
        ("--b\r\n\r\n--b--", &[""]),
        ("--b\r\n1\r\n--b--\r\n--b\r\n2\r\n--b--", &["1"]),
    ];
    for (text, expected) in table {
        assert_eq!(parts(text), expected, "{text:?}");
    }
}

#[test]
fn what_stands_around_the_parts_is_kept() {
    let whole = split("pre\r\namble\r\n--b\r\n1\r\n--b--\r\nepi\r\nlogue", "b").unwrap();
    assert_eq!(
        (whole.preamble(), whole.epilogue()),
        ("pre\r\namble".into(), "\r\nepi\r\nlogue".into())
    );
    assert!(whole.is_closed() && whole.len() == 1 && !whole.is_empty());
}

#[test]
fn bodies_that_two_readers_would_cut_differently_are_refused() {
    for (text, kind, at) in [
        ("", FaultKind::Empty, 0),
        ("no boundary at all", FaultKind::Empty, 18),
        ("--b--", FaultKind::Empty, 0),
        ("--c\r\n1\r\n--c--", FaultKind::Empty, 13),
        ("--b\n1\n--b--", FaultKind::Unexpected, 3),
        ("--b\r\n1", FaultKind::End, 6),
        ("--b\r\n1\r\n--b", FaultKind::Unexpected, 11),
        ("--b\r\n1\r\n--bc\r\n--b--", FaultKind::Unexpected, 11),
        ("--b\r\n1\r\n--b--c\r\n--b--", FaultKind::Unexpected, 11),
        ("--b\r\n1\r\n--b c\r\n--b--", FaultKind::Unexpected, 11),
    ] {
        let error = split(text, "b").unwrap_err();
        assert_eq!((error.kind, error.field, error.at), (kind, Part::Boundary, at), "{text:?}");
    }
    for boundary in ["", "b ", "b\r\n", &"b".repeat(MAX_BOUNDARY + 1)] {
        let error = split("--b\r\n--b--", boundary).unwrap_err();
        assert_eq!((error.kind, error.field), (FaultKind::Value, Part::Boundary), "{boundary:?}");
    }
    let longest = "b".repeat(MAX_BOUNDARY);
    assert!(split(&format!("--{longest}\r\n1\r\n--{longest}--"), &longest).is_ok());
}

#[test]
fn what_is_tolerated_has_a_name() {
    let read = |text: &str, tolerance| {
        Multipart::split(Bytes::from(text.to_owned()), "b", tolerance, &Limits::DEFAULT)
    };
    let open = Tolerance { missing_close: true, ..Tolerance::NONE };
    let parts = read("--b\r\n1\r\n--b\r\n2\r\n", open).unwrap();
    assert_eq!(parts.parts().collect::<Vec<_>>(), ["1", "2\r\n"]);
    assert!(!parts.is_closed() && parts.epilogue().is_empty());
    assert_eq!(read("nothing", open).unwrap_err().kind, FaultKind::Empty);

    let longer = Tolerance { longer_line: true, ..Tolerance::NONE };
    let parts = read("--bc\r\n--b\r\n1\r\n--bc\r\n--b--c\r\n--b--", longer).unwrap();
    assert_eq!(parts.parts().collect::<Vec<_>>(), ["1\r\n--bc\r\n--b--c"]);
    assert_eq!(parts.preamble(), "--bc");
}

#[test]
fn parts_are_found_by_what_they_are() {
    let text = "--b\r\nContent-Type: application/resource-lists+xml\r\nContent-Disposition: recipient-list\r\n\r\n<x/>\r\n\
                --b\r\nContent-Type: Message/CPIM\r\nContent-ID: <2@a>\r\n\r\nFrom:\r\n--b\r\n\r\ntext\r\n--b--";
    let whole = split(text, "b").unwrap();
    let limits = &Limits::DEFAULT;
    let body =
        |entity: Result<Option<Entity>, ParseError>| entity.unwrap().map(|entity| entity.body());
    assert_eq!(body(whole.find("message/cpim", limits)), Some("From:".into()));
    assert_eq!(body(whole.find("text/plain", limits)), Some("text".into()));
    assert_eq!(body(whole.find("image/png", limits)), None);
    assert_eq!(body(whole.target_of("cid:2@a", limits)), Some("From:".into()));
    assert_eq!(body(whole.best(limits, |kind| !kind.is("text/plain"))), Some("From:".into()));
    let root = |kind: &str| whole.root(&ContentType::parse(kind).unwrap(), limits);
    assert_eq!(root("multipart/related;start=\"<2@a>\"").unwrap().body(), "From:");
    assert_eq!(root("multipart/related").unwrap().body(), "<x/>");
    assert_eq!(root("multipart/related;start=\"<3@a>\"").unwrap_err().kind, FaultKind::Empty);
}

#[test]
fn faults_of_a_part_are_placed_in_the_whole() {
    let text = "--b\r\n\r\n1\r\n--b\r\nno header\r\n\r\n2\r\n--b--";
    let error = split(text, "b").unwrap().find("a/b", &Limits::DEFAULT).unwrap_err();
    assert_eq!(
        (error.field, error.at as usize),
        (Part::HeaderLine, text.find("no header").unwrap() + 9)
    );
}

#[test]
fn so_many_parts_and_no_more() {
    let limits = Limits { max_parts: 3, ..Limits::DEFAULT };
    for (count, fine) in [(3, true), (4, false), (40_000, false)] {
        let text = "--b\r\n1\r\n".repeat(count) + "--b--";
        let got = Multipart::split(text.into(), "b", Tolerance::NONE, &limits);
        assert_eq!(
            got.err().map(|error| error.kind),
            (!fine).then_some(FaultKind::Limit),
            "{count}"
        );
    }
}

/// A multipart within `depth - 1` others.
fn nested(depth: usize) -> Bytes {
    let mut inner = "--b1\r\n\r\nleaf\r\n--b1--".to_owned();
    for level in 2..=depth {
        let below = level - 1;
        inner = format!(
            "--b{level}x\r\nContent-Type: multipart/mixed;boundary=b{below}{}\r\n\r\n{inner}\r\n--b{level}x--",
            if below == 1 { "" } else { "x" }
        );
    }
    inner.into()
}

#[test]
fn multiparts_in_multiparts_are_walked_to_a_depth() {
    let limits = Limits { max_nesting: 3, ..Limits::DEFAULT };
    for (depth, fine) in [(1usize, true), (3, true), (4, false), (200, false)] {
        let name = if depth == 1 { "b1".to_owned() } else { format!("b{depth}x") };
        let whole = Multipart::split(nested(depth), &name, Tolerance::NONE, &limits).unwrap();
        let leaves: Vec<_> = Walk::new(&whole, Tolerance::NONE, limits).collect();
        assert_eq!(leaves.len(), 1, "a walk ends with its first error");
        match &leaves[0] {
            Ok(leaf) => assert!(fine && leaf.depth == depth && leaf.entity.body() == "leaf"),
            Err(error) => assert_eq!((fine, error.kind), (false, FaultKind::Limit)),
        }
    }
}

/// Says the same a few times, then counts.
struct Stubborn(u8, u8);

impl IdSource for Stubborn {
    fn fill(&mut self, out: &mut [u8]) {
        out.fill(self.0);
        self.1 = self.1.saturating_sub(1);
        if self.1 == 0 {
            self.0 = self.0.wrapping_add(1);
        }
    }
}

#[test]
fn a_boundary_that_stands_in_a_part_is_not_taken() {
    let part = |text: &'static str| Payload::from(Bytes::from_static(text.as_bytes()));
    let zeros = "\r\n--00000000000000000000000000000000 is in here";
    let build = || Builder::new("multipart/mixed").part(part(zeros));
    let built = build().finish(&mut Stubborn(0, 2)).unwrap();
    assert_eq!(built.content_type, "multipart/mixed;boundary=01010101010101010101010101010101");
    assert_eq!(build().finish(&mut Stubborn(0, 99)).unwrap_err().kind, FaultKind::Conflict);

    // Across the place where head and body meet, too.
    let split = Payload::new(Bytes::from_static(b"X: y\r\n\r\n--"), Bytes::from_static(b"b1"));
    let error = Builder::new("multipart/mixed").part(split).finish_with("b1").unwrap_err();
    assert_eq!(error.kind, FaultKind::Conflict);
}

#[test]
fn builders_refuse_what_no_reader_would_take() {
    let part = || Payload::from(Bytes::from_static(b"\r\n1"));
    let mixed = || Builder::new("multipart/mixed").part(part());
    for (built, kind) in [
        (Builder::new("multipart/mixed").finish_with("b"), FaultKind::Empty),
        (Builder::new("text/plain").part(part()).finish_with("b"), FaultKind::Value),
        (Builder::new("multipart/mi xed").part(part()).finish_with("b"), FaultKind::Unexpected),
        (mixed().param("Boundary", "c").finish_with("b"), FaultKind::Conflict),
        (mixed().param("a b", "c").finish_with("b"), FaultKind::Value),
        (mixed().finish_with(""), FaultKind::Value),
        (mixed().finish_with("b "), FaultKind::Value),
        (mixed().finish_with("b\r\n"), FaultKind::Value),
        (mixed().finish_with(&"b".repeat(71)), FaultKind::Value),
    ] {
        assert_eq!(built.unwrap_err().kind, kind);
    }
    assert!(mixed().finish_with(&"b".repeat(70)).is_ok());
}

proptest! {
    #[test]
    fn what_is_built_is_split_into_the_same(
        bodies in prop::collection::vec(prop::collection::vec(prop::sample::select(b"-b1\r\n x".to_vec()), 0..40), 1..6),
        boundary in "[b1-]{1,6}",
    ) {
        let mut builder = Builder::new("multipart/related").param("type", "text/xml");
        for body in &bodies {
            builder = builder.part(mime::Builder::new("text/plain").body(body.clone().into()).finish().unwrap());
        }
        let Ok(built) = builder.finish_with(&boundary) else { return Ok(()) };
        let kind = ContentType::parse(&built.content_type).unwrap();
        let whole = Multipart::of(&kind, built.to_bytes(), Tolerance::NONE, &Limits::DEFAULT).unwrap();
        let read: Vec<_> = whole.entities(&Limits::DEFAULT).map(|entity| entity.unwrap().body().to_vec()).collect();
        prop_assert_eq!(read, bodies);
    }

    #[test]
    fn any_body_that_is_split_is_whole_again(text in prop::collection::vec(prop::sample::select(
        vec!["--b", "\r\n--b", "--b--", "\r\n", " ", "x", "--", "\n", "\r\n--b\r\n"]), 0..16), missing_close: bool, longer_line: bool) {
        let body = Bytes::from(text.concat());
        if let Ok(whole) = Multipart::split(body.clone(), "b", Tolerance { missing_close, longer_line }, &Limits::DEFAULT) {
            let joined: Vec<u8> = whole.pieces().flat_map(|piece| piece.to_vec()).collect();
            prop_assert_eq!(joined, body.to_vec());
        }
    }
}
