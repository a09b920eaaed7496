"""Networks whose family has its inference elsewhere in `models`."""
