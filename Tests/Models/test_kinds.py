"""Compares what our kinds say of their properties with CloudFormation's schemas, which cfn-lint carries.

`swift test` writes `$SLIPWAY_RECORDS/kinds.json`: by kind, the stored names of its create-only properties and of all
its properties.
"""

import json
import os
from pathlib import Path

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

RECORDS = Path(os.environ["SLIPWAY_RECORDS"])
KINDS = json.loads((RECORDS / "kinds.json").read_text())
REGION = "us-east-1"

# Where we differ from CloudFormation, and why.
CREATE_ONLY_DIFFERENCES = {
    # No operation of the service changes it, and CloudFormation's documentation says "Updates are not supported".
    "AWS::Logs::LogGroup": {"LogGroupClass"},
    # UpdateDatabase finds a database by its catalogue; no operation moves it to another.
    "AWS::Glue::Database": {"CatalogId"},
    # CloudFormation makes the name itself, so for it the name is read-only.
    "AWS::Redshift::ClusterSubnetGroup": {"ClusterSubnetGroupName"},
    # It says how the table is made; UpdateTable takes something else.
    "AWS::Glue::Table": {"OpenTableFormatInput"},
}

# Properties of ours that CloudFormation does not have.
OURS = {
    # What destroy may do; the policy, which is a resource of its own for CloudFormation.
    "AWS::S3::Bucket": {"EmptyOnDelete", "BucketPolicy"},
    "AWS::IAM::Role": {"DetachOnDelete"},
    # The service has tags, CloudFormation has not.
    "AWS::IAM::ManagedPolicy": {"DetachOnDelete", "Tags"},
    # CloudFormation deletes a secret for good at once.
    "AWS::SecretsManager::Secret": {"RecoveryWindowInDays"},
    # The service has them, CloudFormation has not.
    "AWS::Glue::Connection": {"Tags"},
    "AWS::Glue::Crawler": {"CatalogId", "LineageConfiguration"},
    "AWS::Glue::Database": {"Tags"},
    "AWS::Glue::Job": {"CodeGenConfigurationNodes", "SourceControlDetails"},
    # What destroy may do; pausing, which is an action for CloudFormation; the service has the role, CloudFormation not.
    "AWS::Redshift::Cluster": {"FinalSnapshot", "Paused", "DefaultIamRoleArn"},
}


def schema(kind):
    return PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema


def cloudformation_kinds():
    return sorted(kind for kind in KINDS if kind.startswith("AWS::"))


@pytest.mark.parametrize("kind", cloudformation_kinds())
def test_create_only_properties_are_cloudformations(kind):
    wanted = {pointer.split("/")[2] for pointer in schema(kind).get("createOnlyProperties", [])}
    ours = set(KINDS[kind]["createOnly"])
    allowed = CREATE_ONLY_DIFFERENCES.get(kind, set())
    assert (wanted & set(KINDS[kind]["properties"])) ^ ours <= allowed


@pytest.mark.parametrize("kind", cloudformation_kinds())
def test_properties_have_cloudformations_names(kind):
    known = set(schema(kind)["properties"])
    assert set(KINDS[kind]["properties"]) - known <= OURS.get(kind, set())
