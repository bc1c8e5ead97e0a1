"""Runs of cells and of whole notebooks, queries, and their endpoints."""
