"""Which operations of the emulator's services are offered.

The emulator answers success to more than it does: an instance that "runs" is no machine, a rotation calls no function.
What is a record and nothing else on AWS too (a route, a tag, a policy) is offered; what should do something and would
not is unknown here.
"""

from __future__ import annotations

import re

_EC2 = re.compile(
    r"(Create|Delete|Describe|Modify|Attach|Detach|Associate|Disassociate|Accept|Allocate|Release|Replace|Get"
    r"|Authorize\w*|Revoke\w*)"
    r"(Default)?(Vpc(s|Attribute|Endpoints?|EndpointServices|PeeringConnections?)?|Subnets?|SubnetAttribute"
    r"|SecurityGroup(s|Ingress|Egress|Rules)?|RouteTables?|RouteTableAssociation|Route|(EgressOnly)?InternetGateways?"
    r"|NatGateways?|Address(es|esAttribute)?|NetworkInterfaces?|NetworkAcls?|NetworkAcl(Entry|Association)"
    r"|DhcpOptions|(Managed)?PrefixLists?|ManagedPrefixListEntries|AvailabilityZones|Regions|Tags|Ingress|Egress)"
    r"|UpdateSecurityGroupRuleDescriptions(Ingress|Egress)"
)
_SSM = re.compile(r"\w*Parameters?(ByPath|History|Version)?|(Add|Remove)Tags(To|From)Resource|ListTagsForResource")
_WITHOUT = {
    "sts": re.compile(r"AssumeRoleWith\w+|GetWebIdentityToken"),
    "secretsmanager": re.compile(r"(Cancel)?RotateSecret|\w*Replica\w*|ReplicateSecret\w*|RemoveRegions\w*"),
    "logs": re.compile(r"\w*(Delivery|Deliveries|Destination|SubscriptionFilter|StartLiveTail)\w*"),
    "iam": re.compile(
        r"\w*(CredentialReport|ServiceLastAccessed|SAMLProvider|OpenIDConnect|MFADevice|LoginProfile)\w*"
    ),
    "kms": re.compile(r"ReplicateKey"),
    "tagging": re.compile(r"\w*Report\w*|GetComplianceSummary|ListRequiredTags"),
}


def offered(service: str, operation: str) -> bool:
    """Whether an operation of one of the emulator's services is offered; those of our own are their own affair."""
    if service == "ec2":
        return _EC2.fullmatch(operation) is not None
    if service == "ssm":
        return _SSM.fullmatch(operation) is not None
    return service not in _WITHOUT or _WITHOUT[service].fullmatch(operation) is None
