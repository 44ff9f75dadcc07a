"""The first user: an administrator, made once, whose keys the newcomer is given."""

from __future__ import annotations

import re

from localaws import emulator
from localaws.contract import AwsError

USER = "admin"
POLICY = "arn:aws:iam::aws:policy/AdministratorAccess"


async def make_admin() -> tuple[str, str]:
    """Make the administrator and answer its access key id and secret access key."""
    try:
        await emulator.call_query("iam", "CreateUser", {"UserName": USER})
    except AwsError as error:
        if (
            error.code != "EntityAlreadyExists"
        ):  # a first start that was killed has made the user, and told nobody its key
            raise
    await emulator.call_query("iam", "AttachUserPolicy", {"UserName": USER, "PolicyArn": POLICY})
    answer = (await emulator.call_query("iam", "CreateAccessKey", {"UserName": USER})).decode()
    key = re.search("<AccessKeyId>(.*?)</AccessKeyId>", answer)
    secret = re.search("<SecretAccessKey>(.*?)</SecretAccessKey>", answer)
    assert key and secret, "CreateAccessKey answered no key"
    return key[1], secret[1]
