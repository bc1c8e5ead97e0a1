"""Three-way merges of documents and of files."""
