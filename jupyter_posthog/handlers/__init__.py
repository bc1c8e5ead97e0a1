"""REST of the server extension: read the request, call one function, write the answer."""
