"""What ``make bench`` measures, a module each."""
