"""The directory: who is who, who may do what, and which days are worked."""
