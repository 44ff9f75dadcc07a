"""A local AWS with real engines behind it: one loopback port, every signature checked, IAM enforced."""

__version__ = "0.1.0"
