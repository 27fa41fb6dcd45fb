"""Rules on what ties a feed to other feeds, to talk and to notes for machines: the group P20."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from publisher.checks.engine import Fault, rule
from publisher.checks.podcasting20_table import ALL_MEDIUMS, UUID, is_https, tags
from publisher.checks.views import ChannelView, HistoryView, ItemsView, ItemView
from publisher.model import Edit, Fix

_SOCIAL = frozenset(
    {"disabled", "activitypub", "twitter", "lightning", "atproto", "hive", "matrix", "nostr", "bluesky"}
)
_CHATS = frozenset({"irc", "xmpp", "nostr", "matrix"})
_HOST = re.compile(r"(?=.{1,253}(?::|$))[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+(?::\d{1,5})?")
_BOOLEANS = {"true": "true", "yes": "true", "1": "true", "false": "false", "no": "false", "0": "false"}


@rule("P20-091", "medium-needs-remote-items", "error", when=("podcast:medium",))
def medium_needs_remote_items(subject: ChannelView) -> Iterator[Fault]:
    """A list and a publisher are made of other feeds; one that names none is empty.

    Bad: `<podcast:medium>musicL</podcast:medium>` alone
    Good: with a `<podcast:remoteItem feedGuid="…"/>` for each entry; a publisher's feed with its podcast:guid
    Source: Podcast namespace, medium; its page on publishers.
    """
    medium = subject.text("podcast:medium")
    if medium not in ALL_MEDIUMS or not (medium.endswith("L") or medium == "publisher"):
        return
    place = subject.at("podcast:medium")
    if subject.first("podcast:remoteItem") is None:
        yield Fault(f"the medium is {medium!r}, and no remote item is named", place, "add podcast:remoteItem")
    if medium == "publisher" and not subject.text("podcast:guid"):
        yield Fault("a publisher's feed has no podcast:guid", place, "add podcast:guid")


@rule("P20-110", "social-protocol", "error", when=("podcast:socialInteract",))
def social_protocol(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Apps show the comments under the post that is named, over a protocol that they know. The table's
    list has no `bluesky`; older feeds say it for `atproto`, and it is only warned of.

    Bad: `<podcast:socialInteract protocol="mastodon" uri="…"/>`
    Good: `<podcast:socialInteract protocol="activitypub" uri="https://social.example.org/@show/1"/>`
    Source: Podcast namespace, socialInteract.
    """
    for element in subject.all("podcast:socialInteract"):
        protocol = element.get("protocol")
        place = subject.at(element, "protocol")
        if not protocol:
            continue  # a matter of P20-001
        if protocol == "bluesky":
            fix = Fix("write atproto", (Edit(place, protocol, "atproto", "podcast:socialInteract@protocol"),))
            yield Fault("the protocol of Bluesky is called atproto", place, "write atproto", fix, "warn")
        elif protocol not in _SOCIAL:
            near = {"mastodon": "activitypub", "activity-pub": "activitypub"}.get(protocol.casefold(), "")
            near = near or next(iter(get_close_matches(protocol.casefold(), sorted(_SOCIAL), n=1)), "")
            hint = f"did you mean {near}?" if near else f"write one of: {', '.join(sorted(_SOCIAL))}"
            yield Fault(f"no app knows the protocol {protocol!r}", place, hint)
        others = [name for name in element.attributes if name.casefold() != "protocol"]
        if protocol == "disabled" and others:
            message = f"comments are disabled, and {', '.join(others)} is named all the same"
            yield Fault(message, place, "leave the other attributes out")
        elif protocol != "disabled" and not element.get("uri"):
            yield Fault("the post is not named", subject.at(element, "uri"), "add its address as uri")


@rule("P20-111", "social-priority", "warn", when=("podcast:socialInteract",))
def social_priority(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Of several places to talk, apps show the first by priority; without, each shows another.

    Bad: two `<podcast:socialInteract>` without `priority`
    Good: `priority="1"` and `priority="2"`
    Source: Podcast namespace, socialInteract.
    """
    elements = subject.all("podcast:socialInteract")
    priorities = [element.get("priority") for element in elements]
    if len(elements) > 1 and len(set(priorities)) < len(priorities):
        repeated = next(n for n, each in enumerate(priorities) if each in priorities[:n])
        message = f"{len(elements)} places to talk, and not each has a priority of its own"
        yield Fault(message, subject.at(elements[repeated], "priority"), "number them: 1 comes first")


@rule("P20-130", "txt-long", "warn", when=("podcast:txt",))
def txt_long(subject: ChannelView | ItemView | HistoryView) -> Iterator[Fault]:
    """Notes for machines are short; one that proved the owner to a service is taken out afterwards. That
    it did its work no feed says: a `verify` text is named when it stood in the feed before.

    Bad: a text of 5,000 characters, or `purpose="verify"` in every feed for years
    Good: `purpose` of at most 128 characters, a text of at most 4,000
    Source: Podcast namespace, txt.
    """
    if isinstance(subject, HistoryView):
        before = {
            each.value
            for each in subject.before.channel.all("podcast:txt")
            if each.get("purpose") == "verify"
        }
        channel = subject.after.channel
        for txt in channel.all("podcast:txt"):
            if txt.get("purpose") == "verify" and txt.value in before and not subject.context.is_own:
                yield Fault("this text to verify was published before", channel.at(txt), "take it out")
        return
    for txt in subject.all("podcast:txt"):
        for name, most, length in (("purpose", 128, len(txt.get("purpose"))), ("", 4000, len(txt.value))):
            if length > most:
                message = f"this {name or 'text'} has {length:,} characters; the namespace allows {most:,}"
                yield Fault(message, subject.at(txt, name), "shorten it")


@rule("P20-131", "ai-content-value", "error")
def ai_content_value(subject: ChannelView | ItemView | ItemsView) -> Iterator[Fault]:
    """Whether a machine wrote or spoke what is heard is answered with true or false. Where an episode
    says true, the show has to, too.

    Bad: `{ purpose = "ai-content", text = "partly" }`
    Good: `{ purpose = "ai-content", text = "true" }`
    Source: Podcast namespace, txt.
    """
    if isinstance(subject, ItemsView):
        machine = next((item for item in subject.items if item.ai_content == "true"), None)
        said = {txt.value for txt in subject.channel.all("podcast:txt") if txt.get("purpose") == "ai-content"}
        if machine and "true" not in said:
            shows = "false" if "false" in said else "nothing"
            message = f"{machine.name!r} says ai-content true, the show says {shows}"
            yield Fault(message, subject.at(machine, "podcast:txt"), "let the show say true", level="warn")
        return
    for txt in subject.all("podcast:txt"):
        written = txt.value
        if txt.get("purpose") != "ai-content" or written in {"true", "false"}:
            continue
        place = subject.at(txt, "text") if subject.context.is_own else subject.at(txt)
        right = _BOOLEANS.get(written.casefold(), "")
        fix = Fix(f"write {right}", (Edit(place, written, right, "podcast:txt"),)) if right else None
        yield Fault(f"the text for ai-content is {written!r}", place, 'write "true" or "false"', fix)


@rule("P20-140", "remote-item-form", "error")
def remote_item_form(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Another feed is found by its podcast:guid; with its address, also by apps that keep no index.

    Bad: `<podcast:remoteItem feedGuid="our-other-show"/>`
    Good: `<podcast:remoteItem feedGuid="917393e3-1b1e-5cef-ace4-edaa54e1f810" medium="podcast"/>`
    Source: Podcast namespace, remoteItem.
    """
    for _, element in tags(subject):
        if element.name != "podcast:remoteItem":
            continue
        guid, url, medium = (element.get(name) for name in ("feedGuid", "feedUrl", "medium"))
        if guid and not UUID.fullmatch(guid):
            yield Fault(
                f"{guid!r} is no UUID", subject.at(element, "feedGuid"), "copy that feed's podcast:guid"
            )
        if url and not is_https(url):
            place = subject.at(element, "feedUrl")
            yield Fault(f"the feed's address is not https: {url}", place, "write the whole https address")
        if medium and medium not in ALL_MEDIUMS:
            yield Fault(
                f"{medium!r} is no medium", subject.at(element, "medium"), "write podcast, or what it is"
            )


@rule("P20-141", "podroll-form", "error", when=("podcast:podroll",))
def podroll_form(subject: ChannelView) -> Iterator[Fault]:
    """A podroll recommends other shows, each once.

    Bad: a podroll that names the show itself
    Good: one remote item for each recommended show
    Source: Podcast namespace, podroll.
    """
    own = subject.text("podcast:guid").casefold()
    for podroll in subject.all("podcast:podroll"):
        items = podroll.all("podcast:remoteItem")
        if not items:
            yield Fault("the podroll is empty", subject.at(podroll), "add a remote item, or take it out")
        seen: set[str] = set()
        for item in items:
            guid = item.get("feedGuid").casefold()
            if guid and guid == own:
                yield Fault("the podroll recommends the show itself", subject.at(item), "take it out")
            elif guid and guid in seen:
                yield Fault("the podroll recommends one show twice", subject.at(item), "take one out")
            seen.add(guid)


@rule("P20-142", "publisher-form", "error", when=("podcast:publisher",))
def publisher_form(subject: ChannelView) -> Iterator[Fault]:
    """The publisher is one other feed, of which apps need to know where it is.

    Bad: `<podcast:publisher>` with two remote items
    Good: `<podcast:remoteItem medium="publisher" feedGuid="…" feedUrl="https://example.org/publisher.xml"/>`
    Source: Podcast namespace, publisher.
    """
    for publisher in subject.all("podcast:publisher"):
        items = publisher.all("podcast:remoteItem")
        if len(items) != 1:
            message = f"the publisher has {len(items) or 'no'} remote items"
            yield Fault(message, subject.at(publisher), "name exactly one")
            continue
        (item,) = items
        if item.get("medium") != "publisher" and item.get("medium") in {"", *ALL_MEDIUMS}:
            place = subject.at(item, "medium")
            edits = (Edit(place, item.get("medium"), "publisher", "podcast:remoteItem@medium"),)
            fix, hint = Fix("write publisher", edits), 'write medium="publisher"'
            yield Fault(f"the publisher's medium is {item.get('medium') or 'not said'!r}", place, hint, fix)
        if not item.get("feedUrl"):
            place = subject.at(item, "feedUrl")
            yield Fault("the publisher's feed has no address", place, "add feedUrl", level="warn")


@rule("P20-190", "chat-form", "error", when=("podcast:chat",))
def chat_form(subject: ChannelView | ItemView) -> Iterator[Fault]:
    """Apps open the chat on a server by its bare name, over a protocol that they know.

    Bad: `<podcast:chat server="https://chat.example.org/" protocol="slack"/>`
    Good: `<podcast:chat server="chat.example.org" protocol="matrix"/>`
    Source: Podcast namespace, chat.
    """
    for chat in subject.all("podcast:chat"):
        server, protocol = chat.get("server"), chat.get("protocol")
        if server and not _HOST.fullmatch(server):
            place = subject.at(chat, "server")
            bare = re.sub(r"^[A-Za-z]+://|/+$", "", server)
            usable = bool(_HOST.fullmatch(bare))
            fix = (
                Fix(f"write {bare}", (Edit(place, server, bare, "podcast:chat@server"),)) if usable else None
            )
            hint = f"write {bare if usable else 'it like chat.example.org'}"
            yield Fault(f"{server!r} is no name of a server", place, hint, fix)
        if protocol and protocol.casefold() not in _CHATS:
            place = subject.at(chat, "protocol")
            yield Fault(
                f"no app chats over {protocol!r}", place, f"write one of: {', '.join(sorted(_CHATS))}"
            )
