"""Rules on the places that a feed names: the group P20."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checks.codes import COUNTRIES, EAST, NORTH, SOUTH, WEST
from publisher.checks.engine import Fault, rule
from publisher.checks.views import ChannelView, ItemView
from publisher.model import Edit, Fix

_GEO = re.compile(r"geo:(-?\d{1,3}(?:\.\d{1,20})?),(-?\d{1,3}(?:\.\d{1,20})?)(?:,-?\d+(?:\.\d+)?)?(?:;.*)?")
_OSM = re.compile(r"[NWR][0-9]{1,19}(?:#[0-9]{1,9})?")
_PRIVATE_DECIMALS = 3


@rule("P20-040", "location-unnamed", "error", when=("podcast:location",))
def location_unnamed(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """A place is shown by its name; what it has to do with the show is `subject` or `creator`.

    Bad: `<podcast:location geo="geo:35.373,-119.019"/>`
    Good: `<podcast:location rel="subject" geo="geo:35.373,-119.019">Bakersfield</podcast:location>`
    Source: Podcast namespace, location.
    """
    for location in subject.all("podcast:location"):
        if not location.value:
            yield Fault("the place has no name", subject.at(location), "name the place in words")
        rel = location.get("rel")
        if rel and rel not in {"subject", "creator"}:
            yield Fault(
                f"a place is rel={rel!r}, which no app knows",
                subject.at(location, "rel"),
                "write subject (what is spoken of) or creator (where it is made)",
            )


@rule("P20-041", "location-geo", "error", when=("podcast:location",))
def location_geo(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Coordinates are degrees of latitude, then longitude; swapped or out of range they show another place.

    Bad: `geo: "geo:-119.019,35.373"`
    Good: `geo: "geo:35.373,-119.019"`
    Source: RFC 5870; Podcast namespace, location.
    """
    for location in subject.all("podcast:location"):
        geo = location.get("geo")
        if not geo and not location.has("geo"):
            continue
        place = subject.at(location, "geo")
        match = _GEO.fullmatch(geo)
        if not match or abs(float(match[1])) > 90 or abs(float(match[2])) > 180:
            bare = f"geo:{geo.replace(' ', '')}"
            usable = not match and bool(_GEO.fullmatch(bare))
            fix = Fix(f"write {bare}", (Edit(place, geo, bare, "podcast:location@geo"),)) if usable else None
            hint = "write geo:latitude,longitude, such as geo:35.373,-119.019"
            yield Fault(f"{geo!r} is no place on earth", place, hint, fix)
        elif _is_elsewhere(location.get("country").upper(), float(match[1]), float(match[2])):
            message = f"{geo} lies far from {location.get('country')}"
            yield Fault(message, place, "look at the minus signs: south and west are negative", level="warn")


@rule("P20-042", "location-osm", "error", when=("podcast:location",))
def location_osm(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """OpenStreetMap names a place by a letter (node, way, relation) and its number.

    Bad: `osm="https://www.openstreetmap.org/relation/112023"`
    Good: `osm="R112023"`
    Source: Podcast namespace, location.
    """
    for location in subject.all("podcast:location"):
        osm = location.get("osm")
        if not osm or _OSM.fullmatch(osm):
            continue
        place = subject.at(location, "osm")
        linked = re.fullmatch(r"(?:https?://\S*/)?(node|way|relation|n|w|r)/?\s*(\d{1,19})/?", osm.casefold())
        right = f"{linked[1][0].upper()}{linked[2]}" if linked else ""
        fix = Fix(f"write {right}", (Edit(place, osm, right, "podcast:location@osm"),)) if right else None
        yield Fault(
            f"{osm!r} is no number of OpenStreetMap", place, f"write {right or 'R and the number'}", fix
        )


@rule("P20-043", "location-country", "error", when=("podcast:location",))
def location_country(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Countries are named by their two capital letters of ISO 3166-1, in which the United Kingdom is GB.

    Bad: `country: UK`
    Good: `country: GB`
    Source: Podcast namespace, location; ISO 3166-1.
    """
    for location in subject.all("podcast:location"):
        country = location.get("country")
        if not country or country in COUNTRIES:
            continue
        meant = "GB" if country.upper() == "UK" else country.upper()
        place = subject.at(location, "country")
        fix, hint = None, "write two capital letters, such as US"
        if meant in COUNTRIES:
            hint = f"write {meant}"
            fix = Fix(hint, (Edit(place, country, meant, "podcast:location@country"),))
        yield Fault(f"{country!r} is no country's code", place, hint, fix)


@rule("P20-044", "location-half", "warn", when=("podcast:location",))
def location_half(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Coordinates are a point and OpenStreetMap names what is there: apps need both to draw and to
    group. The point of where a person works (`creator`) is rounded to three decimals, some hundred
    metres.

    Bad: `geo="geo:35.37329,-119.01871"` alone
    Good: `geo="geo:35.373,-119.019" osm="R112023"`
    Source: Podcast namespace, location; privacy.
    """
    for location in subject.all("podcast:location"):
        geo, osm = location.get("geo"), location.get("osm")
        if bool(geo) != bool(osm):
            has, lacks = ("geo", "osm") if geo else ("osm", "geo")
            yield Fault(f"the place has {has} and no {lacks}", subject.at(location), f"add {lacks}, too")
        match = _GEO.fullmatch(geo)
        if match and location.get("rel") == "creator":
            decimals = max(len(number.partition(".")[2]) for number in (match[1], match[2]))
            if decimals > _PRIVATE_DECIMALS:
                short = f"{round(float(match[1]), 3):g},{round(float(match[2]), 3):g}"
                right = geo.replace(f"{match[1]},{match[2]}", short)
                place = subject.at(location, "geo")
                fix = Fix(f"write {right}", (Edit(place, geo, right, "podcast:location@geo"),))
                yield Fault("this point is exact to a house", place, f"round it: {right}", fix)


def _is_elsewhere(country: str, latitude: float, longitude: float) -> bool:
    """Tell whether a sign cannot be right for a country that lies on one side of the globe."""
    return (
        (country in NORTH and latitude < 0)
        or (country in SOUTH and latitude > 0)
        or (country in EAST and longitude < 0)
        or (country in WEST and longitude > 0)
        or (country == "US" and 0 < longitude < 140)
    )
