"""What runs beside the web: `make run`, the broker's transports, queues and their heartbeats."""
