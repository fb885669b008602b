//! A picture for a badge, for those who have none: drawn from the achievement's name alone, so that
//! the same name always has the same picture.
//!
//! The picture is an SVG without references to anything outside, which any browser shows. The name
//! is text, not outlines, and is set in the font of whoever looks at it. [`emblem`] is the same
//! picture without the text, for small sizes and for PNG.

#[cfg(feature = "draw-png")]
mod cost;
mod emblem;
mod lettering;
mod palette;
mod path;
#[cfg(feature = "draw-png")]
mod png;

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::writing::{Direction, on_one_line};
use lettering::Lettering;
use palette::Palette;
#[cfg(feature = "draw-png")]
pub use png::{DrawError, Pixel, pixels, png};

/// Width and height of the picture.
const SIDE: u32 = 512;
/// Where the middle of the medal is, from the top.
const MIDDLE: f64 = 212.0;
/// The radius of the field inside the medal.
const FIELD: f64 = 142.0;

/// A badge with the achievement's name on it, as SVG.
#[must_use]
pub fn badge(name: &str) -> String {
    let name = on_one_line(name);
    let design = Design::of(&name);
    let lettering = Lettering::fit(&name, 372.0);
    if lettering.lines.is_empty() {
        return emblem("");
    }
    let banner = Banner::of(&lettering);
    // The figure fills what the ribbon leaves of the field.
    let (field_top, field_bottom) = (MIDDLE - FIELD, banner.top);
    let scale = (field_bottom - field_top) / 2.0 / 100.0;
    let figure_middle = (field_top + field_bottom) / 2.0;
    let mut svg = open(&name);
    let _ = write!(
        svg,
        "<g transform=\"translate(256 {MIDDLE})\">{}</g>\
         <g transform=\"translate(256 {figure_middle:.1}) scale({scale:.3})\">{}</g>",
        design.medal(),
        emblem::emblem(design.figure, &design.palette)
    );
    banner.draw(
        &mut svg,
        &lettering,
        Direction::of_text(&name),
        &design.palette,
    );
    svg.push_str("</svg>\n");
    svg
}

/// The same badge without the name on it, as SVG. The name remains as its title.
#[must_use]
pub fn emblem(name: &str) -> String {
    let name = on_one_line(name);
    let design = Design::of(&name);
    let mut svg = open(&name);
    svg.push_str("<g transform=\"translate(256 256) scale(1.2)\">");
    svg.push_str(&design.medal());
    svg.push_str(&emblem::laurel(112.0, &design.palette));
    svg.push_str("<g transform=\"translate(0 -10)\">");
    svg.push_str(&emblem::emblem(design.figure, &design.palette));
    svg.push_str("</g></g></svg>\n");
    svg
}

/// What a name decides.
struct Design {
    palette: Palette,
    outline: u8,
    figure: u8,
}

impl Design {
    fn of(name: &str) -> Self {
        let hash: [u8; 32] = Sha256::digest(name).into();
        Self {
            palette: Palette::of(hash[0]),
            outline: hash[1],
            figure: hash[2],
        }
    }

    /// The medal around the origin, 200 units in radius, without an emblem.
    fn medal(&self) -> String {
        let Palette {
            deep,
            main,
            field,
            ray,
            accent,
            ..
        } = &self.palette;
        let outline = |scale: f64| match self.outline % 5 {
            0 => path::scallop(16, 200.0 * scale, 184.0 * scale),
            1 => path::scallop(10, 200.0 * scale, 176.0 * scale),
            2 => path::polygon(&path::star(32, 200.0 * scale, 186.0 * scale)),
            3 => path::soft_polygon(6, 212.0 * scale, 0.22),
            _ => path::soft_polygon(8, 206.0 * scale, 0.3),
        };
        let rays: String = (0..20)
            .map(|ray| {
                let turns = f64::from(ray) / 20.0;
                let edge = |share: f64| path::polar(FIELD, turns + share / 40.0);
                path::polygon(&[(0.0, 0.0), edge(-0.5), edge(0.5)])
            })
            .collect();
        format!(
            "<path d=\"{}\" fill=\"{deep}\"/><path d=\"{}\" fill=\"{main}\"/>\
             <circle r=\"152\" fill=\"{deep}\"/><circle r=\"148\" fill=\"{accent}\"/>\
             <circle r=\"{FIELD}\" fill=\"{field}\"/><path d=\"{rays}\" fill=\"{ray}\"/>\
             <circle r=\"164\" fill=\"none\" stroke=\"{accent}\" stroke-width=\"3\" \
             stroke-dasharray=\"0 10.3044\" stroke-linecap=\"round\"/>",
            outline(1.0),
            outline(0.965)
        )
    }
}

/// The ribbon with the name.
struct Banner {
    top: f64,
    bottom: f64,
}

impl Banner {
    /// As high as the text needs.
    fn of(lettering: &Lettering) -> Self {
        let height = (text_height(lettering) + 32.0).max(76.0);
        let middle = 384.0_f64.min(484.0 - height / 2.0).round();
        Self {
            top: middle - (height / 2.0).round(),
            bottom: middle + (height / 2.0).round(),
        }
    }

    fn draw(
        &self,
        svg: &mut String,
        lettering: &Lettering,
        direction: Direction,
        palette: &Palette,
    ) {
        let Self { top, bottom } = *self;
        let Palette {
            deep,
            main,
            accent,
            paper,
            ink,
            ..
        } = palette;
        // The ends hang lower, and show where the ribbon is folded back.
        let (tail_top, tail_bottom) = (top + 20.0, bottom + 20.0);
        let tail_middle = (tail_top + tail_bottom) / 2.0;
        // Writing to a string cannot fail.
        let _ = write!(
            svg,
            "<path d=\"M4 {tail_top}H96V{tail_bottom}H4L26 {tail_middle}Z\
             M508 {tail_top}H416V{tail_bottom}H508L486 {tail_middle}Z\" fill=\"{main}\"/>\
             <path d=\"M44 {bottom}L96 {tail_bottom}V{bottom}Z\
             M468 {bottom}L416 {tail_bottom}V{bottom}Z\" fill=\"{deep}\"/>\
             <path d=\"M44 {top}H468V{bottom}H44Z\" fill=\"{paper}\"/>\
             <path d=\"M44 {}H468M44 {}H468\" stroke=\"{accent}\" stroke-width=\"3\"/>\
             <text direction=\"{}\" fill=\"{ink}\" \
             font-family=\"system-ui, 'Noto Sans', sans-serif\" font-size=\"{}\" \
             font-weight=\"700\" text-anchor=\"middle\">",
            top + 6.0,
            bottom - 6.0,
            direction.as_str(),
            lettering.size
        );
        let first = (top + bottom - text_height(lettering)) / 2.0;
        for (index, line) in lettering.lines.iter().enumerate() {
            // Letters stand above their baseline, most of them by seven tenths of the size.
            let middle = first + lettering.size * LEADING * (index as f64 + 0.5);
            let baseline = middle + lettering.size * 0.35;
            let _ = write!(
                svg,
                "<tspan x=\"256\" y=\"{baseline:.1}\">{}</tspan>",
                escaped(line)
            );
        }
        svg.push_str("</text>");
    }
}

/// From one baseline to the next, in sizes of the font.
const LEADING: f64 = 1.2;

fn text_height(lettering: &Lettering) -> f64 {
    lettering.size * LEADING * lettering.lines.len() as f64
}

fn open(name: &str) -> String {
    let title = if name.is_empty() { "Badge" } else { name };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{SIDE}\" height=\"{SIDE}\" \
         viewBox=\"0 0 {SIDE} {SIDE}\" role=\"img\"><title>{}</title>",
        escaped(title)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use quick_xml::events::Event;

    use super::*;

    /// The text of all elements of this name.
    fn texts(svg: &str, name: &str) -> Vec<String> {
        let mut reader = quick_xml::Reader::from_str(svg);
        reader.config_mut().check_end_names = true;
        let (mut texts, mut inside) = (Vec::new(), false);
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => {
                    inside = start.name().as_ref() == name;
                    if inside {
                        texts.push(String::new());
                    }
                }
                Event::Text(text) if inside => {
                    texts.last_mut().unwrap().push_str(&text);
                }
                Event::GeneralRef(reference) if inside => {
                    let reference: &str = &reference;
                    texts
                        .last_mut()
                        .unwrap()
                        .push_str(&format!("&{reference};"));
                }
                Event::End(_) => inside = false,
                Event::Eof => return texts,
                _ => {}
            }
        }
    }

    #[test]
    fn the_name_stands_on_the_badge_and_is_its_title() {
        let svg = badge("Wikidata Champion");
        assert_eq!(texts(&svg, "title"), ["Wikidata Champion"]);
        assert_eq!(texts(&svg, "tspan"), ["Wikidata", "Champion"]);
        let emblem = emblem("Wikidata Champion");
        assert_eq!(texts(&emblem, "title"), ["Wikidata Champion"]);
        assert_eq!(texts(&emblem, "tspan"), Vec::<String>::new());
    }

    #[test]
    fn the_same_name_has_the_same_picture() {
        assert_eq!(badge("Editor"), badge(" Editor\n"));
        assert_ne!(emblem("Editor"), emblem("Organizer"));
    }

    #[test]
    fn any_name_gives_well_formed_xml() {
        let hostile = "</title><script>\"&amp;' onload=\u{0}\u{b}\u{202e}]]>\u{fffe}";
        for name in [hostile, "", " ", "\u{0}", "🎉👩‍🏫", &"é".repeat(5_000)] {
            for svg in [badge(name), emblem(name)] {
                assert_eq!(texts(&svg, "title").len(), 1);
                assert_eq!(texts(&svg, "script"), Vec::<String>::new());
                assert!(!svg.contains(['\u{0}', '\u{b}', '\u{202e}', '\u{fffe}']));
                crate::bake::bake("{\"a\":1}", svg.as_bytes()).unwrap();
            }
        }
        assert_eq!(texts(&badge("R&D <2>"), "tspan"), ["R&amp;D &lt;2&gt;"]);
    }

    #[test]
    fn text_runs_as_its_script_does() {
        assert!(badge("محرر ويكيبيديا").contains("direction=\"rtl\""));
        assert!(badge("Editor").contains("direction=\"ltr\""));
    }
}
