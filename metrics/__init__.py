"""Measures as plain functions of arrays: how faithful, how varied, how new generated pictures are."""
