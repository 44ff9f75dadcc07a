"""AWS's managed policies that Slipway's stacks attach, with their real documents.

The emulator knows some and would make the others up as "allow all"; an unknown one is refused here, as by AWS.
Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/ (documents as of 2026-03-07).
"""

from __future__ import annotations

import json
from pathlib import Path

DOCUMENTS = Path(__file__).parent / "managed"


def seed() -> None:
    """Make the policies known to the emulator, under the version AWS has made the default."""
    from ministack.services import iam

    for file in sorted(DOCUMENTS.glob("*.json")):
        policy = json.loads(file.read_text())
        path, _, name = policy["Name"].rpartition("/")
        version = policy["VersionId"]
        arn = f"arn:aws:iam::aws:policy/{policy['Name']}"
        iam._aws_managed_policies[arn] = {
            "PolicyName": name,
            "Arn": arn,
            "PolicyId": "ANPA" + name.upper().ljust(17, "A")[:17],
            "CreateDate": policy["CreateDate"],
            "UpdateDate": policy["CreateDate"],
            "DefaultVersionId": version,
            "AttachmentCount": 0,
            "IsAttachable": True,
            "Path": f"/{path}/" if path else "/",
            "Description": "",
            "Tags": [],
            "Versions": {
                version: {
                    "Document": json.dumps(policy["Document"]),
                    "VersionId": version,
                    "IsDefaultVersion": True,
                    "CreateDate": policy["CreateDate"],
                }
            },
        }
