"""What people and portals ask of the running gateway: replay, resolve, dispose, close a period, a return by API."""
