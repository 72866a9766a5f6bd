"""Engines: each answers a query tree over a set of paragraphs, exactly."""
