"""Rich documents: nodes as text and back, and the cells of a rich notebook."""
