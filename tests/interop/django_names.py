# SPDX-License-Identifier: Apache-2.0
"""Python's and Django's view of names. Run by django_names_test.cpp.

characters: prints {"version": [major, minor], "flags": a digit for every code point (1 \\w, 2 isdigit, 4 isspace)}.
usernames:  reads [text, ...], prints for each whether Django's UnicodeUsernameValidator accepts it.
emails:     reads [text, ...], prints for each whether Django's EmailValidator accepts it.
lower:      reads [text, ...], prints each in lower case.
"""

import json
import re
import sys
import unicodedata

from django.conf import settings

settings.configure(USE_I18N=False)

from django.contrib.auth.validators import UnicodeUsernameValidator  # noqa: E402
from django.core.exceptions import ValidationError  # noqa: E402
from django.core.validators import EmailValidator  # noqa: E402


def accepts(validator, text):
    try:
        validator(text)
    except ValidationError:
        return False
    return True


def characters():
    word = re.compile(r"\w")
    every = [chr(code) for code in range(0x110000)]
    flags = "".join(str(bool(word.match(c)) + 2 * c.isdigit() + 4 * c.isspace()) for c in every)
    version = [int(part) for part in unicodedata.unidata_version.split(".")[:2]]
    return {"version": version, "flags": flags}


def texts():
    return json.load(sys.stdin)


answers = {
    "characters": characters,
    "usernames": lambda: [accepts(UnicodeUsernameValidator(), text) for text in texts()],
    "emails": lambda: [accepts(EmailValidator(), text) for text in texts()],
    "lower": lambda: [text.lower() for text in texts()],
}
json.dump(answers[sys.argv[1]](), sys.stdout)
