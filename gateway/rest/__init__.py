"""REST, OpenAPI and live streams, all made from the contracts: nothing here names an operation."""
