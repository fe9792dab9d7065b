"""What a record of the journal tells, in one line."""

from typing import Any

from console.language import _, ngettext
from pkcs11_token.statement import payload_of, short_fingerprint

LABELS_SHOWN = 5


def journal_summary(action: str, details: dict[str, Any]) -> str:
    """What a record of the journal tells, as an operator would say it."""
    if "statements" in details:
        details = payload_of(details["statements"][0])
    match action:
        case "add":
            return _("{keys} added to {zones}: {reason}").format(
                keys=_labels(details), zones=_zones(details), reason=_reason(details)
            )
        case "remove":
            return _("{keys} removed from {zones}: {reason}").format(
                keys=_labels(details), zones=_zones(details), reason=_reason(details)
            )
        case "order":
            return _("{zones} ordered").format(zones=_zones(details))
        case "enroll":
            return _("Token {fingerprint} enrolled for {user}").format(
                fingerprint=short_fingerprint(details["token"]["fingerprint"]), user=details["token"]["user"]
            )
        case "revoke":
            return _("Token {fingerprint} revoked").format(
                fingerprint=short_fingerprint(details["token"]["fingerprint"])
            )
        case "import" if "visits" in details:
            return ngettext("{count} visit imported", "{count} visits imported", details["visits"]["added"])
        case "visit":
            return _("Lock {lock} visited with {key}: {zone} v{version}").format(**details)
        case "import":
            return _("Site imported from files")
    return action


def _reason(details: dict[str, Any]) -> str:
    word: str = details["reason"]
    return _(word)


def _labels(details: dict[str, Any]) -> str:
    labels = [key["label"] for key in details["keys"]]
    if len(labels) <= LABELS_SHOWN:
        return ", ".join(labels)
    return ngettext(
        "{keys} and {count} more",
        "{keys} and {count} more",
        len(labels) - LABELS_SHOWN,
        keys=", ".join(labels[:LABELS_SHOWN]),
    )


def _zones(details: dict[str, Any]) -> str:
    return ", ".join(f"{zone['zone']} v{zone['after']}" for zone in details["zones"])
