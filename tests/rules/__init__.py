"""One module of samples per rule group: for each rule a feed (or subject) in which it fires, and one in which not."""
