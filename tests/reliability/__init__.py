"""What docs/reliability.md promises, promise by promise: crashes, damage, nasty files, nasty queries."""
