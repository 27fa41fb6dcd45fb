"""Turn a show and its items into the bytes of an RSS feed, and back."""
