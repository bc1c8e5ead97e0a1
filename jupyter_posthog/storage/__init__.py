"""Opening and saving remote notebooks without losing an edit."""

#: Key of a saved model under which the contents manager hands the stored notebook to the REST handler:
#: Jupyter's own handler refuses an answer to a save that holds content, ours moves it over (design.md §3, REST).
STORED_CONTENT = "stored_content"
