"""The nouns of the house: each type is one stage on the way from a folder to a published feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.ondemand import from_modules

if TYPE_CHECKING:
    from publisher.model.credits import (
        Author,
        Catalogue,
        Chapter,
        Correction,
        Funding,
        Licence,
        Location,
        Person,
        Resource,
        ResourceTranslation,
        Soundbite,
        Txt,
        UpdateFrequency,
        Waiver,
    )
    from publisher.model.episode import (
        LOCK_FILE,
        Alternate,
        Bookends,
        DeliveryMode,
        Enclosure,
        Episode,
        EpisodeType,
        Item,
        Link,
        Notes,
        Teaser,
        Translation,
        standing,
    )
    from publisher.model.finding import Edit, Finding, Fix, Level
    from publisher.model.publishing import (
        Action,
        Artifact,
        Channel,
        Live,
        LiveFeed,
        LiveRecord,
        Plan,
        PublishedItem,
        Role,
        Step,
    )
    from publisher.model.show import (
        AudioFormat,
        AudioSettings,
        Edition,
        FeedSettings,
        Show,
        ShowType,
        TargetSettings,
    )
    from publisher.model.timeline import AS_RECORDED, Timeline
else:
    __getattr__ = from_modules(
        __name__,
        {
            "credits": (
                "Author Catalogue Chapter Correction Funding Licence Location Person Resource "
                "ResourceTranslation Soundbite Txt UpdateFrequency Waiver"
            ),
            "episode": (
                "LOCK_FILE Alternate Bookends DeliveryMode Enclosure Episode EpisodeType Item Link "
                "Notes Teaser Translation standing"
            ),
            "finding": "Edit Finding Fix Level",
            "publishing": "Action Artifact Channel Live LiveFeed LiveRecord Plan PublishedItem Role Step",
            "show": "AudioFormat AudioSettings Edition FeedSettings Show ShowType TargetSettings",
            "timeline": "AS_RECORDED Timeline",
        },
    )

__all__ = [
    "AS_RECORDED",
    "LOCK_FILE",
    "Action",
    "Alternate",
    "Artifact",
    "AudioFormat",
    "AudioSettings",
    "Author",
    "Bookends",
    "Catalogue",
    "Channel",
    "Chapter",
    "Correction",
    "DeliveryMode",
    "Edit",
    "Edition",
    "Enclosure",
    "Episode",
    "EpisodeType",
    "FeedSettings",
    "Finding",
    "Fix",
    "Funding",
    "Item",
    "Level",
    "Licence",
    "Link",
    "Live",
    "LiveFeed",
    "LiveRecord",
    "Location",
    "Notes",
    "Person",
    "Plan",
    "PublishedItem",
    "Resource",
    "ResourceTranslation",
    "Role",
    "Show",
    "ShowType",
    "Soundbite",
    "Step",
    "TargetSettings",
    "Teaser",
    "Timeline",
    "Translation",
    "Txt",
    "UpdateFrequency",
    "Waiver",
    "standing",
]
