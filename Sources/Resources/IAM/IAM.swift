/// Identity and Access Management: who may do what.
public enum IAM {}
