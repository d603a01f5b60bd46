"""What happens in each district of the test world, service by service."""
