//! What every document has in common: namespaces, encodings, references, caps.

use std::fmt::Write;

use missiva_core::FaultKind;

use super::*;
use crate::{Limits, ParseError, Part};

/// Reads `<a>` in the namespace of IMDN and gives the text of its child `<b>`.
fn read(xml: &[u8], limits: &Limits) -> Result<String, ParseError> {
    let mut reader = Reader::document(xml, limits, Ns::Imdn, "a")?;
    let mut found = String::new();
    while let Some(child) = reader.child()? {
        if child == (Ns::Imdn, "b") {
            found = reader.string("b")?;
        } else {
            reader.skip()?;
        }
    }
    reader.finish()?;
    Ok(found)
}

fn text(xml: &str) -> Result<String, (FaultKind, u32)> {
    read(xml.as_bytes(), &Limits::DEFAULT).map_err(|fault| (fault.kind, fault.at))
}

#[test]
fn a_prefix_means_what_it_is_bound_to() {
    let table = [
        "<a xmlns='urn:ietf:params:xml:ns:imdn'><b>x</b></a>",
        "<p:a xmlns:p='urn:ietf:params:xml:ns:imdn'><p:b>x</p:b></p:a>",
        "<p:a xmlns:p='urn:ietf:params:xml:ns:imdn' xmlns:q='urn:ietf:params:xml:ns:imdn'><q:b>x</q:b></p:a>",
        "<p:a xmlns:p='urn:ietf:params:xml:ns:imdn'><b xmlns='urn:ietf:params:xml:ns:imdn'>x</b></p:a>",
        "<a xmlns='urn:ietf:params:xml:ns:imdn'><b xmlns='urn:other'>y</b><b>x</b></a>",
        "<a xmlns='urn:ietf:params:xml:ns:imdn'><b xmlns=''>y</b><b>x</b></a>",
        "<p:a xmlns:p='urn:ietf:params:xml:ns:imdn'><p:b xmlns:p='urn:other'>y</p:b><p:b>x</p:b></p:a>",
        "<p:a xmlns:p='urn:ietf:params:xml:ns:imdn'><b>y</b><p:b>x</p:b></p:a>",
    ];
    for xml in table {
        assert_eq!(text(xml), Ok("x".to_owned()), "{xml}");
    }
    let unbound = "<p:a><p:b>x</p:b></p:a>";
    assert_eq!(text(unbound), Err((FaultKind::Value, 0)));
}

#[test]
fn what_surrounds_the_content_is_passed_over() {
    let table = [
        "\u{feff}<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\r\n<a xmlns='NS'><b>x</b></a>\r\n",
        "<?xml version=\"1.1\" encoding=\"utf-8\"?><?style me?><!-- c --><a xmlns='NS'><b>x</b></a><!-- d -->",
        "<a xmlns='NS'>\n<!-- <b>y</b> --><c><d>&amp;</d></c><?pi <b>y</b>?><b>x</b> stray </a>",
        "<a xmlns='NS'><b><![CDATA[x]]></b></a>",
        "<a xmlns='NS'><b><!-- c -->x<d>y</d><?pi?></b></a>",
        "<a xmlns='NS'><b>&#x78;</b></a>",
        "<a  xmlns = 'NS'\n><b\t>x</b ></a >",
    ];
    for xml in table {
        let xml = xml.replace("NS", "urn:ietf:params:xml:ns:imdn");
        assert_eq!(text(&xml), Ok("x".to_owned()), "{xml}");
    }
}

#[test]
fn text_is_what_its_pieces_say() {
    let table = [
        ("a&lt;b&#62;<![CDATA[<&]]>c", "a<b><&c"),
        (" two\r\nlines\rmore ", " two\nlines\nmore "),
        ("&#13;&#10;", "\r\n"),
        ("“typographic”", "“typographic”"),
        ("", ""),
    ];
    for (written, meant) in table {
        let xml = format!("<a xmlns='urn:ietf:params:xml:ns:imdn'><b>{written}</b></a>");
        assert_eq!(text(&xml), Ok(meant.to_owned()), "{written}");
    }
}

#[test]
fn markup_that_is_none_is_refused_where_it_breaks() {
    let table = [
        ("", FaultKind::End, 0),
        ("text", FaultKind::Unexpected, 0),
        ("<a", FaultKind::End, 0),
        ("<x/>", FaultKind::Value, 0),
        ("<a xmlns='NS'>", FaultKind::End, 39),
        ("<a xmlns='NS'><b>x</b>", FaultKind::End, 47),
        ("<a xmlns='NS'><b>x</a>", FaultKind::Conflict, 43),
        ("<a xmlns='NS'/><a/>", FaultKind::Unexpected, 40),
        ("<a xmlns='NS'/>text", FaultKind::Unexpected, 40),
        ("<a xmlns='NS'/>&amp;", FaultKind::Unexpected, 40),
        ("</a>", FaultKind::Unexpected, 0),
        ("<a xmlns='NS'><b>&nbsp;</b></a>", FaultKind::Escape, 42),
        ("<a xmlns='NS'><b>&#0;</b></a>", FaultKind::Escape, 42),
        ("<a xmlns='NS'><b>a & b</b></a>", FaultKind::Escape, 44),
        ("<a xmlns='NS'>&nbsp;<b/></a>", FaultKind::Escape, 39),
        ("<a xmlns='NS' b='1' b='2'/>", FaultKind::Conflict, 0),
        ("<a xmlns='NS' b=1/>", FaultKind::Unexpected, 0),
        ("<a xmlns='NS' b='<'/>", FaultKind::Unexpected, 0),
        ("<a xmlns='NS' 1b='x'/>", FaultKind::Unexpected, 0),
        ("<a xmlns='NS'><1/></a>", FaultKind::Unexpected, 39),
        ("<a xmlns='NS'><b q:c='x'/></a>", FaultKind::Value, 39),
        ("<a xmlns='NS'><!-- a -- b --></a>", FaultKind::Unexpected, 39),
        ("<a xmlns='NS'><!-- a </a>", FaultKind::End, 39),
        ("<a xmlns='NS'><![CDATA[ a </a>", FaultKind::End, 39),
        ("<a xmlns='NS'><? a </a>", FaultKind::End, 39),
        ("<a xmlns='NS'><?xml version='1.0'?></a>", FaultKind::Unexpected, 39),
        (" <?xml version='1.0'?><a xmlns='NS'/>", FaultKind::Unexpected, 1),
        ("<a xmlns='NS'>\u{1}</a>", FaultKind::Unexpected, 39),
        ("<a xmlns='NS'>\0</a>", FaultKind::Nul, 39),
        ("<a xmlns='NS'>\u{ffff}</a>", FaultKind::Unexpected, 39),
        ("<a xmlns='NS' xmlns:xml='urn:x'/>", FaultKind::Value, 0),
        ("<a xmlns='NS' xmlns:xmlns='urn:x'/>", FaultKind::Value, 0),
    ];
    for (xml, kind, at) in table {
        let whole = xml.replace("NS", "urn:ietf:params:xml:ns:imdn");
        let fault = text(&whole).expect_err(xml);
        assert_eq!(fault, (kind, at), "{xml}");
    }
}

#[test]
fn only_utf8_is_read() {
    let utf16: Vec<u8> = "<a/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [&b"\xFF\xFE"[..], &utf16].concat();
    for bytes in [&utf16[..], &marked, b"\xFE\xFF\0<\0a\0/\0>", b"\0<\0a"] {
        let fault = read(bytes, &Limits::DEFAULT).unwrap_err();
        assert_eq!((fault.kind, fault.field), (FaultKind::Unsupported, Part::Markup));
    }
    for name in ["UTF-16", "ISO-8859-1", "windows-1252"] {
        let xml = format!(
            "<?xml version='1.0' encoding='{name}'?><a xmlns='urn:ietf:params:xml:ns:imdn'/>"
        );
        assert_eq!(text(&xml), Err((FaultKind::Unsupported, 0)), "{name}");
    }
    let latin = b"<a xmlns='urn:ietf:params:xml:ns:imdn'><b>\xE9</b></a>";
    let fault = read(latin, &Limits::DEFAULT).unwrap_err();
    assert_eq!((fault.kind, fault.at), (FaultKind::Utf8, 42));
    assert_eq!(text("<?xml version='2.0'?><a/>"), Err((FaultKind::Unsupported, 0)));
}

#[test]
fn a_document_type_ends_the_reading_at_once() {
    let table = [
        "<!DOCTYPE a><a xmlns='urn:ietf:params:xml:ns:imdn'/>",
        "<!DOCTYPE a [<!ENTITY x 'y'>]><a xmlns='urn:ietf:params:xml:ns:imdn'><b>&x;</b></a>",
        "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>",
        "<!doctype a><a/>",
    ];
    for xml in table {
        assert_eq!(text(xml), Err((FaultKind::Unsupported, 0)), "{xml}");
    }
}

#[test]
fn every_limit_holds_at_its_edge() {
    let limits = Limits {
        max_document: 400,
        max_depth: 3,
        max_elements: 4,
        max_attributes: 3,
        max_text: 30,
        ..Limits::DEFAULT
    };
    let a = |inside: &str| format!("<a xmlns='urn:ietf:params:xml:ns:imdn'>{inside}</a>");
    let long = "x".repeat(30);
    let table = [
        (a("<c><d/></c>"), None),
        (a("<c><d><e/></d></c>"), Some(Part::Markup)),
        (a("<c/><c/><c/>"), None),
        (a("<c/><c/><c/><c/>"), Some(Part::Markup)),
        (a("<c a='' b='' c=''/>"), None),
        (a("<c a='' b='' c='' d=''/>"), Some(Part::Markup)),
        (a(&format!("<b>{long}</b>")), None),
        (a(&format!("<b>{long}x</b>")), Some(Part::Element("b"))),
        (a(&format!("<b>{}<![CDATA[x]]></b>", &long[..29])), None),
        (a(&format!("<b>{long}&#65;</b>")), Some(Part::Element("b"))),
        (a(&format!("<c a='{long}'/>")), None),
        (a(&format!("<c a='{long}x'/>")), Some(Part::Markup)),
        (format!("{:400}", a("")), None),
        (format!("{:401}", a("")), Some(Part::Body)),
    ];
    for (xml, part) in table {
        let fault = read(xml.as_bytes(), &limits).err();
        assert_eq!(fault.map(|fault| fault.field), part, "{xml}");
        assert!(fault.is_none_or(|fault| fault.kind == FaultKind::Limit), "{xml}");
    }
}

#[test]
fn what_is_far_over_a_limit_is_refused_early() {
    let lab = Limits::lab();
    let open = "<a xmlns='urn:ietf:params:xml:ns:imdn'>";
    let nested = format!("{open}{}", "<a>".repeat(100_000));
    let fault = read(nested.as_bytes(), &lab).unwrap_err();
    assert_eq!(fault.kind, FaultKind::Limit);
    // One element too deep, and not one further.
    assert_eq!(fault.at as usize, open.len() + 3 * (lab.max_depth - 1));

    let mut wide = String::from("<a xmlns='urn:ietf:params:xml:ns:imdn' ");
    for number in 0..100_000 {
        write!(wide, "a{number}='' ").unwrap();
    }
    wide.push_str("/>");
    assert_eq!(read(wide.as_bytes(), &lab).unwrap_err().kind, FaultKind::Limit);

    let mut bound = String::from("<a xmlns='urn:ietf:params:xml:ns:imdn'>");
    for number in 0..100 {
        write!(bound, "<b xmlns:p{number}='urn:x'>").unwrap();
    }
    assert_eq!(read(bound.as_bytes(), &Limits::DEFAULT).unwrap_err().kind, FaultKind::Limit);
}

#[test]
fn attributes_are_found_by_namespace_and_name() {
    let xml =
        b"<a xmlns='urn:ietf:params:xml:ns:imdn' xmlns:c='urn:ietf:params:xml:ns:copyControl' \
        xmlns:d='urn:ietf:params:xml:ns:copycontrol' n=' 7 ' c:n='8' xml:lang='de' e='a&amp;b'>\
        <a c:x='1' d:x='2' y='&z;'/></a>";
    let mut reader = Reader::document(xml, &Limits::DEFAULT, Ns::Imdn, "a").unwrap();
    let number = |text: &str| text.parse::<u8>().map_err(|_| FaultKind::Number);
    assert_eq!(reader.typed_attribute(Ns::None, "n", number), Ok(Some(7)));
    assert_eq!(reader.typed_attribute(Ns::CopyControl, "n", number), Ok(Some(8)));
    assert_eq!(reader.attribute(Ns::Xml, "lang").unwrap().as_deref(), Some("de"));
    assert_eq!(reader.required("e").unwrap(), "a&b");
    assert_eq!(reader.required("n").unwrap(), " 7 ");
    let fault = reader.typed_attribute(Ns::None, "e", number).unwrap_err();
    assert_eq!((fault.kind, fault.field), (FaultKind::Number, Part::Attribute("e")));
    assert_eq!(reader.required("m").unwrap_err().kind, FaultKind::Empty);

    reader.child().unwrap();
    assert_eq!(reader.attribute(Ns::CopyControl, "x").unwrap_err().kind, FaultKind::Conflict);
    let fault = reader.required("y").unwrap_err();
    assert_eq!(fault.kind, FaultKind::Escape);
    assert!(xml[fault.at as usize..].starts_with(b"&z;"));
}

#[test]
fn an_extension_stands_alone() {
    let table = [
        ("<p:x xmlns:p='urn:p'/>", "<p:x xmlns:p='urn:p'/>", "urn:p"),
        ("<q:x>1<q:y/></q:x>", "<q:x xmlns:q=\"urn:q\">1<q:y/></q:x>", "urn:q"),
        (
            "<q:x a='1'><y/></q:x>",
            "<q:x xmlns:q=\"urn:q\" xmlns=\"urn:ietf:params:xml:ns:imdn\" a='1'><y/></q:x>",
            "urn:q",
        ),
        (
            "<x xmlns='urn:x'><y q:a=''/></x>",
            "<x xmlns:q=\"urn:q\" xmlns='urn:x'><y q:a=''/></x>",
            "urn:x",
        ),
        (
            "<x xmlns='urn:x'><q:y xmlns:q='urn:r'/><q:y/></x>",
            "<x xmlns:q=\"urn:q\" xmlns='urn:x'><q:y xmlns:q='urn:r'/><q:y/></x>",
            "urn:x",
        ),
        (
            "<x xmlns='urn:x'><q:y xmlns:q='urn:r'><q:z/></q:y></x>",
            "<x xmlns='urn:x'><q:y xmlns:q='urn:r'><q:z/></q:y></x>",
            "urn:x",
        ),
        ("<w:x/>", "<w:x xmlns:w=\"urn:&quot;w\"/>", "urn:\"w"),
        ("<x xmlns='urn:x' xml:lang='en'/>", "<x xmlns='urn:x' xml:lang='en'/>", "urn:x"),
    ];
    for (inside, kept, namespace) in table {
        let xml = format!(
            "<a xmlns='urn:ietf:params:xml:ns:imdn' xmlns:q='urn:q' xmlns:w='urn:\"w'>{inside}</a>"
        );
        let mut reader = Reader::document(xml.as_bytes(), &Limits::DEFAULT, Ns::Imdn, "a").unwrap();
        reader.child().unwrap();
        let extension = reader.extension().unwrap();
        assert_eq!((extension.as_str(), extension.namespace()), (kept, namespace));
        assert_eq!((reader.child(), reader.finish()), (Ok(None), Ok(())), "{inside}");
        // Kept again, it does not grow.
        assert_eq!(Extension::parse(kept.as_bytes()).unwrap().as_str(), kept);
    }
}

#[test]
fn an_extension_is_one_whole_element_with_a_namespace() {
    let table = [
        ("", FaultKind::End),
        ("<a/>", FaultKind::Empty),
        ("<a xmlns='urn:a'>", FaultKind::End),
        ("<a xmlns='urn:a'/><b/>", FaultKind::Unexpected),
        ("text", FaultKind::Unexpected),
        ("<!DOCTYPE a><a xmlns='urn:a'/>", FaultKind::Unsupported),
        ("<a xmlns='urn:a'>&x;</a>", FaultKind::Escape),
    ];
    for (xml, kind) in table {
        assert_eq!(
            Extension::parse(xml.as_bytes()).map_err(|fault| fault.kind),
            Err(kind),
            "{xml}"
        );
    }
    let whole = Extension::parse(
        b"<?xml version='1.0'?><!-- c --><p:a xmlns:p='urn:a'> x<b xmlns='urn:a'>y</b>&lt;</p:a>",
    );
    let whole = whole.unwrap();
    assert_eq!((whole.name(), whole.text().as_str()), ("a", " x<"));
}
