"""A clean-room stand-in for AWS Glue's Python library, for runs on this machine."""
