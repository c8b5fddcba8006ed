"""The domain model, re-exported so that other modules need not know which file a model lives in."""

from .assessment import Assessment, Evidence, MemberScore, Reply, SearchLogEntry
from .capture import Capture
from .commitment import WORDING_FIELDS, Commitment, Revision, RevisionLink, RevisionParty
from .edition import FAR_DAY, FAR_EDITION, Edition, PublishingLock, Retraction, Standing
from .import_file import ImportFile
from .person import Person, Reminder
from .reference import Membership, Party, Source, Summit, Theme
from .visit import LinkVisit

__all__ = [
    "FAR_DAY",
    "FAR_EDITION",
    "WORDING_FIELDS",
    "Assessment",
    "Capture",
    "Commitment",
    "Edition",
    "Evidence",
    "ImportFile",
    "LinkVisit",
    "MemberScore",
    "Membership",
    "Party",
    "Person",
    "PublishingLock",
    "Reminder",
    "Reply",
    "Retraction",
    "Revision",
    "RevisionLink",
    "RevisionParty",
    "SearchLogEntry",
    "Source",
    "Standing",
    "Summit",
    "Theme",
]
