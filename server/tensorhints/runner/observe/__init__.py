"""What the probes of a run see: signatures, sampling gates, unreached lines, memory by name."""
