"""Turn source files into checked values that know their file, line and column."""
