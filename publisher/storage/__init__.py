"""Keep published objects: four verbs over a folder or an S3 bucket."""
