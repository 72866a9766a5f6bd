"""What docs/reliability.md promises: crashes, damage, nasty files and nasty queries."""
