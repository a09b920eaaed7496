"""Pictures and clips on their way in and out."""
