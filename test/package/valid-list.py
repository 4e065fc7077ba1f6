"""The list of what is inside, against the schema of CycloneDX and the licence names of SPDX: Debian's python3-cyclonedx-lib, which shares nothing with us.

usage: valid-list.py FILE.json
"""
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

with open(sys.argv[1], encoding="utf-8") as file:
    fault = JsonStrictValidator(SchemaVersion.V1_5).validate_str(file.read())
if fault is not None:
    sys.exit(f"{sys.argv[1]}: {fault}")
