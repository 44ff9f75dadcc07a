"""S3 for COPY and UNLOAD, with the rights that the statement names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from localaws.contract import AwsError, caller, role_client, settings
from localaws.redshift import store
from localaws.redshift.data_api.sessions import Place
from localaws.redshift.failures import LoadFailed

if TYPE_CHECKING:
    from localaws.redshift.execution import OpenS3
    from localaws.redshift.transfer.options import Authorization


def opener(where: Place) -> OpenS3:
    """What opens S3 for statements that run at `where`."""

    def open_s3(authorization: Authorization) -> Any:
        if authorization.access_key_id:
            return _client(authorization.access_key_id, authorization.secret_access_key, authorization.session_token)
        return _by_role(where, authorization.role)

    return open_s3


def _by_role(where: Place, named: str) -> Any:
    """S3 as a role that is attached to the cluster; `a,b` is b, assumed by a.

    Source: https://docs.aws.amazon.com/redshift/latest/mgmt/authorizing-redshift-service.html
    """
    cluster = store.regions[where.region].clusters[where.cluster]
    if named.lower() == "default":
        named = cluster.get("DefaultIamRoleArn", "")
        if not named:
            raise LoadFailed("The cluster has no default IAM role. Please attach a default IAM role and retry.")
    first, *chain = [one.strip() for one in named.split(",")]
    session = f"redshift-{where.cluster}"
    if first not in {one["IamRoleArn"] for one in cluster["IamRoles"]}:
        raise _refused(where, first)
    try:
        if not chain:
            return role_client("s3", first, "redshift.amazonaws.com", session, region=where.region)
        sts = role_client("sts", first, "redshift.amazonaws.com", session, region=where.region)
    except AwsError:
        raise _refused(where, first) from None
    return _chained(where, sts, chain, session)


def _chained(where: Place, sts: Any, chain: list[str], session: str) -> Any:
    import boto3
    from botocore.exceptions import ClientError

    for number, role in enumerate(chain):
        try:
            keys = sts.assume_role(RoleArn=role, RoleSessionName=session)["Credentials"]
        except ClientError:
            raise _refused(where, role) from None
        given = (keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
        if number + 1 == len(chain):
            return _client(*given)
        sts = boto3.client(
            "sts", endpoint_url=settings().endpoint, region_name=where.region, aws_access_key_id=given[0],
            aws_secret_access_key=given[1], aws_session_token=given[2],
        )
    raise AssertionError("a chain has a role")


def _refused(where: Place, role: str) -> LoadFailed:
    user = where.login[0] if where.login else where.user
    return LoadFailed(
        f"User arn:aws:redshift:{where.region}:{caller().account}:dbuser:{where.cluster}/{user} is not authorized to "
        f"assume IAM Role {role}"
    )


def _client(key: str, secret: str, token: str) -> Any:
    import boto3
    from botocore.config import Config

    here = settings()
    return boto3.client(
        "s3", endpoint_url=here.endpoint, region_name=here.region, aws_access_key_id=key, aws_secret_access_key=secret,
        aws_session_token=token or None,
        config=Config(retries={"total_max_attempts": 3, "mode": "standard"}, s3={"addressing_style": "path"}),
    )
