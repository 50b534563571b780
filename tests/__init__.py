"""Tests mirror the packages; golden/, stories/, crash/ and benchmarks/ hold what crosses them."""
