"""HogQL parsed, resolved, printed as ClickHouse SQL and run; the data it runs over."""
