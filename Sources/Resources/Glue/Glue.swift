/// Glue: the catalogue of data, and jobs that work on it.
public enum Glue {}
