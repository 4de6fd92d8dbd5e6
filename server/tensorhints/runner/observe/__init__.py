"""Records what the probes of a run see: signatures, unreached lines, memory by name."""
