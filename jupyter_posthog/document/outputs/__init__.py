"""Stored results and outputs of cells."""
