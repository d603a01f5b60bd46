"""The gRPC door by noun: translate, call one use case, translate back."""
