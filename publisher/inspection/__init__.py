"""A show's folder, or anybody's feed, into what `check` has to say of it."""
