/// CloudWatch Logs.
public enum Logs {}
