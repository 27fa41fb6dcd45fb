"""Whole builds of synthetic shows into ratios to feedgen, Hugo and a click hello-world, in one run."""
