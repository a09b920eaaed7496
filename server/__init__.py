"""What every request passes, and what it leaves behind: limits, guards, jobs, temporary files, health."""
