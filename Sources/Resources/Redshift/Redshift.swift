/// Amazon Redshift: a warehouse that is asked in SQL.
public enum Redshift {}
