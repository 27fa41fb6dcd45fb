"""Items to the drafts that announce them: newsletter, blog post, posts for networks, press, guests, card."""
