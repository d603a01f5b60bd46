"""What any process of the suite needs and no business word: errors, clock, identity of the caller, storage, carriers."""
