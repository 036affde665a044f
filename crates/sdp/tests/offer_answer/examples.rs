//! The exchanges that the documents print, replayed: RFC 3264 section 10, RFC 4317, RFC 5547 section 9.

use missiva_sdp::attribute::Direction;
use missiva_sdp::line::Address;
use missiva_sdp::negotiate::{
    Author, Capabilities, Codec, Demands, File, MessageMedia, Negotiator, Plan, Stream,
    check_answer,
};
use missiva_sdp::{Description, Value};

use super::{pcma, pcmu};

fn parse(text: &str) -> Description {
    Description::parse(text.replace('\n', "\r\n").into())
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn author(name: &str, session_id: &str, version: u64, host: &str) -> Author {
    Author::new(session_id, version, &Address::parse(&format!("IN IP4 {host}")).unwrap())
        .named(name)
}

fn valid(offer: &Description, answer: &Description) {
    let verdict = check_answer(offer, answer, None, &Demands::STRICT);
    assert_eq!(verdict, Ok(()), "{}\n{}", offer.text(), answer.text());
}

const ALICE: &str = "v=0\no=alice 2890844526 2890844526 IN IP4 host.anywhere.com\ns=-\nc=IN IP4 host.anywhere.com\nt=0 0\n";
const BOB: &str = "v=0\no=bob 2890844730 2890844730 IN IP4 host.example.com\ns=-\nc=IN IP4 host.example.com\nt=0 0\n";

fn mpv() -> Codec {
    Codec::new(32, "MPV", 90000)
}

#[test]
fn rfc_3264_section_10_1() {
    let offer = parse(&format!(
        "{ALICE}m=audio 49170 RTP/AVP 0\na=rtpmap:0 PCMU/8000\nm=video 51372 RTP/AVP 31\na=rtpmap:31 H261/90000\n\
         m=video 53000 RTP/AVP 32\na=rtpmap:32 MPV/90000\n"
    ));
    let printed = parse(&format!(
        "{BOB}m=audio 49920 RTP/AVP 0\na=rtpmap:0 PCMU/8000\nm=video 0 RTP/AVP 31\nm=video 53000 RTP/AVP 32\n\
         a=rtpmap:32 MPV/90000\n"
    ));
    valid(&offer, &printed);
    let mut bob = Negotiator::new(author("bob", "2890844730", 2890844730, "host.example.com"));
    bob.receive_offer(&offer).unwrap();
    let streams = [Stream::audio(49920, vec![pcmu()]), Stream::video(53000, vec![mpv()])];
    let (said, _) = bob.answer(&Capabilities::of(streams)).unwrap();
    assert_eq!(said.text().replace("a=sendrecv\r\n", ""), **printed.text());

    // Bob moves his audio and adds a stream for tones that Alice shall send.
    let mut plan = bob.plan().clone();
    plan.stream_mut(0).unwrap().port = 65422;
    let tones = Codec::new(110, "telephone-event", 8000);
    let events =
        Stream { direction: Direction::RecvOnly, ..Stream::audio(51434, vec![tones.clone()]) };
    plan.remove(1).unwrap_err();
    // The document leaves the refused place alone; it is the first that is free.
    assert_eq!(plan.add(events), 1);
    let second = bob.offer(&plan).unwrap();
    let printed_second = parse(&format!(
        "{}m=audio 65422 RTP/AVP 0\na=rtpmap:0 PCMU/8000\nm=video 0 RTP/AVP 31\nm=video 53000 RTP/AVP 32\n\
         a=rtpmap:32 MPV/90000\nm=audio 51434 RTP/AVP 110\na=rtpmap:110 telephone-event/8000\na=recvonly\n",
        BOB.replace("0 2890844730", "0 2890844731")
    ));
    assert!(second.text().contains("o=bob 2890844730 2890844731 "));

    // Alice answers what Bob's document says.
    let mut alice = Negotiator::new(author("alice", "2890844526", 2890844526, "host.anywhere.com"));
    let video = |port, codec| Stream::video(port, vec![codec]);
    let h261 = Codec::new(31, "H261", 90000);
    alice
        .offer(&Plan::of([
            Stream::audio(49170, vec![pcmu()]),
            video(51372, h261),
            video(53000, mpv()),
        ]))
        .unwrap();
    alice.receive_answer(&printed).unwrap();
    alice.receive_offer(&printed_second).unwrap();
    let (said, _) = alice.answer(&Capabilities::of([Stream::audio(53122, vec![tones])])).unwrap();
    let expected = format!(
        "{}m=audio 49170 RTP/AVP 0\na=rtpmap:0 PCMU/8000\nm=video 0 RTP/AVP 31\nm=video 53000 RTP/AVP 32\n\
         a=rtpmap:32 MPV/90000\nm=audio 53122 RTP/AVP 110\na=rtpmap:110 telephone-event/8000\na=sendonly\n",
        ALICE.replace("6 2890844526", "6 2890844527")
    );
    assert_eq!(said.text().replace("a=sendrecv\r\n", "").replace("\r\n", "\n"), expected);
}

#[test]
fn rfc_3264_section_10_2() {
    let three = ["0 4 18", "a=rtpmap:0 PCMU/8000\na=rtpmap:4 G723/8000\na=rtpmap:18 G729/8000\n"];
    let offer =
        parse(&format!("{ALICE}m=audio 62986 RTP/AVP {}\n{}a=inactive\n", three[0], three[1]));
    let printed = parse(&format!(
        "{BOB}m=audio 54344 RTP/AVP 0 4\na=rtpmap:0 PCMU/8000\na=rtpmap:4 G723/8000\na=inactive\n"
    ));
    valid(&offer, &printed);
    let mut bob = Negotiator::new(author("bob", "2890844730", 2890844730, "host.example.com"));
    bob.receive_offer(&offer).unwrap();
    let ours = Stream::audio(54344, vec![pcmu(), Codec::new(4, "G723", 8000)]);
    let (said, _) = bob.answer(&Capabilities::of([ours])).unwrap();
    assert_eq!(said.text(), printed.text());
    // With one codec left the stream begins.
    let chosen = parse(&format!(
        "{}m=audio 62986 RTP/AVP 4\na=rtpmap:4 G723/8000\na=sendrecv\n",
        ALICE.replace("6 2890844526", "6 2890844527")
    ));
    bob.receive_offer(&chosen).unwrap();
    let (said, _) = bob.answer(&Capabilities::default()).unwrap();
    assert!(said.text().contains(" 2890844731 IN "));
    assert!(
        said.text().ends_with("m=audio 54344 RTP/AVP 4\r\na=rtpmap:4 G723/8000\r\na=sendrecv\r\n")
    );
    assert_eq!(bob.streams()[0].direction(), Direction::SendRecv);
}

#[test]
fn rfc_4317_codecs_hold_and_new_streams() {
    let atlanta = |version: u64, lines: &str| {
        parse(&format!(
            "v=0\no=alice 2890844526 {version} IN IP4 host.atlanta.example.com\ns=\nc=IN IP4 host.atlanta.example.com\nt=0 0\n{lines}"
        ))
    };
    let biloxi = |version: u64, lines: &str| {
        parse(&format!(
            "v=0\no=bob 2808844564 {version} IN IP4 host.biloxi.example.com\ns=\nc=IN IP4 host.biloxi.example.com\nt=0 0\n{lines}"
        ))
    };
    let ilbc = "a=rtpmap:97 iLBC/8000\n";
    let (pcmu_map, pcma_map) = ("a=rtpmap:0 PCMU/8000\n", "a=rtpmap:8 PCMA/8000\n");
    let (h261, mpv_map) = ("a=rtpmap:31 H261/90000\n", "a=rtpmap:32 MPV/90000\n");
    // Section 2.1: both streams, one codec of each.
    let offer = atlanta(
        2890844526,
        &format!(
            "m=audio 49170 RTP/AVP 0 8 97\n{pcmu_map}{pcma_map}{ilbc}m=video 51372 RTP/AVP 31 32\n{h261}{mpv_map}"
        ),
    );
    let printed = biloxi(
        2808844564,
        &format!("m=audio 49174 RTP/AVP 0\n{pcmu_map}m=video 49170 RTP/AVP 32\n{mpv_map}"),
    );
    valid(&offer, &printed);
    let mut bob =
        Negotiator::new(author("bob", "2808844564", 2808844564, "host.biloxi.example.com"));
    bob.receive_offer(&offer).unwrap();
    let streams = [Stream::audio(49174, vec![pcmu()]), Stream::video(49170, vec![mpv()])];
    let (said, _) = bob.answer(&Capabilities::of(streams)).unwrap();
    assert_eq!(said.text().replace("a=sendrecv\r\n", "").replace("s=-", "s="), **printed.text());

    // Section 2.3: the video is refused.
    let refused = biloxi(
        2808844564,
        &format!("m=audio 49172 RTP/AVP 0\n{pcmu_map}m=video 0 RTP/AVP 31\n{h261}"),
    );
    valid(&offer, &refused);

    // Section 3.1: Bob puts Alice on hold and takes her off.
    let talk = atlanta(2890844526, &format!("m=audio 49170 RTP/AVP 0 97\n{pcmu_map}{ilbc}"));
    let mut bob =
        Negotiator::new(author("bob", "2808844564", 2808844564, "placeholder.example.com"));
    bob.receive_offer(&talk).unwrap();
    let ours = Stream::audio(49172, vec![Codec::new(97, "iLBC", 8000), pcma()]);
    bob.answer(&Capabilities::of([ours])).unwrap();
    let mut plan = bob.plan().clone();
    plan.hold(0).unwrap();
    let hold = bob.offer(&plan).unwrap();
    assert!(
        hold.text()
            .ends_with("m=audio 49172 RTP/AVP 97\r\na=rtpmap:97 iLBC/8000\r\na=sendonly\r\n")
    );
    assert!(hold.text().contains("o=bob 2808844564 2808844565 "));
    let held = atlanta(2890844527, &format!("m=audio 49170 RTP/AVP 97\n{ilbc}a=recvonly\n"));
    bob.receive_answer(&held).unwrap();
    plan = bob.plan().clone();
    plan.resume(0).unwrap();
    let resume = bob.offer(&plan).unwrap();
    assert!(
        resume.text().contains("o=bob 2808844564 2808844566 ")
            && resume.text().ends_with("a=sendrecv\r\n")
    );
    bob.receive_answer(&atlanta(2890844528, &format!("m=audio 49170 RTP/AVP 97\n{ilbc}"))).unwrap();

    // Section 4.3: Bob adds video, then Alice takes the audio out.
    let mut plan = bob.plan().clone();
    plan.add(Stream::video(49174, vec![Codec::new(31, "H261", 90000)]));
    bob.offer(&plan).unwrap();
    let both = format!("m=audio 49170 RTP/AVP 97\n{ilbc}m=video 49172 RTP/AVP 31\n{h261}");
    bob.receive_answer(&atlanta(2890844529, &both)).unwrap();
    let alone = format!("m=audio 0 RTP/AVP 97\n{ilbc}m=video 49172 RTP/AVP 31\n{h261}");
    bob.receive_offer(&atlanta(2890844530, &alone)).unwrap();
    let (said, _) = bob.answer(&Capabilities::default()).unwrap();
    let ports: Vec<u16> = said.media().map(|media| media.port()).collect();
    assert_eq!(ports, [0, 49174]);
}

const SHA1: &str = "hash:sha-1:72:24:5F:E8:65:3D:DA:F3:71:36:2F:86:D4:71:91:3E:E4:A2:CE:2E";

fn file_place(port: u16, path: &str) -> Stream {
    let message = MessageMedia::new(path, "message/cpim").wrapping("*");
    Stream { file: Some(File::ANY), ..Stream::message(port, message) }
}

#[test]
fn rfc_5547_section_9_a_file_is_offered() {
    let selector = format!("name:\"My cool picture.jpg\" type:image/jpeg size:4092 {SHA1}");
    let head = |name: &str, id: &str| {
        format!(
            "v=0\no={name} {id} {id} IN IP4 {name}pc.example.com\ns=-\nc=IN IP4 {name}pc.example.com\nt=0 0\n"
        )
    };
    let offer = parse(&format!(
        "{}m=message 7654 TCP/MSRP *\ni=This is my latest picture\na=sendonly\na=accept-types:message/cpim\n\
         a=accept-wrapped-types:*\na=path:msrp://alicepc.example.com:7654/jshA7we;tcp\na=file-selector:{selector}\n\
         a=file-transfer-id:vBnG916bdberum2fFEABR1FR3ExZMUrd\na=file-disposition:attachment\n\
         a=file-date:creation:\"Mon, 15 May 2006 15:01:31 +0300\"\na=file-icon:cid:id2@alicepc.example.com\n\
         a=file-range:1-4092\n",
        head("alice", "2890844526")
    ));
    let printed = parse(&format!(
        "{}m=message 8888 TCP/MSRP *\na=accept-types:message/cpim\na=accept-wrapped-types:*\n\
         a=path:msrp://bobpc.example.com:8888/9di4ea;tcp\na=file-selector:{selector}\n\
         a=file-transfer-id:vBnG916bdberum2fFEABR1FR3ExZMUrd\na=file-range:1-4092\na=recvonly\n",
        head("bob", "2890844656")
    ));
    valid(&offer, &printed);
    let mut bob = Negotiator::new(author("bob", "2890844656", 2890844656, "bobpc.example.com"));
    bob.receive_offer(&offer).unwrap();
    let place = file_place(8888, "msrp://bobpc.example.com:8888/9di4ea;tcp");
    let (said, _) = bob.answer(&Capabilities::of([place])).unwrap();
    assert_eq!(said.text(), printed.text());
    let streams = bob.streams();
    let transfer = streams[0].transfer().unwrap();
    assert_eq!(transfer.file.name.unwrap().decode(), "My cool picture.jpg");
    assert!(!transfer.sends);
}

#[test]
fn rfc_5547_section_9_a_file_is_asked_for() {
    let address = |name: &str| Address::parse(name).unwrap().to_text();
    assert_eq!(address("IN IP4 alicepc.example.com"), "IN IP4 alicepc.example.com");
    let offer = parse(&format!(
        "v=0\no=bob 2890844656 2890855439 IN IP4 bobpc.example.com\ns=-\nc=IN IP4 bobpc.example.com\nt=0 0\n\
         m=message 8888 TCP/MSRP *\na=recvonly\na=accept-types:message/cpim\na=accept-wrapped-types:*\n\
         a=path:msrp://bobpc.example.com:8888/jshA7we;tcp\na=file-selector:{SHA1}\n\
         a=file-transfer-id:aCQYuBRVoUPGVsFZkCK98vzcX2FXDIk2\n"
    ));
    let mut alice =
        Negotiator::new(author("alice", "2890844526", 2890844527, "alicepc.example.com"));
    alice.receive_offer(&offer).unwrap();
    let known = format!("type:image/jpeg size:4092 {SHA1}");
    let place = file_place(7654, "msrp://alicepc.example.com:7654/9di4ea;tcp");
    let capabilities =
        Capabilities { files: vec![known.as_str().into()], ..Capabilities::of([place]) };
    let (said, _) = alice.answer(&capabilities).unwrap();
    let expected = format!(
        "v=0\no=alice 2890844526 2890844527 IN IP4 alicepc.example.com\ns=-\nc=IN IP4 alicepc.example.com\nt=0 0\n\
         m=message 7654 TCP/MSRP *\na=accept-types:message/cpim\na=accept-wrapped-types:*\n\
         a=path:msrp://alicepc.example.com:7654/9di4ea;tcp\na=file-selector:{known}\n\
         a=file-transfer-id:aCQYuBRVoUPGVsFZkCK98vzcX2FXDIk2\na=sendonly\n"
    );
    assert_eq!(said.text().replace("\r\n", "\n"), expected);
    valid(&offer, &said);
}

#[test]
fn rfc_5547_section_9_files_are_known() {
    // A server says what it could do; nothing is offered by it.
    let offer = parse(
        "v=0\no=alice 2890844526 2890844526 IN IP4 alicepc.example.com\ns=-\nc=IN IP4 192.0.2.2\nt=0 0\n\
         m=message 0 TCP/MSRP *\na=accept-types:*\na=file-selector\n",
    );
    let mut bob = Negotiator::new(author("bob", "1", 1, "bobpc.example.com"));
    assert_eq!(bob.receive_offer(&offer).unwrap(), []);
    let (said, _) = bob.answer(&Capabilities::default()).unwrap();
    assert!(said.text().ends_with("m=message 0 TCP/MSRP *\r\n"));
}
