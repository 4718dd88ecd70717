"""What a store installs: packed, installed where nothing else is, and tried."""
