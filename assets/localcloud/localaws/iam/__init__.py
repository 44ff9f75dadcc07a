"""Identity and access: who calls, what they may do, and what services do in their name."""
