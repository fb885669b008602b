//! Pictures of all kinds, as files with what becomes of them, and any bytes at all.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::path::{Path, PathBuf};

use badges_core::bake::bake;
use proptest::prelude::*;
use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;

use super::*;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/pictures")
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

fn accepted(name: &str) -> Accepted {
    accept(&read(name)).unwrap()
}

/// As a line of `expected.tsv`.
fn outcome(bytes: &[u8]) -> String {
    match accept(bytes) {
        Ok(accepted) => {
            let Picture { width, height, .. } = accepted.picture;
            let remarks: Vec<&str> = accepted.remarks.iter().map(|remark| remark.id()).collect();
            format!("{width}x{height}\t{}", remarks.join(" "))
        }
        Err(refused) => format!("{}\t", refused.id()),
    }
}

/// What holds of any picture that was accepted.
fn assert_harmless(accepted: &Accepted) {
    let bytes = &accepted.picture.bytes;
    let secret = b"SECRET-DETAIL";
    assert!(!bytes.windows(secret.len()).any(|window| window == secret));
    bake("{\"a\":1}", bytes).unwrap();
    let again = accept(bytes).unwrap();
    assert_eq!(again.picture, accepted.picture);
    assert!(
        again
            .remarks
            .iter()
            .all(|remark| *remark == Remark::Letters)
    );
    if accepted.picture.format == Format::Svg {
        assert_no_calls(std::str::from_utf8(bytes).unwrap());
    }
}

/// Reads an SVG by another way than the code does, with a list of what must not be there.
fn assert_no_calls(svg: &str) {
    let mut reader = NsReader::from_str(svg);
    loop {
        let event = reader.read_event().unwrap();
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                let (namespace, name) = reader.resolver().resolve_element(tag.name());
                assert!(matches!(namespace, ResolveResult::Bound(bound)
                    if bound.as_ref() == "http://www.w3.org/2000/svg"));
                let name = name.as_ref().to_ascii_lowercase();
                for banned in ["script", "foreign", "anim", "image", "set", "handler", "a"] {
                    let is_banned = name == banned || banned.len() > 3 && name.contains(banned);
                    assert!(!is_banned, "{name}");
                }
                for attribute in tag.attributes() {
                    let attribute = attribute.unwrap();
                    let key = attribute.key.as_ref().to_ascii_lowercase();
                    if matches!(key.as_str(), "xmlns" | "aria-label") {
                        continue;
                    }
                    assert!(!key.starts_with("on") && key != "xml:base", "{key}");
                    let value = quick_xml::escape::unescape(&attribute.value).unwrap();
                    assert!(!key.contains("href") || value.starts_with('#'), "{value}");
                    assert_calls_nothing(&value);
                }
            }
            Event::Text(text) if svg.contains("<style") => {
                // Titles and letters may say anything; a sheet has braces.
                if text.contains('{') {
                    assert_calls_nothing(text);
                }
            }
            Event::Eof => return,
            Event::Text(_) | Event::End(_) | Event::GeneralRef(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

fn assert_calls_nothing(value: &str) {
    let value = value.to_ascii_lowercase();
    for call in [
        "http",
        "javascript",
        "data:",
        "file:",
        "//",
        "@",
        "\\",
        "/*",
        "image-set",
        "var(",
    ] {
        assert!(!value.contains(call), "{value}");
    }
    let value = value.replace([' ', '"', '\''], "");
    assert_eq!(
        value.matches("url(").count(),
        value.matches("url(#").count()
    );
}

#[test]
fn every_picture_becomes_what_is_expected() {
    let expected = String::from_utf8(read("expected.tsv")).unwrap();
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.ends_with(".tsv") && !name.ends_with(".md"))
        .collect();
    names.sort();
    let outcomes = names.iter().map(|name| {
        let bytes = read(name);
        format!("{name}\t{}\n", outcome(&bytes))
    });
    assert_eq!(outcomes.collect::<String>(), expected);
}

#[test]
fn what_is_accepted_is_harmless_and_stays_as_it_is() {
    let expected = String::from_utf8(read("expected.tsv")).unwrap();
    let names = expected.lines().filter_map(|line| line.split('\t').next());
    for name in names {
        if let Ok(accepted) = accept(&read(name)) {
            assert_harmless(&accepted);
        }
    }
}

#[test]
fn pixels_stay_as_they_are() {
    for name in [
        "colour.png",
        "grey.png",
        "grey-one-bit.png",
        "palette.png",
        "sixteen-bits.png",
        "interlaced.png",
        "details.png",
        "baked.png",
        "animated.png",
    ] {
        let before = png::pixels(&read(name)).unwrap();
        assert_eq!(
            png::pixels(&accepted(name).picture.bytes).unwrap(),
            before,
            "{name}"
        );
    }
    let square: Vec<_> = (0..4).map(|at| [at, 90, 200, 255 - at]).collect();
    let written = png::encode(2, 2, &square).unwrap();
    assert_eq!(png::pixels(&written).unwrap(), (2, 2, square));
}

/// What an SVG draws, so far as it may, stays as well.
#[test]
fn drawings_stay_as_they_are() {
    for name in [
        "editor-inkscape.svg",
        "editor-illustrator.svg",
        "editor-figma.svg",
        "prefixed.svg",
        "no-view-box.svg",
        "switch.svg",
        "two-of-one-id.svg",
        "style-import.svg",
        "baked.svg",
    ] {
        let before = draw::pixels(&String::from_utf8(read(name)).unwrap(), 200).unwrap();
        let after = drawn_pixels(&accepted(name).picture.bytes, 200).unwrap();
        assert!(before.iter().any(|pixel| pixel[3] > 0));
        assert!(before == after, "{name}");
    }
}

#[test]
fn long_files_are_not_read() {
    let mut png = read("colour.png");
    png.resize((2 << 20) + 1, 0);
    assert_eq!(accept(&png).unwrap_err().id(), "picture.too-large");
    let mut svg = read("prefixed.svg");
    svg.resize((256 << 10) + 1, b' ');
    assert_eq!(accept(&svg).unwrap_err().id(), "picture.too-large");
}

#[test]
fn a_picture_is_drawn_for_every_name() {
    for name in ["Example Editor", "محرر مثال", "</svg><script>", ""] {
        for format in [Format::Svg, Format::Png] {
            let picture = drawn(name, format).unwrap();
            let accepted = accept(&picture.bytes).unwrap();
            assert_eq!(
                (accepted.picture.width, accepted.picture.height),
                (SIDE, SIDE)
            );
            assert!(
                accepted
                    .remarks
                    .iter()
                    .all(|remark| *remark == Remark::Letters)
            );
            assert_harmless(&accepted);
        }
    }
}

#[test]
fn a_png_is_made_of_an_svg() {
    let svg = accepted("editor-figma.svg").picture;
    let png = as_png(&svg, 64).unwrap();
    assert_eq!((png.format, png.width, png.height), (Format::Png, 64, 64));
    let (width, height, pixels) = png::pixels(&png.bytes).unwrap();
    assert_eq!((width, height), (64, 64));
    assert_eq!(pixels, drawn_pixels(&svg.bytes, 64).unwrap());
    assert_eq!(as_png(&png, 32).unwrap(), png);
    assert!(as_png(&svg, 0).is_err());
}

#[test]
fn a_preview_has_the_badge_in_its_middle() {
    let red = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>\
               <rect width='9' height='9' fill='red'/></svg>";
    let svg = accept(red.as_bytes()).unwrap().picture;
    for badge in [as_png(&svg, 37).unwrap(), as_png(&svg, 1000).unwrap(), svg] {
        let (width, height, pixels) = png::pixels(&preview(&badge).unwrap()).unwrap();
        assert_eq!((width, height), (1200, 630));
        let at = |x: usize, y: usize| pixels[y * 1200 + x];
        assert_eq!(at(600, 300), [255, 0, 0, 255]);
        assert_eq!(
            (at(352, 300), at(847, 300)),
            ([255, 0, 0, 255], [255, 0, 0, 255])
        );
        assert_eq!((at(5, 5), at(1100, 300)), (at(340, 300), at(860, 300)));
        assert_eq!(at(5, 5), [255, 230, 230, 255]);
        assert_eq!(at(600, 629), [201, 10, 10, 255]);
    }
}

#[test]
fn everything_has_a_message_in_every_language() {
    let reason = || "a".to_owned();
    let refused = [
        Refused::Blank,
        Refused::Format,
        Refused::Png { reason: reason() },
        Refused::Svg { reason: reason() },
        Refused::SvgComplex,
        Refused::SvgEncoding { encoding: reason() },
        Refused::SvgEntities,
        Refused::SvgSize,
        Refused::TooLarge { bytes: 2, most: 1 },
        Refused::TooManyPixels {
            width: 2,
            height: 2,
            most: 1,
        },
    ];
    let remarks = Remark::ALL.map(|remark| (remark.message(), Vec::new()));
    let messages: Vec<_> = refused
        .iter()
        .map(Refused::message)
        .chain(remarks)
        .collect();
    for language in ["en", "ar", "qqq"] {
        let path = format!("{}/i18n/{language}.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let texts: serde_json::Value = serde_json::from_str(&text).unwrap();
        for (key, parameters) in &messages {
            let text = texts[key]
                .as_str()
                .unwrap_or_else(|| panic!("{language}: {key}"));
            for number in 1..=parameters.len() {
                assert!(text.contains(&format!("${number}")), "{language}: {key}");
            }
        }
    }
}

/// Pieces of SVG that are likely to be misunderstood.
const PIECES: &[&str] = &[
    "<g>",
    "</g>",
    "<rect width='5' height='5'/>",
    "<a href='",
    "<use xlink:href='",
    "<style>",
    "</style>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "/*",
    "*/",
    "url(",
    "#a",
    ")",
    "\"",
    "'",
    ">",
    "/>",
    "{",
    "}",
    ";",
    ":",
    "fill",
    "mask",
    ".a",
    "*",
    "@import",
    "\\75rl(",
    "http://e.example",
    "javascript:",
    " style='",
    " onload='",
    " id='a'",
    " class='a'",
    " fill='",
    "&lt;",
    "&#60;",
    "&#13;",
    "&#x202e;",
    "<script>",
    "</script>",
    "<text>",
    "</text>",
    "<foreignObject>",
    "<title>",
    "</title>",
    "<!DOCTYPE",
    "<?xml",
    "?>",
    " xmlns:x='http://www.w3.org/2000/svg'",
    "<x:script>",
    " xml:base='",
    " viewBox='0 0 9 9'",
    "\u{fffe}",
    "\r\n",
    "é",
    "!important",
    "inherit",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_are_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for start in [&b""[..], b"\x89PNG\r\n\x1a\n", b"<svg "] {
            let _ = accept(&[start, &bytes].concat());
        }
    }

    #[test]
    fn no_pieces_are_too_odd(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24)) {
        let svg = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' \
             viewBox='0 0 9 9'><rect width='1' height='1'/>{}</svg>",
            pieces.concat()
        );
        if let Ok(accepted) = accept(svg.as_bytes()) {
            assert_harmless(&accepted);
        }
    }

    #[test]
    fn no_style_is_too_odd(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24)) {
        let text = pieces.concat().replace(']', "");
        let escaped = quick_xml::escape::escape(&text);
        let svg = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><rect width='1' height='1' \
             style=\"{escaped}\" fill=\"{escaped}\" class=\"{escaped}\" x=\"{escaped}\"/>\
             <style>.a{{fill:{escaped}}}{escaped}{{fill:red}}</style></svg>"
        );
        if let Ok(accepted) = accept(svg.as_bytes()) {
            assert_harmless(&accepted);
        }
    }

    #[test]
    fn no_damage_is_too_odd(
        name in prop::sample::select(vec![
            "editor-inkscape.svg", "editor-illustrator.svg", "style-url.svg", "palette.png",
            "animated.png", "interlaced.png",
        ]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = read(name);
        for (index, byte) in changes {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(accepted) = accept(&bytes) {
            let again = accept(&accepted.picture.bytes).unwrap();
            prop_assert_eq!(again.picture, accepted.picture);
        }
    }
}
