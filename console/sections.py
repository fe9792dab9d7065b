"""The places of the console by the manual's names, in the order of their numbers."""

from pkcs11_token.errors import N_

SECTIONS = {
    "blocklist": N_("Browse blocklist"),
    "keys": N_("Browse keys"),
    "locks": N_("Browse locks"),
    "people": N_("Browse people"),
    "zones": N_("Browse zones"),
    "journal": N_("Browse journal"),
    "tokens": N_("Browse tokens"),
    "sightings": N_("Browse sightings"),
    "walk": N_("Walk list"),
}
