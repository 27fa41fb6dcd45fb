"""Episodes into a guide for talking about them: two pages to print, for a room of families or colleagues."""
