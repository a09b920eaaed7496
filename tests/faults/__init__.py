"""What strangers may send: malformed, hostile and huge requests, and a page that is told to stop."""
