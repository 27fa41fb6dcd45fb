"""Turn what an episode says about itself into the tags of its finished files: the only room with mutagen."""
