"""How the platform is deployed: images, brokers, dashboards."""
