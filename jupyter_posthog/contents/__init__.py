"""Jupyter's contents protocol over remote notebooks."""
