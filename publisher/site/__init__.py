"""Turn a show and its items into accessible pages."""
