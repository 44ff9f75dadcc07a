/// Elastic Compute Cloud: networks.
public enum EC2 {}
