"""Rules on the people that a feed names: the group P20."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from publisher.checks.engine import Fault, rule
from publisher.checks.podcasting20_table import is_https
from publisher.checks.taxonomy import ROLES, groups_of
from publisher.checks.views import ChannelView, ItemView
from publisher.errors import Place
from publisher.model import Edit, Fix

if TYPE_CHECKING:
    from publisher.checks.subjects import ShowSubject

_KNOWN = tuple(sorted({role for roles in ROLES.values() for role in roles}))
_HOSTS = frozenset({"", "host", "co-host", "guest host"})


@rule("P20-030", "person-unnamed", "error", when=("podcast:person",))
def person_unnamed(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """A person without a name is shown as a blank line, or as a picture of nobody.

    Bad: `<podcast:person role="guest"></podcast:person>`
    Good: `<podcast:person role="guest">Sample Guest</podcast:person>`
    Source: Podcast namespace, person.
    """
    for person in subject.all("podcast:person"):
        if not person.value:
            yield Fault("a person has no name", subject.at(person), "write the name, or take the person out")


@rule("P20-031", "person-role-unknown", "warn")
def person_role_unknown(subject: ShowSubject | ChannelView | ItemView) -> Iterator[Fault]:
    """Apps sort people by roles of the Podcast Taxonomy; a word of one's own is shown by none.

    Bad: `role: interviewee`
    Good: `role: guest`
    Source: Podcast namespace, person; Podcast Taxonomy.
    """
    for name, role, group, place in _roles(subject):
        groups = groups_of(role)
        if not groups:
            near = get_close_matches(role.casefold(), _KNOWN, n=1)
            yield Fault(
                f"{name} has a role that no app knows: {role!r}",
                place,
                f"did you mean {near[0]!r}?" if near else "choose one of podcasttaxonomy.com",
            )
        elif group.casefold() not in groups:
            yield Fault(
                f"{name} is {role!r} in the group {group!r}",
                place,
                f"this role stands in the group {groups[0]!r}",
            )


@rule("P20-032", "hosts-not-named-again", "warn", when=("podcast:person",))
def hosts_not_named_again(subject: ItemView) -> Iterator[Fault]:
    """The people of an item take the place of the show's: when only guests are named, the host is gone.

    Bad: a show with a host, and an item that names its guest alone
    Good: the host once more in each item that names anybody
    Source: Podcast namespace, person.
    """
    hosts = subject.context.hosts
    people = subject.all("podcast:person")
    roles = {person.get("role").casefold() for person in people if person.value}
    if hosts and roles == {"guest"}:
        yield Fault(
            f"the item names guests only, so that {hosts[0]} is not shown as its host",
            subject.at(people[0]),
            "name the hosts in the item, too",
        )


@rule("P20-033", "host-missing", "warn", when=("podcast:person",))
def host_missing(subject: ChannelView) -> Iterator[Fault]:
    """A show that names its people names who speaks: apps put the host beside the title. A show that
    names nobody at all is not asked: podcast:person is not required.

    Bad: `<podcast:person role="producer" group="creative direction">` alone in the channel
    Good: `<podcast:person role="host">Sample Host</podcast:person>` beside it
    Source: Podcast namespace, person.
    """
    people = subject.all("podcast:person")
    if subject.text("podcast:medium") not in {"", "podcast", "video"}:
        return
    if not any(person.get("role").casefold() in _HOSTS for person in people):
        yield Fault("the show names people, but no host", subject.at(people[0]), "add who hosts the show")


@rule("P20-034", "person-address-not-https", "error", when=("podcast:person",))
def person_address_not_https(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Apps show a person's picture and open their page over https only.

    Bad: `<podcast:person img="/people/host.jpg">`
    Good: `<podcast:person img="https://www.example.org/people/host.jpg">`
    Source: Podcast namespace, person.
    """
    for person in subject.all("podcast:person"):
        for name in ("href", "img"):
            address = person.get(name)
            if (address or person.has(name)) and not is_https(address):
                yield Fault(
                    f"the {name} of {person.value or 'a person'} is no https address: {address!r}",
                    subject.at(person, name),
                    "write the whole https address, or leave it out",
                )


@rule("P20-035", "person-twice", "warn", when=("podcast:person",))
def person_twice(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Somebody named twice in one role, or in two spellings, appears twice in apps.

    Bad: `people: [{id: a, role: guest}, {id: a, role: guest}]`, or José Diaz beside Jose Díaz
    Good: each person once a role, spelled one way
    Source: how apps show people.
    """
    seen: set[tuple[str, str]] = set()
    spellings = {_plain(name): name for name in subject.context.hosts}
    for person in subject.all("podcast:person"):
        name = person.value
        plain = _plain(name)
        key = (plain, person.get("role").casefold() or "host")
        known = spellings.setdefault(plain, name)
        if not plain:
            continue
        if key in seen:
            role = person.get("role") or "host"
            yield Fault(f"{name} is named twice as {role}", subject.at(person), "delete one of them")
        elif " ".join(known.split()) != " ".join(name.split()):
            place = subject.at(person)
            fix = Fix(f"write {known}", (Edit(place, name, known, "podcast:person"),))
            yield Fault(
                f"{name!r} is written {known!r} elsewhere", place, "spell the name one way",
                None if subject.context.is_own else fix,
            )  # fmt: skip
        seen.add(key)


def _plain(name: str) -> str:
    """Return a name without case, accents and spaces that do not matter."""
    if name.isascii():
        return " ".join(name.casefold().split())
    decomposed = unicodedata.normalize("NFKD", name)
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).casefold().split())


def _roles(subject: ShowSubject | ChannelView | ItemView) -> Iterator[tuple[str, str, str, Place]]:
    """List names, roles, groups and where the role is written; of an episode only what is not the show's."""
    if not isinstance(subject, ChannelView | ItemView):
        for number, person in enumerate(subject.show.people):
            yield person.name, person.role, person.group, subject.place_of("", ("people", number, "role"))
    elif isinstance(subject, ItemView) and subject.own and subject.context.show:
        known = subject.context.show.people
        for number, person in enumerate(subject.own.episode.people):
            if person not in known:
                yield person.name, person.role, person.group, subject.at_source("people", number, "role")
    elif not subject.context.is_own:
        for element in subject.all("podcast:person"):
            role, group = element.get("role") or "host", element.get("group") or "cast"
            if not element.get("group") and (groups := groups_of(role)):
                group = groups[0]  # nobody is misled by a group that is left out
            yield element.value or "a person", role, group, subject.at(element, "role")
