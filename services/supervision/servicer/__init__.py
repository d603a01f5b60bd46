"""The gRPC door of supervision, by noun: translate, call one use case, translate back."""
