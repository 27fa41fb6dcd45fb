"""Codes that standards list: countries, and services of the podcast namespace."""

from __future__ import annotations

_ALL_COUNTRIES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY
BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK
FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR
IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK
ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF
TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
_NORTH = "US CA MX DE FR GB IE NL BE AT CH IT ES PT PL CZ DK NO SE FI JP KR IN"
_SOUTH = "AU NZ AR CL UY PY BO ZA"
_EAST = "DE NL BE AT CH IT PL CZ DK SE FI JP KR IN AU ZA"
_WEST = "CA MX AR CL UY PY BO BR PE CO IE PT"
_ALL_SERVICES = """
acast amazon anchor apple audible audioboom backtracks bitcoin blubrry buzzsprout captivate castos castopod
facebook fireside fyyd google gpodder hypercatcher kasts libsyn mastodon megafono megaphone omnystudio
overcast paypal pinecast podbean podcastaddict podcastguru podcastindex podcasts podchaser podcloud
podfriend podiant podigee podnews podomatic podserve podverse redcircle relay resonaterecordings rss
shoutengine simplecast slack soundcloud spotify spreaker tiktok transistor twitter whooshkaa youtube zencast
"""

COUNTRIES = frozenset(_ALL_COUNTRIES.split())
"""The codes of ISO 3166-1."""
NORTH, SOUTH = frozenset(_NORTH.split()), frozenset(_SOUTH.split())
EAST, WEST = frozenset(_EAST.split()), frozenset(_WEST.split())
"""Countries of which no inhabited part lies on the other side of the equator, or of Greenwich."""
SERVICES = frozenset(_ALL_SERVICES.split())
"""What podcast:block can name."""
