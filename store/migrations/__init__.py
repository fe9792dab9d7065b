"""Schema migrations, applied in numeric order when a store is opened."""
