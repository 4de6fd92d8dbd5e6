"""Operating-system services: limits, forks, descriptors, shared memory, the wire."""
