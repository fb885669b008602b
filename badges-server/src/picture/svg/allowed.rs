//! What an SVG may be made of: elements, attributes, and the characters of their values.

use super::{NAMESPACE, Remark};

/// What becomes of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It stays, under this name.
    Element(&'static str),
    /// It goes, and what is inside stays.
    Link,
    /// It goes with all that is inside.
    Nowhere(Remark),
}

/// What an attribute holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Numbers, keywords, outlines.
    Plain,
    /// Words for people.
    Words,
    /// Names of classes.
    Names,
    /// The element's own id.
    Id,
    /// A reference to an element of the same file.
    Local,
    /// The value of a property of CSS.
    Property,
    /// Declarations of CSS.
    Style,
}

const XLINK: &str = "http://www.w3.org/1999/xlink";
const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// Elements that draw, or say what is drawn.
const ELEMENTS: &[&str] = &[
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "feBlend",
    "feColorMatrix",
    "feComponentTransfer",
    "feComposite",
    "feConvolveMatrix",
    "feDiffuseLighting",
    "feDisplacementMap",
    "feDistantLight",
    "feDropShadow",
    "feFlood",
    "feFuncA",
    "feFuncB",
    "feFuncG",
    "feFuncR",
    "feGaussianBlur",
    "feMerge",
    "feMergeNode",
    "feMorphology",
    "feOffset",
    "fePointLight",
    "feSpecularLighting",
    "feSpotLight",
    "feTile",
    "feTurbulence",
    "filter",
    "g",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "style",
    "svg",
    "switch",
    "symbol",
    "text",
    "textPath",
    "title",
    "tspan",
    "use",
];

pub(super) fn element(namespace: &str, name: &str) -> Place {
    match (namespace, name) {
        (NAMESPACE, "a") => Place::Link,
        (NAMESPACE, "script" | "handler" | "listener") => Place::Nowhere(Remark::Script),
        (NAMESPACE, "metadata") => Place::Nowhere(Remark::Details),
        (NAMESPACE, "image" | "feImage") => Place::Nowhere(Remark::Bitmap),
        (NAMESPACE, "set" | "mpath" | "discard") => Place::Nowhere(Remark::Animation),
        (NAMESPACE, name) if name.starts_with("animate") => Place::Nowhere(Remark::Animation),
        (
            NAMESPACE,
            "foreignObject" | "iframe" | "audio" | "video" | "canvas" | "object" | "embed",
        )
        | (XHTML, _) => Place::Nowhere(Remark::Embedded),
        (NAMESPACE, name) => match found(ELEMENTS, name) {
            Some(name) => Place::Element(name),
            None => Place::Nowhere(Remark::Unknown),
        },
        // What editors keep for themselves, and an earlier badge.
        _ => Place::Nowhere(Remark::Details),
    }
}

/// Attributes of geometry, gradients, patterns, markers, filters and text.
const PLAIN: &[&str] = &[
    "amplitude",
    "azimuth",
    "baseFrequency",
    "bias",
    "clipPathUnits",
    "cx",
    "cy",
    "d",
    "diffuseConstant",
    "divisor",
    "dx",
    "dy",
    "edgeMode",
    "elevation",
    "exponent",
    "filterUnits",
    "fr",
    "fx",
    "fy",
    "gradientTransform",
    "gradientUnits",
    "height",
    "in",
    "in2",
    "intercept",
    "k1",
    "k2",
    "k3",
    "k4",
    "kernelMatrix",
    "kernelUnitLength",
    "lang",
    "lengthAdjust",
    "limitingConeAngle",
    "markerHeight",
    "markerUnits",
    "markerWidth",
    "maskContentUnits",
    "maskUnits",
    "method",
    "mode",
    "numOctaves",
    "offset",
    "operator",
    "order",
    "orient",
    "pathLength",
    "patternContentUnits",
    "patternTransform",
    "patternUnits",
    "points",
    "pointsAtX",
    "pointsAtY",
    "pointsAtZ",
    "preserveAlpha",
    "preserveAspectRatio",
    "primitiveUnits",
    "r",
    "radius",
    "refX",
    "refY",
    "result",
    "role",
    "rotate",
    "rx",
    "ry",
    "scale",
    "seed",
    "side",
    "slope",
    "spacing",
    "specularConstant",
    "specularExponent",
    "spreadMethod",
    "startOffset",
    "stdDeviation",
    "stitchTiles",
    "surfaceScale",
    "systemLanguage",
    "tableValues",
    "targetX",
    "targetY",
    "textLength",
    "transform",
    "type",
    "values",
    "viewBox",
    "width",
    "x",
    "x1",
    "x2",
    "xChannelSelector",
    "y",
    "y1",
    "y2",
    "yChannelSelector",
    "z",
];

/// Properties of CSS that draw. Most are attributes as well (SVG 2, section 6.6).
const PROPERTIES: &[&str] = &[
    "alignment-baseline",
    "baseline-shift",
    "clip-path",
    "clip-rule",
    "color",
    "color-interpolation",
    "color-interpolation-filters",
    "color-rendering",
    "direction",
    "display",
    "dominant-baseline",
    "fill",
    "fill-opacity",
    "fill-rule",
    "filter",
    "flood-color",
    "flood-opacity",
    "font",
    "font-family",
    "font-size",
    "font-size-adjust",
    "font-stretch",
    "font-style",
    "font-variant",
    "font-variant-caps",
    "font-variant-ligatures",
    "font-variant-numeric",
    "font-weight",
    "image-rendering",
    "isolation",
    "letter-spacing",
    "lighting-color",
    "line-height",
    "marker",
    "marker-end",
    "marker-mid",
    "marker-start",
    "mask",
    "mask-type",
    "mix-blend-mode",
    "opacity",
    "overflow",
    "paint-order",
    "shape-rendering",
    "stop-color",
    "stop-opacity",
    "stroke",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "stroke-width",
    "text-anchor",
    "text-decoration",
    "text-decoration-color",
    "text-decoration-line",
    "text-decoration-style",
    "text-rendering",
    "transform",
    "transform-box",
    "transform-origin",
    "unicode-bidi",
    "vector-effect",
    "visibility",
    "white-space",
    "word-spacing",
    "writing-mode",
];

/// What editors write and a picture can do without: nobody needs to be told that it is gone.
const SILENT: &[&str] = &[
    "baseProfile",
    "block-progression",
    "clip",
    "color-profile",
    "contentScriptType",
    "contentStyleType",
    "cursor",
    "download",
    "enable-background",
    "focusable",
    "font-feature-settings",
    "font-kerning",
    "font-variant-alternates",
    "font-variant-east-asian",
    "font-variant-position",
    "font-variation-settings",
    "glyph-orientation-horizontal",
    "glyph-orientation-vertical",
    "hyphens",
    "inline-size",
    "kerning",
    "media",
    "name",
    "nodetypes",
    "pointer-events",
    "rel",
    "requiredExtensions",
    "requiredFeatures",
    "shape-inside",
    "shape-margin",
    "shape-padding",
    "shape-subtract",
    "solid-color",
    "solid-opacity",
    "stroke-antialiasing",
    "tab-size",
    "tabindex",
    "target",
    "text-align",
    "text-align-last",
    "text-decoration-skip-ink",
    "text-decoration-thickness",
    "text-indent",
    "text-orientation",
    "text-overflow",
    "text-shadow",
    "text-transform",
    "version",
    "zoomAndPan",
];

/// An attribute that stays, with what it holds, or what to say when it does not stay.
pub(super) fn attribute(
    namespace: &str,
    name: &str,
    value: &str,
) -> Result<(&'static str, Content), Option<Remark>> {
    match (namespace, name) {
        ("" | XLINK, "href") => Ok(("href", Content::Local)),
        (XML, "space") => Ok(("xml:space", Content::Plain)),
        (XML, "lang") => Ok(("xml:lang", Content::Plain)),
        ("", "id") => Ok(("id", Content::Id)),
        ("", "class") => Ok(("class", Content::Names)),
        ("", "style") => Ok(("style", Content::Style)),
        ("", "aria-label") => Ok(("aria-label", Content::Words)),
        ("", "aria-labelledby") => Ok(("aria-labelledby", Content::Names)),
        ("", "aria-hidden") => Ok(("aria-hidden", Content::Plain)),
        ("", name)
            if name.len() > 2
                && name
                    .get(..2)
                    .is_some_and(|on| on.eq_ignore_ascii_case("on")) =>
        {
            Err(Some(Remark::Script))
        }
        ("", _) => {
            if let Some(name) = found(PLAIN, name) {
                return Ok((name, Content::Plain));
            }
            match property(name) {
                Some(name) => Ok((name, Content::Property)),
                None if is_silent(name) || name.starts_with("data-") => Err(None),
                None if value.contains("url(") => Err(Some(Remark::Reference)),
                None => Err(Some(Remark::Unknown)),
            }
        }
        // What editors note, and how links open.
        _ => Err(None),
    }
}

/// What is known of a property of CSS.
pub(super) fn property(name: &str) -> Option<&'static str> {
    found(PROPERTIES, name)
}

/// Whether nobody misses it: a property of one browser or editor, or one that draws nothing here.
pub(super) fn is_silent(name: &str) -> bool {
    name.starts_with('-') || SILENT.contains(&name)
}

fn found(names: &'static [&'static str], name: &str) -> Option<&'static str> {
    names.iter().find(|other| **other == name).copied()
}

/// Whether a value has only characters of numbers, keywords, outlines and transformations, and no
/// reference.
pub(super) fn is_plain(value: &str) -> bool {
    let is_sign = |character| " .,+-_()%#/;".contains(character);
    let mut characters = value.chars();
    characters.all(|character| character.is_alphanumeric() || is_sign(character))
        && !value.to_ascii_lowercase().contains("url(")
}

/// Whether an id or the name of a class can be written anywhere without quoting.
pub(super) fn is_id(id: &str) -> bool {
    let other = |character| matches!(character, '_' | '-' | '.');
    !id.is_empty()
        && id
            .chars()
            .all(|character| character.is_alphanumeric() || other(character))
}

/// The id of a reference such as `#a`.
pub(super) fn local(value: &str) -> Option<&str> {
    let id = value.trim().strip_prefix('#')?;
    is_id(id).then_some(id)
}
