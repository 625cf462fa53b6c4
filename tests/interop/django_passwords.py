# SPDX-License-Identifier: Apache-2.0
"""Judges passwords as Django does. Reads [[password, username, display_name, email], ...], prints a list of the rules each breaks:
"too_short", "too_similar:<name of the attribute>", "too_common", "all_digits", separated by spaces. Run by django_passwords_test.cpp."""

import json
import sys
from types import SimpleNamespace

from django.conf import settings

settings.configure(USE_I18N=False)

from django.contrib.auth import password_validation as django  # noqa: E402
from django.core.exceptions import ValidationError  # noqa: E402

NAMES = {"username": "username", "display_name": "display name", "email": "email address"}
CODES = {
    "password_too_short": "too_short",
    "password_too_similar": "too_similar",
    "password_too_common": "too_common",
    "password_entirely_numeric": "all_digits",
}
VALIDATORS = [
    django.MinimumLengthValidator(),
    django.UserAttributeSimilarityValidator(user_attributes=tuple(NAMES)),
    django.CommonPasswordValidator(),
    django.NumericPasswordValidator(),
]


class User:
    # What the validator asks a model for: the name of an attribute as people read it.
    _meta = SimpleNamespace(get_field=lambda name: SimpleNamespace(verbose_name=NAMES[name]))

    def __init__(self, username, display_name, email):
        self.username, self.display_name, self.email = username, display_name, email


def verdict(password, *facts):
    try:
        django.validate_password(password, User(*facts), VALIDATORS)
    except ValidationError as refused:
        broken = []
        for error in refused.error_list:
            name = (error.params or {}).get("verbose_name")
            broken.append(CODES[error.code] + (f":{name}" if name else ""))
        return " ".join(broken)
    return ""


json.dump([verdict(*case) for case in json.load(sys.stdin)], sys.stdout)
