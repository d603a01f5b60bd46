"""The gRPC door: translate, call one use case, translate back. One module for each kind of visitor."""
