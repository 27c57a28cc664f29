"""What stands before the routes of a service: the protocol, the limit of concurrent requests, the edge."""
