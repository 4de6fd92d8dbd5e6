"""SVG drawings: an allow-list of elements and attributes, and a required title and description."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from .loader import read_text

_NAMESPACE = "http://www.w3.org/2000/svg"
_ELEMENTS = frozenset(
    """
    svg title desc g defs path rect circle ellipse line polyline polygon text tspan marker
    linearGradient radialGradient stop clipPath use symbol style pattern mask
    """.split()  # noqa: SIM905 - a list of words is read as words
)
_ATTRIBUTES = frozenset(
    """
    viewBox width height x y x1 y1 x2 y2 cx cy r rx ry d dx dy points transform rotate
    fill fill-opacity fill-rule stroke stroke-width stroke-linecap stroke-linejoin
    stroke-dasharray stroke-dashoffset stroke-opacity opacity color paint-order vector-effect
    id class style role aria-label aria-labelledby aria-describedby aria-hidden
    font-size font-family font-weight font-style text-anchor dominant-baseline
    alignment-baseline baseline-shift letter-spacing textLength lengthAdjust writing-mode
    marker-end marker-start marker-mid markerWidth markerHeight refX refY orient markerUnits
    offset stop-color stop-opacity gradientUnits gradientTransform clip-path mask href
    preserveAspectRatio patternUnits patternTransform
    """.split()  # noqa: SIM905 - as above
)
_REFERENCE = re.compile(r"#([A-Za-z_][\w.-]*)")
_EXTERNAL = re.compile(r"url\(\s*['\"]?(?!#)|@import|expression\(|javascript:|\\", re.IGNORECASE)


def safe(path: Path) -> str | None:
    """Return the drawing as safe markup for a page, or None if it is unreadable or unsafe."""
    try:
        root = _parse(path)
    except (OSError, UnicodeDecodeError, ElementTree.ParseError, ValueError, RecursionError):
        return None
    if list(_unsafe(root)):
        return None
    for element in root.iter():
        element.tag = _local(element.tag)
    root.set("xmlns", _NAMESPACE)
    for element in root.iter():
        for name in [name for name in element.attrib if name.startswith("{")]:
            del element.attrib[name]
    _prefix_ids(root, path.stem)
    return ElementTree.tostring(root, encoding="unicode")


def _prefix_ids(root: ElementTree.Element, name: str) -> None:
    """Prefix all ids, because several drawings may be on one page."""
    ids = {element.attrib["id"] for element in root.iter() if "id" in element.attrib}

    def renamed(match: re.Match[str]) -> str:
        return f"#{name}-{match[1]}" if match[1] in ids else match[0]

    for element in root.iter():
        for key, value in element.attrib.items():
            if key == "id":
                element.set(key, f"{name}-{value}")
            elif key in ("aria-labelledby", "aria-describedby"):
                element.set(key, " ".join(f"{name}-{each}" for each in value.split()))
            else:
                element.set(key, _REFERENCE.sub(renamed, value))
        if element.tag == "style":
            element.text = _REFERENCE.sub(renamed, element.text or "")


def problems(path: Path) -> list[tuple[str, dict[str, str]]]:
    """Return what is wrong with a drawing, as codes with their fields."""
    try:
        root = _parse(path)
    except (OSError, UnicodeDecodeError, ElementTree.ParseError, ValueError, RecursionError) as e:
        return [("svg-unreadable", {"detail": str(e)})]
    found: list[tuple[str, dict[str, str]]] = []
    for name, code in (("title", "svg-without-title"), ("desc", "svg-without-desc")):
        element = next((child for child in root if _local(child.tag) == name), None)
        if element is None or not (element.text or "").strip():
            found.append((code, {}))
    found += [("svg-unsafe", {"what": what}) for what in _unsafe(root)]
    return found


def _parse(path: Path) -> ElementTree.Element:
    text = read_text(path)
    if "<!DOCTYPE" in text.upper() or "<!ENTITY" in text.upper():
        raise ValueError("<!DOCTYPE")
    root = ElementTree.fromstring(text)
    if _local(root.tag) != "svg":
        raise ValueError(f"<{_local(root.tag)}>")
    return root


def _unsafe(root: ElementTree.Element) -> list[str]:
    """Return the elements and attributes that are not allowed."""
    found = []
    for element in root.iter():
        tag = _local(element.tag)
        if tag not in _ELEMENTS:
            found.append(f"<{tag}>")
        if tag == "style" and _EXTERNAL.search(element.text or ""):
            found.append("<style>")
        for name, value in element.attrib.items():
            if name.startswith("{"):
                continue
            local = name
            if local not in _ATTRIBUTES and not local.startswith("data-"):
                found.append(f"{tag} {local}")
            elif _EXTERNAL.search(value) or (local == "href" and not value.startswith("#")):
                found.append(f'{local}="{value}"')
    return found


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]
