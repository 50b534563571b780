"""Items, units, orders, customers and sites: master data, and names that nobody knows."""
